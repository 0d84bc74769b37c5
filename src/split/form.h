/* SPDX-License-Identifier: GPL-3.0-or-later */
/* form.h - Unicode normalization forms of a text.  form.c is the only user of utf8proc. */
#ifndef BMX_SPLIT_FORM_H
#define BMX_SPLIT_FORM_H

#include "base/mem.h"

/* A character is inert when a form never changes it: its combining class is 0, it has no
 * decomposition, and it is never composed with a character before it. */
typedef struct bmx_form {
    int options;    /* of utf8proc */
    uint8_t *inert; /* bit set; owned */
} bmx_form;

bpemix_status bmx_form_init(bmx_form *f, bool compat, bool compose, bpemix_error *err);
void bmx_form_release(bmx_form *f);

/* *text becomes its form, in out if that is another text. */
bpemix_status bmx_form_run(const bmx_form *f, bmx_slice *text, bmx_buf *out, bpemix_error *err);

uint32_t bmx_char_lower(uint32_t cp);

/* Does a grapheme cluster end between these two?  *state: 0 at the start of the text. */
bool bmx_grapheme_break(uint32_t before, uint32_t cp, int32_t *state);

#endif
