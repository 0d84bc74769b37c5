. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix words -q -t tok.json -o c.words c="$c"
bpemix inspect c.words
