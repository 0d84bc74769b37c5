/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pretokenize_steps.h - a compiled pre-tokenizer and the scratch of a thread: between
 * pretokenize_new.c, which makes them, and pretokenize.c, which carries them out. */
#ifndef BMX_SPLIT_PRETOKENIZE_STEPS_H
#define BMX_SPLIT_PRETOKENIZE_STEPS_H

#include "split/pretokenize.h"
#include "split/regex.h"
#include "tokenizer/match.h"

typedef struct bmx_compiled_step {
    bmx_pretokenizer_step s; /* its strings point into the fields below */
    bmx_regex *regex;        /* owned; NULL: none */
    bmx_scan_kind scan;      /* instead of regex */
    char delimiter[4];
    unsigned delimiter_len;
    bmx_matcher boundary;    /* strings that divide words, thousands in some vocabularies */
} bmx_compiled_step;

struct bmx_pretokenizer {
    bmx_compiled_step *step;
    size_t n;
    bool skip_last; /* the last step is a ByteLevel whose mapping would be undone at once */
    bool unmap;     /* pre-tokens arrive in the byte alphabet: map them back */
    char map[256][2];
    uint8_t map_len[256];
};

struct bmx_pretokenizer_scratch {
    bmx_regex_scratch *regex;
    bmx_buf *buf; /* buf[2 * n + 1]: two a step, and one for unmapping */
    size_t n_buf;
    bmx_scan_scratch *scan; /* scan[n] */
    size_t n_scan;
};

#endif
