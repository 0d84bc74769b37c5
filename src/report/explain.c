/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c - an explanation as text: the rows that it lists, and of what, a category or a merge,
 * each as wide as the terminal. */
#include "report/explain.h"
#include "base/format.h"
#include "report/sink.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    LEAST_PAIR = 20, /* of a pair of tokens: for that, other columns are left out */
    MOST_PAIR = 49
};

typedef struct explained {
    bmx_sink s;
    const bmx_explanation *x;
    int width; /* columns of the terminal */
} explained;

/* The headline unit of a result: bytes if the constraints start at the first merge, else merges. */
static bmx_unit unit_of(const bmx_explanation *x)
{
    return x->merge_from ? BMX_UNIT_MERGES : BMX_UNIT_BYTES;
}

static double headline(const bmx_explanation *x, const bmx_explain_share *s)
{
    return 100 * (x->merge_from ? s->merges : s->bytes);
}

static void put_sentence(explained *e, const char *text)
{
    bmx_putf(&e->s, "\n");
    bmx_sink_wrapped(&e->s, text, 0, 0, e->width);
}

/* ---- rows ---- */

/* A pair in what `used` columns leave of the line. */
static void put_pair(explained *e, const char *left, const char *right, int used)
{
    int room = e->width - used;

    bmx_sink_merge(&e->s, left, right,
                   room < LEAST_PAIR ? LEAST_PAIR : room > MOST_PAIR ? MOST_PAIR : room, false);
    bmx_putf(&e->s, "\n");
}

static const char not_merged[] = "not merged: ";

/* Is there room for count and level? */
static bool has_counts(const explained *e)
{
    return e->width >= 38 + (int)strlen(not_merged) + LEAST_PAIR;
}

static void put_rows_title(explained *e, const char *what)
{
    char text[200];

    bmx_snprintf(text, sizeof text, "%s%s", what,
                 has_counts(e) ? "; count and level per million pairs" : "");
    put_sentence(e, text);
}

static void put_rows(explained *e, size_t from, size_t to)
{
    bmx_sink *s = &e->s;
    bool counts = has_counts(e);

    bmx_putf(s, "fraction    step%s  pair\n", counts ? "     count     level" : "");
    for (size_t i = from; i < to; i++) {
        const bmx_explain_row *r = &e->x->row[i];

        bmx_putf(s, "%6.2f %%%8" PRIu32, 100 * fabs(r->fraction), r->step);
        if (counts)
            bmx_putf(s, "%10.1f%10.1f", 1e6 * r->count, 1e6 * r->level);
        bmx_putf(s, "  %s", r->is_merge ? "" : not_merged);
        put_pair(e, r->left, r->right,
                 (counts ? 38 : 18) + (r->is_merge ? 0 : (int)strlen(not_merged)));
    }
}

/* ---- a category ---- */

/* Where the merges do not determine the share, only how far it moves: the share of the best mixture
 * would be quoted. */
static void put_without(explained *e, const bmx_explain_share *s, const char *rows)
{
    const bmx_explanation *x = e->x;
    const bpemix_share *best = &x->share[x->category];
    double now = 100 * bmx_share_in(best, unit_of(x)), then = headline(x, s);

    if (isnan(now) || isnan(then))
        return;
    if (bmx_result_identified(best, unit_of(x)))
        bmx_sink_labelled(&e->s, "", e->width,
                          "%.2f %% without the rows that speak for %s", then, rows);
    else
        bmx_sink_labelled(&e->s, "", e->width,
                          "%+.2f points without the rows that speak for %s", then - now, rows);
}

