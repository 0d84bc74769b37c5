# intervals; the estimate itself is the same without them
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -q -t tok.json --folds 2 --no-provenance --json folds.json en="$en" c="$c"
bpemix infer -q -t tok.json --no-provenance --json plain.json en="$en" c="$c" > /dev/null
grep -Ev '"(low_bytes|high_bytes|folds)":' folds.json > a
grep -Ev '"(low_bytes|high_bytes|folds)":' plain.json > b
cmp a b && echo same
grep -c '"low_bytes": [0-9]' folds.json
grep '"folds"' folds.json
