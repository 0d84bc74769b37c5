/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sink.h"
#include "base/utf8.h"
#include "report/report.h"
#include "split/unicode.h"

#include <stdio.h>
#include <string.h>

void bmx_sink_text(sink *s, const char *text)
{
    char part[200], shown[sizeof part * 4];

    for (size_t n; (n = strnlen(text, sizeof part - 1)); text += n) {
        n = text[n] ? bmx_utf8_whole(text, n) : n;
        memcpy(part, text, n);
        part[n] = 0;
        bmx_printable(shown, sizeof shown, part);
        put(s, "%s", shown);
    }
}

/* Columns of a character: two for the wide scripts of East Asia and for emoji, none for combining
 * characters (Unicode Standard Annex 11). */
static int columns_of(uint32_t c)
{
    static const struct { uint32_t first, last;
    } wide[] = { { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
                 { 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },
                 { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
                 { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
                 { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
                 { 0x20000, 0x3fffd } };

    if (bmx_unicode_category(c) == BMX_MN || bmx_unicode_category(c) == BMX_ME ||
        bmx_unicode_category(c) == BMX_CF)
        return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide && c >= wide[i].first; i++)
        if (c <= wide[i].last)
            return 2;
    return 1;
}

/* Columns of text[n] without control characters; if that is more than `most`, the bytes that
 * fit. */
static int measure(const char *text, size_t n, int most, size_t *fit)
{
    int columns = 0;

    for (size_t i = 0; i < n;) {
        uint32_t c = 0xfffd;
        unsigned len = bmx_utf8_decode(text + i, n - i, &c);
        int more = columns_of(c);

        if (columns + more > most)
            break;
        columns += more;
        i += len ? len : 1;
        *fit = i;
    }
    return columns;
}

int bmx_report_width(const char *text)
{
    char shown[1000];
    size_t fit = 0;

    bmx_printable(shown, sizeof shown, text);
    return measure(shown, strlen(shown), 1 << 20, &fit);
}

/* Returns the columns left over. */
static int put_clipped(sink *s, const char *text, int columns)
{
    char shown[1000];
    size_t fit = 0;
    int n = bmx_report_width(text);

    bmx_printable(shown, sizeof shown, text);
    if (n <= columns) {
        put(s, "%s", shown);
        return columns - n;
    }
    n = measure(shown, strlen(shown), columns - 1, &fit);
    put(s, "%.*s\xe2\x80\xa6", (int)fit, shown);
    return columns - 1 - n;
}

void bmx_sink_clipped(sink *s, const char *text, int columns) { put_clipped(s, text, columns); }

void bmx_sink_padded(sink *s, const char *text, int columns)
{
    int left = put_clipped(s, text, columns);

    put(s, "%*s", left, "");
}

bpemix_status bmx_report_name(bmx_buf *out, const char *name, int columns, bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };
    int n = bmx_report_width(name);

    bmx_sink_padded(&s, name, n > columns ? n : columns);
    return s.status;
}

void bmx_sink_bytes(sink *s, uint64_t n, int columns)
{
    static const char *const unit[] = { "B", "kB", "MB", "GB", "TB" };
    double v = (double)n;
    int k = 0;

    while (v >= 999.5 && k < 4) {
        v /= 1000;
        k++;
    }
    put(s, "%*.*f %s", columns, k && v < 99.95 ? 1 : 0, v, unit[k]);
}

/* Words, such as units, that stay on the line of the number before them. */
static bool is_unit(const char *word)
{
    return *word == '%' || (*word && strchr("kMGT", *word) && word[1] == 'B');
}

size_t bmx_sink_word(const char *text)
{
    enum { LONGEST = 80 }; /* of a quoted token: beyond that an apostrophe is not taken for its
                              closing quote */

    for (size_t i = 1; *text == '\'' && text[i] && i <= LONGEST; i++)
        if (text[i] == '\'' && (!text[i + 1] || strchr(" ,;:.)", text[i + 1])))
            return i + 1 + strcspn(text + i + 1, " ");
    return strcspn(text, " ");
}

void bmx_sink_wrapped(sink *s, const char *text, int at, int indent, int width)
{
    bool first = true; /* of its line */

    while (*text && !s->status) {
        char word[400];
        size_t n = bmx_sink_word(text);
        int columns;

        if (n && text[n] && text[n - 1] >= '0' && text[n - 1] <= '9' && is_unit(text + n + 1))
            n += 1 + strcspn(text + n + 1, " ");
        n = n < sizeof word - 1 ? n : bmx_utf8_whole(text, sizeof word - 1);
        memcpy(word, text, n);
        word[n] = 0;
        columns = bmx_report_width(word);
        if (!first && at + 1 + columns > width) {
            put(s, "\n%*s", indent, "");
            at = indent;
            first = true;
        }
        put(s, "%s", first ? "" : " ");
        at += columns + !first;
        bmx_sink_text(s, word);
        first = false;
        text += n;
        text += *text == ' ';
    }
    put(s, "\n");
}

int bmx_sink_name_column(sink *s, const char *const *name, size_t n)
{
    enum { LEAST = 8, MOST = 32 }; /* of "category"; so that a long name leaves room for numbers */
    int width = LEAST;

    for (size_t i = 0; i < n; i++) {
        int own = bmx_report_width(name[i]);
        width = own > width ? own : width;
    }
    width = width > MOST ? MOST : width;
    put(s, "\n");
    bmx_sink_padded(s, "category", width);
    return width;
}
