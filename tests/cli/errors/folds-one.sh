. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --folds 1 en="$en" c="$c"
