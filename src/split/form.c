/* SPDX-License-Identifier: GPL-3.0-or-later */
/* form.c - Unicode normalization forms, and what else utf8proc knows of characters.
 *
 * F1  Only stretches with characters that are not inert are normalized: from the last inert
 *     character before them up to the next one.  Nothing outside a stretch affects it.
 * F2  Time is linear in the text, also for endless runs of combining marks. */
#include "split/form.h"
#include "base/assert.h"
#include "base/version.h"
#include "split/chars.h"

#include <string.h>
#include <utf8proc.h>

#define INERT_LIMIT 0x30000u /* code points from here on take the slow path */

static bool is_inert(const bmx_form *f, uint32_t cp)
{
    return cp < INERT_LIMIT && (f->inert[cp >> 3] >> (cp & 7) & 1);
}

static int combining_class(uint32_t cp)
{
    return utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
}

bpemix_status bmx_form_init(bmx_form *f, bool compat, bool compose, bpemix_error *err)
{
    int options = UTF8PROC_STABLE | (compat ? UTF8PROC_COMPAT : 0) |
                  (compose ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE);
    uint8_t *second = bmx_calloc(INERT_LIMIT / 8, 1);

    f->options = options;
    f->inert = bmx_calloc(INERT_LIMIT / 8, 1);
    if (!second || !f->inert) {
        bmx_free(second);
        return bmx_nomem(err);
    }
    for (uint32_t cp = 0x80; cp < INERT_LIMIT; cp++) {
        utf8proc_int32_t d[32];
        int last = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, d, 32,
                                                     UTF8PROC_DECOMPOSE, &last);
        for (utf8proc_ssize_t i = 1; i < n && n <= 32; i++)
            if ((uint32_t)d[i] < INERT_LIMIT)
                second[d[i] >> 3] |= (uint8_t)(1 << (d[i] & 7));
    }
    for (uint32_t cp = 0; cp < INERT_LIMIT; cp++) {
        utf8proc_int32_t d[32];
        int last = 0;
        utf8proc_ssize_t n;
        bool composes = options & UTF8PROC_COMPOSE;
        utf8proc_option_t simple = (utf8proc_option_t)((options & ~UTF8PROC_COMPOSE) |
                                                       UTF8PROC_DECOMPOSE);

        if (cp < 0x80) {
            f->inert[cp >> 3] |= (uint8_t)(1 << (cp & 7));
            continue;
        }
        if ((cp >= 0xd800 && cp <= 0xdfff) || combining_class(cp) != 0 ||
            (composes && (second[cp >> 3] >> (cp & 7) & 1)))
            continue;
        n = utf8proc_decompose_char((utf8proc_int32_t)cp, d, 32, simple, &last);
        if (n > 0 && n <= 32 && composes)
            n = utf8proc_normalize_utf32(d, n, (utf8proc_option_t)options);
        if (n == 1 && d[0] == (utf8proc_int32_t)cp)
            f->inert[cp >> 3] |= (uint8_t)(1 << (cp & 7));
    }
    bmx_free(second);
    return BPEMIX_OK;
}

/* Order the marks d[n], all of class > 0, stably by class. */
static bpemix_status order_marks(utf8proc_int32_t *d, size_t n, bpemix_error *err)
{
    if (n < 32) {
        for (size_t i = 1; i < n; i++)
            for (size_t k = i;
                 k > 0 && combining_class((uint32_t)d[k - 1]) > combining_class((uint32_t)d[k]);
                 k--) {
                utf8proc_int32_t t = d[k];
                d[k] = d[k - 1];
                d[k - 1] = t;
            }
        return BPEMIX_OK;
    }
    size_t start[257] = { 0 };
    utf8proc_int32_t *copy = bmx_malloc(n, sizeof *copy);

    if (!copy)
        return bmx_nomem(err);
    memcpy(copy, d, n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        start[(combining_class((uint32_t)d[i]) & 255) + 1]++;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < n; i++)
        d[start[combining_class((uint32_t)copy[i]) & 255]++] = copy[i];
    bmx_free(copy);
    return BPEMIX_OK;
}

#ifdef BMX_CHECKED
static bool in_order(const utf8proc_int32_t *d, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (combining_class((uint32_t)d[i - 1]) > combining_class((uint32_t)d[i]))
            return false;
    return true;
}
#endif

