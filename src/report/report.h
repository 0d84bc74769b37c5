/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - write a result; compute nothing.
 *
 * Everything is written into a buffer first, so that an output appears whole
 * or not at all. */
#ifndef BMX_REPORT_REPORT_H
#define BMX_REPORT_REPORT_H

#include "replay/trace.h"
#include "result/result.h"

/* Verdict and a table of shares, largest first, with a summary of the fit. */
typedef struct bmx_table_opts {
    bmx_unit unit; /* of the shares; BMX_UNITS: the headline unit of the result */
    bool color;    /* terminal that takes colours */
    bool force;    /* shares even where the verdict is that they are unusable */
    int verbose;   /* > 0: all categories, not the largest; the worst merges, the missing ones */
    uint64_t list; /* so many of each; 0: 20 */
    int columns;   /* width of the terminal; 0: 80 */
} bmx_table_opts;
bpemix_status bmx_report_table(const bpemix_result *r, const bmx_table_opts *opts, bmx_buf *out,
                               bpemix_error *err);

/* Columns that a name takes in a table, and the name padded to so many. */
int bmx_report_width(const char *name);
bpemix_status bmx_report_name(bmx_buf *out, const char *name, int columns, bpemix_error *err);

/* What `bpemix inspect` says; lists up to `list` entries of every finding. */
bpemix_status bmx_report_tokenizer(const bmx_facts *f, uint64_t list, bmx_buf *out,
                                   bpemix_error *err);
bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err);

#endif
