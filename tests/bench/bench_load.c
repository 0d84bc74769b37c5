/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_load - CPU seconds of reading a tokenizer file.
 *
 *   bench_load [--runs N] FILE    prints the median of N loads (default 5)
 *
 * Loading is all that a command does before the first byte of text: reading,
 * decompressing, recovering merges, lineage and the description of the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tokenizer/tokenizer.h"
#include "bpemix.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    double took[101];
    int runs = 5, i = 1;

    if (argc > 2 && !strcmp(argv[1], "--runs")) {
        runs = atoi(argv[2]);
        i = 3;
    }
    if (i + 1 != argc || runs < 1 || runs > 101)
        return fprintf(stderr, "usage: bench_load [--runs N] FILE\n"), 2;
    for (int k = 0; k < runs; k++) {
        struct timespec from, to;
        bpemix_load_opts opts = { .pretokenizer = "gpt2" };
        bpemix_tokenizer *tok = NULL;
        bpemix_error err = { 0 };
        char text[800];

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        if (bmx_tokenizer_load(argv[i], &opts, &tok, &err)) {
            bpemix_error_text(&err, text, sizeof text);
            return fprintf(stderr, "bench_load: %s\n", text), 1;
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        bpemix_tokenizer_free(tok);
        took[k] = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    }
    qsort(took, (size_t)runs, sizeof *took, by_value);
    printf("%.4f\n", took[runs / 2]);
    return 0;
}
