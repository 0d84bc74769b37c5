/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build_lab.c - how accurate estimates are: a report from documents of `bpemix experiment`.
 *
 *   document -- lines of its summary     what it is of (lab_line), method: means over trials
 *            -- trials                   truth, and a row for every such line
 *
 * Figures: the truth against the estimate, the error against the sample's size, the number of
 * merges, that of categories and the share that was left out, and how many ranges hold the truth.
 * A figure over one of these needs at least two values of it. */
#include "base/format.h"
#include "report/build.h"
#include "report/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALL 1e18         /* stands for "all" of the sample, larger than every size */
#define MOST_POINTS 4000 /* of a scatter plot: more points cover each other, and take megabytes */

/* What a line is of, as asked for; NaN: the document has one value, which its options tell. */
enum { SAMPLE, MERGES /* 0: the default number */, CATEGORIES, OMITTED, FOLDS, AXES };

typedef struct lab_line {
    size_t entry;
    const char *method;
    double at[AXES];
    double error, error_se, rms, slack;
    double coverage[3], width[3], intervals[3]; /* inner, outer, folds; NaN: none */
} lab_line;

typedef struct lab_view {
    bmx_doc *doc;
    const bmx_lab_labelled *entry;
    size_t n_entries;
    lab_line *line; /* line[n_lines] */
    lab_line *group; /* group[n_groups]: the same of shares of groups, of lines that have them */
    size_t n_lines, n_groups;
    bmx_figure_item *level;
    size_t n_levels;
} lab_view;

static double number(const bmx_json *j, const char *key)
{
    double v;

    return bmx_json_double(bmx_json_get(j, key), &v) ? v : NAN;
}

/* A size or number as asked for. */
static double amount(const bmx_json *j, const char *key)
{
    double v = number(j, key);

    return isnan(v) ? ALL : v;
}

/* Values of a line; or of a row, whose trial has the number of categories and omitted share. */
static void read_axes(const bmx_json *row, const bmx_json *point, double at[AXES])
{
    at[SAMPLE] = amount(row, "sample_bytes");
    at[MERGES] = amount(row, "merges_asked");
    at[CATEGORIES] = number(point, "categories_asked");
    at[OMITTED] = number(point, "omit_share_asked");
    at[FOLDS] = number(row, "folds_asked");
}

/* Are they of the same values, but perhaps for one? */
static bool alike(const double a[AXES], const double b[AXES], int but)
{
    for (int k = 0; k < AXES; k++)
        if (k != but && a[k] != b[k] && !(isnan(a[k]) && isnan(b[k])))
            return false;
    return true;
}

/* x: a line of the summary; of: what has its figures, x itself or its groups. */
static lab_line read_line(size_t e, const bmx_json *x, const bmx_json *of)
{
    static const char *const kind[] = { "inner_range", "outer_range", "folds" };
    lab_line l = { .entry = e,
                   .method = bmx_json_string(bmx_json_get(x, "method")),
                   .slack = number(bmx_json_get(x, "slack_relative"), "mean"),
                   .error = number(bmx_json_get(of, "log10_mse"), "mean"),
                   .error_se = number(bmx_json_get(of, "log10_mse"), "error"),
                   .rms = number(bmx_json_get(of, "rms_error"), "mean") };

    read_axes(x, x, l.at);
    for (int k = 0; k < 3; k++) {
        l.coverage[k] = number(bmx_json_get(of, kind[k]), "coverage");
        l.width[k] = number(bmx_json_get(of, kind[k]), "width");
        l.intervals[k] = number(bmx_json_get(of, kind[k]), "intervals");
    }
    return l;
}

