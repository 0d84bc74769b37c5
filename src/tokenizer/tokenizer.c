/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer.c - tokenizers built by the readers, token by token and merge by merge, and words as
 * symbols. */
#include "base/escape.h"
#include "tokenizer/tokenizer.h"
#include "base/assert.h"
#include "base/format.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"

#include <stdarg.h>
#include <string.h>

const char *bmx_format_name(bmx_format f)
{
    static const char *const names[] = {
        [BMX_FORMAT_TOKENIZER_JSON] = "tokenizer.json", [BMX_FORMAT_MERGES_TXT] = "merges.txt",
        [BMX_FORMAT_TIKTOKEN] = "tiktoken",   [BMX_FORMAT_COMPACT_RANKS] = "compact ranks",
        [BMX_FORMAT_TEKKEN] = "tekken",       [BMX_FORMAT_SENTENCEPIECE] = "SentencePiece",
        [BMX_FORMAT_GGUF] = "GGUF",           [BMX_FORMAT_CLIP] = "CLIP merges",
        [BMX_FORMAT_MINBPE] = "minbpe",       [BMX_FORMAT_VOCAB_JSON] = "vocab.json",
    };
    return names[f];
}

/* ---- building ---- */

bpemix_status bmx_tokenizer_warn(bpemix_tokenizer *tok, bpemix_error *err, const char *fmt, ...)
{
    va_list ap;
    bpemix_status st = bmx_reserve(&tok->warning, &tok->warnings_cap, tok->n_warnings + 1,
                                   sizeof *tok->warning, err);
    char *text;

    if (st)
        return st;
    va_start(ap, fmt);
    text = bmx_vasprintf(fmt, ap);
    va_end(ap);
    if (!text)
        return bmx_nomem(err);
    tok->warning[tok->n_warnings++] = text;
    return BPEMIX_OK;
}

bpemix_status bmx_string_set(char **field, const char *text, bpemix_error *err)
{
    char *copy = bmx_strdup(text);

    if (!copy)
        return bmx_nomem(err);
    bmx_free(*field);
    *field = copy;
    return BPEMIX_OK;
}

bpemix_status bmx_token_add(bpemix_tokenizer *tok, bmx_slice text, uint32_t *id,
                            bpemix_error *err)
{
    bpemix_status st;
    bool is_new;

    /* make room first, so that every token has an entry in vocab.id */
    if ((st = bmx_reserve(&tok->vocab.id, &tok->vocab.cap, tok->vocab.tokens.n + 1,
                          sizeof *tok->vocab.id, err)) ||
        (st = bmx_intern_add(&tok->vocab.tokens, text, id, &is_new, err)))
        return st;
    if (is_new)
        tok->vocab.id[*id] = BMX_NONE;
    return BPEMIX_OK;
}

bpemix_status bmx_token_add_vocab(bpemix_tokenizer *tok, bmx_slice text, uint32_t vocab_id,
                                  uint32_t *id, bpemix_error *err)
{
    bpemix_status st = bmx_token_add(tok, text, id, err);

    if (!st && tok->vocab.id[*id] == BMX_NONE)
        tok->vocab.id[*id] = vocab_id;
    return st;
}

bpemix_status bmx_added_token_add(bpemix_tokenizer *tok, const bmx_added_token *added,
                                  bpemix_error *err)
{
    bmx_added_token copy = *added;
    bpemix_status st;

    if (!added->text.len)
        return BPEMIX_OK;
    copy.text = (bmx_slice){ 0 };
    if ((st = bmx_reserve(&tok->added, &tok->added_cap, tok->n_added + 1, sizeof *tok->added,
                          err)) ||
        (st = bmx_slice_own(&copy.text, added->text, err)))
        return st;
    tok->added[tok->n_added++] = copy;
    return BPEMIX_OK;
}

bpemix_status bmx_merge_text(const bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                             bmx_buf *out, bpemix_error *err)
{
    bmx_slice l = tok->vocab.tokens.str[left], r = tok->vocab.tokens.str[right],
              p = tok->vocab.subword_prefix;
    bpemix_status st;

    if (p.len && r.len >= p.len && !memcmp(r.ptr, p.ptr, p.len))
        r = bmx_slice_of(r.ptr + p.len, r.len - p.len);
    out->len = 0;
    st = bmx_buf_add(out, l.ptr, l.len, err);
    return st ? st : bmx_buf_add(out, r.ptr, r.len, err);
}

