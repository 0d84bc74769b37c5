/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hits of one worker against an array of all sums, with buffers so small that they are emptied,
 * and runs added up, many times. */
#include "test.h"

#include "replay/aggregate.h"

enum { WORDS = 50, MERGES = 7, SIDES = 3, CATS = 4, SYMBOLS = 30, HITS = 3000, BUFFER = 64 };

typedef uint64_t sums[MERGES][SIDES][CATS][SYMBOLS];

/* Each word in one to all of the categories. */
static bmx_postings make_postings(bmx_rng *rng)
{
    static uint32_t cat[WORDS * CATS];
    static uint64_t count[WORDS * CATS];
    static size_t first[WORDS + 1];
    size_t n = 0;

    for (int w = 0; w < WORDS; w++) {
        uint32_t from = (uint32_t)bmx_rng_below(rng, CATS);

        first[w] = n;
        for (uint32_t c = from; c < CATS; c++, n++) {
            cat[n] = c;
            count[n] = 1 + bmx_rng_below(rng, 1000);
        }
    }
    first[WORDS] = n;
    return (bmx_postings){ cat, count, first };
}

static void add_to(sums want, const bmx_postings *p, const bmx_hit *h)
{
    for (size_t k = p->first[h->word]; k < p->first[h->word + 1]; k++) {
        want[h->step][BMX_SIDE_MERGE][p->cat[k]][0] += p->count[k];
        if (h->prev != BMX_NONE)
            want[h->step][BMX_SIDE_PREV][p->cat[k]][h->prev] += p->count[k];
        if (h->next != BMX_NONE)
            want[h->step][BMX_SIDE_NEXT][p->cat[k]][h->next] += p->count[k];
    }
}

/* Random hits, none of merge 3, through a small buffer.  *most is the largest number of runs. */
static bpemix_status gather(bmx_aggregate *g, sums want, size_t *most, bpemix_error *err)
{
    bmx_rng rng = { 11 };
    bmx_postings postings = make_postings(&rng);
    bpemix_status st = bmx_aggregate_init(g, &postings, MERGES, CATS, 1, err);

    *most = 0;
    if (st)
        return st;
    g->hits.cap = BUFFER;
    g->most_pending = 0;
    for (int i = 0; i < HITS && !st; i++) {
        bmx_hit h = { .step = (uint32_t)bmx_rng_below(&rng, MERGES),
                      .prev = (uint32_t)bmx_rng_below(&rng, SYMBOLS),
                      .next = (uint32_t)bmx_rng_below(&rng, SYMBOLS),
                      .word = (uint32_t)bmx_rng_below(&rng, WORDS) };

        h.step += h.step == 3;
        if (bmx_rng_below(&rng, 4) == 0)
            h.prev = BMX_NONE;
        if (bmx_rng_below(&rng, 4) == 0)
            h.next = BMX_NONE;
        if (g->hits.n == g->hits.cap)
            st = g->hits.full(&g->hits, err);
        if (!st)
            g->hits.hit[g->hits.n++] = h;
        if (want)
            add_to(want, &postings, &h);
        *most = g->n_runs > *most ? g->n_runs : *most;
    }
    return st ? st : bmx_aggregate_end(g, err);
}

static void sums_of_all_hits(void **state)
{
    static sums want, got;
    bmx_aggregate g;
    size_t most;
    bpemix_error err;

    (void)state;
    CHECK_OK(gather(&g, want, &most, &err));
    /* 47 buffers; the first two runs are of much the same size, and later ones wait for the rest */
    assert_in_range(most, 2, 15);
    assert_in_range(g.n_runs, 1, most);
    assert_null(g.hits.hit);
    for (size_t k = 0; k < g.n_runs; k++) {
        const bmx_run *r = &g.run[k];

        assert_int_equal(r->first[MERGES], r->n);
        for (uint32_t t = 0; t < MERGES; t++)
            for (size_t i = r->first[t]; i < r->first[t + 1]; i++) {
                const bmx_context *c = &r->ctx[i];
                uint32_t side = bmx_context_side(c);

                assert_true(side < SIDES && bmx_context_cat(c) < CATS);
                got[t][side][bmx_context_cat(c)][side == BMX_SIDE_MERGE ? 0
                                                 : c->symbol] += c->count;
            }
    }
    assert_memory_equal(got, want, sizeof got);
    bmx_aggregate_release(&g);
}

static void pairs_are_bounded(void **state)
{
    static uint32_t cat[1] = { 0 };
    static uint64_t count[1] = { UINT64_C(1) << 61 };
    static size_t first[2] = { 0, 1 };
    const bmx_postings huge = { cat, count, first };
    const uint32_t word[5] = { 1, 2, 3, 4, 5 };
    bmx_aggregate g;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_aggregate_init(&g, &huge, 1, 1, 1, &err));
    CHECK_OK(bmx_aggregate_initial(&g, word, 1, 0, &err)); /* no pair */
    CHECK_OK(bmx_aggregate_initial(&g, word, 4, 0, &err)); /* three times 2^61 */
    CHECK_FAILS(bmx_aggregate_initial(&g, word, 2, 0, &err), BPEMIX_E_UNSUPPORTED, "2^63 pairs");
    assert_true(g.pairs[0] == 3 * count[0]);
    bmx_aggregate_release(&g);
}

static void survives_lack_of_memory(void **state)
{
    bmx_aggregate g = { 0 };
    size_t most;
    bpemix_error err;

    (void)state;
    SURVIVES(20, gather(&g, NULL, &most, &err), bmx_aggregate_release(&g));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_all_hits),
        cmocka_unit_test(pairs_are_bounded),
        cmocka_unit_test(survives_lack_of_memory),
    };

    return cmocka_run_group_tests_name("aggregate", tests, NULL, NULL);
}
