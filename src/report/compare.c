/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c - two results category by category, or results against a known mixture.
 *
 * A category that a result does not have counts with a share of 0, and one that the merges do not
 * determine with its share at the optimum, so that all means are over the same categories.  The
 * measures, by their names in --expect:
 *
 *   mse        mean of the squared differences of the shares, over all categories named
 *   log10_mse  its logarithm, the paper's measure
 *   rms        its root, the typical error
 *   max        the largest difference of one category
 *   slack      relative slack of the result, the larger of two
 *
 * Without a known mixture the differences are between the two results. */
#include "base/format.h"
#include "report/study.h"
#include "report/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum { MSE, LOG10_MSE, RMS, MAX, SLACK, N_MEASURES } measure;

static const char *const measure_name[] = { "mse", "log10_mse", "rms", "max", "slack" };

typedef struct comparison {
    bmx_study s;
    const bmx_compare_opts *opts;
    double *truth;                  /* truth[s.n_cats + n_extra], NULL: none; the last ones are
                                       of no result */
    const char **extra;
    size_t n_extra;
    double measured[2][N_MEASURES]; /* of each result against the truth, or the first alone: of
                                       both */
    size_t n_measured;
} comparison;

/* Of category i, or of group i. */
static bmx_mark mark_at(const comparison *c, size_t e, size_t i, bool group)
{
    if (group)
        return bmx_study_group_mark(&c->s, e, i);
    return i < c->s.n_cats ? bmx_study_category_mark(&c->s, e, i)
                           : (bmx_mark){ NAN, NAN, NAN, false };
}

static double share_at(const comparison *c, size_t e, size_t i)
{
    bmx_mark m = mark_at(c, e, i, false);

    return isnan(m.value) ? 0 : m.value;
}

/* A category of no result is in no group. */
static double truth_at(const comparison *c, size_t i, bool group)
{
    double sum = 0;

    if (!group)
        return c->truth[i];
    for (size_t k = c->s.group[i].first; k < c->s.group[i].first + c->s.group[i].n; k++)
        sum += c->truth[k];
    return sum;
}

static size_t n_all(const comparison *c) { return c->s.n_cats + c->n_extra; }
static const char *name_at(const comparison *c, size_t i)
{
    return i < c->s.n_cats ? c->s.cat[i].name : c->extra[i - c->s.n_cats];
}

static bool take_truth(comparison *c)
{
    const bmx_truth *t = c->opts->truth;

    if (!t)
        return true;
    c->truth = bmx_doc_alloc(c->s.doc, c->s.n_cats + t->n, sizeof *c->truth);
    c->extra = bmx_doc_alloc(c->s.doc, t->n, sizeof *c->extra);
    if (!c->truth || !c->extra)
        return false;
    for (size_t k = 0; k < t->n; k++) {
        size_t i = 0;
        while (i < c->s.n_cats && strcmp(c->s.cat[i].name, t->name[k]))
            i++;
        if (i == c->s.n_cats) {
            i += c->n_extra;
            c->extra[c->n_extra++] = t->name[k];
        }
        c->truth[i] += t->share[k];
    }
    return true;
}

static void measure_all(comparison *c)
{
    c->n_measured = c->truth ? c->s.n_entries : 1;
    for (size_t e = 0; e < c->n_measured; e++) {
        double *m = c->measured[e], slack = c->s.entry[e].result->slack_relative;
        for (size_t i = 0; i < n_all(c); i++) {
            double d = share_at(c, e, i) - (c->truth ? c->truth[i] : share_at(c, 1, i));
            m[MSE] += d * d / (double)n_all(c);
            m[MAX] = fmax(m[MAX], fabs(d));
        }
        m[RMS] = sqrt(m[MSE]);
        m[LOG10_MSE] = log10(m[MSE]);
        m[SLACK] = c->truth ? slack : fmax(slack, c->s.entry[1].result->slack_relative);
    }
}

/* ---- conditions ---- */

static bool holds(double value, const char *sign, double limit)
{
    if (!strcmp(sign, "<"))
        return value < limit;
    if (!strcmp(sign, "<="))
        return value <= limit;
    if (!strcmp(sign, ">"))
        return value > limit;
    return value >= limit;
}

