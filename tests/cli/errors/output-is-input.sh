. "$top/tests/cli_setup.sh"
make_tokenizer
cp "$en"/*1.txt a.txt
bpemix count -q -t tok.json -o a.trace a=a.txt
cp a.trace kept
bpemix solve a.trace --json ./a.trace
bpemix count -t tok.json -o a.txt a=a.txt
bpemix infer -t tok.json --json tok.json a=a.txt
bpemix solve - - < a.trace
cmp a.trace kept
