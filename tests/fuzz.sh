#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh --replay PROGRAM SEEDS: run one target over its seeds and past crashes.
# fuzz.sh [NAME...]: build the targets with clang's libFuzzer, all or those named, and run
# each for FUZZ_SECONDS, JOBS at a time.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${FUZZ_SECONDS:=60}" "${JOBS:=$(nproc)}"
export BUILD FUZZ_SECONDS

replay() { # PROGRAM SEEDS
    bad=0
    for seed in "$2"/*; do
        [ -f "$seed" ] || continue
        if timeout 20 "$1" "$seed" > /dev/null 2>&1; then
            echo "ok - ${1##*/} ${seed##*/}"
        else
            echo "not ok - ${1##*/} ${seed##*/} (status $?)"
            bad=1
        fi
    done
    return $bad
}

# Build one target, run it, and say how that went in one piece.
one() { # NAME, without fuzz_
    name=fuzz_$1
    log=$BUILD/fuzz/$name.log
    mkdir -p "$BUILD/fuzz/corpus/$name"
    # shellcheck disable=SC2046
    if ! clang -D_GNU_SOURCE -Isrc -Iinclude -Itests $(pkg-config --cflags libcjson) \
        -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined \
        -o "$BUILD/fuzz/$name" "tests/fuzz/$name.c" "$BUILD/fuzz/libbpemix.a" \
        $(pkg-config --libs libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash) \
        -lglpk -lm -lpthread > "$log" 2>&1; then
        echo "not ok - $name does not build, see $log"
        return
    fi
    dict=tests/fuzz/$1.dict
    [ -f "$dict" ] || dict=
    if "$BUILD/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -timeout=5 -report_slow_units=1 -rss_limit_mb=2048 \
        -max_len=65536 ${dict:+-dict="$dict"} -print_final_stats=1 -artifact_prefix="$BUILD/fuzz/" \
        "$BUILD/fuzz/corpus/$name" "tests/fuzz/seeds/$1" > "$log" 2>&1; then
        units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "ok - $name: ${units:-?} texts"
    else
        said=$(tail -n 5 "$log" | sed 's/^/# /')
        printf 'not ok - %s: see %s\n%s\n' "$name" "$log" "$said"
    fi
}

case ${1:-} in
--replay) replay "$2" "$3"; exit ;;
--one) one "$2"; exit 0 ;;
esac

if ! command -v clang > /dev/null; then
    echo 'ok - fuzz # SKIP clang: not found; install clang and libclang-rt-14-dev'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
MAKEFLAGS= make -j"$JOBS" --no-print-directory BUILD="$BUILD/fuzz" CC=clang \
    CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" LDFLAGS="-fsanitize=address,undefined" \
    "$BUILD/fuzz/libbpemix.a" || exit 1
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_\(.*\)\.c|\1|')
printf '%s\0' "$@" | xargs -0 -n 1 -P "$JOBS" "$0" --one | tee "$BUILD/fuzz/results"
passed=$(grep -c '^ok' "$BUILD/fuzz/results")
failed=$(($# - passed))
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
