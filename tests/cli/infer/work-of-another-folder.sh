# the same relative path, size and time elsewhere: another file
. "$top/tests/cli_setup.sh"
make_tokenizer
for d in one two; do
    mkdir -p $d/s
    echo "text of file $d" > $d/s/a.txt
    touch -d 2024-01-01 $d/s/a.txt
    (cd $d && bpemix words -q -t ../tok.json --work ../run -o ../$d.words e=s)
done
ls run | wc -l
(cd one && bpemix words -q -t ../tok.json --work ../run -o ../again.words e=s) # taken from there
(cd one && bpemix words -q -t ../tok.json -o ../plain.words e=s)
cmp one.words again.words && cmp one.words plain.words && echo same
cmp -s one.words two.words || echo other
