/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pretokenize.c - pre-tokenizer steps, one pre-token at a time.
 *
 * Every step turns one pre-token into several and passes each on to the next step at once, so
 * that no list of pre-tokens is needed:
 *
 *   text -> step 0 -> pre-token -> step 1 -> pre-token -> ... -> emit
 *
 * P1  No step sees an empty pre-token, and none is emitted.
 * P2  A step that builds new text keeps it in its own buffers, which do not change until all
 *     later steps are done with the pre-token. */
#include "base/assert.h"
#include "split/pretokenize_steps.h"

#include "base/utf8.h"
#include "split/unicode.h"
#include "split/unicode_script.h"
#include "tokenizer/bytelevel.h"

#include <stdlib.h>
#include <string.h>

#define RESERVED_SYMBOL "\xe2\x96\x85" /* U+2585; lines with it are not trained on */

/* One call of bmx_pretokenize. */
typedef struct run {
    const bmx_pretokenizer *p;
    bmx_pretokenizer_scratch *s;
    bmx_pretoken_fn *emit;
    bmx_pretokens_fn *many; /* NULL: all pre-tokens go to emit */
    bool lines;          /* the only step is a scanner, which cuts text into lines itself */
    void *ctx;
    bpemix_error *err;
} run;

typedef bmx_compiled_step step;

static bpemix_status apply(run *r, size_t i, bmx_slice pretoken, bool first);

/* ---- the byte alphabet of GPT-2 ---------------------------------------- */

