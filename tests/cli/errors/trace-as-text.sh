. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace en="$en"
bpemix infer -t tok.json en=a.trace c="$c"
