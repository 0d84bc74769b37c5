. "$top/tests/cli_setup.sh"
make_tokenizer
{ bpemix infer -q -t tok.json en="$en" c="$c" 2> err; echo $? > code; } | :
cat err
exit "$(cat code)"
