#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# lint_rules.sh - a small tree without a fault passes tests/lint.sh, and each rule that is broken in
# it is told by its name, with the place.
#
# usage: tests/lint_rules.sh    Prints "ok - ..." or "not ok - ..." for each rule.
set -u
cd "$(dirname "$0")/.." || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
status=0

ok() { echo "ok - lint: $1"; }
not_ok() { echo "not ok - lint: $1"; status=1; sed 's/^/#   /' "$dir/said"; }

# A tree with a file in each place that lint looks at.
plant() {
    rm -rf "$dir/tree"
    mkdir -p "$dir/tree/tests/unit" "$dir/tree/include" "$dir/tree/examples" "$dir/tree/src/solve/auction"
    for folder in base result split solve diagnose api cli; do
        mkdir -p "$dir/tree/src/$folder"
        printf '/* a */\n#include "base/a.h"\n' > "$dir/tree/src/$folder/a.c"
    done
    for f in src/base/a.h src/solve/auction/a.c include/bpemix.h examples/a.c examples/a.cpp \
        tests/a.h tests/unit/a.c; do
        echo '/* a */' > "$dir/tree/$f"
    done
    cp tests/lint.sh "$dir/tree/tests/"
    for folder in base result split solve diagnose api cli; do
        printf '| `%s/` | a stage | |\n' "$folder"
    done > "$dir/tree/CONTRIBUTING.md"
}

lint() { (cd "$dir/tree" && BUILD=build tests/lint.sh) > "$dir/said" 2>&1; }

# breaks RULE FILE: standard input is added to FILE, and lint tells RULE and FILE
breaks() {
    plant
    cat >> "$dir/tree/$2"
    if lint; then
        not_ok "$1: not noticed"
    elif grep -q "^lint: $1" "$dir/said" && grep -q "^    $2" "$dir/said"; then
        ok "$1"
    else
        not_ok "$1: said otherwise"
    fi
}

lines() { i=0; while [ $((i += 1)) -le "$1" ]; do echo "$2"; done; }

plant
if lint; then ok 'a tree without a fault'; else not_ok 'a tree without a fault'; fi

echo '#include "solve/a.h"' | breaks 'src/cli/ includes' src/cli/a.c
echo '#include "bpemix_lab.h"' | breaks 'src/cli/ includes' src/cli/a.c
echo '#include "solve/a.h"' | breaks 'a stage includes headers of stages above it' src/split/a.c
echo '    bmx_fail(err, "give --max-bytes");' | breaks 'messages of the library name no option' src/split/a.c
echo "    bmx_fail(err, \"see 'bpemix count'\");" | breaks 'messages of the library name no option' src/solve/auction/a.c
echo '    bmx_fail(err, "line %zu: no group", n);' | breaks 'the line of an input' src/split/a.c
echo 'void bpemix_x(void)' | breaks 'src/api/ alone defines' src/solve/a.c
echo '    bmx_json_object();' | breaks 'JSON is built in result/' src/split/a.c
echo '    snprintf(text, 9, "%.1f", x);' | breaks 'numbers become text' src/split/a.c
echo '    x = strtod(text, &end);' | breaks 'numbers become text' src/solve/auction/a.c
lines 201 'int x;' | breaks 'a .c file of more than 200 lines' src/base/b.c
printf '%0110d\n' 0 | breaks 'lines have up to 100 columns' src/base/a.c
echo 'int f(int a, int b, int c, int d, int e, int f, int g, int h);' | breaks 'functions have up to 7 parameters' src/base/a.h
{ printf 'int f(void)\n{\n'; lines 70 '    ;'; echo '}'; } | breaks 'functions have up to 70 lines' tests/unit/a.c
lines 700 'int x;' | breaks 'files have up to 700 lines' tests/a.h

# two files
plant
for f in src/base/a.c src/split/a.c; do echo '#include <zlib.h>' >> "$dir/tree/$f"; done
if ! lint && grep -q '^lint: a third-party header appears in one file' "$dir/said" &&
    grep -q '^    src/split/a.c: <zlib.h>' "$dir/said"; then
    ok 'a third-party header appears in one file'
else
    not_ok 'a third-party header appears in one file'
fi

# what only objects tell
if command -v "${CC:-cc}" > /dev/null; then
    calls() { # the two files call each other's functions so
        plant
        echo "int a(void); int b(void); $1" > "$dir/tree/src/split/a.c"
        echo "int a(void); int b(void); $2" > "$dir/tree/src/diagnose/verify.c"
        find "$dir/tree/src" -name '*.c' | while read -r f; do
            o=$dir/tree/build/${f#"$dir/tree/"}
            mkdir -p "${o%/*}"
            grep -v '^#include' "$f" > "$dir/x.c" && "${CC:-cc}" -c -o "${o%.c}.o" "$dir/x.c"
        done
        lint
    }
    if calls 'int a(void) { return b(); }' 'int b(void) { return 0; }'; then
        ok 'calls in one direction'
    else
        not_ok 'calls in one direction'
    fi
    if ! calls 'int a(void) { return b(); }' 'int b(void) { return a(); }' &&
        grep -q '^lint: files do not call each other in circles' "$dir/said"; then
        ok 'files do not call each other in circles'
    else
        not_ok 'files do not call each other in circles'
    fi
    if ! calls 'int a(void) { return 0; }' 'int b(void) { return a(); }' &&
        grep -q '^lint: diagnose/verify.c shares no code' "$dir/said"; then
        ok 'diagnose/verify.c shares no code with what it checks'
    else
        not_ok 'diagnose/verify.c shares no code with what it checks'
    fi
fi
exit $status
