. "$top/tests/cli_setup.sh"
make_tokenizer
printf 'a' > one.txt
bpemix infer -t tok.json en=one.txt c="$c"
