// SPDX-License-Identifier: GPL-3.0-or-later
// hf.mjs - what the scripts around the real Hugging Face library share: where
// it is installed, named pipelines, and the pieces of a tokenizer.json.
//
// The library is the published npm package `tokenizers`, the Rust
// implementation with Node bindings.  PEERS names the folder that holds its
// node_modules.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import process from 'node:process';

const home = path.resolve(process.env.PEERS ?? 'build/peers');
const require = createRequire(pathToFileURL(path.join(home, 'package.json')));

export const hf = require('tokenizers');
export const version = require('tokenizers/package.json').version;

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const bytesOnly = { ...byteLevel, use_regex: false };
const split = (Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });
const sequence = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });

const cl100k =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|" +
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const o200k =
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|` +
  `[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|` +
  '\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

export const pretokenizers = {
  gpt2: byteLevel,
  digits: sequence({ type: 'Digits', individual_digits: true }, byteLevel),
  prefix: { ...byteLevel, add_prefix_space: true },
  cl100k: sequence(split(cl100k), bytesOnly),
  o200k: sequence(split(o200k), bytesOnly),
  falcon: sequence(
    { type: 'Punctuation', behavior: 'Contiguous' },
    byteLevel,
    { type: 'Digits', individual_digits: false },
    split('[0-9][0-9][0-9]'),
  ),
  bert: { type: 'BertPreTokenizer' },
  whitespace: { type: 'Whitespace' },
  whitespacesplit: { type: 'WhitespaceSplit' },
  scripts: sequence({ type: 'UnicodeScripts' }, byteLevel),
  metaspace: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
  'metaspace-first': { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'first', split: true },
  delimiter: { type: 'CharDelimiterSplit', delimiter: ' ' },
  removed: sequence({ type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false }, bytesOnly),
  'merged-previous': sequence(
    { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    bytesOnly,
  ),
  'merged-next': sequence(
    { type: 'Split', pattern: { Regex: '[\\p{P}]' }, behavior: 'MergedWithNext', invert: false },
    bytesOnly,
  ),
  contiguous: sequence(
    { type: 'Split', pattern: { Regex: '\\s' }, behavior: 'Contiguous', invert: false },
    bytesOnly,
  ),
  inverted: sequence(
    { type: 'Split', pattern: { Regex: '\\w+|[^\\w\\s]+' }, behavior: 'Removed', invert: true },
    bytesOnly,
  ),
};

export const normalizers = {
  none: null,
  nfc: { type: 'NFC' },
  nfd: { type: 'NFD' },
  nfkc: { type: 'NFKC' },
  nfkd: { type: 'NFKD' },
  lowercase: { type: 'Lowercase' },
  nmt: { type: 'Nmt' },
  strip: { type: 'Strip', strip_left: true, strip_right: true },
  accents: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] },
  bert: {
    type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true,
    strip_accents: null, lowercase: true,
  },
  replace: { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
  'replace-regex': { type: 'Replace', pattern: { Regex: '[0-9]+' }, content: '#' },
  prepend: {
    type: 'Sequence',
    normalizers: [
      { type: 'Prepend', prepend: '\u2581' },
      { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
    ],
  },
};

/** A tokenizer.json as an object: given pipeline, nothing learned yet. */
export function emptyTokenizer(pretokenizer, normalizer) {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer,
    pre_tokenizer: pretokenizer,
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null,
      end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false,
      vocab: {}, merges: [],
    },
  };
}

/** Look a name up in one of the tables above, or take JSON as it stands. */
export function named(table, name, what) {
  if (name.startsWith('{')) return JSON.parse(name);
  if (!(name in table)) throw new Error(`no ${what} '${name}'; there are ${Object.keys(table).join(' ')}`);
  return table[name];
}

/** --name value pairs in front, operands behind. */
export function commandLine(argv, known) {
  const options = { ...known };
  let i = 0;
  for (; i < argv.length && argv[i].startsWith('--'); i++) {
    const name = argv[i].slice(2);
    if (!(name in known)) throw new Error(`unknown option --${name}`);
    options[name] = typeof known[name] === 'boolean' ? true : argv[++i];
  }
  return [options, argv.slice(i)];
}
