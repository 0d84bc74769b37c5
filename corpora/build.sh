#!/bin/sh
# build.sh - build text corpora from Debian packages
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
LC_ALL=C
export LC_ALL
umask 022

here=$(cd "$(dirname "$0")" && pwd)
base=$here/sources.list
sources=$base
extract=$here/extract.pl
prose=$here/prose.pl
outdir=build/corpora
cache=${BPEMIX_DEB_CACHE:-}

usage() {
    cat <<'END'
usage: corpora/build.sh [-o OUTDIR] [CATEGORY...]
       corpora/build.sh OUTDIR [CATEGORY...]

Builds OUTDIR/CATEGORY/train and OUTDIR/CATEGORY/sample from Debian packages,
which are downloaded and unpacked, never installed. Without a CATEGORY all of
them are built. What has been built already is left alone.

  -o, --output OUTDIR  where to build; default build/corpora. An argument
                       with a slash in it is taken for OUTDIR too.
      --cache DIR      where downloads are kept; default OUTDIR/.cache, or
                       $BPEMIX_DEB_CACHE if that is set
      --sources FILE   take the categories of this list instead of sources.list,
                       which it may refer to
      --force          build again what is there already
      --list           list the categories and their packages
      --help           print this text

Exit status: 0 if everything was built, 1 if a package or category could not
be had (the others are built all the same), 2 for wrong usage.
END
}

say() { printf 'build.sh: %s\n' "$*" >&2; }
wrong() { say "$*; see corpora/build.sh --help"; exit 2; }

