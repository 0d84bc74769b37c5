# a tokenizer or a trace that can be read only once
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o a.trace c="$c"
gzip -k tok.json
for f in tok.json tok.json.gz a.trace; do
    mkfifo pipe
    cat $f > pipe &
    bpemix inspect pipe | head -n 2
    rm pipe
    bpemix inspect - < $f | head -n 2
done
