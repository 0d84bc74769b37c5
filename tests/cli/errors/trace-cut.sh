. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace en="$en"
head -c 2000 a.trace > b.trace
bpemix solve b.trace
