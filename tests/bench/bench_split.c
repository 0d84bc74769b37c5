/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_split - how fast text is split: scanner, PCRE2 with JIT, interpreter.
 *
 *   bench_split [--json] [--seconds S] TEXT...
 *
 * Each TEXT is a file or a folder (its files one after the other, up to 16 MB,
 * handed over file by file).  Pre-tokens are only counted.  Rates are of CPU time of
 * one thread, the best of the runs that fit into S seconds (default 0.4). */
#include "base/folder.h"
#include "base/input.h"
#include "base/utf8.h"
#include "split/pretokenize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_BYTES ((size_t)16 << 20)

static const char *const presets[] = { "gpt2", "starcoder", "cl100k", "qwen", "qwen35", "o200k",
                                       "tekken" };
static const struct {
    const char *name;
    bmx_engine engine;
} engines[] = { { "scanner", BMX_ENGINE_AUTO }, { "jit", BMX_ENGINE_PCRE2 },
                { "interpreter", BMX_ENGINE_PCRE2_INTERPRETER } };

static void die(const bpemix_error *err)
{
    char text[800];
    bpemix_error_text(err, text, sizeof text);
    fprintf(stderr, "bench_split: %s\n", text);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct text {
    bmx_buf bytes;
    size_t *end; /* end[n] of each file */
    size_t n, cap;
} text;

static void add_file(text *t, const char *path)
{
    bpemix_error err = { 0 };
    bmx_buf b = { 0 };
    size_t n;

    if (bmx_read_file(path, 0, &b, &err))
        die(&err);
    n = bmx_utf8_valid_prefix(bmx_slice_of(b.ptr, b.len));
    if (bmx_buf_add(&t->bytes, b.ptr, n, &err) ||
        bmx_reserve(&t->end, &t->cap, t->n + 1, sizeof *t->end, &err))
        die(&err);
    t->end[t->n++] = t->bytes.len;
    bmx_buf_release(&b);
}

static void add_path(text *t, const char *path)
{
    bpemix_error err = { 0 };
    bmx_paths files = { 0 };

    if (bmx_path_kind_of(path) != BMX_PATH_FOLDER) {
        add_file(t, path);
        return;
    }
    if (bmx_list_files(path, &files, &err))
        die(&err);
    for (size_t i = 0; i < files.n && t->bytes.len < MAX_BYTES; i++)
        add_file(t, files.path[i]);
    bmx_paths_release(&files);
}

typedef struct tally {
    size_t pretokens, bytes;
} tally;

static bpemix_status count(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    tally *t = ctx;
    (void)err;
    t->pretokens++;
    t->bytes += pretoken.len;
    return BPEMIX_OK;
}

/* Bytes per CPU second, best run. */
static double rate(const char *preset, bmx_engine engine, const text *t, double seconds, tally *out)
{
    bpemix_error err = { 0 };
    bmx_pretokenizer_spec spec = { 0 };
    bmx_pretokenizer *p = NULL;
    bmx_pretokenizer_scratch *s = NULL;
    double best = 1e9, spent = 0;

    if (bmx_pretokenizer_preset(preset, &spec, &err) ||
        bmx_pretokenizer_new(&spec, true, engine, &p, &err) ||
        bmx_pretokenizer_scratch_new(p, &s, &err))
        die(&err);
    for (int run = 0; run < 3 || spent < seconds; run++) {
        double from = cpu_seconds(), took;
        *out = (tally){ 0 };
        for (size_t i = 0, at = 0; i < t->n; at = t->end[i++])
            if (bmx_pretokenize(p, s, bmx_slice_of(t->bytes.ptr + at, t->end[i] - at), count, out,
                                &err))
                die(&err);
        took = cpu_seconds() - from;
        spent += took;
        best = took < best ? took : best;
        if (run == 0 && took > seconds)
            break;
    }
    bmx_pretokenizer_scratch_free(s);
    bmx_pretokenizer_free(p);
    bmx_pretokenizer_spec_release(&spec);
    return (double)t->bytes.len / best;
}

/* For comparison: a pass over the bytes that does nearly nothing. */
static double copy_rate(const text *t, double seconds)
{
    char *to = malloc(t->bytes.len + 1);
    double best = 1e9, spent = 0;

    if (!to)
        abort();
    for (int run = 0; run < 3 || spent < seconds; run++) {
        double from = cpu_seconds(), took;
        memcpy(to, t->bytes.ptr, t->bytes.len);
        __asm__ volatile("" : : "r"(to) : "memory");
        took = cpu_seconds() - from;
        spent += took;
        best = took < best ? took : best;
    }
    free(to);
    return (double)t->bytes.len / best;
}

int main(int argc, char **argv)
{
    bool json = false;
    double seconds = 0.4;
    int i = 1;

    for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
        if (!strcmp(argv[i], "--json"))
            json = true;
        else if (!strcmp(argv[i], "--seconds") && i + 1 < argc)
            seconds = atof(argv[++i]);
        else
            break;
    }
    if (i >= argc || argv[i][0] == '-')
        return fprintf(stderr, "usage: bench_split [--json] [--seconds S] TEXT...\n"), 2;
    if (!json)
        printf("%-28s %-10s %9s %9s %9s %9s %7s %7s\n", "text", "pattern", "bytes/pt", "scanner",
               "jit",
               "interp.", "x jit", "x int.");
    for (; i < argc; i++) {
        text t = { 0 };
        const char *name = strlen(argv[i]) > 28 ? argv[i] + strlen(argv[i]) - 28 : argv[i];

        add_path(&t, argv[i]);
        if (t.bytes.len == 0)
            continue;
        for (size_t k = 0; k < sizeof presets / sizeof *presets; k++) {
            double r[3];
            tally n[3];
            for (int e = 0; e < 3; e++)
                r[e] = rate(presets[k], engines[e].engine, &t, seconds, &n[e]) / 1e6;
            if (n[0].pretokens != n[1].pretokens || n[1].pretokens != n[2].pretokens ||
                n[0].bytes != t.bytes.len)
                return fprintf(stderr, "bench_split: the engines do not agree\n"), 1;
            if (json) {
                for (int e = 0; e < 3; e++)
                    printf("{\"bench\":\"split\",\"text\":\"%s\",\"pattern\":\"%s\",\"engine\":\"%s\","
                           "\"bytes\":%zu,\"pretokens\":%zu,\"mb_per_cpu_sec\":%.1f}\n",
                           name, presets[k], engines[e].name, t.bytes.len, n[e].pretokens, r[e]);
            } else {
                printf("%-28s %-10s %9.2f %9.0f %9.0f %9.0f %7.1f %7.1f\n", name, presets[k],
                       (double)t.bytes.len / (double)n[0].pretokens, r[0], r[1], r[2], r[0] / r[1],
                       r[0] / r[2]);
            }
            fflush(stdout);
        }
        if (json)
            printf("{\"bench\":\"copy\",\"text\":\"%s\",\"bytes\":%zu,\"mb_per_cpu_sec\":%.1f}\n",
                   name, t.bytes.len, copy_rate(&t, seconds) / 1e6);
        else
            printf("%-28s %-10s %9s %9.0f\n", name, "memcpy", "", copy_rate(&t, seconds) / 1e6);
        bmx_buf_release(&t.bytes);
        bmx_free(t.end);
    }
    return 0;
}
