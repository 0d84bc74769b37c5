/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/threads.h"
#include "base/cancel.h"
#include "base/mem.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

/* ---- processors ----
 *
 * A process that has just been started gets its second thread on the processor that it
 * is on itself, half of the time, although another is idle, and both stay there for two
 * clock ticks: 8 ms of 350, where two threads count 300 MB.  So a thread starts on any
 * processor but its creator's; from then on it may go wherever its creator may. */

#if defined __linux__ && defined __GLIBC__

typedef cpu_set_t processors;

/* Processors in this thread's affinity mask; 0 if unknown. */
static unsigned allowed(processors *set)
{
    return sched_getaffinity(0, sizeof *set, set) ? 0 : (unsigned)CPU_COUNT(set);
}

static int create(pthread_t *thread, const processors *set, unsigned n, void *(*fn)(void *),
                  void *arg)
{
    processors others = *set;
    int here = n > 1 ? sched_getcpu() : -1, failed = 1;
    pthread_attr_t attr;

    if (here >= 0 && here < CPU_SETSIZE && !pthread_attr_init(&attr)) {
        CPU_CLR((size_t)here, &others);
        failed = pthread_attr_setaffinity_np(&attr, sizeof others, &others) ||
                 pthread_create(thread, &attr, fn, arg);
        pthread_attr_destroy(&attr);
    }
    return failed ? pthread_create(thread, NULL, fn, arg) : 0;
}

static void settle(const processors *set, unsigned n)
{
    if (n > 1)
        (void)sched_setaffinity(0, sizeof *set, set);
}

#else

typedef char processors;

static unsigned allowed(processors *set)
{
    *set = 0;
    return 0;
}

static int create(pthread_t *thread, const processors *set, unsigned n, void *(*fn)(void *),
                  void *arg)
{
    (void)set, (void)n;
    return pthread_create(thread, NULL, fn, arg);
}

static void settle(const processors *set, unsigned n) { (void)set, (void)n; }

#endif

/* ---- tasks ---- */

typedef struct pool {
    pthread_mutex_t lock;
    bmx_task_fn *fn;
    void *ctx;
    processors allowed;
    unsigned n_allowed;
    size_t next, n_tasks, failed_task;
    bpemix_status status;
    bpemix_error error;
} pool;

typedef struct worker {
    pool *pool;
    unsigned index;
    pthread_t thread;
} worker;

static void *run(void *arg)
{
    worker *w = arg;
    pool *p = w->pool;

    for (;;) {
        bpemix_error err = { 0 };
        bpemix_status st;
        size_t task;

        pthread_mutex_lock(&p->lock);
        task = p->status ? p->n_tasks : p->next;
        if (task < p->n_tasks)
            p->next++;
        pthread_mutex_unlock(&p->lock);
        if (task >= p->n_tasks)
            return NULL;
        st = bmx_check_cancel(&err);
        if (!st)
            st = p->fn(p->ctx, task, w->index, &err);
        if (st) {
            pthread_mutex_lock(&p->lock);
            if (!p->status || task < p->failed_task) {
                p->status = st;
                p->failed_task = task;
                p->error = err;
            }
            pthread_mutex_unlock(&p->lock);
        }
    }
}

static void *start(void *arg)
{
    worker *w = arg;

    settle(&w->pool->allowed, w->pool->n_allowed);
    return run(arg);
}

unsigned bmx_thread_count(unsigned n_threads)
{
    processors set;
    long n = n_threads ? n_threads : allowed(&set);

    if (n < 1)
        n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 1024 ? 1024 : (unsigned)n;
}

bpemix_status bmx_parallel(unsigned n_threads, size_t n_tasks, bmx_task_fn *fn, void *ctx,
                           bpemix_error *err)
{
    pool p = { .fn = fn, .ctx = ctx, .n_tasks = n_tasks };
    unsigned n = bmx_thread_count(n_threads), started = 0;
    worker *w;

    if (n > n_tasks)
        n = n_tasks ? (unsigned)n_tasks : 1;
    if (!(w = bmx_calloc(n, sizeof *w)))
        return bmx_nomem(err);
    pthread_mutex_init(&p.lock, NULL);
    for (unsigned i = 0; i < n; i++)
        w[i] = (worker){ .pool = &p, .index = i };
    /* the calling thread is worker 0; if fewer threads can be started, it only takes longer */
    if (n > 1)
        p.n_allowed = allowed(&p.allowed);
    while (started + 1 < n && create(&w[started + 1].thread, &p.allowed, p.n_allowed, start,
                                     &w[started + 1]) == 0)
        started++;
    run(&w[0]);
    for (unsigned i = 0; i < started; i++)
        pthread_join(w[i + 1].thread, NULL);
    pthread_mutex_destroy(&p.lock);
    bmx_free(w);
    if (p.status && err)
        *err = p.error;
    return p.status;
}
