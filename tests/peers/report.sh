#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reports as browsers, validators and TeX see them. Called by run.sh with BUILD and PEERS.
#
#   small    the two results of tests/fixtures/report
#   large    ten made-up tokenizers, 116 categories in nine groups
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

if command -v pdflatex > /dev/null && kpsewhich pgfplots.sty > /dev/null && kpsewhich booktabs.sty > /dev/null; then
    for name in small large; do
        [ -f "$work/$name.tex" ] || continue
        cat > "$work/$name-page.tex" << TEX
\\documentclass{article}
\\usepackage[margin=1.5cm]{geometry}
\\usepackage{textcomp,booktabs,longtable,pgfplots}
\\usepgfplotslibrary{groupplots}\\usetikzlibrary{patterns}\\pgfplotsset{compat=1.17}
\\begin{document}
\\input{$name}
\\end{document}
TEX
        if (cd "$work" && timeout 300 pdflatex -interaction=nonstopmode -halt-on-error "$name-page" > "$name-page.out" 2>&1); then
            say ok "report: $name.tex compiles"
        else
            say 'not ok' "report: $name.tex: $(grep -m 1 '^!' "$work/$name-page.out")"
        fi
    done
else
    say skip 'report: no pdflatex with pgfplots and booktabs'
fi