static bpemix_status read_entry(lab_view *v, size_t e, bpemix_error *err)
{
    const bmx_json *summary = bmx_json_get(v->entry[e].doc, "summary");

    if (bmx_json_kind_of(summary) != BMX_JSON_ARRAY || !bmx_json_first(summary) ||
        bmx_json_kind_of(bmx_json_get(v->entry[e].doc, "trials")) != BMX_JSON_ARRAY)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, v->entry[e].label,
                             "give a document that experiment has written", "no experiment");
    for (const bmx_json *x = bmx_json_first(summary); x; x = bmx_json_next(x)) {
        const bmx_json *groups = bmx_json_get(x, "groups");

        v->line[v->n_lines] = read_line(e, x, x);
        if (!v->line[v->n_lines].method)
            continue;
        v->n_lines++;
        if (groups)
            v->group[v->n_groups++] = read_line(e, x, groups);
    }
    return BPEMIX_OK;
}

/* "paper=-7.30,again=-6": names and numbers. */
static bpemix_status read_levels(lab_view *v, const char *text, bpemix_error *err)
{
    size_t n = 1;

    if (!text)
        return BPEMIX_OK;
    for (const char *p = text; *p; p++)
        n += *p == ',';
    v->level = bmx_doc_alloc(v->doc, n, sizeof *v->level);
    for (const char *p = text; v->level && *p;) {
        size_t len = strcspn(p, ",");
        const char *eq = memchr(p, '=', len);
        char *end = NULL;
        double x = eq ? bmx_strtod(eq + 1, &end) : 0;
        if (!eq || eq == p || end == eq + 1 || end != p + len || !isfinite(x))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                                 "write a name and a number, such as paper=-7.30",
                                 "'%.*s' is no level", (int)(len > 60 ? 60 : len), p);
        v->level[v->n_levels++] = (bmx_figure_item){
            .name = bmx_doc_text(v->doc, "%.*s", (int)(eq - p), p), .x = x
        };
        p += len + (p[len] == ',');
    }
    return BPEMIX_OK;
}

/* ---- text of cells ---- */

static const char *fixed(bmx_doc *d, double v, int decimals)
{
    char buf[40];

    return isfinite(v) ? bmx_doc_text(d, "%s", bmx_fixed(buf, v, decimals)) : "";
}

static const char *size_text(bmx_doc *d, double v)
{
    const char *unit;

    if (v >= ALL)
        return "all";
    unit = bmx_bytes_unit(&v);
    return bmx_doc_text(d, "%s %s", fixed(d, v, v < 10 && fabs(v - round(v)) > 0.05 ? 1 : 0), unit);
}

static const char *merges_text(bmx_doc *d, double v)
{
    return v >= ALL ? "all" : v == 0 ? "auto" : fixed(d, v, 0);
}

static const char *covered_text(bmx_doc *d, const lab_line *l, int k)
{
    if (!isfinite(l->coverage[k]))
        return "";
    return bmx_doc_text(d, "%s %% of %s, %s wide", fixed(d, 100 * l->coverage[k], 1),
                        fixed(d, l->intervals[k], 0), fixed(d, 100 * l->width[k], 2));
}

static const char *line_name(const lab_view *v, const lab_line *l)
{
    bool several = false;

    for (size_t i = 0; i < v->n_lines; i++)
        several |= v->line[i].entry == l->entry && strcmp(v->line[i].method, l->method);
    if (!several)
        return v->entry[l->entry].label;
    return v->n_entries > 1 ? bmx_doc_text(v->doc, "%s, %s", v->entry[l->entry].label, l->method)
                            : l->method;
}

/* ---- the line that stands for an experiment: its baseline's with the largest sample, and the
 *      default number of merges if there is one, otherwise the most ---- */

static bool has_better_merges(const lab_line *l, const lab_line *than)
{
    return than->at[MERGES] != 0 && (l->at[MERGES] == 0 || l->at[MERGES] > than->at[MERGES]);
}

