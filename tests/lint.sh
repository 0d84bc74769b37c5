#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# lint.sh - rules of CONTRIBUTING.md that a compiler does not know.
#
# usage: tests/lint.sh    Prints what breaks a rule, and fails then.
set -u
cd "$(dirname "$0")/.." || exit 1

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# rule TEXT: standard input lists the places that break it
rule() {
    cat > "$tmp/places"
    [ -s "$tmp/places" ] || return 0
    echo "lint: $1:"
    sed 's/^/    /' "$tmp/places"
    : > "$tmp/bad" # a pipe ends in a shell of its own
}

if [ -e .git ] && command -v git > /dev/null; then
    git ls-files '*.[ch]' '*.cpp' '*.sh' '*.pl' '*.py' '*.mjs' '*.sbatch' '*.md' '*.list' \
            'man/*.[1357]' Makefile .ci/run .github .clang-format .editorconfig .gitignore \
            'examples/debian/*.install' examples/debian/control |
        grep -v '^corpora/bundled/' |
        while read -r f; do [ ! -f "$f" ] || head -n 20 "$f" | grep -q 'SPDX-License-Identifier: ' || echo "$f"; done |
        rule 'every file that can hold a comment says its licence at its top'
fi

grep -Hn '#include "' src/cli/*.[ch] | grep -v '"bpemix\.h"\|"cli/\|"base/' |
    rule 'src/cli/ includes bpemix.h, cli/ and base/ only'

sed -n 's/^| `\([a-z]*\)\/` .*/\1/p' CONTRIBUTING.md > "$tmp/map"
grep -Ho '#include "[a-z]*/' src/*/*.[ch] src/solve/auction/*.[ch] |
    sed 's|^src/\([a-z]*\)/\(.*\):#include "\([a-z]*\)/|\1 \3 src/\1/\2|' |
    awk 'NR == FNR { at[$1] = NR; next } at[$2] > at[$1] { print $3 ": " $2 "/" }' "$tmp/map" - | sort -u |
    rule 'a stage includes headers of stages above it in the module map of CONTRIBUTING.md'

# by the symbols of the objects of the last build (BUILD), kinds of processors aside: their files
# are the same body, compiled again
ls src/*/*.c src/solve/auction/*.c | sed "s|.*|${BUILD:-build}/&|; s|\.c$|.o|" > "$tmp/objects"
if xargs ls < "$tmp/objects" > /dev/null 2>&1; then
    xargs nm -A -g < "$tmp/objects" | sed "s|^${BUILD:-build}/src/||; s|\(_avx[0-9]*\)\{0,1\}\.o:| |" |
        awk '{ name = $NF; type = $(NF - 1) }
            type == "U" { user[++n] = $1; used[n] = name; next }
            { at[name] = $1 }
            END { for (i = 1; i <= n; i++)
                      if (used[i] in at && at[used[i]] != user[i]) print user[i], at[used[i]] }' |
        sort -u > "$tmp/calls"
    tsort "$tmp/calls" 2>&1 > /dev/null | sed 's/^tsort: //; s/^.*input contains a loop:$/a circle:/' |
        rule 'files do not call each other in circles'
    awk '$1 == "diagnose/verify" && $2 !~ /^base\// { print $1 ".c: " $2 ".c" }' "$tmp/calls" |
        rule 'diagnose/verify.c shares no code with what it checks: it calls base/ alone'
else
    echo 'lint: circles of calls are looked for behind a build' >&2
fi

for header in archive.h cjson/cJSON.h glpk.h pcre2.h utf8proc.h zlib.h sha2.h xxhash.h; do
    grep -l "#include <$header>" src/*/*.[ch] src/solve/auction/*.[ch] > "$tmp/users"
    [ "$(wc -l < "$tmp/users")" -le 1 ] || sed "s|\$|: <$header>|" "$tmp/users"
done | rule 'a third-party header appears in one file'

# options of other programs, which a message may advise, aside
grep -Hn '"[^"]*--[a-z][^"]*"\|"[^"]*'"'bpemix [a-z]" src/*/*.c src/solve/auction/*.c | grep -v '^src/cli/\|zstd -dc\|fail_zstd(' |
    rule 'messages of the library name no option and no command of the program'

grep -Hn '"[^"]*\bline %' src/*/*.c src/solve/auction/*.c | grep -v '^src/cli/\|^src/base/error.c:' |
    rule 'the line of an input stands in bpemix_error.line, not in a message'

grep -HnE '^([a-z_]+ )*\**bpemix_[a-z_]+\(' src/*/*.c src/solve/auction/*.c | grep -v '^src/api/' |
    rule 'src/api/ alone defines bpemix_ functions'

grep -HnE 'bmx_json_(object|array|new_|put|push)' src/*/*.c src/solve/auction/*.c |
    grep -v '^src/result/\|^src/base/json\.c:' |
    rule 'JSON is built in result/ alone'

grep -HnE '(^|[^a-z_])(v?snprintf|v?asprintf|v?sprintf|strto(d|f|ld)|atof|strn?casecmp)\(' src/*/*.c src/solve/auction/*.c |
    grep -v '^src/cli/\|^src/base/format\.c:' |
    rule 'numbers become text, and text numbers, by base/format.h: a program that calls the library has a locale of its own'

find src -name '*.c' | while read -r f; do
    [ "$(wc -l < "$f")" -le 200 ] || sed -n 2p "$f" | grep -q '^/\*' || echo "$f"
done | rule 'a .c file of more than 200 lines opens with what it holds'

sources="include/*.h src/*/*.[ch] src/*/*/*.[ch] examples/*.c examples/*.cpp"
tests="tests/*.[ch] tests/*/*.[ch]"

# lines of test data, with strings or initializers, aside; the bytes of UTF-8 behind the first are no columns
LC_ALL=C awk '{ line = $0; gsub(/[\200-\277]/, "", line) }
    length(line) > 100 && !(FILENAME ~ /^tests\// && /"|^ *{ /) { print FILENAME ":" FNR }' $sources $tests |
    rule 'lines have up to 100 columns'

perl -0777 -ne 's{/\*.*?\*/}{$& =~ tr/\n//cdr}gse; # comments: their lines alone
    while (/^(?:(?!typedef)[a-z_][\w *]*?[ *](\w+)|[^;\n]*\(\*(\w+)\))\(((?:[^;{}()]|\([^()]*\))*)\)\s*[;{_]/mg) {
        my ($name, $at) = ($1 // $2, 1 + substr($_, 0, $-[0]) =~ tr/\n//);
        print "$ARGV:$at: $name\n" if 1 + $3 =~ tr/,// > 7;
    }' $sources $tests | rule 'functions have up to 7 parameters; what belongs together is a struct'

perl -ne '$name = $1 if /^[a-z_].*?(\w+)\(/; $start = $. if /^\{/;
    if (/^\}/ && defined $start) { print "$ARGV: $name, ", $. - $start + 1, " lines\n" if $. - $start > 70; undef $start }
    close ARGV if eof' $sources $tests | rule 'functions have up to 70 lines'

for f in $sources $tests; do [ "$(wc -l < "$f")" -le 700 ] || echo "$f"; done | rule 'files have up to 700 lines'

[ ! -f "$tmp/bad" ]
