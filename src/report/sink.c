/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sink.c - see sink.h: how wide characters are on a terminal, and text that is clipped, filled up
 * or wrapped to so many columns. */
#include "report/sink.h"
#include "base/format.h"
#include "base/utf8.h"
#include "report/report.h"
#include "split/unicode.h"

#include <stdarg.h>
#include <string.h>

void bmx_sink_text(bmx_sink *s, const char *text)
{
    char part[200], shown[sizeof part * 4];

    for (size_t n; (n = strnlen(text, sizeof part - 1)); text += n) {
        n = text[n] ? bmx_utf8_whole(text, n) : n;
        memcpy(part, text, n);
        part[n] = 0;
        bmx_printable(shown, sizeof shown, part);
        bmx_putf(s, "%s", shown);
    }
}

/* Characters that take two columns: the wide and full-width ones of Unicode Standard Annex 11.
 * What is not assigned inside of a row counts as wide, too. */
static const struct {
    uint32_t first, last;
} wide[] = {
    { 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },   { 0x23e9, 0x23ec },
    { 0x23f0, 0x23f0 },   { 0x23f3, 0x23f3 },   { 0x25fd, 0x25fe },   { 0x2614, 0x2615 },
    { 0x2648, 0x2653 },   { 0x267f, 0x267f },   { 0x2693, 0x2693 },   { 0x26a1, 0x26a1 },
    { 0x26aa, 0x26ab },   { 0x26bd, 0x26be },   { 0x26c4, 0x26c5 },   { 0x26ce, 0x26ce },
    { 0x26d4, 0x26d4 },   { 0x26ea, 0x26ea },   { 0x26f2, 0x26f3 },   { 0x26f5, 0x26f5 },
    { 0x26fa, 0x26fa },   { 0x26fd, 0x26fd },   { 0x2705, 0x2705 },   { 0x270a, 0x270b },
    { 0x2728, 0x2728 },   { 0x274c, 0x274c },   { 0x274e, 0x274e },   { 0x2753, 0x2755 },
    { 0x2757, 0x2757 },   { 0x2795, 0x2797 },   { 0x27b0, 0x27b0 },   { 0x27bf, 0x27bf },
    { 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },   { 0x2e80, 0x303e },
    { 0x3041, 0xa4c6 },   { 0xa960, 0xa97c },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
    { 0xfe10, 0xfe19 },   { 0xfe30, 0xfe6b },   { 0xff01, 0xff60 },   { 0xffe0, 0xffe6 },
    { 0x16fe0, 0x1b2fb }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e },
    { 0x1f191, 0x1f19a }, { 0x1f200, 0x1f265 }, { 0x1f300, 0x1f320 }, { 0x1f32d, 0x1f335 },
    { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 }, { 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 },
    { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e }, { 0x1f440, 0x1f440 },
    { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 },
    { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f },
    { 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df },
    { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc }, { 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a },
    { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff }, { 0x20000, 0x3fffd }
};

/* Signs of format that are seen, in front of a number, as in Arabic. */
static bool is_before_a_number(uint32_t c)
{
    return (c >= 0x600 && c <= 0x605) || c == 0x6dd || c == 0x70f || c == 0x890 || c == 0x891 ||
           c == 0x8e2 || c == 0x110bd || c == 0x110cd;
}

/* Columns of a character: two for the wide scripts of East Asia and for emoji, none for combining
 * characters, among them the vowels and finals of Hangul that join the letter before them. */
static int columns_of(uint32_t c)
{
    size_t low = 0, high = sizeof wide / sizeof *wide;
    bmx_category category;

    if (c < 0x80)
        return 1;
    category = bmx_unicode_category(c);
    if (category == BMX_MN || category == BMX_ME || (c >= 0x1160 && c <= 0x11ff) ||
        (c >= 0xd7b0 && c <= 0xd7fb) || (category == BMX_CF && !is_before_a_number(c)))
        return 0;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c > wide[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof wide / sizeof *wide && c >= wide[low].first ? 2 : 1;
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
static int put_clipped(bmx_sink *s, const char *text, int columns)
{
    char shown[1000];
    size_t fit = 0;
    int n = bmx_report_width(text);

    bmx_printable(shown, sizeof shown, text);
    if (n <= columns) {
        bmx_putf(s, "%s", shown);
        return columns - n;
    }
    n = measure(shown, strlen(shown), columns - 1, &fit);
    bmx_putf(s, "%.*s\xe2\x80\xa6", (int)fit, shown);
    return columns - 1 - n;
}

void bmx_sink_clipped(bmx_sink *s, const char *text, int columns) { put_clipped(s, text, columns); }

void bmx_sink_padded(bmx_sink *s, const char *text, int columns)
{
    int left = put_clipped(s, text, columns);

    bmx_putf(s, "%*s", left, "");
}

bpemix_status bmx_report_name(bmx_buf *out, const char *name, int columns, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };
    int n = bmx_report_width(name);

    bmx_sink_padded(&s, name, n > columns ? n : columns);
    return s.status;
}

void bmx_sink_bytes(bmx_sink *s, uint64_t n, int columns)
{
    double v = (double)n;
    const char *unit = bmx_bytes_unit(&v);

    bmx_putf(s, "%*.*f %s", columns, *unit != 'B' && v < 99.95 ? 1 : 0, v, unit);
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

void bmx_sink_wrapped(bmx_sink *s, const char *text, int at, int indent, int width)
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
            bmx_putf(s, "\n%*s", indent, "");
            at = indent;
            first = true;
        }
        bmx_putf(s, "%s", first ? "" : " ");
        at += columns + !first;
        bmx_sink_text(s, word);
        first = false;
        text += n;
        text += *text == ' ';
    }
    bmx_putf(s, "\n");
}

void bmx_sink_labelled(bmx_sink *s, const char *label, int width, const char *fmt, ...)
{
    char text[500];
    va_list ap;

    va_start(ap, fmt);
    bmx_vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bmx_putf(s, "%-*s", BMX_LABEL, label);
    bmx_sink_wrapped(s, text, BMX_LABEL, BMX_LABEL, width);
}

int bmx_sink_name_column(const char *const *name, size_t n, int others, int width)
{
    int longest = BMX_LEAST_NAME;

    for (size_t i = 0; i < n; i++) {
        int own = bmx_report_width(name[i]);
        longest = own > longest ? own : longest;
    }
    longest = longest > BMX_MOST_NAME ? BMX_MOST_NAME : longest;
    if (longest <= width - others)
        return longest;
    return width - others > BMX_LEAST_NAME ? width - others : BMX_LEAST_NAME;
}

void bmx_sink_name(bmx_sink *s, const char *name, int columns)
{
    if (bmx_report_width(name) <= columns) {
        bmx_sink_padded(s, name, columns);
        return;
    }
    bmx_sink_text(s, name);
    bmx_putf(s, "\n%*s", columns, "");
}

void bmx_sink_merge(bmx_sink *s, const char *left, const char *right, int columns, bool fill)
{
    char *text = bmx_asprintf("%s %s", left, right);

    if (!text && !s->status)
        s->status = bmx_nomem(s->err);
    else if (text && fill)
        bmx_sink_padded(s, text, columns);
    else if (text)
        bmx_sink_clipped(s, text, columns);
    bmx_free(text);
}

int bmx_sink_columns(int columns) { return columns > 40 ? columns : columns > 0 ? 40 : 80; }
