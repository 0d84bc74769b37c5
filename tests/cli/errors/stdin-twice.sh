. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -t - en=- < tok.json; echo $?
bpemix encode -t - < tok.json; echo $?
bpemix infer -t tok.json en=- c=- < tok.json; echo $?
