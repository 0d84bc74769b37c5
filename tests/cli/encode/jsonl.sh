. "$top/tests/encode_setup.sh"
printf '{"text": "ab\\u0020ab", "x": 1}\n \t\n{"text": ""}\r\n{"x": [2], "text": "c\\nd"}' > a.jsonl
gzip -k a.jsonl
bpemix encode -t t.json a.jsonl a.jsonl.gz
echo '{"t": "ba"}' | bpemix encode -t t.json --jsonl --field t
bpemix encode -t t.json --field t a.jsonl
