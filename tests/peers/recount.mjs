// SPDX-License-Identifier: GPL-3.0-or-later
// recount.mjs - counts of every pair after every merge, the plain way.
//
//   node recount.mjs TOKENIZER.json STEPS FILE...    one category per FILE
//
// Normalizer and pre-tokenizer are the Hugging Face library's own, line by
// line; every merge is then applied to every word and all its pairs counted
// anew.  A byte outside the vocabulary was not in the training text and joins
// no pair.  Prints what `dump_trace FILE.trace STEPS` does.
import fs from 'node:fs';
import process from 'node:process';
import { hf } from './hf.mjs';

const [file, stepsText, ...files] = process.argv.slice(2);
const steps = Number(stepsText);
const { model } = JSON.parse(fs.readFileSync(file, 'utf8'));
const merges = model.merges.map((m) => (Array.isArray(m) ? m : m.split(' ')));
const known = new Set(Object.keys(model.vocab));
const tokenizer = hf.Tokenizer.fromFile(file);
const normalizer = tokenizer.getNormalizer();
const pretokenizer = tokenizer.getPreTokenizer();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// The byte alphabet: bytes that print stand for themselves, the others for
// U+0100 and up in order.
const byteOf = new Map();
for (let b = 0, next = 0x100; b < 256; b++) {
  const prints = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  byteOf.set(String.fromCharCode(prints ? b : next++), b);
}
const hex = (token) => Buffer.from([...token].map((c) => byteOf.get(c))).toString('hex');

const words = new Map(); // string -> { tokens, count[category] }
files.forEach((name, category) => {
  for (const line of utf8.decode(fs.readFileSync(name)).split(/(?<=\n)/)) {
    const text = normalizer ? normalizer.normalizeString(line) : line;
    for (const [piece] of pretokenizer.preTokenizeString(text)) {
      let word = words.get(piece);
      if (!word) words.set(piece, (word = { tokens: [...piece], count: new Array(files.length).fill(0) }));
      word.count[category]++;
    }
  }
});

const events = new Map(); // "hex hex" -> Map of "step:cat" -> delta
function add(word, step, sign) {
  for (let i = 0; i + 1 < word.tokens.length; i++) {
    if (!known.has(word.tokens[i]) || !known.has(word.tokens[i + 1])) continue;
    const pair = `${word.tokens[i]} ${word.tokens[i + 1]}`;
    let of = events.get(pair);
    if (!of) events.set(pair, (of = new Map()));
    word.count.forEach((n, category) => {
      if (!n) return;
      const key = step * files.length + category;
      of.set(key, (of.get(key) ?? 0) + sign * n);
    });
  }
}

for (const word of words.values()) add(word, 0, 1);
for (let t = 0; t < Math.min(steps, merges.length); t++) {
  const [left, right] = merges[t];
  for (const word of words.values()) {
    const { tokens } = word;
    let found = false;
    for (let i = 0; i + 1 < tokens.length && !found; i++) found = tokens[i] === left && tokens[i + 1] === right;
    if (!found) continue;
    add(word, t + 1, -1);
    word.tokens = [];
    for (let i = 0; i < tokens.length; i++)
      word.tokens.push(tokens[i] === left && tokens[i + 1] === right ? left + tokens[++i] : tokens[i]);
    add(word, t + 1, 1);
  }
}

const out = [];
for (const [pair, of] of events) {
  const [left, right] = pair.split(' ');
  const changes = [...of].filter(([, delta]) => delta).sort((a, b) => a[0] - b[0])
    .map(([key, delta]) => `${Math.floor(key / files.length)}:${key % files.length}:${delta}`);
  if (changes.length) out.push(`${hex(left)} ${hex(right)} ${changes.join(' ')}`);
}
process.stdout.write(out.join('\n') + '\n');
