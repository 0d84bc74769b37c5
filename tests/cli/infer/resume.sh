. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -q -t tok.json --work run --no-provenance --json a.json en="$en" c="$c" > a.txt
n=$(ls run | wc -l)
bpemix infer -q -t tok.json --work run --no-provenance --json b.json en="$en" c="$c" > b.txt
cmp a.json b.json && [ "$n" -gt 0 ] && [ "$(ls run | wc -l)" = "$n" ] && echo same
