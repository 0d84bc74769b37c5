/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim.h - the check of a claimed mixture, as text. */
#ifndef BMX_REPORT_CLAIM_H
#define BMX_REPORT_CLAIM_H

#include "base/mem.h"
#include "result/claim.h"

bpemix_status bmx_report_claim(const bmx_claim *c, int width, bmx_buf *out, bpemix_error *err);

#endif
