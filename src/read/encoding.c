/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoding.c - text in other encodings than UTF-8, and bytes that are not text, by their shares of
 * zero bytes, of control characters and of bytes that are not UTF-8. */
#include "read/encoding.h"
#include "base/utf8.h"

#include <string.h>

size_t bmx_count_controls(bmx_slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t n = s.len, total = 0;

    for (; n >= 64; p += 64, n -= 64) { /* a fixed trip count: vectorized */
        unsigned char sum = 0;
        for (int i = 0; i < 64; i++)
            sum = (unsigned char)(sum + (p[i] < '\t') + ((unsigned char)(p[i] - 14) < 18));
        total += sum;
    }
    for (; n; p++, n--)
        total += *p < '\t' || (*p >= 14 && *p < 32);
    return total;
}

/* ---- UTF-16 and UTF-32 ---- */

/* Counts of what the text would be if read as units of 16 or 32 bits in one byte order. */
typedef struct units {
    size_t n, bad, spaces; /* units; those that are no text; white space and CJK punctuation */
    size_t below_2000;     /* of alphabets: the high byte is not a printable character */
} units;

/* Control characters, private use and what is no character. */
static bool is_no_text(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r') ||
           (c >= 0x7f && c < 0xa0) || (c >= 0xe000 && c < 0xf900) || (c >= 0xfdd0 && c < 0xfdf0) ||
           (c & 0xfffe) == 0xfffe || (c >= 0x40000 && c >> 16 != 0xe);
}

static units look_at_units(bmx_slice s, size_t width, bool big_endian)
{
    units u = { .n = s.len / width };
    bool high = false;

    for (size_t i = 0; i < u.n; i++) {
        const unsigned char *p = (const unsigned char *)s.ptr + width * i;
        uint32_t c = 0;
        bool low, first;

        for (size_t k = 0; k < width; k++)
            c |= (uint32_t)p[big_endian ? width - 1 - k : k] << 8 * k;
        low = c >= 0xdc00 && c <= 0xdfff;
        first = c >= 0xd800 && c <= 0xdbff;
        u.bad += width == 4 ? low || first : low != high; /* half a surrogate pair */
        high = first;
        u.bad += is_no_text(c);
        u.below_2000 += c < 0x2000;
        u.spaces += c == ' ' || c == '\n' || (c >= 0x3000 && c < 0x3003) || c == 0xff0c;
    }
    return u;
}

/* Well-formed, and with white space as often as text has it.  This tells text from numbers such as
 * ids of tokens: of these the frequent ones are control characters, and no white space.  (A
 * carriage return is none here, as 13 is the full stop of GPT-2 and the line end of Llama.) */
static bool is_text(const units *u) { return u->bad * 50 <= u->n && u->spaces * 100 >= u->n; }

/* The byte order in which it reads better; *big: it is the big-endian one. */
static units better_units(bmx_slice s, size_t width, bool *big)
{
    units l = look_at_units(s, width, false), b = look_at_units(s, width, true);

    *big = b.spaces > l.spaces;
    return *big ? b : l;
}

static bmx_content wide(const char *what, const char *hint)
{
    return (bmx_content){ BMX_CONTENT_UTF16, what, hint };
}

