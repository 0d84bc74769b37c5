#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# man.sh - the manual pages are well formed, and say what the program says of
# itself; so does README.md.
#
#   pages      mandoc finds nothing to warn of; cross references lead to pages
#   options    CMD --help and bpemix-CMD.1 list the same options, letters,
#              choices, defaults and exit statuses
#   headers    libbpemix.3 names every constant of bpemix.h, and says what its comments say
#   JSON       bpemix-json.5 and examples/result.schema.json name the same keys
#   README     the targets and options that it names exist
#
# Their examples are run by tests/transcripts.pl.
#
# usage: tests/man.sh    BUILD=dir for another build folder than build.
# Prints "ok - ..." or "not ok - ...", and a line of counts.
set -u
cd "$(dirname "$0")/.." || exit 1
top=$(pwd)
build=${BUILD:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
passed=0 failed=0 skipped=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C
NO_COLOR=1
PATH=$build:$PATH
export LC_ALL NO_COLOR PATH

ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }

# same NAME FILE-A FILE-B
same() {
    if diff "$2" "$3" > "$tmp/diff"; then
        ok "$1"
    else
        not_ok "$1"
        sed -n 's/^[<>]/    &/p' "$tmp/diff"
    fi
}

# ---- pages ----

for page in man/*.[1357]; do
    if ! command -v mandoc > /dev/null; then
        skip "$page: lint" 'no mandoc'
    elif mandoc -Tlint -W warning "$page" > "$tmp/lint" 2>&1; then
        ok "$page: lint"
    else
        not_ok "$page: lint"
        sed 's/^/    /' "$tmp/lint"
    fi
    lost=
    for x in $(sed -n 's/^\.Xr \(\(lib\)\{0,1\}bpemix[a-z-]*\) \([0-9]\).*/\1.\3/p' "$page"); do
        [ -f "man/$x" ] || lost="$lost $x"
    done
    if [ -z "$lost" ]; then
        ok "$page: cross references"
    else
        not_ok "$page: cross references lead nowhere:$lost"
    fi
done
# what stands behind "$ " is run by transcripts.pl; a command without it would not be
awk '/^\.Sh /{ here = $2 == "EXAMPLES" } /^\.Bd/{ shown = 1 } /^\.Ed/{ shown = 0 }
    here && shown && /^(bpemix|make|jq|python3) / { print FILENAME ":" FNR ": " $0 }' man/*.[1357] > "$tmp/unrun"
: > "$tmp/none"
same 'commands under EXAMPLES are run' "$tmp/none" "$tmp/unrun"
for page in man/*.1; do
    for section in 'EXIT STATUS' EXAMPLES CAVEATS; do
        if grep -q "^\\.Sh $section\$" "$page"; then
            ok "$page: $section"
        else
            not_ok "$page: no section $section"
        fi
    done
done

# ---- options ----

# The block of one option in a page: from its .It to the next one.
option_text() {
    awk -v name="$2" '
        /^\.It / { on = 0; for (i = 2; i < NF; i++) if ($i == "Fl" && $(i + 1) == "-" name) on = 1 }
        /^\.El/ { on = 0 }
        on' "$1"
}

# Lines "LETTER NAME VALUE [DEFAULT]" of a command's --help; "." for nothing.
help_options() {
    bpemix "$1" --help | awk '
        function flush() {
            if (name == "") return
            def = "."
            if (match(text, /\[[^]]*\]$/)) def = substr(text, RSTART + 1, RLENGTH - 2)
            print letter, name, value, def
        }
        /^  (-[a-z], |    )--/ {
            flush()
            letter = "."; text = $0
            if ($1 ~ /^-[a-z],$/) { letter = substr($1, 2, 1); $1 = ""; $0 = $0 }
            name = substr($1, 3)
            value = $2 ~ /\|/ ? $2 : "."
            next
        }
        /^exit status/ || /^$/ { flush(); name = "" }
        { text = text " " $0; sub(/ *$/, "", text) }
        END { flush() }'
}

for page in man/bpemix-*.1; do
    cmd=${page#man/bpemix-}
    cmd=${cmd%.1}
    if ! help_options "$cmd" > "$tmp/help" 2> /dev/null || [ ! -s "$tmp/help" ]; then
        not_ok "$page: bpemix $cmd --help lists no options"
        continue
    fi
    awk '{ print $2, $1 }' "$tmp/help" | sort > "$tmp/in-help"
    sed -n 's/^\.It Fl //p' "$page" | awk '
        $1 ~ /^-/ { print substr($1, 2), "." }
        $1 !~ /^-/ { print substr($4, 2), $1 }' | sort > "$tmp/in-page"
    same "$page: options of --help" "$tmp/in-help" "$tmp/in-page"
    bpemix "$cmd" --help | sed -n '/^exit status:/,$p' | tr '\n' ' ' | grep -o '[:,] [0-9][0-9]* ' |
        tr -cd '0-9\n' > "$tmp/in-help"
    sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/^\.It //p' "$page" > "$tmp/in-page"
    same "$page: statuses of --help" "$tmp/in-help" "$tmp/in-page"
    while read -r letter name value default rest; do # of several words, the first
        option_text "$page" "$name" > "$tmp/text"
        for choice in $(echo "$value" | tr '|' ' '); do
            # words in lower case are values, those in capitals stand for values
            case $choice in .|*[A-Z]*) continue ;; esac
            grep -qw "$choice" "$tmp/text" || not_ok "$page: --$name does not tell of '$choice'"
        done
        stated=$(sed -n 's/^Default: \([^ ,;]*\).*/\1/p' "$tmp/text" | sed 's/\.$//')
        if [ "$default" = . ]; then
            # no value to compare: flags are off, texts unset
            case $stated in off|none) ok "$page: --$name" ;; *) not_ok "$page: --$name: default '$stated'" ;; esac
        elif [ "$stated" = "$default" ]; then
            ok "$page: --$name"
        else
            not_ok "$page: --$name: default '$stated', the program says '$default'"
        fi
    done < "$tmp/help"
