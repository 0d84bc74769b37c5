#!/bin/sh
# install puts everything below DESTDIR, a program links against it through
# pkg-config, and uninstall leaves nothing behind.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}"
dest=$(mktemp -d) || exit 1
trap 'rm -rf "$dest"' EXIT
ok() { if [ "$1" = 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$dest" install > "$dest.log" 2>&1
ok $? 'make install'
cat > "$dest/t.c" <<'C'
#include <bpemix.h>
#include <stdio.h>
int main(void) { return puts(bpemix_version()) < 0; }
C
PKG_CONFIG_PATH=$dest/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$dest
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
if nm -D "$dest/usr/lib/libbpemix.so.0" | grep -qE '__[at]san'; then
    echo "ok - installed library links # SKIP sanitizer build"
else
    cc $(pkg-config --cflags bpemix) -o "$dest/t" "$dest/t.c" $(pkg-config --libs bpemix) >> "$dest.log" 2>&1 &&
        LD_LIBRARY_PATH=$dest/usr/lib "$dest/t" > /dev/null
    ok $? 'installed library links'
fi
nm -D --defined-only "$dest/usr/lib/libbpemix.so.0" | awk '$2 == "T" { print $3 }' | grep -v '^bpemix_' | grep -v '^_' > "$dest/foreign"
[ ! -s "$dest/foreign" ]
ok $? 'the shared library exports bpemix_* alone'
rm -f "$dest/t" "$dest/t.c" "$dest/foreign"
make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$dest" uninstall >> "$dest.log" 2>&1
[ -z "$(find "$dest" -type f -o -type l)" ]
ok $? 'uninstall removes what install put there'
rm -f "$dest.log"
