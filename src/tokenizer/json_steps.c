/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_steps.c - the components of a tokenizer.json: trees become flat lists of steps.
 *
 *   { "type": "Sequence", "normalizers": [ A, { "type": "Sequence", ... [ B ] } ] } -> A, B
 *
 * Components without "type" (written by very old versions) are told apart by
 * their fields. */
#include "tokenizer/json_steps.h"

#include "base/utf8.h"
#include "tokenizer/base64.h"
#include "tokenizer/json_fields.h"

#include <string.h>

/* ---- fields ---- */

/* The one character of a string field. */
static bpemix_status get_char(const bmx_json_place *p, const bmx_json *j, const char *key,
                              uint32_t *cp, bpemix_error *err)
{
    const char *s;
    bpemix_status st = bmx_field_string(p, j, key, &s, err);
    size_t n;

    if (st)
        return st;
    n = strlen(s);
    if (!n || bmx_utf8_decode(s, n, cp) != n) {
        bmx_json_place q = bmx_json_place_member(p, key);
        return bmx_fail(err, BPEMIX_E_FORMAT, q.text, "not a single character");
    }
    return BPEMIX_OK;
}

static bpemix_status get_pattern(const bmx_json_place *p, const bmx_json *j, bmx_pattern *out,
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
    return bmx_field_wrong(p, "pattern", "{\"Regex\": ...} or {\"String\": ...}", v, err);
}

static bpemix_status get_behavior(const bmx_json_place *p, const bmx_json *j, bool required,
                                  bmx_split_behavior *out, bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, "behavior");
    const char *s = bmx_json_string(v);
    char q[80];

    if (!s && bmx_json_is_null(v) && !required)
        return BPEMIX_OK;
    if (!s)
        return bmx_field_wrong(p, "behavior", "a string", v, err);
    for (size_t i = BMX_SPLIT_REMOVED; i <= BMX_SPLIT_CONTIGUOUS; i++)
        if (!strcmp(s, bmx_split_behavior_names[i])) {
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

static bpemix_status unknown_type(const bmx_json_place *p, const char *what, const char *type,
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
typedef bpemix_status read_step_fn(void *spec, const bmx_json *j, const bmx_json_place *p,
                                   const char *type, bpemix_error *err);

/* Published files have a handful.  Each step of a pre-tokenizer hands its pre-tokens on to the next
 * before it returns, so that thousands would exhaust the stack. */
enum { MOST_STEPS = 200 };

static bpemix_status check_steps(size_t n, const bmx_json_place *p, bpemix_error *err)
{
    return n < MOST_STEPS ? BPEMIX_OK
                          : bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, p->text,
                                          "check the file, or edit it", "more than %d steps",
                                          MOST_STEPS);
}

/* A component is null, a step, or a Sequence with an array of components. */
static bpemix_status read_component(void *spec, const bmx_json *j, const bmx_json_place *p,
                                    const char *array, read_step_fn *read_step, bpemix_error *err)
{
    enum { DEEPEST = 60 }; /* Hugging Face's library reads 62 levels */
    bpemix_status st = BPEMIX_OK;
    const bmx_json *list;
    size_t i = 0;

    if (p->level > DEEPEST)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, p->text, "sequences more than %d deep", DEEPEST);
    if (bmx_json_is_null(j))
        return BPEMIX_OK;
    if (bmx_json_kind_of(j) != BMX_JSON_OBJECT)
        return bmx_fail(err, BPEMIX_E_FORMAT, p->text, "%s where an object is expected",
                        bmx_json_kind_name(bmx_json_kind_of(j)));
    if (!is(type_of(j), "Sequence"))
        return read_step(spec, j, p, type_of(j), err);
    list = bmx_json_get(j, array);
    if (!list || bmx_json_kind_of(list) != BMX_JSON_ARRAY)
        return bmx_field_wrong(p, array, "an array", list, err);
    for (const bmx_json *c = bmx_json_first(list); c && !st; c = bmx_json_next(c)) {
        bmx_json_place q = bmx_json_place_item(p, array, i++);
        st = read_component(spec, c, &q, array, read_step, err);
    }
    return st;
}

/* ---- normalizer ---- */

