/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads may run where their creator may, and there are by default as many as that allows. */
#include "test.h"

#include "base/threads.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#define TASKS 64

typedef struct places {
    cpu_set_t creator;
    bool elsewhere[TASKS];
    bool done[TASKS];
} places;

static bpemix_status look(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    places *p = ctx;
    cpu_set_t here;

    (void)worker, (void)err;
    p->done[task] = true;
    p->elsewhere[task] = sched_getaffinity(0, sizeof here, &here) || !CPU_EQUAL(&here, &p->creator);
    return BPEMIX_OK;
}

static void check_places(unsigned n_threads)
{
    places p = { .done = { false } };
    bpemix_error err;

    assert_int_equal(sched_getaffinity(0, sizeof p.creator, &p.creator), 0);
    CHECK_OK(bmx_parallel(n_threads, TASKS, look, &p, &err));
    for (int i = 0; i < TASKS; i++) {
        assert_true(p.done[i]);
        assert_false(p.elsewhere[i]);
    }
}

static void threads_go_where_their_creator_may(void **state)
{
    cpu_set_t all, one;

    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    assert_int_equal(bmx_thread_count(0), CPU_COUNT(&all));
    assert_int_equal(bmx_thread_count(7), 7);
    check_places(4);
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
        if (CPU_ISSET(i, &all))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(bmx_thread_count(0), 1);
    check_places(4);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* Tasks of which several fail, the later the sooner. */
typedef struct failing {
    size_t fails[4], n;
    atomic_uint started[200];
} failing;

static bpemix_status fail_some(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    failing *f = ctx;

    assert_true(worker < 4);
    atomic_fetch_add(&f->started[task], 1);
    for (size_t i = 0; i < f->n; i++)
        if (f->fails[i] == task) {
            struct timespec nap = { 0, 20000000L * (long)(f->n - i) };
            nanosleep(&nap, NULL);
            return bmx_fail(err, BPEMIX_E_FORMAT, "", "task %zu", task);
        }
    return BPEMIX_OK;
}

/* The error is that of the first task in order, whichever failed first, and once one has
 * failed no other is begun. */
static void first_error_in_order(void **state)
{
    (void)state;
    for (unsigned n_threads = 1; n_threads <= 4; n_threads++) {
        failing f = { .fails = { 7, 8, 9, 10 }, .n = 4 };
        bpemix_error err;

        CHECK_FAILS(bmx_parallel(n_threads, 200, fail_some, &f, &err), BPEMIX_E_FORMAT, "task 7");
        for (size_t i = 0; i < 200; i++) {
            assert_true(f.started[i] <= 1);
            if (i <= 7)
                assert_int_equal(f.started[i], 1);
            if (n_threads == 1 && i > 7)
                assert_int_equal(f.started[i], 0);
        }
    }
}

static void every_task_once(void **state)
{
    failing f = { .n = 0 };
    bpemix_error err;
    (void)state;

    CHECK_OK(bmx_parallel(4, 200, fail_some, &f, &err));
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(f.started[i], 1);
    CHECK_OK(bmx_parallel(4, 0, fail_some, &f, &err));
    bmx_mem_fail_at(1);
    assert_int_equal(bmx_parallel(4, 200, fail_some, &f, &err), BPEMIX_E_NOMEM);
    bmx_mem_fail_at(0);
    assert_int_equal(f.started[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(threads_go_where_their_creator_may),
                                        cmocka_unit_test(first_error_in_order),
                                        cmocka_unit_test(every_task_once) };

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
