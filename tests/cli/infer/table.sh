. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json en="$en" c="$c"
