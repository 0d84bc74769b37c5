#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Time the Hugging Face trainer on given text, for comparison with counting.
#
#   [PEERS=build/peers] peer_hf_train.sh [--pretokenizer NAME] FILE...
#
# Prints "WALL CPU LIBRARY" with seconds of training alone (reading, splitting,
# counting, merging to 30000 tokens; not starting up), or fails with a reason.
set -u
here=$(dirname "$0")
PEERS=${PEERS:-${BUILD:-build}/peers}
export PEERS

sh "$here/../peers/install_hf.sh" || exit 1
out=$PEERS/bench-tokenizer.json
case ${1-} in
--pretokenizer) pretokenizer=$2; shift 2 ;;
*) pretokenizer=gpt2 ;;
esac
node "$here/../peers/hf_train.mjs" --pretokenizer "$pretokenizer" "$out" "$@" 2> "$PEERS/bench.log" |
    sed -n 's/.*"library":"\([^"]*\)","seconds":\([0-9.]*\),"cpu_seconds":\([0-9.]*\).*/\2 \3 \1/p' |
    grep . || { echo "training failed, see $PEERS/bench.log" >&2; exit 1; }
