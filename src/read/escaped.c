/* SPDX-License-Identifier: GPL-3.0-or-later */
/* escaped.c - text in disguise, by the share of its bytes that are escapes of characters beyond
 * ASCII.
 *
 *   HZ                 ~{VPND~}        UTF-7              +AOk-
 *   quoted-printable   =C3=A9          URL                %C3%A9
 *   HTML, XML          &#233;          programs           \u00e9
 *   base64             lines of it     UTF-8 twice        bytes c3 83 c2 a9
 *
 * Limits lie between what texts of such an encoding have (French, with the fewest escapes, 10 %)
 * and what the beginnings of 124,000 files of text and of code have at most: 3.4 % of
 * quoted-printable, 3.2 % of UTF-7, 1.2 % of HTML's, 41 % of those of programs, 7 % of URLs', and
 * 41 % base64. */
#include "read/escaped.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A text has to have so many escapes of a kind within as much of it as is looked at. */
enum { FEWEST = 8, LOOKED_AT = 8192 };

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

static int sextet_of(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* ---- one escape: its length at the beginning of s, 0 if there is none ---- */

/* A byte above 127 as two digits, which are capitals. */
static size_t quoted_byte(bmx_slice s)
{
    return s.len >= 3 && digit_of(s.ptr[1]) >= 8 && digit_of(s.ptr[2]) >= 0 && s.ptr[1] < 'a' &&
                   s.ptr[2] < 'a'
               ? 3
               : 0;
}

/* The bytes of one character in UTF-8, each as two digits behind a sign; %eax is a register. */
static size_t url_character(bmx_slice s)
{
    char byte[4] = "";
    size_t n = 0;
    uint32_t cp;
    unsigned len;

    for (; n < sizeof byte && s.len >= 3 * n + 3 && s.ptr[3 * n] == '%' &&
           digit_of(s.ptr[3 * n + 1]) >= 0 && digit_of(s.ptr[3 * n + 2]) >= 0;
         n++)
        byte[n] = (char)(digit_of(s.ptr[3 * n + 1]) * 16 + digit_of(s.ptr[3 * n + 2]));
    len = bmx_utf8_decode(byte, n, &cp);
    return len > 1 ? 3 * (size_t)len : 0;
}

static size_t unicode_escape(bmx_slice s)
{
    int unit = 0;

    if (s.len < 6 || s.ptr[1] != 'u')
        return 0;
    for (size_t i = 2; i < 6; i++) {
        if (digit_of(s.ptr[i]) < 0)
            return 0;
        unit = unit * 16 + digit_of(s.ptr[i]);
    }
    return unit >= 0x80 ? 6 : 0;
}

static size_t character_reference(bmx_slice s)
{
    bool hex = s.len > 2 && (s.ptr[2] == 'x' || s.ptr[2] == 'X');
    size_t i = hex ? 3 : 2, most = i + 7;
    int value = 0;

    if (s.len < 2 || s.ptr[1] != '#')
        return 0;
    for (; i < s.len && i < most && digit_of(s.ptr[i]) >= 0; i++) {
        if (!hex && digit_of(s.ptr[i]) > 9)
            return 0;
        value = value * (hex ? 16 : 10) + digit_of(s.ptr[i]);
    }
    return i < s.len && s.ptr[i] == ';' && value >= 0x80 ? i + 1 : 0;
}

/* Pairs of bytes of GB 2312 without their high bits. */
static size_t hz(bmx_slice s)
{
    size_t i = 2;

    if (s.len < 2 || s.ptr[1] != '{')
        return 0;
    while (i + 1 < s.len && s.ptr[i] >= 0x21 && s.ptr[i] <= 0x77 && s.ptr[i + 1] >= 0x21 &&
           s.ptr[i + 1] <= 0x7e)
        i += 2;
    return i > 2 && i + 1 < s.len && s.ptr[i] == '~' && s.ptr[i + 1] == '}' ? i + 2 : 0;
}

/* UTF-16 in base64: whole units, none of ASCII or for private use, then zero bits and nothing.
 * A short sum such as a+b+c is none. */
static size_t utf7(bmx_slice s)
{
    uint32_t bits = 0;
    unsigned n_bits = 0, n_units = 0;
    size_t i = 1;

    for (; i < s.len && sextet_of(s.ptr[i]) >= 0; i++) {
        bits = bits << 6 | (uint32_t)sextet_of(s.ptr[i]);
        if ((n_bits += 6) >= 16) {
            uint32_t unit = bits >> (n_bits - 16) & 0xffff;
            n_bits -= 16;
            n_units++;
            if (unit < 0x80 || (unit >= 0xe000 && unit < 0xf900))
                return 0;
        }
    }
    if (i < 9 && memchr(s.ptr + 1, '+', i - 1))
        return 0;
    if (!n_units || n_bits >= 6 || (bits & ((1u << n_bits) - 1)))
        return 0;
    return i < s.len && s.ptr[i] == '-' ? i + 1 : i;
}

/* ---- shares ---- */

static const struct kind {
    char first;
    size_t (*escape)(bmx_slice s);
    unsigned percent; /* of the text, at least */
    const char *what, *hint;
} kinds[] = {
    { '~', hz, 2, "Chinese text in HZ", "convert it to UTF-8 (from the encoding HZ)" },
    { '+', utf7, 5, "text in UTF-7", "convert it to UTF-8 (iconv -f UTF-7 -t UTF-8)" },
    { '=', quoted_byte, 5, "quoted-printable text of mail", "decode it first" },
    { '&', character_reference, 4, "text with its characters as numbers of HTML",
      "replace them by the characters first" },
    { '\\', unicode_escape, 60, "text with its characters as escapes (\\u and digits)",
      "replace them by the characters first" },
    { '%', url_character, 25, "text with its characters as in URLs (% and digits)",
      "replace them by the characters first" },
};

static bool is_written_in(const struct kind *k, bmx_slice s)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    size_t n = 0, bytes = 0;

    while ((p = memchr(p, k->first, (size_t)(end - p)))) {
        size_t len = k->escape(bmx_slice_of(p, (size_t)(end - p)));
        n += len > 0;
        bytes += len;
        p += len ? len : 1;
    }
    return n >= FEWEST && bytes * 100 >= s.len * k->percent;
}

