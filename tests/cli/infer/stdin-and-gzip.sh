. "$top/tests/cli_setup.sh"
make_tokenizer
gzip -c "$c/01.c" > c.gz
cat "$en"/01.txt | bpemix infer -q -t - --no-provenance --json a.json en=- c=c.gz 2> err || sed 's/;.*//' err
gzip -k tok.json
cat "$en"/01.txt | bpemix infer -q -t tok.json.gz --json a.json en=- c=c.gz > a.txt
bpemix infer -q -t tok.json --json b.json en="$en/01.txt" c="$c/01.c" > b.txt
sed 1d a.txt > a1.txt
sed 1d b.txt | cmp - a1.txt && echo same
