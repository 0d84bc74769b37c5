#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# coverage.sh - lines of src/ that the tests of a build with --coverage have run, by folder,
# and files below the aim.
#
# usage: tests/coverage.sh     BUILD=dir for the folder of that build; COVERAGE_AIM=percent.
# Exit status 1 when the whole is below the aim.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build/coverage}" "${COVERAGE_AIM:=97}"
for f in src/*/*.c src/solve/auction/*.c; do
    [ -f "$BUILD/${f%.c}.gcno" ] || continue
    gcov -n -o "$BUILD/${f%/*}" "$BUILD/${f%.c}.gcno" 2> /dev/null | awk -v f="$f" '
        /^File / { on = $0 == "File \047" f "\047" }
        on && /^Lines executed:/ { sub(/^Lines executed:/, ""); sub(/%/, ""); print f, $1, $3; exit }'
done | awk -v aim="$COVERAGE_AIM" '
    {
        split($1, at, "/")
        run = $2 * $3 / 100
        folder[at[2]] += run; lines[at[2]] += $3
        all += run; n += $3
        if ($2 < aim) low[++k] = sprintf("  %-34s %6.1f %%  %5d lines, %3d not run", $1, $2, $3, $3 - run + 0.5)
    }
    END {
        if (!n) { print "coverage: no build with --coverage"; exit 1 }
        for (f in folder) printf "%-12s %6.1f %%  %6d lines\n", f, 100 * folder[f] / lines[f], lines[f] | "sort"
        close("sort")
        printf "%-12s %6.1f %%  %6d lines\n", "all", 100 * all / n, n
        if (k) print "files below " aim " %:"
        for (i = 1; i <= k; i++) print low[i]
        exit 100 * all / n < aim
    }'
