#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh --replay PROGRAM SEEDS: run one target over its seeds and past crashes.
# fuzz.sh: build every target with clang's libFuzzer and run it FUZZ_SECONDS.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${FUZZ_SECONDS:=60}"
if [ "${1:-}" = --replay ]; then
    bad=0
    for seed in "$3"/*; do
        [ -f "$seed" ] || continue
        if timeout 20 "$2" "$seed" > /dev/null 2>&1; then
            echo "ok - ${2##*/} ${seed##*/}"
        else
            echo "not ok - ${2##*/} ${seed##*/} (status $?)"
            bad=1
        fi
    done
    exit $bad
fi
if ! command -v clang > /dev/null; then
    echo 'ok - fuzz # SKIP clang: not found; install clang and libclang-rt-14-dev'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
make --no-print-directory BUILD="$BUILD/fuzz" CC=clang \
    CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" LDFLAGS="-fsanitize=address,undefined" \
    "$BUILD/fuzz/libbpemix.a" || exit 1
passed=0 failed=0
for src in tests/fuzz/fuzz_*.c; do
    name=$(basename "$src" .c)
    seeds=tests/fuzz/seeds/${name#fuzz_}
    mkdir -p "$BUILD/fuzz/corpus/$name"
    clang -D_GNU_SOURCE -Isrc -Iinclude -Itests $(pkg-config --cflags libcjson) -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined \
        -o "$BUILD/fuzz/$name" "$src" "$BUILD/fuzz/libbpemix.a" \
        $(pkg-config --libs libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash) -lglpk -lm -lpthread || exit 1
    dict=tests/fuzz/${name#fuzz_}.dict
    [ -f "$dict" ] || dict=
    "$BUILD/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -timeout=5 -report_slow_units=1 -rss_limit_mb=2048 -max_len=65536 ${dict:+-dict="$dict"} \
        -print_final_stats=1 -artifact_prefix="$BUILD/fuzz/" "$BUILD/fuzz/corpus/$name" "$seeds" \
        > "$BUILD/fuzz/$name.log" 2>&1
    code=$?
    units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$BUILD/fuzz/$name.log")
    if [ $code = 0 ]; then
        passed=$((passed + 1))
        echo "ok - $name: ${units:-?} texts"
    else
        failed=$((failed + 1))
        echo "not ok - $name: see $BUILD/fuzz/$name.log"
        tail -n 5 "$BUILD/fuzz/$name.log" | sed 's/^/# /'
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
