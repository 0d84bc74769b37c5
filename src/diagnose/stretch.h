/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stretch.h - a stretch of the merge list, solved by itself, or evaluated at a given mixture.
 *
 * Merges before a stretch are applied in any case: their effects are in the trace. */
#ifndef BMX_DIAGNOSE_STRETCH_H
#define BMX_DIAGNOSE_STRETCH_H

#include "solve/estimate.h"

#define BMX_LEAST_BLOCK 500 /* merges; fewer do not determine a mixture */

typedef struct bmx_stretch {
    const bmx_view *view;
    const bmx_plan *plan; /* but for from and to, and the gap if it is solved */
    const bmx_control *ctl;
    const double *start;   /* mixture to begin with; NULL: none */
    uint32_t from, to;     /* merges */
    double gap;            /* at which it is solved */
    const double *mixture; /* mixture[n_cats], shares of pairs: only evaluate there; NULL: solve */
    bool empty;            /* no merge of it is in any sample */
    double slack, counts;  /* per million pairs at the best mixture */
    /* what is not known where it is only evaluated, and 0 there */
    double rests_on;       /* how many merges the counts are of, as good as */
    double missing;        /* the part of the merges that is in no sample */
    double *bytes, *pairs, *merges; /* [n_cats] each; NULL: not wanted */
} bmx_stretch;

/* The plan by which stretches are compared: slack of the same kind everywhere, without weights. */
bmx_plan bmx_stretch_plan(const bmx_plan *of);

/* Merges from .. to - 1 of the list that `like` is of, to be solved coarsely or, with a mixture,
 * to be evaluated.  Shares are not wanted yet. */
bmx_stretch bmx_stretch_part(const bmx_stretch *like, uint32_t from, uint32_t to,
                             const double *mixture);

/* Have shares made, too; solve; solve all of s[n], each in a task of its own.  A stretch of which
 * the samples have no merge is no error, but empty.  bmx_stretch_solve() is called within a
 * bmx_lp_session(). */
bpemix_status bmx_stretch_want_shares(bmx_stretch *s, bpemix_error *err);
bpemix_status bmx_stretch_solve(bmx_stretch *s, bpemix_error *err);
bpemix_status bmx_stretch_solve_all(bmx_stretch *s, size_t n, unsigned n_threads,
                                    bpemix_error *err);

/* Are the counts of its own mixture of more than one or two merges?  If not, it explains nothing
 * else of the stretch, however little its slack is. */
bool bmx_stretch_rests_on_several(const bmx_stretch *own);

/* Slack as a fraction of the counts; NAN of an empty one. */
double bmx_stretch_slack(const bmx_stretch *s);

/* The merge between from and to from which on the list has most of what `behind` has more of than
 * `before`: behind a border those words come first that the mixture before was short of.  The
 * slack of short stretches tells less, as much of it is of pairs that are in all of them.
 * *border stays as it is if there is no such merge. */
bpemix_status bmx_stretch_border(const bmx_stretch *like, uint32_t from, uint32_t to,
                                 const double *before, const double *behind, uint32_t *border,
                                 bpemix_error *err);

/* The shares become those of a result, where there are any; release them; release all of the
 * allocated s[n], or NULL. */
void bmx_stretch_hand_over(bmx_stretch *s, double **bytes, double **pairs, double **merges);
void bmx_stretch_release_shares(bmx_stretch *s);
void bmx_stretches_free(bmx_stretch *s, size_t n);

#endif
