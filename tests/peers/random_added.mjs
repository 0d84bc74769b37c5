// SPDX-License-Identifier: GPL-3.0-or-later
// random_added.mjs - random tokenizers whose normalizers, pre-tokenizers, added
// tokens, unknown tokens and marks come in all combinations, random texts, and
// the ids of the real Hugging Face library.  Some of them make the library end
// the process; the files before are whole.
//
//   node random_added.mjs SEED COUNT FOLDER
//
// Writes FOLDER/K.json, FOLDER/K.jsonl and FOLDER/K.ids for K = 0 .. COUNT - 1.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { emptyTokenizer, hf, normalizers, pretokenizers } from './hf.mjs';
import { holds, pipelines } from './random_pipeline.mjs';

const [seed, count, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
let state = BigInt(seed) * 2n + 1n;
function below(n) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(n));
}
const maybe = (percent) => below(100) < percent;
const pick = (list) => list[below(list.length)];
const pipeline = pipelines(below);

// Few letters, so that tokens occur; what white space, words and forms are made of.
const letters = ['a', 'b', 'c', 'A', ' ', ' ', '\n', '1', '.', '_', '\u00e9', 'e\u0301', '\u2581',
  '\u00a0', '\u3000', '\u200d', '\u4e2d', '\ud83d\ude00', '\u0130', '\ufb01'];
function text(most, from = letters) {
  let s = '';
  for (let n = 1 + below(most); n > 0; n--) s += pick(from);
  return s;
}

// Every character of GPT-2's byte alphabet.
const bytes = [];
for (let b = 0, next = 256; b < 256; b++) {
  const same = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  bytes.push(String.fromCodePoint(same ? b : next++));
}

function random() {
  let byteLevel = maybe(40);
  const json = emptyTokenizer(null, null);
  const { model } = json;
  const names = Object.keys(normalizers);
  json.normalizer = maybe(60) ? normalizers[pick(names)] : null;
  if (maybe(50)) {
    Object.assign(json, pipeline());
    byteLevel = holds(json.normalizer, 'ByteLevel') || holds(json.pre_tokenizer, 'ByteLevel');
  } else if (byteLevel) json.pre_tokenizer = pretokenizers[pick(['gpt2', 'digits', 'prefix', 'cl100k', 'falcon'])];
  else if (maybe(70))
    json.pre_tokenizer = pretokenizers[pick(['metaspace', 'metaspace-first', 'whitespace', 'bert', 'delimiter'])];

  const vocab = new Map();
  const add = (t) => vocab.has(t) || vocab.set(t, vocab.size);
  const prefix = !byteLevel && maybe(15) ? '##' : '';
  const suffix = !byteLevel && maybe(15) ? '</w>' : '';
  if (byteLevel) {
    for (const b of bytes) if (!maybe(2)) add(b);
  } else {
    for (const c of new Set([...letters, '\u2581', 'i', '\u0307', 'f'])) {
      if (maybe(20)) continue; // not in the vocabulary
      add(c);
      if (prefix) add(prefix + c);
      if (suffix) add(c + suffix);
      if (prefix && suffix) add(prefix + c + suffix);
    }
    if (maybe(50)) {
      add('<unk>');
      model.unk_token = '<unk>';
      model.fuse_unk = maybe(50);
    }
    if (maybe(50)) {
      model.byte_fallback = true;
      for (let b = 0; b < 256; b++)
        if (!maybe(3)) add(`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);
    }
  }
  model.continuing_subword_prefix = prefix || null;
  model.end_of_word_suffix = suffix || null;
  model.ignore_merges = maybe(20);
  for (let k = below(60); k > 0; k--) {
    const [left, right] = [pick([...vocab.keys()]), pick([...vocab.keys()])];
    if (!right.startsWith(prefix)) continue; // the library cuts so much off, whatever it is
    const product = left + right.slice(prefix.length);
    if (!product || product.length > 12 || left === '<unk>' || right === '<unk>') continue;
    add(product);
    model.merges.push([left, right]);
  }
  if (maybe(30)) add(text(3)); // a token that no merge makes
  model.vocab = Object.fromEntries(vocab);

  const seen = new Set();
  for (let k = below(8); k > 0; k--) {
    const content = maybe(20) ? pick([...vocab.keys()]) : text(4);
    if (seen.has(content)) continue;
    seen.add(content);
    const special = maybe(30);
    // The library gives ids of its own: of the vocabulary, or behind it.
    const id = vocab.get(content) ?? vocab.size + json.added_tokens.filter((t) => t.id >= vocab.size).length;
    json.added_tokens.push({
      id, content, special, single_word: maybe(25), rstrip: maybe(25),
      // It also fails when this finds all of the token taken by the one before.
      lstrip: !/^\s/u.test(content) && maybe(25),
      // The library fails on one that normalization leaves nothing of.
      normalized: /[abcA1]/.test(content) && maybe(50),
    });
  }
  return json;
}

fs.mkdirSync(folder, { recursive: true });
for (let k = 0; k < count; k++) {
  let tokenizer;
  let json;
  for (;;) {
    json = random();
    if (!json.model.merges.length) continue;
    try {
      tokenizer = hf.Tokenizer.fromString(JSON.stringify(json));
      break;
    } catch {
      // refused: a merge whose product was made another way
    }
  }
  const base = path.join(folder, String(k));
  let records = '';
  let ids = '';
  for (let n = 0; n < 40; n++) {
    let s = '';
    for (let m = 1 + below(12); m > 0; m--)
      s += json.added_tokens.length && maybe(30) ? pick(json.added_tokens).content : text(6);
    records += JSON.stringify({ text: s }) + '\n';
    ids += (await tokenizer.encode(s, null, { addSpecialTokens: false })).getIds().join(' ') + '\n';
  }
  fs.writeFileSync(base + '.json', JSON.stringify(json));
  fs.writeFileSync(base + '.jsonl', records);
  fs.writeFileSync(base + '.ids', ids);
}
