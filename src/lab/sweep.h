/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.h - many trials of one plan, kept in a journal, and their summary. */
#ifndef BMX_LAB_SWEEP_H
#define BMX_LAB_SWEEP_H

#include "base/progress.h"
#include "lab/trial.h"

typedef struct bmx_lab_sweep {
    bmx_lab_plan plan;
    char **name;              /* name[n_cats]: of the categories */
    size_t n_cats;
    uint64_t trials;
    size_t runs;              /* trials times the points of the plan; a trial's are neighbours */
    bmx_lab_outcome *outcome; /* outcome[runs]; n == 0: not there */
    char key[65];             /* of plan and names: journals with another are of other trials */
    char text[65];            /* bmx_lab_corpus_digest() of the text they are of; "": unknown */
    const char *text_from;    /* the journal that told it; NULL: none did */
    bool untold;              /* a journal of an older version was read, which tells no text */
} bmx_lab_sweep;

typedef struct bmx_lab_run_opts {
    const bpemix_category *cats; /* cats[n_cats] */
    size_t n_cats;
    bmx_lab_read_opts read;
    const char *const *journals; /* journals[n_journals]: the first is written, all are read */
    size_t n_journals;
    uint64_t shard, n_shards;    /* trials k with k % n_shards == shard; 0 shards: all */
    unsigned n_threads;
    bmx_progress progress;       /* of trials */
} bmx_lab_run_opts;

/* Run the trials that no journal has.  The plan is borrowed; zero the sweep first and
 * release it also on failure. */
bpemix_status bmx_lab_sweep_run(bmx_lab_sweep *s, const bmx_lab_plan *plan, uint64_t trials,
                                const bmx_lab_run_opts *opts, bpemix_error *err);
void bmx_lab_sweep_release(bmx_lab_sweep *s);

/* ---- sweep_json.c and journal.c ----
 *
 * Lines of JSON: a header with the key, the digest of the text and the options, then a trial
 * each.  A last line without its newline is of a writer that was killed, and counts as not
 * there. */

/* Keys of a row's values. */
extern const char *const bmx_lab_field_name[BMX_LAB_FIELDS];

/* Options as they stand in the header; NULL when memory is short. */
bmx_json *bmx_lab_plan_json(const bmx_lab_sweep *s);
bpemix_status bmx_lab_key(bmx_lab_sweep *s, bpemix_error *err);
bpemix_status bmx_lab_journal_header(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_lab_journal_line(const bmx_lab_sweep *s, const bmx_lab_outcome *o, bmx_buf *out,
                                   bpemix_error *err);
/* The digest of a text that trials are to be of: E_MISMATCH when s->text is another; `from`: the
 * journal that tells it, NULL: the text itself. */
bpemix_status bmx_lab_text_is(bmx_lab_sweep *s, const char *digest, const char *from,
                              bpemix_error *err);
#define BMX_LAB_JOURNAL_BEGINS "{\"bpemix_journal\":"
/* *used = bytes of whole lines, up to the first that is refused; E_MISMATCH when the key or the
 * text is another, E_FORMAT when this is another kind of file.  `path` is borrowed as long as s. */
bpemix_status bmx_lab_journal_read(bmx_lab_sweep *s, const char *path, bmx_slice text, size_t *used,
                                   bpemix_error *err);

/* ---- summary.c ---- */

/* A table; a row for each size, number of merges and method.  `baseline`: method that the
 * others are compared with, trial by trial; NULL: the first. */
bpemix_status bmx_lab_table(const bmx_lab_sweep *s, const char *baseline, bmx_buf *out,
                            bpemix_error *err);
/* A line for each trial, size, number of merges and method. */
bpemix_status bmx_lab_csv(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err);
/* The table's numbers, and all trials, as JSON. */
bpemix_status bmx_lab_json(const bmx_lab_sweep *s, const char *baseline, bmx_json **out,
                           bpemix_error *err);

#endif
