/* SPDX-License-Identifier: GPL-3.0-or-later */
/* describe.c - a tokenizer as facts: what its file says. */
#include "base/escape.h"
#include "base/utf8.h"
#include "tokenizer/build.h"

#include <string.h>

/* The spelling of a symbol, appended to a list. */
static bpemix_status add_symbol(const bpemix_tokenizer *tok, uint32_t symbol, bmx_texts *list,
                                bpemix_error *err)
{
    char buf[64];

    return bmx_texts_take(list, bmx_token_text(bmx_symbol_text(tok, symbol, buf)), err);
}

static bpemix_status add_merge(const bpemix_tokenizer *tok, bmx_merge m, bmx_merge_texts *list,
                               bpemix_error *err)
{
    bpemix_status st = add_symbol(tok, m.left, list, err);

    return st ? st : add_symbol(tok, m.right, list, err);
}

static bpemix_status add_merges(const bpemix_tokenizer *tok, uint32_t from, uint32_t to,
                                bmx_merge_texts *list, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = from; t < to && !st; t++)
        st = add_merge(tok, tok->trained.merge[t], list, err);
    return st;
}

/* How many merges have that flag, and up to `most` of them. */
static bpemix_status flagged(const bpemix_tokenizer *tok, uint32_t flag, size_t most,
                             bmx_noticed_merges *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++)
        if (tok->trained.merge[t].flags & flag && out->count++ < most)
            st = add_merge(tok, tok->trained.merge[t], &out->example, err);
    return st;
}

static uint64_t pair_of(bmx_merge m) { return (uint64_t)m.left << 32 | m.right; }

/* Listed merges that the rebuilt list does without. */
static bpemix_status redundant(const bpemix_tokenizer *tok, size_t most, bmx_noticed_merges *out,
                               bpemix_error *err)
{
    bmx_map64 kept = { 0 };
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    out->count = tok->format != BMX_FORMAT_CLIP && tok->n_listed > tok->trained.n_merges
                     ? tok->n_listed - tok->trained.n_merges : 0;
    if (!bmx_merges_rebuilt(tok))
        return BPEMIX_OK;
    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++)
        st = bmx_map64_put(&kept, pair_of(tok->trained.merge[t]), t, err);
    for (uint32_t t = 0; t < tok->encoded.n_merges && n < most && !st; t++)
        if (bmx_map64_get(&kept, pair_of(tok->encoded.merge[t])) == BMX_NONE) {
            st = add_merge(tok, tok->encoded.merge[t], &out->example, err);
            n++;
        }
    bmx_map64_release(&kept);
    return st;
}

/* ---- steps of the normalizer and the pre-tokenizer ----
 *
 * Values are added through `put`, which keeps the first failure. */

typedef struct step_facts {
    bmx_values *v;
    bpemix_status st;
    bpemix_error *err;
} step_facts;

#define put(s, kind, ...)                                                          \
    do {                                                                           \
        if (!(s)->st)                                                              \
            (s)->st = bmx_values_put_##kind((s)->v, __VA_ARGS__, (s)->err);        \
    } while (0)

static void put_pattern(step_facts *s, const bmx_pattern *p)
{
    put(s, bytes, p->is_regex ? "regex" : "string", bmx_slice_of(p->text, p->len));
}

static void normalizer_step(step_facts *s, const bmx_normalizer_step *x)
{
    put(s, text, "type", bmx_normalizer_kind_name(x->kind));
    switch (x->kind) {
    case BMX_NORM_STRIP:
        put(s, bool, "strip_left", x->strip_left);
        put(s, bool, "strip_right", x->strip_right);
        break;
    case BMX_NORM_REPLACE:
        put_pattern(s, &x->pattern);
        /* fallthrough */
    case BMX_NORM_PREPEND:
        put(s, bytes, "content", x->content);
        break;
    case BMX_NORM_PRECOMPILED:
        put(s, uint, "charsmap_bytes", x->charsmap.len);
        break;
    case BMX_NORM_BERT:
        put(s, bool, "clean_text", x->bert.clean_text);
        put(s, bool, "handle_chinese_chars", x->bert.handle_chinese_chars);
        put(s, bool, "strip_accents", x->bert.strip_accents);
        put(s, bool, "lowercase", x->bert.lowercase);
        break;
    case BMX_NORM_SENTENCEPIECE:
        put(s, uint, "charsmap_bytes", x->charsmap.len);
        put(s, bool, "add_dummy_prefix", x->sp.add_dummy_prefix);
        put(s, bool, "remove_extra_whitespaces", x->sp.remove_extra_whitespaces);
        put(s, bool, "escape_whitespaces", x->sp.escape_whitespaces);
        put(s, bool, "treat_whitespace_as_suffix", x->sp.suffix);
        break;
    default:
        break;
    }
}

