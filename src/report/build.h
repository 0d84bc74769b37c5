/* build.h - results become a document; nothing is computed that is not in them, but for
 * sums of shares and differences. */
#ifndef BMX_REPORT_BUILD_H
#define BMX_REPORT_BUILD_H

#include "report/doc.h"
#include "result/result.h"

typedef struct bmx_report_entry {
    const char *label;
    const bpemix_result *result;
} bmx_report_entry;

typedef struct bmx_build_opts {
    bmx_unit unit;
    const char *groups;      /* text of lines "category TAB group [TAB label]"; NULL: the results' own */
    const char *groups_path; /* for messages */
    const char *title;       /* NULL: one made from the labels */
    size_t list;             /* merges a tokenizer in the table of evidence */
    bool hatch;
} bmx_build_opts;

/* The caller releases doc, also after a failure. */
bpemix_status bmx_build_report(bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                               const bmx_build_opts *opts, bpemix_error *err);

#endif
