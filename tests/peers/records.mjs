// SPDX-License-Identifier: GPL-3.0-or-later
// records.mjs - text as JSONL records, for encoders that take documents.
//
//   node records.mjs LINES TEXT > OUT.jsonl
//
// A record holds 1 to LINES lines (their number is drawn from a fixed seed)
// without the last line end; with LINES 1 each line is a record.
import fs from 'node:fs';
import process from 'node:process';

const [most, file] = process.argv.slice(2);
const lines = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  .decode(fs.readFileSync(file)).replace(/\n$/, '').split('\n');
let state = 1;
let out = '';
for (let i = 0; i < lines.length; ) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  const n = 1 + ((state >>> 16) % Number(most));
  const text = lines.slice(i, i + n).join('\n');
  if (text) out += JSON.stringify({ text }) + '\n';
  i += n;
}
process.stdout.write(out);
