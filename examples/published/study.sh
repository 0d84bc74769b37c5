#!/bin/sh
# study.sh - what published tokenizers were trained on: all of tokenizers.tsv, one after the other
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: examples/published/study.sh [--program BPEMIX] [--samples FILE.chunks | --text DIR]
#            [--without CATEGORY] [--ranges yes|no] [-o OUTDIR] TOKENIZERS
#
# TOKENIZERS is a folder with the files that tokenizers.tsv names; those that are not there are
# left out. Without samples the panel is used; --text is a folder with a sub-folder of text for
# each category, which is cut into chunks once, without the category of --without. What OUTDIR
# has already is not done again. OUTDIR gets LABEL.json for each, shares.csv, and report.html.
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
program=build/bpemix
out=build/published
samples=
text=
without=
ranges=yes
merges=10000
usage() { sed -n '7,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
while [ $# -gt 1 ]; do
    case $1 in
        --program) program=$2 ;;
        --samples) samples=$2 ;;
        --text) text=$2 ;;
        --without) without=$2 ;;
        --ranges) ranges=$2 ;;
        -o|--output) out=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ $# = 1 ] && [ -d "$1" ] || usage
tokenizers=$1
mkdir -p "$out"
out=$(cd "$out" && pwd)
absolute() { (cd "$(dirname "$1")" && printf '%s/%s\n' "$(pwd)" "$(basename "$1")"); }
program=$(absolute "$program")
[ -z "$samples" ] || samples=$(absolute "$samples")

if [ -n "$text" ]; then
    samples=$out/samples.chunks
    if [ ! -f "$samples" ]; then
        set --
        for d in "$text"/*/; do
            c=$(basename "$d")
            [ "$c" = "$without" ] || set -- "$@" "$c=${d%/}"
        done
        "$program" chunks -o "$samples" --punctuation --top 15000 --tail 5000 "$@"
    fi
fi

name_of() { printf '%s' "$1" | tr ' A-Z' '-a-z'; }

tab=$(printf '\t')
while IFS="$tab" read -r label file options; do
    case $label in ''|'#'*) continue ;; esac
    name=$(name_of "$label")
    if [ ! -f "$tokenizers/$file" ]; then
        echo "study.sh: $label: no $tokenizers/$file; left out" >&2
        continue
    fi
    [ ! -f "$out/$name.json" ] || continue
    case $options in *-m*) ;; *) options="-m $merges $options" ;; esac
    echo "study.sh: $label" >&2
    # from within the folder, so that results name files by where they are in it
    # shellcheck disable=SC2086
    (cd "$tokenizers" && "$program" infer -q -t "$file" --groups "$here/groups.tsv" --gap 1e-4 \
        --ranges "$ranges" $options --no-provenance --json "$out/$name.json" ${samples:+"$samples"}) \
        >/dev/null 2>"$out/$name.log" || {
        echo "study.sh: $label: $(tail -n 1 "$out/$name.log")" >&2
        rm -f "$out/$name.json"
    }
done <"$here/tokenizers.tsv"

set --
while IFS="$tab" read -r label file options; do
    case $label in ''|'#'*) continue ;; esac
    [ ! -f "$out/$(name_of "$label").json" ] || set -- "$@" "$label=$out/$(name_of "$label").json"
done <"$here/tokenizers.tsv"
[ $# -gt 0 ] || { echo "study.sh: no results" >&2; exit 1; }
"$program" report --unit pairs --groups "$here/groups.tsv" --format csv -o "$out/shares.csv" "$@"
"$program" report --unit pairs --groups "$here/groups.tsv" --title "Published tokenizers" -o "$out/report.html" "$@"
echo "study.sh: $# tokenizers: $out/report.html" >&2
