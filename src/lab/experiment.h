/* experiment.h - trials of known mixtures, one after the other. */
#ifndef BMX_LAB_EXPERIMENT_H
#define BMX_LAB_EXPERIMENT_H

#include "base/progress.h"
#include "lab/trial.h"

/* Another solution than the headline, and its error. */
typedef struct bmx_other_error {
    const char *method, *weights;
    double log10_mse;
} bmx_other_error;

typedef struct bmx_trial {
    bmx_mixture mixture;   /* the truth */
    double *estimate, *low, *high; /* each [n]: shares of bytes and their intervals */
    double log10_mse, log10_mse_uniform; /* of the estimate; of guessing that all are equal */
    bmx_other_error *other; /* other[n_others] */
    size_t n_others;
    double objective, gap;
    uint64_t intervals, covering; /* shares with an interval, and with one that holds the truth */
} bmx_trial;

typedef struct bmx_experiment_opts {
    bpemix_count_opts train_text; /* how training text is read */
    bpemix_count_opts count;      /* and samples */
    bpemix_solve_opts solve;
    const char *pretokenizer;     /* preset; NULL: gpt2 */
    uint32_t n_merges;
    uint64_t train_bytes;
    const double *share;          /* share[n], sums to 1: one trial; NULL: random ones */
    uint32_t trials;
    uint64_t seed;
    bmx_progress progress;        /* of trials */
} bmx_experiment_opts;

typedef struct bmx_experiment {
    bmx_trial *trial; /* trial[n_trials] */
    size_t n_trials;
    bmx_experiment_opts opts; /* those that were in force; texts are the caller's */
} bmx_experiment;

/* Train on mixtures of train[n], infer them from sample[n], the same categories. */
bpemix_status bmx_experiment_run(const bpemix_category *train, const bpemix_category *sample,
                                 size_t n, const bmx_experiment_opts *opts, bmx_experiment **out,
                                 bpemix_error *err);
void bmx_experiment_free(bmx_experiment *x);

/* Over all trials: the mean error; the share of covering intervals, NaN without intervals. */
double bmx_experiment_mean(const bmx_experiment *x);
double bmx_experiment_coverage(const bmx_experiment *x, uint64_t *covering, uint64_t *intervals);

#endif
