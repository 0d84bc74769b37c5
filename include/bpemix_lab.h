/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix_lab.h - the laboratory: tokenizers trained on known mixtures, and how well estimates
 * find these again.
 *
 * The rules at the top of bpemix.h hold here, too. */
#ifndef BPEMIX_LAB_H
#define BPEMIX_LAB_H

#ifndef BPEMIX_H
#error "include bpemix.h, which includes this"
#endif

/* ---- training ---------------------------------------------------------- */

typedef struct bpemix_train_opts {
    size_t size;
    const bpemix_count_opts *count; /* how text is read; max_bytes and folds do not count here */
    const char *pretokenizer;       /* preset, or a tokenizer file whose rules for text to follow;
                                       NULL: that of `extend`, else "gpt2" */
    uint32_t vocab_size;            /* tokens, the alphabet included; 0: 3256 */
    uint64_t train_bytes;           /* size of the training text; 0: as much as shares allow */
    const double *share;            /* share[n] of the training bytes, any sum; NULL: equal */
    const char *extend;             /* tokenizer file to go on from; NULL: none */
    const char *ties;               /* "hf", "sentencepiece", "length", "random"; NULL: as the
                                       trainer whose rules are followed */
    uint64_t seed;                  /* of random ties, and of rounding weighted counts */
    uint64_t min_frequency;         /* pairs that are rarer are not merged */
    uint32_t max_token_length;      /* characters, or bytes for a byte alphabet; 0: no limit */
    const char *trainer;            /* shell command to train with instead, with {text}, {vocab}
                                       and {out} for file, number and file; NULL: none */
    bool simulate;                  /* draw words of train_bytes, any number, from the documents at
                                       hand, as experiments do; no text is made */
} bpemix_train_opts;

/** A tokenizer that was trained here, and on what. */
typedef struct bpemix_training bpemix_training;

/** Draw documents of cats[n] by a mixture of bytes, or weigh counted words by it, and train a
 *  tokenizer: exact counts, the list that the Hugging Face trainer learns from the same text, or,
 *  by a SentencePiece model's rules, spm_train.
 *  @return those of bpemix_count(), or _E_USAGE (a vocabulary of 256 or less, shares that are
 *          negative or all 0, text that cannot be read twice without train_bytes) */
bpemix_status bpemix_train(const bpemix_category *cats, size_t n, const bpemix_train_opts *opts,
                           bpemix_training **out, bpemix_error *err);
void bpemix_training_free(bpemix_training *training);

/** The tokenizer.json, or SentencePiece model, terminated by a zero byte that does not count. */
bpemix_text bpemix_training_tokenizer(const bpemix_training *training);

typedef struct bpemix_training_info {
    size_t size;
    uint32_t merges, merges_asked; /* learned, which is less when the text had no more pairs, and
                                      asked for; both 0 when another trainer learned them */
    size_t n_categories;
    const uint64_t *bytes;         /* bytes[n_categories] that were drawn */
    const double *share;           /* share[n_categories] of all of them: the truth */
} bpemix_training_info;

void bpemix_training_get(const bpemix_training *training, bpemix_training_info *out);

/** What it was trained on as JSON, which names the tokenizer's `path`, and as a table. */
bpemix_status bpemix_training_json(const bpemix_training *training, const char *path, char **json,
                                   bpemix_error *err);
bpemix_status bpemix_training_print(const bpemix_training *training, char **text,
                                    bpemix_error *err);

/* ---- experiments ------------------------------------------------------- */

#define BPEMIX_ALL UINT64_MAX /* in lists of sizes and numbers: as much as there is */

/** Trials: known mixture in, error of the estimates out.  See bpemix-experiment(1). */
typedef struct bpemix_experiment_opts {
    size_t size;
    const bpemix_train_opts *train; /* pretokenizer, vocab_size, train_bytes, share (NULL: drawn for
                                       each trial), ties, and how text is read */
    uint64_t trials, seed;          /* 0 trials: 5 */
    bool simulate;                  /* draw corpora of any size from the documents at hand */
    const char *noise;              /* "documents", "words"; NULL: documents */
    const char *setting;            /* "alike", "shifted", "disjoint", "same"; NULL: alike */
    uint64_t cluster;               /* bytes of neighbouring documents to put together; 0: 120 kB of
                                       what looks like code when simulated, else single documents */
    uint64_t base_bytes;            /* to read of each half of a category; 0: all */
    const uint64_t *sample_bytes;   /* sample_bytes[n_sample_bytes] a category; NULL: all */
    size_t n_sample_bytes;
    const uint64_t *merges;         /* merges[n_merges] to constrain, 0: the default; NULL: that */
    size_t n_merges;
    const char *const *methods;     /* methods[n_methods]: "lp:none:pairs"; NULL: "monotone" */
    size_t n_methods;
    const char *baseline;           /* what the others are compared with; NULL: the first */
    const uint32_t *folds;          /* folds[n_folds] of each sample, for intervals; NULL: none */
    size_t n_folds;
    uint32_t inherit;               /* merges learned first, from another mixture */
    uint32_t shuffle;               /* window within which the order of merges is lost */
    const uint64_t *categories;     /* categories[n_categories] taken at random for each trial, one
                                       number or several; NULL, 0: all */
    size_t n_categories;
    size_t omit, extra;             /* not in the samples; not in the training text */
    const double *omit_shares;      /* omit_shares[n_omit_shares] of the training text; NULL, 0: as
                                       drawn */
    size_t n_omit_shares;
    double gap;                     /* to stop at; 0: 1e-4 */
    const char *const *journals;    /* journals[n_journals]: the first is written, all are read */
    size_t n_journals;
    uint64_t shard, n_shards;       /* trials k with k % n_shards == shard; 0 shards: all */
    const char *train_half, *sample_half; /* sub-folders of every category; NULL: "train", "sample"
                                           * if there are such; else, and with "all" for both,
                                           * documents are divided */
    bpemix_progress_fn *progress;   /* of trials; called from several threads, one at a time */
    void *progress_ctx;
    const char *groups;             /* of categories, as in bpemix_solve_opts, whose shares are
                                       compared as well; NULL: none */
    const char *groups_name;        /* of the file they are from, for messages */
    const char *panel;              /* file of chunks: merges in no sample are looked up in it, and
                                       whether the category that stands out is one that was left out
                                       is told; NULL: none */
} bpemix_experiment_opts;

/** Known mixtures and how they were estimated. */
typedef struct bpemix_experiment bpemix_experiment;

/** Run the trials that no journal has.  What comes out follows from options and text alone.
 *  @return those of bpemix_count() and bpemix_solve(), or _E_MISMATCH (a journal of other
 *          trials) */
bpemix_status bpemix_experiment_run(const bpemix_category *cats, size_t n,
                                    const bpemix_experiment_opts *opts, bpemix_experiment **out,
                                    bpemix_error *err);
void bpemix_experiment_free(bpemix_experiment *experiment);

/** All trials as JSON, as a table for people, and as CSV with a line for each trial and way of
 *  estimating. */
bpemix_status bpemix_experiment_json(const bpemix_experiment *experiment, char **json,
                                     bpemix_error *err);
bpemix_status bpemix_experiment_print(const bpemix_experiment *experiment, char **text,
                                      bpemix_error *err);
bpemix_status bpemix_experiment_csv(const bpemix_experiment *experiment, char **text,
                                    bpemix_error *err);

#endif
