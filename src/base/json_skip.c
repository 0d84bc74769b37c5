/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_skip.c - every value is checked; open brackets are kept on a stack, a byte each.
 *
 * W1  s->p never passes s->end.
 * W2  s->open holds the brackets open inside the value that is being skipped. */
#include "base/json_skip.h"
#include "base/assert.h"
#include "base/utf8.h"

#include <string.h>

const char bmx_json_no_number[] = "NaN or Infinity, which JSON does not have";

void bmx_json_skip_space(bmx_json_walk *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

bool bmx_json_take(bmx_json_walk *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* ---- strings ---- */

static int hex4(const char *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i], lower = c | 0x20;
        if (c - '0' < 10)
            v = v * 16 + (int)(c - '0');
        else if (lower - 'a' < 6)
            v = v * 16 + (int)(lower - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* Code unit of the escape \uHHHH at p, -1 when there is none. */
static int unit_at(const bmx_json_walk *s, const char *p)
{
    return s->end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
}

static bool put(bmx_json_walk *s, bmx_buf *out, const char *p, size_t n)
{
    if (out && bmx_buf_add(out, p, n, NULL))
        s->nomem = true;
    return !s->nomem;
}

/* \uHHHH, or two of them that are a surrogate pair; half a pair becomes U+FFFD. */
static bool unicode_escape(bmx_json_walk *s, bmx_buf *out)
{
    int unit = unit_at(s, s->p), next = unit < 0 ? -1 : unit_at(s, s->p + 6);
    bool high = unit >= 0xd800 && unit <= 0xdbff, low = unit >= 0xdc00 && unit <= 0xdfff;
    bool pair = high && next >= 0xdc00 && next <= 0xdfff;
    uint32_t cp = pair ? 0x10000u + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(next - 0xdc00)
                  : high || low ? 0xfffd
                                : (uint32_t)unit;
    char utf8[4];

    if (unit < 0) {
        s->wrong = "a broken \\u escape";
        return false;
    }
    s->p += pair ? 12 : 6;
    return put(s, out, utf8, bmx_utf8_encode(cp, utf8));
}

static bool escape(bmx_json_walk *s, bmx_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *hit;

    if (s->end - s->p < 2)
        return false;
    if (s->p[1] == 'u')
        return unicode_escape(s, out);
    if (!(hit = memchr(from, s->p[1], sizeof from - 1)))
        return false;
    s->p += 2;
    return put(s, out, to + (hit - from), 1);
}

bool bmx_json_skip_string(bmx_json_walk *s, bmx_buf *out)
{
    const char *quote; /* the next one, or the end: looked for once, not behind every escape */

    if (!bmx_json_take(s, '"'))
        return false;
    for (quote = s->p;;) {
        const char *stop;

        if (quote <= s->p && !(quote = memchr(s->p, '"', (size_t)(s->end - s->p))))
            quote = s->end;
        if (!(stop = memchr(s->p, '\\', (size_t)(quote - s->p))))
            stop = quote;
        if (stop == s->end) {
            s->p = s->end;
            return false;
        }
        if (!put(s, out, s->p, (size_t)(stop - s->p)))
            return false;
        s->p = stop;
        if (*stop == '"') {
            s->p++;
            return true;
        }
        if (!escape(s, out))
            return false;
    }
}

/* ---- values that are skipped ---- */

static bool word(bmx_json_walk *s, const char *w)
{
    size_t n = strlen(w);

    if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n))
        return false;
    s->p += n;
    return true;
}

static size_t digits(bmx_json_walk *s)
{
    const char *start = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - start);
}

static bool number(bmx_json_walk *s)
{
    bool minus = bmx_json_take(s, '-');

    if (word(s, "Infinity") || (!minus && word(s, "NaN"))) {
        s->wrong = bmx_json_no_number;
        return false;
    }
    if (!digits(s))
        return false;
    if (bmx_json_take(s, '.'))
        digits(s);
    if (bmx_json_take(s, 'e') || bmx_json_take(s, 'E')) {
        if (!bmx_json_take(s, '-'))
            bmx_json_take(s, '+');
        return digits(s) > 0;
    }
    return true;
}

static bool scalar(bmx_json_walk *s)
{
    if (s->p == s->end)
        return false;
    return *s->p == '"' ? bmx_json_skip_string(s, NULL)
                        : word(s, "true") || word(s, "false") || word(s, "null") || number(s);
}

static bool key(bmx_json_walk *s)
{
    bmx_json_skip_space(s);
    if (!bmx_json_skip_string(s, NULL))
        return false;
    bmx_json_skip_space(s);
    return bmx_json_take(s, ':');
}

static bool push(bmx_json_walk *s, char bracket) { return put(s, &s->open, &bracket, 1); }

/* Behind a value: closing brackets, then nothing (*whole), or a comma and what stands
 * before the next value. */
static bool after_value(bmx_json_walk *s, bool *whole)
{
    while (s->open.len) {
        char bracket = s->open.ptr[s->open.len - 1];

        bmx_json_skip_space(s);
        if (bmx_json_take(s, ',')) {
            *whole = false;
            return bracket == '[' || key(s);
        }
        if (!bmx_json_take(s, bracket == '{' ? '}' : ']'))
            return false;
        s->open.len--;
    }
    *whole = true;
    return true;
}

bool bmx_json_skip(bmx_json_walk *s)
{
    bool whole = false;

    s->open.len = 0;
    while (!whole) {
        char c;

        bmx_json_skip_space(s);
        BMX_ASSERT(s->p <= s->end); /* W1 */
        c = s->p < s->end ? *s->p : '\0';
        if (c == '{' || c == '[') {
            s->p++;
            bmx_json_skip_space(s);
            if (!bmx_json_take(s, c == '{' ? '}' : ']')) { /* its first value comes next */
                if (!push(s, c) || (c == '{' && !key(s)))
                    return false;
                continue;
            }
        } else if (!scalar(s)) {
            return false;
        }
        if (!after_value(s, &whole))
            return false;
        BMX_ASSERT(whole == !s->open.len); /* W2 */
    }
    return true;
}
