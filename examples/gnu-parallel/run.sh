#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Count shards with GNU parallel on one or many hosts, then solve.
#
#   run.sh TOKENIZER SHARDS.tsv WORK RESULT.json [-- option of bpemix solve ...]
#
# SHARDS.tsv has one shard a line: CATEGORY<TAB>PATH.  For several hosts set
# PARALLEL="--sshloginfile hosts" (they must see the same paths).  Run it again
# after a failure: only shards without a trace are counted.  Options of counting
# go into BPEMIX_COUNT_OPTIONS.
set -eu
usage() { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "run.sh: $1" >&2; exit 2; }
[ $# -ge 4 ] || usage
tokenizer=$1 shards=$2 work=$3 result=$4
shift 4
[ "${1:-}" != -- ] || shift
[ -r "$tokenizer" ] || fail "$tokenizer: cannot be read"
[ "$(awk 'length > 0' "$shards" | wc -l)" -gt 0 ] || fail "$shards: no shards; one CATEGORY<TAB>PATH a line"
bad=$(awk -F '\t' 'length > 0 && ($1 == "" || $2 == "" || NF > 2) { print; exit }' "$shards")
[ -z "$bad" ] || fail "$shards: '$bad' is no shard; one CATEGORY<TAB>PATH a line"
mkdir -p "$work"

# The traces in WORK are good for what it was started with alone.
plan=$work/plan.tsv
{
    printf 'tokenizer\t%s\t%s\n' "$tokenizer" "$(cksum < "$tokenizer")"
    printf 'options\t%s\n' "${BPEMIX_COUNT_OPTIONS:-}"
    awk 'length > 0' "$shards"
} > "$plan.new"
if [ -f "$plan" ] && ! cmp -s "$plan" "$plan.new"; then
    rm "$plan.new"
    fail "$work: started with another tokenizer, options or shards, see $plan; use another folder"
fi
mv "$plan.new" "$plan"

i=0
: > "$work/todo.tsv"
while IFS= read -r line; do
    trace=$work/$(printf %06d $i).trace
    [ -s "$trace" ] || printf '%s\t%s\n' "$trace" "$line" >> "$work/todo.tsv"
    i=$((i + 1))
done <<EOF
$(sed 1,2d "$plan")
EOF

# shellcheck disable=SC2086
parallel -q --colsep '\t' --trim n --workdir . --halt soon,fail=1 \
    "${BPEMIX:-bpemix}" count -q -j 1 -t "$tokenizer" -o '{1}' ${BPEMIX_COUNT_OPTIONS:-} '{2}={3}' \
    < "$work/todo.tsv"

n=$i
i=0
set -- "$@" --
while [ $i -lt $n ]; do
    set -- "$@" "$work/$(printf %06d $i).trace"
    i=$((i + 1))
done
exec "${BPEMIX:-bpemix}" solve --json "$result" "$@"
