#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Train a tokenizer on a known mixture of the bundled samples, then infer the
# mixture from other documents of the same categories; then once more without any
# samples, or for the tokenizer that TOKENIZER names, from those that come with bpemix.
#
#     examples/demo.sh [BUILD]    in the source tree, of which BUILD has the program
#     .../examples/demo.sh        where bpemix is installed: files go to ./bpemix-demo
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
if [ -d "$top/corpora" ]; then
    cd "$top"
    build=${1:-build} bundled=corpora/bundled
    bpemix=$build/bpemix dir=$build/demo
else
    bpemix=$(command -v bpemix) dir=bpemix-demo
    bundled=$(dirname "$bpemix")/../share/bpemix/corpora/bundled
fi
mkdir -p "$dir"
categories="english german french spanish c python" train='' sample=''
for c in $categories; do
    train="$train $c=$bundled/$c/train"
    sample="$sample $c=$bundled/$c/sample"
done

echo "== a tokenizer trained on a known mixture of $bundled/*/train"
# shellcheck disable=SC2086
"$bpemix" train -o "$dir/tokenizer.json" --json "$dir/truth.json" --vocab-size 1256 \
    --mixture english=0.40,german=0.20,french=0.05,spanish=0.10,c=0.15,python=0.10 \
    $train > "$dir/truth.txt"
cat "$dir/truth.txt"

echo
echo "== bpemix infer, from $bundled/*/sample"
# shellcheck disable=SC2086
"$bpemix" infer -t "$dir/tokenizer.json" --json "$dir/result.json" \
    $sample > "$dir/estimate.txt"
cat "$dir/estimate.txt"

echo
echo "== truth beside estimate"
"$bpemix" compare --truth "$dir/truth.json" estimate="$dir/result.json"

# The question that people have: a tokenizer, and no text. TOKENIZER names another one.
tokenizer=${TOKENIZER:-$dir/tokenizer.json}
echo
echo "== bpemix infer -t $tokenizer, without samples: those that come with bpemix are taken"
"$bpemix" infer -t "$tokenizer" --json "$dir/panel.json" > "$dir/panel.txt"
cat "$dir/panel.txt"
"$bpemix" report -o "$dir/report.html" "estimate=$dir/result.json" "panel=$dir/panel.json"
echo
echo "results: $dir/result.json $dir/panel.json, as a page: $dir/report.html"
