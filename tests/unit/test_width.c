/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of characters on a terminal, against those of the C library. */
#include "base/utf8.h"
#include "report/report.h"
#include "split/unicode.h"
#include "test.h"

#include <locale.h>
#include <wchar.h>

#define LAST 0x10ffff

static void widths_are_those_of_the_c_library(void **state)
{
    size_t compared = 0;

    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    for (uint32_t c = 0x20; c <= LAST; c++) {
        char text[5] = "";
        int width = wcwidth((wchar_t)c);

        if ((c >= 0xd800 && c <= 0xdfff) || bmx_utf8_is_control(c) || width < 0 ||
            bmx_unicode_category(c) == BMX_CN)
            continue; /* not assigned, in one of the two versions of Unicode */
        bmx_utf8_encode(c, text);
        if (bmx_report_width(text) != width)
            fail_msg("U+%04X: %d, and not %d", (unsigned)c, bmx_report_width(text), width);
        compared++;
    }
    assert_true(compared > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
