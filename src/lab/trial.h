/* trial.h - known mixture in, error of the estimate out.
 *
 * A trial draws documents of every category's training half by a given mixture
 * of bytes, trains a tokenizer on them, infers the mixture from the sample
 * halves and compares (Hayase et al. 2024, section 4). */
#ifndef BMX_LAB_TRIAL_H
#define BMX_LAB_TRIAL_H

#include "lab/trained.h"
#include "result/result.h"

typedef struct bmx_mixture {
    char **name;       /* name[n] of the categories, owned */
    double *wanted;    /* wanted[n]: shares of bytes asked for */
    uint64_t *bytes;   /* bytes[n] of training text actually drawn */
    double *share;     /* share[n]: bytes / sum of bytes, the truth */
    size_t n;
    uint32_t n_merges; /* learned: fewer than asked for when no pair was left */
} bmx_mixture;
void bmx_mixture_release(bmx_mixture *m);

/* Draw about total_bytes (0: as much as the shares allow) of training text
 * from cats[n] by `wanted`, count its words under a preset pre-tokenizer, and
 * train n_merges merges.  *json is a tokenizer.json, owned by caller. */
bpemix_status bmx_trial_train(const bpemix_category *cats, size_t n, const double *wanted,
                              uint64_t total_bytes, const char *preset, uint32_t n_merges,
                              const bpemix_count_opts *opts, bmx_mixture *mixture, bmx_buf *json,
                              bpemix_error *err);

/* log10 of the mean squared error over n categories, the paper's measure;
 * -INFINITY when the estimate is exact. */
double bmx_log10_mse(const double *truth, const double *estimate, size_t n);

#endif
