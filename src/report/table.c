/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - a result as a table for people. */
#include "base/format.h"
#include "report/report.h"
#include "report/sink.h"
#include "report/missing_merges.h"
#include "report/other_merges.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_BAR = 10,
    MOST_BAR = 30,
    MOST_TEXT = 100, /* columns of sentences, which are hard to read when longer */
    LIST = 20,       /* entries of a list, where nothing else was asked for */
    SPARE = 5        /* a list that is longer by no more than this is shown whole */
};

typedef struct table {
    bmx_sink s;
    const bpemix_result *r;
    const bmx_table_opts *opts;
    bmx_unit unit;
    int width, text;           /* columns of the terminal, and those used for sentences */
    int name, bar;             /* columns */
    bool ranges, folds;        /* which columns of intervals there are */
    bool samples, documents;
    bool hundredths;           /* some share has two decimals: all are aligned at the point */
    double most;               /* that a bar must show */
    size_t *order, *group;     /* categories and groups, largest share first */
    size_t n_rows;             /* categories that are shown */
} table;

/* Text that may not be known. */
static const char *or_unknown(const char *s) { return s ? s : "?"; }

static bool known(bpemix_range x) { return isfinite(x.low) && isfinite(x.high); }

static void put_note(table *t, const char *text)
{
    bmx_putf(&t->s, "%*s", BMX_LABEL, "");
    bmx_sink_wrapped(&t->s, text, BMX_LABEL, BMX_LABEL, t->text);
}

/* ---- above the shares ---- */

static void put_tokenizer(table *t)
{
    const bpemix_result *r = t->r;
    char of[100];

    bmx_snprintf(of, sizeof of, "(%s, %" PRIu32 " merge%s)", or_unknown(r->facts.format),
                 r->facts.merges, r->facts.merges == 1 ? "" : "s");
    bmx_putf(&t->s, "tokenizer  ");
    bmx_sink_text(&t->s, or_unknown(r->facts.path));
    if (BMX_LABEL + bmx_report_width(or_unknown(r->facts.path)) + 1 + (int)strlen(of) > t->width)
        bmx_putf(&t->s, "\n%*s%s\n", BMX_LABEL, "", of);
    else
        bmx_putf(&t->s, " %s\n", of);
}

/* If the whole list is another tokenizer's, it tells of that one; if its beginning is a third
 * one's, the merges behind it do. */
static void put_lineage(table *t)
{
    const bmx_facts *f = &t->r->facts;
    const bmx_facts_lineage *whole = NULL, *part = NULL;
    char text[300];

    for (size_t i = 0; i < f->n_lineages; i++) { /* the longest comes first */
        const bmx_facts_lineage *l = &f->lineage[i];

        if (l->to == f->merges)
            whole = whole ? whole : l;
        else
            part = part ? part : l;
    }
    if (!whole)
        return;
    bmx_snprintf(text, sizeof text, "all merges are those of %s%s%s", whole->of,
                 whole->less ? " without " : "", whole->less ? whole->less : "");
    if (part)
        bmx_snprintf(text + strlen(text), sizeof text - strlen(text),
                     ", the first %" PRIu32 " of them those of %s", part->to, part->of);
    else
        bmx_snprintf(text + strlen(text), sizeof text - strlen(text),
                     ", and tell of that tokenizer's training text");
    put_note(t, text);
}

static void put_merges(table *t)
{
    const bpemix_result *r = t->r;
    const struct { uint32_t n; const char *label, *means;
    } part[] = { { r->merges_missing, "in no sample",
                   "in no sample: learned from text that the samples have none of" },
                 { r->merges_impossible, "impossible",
                   "impossible: cut by the pre-tokenizer, over lines, or never complete" },
                 { r->merges_excluded, "excluded",
                   "excluded: repeated, or added by hand, so not learned in this order" } };
    char more[120] = "";

    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (part[i].n)
            bmx_snprintf(more + strlen(more), sizeof more - strlen(more), ", %" PRIu32 " %s",
                         part[i].n, part[i].label);
    bmx_sink_labelled(&t->s, "merges", t->text,
                      "%" PRIu32 ":%" PRIu32 ", %" PRIu32 " constrained%s", r->merge_from,
                      r->merge_to, r->merges_used, more);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (part[i].n)
            put_note(t, part[i].means);
}

