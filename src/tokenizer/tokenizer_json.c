/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer_json.c - the tokenizer.json of Hugging Face tokenizers.
 *
 *   normalizer, pre_tokenizer   trees of components -> flat lists of steps
 *   decoder                     only as evidence of a byte alphabet
 *   added_tokens                for encoding; added after training as a rule
 *   model.vocab, model.merges   tokens and merges
 *
 * Components without "type" (written by very old versions) are told apart by
 * their fields. */
#include "base/utf8.h"
#include "tokenizer/base64.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/convert.h"
#include "tokenizer/json_scan.h"

#include <stdio.h>
#include <string.h>

/* ---- fields of a component ---- */

/* Where a component is, for messages: "pre_tokenizer.pretokenizers[1]". */
typedef struct place {
    char text[200];
} place;

static place at_member(const place *p, const char *key)
{
    place q;
    snprintf(q.text, sizeof q.text, "%.150s%s%.40s", p->text, p->text[0] ? "." : "", key);
    return q;
}

static place at_item(const place *p, const char *key, size_t i)
{
    place q;
    snprintf(q.text, sizeof q.text, "%.140s%s%.30s[%zu]", p->text, p->text[0] ? "." : "", key, i);
    return q;
}

static bpemix_status wrong_kind(const place *p, const char *key, const char *want,
                                const bmx_json *got, bpemix_error *err)
{
    place q = at_member(p, key);
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, q.text, "check that the file is whole",
                         "%s where %s is expected",
                         got ? bmx_json_kind_name(bmx_json_kind_of(got)) : "nothing", want);
}

static bpemix_status get_bool(const place *p, const bmx_json *j, const char *key, bool absent,
                              bool *out, bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, key);

    if (!bmx_json_is_null(v) && bmx_json_kind_of(v) != BMX_JSON_BOOL)
        return wrong_kind(p, key, "true or false", v, err);
    *out = bmx_json_bool(v, absent);
    return BPEMIX_OK;
}

static bpemix_status get_string(const place *p, const bmx_json *j, const char *key,
                                const char **out, bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, key);

    if (!(*out = bmx_json_string(v)))
        return wrong_kind(p, key, "a string", v, err);
    return BPEMIX_OK;
}

/* The one character of a string field. */
static bpemix_status get_char(const place *p, const bmx_json *j, const char *key, uint32_t *cp,
                              bpemix_error *err)
{
    const char *s;
    bpemix_status st = get_string(p, j, key, &s, err);
    size_t n;

    if (st)
        return st;
    n = strlen(s);
    if (!n || bmx_utf8_decode(s, n, cp) != n) {
        place q = at_member(p, key);
        return bmx_fail(err, BPEMIX_E_FORMAT, q.text, "not a single character");
    }
    return BPEMIX_OK;
}

static bpemix_status get_pattern(const place *p, const bmx_json *j, bmx_pattern *out,
                                 bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, "pattern");
    const char *s = bmx_json_string(v), *regex = bmx_json_string(bmx_json_get(v, "Regex")),
               *literal = bmx_json_string(bmx_json_get(v, "String"));

    if (regex)
        return bmx_pattern_set(out, bmx_slice_str(regex), true, BMX_REGEX_ONIGURUMA, err);
    if (literal || s) /* a bare string is what very old files hold */
        return bmx_pattern_set(out, bmx_slice_str(literal ? literal : s), false,
                               BMX_REGEX_ONIGURUMA, err);
    return wrong_kind(p, "pattern", "{\"Regex\": ...} or {\"String\": ...}", v, err);
}

static bpemix_status get_behavior(const place *p, const bmx_json *j, bool required,
                                  bmx_split_behavior *out, bpemix_error *err)
{
    static const char *const names[] = {
        [BMX_SPLIT_REMOVED] = "Removed", [BMX_SPLIT_ISOLATED] = "Isolated",
        [BMX_SPLIT_MERGED_WITH_PREVIOUS] = "MergedWithPrevious",
        [BMX_SPLIT_MERGED_WITH_NEXT] = "MergedWithNext", [BMX_SPLIT_CONTIGUOUS] = "Contiguous",
    };
    const bmx_json *v = bmx_json_get(j, "behavior");
    const char *s = bmx_json_string(v);
    char q[80];

    if (!s && bmx_json_is_null(v) && !required)
        return BPEMIX_OK;
    if (!s)
        return wrong_kind(p, "behavior", "a string", v, err);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(s, names[i])) {
            *out = (bmx_split_behavior)i;
            return BPEMIX_OK;
        }
    return bmx_fail(err, BPEMIX_E_UNSUPPORTED, p->text, "unknown behavior %s",
                    bmx_quote(q, sizeof q, s, strlen(s)));
}

