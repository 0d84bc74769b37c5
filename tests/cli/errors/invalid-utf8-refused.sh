. "$top/tests/cli_setup.sh"
make_tokenizer
printf 'good line\nbad \377 line\n' > bad.txt
bpemix infer -t tok.json --invalid refuse en=bad.txt c="$c"
