/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex_table.c - a table for booktabs, or for longtable where it is longer than a page.
 *
 * Three things keep it on the line, whose length in points is known: columns of text in which lines
 * break, smaller type, and, where columns hold numbers, bands of as many columns as there is
 * room for, below each other.  Widths are reckoned from those of characters, on the safe side. */
#include "report/latex.h"
#include "base/mem.h"

#include <math.h>
#include <string.h>

/* Type, and the points of an em that bmx_text_em() gives: TeX draws small type wider. */
typedef struct type {
    const char *command;
    double points;
} type;

static const type tiny = { "\\tiny", 5.7 };
static const type script = { "\\scriptsize", 6.6 };
static const type foot = { "\\footnotesize", 7.0 };
static const type small = { "\\small", 7.6 };

#define BOLD 1.15    /* times as wide */
#define LETTERS 1.12 /* of words, where there are no digits, times as wide */
#define SAFE 0.98    /* of the line may be filled by what is reckoned */

/* How a table is set. */
typedef struct setting {
    type size, smaller;      /* of the table, and of ranges in it */
    double sep;              /* points on each side of a column */
    double line;             /* points */
    bool longer;             /* than a page */
    bool numeric;            /* all columns behind the first are numbers */
    double *width;           /* width[n_columns]: points of the widest cell */
    double *flow;            /* flow[n_columns]: points of a column, or of the heading of a column
                                of numbers, in which lines break; 0: as wide as its cells */
} setting;

static bool is_left_out(const bmx_table *t, size_t k) { return k && k == t->path_column; }

/* Where the range begins in "26.1 [23.9, 28.3]"; NULL: there is none. */
static const char *range_in(const char *text, bool number)
{
    const char *range = number ? strstr(text, " [") : NULL;

    return range ? range + 1 : NULL;
}

/* A number and its range in smaller type. */
static void put_cell(bmx_sink *s, const char *text, bool number, type smaller)
{
    const char *range = range_in(text, number);

    if (!range) {
        bmx_latex_text(s, text);
        return;
    }
    bmx_latex_part(s, text, (size_t)(range - text));
    bmx_putf(s, "{%s ", smaller.command);
    bmx_latex_text(s, range);
    bmx_put(s, "}");
}

/* A digest may be broken after every eight digits. */
static void put_breakable(bmx_sink *s, const char *text)
{
    static const char digit[] = "0123456789abcdef";
    enum { STEP = 8 };
    char piece[STEP + 1];

    if (strlen(text) <= 2 * STEP || strspn(text, digit) != strlen(text)) {
        bmx_latex_text(s, text);
        return;
    }
    for (; *text; text += strlen(piece)) {
        strncpy(piece, text, STEP);
        piece[STEP] = 0;
        bmx_put(s, piece);
        bmx_put(s, "\\allowbreak{}");
    }
}

/* ---- widths ---- */

static double cell_width(const bmx_table *t, const setting *how, size_t row, size_t k)
{
    const char *text = t->cell[row * t->n_columns + k], *range;
    double w, bold = t->row[row] == BMX_ROW_SUM ? BOLD : 1;

    if (!text)
        return 0;
    w = bmx_latex_em(text) * how->size.points;
    if ((range = range_in(text, t->column[k].number)))
        w -= bmx_latex_em(range) * (how->size.points - how->smaller.points);
    return w * bold * (t->column[k].number && strpbrk(text, "0123456789") ? 1 : LETTERS);
}

/* The widest word of a heading, which nothing breaks. */
static double widest_word(const char *text, type size)
{
    double most = 0;

    while (*text) {
        size_t n = strcspn(text, " ");
        most = fmax(most, LETTERS * bmx_text_em_n(text, n) * size.points);
        text += n + strspn(text + n, " ");
    }
    return most;
}

/* With flow 0 throughout; headings of numbers that are wider than the numbers get lines. */
static void measure(const bmx_table *t, setting *how, bool break_headings)
{
    for (size_t k = 0; k < t->n_columns; k++) {
        double heading = LETTERS * bmx_latex_em(t->column[k].name) * how->size.points, most = 0;

        how->width[k] = how->flow[k] = 0;
        if (is_left_out(t, k))
            continue;
        for (size_t i = 0; i < t->n_rows; i++)
            most = fmax(most, cell_width(t, how, i, k));
        if (break_headings && k && heading > most) {
            most = fmax(most, fmin(widest_word(t->column[k].name, how->size), how->line / 4));
            how->flow[k] = most < heading ? most : 0;
            heading = fmin(heading, most);
        }
        how->width[k] = fmax(most, heading);
    }
}

