# Ctrl-C while reading standard input: nothing is written, exit code 130
. "$top/tests/cli_setup.sh"
make_tokenizer
mkfifo pipe
(exec 3> pipe; echo hello >&3; sleep 30) & feeder=$!
bpemix count -q ${one_thread:-} -t tok.json -o a.trace en=- < pipe & counter=$!
sleep 1
kill -TERM $counter
wait $counter
code=$?
kill $feeder 2> /dev/null
ls a.trace* 2> /dev/null
exit $code
