#!/bin/sh
# build.sh - text for a richer panel, from public repositories
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
out=build/corpora-real
cap=${CAP:-8000000}

usage() {
    cat <<'END'
usage: corpora/real/build.sh [-o OUTDIR] [CATEGORY...]

Builds OUTDIR/CATEGORY/SOURCE.txt from the repositories of sources.tsv, which are fetched as
archives with curl, and OUTDIR/MANIFEST.tsv. What has been built already is left alone.

  -o, --output OUTDIR  where to build; default build/corpora-real
      --help           print this text

BPEMIX_MIRROR names a folder with the archives, OWNER+NAME.tar.gz each: nothing is fetched then.
CAP is the most bytes that are kept of each row of sources.tsv, 8000000 unless set.

Exit status: 0 if everything was built, 1 if a source could not be had (the others are built all
the same), 2 for wrong usage.
END
}

say() { printf 'build.sh: %s\n' "$*" >&2; }
wanted=
while [ $# -gt 0 ]; do
    case $1 in
        -o|--output) [ $# -ge 2 ] || { say "$1: needs a folder"; exit 2; }; out=$2; shift ;;
        --help|-h) usage; exit 0 ;;
        -*) say "$1: unknown option"; exit 2 ;;
        *) wanted="$wanted $1 " ;;
    esac
    shift
done
mkdir -p "$out/.cache"
work=$out/.work
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
failed=

# The archive of a repository: its path on standard output.
archive() {
    name=$(printf '%s' "$1" | tr / +).tar.gz
    if [ -n "${BPEMIX_MIRROR:-}" ]; then
        [ -f "$BPEMIX_MIRROR/$name" ] || return 1
        printf '%s\n' "$BPEMIX_MIRROR/$name"
        return 0
    fi
    if [ ! -f "$out/.cache/$name" ]; then
        curl -fsSL --retry 3 -o "$out/.cache/$name.part" "https://codeload.github.com/$1/tar.gz/HEAD" || return 1
        mv "$out/.cache/$name.part" "$out/.cache/$name"
    fi
    printf '%s\n' "$out/.cache/$name"
}

# Text of one file by kind: XML without its head and markup, CoNLL-U by its sentences.
text_of() {
    case $1 in
        xml) perl -0777 -pe 's{<teiHeader.*?</teiHeader>}{}s; s{<[^>]*>}{}g; s{&lt;}{<}g; s{&gt;}{>}g; s{&amp;}{&}g; s{[ \t]*\n[ \t]*}{\n}g; s{\n{2,}}{\n}g' "$2" ;;
        conllu) sed -n 's/^# text = //p' "$2" ;;
        *) cat "$2" ;;
    esac
}

tab=$(printf '\t')
grep -v '^#' "$here/sources.tsv" >"$work/sources"
while IFS="$tab" read -r category repository licence kind patterns; do
    case $wanted in ''|*" $category "*) ;; *) continue ;; esac
    source=$(printf '%s' "$repository" | tr / _)
    number=$(printf '%s' "$patterns" | cksum | cut -d ' ' -f 1)
    target=$out/$category/$source-$number.txt
    [ ! -f "$target" ] || continue
    tar=$(archive "$repository") || { say "$category: $repository: not to be had"; failed=yes; continue; }
    tree=$work/$source
    if [ ! -d "$tree" ]; then
        rm -rf "$work"/tree-* && mkdir -p "$tree"
        tar -xzf "$tar" -C "$tree" --strip-components 1 --no-same-owner || { say "$repository: damaged archive"; failed=yes; continue; }
    fi
    # files in the order of their names; of code those that were written by hand, by their length
    printf '%s\n' "$patterns" | tr '|' '\n' >"$work/patterns"
    (cd "$tree" && find . -type f | sed 's|^\./||' | sort) >"$work/files"
    : >"$work/text"
    while read -r file; do
        hit=
        while read -r p; do
            # shellcheck disable=SC2254
            case $file in $p|*/$p) hit=yes ;; esac
        done <"$work/patterns"
        [ -n "$hit" ] || continue
        if [ "$kind" = code ]; then
            size=$(wc -c <"$tree/$file")
            [ "$size" -ge 500 ] && [ "$size" -le 200000 ] || continue
        fi
        text_of "$kind" "$tree/$file" >>"$work/text"
        [ "$(wc -c <"$work/text")" -lt "$cap" ] || break
    done <"$work/files"
    if [ ! -s "$work/text" ]; then
        say "$category: $repository: no file $patterns"
        failed=yes
        continue
    fi
    mkdir -p "$out/$category"
    head -c "$cap" "$work/text" >"$target.part"
    mv "$target.part" "$target"
    printf '%s\t%s\t%s\t%s\n' "$category" "$repository" "$licence" "$(wc -c <"$target")" >>"$out/.manifest"
done <"$work/sources"

{
    printf 'category\trepository\tlicence\tbytes\n'
    sort -u "$out/.manifest" 2>/dev/null || true
} >"$out/MANIFEST.tsv"
say "sizes: $out/MANIFEST.tsv"
[ -z "$failed" ] || { say "not complete; run this again to try once more"; exit 1; }
