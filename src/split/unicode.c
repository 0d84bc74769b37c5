/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unicode.c - look-ups in the generated two-stage tables. */
#include "split/unicode.h"

#include "split/unicode_class.inc"

uint8_t bmx_unicode_class(uint32_t cp)
{
    return cp <= 0x10ffff ? class_block[class_page[cp >> 7]][cp & 127] : 0;
}

const char *bmx_unicode_version(void)
{
    return UNICODE_CLASS_VERSION;
}
