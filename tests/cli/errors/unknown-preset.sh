. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --pretokenizer nonsense en="$en" c="$c" 2>&1 | sed 's/;.*//'
