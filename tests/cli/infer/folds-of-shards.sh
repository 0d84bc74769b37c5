# traces with folds add up; solve finds the intervals in them
. "$top/tests/cli_setup.sh"
make_tokenizer
mkdir rest
cp "$en"/0[234].txt rest
bpemix count -q --folds 2 -t tok.json -o 1.trace en="$en/01.txt" c="$c"
bpemix count -q --folds 2 -t tok.json -o 2.trace en=rest
bpemix count -q --folds 2 -j 1 -t tok.json -o all.trace en="$en" c="$c"
bpemix solve -q 1.trace 2.trace > sum.txt
bpemix solve -q all.trace > all.txt
bpemix infer -q -t tok.json --folds 2 en="$en" c="$c" > infer.txt
cmp sum.txt all.txt && cmp infer.txt all.txt && echo same
bpemix inspect all.trace | tail -n 3
bpemix count -q -t tok.json -o plain.trace en=rest
bpemix solve all.trace plain.trace
