#!/bin/sh
# panel.sh - count the chunks of built corpora for the panel that comes with bpemix
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
program=build/bpemix
out=$here/panel
# Chunks kept of a category: the most frequent ones, and draws from the others.  A draw must
# stand for fewer occurrences than the rarest merges have: English, which is nearly all of some
# mixtures, needs the most of them.  With 12000 and 4000 of everything the group shares of GPT-2
# and GPT-NeoX were 3 points from those of all the text.
size_of() {
    case $1 in
        English) echo "--top 20000 --tail 20000" ;;
        code) echo "--top 8000 --tail 5000" ;;
        *) echo "--top 7000 --tail 3500" ;;
    esac
}
corpora=

usage() {
    cat <<'END'
usage: corpora/panel.sh [--program BPEMIX] [-o OUTDIR] CORPORA...

Writes OUTDIR/panel.chunks, OUTDIR/MANIFEST.tsv (what each category is made of) and
OUTDIR/PACKAGES.tsv (versions and licences) from corpora that build.sh has built:
those of sources.list and those of panel.list. `make panel` does all of it.

      --program BPEMIX  the program; default build/bpemix
  -o, --output OUTDIR   default corpora/panel
      --help            print this text
END
}

while [ $# -gt 0 ]; do
    case $1 in
        --program) program=$2; shift ;;
        -o|--output) out=$2; shift ;;
        --help|-h) usage; exit 0 ;;
        -*) echo "panel.sh: $1: unknown option; see corpora/panel.sh --help" >&2; exit 2 ;;
        *) corpora="$corpora $1" ;;
    esac
    shift
done
[ -n "$corpora" ] || { usage >&2; exit 2; }
mkdir -p "$out"
new=$out/.new
rm -rf "$new"
mkdir "$new"
trap 'rm -rf "$new"' EXIT

# every category once; what has less text than LEAST bytes tells nothing
set --
printf 'category\tdocuments\tbytes\tpackages\n' >"$new/MANIFEST.tsv"
: >"$new/used"
for c in $corpora; do
    for m in "$c"/*/.manifest; do
        [ -f "$m" ] || continue
        category=$(basename "$(dirname "$m")")
        awk -F '\t' '{ d += $3; b += $4; p = $5 } END { printf "%s\t%d\t%d\t%s\n", $1, d, b, p }' "$m" >"$new/line"
        if [ "$(cut -f 3 "$new/line")" -lt "${LEAST:-150000}" ]; then
            echo "panel.sh: $category: left out, $(cut -f 3 "$new/line") bytes" >&2
            continue
        fi
        group=$(sed -n "s/^$category	//p" "$here/panel/groups.tsv")
        [ -n "$group" ] || {
            echo "panel.sh: $category: in no group; add it to corpora/panel/groups.tsv" >&2
            exit 1
        }
        cat "$new/line" >>"$new/MANIFEST.tsv"
        cut -f 4 "$new/line" | tr ' ' '\n' | sed "s|\$| $c|" >>"$new/used"
        # shellcheck disable=SC2046
        "$program" chunks -q -o "$new/$category.chunks" --sample-half all --punctuation --seed 1 \
            $(size_of "$group") "$category=$c/$category"
        set -- "$@" "$new/$category.chunks"
    done
done

# the licences that a package's copyright file names, in the machine-readable form or by heading
printf 'package\tversion\tlicences\n' >"$new/PACKAGES.tsv"
sort -u "$new/used" | while IFS='= ' read -r package version c; do
    file=$c/copyright/$package
    licences=
    [ ! -f "$file" ] || licences=$(sed -n 's/^License:[ 	]*//p' "$file" | sed 's/[ 	]*$//' | sort -u | tr '\n' ';' | sed 's/;$//; s/;/; /g')
    printf '%s\t%s\t%s\n' "$package" "$version" "${licences:-see /usr/share/doc/$package/copyright}"
done | sort -u >>"$new/PACKAGES.tsv"

"$program" chunks -o "$new/panel.chunks" --punctuation \
    --groups "$here/panel/groups.tsv" --note "$here/panel/note.txt" "$@"
# Git keeps every version of it.
bytes=$(wc -c <"$new/panel.chunks")
if [ "$bytes" -gt 8388608 ]; then
    echo "panel.sh: $bytes bytes, which is more than 8 MiB; lower the numbers of chunks in size_of" >&2
    exit 1
fi
for f in panel.chunks MANIFEST.tsv PACKAGES.tsv; do
    mv "$new/$f" "$out/$f"
done
echo "panel.sh: $# categories, $bytes bytes: $out/panel.chunks" >&2
