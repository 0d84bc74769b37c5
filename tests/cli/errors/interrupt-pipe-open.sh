# Ctrl-C while waiting for somebody to write to a named pipe
. "$top/tests/cli_setup.sh"
make_tokenizer
mkfifo pipe
bpemix count -q ${one_thread:-} -t tok.json -o a.trace en=pipe & counter=$!
sleep 1
kill -TERM $counter
wait $counter
code=$?
ls a.trace* 2> /dev/null
exit $code
