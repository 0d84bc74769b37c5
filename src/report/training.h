/* SPDX-License-Identifier: GPL-3.0-or-later */
/* training.h - what a tokenizer was trained on, as a table. */
#ifndef BMX_REPORT_TRAINING_H
#define BMX_REPORT_TRAINING_H

#include "lab/mixture.h"

bpemix_status bmx_training_table(const bmx_mixture *m, bmx_buf *out, bpemix_error *err);

#endif