/* A component's type, or what its fields say; "" when they say nothing. */
static const char *type_of(const bmx_json *j)
{
    static const char *const told_by[][2] = {
        { "normalizers", "Sequence" },     { "pretokenizers", "Sequence" },
        { "clean_text", "BertNormalizer" }, { "strip_left", "Strip" },
        { "precompiled_charsmap", "Precompiled" }, { "prepend", "Prepend" },
        { "content", "Replace" },          { "replacement", "Metaspace" },
        { "individual_digits", "Digits" }, { "add_prefix_space", "ByteLevel" },
        { "pattern", "Split" },            { "delimiter", "CharDelimiterSplit" },
        { "behavior", "Punctuation" },     { "length", "FixedLength" },
    };
    const char *type = bmx_json_string(bmx_json_get(j, "type"));

    for (size_t i = 0; !type && i < sizeof told_by / sizeof *told_by; i++)
        if (bmx_json_get(j, told_by[i][0]))
            type = told_by[i][1];
    return type ? type : "";
}

static bpemix_status unknown_type(const place *p, const char *what, const char *type,
                                  bpemix_error *err)
{
    char q[80];
    bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, p->text,
                  "name a pre-tokenizer in its place, or edit the file", "unknown %s %s", what,
                  type[0] ? bmx_quote(q, sizeof q, type, strlen(type)) : "without a type");
    return bmx_with_param(err, BPEMIX_E_UNSUPPORTED, "pretokenizer");
}

static bool is(const char *a, const char *b) { return !strcmp(a, b); }

/* ---- components ---- */

typedef struct kind_name {
    const char *type;
    int kind; /* a bmx_normalizer_kind or bmx_pretokenizer_kind */
} kind_name;

static const kind_name *find_kind(const kind_name *kinds, size_t n, const char *type)
{
    size_t i = 0;

    while (i < n && !is(type, kinds[i].type))
        i++;
    return i < n ? &kinds[i] : NULL;
}

/* Add the one step that j describes to a spec. */
typedef bpemix_status read_step_fn(void *spec, const bmx_json *j, const place *p,
                                   const char *type, bpemix_error *err);

/* A component is null, a step, or a Sequence with an array of components. */
static bpemix_status read_component(void *spec, const bmx_json *j, const place *p,
                                    const char *array, read_step_fn *read_step, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    const bmx_json *list;
    size_t i = 0;

    if (bmx_json_is_null(j))
        return BPEMIX_OK;
    if (bmx_json_kind_of(j) != BMX_JSON_OBJECT)
        return bmx_fail(err, BPEMIX_E_FORMAT, p->text, "%s where an object is expected",
                        bmx_json_kind_name(bmx_json_kind_of(j)));
    if (!is(type_of(j), "Sequence"))
        return read_step(spec, j, p, type_of(j), err);
    list = bmx_json_get(j, array);
    if (!list || bmx_json_kind_of(list) != BMX_JSON_ARRAY)
        return wrong_kind(p, array, "an array", list, err);
    for (const bmx_json *c = bmx_json_first(list); c && !st; c = bmx_json_next(c)) {
        place q = at_item(p, array, i++);
        st = read_component(spec, c, &q, array, read_step, err);
    }
    return st;
}

/* ---- normalizer ---- */