static bpemix_status read_normalizer_step(void *spec, const bmx_json *j, const bmx_json_place *p,
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
    if ((st = check_steps(((bmx_normalizer_spec *)spec)->n, p, err)) ||
        (st = bmx_normalizer_add(spec, (bmx_normalizer_kind)kind->kind, &x, err)))
        return st;
    switch (x->kind) {
    case BMX_NORM_STRIP:
        if (!(st = bmx_field_bool(p, j, "strip_left", true, &x->strip_left, err)))
            st = bmx_field_bool(p, j, "strip_right", true, &x->strip_right, err);
        break;
    case BMX_NORM_REPLACE:
        if (!(st = get_pattern(p, j, &x->pattern, err)) &&
            !(st = bmx_field_string(p, j, "content", &text, err)))
            st = bmx_slice_own(&x->content, bmx_slice_str(text), err);
        break;
    case BMX_NORM_PREPEND:
        if (!(st = bmx_field_string(p, j, "prepend", &text, err)))
            st = bmx_slice_own(&x->content, bmx_slice_str(text), err);
        break;
    case BMX_NORM_PRECOMPILED: {
        bmx_buf map = { 0 };
        bool ok = true;
        if (!(st = bmx_field_string(p, j, "precompiled_charsmap", &text, err)) &&
            !(st = bmx_base64_decode(bmx_slice_str(text), &map, &ok, err)))
            st = ok ? bmx_slice_own(&x->charsmap, bmx_slice_of(map.ptr, map.len), err)
                    : bmx_fail(err, BPEMIX_E_FORMAT, p->text, "precompiled_charsmap is not base64");
        bmx_buf_release(&map);
        break;
    }
    case BMX_NORM_BERT:
        if (!(st = bmx_field_bool(p, j, "clean_text", true, &x->bert.clean_text, err)) &&
            !(st = bmx_field_bool(p, j, "handle_chinese_chars", true, &x->bert.handle_chinese_chars,
                                  err)) &&
            !(st = bmx_field_bool(p, j, "lowercase", true, &x->bert.lowercase, err)))
            st = bmx_field_bool(p, j, "strip_accents", x->bert.lowercase, &x->bert.strip_accents,
                                err);
        break;
    default:
        break;
    }
    return st;
}

/* ---- pre-tokenizer ---- */

static bpemix_status read_metaspace(bmx_pretokenizer_step *x, const bmx_json *j,
                                    const bmx_json_place *p, bpemix_error *err)
{
    const bmx_json *scheme = bmx_json_get(j, "prepend_scheme");
    const char *s = bmx_json_string(scheme);
    bpemix_status st = get_char(p, j, "replacement", &x->delimiter, err);
    bool prefix;

    if (st || (st = bmx_field_bool(p, j, "split", true, &x->split, err)) ||
        (st = bmx_field_bool(p, j, "add_prefix_space", true, &prefix, err)))
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
        return bmx_field_wrong(p, "prepend_scheme", "\"always\", \"first\" or \"never\"", scheme,
                               err);
    return BPEMIX_OK;
}

static bpemix_status read_pretokenizer_step(void *spec, const bmx_json *j, const bmx_json_place *p,
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
    if ((st = check_steps(((bmx_pretokenizer_spec *)spec)->n, p, err)) ||
        (st = bmx_pretokenizer_add(spec, (bmx_pretokenizer_kind)kind->kind, &x, err)))
        return st;
    switch (x->kind) {
    case BMX_PRE_BYTE_LEVEL:
        if (!(st = bmx_field_bool(p, j, "add_prefix_space", true, &x->add_prefix_space, err)))
            st = bmx_field_bool(p, j, "use_regex", true, &x->use_regex, err);
        break;
    case BMX_PRE_SPLIT:
        if (!(st = get_pattern(p, j, &x->pattern, err)) &&
            !(st = get_behavior(p, j, true, &x->behavior, err)))
            st = bmx_field_bool(p, j, "invert", false, &x->invert, err);
        break;
    case BMX_PRE_DIGITS:
        st = bmx_field_bool(p, j, "individual_digits", false, &x->individual_digits, err);
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
            st = bmx_field_wrong(p, "length", "a positive integer", v, err);
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

bool bmx_component_holds(const bmx_json *j, const char *type)
{
    static const char *const lists[] = { "normalizers", "pretokenizers", "decoders" };

    if (!j || bmx_json_kind_of(j) != BMX_JSON_OBJECT)
        return false;
    if (is(type_of(j), type))
        return true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const bmx_json *c = bmx_json_first(bmx_json_get(j, lists[i])); c;
             c = bmx_json_next(c))
            if (bmx_component_holds(c, type))
                return true;
    return false;
}

bpemix_status bmx_read_normalizer(bmx_normalizer_spec *spec, const bmx_json *j, bpemix_error *err)
{
    static const bmx_json_place at = { .text = "normalizer" };

    return read_component(spec, j, &at, "normalizers", read_normalizer_step, err);
}

bpemix_status bmx_read_pretokenizer(bmx_pretokenizer_spec *spec, const bmx_json *j,
                                    bpemix_error *err)
{
    static const bmx_json_place at = { .text = "pre_tokenizer" };
    bpemix_status st = read_component(spec, j, &at, "pretokenizers", read_pretokenizer_step, err);

    return st ? st : name_pretokenizer(spec, err);
}
