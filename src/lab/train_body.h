/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_body.h - the passes over the words of a text in training, for symbols of one width.
 *
 * The file that includes it defines SYMBOL, the type of symbols, and PASSES, the name of its table
 * of passes.  Some passes go over all words, in the order of memory; a merge looks at the words of
 * its pair alone. */
#include "lab/train_state.h"

#include <string.h>

#define AHEAD 8 /* words whose memory is fetched before their turn; a judgement */

static inline SYMBOL *symbols_of(bmx_train_word *w) { return (SYMBOL *)(void *)(w + 1); }

static inline size_t units_of(uint32_t length)
{
    return bmx_train_word_units(length, sizeof(SYMBOL));
}

/* Is there a pair at s[0], s[1] that counts? */
static inline bool counts(const bmx_train_text *x, const SYMBOL *s)
{
    const uint32_t left = s[0] & x->mask, right = s[1] & x->mask;

    return left != x->mask && right != x->mask && !(s[0] & x->skipped && left == right);
}

/* The word at w or behind it, past what shorter words have left; the end when there is none. */
static inline size_t word_from(const bmx_train_text *x, size_t w)
{
    while (w < x->end && x->block[w] == BMX_TRAIN_GAP)
        w++;
    return w;
}

/* ---- all words ---- */

/* SentencePiece finds the occurrences of (a, a) in "aaa" from the left, and permanently drops
 * those that overlap the one before (T1 of train.c). */
static void mark_overlaps(bmx_trainer *t)
{
    const bmx_train_text *x = &t->text;

    for (size_t w = word_from(x, 0); w < x->end;) {
        bmx_train_word *word = bmx_train_word_at(x, w);
        SYMBOL *s = symbols_of(word);

        for (uint32_t i = 1; i + 1 < word->length; i++)
            if ((s[i] & x->mask) == (s[i + 1] & x->mask) && !(s[i - 1] & x->skipped) &&
                (s[i - 1] & x->mask) == (s[i] & x->mask))
                s[i] |= (SYMBOL)x->skipped;
        w = word_from(x, w + units_of(word->length));
    }
}

static void pack(bmx_trainer *t)
{
    bmx_train_text *x = &t->text;
    size_t to = 0, had = x->end;

    for (size_t w = word_from(x, 0); w < x->end;) {
        const bmx_train_word *word = bmx_train_word_at(x, w);
        size_t n = units_of(word->length);

        if (word->length > 1) {
            memmove(x->block + to, word, 4 * n);
            to += n;
        }
        w = word_from(x, w + n);
    }
    x->end = to;
    bmx_give_back(x->block + to, 4 * (had - to));
}

/* What a pass does with a pair that counts, in word w; all of them are inlined. */
typedef bpemix_status visit_fn(bmx_trainer *t, uint32_t left, uint32_t right, uint64_t count,
                               uint32_t w, bpemix_error *err);

static inline __attribute__((always_inline)) bpemix_status
each_pair(bmx_trainer *t, visit_fn *visit, bpemix_error *err)
{
    const bmx_train_text *x = &t->text;
    bpemix_status st = BPEMIX_OK;

    for (size_t w = word_from(x, 0); w < x->end && !st;) {
        bmx_train_word *word = bmx_train_word_at(x, w);
        const SYMBOL *s = symbols_of(word);
        uint64_t count = bmx_train_word_count(x, word);

        for (uint32_t i = 0; i + 1 < word->length && !st; i++)
            if (counts(x, s + i))
                st = visit(t, s[i] & x->mask, s[i + 1] & x->mask, count, (uint32_t)w, err);
        w = word_from(x, w + units_of(word->length));
    }
    return st;
}

static inline bpemix_status add_to_sketch(bmx_trainer *t, uint32_t left, uint32_t right,
                                          uint64_t count, uint32_t w, bpemix_error *err)
{
    (void)w, (void)err;
    t->sketch.u.sum[bmx_train_sketch_at(&t->sketch, left, right)] += count;
    return BPEMIX_OK;
}

static void sketch(bmx_trainer *t) { (void)each_pair(t, add_to_sketch, NULL); }

static inline bmx_train_candidate *find_candidate(const bmx_train_sketch *s, uint32_t head,
                                                  uint32_t left, uint32_t right)
{
    while (head) {
        bmx_train_candidate *c = &s->candidate[head - 1];

        if (c->left == left && c->right == right)
            return c;
        head = c->next;
    }
    return NULL;
}

static inline bpemix_status count_pair(bmx_trainer *t, uint32_t left, uint32_t right,
                                       uint64_t count, uint32_t w, bpemix_error *err)
{
    bmx_train_sketch *s = &t->sketch;
    uint32_t *head = &s->u.head[bmx_train_sketch_at(s, left, right)];
    bmx_train_candidate *c;
    bpemix_status st;

    if (!*head)
        return BPEMIX_OK;
    c = *head == BMX_TRAIN_UNKNOWN ? NULL : find_candidate(s, *head, left, right);
    if (!c) {
        if (s->n >= BMX_TRAIN_UNKNOWN - 1)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967293 pairs");
        if ((st = bmx_reserve(&s->candidate, &s->cap, s->n + 1, sizeof *s->candidate, err)))
            return st;
        c = &s->candidate[s->n++];
        *c = (bmx_train_candidate){ .left = left, .right = right,
                                    .next = *head == BMX_TRAIN_UNKNOWN ? 0 : *head };
        *head = (uint32_t)s->n;
    }
    c->u.count += count;
    c->n += c->last_word != w + 1;
    c->last_word = w + 1;
    return BPEMIX_OK;
}