static bpemix_status read_normalizer_step(void *spec, const bmx_json *j, const place *p,
                                          const char *type, bpemix_error *err)
{
    static const kind_name kinds[] = {
        { "NFC", BMX_NORM_NFC }, { "NFD", BMX_NORM_NFD }, { "NFKC", BMX_NORM_NFKC },
        { "NFKD", BMX_NORM_NFKD }, { "Lowercase", BMX_NORM_LOWERCASE },
        { "Strip", BMX_NORM_STRIP }, { "StripNormalizer", BMX_NORM_STRIP },
        { "StripAccents", BMX_NORM_STRIP_ACCENTS }, { "Replace", BMX_NORM_REPLACE },
        { "Prepend", BMX_NORM_PREPEND }, { "Precompiled", BMX_NORM_PRECOMPILED },
        { "Nmt", BMX_NORM_NMT }, { "BertNormalizer", BMX_NORM_BERT }, { "Bert", BMX_NORM_BERT },
        { "ByteLevel", BMX_NORM_BYTE_LEVEL },
    };
    const kind_name *kind = find_kind(kinds, sizeof kinds / sizeof *kinds, type);
    bmx_normalizer_step *x = NULL;
    bpemix_status st;
    const char *text;

    if (!kind)
        return unknown_type(p, "normalizer", type, err);
    if ((st = bmx_normalizer_add(spec, (bmx_normalizer_kind)kind->kind, &x, err)))
        return st;
    switch (x->kind) {
    case BMX_NORM_STRIP:
        if (!(st = get_bool(p, j, "strip_left", true, &x->strip_left, err)))
            st = get_bool(p, j, "strip_right", true, &x->strip_right, err);
        break;
    case BMX_NORM_REPLACE:
        if (!(st = get_pattern(p, j, &x->pattern, err)) &&
            !(st = get_string(p, j, "content", &text, err)))
            st = bmx_slice_own(&x->content, bmx_slice_str(text), err);
        break;
    case BMX_NORM_PREPEND:
        if (!(st = get_string(p, j, "prepend", &text, err)))
            st = bmx_slice_own(&x->content, bmx_slice_str(text), err);
        break;
    case BMX_NORM_PRECOMPILED: {
        bmx_buf map = { 0 };
        bool ok = true;
        if (!(st = get_string(p, j, "precompiled_charsmap", &text, err)) &&
            !(st = bmx_base64_decode(bmx_slice_str(text), &map, &ok, err)))
            st = ok ? bmx_slice_own(&x->charsmap, bmx_slice_of(map.ptr, map.len), err)
                    : bmx_fail(err, BPEMIX_E_FORMAT, p->text, "precompiled_charsmap is not base64");
        bmx_buf_release(&map);
        break;
    }
    case BMX_NORM_BERT:
        if (!(st = get_bool(p, j, "clean_text", true, &x->bert.clean_text, err)) &&
            !(st = get_bool(p, j, "handle_chinese_chars", true, &x->bert.handle_chinese_chars,
                            err)) &&
            !(st = get_bool(p, j, "lowercase", true, &x->bert.lowercase, err)))
            st = get_bool(p, j, "strip_accents", x->bert.lowercase, &x->bert.strip_accents, err);
        break;
    default:
        break;
    }
    return st;
}

/* ---- pre-tokenizer ---- */

static bpemix_status read_metaspace(bmx_pretokenizer_step *x, const bmx_json *j, const place *p,
                                    bpemix_error *err)
{
    const bmx_json *scheme = bmx_json_get(j, "prepend_scheme");
    const char *s = bmx_json_string(scheme);
    bpemix_status st = get_char(p, j, "replacement", &x->delimiter, err);
    bool prefix;

    if (st || (st = get_bool(p, j, "split", true, &x->split, err)) ||
        (st = get_bool(p, j, "add_prefix_space", true, &prefix, err)))
        return st;
    if (bmx_json_is_null(scheme))
        x->prepend = prefix ? BMX_PREPEND_ALWAYS : BMX_PREPEND_NEVER;
    else if (s && is(s, "always"))
        x->prepend = BMX_PREPEND_ALWAYS;
    else if (s && is(s, "first"))
        x->prepend = BMX_PREPEND_FIRST;
    else if (s && is(s, "never"))
        x->prepend = BMX_PREPEND_NEVER;
    else
        return wrong_kind(p, "prepend_scheme", "\"always\", \"first\" or \"never\"", scheme, err);
    return BPEMIX_OK;
}