static bpemix_status map_bytes(const bmx_pretokenizer *p, bmx_slice pretoken, bmx_buf *out,
                               bpemix_error *err)
{
    out->len = 0;
    if (bmx_buf_reserve(out, 2 * pretoken.len + 2, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < pretoken.len; i++) {
        unsigned b = (unsigned char)pretoken.ptr[i];
        memcpy(out->ptr + out->len, p->map[b], 2);
        out->len += p->map_len[b];
    }
    return BPEMIX_OK;
}

/* Characters outside the alphabet, which later steps insert, stand for no byte and are in no
 * vocabulary: they are left out, as the library does. */
static bpemix_status unmap_bytes(bmx_slice pretoken, bmx_buf *out, bpemix_error *err)
{
    out->len = 0;
    if (bmx_buf_reserve(out, pretoken.len, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < pretoken.len;) {
        uint32_t cp = 0;
        unsigned n = bmx_utf8_decode(pretoken.ptr + i, pretoken.len - i, &cp);
        int b = n ? bmx_bytelevel_byte(cp) : -1;

        if (b >= 0)
            out->ptr[out->len++] = (char)b;
        i += n ? n : 1;
    }
    return BPEMIX_OK;
}

/* ---- the five behaviours of a split ------------------------------------- */

/* Takes matches and the gaps between them, in the order of the text. */
typedef struct splitter {
    run *r;
    size_t next; /* step that gets the pre-tokens */
    bmx_slice text;
    bool first;  /* text starts at the start of the input */
    bmx_split_behavior behavior;
    bool invert;
    bool held, last_was_match; /* a pre-token [from, to) waits for what follows */
    size_t from, to;
} splitter;

static bpemix_status give(splitter *s, size_t from, size_t to)
{
    return from == to ? BPEMIX_OK
                      : apply(s->r, s->next, bmx_slice_of(s->text.ptr + from, to - from),
                              s->first && from == 0);
}

static bpemix_status flush(splitter *s)
{
    if (!s->held)
        return BPEMIX_OK;
    s->held = false;
    return give(s, s->from, s->to);
}

/* Append [from, to) to the held pre-token, or emit that one and hold [from, to) instead. */
static bpemix_status hold(splitter *s, size_t from, size_t to, bool join)
{
    if (s->held && join) {
        s->to = to;
        return BPEMIX_OK;
    }
    bpemix_status st = flush(s);
    s->held = true;
    s->from = from;
    s->to = to;
    return st;
}

static bpemix_status feed(splitter *s, size_t from, size_t to, bool is_match)
{
    bool before = s->last_was_match;
    bpemix_status st = BPEMIX_OK;

    is_match ^= s->invert;
    switch (s->behavior) {
    case BMX_SPLIT_REMOVED:
        return is_match ? BPEMIX_OK : give(s, from, to);
    case BMX_SPLIT_ISOLATED:
        return give(s, from, to);
    case BMX_SPLIT_CONTIGUOUS:
        st = hold(s, from, to, is_match == before);
        break;
    case BMX_SPLIT_MERGED_WITH_PREVIOUS:
        st = hold(s, from, to, is_match && !before);
        break;
    case BMX_SPLIT_MERGED_WITH_NEXT:
        /* Only a match is held, and only a gap is appended to it. */
        st = hold(s, from, to, before && !is_match);
        break;
    }
    s->last_was_match = is_match;
    return st;
}

static bpemix_status split_regex(splitter *s, const bmx_regex *re)
{
    bmx_regex_cursor c = { 0 };
    size_t prev = 0;
    bool found = true;
    bpemix_status st = BPEMIX_OK;

    while (!st) {
        st = bmx_regex_next(re, s->r->s->regex, s->text, &c, &found, s->r->err);
        if (st || !found)
            break;
        if (prev != c.start)
            st = feed(s, prev, c.start, false);
        if (!st)
            st = feed(s, c.start, c.end, true);
        prev = c.end;
    }
    if (!st && prev != s->text.len)
        st = feed(s, prev, s->text.len, false);
    return st ? st : flush(s);
}

/* Pre-tokens of a scanner go to the step behind it. */
typedef struct scan_target {
    run *r;
    size_t i;
    const char *start; /* of the text, NULL when it does not start the input */
} scan_target;

static bpemix_status give_mapped(run *r, size_t i, bmx_slice pretoken, bool first);

static bpemix_status take_scanned(void *ctx, const char *start, const char *const *end, size_t n,
                                  bpemix_error *err)
{
    const scan_target *t = ctx;
    bool map = t->r->p->step[t->i].s.kind == BMX_PRE_BYTE_LEVEL;
    bpemix_status st = BPEMIX_OK;
    (void)err; /* the run has its own */

    for (size_t k = 0; k < n && !st; start = end[k++]) {
        bmx_slice pretoken = bmx_slice_of(start, (size_t)(end[k] - start));
        st = map ? give_mapped(t->r, t->i, pretoken, start == t->start)
                 : apply(t->r, t->i + 1, pretoken, start == t->start);
    }
    return st;
}

static bpemix_status emit_scanned(void *ctx, const char *start, const char *const *end, size_t n,
                                  bpemix_error *err)
{
    const scan_target *t = ctx;
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < n && !st; start = end[k++]) {
        BMX_ASSERT(end[k] > start); /* P1 */
        st = t->r->emit(t->r->ctx, bmx_slice_of(start, (size_t)(end[k] - start)), err);
    }
    return st;
}

/* Is step i a scanner whose pre-tokens are final? */
static bool scans_last(const bmx_pretokenizer *p, size_t i)
{
    return p->step[i].scan != BMX_SCAN_NONE && i + 1 == p->n && !p->unmap &&
           (p->skip_last || p->step[i].s.kind != BMX_PRE_BYTE_LEVEL);
}

static bpemix_status split_scanned(run *r, size_t i, bmx_slice text, bool first)
{
    const bmx_pretokenizer *p = r->p;
    scan_target target = { r, i, first ? text.ptr : NULL };

    if (scans_last(p, i) && r->many)
        return bmx_scan(p->step[i].scan, &r->s->scan[i], text, r->lines, r->many, r->ctx, r->err);
    return bmx_scan(p->step[i].scan, &r->s->scan[i], text, false,
                    scans_last(p, i) ? emit_scanned : take_scanned, &target, r->err);
}

typedef bool char_test(const step *t, uint32_t cp);

/* Every character that passes the test is a match of its own. */
static bpemix_status split_chars(splitter *s, const step *t, char_test *test)
{
    size_t prev = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < s->text.len && !st;) {
        uint32_t cp = 0;
        unsigned n = bmx_utf8_decode(s->text.ptr + i, s->text.len - i, &cp);

        n = n ? n : 1;
        if (test(t, cp)) {
            if (prev != i)
                st = feed(s, prev, i, false);
            if (!st)
                st = feed(s, i, i + n, true);
            prev = i + n;
        }
        i += n;
    }
    if (!st && prev != s->text.len)
        st = feed(s, prev, s->text.len, false);
    return st ? st : flush(s);
}

