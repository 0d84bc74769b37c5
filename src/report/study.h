/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.h - several results side by side: one list of categories for all, in groups.
 *
 *   entry e -- result -- category i'          index[e * n_cats + i] = i'
 *   category i -- group g                     categories of a group stand together
 *
 * Everything lives in the arena of the document that is being built. */
#ifndef BMX_REPORT_STUDY_H
#define BMX_REPORT_STUDY_H

#include "report/build.h"

typedef struct bmx_study_category {
    const char *name, *label; /* label: as shown */
    size_t group;
    double most;              /* the largest share in any entry, to order by */
} bmx_study_category;

typedef struct bmx_study_group {
    const char *name;
    unsigned color;
    size_t first, n; /* categories first .. first + n - 1 */
} bmx_study_group;

#define BMX_STUDY_NONE SIZE_MAX

typedef struct bmx_study {
    bmx_doc *doc;
    const bmx_report_entry *entry; /* entry[n_entries] */
    size_t n_entries;
    const bmx_build_opts *opts;
    bmx_unit unit;
    bmx_study_category *cat; /* cat[n_cats] */
    size_t n_cats;
    bmx_study_group *group;  /* group[n_groups] */
    size_t n_groups;
    bool grouped;            /* by labels given, not made up here for the sake of colours */
    size_t *index;           /* index[n_entries * n_cats]: into the result, BMX_STUDY_NONE: not
                                offered */
} bmx_study;

bpemix_status bmx_study_init(bmx_study *s, bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                             const bmx_build_opts *opts);

bmx_mark bmx_study_category_mark(const bmx_study *s, size_t e, size_t i);

/* The mark of a group: of the result's own group if it has the same categories, otherwise of the
 * sum of the shares.  The sums of the ends of ranges are only bounds of the range of the sum; they
 * are given where a share of the group is not determined, and left out elsewhere. */
bmx_mark bmx_study_group_mark(const bmx_study *s, size_t e, size_t g);

/* The share of a group at a point of the sweep; NaN: not known.  As a sweep has no ranges, it
 * counts as loose if the group's share of the whole result is, or if the fit is unusable. */
bmx_mark bmx_study_sweep_mark(const bmx_study *s, size_t e, const bmx_sweep_point *p, size_t g);

bmx_mark bmx_mark_of_share(const bpemix_share *share, bmx_unit unit);
bmx_tone bmx_tone_of(const bpemix_result *r);

/* ---- text of cells ---- */
const char *bmx_study_mark_text(const bmx_study *s, const bmx_mark *m); /* "26.1 [23.9, 28.3]" */
/* The same of an entry's result; "not quoted" if that is unusable. */
const char *bmx_study_cell_text(const bmx_study *s, size_t e, const bmx_mark *m);
const char *bmx_study_percent(bmx_doc *d, double v, int decimals);      /* "31.2 %", "not known" */
const char *bmx_study_bytes(bmx_doc *d, uint64_t n);                    /* "5.6 MB" */
uint64_t bmx_study_sample_bytes(const bpemix_result *r);

/* ---- sections, in their order ---- */
void bmx_build_verdicts(bmx_study *s);
void bmx_build_mixture(bmx_study *s);
void bmx_build_shares(bmx_study *s);
void bmx_build_sweeps(bmx_study *s);
void bmx_build_missing(bmx_study *s);
void bmx_build_evidence(bmx_study *s);
void bmx_build_provenance(bmx_study *s);

#endif
