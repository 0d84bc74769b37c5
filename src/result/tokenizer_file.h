/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer_file.h - a tokenizer.json as `train` writes it: plain struct, and its text, which
 * tokenizer/tokenizer_json.c reads as any other. */
#ifndef BMX_RESULT_TOKENIZER_FILE_H
#define BMX_RESULT_TOKENIZER_FILE_H

#include "base/json.h"

/* A step of the pre-tokenizer in the terms of that format: what is of its kind is written. */
typedef enum bmx_file_step_kind {
    BMX_FILE_STEP_PLAIN, /* of the type alone */
    BMX_FILE_STEP_BYTE_LEVEL,
    BMX_FILE_STEP_SPLIT,
    BMX_FILE_STEP_DIGITS,
    BMX_FILE_STEP_PUNCTUATION,
    BMX_FILE_STEP_METASPACE
} bmx_file_step_kind;

typedef struct bmx_file_step {
    bmx_file_step_kind kind;
    const char *type;                      /* "Split", "Whitespace", ... */
    bool add_prefix_space, use_regex;      /* BYTE_LEVEL */
    bmx_slice pattern;                     /* SPLIT */
    bool is_regex, invert;                 /* SPLIT */
    const char *behavior;                  /* SPLIT, PUNCTUATION: "Isolated", ... */
    bool individual_digits;                /* DIGITS */
    char replacement[5];                   /* METASPACE */
    const char *prepend_scheme;            /* METASPACE: "always", ... */
    bool split;                            /* METASPACE */
} bmx_file_step;

/* Everything is borrowed. */
typedef struct bmx_tokenizer_file {
    bool copied;                           /* the two that follow stand for the steps */
    const bmx_json *normalizer, *pretokenizer; /* of another file, word for word; NULL: none */
    const bmx_file_step *step;             /* step[n_steps] */
    size_t n_steps;
    bool byte_level;                       /* tokens are spelled in the printable alphabet */
    const bmx_slice *token;                /* token[n_tokens], as spelled; the id is the index */
    size_t n_tokens;
    const uint32_t *left, *right;          /* left[n_merges], right[n_merges]: ids */
    uint32_t n_merges;
} bmx_tokenizer_file;

/* On failure nothing is added to out. */
bpemix_status bmx_tokenizer_file_write(const bmx_tokenizer_file *file, bmx_buf *out,
                                       bpemix_error *err);

#endif