/* Lines as programs write base64: long, all of the same length but for the last, and nearly all
 * with letters of both kinds and digits, which sequences of genes and hexadecimal digits lack. */
static bool is_base64(bmx_slice s)
{
    size_t n = 0, mixed = 0, width = 0;
    bool last = false;

    for (size_t i = 0; i < s.len; n++) {
        bool upper = false, lower = false, number = false;
        size_t from = i, len;

        for (; i < s.len && (sextet_of(s.ptr[i]) >= 0 || s.ptr[i] == '='); i++) {
            upper |= s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
            lower |= s.ptr[i] >= 'a' && s.ptr[i] <= 'z';
            number |= s.ptr[i] >= '0' && s.ptr[i] <= '9';
        }
        len = i - from;
        i += i < s.len && s.ptr[i] == '\r';
        if (last || !len || (i < s.len && s.ptr[i++] != '\n'))
            return false;
        width = width ? width : len;
        last = len < width;
        mixed += upper && lower && number;
        if (len > width || width < 40)
            return false;
    }
    return n >= FEWEST && mixed * 4 >= n * 3;
}

/* Pairs of characters that are what the two bytes of one character are in ISO 8859-1, or in
 * Windows-1252, whose additional characters begin with other bytes. */
static bool is_twice_utf8(bmx_slice s)
{
    size_t high = 0, twice = 0;

    for (size_t i = 0; i + 3 < s.len; i++) {
        unsigned char second = (unsigned char)s.ptr[i + 1], third = (unsigned char)s.ptr[i + 2];
        if (s.ptr[i] == '\xc3' && second >= 0x82 && second <= 0xb4 &&
            (third == 0xc2 || third == 0xc5 || third == 0xc6 || third == 0xcb || third == 0xe2)) {
            twice += third == 0xe2 ? 5 : 4;
            i += 3;
        }
    }
    if (twice < 4 * FEWEST)
        return false;
    for (size_t i = 0; i < s.len; i++)
        high += (unsigned char)s.ptr[i] >= 0x80;
    return twice * 2 > high;
}

static bool is_ascii(bmx_slice s)
{
    uint64_t seen = 0, eight;
    size_t i = 0;

    for (; i + sizeof eight <= s.len; i += sizeof eight) {
        memcpy(&eight, s.ptr + i, sizeof eight);
        seen |= eight;
    }
    for (; i < s.len; i++)
        seen |= (unsigned char)s.ptr[i];
    return !(seen & UINT64_C(0x8080808080808080));
}

const char *bmx_escaped_text(bmx_slice s, const char **hint)
{
    if (s.len > LOOKED_AT)
        s.len = LOOKED_AT;
    if (!is_ascii(s)) {
        *hint = "convert it back once (iconv -f UTF-8 -t ISO-8859-1)";
        return is_twice_utf8(s) ? "UTF-8 that was taken for another encoding and encoded again"
                                : NULL;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (is_written_in(&kinds[k], s)) {
            *hint = kinds[k].hint;
            return kinds[k].what;
        }
    *hint = "decode it first (base64 -d)";
    return is_base64(s) ? "base64, which is no text" : NULL;
}
