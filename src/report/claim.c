/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/claim.h"
#include "report/sink.h"
#include "result/result.h"

#include <inttypes.h>
#include <math.h>

enum { LABEL = 11 }; /* columns of the words in front */

static void put_exact(bmx_sink *s, const bmx_claim *c, int width)
{
    char *text;

    bmx_putf(s, "exact      ");
    if (c->deviates == UINT32_MAX) {
        bmx_sink_wrapped(
            s, "every merge is the most frequent pair of its step: this can be the training text",
            LABEL, LABEL, width);
        return;
    }
    text = bmx_asprintf("merge %" PRIu32 ", '%s' '%s', occurs %" PRIu64
                        " times where '%s' '%s' occurs %" PRIu64
                        " times: this is not the training text, or text was split otherwise",
                        c->deviates, c->deviates_left, c->deviates_right, c->count, c->rival_left,
                        c->rival_right, c->rival_count);
    if (!text)
        s->status = bmx_nomem(s->err);
    else
        bmx_sink_wrapped(s, text, LABEL, LABEL, width);
    bmx_free(text);
}

static void put_level(bmx_sink *s, const bmx_claim *c, int width)
{
    char *text;

    bmx_putf(s, "verdict    ");
    if (isnan(c->level_alike)) {
        bmx_sink_wrapped(s, "not judged", LABEL, LABEL, width);
        return;
    }
    text = bmx_asprintf(
        "of true mixtures, %s%.0f %% have as much excess where samples are drawn like the training "
        "text, %s%.0f %% where they come from other sources of the same kind",
        c->level_alike < 0.02 ? "less than " : "", 100 * fmax(c->level_alike, 0.02),
        c->level_kind < 0.02 ? "less than " : "", 100 * fmax(c->level_kind, 0.02));
    if (!text)
        s->status = bmx_nomem(s->err);
    else
        bmx_sink_wrapped(s, text, LABEL, LABEL, width);
    bmx_free(text);
}

/* Not where the table shows it at an end of the range. */
static bool is_outside(double share, bpemix_range x)
{
    const double shown = 0.5e-4;

    return share < x.low - shown || share > x.high + shown;
}

static void put_categories(bmx_sink *s, const bmx_claim *c)
{
    int name = bmx_sink_name_column(s, (const char *const *)c->name, c->n_cats);

    bmx_putf(s, "  claimed  estimate             range, %% of bytes\n");
    for (size_t i = 0; i < c->n_cats; i++) {
        bpemix_range x = c->range[i];

        bmx_sink_padded(s, c->name[i], name);
        bmx_putf(s, "  %7.2f", 100 * c->claimed[i]);
        if (x.high - x.low > BMX_IDENTIFIED) /* the range stands in place of the estimate */
            bmx_putf(s, "  %8s", "");
        else
            bmx_putf(s, "  %8.2f", 100 * c->estimate[i]);
        if (!isnan(x.low))
            bmx_putf(s, "  %6.2f .. %6.2f%s", 100 * x.low, 100 * x.high,
                     is_outside(c->claimed[i], x) ? "  outside" : "");
        bmx_putf(s, "\n");
    }
}

static void put_merges(bmx_sink *s, const bmx_claim *c)
{
    if (!c->n_merges)
        return;
    bmx_putf(s, "\nmerges that speak against the claim: "
                "fraction of their level that is not explained\n"
                "    step  claim   best  merge\n");
    for (size_t i = 0; i < c->n_merges; i++) {
        const bmx_claim_merge *m = &c->merge[i];

        bmx_putf(s, "%8" PRIu32 "  %3.0f %%  %3.0f %%  ", m->step, 100 * m->slack_claim,
                 100 * m->slack_best);
        bmx_sink_clipped(s, m->left, 24);
        bmx_putf(s, " ");
        bmx_sink_clipped(s, m->right, 24);
        bmx_putf(s, "\n");
    }
}

bpemix_status bmx_report_claim(const bmx_claim *c, int width, bmx_buf *out, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    width = width > 40 ? width : 80;
    bmx_putf(&s, "merges     %" PRIu32 ":%" PRIu32 "\n", c->merge_from, c->merge_to);
    bmx_putf(&s, "slack      %.2f %% of the merge counts at the claim, %.2f %% at best\n",
             100 * c->slack_claim, 100 * c->slack_best);
    if (isfinite(c->excess))
        bmx_putf(&s, "excess     %.1f %% more slack than the least\n", 100 * c->excess);
    else
        bmx_putf(&s, "excess     all of the slack: the best mixture leaves none\n");
    put_level(&s, c, width);
    if (c->exact)
        put_exact(&s, c, width);
    put_categories(&s, c);
    put_merges(&s, c);
    return s.status;
}