/* Explain the columns beside the shares. */
static void put_intervals(table *t)
{
    if (t->ranges)
        bmx_sink_labelled(&t->s, "range", t->text,
                          "what the merges allow, with samples from other sources than the "
                          "training text; in place of the share where it is wider than 10 points");
    if (t->folds)
        bmx_sink_labelled(&t->s, "interval", t->text,
                          "how far other samples of the same text would move the share");
}

static void put_header(table *t)
{
    const bpemix_result *r = t->r;
    bmx_sink *s = &t->s;
    uint64_t max = bmx_values_uint(&r->count_options, "max_bytes", 0);

    put_tokenizer(t);
    put_lineage(t);
    bmx_putf(s, "text       %s at a time",
             or_unknown(bmx_values_text(&r->count_options, "text_unit")));
    if (max) {
        bmx_putf(s, ", a sample of ");
        bmx_sink_bytes(s, max, 0);
        bmx_putf(s, " a category");
    }
    bmx_putf(s, "\n");
    put_merges(t);
    bmx_sink_labelled(&t->s, "solution", t->text, "%s%s, %s, gap %.1e",
                      r->main.method == BPEMIX_METHOD_LP ? "linear program"
                                                         : "monotone linear program",
                      r->main.weights == BPEMIX_WEIGHTS_QUARTER ? ", weighted" : "",
                      r->main.status == BMX_SOLVER_OPTIMAL ? "optimal" : "stopped early",
                      r->main.gap);
    if (isfinite(r->slack_relative))
        bmx_sink_labelled(&t->s, "fit", t->text,
                          "slack %.2f %% of the merge counts, %.2f %% of the merges off by half",
                          100 * r->slack_relative, 100 * r->slack_large);
    else /* NaN where it was read from a document */
        bmx_sink_labelled(&t->s, "fit", t->text, "the mixture has none of the merges");
    put_note(t, "slack: what the counts lack for every merge to be the most frequent pair of its "
                "step; off by half: lacking more than half");
    put_intervals(t);
}

static void put_verdict(table *t)
{
    static const char *const color[] = { "", "\033[32m", "\033[33m", "\033[31m", "\033[1;31m" };
    const bmx_verdict *v = &t->r->verdict;
    bmx_sink *s = &t->s;

    if (v->level == BMX_LEVEL_UNKNOWN)
        return;
    bmx_putf(s, "\nverdict    %s%s%s\n", t->opts->color ? color[v->level] : "",
             bmx_level_name(v->level), t->opts->color ? "\033[0m" : "");
    for (size_t i = 0; i < v->n_reasons; i++) {
        bmx_putf(s, "%*s- ", BMX_LABEL, "");
        bmx_sink_wrapped(s, v->reason[i].text, BMX_LABEL + 2, BMX_LABEL + 2, t->text);
    }
}

/* ---- shares ---- */

static int by_share(const void *a, const void *b, void *keys)
{
    const double *key = keys;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;

    if (key[i] < key[k] || key[i] > key[k])
        return key[i] < key[k] ? 1 : -1;
    return (i > k) - (i < k);
}

/* A share that the merges do not determine is shown as its range. */
static bool loose(const table *t, const bpemix_share *c)
{
    return known(bmx_outer_range_in(c, t->unit)) && !bmx_result_identified(c, t->unit);
}

/* The middle of the range if there is one, to sort by. */
static double key_of(const table *t, const bpemix_share *c)
{
    bpemix_range x = bmx_outer_range_in(c, t->unit);

    return loose(t, c)                       ? (x.low + x.high) / 2
           : isnan(bmx_share_in(c, t->unit)) ? -1
                                             : bmx_share_in(c, t->unit);
}

