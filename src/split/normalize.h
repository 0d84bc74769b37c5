/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalize.h - carry out a normalizer spec. */
#ifndef BMX_SPLIT_NORMALIZE_H
#define BMX_SPLIT_NORMALIZE_H

#include "tokenizer/spec.h"

typedef struct bmx_normalizer bmx_normalizer; /* compiled, immutable, shared by threads */

bpemix_status bmx_normalizer_new(const bmx_normalizer_spec *spec, bmx_normalizer **out,
                                 bpemix_error *err);
void bmx_normalizer_free(bmx_normalizer *n);

/* Does the normalizer leave every text unchanged? */
bool bmx_normalizer_is_identity(const bmx_normalizer *n);

/* Normalize one text unit of well-formed UTF-8.  *out points into `text` when
 * nothing changed, else into scratch[0] or scratch[1], which are overwritten and stay the
 * caller's (zero-initialize once, reuse, release with bmx_buf_release). */
bpemix_status bmx_normalize(const bmx_normalizer *n, bmx_slice text, bmx_buf scratch[2],
                            bmx_slice *out, bpemix_error *err);

#endif
