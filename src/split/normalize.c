/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalize.c - normalizer steps over one text unit.
 *
 * Each step either leaves the text as it is (the usual case, in which nothing is copied), or
 * shortens it at its ends, or writes new text to the scratch buffer that its input is not in.
 *
 * N1  Input and output are well-formed UTF-8, whatever a character map says.
 * N2  Time is linear in the text, also for endless runs of combining marks.
 * N3  The output has at most bmx_normalized_most() bytes: a file could ask for a letter to
 *     become a megabyte, and the next step for each letter of that to become another. */
#include "split/normalize.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "split/chars.h"
#include "split/charsmap.h"
#include "split/normalize_limit.h"
#include "split/form.h"
#include "split/regex.h"
#include "split/unicode.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/match.h"

#include <pthread.h>
#include <string.h>

/* Operations: the kinds of steps of the spec, some of them divided into several. */
typedef enum op_kind {
    OP_FORM, OP_LOWERCASE, OP_STRIP, OP_DROP, OP_REPLACE, OP_PREPEND, OP_PRECOMPILED, OP_NMT,
    OP_BERT_CLEAN, OP_BERT_CJK, OP_BYTE_LEVEL, OP_SENTENCEPIECE, OP_CLIP
} op_kind;

typedef struct op {
    op_kind kind;
    bmx_form form;
    bool strip_left, strip_right;
    uint32_t drop; /* categories */
    bmx_regex *regex; /* NULL: replace the literal `pattern` */
    char *pattern;
    size_t pattern_len;
    bmx_slice content; /* owned */
    bmx_charsmap map;
    bool dummy_prefix, trim, escape, suffix, whole_text;
    bmx_matcher keep;
} op;

struct bmx_normalizer {
    op *op;
    size_t n;
    pthread_mutex_t lock;          /* of the scratches below */
    bmx_regex_scratch **idle;      /* idle[n_idle]: scratch of Replace patterns, one a thread */
    size_t n_idle, idle_cap;
    bool has_lock;
};

/* ---- character by character ----------------------------------------------- */

/* U+0130 is the one character whose lower case is two (i and U+0307). */
static uint32_t lower(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    return bmx_char_lower(cp);
}

static bpemix_status put_lower(bmx_buf *out, uint32_t cp, bpemix_error *err)
{
    if (cp == 0x130)
        return bmx_buf_add(out, "i\xcc\x87", 3, err);
    return bmx_put_char(out, lower(cp), err);
}

static bool is_nmt_dropped(uint32_t c)
{
    return (c >= 1 && c <= 8) || c == 0xb || (c >= 0xe && c <= 0x1f) || c == 0x7f || c == 0x8f ||
           c == 0x9f;
}

static bool is_nmt_space(uint32_t c)
{
    return c == 9 || c == 0xa || c == 0xc || c == 0xd || c == 0x1680 ||
           (c >= 0x200b && c <= 0x200f) || c == 0x2028 || c == 0x2029 || c == 0x2581 ||
           c == 0xfeff || c == 0xfffd;
}

