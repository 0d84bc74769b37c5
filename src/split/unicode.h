/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unicode.h - properties of single characters: category, white space, word.
 * (Scripts are in unicode_script.h.)
 *
 * The tables come from PCRE2 (gen/unicode_class.c), so that they agree with
 * patterns. */
#ifndef BMX_SPLIT_UNICODE_H
#define BMX_SPLIT_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum bmx_category {
    BMX_CN, BMX_LU, BMX_LL, BMX_LT, BMX_LM, BMX_LO, BMX_MN, BMX_MC, BMX_ME, BMX_ND,
    BMX_NL, BMX_NO, BMX_PC, BMX_PD, BMX_PS, BMX_PE, BMX_PI, BMX_PF, BMX_PO, BMX_SM,
    BMX_SC, BMX_SK, BMX_SO, BMX_ZS, BMX_ZL, BMX_ZP, BMX_CC, BMX_CF, BMX_CS, BMX_CO
} bmx_category;

/* Category in the low five bits, then the flags. */
enum { BMX_CLASS_CATEGORY = 31, BMX_CLASS_SPACE = 32, BMX_CLASS_WORD = 64 };

/* cp may be any number; above U+10FFFF everything is unassigned. */
uint8_t bmx_unicode_class(uint32_t cp);

/* Unicode version of the tables, "14.0.0". */
const char *bmx_unicode_version(void);

static inline bmx_category bmx_unicode_category(uint32_t cp)
{
    return (bmx_category)(bmx_unicode_class(cp) & BMX_CLASS_CATEGORY);
}

/* Category is one of a set: bmx_unicode_in(c, BMX_SET_N). */
#define BMX_BIT(category) (1u << (category))
enum {
    BMX_SET_M = BMX_BIT(BMX_MN) | BMX_BIT(BMX_MC) | BMX_BIT(BMX_ME),
    BMX_SET_N = BMX_BIT(BMX_ND) | BMX_BIT(BMX_NL) | BMX_BIT(BMX_NO),
    BMX_SET_P = BMX_BIT(BMX_PC) | BMX_BIT(BMX_PD) | BMX_BIT(BMX_PS) | BMX_BIT(BMX_PE) |
                BMX_BIT(BMX_PI) | BMX_BIT(BMX_PF) | BMX_BIT(BMX_PO)
};
static inline bool bmx_unicode_in(uint32_t cp, uint32_t set)
{
    return set >> bmx_unicode_category(cp) & 1;
}

/* The property White_Space. */
static inline bool bmx_unicode_is_space(uint32_t cp)
{
    return bmx_unicode_class(cp) & BMX_CLASS_SPACE;
}

#endif
