/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replay against a recount from scratch, and what must hold besides. */
#include "oracle/fixture.h"

enum { MAX_WORDS = 24, MAX_MERGES = 24, MAX_LETTERS = 4 };

/* One random problem: words over a few letters, a merge list, categories. */
typedef struct problem {
    uint64_t seed;
    bpemix_tokenizer *tok;
    naive_merge merge[MAX_MERGES];
    size_t n_merges, n_cats, n_words;
    unsigned n_letters;
    bmx_words cat[4];
    naive_word word[MAX_WORDS * 4];
} problem;

static void add_word(problem *p, bmx_rng *rng, size_t max_len, bool gaps)
{
    size_t n = bmx_rng_below(rng, max_len + 1);
    char *text = malloc(n + 1);
    naive_word *w = &p->word[p->n_words++];

    *w = (naive_word){ malloc((n + 1) * sizeof *w->symbol), n, { 0 } };
    for (size_t i = 0; i < n; i++) {
        unsigned c = (unsigned)bmx_rng_below(rng, p->n_letters + gaps);
        text[i] = (char)(c < p->n_letters ? 'a' + c : '-');
        w->symbol[i] = c < p->n_letters ? c : UINT32_MAX;
    }
    for (size_t k = 0; k < p->n_cats; k++) {
        uint64_t count = bmx_rng_below(rng, 4);
        if (!count)
            continue;
        w->count[k] = count;
        fixture_word(&p->cat[k], text, n, count);
    }
    free(text);
}

/* Merges of symbols that exist: products are drawn too, also before the merge
 * that makes them when the list is shuffled. */
static void add_merges(problem *p, bmx_rng *rng, size_t n, bool shuffled, bool repeats, bool odd)
{
    while (p->n_merges < n) {
        uint32_t left = (uint32_t)bmx_rng_below(rng, p->tok->vocab.tokens.n);
        uint32_t right = (uint32_t)bmx_rng_below(rng, p->tok->vocab.tokens.n);
        bool seen = false;

        for (size_t t = 0; t < p->n_merges; t++)
            seen = seen || (p->merge[t].left == left && p->merge[t].right == right);
        if ((seen && !repeats) ||
            p->tok->vocab.tokens.str[left].len + p->tok->vocab.tokens.str[right].len > 8) {
            if (bmx_rng_below(rng, 50) == 0)
                return; /* few pairs are left */
            continue;
        }
        p->merge[p->n_merges++] = fixture_merge(p->tok, left, right);
        if (odd && bmx_rng_below(rng, 4) == 0) {
            /* as with a continuing-subword prefix: the product may be any token */
            p->merge[p->n_merges - 1].product =
                p->tok->trained.merge[p->tok->trained.n_merges - 1].product =
                    (uint32_t)bmx_rng_below(rng, p->tok->vocab.tokens.n);
        }
    }
    for (size_t t = p->n_merges; shuffled && t > 1; t--) {
        size_t k = bmx_rng_below(rng, t);
        naive_merge m = p->merge[k];
        bmx_merge b = p->tok->trained.merge[k];

        p->merge[k] = p->merge[t - 1];
        p->merge[t - 1] = m;
        p->tok->trained.merge[k] = p->tok->trained.merge[t - 1];
        p->tok->trained.merge[t - 1] = b;
    }
}

static void problem_init(problem *p, uint64_t seed, size_t max_len)
{
    static const char *const names[] = { "zeta", "alpha", "mu", "iota" };
    bmx_rng rng = { seed };

    memset(p, 0, sizeof *p);
    p->seed = seed;
    p->n_letters = 1 + (unsigned)bmx_rng_below(&rng, MAX_LETTERS);
    p->n_cats = 1 + bmx_rng_below(&rng, 4);
    p->tok = fixture_tokenizer(p->n_letters);
    for (size_t k = 0; k < p->n_cats; k++) {
        p->cat[k].name = bmx_strdup(names[k]);
        fixture_word(&p->cat[k], "aa", 2, 1); /* no category without pairs */
    }
    p->word[p->n_words++] = (naive_word){ calloc(2, sizeof(uint32_t)), 2, { 1, 1, 1, 1 } };
    for (size_t n = 1 + bmx_rng_below(&rng, MAX_WORDS); n > 0; n--)
        add_word(p, &rng, max_len, bmx_rng_below(&rng, 4) == 0);
    add_merges(p, &rng, bmx_rng_below(&rng, MAX_MERGES), bmx_rng_below(&rng, 2),
               bmx_rng_below(&rng, 3) == 0, bmx_rng_below(&rng, 3) == 0);
}

