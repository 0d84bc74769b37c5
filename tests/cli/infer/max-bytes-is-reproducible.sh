. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir reordered
for f in 01 02 03 04; do cp "$en/$f.txt" reordered/$f.txt; done
bpemix infer -q -t tok.json --max-bytes 11k en="$en" c="$c" > a.txt
bpemix infer -q -t tok.json --max-bytes 11k -j 1 en=reordered c="$c" > b.txt
cmp a.txt b.txt && echo same
bpemix infer -q -t tok.json --max-bytes 11k --json - en="$en" c="$c" | grep -c sample_bytes
