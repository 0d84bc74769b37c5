/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dump_trace - write a trace as plain text for other programs to read.
 *
 * dump_trace FILE.trace            for tests/peers/highs.py:
 *   cats N              then N lines    pairs-before-any-merge
 *   merges T            then T lines    pair flags           pair -1: none
 *   pairs P             then P lines    end merged_at n      -1: never
 *                       each with n lines behind it   step cat delta
 *
 * dump_trace FILE.trace STEPS      for tests/peers/recount.mjs, one line a pair:
 *   hex(left) hex(right) step:cat:delta ...     steps up to STEPS */
#include "replay/trace.h"

#include <stdio.h>
#include <stdlib.h>

static long long or_none(uint32_t v) { return v == BMX_NONE ? -1 : (long long)v; }

static void dump_problem(const bpemix_trace *tr)
{
    printf("cats %zu\n", tr->n_cats);
    for (size_t i = 0; i < tr->n_cats; i++)
        printf("%llu\n", (unsigned long long)tr->cat[i].pairs);
    printf("merges %u\n", tr->n_merges);
    for (uint32_t t = 0; t < tr->n_merges; t++)
        printf("%lld %u\n", or_none(tr->merge_pair[t]),
               tr->merge[t].flags & (BMX_MERGE_REPEATED | BMX_MERGE_MANUAL | BMX_MERGE_UNKNOWN |
                                     BMX_MERGE_UNTRUE));
    printf("pairs %zu\n", tr->n_pairs);
    for (size_t p = 0; p < tr->n_pairs; p++) {
        printf("%lld %lld %llu\n", or_none(tr->pair[p].end), or_none(tr->pair[p].merged_at),
               (unsigned long long)(tr->first[p + 1] - tr->first[p]));
        for (uint64_t e = tr->first[p]; e < tr->first[p + 1]; e++)
            printf("%u %u %lld\n", tr->event[e].step, tr->event[e].cat,
                   (long long)tr->event[e].delta);
    }
}

static void print_symbol(const bpemix_trace *tr, uint32_t symbol)
{
    char buf[64];
    bmx_slice text = bmx_trace_symbol_text(tr, symbol, buf);

    for (size_t i = 0; i < text.len; i++)
        printf("%02x", (unsigned char)text.ptr[i]);
}

static void dump_pairs(const bpemix_trace *tr, uint32_t steps)
{
    for (size_t p = 0; p < tr->n_pairs; p++) {
        if (tr->event[tr->first[p]].step > steps)
            continue;
        print_symbol(tr, tr->pair[p].left);
        putchar(' ');
        print_symbol(tr, tr->pair[p].right);
        for (uint64_t e = tr->first[p]; e < tr->first[p + 1] && tr->event[e].step <= steps; e++)
            printf(" %u:%u:%lld", tr->event[e].step, tr->event[e].cat,
                   (long long)tr->event[e].delta);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    bpemix_trace *tr;
    bpemix_error err;
    char text[800];

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: dump_trace FILE.trace [STEPS]\n");
        return 2;
    }
    if (bpemix_trace_load((const char *const *)argv + 1, 1, &tr, &err)) {
        bpemix_error_text(&err, text, sizeof text);
        fprintf(stderr, "dump_trace: %s\n", text);
        return 1;
    }
    if (argc == 3)
        dump_pairs(tr, (uint32_t)strtoul(argv[2], NULL, 10));
    else
        dump_problem(tr);
    bpemix_trace_free(tr);
    return fclose(stdout) ? 1 : 0;
}
