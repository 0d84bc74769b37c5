. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --folds 2 --work w en="$en" c="$c"
