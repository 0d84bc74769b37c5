// SPDX-License-Identifier: GPL-3.0-or-later
// random_pipeline.mjs - random normalizers and pre-tokenizers, of every type and option that the
// Hugging Face library has.
//
// Left out is what differs by its nature: \X and caseless letters that fold to several, which are
// refused (bpemix-inspect(1)), and a regular expression that replaces the start of a text before a
// Metaspace that looks where the text starts, where the library goes by the offset it notes for
// the first character.
const regexes = [
  '\\s+', '\\d', '\\d{1,3}', '[a-c]+', '[^a-z]+', ' ', '(?=[A-Z])', '\\p{L}+|\\p{N}+', '\\b',
  ' ?[^\\s\\p{L}]+', '\\w+', '\\W', '[\\r\\n]+', '.', '(?i)a', 'a*', '^', '$', '\\p{Han}', '(?<=a)b',
  '(?!a)\\w', '[[:alpha:]]+', '\\h', 'x?', '(a|b)+', '(?<!\\d)(?=\\d{3})', '\\p{M}+', '\\p{Lu}',
  '[^\\S\\n]', '\\A.', '\\s+$', '^\\s+', '(?m)^.', '\\p{P}', '\\p{S}|\\p{P}', 'a++b?', '(?>a|ab)c?',
];
const strings = [' ', 'a', '\u2581', 'b', ' a', '\u00e9', 'ab', '\n', '\u4e2d', '1'];
const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const deepest = 2; // sequences in sequences

/** below(n): a random number from 0 to n - 1. */
export function pipelines(below) {
  const maybe = (percent) => below(100) < percent;
  const pick = (list) => list[below(list.length)];
  const pattern = () => (maybe(30) ? { String: pick(strings) } : { Regex: pick(regexes) });
  const several = (make, depth) => Array.from({ length: below(4) }, () => make(depth + 1));
  const metaspace = (replacement) => ({
    type: 'Metaspace', replacement, prepend_scheme: pick(['first', 'never', 'always']), split: maybe(50),
  });

  const normalizerKinds = [
    () => ({ type: pick(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
    () => ({ type: pick(['Lowercase', 'StripAccents', 'Nmt', 'ByteLevel']) }),
    () => ({ type: 'Prepend', prepend: pick(['\u2581', ' ', 'a', '<', '\u00e9', 'ab']) }),
    () => ({ type: 'Replace', pattern: pattern(), content: pick(['', '\u2581', ' ', 'b', 'aa', '$1', '\\1']) }),
    () => ({ type: 'Strip', strip_left: maybe(50), strip_right: maybe(50) }),
    () => ({
      type: 'BertNormalizer', clean_text: maybe(50), handle_chinese_chars: maybe(50),
      strip_accents: pick([null, true, false]), lowercase: maybe(50),
    }),
    (depth) => ({ type: 'Sequence', normalizers: several(normalizer, depth) }),
  ];
  const pretokenizerKinds = [
    () => ({ type: 'ByteLevel', add_prefix_space: maybe(30), trim_offsets: maybe(50), use_regex: maybe(50) }),
    () => metaspace(maybe(80) ? '\u2581' : '_'),
    () => ({ type: pick(['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer', 'UnicodeScripts']) }),
    () => ({ type: 'CharDelimiterSplit', delimiter: pick([' ', 'a', '\u2581', '\u4e2d']) }),
    () => ({ type: 'Punctuation', behavior: pick(behaviors) }),
    () => ({ type: 'Digits', individual_digits: maybe(50) }),
    () => ({ type: 'Split', pattern: pattern(), behavior: pick(behaviors), invert: maybe(40) }),
    (depth) => ({ type: 'Sequence', pretokenizers: several(pretokenizer, depth) }),
  ];

  function normalizer(depth = 0) {
    return pick(depth < deepest ? normalizerKinds : normalizerKinds.slice(0, -1))(depth);
  }
  function pretokenizer(depth = 0) {
    return pick(depth < deepest ? pretokenizerKinds : pretokenizerKinds.slice(0, -1))(depth);
  }

  /** A pair of them, without the combination that is left out. */
  return () => {
    for (;;) {
      const pair = { normalizer: maybe(60) ? normalizer() : null, pre_tokenizer: maybe(85) ? pretokenizer() : null };
      const text = JSON.stringify(pair);
      if (!(text.includes('"Replace"') && text.includes('"Regex"') && text.includes('"first"'))) return pair;
    }
  };
}

/** Is there a step of that type in it? */
export function holds(step, type) {
  return Boolean(step) && (step.type === type ||
    (step.normalizers ?? step.pretokenizers ?? []).some((s) => holds(s, type)));
}
