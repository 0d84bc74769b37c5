/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api.h - what the public functions share.
 *
 * The files of this folder alone define bpemix_* functions.  Each is a few lines: it checks
 * what a caller from outside may get wrong and calls the bmx_* function that does the work. */
#ifndef BMX_API_API_H
#define BMX_API_API_H

#include "base/json.h"
#include "result/result.h"

/* Entries of a kind that inspect, explain and report list unless told otherwise. */
#define BMX_API_LIST 5

/* Copy a caller's options into ours, which are `size` bytes: a caller compiled with an older,
 * shorter struct gets defaults for the rest; a newer one may have set nothing that is not known
 * here.  NULL: all defaults.  The first member of both is their size. */
bpemix_status bmx_api_opts(const void *from, void *to, size_t size, bpemix_error *err);
#define BMX_API_OPTS(from, to, err) bmx_api_opts(from, to, sizeof *(to), err)

/* The other way: fill a caller's struct, as far as it reaches. */
void bmx_api_fill(void *out, const void *from, size_t size);

/* The unit that was asked for; BPEMIX_UNIT_DEFAULT, or none that there is: `otherwise`. */
bmx_unit bmx_api_unit(bpemix_unit asked, bmx_unit otherwise);

/* Print a document as a string of its own, and hand over a buffer as one; both are freed with
 * bpemix_free().  The buffer is emptied. */
bpemix_status bmx_api_json(const bmx_json *doc, char **text, bpemix_error *err);
bpemix_status bmx_api_text(bmx_buf *buf, char **text, bpemix_error *err);

/* The end of a function that hands out two strings, of which NULL stands for one that is not
 * wanted: both or, when st is a failure or memory is out, none.  The buffers are emptied. */
bpemix_status bmx_api_both(bpemix_status st, bmx_buf *as_json, char **json, bmx_buf *as_text,
                           char **text, bpemix_error *err);

#endif
