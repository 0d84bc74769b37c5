#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The distributed examples, for real: a single-node Slurm and GNU parallel.
# The result must be byte-identical to `infer` in one process; a task killed
# half-way and submitted again must cost only itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$(pwd)
: "${BUILD:=build}"
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
PATH=$BUILD:$PATH
export PATH
dir=$BUILD/cluster
rm -rf "$dir"
mkdir -p "$dir"
passed=0 failed=0 skipped=0
ok() { if [ "$1" = 0 ]; then echo "ok - $2"; passed=$((passed + 1)); else echo "not ok - $2"; failed=$((failed + 1)); fi; }
skip() { echo "skip - $1"; skipped=$((skipped + 1)); }

install_packages() {
    command -v "$1" > /dev/null && return 0
    shift
    if [ "$(id -u)" = 0 ]; then su=; else su="sudo -n"; fi
    $su apt-get update -q > "$dir/apt.log" 2>&1
    $su env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >> "$dir/apt.log" 2>&1
}

# shards: every document of three bundled categories, alone
b=$top/corpora/bundled
bpemix train -qq -o "$dir/tok.json" --vocab-size 1256 --mixture english=0.5,german=0.3,c=0.2 \
    english="$b/english/train" german="$b/german/train" c="$b/c/train" > /dev/null || exit 1