static bool is_number(const step *t, uint32_t cp)
{
    (void)t;
    return bmx_unicode_in(cp, BMX_SET_N);
}

static bool is_punctuation(const step *t, uint32_t cp)
{
    (void)t;
    if (cp < 0x80)
        return cp > 0x20 && cp < 0x7f &&
               !((cp >= '0' && cp <= '9') || ((cp | 32) >= 'a' && (cp | 32) <= 'z'));
    return bmx_unicode_in(cp, BMX_SET_P);
}

static bool is_space(const step *t, uint32_t cp)
{
    (void)t;
    return bmx_unicode_is_space(cp);
}

static bool is_delimiter(const step *t, uint32_t cp) { return cp == t->s.delimiter; }

/* ---- single steps -------------------------------------------------------- */

static splitter splitter_of(run *r, size_t i, bmx_slice text, bool first)
{
    return (splitter){ .r = r, .next = i + 1, .text = text, .first = first,
                       .behavior = BMX_SPLIT_ISOLATED };
}

/* ByteLevel behind its regular expression: map the bytes, unless the mapping would be undone at
 * once. */
static bpemix_status give_mapped(run *r, size_t i, bmx_slice pretoken, bool first)
{
    bmx_buf *out = &r->s->buf[2 * i + 1];

    BMX_ASSERT(pretoken.len > 0); /* P1 */
    if (r->p->skip_last && i + 1 == r->p->n)
        return r->emit(r->ctx, pretoken, r->err);
    if (map_bytes(r->p, pretoken, out, r->err))
        return BPEMIX_E_NOMEM;
    return apply(r, i + 1, bmx_slice_of(out->ptr, out->len), first);
}

static bpemix_status byte_level(run *r, size_t i, bmx_slice pretoken, bool first)
{
    const step *t = &r->p->step[i];
    bmx_buf *out = &r->s->buf[2 * i];
    bmx_regex_cursor c = { 0 };
    size_t prev = 0;
    bool found = true;
    bpemix_status st = BPEMIX_OK;

    if (t->s.add_prefix_space && pretoken.ptr[0] != ' ') {
        out->len = 0;
        if (bmx_buf_addc(out, ' ', r->err) || bmx_buf_add(out, pretoken.ptr, pretoken.len, r->err))
            return BPEMIX_E_NOMEM;
        pretoken = bmx_slice_of(out->ptr, out->len);
    }
    if (!t->s.use_regex)
        return give_mapped(r, i, pretoken, first);
    if (t->scan != BMX_SCAN_NONE)
        return split_scanned(r, i, pretoken, first);
    /* The pattern covers every character: there are no gaps. */
    while (!st) {
        st = bmx_regex_next(t->regex, r->s->regex, pretoken, &c, &found, r->err);
        if (st || !found)
            break;
        st = give_mapped(r, i, bmx_slice_of(pretoken.ptr + c.start, c.end - c.start),
                         first && prev == 0);
        prev = c.end;
    }
    return st;
}

static bpemix_status metaspace(run *r, size_t i, bmx_slice pretoken, bool first)
{
    const step *t = &r->p->step[i];
    bmx_buf *out = &r->s->buf[2 * i];
    size_t spaces = 0;
    bool starts;
    splitter s;

    for (size_t k = 0; k < pretoken.len; k++)
        spaces += pretoken.ptr[k] == ' ';
    starts = pretoken.ptr[0] == ' ' ||
             (pretoken.len >= t->delimiter_len &&
              !memcmp(pretoken.ptr, t->delimiter, t->delimiter_len));
    bool prepend = !starts && (t->s.prepend == BMX_PREPEND_ALWAYS ||
                               (t->s.prepend == BMX_PREPEND_FIRST && first));
    if (spaces || prepend) {
        out->len = 0;
        if (bmx_buf_reserve(out, pretoken.len + (spaces + 1) * t->delimiter_len, r->err))
            return BPEMIX_E_NOMEM;
        char *o = out->ptr;
        if (prepend) {
            memcpy(o, t->delimiter, t->delimiter_len);
            o += t->delimiter_len;
        }
        for (size_t k = 0; k < pretoken.len; k++) {
            if (pretoken.ptr[k] == ' ') {
                memcpy(o, t->delimiter, t->delimiter_len);
                o += t->delimiter_len;
            } else {
                *o++ = pretoken.ptr[k];
            }
        }
        out->len = (size_t)(o - out->ptr);
        pretoken = bmx_slice_of(out->ptr, out->len);
    }
    if (!t->s.split)
        return apply(r, i + 1, pretoken, first);
    s = splitter_of(r, i, pretoken, first);
    s.behavior = BMX_SPLIT_MERGED_WITH_NEXT;
    return split_chars(&s, t, is_delimiter);
}

