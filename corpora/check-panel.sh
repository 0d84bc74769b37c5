#!/bin/sh
# check-panel.sh - what a panel loses: published tokenizers inferred with all of the text, and with it
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: corpora/check-panel.sh [--program BPEMIX] [--panel FILE.chunks] [-o OUTDIR] TOKENIZERS CORPORA...
#
# CORPORA are the folders that panel.sh made the panel of, TOKENIZERS one with the files that
# examples/published/tokenizers.tsv names, of which the ten of LABELS below are taken. Prints the
# shares of groups with the text and with the panel, percent of pairs, and the largest difference.
# OUTDIR, by default build/check-panel, gets text.chunks and the results; what it has is not done
# again.
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
study=$here/../examples/published
program=build/bpemix
panel=$here/panel/panel.chunks
out=build/check-panel
# Llama and Mistral are not among them, as their trainer leaves out long lines, which chunks do not tell;
# nor Gemma 3, which takes no text with bytes that are not UTF-8.
LABELS='GPT-2 GPT-3.5 GPT-4o GPT-NeoX Claude StarCoder Falcon Command R OLMo DeepSeek V3'
usage() { sed -n '7,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
while [ $# -gt 1 ]; do
    case $1 in
        --program) program=$2 ;;
        --panel) panel=$2 ;;
        -o|--output) out=$2 ;;
        -*) usage ;;
        *) break ;;
    esac
    shift 2
done
[ $# -ge 2 ] && [ -d "$1" ] || usage
tokenizers=$(cd "$1" && pwd)
shift
mkdir -p "$out"
out=$(cd "$out" && pwd)
tab=$(printf '\t')

# the text of the categories that the panel has; cut at spaces alone, which is exact for SentencePiece, too
if [ ! -f "$out/text.chunks" ]; then
    "$program" panel --panel "$panel" | awk 'NF == 0 { exit } NR > 1 { print $1 }' >"$out/categories"
    for c; do
        for d in "$c"/*/; do
            name=$(basename "$d")
            ! grep -qx "$name" "$out/categories" || printf '%s=%s\n' "$name" "${d%/}"
        done
    done >"$out/samples"
    set --
    while read -r line; do set -- "$@" "$line"; done <"$out/samples"
    "$program" chunks -q -o "$out/text.chunks" --sample-half all "$@"
fi

# the ten tokenizers in a folder of their own
while IFS="$tab" read -r label file options; do
    case " $LABELS " in *" $label "*) ;; *) continue ;; esac
    [ -f "$tokenizers/$file" ] || continue
    mkdir -p "$out/tokenizers/$(dirname "$file")"
    ln -sf "$tokenizers/$file" "$out/tokenizers/$file"
done <"$study/tokenizers.tsv"

for kind in text panel; do
    samples=$out/text.chunks
    [ $kind = text ] || samples=$panel
    "$study/study.sh" --program "$program" --samples "$samples" --ranges no -o "$out/$kind" \
        "$out/tokenizers" 2>"$out/$kind.log" || { cat "$out/$kind.log" >&2; exit 1; }
done
"$study/differences.pl" "$out/text" "$out/panel"
