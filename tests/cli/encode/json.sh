. "$top/tests/encode_setup.sh"
printf 'ab ab <end>  x' > a.txt
printf 'b' > b.txt
bpemix encode -t t.json --json out.json a.txt b.txt
bpemix encode -t t.json --json - a.txt b.txt | cmp - out.json
sed -n '/"documents"/,$p' out.json
