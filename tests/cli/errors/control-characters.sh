# names and paths with control characters do not break lines or reach the terminal as they are
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t tok.json "$(printf 'two\nlines')=$(printf 'no\033such')"; echo $?
bpemix infer -q -t tok.json "$(printf 'two\nlines')=$en" c="$c" | sed -n '/category/,$p'
