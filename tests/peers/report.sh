#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reports as browsers, validators and TeX see them. Called by run.sh with BUILD and PEERS.
#
#   small    the two results of tests/fixtures/report
#   large    ten made-up tokenizers, 116 categories in nine groups
#   lab      the experiment of tests/fixtures/report, as LaTeX alone
#
# Needs chromium, node and npm (playwright-core, axe-core, html-validate), xmllint; pdflatex with
# pgfplots for LaTeX. What is not there is skipped. Screenshots to look at: $PEERS/report/*.png.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${BUILD:=build}" "${PEERS:=$BUILD/peers}"
bpemix=$BUILD/bpemix
work=$PEERS/report
mkdir -p "$work/large" || exit 1

say() { echo "$1 - $2"; }

write() { # NAME EXTRA-ARGUMENTS... RESULTS...: every format
    name=$1
    shift
    for ending in html md tex csv tsv json txt; do
        "$bpemix" report -o "$work/$name.$ending" "$@" || say 'not ok' "report: $name.$ending"
    done
    for figure in mixture ranges sweep missing; do
        "$bpemix" report -o "$work/$name-$figure.svg" --figure $figure "$@" || say 'not ok' "report: $name-$figure.svg"
    done
    "$bpemix" report -o "$work/$name-hatch.svg" --hatch "$@" || say 'not ok' "report: $name-hatch.svg"
}

write small GPT-4o=tests/fixtures/report/whole.json "Llama 3=tests/fixtures/report/extension.json"
pages=$work/small.html
if command -v node > /dev/null; then
    node tests/peers/made_up_results.mjs tests/fixtures/report/whole.json "$work/large" 10 116 || exit 1
    set -- --groups "$work/large/groups.tsv"
    t=0
    while read -r label; do
        set -- "$@" "$label=$work/large/$t.json"
        t=$((t + 1))
    done < "$work/large/labels"
    write large "$@"
    pages="$pages $work/large.html"
fi

if command -v xmllint > /dev/null; then
    for f in "$work"/*.svg; do
        if xmllint --noout "$f" 2> "$work/xmllint"; then say ok "report: ${f##*/} is well-formed"
        else say 'not ok' "report: ${f##*/}: $(head -n 1 "$work/xmllint")"; fi
    done
else
    say skip 'report: no xmllint'
fi

chrome=
for c in chromium chromium-browser google-chrome; do
    [ -n "$chrome" ] || chrome=$(command -v $c)
done
if [ -z "$chrome" ] || ! command -v npm > /dev/null; then
    say skip 'report: pages need chromium, node and npm'
else
    [ -f "$work/package.json" ] || echo '{ "private": true }' > "$work/package.json"
    [ -d "$work/node_modules/axe-core" ] ||
        npm install --silent --no-audit --no-fund --prefix "$work" playwright-core@1 axe-core@4 html-validate@9 \
            > "$work/npm.log" 2>&1
    if [ -d "$work/node_modules/axe-core" ]; then
        # shellcheck disable=SC2086
        timeout 600 node tests/peers/report.mjs "$work" "$chrome" $pages 2> "$work/node.log" | sed 's/^\(ok\|not ok\) /\1 - report: /'
        [ ! -s "$work/node.log" ] || say 'not ok' "report: $(grep -m 1 . "$work/node.log")"
    else
        say skip "report: npm cannot install, see $work/npm.log"
    fi
fi

# an article as it is, the same with narrow margins, a column of a paper with two
write_tex() { # NAME WIDTH
    if [ "$2" = 345 ]; then set -- "$1" "$2" ''; else set -- "$1" "$2" "\\usepackage[textwidth=$2pt]{geometry}"; fi
    cat << TEX
\\documentclass{article}
$3
\\usepackage{textcomp,booktabs,longtable,pgfplots}
\\usepgfplotslibrary{groupplots}\\usetikzlibrary{patterns}\\pgfplotsset{compat=1.17}
\\begin{document}\\sloppy
\\input{$1-$2}
\\end{document}
TEX
}

if command -v pdflatex > /dev/null && kpsewhich pgfplots.sty > /dev/null && kpsewhich booktabs.sty > /dev/null; then
    for name in large small lab; do # the arguments of the large one are set already
        case $name in
        small) set -- GPT-4o=tests/fixtures/report/whole.json "Llama 3=tests/fixtures/report/extension.json" ;;
        lab) set -- --experiment --level paper=-7.3 lab=tests/fixtures/report/experiment.json ;;
        large) [ $# -gt 0 ] || continue ;;
        esac
        for width in 345 510 240; do
            page=$name-$width
            "$bpemix" report -o "$work/$page.tex" --width $width "$@" || say 'not ok' "report: $page.tex"
            write_tex "$name" $width > "$work/$page-page.tex"
            if ! (cd "$work" && timeout 300 pdflatex -interaction=nonstopmode -halt-on-error "$page-page" > "$page.out" 2>&1); then
                say 'not ok' "report: $page.tex: $(grep -m 1 '^!' "$work/$page.out")"
            elif grep -q '^Overfull .hbox' "$work/$page.out"; then
                say 'not ok' "report: $page.tex: $(grep -m 1 '^Overfull .hbox' "$work/$page.out")"
            elif grep -q 'Float too large' "$work/$page.out"; then
                say 'not ok' "report: $page.tex: $(grep -m 1 'Float too large' "$work/$page.out")"
            else
                say ok "report: $page.tex compiles, and nothing is wider than the line or higher than the page"
            fi
        done
    done
else
    say skip 'report: no pdflatex with pgfplots and booktabs'
fi
