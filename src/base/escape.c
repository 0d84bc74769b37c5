/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"
#include "base/utf8.h"

#include <string.h>

#define OPEN_BOX "\xe2\x90\xa3" /* U+2423 */
#define BOX_BYTES 3

/* Valid characters that are escaped: those that a terminal would obey or that look like a space,
 * and the open box itself. */
static bool needs_bytes(uint32_t c)
{
    static const struct { uint32_t first, last; } spaces[] = {
        { 0xa0, 0xa0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x202f, 0x202f },
        { 0x205f, 0x205f }, { 0x3000, 0x3000 }
    };

    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (c >= spaces[i].first && c <= spaces[i].last)
            return true;
    return bmx_utf8_is_control(c) || c == 0x2423;
}

static bpemix_status put_bytes(bmx_slice s, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < s.len && !st; i++)
        st = bmx_buf_addf(out, err, "\\x%02x", (unsigned char)s.ptr[i]);
    return st;
}

bpemix_status bmx_token_escape(bmx_slice token, bmx_buf *out, bpemix_error *err)
{
    size_t first = 0, last = token.len; /* token[first .. last) has no space at its ends */
    bpemix_status st = BPEMIX_OK;

    while (first < token.len && token.ptr[first] == ' ')
        first++;
    while (last > first && token.ptr[last - 1] == ' ')
        last--;
    for (size_t i = 0; i < token.len && !st;) {
        uint32_t c;
        unsigned n = bmx_utf8_decode(token.ptr + i, token.len - i, &c);

        if (n == 0)
            st = put_bytes(bmx_slice_of(token.ptr + i, n = 1), out, err);
        else if (c == ' ' && (i < first || i >= last))
            st = bmx_buf_add(out, OPEN_BOX, BOX_BYTES, err);
        else if (c == '\n' || c == '\t' || c == '\\')
            st = bmx_buf_addf(out, err, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : '\\');
        else if (needs_bytes(c))
            st = put_bytes(bmx_slice_of(token.ptr + i, n), out, err);
        else
            st = bmx_buf_add(out, token.ptr + i, n, err);
        i += n;
    }
    return st;
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

bpemix_status bmx_token_unescape(bmx_slice text, bmx_buf *out, bpemix_error *err)
{
    bmx_buf raw = { 0 }, again = { 0 };
    bpemix_status st = BPEMIX_OK;
    bool bad = false;

    for (size_t i = 0; i < text.len && !st && !bad;) {
        const char *p = text.ptr + i;
        size_t left = text.len - i;

        if (left >= BOX_BYTES && !memcmp(p, OPEN_BOX, BOX_BYTES)) {
            st = bmx_buf_addc(&raw, ' ', err);
            i += BOX_BYTES;
        } else if (*p != '\\') {
            st = bmx_buf_addc(&raw, *p, err);
            i++;
        } else if (left >= 4 && p[1] == 'x' && hex(p[2]) >= 0 && hex(p[3]) >= 0) {
            st = bmx_buf_addc(&raw, (char)(hex(p[2]) << 4 | hex(p[3])), err);
            i += 4;
        } else if (left >= 2 && (p[1] == 'n' || p[1] == 't' || p[1] == '\\')) {
            st = bmx_buf_addc(&raw, p[1] == 'n' ? '\n' : p[1] == 't' ? '\t' : '\\', err);
            i += 2;
        } else {
            bad = true;
        }
    }
    /* another text that decodes to the same token is not its spelling */
    if (!st && !bad && !(st = bmx_token_escape(bmx_slice_of(raw.ptr, raw.len), &again, err)))
        bad = !bmx_slice_eq(bmx_slice_of(again.ptr, again.len), text);
    if (!st && bad) {
        char quoted[80];

        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "write it as bpemix prints it",
                           "%s is not the spelling of a token",
                           bmx_quote(quoted, sizeof quoted, text.ptr, text.len));
    }
    if (!st)
        st = bmx_buf_add(out, raw.ptr, raw.len, err);
    bmx_buf_release(&raw);
    bmx_buf_release(&again);
    return st;
}

char *bmx_token_text(bmx_slice token)
{
    bmx_buf b = { 0 };
    char *copy = bmx_token_escape(token, &b, NULL) ? NULL : bmx_strndup(b.len ? b.ptr : "", b.len);

    bmx_buf_release(&b);
    return copy;
}

/* Bytes of the first character, or escape, of a spelling that is not empty. */
static size_t spelled(const char *s)
{
    size_t n = 1;

    if (*s == '\\')
        n = s[1] == 'x' ? 4 : 2;
    else
        while (((unsigned char)s[n] & 0xc0) == 0x80)
            n++;
    return strnlen(s, n);
}

static bpemix_status add_quoted(const char *s, size_t n, bmx_buf *out, bpemix_error *err)
{
    return n == BOX_BYTES && !memcmp(s, OPEN_BOX, n) ? bmx_buf_addc(out, ' ', err)
                                                     : bmx_buf_add(out, s, n, err);
}

bpemix_status bmx_token_quote(const char *spelling, bmx_buf *out, bpemix_error *err)
{
    enum { RUN = 8, LONGEST = 40 }; /* characters that are still written out */
    size_t unit = *spelling ? spelled(spelling) : 0, run = 0, n = 0;
    const char *s = spelling;
    bpemix_status st = bmx_buf_addc(out, '\'', err);

    while (unit && !strncmp(spelling + run * unit, spelling, unit))
        run++;
    if (run > RUN && !spelling[run * unit]) {
        if (!st)
            st = add_quoted(spelling, unit, out, err);
        return st ? st : bmx_buf_addf(out, err, "' %zu times", run);
    }
    for (; *s && n < LONGEST && !st; s += unit, n++) {
        unit = spelled(s);
        st = add_quoted(s, unit, out, err);
    }
    if (*s && !st)
        st = bmx_buf_addf(out, err, "\xe2\x80\xa6");
    return st ? st : bmx_buf_addc(out, '\'', err);
}
