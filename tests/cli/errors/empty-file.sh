. "$top/tests/cli_setup.sh"
make_tokenizer
: > empty.txt
bpemix infer -t tok.json en=empty.txt c="$c"
