printf 'x y\nxy z\n' > merges.txt
printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > vocab.json
bpemix inspect vocab.json | grep -E '^(format|vocabulary|merges|warnings)'
printf 'x y\nxyz\n' > merges.txt
bpemix inspect vocab.json