static void problem_release(problem *p)
{
    for (size_t w = 0; w < p->n_words; w++)
        free(p->word[w].symbol);
    for (size_t k = 0; k < p->n_cats; k++)
        fixture_words_release(&p->cat[k]);
    bpemix_tokenizer_free(p->tok);
}

/* Every count of every pair at every step. */
static void compare(const bpemix_trace *tr, const naive_counts *want, uint64_t seed)
{
    size_t n = want->n_symbols;
    int64_t *run = malloc((want->n_steps + 1) * sizeof *run);
    size_t p = 0;

    for (uint32_t left = 0; left < n; left++)
        for (uint32_t right = 0; right < n; right++) {
            bool here = p < tr->n_pairs && tr->pair[p].left == left && tr->pair[p].right == right;

            for (uint32_t k = 0; k < want->n_cats; k++) {
                uint64_t i = here ? tr->first[p] : 0, end = here ? tr->first[p + 1] : 0;
                int64_t sum = 0;

                for (uint32_t t = 0; t <= want->n_steps; t++) {
                    for (; i < end && tr->event[i].step <= t; i++)
                        sum += tr->event[i].cat == k ? tr->event[i].delta : 0;
                    if (sum != (int64_t)*naive_at(want, k, t, left, right))
                        fail_msg("seed %llu step %u category %u pair (%u, %u): %lld, not %llu",
                                 (unsigned long long)seed, t, k, left, right, (long long)sum,
                                 (unsigned long long)*naive_at(want, k, t, left, right));
                }
            }
            p += here;
        }
    assert_int_equal(p, tr->n_pairs);
    free(run);
}

/* Pairs at step t are the sum over words of count * (symbols - 1). */
static void compare_totals(const bpemix_trace *tr, const problem *p)
{
    for (uint32_t k = 0; k < tr->n_cats; k++) {
        int64_t last = 0, want = 0, first = 0;

        for (uint64_t i = 0; i < tr->n_events; i++) {
            last += tr->event[i].cat == k ? tr->event[i].delta : 0;
            first += tr->event[i].cat == k && tr->event[i].step == 0 ? tr->event[i].delta : 0;
        }
        for (size_t w = 0; w < p->n_words; w++)
            for (size_t i = 0; i + 1 < p->word[w].n; i++)
                want += p->word[w].symbol[i] != UINT32_MAX && p->word[w].symbol[i + 1] != UINT32_MAX
                            ? (int64_t)p->word[w].count[k] : 0;
        assert_int_equal(last, want);
        assert_int_equal(first, tr->cat[k].pairs);
    }
}

static void check_problem(uint64_t seed, size_t max_len)
{
    bpemix_error err;
    bpemix_trace *tr = NULL;
    naive_counts want;
    problem p;

    problem_init(&p, seed, max_len);
    CHECK_OK(bmx_replay(p.tok, p.cat, p.n_cats, &one_thread, &tr, &err));
    fixture_check(tr);
    want = naive_replay(p.word, p.n_words, p.n_cats, p.tok->vocab.tokens.n, p.merge, p.n_merges);
    compare(tr, &want, seed);
    compare_totals(tr, &p);
    free(want.count);
    bpemix_trace_free(tr);
    problem_release(&p);
}

static void short_words_as_recounted(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4000; seed++)
        check_problem(seed, 2 + seed % 20);
}

static void long_words_as_recounted(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++)
        check_problem(seed, 200 + 10 * seed);
}

