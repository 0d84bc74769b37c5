. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json --unit pairs --merges 50:200 --method lp --weights none en="$en" c="$c"
