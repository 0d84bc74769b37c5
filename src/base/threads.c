#include "base/threads.h"
#include "base/mem.h"

#include <pthread.h>
#include <unistd.h>

typedef struct pool {
    pthread_mutex_t lock;
    bmx_task_fn *fn;
    void *ctx;
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

unsigned bmx_thread_count(unsigned n_threads)
{
    long n = n_threads ? (long)n_threads : sysconf(_SC_NPROCESSORS_ONLN);
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
    /* the calling thread is worker 0; fewer threads than asked for only cost time */
    while (started + 1 < n &&
           pthread_create(&w[started + 1].thread, NULL, run, &w[started + 1]) == 0)
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
