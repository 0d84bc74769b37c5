/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h - a field of comma-separated values. */
#ifndef BMX_BASE_CSV_H
#define BMX_BASE_CSV_H

#include "base/mem.h"

#include <stdbool.h>

/* Would a spreadsheet run it?  That is text which begins with = + - @ or a tab, unless it is in a
 * column of numbers and is one: "-4.00 +- 0.50" is none, and would be -4.5. */
bool bmx_csv_is_formula(const char *text, bool number);

/* Append text, quoted as RFC 4180 says where it has to be, and with an apostrophe in front of what
 * a spreadsheet would run. */
bpemix_status bmx_csv_field(bmx_buf *out, const char *text, bool number, bpemix_error *err);

#endif
