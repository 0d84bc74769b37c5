# Known mixtures in, error of the estimate out.

## folds
# how many true shares are within their intervals
$ bpemix experiment -q --folds 2 --trials 1 --vocab-size 456 --json r.json \
>     en="$top/corpora/bundled/english" de="$top/corpora/bundled/german" | sed 's/  *[0-9.+-]*$//'
trial  category         truth  estimate     error (% of bytes)
    0  en               34.03     34.60
    0  de               65.97     65.40
    0  log10 MSE -4.48 (guessing uniform: -1.59), 2 of 2 shares within their intervals

mean log10 MSE over 1 trial:
shares within their intervals: 2 of
$ grep -E '"(coverage|folds)"' r.json
      "coverage": 1
    "folds": 2,
  "coverage": 1
$ grep -cE '"low_bytes": [0-9]' r.json
2
