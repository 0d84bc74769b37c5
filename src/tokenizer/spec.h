/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.h - what a tokenizer does to text before merging, as data.
 *
 * Readers fill these in; split/normalize.c and split/pretokenize.c carry them
 * out.  A spec owns its strings. */
#ifndef BMX_TOKENIZER_SPEC_H
#define BMX_TOKENIZER_SPEC_H

#include "base/mem.h"

/* Which engine's syntax a pattern is written in. */
typedef enum bmx_regex_flavor {
    BMX_REGEX_ONIGURUMA, /* tokenizer.json */
    BMX_REGEX_FANCY      /* Rust fancy-regex: rank files, tekken.json, presets */
} bmx_regex_flavor;

typedef struct bmx_pattern {
    char *text; /* owned; NUL-terminated, but len counts */
    size_t len;
    bool is_regex; /* false: a literal string */
    bmx_regex_flavor flavor;
} bmx_pattern;

/* As published with GPT-2; what the ByteLevel step of tokenizer.json splits by, too. */
#define BMX_PATTERN_GPT2 \
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

typedef enum bmx_normalizer_kind {
    BMX_NORM_NFC, BMX_NORM_NFD, BMX_NORM_NFKC, BMX_NORM_NFKD,
    BMX_NORM_LOWERCASE,
    BMX_NORM_STRIP,         /* strip_left, strip_right */
    BMX_NORM_STRIP_ACCENTS,
    BMX_NORM_REPLACE,       /* pattern, content */
    BMX_NORM_PREPEND,       /* content */
    BMX_NORM_PRECOMPILED,   /* charsmap */
    BMX_NORM_NMT,
    BMX_NORM_BERT,          /* bert.* */
    BMX_NORM_BYTE_LEVEL,
    BMX_NORM_SENTENCEPIECE, /* sp.*: charsmap, white space and dummy prefix of a .model file */
    BMX_NORM_CLIP           /* CLIP's own cleaning: white space collapsed, trimmed, lower-cased */
} bmx_normalizer_kind;

typedef struct bmx_normalizer_step {
    bmx_normalizer_kind kind;
    bool strip_left, strip_right;
    bmx_pattern pattern;
    bmx_slice content;  /* owned */
    bmx_slice charsmap; /* owned: the raw (decoded) precompiled map, may be empty */
    struct { bool clean_text, handle_chinese_chars, strip_accents, lowercase; } bert;
    struct {
        bool add_dummy_prefix, remove_extra_whitespaces, escape_whitespaces, suffix;
        bool whole_text;       /* a text unit is one line, as its encoder has it */
        const bmx_slice *keep; /* keep[n_keep]: strings that stay as they are; borrowed */
        size_t n_keep;
    } sp;
} bmx_normalizer_step;

typedef enum bmx_split_behavior {
    BMX_SPLIT_REMOVED, BMX_SPLIT_ISOLATED, BMX_SPLIT_MERGED_WITH_PREVIOUS,
    BMX_SPLIT_MERGED_WITH_NEXT, BMX_SPLIT_CONTIGUOUS
} bmx_split_behavior;
/* As tokenizer.json spells them. */
extern const char *const bmx_split_behavior_names[BMX_SPLIT_CONTIGUOUS + 1];

typedef enum bmx_pretokenizer_kind {
    BMX_PRE_BYTE_LEVEL,      /* add_prefix_space, use_regex */
    BMX_PRE_SPLIT,           /* pattern, behavior, invert */
    BMX_PRE_DIGITS,          /* individual_digits */
    BMX_PRE_PUNCTUATION,     /* behavior */
    BMX_PRE_WHITESPACE,
    BMX_PRE_WHITESPACE_SPLIT,
    BMX_PRE_METASPACE,       /* delimiter = replacement, prepend, split */
    BMX_PRE_CHAR_DELIMITER,  /* delimiter */
    BMX_PRE_BERT,
    BMX_PRE_UNICODE_SCRIPTS,
    BMX_PRE_FIXED_LENGTH,    /* length */
    BMX_PRE_SENTENCEPIECE    /* sp.*: word rules of the SentencePiece BPE trainer */
} bmx_pretokenizer_kind;

typedef enum { BMX_PREPEND_ALWAYS, BMX_PREPEND_FIRST, BMX_PREPEND_NEVER } bmx_prepend_scheme;

typedef struct bmx_pretokenizer_step {
    bmx_pretokenizer_kind kind;
    bool add_prefix_space, use_regex;
    bmx_pattern pattern;
    bmx_split_behavior behavior;
    bool invert;
    bool individual_digits;
    uint32_t delimiter; /* code point */
    bmx_prepend_scheme prepend;
    bool split;
    uint32_t length;    /* characters */
    struct {
        bool split_by_whitespace, allow_whitespace_only_pieces, treat_whitespace_as_suffix;
        uint32_t max_sentence_length; /* bytes; longer lines are skipped; 0: no limit */
        bmx_slice *boundaries;        /* boundaries[n_boundaries]: meta pieces cut out of the
                                         text */
        size_t n_boundaries;
    } sp;
} bmx_pretokenizer_step;

typedef struct bmx_normalizer_spec {
    bmx_normalizer_step *step; /* step[n], applied in order */
    size_t n, cap;
} bmx_normalizer_spec;

typedef struct bmx_pretokenizer_spec {
    bmx_pretokenizer_step *step;
    size_t n, cap;
    bool byte_level_input; /* text arrives in the printable byte alphabet (a ByteLevel
                              normalizer): pre-tokens are mapped back to raw bytes */
    char *name; /* for messages and reports: a preset's name, or a summary such as
                   "Digits, ByteLevel"; owned */
} bmx_pretokenizer_spec;

/* Append a zeroed step of this kind; *step valid until the next append. */
bpemix_status bmx_normalizer_add(bmx_normalizer_spec *s, bmx_normalizer_kind kind,
                                 bmx_normalizer_step **step, bpemix_error *err);
bpemix_status bmx_pretokenizer_add(bmx_pretokenizer_spec *s, bmx_pretokenizer_kind kind,
                                   bmx_pretokenizer_step **step, bpemix_error *err);
bpemix_status bmx_pattern_set(bmx_pattern *p, bmx_slice text, bool is_regex,
                              bmx_regex_flavor flavor, bpemix_error *err);
/* copy, NUL behind */
bpemix_status bmx_slice_own(bmx_slice *dst, bmx_slice src, bpemix_error *err);

void bmx_normalizer_spec_release(bmx_normalizer_spec *s);
void bmx_pretokenizer_spec_release(bmx_pretokenizer_spec *s);

/* SHA-256 of what the two specs do to text: names and fields that a kind does
 * not use are left out. */
bpemix_status bmx_spec_fingerprint(const bmx_normalizer_spec *norm,
                                   const bmx_pretokenizer_spec *pre, char hex[65],
                                   bpemix_error *err);

bool bmx_pretokenizer_has(const bmx_pretokenizer_spec *s, bmx_pretokenizer_kind kind);

const char *bmx_normalizer_kind_name(bmx_normalizer_kind kind);     /* "NFC", "Replace" */
const char *bmx_pretokenizer_kind_name(bmx_pretokenizer_kind kind); /* "ByteLevel", "Split" */

/* Fill `s` (empty) with a named preset: gpt2, cl100k, o200k, qwen, ...
 * E_USAGE with the list of names when there is no such preset. */
bpemix_status bmx_pretokenizer_preset(const char *name, bmx_pretokenizer_spec *s,
                                      bpemix_error *err);
/* Names of all presets, NULL-terminated. */
const char *const *bmx_pretokenizer_preset_names(void);

#endif
