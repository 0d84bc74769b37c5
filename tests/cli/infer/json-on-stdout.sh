. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -q -t tok.json --json - en="$en" c="$c" > out.json
"$BUILD/tests/schema_check" "$top/examples/result.schema.json" out.json && echo valid
grep -c '"provenance"' out.json