static void any_number_of_threads(void **state)
{
    static const unsigned threads[] = { 2, 5 };
    bpemix_error err;

    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        bpemix_trace *one = NULL;
        bmx_rng rng = { seed };
        problem p;

        problem_init(&p, seed, 10);
        /* enough words for several blocks */
        for (size_t i = 0; i < 9000; i++) {
            char text[12];
            size_t n = 1 + bmx_rng_below(&rng, 12);
            for (size_t c = 0; c < n; c++)
                text[c] = (char)('a' + bmx_rng_below(&rng, p.n_letters));
            fixture_word(&p.cat[bmx_rng_below(&rng, p.n_cats)], text, n, 1);
        }
        CHECK_OK(bmx_replay(p.tok, p.cat, p.n_cats, &one_thread, &one, &err));
        for (int i = 0; i < 2; i++) {
            bpemix_trace *many = NULL;
            CHECK_OK(bmx_replay(p.tok, p.cat, p.n_cats,
                                &(bmx_replay_opts){ .n_threads = threads[i] }, &many, &err));
            fixture_same_bytes(one, many);
            bpemix_trace_free(many);
        }
        bpemix_trace_free(one);
        problem_release(&p);
    }
}

static void shards_add_up(void **state)
{
    static const char *const names[] = { "one", "two" };
    bpemix_error err;

    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        bpemix_trace *whole = NULL, *sum = NULL, *half[2] = { NULL, NULL };
        bmx_words part[2][4];
        bmx_rng rng = { seed };
        problem p;

        problem_init(&p, seed, 12);
        memset(part, 0, sizeof part);
        for (size_t k = 0; k < p.n_cats; k++) {
            for (int h = 0; h < 2; h++)
                part[h][k].name = bmx_strdup(p.cat[k].name);
            fixture_word(&part[0][k], "aa", 2, 1);
            fixture_word(&part[1][k], "aa", 2, 1);
            fixture_word(&p.cat[k], "aa", 2, 1);
            for (size_t i = 0; i < p.cat[k].word.n; i++) {
                bmx_slice s = p.cat[k].word.str[i];
                uint64_t left = p.cat[k].count[i] - (i == 0 ? 2 : 0);
                uint64_t first = bmx_rng_below(&rng, left + 1);
                fixture_word(&part[0][k], s.ptr, s.len, first);
                fixture_word(&part[1][k], s.ptr, s.len, left - first);
            }
            p.cat[k].bytes = part[0][k].bytes + part[1][k].bytes;
        }
        CHECK_OK(bmx_replay(p.tok, p.cat, p.n_cats, &one_thread, &whole, &err));
        for (int h = 0; h < 2; h++)
            CHECK_OK(bmx_replay(p.tok, part[h], p.n_cats, &one_thread, &half[h], &err));
        CHECK_OK(bmx_trace_sum((const bpemix_trace *const *)half, names, 2, &sum, &err));
        fixture_check(sum);
        fixture_same_bytes(whole, sum);
        for (int h = 0; h < 2; h++) {
            bpemix_trace_free(half[h]);
            for (size_t k = 0; k < p.n_cats; k++)
                fixture_words_release(&part[h][k]);
        }
        bpemix_trace_free(sum);
        bpemix_trace_free(whole);
        problem_release(&p);
    }
}

static void fewer_merges(void **state)
{
    bpemix_error err;

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bpemix_trace *tr = NULL;
        naive_counts want;
        problem p;

        problem_init(&p, seed, 12);
        if (p.n_merges >= 2) {
            CHECK_OK(bmx_replay(p.tok, p.cat, p.n_cats,
                                &(bmx_replay_opts){ (uint32_t)p.n_merges / 2, 1, NULL },
                                &tr, &err));
            assert_int_equal(tr->n_merges, p.n_merges / 2);
            fixture_check(tr);
            want = naive_replay(p.word, p.n_words, p.n_cats, p.tok->vocab.tokens.n, p.merge,
                                p.n_merges / 2);
            compare(tr, &want, seed);
            free(want.count);
            bpemix_trace_free(tr);
        }
        problem_release(&p);
    }
}

/* A trainer's own list on its own text: at every step the merge taken has the
 * largest count of all pairs, and these counts never rise. */
