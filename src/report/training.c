/* SPDX-License-Identifier: GPL-3.0-or-later */
/* training.c - what a tokenizer was trained on, as a table. */
#include "report/training.h"
#include "report/report.h"

#include <inttypes.h>

/* Columns of the names of categories, at least `least`. */
static int name_columns(const bmx_mixture *m, int least)
{
    for (size_t i = 0; i < m->n; i++) {
        int columns = bmx_report_width(m->name[i]);
        least = columns > least ? columns : least;
    }
    return least > 40 ? 40 : least;
}

bpemix_status bmx_training_table(const bmx_mixture *m, bmx_buf *out, bpemix_error *err)
{
    int columns = name_columns(m, 10);
    bpemix_status st = bmx_report_name(out, "category", columns, err);

    if (!st)
        st = bmx_buf_addf(out, err, "  %% of bytes         bytes\n");
    for (size_t i = 0; i < m->n && !st; i++)
        if (!(st = bmx_report_name(out, m->name[i], columns, err)))
            st = bmx_buf_addf(out, err, "  %10.2f  %12" PRIu64 "\n", 100 * m->share[i],
                              m->bytes[i]);
    return st;
}
