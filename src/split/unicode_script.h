/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unicode_script.h - the Script property of a code point (Unicode 14.0). */
#ifndef BMX_SPLIT_UNICODE_SCRIPT_H
#define BMX_SPLIT_UNICODE_SCRIPT_H

#include <stdint.h>

enum {
    BMX_SCRIPT_UNKNOWN, BMX_SCRIPT_COMMON, BMX_SCRIPT_INHERITED, BMX_SCRIPT_HAN,
    BMX_SCRIPT_HIRAGANA, BMX_SCRIPT_KATAKANA, BMX_SCRIPT_LATIN
    /* further scripts have numbers, and names, of their own */
};

unsigned bmx_script_of(uint32_t code_point);
const char *bmx_script_name(unsigned script); /* "Latin", "Old_Italic"; static */
unsigned bmx_script_count(void);              /* scripts are 0 .. count - 1 */

#endif
