/* test.h - cmocka with the few helpers every test file needs.
 *
 * A test file has static void functions taking (void **state) and a main()
 * that ends in `return cmocka_run_group_tests_name("module", tests, NULL, NULL);`. */
#ifndef BMX_TEST_H
#define BMX_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"

/* The call succeeds; prints the error text otherwise.  The call's last
 * argument must be &err of a local `bpemix_error err`. */
#define CHECK_OK(call)                                                        \
    do {                                                                      \
        bpemix_status st_ = (call);                                           \
        if (st_) {                                                            \
            char text_[800];                                                  \
            bpemix_error_text(&err, text_, sizeof text_);                     \
            fail_msg("%s: %s (%s)", #call, bpemix_status_name(st_), text_);   \
        }                                                                     \
    } while (0)

/* The call fails with this status and a message that contains `part`. */
#define CHECK_FAILS(call, status, part)                                        \
    do {                                                                       \
        char text_[800];                                                       \
        bpemix_status st_;                                                     \
        memset(&err, 0, sizeof err);                                           \
        st_ = (call);                                                          \
        bpemix_error_text(&err, text_, sizeof text_);                          \
        if (st_ != (status))                                                   \
            fail_msg("%s: status %s, not %s (%s)", #call,                      \
                     bpemix_status_name(st_), bpemix_status_name(status), text_); \
        if (!strstr(text_, part))                                              \
            fail_msg("%s: \"%s\" does not contain \"%s\"", #call, text_, part); \
    } while (0)

#endif