bmx_slice bmx_without_marks(bmx_slice token, bmx_slice prefix, bmx_slice suffix)
{
    if (suffix.len && token.len > suffix.len &&
        !memcmp(token.ptr + token.len - suffix.len, suffix.ptr, suffix.len))
        token.len -= suffix.len;
    if (prefix.len && token.len > prefix.len && !memcmp(token.ptr, prefix.ptr, prefix.len))
        token = bmx_slice_of(token.ptr + prefix.len, token.len - prefix.len);
    return token;
}

bmx_slice bmx_product_bare(const bpemix_tokenizer *tok, uint32_t t)
{
    return bmx_without_marks(bmx_product_text(tok, t), tok->vocab.subword_prefix,
                             tok->vocab.word_suffix);
}

bpemix_status bmx_merge_add_to(bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                               uint32_t product, uint32_t flags, bpemix_error *err)
{
    bpemix_status st;

    if (tok->trained.n_merges == BMX_NONE - 1)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 merges");
    if ((st = bmx_reserve(&tok->trained.merge, &tok->trained.merge_cap,
                          (size_t)tok->trained.n_merges + 1, sizeof *tok->trained.merge, err)))
        return st;
    if (tok->vocab.size && (tok->vocab.id[left] == BMX_NONE || tok->vocab.id[right] == BMX_NONE ||
                            tok->vocab.id[product] == BMX_NONE))
        flags |= BMX_MERGE_UNKNOWN;
    tok->trained.merge[tok->trained.n_merges++] =
        (bmx_merge){ .left = left, .right = right, .product = product, .flags = flags };
    return BPEMIX_OK;
}

/* Is the product of a merge the token behind that of the merge before?  So it is in vocabularies
 * that a trainer wrote, which spares most look-ups. */
static bool is_next_product(const bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                            uint32_t *product)
{
    const bmx_slice *str = tok->vocab.tokens.str, l = str[left], r = str[right];
    uint32_t n = tok->trained.n_merges, next = n ? tok->trained.merge[n - 1].product + 1 : 0;

    *product = next;
    return n && next < tok->vocab.tokens.n && !tok->vocab.subword_prefix.len &&
           str[next].len == l.len + r.len && !memcmp(str[next].ptr, l.ptr, l.len) &&
           !memcmp(str[next].ptr + l.len, r.ptr, r.len);
}

bpemix_status bmx_merge_add(bpemix_tokenizer *tok, uint32_t left, uint32_t right, uint32_t flags,
                            bpemix_error *err)
{
    bmx_buf text = { 0 };
    uint32_t product;
    bpemix_status st;

    if (is_next_product(tok, left, right, &product))
        return bmx_merge_add_to(tok, left, right, product, flags, err);
    if (!(st = bmx_merge_text(tok, left, right, &text, err)))
        st = bmx_token_add(tok, bmx_slice_of(text.ptr, text.len), &product, err);
    bmx_buf_release(&text);
    return st ? st : bmx_merge_add_to(tok, left, right, product, flags, err);
}

bpemix_status bmx_warn_unknown_merges(bpemix_tokenizer *tok, const char *place, bpemix_error *err)
{
    uint32_t n = 0, first = 0;

    for (uint32_t t = tok->trained.n_merges; t-- > 0;)
        if (tok->trained.merge[t].flags & BMX_MERGE_UNKNOWN) {
            n++;
            first = t;
        }
    if (!n)
        return BPEMIX_OK;
    return bmx_tokenizer_warn(tok, err, "merges of tokens that are not in the vocabulary: %u, "
                              "the first of them %s[%u]; they carry no constraint",
                              n, place, first);
}

bpemix_status bmx_tokenizer_use_preset(bpemix_tokenizer *tok, const char *name, bpemix_error *err)
{
    bmx_pretokenizer_spec spec = { 0 };
    bpemix_status st = bmx_pretokenizer_preset(name, &spec, err);

    if (st) {
        bmx_pretokenizer_spec_release(&spec);
        return st;
    }
    bmx_pretokenizer_spec_release(&tok->trained.pretokenizer);
    tok->trained.pretokenizer = spec;
    tok->pretokenizer_known = true;
    return BPEMIX_OK;
}

/* Does `encoded` have a pre-tokenizer of its own (T4)?  One may have no steps, but a name. */
static bool splits_otherwise(const bpemix_tokenizer *tok)
{
    const bmx_pretokenizer_spec *own = &tok->encoded.pretokenizer;

    return own->step != tok->trained.pretokenizer.step ||
           own->name != tok->trained.pretokenizer.name;
}

