/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c - which cuts are exact, and finding one.
 *
 * The argument.  Patterns of pre-tokenizers match from left to right without
 * looking behind, so what follows a pre-token boundary does not depend on what was
 * before it.  A cut c is exact when
 *   C1  the whole text has a pre-token boundary at c, and
 *   C2  no match before c looked at or behind c, or would have matched
 *       differently had the text ended there.
 *
 * S, "v | SP l": no alternative of the recognized patterns takes a space in its
 * middle or at its end behind something visible (a space is an optional first
 * character, or part of a run of white space), so a match that contains v ends
 * before c: C1.  It ended because of the space, and ends there too when the text
 * does; `\s+(?!\S)` and `\s+$` further left are stopped by v: C2.
 *
 * N, "v LF | l": LF is matched together with v (` ?[^\s\p{L}\p{N}]+[\r\n]*`) or
 * alone (`\s*[\r\n]+`, `\s+`), never with the letter behind it: C1.  Alone, it
 * is a run of white space of length one, which `\s+(?!\S)` leaves to `\s+` when
 * l follows and takes itself at the end of the text: the same pre-token, C2.  (With
 * CR LF this does not hold: before l it is the two pre-tokens CR and LF, at the end
 * of the text one.  Hence v must be visible.)
 *
 * Several steps.  A step is transparent to a cut when its result, cut at c, is what it makes of
 * the two parts; it is decisive when its result also always has a boundary at c.  All steps
 * before a decisive one must be transparent; those behind it do not matter, since they work on
 * one pre-token at a time.
 *
 * Normalizers.  Space and LF are stable under the Unicode forms and start a
 * new segment there; the listed letters stay letters (perhaps with marks) and
 * ASCII 21-7E stays visible.
 *
 * tests/unit/test_cut.c compares the pre-tokens of random texts with those of their two parts, at
 * every cut and for every preset; where asserts are on, words/unit.c does so with some of the cuts
 * of the text that is counted. */
#include "split/known.h"
#include "base/assert.h"
#include "base/utf8.h"

#include <string.h>

#define BOTH (BMX_CUT_SPACE | BMX_CUT_NEWLINE)

static void judge(const bmx_pretokenizer_step *step, bool first, unsigned *transparent,
                  unsigned *decisive)
{
    bmx_cut_facts facts;

    *transparent = *decisive = 0;
    switch (step->kind) {
    case BMX_PRE_BYTE_LEVEL:
        /* a space is put in front of a pre-token: the second part must begin with one */
        *transparent = step->add_prefix_space ? BMX_CUT_SPACE : BOTH;
        *decisive = step->use_regex ? *transparent : 0;
        break;
    case BMX_PRE_SPLIT:
        facts = bmx_known_cuts(step);
        *transparent = facts.transparent & BOTH;
        *decisive = facts.decisive & BOTH;
        break;
    case BMX_PRE_DIGITS:
    case BMX_PRE_PUNCTUATION: /* l, SP and LF are no punctuation; v is in the first part */
        *transparent = BOTH;
        break;
    case BMX_PRE_WHITESPACE:
    case BMX_PRE_WHITESPACE_SPLIT:
    case BMX_PRE_BERT:
        *transparent = *decisive = BOTH;
        break;
    case BMX_PRE_METASPACE:
        /* the space becomes the replacement character, so that none is put in front */
        if (step->prepend != BMX_PREPEND_FIRST || first)
            *transparent = step->prepend == BMX_PREPEND_NEVER ? BOTH : BMX_CUT_SPACE;
        *decisive = step->split ? *transparent & BMX_CUT_SPACE : 0;
        break;
    case BMX_PRE_CHAR_DELIMITER:
        *transparent = BOTH;
        *decisive = step->delimiter == ' ' ? BMX_CUT_SPACE
                    : step->delimiter == '\n' ? BMX_CUT_NEWLINE : 0;
        break;
    case BMX_PRE_UNICODE_SCRIPTS: /* a space joins the script before it */
    case BMX_PRE_FIXED_LENGTH:
    case BMX_PRE_SENTENCEPIECE:
        break;
    }
}

static bool normalizer_keeps_cuts(const bmx_normalizer_step *step)
{
    switch (step->kind) {
    case BMX_NORM_NFC:
    case BMX_NORM_NFD:
    case BMX_NORM_NFKC:
    case BMX_NORM_NFKD:
    case BMX_NORM_LOWERCASE:
    case BMX_NORM_STRIP_ACCENTS:
        return true;
    default:
        return false; /* the step changes the ends of the text, or white space */
    }
}

