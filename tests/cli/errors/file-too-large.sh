# no more than a limit allows: a message, and nothing is left
. "$top/tests/cli_setup.sh"
make_tokenizer
(ulimit -f 1 && bpemix words -q -t tok.json -o a.words en="$en"); code=$?
ls a.words* 2> /dev/null
exit $code
