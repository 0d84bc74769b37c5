. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace en="$en"
{ head -c 5000 a.trace; printf 'X'; tail -c +5002 a.trace; } > b.trace
bpemix solve --json r.json b.trace; code=$?
ls r.json 2> /dev/null
exit $code
