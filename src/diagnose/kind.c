/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/kind.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "split/unicode.h"
#include "split/unicode_script.h"

#include <string.h>

/* What the characters of a token are. */
typedef struct traits {
    bool malformed, letter, accented, digit, line_end, code_sign, sign, symbol, ascii, camel;
    unsigned script;
} traits;

/* Signs that prose seldom joins to letters; a full stop and a colon only inside, as in "self.x". */
static bool is_code_sign(uint32_t c)
{
    return c < 0x80 && c && strchr("_{}[]()<>=;/\\#&|$@*+~^%`", (int)c);
}

static bool is_letter(uint32_t c)
{
    bmx_category k = bmx_unicode_category(c);

    return k == BMX_LU || k == BMX_LL || k == BMX_LT || k == BMX_LM || k == BMX_LO ||
           bmx_unicode_in(c, BMX_SET_M);
}

static bool is_space(uint32_t c) { return c == BMX_SPACE_SYMBOL_CODE || bmx_unicode_is_space(c); }

static void add_letter(traits *x, uint32_t c, uint32_t before)
{
    unsigned script = bmx_script_of(c);

    x->letter = true;
    x->accented |= c >= 0x80;
    x->camel |= c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z';
    if (x->script <= BMX_SCRIPT_INHERITED && script > BMX_SCRIPT_INHERITED)
        x->script = script;
}

/* The only script that the characters beginning with these bytes have: a token often ends in
 * the middle of one. */
static unsigned script_of_start(const char *p, size_t n)
{
    char low[4], high[4];
    unsigned char lead = (unsigned char)p[0];
    size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    unsigned script = BMX_SCRIPT_UNKNOWN;
    uint32_t first, last;

    if (n >= len)
        return BMX_SCRIPT_UNKNOWN;
    memset(low, 0x80, sizeof low);
    memset(high, (char)0xbf, sizeof high);
    memcpy(low, p, n);
    memcpy(high, p, n);
    if (!bmx_utf8_decode(low, len, &first) || !bmx_utf8_decode(high, len, &last) ||
        last - first > 0xfff)
        return BMX_SCRIPT_UNKNOWN;
    for (uint32_t c = first; c <= last; c++) {
        unsigned s = bmx_script_of(c);

        if (s <= BMX_SCRIPT_INHERITED || s == script)
            continue;
        if (script != BMX_SCRIPT_UNKNOWN)
            return BMX_SCRIPT_UNKNOWN;
        script = s;
    }
    return script;
}

static traits look_at(bmx_slice s)
{
    traits x = { .ascii = true, .script = BMX_SCRIPT_COMMON };
    uint32_t before = 0, c;

    for (size_t i = 0; i < s.len;) {
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &c);

        if (!n) {
            unsigned script = script_of_start(s.ptr + i, s.len - i);

            x.malformed = true;
            if (x.script <= BMX_SCRIPT_INHERITED && script > BMX_SCRIPT_INHERITED)
                x.script = script;
            i++;
            continue;
        }
        i += n;
        x.ascii &= c < 0x80 || c == BMX_SPACE_SYMBOL_CODE;
        if (is_letter(c))
            add_letter(&x, c, before);
        else if (is_space(c))
            x.line_end |= c == '\n' || c == '\r' || c == '\t';
        else if (bmx_unicode_in(c, BMX_SET_N))
            x.digit = true;
        else if (is_code_sign(c))
            x.code_sign = true;
        else if ((c >= 0x20 && c < 0x7f) || bmx_unicode_in(c, BMX_SET_P))
            x.sign = true;
        else
            x.symbol = true;
        before = c;
    }
    return x;
}

bmx_token_kind bmx_token_kind_of(bmx_slice token)
{
    traits x = look_at(token);
    bool other = x.digit || x.code_sign || x.sign || x.symbol;
    bmx_kind kind;

    if (x.malformed)
        kind = BMX_KIND_BYTES;
    else if (!x.letter && !other)
        kind = BMX_KIND_SPACE;
    else if (x.letter && x.ascii &&
             (x.code_sign || x.digit || x.camel || x.line_end || (x.sign && token.ptr[0] != '\'')))
        kind = BMX_KIND_CODE;
    else if (x.letter)
        kind = x.script == BMX_SCRIPT_LATIN && x.accented ? BMX_KIND_DIACRITICS : BMX_KIND_WORDS;
    else if (x.digit)
        kind = BMX_KIND_DIGITS;
    else if (x.ascii && (x.code_sign || x.line_end))
        kind = BMX_KIND_CODE;
    else
        kind = x.symbol ? BMX_KIND_SYMBOLS : BMX_KIND_PUNCTUATION;
    if (kind != BMX_KIND_WORDS && kind != BMX_KIND_DIACRITICS && kind != BMX_KIND_BYTES)
        x.script = BMX_SCRIPT_COMMON;
    return (bmx_token_kind){ kind, x.script };
}

const char *bmx_kind_name(bmx_kind kind)
{
    static const char *const name[] = {
        [BMX_KIND_WORDS] = "words", [BMX_KIND_DIACRITICS] = "words with diacritics",
        [BMX_KIND_CODE] = "code", [BMX_KIND_DIGITS] = "digits",
        [BMX_KIND_PUNCTUATION] = "punctuation", [BMX_KIND_SYMBOLS] = "symbols",
        [BMX_KIND_SPACE] = "white space", [BMX_KIND_BYTES] = "parts of characters"
    };
    return name[kind];
}

bool bmx_token_is_telling(bmx_slice s)
{
    size_t letters = 0;
    uint32_t c;

    for (size_t i = 0, at = 0; i < s.len; at++) {
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &c);

        if (!n || (at == 0) != is_space(c) || (at > 0 && !is_letter(c)))
            return false;
        letters += at > 0;
        i += n;
    }
    return letters >= 3;
}

bpemix_status bmx_token_add_example(bmx_slice token, bmx_texts *out, bpemix_error *err)
{
    char *text = bmx_token_text(token);

    for (size_t i = 0; text && i < out->n; i++)
        if (!strcmp(out->text[i], text)) {
            bmx_free(text);
            return BPEMIX_OK;
        }
    return bmx_texts_take(out, text, err);
}
