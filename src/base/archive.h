/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.h - a stretch of memory compressed with zstd, and back.  pack.c and the readers of
 * base/ are the only users of libarchive, which brings zstd along. */
#ifndef BMX_BASE_PACK_H
#define BMX_BASE_PACK_H

#include "base/mem.h"

/* Append `raw`, compressed as one zstd frame, to `out`.  level: 1 (fast) to 19 (small). */
bpemix_status bmx_pack(bmx_slice raw, int level, bmx_buf *out, bpemix_error *err);

/* Decompress into out[0 .. size), which is replaced.  E_FORMAT when `packed` is not a zstd
 * frame of exactly `size` bytes; never more memory than that is asked for. */
bpemix_status bmx_unpack(bmx_slice packed, size_t size, bmx_buf *out, bpemix_error *err);

#endif
