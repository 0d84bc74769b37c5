. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir corpus
cp -r "$en" corpus/en
cp -r "$c" corpus/c
bpemix infer -q -t tok.json --corpus corpus > a.txt
bpemix infer -q -t tok.json c=corpus/c en='corpus/en/*.txt' > b.txt
cmp a.txt b.txt && echo same
