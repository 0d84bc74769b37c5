/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api.h - what the public functions share.
 *
 * The files of this folder alone define bpemix_* functions.  Each is a few lines: it checks
 * what a caller from outside may get wrong and calls the bmx_* function that does the work. */
#ifndef BMX_API_API_H
#define BMX_API_API_H

#include "base/json.h"

/* Copy a caller's options into ours, which are `size` bytes: a caller compiled with an older,
 * shorter struct gets defaults for the rest; a newer one may have set nothing that is not known
 * here.  NULL: all defaults.  The first member of both is their size. */
bpemix_status bmx_api_opts(const void *from, void *to, size_t size, bpemix_error *err);
#define BMX_API_OPTS(from, to, err) bmx_api_opts(from, to, sizeof *(to), err)

/* The other way: fill a caller's struct, as far as it reaches. */
void bmx_api_fill(void *out, const void *from, size_t size);

/* Print a document as a string of its own, and hand over a buffer as one; both are freed with
 * bpemix_free().  The buffer is emptied. */
bpemix_status bmx_api_json(const bmx_json *doc, char **text, bpemix_error *err);
bpemix_status bmx_api_text(bmx_buf *buf, char **text, bpemix_error *err);

#endif
