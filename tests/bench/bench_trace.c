/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_trace - solve real traces with both methods and several lengths.
 *
 *   bench_trace [--json FILE] [--time-limit SECONDS] [--lp-limit SECONDS]
 *               [--merges N,N,...] NAME=TRACE...
 *
 * Each solution is made in a process of its own, with one thread, the method's
 * own weights and its own gap; reading the trace is not counted, its memory
 * is.  Calls are oracle calls or rounds of the linear program. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "replay/trace.h"
#include "result/result.h"
#include "diagnose/answer.h"

typedef struct row {
    size_t n_cats;
    uint32_t merges;
    uint64_t calls, rows;
    double cpu, load_cpu, gap, objective, peak_mb;
    bool optimal, done;
} row;

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static _Noreturn void die(const bpemix_error *err)
{
    char text[800];
    bpemix_error_text(err, text, sizeof text);
    fprintf(stderr, "bench_trace: %s\n", text);
    exit(1);
}

static row solve(const char *path, uint32_t merges, bpemix_method method, double limit)
{
    bpemix_solve_opts opts = {
        .merge_to = merges, .method = method, .time_limit = limit, .n_threads = 1
    };
    bpemix_trace *tr = NULL;
    bpemix_result *res = NULL;
    bpemix_error err = { 0 };
    struct rusage u;
    row r = { .done = true };
    double from = cpu_seconds();

    if (bpemix_trace_load(&path, 1, &tr, &err))
        die(&err);
    r.load_cpu = cpu_seconds() - from;
    if (merges > tr->n_merges)
        opts.merge_to = tr->n_merges;
    from = cpu_seconds();
    if (bmx_solve(tr, &opts, &res, &err))
        die(&err);
    r.cpu = cpu_seconds() - from;
    r.n_cats = tr->n_cats;
    r.merges = opts.merge_to;
    r.calls = res->main.rounds;
    r.rows = res->main.rows;
    r.gap = res->main.gap;
    r.objective = res->main.objective;
    r.optimal = res->main.status == BMX_SOLVER_OPTIMAL;
    getrusage(RUSAGE_SELF, &u);
    r.peak_mb = (double)u.ru_maxrss * 1024 / 1e6;
    bpemix_result_free(res);
    bpemix_trace_free(tr);
    return r;
}

/* solve() in a child, so that the peak of memory is its own. */
static row solve_apart(const char *path, uint32_t merges, bpemix_method method, double limit)
{
    int fd[2], status;
    row r = { 0 };
    pid_t pid;

    fflush(stdout);
    if (pipe(fd) || (pid = fork()) < 0) {
        perror("bench_trace");
        exit(1);
    }
    if (pid == 0) {
        r = solve(path, merges, method, limit);
        _exit(write(fd[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 1);
    }
    close(fd[1]);
    if (read(fd[0], &r, sizeof r) != (ssize_t)sizeof r || !r.done)
        exit(1);
    close(fd[0]);
    waitpid(pid, &status, 0);
    return r;
}

static void report(const char *name, const char *method, const row *r, FILE *json)
{
    bmx_json *j;
    bmx_buf text = { 0 };

    printf("  %-14s %3zu %6u  %-9s %8.2f %7" PRIu64 " %8" PRIu64 "  %8.1e %-7s %6.0f\n", name,
           r->n_cats, r->merges, method, r->cpu, r->calls, r->rows, r->gap,
           r->optimal ? "optimal" : "gap", r->peak_mb);
    fflush(stdout);
    if (!json)
        return;
    j = bmx_json_object();
    bmx_json_put_str(j, "bench", "solve");
    bmx_json_put_str(j, "instance", name);
    bmx_json_put_uint(j, "categories", r->n_cats);
    bmx_json_put_uint(j, "merges", r->merges);
    bmx_json_put_str(j, "method", method);
    bmx_json_put_double(j, "cpu_sec", r->cpu);
    bmx_json_put_double(j, "load_cpu_sec", r->load_cpu);
    bmx_json_put_uint(j, "calls", r->calls);
    bmx_json_put_uint(j, "rows", r->rows);
    bmx_json_put_double(j, "gap", r->gap);
    bmx_json_put_str(j, "status", r->optimal ? "optimal" : "gap");
    bmx_json_put_double(j, "objective", r->objective);
    bmx_json_put_double(j, "peak_mb", r->peak_mb);
    if (bmx_json_print_compact(j, &text, NULL) || fwrite(text.ptr, 1, text.len, json) != text.len ||
        fputc('\n', json) == EOF || fflush(json))
        exit(1);
    bmx_buf_release(&text);
    bmx_json_free(j);
}

int main(int argc, char **argv)
{
    uint32_t merges[16];
    size_t n_merges = 0;
    const char *list = "1000,3000,10000,30000";
    double limit = 60, lp_limit = 0;
    FILE *json = NULL;
    int i = 1;

    for (; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2) {
        if (!strcmp(argv[i], "--json"))
            json = fopen(argv[i + 1], "a");
        else if (!strcmp(argv[i], "--time-limit"))
            limit = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--lp-limit"))
            lp_limit = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--merges"))
            list = argv[i + 1];
        else
            break;
    }
    for (const char *s = list; *s && n_merges < 16;) {
        char *end;
        merges[n_merges++] = (uint32_t)strtoul(s, &end, 10);
        s = *end == ',' ? end + 1 : end;
        if (s == end && *end)
            break;
    }
    if (i >= argc)
        return fprintf(stderr, "usage: bench_trace [options] NAME=TRACE...\n"), 2;
    printf("  %-14s %3s %6s  %-9s %8s %7s %8s  %8s %-7s %6s\n", "instance", "n", "T", "method",
           "CPU s", "calls", "rows", "gap", "status", "MB");
    for (; i < argc; i++) {
        char *path = strchr(argv[i], '=');
        if (!path)
            return fprintf(stderr, "bench_trace: %s: not NAME=TRACE\n", argv[i]), 2;
        *path++ = '\0';
        for (size_t k = 0; k < n_merges; k++) {
            row m = solve_apart(path, merges[k], BPEMIX_METHOD_MONOTONE, limit), l;
            report(argv[i], "monotone", &m, json);
            l = solve_apart(path, merges[k], BPEMIX_METHOD_LP, lp_limit > 0 ? lp_limit : limit);
            report(argv[i], "lp", &l, json);
            if (m.merges < merges[k])
                break; /* the list is shorter; longer ones would be the same */
        }
    }
    return json && fclose(json) ? 1 : 0;
}
