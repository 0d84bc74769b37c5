#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run every offline test, JOBS at a time, and print one closing line of counts.
# Called by `make check` with BUILD, UNIT (programs) and FUZZ (programs).
#
#     run.sh              all of them
#     run.sh --one NAME   the test of that name, into its own log: what the former calls
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${UNIT:=}" "${FUZZ:=}" "${JOBS:=$(nproc)}"
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT BUILD UNIT FUZZ
log=$BUILD/check.log
parts=$BUILD/check

# Names of all tests, in the order of the log.
names() {
    for t in $UNIT; do echo "${t#"$BUILD"/tests/}"; done
    printf '%s\n' 'the runner of transcripts' 'command line' 'examples of the manual pages' 'man pages' \
        'examples' 'JSON schema' 'lack of memory' 'input and output' 'kills'
    for t in $FUZZ; do
        [ ! -d "tests/fuzz/seeds/${t##*/fuzz_}" ] || echo "${t#"$BUILD"/tests/}"
    done
    printf '%s\n' hardening 'rules of lint' 'install and uninstall'
}

# Those that take longest first, so that no thread waits for them at the end.
order() {
    names | awk '/^command line|^lack of memory|^input and|^install|test_scan|test_solve|test_chunk_fit|test_words|test_lp/ { print; next } { rest = rest $0 "\n" }
                 END { printf "%s", rest }'
}

test_of() { # NAME
    case $1 in
    'the runner of transcripts') tests/runner.sh ;;
    'command line') tests/transcripts.pl tests/cli/*.t ;;
    'examples of the manual pages') tests/transcripts.pl man/*.[1357] README.md ;;
    'man pages') tests/man.sh ;;
    'examples') tests/examples.sh ;;
    'JSON schema') tests/schema.sh ;;
    'lack of memory') tests/faults/sweep.pl ;;
    'input and output') tests/faults/io.pl ;;
    'kills') tests/faults/kills.pl ;;
    'hardening') tests/hardening.sh ;;
    'rules of lint') tests/lint_rules.sh ;;
    'install and uninstall') tests/install.sh ;;
    fuzz/*) tests/fuzz.sh --replay "$BUILD/tests/$1" "tests/fuzz/seeds/${1##*/fuzz_}" ;;
    *) "$BUILD/tests/$1" ;;
    esac
}

part_of() { echo "$parts/$(echo "$1" | tr '/ ' '--').log"; }

# The TAP of one test goes to its log; what is not plain "ok" is shown.
one() { # NAME
    part=$(part_of "$1")
    began=$(date +%s)
    out=$(test_of "$1" 2>&1)
    code=$?
    # cmocka marks a skipped test "not ok N # SKIP"
    out=$(printf '%s\n' "$out" | sed 's/^not ok \([0-9]* # SKIP\)/ok \1/')
    printf '== %s\n%s\n' "$1" "$out" > "$part"
    {
        printf '%s\n' "$out" | grep '^not ok'
        if [ $code -ne 0 ] && ! printf '%s\n' "$out" | grep -q '^not ok'; then
            printf 'not ok - %s ended with status %s\n' "$1" $code | tee -a "$part"
            printf '%s\n' "$out" | tail -n 20
        elif [ $code -ne 0 ]; then
            printf '%s\n' "$out" | grep -A 3 '^not ok' | head -n 40
        fi
        printf '%-40s %4s %5s s\n' "$1" "$(printf '%s\n' "$out" | grep -c '^ok')" $(($(date +%s) - began))
    } > "$part.said"
    cat "$part.said" # in one piece
    rm -f "$part.said"
}

if [ "${1:-}" = --one ]; then
    one "$2"
    exit 0
fi

rm -rf "$parts"
mkdir -p "$parts" && : > "$log" || exit 1
order | tr '\n' '\0' | xargs -0 -n 1 -P "$JOBS" "$0" --one
names | while read -r name; do
    part=$(part_of "$name")
    if [ -s "$part" ]; then cat "$part"; else echo "not ok - $name did not end"; fi
done >> "$log"

passed=$(grep '^ok' "$log" | grep -vic '# *skip')
skipped=$(grep '^ok' "$log" | grep -ic '# *skip')
failed=$(grep -c '^not ok' "$log")
echo "details: $log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
