# infer is count + solve, at any number of threads
. "$top/tests/cli_setup.sh"
make_tokenizer
bpemix infer -q -j 1 -t tok.json --no-provenance --json one.json en="$en" c="$c" > one.txt
bpemix infer -q -j 3 -t tok.json --no-provenance --json three.json en="$en" c="$c" > three.txt
bpemix count -q -j 2 -t tok.json -o both.trace en="$en" c="$c"
bpemix solve -q --no-provenance --json two.json both.trace > two.txt
bpemix count -q -t tok.json -o en.trace en="$en"
bpemix count -q -t tok.json -o c.trace c="$c"
bpemix solve -q --no-provenance --json shards.json en.trace c.trace > shards.txt
cmp one.json three.json && cmp one.json two.json && cmp one.json shards.json && cmp one.txt shards.txt &&
    cmp one.txt two.txt && echo same
