#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Count shards as a Slurm job array, then solve in a job that depends on it.
#
#   submit.sh TOKENIZER SHARDS.tsv WORK RESULT.json [-- option of bpemix solve ...]
#
# SHARDS.tsv has one shard a line: CATEGORY<TAB>PATH (a file or folder that every
# node sees).  WORK keeps one finished trace per shard.  Submit again after a
# failure: only shards without a trace are counted.  Options of counting go into
# BPEMIX_COUNT_OPTIONS, options of sbatch into SBATCH_* variables.
set -eu
usage() { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "submit.sh: $1" >&2; exit 2; }
[ $# -ge 4 ] || usage
tokenizer=$1 shards=$2 work=$3 result=$4
shift 4
[ "${1:-}" != -- ] || shift
here=$(cd "$(dirname "$0")" && pwd)
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

missing=
i=0
while IFS= read -r line; do
    [ -s "$work/$(printf %06d $i).trace" ] || missing=$missing${missing:+,}$i
    i=$((i + 1))
done <<EOF
$(sed 1,2d "$plan")
EOF

# in the environment, not in --export, which commas would divide
export BPEMIX_TOKENIZER="$tokenizer" BPEMIX_PLAN="$plan" BPEMIX_WORK="$work" \
    BPEMIX_RESULT="$result" BPEMIX_N_SHARDS="$i"
depend=
if [ -n "$missing" ]; then
    job=$(sbatch --parsable --array="$missing" --export=ALL \
        --output="$work/count-%A_%a.log" "$here/count.sbatch")
    job=${job%%;*}
    depend=--dependency=afterok:$job
    echo "count: job $job, shards $missing"
else
    echo "count: every shard has its trace"
fi
# shellcheck disable=SC2086
job=$(sbatch --parsable $depend --kill-on-invalid-dep=yes --export=ALL \
    --output="$work/solve-%j.log" "$here/solve.sbatch" "$@")
echo "solve: job ${job%%;*}"