/* Normalize a stretch (F1). */
static bpemix_status put_form(const bmx_form *f, bmx_slice s, bmx_buf *out, bpemix_error *err)
{
    utf8proc_int32_t fixed[256], *d = fixed;
    size_t cap = 256, n = 0, marks = 0;
    int last = 0;
    utf8proc_option_t options = (utf8proc_option_t)((f->options & ~UTF8PROC_COMPOSE) |
                                                    UTF8PROC_DECOMPOSE);
    bpemix_status st = BPEMIX_OK;

    /* No character decomposes to more than 18. */
    if (s.len > 12) {
        cap = s.len * 2 + 64;
        d = bmx_malloc(cap, sizeof *d);
        if (!d)
            return bmx_nomem(err);
    }
    for (size_t i = 0; i < s.len && !st;) {
        uint32_t cp;
        i += bmx_char_at(s, i, &cp);
        if (cap - n < 20) {
            utf8proc_int32_t *grown = d == fixed ? NULL : bmx_realloc(d, cap * 2, sizeof *d);
            if (!grown) {
                st = bmx_nomem(err);
                break;
            }
            d = grown;
            cap *= 2;
        }
        utf8proc_ssize_t got = utf8proc_decompose_char((utf8proc_int32_t)cp, d + n,
                                                       (utf8proc_ssize_t)(cap - n), options, &last);
        n += got > 0 ? (size_t)got : 0;
    }
    for (size_t i = 0; i <= n && !st; i++) {
        if (i < n && combining_class((uint32_t)d[i]) > 0) {
            marks++;
        } else {
            if (marks > 1)
                st = order_marks(d + i - marks, marks, err);
            BMX_ASSERT(st || in_order(d + i - marks, marks));
            marks = 0;
        }
    }
    if (!st && (f->options & UTF8PROC_COMPOSE)) {
        utf8proc_ssize_t got = utf8proc_normalize_utf32(d, (utf8proc_ssize_t)n,
                                                        (utf8proc_option_t)f->options);
        n = got > 0 ? (size_t)got : 0;
    }
    if (!st)
        st = bmx_buf_reserve(out, n * 4, err);
    for (size_t i = 0; i < n && !st; i++)
        out->len += bmx_utf8_encode((uint32_t)d[i], out->ptr + out->len);
    if (d != fixed)
        bmx_free(d);
    return st;
}

#ifdef BMX_CHECKED
static bool inert_at(const bmx_form *f, bmx_slice s, size_t at)
{
    uint32_t cp;

    bmx_char_at(s, at, &cp);
    return is_inert(f, cp);
}
#endif

bpemix_status bmx_form_run(const bmx_form *f, bmx_slice *text, bmx_buf *out, bpemix_error *err)
{
    bmx_slice s = *text;
    size_t copied = 0, prev = 0; /* text before `copied` is in out; prev: the last inert one */
    bool changed = false;

    out->len = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        unsigned n;
        size_t from, len;

        if ((unsigned char)s.ptr[i] < 0x80) {
            prev = i++;
            continue;
        }
        n = bmx_char_at(s, i, &cp);
        if (is_inert(f, cp)) {
            prev = i;
            i += n;
            continue;
        }
        from = prev;
        while (i < s.len) {
            n = bmx_char_at(s, i, &cp);
            if (is_inert(f, cp))
                break;
            i += n;
        }
        BMX_ASSERT(copied <= from && from < i && (from == 0 || inert_at(f, s, from)) &&
                   (i == s.len || inert_at(f, s, i))); /* F1 */
        if (bmx_buf_add(out, s.ptr + copied, from - copied, err))
            return BPEMIX_E_NOMEM;
        len = out->len;
        if (put_form(f, bmx_slice_of(s.ptr + from, i - from), out, err))
            return BPEMIX_E_NOMEM;
        changed |= out->len - len != i - from || memcmp(out->ptr + len, s.ptr + from, i - from);
        copied = prev = i;
    }
    if (!changed)
        return BPEMIX_OK;
    if (bmx_buf_add(out, s.ptr + copied, s.len - copied, err))
        return BPEMIX_E_NOMEM;
    *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

void bmx_form_release(bmx_form *f)
{
    bmx_free(f->inert);
    *f = (bmx_form){ 0 };
}

uint32_t bmx_char_lower(uint32_t cp) { return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp); }

bool bmx_grapheme_break(uint32_t before, uint32_t cp, int32_t *state)
{
    return utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)cp, state);
}

const char *bmx_normalize_library_version(void) { return utf8proc_version(); }

const char *bmx_normalize_unicode_version(void) { return utf8proc_unicode_version(); }
