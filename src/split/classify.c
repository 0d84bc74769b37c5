/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "split/classify.h"
#include "split/unicode.h"

#include <pthread.h>

#define BMX_CPU plain
#include "split/classify_body.h"

#define N_FAMILIES 3 /* LINES has the classes of LETTERS */

static bmx_classes classes[N_FAMILIES];
static pthread_once_t classes_once = PTHREAD_ONCE_INIT;

uint8_t bmx_class_byte(uint32_t cp, bmx_family f)
{
    uint8_t c = bmx_unicode_class(cp);
    uint32_t category = BMX_BIT(c & BMX_CLASS_CATEGORY);
    const uint32_t upper = BMX_BIT(BMX_LU) | BMX_BIT(BMX_LT), lower = BMX_BIT(BMX_LL),
                   both = BMX_BIT(BMX_LM) | BMX_BIT(BMX_LO);
    uint8_t m = 0;

    if (c & BMX_CLASS_SPACE)
        return 1 << M_S;
    if (category & BMX_SET_N)
        return 1 << M_N;
    if (f == BMX_FAMILY_CASED) {
        m |= category & (upper | both | BMX_SET_M) ? 1 << M_UP : 0;
        m |= category & (lower | both | BMX_SET_M) ? 1 << M_LOW : 0;
        m |= category & BMX_SET_M ? 1 << M_MARK : 0;
    } else if (category &
               (upper | lower | both | (f == BMX_FAMILY_MARKS ? (uint32_t)BMX_SET_M : 0u))) {
        m |= 1 << M_L;
    }
    return m;
}

static bool all_are(bmx_family f, uint32_t from, uint32_t to, uint8_t c)
{
    for (uint32_t cp = from; cp <= to; cp++)
        if (classes[f].bmp[cp] != c)
            return false;
    return true;
}

static void fill_classes(void)
{
    for (bmx_family f = 0; f < N_FAMILIES; f++) {
        bool cased = f == BMX_FAMILY_CASED;
        uint8_t both = cased ? 1 << M_UP | 1 << M_LOW : 1 << M_L;

        for (uint32_t cp = 0; cp < 0x10000; cp++)
            classes[f].bmp[cp] = bmx_class_byte(cp, f);
        /* a later version of Unicode may classify them differently */
        classes[f].bulk =
            all_are(f, 0x4e00, 0x9fff, both) && all_are(f, 0xb000, 0xcfff, both) &&
            (cased ? all_are(f, 0x410, 0x42f, 1 << M_UP) && all_are(f, 0x430, 0x45f, 1 << M_LOW)
                   : all_are(f, 0x400, 0x47f, 1 << M_L));
    }
}

void bmx_classify(uint64_t *mask, const unsigned char *text, size_t base, size_t end, bmx_family f)
{
    static bmx_classify_fn *const classify[BMX_CPU_KINDS] = { bmx_classify_plain, bmx_classify_avx2,
                                                              bmx_classify_avx512 };
    const bmx_classes *c = &classes[f == BMX_FAMILY_LINES ? BMX_FAMILY_LETTERS : f];

    pthread_once(&classes_once, fill_classes);
    classify[bmx_cpu_kind()](c, mask, text, base, end, f);
}