static bpemix_status read_pretokenizer_step(void *spec, const bmx_json *j, const place *p,
                                            const char *type, bpemix_error *err)
{
    static const kind_name kinds[] = {
        { "ByteLevel", BMX_PRE_BYTE_LEVEL }, { "Split", BMX_PRE_SPLIT },
        { "Digits", BMX_PRE_DIGITS }, { "Punctuation", BMX_PRE_PUNCTUATION },
        { "Whitespace", BMX_PRE_WHITESPACE }, { "WhitespaceSplit", BMX_PRE_WHITESPACE_SPLIT },
        { "Metaspace", BMX_PRE_METASPACE }, { "BertPreTokenizer", BMX_PRE_BERT },
        { "CharDelimiterSplit", BMX_PRE_CHAR_DELIMITER }, { "Delimiter", BMX_PRE_CHAR_DELIMITER },
        { "UnicodeScripts", BMX_PRE_UNICODE_SCRIPTS }, { "FixedLength", BMX_PRE_FIXED_LENGTH },
    };
    const kind_name *kind = find_kind(kinds, sizeof kinds / sizeof *kinds, type);
    bmx_pretokenizer_step *x = NULL;
    bpemix_status st;

    if (!kind)
        return unknown_type(p, "pre-tokenizer", type, err);
    if ((st = bmx_pretokenizer_add(spec, (bmx_pretokenizer_kind)kind->kind, &x, err)))
        return st;
    switch (x->kind) {
    case BMX_PRE_BYTE_LEVEL:
        if (!(st = get_bool(p, j, "add_prefix_space", true, &x->add_prefix_space, err)))
            st = get_bool(p, j, "use_regex", true, &x->use_regex, err);
        break;
    case BMX_PRE_SPLIT:
        if (!(st = get_pattern(p, j, &x->pattern, err)) &&
            !(st = get_behavior(p, j, true, &x->behavior, err)))
            st = get_bool(p, j, "invert", false, &x->invert, err);
        break;
    case BMX_PRE_DIGITS:
        st = get_bool(p, j, "individual_digits", false, &x->individual_digits, err);
        break;
    case BMX_PRE_PUNCTUATION:
        x->behavior = BMX_SPLIT_ISOLATED;
        st = get_behavior(p, j, false, &x->behavior, err);
        break;
    case BMX_PRE_METASPACE:
        st = read_metaspace(x, j, p, err);
        break;
    case BMX_PRE_CHAR_DELIMITER:
        st = get_char(p, j, "delimiter", &x->delimiter, err);
        break;
    case BMX_PRE_FIXED_LENGTH: {
        const bmx_json *v = bmx_json_get(j, "length");
        uint64_t n = 5;
        if (!bmx_json_is_null(v) && (!bmx_json_uint(v, UINT32_MAX, &n) || !n))
            st = wrong_kind(p, "length", "a positive integer", v, err);
        x->length = (uint32_t)n;
        break;
    }
    default:
        break;
    }
    return st;
}

static bpemix_status name_pretokenizer(bmx_pretokenizer_spec *s, bpemix_error *err)
{
    bmx_buf name = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < s->n && !st; i++)
        st = bmx_buf_addf(&name, err, "%s%s", i ? ", " : "",
                          bmx_pretokenizer_kind_name(s->step[i].kind));
    if (!st && !s->n)
        st = bmx_buf_addf(&name, err, "none");
    if (!st)
        st = bmx_buf_addc(&name, 0, err);
    if (st) {
        bmx_buf_release(&name);
        return st;
    }
    bmx_free(s->name);
    s->name = name.ptr;
    return BPEMIX_OK;
}

/* ---- alphabet ---- */

/* Does a component tree hold one of this type? */
static bool holds(const bmx_json *j, const char *type)
{
    static const char *const lists[] = { "normalizers", "pretokenizers", "decoders" };

    if (!j || bmx_json_kind_of(j) != BMX_JSON_OBJECT)
        return false;
    if (is(type_of(j), type))
        return true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const bmx_json *c = bmx_json_first(bmx_json_get(j, lists[i])); c;
             c = bmx_json_next(c))
            if (holds(c, type))
                return true;
    return false;
}

/* ---- model ---- */

/* Token text as the model compares it: raw bytes for a byte alphabet.  false:
 * not writable in the byte alphabet, so text can never become this token. */
static bpemix_status raw_text(const bpemix_tokenizer *tok, bmx_slice text, bmx_buf *buf,
                              bmx_slice *raw, bool *ok, bpemix_error *err)
{
    bpemix_status st;
    size_t n;

    *ok = true;
    *raw = text;
    if (tok->vocab.alphabet != BMX_ALPHABET_BYTE)
        return BPEMIX_OK;
    buf->len = 0;
    if ((st = bmx_buf_reserve(buf, text.len + 1, err)))
        return st;
    if ((*ok = bmx_bytelevel_decode(text, buf->ptr, &n)))
        *raw = bmx_slice_of(buf->ptr, n);
    return BPEMIX_OK;
}

