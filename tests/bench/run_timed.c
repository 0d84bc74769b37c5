/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_timed - run commands in turn, several times, and compare what they took.
 *
 *   run_timed [options] -- LABEL COMMAND [ARG...] [-- LABEL COMMAND [ARG...]]...
 *
 *     --runs N         rounds; each runs every command once (default 3)
 *     --memory MB      use so much memory and give it back before each run (default 0)
 *     --title TEXT     heading of the table
 *     --json FILE      add a line of JSON to FILE
 *     --bytes N        what each command reads; adds a column MB/s of CPU time
 *     --stdin FILE     standard input of every command (default /dev/null)
 *     --stdout FILE    standard output of the last command run (default /dev/null)
 *     --goal GOAL      "METRIC(LABEL) OP NUMBER" or
 *                      "METRIC(LABEL)/METRIC(LABEL) OP NUMBER", where METRIC is
 *                      cpu, wall (seconds) or peak (megabytes), OP is <= or >=;
 *                      with "least " before it, the least value of each command
 *                      is compared, in place of a median
 *
 * A machine that is busy or throttled slows neighbouring runs alike.  So the
 * commands alternate, each after the first is divided by the first of the same
 * round, and the median of these ratios is what is compared.  CPU time is user
 * plus system time of the command and of what it waited for.  Neighbours only ever add
 * to what a command takes: the least of its values is the one they disturbed least, and
 * a ratio of two of these is closer to what an idle machine would show.
 *
 * Where the host of a virtual machine takes free memory back, whoever uses it next
 * waits until it is there again: 3.5 ms a megabyte, for one command of a round and not
 * for another.  --memory MB lets nobody wait who uses less than that.
 *
 * A missed goal is reported and is no failure; a command that fails is one. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"

#define MAX_COMMANDS 16
#define MAX_GOALS 16
#define MAX_RUNS 101

enum { CPU, WALL, PEAK, METRICS };
static const char *const metric_name[METRICS] = { "cpu", "wall", "peak" };

typedef struct command {
    const char *label;
    char **argv;
    double value[METRICS][MAX_RUNS]; /* seconds, seconds, megabytes */
} command;

static command commands[MAX_COMMANDS];
static int n_commands, n_runs = 3;

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "run_timed: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
    exit(1);
}

static void redirect(const char *path, int flags, int to)
{
    int fd = open(path, flags, 0666);

    if (fd < 0 || dup2(fd, to) < 0) {
        perror(path);
        _exit(126);
    }
    close(fd);
}

/* In a process of its own, so that all of it is free again; in huge pages, as large
 * tables are, if there are any. */
