/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_replay - replay a long merge list over a million distinct words.
 *
 *   bench_replay [-t TOKENIZER] [-o JSON] [WORDS [CATEGORIES [MERGES [THREADS]]]]
 *
 * Words are strings of one to four tokens of the vocabulary, drawn about as
 * often as they would be in text, counts follow Zipf's law; a word is in each
 * category with probability 2 / (CATEGORIES + 1), at least in one.  They are in
 * byte order, as counted words are.  TOKENIZER
 * is GPT-2's from BPEMIX_TOKENIZERS unless named.  Prints CPU seconds, events
 * and megabytes; -o appends them to a file as a line of JSON. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/rng.h"
#include "replay/replay.h"
#include "tokenizer/tokenizer.h"
#include "words/file.h"

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double wall_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double peak_mb(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

static void die(const bpemix_error *err)
{
    char text[800];
    bpemix_error_text(err, text, sizeof text);
    fprintf(stderr, "bench_replay: %s\n", text);
    exit(1);
}

static void add(bmx_words *w, bmx_slice word, uint64_t n)
{
    uint32_t id;
    bool is_new;

    if (bmx_intern_add(&w->word, word, &id, &is_new, NULL) ||
        bmx_reserve(&w->count, &w->count_cap, id + 1, sizeof *w->count, NULL))
        abort();
    w->count[id] = (is_new ? 0 : w->count[id]) + n;
    w->pretokens += n;
    w->bytes += n * word.len;
}

/* As counting leaves them: in byte order, and so in memory. */
static void put_in_order(bmx_words *w)
{
    bmx_words *to = NULL;
    bmx_buf file = { 0 };
    bpemix_error err = { 0 };

    memset(w->key, '0', sizeof w->key - 1);
    if (bmx_words_write(w, 1, &file, &err) ||
        bmx_words_read("memory", bmx_slice_of(file.ptr, file.len), NULL, &to, &err))
        die(&err);
    bmx_buf_release(&file);
    bmx_words_release(w);
    *w = *to;
    bmx_free(to);
}

/* Different words of one to four tokens in some of the categories; returns their bytes. */
static size_t make_words(const bpemix_tokenizer *tok, bmx_words *cat, size_t n_cats, size_t n_words)
{
    bmx_intern seen = { 0 };
    bmx_rng rng = { 1 };
    bpemix_error err = { 0 };
    size_t bytes = 0;

    for (size_t made = 0; made < n_words;) {
        char word[512];
        size_t len = 0, n_tokens = 1 + bmx_rng_below(&rng, 4);
        bool is_new, placed = false;
        uint32_t id;

        for (size_t k = 0; k < n_tokens; k++) {
            /* token of rank r with probability about 1 / (r + 50) */
            double r = 50 * exp(bmx_rng_unit(&rng) * log((tok->trained.n_merges + 50) / 50.0)) - 50;
            bmx_slice s = bmx_product_text(tok, (uint32_t)r);

            if (s.len > 100 || (k && memchr(s.ptr, ' ', s.len)))
                continue;
            memcpy(word + len, s.ptr, s.len);
            len += s.len;
        }
        if (len < 2)
            continue;
        if (bmx_intern_add(&seen, bmx_slice_of(word, len), &id, &is_new, &err))
            die(&err);
        if (!is_new)
            continue;
        made++;
        bytes += len;
        for (size_t c = 0; c < n_cats; c++)
            if (bmx_rng_below(&rng, n_cats + 1) < 2 || (c + 1 == n_cats && !placed)) {
                add(&cat[c], bmx_slice_of(word, len), 1 + n_words / made);
                placed = true;
            }
    }
    bmx_intern_release(&seen);
    return bytes;
}

/* Writes the trace, frees it, and reads it back. */
static void bench_file(bpemix_trace *tr)
{
    bmx_buf file = { 0 };
    bpemix_error err = { 0 };
    double cpu = cpu_seconds();

    if (bmx_trace_write(tr, &file, &err))
        die(&err);
    printf("file: %.1f MB, written in %.2f s", (double)file.len / 1048576, cpu_seconds() - cpu);
    bpemix_trace_free(tr);
    cpu = cpu_seconds();
    if (bmx_trace_read("memory", bmx_slice_of(file.ptr, file.len), &tr, &err))
        die(&err);
    printf(", read in %.2f s CPU\n", cpu_seconds() - cpu);
    bpemix_trace_free(tr);
    bmx_buf_release(&file);
}

static int bench(int argc, char **argv, const char *tokenizer, const char *json)
{
    size_t n_words = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    size_t n_cats = argc > 2 ? strtoul(argv[2], NULL, 10) : 5;
    uint32_t n_merges = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 30000;
    unsigned n_threads = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1;
    const char *folder = getenv("BPEMIX_TOKENIZERS");
    bmx_words *cat = calloc(n_cats, sizeof *cat);
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *tr = NULL;
    bpemix_error err = { 0 };
    char path[4096];
    double cpu, wall, before;
    size_t bytes;

    if (!folder && !tokenizer) {
        puts("bench_replay: skipped, BPEMIX_TOKENIZERS is not set");
        return 0;
    }
    if (!tokenizer)
        snprintf(path, sizeof path, "%s/gpt-2/tokenizer.json.gz", folder);
    if (bmx_tokenizer_load(tokenizer ? tokenizer : path, NULL, &tok, &err))
        die(&err);
    for (size_t c = 0; c < n_cats; c++) {
        snprintf(path, sizeof path, "category %zu", c);
        cat[c].name = bmx_strdup(path);
    }
    bytes = make_words(tok, cat, n_cats, n_words);
    for (size_t c = 0; c < n_cats; c++)
        put_in_order(&cat[c]);
    before = peak_mb();
    cpu = cpu_seconds();
    wall = wall_seconds();
    if (bmx_replay(tok, cat, n_cats, &(bmx_replay_opts){ n_merges, n_threads, NULL }, &tr, &err))
        die(&err);
    cpu = cpu_seconds() - cpu;
    wall = wall_seconds() - wall;
    printf("words %zu (%.1f bytes), categories %zu, merges %u, threads %u\n", n_words,
           (double)bytes / (double)n_words, n_cats, tr->n_merges, n_threads);
    printf("replay: %.2f s CPU, %.2f s wall, %zu pairs, %" PRIu64 " events\n", cpu, wall,
           tr->n_pairs, tr->n_events);
    printf("memory: trace %.0f MB, peak of the replay %.0f MB above the words' %.0f MB\n",
           ((double)tr->n_events * sizeof *tr->event +
            (double)tr->n_pairs * (sizeof *tr->pair + sizeof *tr->first)) / 1048576,
           peak_mb() - before, before);
    if (json) {
        FILE *f = fopen(json, "a");
        if (!f || fprintf(f,
                          "{\"bench\":\"replay\",\"words\":%zu,\"categories\":%zu,\"merges\":%u,"
                          "\"threads\":%u,\"cpu_sec\":%.3f,\"wall_sec\":%.3f,\"pairs\":%zu,"
                          "\"events\":%" PRIu64 ",\"peak_mb\":%.0f}\n",
                          n_words, n_cats, tr->n_merges, n_threads, cpu, wall, tr->n_pairs,
                          tr->n_events, peak_mb()) < 0 || fclose(f))
            return perror(json), 1;
    }
    bench_file(tr);
    bpemix_tokenizer_free(tok);
    for (size_t c = 0; c < n_cats; c++)
        bmx_words_release(&cat[c]);
    free(cat);
    return 0;
}

int main(int argc, char **argv)
{
    const char *tokenizer = NULL, *json = NULL;

    for (; argc > 2 && argv[1][0] == '-'; argc -= 2, argv += 2)
        if (!strcmp(argv[1], "-t"))
            tokenizer = argv[2];
        else if (!strcmp(argv[1], "-o"))
            json = argv[2];
        else
            return fprintf(stderr, "bench_replay: no option %s\n", argv[1]), 2;
    return bench(argc, argv, tokenizer, json);
}
