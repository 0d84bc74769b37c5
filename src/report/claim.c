/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/claim.h"
#include "report/sink.h"
#include "result/result.h"

#include <inttypes.h>
#include <math.h>

static void put_exact(bmx_sink *s, const bmx_claim *c, int width)
{
    char *text;

    bmx_putf(s, "exact      ");
    if (c->deviates == UINT32_MAX) {
        bmx_sink_wrapped(
            s, "every merge is the most frequent pair of its step: this can be the training text",
            BMX_LABEL, BMX_LABEL, width);
        return;
    }
    text = bmx_asprintf("merge %" PRIu32 ", '%s' '%s', occurs %" PRIu64
                        " time%s where '%s' '%s' occurs %" PRIu64
                        " time%s: this is not the training text, or text was split otherwise",
                        c->deviates, c->deviates_left, c->deviates_right, c->count,
                        c->count == 1 ? "" : "s", c->rival_left, c->rival_right,
                        c->rival_count, c->rival_count == 1 ? "" : "s");
    if (!text)
        s->status = bmx_nomem(s->err);
    else
        bmx_sink_wrapped(s, text, BMX_LABEL, BMX_LABEL, width);
    bmx_free(text);
}

/* The levels in a word.  5 % of true claims are refused where the trials of bpemix(7) say so. */
static const char *answer_of(const bmx_claim *c)
{
    const double level = 0.05;
    bool alike = c->level_alike >= level, kind = c->level_kind >= level;

    return alike && kind ? "possible"
           : kind        ? "possible if samples are from other sources than the training text"
           : alike       ? "possible if samples are drawn like the training text"
                         : "refused at a level of 5 %";
}

static void put_level(bmx_sink *s, const bmx_claim *c, int width)
{
    if (isnan(c->level_alike))
        bmx_sink_labelled(s, "verdict", width, "not judged");
    else
        bmx_sink_labelled(s, "verdict", width,
                          "%s: of true mixtures, %s%.0f %% have as much excess where samples are "
                          "drawn like the training text, %s%.0f %% where they come from other "
                          "sources of the same kind",
                          answer_of(c),
                          c->level_alike < 0.02 ? "less than " : "",
                          100 * fmax(c->level_alike, 0.02),
                          c->level_kind < 0.02 ? "less than " : "",
                          100 * fmax(c->level_kind, 0.02));
}

/* Not where the table shows it at an end of the range. */
static bool is_outside(double share, bpemix_range x)
{
    const double shown = 0.5e-4;

    return share < x.low - shown || share > x.high + shown;
}

/* Columns are left out where there is no room for them: the estimate. */
static void put_categories(bmx_sink *s, const bmx_claim *c, int width)
{
    const char *const *names = (const char *const *)c->name;
    int name = bmx_sink_name_column(names, c->n_cats, 0, BMX_ENOUGH_NAME), others = 36;
    bool estimate = width >= others + 10 + name;

    others += estimate ? 10 : 0;
    name = bmx_sink_name_column(names, c->n_cats, others, width);
    bmx_putf(s, "\n");
    bmx_sink_padded(s, "category", name);
    bmx_putf(s, "  claimed%s  %16s\n", estimate ? "  estimate" : "", "range, % of bytes");
    for (size_t i = 0; i < c->n_cats; i++) {
        bpemix_range x = c->range[i];
        bool outside = !isnan(x.low) && is_outside(c->claimed[i], x);

        bmx_sink_name(s, c->name[i], name);
        bmx_putf(s, "  %7.2f", 100 * c->claimed[i]);
        if (estimate && x.high - x.low > BMX_IDENTIFIED) /* the range stands in its place */
            bmx_putf(s, "  %8s", "");
        else if (estimate && isnan(c->estimate[i])) /* the alphabet lacks its characters */
            bmx_putf(s, "  %8s", "unknown");
        else if (estimate)
            bmx_putf(s, "  %8.2f", 100 * c->estimate[i]);
        if (!isnan(x.low))
            bmx_putf(s, "  %6.2f .. %6.2f", 100 * x.low, 100 * x.high);
        if (outside && name + others > width)
            bmx_putf(s, "\n%*s", name + others - 16, "");
        bmx_putf(s, "%s\n", outside ? "  outside" : "");
    }
}

static void put_merges(bmx_sink *s, const bmx_claim *c, int width)
{
    enum { USED = 24, MOST = 49 }; /* columns in front of a pair, and those of one */

    if (!c->n_merges)
        return;
    bmx_putf(s, "\n");
    bmx_sink_wrapped(s, "merges that speak against the claim: fraction of their level that is not "
                        "explained", 0, 0, width);
    bmx_putf(s, "    step  claim   best  merge\n");
    for (size_t i = 0; i < c->n_merges; i++) {
        const bmx_claim_merge *m = &c->merge[i];

        bmx_putf(s, "%8" PRIu32 "  %3.0f %%  %3.0f %%  ", m->step, 100 * m->slack_claim,
                 100 * m->slack_best);
        bmx_sink_merge(s, m->left, m->right, width - USED < MOST ? width - USED : MOST,
                       false);
        bmx_putf(s, "\n");
    }
}

bpemix_status bmx_report_claim(const bmx_claim *c, int width, bmx_buf *out, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    width = bmx_sink_columns(width);
    bmx_sink_labelled(&s, "merges", width, "%" PRIu32 ":%" PRIu32, c->merge_from, c->merge_to);
    if (isfinite(c->slack_claim))
        bmx_sink_labelled(&s, "slack", width,
                          "%.2f %% of the merge counts at the claim, %.2f %% at best",
                          100 * c->slack_claim, 100 * c->slack_best);
    else
        bmx_sink_labelled(&s, "slack", width, "%.2f %% of the merge counts at best",
                          100 * c->slack_best);
    if (isfinite(c->excess))
        bmx_sink_labelled(&s, "excess", width, "%.1f %% more slack than the least",
                          100 * c->excess);
    else if (!isfinite(c->slack_claim))
        bmx_sink_labelled(&s, "excess", width, "without bound: the claim has none of the merges");
    else
        bmx_sink_labelled(&s, "excess", width,
                          "all of the slack: the best mixture leaves none");
    put_level(&s, c, width);
    if (c->exact)
        put_exact(&s, c, width);
    put_categories(&s, c, width);
    put_merges(&s, c, width);
    return s.status;
}