/* \w+|[^\w\s]+ with Rust's \w; what matches neither is dropped. */
static bpemix_status whitespace(run *r, size_t i, bmx_slice pretoken, bool first)
{
    enum shape { SPACE, WORD, OTHER } kind = SPACE;
    size_t from = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < pretoken.len && !st;) {
        uint32_t cp = 0;
        unsigned n = bmx_utf8_decode(pretoken.ptr + k, pretoken.len - k, &cp);
        uint8_t c = bmx_unicode_class(cp);
        enum shape now = (c & BMX_CLASS_WORD) || cp == 0x200c || cp == 0x200d ? WORD
                         : c & BMX_CLASS_SPACE                                ? SPACE
                                                                              : OTHER;

        if (now != kind) {
            if (kind != SPACE)
                st = apply(r, i + 1, bmx_slice_of(pretoken.ptr + from, k - from),
                           first && from == 0);
            from = k;
            kind = now;
        }
        k += n ? n : 1;
    }
    if (!st && kind != SPACE)
        st = apply(r, i + 1, bmx_slice_of(pretoken.ptr + from, pretoken.len - from),
                   first && from == 0);
    return st;
}

static bpemix_status bert(run *r, size_t i, bmx_slice pretoken, bool first)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < pretoken.len && !st;) {
        size_t from = k;
        bool space = false;
        unsigned n = 1;

        for (; k < pretoken.len; k += n) {
            uint32_t cp = 0;
            n = bmx_utf8_decode(pretoken.ptr + k, pretoken.len - k, &cp);
            n = n ? n : 1;
            if ((space = bmx_unicode_is_space(cp)))
                break;
        }
        if (k > from) {
            splitter s = splitter_of(r, i, bmx_slice_of(pretoken.ptr + from, k - from),
                                     first && from == 0);
            st = split_chars(&s, NULL, is_punctuation);
        }
        k += space ? n : 0;
    }
    return st;
}

/* Japanese syllables count as Han, as in the Hugging Face library. */
static int script_of(uint32_t cp)
{
    int script = (int)bmx_script_of(cp);

    if (cp == 0x30fc || script == BMX_SCRIPT_HIRAGANA || script == BMX_SCRIPT_KATAKANA)
        return BMX_SCRIPT_HAN;
    return cp == ' ' ? BMX_SCRIPT_UNKNOWN : script;
}

/* Spaces and unassigned characters have no script and stay with what is before
 * them; those before the first character that has one are dropped, as in the Hugging Face
 * library. */
static bpemix_status unicode_scripts(run *r, size_t i, bmx_slice pretoken, bool first)
{
    int last = -1;
    size_t from = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < pretoken.len && !st;) {
        uint32_t cp = 0;
        unsigned n = bmx_utf8_decode(pretoken.ptr + k, pretoken.len - k, &cp);
        int script = script_of(cp);

        if (script != BMX_SCRIPT_UNKNOWN && script != last) {
            if (last >= 0)
                st = apply(r, i + 1, bmx_slice_of(pretoken.ptr + from, k - from),
                           first && from == 0);
            from = k;
            last = script;
        }
        k += n ? n : 1;
    }
    if (!st && last >= 0)
        st = apply(r, i + 1, bmx_slice_of(pretoken.ptr + from, pretoken.len - from),
                   first && from == 0);
    return st;
}

