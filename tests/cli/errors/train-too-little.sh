# a text that has fewer pairs than merges are asked for
mkdir en
echo 'aaa ab ab abc' > en/1.txt
bpemix train -o tok.json --vocab-size 300 en=en > /dev/null; echo $?
bpemix inspect tok.json | grep -e '^merges' -e '^vocabulary'