static void trainers_choose_the_largest(void **state)
{
    bpemix_error err;

    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        enum { WORDS = 40, MERGES = 20, SYMBOLS = 4 + MERGES };
        bpemix_tokenizer *tok = fixture_tokenizer(4);
        naive_word word[WORDS] = { 0 };
        bmx_words cat = { .name = bmx_strdup("own") };
        bpemix_trace *tr = NULL;
        bmx_rng rng = { seed };
        int64_t last = INT64_MAX;

        for (size_t w = 0; w < WORDS; w++) {
            char text[10];
            word[w].n = 2 + bmx_rng_below(&rng, 9);
            word[w].symbol = malloc(10 * sizeof(uint32_t));
            word[w].count[0] = 1 + bmx_rng_below(&rng, 50);
            for (size_t i = 0; i < word[w].n; i++) {
                word[w].symbol[i] = (uint32_t)(bmx_rng_below(&rng, 4) * bmx_rng_below(&rng, 2));
                text[i] = (char)('a' + word[w].symbol[i]);
            }
            fixture_word(&cat, text, word[w].n, word[w].count[0]);
        }
        for (size_t t = 0; t < MERGES; t++) {
            naive_counts c = naive_replay(word, WORDS, 1, SYMBOLS, NULL, 0);
            uint32_t best = 0;
            naive_merge m;

            for (uint32_t i = 1; i < SYMBOLS * SYMBOLS; i++)
                if (c.count[i] > c.count[best])
                    best = i;
            if (!c.count[best]) {
                free(c.count);
                break;
            }
            free(c.count);
            m = fixture_merge(tok, best / SYMBOLS, best % SYMBOLS);
            for (size_t w = 0; w < WORDS; w++)
                word[w].n = naive_apply(word[w].symbol, word[w].n, m);
        }
        CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
        for (uint32_t t = 0; t < tr->n_merges; t++) {
            int64_t b = fixture_count(tr, tr->merge[t].left, tr->merge[t].right, 0, t);

            assert_true(b > 0 && b <= last);
            for (size_t p = 0; p < tr->n_pairs; p++)
                assert_true(fixture_count(tr, tr->pair[p].left, tr->pair[p].right, 0, t) <= b);
            last = b;
        }
        bpemix_trace_free(tr);
        for (size_t w = 0; w < WORDS; w++)
            free(word[w].symbol);
        fixture_words_release(&cat);
        bpemix_tokenizer_free(tok);
    }
}

static void known_words(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(2);
    bmx_words cat = { .name = bmx_strdup("x") };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    (void)state;
    fixture_merge(tok, 0, 0); /* aa -> 2 */
    fixture_word(&cat, "aaa", 3, 5);
    fixture_word(&cat, "aaaa", 4, 7);
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    assert_int_equal(fixture_count(tr, 0, 0, 0, 0), 2 * 5 + 3 * 7);
    assert_int_equal(fixture_count(tr, 0, 0, 0, 1), 0);
    assert_int_equal(fixture_count(tr, 2, 0, 0, 1), 5);
    assert_int_equal(fixture_count(tr, 2, 2, 0, 1), 7);
    assert_int_equal(tr->cat[0].pairs, 31);
    assert_int_equal(tr->n_pairs, 3);
    bpemix_trace_free(tr);
    fixture_words_release(&cat);
    bpemix_tokenizer_free(tok);
}

static void a_rank_has_one_turn(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(3);
    bmx_words cat = { .name = bmx_strdup("x") };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    (void)state;
    fixture_merge(tok, 0, 1); /* a b -> 3 */
    tok->trained.merge[0].left = 4;   /* but of "bc", which merge 1 makes: (bc, b) */
    fixture_merge(tok, 1, 2); /* b c -> 4 */
    fixture_word(&cat, "bcb", 3, 1);
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    assert_int_equal(fixture_count(tr, 4, 1, 0, 2), 1); /* not merged: its turn has passed */
    bpemix_trace_free(tr);
    tok->trained.merge = bmx_realloc(tok->trained.merge, 3, sizeof *tok->trained.merge);
    tok->trained.merge[2] = tok->trained.merge[0]; /* listed again: now it has another turn */
    tok->trained.n_merges = 3;
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    assert_int_equal(fixture_count(tr, 4, 1, 0, 2), 1);
    assert_int_equal(fixture_count(tr, 4, 1, 0, 3), 0);
    assert_int_equal(tr->pair[tr->merge_pair[2]].merged_at, 0);
    bpemix_trace_free(tr);
    fixture_words_release(&cat);
    bpemix_tokenizer_free(tok);
}

