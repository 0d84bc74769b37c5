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
    unsigned decisive;    /* those of them that are always a boundary of pre-tokens */
    bool gaps;            /* matches do not cover all visible characters, and a gap between two
                             matches may go across BMX_CUT_ANY_SPACE */
} bmx_cut_facts;

typedef struct bmx_known_pattern {
    const char *name; /* the preset that uses it, or the tokenizer that used it first */
    const char *text; /* as it was published; a regular expression */
    bmx_scan_kind scan;
    bool fancy_only;  /* the scanner replaces it for fancy-regex only: elsewhere {1,3}+ is not
                         possessive, or $ is not the very end */
    bmx_cut_facts cuts;
} bmx_known_pattern;

/* The known pattern that p is, with its characters written as they are or as escapes; NULL: it is
 * not known. */
const bmx_known_pattern *bmx_known_find(const bmx_pattern *p);

/* The scanner for this pattern, BMX_SCAN_NONE when there is none. */
bmx_scan_kind bmx_scan_find(const bmx_pattern *p);

/* The pattern that a scanner carries out (GPT2_DIGITS: behind the digits). */
const char *bmx_scan_pattern(bmx_scan_kind kind);

/* The cuts that a Split step allows; none where nothing is known of its pattern. */
bmx_cut_facts bmx_known_cuts(const bmx_pretokenizer_step *step);

#endif
