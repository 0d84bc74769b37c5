# outputs are tried before anything is counted: the category is not there either
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -t tok.json -o nowhere/a.trace en=nowhere; echo $?
bpemix count -t tok.json -o . en=nowhere; echo $?
bpemix infer -t tok.json --json '' en=nowhere; echo $?
: > plain; bpemix words -t tok.json -o plain en=nowhere c=nowhere; echo $?
bpemix words -t tok.json -o folder en=nowhere a/b=nowhere; echo $?
bpemix words --merge -o . nowhere.words; echo $?
ls
