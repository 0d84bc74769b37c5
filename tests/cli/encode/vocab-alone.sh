# A vocabulary without its list can be inspected, and nothing else.
printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > vocab.json
gzip -k vocab.json
printf 'abcabb' > a.txt
bpemix inspect vocab.json.gz | grep -E '^(tokenizer|format|vocabulary|merges|warnings)'
bpemix infer -q -t vocab.json --pretokenizer gpt2 a=a.txt b=a.txt
bpemix count -q -t vocab.json --pretokenizer gpt2 -o x a=a.txt
bpemix encode -q -t vocab.json --pretokenizer gpt2 a.txt
