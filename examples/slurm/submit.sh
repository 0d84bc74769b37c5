#!/bin/sh
# Count shards as a Slurm job array, then solve in a job that depends on it.
#
#   submit.sh TOKENIZER SHARDS.tsv WORK RESULT.json [-- option of bpemix solve ...]
#
# SHARDS.tsv has one shard a line: CATEGORY<TAB>PATH (a file or folder that every
# node sees).  WORK keeps one finished trace per shard.  Submit again after a
# failure: only shards without a trace are counted.  Options of counting go into
# BPEMIX_COUNT_OPTIONS, options of sbatch into SBATCH_* variables.
set -eu
usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 4 ] || usage
tokenizer=$1 shards=$2 work=$3 result=$4
shift 4
[ "${1:-}" != -- ] || shift
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"

missing=
i=0
while IFS= read -r line; do
    [ -n "$line" ] || continue
    [ -s "$work/$(printf %06d $i).trace" ] || missing=$missing${missing:+,}$i
    i=$((i + 1))
done < "$shards"
[ $i -gt 0 ] || { echo "submit.sh: $shards: no shards; one CATEGORY<TAB>PATH a line" >&2; exit 2; }

depend=
if [ -n "$missing" ]; then
    job=$(sbatch --parsable --array="$missing" \
        --export=ALL,BPEMIX_TOKENIZER="$tokenizer",BPEMIX_SHARDS="$shards",BPEMIX_WORK="$work" \
        --output="$work/count-%A_%a.log" "$here/count.sbatch")
    job=${job%%;*}
    depend=--dependency=afterok:$job
    echo "count: job $job, shards $missing"
else
    echo "count: every shard has its trace"
fi
# shellcheck disable=SC2086
job=$(sbatch --parsable $depend --kill-on-invalid-dep=yes \
    --export=ALL,BPEMIX_WORK="$work",BPEMIX_RESULT="$result",BPEMIX_N_SHARDS="$i" \
    --output="$work/solve-%j.log" "$here/solve.sbatch" "$@")
echo "solve: job ${job%%;*}"