static void put_category(explained *e)
{
    const bmx_explanation *x = e->x;
    const bpemix_share *share = &x->share[x->category];
    bpemix_range range = bmx_outer_range_in(share, unit_of(x));
    double best = 100 * bmx_share_in(share, unit_of(x));
    const char *unit = bmx_unit_name(unit_of(x));
    bool up = x->n_up > 0, down = x->n_up < x->n_rows;

    bmx_putf(&e->s, "category   ");
    bmx_sink_text(&e->s, x->name[x->category]);
    bmx_putf(&e->s, "\n");
    if (isnan(best))
        bmx_sink_labelled(&e->s, "share", e->width,
                          "of %s not known: the alphabet lacks its characters", unit);
    else if (isnan(range.low))
        bmx_sink_labelled(&e->s, "share", e->width,
                          "%.2f %% of %s in the best mixture; its range is not known", best,
                          unit);
    else if (bmx_result_identified(share, unit_of(x)))
        bmx_sink_labelled(&e->s, "share", e->width,
                          "%.2f %% of %s, range %.2f .. %.2f", best, unit, 100 * range.low,
                          100 * range.high);
    else
        bmx_sink_labelled(&e->s, "share", e->width,
                          "%.0f .. %.0f %% of %s: the merges do not determine it",
                          100 * range.low, 100 * range.high, unit);
    if (up)
        put_without(e, &x->without_up, "more");
    if (down)
        put_without(e, &x->without_down, "less");
    if (up) {
        put_rows_title(e, "rows that speak for more: fraction of all pulls");
        put_rows(e, 0, x->n_up);
    }
    if (down) {
        put_sentence(e, "rows that speak for less");
        put_rows(e, x->n_up, x->n_rows);
    }
}

/* ---- a merge ---- */

/* As in the table of a result: the range alone, where the share is not determined. */
static void put_share(explained *e, const bpemix_share *s, bool ranges)
{
    bpemix_range x = bmx_outer_range_in(s, unit_of(e->x));
    double share = bmx_share_in(s, unit_of(e->x));
    bool known = !isnan(x.low);
    char text[40] = "not known";

    if (known && !bmx_result_identified(s, unit_of(e->x))) {
        bmx_snprintf(text, sizeof text, "%.0f .. %.0f", 100 * x.low, 100 * x.high);
        known = false;
    } else if (!isnan(share)) {
        bmx_snprintf(text, sizeof text, "%.2f", 100 * share);
    }
    bmx_putf(&e->s, "  %11s", text);
    if (ranges && known)
        bmx_putf(&e->s, "  %6.2f .. %6.2f", 100 * x.low, 100 * x.high);
    else if (ranges)
        bmx_putf(&e->s, "  %16s", "");
}

/* Columns are left out where there is no room for them: ranges first. */
static void put_counts(explained *e)
{
    const bmx_explanation *x = e->x;
    const char *const *names = (const char *const *)x->name;
    bmx_sink *s = &e->s;
    int name = bmx_sink_name_column(names, x->n_cats, 0, BMX_ENOUGH_NAME), others = 26;
    bool frequencies = e->width >= others + 13 + name, ranges = false;
    char unit[20];

    others += frequencies ? 13 : 0;
    for (size_t i = 0; i < x->n_cats && e->width >= others + 18 + name; i++)
        ranges |= !isnan(bmx_outer_range_in(&x->share[i], unit_of(x)).low);
    others += ranges ? 18 : 0;
    name = bmx_sink_name_column(names, x->n_cats, others, e->width);
    bmx_snprintf(unit, sizeof unit, "%% of %s", bmx_unit_name(unit_of(x)));
    bmx_putf(s, "\n");
    bmx_sink_padded(s, "category", name);
    bmx_putf(s, "  %11s", unit);
    if (ranges)
        bmx_putf(s, "  %16s", "range");
    bmx_putf(s, "  %11s%s\n", "occurrences", frequencies ? "  per million" : "");
    for (size_t i = 0; i < x->n_cats; i++) {
        bmx_sink_name(s, x->name[i], name);
        put_share(e, &x->share[i], ranges);
        bmx_putf(s, "  %11" PRIu64, x->occurrences[i]);
        if (frequencies)
            bmx_putf(s, "  %11.1f", 1e6 * x->frequency[i]);
        bmx_putf(s, "\n");
    }
}

