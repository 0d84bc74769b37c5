#!/bin/sh
# Command-line tests: every tests/cli/TOPIC/CASE.sh runs in a fresh folder and its
# standard output, standard error and exit code must equal CASE.out, CASE.err and
# CASE.code (a missing .out or .err means empty, a missing .code means 0).
# In a case, $top is the source tree, `bpemix` the program; a line
# "# skip: REASON" printed on standard output skips the case.
# --rewrite writes the expectations instead; review the diff.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=build}"
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
rewrite=
[ "${1:-}" = --rewrite ] && rewrite=1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$BUILD:$PATH
LC_ALL=C
NO_COLOR=1
export top BUILD PATH LC_ALL NO_COLOR
unset BPEMIX_THREADS 2>/dev/null
bad=0
for case in "$top"/tests/cli/*/*.sh; do
    [ -f "$case" ] || continue
    base=${case%.sh}
    name=cli/${base#"$top"/tests/cli/}
    rm -rf "$work/run"
    mkdir "$work/run"
    (cd "$work/run" && sh "$case") > "$work/out" 2> "$work/err" < /dev/null
    echo $? > "$work/code"
    if grep -q '^# skip' "$work/out"; then
        echo "ok - $name # SKIP $(sed -n 's/^# skip: //p' "$work/out")"
        continue
    fi
    if [ -n "$rewrite" ]; then
        for k in out err; do
            if [ -s "$work/$k" ]; then cp "$work/$k" "$base.$k"; else rm -f "$base.$k"; fi
        done
        if [ "$(cat "$work/code")" = 0 ]; then rm -f "$base.code"; else cp "$work/code" "$base.code"; fi
        continue
    fi
    differs=
    for k in out err code; do
        want=$base.$k
        if [ ! -f "$want" ]; then
            want=$work/want
            if [ $k = code ]; then echo 0 > "$want"; else : > "$want"; fi
        fi
        diff -u "$want" "$work/$k" > "$work/diff" 2>&1 || { differs=1; sed 's/^/# /' "$work/diff" >> "$work/diffs"; }
    done
    if [ -n "$differs" ]; then
        echo "not ok - $name"
        head -n 30 "$work/diffs"
        : > "$work/diffs"
        bad=1
    else
        echo "ok - $name"
    fi
done
exit $bad