static void put_bar(table *t, const bpemix_share *c)
{
    bpemix_range x = bmx_outer_range_in(c, t->unit);
    double share = loose(t, c) ? x.low : bmx_share_in(c, t->unit);
    int full, end;

    if (t->bar < LEAST_BAR || !(t->most > 0) || isnan(share))
        return;
    full = (int)lround(share / t->most * t->bar);
    end = known(x) ? (int)lround(x.high / t->most * t->bar) : full;
    bmx_putf(&t->s, "  ");
    for (int k = 0; k < full; k++)
        bmx_putf(&t->s, "#");
    for (int k = full; k < end; k++)
        bmx_putf(&t->s, "-");
}

/* Decimals of percent that are significant for the width of the range; NaN: not known. */
static int digits_of(double width) { return width >= 0.01 ? 1 : 2; }

/* A percentage in so many columns, with the decimal points aligned. */
static void put_percent(table *t, double v, int digits, int columns)
{
    int pad = t->hundredths && digits < 2 ? 1 : 0;

    bmx_putf(&t->s, "%*.*f%*s", columns - pad, digits, 100 * v, pad, "");
}

static void put_interval(table *t, double low, double high)
{
    if (isfinite(low) && isfinite(high)) {
        bmx_putf(&t->s, "  ");
        put_percent(t, low, digits_of(high - low), 6);
        bmx_putf(&t->s, " .. ");
        put_percent(t, high, digits_of(high - low), 6);
    } else {
        bmx_putf(&t->s, "  %16s", "none");
    }
}

/* From folds, which tell of bytes; in other units by the bytes a pair or a merge. */
static bpemix_range interval_of(const table *t, const bpemix_share *c)
{
    double scale = bmx_share_in(c, t->unit) / c->share_bytes;

    if (t->unit == BMX_UNIT_BYTES)
        return (bpemix_range){ c->low_bytes, c->high_bytes };
    return (bpemix_range){ c->low_bytes * scale, fmin(c->high_bytes * scale, 1) };
}

/* Share, range and interval of one line.  The range alone, where the share is not determined. */
static void put_figures(table *t, const bpemix_share *c)
{
    bmx_sink *s = &t->s;
    double share = bmx_share_in(c, t->unit);
    bpemix_range x = bmx_outer_range_in(c, t->unit), interval = interval_of(t, c);
    char text[40];

    bmx_putf(s, "  ");
    if (loose(t, c)) {
        bmx_snprintf(text, sizeof text, "%.0f .. %.0f", 100 * x.low, 100 * x.high);
        bmx_putf(s, "%11s", text);
    } else if (isnan(share)) {
        bmx_putf(s, "%11s", "not known");
    } else {
        put_percent(t, share, digits_of(x.high - x.low), 11);
    }
    if (t->ranges && loose(t, c))
        bmx_putf(s, "  %16s", "");
    else if (t->ranges)
        put_interval(t, x.low, x.high);
    if (t->folds)
        put_interval(t, interval.low, interval.high);
}

/* ---- layout ---- */

/* Ends a line whose last columns may be empty. */
static void end_row(table *t)
{
    bmx_buf *out = t->s.out;

    while (!t->s.status && out->len && out->ptr[out->len - 1] == ' ')
        out->len--;
    bmx_putf(&t->s, "\n");
}

/* What the line of a category or group needs. */
static void make_room(table *t, const bpemix_share *c)
{
    int n = bmx_report_width(c->name);
    double share = bmx_share_in(c, t->unit);
    bpemix_range x = bmx_outer_range_in(c, t->unit);

    t->name = n > t->name ? n : t->name;
    t->ranges |= known(x);
    t->folds |= isfinite(c->low_bytes);
    t->hundredths |= !loose(t, c) && isfinite(share) && digits_of(x.high - x.low) == 2;
    t->most = share > t->most ? share : t->most;
    t->most = x.high > t->most ? x.high : t->most;
}

