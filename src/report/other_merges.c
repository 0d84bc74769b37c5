/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/other_merges.h"
#include "base/format.h"

#include <inttypes.h>
#include <math.h>

void bmx_report_sweep(bmx_sink *s, const bpemix_result *r, bool quoted)
{
    if (!r->n_sweep)
        return;
    bmx_putf(s, "\n  merges   slack");
    bmx_putf(s, quoted ? "  largest change of a determined share, to the line above\n" : "\n");
    for (size_t i = 0; i < r->n_sweep; i++) {
        const double *now = r->sweep[i].share_bytes,
                     *before = i ? r->sweep[i - 1].share_bytes : NULL;
        size_t most = 0;
        double change = -1;

        for (size_t k = 0; quoted && before && now && k < r->n_cats; k++)
            if (bmx_result_identified(&r->share[k], BMX_UNIT_BYTES) &&
                fabs(now[k] - before[k]) > change) {
                change = fabs(now[k] - before[k]);
                most = k;
            }
        bmx_putf(s, "%8" PRIu32 "  %5.1f %%", r->sweep[i].merges, 100 * r->sweep[i].slack_relative);
        if (change >= 0) {
            bmx_putf(s, "  ");
            bmx_sink_text(s, r->share[most].name);
            bmx_putf(s, " %.2f to %.2f %% of bytes", 100 * before[most], 100 * now[most]);
        }
        bmx_putf(s, "\n");
    }
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
