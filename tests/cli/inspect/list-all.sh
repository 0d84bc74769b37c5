# every finding in full, as many as --list says, in text and in JSON
{ printf '#version: 0.2\n'; for i in 1 2 3 4 5 6; do echo "a b"; echo "c d"; echo "e f"; done; } > merges.txt
bpemix inspect --pretokenizer gpt2 --list 40 merges.txt | sed -n '/^repeated/,/^first/p'
bpemix inspect --pretokenizer gpt2 merges.txt | sed -n '/^repeated/,/^first/p'
bpemix inspect --pretokenizer gpt2 --list 40 --json - merges.txt | sed -n '/repeated/,/]/p'
