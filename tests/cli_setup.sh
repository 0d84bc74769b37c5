# Sourced by the command-line tests: small inputs in the current folder.
# tok.json  a tokenizer of 300 merges trained on bundled English and C
# en, c     folders of sample text
make_tokenizer() {
    bpemix train -q -o tok.json --vocab-size 556 --mixture en=0.7,c=0.3 --train-bytes 20k \
        en="$top/corpora/bundled/english/train" c="$top/corpora/bundled/c/train" > /dev/null
}
en=$top/corpora/bundled/english/sample
c=$top/corpora/bundled/c/sample
