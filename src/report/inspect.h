/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect.h - what is known of a tokenizer file or a trace, as JSON and as text. */
#ifndef BMX_REPORT_INSPECT_H
#define BMX_REPORT_INSPECT_H

#include "tokenizer/tokenizer.h"

/* Either buffer may be NULL: not wanted. */
bpemix_status bmx_inspect(const char *path, const bpemix_load_opts *load, size_t list,
                          bmx_buf *json, bmx_buf *text, bpemix_error *err);

#endif
