#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# examples.sh - the examples in C, C++ and Python say what the program says.
#
# usage: tests/examples.sh    BUILD=dir for another build folder than build.
set -u
cd "$(dirname "$0")/.." || exit 1
top=$(pwd)
: "${BUILD:=build}" "${CC:=cc}" "${CXX:=c++}"
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failed=0
LC_ALL=C NO_COLOR=1 LD_LIBRARY_PATH=$BUILD${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LC_ALL NO_COLOR LD_LIBRARY_PATH

ok() { echo "ok - examples/$1"; }
not_ok() { echo "not ok - examples/$1"; failed=1; }
skip() { echo "ok - examples/$1 # SKIP $2"; }

# sanitizers must be loaded first, which these are not
if nm -D "$BUILD/libbpemix.so" | grep -q '__[at]san_init'; then
    skip all 'the library is built with a sanitizer'
    exit 0
fi
en=$top/corpora/bundled/english c=$top/corpora/bundled/c
cd "$tmp" || exit 1
"$BUILD/bpemix" train -q -o tok.json --vocab-size 556 --train-bytes 20k --mixture en=0.7,c=0.3 \
    en="$en" c="$c" > /dev/null || exit 1
# unlike the others, so that its share is determined, which theirs are not
mkdir x && seq 2000 | sed 's/.*/zqxj& wkvq&7/' > x/1.txt
"$BUILD/bpemix" infer -q -t tok.json --no-provenance --json r.json en="$en/sample" c="$c/sample" x=x > /dev/null || exit 1
# the shares of r.json as these programs print them, and ranges in place of what is not determined
sed -n '/"categories": \[$/,/"groups"/s/^ *"\(share_bytes\|range_outer_bytes\|identified\)": //p' r.json | tr -d '[],' |
    awk 'BEGIN { split("en c x", name) }
         NR % 3 == 1 { share = $1 }
         NR % 3 == 2 { low = $1; high = $2 }
         NR % 3 == 0 && /true/ { printf "%-16s %7.3f %% of bytes\n", name[NR / 3], 100 * share }
         NR % 3 == 0 && /false/ {
             printf "%-16s %7.3f .. %.3f %% of bytes\n", name[NR / 3], 100 * low, 100 * high
         }' > want
if [ "$(grep -c ' \.\. ' want)" != 2 ] || [ "$(wc -l < want)" != 3 ]; then
    not_ok 'shares and ranges'
fi

if "$CC" -std=c11 -Wall -Wextra -Werror -I "$top/include" -o infer "$top/examples/infer.c" -L "$BUILD" -lbpemix &&
        ./infer tok.json en="$en/sample" c="$c/sample" x=x | sed '/^objective/d' > got && cmp want got; then
    ok infer.c
else
    not_ok infer.c
fi
if ! command -v "$CXX" > /dev/null; then
    skip shares.cpp 'no C++ compiler'
elif "$CXX" -std=c++17 -Wall -Wextra -Werror -I "$top/include" -o shares "$top/examples/shares.cpp" -L "$BUILD" -lbpemix &&
        ./shares tok.json en="$en/sample" c="$c/sample" x=x > got 2> /dev/null && cmp want got; then
    ok shares.cpp
else
    not_ok shares.cpp
fi
if ! command -v "$CXX" > /dev/null; then
    skip headers 'no C++ compiler'
elif ls "$top/include" | sed 's/.*/#include <&>/' |
        "$CXX" -std=c++11 -pedantic -Wall -Wextra -Werror -I "$top/include" -x c++ -fsyntax-only -; then
    ok 'headers in C++'
else
    not_ok 'headers in C++'
fi
if ! command -v python3 > /dev/null; then
    skip python/bpemix.py 'no Python'
elif BPEMIX_LIBRARY=$BUILD/libbpemix.so PYTHONDONTWRITEBYTECODE=1 \
        python3 "$top/examples/python/test_bpemix.py" > python.log 2>&1; then
    ok python/bpemix.py
else
    not_ok python/bpemix.py
    sed 's/^/# /' python.log
fi
exit $failed
