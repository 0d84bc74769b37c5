. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir d
echo text > d/a.txt
chmod 000 d/a.txt
[ "$(id -u)" = 0 ] && { echo '# skip: root reads everything'; exit 0; }
bpemix infer -t tok.json en=d c="$c"