/* One condition: a measure, a sign and a number; true for every result that is measured. */
static bpemix_status check_one(comparison *c, const char *text, size_t len, bool *met,
                               bpemix_error *err)
{
    char word[64], name[64], sign[3] = "";
    size_t n, m = 0;
    double limit;
    char *end;

    if (len < sizeof word) {
        memcpy(word, text, len);
        word[len] = 0;
        n = strcspn(word, "<>");
        memcpy(name, word, n);
        name[n] = 0;
        if (word[n]) {
            sign[0] = word[n++];
            if (word[n] == '=')
                sign[1] = word[n++];
        }
        limit = bmx_strtod(word + n, &end);
        while (m < N_MEASURES && strcmp(name, measure_name[m]))
            m++;
        if (m < N_MEASURES && *sign && end != word + n && !*end) {
            bool good = true;
            for (size_t e = 0; e < c->n_measured; e++)
                good = good && holds(c->measured[e][m], sign, limit);
            *met = *met && good;
            bmx_doc_paragraph(c->s.doc, good ? BMX_TONE_GOOD : BMX_TONE_UNUSABLE,
                              bmx_doc_text(c->s.doc, "%s:", word),
                              good ? "holds" : "does not hold");
            return BPEMIX_OK;
        }
    }
    return bmx_fail_hint(
        err, BPEMIX_E_USAGE, "",
        "write a measure (mse, log10_mse, rms, max, slack), < or >, and a number, such as mse<1e-5",
        "'%.*s' is not a condition", (int)(len > 60 ? 60 : len), text);
}

static bpemix_status check_all(comparison *c, bool *met, bpemix_error *err)
{
    const char *p = c->opts->expect;
    bpemix_status st = BPEMIX_OK;

    *met = true;
    while (!st && p && (p == c->opts->expect || *p)) {
        size_t len = strcspn(p, ",");
        st = check_one(c, p, len, met, err);
        p += len + (p[len] == ',');
    }
    return st;
}

/* ---- the tables ---- */

static const char *points(bmx_doc *d, double v, int decimals)
{
    char buf[40];

    bmx_fixed(buf, 100 * v, decimals);
    return bmx_doc_text(d, "%s%s", v > 0 && bmx_strtod(buf, NULL) > 0 ? "+" : "", buf);
}

/* b - a.  Its range holds every difference of a share in one range and a share in the other: more
 * than there are, as the two samples may be the same.  What is not offered is 0. */
static bmx_mark minus(bmx_mark b, bmx_mark a)
{
    const bmx_mark none = { 0, 0, 0, false };

    if (isnan(a.value) && !a.loose)
        a = none;
    if (isnan(b.value) && !b.loose)
        b = none;
    return (bmx_mark){ b.value - a.value, b.low - a.high, b.high - a.low, a.loose || b.loose };
}

static const char *difference_text(bmx_doc *d, const bmx_mark *m)
{
    const char *low, *high;

    if (!isfinite(m->low))
        return m->loose ? "" : points(d, m->value, 2);
    low = points(d, m->low, 1);
    high = points(d, m->high, 1);
    return m->loose ? bmx_doc_text(d, "%s .. %s", low, high)
                    : bmx_doc_text(d, "%s [%s, %s]", points(d, m->value, 1), low, high);
}

static int by_difference(const void *a, const void *b, void *marks)
{
    const bmx_mark *mark = marks;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    double x = fabs(mark[i].value), y = fabs(mark[k].value);

    if (x != y)
        return x < y ? 1 : -1;
    return (i > k) - (i < k);
}

/* The difference of each row: of both results, or of the first one from the truth. */
static void find_differences(const comparison *c, size_t n, bool group, bmx_mark *out)
{
    for (size_t i = 0; i < n; i++) {
        bmx_mark first = mark_at(c, 0, i, group);
        if (!c->truth) {
            out[i] = minus(mark_at(c, 1, i, group), first);
            continue;
        }
        out[i] = (bmx_mark){ (isnan(first.value) ? 0 : first.value) - truth_at(c, i, group), NAN,
                             NAN, first.loose };
    }
}

/* A row: the name, the truth, and of each result the share and its error; or the difference. */
static void put_row(comparison *c, const char **cell, size_t i, bool group,
                    const bmx_mark *difference)
{
    bmx_doc *d = c->s.doc;
    size_t at = 0;

    cell[at++] = group ? c->s.group[i].name : name_at(c, i);
    if (c->truth) {
        char buf[40];
        cell[at++] = bmx_doc_text(d, "%s", bmx_fixed(buf, 100 * truth_at(c, i, group), 2));
    }
    for (size_t e = 0; e < c->s.n_entries; e++) {
        bmx_mark m = mark_at(c, e, i, group);
        bool offered = m.loose || isfinite(m.value);
        cell[at++] = offered ? bmx_study_mark_text(&c->s, &m) : "not offered";
        if (c->truth)
            cell[at++] = m.loose ? ""
                                 : points(d, (offered ? m.value : 0) - truth_at(c, i, group), 2);
    }
    if (!c->truth)
        cell[at++] = difference_text(d, difference);
}

