/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every header of src/ in one file: names must not collide, and each must bring what it needs.
 * That it compiles is the test; all_headers.inc is made by the Makefile from what is there. */
#include "all_headers.inc"

#include "test.h"

static void the_public_header_is_first_among_them(void **state)
{
    (void)state;
    assert_string_equal(BPEMIX_VERSION, bpemix_version());
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_public_header_is_first_among_them) };
    return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
