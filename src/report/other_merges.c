/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/other_merges.h"
#include "diagnose/answers.h"
#include "base/format.h"

#include <inttypes.h>
#include <math.h>

enum { MOVE = 19 }; /* where what is said of the largest change begins */

static const double *headline_of(const bpemix_result *r, const bmx_sweep_point *p)
{
    return r->unit == BMX_UNIT_MERGES ? p->share_merges : p->share_bytes;
}

/* How far the answer moves that moves most; its shares are not printed, as they may not be
 * determined. */
static void put_move(bmx_sink *s, const bpemix_result *r, const bmx_move *m, int width)
{
    bmx_buf text = { 0 };

    if (s->status)
        return;
    if (!m->of) {
        bmx_putf(s, "\n");
        return;
    }
    s->status = bmx_answer_name(r, m->of, &text, s->err);
    if (!s->status)
        s->status = bmx_buf_addf(&text, s->err, " by %.2f points of %s", 100 * m->by,
                                 bmx_unit_name(r->unit));
    if (!s->status)
        s->status = bmx_buf_addc(&text, 0, s->err);
    if (!s->status) {
        bmx_putf(s, "  ");
        bmx_sink_wrapped(s, text.ptr, MOVE, MOVE, width);
    }
    bmx_buf_release(&text);
}

void bmx_report_sweep(bmx_sink *s, const bpemix_result *r, bool quoted, int width)
{
    bmx_answers a = { 0 };

    if (!r->n_sweep || s->status || (s->status = bmx_answers_find(r, &a, s->err)))
        return;
    bmx_putf(s, "\n  merges   slack");
    if (quoted) {
        bmx_putf(s, "  ");
        bmx_sink_wrapped(s, "largest change of a share, to the line above", MOVE, MOVE, width);
    } else {
        bmx_putf(s, "\n");
    }
    for (size_t i = 0; i < r->n_sweep; i++) {
        bmx_move most = { NAN, NULL };

        if (quoted && i)
            bmx_answers_farther(r, &a, headline_of(r, &r->sweep[i - 1]),
                                headline_of(r, &r->sweep[i]), &most);
        bmx_putf(s, "%8" PRIu32, r->sweep[i].merges);
        if (isfinite(r->sweep[i].slack_relative))
            bmx_putf(s, "  %5.1f %%", 100 * r->sweep[i].slack_relative);
        else /* nothing was solved, or for a mixture without any of them */
            bmx_putf(s, "  %s", r->sweep[i].share_bytes ? "unknown" : "in no sample");
        put_move(s, r, &most, width);
    }
    bmx_free(a.of);
}

/* No shares are printed, because they have no ranges here; inferring a phase alone gives both. */
void bmx_report_phases(bmx_sink *s, const bpemix_result *r)
{
    if (r->n_phases == 1)
        bmx_putf(s, "\nno part of the list was learned from another mixture than the rest\n");
    if (r->n_phases < 2)
        return;
    bmx_putf(s, "\nphases of the list, each learned from a mixture of its own\n"
                "           merges   slack\n");
    for (size_t i = 0; i < r->n_phases; i++) {
        char merges[40];

        bmx_snprintf(merges, sizeof merges, "%" PRIu32 ":%" PRIu32, r->phase[i].merge_from,
                     r->phase[i].merge_to);
        bmx_putf(s, "%17s", merges);
        if (isnan(r->phase[i].slack_relative))
            bmx_putf(s, "  in no sample\n");
        else
            bmx_putf(s, "  %4.1f %%\n", 100 * r->phase[i].slack_relative);
    }
}