/* Columns are left out where there is no room for them: documents first. */
static void choose_columns(table *t)
{
    int fixed = 13 + (t->ranges ? 18 : 0) + (t->folds ? 18 : 0);
    int enough = t->name < BMX_ENOUGH_NAME ? t->name : BMX_ENOUGH_NAME;

    t->name = t->name > BMX_MOST_NAME ? BMX_MOST_NAME : t->name;
    t->samples = t->width >= fixed + 10 + enough;
    fixed += t->samples ? 10 : 0;
    t->documents = t->samples && t->width >= fixed + 11 + enough;
    fixed += t->documents ? 11 : 0;
    if (t->name > t->width - fixed)
        t->name = t->width - fixed > BMX_LEAST_NAME ? t->width - fixed : BMX_LEAST_NAME;
    t->bar = t->width - fixed - t->name - 2;
    t->bar = t->bar > MOST_BAR ? MOST_BAR : t->bar;
}

static const bpemix_share *group_at(const bpemix_result *r, size_t i) { return &r->group[i].share; }

static const bpemix_share *category_at(const bpemix_result *r, size_t i) { return &r->share[i]; }

/* Largest first; NULL: no memory. */
static size_t *sorted(table *t, size_t n, const bpemix_share *(*at)(const bpemix_result *, size_t))
{
    double *key = bmx_malloc(n, sizeof *key);
    size_t *order = bmx_malloc(n, sizeof *order);

    for (size_t i = 0; key && order && i < n; i++) {
        key[i] = key_of(t, at(t->r, i));
        order[i] = i;
    }
    if (!key || !order) {
        t->s.status = bmx_nomem(t->s.err);
        bmx_free(order);
        order = NULL;
    } else if (n) {
        qsort_r(order, n, sizeof *order, by_share, key);
    }
    bmx_free(key);
    return order;
}

static void lay_out(table *t)
{
    const bpemix_result *r = t->r;

    t->order = sorted(t, r->n_cats, category_at);
    t->group = sorted(t, r->n_groups, group_at);
    if (t->s.status)
        return;
    t->n_rows = t->opts->verbose > 0 || r->n_cats <= LIST + SPARE ? r->n_cats : LIST;
    t->name = BMX_LEAST_NAME;
    for (size_t i = 0; i < t->n_rows; i++)
        make_room(t, &r->share[t->order[i]]);
    for (size_t i = 0; i < r->n_groups; i++)
        make_room(t, &r->group[i].share);
    choose_columns(t);
}

/* ---- tables ---- */

static void put_head(table *t, const char *first)
{
    bmx_sink *s = &t->s;
    char unit[20];

    bmx_snprintf(unit, sizeof unit, "%% of %s", bmx_unit_name(t->unit));
    bmx_putf(s, "\n%s", t->opts->color ? "\033[1m" : "");
    bmx_sink_padded(s, first, t->name);
    bmx_putf(s, "  %11s", unit);
    if (t->ranges)
        bmx_putf(s, "  %16s", "range");
    if (t->folds)
        bmx_putf(s, "  %16s", "90 % interval");
}

/* The categories without a row, with the most that the range of any of them allows. */
static void put_rest(table *t)
{
    const bpemix_result *r = t->r;
    double most = -1;
    char text[100];

    if (t->n_rows == r->n_cats)
        return;
    for (size_t i = t->n_rows; i < r->n_cats; i++) {
        const bpemix_share *c = &r->share[t->order[i]];
        bpemix_range x = bmx_outer_range_in(c, t->unit);

        most = fmax(most, known(x) ? x.high : bmx_share_in(c, t->unit)); /* fmax() ignores NaN */
    }
    bmx_snprintf(text, sizeof text, "and %zu more", r->n_cats - t->n_rows);
    if (most >= 0)
        bmx_snprintf(text + strlen(text), sizeof text - strlen(text),
                     ", none with more than %.*f %%", most < 0.1 ? 1 : 0,
                     most < 0.1 ? ceil(1000 * most) / 10 : ceil(100 * most));
    bmx_snprintf(text + strlen(text), sizeof text - strlen(text), " (all with -v)");
    bmx_sink_wrapped(&t->s, text, 0, 0, t->text);
}

