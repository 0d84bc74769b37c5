# the same documents as JSONL on standard input and as files
. "$top/tests/cli_setup.sh"
make_tokenizer
for f in 01 02; do
    awk 'BEGIN { printf "{\"id\":1,\"content\":\"" } { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "%s\\n", $0 } END { print "\"}" }' "$en/$f.txt"
done > en.jsonl
mkdir files
cp "$en/01.txt" "$en/02.txt" files
bpemix infer -q -t tok.json --jsonl --field content en=- c="$top/tests/cli/infer/none.jsonl" < en.jsonl 2> err || sed "s|$top/||" err
bpemix count -q -t tok.json --jsonl --field content -o a.trace en=- < en.jsonl
bpemix count -q -t tok.json -o b.trace en=files
bpemix inspect a.trace | sed -n '/^category/,$p' > a.txt
bpemix inspect b.trace | sed -n '/^category/,$p' > b.txt
cmp a.txt b.txt && cat a.txt
