/* result.h - what an estimate is, before it is written as a table or JSON.
 *
 * Self-contained: strings are copied out of the trace, so that the trace may
 * be freed first. */
#ifndef BMX_RESULT_RESULT_H
#define BMX_RESULT_RESULT_H

#include "replay/trace.h"

typedef enum bmx_solver_status {
    BMX_SOLVER_OPTIMAL, /* certified gap <= the gap asked for */
    BMX_SOLVER_GAP      /* stopped earlier (time limit, stall); bounds are still valid */
} bmx_solver_status;

/* Why a merge occurs in no sample. */
typedef enum bmx_missing_class {
    BMX_MISSING_NEWLINE, /* its product has something behind a newline */
    BMX_MISSING_CUT,     /* the pre-tokenizer would cut its product */
    BMX_MISSING_UNSEEN   /* simply not in the samples */
} bmx_missing_class;

typedef struct bmx_missing_merge {
    uint32_t step;
    bmx_missing_class why;
    char *left, *right; /* display text, owned */
} bmx_missing_merge;

typedef struct bmx_worst_merge {
    uint32_t step;
    char *left, *right;             /* the merge, owned */
    char *rival_left, *rival_right; /* the pair rated highest at this step; NULL: none */
    double slack;                   /* v_t, fraction of pairs */
    double count, rival_count;      /* W of the merge and of the rival, fractions of pairs */
} bmx_worst_merge;

/* One solution of the linear program: which formulation, how good, what shares. */
typedef struct bmx_solution {
    bpemix_method method;
    bpemix_weights weights;
    bmx_solver_status status;
    double objective, lower_bound, gap; /* fractions of pairs; gap = (obj - lb) / obj, 0 when obj is 0 */
    uint64_t rows, rounds;              /* LP rows or cuts; rounds or oracle calls */
    double seconds;                     /* wall */
    double *share_pairs;                /* share_pairs[n_cats], sums to 1 */
    double *share_bytes;                /* share_bytes[n_cats] */
} bmx_solution;

struct bpemix_result {
    bpemix_share *share; /* share[n_cats]: the headline solution; names owned */
    size_t n_cats;
    bmx_solution main;
    bmx_solution *other; /* other[n_others]: reported beside it, e.g. unweighted */
    size_t n_others;
    uint32_t merge_from, merge_to; /* constrained steps are merge_from .. merge_to - 1 */
    uint32_t merges_used;          /* steps with a constraint */
    uint32_t merges_excluded;      /* flagged manual, repeated ...; not constrained */
    uint32_t merges_missing;       /* in no sample */
    bmx_missing_merge *missing;    /* missing[merges_missing] */
    double slack_merges, slack_pairs; /* sum v, sum u; fractions of pairs */
    double slack_relative;            /* (slack_merges + slack_pairs) / sum of theta */
    double slack_large;               /* share of used merges with v_t > theta_t / 2 */
    bmx_worst_merge *worst;           /* worst[n_worst], largest slack first, at most 20 */
    size_t n_worst;
    uint32_t folds;      /* left out one after the other, for the intervals; 0: none */
    double disagreement; /* largest |share_bytes - other share_bytes|; NaN without others */
    bmx_trace_category *cat; /* copy of the trace's: sizes and inputs */
    bmx_json *tokenizer, *count_options, *solve_options; /* owned */
    char **warning;
    size_t n_warnings, warnings_cap;
};

void bmx_result_free(bpemix_result *r);

/* As in JSON and on the command line; of a choice, not of a default left open. */
const char *bmx_method_name(bpemix_method m);
const char *bmx_weights_name(bpemix_weights w);

#endif