void bmx_tokenizer_complete(bpemix_tokenizer *tok)
{
    const bmx_pipeline *from = &tok->trained;
    bmx_pipeline *to = &tok->encoded;

    if (!to->merge) {
        to->merge = from->merge;
        to->n_merges = from->n_merges;
    }
    to->normalizer = from->normalizer;
    if (bmx_pretokenizer_has(&from->pretokenizer, BMX_PRE_SENTENCEPIECE)) {
        to->normalizer.n -= tok->n_substitutes; /* word rules of the trainer's own */
        return;
    }
    if (splits_otherwise(tok))
        bmx_pretokenizer_spec_release(&to->pretokenizer);
    to->pretokenizer = from->pretokenizer;
}

void bmx_tokenizer_take_specs(bpemix_tokenizer *tok, bmx_normalizer_spec *norm,
                              bmx_pretokenizer_spec *pre)
{
    *norm = tok->trained.normalizer;
    *pre = tok->trained.pretokenizer;
    if (!splits_otherwise(tok))
        tok->encoded.pretokenizer = (bmx_pretokenizer_spec){ 0 };
    tok->trained.pretokenizer = (bmx_pretokenizer_spec){ 0 };
    tok->trained.normalizer = tok->encoded.normalizer = (bmx_normalizer_spec){ 0 };
}

bpemix_status bmx_tokenizer_read_json(bpemix_tokenizer *tok, const char *where, bmx_slice text,
                                      bmx_json **out, bpemix_error *err)
{
    bmx_json_repeats repeats = { 0 };
    bmx_json *j;
    bpemix_status st = bmx_json_parse_foreign(where, text, &j, &repeats, err);

    if (st)
        return st;
    if (repeats.n &&
        (st = bmx_tokenizer_warn(tok, err,
                                 "keys that occur again in the same object: %u, the first of them "
                                 "%s; the last of each counts, as in the tokenizers library",
                                 repeats.n, repeats.first))) {
        bmx_json_free(j);
        return st;
    }
    *out = j;
    return BPEMIX_OK;
}

bool bmx_vocab_has_bytes(const bmx_json *vocab)
{
    bool seen[256] = { false };
    unsigned n = 0;

    if (bmx_json_kind_of(vocab) != BMX_JSON_OBJECT)
        return false; /* only members have keys */
    for (const bmx_json *v = bmx_json_first(vocab); v; v = bmx_json_next(v)) {
        const char *s = bmx_json_key(v);
        size_t len = strlen(s);
        uint32_t cp;
        int byte = len && len <= 4 && bmx_utf8_decode(s, len, &cp) == len ? bmx_bytelevel_byte(cp)
                                                                          : -1;
        if (byte >= 0 && !seen[byte]) {
            seen[byte] = true;
            n++;
        }
    }
    return n == 256;
}

/* ---- symbols ---- */

/* Token of one initial symbol with the marks of its place in the word. */
static uint32_t find_marked(const bpemix_tokenizer *tok, bmx_slice text, bool first, bool last)
{
    static const bmx_slice none;
    bmx_slice pre = first ? none : tok->vocab.subword_prefix;
    bmx_slice post = last ? tok->vocab.word_suffix : none;
    char buf[80];

    if (!pre.len && !post.len)
        return bmx_intern_find(&tok->vocab.tokens, text);
    BMX_ASSERT(pre.len + text.len + post.len <= sizeof buf); /* finish() in load.c refuses longer
                                                                marks */
    if (pre.len)
        memcpy(buf, pre.ptr, pre.len);
    memcpy(buf + pre.len, text.ptr, text.len);
    if (post.len)
        memcpy(buf + pre.len + text.len, post.ptr, post.len);
    return bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(buf, pre.len + text.len + post.len));
}

size_t bmx_tokenizer_symbols(const bpemix_tokenizer *tok, bmx_slice word, uint32_t *out)
{
    bool marked = tok->vocab.subword_prefix.len || tok->vocab.word_suffix.len;
    size_t n = 0;

    if (tok->vocab.alphabet == BMX_ALPHABET_BYTE) {
        for (size_t i = 0; i < word.len; i++)
            out[n++] = marked ? find_marked(tok, bmx_slice_of(word.ptr + i, 1), i == 0,
                                            i + 1 == word.len)
                              : tok->vocab.byte_symbol[(unsigned char)word.ptr[i]];
        return n;
    }
    for (size_t i = 0; i < word.len;) {
        uint32_t cp, id = BMX_NONE;
        unsigned len = bmx_utf8_decode(word.ptr + i, word.len - i, &cp);
        bool first = i == 0, last = i + (len ? len : 1) == word.len;

        if (len) {
            id = find_marked(tok, bmx_slice_of(word.ptr + i, len), first, last);
            if (id == BMX_NONE && tok->vocab.open_alphabet)
                id = BMX_SYMBOL_RAW | cp |
                     (last && tok->vocab.word_suffix.len ? BMX_SYMBOL_SUFFIX : 0) |
                     (!first && tok->vocab.subword_prefix.len ? BMX_SYMBOL_PREFIX : 0);
        }
        out[n++] = id;
        i += len ? len : 1;
    }
    return n;
}

