/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer.h - a published tokenizer, whatever file it came from.
 *
 *   tokens   every string of the vocabulary and every side or product of a
 *            merge, as raw bytes (byte alphabet already decoded), dense ids
 *   merges   trained.merge[T] in the order the trainer learned them
 *
 * T1  tokens are distinct strings; an id never changes.
 * T2  trained.merge[t].product is the id of the concatenation of left and right (less
 *     the continuing-subword prefix of the right side).
 * T3  Symbols that words start from are tokens too: byte[256] for a byte
 *     alphabet, single characters for a character alphabet. */
#ifndef BMX_TOKENIZER_TOKENIZER_H
#define BMX_TOKENIZER_TOKENIZER_H

#include "base/hash.h"
#include "base/utf8.h"
#include "result/facts.h"
#include "tokenizer/spec.h"

typedef enum bmx_format {
    BMX_FORMAT_TOKENIZER_JSON, BMX_FORMAT_MERGES_TXT, BMX_FORMAT_TIKTOKEN,
    BMX_FORMAT_COMPACT_RANKS, BMX_FORMAT_TEKKEN, BMX_FORMAT_SENTENCEPIECE,
    BMX_FORMAT_GGUF, BMX_FORMAT_CLIP, BMX_FORMAT_MINBPE, BMX_FORMAT_VOCAB_JSON
} bmx_format;
const char *bmx_format_name(bmx_format f); /* "tokenizer.json", "tiktoken", ... */

typedef enum bmx_alphabet { BMX_ALPHABET_BYTE, BMX_ALPHABET_CHARACTER } bmx_alphabet;

/* Why a merge carries no constraint, or deserves mention. */
enum {
    BMX_MERGE_REPEATED = 1, /* the same pair is listed earlier */
    BMX_MERGE_MANUAL = 2,   /* looks added by hand, not learned */
    BMX_MERGE_CUT = 4,      /* the stated pre-tokenizer would cut its product */
    BMX_MERGE_NEWLINE = 8,  /* its product has something behind a newline */
    BMX_MERGE_UNKNOWN = 16, /* a side or the product is missing from the vocabulary */
    BMX_MERGE_UNTRUE = 32,  /* excluded for another reason the reader gave a warning for */
    BMX_MERGE_TOO_LONG = 64, /* its product is longer than the trainer's limit */
    BMX_MERGE_UNMADE = 128, /* a side of it is neither a symbol nor the product of an earlier
                               merge */
    BMX_MERGE_UNREACHED = 256 /* merges before it join the text of its token otherwise */
};

typedef struct bmx_merge {
    uint32_t left, right, product; /* token ids */
    uint32_t flags;
} bmx_merge;

/* Symbols that are no tokens: a character that is in no vocabulary, when the
 * vocabulary is not known to be complete (open alphabet).  Such a symbol takes
 * part in pairs but is never merged. */
#define BMX_SYMBOL_RAW 0x80000000u    /* | code point */
#define BMX_SYMBOL_SUFFIX 0x40000000u /* the same with the end-of-word suffix */
#define BMX_SYMBOL_PREFIX 0x20000000u /* the same with the continuing-subword prefix */

/* Among ranks: a user-defined piece, taken whole wherever its text occurs. */
#define BMX_RANK_USER 0xfffffffeu

/* A string that stands for a token wherever it occurs: encoding cuts it out of
 * the text before anything else is done with it.  Counting ignores them,
 * because such tokens are added after training. */
typedef struct bmx_added_token {
    bmx_slice text;      /* owned, not empty */
    uint32_t vocab_id;   /* in the file's vocabulary */
    bool special;        /* a control token, not text */
    bool single_word;    /* not beside a word character */
    bool lstrip, rstrip; /* includes the white space before or behind it */
    bool normalized;     /* in its normalized form, looked for in normalized text */
} bmx_added_token;

/* Rules of the trainer that decide which pairs could compete (SentencePiece). */
typedef struct bmx_rules {
    bool sentencepiece;           /* the rules below apply; U+2581 only in front */
    uint32_t max_characters;      /* longest piece, 0: no limit */
    bool split_digits, split_by_script, split_by_number, allow_whitespace_only;
    bool drop_duplicate_products; /* a second pair with an existing product is never merged */
} bmx_rules;

