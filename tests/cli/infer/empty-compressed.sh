# a compressed file of nothing is an empty document, as the plain file is
. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir plain packed
cp "$c"/* plain; cp "$c"/* packed
: > plain/none.txt; : > packed/none.txt; gzip packed/none.txt
bpemix infer -q -t tok.json --no-provenance --json plain.json c=plain > /dev/null
bpemix infer -q -t tok.json --no-provenance --json packed.json c=packed > /dev/null
cmp plain.json packed.json && grep sample_documents plain.json