static void put_char(step_facts *s, const char *name, uint32_t cp)
{
    char c[4];
    put(s, bytes, name, bmx_slice_of(c, bmx_utf8_encode(cp, c)));
}

static void pretokenizer_step(step_facts *s, const bmx_pretokenizer_step *x)
{
    static const char *const schemes[] = { [BMX_PREPEND_ALWAYS] = "always",
                                           [BMX_PREPEND_FIRST] = "first",
                                           [BMX_PREPEND_NEVER] = "never" };

    put(s, text, "type", bmx_pretokenizer_kind_name(x->kind));
    switch (x->kind) {
    case BMX_PRE_BYTE_LEVEL:
        put(s, bool, "add_prefix_space", x->add_prefix_space);
        put(s, bool, "use_regex", x->use_regex);
        break;
    case BMX_PRE_SPLIT:
        put_pattern(s, &x->pattern);
        put(s, text, "behavior", bmx_split_behavior_names[x->behavior]);
        put(s, bool, "invert", x->invert);
        break;
    case BMX_PRE_DIGITS:
        put(s, bool, "individual_digits", x->individual_digits);
        break;
    case BMX_PRE_PUNCTUATION:
        put(s, text, "behavior", bmx_split_behavior_names[x->behavior]);
        break;
    case BMX_PRE_METASPACE:
        put_char(s, "replacement", x->delimiter);
        put(s, text, "prepend_scheme", schemes[x->prepend]);
        put(s, bool, "split", x->split);
        break;
    case BMX_PRE_CHAR_DELIMITER:
        put_char(s, "delimiter", x->delimiter);
        break;
    case BMX_PRE_FIXED_LENGTH:
        put(s, uint, "length", x->length);
        break;
    case BMX_PRE_SENTENCEPIECE:
        put(s, bool, "split_by_whitespace", x->sp.split_by_whitespace);
        put(s, bool, "allow_whitespace_only_pieces", x->sp.allow_whitespace_only_pieces);
        put(s, bool, "treat_whitespace_as_suffix", x->sp.treat_whitespace_as_suffix);
        put(s, uint, "max_sentence_length", x->sp.max_sentence_length);
        put(s, uint, "boundaries", x->sp.n_boundaries);
        break;
    default:
        break;
    }
}

static bpemix_status splitting(const bpemix_tokenizer *tok, bmx_facts *f, bpemix_error *err)
{
    step_facts s = { .err = err };

    f->normalizer = bmx_calloc(tok->trained.normalizer.n, sizeof *f->normalizer);
    f->split = bmx_calloc(tok->trained.pretokenizer.n, sizeof *f->split);
    if (!f->normalizer || !f->split)
        return bmx_nomem(err);
    for (size_t i = 0; i < tok->trained.normalizer.n; i++) {
        s.v = &f->normalizer[f->n_normalizers++];
        normalizer_step(&s, &tok->trained.normalizer.step[i]);
    }
    f->pretokenizer_known = tok->pretokenizer_known;
    if (!f->pretokenizer_known)
        return s.st;
    if (tok->trained.pretokenizer.name &&
        !(f->pretokenizer = bmx_strdup(tok->trained.pretokenizer.name)))
        return bmx_nomem(err);
    for (size_t i = 0; i < tok->trained.pretokenizer.n; i++) {
        s.v = &f->split[f->n_splits++];
        pretokenizer_step(&s, &tok->trained.pretokenizer.step[i]);
    }
    return s.st;
}

