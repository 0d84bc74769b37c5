. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix words -q -t tok.json -o a.words en="$en"
bpemix words --merge -t tok.json -o b.words a.words
