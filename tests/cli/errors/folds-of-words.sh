. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix words -q -t tok.json -o en.words en="$en"
bpemix infer -t tok.json --folds 2 en=en.words c="$c"
