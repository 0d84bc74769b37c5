/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threads.h - run numbered tasks on several threads. */
#ifndef BMX_BASE_THREADS_H
#define BMX_BASE_THREADS_H

#include "base/error.h"

/* One task.  `worker` is 0 .. n_threads-1 and never used by two tasks at once. */
typedef bpemix_status bmx_task_fn(void *ctx, size_t task, unsigned worker, bpemix_error *err);

/* Run tasks 0 .. n_tasks-1; each is started at most once, in rising order.
 * After a failure no further task starts; the error of the lowest failed task
 * is returned.  n_threads 0 means one per processor that the process may use. */
bpemix_status bmx_parallel(unsigned n_threads, size_t n_tasks, bmx_task_fn *fn, void *ctx,
                           bpemix_error *err);

/* n_threads itself, or the number of processors that the process may use when it is 0. */
unsigned bmx_thread_count(unsigned n_threads);

#endif
