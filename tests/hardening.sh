#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# hardening.sh - the program and the shared library are built with what the compiler offers
# against faults that files from strangers might provoke.
#
# usage: tests/hardening.sh     BUILD=dir for another build folder than build.  Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}"
bad=0
check() {
    name=$1
    shift
    if "$@" > /dev/null 2>&1; then echo "ok - hardening: $name"; else echo "not ok - hardening: $name"; bad=1; fi
}
says() { readelf -W "$1" "$2" | grep -Eq "$3"; }
says_not() { ! says "$@"; }
uses() { nm -D --undefined-only "$1" | grep -Eq "$2"; }

if ! command -v readelf > /dev/null; then
    echo 'ok - hardening # SKIP no readelf'
    exit 0
fi
if nm "$BUILD/bpemix" | grep -q '__[at]san_init\|__gcov_\|__ubsan'; then
    echo 'ok - hardening # SKIP built for another purpose'
    exit 0
fi
check 'the program can be loaded at any address' says -h "$BUILD/bpemix" 'Type: +DYN'
for f in "$BUILD/bpemix" "$BUILD/libbpemix.so.1"; do
    check "$f: relocations are read-only" says -l "$f" GNU_RELRO
    check "$f: symbols are bound before it runs" says -d "$f" 'BIND_NOW|FLAGS.* NOW'
    check "$f: no code on the stack" says -l "$f" 'GNU_STACK.* RW '
    check "$f: no segment that can be written and run" says_not -l "$f" 'LOAD.* RWE '
    check "$f: no relocations in code" says_not -d "$f" TEXTREL
    check "$f: stack protector" uses "$f" __stack_chk_fail
    check "$f: checked copies" uses "$f" '__[a-z]+_chk(@|$)'
done
exit $bad
