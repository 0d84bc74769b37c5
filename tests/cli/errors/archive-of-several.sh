# what reads one file must not leave out the rest of an archive in silence
. "$top/tests/cli_setup.sh"
make_tokenizer
cp tok.json tok2.json
for k in 1 2; do
    bpemix words -q -t tok.json -o $k.words en="$en/0$k.txt"
    bpemix count -q -t tok.json -o $k.trace en="$en/0$k.txt"
done
for k in tok words trace; do tar -cf $k.tar *$k*; done
bpemix inspect tok.tar; echo $?
bpemix infer -t tok.json en=words.tar; echo $?
bpemix words --merge -o sum.words words.tar; echo $?
bpemix solve trace.tar; echo $?
bpemix inspect trace.tar; echo $?
bpemix encode -t tok.json words.tar; echo $?
# an archive of one is as good as the file
tar -cf one.tar tok.json
bpemix inspect one.tar | sed -n '2p'
ls sum.words 2> /dev/null
exit 0
