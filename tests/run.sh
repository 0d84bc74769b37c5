#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run every offline test and print one closing line of counts.
# Called by `make check` with BUILD, UNIT (programs) and FUZZ (programs).
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${UNIT:=}" "${FUZZ:=}"
log=$BUILD/check.log
: > "$log" || exit 1

# Append the TAP of one command to the log, and show what is not plain "ok".
run() {
    name=$1
    shift
    out=$("$@" 2>&1)
    code=$?
    # cmocka marks a skipped test "not ok N # SKIP"
    out=$(printf '%s\n' "$out" | sed 's/^not ok \([0-9]* # SKIP\)/ok \1/')
    printf '== %s\n%s\n' "$name" "$out" >> "$log"
    printf '%s\n' "$out" | grep '^not ok'
    if [ $code -ne 0 ] && ! printf '%s\n' "$out" | grep -q '^not ok'; then
        printf 'not ok - %s ended with status %s\n' "$name" $code | tee -a "$log"
        printf '%s\n' "$out" | tail -n 20
    elif [ $code -ne 0 ]; then
        printf '%s\n' "$out" | grep -A 3 '^not ok' | head -n 40
    fi
    printf '%-40s %s\n' "$name" "$(printf '%s\n' "$out" | grep -c '^ok')"
}

CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT BUILD
for t in $UNIT; do
    run "${t#"$BUILD"/tests/}" "$t"
done
run 'the runner of transcripts' tests/runner.sh
run 'command line' tests/transcripts.pl tests/cli/*.t
run 'examples of the manual pages' tests/transcripts.pl man/*.[1357] README.md
run 'man pages' tests/man.sh
run 'examples' tests/examples.sh
run 'JSON schema' tests/schema.sh
run 'lack of memory' tests/faults/sweep.pl
run 'kills' tests/faults/kills.pl
for t in $FUZZ; do
    seeds=tests/fuzz/seeds/${t##*/fuzz_}
    [ ! -d "$seeds" ] || run "${t#"$BUILD"/tests/}" tests/fuzz.sh --replay "$t" "$seeds"
done
run 'hardening' tests/hardening.sh
run 'install and uninstall' tests/install.sh

passed=$(grep '^ok' "$log" | grep -vic '# *skip')
skipped=$(grep '^ok' "$log" | grep -ic '# *skip')
failed=$(grep -c '^not ok' "$log")
echo "details: $log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