static bpemix_status read_vocab(bpemix_tokenizer *tok, const bmx_json *vocab, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v)) {
        bmx_slice text = bmx_slice_str(bmx_json_key(v)), raw;
        uint64_t vocab_id;
        uint32_t id;
        char q[100];
        bool ok;

        if (!bmx_json_uint(v, BMX_NONE - 1, &vocab_id))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "model.vocab", "token %s has no id, but %s",
                          bmx_quote(q, sizeof q, text.ptr, text.len),
                          bmx_json_kind_name(bmx_json_kind_of(v)));
        else if (!(st = raw_text(tok, text, &buf, &raw, &ok, err)) && ok)
            st = bmx_token_add_vocab(tok, raw, (uint32_t)vocab_id, &id, err);
        tok->vocab.size++;
    }
    bmx_buf_release(&buf);
    return st;
}

/* One part of a merge.  Text outside the byte alphabet stays as it is. */
static bpemix_status add_part(bpemix_tokenizer *tok, bmx_slice text, bmx_buf *buf, uint32_t *id,
                              uint32_t *flags, bpemix_error *err)
{
    bmx_slice raw;
    bool ok;
    bpemix_status st = raw_text(tok, text, buf, &raw, &ok, err);

    if (st)
        return st;
    if (!ok)
        *flags |= BMX_MERGE_UNKNOWN;
    return bmx_token_add(tok, raw, id, err);
}

static bpemix_status read_merge(bpemix_tokenizer *tok, const bmx_json *m, bmx_buf *buf,
                                bpemix_error *err)
{
    const char *s = bmx_json_string(m), *space, *second;
    uint32_t left, right, flags = 0;
    bmx_slice l, r;
    bpemix_status st;
    char q[100];

    if (s) {
        size_t n = strlen(s);
        if (!strncmp(s, "#version", 8))
            return BPEMIX_OK;
        if (!(space = memchr(s, ' ', n)) || memchr(space + 1, ' ', n - (size_t)(space + 1 - s)) ||
            space == s || !space[1])
            return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "write \"left right\"",
                                 "%s is not two parts with a space between them",
                                 bmx_quote(q, sizeof q, s, n));
        l = bmx_slice_of(s, (size_t)(space - s));
        r = bmx_slice_of(space + 1, n - l.len - 1);
    } else {
        const bmx_json *a = bmx_json_kind_of(m) == BMX_JSON_ARRAY ? bmx_json_first(m) : NULL;
        const bmx_json *b = a ? bmx_json_next(a) : NULL;
        s = bmx_json_string(a);
        second = bmx_json_string(b);
        if (!s || !second || bmx_json_next(b) || !*s || !*second)
            return bmx_fail(err, BPEMIX_E_FORMAT, "",
                            "%s that is neither \"left right\" nor [\"left\", \"right\"]",
                            bmx_json_kind_name(bmx_json_kind_of(m)));
        l = bmx_slice_str(s);
        r = bmx_slice_str(second);
    }
    if ((st = add_part(tok, l, buf, &left, &flags, err)) ||
        (st = add_part(tok, r, buf, &right, &flags, err)))
        return st;
    return bmx_merge_add(tok, left, right, flags, err);
}

static bpemix_status check_model_type(const bmx_json *model, bpemix_error *err)
{
    const char *type = bmx_json_string(bmx_json_get(model, "type"));
    char q[80];

    if (!type && !bmx_json_get(model, "merges")) /* old files have no type */
        type = bmx_json_get(model, "unk_id")                     ? "Unigram"
               : bmx_json_get(model, "max_input_chars_per_word") ? "WordPiece"
                                                                  : "WordLevel";
    if (!type || is(type, "BPE"))
        return BPEMIX_OK;
    if (is(type, "WordPiece") || is(type, "Unigram") || is(type, "WordLevel"))
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "model.type",
                             "only BPE tokenizers tell about their training data this way",
                             "a %s model has no merges", type);
    return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "model.type", "unknown model %s",
                    bmx_quote(q, sizeof q, type, strlen(type)));
}

/* An optional string field; null counts as empty. */
static bpemix_status own_string(const bmx_json *model, const char *key, bmx_slice *out,
                                bpemix_error *err)
{
    static const place model_place = { "model" };
    const bmx_json *v = bmx_json_get(model, key);
    const char *s = bmx_json_string(v);

    if (bmx_json_is_null(v) || (s && !*s))
        return BPEMIX_OK;
    return s ? bmx_slice_own(out, bmx_slice_str(s), err)
             : wrong_kind(&model_place, key, "a string or null", v, err);
}

