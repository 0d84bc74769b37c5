/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.h - the patterns of published pre-tokenizers, and what is known of each: the scanner
 * that carries it out, and what cutting a text does to its matches. */
#ifndef BMX_SPLIT_KNOWN_H
#define BMX_SPLIT_KNOWN_H

#include "split/cut.h"
#include "split/scan.h"

/* In sets of cuts (BMX_CUT_SPACE and so on).  cut.c and words/chunk_fit.c give the argument. */
typedef struct bmx_cut_facts {
    unsigned transparent; /* cuts that change nothing but the boundary itself */
    unsigned decisive;    /* of these: always a boundary of pre-tokens */
    bool gaps;            /* matches leave visible characters out, and what lies between two may
                             go across BMX_CUT_ANY_SPACE */
} bmx_cut_facts;

typedef struct bmx_known_pattern {
    const char *name; /* of a preset that it is of, or of its first users */
    const char *text; /* as it was published; a regular expression */
    bmx_scan_kind scan;
    bool fancy_only;  /* the scanner stands for it in fancy-regex alone: elsewhere {1,3}+ is not
                         possessive, or $ not the very end */
    bmx_cut_facts cuts;
} bmx_known_pattern;

/* The known pattern that p is, whether its characters are written as they are or as escapes, in
 * whichever tokenizer it is; NULL: none. */
const bmx_known_pattern *bmx_known_find(const bmx_pattern *p);

/* The scanner for this pattern, BMX_SCAN_NONE when there is none. */
bmx_scan_kind bmx_scan_find(const bmx_pattern *p);

/* The pattern that a scanner carries out (GPT2_DIGITS: behind the digits). */
const char *bmx_scan_pattern(bmx_scan_kind kind);

/* What is known of cuts and a Split step; nothing is allowed where nothing is known. */
bmx_cut_facts bmx_known_cuts(const bmx_pretokenizer_step *step);

#endif