done
bpemix completion bash | sed -n '/COMP_CWORD" = 1/,/))/s/.*compgen -W "\([^"]*\)".*/\1/p' |
    tr ' ' '\n' | grep -v -e '^-' -e '^$' -e '^completion$' -e '^help$' | sort > "$tmp/commands"
ls man/bpemix-*.1 | sed 's|man/bpemix-\(.*\)\.1|\1|' | sort > "$tmp/pages"
same 'every command has a page' "$tmp/commands" "$tmp/pages"
sed -n 's/^\.Xr bpemix-\([a-z]*\) 1.*/\1/p; s/^\.It Xr bpemix-\([a-z]*\) 1.*/\1/p' man/bpemix.1 |
    sort -u > "$tmp/listed"
same 'man/bpemix.1 lists every command' "$tmp/commands" "$tmp/listed"

# ---- library ----

sed -n '/^typedef/d; s/^[a-z][a-z_0-9 *]*[ *]\(bpemix_[a-z_0-9]*\)(.*/\1/p' include/*.h |
    sort -u > "$tmp/functions"
sed -n 's/^\.F[on] "\{0,1\}\(bpemix_[a-z_]*\).*/\1/p' man/libbpemix.3 | sort -u > "$tmp/documented"
same 'man/libbpemix.3: functions of the headers' "$tmp/functions" "$tmp/documented"
grep -ho 'BPEMIX_[A-Z][A-Z_]*' include/*.h | grep -vx 'BPEMIX_\(H\|TEXT_H\|REPORT_H\|LAB_H\)' |
    sort -u > "$tmp/constants"
grep -o 'BPEMIX_[A-Z][A-Z_]*' man/libbpemix.3 | sort -u > "$tmp/documented"
same 'man/libbpemix.3: constants of the headers' "$tmp/constants" "$tmp/documented"
lost=
for f in $(cat "$tmp/functions"); do
    grep -qF "$f(" tests/*/*.[ch] tests/*.h || lost="$lost $f"
done
if [ -z "$lost" ]; then ok 'every function of the headers is called in some test'; else not_ok "functions of the headers that no test calls:$lost"; fi
man/reference.pl > "$tmp/page"
same 'man/libbpemix.3: SYNOPSIS and REFERENCE are those of bpemix.h (make golden)' "$tmp/page" man/libbpemix.3

# ---- JSON ----

"$build/tests/schema_check" --keys examples/result.schema.json | sort -u > "$tmp/keys"
sed '/^\.Sh OTHER DOCUMENTS/,$d' man/bpemix-json.5 | sed -n 's/^\.It Va //p' |
    sed -e 's/ Pq .*//' -e 's/ , Va /\n/g' | sort -u > "$tmp/documented"
same 'man/bpemix-json.5: keys of the schema' "$tmp/keys" "$tmp/documented"

# ---- README ----

# Blocks without a prompt are not run: the targets and options that they name exist.
sed -n '/^```$/,/^```$/p' README.md | sed -e :a -e '/\\$/N; s/\\\n//; ta' > "$tmp/blocks"
for target in $(sed -n 's/^make \([a-z-]*\).*/\1/p' "$tmp/blocks"); do
    if grep -q "^## $target:" Makefile; then ok "README.md: make $target"; else not_ok "README.md: no target $target"; fi
done
while read -r cmd options; do
    help_options "$cmd" > "$tmp/help" 2> /dev/null
    lost=
    for o in $options; do
        case $o in
        --*) o=${o%%=*}; grep -q "^[^ ]* ${o#--} " "$tmp/help" || lost="$lost $o" ;;
        -?) grep -q "^${o#-} " "$tmp/help" || lost="$lost $o" ;;
        esac
    done
    if [ -z "$lost" ]; then ok "README.md: bpemix $cmd"; else not_ok "README.md: bpemix $cmd has no$lost"; fi
done <<COMMANDS
$(sed -n 's/^\$ bpemix/bpemix/; s/^bpemix //p' "$tmp/blocks")
COMMANDS

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
