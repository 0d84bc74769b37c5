# how many true shares are within their intervals
bpemix experiment -q --folds 2 --trials 1 --vocab-size 456 --json r.json \
    en="$top/corpora/bundled/english" de="$top/corpora/bundled/german" | sed 's/  *[0-9.+-]*$//'
grep -E '"(coverage|folds)"' r.json
grep -cE '"low_bytes": [0-9]' r.json