/* Bytes of what continuing parts of a word begin with, and of what the ends of words have. */
enum { BMX_LONGEST_PREFIX = 32, BMX_LONGEST_SUFFIX = 24 };

/* What the tokens are. */
typedef struct bmx_vocabulary {
    bmx_alphabet alphabet;
    bool open_alphabet;          /* characters outside the vocabulary are symbols, not boundaries */
    bool byte_fallback;          /* other characters than those of the alphabet become bytes */
    bmx_intern tokens;
    uint32_t *id;                /* id[tokens.n]: in the file's vocabulary, BMX_NONE: none */
    size_t cap;                  /* of id, allocated */
    uint32_t size;               /* entries of the file's vocabulary; 0: the file has none */
    uint32_t byte_symbol[256];   /* token of each byte, for a byte alphabet or byte fallback;
                                    BMX_NONE */
    bmx_slice subword_prefix, word_suffix; /* owned; empty: none */
} bmx_vocabulary;

/* From text to tokens: normalizer, pre-tokenizer, then merges in order or, where there are
 * ranks, by rank. */
typedef struct bmx_pipeline {
    bmx_normalizer_spec normalizer;
    bmx_pretokenizer_spec pretokenizer;
    bmx_merge *merge;            /* merge[n_merges] */
    uint32_t n_merges;
    size_t merge_cap;            /* allocated */
    uint32_t *rank;              /* rank[n_ranks]: any two neighbours whose text is a token with a
                                    rank merge, lowest rank first; NULL: the merges decide */
    size_t n_ranks;
} bmx_pipeline;

/* Rules of encoding alone. */
typedef struct bmx_encoding_rules {
    bool ignore_merges;          /* a whole pre-token that is a token stays whole */
    bool fuse_unk;               /* unknown characters in a row are one unknown token */
    uint32_t unk_token;          /* token id; BMX_NONE: none */
} bmx_encoding_rules;

/* One vocabulary, and two ways from text to its tokens: the trainer's, as far as the file
 * tells, which counting follows, and that of the tokenizer's own library.  They differ for
 * files that a converter wrote, for ranks, and for SentencePiece, whose word rules are the
 * trainer's only.
 *
 * T4  A reader fills in `trained`, and of `encoded` what is different; loading completes it.
 *     What is the same is the very array of `trained`, which owns it; the steps of the
 *     normalizer always are. */
struct bpemix_tokenizer {
    /* the file */
    char *path;          /* as given */
    bmx_format format;
    char *format_detail; /* e.g. "converted from SentencePiece", NULL: nothing to add */
    uint32_t n_listed;   /* merges in the file, before redundant ones were dropped */
    uint64_t *count;     /* count[n_counts]: how often the file says that each learned merge
                            occurred, when it was merged; n_counts: trained.n_merges or 0 */
    size_t n_counts, counts_cap;
    bmx_values trainer_spec;     /* evidence from the file; empty: none */
    char **warning;              /* warning[n_warnings]: one line each */
    size_t n_warnings, warnings_cap;
    char digest[65];             /* of the merges that were learned */
    const struct bmx_known_list *recognized; /* by its tokens: its merges were not recovered, which
                                    counting words does without, and its digest is empty; NULL:
                                    the merges are here */

    bmx_vocabulary vocab;
    bmx_pipeline trained, encoded;
    bool pretokenizer_known;     /* false: the file holds none and none was named */
    size_t n_substitutes;        /* last steps of the trainer's normalizer that stand for a part of
                                    the encoder's pre-tokenizer */
    bmx_rules rules;
    bmx_encoding_rules encoding;
    uint32_t *unmerged; /* unmerged[n_unmerged]: vocabulary tokens that no merge of `trained`
                           makes, neither symbols nor added tokens; encoding may make
                           some of them all the same (bmx_reach_find() tells) */
    uint32_t n_unmerged;
    uint32_t n_by_hand;          /* unmerged[0 .. n_by_hand): appended after training, as the
                                    file says */
    bmx_added_token *added;      /* added[n_added], as listed */
    size_t n_added, added_cap, unmerged_cap;
};

/* Text of what merge t makes. */
static inline bmx_slice bmx_product_text(const bpemix_tokenizer *tok, uint32_t t)
{
    return tok->vocab.tokens.str[tok->trained.merge[t].product];
}

/* A token without the marks of its place in a word, as "##" in front and "</w>" behind, which are
 * no text. */
