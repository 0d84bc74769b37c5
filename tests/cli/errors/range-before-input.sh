# what the command line alone shows to be wrong costs no counting
. "$top/tests/cli_setup.sh"
make_tokenizer
for o in '--merges 5000' '--merges 5000:' '--merges 10:5000' '--gap 1' '--folds 2.5' '--merges 1.5' \
    '--threads -1' '--max-bytes inf' '--max-bytes 0x10' '--max-bytes 99999999999999999999'; do
    bpemix infer -t tok.json $o en="$c/01.c" x=nowhere; echo $?
done
