/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex_text.c - text with everything escaped that TeX would take as a command. */
#include "report/latex.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

/* Letters of Latin-1 that any font encoding has, as a letter or as a letter and an accent. */
static bool is_easy(uint32_t cp)
{
    return cp >= 0xc0 && cp <= 0xff && cp != 0xd0 && cp != 0xde && cp != 0xf0 && cp != 0xfe &&
           cp != 0xd7 && cp != 0xf7;
}

/* What has a command. */
static const struct {
    uint32_t cp;
    const char *tex;
} command[] = {
    { '\\', "\\allowbreak\\textbackslash{}" }, /* long in tokens that are no text */
    { '~', "\\textasciitilde{}" },
    { '^', "\\textasciicircum{}" },
    { '<', "\\textless{}" },
    { '>', "\\textgreater{}" },
    { '|', "\\textbar{}" },
    { '"', "{\\ttfamily\\char34 }" },
    { '\'', "\\textquotesingle{}" },
    { '`', "\\textasciigrave{}" },
    { '-', "{-}" }, /* never a dash */
    { 0x2026, "\\ldots{}" },
    { 0x2264, "\\ensuremath{\\le}" },
    { 0x2423, "\\textvisiblespace{}" },
    { 0x2581, "\\rule{0.5em}{0.5pt}" } /* the space of SentencePiece */
};

static const char *command_of(uint32_t cp)
{
    for (size_t i = 0; i < sizeof command / sizeof *command; i++)
        if (command[i].cp == cp)
            return command[i].tex;
    return NULL;
}

static size_t decode(const char *text, const char *end, uint32_t *cp)
{
    size_t n = bmx_utf8_decode(text, (size_t)(end - text), cp);

    if (!n)
        *cp = 0xfffd;
    return n ? n : 1;
}

void bmx_latex_part(bmx_sink *s, const char *text, size_t size)
{
    const char *end = text + size;
    uint32_t cp;

    for (size_t n; text < end; text += n) {
        n = decode(text, end, &cp);
        if (command_of(cp))
            bmx_put(s, command_of(cp));
        else if (cp < 0x20)
            bmx_put(s, " ");
        else if (cp < 0x7f)
            bmx_putf(s, "%s%c", strchr("{}$&#_%", (int)cp) ? "\\" : "", (int)cp);
        else if (is_easy(cp))
            bmx_put_bytes(s, text, n);
        else
            bmx_putf(s, "\\bmxuni{%04X}", (unsigned)cp);
    }
}

void bmx_latex_text(bmx_sink *s, const char *text) { bmx_latex_part(s, text, strlen(text)); }

bool bmx_latex_is_plain(const char *text, size_t size)
{
    const char *end = text + size;
    uint32_t cp;

    for (size_t n; text < end; text += n) {
        n = decode(text, end, &cp);
        if (cp >= 0x7f && !is_easy(cp) && !command_of(cp))
            return false;
    }
    return true;
}

double bmx_latex_em(const char *text)
{
    enum { CODE = 6 }; /* characters of "U+4E2D", of the width of 0 */
    const char *end = text + strlen(text);
    double em = 0;
    uint32_t cp;

    for (size_t n; text < end; text += n) {
        n = decode(text, end, &cp);
        em += bmx_latex_is_plain(text, n) ? bmx_text_em_n(text, n) : CODE * bmx_text_em("0");
    }
    return em;
}

double bmx_latex_widest(const bmx_figure_item *item, size_t n, bool note, double size,
                        double most)
{
    double w = 0;

    for (size_t i = 0; i < n; i++) {
        const char *text = note ? item[i].note : item[i].name;
        w = fmax(w, text ? bmx_latex_em(text) * size : 0);
    }
    return fmin(w, most);
}
