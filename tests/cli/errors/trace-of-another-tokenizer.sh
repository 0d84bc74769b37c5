. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace en="$en"
bpemix train -q -o tok2.json --vocab-size 400 en="$en" > /dev/null
bpemix count -q -t tok2.json -o b.trace c="$c"
bpemix solve a.trace b.trace
