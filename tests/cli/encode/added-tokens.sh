. "$top/tests/encode_setup.sh"
printf 'ab<end>   ab' > special.txt
printf 'cd cD, xcd cdb' > word.txt
bpemix encode -t t.json special.txt word.txt
