/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalize_limit.h - how large text may become when it is normalized. */
#ifndef BMX_SPLIT_NORMALIZE_LIMIT_H
#define BMX_SPLIT_NORMALIZE_LIMIT_H

#include "base/error.h"

/* The largest size that a text of n bytes may become, and the error when it would be larger. */
size_t bmx_normalized_most(size_t n);
bpemix_status bmx_normalized_too_long(size_t most, bpemix_error *err);

#endif