unsigned bmx_cut_rules(const bmx_normalizer_spec *norm, const bmx_pretokenizer_spec *pre)
{
    unsigned open = BOTH, decided = 0;

    for (size_t i = 0; i < norm->n; i++)
        if (!normalizer_keeps_cuts(&norm->step[i]))
            open = 0;
    for (size_t i = 0; i < pre->n; i++) {
        unsigned transparent, decisive;

        judge(&pre->step[i], i == 0, &transparent, &decisive);
        open &= transparent | decided;
        decided |= open & decisive;
        BMX_ASSERT(!(decisive & ~transparent)); /* a boundary where nothing changes: C1 and C2 */
        /* "first" means the start of the text, which a second part is not */
        if (i > 0 && pre->step[i].kind == BMX_PRE_METASPACE &&
            pre->step[i].prepend == BMX_PREPEND_FIRST)
            open = 0;
        /* behind this step spaces and newlines are other characters */
        if (pre->step[i].kind == BMX_PRE_BYTE_LEVEL || pre->step[i].kind == BMX_PRE_METASPACE)
            open &= decided;
    }
    return open & decided;
}

/* Letters that every normalizer above leaves letters, of the scripts that long
 * documents are written in.  The list is not complete: a letter that is missing
 * only costs a cut. */
static bool is_letter(uint32_t c)
{
    static const struct { uint32_t first, last; } range[] = {
        { 0x00c0, 0x00d6 }, { 0x00d8, 0x00f6 }, { 0x00f8, 0x024f }, { 0x0391, 0x03a1 },
        { 0x03a3, 0x03ce }, { 0x0400, 0x0481 }, { 0x048a, 0x052f }, { 0x0531, 0x0556 },
        { 0x0561, 0x0586 }, { 0x05d0, 0x05ea }, { 0x0620, 0x064a }, { 0x0671, 0x06d3 },
        { 0x0904, 0x0939 }, { 0x0985, 0x098c }, { 0x0993, 0x09a8 }, { 0x0a93, 0x0aa8 },
        { 0x0b92, 0x0b95 }, { 0x0c12, 0x0c28 }, { 0x0c92, 0x0ca8 }, { 0x0d12, 0x0d3a },
        { 0x0e01, 0x0e30 }, { 0x10d0, 0x10fa }, { 0x1780, 0x17b3 }, { 0x1e00, 0x1eff },
        { 0x3041, 0x3096 }, { 0x30a1, 0x30fa }, { 0x4e00, 0x9fa5 }, { 0xac00, 0xd7a3 },
    };

    if (c < 0x80)
        return (c | 0x20) - 'a' < 26;
    for (size_t i = 0; i < sizeof range / sizeof *range && c >= range[i].first; i++)
        if (c <= range[i].last)
            return true;
    return false;
}

static bool letter_at(bmx_slice text, size_t at)
{
    uint32_t c;
    return at < text.len && bmx_utf8_decode(text.ptr + at, text.len - at, &c) && is_letter(c);
}

static bool visible_before(bmx_slice text, size_t end)
{
    size_t at = end;
    uint32_t c = 0;

    if (at == 0)
        return false;
    do
        at--;
    while (at > 0 && end - at < 4 && ((unsigned char)text.ptr[at] & 0xc0) == 0x80);
    return bmx_utf8_decode(text.ptr + at, end - at, &c) == end - at &&
           ((c > 0x20 && c < 0x7f) || is_letter(c));
}

size_t bmx_cut_find(unsigned cuts, bmx_slice text, size_t from)
{
    if (cuts & BMX_CUT_LINE) {
        const char *p = text.len > from ? memrchr(text.ptr + from, '\n', text.len - from) : NULL;
        return p ? (size_t)(p - text.ptr) + 1 : 0;
    }
    if (!(cuts & BOTH))
        return 0;
    for (size_t i = text.len; i-- > from;) {
        if (text.ptr[i] == ' ' && cuts & BMX_CUT_SPACE && letter_at(text, i + 1) &&
            visible_before(text, i))
            return i;
        if (text.ptr[i] == '\n' && cuts & BMX_CUT_NEWLINE && letter_at(text, i + 1) &&
            visible_before(text, i))
            return i + 1;
    }
    return 0;
}
