/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infer.c - the whole pipeline through the public API.
 *
 *   cc -o infer infer.c $(pkg-config --cflags --libs bpemix)
 *   ./infer tokenizer.json english=texts/en german=texts/de code=texts/code
 *
 * Prints each category's share of the bytes the tokenizer was trained on, or its range where the
 * merges do not determine it, and how far the shares can be trusted. */
#include <bpemix.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    size_t n = argc > 2 ? (size_t)argc - 2 : 0;
    bpemix_category *cats = calloc(n + 1, sizeof *cats);
    const char **paths = calloc(n + 1, sizeof *paths);
    bpemix_solve_opts solve = { .size = sizeof solve, .merges_auto = true };
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *trace = NULL;
    bpemix_result *result = NULL;
    bpemix_error err;
    char text[1024];
    bpemix_fit fit = { .size = sizeof fit };
    int status = EXIT_FAILURE;

    if (n == 0 || !cats || !paths) {
        fprintf(stderr, "usage: infer TOKENIZER NAME=PATH...\n");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        char *equals = strchr(argv[i + 2], '=');
        if (!equals) {
            fprintf(stderr, "infer: %s: not NAME=PATH\n", argv[i + 2]);
            goto done;
        }
        *equals = '\0';
        paths[i] = equals + 1;
        cats[i] = (bpemix_category){ .name = argv[i + 2], .paths = &paths[i], .n_paths = 1 };
    }

    if (bpemix_tokenizer_load(argv[1], NULL, &tok, &err) ||   /* the merge list */
        bpemix_count(tok, cats, n, NULL, &trace, &err) ||     /* replayed on the samples */
        bpemix_solve(trace, &solve, &result, &err)) {         /* the linear program */
        bpemix_error_text(&err, text, sizeof text);
        fprintf(stderr, "infer: %s\n", text);
        goto done;
    }

    for (size_t i = 0; i < bpemix_result_categories(result); i++) {
        const bpemix_share *s = bpemix_result_share(result, i);
        bpemix_range range = s->range_outer_bytes; /* NaN with more than 300 categories */

        if (range.low <= range.high && !s->identified) /* the merges tell no more than this */
            printf("%-16s %7.3f .. %.3f %% of bytes\n", s->name, 100 * range.low,
                   100 * range.high);
        else
            printf("%-16s %7.3f %% of bytes\n", s->name, 100 * s->share_bytes);
    }
    bpemix_result_fit(result, &fit);
    printf("objective %.6g, within %.1e of the optimum; verdict: %s\n", fit.objective, fit.gap,
           fit.verdict);
    status = fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
done:
    bpemix_result_free(result);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    free(paths);
    free(cats);
    return status;
}
