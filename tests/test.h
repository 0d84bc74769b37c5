/* SPDX-License-Identifier: GPL-3.0-or-later */
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

/* What a call does, a bpemix_status, when its k-th allocation fails, for k = 1, 2, ... until it
 * needs fewer: it ends in E_NOMEM, or, where it can do without some of its memory, as PCRE2
 * can, in OK; the last time in OK.  `cleanup` follows each, and can look at `status`, and at
 * `last`, which is true the last time.  It has to take `least` allocations. */
#define SURVIVES_SOME(least, call, cleanup)                                     \
    do {                                                                        \
        bool last = false;                                                      \
        for (long k_ = 1; !last; k_++) {                                        \
            bpemix_status status;                                               \
            bmx_mem_fail_at(k_);                                                \
            status = (call);                                                    \
            last = bmx_mem_fail_left() > 0;                                     \
            bmx_mem_fail_at(0);                                                 \
            if (status != BPEMIX_OK && (last || status != BPEMIX_E_NOMEM))      \
                fail_msg("%s: status %s at allocation %ld", #call,              \
                         bpemix_status_name(status), k_);                       \
            if (last && k_ <= (least))                                          \
                fail_msg("%s: no more than %ld allocations", #call, k_ - 1);    \
            cleanup;                                                            \
        }                                                                       \
    } while (0)

/* The same for a call that needs all of its memory. */
#define SURVIVES(least, call, cleanup)                                          \
    SURVIVES_SOME(least, call, {                                                \
        if (!last && !status)                                                   \
            fail_msg("%s: failed allocation %ld was not noticed", #call, k_);    \
        cleanup;                                                                \
    })

#endif