static void put_rivals(explained *e)
{
    const bmx_explanation *x = e->x;
    bool occurrences = e->width >= 36 + LEAST_PAIR;

    put_sentence(e, "rivals at this step, per million pairs of the mixture and in all samples");
    bmx_putf(&e->s, "     count%s  merged at  pair\n", occurrences ? "  occurrences" : "");
    for (size_t i = 0; i < x->n_rivals; i++) {
        const bmx_explain_rival *r = &x->rival[i];
        char at[16] = "never";

        if (r->merged_at != UINT32_MAX)
            bmx_snprintf(at, sizeof at, "%" PRIu32, r->merged_at);
        bmx_putf(&e->s, "%10.1f", 1e6 * r->count);
        if (occurrences)
            bmx_putf(&e->s, "  %11" PRIu64, r->occurrences);
        bmx_putf(&e->s, "  %9s  ", at);
        put_pair(e, r->left, r->right, occurrences ? 36 : 23);
    }
}

static void put_merge(explained *e)
{
    const bmx_explanation *x = e->x;
    char step[20];
    int used = BMX_LABEL + bmx_snprintf(step, sizeof step, "%" PRIu32 ", ", x->merge);

    bmx_putf(&e->s, "merge      %s", step);
    put_pair(e, x->left, x->right, used);
    bmx_sink_labelled(&e->s, "count", e->width,
                      "%.1f per million pairs of the mixture", 1e6 * x->count);
    if (isnan(x->implied))
        bmx_sink_labelled(&e->s, "rank", e->width, "outside the merges that were used");
    else
        bmx_sink_labelled(&e->s, "rank", e->width,
                          "implies %.1f per million%s", 1e6 * x->implied,
                          x->constrained ? ""
                                         : ", as for the merge before: this one has no constraint");
    put_counts(e);
    if (x->n_rivals)
        put_rivals(e);
}

/* What slack is minimized as a fraction of: the divisor of every category is 1 for pairs. */
static bool is_of_pairs(const bmx_explanation *x)
{
    for (size_t i = 0; i < x->n_cats; i++)
        if (x->divisor[i] > 0 && x->divisor[i] != 1)
            return false;
    return true;
}

/* What the certificate proves; of no slack there is nothing to prove. */
static void put_slack(explained *e)
{
    const bmx_explanation *x = e->x;
    char proof[60] = "";

    if (x->n_proof)
        bmx_snprintf(proof, sizeof proof, ", which %zu multiplier%s", x->n_proof,
                     x->n_proof == 1 ? " proves" : "s prove");
    bmx_sink_labelled(&e->s, "slack", e->width, "%.6g of the %s; no mixture has less than %.6g%s",
                      x->objective, is_of_pairs(x) ? "pairs" : "merges' occurrences",
                      fmax(x->bound, 0), proof);
}

bpemix_status bmx_report_explanation(const bmx_explanation *x, int width, bmx_buf *out,
                                     bpemix_error *err)
{
    explained e = { .s = { out, err, BPEMIX_OK }, .x = x,
                    .width = bmx_sink_columns(width) };

    bmx_sink_labelled(&e.s, "merges", e.width,
                      "%" PRIu32 ":%" PRIu32, x->merge_from, x->merge_to);
    bmx_sink_labelled(&e.s, "binding", e.width,
                      x->n_binding == 1
                          ? "%zu row: a merge or a pair that holds the shares where they are"
                          : "%zu rows: merges and pairs that hold the shares where they are",
                      x->n_binding);
    if (!isnan(x->bound))
        put_slack(&e);
    if (x->merge != UINT32_MAX) {
        put_merge(&e);
    } else if (x->category != UINT32_MAX) {
        put_category(&e);
    } else if (x->n_rows) {
        put_rows_title(&e, "rows that the estimate rests on most: fraction of the objective");
        put_rows(&e, 0, x->n_rows);
    } else {
        put_sentence(&e, "no row has any slack");
    }
    return e.s.status;
}
