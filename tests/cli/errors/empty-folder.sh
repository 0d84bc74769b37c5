. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir empty
bpemix infer -t tok.json en=empty c="$c"