static bpemix_status rules(const bmx_rules *r, bmx_values *v, bpemix_error *err)
{
    step_facts s = { .v = v, .err = err };

    if (!r->sentencepiece)
        return BPEMIX_OK;
    put(&s, uint, "max_characters", r->max_characters);
    put(&s, bool, "split_digits", r->split_digits);
    put(&s, bool, "split_by_script", r->split_by_script);
    put(&s, bool, "split_by_number", r->split_by_number);
    put(&s, bool, "allow_whitespace_only", r->allow_whitespace_only);
    return s.st;
}

/* A copy of text; NULL stays NULL. */
static bpemix_status set(char **field, bmx_slice s, bpemix_error *err)
{
    bmx_texts one = { 0 };
    bpemix_status st = s.ptr ? bmx_texts_add(&one, s, err) : BPEMIX_OK;

    if (!st && one.n) {
        *field = one.text[0];
        one.n = 0;
    }
    bmx_texts_release(&one);
    return st;
}

static bpemix_status set_names(const bpemix_tokenizer *tok, bmx_facts *f, bpemix_error *err)
{
    const struct { char **field; const char *text; } name[] = {
        { &f->path, tok->path }, { &f->format, bmx_format_name(tok->format) },
        { &f->format_detail, tok->format_detail },
        { &f->alphabet, tok->vocab.alphabet == BMX_ALPHABET_BYTE ? "byte" : "character" }
    };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < sizeof name / sizeof *name && !st; i++)
        if (name[i].text)
            st = set(name[i].field, bmx_slice_str(name[i].text), err);
    if (!st)
        st = set(&f->subword_prefix,
                 bmx_slice_of(tok->vocab.subword_prefix.len ? tok->vocab.subword_prefix.ptr : "",
                              tok->vocab.subword_prefix.len),
                 err);
    return st ? st
              : set(&f->word_suffix,
                    bmx_slice_of(tok->vocab.word_suffix.len ? tok->vocab.word_suffix.ptr : "",
                                 tok->vocab.word_suffix.len),
                    err);
}

static bpemix_status describe(const bpemix_tokenizer *tok, size_t most, bmx_facts *f,
                              bpemix_error *err)
{
    uint32_t n = tok->trained.n_merges, shown = n < BMX_EXAMPLES ? n : BMX_EXAMPLES;
    bpemix_status st;

    f->known = true;
    f->open_alphabet = tok->vocab.open_alphabet;
    f->byte_fallback = tok->vocab.byte_fallback;
    f->vocab_size = tok->vocab.size;
    f->merges = n;
    f->merges_listed = tok->n_listed;
    memcpy(f->digest, tok->digest, sizeof f->digest);
    if ((st = set_names(tok, f, err)) || (st = splitting(tok, f, err)) ||
        (st = rules(&tok->rules, &f->rules, err)) ||
        (st = bmx_values_copy(&tok->trainer_spec, &f->trainer_spec, err)) ||
        (st = redundant(tok, most, &f->redundant, err)) ||
        (st = flagged(tok, BMX_MERGE_MANUAL, most, &f->manual, err)) ||
        (st = flagged(tok, BMX_MERGE_TOO_LONG, most, &f->too_long, err)) ||
        (st = flagged(tok, BMX_MERGE_REPEATED, most, &f->repeated, err)) ||
        (st = add_merges(tok, 0, shown, &f->first_merges, err)))
        return st;
    st = add_merges(tok, n - shown, n, &f->last_merges, err);
    for (size_t i = 0; i < tok->n_warnings && !st; i++)
        st = bmx_texts_add(&f->warning, bmx_slice_str(tok->warning[i]), err);
    return st;
}

bpemix_status bmx_tokenizer_facts(const bpemix_tokenizer *tok, size_t most, bmx_facts *out,
                                  bpemix_error *err)
{
    bmx_facts f;
    bpemix_status st;

    bmx_facts_init(&f);
    if ((st = describe(tok, most < BMX_EXAMPLES ? BMX_EXAMPLES : most, &f, err))) {
        bmx_facts_release(&f);
        return st;
    }
    *out = f;
    return BPEMIX_OK;
}
