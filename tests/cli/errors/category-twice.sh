. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --json r.json en="$en" en="$c" ; code=$?
ls r.json* 2> /dev/null
exit $code