# The packages of a category, with @names replaced by their lists.
packages_of() {
    want=$1
    set -- "$base"
    [ "$sources" = "$base" ] || set -- "$base" "$sources"
    awk -v want="$want" '
        function expand(first,   i, j, n, w, out) {
            out = ""
            for (i = first; i <= NF; i++) {
                if ($i ~ /^@/) out = out " " list[$i]
                else out = out " " $i
            }
            return substr(out, 2)
        }
        /^[ \t]*(#|$)/ { next }
        /\\$/ { sub(/\\$/, ""); held = held $0 " "; next }
        { $0 = held $0; held = "" }
        $1 ~ /^@/ { list[$1] = expand(2); next }
        $1 == want { print $2, $3, $4, expand(5) }' "$@"
}

categories() {
    awk '/^[ \t]*(#|$)/ { next } !held && $1 !~ /^@/ { print $1 } { held = /\\$/ }' "$sources"
}

# Package names without the marks that say which of their texts are taken.
plain() { printf '%s\n' "$*" | sed -e 's/[+~] / /g' -e 's/[+~]$//'; }

wanted=
force=
while [ $# -gt 0 ]; do
    case $1 in
        -o|--output) [ $# -ge 2 ] || wrong "$1: needs a folder"; outdir=$2; shift ;;
        --cache) [ $# -ge 2 ] || wrong "$1: needs a folder"; cache=$2; shift ;;
        --force) force=yes ;;
        --sources) [ $# -ge 2 ] || wrong "$1: needs a file"; sources=$2; shift ;;
        --help|-h) usage; exit 0 ;;
        --list)
            for c in $(categories); do
                set -- $(packages_of "$c")
                kind=$1
                shift 3
                printf '%s\t%s\t%s\n' "$c" "$kind" "$(plain "$@")"
            done
            exit 0 ;;
        -*) wrong "$1: unknown option" ;;
        */*) outdir=$1 ;;
        *)
            [ -n "$(packages_of "$1")" ] || wrong "$1: no such category; --list prints them"
            wanted="$wanted $1" ;;
    esac
    shift
done
[ -n "$wanted" ] || wanted=$(categories)

for tool in perl apt-get apt-cache dpkg-deb tar gzip xz flock; do
    command -v $tool >/dev/null 2>&1 || {
        say "$tool: not found; this needs a Debian system with perl, xz-utils and util-linux"
        exit 1
    }
done

mkdir -p "$outdir"
outdir=$(cd "$outdir" && pwd)
[ -n "$cache" ] || cache=$outdir/.cache
mkdir -p "$cache/debs"
cache=$(cd "$cache" && pwd)

exec 9>"$outdir/.lock"
flock -n 9 || { say "$outdir: another build is running there; wait for it or give another -o"; exit 1; }

work=$outdir/.work
rm -rf "$work"
mkdir -p "$work/trees"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

failed=
apt_opts="-q"
# Where apt keeps no index of its lists, as in many containers, each call would make it anew.
index="-o Dir::Cache::pkgcache=$cache/pkgcache.bin -o Dir::Cache::srcpkgcache=$cache/srcpkgcache.bin"
case $cache in *[[:space:]]*) ;; *) apt_opts="$apt_opts $index" ;; esac
[ "$(id -u)" != 0 ] || apt_opts="$apt_opts -o APT::Sandbox::User=root"

known() { apt-cache $apt_opts show --no-all-versions "$1" >/dev/null 2>&1; }

# Package lists are fetched at most once, and only when one lacks a package.
updated=
update_lists() {
    [ -z "$updated" ] || return 0
    updated=yes
    say "package lists: incomplete; running apt-get update"
    if [ "$(id -u)" = 0 ]; then
        apt-get $apt_opts update >&2 || say "apt-get update: failed; check the network and the apt sources"
    else
        # a user's own lists, beside the downloads
        mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial"
        apt_opts="$apt_opts -o Dir::State::Lists=$cache/apt/lists -o Dir::Cache=$cache/apt"
        apt-get $apt_opts update >&2 || say "apt-get update: failed; check the network and the apt sources"
    fi
}

deb_of() {
    for f in "$cache/debs/$1"_*.deb; do
        [ -f "$f" ] && { printf '%s\n' "$f"; return 0; }
    done
    return 1
}

# Downloads those of the named packages that the cache has not.
download() {
    need=
    for p; do
        deb_of "$p" >/dev/null && continue
        known "$p" || update_lists
        if known "$p"; then need="$need $p"; fi
    done
    [ -n "$need" ] || return 0
    rm -rf "$cache/partial"
    mkdir -p "$cache/partial"
    # all at once, and one by one if that does not work
    if ! (cd "$cache/partial" && apt-get $apt_opts download $need >"$work/apt.log" 2>&1); then
        for p in $need; do
            (cd "$cache/partial" && apt-get $apt_opts download "$p" >"$work/apt.log" 2>&1) || {
                say "$p: download failed: $(grep -m 1 '^E:' "$work/apt.log" || echo 'no reason given'); run this again later"
            }
        done
    fi
    for f in "$cache/partial"/*.deb; do
        if [ -f "$f" ]; then mv "$f" "$cache/debs/"; fi
    done
    rm -rf "$cache/partial"
}

# Unpacks a package once, together with the archives of sources inside it.
unpack() {
    tree=$work/trees/$1
    [ ! -d "$tree" ] || return 0
    deb=$(deb_of "$1") || return 1
    rm -rf "$tree.new"
    mkdir -p "$tree.new"
    dpkg-deb -x "$deb" "$tree.new" || return 1
    chmod -R u+rwX "$tree.new"
    mkdir -p "$outdir/copyright"
    if [ -L "$tree.new/usr/share/doc/$1" ]; then
        # some packages leave theirs to another one of the same source
        echo "See the copyright file of the package $(basename "$(readlink "$tree.new/usr/share/doc/$1")")." \
            >"$outdir/copyright/$1"
    elif [ -f "$tree.new/usr/share/doc/$1/copyright" ]; then
        cp "$tree.new/usr/share/doc/$1/copyright" "$outdir/copyright/$1"
    fi
    find "$tree.new" -type f \( -name '*.png' -o -name '*.jpg' -o -name '*.ogg' -o -name '*.svg' \
        -o -name '*.pdf' -o -name '*.so' -o -name '*.a' \) -exec rm -f {} +
    find "$tree.new/usr/src" -type f \( -name '*.tar' -o -name '*.tar.*' \) 2>/dev/null | while read -r t; do
        tar -xf "$t" -C "$(dirname "$t")" --no-same-owner && rm -f "$t"
    done
    find "$tree.new" -type f -name src.zip | while read -r z; do
        perl -MIO::Uncompress::Unzip -MFile::Path=make_path -e '
            my ($zip, $to) = @ARGV;
            my $u = IO::Uncompress::Unzip->new($zip) or die "$zip: not a zip archive\n";
            my $more = 1;
            while ($more > 0) {
                my $name = $u->getHeaderInfo->{Name};
                if ($name =~ /\.java$/ && $name !~ m{(?:^|/)\.\.(?:/|$)}) {
                    my ($dir) = "$to/$name" =~ m{^(.*)/};
                    make_path($dir);
                    open my $f, ">:raw", "$to/$name" or die "$to/$name: $!\n";
                    my $buf;
                    print $f $buf while $u->read($buf) > 0;
                    close $f;
                }
                $more = $u->nextStream;
            }' "$z" "${z%.zip}" || say "$z: could not be unpacked; install the package perl"
    done
    find "$tree.new" -type f -name '*.gz' -exec gzip -dqf {} + || true
    mv "$tree.new" "$tree"
}

# The English paragraphs that tell untranslated pages; kept with the downloads.
english_paragraphs() {
    set -- $english_spec
    english_codes=$2
    shift 3
    [ ! -s "$english_file" ] || return 0
    say "english: reading the pages that others are translated from"
    download $(plain "$@")
    trees=
    for p; do
        if unpack "${p%+}"; then trees="$trees $p=$work/trees/${p%+}"; fi
    done
    perl "$extract" --kind lang --codes "$english_codes" --cap 0 --out "$work/none" \
        --write-english "$work/english.paragraphs" $trees >/dev/null
    rm -rf "$work/none"
    keep_english
}

keep_english() {
    rm -f "$cache"/english-*
    mv "$work/english.paragraphs" "$english_file"
}

# What prose.pl makes of a package, once.
read_prose() {
    [ ! -d "$work/prose/$1" ] || return 0
    mkdir -p "$work/prose/$1/usr/share/doc/$1"
    perl "$prose" "$work/trees/$1" "$work/prose/$1/usr/share/doc/$1" || failed="$failed $1(prose.pl)"
}

build() {
    category=$1
    spec=$(packages_of "$category")
    key=$( (cat "$extract"; printf '%s\n' "$spec"
            case $spec in lang*) printf '%s\n' "$english_spec" ;; esac
            case $spec in *'~'*) cat "$prose" ;; esac) | cksum | tr ' ' - )
    final=$outdir/$category
    if [ -z "$force" ] && [ "$(cat "$final/.stamp" 2>/dev/null)" = "$key" ]; then
        say "$category: is there already"
        return 0
    fi
    set -- $spec
    kind=$1 codes=$2 cap=$3
    shift 3
    say "$category: building"
    if [ "$kind" = lang ] && [ "$category" != english ]; then
        english_paragraphs
    fi
    download $(plain "$@")
    trees= used= missing=
    for p; do
        name=${p%[+~]}
        if unpack "$name"; then
            case $p in
                *'~') read_prose "$name"; trees="$trees $name=$work/prose/$name" ;;
                *) trees="$trees $p=$work/trees/$name" ;;
            esac
            used="$used $name=$(dpkg-deb -f "$(deb_of "$name")" Version)"
        else
            missing="$missing $name"
            say "$category: $name: no such package to be had; going on without it"
        fi
    done
    [ -n "$trees" ] || { failed="$failed $category"; say "$category: none of its packages to be had; check the network and the apt sources"; return 0; }
    english=
    if [ "$kind" = lang ] && [ "$category" != english ]; then
        english="--english $english_file"
    elif [ "$category" = english ]; then
        english="--write-english $work/english.paragraphs"
    fi
    new=$work/$category
    rm -rf "$new"
    if ! perl "$extract" --kind "$kind" --codes "$codes" --cap "$cap" --out "$new" $english $trees >"$work/counts"; then
        failed="$failed $category"
        say "$category: extract.pl failed; see its message above"
        return 0
    fi
    if [ "$category" = english ]; then keep_english; fi
    while read -r half documents bytes; do
        printf '%s\t%s\t%s\t%s\t%s\n' "$category" "$half" "$documents" "$bytes" "${used# }"
    done <"$work/counts" >"$new/.manifest"
    if [ -n "$missing" ]; then
        failed="$failed $category(lacks$missing)"
        echo incomplete >"$new/.stamp"
    else
        echo "$key" >"$new/.stamp"
    fi
    # whole or not at all
    if [ -d "$final" ]; then mv "$final" "$work/old.$category"; fi
    mv "$new" "$final"
    rm -rf "$work/old.$category"
    manifest
    # only packages that several categories share stay unpacked
    for p; do
        grep -q "^@.*[[:space:]]$p\\([[:space:]]\\|\$\\)" "$work/shared" || rm -rf "$work/trees/${p%[+~]}"
    done
}

manifest() {
    {
        printf 'category\thalf\tdocuments\tbytes\tpackages\n'
        for m in "$outdir"/*/.manifest; do
            if [ -f "$m" ]; then cat "$m"; fi
        done
    } >"$work/MANIFEST.tsv"
    mv "$work/MANIFEST.tsv" "$outdir/MANIFEST.tsv"
}

awk '/\\$/ { sub(/\\$/, ""); held = held $0 " "; next } { print held $0; held = "" }' "$base" "$sources" >"$work/shared"
english_spec=$(packages_of english)
english_file=$cache/english-$( (cat "$extract" && printf '%s\n' "$english_spec") | cksum | tr ' ' - )
for c in $wanted; do
    build "$c"
done
manifest
say "sizes: $outdir/MANIFEST.tsv"
if [ -n "$failed" ]; then
    say "not complete:$failed; run this again to try once more"
    exit 1
fi
