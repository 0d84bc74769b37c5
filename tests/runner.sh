#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# runner.sh - tests/transcripts.pl finds what differs, and writes down what it will accept.
#
# usage: tests/runner.sh     BUILD=dir for another build folder than build.  Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0

# fails NAME: the transcript on standard input has a case that differs; passes NAME: it has none
run() { cat > "$tmp/x.t"; tests/transcripts.pl "$tmp/x.t" > "$tmp/tap" 2>&1; }
told() {
    if [ "$1" = "$2" ]; then echo "ok - runner: $3"; else echo "not ok - runner: $3"; sed 's/^/# /' "$tmp/tap"; bad=1; fi
}
fails() { run; told $? 1 "$1"; }
passes() { run; told $? 0 "$1"; }

printf '## a\n$ echo one; echo; echo two >&2; exit 3\none\n\\\n! two\n[3]\n' | passes 'output, standard error, exit code'
printf '## a\n$ x=5\n$ echo $x\n5\n\n## b\n$ echo ${x:-none}\nnone\n' | passes 'a case is one shell, the next another'
printf '## a\n$ cat <<E\n> one\n> E\none\n' | passes 'commands of several lines'
printf '## a\n$ printf "a\\033\\377\\n# b\\nc"\n\\a\\x1b\\xff\n\\# b\nc\n\\c\n' | passes 'bytes that are not text, no newline'
printf '## a\n$ seq 9\n1\n...\n8\n9\n' | passes 'lines left out'
printf '## a\n$ echo one\ntwo\n' | fails 'another output'
printf '## a\n$ echo one\n' | fails 'output where none is expected'
printf '## a\n$ true\none\n' | fails 'no output where some is expected'
printf '## a\n$ printf one\none\n' | fails 'a newline that is missing'
printf '## a\n$ echo one >&2\n' | fails 'standard error where none is expected'
printf '## a\n$ echo one >&2\none\n' | fails 'output on standard error'
printf '## a\n$ false\n' | fails 'an exit code'
printf '## a\n$ true\n[1]\n' | fails 'no exit code where one is expected'
printf '## a\n$ exit\n$ true\n' | fails 'commands behind the end'
printf '## a\n$ if\n' | fails 'a command that is none'
printf '## a\n$ seq 9\n1\n...\n8\n' | fails 'less than is left out'
printf '## a\n$ skip because\n$ false\n' | passes 'a case that is skipped'
grep -q '^ok - cli/x/a # SKIP because$' "$tmp/tap" || { echo 'not ok - runner: says what was skipped'; bad=1; }
printf '# c\n\n## a\n$ printf "x\\n\\n"; echo "[1]"; printf "\\001" >&2; false\nold\n\n# d\n$ true\n' > "$tmp/x.t"
tests/transcripts.pl --rewrite "$tmp/x.t" > /dev/null
tests/transcripts.pl "$tmp/x.t" > "$tmp/tap" 2>&1
told $? 0 'what was written is accepted'
[ "$(grep -c '^#' "$tmp/x.t")" = 3 ]
told $? 0 'comments stay'
exit $bad
