/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.h - what a file of chunks, such as the panel, holds: what `bpemix panel` prints. */
#ifndef BMX_REPORT_PANEL_H
#define BMX_REPORT_PANEL_H

#include "base/mem.h"
#include "bpemix_text.h"

/* One row a category, in at most so many columns of the display where the first column of names has
 * room, and below it how the file at `path` was made.  category[t->n_categories]; E_NOMEM alone. */
bpemix_status bmx_report_panel(const char *path, const bpemix_chunk_terms *t,
                               const bpemix_chunk_category *category, int columns, bmx_buf *out,
                               bpemix_error *err);

#endif