bmx_slice bmx_without_marks(bmx_slice token, bmx_slice prefix, bmx_slice suffix);
/* What merge t makes, without them. */
bmx_slice bmx_product_bare(const bpemix_tokenizer *tok, uint32_t t);

/* Was the list of the file rebuilt for counting?  Encoding then follows the one in the file. */
static inline bool bmx_merges_rebuilt(const bpemix_tokenizer *tok)
{
    return tok->encoded.merge && tok->encoded.merge != tok->trained.merge;
}

/* Give `encoded` the arrays that it shares with `trained` (T4), which may then only be changed in
 * place. */
void bmx_tokenizer_complete(bpemix_tokenizer *tok);

/* Add one line to the warnings. */
bpemix_status bmx_tokenizer_warn(bpemix_tokenizer *tok, bpemix_error *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* E_UNSUPPORTED with advice when the tokenizer is a vocabulary without merges, E_USAGE when it was
 * loaded without. */
bpemix_status bmx_tokenizer_need_merges(const bpemix_tokenizer *tok, bpemix_error *err);

/* E_USAGE when nothing says how text is split into pre-tokens. */
bpemix_status bmx_tokenizer_need_pretokenizer(const bpemix_tokenizer *tok, bpemix_error *err);

/* Token string; for a BMX_SYMBOL_RAW symbol it is written to buf[64]. */
bmx_slice bmx_symbol_text(const bpemix_tokenizer *tok, uint32_t symbol, char buf[64]);

/* Append the spelling of a symbol: bmx_token_escape(). */
bpemix_status bmx_symbol_display(const bpemix_tokenizer *tok, uint32_t symbol, bmx_buf *out,
                                 bpemix_error *err);

/* Bytes of the initial symbol that text begins with, which is not empty. */
static inline unsigned bmx_symbol_bytes(const bpemix_tokenizer *tok, bmx_slice text)
{
    uint32_t cp;
    unsigned n =
        tok->vocab.alphabet == BMX_ALPHABET_BYTE ? 1 : bmx_utf8_decode(text.ptr, text.len, &cp);

    return n ? n : 1;
}

/* Initial symbols of one pre-token (raw bytes for a byte alphabet, UTF-8 for a
 * character alphabet).  BMX_NONE in the output is a boundary: a character that
 * was not in the training text and joins no pair.  out has room for as many
 * symbols as the word has bytes; returns how many were written. */
size_t bmx_tokenizer_symbols(const bpemix_tokenizer *tok, bmx_slice word, uint32_t *out);

/* What the file says, without the findings about the merge list (findings.h).  Of every kind of
 * merge that it counts it shows BMX_EXAMPLES, or `list` if that is more.  Owned by the caller. */
#define BMX_EXAMPLES 10
bpemix_status bmx_tokenizer_facts(const bpemix_tokenizer *tok, size_t list, bmx_facts *out,
                                  bpemix_error *err);

/* ---- readers ---- */

typedef struct bmx_reader {
    const char *name;
    /* Does data look like this format?  Looks at no more than it needs. */
    bool (*probe)(bmx_slice data);
    /* Fill in *tok (zeroed; path set).  On failure the caller frees it. */
    bpemix_status (*read)(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err);
} bmx_reader;

extern const bmx_reader bmx_reader_tokenizer_json, bmx_reader_merges_txt, bmx_reader_tiktoken,
    bmx_reader_compact_ranks, bmx_reader_tekken, bmx_reader_sentencepiece, bmx_reader_gguf,
    bmx_reader_clip, bmx_reader_minbpe, bmx_reader_vocab_json;

/* Load from memory: probes the readers, checks invariants, computes the
 * digest.  bmx_tokenizer_load() is this behind bmx_tokenizer_read(). */
bpemix_status bmx_tokenizer_parse(const char *path, bmx_slice data, const bpemix_load_opts *opts,
                                  bpemix_tokenizer **out, bpemix_error *err);

/* Content of a tokenizer file.  Of a GGUF file, which can be many times the size
 * of memory, only the header. */
bpemix_status bmx_tokenizer_read(const char *path, bmx_buf *out, bpemix_error *err);

bpemix_status bmx_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                 bpemix_tokenizer **out, bpemix_error *err);
void bmx_tokenizer_free(bpemix_tokenizer *tok);

#endif
