. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix words -q -t tok.json -o en.words en="$en"
bpemix words -q -t tok.json -o c.words c="$c"
bpemix infer -q -t tok.json --no-provenance --json a.json en=en.words c=c.words > a.txt
bpemix infer -q -t tok.json --no-provenance --json b.json en="$en" c="$c" > b.txt
cmp a.txt b.txt && echo same
