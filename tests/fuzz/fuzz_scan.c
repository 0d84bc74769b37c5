/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanners against the general engine, on texts of many short pre-tokens: what fills the batch
 * of pre-tokens to its brim, and what lies across words of 64 starts.
 *
 *   byte 0      the scanner, and whether lines are texts of their own
 *   then pairs  a unit, and how often: 0 to 127 times; from 128 on, a count near a multiple
 *               of 64; or, with the highest unit, the byte as it is, if that is ASCII */
#include "split/pretokenize.h"
#include "split/known.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 20000, N_KINDS = BMX_SCAN_TEKKEN };

static const char *const unit[] = {
    "\n", " ", "\r", "\t", "a", "A", "1", "!", "'s", "'", "7", " 4", "a1", "\n\n ", "\r\n", " \n", "aB", "/",
    "\xc3\xa9", "\xcc\x81", "\xe4\xb8\xad", "\xe0\xa5\x8d", "\xc2\xa0", "\xe2\x80\x83", "\xf0\x9f\x98\x80",
    "\xc7\x85", "\xd9\xa1", "\xe1\xa0\x8e", "x y", "''", "'LL",
};
#define N_UNITS (sizeof unit / sizeof *unit)

typedef struct ends {
    const char *at;
    size_t n;
    size_t end[MOST];
} ends;

static bpemix_status one(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    ends *e = ctx;

    (void)err;
    if (pretoken.ptr != e->at || !pretoken.len || e->n == MOST)
        abort();
    e->at += pretoken.len;
    e->end[e->n++] = (size_t)pretoken.len;
    return BPEMIX_OK;
}

static bpemix_status many(void *ctx, const char *start, const char *const *end, size_t n,
                          bpemix_error *err)
{
    for (size_t i = 0; i < n; start = end[i++])
        one(ctx, bmx_slice_of(start, (size_t)(end[i] - start)), err);
    return BPEMIX_OK;
}

/* The pattern of a scanner under the general engine. */
static bmx_pretokenizer *general(int kind)
{
    static bmx_pretokenizer *made[N_KINDS + 1];
    bmx_pretokenizer_spec spec = { 0 };
    bmx_pretokenizer_step *x;
    const char *p = bmx_scan_pattern((bmx_scan_kind)kind);

    if (made[kind])
        return made[kind];
    if (kind == BMX_SCAN_GPT2_DIGITS) {
        if (bmx_pretokenizer_add(&spec, BMX_PRE_DIGITS, &x, NULL))
            abort();
        x->individual_digits = true;
    }
    if (bmx_pretokenizer_add(&spec, BMX_PRE_SPLIT, &x, NULL) ||
        bmx_pattern_set(&x->pattern, bmx_slice_str(p), true, BMX_REGEX_FANCY, NULL))
        abort();
    x->behavior = BMX_SPLIT_ISOLATED;
    if (bmx_pretokenizer_new(&spec, true, BMX_ENGINE_PCRE2, &made[kind], NULL))
        abort();
    bmx_pretokenizer_spec_release(&spec);
    return made[kind];
}

/* The text that the input stands for; its length. */
static size_t expand(const uint8_t *data, size_t size, char *text)
{
    size_t n = 0;

    for (size_t i = 1; i + 1 < size; i += 2) {
        size_t u = data[i] % (N_UNITS + 1), count = data[i + 1];
        char byte = (char)(data[i + 1] & 0x7f);
        const char *s = u < N_UNITS ? unit[u] : &byte;
        size_t len = u < N_UNITS ? strlen(s) : 1;

        if (u == N_UNITS)
            count = 1;
        else if (count >= 128)
            count = 64 * (1 + (count >> 3) % 8) + (count & 7) - 4;
        for (; count && n + len <= MOST; count--, n += len)
            memcpy(text + n, s, len);
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char buf[MOST];
    static ends fast, slow;
    int kind = size ? 1 + data[0] % N_KINDS : 1;
    bool lines = size && data[0] & 0x80;
    bmx_scan_scratch state = { 0 };
    bmx_pretokenizer_scratch *general_state = NULL;
    size_t n;
    char *text;

    n = size > 400 ? 0 : expand(data, size, buf);
    if (kind == BMX_SCAN_CL100K_END || !(text = malloc(n ? n : 1))) /* it has no pattern of its
                                                                       own */
        return 0;
    memcpy(text, buf, n); /* of exact size: reading on is seen */
    fast.at = slow.at = text;
    fast.n = slow.n = 0;
    if (bmx_pretokenizer_scratch_new(general(kind), &general_state, NULL) ||
        bmx_scan((bmx_scan_kind)kind, &state, bmx_slice_of(text, n), lines, many, &fast, NULL))
        abort();
    for (size_t at = 0, len; at < n; at += len) {
        const char *nl = lines ? memchr(text + at, '\n', n - at) : NULL;
        len = nl ? (size_t)(nl + 1 - text) - at : n - at;
        if (bmx_pretokenize(general(kind), general_state, bmx_slice_of(text + at, len), one, &slow,
                            NULL))
            abort();
    }
    if (fast.n != slow.n || memcmp(fast.end, slow.end, fast.n * sizeof *fast.end))
        abort();
    bmx_pretokenizer_scratch_free(general_state);
    bmx_scan_scratch_release(&state);
    free(text);
    return 0;
}
