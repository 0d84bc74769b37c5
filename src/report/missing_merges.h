/* SPDX-License-Identifier: GPL-3.0-or-later */
/* missing_merges.h - what the table of an estimate lists of merges in no sample. */
#ifndef BMX_REPORT_MISSING_MERGES_H
#define BMX_REPORT_MISSING_MERGES_H

#include "report/sink.h"
#include "result/result.h"

/* By kind, by category of the panel, and `list` of them one by one; lines of text have at most
 * `text` columns, tables `width`. */
void bmx_report_missing(bmx_sink *s, const bpemix_result *r, size_t list, int width, int text);

#endif