bmx_slice bmx_symbol_text(const bpemix_tokenizer *tok, uint32_t symbol, char buf[64])
{
    size_t n = 0;

    if (symbol == BMX_NONE)
        return bmx_slice_of("", 0);
    if (!(symbol & BMX_SYMBOL_RAW))
        return symbol < tok->vocab.tokens.n ? tok->vocab.tokens.str[symbol] : bmx_slice_of("", 0);
    if (symbol & BMX_SYMBOL_PREFIX) {
        memcpy(buf, tok->vocab.subword_prefix.ptr, tok->vocab.subword_prefix.len);
        n = tok->vocab.subword_prefix.len;
    }
    BMX_ASSERT(n + 4 + tok->vocab.word_suffix.len <= 64); /* as above */
    n += bmx_utf8_encode(symbol & 0x1fffff, buf + n);
    if (symbol & BMX_SYMBOL_SUFFIX) {
        memcpy(buf + n, tok->vocab.word_suffix.ptr, tok->vocab.word_suffix.len);
        n += tok->vocab.word_suffix.len;
    }
    return bmx_slice_of(buf, n);
}

bpemix_status bmx_symbol_display(const bpemix_tokenizer *tok, uint32_t symbol, bmx_buf *out,
                                 bpemix_error *err)
{
    char buf[64];

    return bmx_token_escape(bmx_symbol_text(tok, symbol, buf), out, err);
}

bpemix_status bmx_tokenizer_need_merges(const bpemix_tokenizer *tok, bpemix_error *err)
{
    if (tok->trained.n_merges)
        return BPEMIX_OK;
    if (tok->recognized)
        return bmx_fail(err, BPEMIX_E_USAGE, tok->path, "loaded for counting words only");
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, tok->path,
                         "put the merges.txt or vocab.bpe that belongs to it into the same folder, "
                         "or give that",
                         "a vocabulary without merges");
}

bpemix_status bmx_tokenizer_need_pretokenizer(const bpemix_tokenizer *tok, bpemix_error *err)
{
    if (tok->pretokenizer_known)
        return BPEMIX_OK;
    bmx_fail_hint(err, BPEMIX_E_USAGE, tok->path,
                  tok->vocab.word_suffix.len /* as subword-nmt and fastBPE write lists */
                      ? "name one: whitespace, which splits words from signs, or spaces, if the "
                        "text was split before"
                      : "name one, for example gpt2 or cl100k",
                  "the file holds no pre-tokenizer that is known here");
    return bmx_with_param(err, BPEMIX_E_USAGE, "pretokenizer");
}

void bmx_tokenizer_free(bpemix_tokenizer *tok)
{
    if (!tok)
        return;
    bmx_free(tok->path);
    bmx_free(tok->format_detail);
    bmx_free(tok->count);
    bmx_intern_release(&tok->vocab.tokens);
    bmx_free(tok->vocab.id);
    bmx_free((char *)tok->vocab.subword_prefix.ptr);
    bmx_free((char *)tok->vocab.word_suffix.ptr);
    bmx_free(tok->unmerged);
    if (tok->encoded.merge != tok->trained.merge) /* T4 */
        bmx_free(tok->encoded.merge);
    if (splits_otherwise(tok))
        bmx_pretokenizer_spec_release(&tok->encoded.pretokenizer);
    bmx_free(tok->encoded.rank);
    bmx_free(tok->trained.merge);
    bmx_normalizer_spec_release(&tok->trained.normalizer);
    bmx_pretokenizer_spec_release(&tok->trained.pretokenizer);
    for (size_t i = 0; i < tok->n_added; i++)
        bmx_free((char *)tok->added[i].text.ptr);
    bmx_free(tok->added);
    bmx_values_release(&tok->trainer_spec);
    for (size_t i = 0; i < tok->n_warnings; i++)
        bmx_free(tok->warning[i]);
    bmx_free(tok->warning);
    bmx_free(tok);
}

bpemix_status bmx_unmerged_add(bpemix_tokenizer *tok, uint32_t token, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&tok->unmerged, &tok->unmerged_cap,
                                   (size_t)tok->n_unmerged + 1, sizeof *tok->unmerged, err);
    if (!st)
        tok->unmerged[tok->n_unmerged++] = token;
    return st;
}