static void empty_categories_are_named(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(2);
    bmx_words cat[2] = { { .name = bmx_strdup("full") }, { .name = bmx_strdup("hollow") } };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    (void)state;
    fixture_word(&cat[0], "ab", 2, 1);
    CHECK_FAILS(bmx_replay(tok, cat, 2, &one_thread, &tr, &err), BPEMIX_E_EMPTY,
                "'hollow' has no pairs: it has no text");
    fixture_word(&cat[1], "a", 1, 3);
    fixture_word(&cat[1], "b-b", 3, 3);
    CHECK_FAILS(bmx_replay(tok, cat, 2, &one_thread, &tr, &err), BPEMIX_E_EMPTY,
                "'hollow' has no pairs: all of its words are single symbols");
    fixture_word(&cat[1], "aaa", 3, UINT64_MAX / 2);
    CHECK_FAILS(bmx_replay(tok, cat, 2, &one_thread, &tr, &err), BPEMIX_E_UNSUPPORTED,
                "more than 2^63 pairs");
    assert_null(tr);
    fixture_words_release(&cat[0]);
    fixture_words_release(&cat[1]);
    bpemix_tokenizer_free(tok);
}

/* 'a' n times: after aa, aaaa, ... the counts are known. */
static void one_huge_word(void **state)
{
    enum { DOUBLINGS = 10 };
    const char *big = getenv("BPEMIX_BIG");
    size_t n = (big ? 50u : 2u) << 20;
    bpemix_tokenizer *tok = fixture_tokenizer(1);
    bmx_words cat = { .name = bmx_strdup("x") };
    char *text = malloc(n + 3);
    bpemix_trace *tr = NULL;
    bpemix_error err;
    uint32_t symbol = 0;

    (void)state;
    memset(text, 'a', n + 3);
    fixture_word(&cat, text, n + 3, 1);
    for (int i = 0; i < DOUBLINGS; i++)
        symbol = fixture_merge(tok, symbol, symbol).product;
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    for (uint32_t t = 0; t <= DOUBLINGS; t++)
        assert_int_equal(fixture_count(tr, t, t, 0, t), ((n + 3) >> t) - 1);
    assert_int_equal(fixture_count(tr, 1, 0, 0, DOUBLINGS), 1); /* ... aa a at the end */
    bpemix_trace_free(tr);
    free(text);
    fixture_words_release(&cat);
    bpemix_tokenizer_free(tok);
}

static void stops_when_cancelled(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(2);
    bmx_words cat = { .name = bmx_strdup("x") };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    (void)state;
    fixture_word(&cat, "ab", 2, 1);
    bpemix_cancel();
    CHECK_FAILS(bmx_replay(tok, &cat, 1, &(bmx_replay_opts){ .n_threads = 2 }, &tr, &err),
                BPEMIX_E_INTERRUPTED, "");
    bpemix_cancel_reset();
    CHECK_OK(bmx_replay(tok, &cat, 1, &(bmx_replay_opts){ .n_threads = 2 }, &tr, &err));
    bpemix_trace_free(tr);
    fixture_words_release(&cat);
    bpemix_tokenizer_free(tok);
}

static void survives_lack_of_memory(void **state)
{
    bpemix_trace *tr = NULL;
    problem p;

    (void)state;
    problem_init(&p, 77, 400); /* long words too, several categories */
    /* the list of pairs stays too long when it cannot be cut to size */
    SURVIVES_SOME(30, bmx_replay(p.tok, p.cat, p.n_cats, &one_thread, &tr, NULL), {
        assert_true(!tr == (status != BPEMIX_OK));
        if (!last) {
            bpemix_trace_free(tr);
            tr = NULL;
        }
    });
    fixture_check(tr);
    bpemix_trace_free(tr);
    problem_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_words),
        cmocka_unit_test(a_rank_has_one_turn),
        cmocka_unit_test(short_words_as_recounted),
        cmocka_unit_test(long_words_as_recounted),
        cmocka_unit_test(fewer_merges),
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(shards_add_up),
        cmocka_unit_test(trainers_choose_the_largest),
        cmocka_unit_test(empty_categories_are_named),
        cmocka_unit_test(one_huge_word),
        cmocka_unit_test(stops_when_cancelled),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
