/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of comma-separated values. */
#include "test.h"

#include "base/csv.h"

static void fields_are_quoted_where_they_must_be(void **state)
{
    static const struct {
        const char *text;
        bool number;
        const char *field;
    } row[] = {
        { "", false, "" },
        { "plain text", false, "plain text" },
        { "a,b", false, "\"a,b\"" },
        { "say \"so\"", false, "\"say \"\"so\"\"\"" },
        { "two\nlines", false, "\"two\nlines\"" },
        { "=1+1", false, "\"'=1+1\"" },
        { "@x", false, "\"'@x\"" },
        { "-4.5", true, "-4.5" },
        { "-4.5", false, "\"'-4.5\"" },
        { "-4.00 +- 0.50", true, "\"'-4.00 +- 0.50\"" },
        { "a-b", false, "a-b" },
    };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        bmx_buf out = { 0 };

        CHECK_OK(bmx_csv_field(&out, row[i].text, row[i].number, &err));
        assert_true(bmx_slice_eq(bmx_slice_of(out.ptr, out.len), bmx_slice_str(row[i].field)));
        bmx_buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(fields_are_quoted_where_they_must_be) };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
