. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace en="$en" c="$c"
bpemix inspect a.trace | sed 's/^digest.*/digest/'