static const lab_line *main_line(const lab_view *v, size_t e)
{
    const char *baseline = bmx_json_string(bmx_json_get(v->entry[e].doc, "baseline"));
    const lab_line *best = NULL;

    for (size_t i = 0; i < v->n_lines; i++) {
        const lab_line *l = &v->line[i];
        if (l->entry == e && (!baseline || !strcmp(l->method, baseline)) &&
            (!best || l->at[SAMPLE] > best->at[SAMPLE] ||
             (l->at[SAMPLE] == best->at[SAMPLE] && has_better_merges(l, best))))
            best = l;
    }
    for (size_t i = 0; i < v->n_lines && !best; i++)
        best = v->line[i].entry == e ? &v->line[i] : NULL;
    return best;
}

/* ---- truth against estimate ---- */

/* The row of a trial that belongs to a line; NULL: none. */
static const bmx_json *row_of(const bmx_json *trial, const lab_line *l)
{
    for (const bmx_json *r = bmx_json_first(bmx_json_get(trial, "rows")); r; r = bmx_json_next(r)) {
        const char *method = bmx_json_string(bmx_json_get(r, "method"));
        double at[AXES];

        read_axes(r, trial, at);
        if (method && !strcmp(method, l->method) && alike(at, l->at, AXES))
            return r;
    }
    return NULL;
}

static double next_number(const bmx_json **j)
{
    double x;
    bool good = *j && bmx_json_double(*j, &x);

    *j = *j ? bmx_json_next(*j) : NULL;
    return good ? x : NAN;
}

/* Write the points of an entry from *n on; f NULL: only count them. */
static void put_points(const lab_view *v, size_t e, bmx_figure *f, size_t *n)
{
    const lab_line *l = main_line(v, e);
    const bmx_json *t = bmx_json_first(bmx_json_get(v->entry[e].doc, "trials"));

    for (; l && t; t = bmx_json_next(t)) {
        const bmx_json *row = row_of(t, l), *truth = bmx_json_first(bmx_json_get(t, "truth"));
        const bmx_json *name = bmx_json_first(bmx_json_get(t, "names"));
        const bmx_json *share = bmx_json_first(bmx_json_get(row, "share"));
        bool inner = bmx_json_get(row, "inner_low") != NULL;
        const bmx_json *low = bmx_json_first(bmx_json_get(row, inner ? "inner_low" : "low"));
        const bmx_json *high = bmx_json_first(bmx_json_get(row, inner ? "inner_high" : "high"));
        while (row && truth && share && *n < MOST_POINTS) {
            bmx_mark m = { .low = NAN };
            double x = next_number(&truth);
            const char *text = name ? bmx_json_string(name) : NULL;
            name = name ? bmx_json_next(name) : NULL;
            m.value = next_number(&share);
            m.low = next_number(&low);
            m.high = next_number(&high);
            if (!(m.low <= m.high))
                m.low = m.high = NAN; /* one without the other is no range */
            if (f) {
                f->row[*n] = (bmx_figure_item){ .name = bmx_doc_copy(v->doc, text ? text : ""),
                                                .x = x,
                                                .color = (unsigned)e };
                f->mark[*n * f->n_series] = m;
            }
            ++*n;
        }
    }
}

static void truth_figure(lab_view *v)
{
    bmx_figure *f;
    size_t n = 0;

    for (size_t e = 0; e < v->n_entries; e++)
        put_points(v, e, NULL, &n);
    if (!n || !(f = bmx_doc_figure(v->doc, BMX_FIGURE_SCATTER, "truth", n, v->n_entries)))
        return;
    f->title = "True and estimated shares";
    f->desc = bmx_doc_text(v->doc, "%zu share%s; on the diagonal an estimate is right.", n,
                           n == 1 ? "" : "s");
    f->note = "Each point is one category of one trial; a bar is its inner range, or the interval "
              "from folds. Axes of square roots, in percent of bytes.";
    f->x_label = "true share, %";
    f->y_label = "estimated share, %";
    f->percent = true;
    for (size_t e = 0; e < v->n_entries; e++)
        f->series[e] = (bmx_figure_item){ .name = v->entry[e].label, .color = (unsigned)e };
    n = 0;
    for (size_t e = 0; e < v->n_entries; e++)
        put_points(v, e, f, &n);
}

