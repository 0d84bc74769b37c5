/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "split/regex_parse.h"
#include "base/format.h"
#include "base/utf8.h"

#include <string.h>

bool bmx_rx_onig(const bmx_rx_parser *p) { return p->flavor == BMX_REGEX_ONIGURUMA; }

/* As bmx_quote(), but with backslashes as they are when nothing else is special. */
static const char *quote_pattern(char *buf, size_t size, const char *s, size_t n)
{
    bool plain = true;

    for (size_t i = 0; i < n; i++)
        plain &= (unsigned char)s[i] >= 0x20 && s[i] != 0x7f && s[i] != '\'';
    if (!plain)
        return bmx_quote(buf, size, s, n);
    bmx_snprintf(buf, size, "'%.*s'", (int)n, s);
    return buf;
}

void bmx_rx_refuse(bmx_rx_parser *p, size_t at, const char *what)
{
    char quoted[80], place[96];
    size_t n = p->len - at < 12 ? p->len - at : 12;

    if (p->st)
        return;
    while (at + n < p->len && n > 0 && ((unsigned char)p->text[at + n] & 0xc0) == 0x80)
        n--;
    bmx_snprintf(place, sizeof place, "pattern, byte %zu", at);
    p->st = bmx_fail_hint(p->err, BPEMIX_E_UNSUPPORTED, place,
                          "name a pre-tokenizer that splits the same way",
                          "%s at %s cannot be translated exactly", what,
                          quote_pattern(quoted, sizeof quoted, p->text + at, n));
    if (p->err)
        p->err->offset = (int64_t)at;
}

void bmx_rx_put_n(bmx_rx_parser *p, bmx_buf *out, const char *s, size_t n)
{
    if (!p->st)
        p->st = bmx_buf_add(out, s, n, p->err);
}

void bmx_rx_put(bmx_rx_parser *p, bmx_buf *out, const char *s)
{
    bmx_rx_put_n(p, out, s, strlen(s));
}

void bmx_rx_put_buf(bmx_rx_parser *p, bmx_buf *out, const bmx_buf *b)
{
    bmx_rx_put_n(p, out, b->ptr, b->len);
}

void bmx_rx_put_char(bmx_rx_parser *p, bmx_buf *out, uint32_t cp)
{
    char tmp[16];

    if ((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'))
        bmx_snprintf(tmp, sizeof tmp, "%c", (char)cp);
    else
        bmx_snprintf(tmp, sizeof tmp, "\\x{%x}", (unsigned)cp);
    bmx_rx_put(p, out, tmp);
}

void bmx_rx_wrap(bmx_rx_parser *p, bmx_buf *out, size_t from)
{
    bmx_rx_put(p, out, "(?:)");
    if (p->st)
        return;
    memmove(out->ptr + from + 3, out->ptr + from, out->len - 4 - from);
    memcpy(out->ptr + from, "(?:", 3);
    out->ptr[out->len - 1] = ')';
}

bool bmx_rx_more(const bmx_rx_parser *p) { return !p->st && p->pos < p->len; }
char bmx_rx_peek(const bmx_rx_parser *p) { return p->pos < p->len ? p->text[p->pos] : '\0'; }
bool bmx_rx_at_str(const bmx_rx_parser *p, const char *s)
{
    size_t n = strlen(s);
    return p->len - p->pos >= n && !memcmp(p->text + p->pos, s, n);
}
bool bmx_rx_accept(bmx_rx_parser *p, const char *s)
{
    if (!bmx_rx_at_str(p, s))
        return false;
    p->pos += strlen(s);
    return true;
}

/* One character of the pattern, which is known to be UTF-8. */
uint32_t bmx_rx_take_char(bmx_rx_parser *p)
{
    uint32_t cp = 0;
    unsigned n = bmx_utf8_decode(p->text + p->pos, p->len - p->pos, &cp);

    p->pos += n ? n : 1;
    return cp;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Up to max hex digits (exactly, when `exact`); false when there are none. */
static bool take_hex(bmx_rx_parser *p, unsigned max, bool exact, uint32_t *cp)
{
    unsigned n = 0;

    for (*cp = 0; n < max && p->pos < p->len && hex_value(p->text[p->pos]) >= 0; n++)
        *cp = *cp << 4 | (uint32_t)hex_value(p->text[p->pos++]);
    return exact ? n == max : n > 0;
}

/* The code point written behind \x, \u or \U. */
static uint32_t take_code_point(bmx_rx_parser *p, char kind, size_t at)
{
    uint32_t cp = 0;
    bool ok;

    if (bmx_rx_accept(p, "{"))
        ok = take_hex(p, 8, false, &cp) && bmx_rx_accept(p, "}");
    else
        ok = take_hex(p,
                      kind == 'x'   ? 2
                      : kind == 'u' ? 4
                                    : 8,
                      kind != 'x' || !bmx_rx_onig(p), &cp);
    if (!ok || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ||
        (bmx_rx_onig(p) && kind == 'x' && cp > 0x7f && p->text[p->pos - 1] != '}'))
        bmx_rx_refuse(p, at, "a code point");
    return cp;
}

bool bmx_rx_take_escaped_char(bmx_rx_parser *p, size_t at, bool in_class, uint32_t *cp)
{
    char c = bmx_rx_peek(p);

    switch (c) {
    case 't': *cp = '\t'; break;
    case 'n': *cp = '\n'; break;
    case 'r': *cp = '\r'; break;
    case 'f': *cp = '\f'; break;
    case 'v': *cp = '\v'; break;
    case 'a': *cp = '\a'; break;
    case 'e': *cp = 0x1b; break;
    case 'b':
        if (!in_class)
            return false;
        if (!bmx_rx_onig(p))
            bmx_rx_refuse(p, at, "a backspace escape");
        *cp = '\b';
        break;
    case 'x': case 'u': case 'U':
        if (c == 'U' && bmx_rx_onig(p))
            return false;
        p->pos++;
        *cp = take_code_point(p, c, at);
        return true;
    case '0':
        if (!bmx_rx_onig(p))
            return false;
        *cp = 0;
        for (unsigned n = 0; n < 3 && bmx_rx_peek(p) >= '0' && bmx_rx_peek(p) <= '7'; n++)
            *cp = *cp * 8 + (uint32_t)(p->text[p->pos++] - '0');
        return true;
    default:
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            p->pos >= p->len)
            return false;
        *cp = bmx_rx_take_char(p);
        return true;
    }
    p->pos++;
    return true;
}
