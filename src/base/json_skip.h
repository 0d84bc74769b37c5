/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_skip.h - checks and skips JSON text without recursion and without a tree: for records, of
 * which only the text is needed, and for values nested deeper than a parser follows.
 *
 * It accepts two things that a JSON library may refuse: U+0000, which a C string cannot hold, and
 * halves of surrogate pairs, which some writers escape and which become U+FFFD. */
#ifndef BMX_BASE_JSON_SKIP_H
#define BMX_BASE_JSON_SKIP_H

#include "base/mem.h"

/* Start as { .p, .end }; release `open`. */
typedef struct bmx_json_walk {
    const char *p, *end;
    bmx_buf open; /* '{' and '[' */
    bool nomem;
    const char *wrong; /* what is wrong, when it can be said better than "not valid JSON" */
} bmx_json_walk;

extern const char bmx_json_no_number[]; /* `wrong` of NaN and Infinity */

void bmx_json_skip_space(bmx_json_walk *s);

/* Step over c, if it is next. */
bool bmx_json_take(bmx_json_walk *s, char c);

/* Step over a string; its text is appended to out, unless that is NULL.  false: there is
 * none, or it is broken, or (s->nomem) memory is short; of one without an end, s->p is s->end. */
bool bmx_json_skip_string(bmx_json_walk *s, bmx_buf *out);

/* Step over one value of any depth.  false: as above. */
bool bmx_json_skip(bmx_json_walk *s);

#endif