static double total(const bmx_table *t, const setting *how)
{
    double sum = 0;

    for (size_t k = 0; k < t->n_columns; k++)
        sum += is_left_out(t, k) ? 0 : how->width[k] + 2 * how->sep;
    return sum;
}

/* The names of rows take no more than FIRST of a line that is too short. */
#define FIRST 0.4
static void cap_first(setting *how)
{
    if (how->width[0] > FIRST * how->line)
        how->flow[0] = how->width[0] = FIRST * how->line;
}

/* In a table of text that is too wide, columns of long text other than the first share what the
 * others leave by their widths; none is narrower than its widest word. */
static void choose_flow(const bmx_table *t, setting *how)
{
    enum { LONG = 9, DIGEST = 20 }; /* ems: narrower columns keep their width; longer words are
                                       digests */
    double fixed = 0, flowing = 0, room;

    if (total(t, how) <= how->line)
        return;
    cap_first(how);
    for (size_t k = 0; k < t->n_columns; k++) {
        bool flows = k && !t->column[k].number && how->width[k] > LONG * how->size.points;
        *(flows ? &flowing : &fixed) += how->width[k];
        fixed += is_left_out(t, k) ? 0 : 2 * how->sep;
    }
    room = fmax(how->line - fixed, 1);
    for (size_t k = 1; k < t->n_columns; k++) {
        double least = widest_word(t->column[k].name, how->size);
        if (t->column[k].number || how->width[k] <= LONG * how->size.points)
            continue;
        for (size_t i = 0; i < t->n_rows; i++) {
            const char *text = t->cell[i * t->n_columns + k];
            double word = text ? widest_word(text, how->size) : 0;
            if (word > DIGEST * how->size.points)
                word = widest_word("00000000", how->size); /* which is broken, see put_breakable */
            least = fmax(least, word);
        }
        how->flow[k] = how->width[k] = fmax(room * how->width[k] / flowing, least);
    }
}

/* The largest type in which it fits; the smallest otherwise. */
static void choose_setting(const bmx_table *t, setting *how)
{
    const struct {
        type size, smaller;
        double sep;
    } of_numbers[] = { { small, foot, 6 }, { foot, script, 4 }, { script, tiny, 3 } };
    size_t n = t->n_columns - (t->path_column > 0);

    for (size_t k = 1; k < t->n_columns; k++)
        how->numeric = how->numeric && t->column[k].number;
    for (size_t i = 0; how->numeric && i < sizeof of_numbers / sizeof *of_numbers; i++) {
        how->size = of_numbers[i].size;
        how->smaller = of_numbers[i].smaller;
        how->sep = of_numbers[i].sep;
        measure(t, how, i > 0);
        if (total(t, how) <= how->line)
            return;
    }
    if (how->numeric) {
        cap_first(how);
        return;
    }
    for (size_t i = n > 8 ? 2 : n > 5 ? 1 : 0; i < 3; i++) {
        how->size = (type[]){ small, script, tiny }[i];
        how->smaller = i ? tiny : foot;
        how->sep = n > 10 && how->longer ? 1 : i ? 3 : 6;
        measure(t, how, false);
        choose_flow(t, how);
        if (total(t, how) <= how->line)
            return;
    }
    if (how->width[0] > how->line / 4) { /* of the smallest type, as well as may be */
        how->width[0] = fmax(how->line / 4, how->width[0] - (total(t, how) - how->line));
        how->flow[0] = how->width[0];
    }
}

/* ---- text ---- */

static void put_row(bmx_sink *s, const bmx_table *t, const setting *how, size_t row, size_t k)
{
    const char *text = t->cell[row * t->n_columns + k];
    bool number = t->column[k].number;

    /* behind the end of a row, or a rule, "*" and "[" would be taken for what belongs to these */
    bmx_put(s, k ? " & " : text && *text && strchr("*[", *text) ? "{}" : "");
    bmx_put(s, how->flow[k] > 0 && !number ? "\\raggedright\\let\\\\\\tabularnewline " : "");
    bmx_put(s, t->row[row] == BMX_ROW_SUM ? "\\textbf{" : "");
    if (number)
        put_cell(s, text ? text : "", true, how->smaller);
    else
        put_breakable(s, text ? text : "");
    bmx_put(s, t->row[row] == BMX_ROW_SUM ? "}" : "");
}

static void put_heading(bmx_sink *s, const bmx_table *t, const setting *how, size_t k)
{
    bool lines = k && t->column[k].number && how->flow[k] > 0;

    bmx_put(s, k ? " & " : "");
    if (lines) {
        bmx_put(s, "\\parbox[b]{");
        bmx_put_fixed(s, how->flow[k], 1);
        bmx_put(s, "pt}{\\raggedleft ");
    }
    bmx_latex_text(s, t->column[k].name);
    bmx_put(s, lines ? "\\strut}" : "");
}