static void put_rows(table *t)
{
    const bpemix_result *r = t->r;
    bmx_sink *s = &t->s;

    put_head(t, "category");
    bmx_putf(s, "%s%s%s\n", t->samples ? "    sample" : "", t->documents ? "  documents" : "",
             t->opts->color ? "\033[0m" : "");
    for (size_t i = 0; i < t->n_rows; i++) {
        const bpemix_share *c = &r->share[t->order[i]];

        bmx_sink_name(s, c->name, t->name);
        put_figures(t, c);
        if (t->samples) {
            bmx_putf(s, "  ");
            bmx_sink_bytes(s, c->sample_bytes, 5);
        }
        if (t->documents)
            bmx_putf(s, "%*s%9" PRIu64, c->sample_bytes < 1000 ? 3 : 2, "", c->sample_documents);
        put_bar(t, c);
        end_row(t);
    }
    put_rest(t);
}

/* The pool, which is no category: behind the shares, whose sum it is no part of. */
static void put_pooled(table *t)
{
    const bpemix_result *r = t->r;
    const bmx_value *of = bmx_values_get(&r->count_options, r->pooled ? r->pooled->name : "");
    char text[200];

    if (!r->pooled)
        return;
    bmx_putf(&t->s, "\n");
    bmx_sink_name(&t->s, r->pooled->name, t->name);
    put_figures(t, r->pooled);
    end_row(t);
    if (!of)
        return;
    bmx_snprintf(text, sizeof text,
                 "%zu %s that %s no candidate%s, pooled: a part of all text, on top "
                 "of the shares above", of->list.n,
                 of->list.n == 1 ? "category" : "categories", of->list.n == 1 ? "is" : "are",
                 of->list.n == 1 ? "" : "s");
    bmx_sink_wrapped(&t->s, text, 0, 0, t->text);
}

static void put_groups(table *t)
{
    const bpemix_result *r = t->r;
    const int beside = (t->folds ? 18 : 0) + (t->samples ? 10 : 0) + (t->documents ? 11 : 0);
    bool folds = t->folds;

    if (!r->n_groups)
        return;
    t->folds = false;
    put_head(t, "group");
    bmx_putf(&t->s, "%s\n", t->opts->color ? "\033[0m" : "");
    for (size_t i = 0; i < r->n_groups; i++) {
        const bpemix_share *c = &r->group[t->group[i]].share;

        bmx_sink_name(&t->s, c->name, t->name);
        put_figures(t, c);
        if (t->bar >= LEAST_BAR)
            bmx_putf(&t->s, "%*s", beside, "");
        put_bar(t, c);
        end_row(t);
    }
    t->folds = folds;
}

/* Is it one of the groups, which are in the table already? */
static bool is_group(const bpemix_result *r, const bmx_group *g)
{
    for (size_t i = 0; i < r->n_groups; i++)
        if (r->group[i].n_members == g->n_members &&
            !memcmp(r->group[i].member, g->member, g->n_members * sizeof *g->member))
            return true;
    return false;
}

/* " + " between the names, and the share or range of the sum. */
static void put_sum(table *t, const bmx_group *g)
{
    const bpemix_result *r = t->r;
    bpemix_range x = bmx_outer_range_in(&g->share, t->unit);
    bmx_sink *s = &t->s;
    bmx_buf line = { 0 }, *to = &line;
    bmx_sink part = { to, s->err, s->status };

    for (size_t k = 0; k < g->n_members; k++)
        bmx_putf(&part, "%s%s", k ? " + " : "", r->share[g->member[k]].name);
    if (!known(x))
        x = interval_of(t, &g->share);
    if (isfinite(r->range_outer_delta) && isnan(g->share.range_outer_bytes.low)) {
        /* found by folds: the range of its sum, which may be wide, was not looked for */
        if (known(x))
            bmx_putf(&part, "  %.1f .. %.1f by folds alone", 100 * x.low, 100 * x.high);
    } else {
        int digits = digits_of(x.high - x.low);

        if (!known(x) || bmx_result_identified(&g->share, t->unit))
            bmx_putf(&part, "  %.*f", digits, 100 * bmx_share_in(&g->share, t->unit));
        if (known(x) && loose(t, &g->share)) /* as in the table */
            bmx_putf(&part, "  %.0f .. %.0f", 100 * x.low, 100 * x.high);
        else if (known(x))
            bmx_putf(&part, "  %.*f .. %.*f", digits, 100 * x.low, digits, 100 * x.high);
    }
    s->status = part.status ? part.status : bmx_buf_addc(&line, 0, s->err);
    if (!s->status)
        bmx_sink_wrapped(s, line.ptr, 0, 2, t->text);
    bmx_buf_release(&line);
}

