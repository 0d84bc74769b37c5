. "$top/tests/encode_setup.sh"
printf 'ab\377' > a.txt
bpemix encode -t t.json a.txt
