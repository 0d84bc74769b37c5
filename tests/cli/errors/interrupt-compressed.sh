# Ctrl-C while compressed standard input pauses
. "$top/tests/cli_setup.sh"
make_tokenizer
mkfifo pipe
(exec 3> pipe; gzip -c tok.json | head -c 600 >&3; sleep 30) & feeder=$!
bpemix inspect - < pipe & reader=$!
sleep 1
kill -TERM $reader
wait $reader
code=$?
kill $feeder 2> /dev/null
exit $code
