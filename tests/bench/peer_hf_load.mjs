// SPDX-License-Identifier: GPL-3.0-or-later
// peer_hf_load.mjs - CPU seconds the real Hugging Face library takes to load a
// tokenizer.json: the median of five loads.  PEERS as for ../peers/hf.mjs.
import fs from 'node:fs';
import process from 'node:process';
import { hf } from '../peers/hf.mjs';

const took = [];
for (let i = 0; i < 5; i++) {
  const from = process.cpuUsage();
  hf.Tokenizer.fromString(fs.readFileSync(process.argv[2], 'utf8'));
  const used = process.cpuUsage(from);
  took.push((used.user + used.system) / 1e6);
}
took.sort((a, b) => a - b);
console.log(took[2].toFixed(4));
