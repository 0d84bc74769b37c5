/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_solve - the solvers on made-up languages (tests/synth.h).
 *
 *   bench_solve [--full] [--json FILE] [--limit SECONDS]
 *
 * Every row is one solution of one instance by one method, alone in a process:
 * CPU seconds of the solution, oracle calls or rounds, rows or cuts, certified
 * gap, and the most memory the process held, counts included.  --full goes up
 * to 116 categories and 30000 merges (about ten minutes). */
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "result/result.h"
#include "diagnose/answer.h"
#include "synth.h"

typedef struct row {
    double cpu_sec, gap, objective;
    uint64_t rounds, rows;
    long peak_kb;
    bool optimal;
} row;

static const struct method {
    const char *name;
    bpemix_method method;
    bpemix_weights weights;
    double gap;
} methods[] = {
    { "monotone 1e-5", BPEMIX_METHOD_MONOTONE, BPEMIX_WEIGHTS_NONE, 1e-5 },
    { "monotone 1e-6", BPEMIX_METHOD_MONOTONE, BPEMIX_WEIGHTS_NONE, 1e-6 },
    { "both fits 1e-6", BPEMIX_METHOD_MONOTONE, BPEMIX_WEIGHTS_QUARTER, 1e-6 },
    { "lp 1e-4", BPEMIX_METHOD_LP, BPEMIX_WEIGHTS_NONE, 1e-4 },
    { "lp 1e-6", BPEMIX_METHOD_LP, BPEMIX_WEIGHTS_NONE, 1e-6 },
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const bpemix_error *err)
{
    char text[800];
    bpemix_error_text(err, text, sizeof text);
    fprintf(stderr, "bench_solve: %s\n", text);
    exit(1);
}

static void make_instance(uint32_t n, uint32_t merges, const char *path)
{
    synth_opts o = { .n_cats = n, .n_words = merges > 3000 ? 40000 : 20000, .n_merges = merges,
                     .sample_words = 2000000, .train_words = 8000000 * (uint64_t)(1 + n / 10),
                     .burst = 0.3, .seed = 1 };
    bpemix_error err = { 0 };
    bpemix_trace *tr = synth_trace(&o, NULL);

    memset(tr->digest, '0', 64);
    if (bpemix_trace_save(tr, path, &err))
        die(&err);
}

static row solve(const char *path, const struct method *m, double limit)
{
    bpemix_error err = { 0 };
    bpemix_trace *tr;
    bpemix_result *r;
    struct rusage u;
    row out;

    if (bpemix_trace_load(&path, 1, &tr, &err))
        die(&err);
    out.cpu_sec = cpu_seconds();
    if (bmx_solve(tr, &(bpemix_solve_opts){ .no_ranges = true, .method = m->method,
                                            .weights = m->weights,
                                               .gap = m->gap, .merges_all = true,
                                               .time_limit = limit, .n_threads = 1 }, &r, &err))
        die(&err);
    out.cpu_sec = cpu_seconds() - out.cpu_sec;
    out.gap = r->main.gap;
    out.objective = r->main.objective;
    out.rounds = r->main.rounds;
    out.rows = r->main.rows;
    for (size_t k = 0; k < r->n_others; k++)
        out.rounds += r->other[k].rounds;
    out.optimal = r->main.status == BMX_SOLVER_OPTIMAL;
    getrusage(RUSAGE_SELF, &u);
    out.peak_kb = u.ru_maxrss;
    bpemix_result_free(r);
    bpemix_trace_free(tr);
    return out;
}

/* Run in a child, so that memory counts for one row alone.  m = NULL makes the
 * instance. */
static bool in_child(uint32_t n, uint32_t merges, const char *path, const struct method *m,
                     double limit, row *out)
{
    int ends[2], status;
    pid_t child;
    bool got;

    if (pipe(ends) || (child = fork()) < 0)
        return false;
    if (child == 0) {
        row r = { 0 };
        if (m)
            r = solve(path, m, limit);
        else
            make_instance(n, merges, path);
        _exit(write(ends[1], &r, sizeof r) != (ssize_t)sizeof r);
    }
    close(ends[1]);
    got = read(ends[0], out, sizeof *out) == (ssize_t)sizeof *out;
    close(ends[0]);
    return waitpid(child, &status, 0) == child && status == 0 && got;
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[][2] = { { 5, 1000 },   { 5, 3000 },    { 30, 1000 },
                                         { 30, 3000 },  { 116, 3000 },  { 5, 10000 },
                                         { 5, 30000 },  { 10, 10000 },  { 10, 30000 },
                                         { 30, 10000 }, { 30, 30000 },  { 116, 10000 },
                                         { 116, 30000 } };
    size_t n_sizes = 5;
    const char *json = NULL, *tmp = getenv("TMPDIR");
    double limit = 0;
    char path[4096];
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--full"))
            n_sizes = sizeof sizes / sizeof *sizes;
        else if (!strcmp(argv[i], "--json") && i + 1 < argc)
            json = argv[++i];
        else if (!strcmp(argv[i], "--limit") && i + 1 < argc)
            limit = atof(argv[++i]);
        else
            return fprintf(stderr, "bench_solve: no option %s\n", argv[i]), 2;
    }
    snprintf(path, sizeof path, "%s/bench_solve.%ld.trace", tmp ? tmp : "/tmp", (long)getpid());
    printf("%4s %6s  %-15s %9s %6s %7s %8s %8s\n", "n", "merges", "method", "CPU s", "calls",
           "rows", "gap", "peak MB");
    for (size_t k = 0; k < n_sizes && !failed; k++) {
        row r;
        failed |= !in_child(sizes[k][0], sizes[k][1], path, NULL, 0, &r);
        for (size_t m = 0; m < sizeof methods / sizeof *methods && !failed; m++) {
            if (methods[m].method == BPEMIX_METHOD_LP && methods[m].gap < 1e-4 &&
                sizes[k][1] > 3000)
                continue;
            if (!in_child(0, 0, path, &methods[m], limit, &r)) {
                failed = 1;
                break;
            }
            printf("%4u %6u  %-15s %9.2f %6" PRIu64 " %7" PRIu64 " %8.1e %8.0f%s\n", sizes[k][0],
                   sizes[k][1], methods[m].name, r.cpu_sec, r.rounds, r.rows, r.gap,
                   (double)r.peak_kb / 1024, r.optimal ? "" : "  (stopped)");
            fflush(stdout);
            if (json) {
                FILE *f = fopen(json, "a");
                if (!f || fprintf(f, "{\"bench\":\"solve\",\"categories\":%u,\"merges\":%u,"
                                     "\"method\":\"%s\",\"cpu_sec\":%.3f,\"calls\":%" PRIu64
                                     ",\"rows\":%" PRIu64 ",\"gap\":%.3e,\"objective\":%.12g,"
                                     "\"peak_mb\":%.1f,\"optimal\":%s}\n",
                                  sizes[k][0], sizes[k][1], methods[m].name, r.cpu_sec, r.rounds,
                                  r.rows, r.gap, r.objective, (double)r.peak_kb / 1024,
                                  r.optimal ? "true" : "false") < 0 || fclose(f)) {
                    perror(json);
                    failed = 1;
                }
            }
        }
    }
    unlink(path);
    return failed;
}
