/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "split/unicode_script.h"

#include <stddef.h>

#include "split/unicode_script.inc"

#define N_RANGES (sizeof script_ranges / sizeof *script_ranges)

unsigned bmx_script_of(uint32_t code_point)
{
    size_t low = 0, high = N_RANGES; /* the answer lies in [low, high) */

    if (code_point > 0x10ffff)
        return BMX_SCRIPT_UNKNOWN;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (script_ranges[mid].start <= code_point)
            low = mid;
        else
            high = mid;
    }
    return script_ranges[low].script;
}

unsigned bmx_script_count(void) { return sizeof script_names / sizeof *script_names; }

const char *bmx_script_name(unsigned script)
{
    return script < bmx_script_count() ? script_names[script] : "Unknown";
}
