# The list beside it is found; what is encoded is the same from either file.
printf '#version: 0.2\na b\nab c\n' > my-merges.txt
printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > my-vocab.json
printf 'abcabb' > a.txt
bpemix inspect my-vocab.json | sed -n '1,5p'
bpemix encode -t my-vocab.json --pretokenizer gpt2 a.txt
bpemix encode -t my-merges.txt --pretokenizer gpt2 a.txt
