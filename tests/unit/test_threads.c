/* Threads may run where their creator may, and there are by default as many as that allows. */
#include "test.h"

#include "base/threads.h"

#include <sched.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(threads_go_where_their_creator_may) };

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