for name in english german c; do
    for f in "$b/$name/sample"/*; do
        printf '%s\t%s\n' "$name" "$f"
    done
done > "$dir/shards.all"
# one of them by a link, so that it can be something else for a while; no final newline
victim=$(sed -n 5p "$dir/shards.all" | cut -f 2)
ln -s "$victim" "$dir/victim"
awk -F '\t' -v link="$dir/victim" '
    { printf "%s%s\t%s", NR == 1 ? "" : "\n", $1, NR == 5 ? link : $2 }' "$dir/shards.all" > "$dir/shards.tsv"
bpemix infer -qq -t "$dir/tok.json" --text-unit line --no-provenance --json "$dir/one.json" \
    english="$b/english/sample" german="$b/german/sample" c="$b/c/sample" > /dev/null || exit 1
BPEMIX_COUNT_OPTIONS="--text-unit line"
export BPEMIX_COUNT_OPTIONS

# ---- GNU parallel ----
if install_packages parallel parallel; then
    examples/gnu-parallel/run.sh "$dir/tok.json" "$dir/shards.tsv" "$dir/gp" "$dir/gp.json" -- -q --no-provenance > "$dir/gp.out" 2>&1
    cmp -s "$dir/one.json" "$dir/gp.json"
    ok $? "GNU parallel: result byte-identical to infer"
    rm "$dir/gp/000004.trace" "$dir/gp.json"
    touch -d '2001-01-01' "$dir"/gp/*.trace
    examples/gnu-parallel/run.sh "$dir/tok.json" "$dir/shards.tsv" "$dir/gp" "$dir/gp.json" -- -q --no-provenance > "$dir/gp.out" 2>&1
    cmp -s "$dir/one.json" "$dir/gp.json" && [ "$(find "$dir/gp" -name '*.trace' -newermt 2002-01-01 | wc -l)" = 1 ]
    ok $? "GNU parallel: a second run counts the missing shard alone"
    ! BPEMIX_COUNT_OPTIONS= examples/gnu-parallel/run.sh "$dir/tok.json" "$dir/shards.tsv" "$dir/gp" "$dir/gp.json" > "$dir/gp.out" 2>&1 &&
        grep -q 'started with another tokenizer, options or shards' "$dir/gp.out"
    ok $? "GNU parallel: traces of other options are not taken for these"
    set -- --vocab-size 356 --trials 4 --simulate --train-bytes 1M --max-bytes 100k --corpus "$top/corpora/bundled"
    bpemix experiment -qq "$@" > "$dir/trials.one"
    examples/gnu-parallel/experiment.sh 3 "$dir/trials" "$@" > "$dir/trials.out" 2>&1
    cmp -s "$dir/trials.one" "$dir/trials.out"
    ok $? "GNU parallel: trials in shards come to the same table"
else
    skip "GNU parallel: package parallel cannot be installed"
fi

# ---- Slurm ----
start_slurm() {
    install_packages slurmctld slurm-wlm munge || return 1
    [ "$(id -u)" = 0 ] || return 1
    [ -f /etc/munge/munge.key ] || { dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 2> /dev/null; }
    chown munge:munge /etc/munge/munge.key
    chmod 400 /etc/munge/munge.key
    install -d -o munge -g munge -m 755 /run/munge
    if ! munge -n < /dev/null > /dev/null 2>&1; then
        runuser -u munge -- /usr/sbin/munged --pid-file="/run/munge/munged.pid" > "$dir/munge.log" 2>&1 &&
            munged=/run/munge/munged.pid
    fi
    host=$(hostname -s)
    getent hosts "$host" > /dev/null || echo "127.0.0.1 $host" >> /etc/hosts
    mkdir -p "$dir/slurm/state" "$dir/slurm/spool"
    cat > "$dir/slurm/slurm.conf" <<CONF
ClusterName=bpemix
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$dir/slurm/state
SlurmdSpoolDir=$dir/slurm/spool
SlurmctldPidFile=$dir/slurm/slurmctld.pid
SlurmdPidFile=$dir/slurm/slurmd.pid
SlurmctldLogFile=$dir/slurm/slurmctld.log
SlurmdLogFile=$dir/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
NodeName=$host CPUs=$(nproc) RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    sed -i "s/RealMemory=16000/RealMemory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)/" "$dir/slurm/slurm.conf"
    SLURM_CONF=$dir/slurm/slurm.conf
    export SLURM_CONF
    slurmctld && slurmd || return 1
    for _ in $(seq 30); do
        sinfo -h -o %T 2> /dev/null | grep -qE 'idle|mixed|allocated' && return 0
        sleep 1
    done
    return 1
}
stop_slurm() {
    for p in slurmd slurmctld; do
        [ -f "$dir/slurm/$p.pid" ] && kill "$(cat "$dir/slurm/$p.pid")" 2> /dev/null
    done
    [ -z "${munged:-}" ] || kill "$(cat "$munged")" 2> /dev/null
    return 0
}
wait_for() { # until no job is left, 120 s at most
    for _ in $(seq 240); do
        [ -z "$(squeue -h -o %i 2> /dev/null)" ] && return 0
        sleep 0.5
    done
    return 1
}
submit() { examples/slurm/submit.sh "$dir/tok.json" "$dir/shards.tsv" "$dir/sl" "$dir/sl.json" -- -q --no-provenance; }

trap stop_slurm EXIT
if start_slurm; then
    # one shard is a named pipe nobody writes to: its task hangs and is killed half-way
    mkfifo "$dir/hang"
    ln -sf "$dir/hang" "$dir/victim"
    submit > "$dir/submit.log" 2>&1
    for _ in $(seq 120); do
        [ "$(find "$dir/sl" -name '*.trace' | wc -l)" = 11 ] && break
        sleep 0.5
    done
    scancel --state=RUNNING --name=bpemix-count
    wait_for
    [ ! -e "$dir/sl.json" ] && [ ! -e "$dir/sl/000004.trace" ] && [ "$(find "$dir/sl" -name '*.trace' | wc -l)" = 11 ]
    ok $? "Slurm: a killed task leaves no trace of its own, keeps the others, and nothing is solved"
    ln -sf "$victim" "$dir/victim"
    touch -d '2001-01-01' "$dir"/sl/*.trace
    submit > "$dir/submit.log" 2>&1
    wait_for
    cmp -s "$dir/one.json" "$dir/sl.json"
    ok $? "Slurm: submitted again, the result is byte-identical to infer"
    [ "$(find "$dir/sl" -name '*.trace' -newermt 2002-01-01 | wc -l)" = 1 ]
    ok $? "Slurm: only the killed task ran again"
else
    skip "Slurm: slurm-wlm cannot be installed or started here; see $dir/slurm"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
