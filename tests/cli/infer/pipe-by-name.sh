# a named pipe is read like standard input: once
. "$top/tests/cli_setup.sh"
make_tokenizer
cat "$en"/* > en.txt
bpemix infer -q -t tok.json --no-provenance --max-bytes 5k --json - en=- c="$c" < en.txt > stdin.json
mkfifo pipe
cat en.txt > pipe &
bpemix infer -q -t tok.json --no-provenance --max-bytes 5k --json - en=pipe c="$c" > pipe.json
cmp stdin.json pipe.json && grep -c share_bytes pipe.json
bpemix words -q -t tok.json -o en.words en=en.txt
cat en.words > pipe &
bpemix infer -q -t tok.json en=pipe
echo '{"text": "words"}' > pipe &
bpemix infer -q -t tok.json --jsonl --max-bytes 5k en=pipe
