/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.h - where a long document may be cut without changing its pre-tokens.
 *
 * A cut at byte c of a document is exact when
 *
 *     pre-tokens(text) = pre-tokens(text[0, c)) followed by pre-tokens(text[c, end)).
 *
 * Two places are exact for the pipelines that cut.c recognizes:
 *
 *     S   before a space:     v | SP l       v visible: a letter or ASCII 21-7E
 *     N   behind a newline:   v LF | l       l a letter
 *
 * A letter here is one of a list that no recognized normalizer turns into
 * something that is not a letter; cut.c gives the argument, pattern by pattern. */
#ifndef BMX_SPLIT_CUT_H
#define BMX_SPLIT_CUT_H

#include "tokenizer/spec.h"

/* Sets of allowed cuts; 0: a document stays whole. */
enum {
    BMX_CUT_LINE = 1,   /* behind any newline: lines are units of their own */
    BMX_CUT_SPACE = 2,  /* S */
    BMX_CUT_NEWLINE = 4, /* N */
    /* cuts between chunks (words/chunk.h), which may later stand behind other text */
    BMX_CUT_ANY_SPACE = 8, /* before a space behind anything visible */
    BMX_CUT_MARK = 16      /* before a mark of Chinese or Japanese behind a letter */
};

/* The cuts that are exact for text that is processed a document at a time. */
unsigned bmx_cut_rules(const bmx_normalizer_spec *norm, const bmx_pretokenizer_spec *pre);

/* The last allowed cut in text at or behind `from`, 0 when there is none.  The text may go on
 * behind the end of the slice. */
size_t bmx_cut_find(unsigned cuts, bmx_slice text, size_t from);

#endif