static bool is_cjk(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
           (c >= 0x20000 && c <= 0x2a6df) || (c >= 0x2a700 && c <= 0x2b73f) ||
           (c >= 0x2b740 && c <= 0x2b81f) || (c >= 0x2b920 && c <= 0x2ceaf) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

/* Controls, formats and private use; unassigned characters stay. */
static bool is_bert_dropped(uint32_t c)
{
    return c == 0 || c == 0xfffd ||
           (c != '\t' && c != '\n' && c != '\r' &&
            bmx_unicode_in(c, BMX_BIT(BMX_CC) | BMX_BIT(BMX_CF) | BMX_BIT(BMX_CO)));
}

/* Does o change this character? */
static bool changes(const op *o, uint32_t cp)
{
    switch (o->kind) {
    case OP_LOWERCASE: return cp == 0x130 || lower(cp) != cp;
    case OP_DROP: return bmx_unicode_in(cp, o->drop);
    case OP_NMT: return is_nmt_dropped(cp) || (cp != ' ' && is_nmt_space(cp));
    case OP_BERT_CLEAN: return is_bert_dropped(cp) || (cp != ' ' && bmx_unicode_is_space(cp));
    case OP_BERT_CJK: return is_cjk(cp);
    case OP_BYTE_LEVEL: return cp > 0x7f || cp <= 0x20 || cp == 0x7f;
    default: return false;
    }
}

static bpemix_status put_changed(const op *o, uint32_t cp, bmx_buf *out, bpemix_error *err)
{
    switch (o->kind) {
    case OP_LOWERCASE: return put_lower(out, cp, err);
    case OP_NMT: return is_nmt_dropped(cp) ? BPEMIX_OK : bmx_buf_addc(out, ' ', err);
    case OP_BERT_CLEAN: return is_bert_dropped(cp) ? BPEMIX_OK : bmx_buf_addc(out, ' ', err);
    case OP_BERT_CJK:
        return bmx_buf_addc(out, ' ', err) || bmx_put_char(out, cp, err) ||
                       bmx_buf_addc(out, ' ', err)
                   ? BPEMIX_E_NOMEM
                   : BPEMIX_OK;
    case OP_BYTE_LEVEL: {
        char utf8[4];
        unsigned n = bmx_utf8_encode(cp, utf8);
        for (unsigned i = 0; i < n; i++)
            if (bmx_put_char(out, bmx_bytelevel_char((unsigned char)utf8[i]), err))
                return BPEMIX_E_NOMEM;
        return BPEMIX_OK;
    }
    default: return BPEMIX_OK; /* dropped */
    }
}

static bpemix_status run_chars(const op *o, bmx_slice *text, bmx_buf *out, bpemix_error *err)
{
    bmx_slice s = *text;
    bool ascii_changes[128], changed = false;
    size_t copied = 0;

    for (uint32_t c = 0; c < 128; c++)
        ascii_changes[c] = changes(o, c);
    out->len = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = (unsigned char)s.ptr[i];
        unsigned n = 1;

        if (cp < 0x80 ? !ascii_changes[cp] : (n = bmx_char_at(s, i, &cp), !changes(o, cp))) {
            i += n;
            continue;
        }
        if (bmx_buf_add(out, s.ptr + copied, i - copied, err) || put_changed(o, cp, out, err))
            return BPEMIX_E_NOMEM;
        changed = true;
        copied = i += n;
    }
    if (!changed)
        return BPEMIX_OK;
    if (bmx_buf_add(out, s.ptr + copied, s.len - copied, err))
        return BPEMIX_E_NOMEM;
    *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

static void run_strip(const op *o, bmx_slice *text)
{
    bmx_slice s = *text;
    uint32_t cp;

    while (o->strip_left && s.len > 0) {
        unsigned n = bmx_char_at(s, 0, &cp);
        if (!bmx_unicode_is_space(cp))
            break;
        s = bmx_slice_of(s.ptr + n, s.len - n);
    }
    while (o->strip_right && s.len > 0) {
        size_t k = s.len - 1;
        while (k > 0 && ((unsigned char)s.ptr[k] & 0xc0) == 0x80)
            k--;
        bmx_char_at(s, k, &cp);
        if (!bmx_unicode_is_space(cp))
            break;
        s.len = k;
    }
    *text = s;
}

/* ---- Replace ---------------------------------------------------------------- */

/* Take an idle scratch, or make a new one. */
static bpemix_status borrow_scratch(const bmx_normalizer *n, bmx_regex_scratch **scratch,
                                    bpemix_error *err)
{
    bmx_normalizer *m = (bmx_normalizer *)n; /* only the pool behind the lock changes */

    pthread_mutex_lock(&m->lock);
    *scratch = m->n_idle > 0 ? m->idle[--m->n_idle] : NULL;
    pthread_mutex_unlock(&m->lock);
    return *scratch ? BPEMIX_OK : bmx_regex_scratch_new(scratch, err);
}

static void give_back_scratch(const bmx_normalizer *n, bmx_regex_scratch *scratch)
{
    bmx_normalizer *m = (bmx_normalizer *)n;

    pthread_mutex_lock(&m->lock);
    bool kept = !bmx_reserve(&m->idle, &m->idle_cap, m->n_idle + 1, sizeof *m->idle, NULL);
    if (kept)
        m->idle[m->n_idle++] = scratch;
    pthread_mutex_unlock(&m->lock);
    if (!kept)
        bmx_regex_scratch_free(scratch);
}

/* memmem(); for a pattern of one byte, which is usual, memchr() is faster. */
static const char *find_literal(const op *o, const char *p, const char *end)
{
    size_t n = (size_t)(end - p);

    return o->pattern_len == 1 ? memchr(p, o->pattern[0], n)
                               : memmem(p, n, o->pattern, o->pattern_len);
}

static bpemix_status replace_literal(const op *o, bmx_slice *text, bmx_buf *out, size_t most,
                                     bpemix_error *err)
{
    const char *p = text->ptr, *end = text->ptr + text->len, *hit;

    if (!(hit = find_literal(o, p, end)))
        return BPEMIX_OK;
    out->len = 0;
    if (bmx_buf_reserve(out, text->len, err))
        return BPEMIX_E_NOMEM;
    for (; hit; hit = find_literal(o, p, end)) {
        if (bmx_buf_add(out, p, (size_t)(hit - p), err) ||
            bmx_buf_add(out, o->content.ptr, o->content.len, err))
            return BPEMIX_E_NOMEM;
        if (out->len > most)
            return bmx_normalized_too_long(most, err);
        p = hit + o->pattern_len;
    }
    if (bmx_buf_add(out, p, (size_t)(end - p), err))
        return BPEMIX_E_NOMEM;
    *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

static bpemix_status replace_regex(const op *o, bmx_regex_scratch *scratch, bmx_slice *text,
                                   bmx_buf *out, size_t most, bpemix_error *err)
{
    bmx_regex_cursor c = { 0 };
    size_t prev = 0;
    bool found = true;

    out->len = 0;
    while (text->len > 0) {
        bpemix_status st = bmx_regex_next(o->regex, scratch, *text, &c, &found, err);
        if (st)
            return st;
        if (!found)
            break;
        if (bmx_buf_add(out, text->ptr + prev, c.start - prev, err) ||
            bmx_buf_add(out, o->content.ptr, o->content.len, err))
            return BPEMIX_E_NOMEM;
        if (out->len > most)
            return bmx_normalized_too_long(most, err);
        prev = c.end;
    }
    if (!c.any)
        return BPEMIX_OK;
    if (bmx_buf_add(out, text->ptr + prev, text->len - prev, err))
        return BPEMIX_E_NOMEM;
    *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

static bpemix_status run_replace(const bmx_normalizer *n, const op *o, bmx_slice *text,
                                 bmx_buf *out, size_t most, bpemix_error *err)
{
    bmx_regex_scratch *scratch;
    bpemix_status st;

    if (!o->regex)
        return replace_literal(o, text, out, most, err);
    if (borrow_scratch(n, &scratch, err))
        return BPEMIX_E_NOMEM;
    st = replace_regex(o, scratch, text, out, most, err);
    give_back_scratch(n, scratch);
    return st;
}

/* ---- SentencePiece ------------------------------------------------------------ */

/* What the text at i becomes, and how many bytes of it that replaces. */
static bmx_slice sp_prefix(const op *o, bmx_slice line, size_t i, size_t *used)
{
    bmx_slice value, rest = bmx_slice_of(line.ptr + i, line.len - i);
    uint32_t cp;

    if (bmx_matcher_longest(&o->keep, rest, used) != BMX_NONE)
        return bmx_slice_of(rest.ptr, *used);
    if (bmx_charsmap_look_up(&o->map, rest, true, used, &value))
        return value;
    *used = bmx_char_at(line, i, &cp);
    return bmx_slice_of(rest.ptr, *used);
}

static bpemix_status sp_line(const op *o, bmx_slice line, bmx_buf *out, size_t most,
                             bpemix_error *err)
{
    bmx_slice space = o->escape ? bmx_slice_of(BMX_SPACE_SYMBOL, 3) : bmx_slice_of(" ", 1), p;
    size_t i = 0, used, start = out->len;
    bool after_space = o->trim;

    for (; o->trim && i < line.len; i += used) {
        p = sp_prefix(o, line, i, &used);
        if (p.len != 1 || p.ptr[0] != ' ')
            break;
    }
    if (i == line.len)
        return BPEMIX_OK; /* empty, or only spaces: it gets no dummy prefix either */
    if (o->dummy_prefix && !o->suffix && bmx_buf_add(out, space.ptr, space.len, err))
        return BPEMIX_E_NOMEM;
    for (; i < line.len; i += used) {
        p = sp_prefix(o, line, i, &used);
        while (after_space && p.len > 0 && p.ptr[0] == ' ')
            p = bmx_slice_of(p.ptr + 1, p.len - 1);
        for (size_t k = 0; k < p.len; k++)
            if (p.ptr[k] == ' ' ? bmx_buf_add(out, space.ptr, space.len, err)
                                : bmx_buf_addc(out, p.ptr[k], err))
                return BPEMIX_E_NOMEM;
        if (out->len > most)
            return bmx_normalized_too_long(most, err);
        if (p.len > 0)
            after_space = o->trim && p.ptr[p.len - 1] == ' ';
    }
    while (o->trim && out->len - start >= space.len &&
           !memcmp(out->ptr + out->len - space.len, space.ptr, space.len))
        out->len -= space.len;
    if (o->dummy_prefix && o->suffix)
        return bmx_buf_add(out, space.ptr, space.len, err);
    return BPEMIX_OK;
}

/* SentencePiece's trainer works on lines; their ends stay, for the pre-tokenizer to cut at. */
static bpemix_status run_sentencepiece(const op *o, bmx_slice *text, bmx_buf *out, size_t most,
                                     bpemix_error *err)
{
    bmx_slice s = *text;

    out->len = 0;
    if (bmx_buf_reserve(out, s.len + s.len / 2 + 8, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < s.len;) {
        const char *newline = o->whole_text ? NULL : memchr(s.ptr + i, '\n', s.len - i);
        size_t end = newline ? (size_t)(newline - s.ptr) : s.len;

        bpemix_status st = sp_line(o, bmx_slice_of(s.ptr + i, end - i), out, most, err);

        if (st || (newline && (st = bmx_buf_addc(out, '\n', err))))
            return st;
        i = end + 1;
    }
    *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

/* ---- CLIP ----------------------------------------------------------------------- */

static bool is_cased(uint32_t c)
{
    return bmx_unicode_in(c, BMX_BIT(BMX_LU) | BMX_BIT(BMX_LL) | BMX_BIT(BMX_LT)) || c == 0xaa ||
           c == 0xba || (c >= 0x2b0 && c <= 0x2b8) || c == 0x2c0 || c == 0x2c1 ||
           (c >= 0x2e0 && c <= 0x2e4) || c == 0x345 || c == 0x37a || (c >= 0x1d2c && c <= 0x1d6a) ||
           c == 0x1d78 || (c >= 0x1d9b && c <= 0x1dbf) || c == 0x2071 || c == 0x207f ||
           (c >= 0x2090 && c <= 0x209c) || (c >= 0x2160 && c <= 0x217f) ||
           (c >= 0x24b6 && c <= 0x24e9) || (c >= 0x1f130 && c <= 0x1f149) ||
           (c >= 0x1f150 && c <= 0x1f169) || (c >= 0x1f170 && c <= 0x1f189);
}

static bool is_case_ignorable(uint32_t c)
{
    switch (c) {
    case 0x27: case 0x2e: case 0x3a: case 0xb7: case 0x387: case 0x55f: case 0x5f4: case 0x2018:
    case 0x2019: case 0x2024: case 0x2027: case 0xfe13: case 0xfe52: case 0xfe55: case 0xff07:
    case 0xff0e: case 0xff1a:
        return true;
    default:
        return bmx_unicode_in(c, BMX_BIT(BMX_MN) | BMX_BIT(BMX_ME) | BMX_BIT(BMX_CF) |
                                     BMX_BIT(BMX_LM) | BMX_BIT(BMX_SK));
    }
}

/* Lower-casing as in Python, with the final sigma: a sigma behind a cased letter and not before
 * one, where case-ignorable characters in between are skipped. */
static bool cased_follows(bmx_slice s, size_t i)
{
    while (i < s.len) {
        uint32_t cp;
        i += bmx_char_at(s, i, &cp);
        if (!is_case_ignorable(cp))
            return is_cased(cp);
    }
    return false;
}

static bpemix_status run_clip(bmx_slice *text, bmx_buf *out, bpemix_error *err)
{
    bmx_slice s = *text;
    bool space = false, cased = false;

    out->len = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        size_t next = i + bmx_char_at(s, i, &cp);

        if (bmx_unicode_is_space(cp)) {
            space = true;
            cased = false;
            i = next;
            continue;
        }
        if (space && out->len > 0 && bmx_buf_addc(out, ' ', err))
            return BPEMIX_E_NOMEM;
        space = false;
        /* a sigma is not case-ignorable, so that no character is visited twice (N2) */
        if (cp == 0x3a3 && cased && !cased_follows(s, next) ? bmx_put_char(out, 0x3c2, err)
                                                            : put_lower(out, cp, err))
            return BPEMIX_E_NOMEM;
        if (!is_case_ignorable(cp))
            cased = is_cased(cp);
        i = next;
    }
    *text = bmx_slice_of(out->ptr ? out->ptr : "", out->len);
    return BPEMIX_OK;
}

/* ---- compiling and running -------------------------------------------------------- */

static op *add_op(bmx_normalizer *n, op_kind kind)
{
    n->op[n->n] = (op){ .kind = kind };
    return &n->op[n->n++];
}

static bpemix_status add_form(bmx_normalizer *n, bool compat, bool compose, bpemix_error *err)
{
    return bmx_form_init(&add_op(n, OP_FORM)->form, compat, compose, err);
}

static bpemix_status add_replace(bmx_normalizer *n, const bmx_normalizer_step *s, bpemix_error *err)
{
    op *o = add_op(n, OP_REPLACE);

    if (bmx_slice_own(&o->content, s->content.ptr ? s->content : bmx_slice_of("", 0), err))
        return BPEMIX_E_NOMEM;
    if (s->pattern.is_regex || s->pattern.len == 0)
        return bmx_regex_new(&s->pattern, true, &o->regex, err);
    o->pattern = bmx_strndup(s->pattern.text, s->pattern.len);
    o->pattern_len = s->pattern.len;
    return o->pattern ? BPEMIX_OK : bmx_nomem(err);
}

static bpemix_status add_bert(bmx_normalizer *n, const bmx_normalizer_step *s, bpemix_error *err)
{
    if (s->bert.clean_text)
        add_op(n, OP_BERT_CLEAN);
    if (s->bert.handle_chinese_chars)
        add_op(n, OP_BERT_CJK);
    if (s->bert.strip_accents) {
        if (add_form(n, false, false, err))
            return BPEMIX_E_NOMEM;
        add_op(n, OP_DROP)->drop = BMX_BIT(BMX_MN);
    }
    if (s->bert.lowercase)
        add_op(n, OP_LOWERCASE);
    return BPEMIX_OK;
}

static bpemix_status add_step(bmx_normalizer *n, const bmx_normalizer_step *s, bpemix_error *err)
{
    op *o;

    switch (s->kind) {
    case BMX_NORM_NFC: return add_form(n, false, true, err);
    case BMX_NORM_NFD: return add_form(n, false, false, err);
    case BMX_NORM_NFKC: return add_form(n, true, true, err);
    case BMX_NORM_NFKD: return add_form(n, true, false, err);
    case BMX_NORM_LOWERCASE: add_op(n, OP_LOWERCASE); return BPEMIX_OK;
    case BMX_NORM_STRIP:
        o = add_op(n, OP_STRIP);
        o->strip_left = s->strip_left;
        o->strip_right = s->strip_right;
        return BPEMIX_OK;
    case BMX_NORM_STRIP_ACCENTS: add_op(n, OP_DROP)->drop = BMX_SET_M; return BPEMIX_OK;
    case BMX_NORM_REPLACE: return add_replace(n, s, err);
    case BMX_NORM_PREPEND:
        return bmx_slice_own(&add_op(n, OP_PREPEND)->content,
                             s->content.ptr ? s->content : bmx_slice_of("", 0), err);
    case BMX_NORM_PRECOMPILED:
        return bmx_charsmap_init(&add_op(n, OP_PRECOMPILED)->map, s->charsmap, err);
    case BMX_NORM_NMT: add_op(n, OP_NMT); return BPEMIX_OK;
    case BMX_NORM_BERT: return add_bert(n, s, err);
    case BMX_NORM_BYTE_LEVEL: add_op(n, OP_BYTE_LEVEL); return BPEMIX_OK;
    case BMX_NORM_CLIP: add_op(n, OP_CLIP); return BPEMIX_OK;
    case BMX_NORM_SENTENCEPIECE:
        o = add_op(n, OP_SENTENCEPIECE);
        o->dummy_prefix = s->sp.add_dummy_prefix;
        o->trim = s->sp.remove_extra_whitespaces;
        o->escape = s->sp.escape_whitespaces;
        o->suffix = s->sp.suffix;
        o->whole_text = s->sp.whole_text;
        for (size_t i = 0; i < s->sp.n_keep; i++)
            if (bmx_matcher_add(&o->keep, s->sp.keep[i], 0, err))
                return BPEMIX_E_NOMEM;
        return bmx_charsmap_init(&o->map, s->charsmap, err);
    }
    return bmx_fail(err, BPEMIX_E_BUG, "", "normalizer step of kind %d", (int)s->kind);
}

#define MAX_OPS_A_STEP 5 /* Bert */

bpemix_status bmx_normalizer_new(const bmx_normalizer_spec *spec, bmx_normalizer **out,
                                 bpemix_error *err)
{
    bmx_normalizer *n = bmx_calloc(1, sizeof *n);

    if (!n || !(n->op = bmx_calloc(spec->n * MAX_OPS_A_STEP, sizeof *n->op)) ||
        pthread_mutex_init(&n->lock, NULL)) {
        bmx_normalizer_free(n);
        return bmx_nomem(err);
    }
    n->has_lock = true;
    for (size_t i = 0; i < spec->n; i++) {
        bpemix_status st = add_step(n, &spec->step[i], err);

        if (st) {
            bmx_normalizer_free(n);
            return bmx_at(err, st, "normalizer step %zu (%s)", i + 1,
                          bmx_normalizer_kind_name(spec->step[i].kind));
        }
    }
    *out = n;
    return BPEMIX_OK;
}

void bmx_normalizer_free(bmx_normalizer *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n; i++) {
        bmx_form_release(&n->op[i].form);
        bmx_regex_free(n->op[i].regex);
        bmx_free(n->op[i].pattern);
        bmx_free((void *)n->op[i].content.ptr);
        bmx_charsmap_release(&n->op[i].map);
        bmx_matcher_release(&n->op[i].keep);
    }
    for (size_t i = 0; i < n->n_idle; i++)
        bmx_regex_scratch_free(n->idle[i]);
    bmx_free(n->idle);
    if (n->has_lock)
        pthread_mutex_destroy(&n->lock);
    bmx_free(n->op);
    bmx_free(n);
}

bool bmx_normalizer_is_identity(const bmx_normalizer *n) { return n->n == 0; }

static bpemix_status run_op(const bmx_normalizer *n, const op *o, bmx_slice *text, bmx_buf *out,
                            size_t most, bpemix_error *err)
{
    switch (o->kind) {
    case OP_FORM: return bmx_form_run(&o->form, text, out, err);
    case OP_STRIP: run_strip(o, text); return BPEMIX_OK;
    case OP_REPLACE: return run_replace(n, o, text, out, most, err);
    case OP_PREPEND:
        if (text->len == 0)
            return BPEMIX_OK;
        out->len = 0;
        if (bmx_buf_add(out, o->content.ptr, o->content.len, err) ||
            bmx_buf_add(out, text->ptr, text->len, err))
            return BPEMIX_E_NOMEM;
        *text = bmx_slice_of(out->ptr, out->len);
        return BPEMIX_OK;
    case OP_PRECOMPILED:
        return o->map.n_units ? bmx_charsmap_run(&o->map, text, out, most, err) : BPEMIX_OK;
    case OP_SENTENCEPIECE: return run_sentencepiece(o, text, out, most, err);
    case OP_CLIP: return run_clip(text, out, err);
    case OP_LOWERCASE: case OP_DROP: case OP_NMT: case OP_BERT_CLEAN: case OP_BERT_CJK:
    case OP_BYTE_LEVEL:
        return run_chars(o, text, out, err);
    }
    return bmx_fail(err, BPEMIX_E_BUG, "", "normalizer operation %d", (int)o->kind);
}

bpemix_status bmx_normalize(const bmx_normalizer *n, bmx_slice text, bmx_buf scratch[2],
                            bmx_slice *out, bpemix_error *err)
{
    size_t most = bmx_normalized_most(text.len);
    int holds = -1; /* which scratch buffer the text is in */

    for (size_t i = 0; i < n->n && text.len > 0; i++) {
        int into = holds == 0 ? 1 : 0;
        bpemix_status st = run_op(n, &n->op[i], &text, &scratch[into], most, err);

        if (st)
            return st;
        if (text.len > most) /* N3 */
            return bmx_normalized_too_long(most, err);
        if (scratch[into].ptr && text.ptr >= scratch[into].ptr &&
            text.ptr < scratch[into].ptr + scratch[into].cap)
            holds = into;
    }
    BMX_ASSERT(bmx_utf8_valid_prefix(text) == text.len); /* N1; N3 is an error above */
    *out = text.ptr ? text : bmx_slice_of("", 0);
    return BPEMIX_OK;
}
