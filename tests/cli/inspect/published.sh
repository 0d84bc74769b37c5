# Every published file can be read, in whatever format it comes.
[ -d "${BPEMIX_TOKENIZERS:-}" ] || { echo '# skip: BPEMIX_TOKENIZERS is not set'; exit 0; }
n=0
for f in "$BPEMIX_TOKENIZERS"/*/*.gz; do
    bpemix inspect "$f" > out 2> err || { echo "$f: $(head -n 1 err)"; continue; }
    grep -q '^vocabulary ' out || echo "$f: no vocabulary"
    n=$((n + 1))
done
[ $n -gt 0 ] || echo "no files"
