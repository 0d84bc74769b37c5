/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fixture.h - small tokenizers, word tables and traces made by hand. */
#ifndef TEST_FIXTURE_H
#define TEST_FIXTURE_H

#include "test.h"

#include "oracle/naive_replay.h"
#include "replay/replay.h"

static const bmx_replay_opts one_thread = { .n_threads = 1 };

/* A byte-alphabet tokenizer whose symbols 0, 1, ... are the letters a, b, ...;
 * bytes outside are boundaries.  Symbol k is token k. */
static inline bpemix_tokenizer *fixture_tokenizer(unsigned n_letters)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);

    assert_non_null(tok);
    tok->path = bmx_strdup("fixture");
    for (int i = 0; i < 256; i++)
        tok->vocab.byte_symbol[i] = BMX_NONE;
    for (unsigned i = 0; i < n_letters; i++) {
        char c = (char)('a' + i);
        assert_int_equal(bmx_intern_add(&tok->vocab.tokens, bmx_slice_of(&c, 1),
                                        &tok->vocab.byte_symbol[(unsigned char)c], NULL, NULL),
                         BPEMIX_OK);
    }
    strcpy(tok->digest, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    return tok;
}

/* Append a merge; its product is the token of the concatenation. */
static inline naive_merge fixture_merge(bpemix_tokenizer *tok, uint32_t left, uint32_t right)
{
    bmx_slice a = tok->vocab.tokens.str[left], b = tok->vocab.tokens.str[right];
    char *text = bmx_malloc(a.len + b.len, 1);
    naive_merge m = { left, right, 0 };

    memcpy(text, a.ptr, a.len);
    memcpy(text + a.len, b.ptr, b.len);
    assert_int_equal(bmx_intern_add(&tok->vocab.tokens, bmx_slice_of(text, a.len + b.len),
                                    &m.product, NULL, NULL),
                     BPEMIX_OK);
    bmx_free(text);
    tok->trained.merge =
        bmx_realloc(tok->trained.merge, tok->trained.n_merges + 1, sizeof *tok->trained.merge);
    tok->trained.merge[tok->trained.n_merges++] = (bmx_merge){ m.left, m.right, m.product, 0 };
    return m;
}

static inline void fixture_word(bmx_words *w, const char *text, size_t n, uint64_t count)
{
    uint32_t id;
    bool is_new;

    assert_int_equal(bmx_intern_add(&w->word, bmx_slice_of(text, n), &id, &is_new, NULL),
                     BPEMIX_OK);
    assert_int_equal(bmx_reserve(&w->count, &w->count_cap, id + 1, sizeof *w->count, NULL),
                     BPEMIX_OK);
    w->count[id] = (is_new ? 0 : w->count[id]) + count;
    w->pretokens += count;
    w->bytes += n * count;
}

static inline void fixture_words_release(bmx_words *w)
{
    bmx_free(w->name);
    bmx_intern_release(&w->word);
    bmx_free(w->count);
    memset(w, 0, sizeof *w);
}

/* Count of a pair in category cat after the first `step` merges. */
static inline int64_t fixture_count(const bpemix_trace *tr, uint32_t left, uint32_t right,
                                    uint32_t cat, uint32_t step)
{
    int64_t sum = 0;

    for (size_t p = 0; p < tr->n_pairs; p++)
        if (tr->pair[p].left == left && tr->pair[p].right == right)
            for (uint64_t i = tr->first[p]; i < tr->first[p + 1]; i++)
                if (tr->event[i].cat == cat && tr->event[i].step <= step)
                    sum += tr->event[i].delta;
    return sum;
}

/* R1, R2, R3 and the order of pairs. */
static inline void fixture_check(const bpemix_trace *tr)
{
    int64_t *sum = calloc(tr->n_cats, sizeof *sum);

    for (size_t p = 0; p < tr->n_pairs; p++) {
        const bmx_pair *q = &tr->pair[p];

        if (p)
            assert_true(q[-1].left < q->left || (q[-1].left == q->left && q[-1].right < q->right));
        assert_true(tr->first[p] < tr->first[p + 1]);
        memset(sum, 0, tr->n_cats * sizeof *sum);
        for (uint64_t i = tr->first[p]; i < tr->first[p + 1]; i++) {
            const bmx_event *e = &tr->event[i];

            assert_true(e->step <= tr->n_merges && e->cat < tr->n_cats && e->delta != 0);
            if (i > tr->first[p])
                assert_true(e[-1].step < e->step || (e[-1].step == e->step && e[-1].cat < e->cat));
            assert_true((sum[e->cat] += e->delta) >= 0);
        }
    }
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        uint32_t found = BMX_NONE;

        for (size_t p = 0; p < tr->n_pairs; p++)
            if (tr->pair[p].left == tr->merge[t].left && tr->pair[p].right == tr->merge[t].right)
                found = (uint32_t)p;
        assert_int_equal(tr->merge_pair[t], found);
        if (found != BMX_NONE)
            assert_true(tr->pair[found].merged_at <= t);
    }
    free(sum);
}

static inline void fixture_same_bytes(const bpemix_trace *a, const bpemix_trace *b)
{
    bmx_buf x = { 0 }, y = { 0 };

    assert_int_equal(bmx_trace_write(a, &x, NULL), BPEMIX_OK);
    assert_int_equal(bmx_trace_write(b, &y, NULL), BPEMIX_OK);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.ptr, y.ptr, x.len);
    bmx_buf_release(&x);
    bmx_buf_release(&y);
}

#endif
