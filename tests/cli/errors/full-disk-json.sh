. "$top/tests/cli_setup.sh"
make_tokenizer
[ -w /dev/full ] || { echo '# skip: no /dev/full'; exit 0; }
bpemix infer -q -t tok.json --json /dev/full en="$en" c="$c"