static bmx_content content_of_marked(bmx_slice s)
{
    if (s.len >= 4 && (!memcmp(s.ptr, "\xff\xfe\0\0", 4) || !memcmp(s.ptr, "\0\0\xfe\xff", 4)))
        return wide("text in UTF-32", "convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)");
    if (s.len >= 2 && (!memcmp(s.ptr, "\xff\xfe", 2) || !memcmp(s.ptr, "\xfe\xff", 2)))
        return wide("text in UTF-16", "convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)");
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

/* Without a mark.  Of UTF-16, bytes that 8-bit text does not have are asked for, too: control
 * characters, and bytes that are not UTF-8 or every second one below 32, as in alphabets. */
static bmx_content content_of_unmarked(bmx_slice s)
{
    bool big;
    units u;

    if (s.len < 8 || bmx_count_controls(s) * 200 < s.len)
        return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
    if (memchr(s.ptr, 0, s.len)) {
        u = better_units(s, 4, &big);
        if (is_text(&u))
            return wide("text in UTF-32 without a byte order mark",
                        big ? "convert it to UTF-8 (iconv -f UTF-32BE -t UTF-8)"
                            : "convert it to UTF-8 (iconv -f UTF-32LE -t UTF-8)");
    }
    u = better_units(s, 2, &big);
    if (is_text(&u) && (u.below_2000 * 2 >= u.n || bmx_utf8_valid_prefix(s) + 3 < s.len))
        return wide("text in UTF-16 without a byte order mark",
                    big ? "convert it to UTF-8 (iconv -f UTF-16BE -t UTF-8)"
                        : "convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)");
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

/* ---- escape sequences ---- */

/* ISO 2022: Japanese, Chinese or Korean as ASCII bytes between escape sequences. */
static const char *find_iso2022(bmx_slice s)
{
    const char *p = s.ptr, *end = p + s.len;

    while (p && p < end && (p = memchr(p, 0x1b, (size_t)(end - p)))) {
        if (end - p > 2 && p[1] == '$' && (p[2] == 'B' || p[2] == '@'))
            return "convert it to UTF-8 (iconv -f ISO-2022-JP -t UTF-8)";
        if (end - p > 3 && p[1] == '$' && (p[2] == ')' || p[2] == '*'))
            return p[3] == 'C' ? "convert it to UTF-8 (iconv -f ISO-2022-KR -t UTF-8)"
                               : "convert it to UTF-8 (iconv -f ISO-2022-CN -t UTF-8)";
        p++;
    }
    return NULL;
}

/* ---- zero bytes and others ---- */

/* Text from the web has a few zero bytes and malformed ones; more than these are reported. */
enum { ENOUGH = 8, ONE_IN = 200, CONTROLS_ONE_IN = 50 };

static bool is_much(size_t n, size_t all) { return n >= ENOUGH || (n && n * ONE_IN >= all); }

static size_t count_zeros(bmx_slice s)
{
    size_t n = 0;

    if (!s.len || !memchr(s.ptr, 0, s.len))
        return 0;
    for (size_t i = 0; i < s.len; i++)
        n += !s.ptr[i];
    return n;
}

bool bmx_content_is_full_of_zeros(bmx_slice text)
{
    size_t n = count_zeros(text);

    return n && n * ONE_IN >= text.len;
}

bmx_content bmx_content_of_zeros(void)
{
    return (bmx_content){ BMX_CONTENT_ZEROS, "zero bytes, which text does not have",
                          "check that this is text" };
}

/* Bytes that are not UTF-8, and characters above 127. */
static size_t count_malformed(bmx_slice s, size_t *above)
{
    size_t good = 0, bad = 0;

    for (size_t i = bmx_utf8_valid_prefix(s); i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        bad += !n;
        good += n > 1;
        i += n ? n : 1;
    }
    for (size_t i = 0, n = bad ? bmx_utf8_valid_prefix(s) : 0; i < n; i++)
        good += ((unsigned char)s.ptr[i] & 0xc0) == 0xc0;
    *above = good;
    return bad;
}

/* Text in an 8-bit encoding: its bytes above 127 hardly ever form UTF-8. */
static bool is_malformed(bmx_slice s)
{
    size_t good, bad = count_malformed(s, &good);

    return bad > good && is_much(bad, s.len);
}

/* Control characters of other formats than text.  Four of them stand in text: of terminals, of
 * overstriking, and at the end of files of DOS. */
static size_t count_strange(bmx_slice s)
{
    size_t n = bmx_count_controls(s);

    for (size_t i = 0; n && i < s.len; i++)
        n -= s.ptr[i] == 0x1b || s.ptr[i] == '\b' || s.ptr[i] == '\a' || s.ptr[i] == 0x1a;
    return n;
}

static bool is_full_of_controls(size_t n, bmx_slice s)
{
    return n >= ENOUGH && n * CONTROLS_ONE_IN >= s.len;
}

/* Packed or numeric data, which no list of formats is long enough for: text has either none of the
 * bytes that this has many of, zero bytes, or an encoding, and no control characters besides. */
static bmx_content content_of_zeros(bmx_slice s)
{
    enum { DATA_ONE_IN = 20 };
    size_t good, bad = count_malformed(s, &good);

    if (bad > good && bad * DATA_ONE_IN >= s.len)
        return (bmx_content){ BMX_CONTENT_BINARY, "zero bytes and many that are not UTF-8",
                              "check that it is whole and what it is" };
    if (is_full_of_controls(count_zeros(s), s) &&
        is_full_of_controls(count_strange(s) - count_zeros(s), s))
        return (bmx_content){ BMX_CONTENT_BINARY, "zero bytes and other control characters",
                              "check that it is whole and what it is" };
    return bmx_content_of_zeros();
}

/* Do most bytes above 127 stand alone between letters of ASCII, as accented letters of Western
 * Europe do? */
static bool is_western(bmx_slice s)
{
    size_t n = 0, alone = 0;

    for (size_t i = 0; i < s.len; i++) {
        bool high = (unsigned char)s.ptr[i] >= 0x80;
        n += high;
        alone += high && (!i || !((unsigned char)s.ptr[i - 1] & 0x80)) &&
                 (i + 1 == s.len || !((unsigned char)s.ptr[i + 1] & 0x80));
    }
    return 2 * alone > n;
}

static bmx_content content_of_other(bmx_slice s)
{
    return is_western(s) ? (bmx_content){ BMX_CONTENT_MALFORMED,
                                          "not UTF-8, but bytes of another encoding such as ISO "
                                          "8859-1",
                                          "convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)" }
                         : (bmx_content){ BMX_CONTENT_MALFORMED,
                                          "not UTF-8, but bytes of another encoding, or no text",
                                          "convert it from its encoding to UTF-8 (iconv)" };
}

bmx_content bmx_encoding_of(bmx_slice s, bool whole)
{
    bmx_content c = content_of_marked(s);
    const char *hint;

    if (c.kind == BMX_CONTENT_TEXT)
        c = content_of_unmarked(s);
    if (c.kind != BMX_CONTENT_TEXT)
        return c;
    if (!whole)
        s.len = bmx_utf8_whole(s.ptr, s.len);
    if (is_much(count_zeros(s), s.len))
        return content_of_zeros(s);
    if (is_malformed(s))
        return content_of_other(s);
    if ((hint = find_iso2022(s)))
        return wide("text in ISO 2022 (with escape sequences)", hint);
    if (is_full_of_controls(count_strange(s), s))
        return (bmx_content){ BMX_CONTENT_ZEROS,
                              "control characters, of which text has next to none",
                              "check that this is text" };
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}
