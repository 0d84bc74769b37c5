/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"
#include "base/format.h"
#include "report/sink.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The headline unit of a result: bytes if the constraints start at the first merge, else merges. */
static double headline(const bmx_explanation *x, const bmx_explain_share *s)
{
    return 100 * (x->merge_from ? s->merges : s->bytes);
}

static void put_names(bmx_sink *s, const char *left, const char *right)
{
    bmx_sink_clipped(s, left, 24);
    bmx_putf(s, " ");
    bmx_sink_clipped(s, right, 24);
    bmx_putf(s, "\n");
}

static void put_rows(bmx_sink *s, const bmx_explanation *x, size_t from, size_t to)
{
    bmx_putf(s, "fraction    step     count     level  pair\n");
    for (size_t i = from; i < to; i++) {
        const bmx_explain_row *r = &x->row[i];

        bmx_putf(s, "%6.2f %%%8" PRIu32 "%10.1f%10.1f  %s", 100 * fabs(r->fraction), r->step,
                 1e6 * r->count, 1e6 * r->level, r->is_merge ? "" : "not merged: ");
        put_names(s, r->left, r->right);
    }
}

static void put_category(bmx_sink *s, const bmx_explanation *x)
{
    const char *unit = x->merge_from ? "merges" : "bytes";
    bool up = x->n_up > 0, down = x->n_up < x->n_rows;

    bmx_putf(s, "category   ");
    bmx_sink_text(s, x->name[x->category]);
    bmx_putf(s, "\nshare      %.2f %% of %s in the best mixture\n",
             headline(x, &x->share[x->category]), unit);
    if (up)
        bmx_putf(s, "           %.2f %% without the rows that speak for more\n",
                 headline(x, &x->without_up));
    if (down)
        bmx_putf(s, "           %.2f %% without the rows that speak for less\n",
                 headline(x, &x->without_down));
    if (up) {
        bmx_putf(s,
                 "\nrows that speak for more: fraction of all pulls; count and level per million "
                 "pairs\n");
        put_rows(s, x, 0, x->n_up);
    }
    if (down) {
        bmx_putf(s, "\nrows that speak for less\n");
        put_rows(s, x, x->n_up, x->n_rows);
    }
}

static void put_counts(bmx_sink *s, const bmx_explanation *x)
{
    const char *unit = x->merge_from ? "merges" : "bytes";
    int width = (int)strlen("% of ") + (int)strlen(unit),
        name = bmx_sink_name_column(s, (const char *const *)x->name, x->n_cats);

    bmx_putf(s, "  %% of %s  occurrences  per million pairs\n", unit);
    for (size_t i = 0; i < x->n_cats; i++) {
        bmx_sink_padded(s, x->name[i], name);
        bmx_putf(s, "  %*.2f  %11" PRIu64 "  %17.1f\n", width, headline(x, &x->share[i]),
                 x->occurrences[i], 1e6 * x->frequency[i]);
    }
}

static void put_merge(bmx_sink *s, const bmx_explanation *x)
{
    bmx_putf(s, "merge      %" PRIu32 ", ", x->merge);
    put_names(s, x->left, x->right);
    bmx_putf(s, "count      %.1f per million pairs of the mixture\n", 1e6 * x->count);
    if (isnan(x->implied))
        bmx_putf(s, "rank       outside the merges that were used\n");
    else
        bmx_putf(s, "rank       implies %.1f per million%s\n", 1e6 * x->implied,
                 x->constrained ? "" : ", as for the merge before: this one has no constraint");
    put_counts(s, x);
    if (!x->n_rivals)
        return;
    bmx_putf(s, "\nrivals at this step, per million pairs of the mixture and in all samples\n"
                "     count  occurrences  merged at  pair\n");
    for (size_t i = 0; i < x->n_rivals; i++) {
        const bmx_explain_rival *r = &x->rival[i];
        char at[16] = "never";

        if (r->merged_at != UINT32_MAX)
            bmx_snprintf(at, sizeof at, "%" PRIu32, r->merged_at);
        bmx_putf(s, "%10.1f  %11" PRIu64 "  %9s  ", 1e6 * r->count, r->occurrences, at);
        put_names(s, r->left, r->right);
    }
}

bpemix_status bmx_report_explanation(const bmx_explanation *x, bmx_buf *out, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    bmx_putf(&s, "merges     %" PRIu32 ":%" PRIu32 "\n", x->merge_from, x->merge_to);
    bmx_putf(&s, "binding    %zu rows: merges and pairs that hold the shares where they are\n",
             x->n_binding);
    if (!isnan(x->bound))
        bmx_putf(&s, "slack      %.6g; no mixture has less than %.6g, by %zu multipliers\n",
                 x->objective, fmax(x->bound, 0), x->n_proof);
    if (x->merge != UINT32_MAX) {
        put_merge(&s, x);
    } else if (x->category != UINT32_MAX) {
        put_category(&s, x);
    } else {
        bmx_putf(&s, "\nrows that the estimate rests on most: fraction of the objective; count and "
                     "level\nper million pairs\n");
        put_rows(&s, x, 0, x->n_rows);
    }
    return s.status;
}