static void put_inseparable(table *t)
{
    const bpemix_result *r = t->r;
    bool first = true;

    for (size_t i = 0; i < r->n_inseparable; i++) {
        if (is_group(r, &r->inseparable[i]))
            continue;
        if (first) {
            char text[80];

            bmx_snprintf(text, sizeof text,
                         "sums of categories that cannot be told apart, in %% of %s",
                         bmx_unit_name(t->unit));
            bmx_putf(&t->s, "\n");
            bmx_sink_wrapped(&t->s, text, 0, 0, t->text);
        }
        first = false;
        put_sum(t, &r->inseparable[i]);
    }
}

static void put_shares(table *t)
{
    const bpemix_result *r = t->r;

    if (r->verdict.level == BMX_LEVEL_UNUSABLE && !t->opts->force) {
        bmx_putf(&t->s, "\n");
        bmx_sink_wrapped(
            &t->s,
            "Shares are not shown, because they would say nothing of the training text. "
            "The JSON document carries them.",
            0, 0, t->text);
        return;
    }
    put_groups(t);
    put_rows(t);
    put_pooled(t);
    put_inseparable(t);
}

/* ---- details ---- */

/* Where there is no room for both beside each other, the rival stands below the merge. */
static void put_worst(table *t, size_t list)
{
    enum { USED = 17, MERGE = 21, RIVAL = 30 };
    const bpemix_result *r = t->r;
    bmx_sink *s = &t->s;
    bool beside = t->width >= USED + MERGE + 2 + RIVAL;

    if (!r->n_worst)
        return;
    bmx_putf(s, "\nmerges that the samples explain worst\n"
                "    step  slack  merge%s\n",
             beside ? "                  rated higher" : ", and its rival");
    for (size_t i = 0; i < r->n_worst && i < list; i++) {
        const bmx_worst_merge *w = &r->worst[i];

        bmx_putf(s, "%8" PRIu32 "  %3.0f %%  ", w->step, 100 * w->slack / (w->slack + w->count));
        if (w->rival_left && beside) {
            bmx_sink_merge(s, w->left, w->right, MERGE, true);
            bmx_putf(s, "  ");
            bmx_sink_merge(s, w->rival_left, w->rival_right, RIVAL, false);
        } else {
            bmx_sink_merge(s, w->left, w->right, MERGE, false);
        }
        if (w->rival_left && !beside) {
            bmx_putf(s, "\n%*s", USED, "");
            bmx_sink_merge(s, w->rival_left, w->rival_right, t->width - USED, false);
        }
        bmx_putf(s, "\n");
    }
    bmx_sink_wrapped(s, "slack: of the count that the merge must have had", 0, 2, t->width);
}

bpemix_status bmx_report_table(const bpemix_result *r, const bmx_table_opts *opts, bmx_buf *out,
                               bpemix_error *err)
{
    table t = { .s = { out, err, BPEMIX_OK }, .r = r, .opts = opts,
                .unit = opts->unit < BMX_UNITS ? opts->unit : r->unit,
                .width = bmx_sink_columns(opts->columns) };
    size_t list = opts->list ? opts->list : LIST;

    t.text = t.width < MOST_TEXT ? t.width : MOST_TEXT;
    lay_out(&t);
    if (!t.s.status) {
        put_header(&t);
        put_shares(&t);
        put_verdict(&t);
        bmx_report_sweep(&t.s, r, r->verdict.level != BMX_LEVEL_UNUSABLE || opts->force, t.text);
        bmx_report_phases(&t.s, r);
        if (opts->verbose > 0 || opts->list) {
            put_worst(&t, list);
            bmx_report_missing(&t.s, r, list, t.width, t.text);
        }
    }
    bmx_free(t.order);
    bmx_free(t.group);
    return t.s.status;
}
