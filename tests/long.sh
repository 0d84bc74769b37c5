#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# long.sh - what takes longer than a test before a commit may: every allocation of every command
# fails, hundreds of kills, the unit tests under valgrind, and each fuzz target for half an hour.
# Called by `make check-long` with BUILD and UNIT (programs).  FUZZ_SECONDS and KILLS can be less.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${UNIT:=}" "${FUZZ_SECONDS:=1800}" "${KILLS:=200}"
log=$BUILD/check-long.log
: > "$log" || exit 1
FAULT_CASES=all FAULT_SHOW=50 tests/faults/sweep.pl | tee -a "$log"
FAULT_CASES=all FAULT_SHOW=50 FAULT_STICKY=1 tests/faults/sweep.pl | sed 's/ - faults/ - faults, all later ones as well/' | tee -a "$log"
IO_CASES=all FAULT_SHOW=50 tests/faults/io.pl | tee -a "$log"
KILLS=$KILLS tests/faults/kills.pl | tee -a "$log"
no_jit=$(realpath "$BUILD")/tests/faults/no_jit.so # see there
for t in $UNIT; do
    name=${t#"$BUILD"/tests/}
    if ! command -v valgrind > /dev/null; then
        echo "ok - valgrind $name # SKIP no valgrind"
    elif CMOCKA_MESSAGE_OUTPUT=TAP LD_PRELOAD=$no_jit valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
            --log-file="$BUILD/valgrind.log" "$t" > /dev/null 2>&1; then
        echo "ok - valgrind $name"
    else
        echo "not ok - valgrind $name (status $?)"
        sed 's/^/# /' "$BUILD/valgrind.log" | head -n 30
    fi
done | tee -a "$log"
FUZZ_SECONDS=$FUZZ_SECONDS BUILD=$BUILD tests/fuzz.sh 2>&1 | tee -a "$log"
passed=$(grep '^ok' "$log" | grep -vic '# *skip')
skipped=$(grep '^ok' "$log" | grep -ic '# *skip')
failed=$(grep -c '^not ok' "$log")
echo "details: $log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
