#!/bin/sh
# study.sh - what published tokenizers were trained on: all of tokenizers.tsv, one after the other
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: examples/published/study.sh [--program BPEMIX] [--samples FILE.chunks | --text DIR]
#            [-o OUTDIR] TOKENIZERS
#
# TOKENIZERS is a folder with the files that tokenizers.tsv names; those that are not there are
# left out. Without samples the panel is used; --text is a folder with a sub-folder of text for
# each category, which is cut into chunks once. What OUTDIR has already is not done again.
# OUTDIR gets LABEL.json for each, shares.csv, and report.html.
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
program=build/bpemix
out=build/published
samples=
text=
merges=10000
while [ $# -gt 1 ]; do
    case $1 in
        --program) program=$2 ;;
        --samples) samples=$2 ;;
        --text) text=$2 ;;
        -o|--output) out=$2 ;;
        *) sed -n '3,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
[ $# = 1 ] && [ -d "$1" ] || { sed -n '3,15s/^# \{0,1\}//p' "$0" >&2; exit 2; }
tokenizers=$1
mkdir -p "$out"

if [ -n "$text" ]; then
    samples=$out/samples.chunks
    [ -f "$samples" ] || "$program" chunks -o "$samples" --corpus "$text" --punctuation --top 15000 --tail 5000
fi

tab=$(printf '\t')
while IFS="$tab" read -r label file options; do
    case $label in ''|'#'*) continue ;; esac
    name=$(printf '%s' "$label" | tr ' A-Z' '-a-z')
    if [ ! -f "$tokenizers/$file" ]; then
        echo "study.sh: $label: no $tokenizers/$file; left out" >&2
        continue
    fi
    [ ! -f "$out/$name.json" ] || continue
    case $options in *-m*) ;; *) options="-m $merges $options" ;; esac
    echo "study.sh: $label" >&2
    # shellcheck disable=SC2086
    "$program" infer -q -t "$tokenizers/$file" --groups "$here/groups.tsv" --gap 1e-4 $options \
        --no-provenance --json "$out/$name.json" ${samples:+"$samples"} >/dev/null 2>"$out/$name.log" || {
        echo "study.sh: $label: $(tail -n 1 "$out/$name.log")" >&2
        rm -f "$out/$name.json"
    }
done <"$here/tokenizers.tsv"

set --
while IFS="$tab" read -r label file options; do
    case $label in ''|'#'*) continue ;; esac
    name=$(printf '%s' "$label" | tr ' A-Z' '-a-z')
    [ ! -f "$out/$name.json" ] || set -- "$@" "$label=$out/$name.json"
done <"$here/tokenizers.tsv"
[ $# -gt 0 ] || { echo "study.sh: no results" >&2; exit 1; }
"$program" report --unit pairs --groups "$here/groups.tsv" --format csv -o "$out/shares.csv" "$@"
"$program" report --unit pairs --groups "$here/groups.tsv" --title "Published tokenizers" -o "$out/report.html" "$@"
echo "study.sh: $# tokenizers: $out/report.html" >&2