static void use_memory(size_t bytes)
{
    int status;
    pid_t pid = fork();

    if (pid < 0)
        die("fork", NULL);
    if (pid == 0) {
        char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (p == MAP_FAILED)
            _exit(1);
#ifdef MADV_HUGEPAGE
        (void)madvise(p, bytes, MADV_HUGEPAGE);
#endif
        for (size_t i = 0; i < bytes; i += 4096)
            ((volatile char *)p)[i] = 1;
        _exit(0);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        die("no memory", NULL);
}

static void run(command *c, int round, size_t memory, const char *in, const char *out)
{
    struct timespec from, to;
    struct rusage u;
    int status;
    pid_t pid;

    fflush(stdout);
    if (memory)
        use_memory(memory);
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid = fork();
    if (pid < 0)
        die("fork", NULL);
    if (pid == 0) {
        redirect(in, O_RDONLY, 0);
        redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
        execvp(c->argv[0], c->argv);
        perror(c->argv[0]);
        _exit(127);
    }
    if (wait4(pid, &status, 0, &u) != pid)
        die("wait4", NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        die("a command failed", c->label);
    c->value[CPU][round] = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
    c->value[WALL][round] =
        (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    c->value[PEAK][round] = (double)u.ru_maxrss * 1024 / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of value[n_runs]; low and high may be NULL. */
static double median(const double *value, double *low, double *high)
{
    double v[MAX_RUNS];

    memcpy(v, value, (size_t)n_runs * sizeof *v);
    qsort(v, (size_t)n_runs, sizeof *v, by_value);
    if (low)
        *low = v[0];
    if (high)
        *high = v[n_runs - 1];
    return n_runs % 2 ? v[n_runs / 2] : (v[n_runs / 2 - 1] + v[n_runs / 2]) / 2;
}

/* Median of a's metric divided by b's, round by round; below the resolution of
 * the clock the ratio is not defined. */
static double ratio(const command *a, int ma, const command *b, int mb, double *low, double *high)
{
    double r[MAX_RUNS];

    for (int i = 0; i < n_runs; i++)
        r[i] = b->value[mb][i] > 0 ? a->value[ma][i] / b->value[mb][i] : NAN;
    return median(r, low, high);
}

/* "METRIC(LABEL)" at *s. */
static const command *operand(const char **s, int *metric)
{
    const char *open = strchr(*s, '('), *close = open ? strchr(open, ')') : NULL;

    if (!close)
        return NULL;
    for (*metric = 0; *metric < METRICS; ++*metric)
        if (strlen(metric_name[*metric]) == (size_t)(open - *s) &&
            !strncmp(*s, metric_name[*metric], (size_t)(open - *s)))
            break;
    for (int i = 0; i < n_commands && *metric < METRICS; i++)
        if (strlen(commands[i].label) == (size_t)(close - open - 1) &&
            !strncmp(commands[i].label, open + 1, (size_t)(close - open - 1))) {
            *s = close + 1;
            return &commands[i];
        }
    return NULL;
}

static double least(const command *c, int metric)
{
    double low;

    (void)median(c->value[metric], &low, NULL);
    return low;
}

static void check_goal(const char *goal, bmx_json *list)
{
    static const char prefix[] = "least ";
    bool of_least = !strncmp(goal, prefix, sizeof prefix - 1);
    const char *s = of_least ? goal + sizeof prefix - 1 : goal;
    const command *a, *b = NULL;
    int ma, mb = 0;
    double limit, value;
    bool most, met;
    char op[3];
    bmx_json *j;

    if (!(a = operand(&s, &ma)) || (*s == '/' && (s++, !(b = operand(&s, &mb)))) ||
        sscanf(s, " %2[<=>] %lf", op, &limit) != 2 || (strcmp(op, "<=") && strcmp(op, ">=")))
        die("no such goal", goal);
    most = op[0] == '<';
    if (of_least)
        value = least(a, ma) / (b ? least(b, mb) : 1);
    else
        value = b ? ratio(a, ma, b, mb, NULL, NULL) : median(a->value[ma], NULL, NULL);
    met = most ? value <= limit : value >= limit;
    printf("  goal %s: %.3g, %s\n", goal, value, met ? "met" : "MISSED");
    j = bmx_json_push(list, bmx_json_object());
    bmx_json_put_str(j, "goal", goal);
    bmx_json_put_double(j, "value", value);
    bmx_json_put_bool(j, "met", met);
}

static void put_values(bmx_json *j, const char *key, const double *v)
{
    bmx_json *list = bmx_json_put(j, key, bmx_json_array());
    for (int i = 0; i < n_runs; i++)
        bmx_json_push(list, bmx_json_new_double(v[i]));
}

static void put_command(bmx_json *list, const command *c, double bytes)
{
    bmx_json *j = bmx_json_push(list, bmx_json_object()), *argv;

    bmx_json_put_str(j, "label", c->label);
    argv = bmx_json_put(j, "command", bmx_json_array());
    for (char **a = c->argv; *a; a++)
        bmx_json_push(argv, bmx_json_new_str(*a));
    put_values(j, "cpu_sec", c->value[CPU]);
    put_values(j, "wall_sec", c->value[WALL]);
    put_values(j, "peak_mb", c->value[PEAK]);
    bmx_json_put_double(j, "cpu_sec_median", median(c->value[CPU], NULL, NULL));
    bmx_json_put_double(j, "wall_sec_median", median(c->value[WALL], NULL, NULL));
    if (bytes > 0)
        bmx_json_put_double(j, "mb_per_cpu_sec",
                            bytes / 1e6 / median(c->value[CPU], NULL, NULL));
    if (c != commands)
        for (int m = 0; m < METRICS; m++) {
            char key[40];
            snprintf(key, sizeof key, "%s_over_first", metric_name[m]);
            bmx_json_put_double(j, key, ratio(c, m, commands, m, NULL, NULL));
        }
}

static void table(double bytes)
{
    printf("  %-34s %9s %9s %8s", "", "CPU s", "wall s", "peak MB");
    printf(bytes > 0 ? " %7s" : "", "MB/s");
    printf(n_commands > 1 ? "  %s\n" : "\n", "CPU, wall over the first (range)");
    for (int i = 0; i < n_commands; i++) {
        const command *c = &commands[i];
        double cpu = median(c->value[CPU], NULL, NULL), low[2], high[2];

        printf("  %-34s %9.3f %9.3f %8.0f", c->label, cpu, median(c->value[WALL], NULL, NULL),
               median(c->value[PEAK], NULL, NULL));
        if (bytes > 0)
            printf(" %7.1f", bytes / 1e6 / cpu);
        if (i) {
            double rc = ratio(c, CPU, commands, CPU, &low[0], &high[0]);
            double rw = ratio(c, WALL, commands, WALL, &low[1], &high[1]);
            printf("  %.2f (%.2f-%.2f), %.2f (%.2f-%.2f)", rc, low[0], high[0], rw, low[1],
                   high[1]);
        }
        putchar('\n');
    }
}

/* Each command follows a "--"; argv[i] is the first. */
static void take_commands(int argc, char **argv, int i)
{
    for (; i < argc; i++) {
        command *c = &commands[n_commands];
        argv[i] = NULL;     /* ends the command before */
        if (i + 2 >= argc || n_commands == MAX_COMMANDS)
            die("usage: run_timed [options] -- LABEL COMMAND [ARG...] [-- ...]", NULL);
        c->label = argv[i + 1];
        c->argv = argv + i + 2;
        n_commands++;
        for (i += 2; i + 1 < argc && strcmp(argv[i + 1], "--");)
            i++;
    }
}

int main(int argc, char **argv)
{
    const char *title = NULL, *json = NULL, *in = "/dev/null", *out = "/dev/null";
    const char *goal[MAX_GOALS];
    int n_goals = 0, i = 1;
    double bytes = 0, memory = 0;
    bmx_json *doc, *list;
    bmx_buf text = { 0 };
    bpemix_error err = { 0 };

    for (; i + 1 < argc && strcmp(argv[i], "--"); i += 2) {
        const char *v = argv[i + 1];
        if (!strcmp(argv[i], "--runs"))
            n_runs = atoi(v);
        else if (!strcmp(argv[i], "--memory"))
            memory = atof(v) * 1e6;
        else if (!strcmp(argv[i], "--title"))
            title = v;
        else if (!strcmp(argv[i], "--json"))
            json = v;
        else if (!strcmp(argv[i], "--bytes"))
            bytes = atof(v);
        else if (!strcmp(argv[i], "--stdin"))
            in = v;
        else if (!strcmp(argv[i], "--stdout"))
            out = v;
        else if (!strcmp(argv[i], "--goal") && n_goals < MAX_GOALS)
            goal[n_goals++] = v;
        else
            die("unknown option", argv[i]);
    }
    take_commands(argc, argv, i);
    if (n_commands == 0 || n_runs < 1 || n_runs > MAX_RUNS)
        die("no commands, or no such number of runs", NULL);

    for (int round = 0; round < n_runs; round++)
        for (int k = 0; k < n_commands; k++)
            run(&commands[k], round, (size_t)memory, in, out);

    if (title)
        printf("%s\n", title);
    table(bytes);
    doc = bmx_json_object();
    bmx_json_put_str(doc, "title", title);
    if (bytes > 0)
        bmx_json_put_double(doc, "bytes", bytes);
    list = bmx_json_put(doc, "commands", bmx_json_array());
    for (int k = 0; k < n_commands; k++)
        put_command(list, &commands[k], bytes);
    list = bmx_json_put(doc, "goals", bmx_json_array());
    for (int k = 0; k < n_goals; k++)
        check_goal(goal[k], list);
    putchar('\n');
    if (bmx_json_print_compact(doc, &text, &err))
        die("no memory", NULL);
    if (json) {
        FILE *f = fopen(json, "a");
        if (!f || fwrite(text.ptr, 1, text.len, f) != text.len || fputc('\n', f) == EOF ||
            fclose(f))
            die("cannot write", json);
    }
    bmx_buf_release(&text);
    bmx_json_free(doc);
    return 0;
}
