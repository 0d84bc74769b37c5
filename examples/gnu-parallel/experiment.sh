#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Divide the trials of an experiment among processes or hosts with GNU parallel.
#
#   experiment.sh N WORK [option of bpemix experiment ...] NAME=PATH ...
#
# N shards keep their finished trials in journals below WORK, so that a second run does only
# what is missing; then the journals are read together, and the table of all trials is
# printed.  For several hosts set PARALLEL="--sshloginfile hosts" (they must see the same
# paths).
set -eu
usage() { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 3 ] || usage
n=$1 work=$2
shift 2
mkdir -p "$work"

seq "$n" | parallel -q --workdir . --halt soon,fail=1 \
    "${BPEMIX:-bpemix}" experiment -q -j 1 "$@" --shard "{}/$n" --journal "$work/{}.jsonl" > /dev/null

# bash and sh have no arrays in common: the journals are put in front, one by one
for k in $(seq "$n"); do
    set -- --journal "$work/$k.jsonl" "$@"
done
exec "${BPEMIX:-bpemix}" experiment -q --journal "$work/all.jsonl" "$@"