/* ---- figures over what lines are of ---- */

/* NaN where it has no place on a logarithmic axis. */
static double value_at(const lab_line *l, int x)
{
    return l->at[x] > 0 && l->at[x] < ALL ? l->at[x] * (x == OMITTED ? 100 : 1) : NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Does a line belong to a figure over x?  Everything but x must be as in the entry's main line. */
static bool is_in(const lab_view *v, const lab_line *l, int x)
{
    return isfinite(value_at(l, x)) && alike(l->at, main_line(v, l->entry)->at, x);
}

static size_t distinct(const lab_view *v, int x, double *value)
{
    size_t n = 0, k = 0;

    for (size_t i = 0; i < v->n_lines; i++)
        if (is_in(v, &v->line[i], x))
            value[n++] = value_at(&v->line[i], x);
    if (n)
        qsort(value, n, sizeof *value, ascending);
    for (size_t i = 0; i < n; i++)
        if (!k || value[i] > value[k - 1])
            value[k++] = value[i];
    return k;
}

/* Lines that differ only in x form a series: series[i] is that of line i, n_lines means none. */
static size_t assign_series(const lab_view *v, int x, size_t *series)
{
    size_t n = 0;

    for (size_t i = 0; i < v->n_lines; i++) {
        series[i] = v->n_lines;
        if (!is_in(v, &v->line[i], x))
            continue;
        for (size_t k = 0; k < i && series[i] == v->n_lines; k++)
            if (series[k] < v->n_lines && v->line[k].entry == v->line[i].entry &&
                !strcmp(v->line[k].method, v->line[i].method))
                series[i] = series[k];
        if (series[i] == v->n_lines)
            series[i] = n++;
    }
    return n;
}

static bool has_coverage(const lab_view *v, int k)
{
    bool any = false;

    for (size_t i = 0; i < v->n_lines; i++)
        any |= isfinite(v->line[i].coverage[k]);
    return any;
}

static void lines_figure(lab_view *v, int x, const char *name, const char *title,
                         const char *x_label, int coverage)
{
    double *value = bmx_doc_alloc(v->doc, v->n_lines, sizeof *value);
    size_t *series = bmx_doc_alloc(v->doc, v->n_lines, sizeof *series), n_rows, n_series;
    const char *desc = "";
    bmx_figure *f;

    if (!value || !series || (n_rows = distinct(v, x, value)) < 2 ||
        (coverage >= 0 && !has_coverage(v, coverage)))
        return;
    n_series = assign_series(v, x, series);
    if (!(f = bmx_doc_figure(v->doc, BMX_FIGURE_LINES, name, n_rows, n_series)))
        return;
    f->title = title;
    f->x_label = x_label;
    f->y_label = coverage < 0 ? "log10 of the mean squared error; bars: standard errors"
                              : "ranges that hold the true share, %";
    f->log_x = true;
    f->percent = coverage >= 0;
    if (coverage < 0) {
        f->level = v->level;
        f->n_levels = v->n_levels;
    }
    for (size_t i = 0; i < n_rows; i++)
        f->row[i] = (bmx_figure_item){ .name = fixed(v->doc, value[i], 0), .x = value[i] };
    for (size_t i = 0; i < v->n_lines; i++) {
        const lab_line *l = &v->line[i];
        size_t row = 0;
        if (series[i] == v->n_lines)
            continue;
        while (value[row] < value_at(l, x))
            row++;
        f->series[series[i]] = (bmx_figure_item){ .name = line_name(v, l),
                                                  .color = (unsigned)series[i] };
        f->mark[row * n_series + series[i]] = coverage < 0
                                                  ? (bmx_mark){ l->error, l->error - l->error_se,
                                                                l->error + l->error_se, false }
                                                  : (bmx_mark){ l->coverage[coverage], NAN, NAN,
                                                                false };
        desc = bmx_doc_text(v->doc, "%s%s%s at %s: %s", desc, *desc ? "; " : "", line_name(v, l),
                            fixed(v->doc, value_at(l, x), 0),
                            coverage < 0 ? fixed(v->doc, l->error, 2)
                                         : fixed(v->doc, 100 * l->coverage[coverage], 1));
    }
    f->desc = desc;
}

/* ---- the table ---- */

static bool several(const lab_view *v, int axis)
{
    bool any = false;

    for (size_t i = 0; i < v->n_lines; i++)
        any |= isfinite(v->line[i].at[axis]);
    return any;
}

static void put_accuracy(const lab_view *v, const lab_line *l, const char **cell)
{
    bmx_doc *d = v->doc;

    cell[0] = size_text(d, l->at[SAMPLE]);
    cell[1] = merges_text(d, l->at[MERGES]);
    cell[2] = isfinite(l->error_se)
                  ? bmx_doc_text(d, "%s +- %s", fixed(d, l->error, 2), fixed(d, l->error_se, 2))
                  : fixed(d, l->error, 2);
    cell[3] = fixed(d, 100 * l->rms, 2);
    cell[4] = isfinite(l->slack) ? bmx_doc_text(d, "%s %%", fixed(d, 100 * l->slack, 1)) : "";
}

/* What a sweep has several of stands between the name and the sample's size. */
static void accuracy_table(const lab_view *v, const char *name, const char *heading)
{
    static const char *const always[] = { "sample", "merges", "log10 MSE", "RMS, points", "slack" };
    static const char *const covering[] = { "inner ranges", "outer ranges", "folds" };
    static const char *const axis_name[] = { [CATEGORIES] = "categories", [OMITTED] = "omitted, %",
                                             [FOLDS] = "number of folds" };
    bmx_doc *d = v->doc;
    size_t n = 1, first, column[3], axis[AXES];
    bmx_table *t;

    for (int k = CATEGORIES; k < AXES; k++)
        axis[k] = several(v, k) ? n++ : 0;
    first = n;
    n += 5;
    for (int k = 0; k < 3; k++)
        column[k] = has_coverage(v, k) ? n++ : 0;
    t = bmx_doc_table(
        d, name,
        n > first + 5 ? "Means over trials, with standard errors; how many ranges hold the true "
                        "share, and their mean width in points"
                      : "Means over trials, with standard errors",
        v->n_lines, n);
    if (!t)
        return;
    t->column[0].name = heading;
    for (int k = CATEGORIES; k < AXES; k++)
        if (axis[k])
            t->column[axis[k]] = (bmx_column){ axis_name[k], true };
    for (size_t k = 0; k < 5; k++)
        t->column[first + k] = (bmx_column){ always[k], true };
    for (int k = 0; k < 3; k++)
        if (column[k])
            t->column[column[k]] = (bmx_column){ covering[k], true };
    for (size_t i = 0; i < v->n_lines; i++) {
        const lab_line *l = &v->line[i];
        const char **cell = t->cell + i * n;

        cell[0] = bmx_doc_text(d, "%s, %s", v->entry[l->entry].label, l->method);
        for (int k = CATEGORIES; k < AXES; k++)
            if (axis[k])
                cell[axis[k]] = k != OMITTED || isnan(l->at[k]) ? fixed(d, l->at[k], 0)
                                             : bmx_doc_text(d, "%.4g", 100 * l->at[k]);
        put_accuracy(v, l, cell + first);
        for (int k = 0; k < 3; k++)
            if (column[k])
                cell[column[k]] = covered_text(d, l, k);
    }
}

static size_t trials_of(const bmx_json *doc, const lab_line *l)
{
    const bmx_json *t = bmx_json_first(bmx_json_get(doc, "trials"));
    size_t n = 0;

    for (; t; t = bmx_json_next(t))
        n += row_of(t, l) != NULL;
    return n;
}

static bool has_several_merges(const lab_view *v, const lab_line *l)
{
    bool any = false;

    for (size_t i = 0; i < v->n_lines; i++)
        any |= v->line[i].entry == l->entry && v->line[i].at[MERGES] != l->at[MERGES];
    return any;
}

static void put_sentences(lab_view *v)
{
    for (size_t e = 0; e < v->n_entries; e++) {
        const bmx_json *doc = v->entry[e].doc, *o = bmx_json_get(doc, "options");
        const lab_line *l = main_line(v, e);
        double categories;
        size_t n;

        if (!l)
            continue;
        n = trials_of(doc, l);
        categories = isfinite(l->at[CATEGORIES]) ? l->at[CATEGORIES] : number(o, "categories");
        bmx_doc_paragraph(
            v->doc, BMX_TONE_PLAIN, bmx_doc_text(v->doc, "%s:", v->entry[e].label),
            bmx_doc_text(
                v->doc,
                "%zu %s trial%s of %s categor%s, samples of %s%s%s; a typical error of %s points "
                "of share (log10 MSE %s).",
                n, bmx_json_bool(bmx_json_get(o, "simulate"), false) ? "simulated" : "real",
                n == 1 ? "" : "s", fixed(v->doc, categories, 0), categories == 1 ? "y" : "ies",
                size_text(v->doc, l->at[SAMPLE]), has_several_merges(v, l) ? ", merges: " : "",
                has_several_merges(v, l) ? merges_text(v->doc, l->at[MERGES]) : "",
                fixed(v->doc, 100 * l->rms, 2), fixed(v->doc, l->error, 2)));
    }
}

bpemix_status bmx_build_lab_report(bmx_doc *doc, const bmx_lab_labelled *entry, size_t n,
                                   const char *title, const char *levels, bpemix_error *err)
{
    static const char *const covering[] = { "Inner ranges that hold the truth",
                                            "Outer ranges that hold the truth",
                                            "Intervals from folds that hold the truth" };
    lab_view v = { .doc = doc, .entry = entry, .n_entries = n };
    bpemix_status st = BPEMIX_OK;
    size_t most = 0;

    *doc = (bmx_doc){ .err = err };
    for (size_t e = 0; e < n; e++)
        most += bmx_json_count(bmx_json_get(entry[e].doc, "summary"));
    v.line = bmx_doc_alloc(doc, most + 1, sizeof *v.line);
    v.group = bmx_doc_alloc(doc, most + 1, sizeof *v.group);
    if (!v.line || !v.group)
        return doc->status;
    for (size_t e = 0; e < n && !st; e++)
        st = read_entry(&v, e, err);
    if (st || (st = read_levels(&v, levels, err)))
        return doc->status = st;
    doc->title = title ? bmx_doc_copy(doc, title) : "How accurate estimates are";
    bmx_doc_section(doc, "accuracy", "Accuracy");
    put_sentences(&v);
    truth_figure(&v);
    lines_figure(&v, SAMPLE, "error-bytes", "Error against the size of the sample",
                 "bytes of sample a category (logarithmic)", -1);
    lines_figure(&v, MERGES, "error-merges", "Error against the number of merges",
                 "merges constrained (logarithmic)", -1);
    lines_figure(&v, CATEGORIES, "error-categories", "Error against the number of categories",
                 "categories (logarithmic)", -1);
    lines_figure(&v, OMITTED, "error-omitted", "Error against the share that was left out",
                 "omitted share of the training text, % (logarithmic)", -1);
    for (int k = 0; k < 3; k++)
        if (has_coverage(&v, k)) { /* the inner ranges, where there are any */
            lines_figure(&v, SAMPLE, "coverage", covering[k],
                         "bytes of sample a category (logarithmic)", k);
            break;
        }
    accuracy_table(&v, "accuracy", "experiment");
    if (v.n_groups) {
        bmx_doc_section(doc, "groups", "Groups");
        v.line = v.group;
        v.n_lines = v.n_groups;
        accuracy_table(&v, "groups", "experiment, groups");
    }
    return doc->status;
}
