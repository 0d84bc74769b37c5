. "$top/tests/cli_setup.sh"
make_tokenizer
{ cat "$en/01.txt"; printf 'bad \377\376 line\n'; } > bad.txt
bpemix infer -q -t tok.json --json - en=bad.txt c="$c" | grep -c share_bytes
