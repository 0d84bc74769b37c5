/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify.h - the certificate of a solution of the monotone program (certificate.h): multipliers
 * of the rows of the program, and what they prove. */
#ifndef BMX_DIAGNOSE_CERTIFY_H
#define BMX_DIAGNOSE_CERTIFY_H

#include "solve/estimate.h"

typedef struct bmx_certificate {
    bmx_row_weight *row; /* row[n]: those with a multiplier, merges first; the caller frees them */
    size_t n;
    double objective; /* slack of the solution, and the least that the rows prove of any mixture: */
    double bound;     /* per million, in the scale that it was solved in; NaN: no certificate */
} bmx_certificate;

/* Of e->best; e, which keeps what it has, must not have been solved again since.  There is none
 * where the solution came from the interior method (interior.h), which proves its bound by
 * multipliers at no mixture. */
bpemix_status bmx_certify(const bmx_estimate *e, bmx_certificate *out, bpemix_error *err);

#endif
