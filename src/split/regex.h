/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex.h - patterns of published tokenizers, run by PCRE2.
 *
 * Patterns are written for Oniguruma or for Rust's fancy-regex, which differ
 * from PCRE2 and from each other in many details.  A pattern is translated, or
 * refused with the construct and its offset when no exact translation exists.
 * regex.c is the only user of PCRE2. */
#ifndef BMX_SPLIT_REGEX_H
#define BMX_SPLIT_REGEX_H

#include "tokenizer/spec.h"

typedef struct bmx_regex bmx_regex;             /* compiled, immutable, shared by threads */
typedef struct bmx_regex_scratch bmx_regex_scratch; /* memory of one thread, for any regex */

/* Compile.  jit: use the just-in-time compiler where the library has one.
 * A literal pattern (is_regex false) matches itself; an empty one matches the
 * empty string everywhere. */
bpemix_status bmx_regex_new(const bmx_pattern *p, bool jit, bmx_regex **out, bpemix_error *err);
void bmx_regex_free(bmx_regex *re);

/* Look-aheads over a repetition, such as (?=(\d{3})+(?!\d)): do zero or more further rounds of
 * `length` times a unit end where the tail matches?  PCRE2 would go through the rest of a run of
 * units at each place where the pattern asks, so the pattern has callouts instead, and what was
 * found out about a run is remembered as long as the walk through the text is in it. */
enum { BMX_AHEADS = 2, BMX_AHEAD_LENGTH = 4 }; /* bounds what a cursor remembers */
typedef struct bmx_regex_ahead {
    bmx_slice unit;  /* an expression for exactly one character */
    unsigned length; /* 1 to BMX_AHEAD_LENGTH */
    bmx_slice tail;  /* an expression; empty: always matches */
} bmx_regex_ahead;
typedef struct bmx_regex_aheads {
    bmx_regex_ahead ahead[BMX_AHEADS]; /* ahead[n], of the callouts (?C1) to (?Cn) */
    size_t n;
    bmx_buf source; /* what their slices point into; owned */
} bmx_regex_aheads;

/* The same of a pattern in PCRE2's own syntax. */
bpemix_status bmx_regex_compile(bmx_slice text, const bmx_regex_aheads *aheads, bool jit,
                                bmx_regex **out, bpemix_error *err);

/* Does PCRE2 take this one?  For properties, which it knows or not. */
bool bmx_regex_compiles(const char *pattern);

bpemix_status bmx_regex_scratch_new(bmx_regex_scratch **out, bpemix_error *err);
void bmx_regex_scratch_free(bmx_regex_scratch *s);

/* What is known of a look-ahead in one run of its units.  Places are numbered modulo the length of
 * a round, from any place on; those of a number are a round apart from each other. */
typedef struct bmx_regex_run {
    size_t first, end;     /* the run, as far as it has been looked at */
    size_t at;             /* a place in it, */
    unsigned number;       /* and its number */
    struct {
        size_t from, good; /* by number: the first place from `from` on where the tail matches;
                              SIZE_MAX: there is none up to the end of the run */
    } next[BMX_AHEAD_LENGTH];
} bmx_regex_run;

/* Where a walk through the matches of one text stands.  Zero-initialize. */
typedef struct bmx_regex_cursor {
    size_t pos;        /* where the next search starts */
    size_t start, end; /* bounds of the last match, if there was any */
    bool any;
    bmx_regex_run run[BMX_AHEADS];
} bmx_regex_cursor;

/* The next match of well-formed text: *found, and its bounds in the cursor.  Empty matches
 * count, except directly behind the last match.  A text that PCRE2 cannot work through is an
 * error with the byte offset, never "no match". */
bpemix_status bmx_regex_next(const bmx_regex *re, bmx_regex_scratch *s, bmx_slice text,
                             bmx_regex_cursor *c, bool *found, bpemix_error *err);

#endif
