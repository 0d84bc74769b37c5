/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mixture.h - a tokenizer trained on the text of categories, mixed as asked. */
#ifndef BMX_LAB_MIXTURE_H
#define BMX_LAB_MIXTURE_H

#include "bpemix.h"
#include "lab/trained.h"

/* What it was trained on. */
typedef struct bmx_mixture {
    char **name;          /* name[n] of the categories */
    uint64_t *bytes;      /* bytes[n] of training text drawn */
    double *share;        /* share[n]: bytes / sum of bytes, the truth */
    size_t n;
    uint32_t n_merges;    /* learned: fewer than asked for when no pair was left */
    uint32_t n_asked;     /* both 0 when another trainer learned them */
} bmx_mixture;
void bmx_mixture_release(bmx_mixture *m);

/* Draw text by opts->share[n], which sum to 1, or weigh counted words by them, and train.
 * *tokenizer is the file, owned by caller. */
bpemix_status bmx_mixture_train(const bpemix_category *cats, size_t n,
                                const bpemix_train_opts *opts, const bpemix_count_opts *count,
                                bmx_mixture *out, bmx_buf *tokenizer, bpemix_error *err);

#endif
