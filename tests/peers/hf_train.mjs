// SPDX-License-Identifier: GPL-3.0-or-later
// hf_train.mjs - train a BPE tokenizer with the real Hugging Face trainer.
//
//   node hf_train.mjs [--pretokenizer NAME] [--normalizer NAME] [--merges N]
//                     OUT.json FILE...
//
// The files are read line by line, as the library's train() does.  Its Node
// bindings train with the library's defaults: 30000 tokens, no minimum
// frequency, an alphabet of the bytes that occur.  A greedy trainer stopped
// earlier has the first part of the same list, so --merges cuts the list (and
// the vocabulary behind it).  Prints one line of JSON: seconds, CPU seconds,
// tokens and merges.
import fs from 'node:fs';
import process from 'node:process';
import { commandLine, emptyTokenizer, hf, named, normalizers, pretokenizers, version } from './hf.mjs';

const [options, [out, ...files]] = commandLine(process.argv.slice(2), {
  pretokenizer: 'gpt2', normalizer: 'none', merges: '',
});
if (!files.length) throw new Error('usage: hf_train.mjs [options] OUT.json FILE...');

const start = emptyTokenizer(
  named(pretokenizers, options.pretokenizer, 'pre-tokenizer'),
  named(normalizers, options.normalizer, 'normalizer'),
);
const tokenizer = hf.Tokenizer.fromString(JSON.stringify(start));
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
tokenizer.train(files);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const used = process.cpuUsage(cpu);
tokenizer.save(out, false);

const json = JSON.parse(fs.readFileSync(out, 'utf8'));
const model = json.model;
if (options.merges && Number(options.merges) < model.merges.length) {
  // A product that is learned twice has one id, so drop by what is still made.
  const made = new Set(model.merges.slice(0, Number(options.merges)).map(([l, r]) => l + r));
  const learned = new Set(model.merges.map(([l, r]) => l + r));
  model.merges = model.merges.slice(0, Number(options.merges));
  model.vocab = Object.fromEntries(
    Object.entries(model.vocab).filter(([token]) => made.has(token) || !learned.has(token)),
  );
  fs.writeFileSync(out, JSON.stringify(json));
}
console.log(JSON.stringify({
  library: `tokenizers ${version} (npm)`,
  seconds: Number(seconds.toFixed(3)),
  cpu_seconds: Number(((used.user + used.system) / 1e6).toFixed(3)),
  tokens: Object.keys(model.vocab).length,
  merges: model.merges.length,
}));
