#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install puts everything below DESTDIR, a program links against it through pkg-config, pages
# have the version in the footer and a name for every function, uninstall leaves nothing
# behind, a tarball makes itself again, and what is built does not tell where.
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
if nm -D "$dest/usr/lib/libbpemix.so.1" | grep -qE '__[at]san'; then
    echo "ok - installed library links # SKIP sanitizer build"
else
    cc $(pkg-config --cflags bpemix) -o "$dest/t" "$dest/t.c" $(pkg-config --libs bpemix) >> "$dest.log" 2>&1 &&
        LD_LIBRARY_PATH=$dest/usr/lib "$dest/t" > /dev/null
    ok $? 'installed library links'
fi
nm -D --defined-only "$dest/usr/lib/libbpemix.so.1" | awk '$2 == "T" { print $3 }' | grep -v -e '^bpemix_' -e '^_' \
    -e '^mangle_path$' > "$dest/foreign" # the last is of gcc's library for coverage
[ ! -s "$dest/foreign" ]
ok $? 'the shared library exports bpemix_* alone'
rm -f "$dest/t" "$dest/t.c" "$dest/foreign"
[ "$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --define-variable=includedir=/opt/b/include --cflags bpemix | tr -d ' ')" = -I/opt/b/include ]
ok $? 'pkg-config --cflags names our folder alone'
version=$(sed -n 's/^#define BPEMIX_VERSION "\(.*\)"/\1/p' include/bpemix.h)
wrong=
for page in "$dest"/usr/share/man/man?/*; do
    grep -q "^\.Os bpemix $version\$" "$page" || wrong="$wrong ${page##*/}"
done
[ -z "$wrong" ]
ok $? "pages with the version in the footer$wrong"
wrong=
for f in $(nm -D --defined-only "$dest/usr/lib/libbpemix.so.1" | awk '$2 == "T" { print $3 }' | grep '^bpemix_'); do
    [ -f "$dest/usr/share/man/man3/$f.3" ] || wrong="$wrong $f"
done
[ -z "$wrong" ]
ok $? "a page under the name of every function$wrong"
make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$dest" uninstall >> "$dest.log" 2>&1
[ -z "$(find "$dest" -type f -o -type l)" ]
ok $? 'uninstall removes what install put there'

# ---- tarballs ----

if [ -e .git ] && command -v git > /dev/null && git rev-parse HEAD > /dev/null 2>&1; then
    mkdir "$dest/first" "$dest/second"
    make --no-print-directory BUILD="$dest/first" dist >> "$dest.log" 2>&1 &&
        tar -xzf "$dest/first/bpemix-$version.tar.gz" -C "$dest/first" &&
        make --no-print-directory -C "$dest/first/bpemix-$version" BUILD=build dist >> "$dest.log" 2>&1 &&
        tar -xzf "$dest/first/bpemix-$version/build/bpemix-$version.tar.gz" -C "$dest/second" &&
        rm -r "$dest/first/bpemix-$version/build" &&
        diff -r "$dest/first/bpemix-$version" "$dest/second/bpemix-$version" > "$dest/diff"
    ok $? "make dist in an unpacked tarball makes the same tree"
    for tree in first second; do
        make --no-print-directory -C "$dest/$tree/bpemix-$version" BUILD=build CCACHE_DISABLE=1 \
            build/src/base/escape.o >> "$dest.log" 2>&1
    done
    cmp "$dest/first/bpemix-$version/build/src/base/escape.o" \
        "$dest/second/bpemix-$version/build/src/base/escape.o" >> "$dest.log" 2>&1
    ok $? 'objects are the same wherever the tree is'
else
    echo 'ok - make dist in an unpacked tarball # SKIP no git'
    echo 'ok - objects are the same wherever the tree is # SKIP no git'
fi
rm -f "$dest.log"