static bpemix_status fixed_length(run *r, size_t i, bmx_slice pretoken, bool first)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0, from = 0; k < pretoken.len && !st; from = k) {
        for (uint32_t n = 0; n < r->p->step[i].s.length && k < pretoken.len; n++)
            for (k++; k < pretoken.len && ((unsigned char)pretoken.ptr[k] & 0xc0) == 0x80;)
                k++;
        st = apply(r, i + 1, bmx_slice_of(pretoken.ptr + from, k - from), first && from == 0);
    }
    return st;
}

/* ---- SentencePiece -------------------------------------------------------- */

/* Cut text without boundaries into words.  A word starts at each space symbol,
 * or at each run of them when pre-tokens of white space alone are allowed; as
 * suffixes, the symbols end words instead. */
static bpemix_status sp_words(run *r, size_t i, bmx_slice text)
{
    const bmx_pretokenizer_step *o = &r->p->step[i].s;
    bool runs = o->sp.allow_whitespace_only_pieces, suffix = o->sp.treat_whitespace_as_suffix;
    size_t from = 0;
    bool before = false; /* a space symbol ends at k */
    bpemix_status st = BPEMIX_OK;

    if (!o->sp.split_by_whitespace)
        return apply(r, i + 1, text, false);
    for (size_t k = 0; k < text.len && !st;) {
        bool space = bmx_space_symbol_at(text, k);
        bool cut = suffix ? before && (!runs || !space) : space && (!runs || !before);

        if (cut && k > from) {
            st = apply(r, i + 1, bmx_slice_of(text.ptr + from, k - from), false);
            from = k;
        }
        before = space;
        k += space ? 3 : 1; /* bytes inside a character never look like the symbol */
    }
    return st || from == text.len
               ? st
               : apply(r, i + 1, bmx_slice_of(text.ptr + from, text.len - from), false);
}

/* Length of the longest boundary string at k, 0 when there is none. */
static size_t boundary_at(const step *t, bmx_slice text, size_t k)
{
    size_t n;

    if (text.ptr[k] == '\t')
        return 1; /* the trainer marks boundaries with a tab; one in the text is the same */
    if (!t->boundary.root[(unsigned char)text.ptr[k]])
        return 0;
    return bmx_matcher_longest(&t->boundary, bmx_slice_of(text.ptr + k, text.len - k), &n) ==
                   BMX_NONE
               ? 0
               : n;
}

/* The trainer skips lines by their length in bytes before normalization.  So spaces count as one
 * byte again here, the dummy one in front included. */
static bool sp_skips(const step *t, bmx_slice line)
{
    size_t size = line.len, limit = t->s.sp.max_sentence_length;

    if (limit > 0 && size > limit) {
        for (size_t k = 0; k + 3 <= line.len; k++)
            if (bmx_space_symbol_at(line, k))
                size -= 2;
        if (size > limit)
            return true;
    }
    return line.len >= 3 && memmem(line.ptr, line.len, RESERVED_SYMBOL, 3) != NULL;
}

static bpemix_status sentencepiece(run *r, size_t i, bmx_slice pretoken)
{
    const step *t = &r->p->step[i];
    bpemix_status st = BPEMIX_OK;

    for (size_t at = 0; at < pretoken.len && !st;) {
        const char *newline = memchr(pretoken.ptr + at, '\n', pretoken.len - at);
        size_t end = newline ? (size_t)(newline - pretoken.ptr) : pretoken.len, from = at;
        bmx_slice line = bmx_slice_of(pretoken.ptr, end);

        if (!sp_skips(t, bmx_slice_of(pretoken.ptr + at, end - at))) {
            for (size_t k = at; k < end && !st;) {
                size_t n = boundary_at(t, line, k);
                if (n == 0) {
                    k++;
                    continue;
                }
                if (k > from)
                    st = sp_words(r, i, bmx_slice_of(pretoken.ptr + from, k - from));
                from = k += n;
            }
            if (!st && end > from)
                st = sp_words(r, i, bmx_slice_of(pretoken.ptr + from, end - from));
        }
        at = end + 1;
    }
    return st;
}

/* ---- running -------------------------------------------------------------- */