/* Of categories, or of groups.  One column of differences has bars beside it. */
static void put_table(comparison *c, bool group)
{
    bmx_doc *d = c->s.doc;
    bool truth = c->truth != NULL;
    size_t n = group ? c->s.n_groups : n_all(c), entries = c->s.n_entries, at = 0;
    size_t *order = bmx_doc_alloc(d, n, sizeof *order);
    bmx_mark *difference = bmx_doc_alloc(d, n, sizeof *difference);
    bmx_mark *bar = bmx_doc_alloc(d, n, sizeof *bar);
    bmx_table *t = bmx_doc_table(d, group ? "groups" : "comparison",
                                 bmx_doc_text(d,
                                              "Shares of %s, %% [range], largest difference first",
                                              bmx_unit_name(c->s.unit)),
                                 n, truth ? 2 + 2 * entries : 2 + entries);

    if (d->status)
        return;
    t->column[at++].name = group ? "group" : "category";
    if (truth)
        t->column[at++] = (bmx_column){ "true", true };
    for (size_t e = 0; e < entries; e++) {
        t->column[at++] = (bmx_column){ c->s.entry[e].label, true };
        if (truth)
            t->column[at++] = (bmx_column){ "error", true };
    }
    if (!truth)
        t->column[at++] = (bmx_column){ "difference", true };
    find_differences(c, n, group, difference);
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_difference, difference);
    for (size_t row = 0; row < n; row++) {
        put_row(c, t->cell + row * t->n_columns, order[row], group, &difference[order[row]]);
        bar[row] = difference[order[row]];
    }
    t->bar = truth && entries > 1 ? NULL : bar;
}

static void put_measures(comparison *c)
{
    static const char *const label[] = { "mean squared error", "log10 of it", "root of it, points",
                                         "largest, points", "relative slack" };
    bmx_doc *d = c->s.doc;
    bmx_table *t = bmx_doc_table(d, "measures", c->truth ? "Error" : "Difference", N_MEASURES,
                                 1 + c->n_measured);
    char buf[40];

    if (!t)
        return;
    t->column[0].name = "measure";
    for (size_t e = 0; e < c->n_measured; e++)
        t->column[1 + e] = (bmx_column){ c->truth ? c->s.entry[e].label : "of both", true };
    for (size_t k = 0; k < N_MEASURES; k++) {
        t->cell[k * t->n_columns] = label[k];
        for (size_t e = 0; e < c->n_measured; e++) {
            double v = c->measured[e][k];
            t->cell[k * t->n_columns + 1 + e] =
                k == MSE ? bmx_doc_text(d, "%.3g", v)
                         : k == SLACK ? bmx_study_percent(d, v, 1)
                         : !isfinite(v) ? v < 0 ? "no difference" : "not known"
                         : bmx_doc_text(d, "%s", bmx_fixed(buf, k == LOG10_MSE ? v : 100 * v, 2));
        }
    }
}

static void warn(comparison *c)
{
    for (size_t e = 0; e < c->s.n_entries; e++)
        if (c->s.entry[e].result->verdict.level == BMX_LEVEL_UNUSABLE)
            bmx_doc_paragraph(c->s.doc, BMX_TONE_UNUSABLE,
                              bmx_doc_text(c->s.doc, "%s: unusable.", c->s.entry[e].label),
                              "The shares of this tokenizer are not to be quoted.");
}

/* Of the categories with a range, how many ranges hold the truth. */
static void put_covered(comparison *c)
{
    for (size_t e = 0; e < c->s.n_entries; e++) {
        size_t n = 0, inside = 0;
        for (size_t i = 0; i < c->s.n_cats; i++) {
            bmx_mark m = bmx_study_category_mark(&c->s, e, i);
            if (!isfinite(m.low))
                continue;
            n++;
            inside += c->truth[i] >= m.low && c->truth[i] <= m.high;
        }
        if (n)
            bmx_doc_paragraph(c->s.doc, BMX_TONE_PLAIN, NULL,
                              bmx_doc_text(c->s.doc, "%s: the truth is inside %zu of %zu range%s.",
                                           c->s.entry[e].label, inside, n, n == 1 ? "" : "s"));
    }
}

bpemix_status bmx_build_comparison(bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                                   const bmx_compare_opts *opts, bool *met, bpemix_error *err)
{
    const bmx_build_opts build = { .unit = opts->unit,
                                   .groups = opts->groups,
                                   .groups_path = opts->groups_path };
    comparison c = { .opts = opts };
    bpemix_status st;

    *doc = (bmx_doc){ .err = err };
    if (bmx_study_init(&c.s, doc, entry, n, &build) || !take_truth(&c))
        return doc->status;
    doc->title = "Comparison";
    measure_all(&c);
    bmx_doc_section(doc, "comparison", "Comparison");
    warn(&c);
    if (c.s.grouped)
        put_table(&c, true);
    put_table(&c, false);
    put_measures(&c);
    if (c.truth)
        put_covered(&c);
    st = check_all(&c, met, err);
    return st ? st : doc->status;
}
