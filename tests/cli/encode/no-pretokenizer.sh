printf '#version: 0.2\na b\nab c\n' > merges.txt
printf 'abcab' > a.txt
bpemix encode -q -t merges.txt --pretokenizer gpt2 a.txt
bpemix encode -t merges.txt a.txt
