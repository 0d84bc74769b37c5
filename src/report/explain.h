/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - what an estimate rests on, as text. */
#ifndef BMX_REPORT_EXPLAIN_H
#define BMX_REPORT_EXPLAIN_H

#include "base/mem.h"
#include "result/explain.h"

/* width: columns of the terminal; 0: 80. */
bpemix_status bmx_report_explanation(const bmx_explanation *x, int width, bmx_buf *out,
                                     bpemix_error *err);

#endif
