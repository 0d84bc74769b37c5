. "$top/tests/encode_setup.sh"
printf 'AB ab abc' > a.txt
printf 'ab ba' | gzip > b.txt.gz
: > empty.txt
bpemix encode -t t.json a.txt b.txt.gz empty.txt
printf 'b x' | bpemix encode -t t.json
