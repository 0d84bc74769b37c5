/* report.h - write a result; compute nothing.
 *
 * Everything is written into a buffer first, so that an output appears whole
 * or not at all. */
#ifndef BMX_REPORT_REPORT_H
#define BMX_REPORT_REPORT_H

#include "replay/trace.h"
#include "result/result.h"

/* The result as the document of bpemix-json(5).  The tree is the caller's. */
bpemix_status bmx_report_json(const bpemix_result *r, bool provenance, bmx_json **out,
                              bpemix_error *err);

/* "tool" and "libraries" members, common to every document we write. */
void bmx_report_tool(bmx_json *doc);

/* A table of shares, largest first, with a summary of the fit. */
typedef struct bmx_table_opts {
    bool pairs;  /* unit of the main column */
    bool color;  /* terminal that takes colours */
    int verbose; /* > 0: the worst merges and the missing ones too */
} bmx_table_opts;
bpemix_status bmx_report_table(const bpemix_result *r, const bmx_table_opts *opts, bmx_buf *out,
                               bpemix_error *err);

/* Columns that a name takes in a table, and the name padded to so many. */
int bmx_report_width(const char *name);
bpemix_status bmx_report_name(bmx_buf *out, const char *name, int columns, bpemix_error *err);

/* What `bpemix inspect` says, from the "tokenizer" object; lists up to
 * `list` entries of every finding. */
bpemix_status bmx_report_tokenizer(const bmx_json *tokenizer, uint64_t list, bmx_buf *out,
                                   bpemix_error *err);
bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err);

/* Of this process, in bytes: for provenance. */
uint64_t bmx_report_peak_memory(void);

#endif