static bpemix_status read_model(bpemix_tokenizer *tok, const bmx_json *model, bpemix_error *err)
{
    static const place p = { "model" };
    const bmx_json *vocab = bmx_json_get(model, "vocab"), *merges = bmx_json_get(model, "merges");
    const char *unk = bmx_json_string(bmx_json_get(model, "unk_token"));
    bmx_buf buf = { 0 };
    size_t i = 0;
    bpemix_status st;

    if (!vocab || bmx_json_kind_of(vocab) != BMX_JSON_OBJECT)
        return wrong_kind(&p, "vocab", "an object", vocab, err);
    if (!merges || bmx_json_kind_of(merges) != BMX_JSON_ARRAY)
        return wrong_kind(&p, "merges", "an array", merges, err);
    if ((st = own_string(model, "continuing_subword_prefix", &tok->vocab.subword_prefix, err)) ||
        (st = own_string(model, "end_of_word_suffix", &tok->vocab.word_suffix, err)) ||
        (st = get_bool(&p, model, "byte_fallback", false, &tok->vocab.byte_fallback, err)) ||
        (st = get_bool(&p, model, "fuse_unk", false, &tok->encoding.fuse_unk, err)) ||
        (st = get_bool(&p, model, "ignore_merges", false, &tok->encoding.ignore_merges, err)) ||
        (st = read_vocab(tok, vocab, err)))
        return st;
    for (const bmx_json *m = bmx_json_first(merges); m && !st; m = bmx_json_next(m), i++)
        if ((st = read_merge(tok, m, &buf, err)))
            bmx_at(err, st, "model.merges[%zu]", i);
    bmx_buf_release(&buf);
    if (st)
        return st;
    if (unk && *unk)
        tok->encoding.unk_token = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(unk));
    if (tok->vocab.byte_fallback)
        for (unsigned b = 0; b < 256; b++) {
            char name[8];
            snprintf(name, sizeof name, "<0x%02X>", b);
            tok->vocab.byte_symbol[b] = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(name));
        }
    return bmx_warn_unknown_merges(tok, "model.merges", err);
}

/* ---- added tokens ---- */

/* The id is that of the vocabulary, if the token is in it, as in the original. */
static bpemix_status read_added_token(bpemix_tokenizer *tok, const bmx_json *a, const place *p,
                                      bmx_buf *buf, bpemix_error *err)
{
    bmx_added_token t = { 0 };
    const bmx_json *id = bmx_json_get(a, "id");
    const char *content;
    uint64_t vocab_id;
    uint32_t token;
    bmx_slice raw;
    bool ok;
    bpemix_status st;

    if ((st = get_string(p, a, "content", &content, err)) ||
        (st = get_bool(p, a, "special", false, &t.special, err)) ||
        (st = get_bool(p, a, "single_word", false, &t.single_word, err)) ||
        (st = get_bool(p, a, "lstrip", false, &t.lstrip, err)) ||
        (st = get_bool(p, a, "rstrip", false, &t.rstrip, err)) ||
        (st = get_bool(p, a, "normalized", !t.special, &t.normalized, err)))
        return st;
    if (!bmx_json_uint(id, BMX_NONE - 1, &vocab_id))
        return wrong_kind(p, "id", "a token id", id, err);
    t.text = bmx_slice_str(content);
    t.vocab_id = (uint32_t)vocab_id;
    if ((st = raw_text(tok, t.text, buf, &raw, &ok, err)))
        return st;
    token = ok ? bmx_intern_find(&tok->vocab.tokens, raw) : BMX_NONE;
    if (token != BMX_NONE && tok->vocab.id[token] != BMX_NONE)
        t.vocab_id = tok->vocab.id[token];
    return bmx_added_token_add(tok, &t, err);
}

static bpemix_status read_added(bpemix_tokenizer *tok, const bmx_json *added, bpemix_error *err)
{
    static const place root = { "" };
    bmx_buf buf = { 0 };
    size_t i = 0;
    bpemix_status st = BPEMIX_OK;

    if (bmx_json_is_null(added))
        return BPEMIX_OK;
    if (bmx_json_kind_of(added) != BMX_JSON_ARRAY)
        return wrong_kind(&root, "added_tokens", "an array", added, err);
    for (const bmx_json *a = bmx_json_first(added); a && !st; a = bmx_json_next(a)) {
        place p = at_item(&root, "added_tokens", i++);
        st = read_added_token(tok, a, &p, &buf, err);
    }
    bmx_buf_release(&buf);
    return st;
}

