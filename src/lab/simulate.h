/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate.h - corpora drawn from documents: word counts, without any text.
 *
 * Simulated, a corpus of S bytes holds Poisson(S / base) copies of each document of a
 * category of `base` bytes, as if each were drawn anew from documents like it.  So the
 * noise is that of documents, not of words: the words of a document occur together.  Three
 * measures keep a base of megabytes from being recognizable in gigabytes:
 *
 *   S1  A word with c occurrences in the base has a rate of c times a random factor,
 *       Gamma(c + 1/2) / (c + 1/2), drawn once a trial: this breaks the ties of the base, and
 *       words that are rare in it are not exactly as rare in the corpus.
 *   S2  Counts are rounded at random, up or down by their fraction.
 *   S3  Words that are not in the base occur, too: in all as often as those that it has once
 *       (Good and Turing's estimate of what is unseen), with rates of Gamma(1/2).  They are
 *       made up from the rare words (corpus.h).
 *
 * Training text and samples of a trial share the rates; copies are drawn for each. */
#ifndef BMX_LAB_SIMULATE_H
#define BMX_LAB_SIMULATE_H

#include "base/rng.h"
#include "lab/corpus.h"

/* Counts of one draw from one category: word[n] rising, count[n] > 0. */
typedef struct bmx_lab_draw {
    uint32_t *word;
    uint64_t *count;
    size_t n, cap, count_cap;
    uint64_t bytes, documents, pretokens;
} bmx_lab_draw;
void bmx_lab_draw_release(bmx_lab_draw *d);

/* What one trial knows of a category, and scratch for its draws. */
typedef struct bmx_lab_population {
    const bmx_lab_category *cat;
    double *rate;      /* rate[n_vocabulary]: factors of S1; NULL: real documents */
    double *made_rate; /* made_rate[n_made]: S3 */
    double *weight;    /* weight[n_sources]: of documents, 0: not drawn from */
    uint64_t split;    /* real clusters: how this trial divides them; 0: as they are */
    double *sum;       /* sum[n_vocabulary]: all zero between draws */
} bmx_lab_population;

/* simulate: with S1 to S3; else documents are drawn as they are. */
bpemix_status bmx_lab_population_init(bmx_lab_population *p, const bmx_lab_corpus *c, size_t cat,
                                      bool simulate, bmx_rng *rng, bpemix_error *err);
void bmx_lab_population_release(bmx_lab_population *p);

typedef enum bmx_lab_noise { BMX_NOISE_DOCUMENTS, BMX_NOISE_WORDS } bmx_lab_noise;

/* Draw a corpus of about so many bytes.  BMX_NOISE_WORDS draws words one by one instead,
 * which makes any estimate look far better than it is.  `weight`, if not NULL, holds a
 * weight for each source. */
bpemix_status bmx_lab_simulate(bmx_lab_population *p, double bytes, const double *weight,
                               bmx_lab_noise noise, bmx_rng *rng, bmx_lab_draw *out,
                               bpemix_error *err);

/* Which documents bmx_lab_pick() takes. */
typedef struct bmx_lab_selection {
    const double *weight;   /* of each source; NULL: all alike */
    int half;               /* 0: those for training, 1: those for samples, 2: all */
    uint64_t seed;          /* of their random order */
    uint32_t fold, n_folds; /* every n_folds-th of them, from the fold-th on */
} bmx_lab_selection;

/* Documents as they are, in random order, up to so many bytes. */
bpemix_status bmx_lab_pick(bmx_lab_population *p, double bytes, const bmx_lab_selection *which,
                           bmx_lab_draw *out, bpemix_error *err);

/* Bytes that bmx_lab_pick() could take. */
uint64_t bmx_lab_available(const bmx_lab_population *p, const double *weight, int half);

/* Numbers with these distributions. */
double bmx_rng_gamma(bmx_rng *r, double shape); /* shape > 0, scale 1 */
uint64_t bmx_rng_poisson(bmx_rng *r, double mean);

#endif