static bpemix_status count(bmx_trainer *t, bpemix_error *err)
{
    return each_pair(t, count_pair, err);
}

static inline bpemix_status post_pair(bmx_trainer *t, uint32_t left, uint32_t right, uint64_t count,
                                      uint32_t w, bpemix_error *err)
{
    const bmx_train_sketch *s = &t->sketch;
    bmx_train_candidate *c =
        find_candidate(s, s->u.head[bmx_train_sketch_at(s, left, right)], left, right);

    (void)count, (void)err;
    if (!c || !c->u.posting || c->last_word == w + 1)
        return BPEMIX_OK;
    c->u.posting[c->n++] = w;
    c->last_word = w + 1;
    return BPEMIX_OK;
}

static void post(bmx_trainer *t) { (void)each_pair(t, post_pair, NULL); }

/* ---- one merge ---- */

static inline bpemix_status touch(bmx_train_side *s, uint32_t x, bpemix_error *err)
{
    bpemix_status st;

    if (s->change[x].touched)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->symbol, &s->symbol_cap, s->n + 1, sizeof *s->symbol, err)))
        return st;
    s->symbol[s->n++] = x;
    s->change[x].touched = true;
    return BPEMIX_OK;
}

static inline bpemix_status rise(bmx_train_side *s, uint32_t x, uint32_t w, int64_t count,
                                 bpemix_error *err)
{
    bmx_train_change *c = &s->change[x];
    bpemix_status st;

    c->rise += count;
    if (c->last_word == w + 1)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->note, &s->notes_cap, s->n_notes + 1, sizeof *s->note, err)))
        return st;
    s->note[s->n_notes++] = (bmx_train_note){ x, w };
    c->last_word = w + 1;
    c->n++;
    return BPEMIX_OK;
}

/* A word being rewritten: the pair at s[i], s[i + 1] becomes a product, written to s[to]. */
typedef struct place {
    SYMBOL *s;
    uint32_t w, n, i, to;
    int64_t count;
} place;

static inline bpemix_status change_sides(bmx_trainer *t, const place *p, const bmx_train_merge *m,
                                         bpemix_error *err)
{
    const uint32_t mask = t->text.mask, skipped = t->text.skipped;
    SYMBOL *front = p->s + p->to, *s = p->s + p->i;
    bpemix_status st;

    if (p->to && (front[-1] & mask) != mask) {
        uint32_t x = front[-1] & mask;

        if ((st = touch(&t->front, x, err)))
            return st;
        if (x != m->left || !(front[-1] & skipped))
            t->front.change[x].fall += p->count;
        if (skipped && x == m->product && p->to > 1 && (front[-2] & mask) == m->product &&
            !(front[-2] & skipped))
            front[-1] |= (SYMBOL)skipped;
        else if ((st = rise(&t->front, x, p->w, p->count, err)))
            return st;
    }
    if (p->i + 2 < p->n && (s[2] & mask) != mask) {
        uint32_t y = s[2] & mask;

        if ((st = touch(&t->behind, y, err)))
            return st;
        if (y != m->right || !(s[1] & skipped))
            t->behind.change[y].fall += p->count;
        if ((st = rise(&t->behind, y, p->w, p->count, err)))
            return st;
    }
    return BPEMIX_OK;
}

/* Apply it to one word, left to right; the neighbour in front is the one already written. */
static inline bpemix_status merge_word(bmx_trainer *t, uint32_t w, const bmx_train_merge *m,
                                       bpemix_error *err)
{
    const uint32_t mask = t->text.mask, skipped = t->text.skipped;
    bmx_train_word *word = bmx_train_word_at(&t->text, w);
    place p = { .s = symbols_of(word), .w = w, .n = word->length,
                .count = (int64_t)bmx_train_word_count(&t->text, word) };
    SYMBOL *s = p.s;
    bpemix_status st = BPEMIX_OK;

    while (p.i + 1 < p.n && ((s[p.i] & mask) != m->left || (s[p.i + 1] & mask) != m->right))
        p.i++;
    for (p.to = p.i; p.i < p.n;) {
        if ((s[p.i] & mask) != m->left || p.i + 1 == p.n || (s[p.i + 1] & mask) != m->right ||
            (m->left == m->right && (s[p.i] & skipped))) {
            s[p.to++] = s[p.i++];
            continue;
        }
        if ((st = change_sides(t, &p, m, err)))
            break;
        s[p.to++] = (SYMBOL)m->product;
        p.i += 2;
    }
    for (; p.i < p.n; p.i++) /* after a failure alone */
        s[p.to++] = s[p.i];
    word->length = p.to;
    for (size_t k = units_of(p.to); k < units_of(p.n); k++)
        t->text.block[w + k] = BMX_TRAIN_GAP;
    return st;
}

static bpemix_status merge(bmx_trainer *t, const uint32_t *word, uint32_t n, bmx_train_merge m,
                           bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t k = 0; k < n && !st; k++) {
        if (k + AHEAD < n)
            __builtin_prefetch(bmx_train_word_at(&t->text, word[k + AHEAD]));
        st = merge_word(t, word[k], &m, err);
    }
    return st;
}

const bmx_train_passes PASSES = {
    .mark_overlaps = mark_overlaps, .pack = pack, .sketch = sketch, .count = count, .post = post,
    .merge = merge,
};
