# no interval for a category that cannot be taken apart; the others have theirs
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --folds 2 en="$en" c="$c/01.c" | tail -n 3
