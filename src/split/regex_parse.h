/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex_parse.h - shared by the files of the translator of patterns, a recursive-descent parser
 * that writes as it reads; what it keeps is in bmx_rx_parser.
 *
 *   regex_parse.c      characters and escapes in, text out, the first failure
 *   regex_class.c      properties, shorthands and [classes], as sets
 *   regex_translate.c  groups, atoms, quantifiers: the whole pattern
 *   regex_runs.c       what was written, made linear in long runs of a character
 *
 * Rules for what is written:
 *
 * R1  No capturing group is added, so that back-references keep their numbers.
 * R2  Of PCRE2's own escapes only \p, \P, \x{..}, \A, \z, \G, \g{..} and \k are used:
 *     \s \w \d \b \R ^ $ differ between the engines and are written out as sets, and any
 *     character at all is (?s:.).  Options m, s and x are resolved here; only i is passed on.
 * R3  Each atom is one unit for a quantifier behind it.
 * R4  Literals are emitted as letters, digits or \x{..}. */
#ifndef BMX_SPLIT_REGEX_PARSE_H
#define BMX_SPLIT_REGEX_PARSE_H

#include "split/regex.h"

/* Word characters.  Outside of classes Oniguruma looks the first 256 characters up in an older
 * table, which counts superscript digits and fractions among them. */
#define WORD_CLASS_ONIG "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}"
#define WORD_ONIG WORD_CLASS_ONIG "\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}"
#define WORD_RUST "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}"

/* Groups and classes inside of each other: the parser is recursive, and published patterns have
 * three. */
#define MAX_NESTING 200

typedef struct bmx_rx_flags {
    bool caseless, multiline, dotall, extended;
} bmx_rx_flags;

typedef struct bmx_rx_parser {
    const char *text;
    size_t len, pos;
    bmx_regex_flavor flavor;
    bmx_rx_flags f;
    bool named_groups; /* the pattern has some: plain groups capture nothing in Oniguruma */
    unsigned n_groups, nesting;
    uint32_t last_literal; /* previous atom of a caseless Oniguruma literal, 0: none */
    bpemix_status st;      /* the first failure; after it no function does anything */
    bpemix_error *err;
} bmx_rx_parser;

/* A set of characters under construction: [items] or any of the alternatives. */
typedef struct bmx_rx_set {
    bmx_buf items; /* inside of a positive class */
    bmx_buf alts;  /* "|expression|expression", each one character wide */
} bmx_rx_set;

bool bmx_rx_onig(const bmx_rx_parser *p);
/* Note the first failure: what at byte `at` of the pattern cannot be translated. */
void bmx_rx_refuse(bmx_rx_parser *p, size_t at, const char *what);
/* Append to what is emitted. */
void bmx_rx_put_n(bmx_rx_parser *p, bmx_buf *out, const char *s, size_t n);
void bmx_rx_put(bmx_rx_parser *p, bmx_buf *out, const char *s);
void bmx_rx_put_buf(bmx_rx_parser *p, bmx_buf *out, const bmx_buf *b);
void bmx_rx_put_char(bmx_rx_parser *p, bmx_buf *out, uint32_t cp);
/* Make one unit of what was put since `from` (R3). */
void bmx_rx_wrap(bmx_rx_parser *p, bmx_buf *out, size_t from);
bool bmx_rx_more(const bmx_rx_parser *p);
char bmx_rx_peek(const bmx_rx_parser *p);
bool bmx_rx_at_str(const bmx_rx_parser *p, const char *s);
bool bmx_rx_accept(bmx_rx_parser *p, const char *s);
uint32_t bmx_rx_take_char(bmx_rx_parser *p);
/* An escape that stands for one character: *cp.  False, and nothing is taken, for others; p->pos is
 * behind the backslash. */
bool bmx_rx_take_escaped_char(bmx_rx_parser *p, size_t at, bool in_class, uint32_t *cp);
void bmx_rx_set_release(bmx_rx_set *s);
/* \d, \w, \p{..} and their like, p->pos being behind the backslash; false: it is something else. */
bool bmx_rx_take_shorthand(bmx_rx_parser *p, bmx_rx_set *s, size_t at, bool in_class);
/* An expression one character wide; *flat: it is "[items]". */
void bmx_rx_put_set(bmx_rx_parser *p, bmx_buf *out, const bmx_rx_set *s, bool *flat);
/* Refuse a caseless literal whose folds Oniguruma and PCRE2 see differently. */
void bmx_rx_check_caseless(bmx_rx_parser *p, uint32_t cp, size_t at);
/* Add a class to *into: what is behind '[', up to and including ']'. */
void bmx_rx_parse_class(bmx_rx_parser *p, bmx_rx_set *into);
/* Rewrite a whole translation that would take quadratic time in long runs of a character. */
void bmx_rx_mend_runs(bmx_rx_parser *p, bmx_buf *out, bmx_regex_aheads *to);

#endif
