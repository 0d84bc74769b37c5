# a failure is told at once, although another category waits for a pipe
. "$top/tests/cli_setup.sh"
make_tokenizer
printf 'bad \377\n' > bad.txt
mkfifo waits
timeout 60 bpemix words -q -j 2 --invalid refuse -t tok.json -o out a=bad.txt b=waits
