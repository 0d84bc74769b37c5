#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-deb.sh - Debian packages from the source tree: make deb calls it.
#
# debian/ is put into a copy of the tree, because the top of the tree is kept for the
# project's own folders. Ends with what lintian says, apart from two tags that only matter to
# an upload into Debian's archive.
set -eu
cd "$(dirname "$0")/../.."
: "${BUILD:=build}"
: "${VERSION:?}"
tree=$BUILD/deb/bpemix-$VERSION

for tool in dpkg-buildpackage dh; do
    command -v $tool > /dev/null || {
        echo "make-deb.sh: $tool is missing; install debhelper and dpkg-dev" >&2
        exit 1
    }
done
rm -rf "$BUILD/deb"
mkdir -p "$BUILD/deb"
make --no-print-directory BUILD="$BUILD" dist > /dev/null
tar -xzf "$BUILD/bpemix-$VERSION.tar.gz" -C "$BUILD/deb"
mkdir "$tree/debian" "$tree/debian/source"
for f in control copyright rules bpemix.install libbpemix1.install libbpemix-dev.install; do
    cp "examples/debian/$f" "$tree/debian/"
done
echo '3.0 (native)' > "$tree/debian/source/format"
maintainer=$(sed -n 's/^Maintainer: //p' "$tree/debian/control")
printf 'bpemix (%s) unstable; urgency=medium\n\n  * See NEWS.md.\n\n -- %s  %s\n' "$VERSION" "$maintainer" \
    "$(date -u -R -r include/bpemix.h)" > "$tree/debian/changelog"
(cd "$tree" && DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-nocheck parallel=$(nproc)}" \
    dpkg-buildpackage -b -us -uc > ../build.log 2>&1) || {
    tail -n 20 "$BUILD/deb/build.log" >&2
    exit 1
}
ls "$BUILD"/deb/*.deb
if command -v lintian > /dev/null; then
    lintian --allow-root --fail-on warning --suppress-tags initial-upload-closes-no-bugs,bogus-mail-host \
        "$BUILD"/deb/*.changes
else
    echo 'lintian is not installed: not looked at'
fi