static bpemix_status finish(run *r, bmx_slice pretoken)
{
    bmx_buf *out = &r->s->buf[r->s->n_buf - 1];

    if (!r->p->unmap)
        return r->emit(r->ctx, pretoken, r->err);
    if (unmap_bytes(pretoken, out, r->err))
        return BPEMIX_E_NOMEM;
    return out->len ? r->emit(r->ctx, bmx_slice_of(out->ptr, out->len), r->err) : BPEMIX_OK;
}

/* Give a pre-token to step i.  first: it starts where the input starts. */
static bpemix_status apply(run *r, size_t i, bmx_slice pretoken, bool first)
{
    if (pretoken.len == 0)
        return BPEMIX_OK; /* P1 */
    if (i == r->p->n)
        return finish(r, pretoken);

    const step *t = &r->p->step[i];
    splitter s = splitter_of(r, i, pretoken, first);

    switch (t->s.kind) {
    case BMX_PRE_BYTE_LEVEL: return byte_level(r, i, pretoken, first);
    case BMX_PRE_SPLIT:
        if (t->scan != BMX_SCAN_NONE)
            return split_scanned(r, i, pretoken, first);
        s.behavior = t->s.behavior;
        s.invert = t->s.invert;
        return split_regex(&s, t->regex);
    case BMX_PRE_DIGITS:
        s.behavior = t->s.individual_digits ? BMX_SPLIT_ISOLATED : BMX_SPLIT_CONTIGUOUS;
        return split_chars(&s, t, is_number);
    case BMX_PRE_PUNCTUATION:
        s.behavior = t->s.behavior;
        return split_chars(&s, t, is_punctuation);
    case BMX_PRE_WHITESPACE: return whitespace(r, i, pretoken, first);
    case BMX_PRE_WHITESPACE_SPLIT:
        s.behavior = BMX_SPLIT_REMOVED;
        return split_chars(&s, t, is_space);
    case BMX_PRE_METASPACE: return metaspace(r, i, pretoken, first);
    case BMX_PRE_CHAR_DELIMITER:
        s.behavior = BMX_SPLIT_REMOVED;
        return split_chars(&s, t, is_delimiter);
    case BMX_PRE_BERT: return bert(r, i, pretoken, first);
    case BMX_PRE_UNICODE_SCRIPTS: return unicode_scripts(r, i, pretoken, first);
    case BMX_PRE_FIXED_LENGTH: return fixed_length(r, i, pretoken, first);
    case BMX_PRE_SENTENCEPIECE: return sentencepiece(r, i, pretoken);
    }
    return bmx_fail(r->err, BPEMIX_E_BUG, "", "pre-tokenizer step of kind %d", (int)t->s.kind);
}

bpemix_status bmx_pretokenize_part(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                                   bmx_slice text, bool first, bmx_pretoken_fn *emit, void *ctx,
                                   bpemix_error *err)
{
    run r = { .p = p, .s = s, .emit = emit, .ctx = ctx, .err = err };

    return apply(&r, 0, text, first);
}

bpemix_status bmx_pretokenize_bulk(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                                   bmx_slice text, bool lines, const bmx_pretoken_sink *to,
                                   bpemix_error *err)
{
    run r = { .p = p, .s = s, .emit = to->one, .many = to->many, .ctx = to->ctx, .err = err };
    bpemix_status st = BPEMIX_OK;

    r.lines = lines && p->n == 1 && scans_last(p, 0) && !p->step[0].s.add_prefix_space;
    if (!lines || r.lines)
        return apply(&r, 0, text, true);
    while (text.len && !st) {
        const char *nl = memchr(text.ptr, '\n', text.len);
        size_t n = nl ? (size_t)(nl - text.ptr) + 1 : text.len;

        st = apply(&r, 0, bmx_slice_of(text.ptr, n), true);
        text = bmx_slice_of(text.ptr + n, text.len - n);
    }
    return st;
}

bpemix_status bmx_pretokenize(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                              bmx_slice text, bmx_pretoken_fn *emit, void *ctx, bpemix_error *err)
{
    return bmx_pretokenize_part(p, s, text, true, emit, ctx, err);
}
