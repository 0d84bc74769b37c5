// SPDX-License-Identifier: GPL-3.0-or-later
// Results of many tokenizers and categories, made up from one small result document, as
// material for reports.
//
//   node made_up_results.mjs RESULT.json FOLDER TOKENIZERS CATEGORIES
//
// Shares are drawn with a fixed seed; names are long and short, and in several scripts.
import fs from 'fs';

const [, , from, folder, tokenizers, categories] = process.argv;
const n = Number(categories);
let seed = 7;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const words = ['english', 'русский', 'a rather long name of a category', 'c++', '日本語', 'العربية', 'ไทย', 'a_b|<x>&"', 'python', 'ελληνικά'];
const names = Array.from({ length: n }, (_, i) => words[i % words.length] + (i < words.length ? '' : ` ${i}`));
const groups = ['English', 'Other Latin script', 'Cyrillic', 'CJK', 'Code', 'Everything else', 'Arabic', 'Indic', 'Thai'];
const labels = ['GPT-4o', 'Mistral 7B v3', 'Claude', 'Llama 3 (own merges)', 'GPT-3.5', 'A tokenizer with a very long name, v2',
  'Gemma', 'GPT-NeoX', '通义千问', 'GPT-2'];
const levels = ['good', 'fair', 'poor', 'unusable'];

for (let t = 0; t < Number(tokenizers); t++) {
  const doc = JSON.parse(fs.readFileSync(from, 'utf8'));
  const share = names.map((_, i) => (i === 0 ? 1 : random() ** 6));
  const sum = share.reduce((a, b) => a + b);
  doc.categories = names.map((name, i) => {
    const v = share[i] / sum, width = v * random() * 0.6, identified = i % 40 !== 4;
    const range = identified ? [v - width, v + width] : [0, Math.min(1, v + 0.2)];
    const outer = [Math.max(0, range[0] - width / 4), Math.min(1, range[1] + width / 4)];
    return { ...doc.categories[0], name, share_bytes: v, share_pairs: v, share_merges: v, identified,
      range_bytes: range, range_pairs: range, range_merges: range,
      range_outer_bytes: outer, range_outer_pairs: outer, range_outer_merges: outer, sample_bytes: 1000000 + i };
  });
  doc.groups = [];
  doc.sweep = doc.sweep.map((p) => ({ ...p, share_bytes: share.map((v) => v / sum), share_pairs: share.map((v) => v / sum),
    share_merges: share.map((v) => v / sum) }));
  doc.inseparable = [];
  doc.other_solutions = [];
  doc.verdict = { ...doc.verdict, level: levels[t % 4] };
  doc.fit = { ...doc.fit, slack_relative: 0.1 + 0.2 * t };
  if (doc.provenance) doc.provenance.sources = names.map((name) => ({ ...doc.provenance.sources[0], category: name }));
  fs.writeFileSync(`${folder}/${t}.json`, JSON.stringify(doc));
}
fs.writeFileSync(`${folder}/groups.tsv`, names.map((name, i) => `${name}\t${i ? groups[i % groups.length] : 'English'}\n`).join(''));
fs.writeFileSync(`${folder}/labels`, labels.slice(0, Number(tokenizers)).join('\n') + '\n');
