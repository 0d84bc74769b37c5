#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Make the Hugging Face library usable below $PEERS (default build/peers), by
# npm.  Says on standard error what is missing and fails when it cannot.
#
# The npm package ships the library itself (Rust, with Node bindings) for every
# platform, 64 MB.  The version is fixed so that results can be compared.
set -u
PEERS=${PEERS:-${BUILD:-build}/peers}
version=0.23.2

for tool in node npm; do
    command -v $tool > /dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
mkdir -p "$PEERS" || exit 1
[ -f "$PEERS/package.json" ] || echo '{ "private": true }' > "$PEERS/package.json" || exit 1
[ "$(PEERS=$PEERS node -p "require('$(cd "$PEERS" && pwd)/node_modules/tokenizers/package.json').version" \
     2> /dev/null)" = $version ] ||
    npm install --silent --no-audit --no-fund --prefix "$PEERS" tokenizers@$version \
        > "$PEERS/npm.log" 2>&1 ||
    { echo "npm install tokenizers@$version failed, see $PEERS/npm.log" >&2; exit 1; }
(cd "$PEERS" && node -e "require('tokenizers').BPE.empty()") 2> "$PEERS/load.log" ||
    { echo "the tokenizers package does not load, see $PEERS/load.log" >&2; exit 1; }
