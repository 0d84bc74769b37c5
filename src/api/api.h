/* api.h - what the public functions share.
 *
 * The files of this folder alone define bpemix_* functions.  Each is a few lines: it checks
 * what a caller from outside may get wrong and calls the bmx_* function that does the work. */
#ifndef BMX_API_API_H
#define BMX_API_API_H

#include "base/json.h"

/* Print a document as a string of its own, freed with bpemix_free(). */
bpemix_status bmx_api_text(const bmx_json *doc, char **text, bpemix_error *err);

#endif
