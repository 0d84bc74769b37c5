// SPDX-License-Identifier: GPL-3.0-or-later
// hf_encode.mjs - token ids of documents from the real Hugging Face library.
//
//   node hf_encode.mjs [--jsonl FIELD] TOKENIZER.json FILE...
//
// One line of ids, separated by spaces, per document: a document is a file,
// or with --jsonl a record's FIELD.  The post-processor (start and end tokens)
// is left out.
import fs from 'node:fs';
import process from 'node:process';
import { commandLine, hf } from './hf.mjs';

const [options, [file, ...files]] = commandLine(process.argv.slice(2), { jsonl: '' });
if (!files.length) throw new Error('usage: hf_encode.mjs [--jsonl FIELD] TOKENIZER.json FILE...');

const json = JSON.parse(fs.readFileSync(file, 'utf8'));
json.post_processor = null;
json.truncation = null;
json.padding = null;
const tokenizer = hf.Tokenizer.fromString(JSON.stringify(json));

// The byte order mark is text here; TextDecoder drops it unless told not to.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function* documents() {
  for (const name of files) {
    const text = utf8.decode(fs.readFileSync(name));
    if (!options.jsonl) {
      yield text;
      continue;
    }
    for (const line of text.split('\n')) if (line) yield JSON.parse(line)[options.jsonl];
  }
}

for (const text of documents()) {
  // The encoder refuses empty input; no text has no ids.
  const ids = text === '' ? [] : (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
  if (!process.stdout.write(ids.join(' ') + '\n'))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}
