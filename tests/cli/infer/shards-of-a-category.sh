# documents of one category counted apart add up to the whole
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix count -q -t tok.json -o 1.trace en="$en/01.txt" c="$c"
mkdir rest
cp "$en"/0[234].txt rest
bpemix count -q -t tok.json -o 2.trace en=rest
bpemix count -q -t tok.json -o all.trace en="$en" c="$c"
bpemix solve -q 1.trace 2.trace > sum.txt
bpemix solve -q all.trace > all.txt
cmp sum.txt all.txt && echo same