static void put_column(bmx_sink *s, const bmx_table *t, const setting *how, size_t k)
{
    if (how->flow[k] > 0 && !t->column[k].number) {
        bmx_put(s, "p{");
        bmx_put_fixed(s, SAFE * how->flow[k] / how->line, 3);
        bmx_put(s, "\\linewidth}");
    } else {
        bmx_put(s, t->column[k].number ? "r" : "l");
    }
}

typedef void put_one(bmx_sink *s, const bmx_table *t, const setting *how, size_t k);

/* The first column and first .. last - 1. */
static void put_columns(bmx_sink *s, const bmx_table *t, const setting *how, size_t first,
                        size_t last, put_one *put)
{
    put(s, t, how, 0);
    for (size_t k = first; k < last && k < t->n_columns; k++)
        if (!is_left_out(t, k))
            put(s, t, how, k);
}

/* The first column and first .. last - 1. */
static void put_band(bmx_sink *s, const bmx_table *t, const setting *how, size_t first,
                     size_t last)
{
    if (how->longer) {
        bmx_putf(s, "%s\\begin{longtable}{", first > 1 ? "\\addtocounter{table}{-1}%\n" : "");
    } else {
        bmx_putf(s, "%s\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%%\n"
                    "\\begin{tabular}{", first > 1 ? "\\par\\medskip\n" : "");
    }
    put_columns(s, t, how, first, last, put_column);
    bmx_put(s, "}\n");
    if (how->longer) { /* a band that follows has the number of the first */
        bmx_put(s, first > 1 ? "\\caption[]{" : "\\caption{");
        bmx_latex_text(s, t->caption);
        bmx_put(s, first > 1 ? " (continued)}\\\\\n" : "}\\\\\n");
    }
    bmx_put(s, "\\toprule\n");
    put_columns(s, t, how, first, last, put_heading);
    bmx_putf(s, " \\\\\n\\midrule\n%s", how->longer ? "\\endhead\n" : "");
    for (size_t i = 0; i < t->n_rows; i++) {
        if (i > 0 && t->row[i] == BMX_ROW_FOOT && t->row[i - 1] != BMX_ROW_FOOT)
            bmx_put(s, "\\midrule\n");
        put_row(s, t, how, i, 0);
        for (size_t k = first; k < last && k < t->n_columns; k++)
            if (!is_left_out(t, k))
                put_row(s, t, how, i, k);
        bmx_put(s, " \\\\\n");
    }
    bmx_putf(s, "\\bottomrule\n\\end{%s\n", how->longer ? "longtable}" : "tabular}}");
}

/* Behind the columns from `first` on that a line has room for; at least one. */
static size_t end_of_band(const bmx_table *t, const setting *how, size_t first)
{
    double at = how->width[0] + 4 * how->sep + how->width[first];
    size_t k = first + 1;

    if (!how->numeric)
        return t->n_columns;
    for (; k < t->n_columns && at + how->width[k] + 2 * how->sep <= how->line; k++)
        at += how->width[k] + 2 * how->sep;
    return k;
}

/* A table that is not broken over pages floats, and a float begins in the size of the text. */
static void put_table(bmx_sink *s, const bmx_table *t, const setting *how)
{
    if (how->longer) {
        bmx_put(s, "\\begingroup");
    } else {
        bmx_put(s, "\\begin{table}[htbp]\\centering\\caption{");
        bmx_latex_text(s, t->caption);
        bmx_put(s, "}\n");
    }
    bmx_put(s, how->size.command);
    if (how->sep < 6)
        bmx_putf(s, "\\setlength{\\tabcolsep}{%.0fpt}", how->sep);
    bmx_put(s, "\n");
    for (size_t first = 1, last; first == 1 || first < t->n_columns; first = last) {
        last = first < t->n_columns ? end_of_band(t, how, first) : t->n_columns + 1;
        put_band(s, t, how, first, last);
    }
    bmx_put(s, how->longer ? "\\endgroup\n\n" : "\\end{table}\n\n");
}

void bmx_latex_table(bmx_sink *s, const bmx_table *t, double line)
{
    setting how = { .line = SAFE * line, .longer = t->n_rows > 45, .numeric = t->n_columns > 1,
                    .width = bmx_calloc(t->n_columns, 2 * sizeof *how.width) };

    if (!how.width) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    how.flow = how.width + t->n_columns;
    choose_setting(t, &how);
    put_table(s, t, &how);
    bmx_free(how.width);
}