/* ---- files converted from something else ---- */

/* Tokens of model.vocab that are listed as added: out[n].  Their text is that
 * of the vocabulary's key. */
static bpemix_status find_added(const bpemix_tokenizer *tok, const bmx_json *added, uint32_t **out,
                                size_t *n, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = BPEMIX_OK;

    *n = 0;
    if (!(*out = bmx_malloc(bmx_json_count(added), sizeof **out)))
        return bmx_nomem(err);
    for (const bmx_json *a = bmx_json_first(added); a && !st; a = bmx_json_next(a)) {
        const char *s = bmx_json_string(bmx_json_get(a, "content"));
        bmx_slice raw;
        uint32_t id;
        bool ok;
        if (!s || (st = raw_text(tok, bmx_slice_str(s), &buf, &raw, &ok, err)) || !ok)
            continue;
        id = bmx_intern_find(&tok->vocab.tokens, raw);
        if (id != BMX_NONE)
            (*out)[(*n)++] = id;
    }
    bmx_buf_release(&buf);
    return st;
}

static bpemix_status undo_conversion(bpemix_tokenizer *tok, const bmx_json *added,
                                     bpemix_error *err)
{
    uint32_t *id;
    size_t n;
    bpemix_status st = find_added(tok, added, &id, &n, err);

    if (!st)
        st = bmx_undo_conversion(tok, id, n, err);
    bmx_free(id);
    return st;
}

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    static const place at_norm = { "normalizer" }, at_pre = { "pre_tokenizer" };
    const bmx_json *model, *norm, *pre;
    bmx_json *root;
    bpemix_status st = bmx_json_parse("", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_TOKENIZER_JSON;
    model = bmx_json_get(root, "model");
    norm = bmx_json_get(root, "normalizer");
    pre = bmx_json_get(root, "pre_tokenizer");
    if (!model || bmx_json_kind_of(model) != BMX_JSON_OBJECT) {
        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "model",
                           "give the tokenizer.json, or merges.txt with its vocab.json beside it",
                           model ? "%s where an object is expected" : "this JSON has no model",
                           model ? bmx_json_kind_name(bmx_json_kind_of(model)) : "");
        goto done;
    }
    if ((st = check_model_type(model, err)) ||
        (st = read_component(&tok->trained.normalizer, norm, &at_norm, "normalizers",
                             read_normalizer_step, err)))
        goto done;
    if (!opts || !opts->pretokenizer) { /* a named one replaces the file's, whatever that is */
        if ((st = read_component(&tok->trained.pretokenizer, pre, &at_pre, "pretokenizers",
                                 read_pretokenizer_step, err)) ||
            (st = name_pretokenizer(&tok->trained.pretokenizer, err)))
            goto done;
        tok->pretokenizer_known = true;
    }
    tok->vocab.alphabet = BMX_ALPHABET_CHARACTER;
    if (holds(pre, "ByteLevel") || holds(norm, "ByteLevel") ||
        (holds(bmx_json_get(root, "decoder"), "ByteLevel")) ||
        (!bmx_json_bool(bmx_json_get(model, "byte_fallback"), false) &&
         bmx_vocab_has_bytes(bmx_json_get(model, "vocab"))))
        tok->vocab.alphabet = BMX_ALPHABET_BYTE;
    if (tok->vocab.alphabet == BMX_ALPHABET_BYTE && tok->pretokenizer_known &&
        !holds(pre, "ByteLevel") && !holds(norm, "ByteLevel") &&
        (st = bmx_tokenizer_warn(
             tok, err,
             "the vocabulary is written in the byte alphabet, but the file "
             "has no step that maps text to it: its own library would drop spaces "
             "and other characters; here they are mapped all the same")))
        goto done;
    if (!(st = read_model(tok, model, err)) &&
        !(st = read_added(tok, bmx_json_get(root, "added_tokens"), err)))
        st = undo_conversion(tok, bmx_json_get(root, "added_tokens"), err);
done:
    bmx_json_free(root);
    return st;
}

static bool probe(bmx_slice data)
{
    return bmx_json_looks_like_object(data); /* the other two JSON formats are tried before */
}

const bmx_reader bmx_reader_tokenizer_json = { "tokenizer.json", probe, read };
