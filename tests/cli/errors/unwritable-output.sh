. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o nowhere/a.trace en="$en"
