. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -q -t tok.json --folds 3 --no-provenance --json plain.json en="$en" c="$c" > /dev/null
bpemix infer -q -t tok.json --folds 3 --work run --no-provenance --json a.json en="$en" c="$c" > /dev/null
n=$(ls run | wc -l)
# one fold is gone: that category is counted again, with the same result
rm "$(ls -d run/en-* | head -n 1)"
bpemix infer -q -t tok.json --folds 3 --work run --no-provenance --json b.json en="$en" c="$c" > /dev/null
cmp plain.json a.json && cmp a.json b.json && [ "$n" = 6 ] && [ "$(ls run | wc -l)" = 6 ] && echo same
