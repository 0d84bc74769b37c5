#!/bin/sh
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
command -v clang > /dev/null || { echo "fuzz: clang: not found; install clang and libclang-rt-14-dev" >&2; exit 1; }
make --no-print-directory BUILD="$BUILD/fuzz" CC=clang \
    CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" LDFLAGS="-fsanitize=address,undefined" \
    "$BUILD/fuzz/libbpemix.a" || exit 1
bad=0
for src in tests/fuzz/fuzz_*.c; do
    name=$(basename "$src" .c)
    seeds=tests/fuzz/seeds/${name#fuzz_}
    mkdir -p "$BUILD/fuzz/corpus/$name"
    clang -D_GNU_SOURCE -Isrc -Iinclude -Itests $(pkg-config --cflags libcjson) -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined \
        -o "$BUILD/fuzz/$name" "$src" "$BUILD/fuzz/libbpemix.a" \
        $(pkg-config --libs libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash) -lglpk -lm -lpthread || exit 1
    dict=tests/fuzz/${name#fuzz_}.dict
    [ -f "$dict" ] || dict=
    echo "== $name, $FUZZ_SECONDS s"
    "$BUILD/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -timeout=5 -report_slow_units=1 -rss_limit_mb=2048 -max_len=65536 ${dict:+-dict="$dict"} \
        -print_final_stats=1 -artifact_prefix="$BUILD/fuzz/" "$BUILD/fuzz/corpus/$name" "$seeds" \
        > "$BUILD/fuzz/$name.log" 2>&1 || { bad=1; echo "FAILED, see $BUILD/fuzz/$name.log"; }
    grep -E 'stat::number_of_executed_units|stat::peak_rss' "$BUILD/fuzz/$name.log"
done
exit $bad
