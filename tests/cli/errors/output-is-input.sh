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
mkdir -p s/below && cp a.txt s
for place in s/a.words s/below/a.words ./s/below/../b.words "$PWD/s/below"; do
    bpemix words -t tok.json -o "$place" a=s
done
bpemix words -t tok.json -o near.words --work s/run a=s
bpemix infer -q -t tok.json --json s2.json a=s c="$c" > /dev/null && ls
(cd s && bpemix infer -q -t ../tok.json --no-provenance --json - a=. > ../out.json) && ls -s out.json | cut -d " " -f 2
mkdir corpus && cp -r s corpus/a && cp -r s corpus/b
bpemix words -t tok.json -o corpus/a/out --corpus corpus
bpemix words -t tok.json -o s/out 'a=s*'
bpemix words -q -t tok.json -o corpus/b.words a=corpus/a && ls corpus
