/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.c - byte-pair encoding: a merge rewrites the words that have its pair.
 *
 *   text      words as symbols (train.h), which shrink as merges are applied
 *   pairs     counts, the words each occurs in, and which is next (train_pairs.h)
 *
 * A merge (l, r) -> P rewrites the words in the postings of its pair.  Every change it
 * makes is to a pair with l, r or P in it and one other symbol x, so changes are added up
 * in two arrays indexed by x, one for the symbols in front and one for those behind:
 *
 *     ... x l r y ...  becomes  ... x P y ...
 *     front[x]: (x,l) falls, (x,P) rises     behind[y]: (r,y) falls, (P,y) rises
 *
 * and the table of pairs is asked once for each distinct neighbour, not for each
 * occurrence.  Postings of the new pairs are laid out by a counting sort when all words
 * are done, so that each list is one exact allocation, in an arena.
 *
 * T1  pair[p].count is the exact number of adjacent occurrences, overlapping ones
 *     included, times word counts.  With SentencePiece's rules it is what that trainer
 *     counts: of overlapping occurrences every other one, chosen when they first appear;
 *     those passed over are marked with SKIPPED at their first symbol and never counted,
 *     nor merged, even when the one in front has gone (see mark_overlaps).
 * T2  every word that contains the pair is in its postings, perhaps twice.
 * T3  front and behind are all zero between merges. */
#include "lab/train_pairs.h"
#include "base/cancel.h"
#include "replay/rivals.h"

#include <math.h>
#include <string.h>

#define SKIPPED 0x80000000u
#define SYMBOL(s) ((s) & ~SKIPPED)
#define AHEAD 8 /* words or pairs whose memory is fetched before their turn; a judgement */

/* What a merge does to the pairs of one neighbouring symbol. */
typedef struct change {
    int64_t fall, rise;
    uint32_t last_word; /* + 1, whose posting was noted last */
    uint32_t n;         /* postings noted */
    bool touched;
} change;

typedef struct note {
    uint32_t symbol, word;
} note;

typedef struct side {
    change *change;    /* change[cap]: by symbol */
    size_t cap;
    uint32_t *symbol;  /* symbol[n]: those touched */
    size_t n, symbol_cap;
    note *note;        /* postings of new pairs, in order of words */
    size_t n_notes, notes_cap;
} side;

typedef struct trainer {
    const bmx_train_opts *opts;
    bool sentencepiece;
    bmx_train_text text;
    bmx_train_pairs pairs;
    side front, behind;
    bmx_merge_list list;
    uint64_t asked; /* merges to learn, at most; 0: as many as there are */
} trainer;

/* ---- the first counts ---- */

/* T1: SentencePiece finds the occurrences of (a, a) in "aaa" from the left, and permanently drops
 * those that overlap the one before.  Windows of equal symbols are marked accordingly in
 * symbol[from .. to). */
static void mark_overlaps(uint32_t *symbol, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i + 1 < to; i++)
        if (SYMBOL(symbol[i]) == SYMBOL(symbol[i + 1]) && i > from && !(symbol[i - 1] & SKIPPED) &&
            SYMBOL(symbol[i - 1]) == SYMBOL(symbol[i]))
            symbol[i] |= SKIPPED;
}

/* Is there a pair at symbol[0], symbol[1] that counts? */
static bool counts(const uint32_t *symbol)
{
    return SYMBOL(symbol[0]) != BMX_TRAIN_NO_SYMBOL && SYMBOL(symbol[1]) != BMX_TRAIN_NO_SYMBOL &&
           !((symbol[0] & SKIPPED) && SYMBOL(symbol[0]) == SYMBOL(symbol[1]));
}

/* Before any merge. */
static inline uint32_t next_word(const bmx_train_text *x, uint32_t w)
{
    return w + (uint32_t)bmx_train_word_units(bmx_train_word_at(x, w)->length);
}

/* Passes over all words: count pairs and their words, then note the words. */
static bpemix_status count_pairs(trainer *t, bpemix_error *err)
{
    const bmx_train_text *x = &t->text;
    uint32_t *last = NULL; /* by pair: the last word it was met in, + 1 */
    size_t last_cap = 0;
    bmx_train_pairs *pairs = &t->pairs;
    bpemix_status st = BPEMIX_OK;

    for (uint32_t w = 0; w < x->end && !st; w = next_word(x, w)) {
        bmx_train_word *word = bmx_train_word_at(x, w);
        const uint32_t *s = word->symbol;

        if (t->sentencepiece)
            mark_overlaps(word->symbol, 0, word->length);
        for (uint32_t i = 0; i + 1 < word->length && !st; i++) {
            uint32_t p = 0;
            size_t had = last_cap;

            if (!counts(s + i) ||
                (st = bmx_train_pairs_add(pairs, SYMBOL(s[i]), SYMBOL(s[i + 1]), &p, err)) ||
                (st = bmx_reserve(&last, &last_cap, pairs->n, sizeof *last, err)))
                continue;
            memset(last + had, 0, (last_cap - had) * sizeof *last);
            pairs->pair[p].count += (int64_t)word->count;
            pairs->pair[p].n += last[p] != w + 1;
            last[p] = w + 1;
        }
    }
    for (uint32_t p = 0; p < pairs->n && !st; p++) {
        uint32_t n = pairs->pair[p].n;

        pairs->pair[p].n = 0;
        st = bmx_train_pairs_reserve(pairs, p, n, err);
        last[p] = 0;
    }
    for (uint32_t w = 0; w < x->end && !st; w = next_word(x, w))
        for (uint32_t i = 0; i + 1 < bmx_train_word_at(x, w)->length; i++) {
            const uint32_t *s = bmx_train_word_at(x, w)->symbol + i;
            uint32_t p = counts(s) ? bmx_train_pairs_find(pairs, SYMBOL(s[0]), SYMBOL(s[1]))
                                   : BMX_NONE;

            if (p != BMX_NONE && last[p] != w + 1) {
                pairs->pair[p].posting[pairs->pair[p].n++] = w;
                last[p] = w + 1;
            }
        }
    bmx_free(last);
    return st;
}

/* ---- one merge ---- */

static bpemix_status side_reserve(side *s, size_t n_tokens, bpemix_error *err)
{
    size_t had = s->cap;
    bpemix_status st = bmx_reserve(&s->change, &s->cap, n_tokens, sizeof *s->change, err);

    if (!st)
        memset(s->change + had, 0, (s->cap - had) * sizeof *s->change);
    return st;
}

static inline bpemix_status touch(side *s, uint32_t x, bpemix_error *err)
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

static inline bpemix_status rise(side *s, uint32_t x, uint32_t w, int64_t count, bpemix_error *err)
{
    change *c = &s->change[x];
    bpemix_status st;

    c->rise += count;
    if (c->last_word == w + 1)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->note, &s->notes_cap, s->n_notes + 1, sizeof *s->note, err)))
        return st;
    s->note[s->n_notes++] = (note){ x, w };
    c->last_word = w + 1;
    c->n++;
    return BPEMIX_OK;
}

/* Apply (left, right) -> product to one word, left to right; the neighbour in
 * front is the one already written. */
static bpemix_status merge_word(trainer *t, uint32_t w, uint32_t left, uint32_t right,
                                uint32_t product, bpemix_error *err)
{
    bmx_train_word *word = bmx_train_word_at(&t->text, w);
    uint32_t *s = word->symbol, n = word->length, to = 0, i = 0;
    int64_t count = (int64_t)word->count;
    bpemix_status st = BPEMIX_OK;

    while (i + 1 < n && (SYMBOL(s[i]) != left || SYMBOL(s[i + 1]) != right))
        i++;
    for (to = i; i < n;) {
        if (SYMBOL(s[i]) != left || i + 1 == n || SYMBOL(s[i + 1]) != right ||
            (left == right && (s[i] & SKIPPED))) {
            s[to++] = s[i++];
            continue;
        }
        if (to && SYMBOL(s[to - 1]) != BMX_TRAIN_NO_SYMBOL) {
            uint32_t x = SYMBOL(s[to - 1]);

            if ((st = touch(&t->front, x, err)))
                break;
            if (x != left || !(s[to - 1] & SKIPPED))
                t->front.change[x].fall += count;
            if (t->sentencepiece && x == product && to > 1 && SYMBOL(s[to - 2]) == product &&
                !(s[to - 2] & SKIPPED))
                s[to - 1] |= SKIPPED;
            else if ((st = rise(&t->front, x, w, count, err)))
                break;
        }
        if (i + 2 < n && SYMBOL(s[i + 2]) != BMX_TRAIN_NO_SYMBOL) {
            uint32_t y = SYMBOL(s[i + 2]);

            if ((st = touch(&t->behind, y, err)))
                break;
            if (y != right || !(s[i + 1] & SKIPPED))
                t->behind.change[y].fall += count;
            if ((st = rise(&t->behind, y, w, count, err)))
                break;
        }
        s[to++] = product;
        i += 2;
    }
    for (; i < n; i++) /* after a failure alone */
        s[to++] = s[i];
    word->length = to;
    return st;
}

/* The pair of the symbol s->symbol[k] with `part`, which is behind the symbols in front. */
static void fetch(const trainer *t, const side *s, size_t k, bool front, uint32_t part)
{
    if (k < s->n)
        bmx_train_pairs_prefetch(&t->pairs, front ? s->symbol[k] : part,
                                 front ? part : s->symbol[k]);
}

/* New pairs get their counts and room for their postings; then the old ones fall. */
static bpemix_status settle_rises(trainer *t, side *s, bool front, uint32_t product,
                                  bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < s->n && !st; k++) {
        change *c = &s->change[s->symbol[k]];
        uint32_t p = 0, x = s->symbol[k];

        fetch(t, s, k + AHEAD, front, product);
        if (!c->rise)
            continue;
        if ((st = bmx_train_pairs_add(&t->pairs, front ? x : product, front ? product : x, &p,
                                      err)) ||
            (st = bmx_train_pairs_reserve(&t->pairs, p, c->n, err)))
            break;
        t->pairs.pair[p].count += c->rise;
        c->last_word = p; /* where its postings go from here on */
    }
    for (size_t k = 0; k < s->n_notes && !st; k++) {
        bmx_train_pair *p = &t->pairs.pair[s->change[s->note[k].symbol].last_word];
        p->posting[p->n++] = s->note[k].word;
    }
    return st;
}

static void settle_falls(trainer *t, const side *s, bool front, uint32_t part)
{
    for (size_t k = 0; k < s->n; k++) {
        uint32_t x = s->symbol[k], p = BMX_NONE;

        fetch(t, s, k + AHEAD, front, part);
        if (s->change[x].fall)
            p = bmx_train_pairs_find(&t->pairs, front ? x : part, front ? part : x);
        if (p != BMX_NONE)
            t->pairs.pair[p].count -= s->change[x].fall;
    }
}

/* P1 for the pairs whose count rose, T3. */
static bpemix_status settle(trainer *t, side *s, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < s->n; k++) {
        change *c = &s->change[s->symbol[k]];

        if (!st && c->rise)
            st = bmx_train_pairs_rose(&t->pairs, c->last_word, err);
        *c = (change){ 0 };
    }
    s->n = s->n_notes = 0;
    return st;
}

static bpemix_status list_merge(trainer *t, uint32_t p, uint32_t *product, bool *exists,
                                bpemix_error *err)
{
    bmx_merge_list *m = &t->list;
    bmx_train_pair *pair = &t->pairs.pair[p];
    bmx_slice text;
    bool is_new = false;
    bpemix_status st;

    if ((st = bmx_reserve(&m->merge, &m->cap, (size_t)m->n + 1, sizeof *m->merge, err)) ||
        (st = bmx_train_pairs_product(&t->pairs, pair->left, pair->right, &text, err)))
        return st;
    *exists = t->sentencepiece && bmx_intern_find(&m->token, text) != BMX_NONE;
    if (*exists)
        return BPEMIX_OK;
    if (m->token.n >= BMX_TRAIN_NO_SYMBOL)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^31 tokens");
    if ((st = bmx_intern_add(&m->token, text, product, &is_new, err)))
        return st;
    m->merge[m->n++] = (bmx_merge){ pair->left, pair->right, *product,
                                    pair->merged ? BMX_MERGE_REPEATED : 0 };
    pair->merged = true;
    return BPEMIX_OK;
}

/* Merge the pair everywhere and list it. */
static bpemix_status merge_pair(trainer *t, uint32_t p, bpemix_error *err)
{
    bmx_train_pair *pair = &t->pairs.pair[p]; /* until others are added */
    uint32_t left = pair->left, right = pair->right, n = pair->n, product = 0;
    const uint32_t *list = pair->posting;
    const bmx_train_text *x = &t->text;
    bool exists;
    bpemix_status st = list_merge(t, p, &product, &exists, err);

    if (st)
        return st;
    if (exists) { /* SentencePiece takes a string once, from the first pair that makes it */
        pair->barred = true;
        return BPEMIX_OK;
    }
    if ((st = side_reserve(&t->front, t->list.token.n, err)) ||
        (st = side_reserve(&t->behind, t->list.token.n, err)))
        return st;
    pair->n = 0; /* no word contains it afterwards */
    pair->posting = NULL;
    for (uint32_t k = 0; k < n && !st; k++) {
        if (k + AHEAD < n)
            __builtin_prefetch(bmx_train_word_at(x, list[k + AHEAD]));
        st = merge_word(t, list[k], left, right, product, err);
    }
    if (!st && !(st = settle_rises(t, &t->front, true, product, err)))
        st = settle_rises(t, &t->behind, false, product, err);
    if (!st) {
        settle_falls(t, &t->front, true, left);
        settle_falls(t, &t->behind, false, right);
        t->pairs.pair[p].count = 0;
        if (!(st = settle(t, &t->front, err)))
            st = settle(t, &t->behind, err);
    }
    return st;
}

/* ---- training ---- */

static void side_release(side *s)
{
    bmx_free(s->change);
    bmx_free(s->symbol);
    bmx_free(s->note);
}

static void trainer_release(trainer *t)
{
    bmx_train_text_release(&t->text);
    bmx_train_pairs_release(&t->pairs);
    side_release(&t->front);
    side_release(&t->behind);
    bmx_merge_list_release(&t->list);
}

/* Inherited merges are not learned again; their pairs may occur again, as repeated ones. */
static void mark_inherited(trainer *t)
{
    for (uint32_t k = 0; k < t->list.n_inherited; k++) {
        uint32_t p = bmx_train_pairs_find(&t->pairs, t->list.merge[k].left,
                                          t->list.merge[k].right);

        if (p != BMX_NONE)
            t->pairs.pair[p].merged = true;
    }
}

static bool wants_more(const trainer *t)
{
    const bmx_train_opts *o = t->opts;

    return t->list.n - t->list.n_inherited < o->n_merges &&
           (!o->vocab_size || t->list.token.n < o->vocab_size);
}

/* After every merge: check for cancellation and tell progress. */
static bpemix_status check(const trainer *t, bpemix_error *err)
{
    const bmx_train_opts *o = t->opts;
    bpemix_status st = bmx_check_cancel(err);

    if (st || !bmx_progress_due(o->progress))
        return st;
    return bmx_progress_tell(o->progress, &(bpemix_progress){
        .stage = "training", .unit = "merges", .done = t->list.n - t->list.n_inherited,
        .total = t->asked, .bound = NAN, .gap = NAN }, err);
}

static bpemix_status run(trainer *t, bpemix_error *err)
{
    uint32_t p = 0;
    bpemix_status st;

    if ((st = count_pairs(t, err)))
        return st;
    mark_inherited(t);
    t->asked = t->opts->n_merges == BMX_NONE ? 0 : t->opts->n_merges;
    if (t->opts->vocab_size > t->list.token.n)
        t->asked = t->opts->vocab_size - (uint32_t)t->list.token.n;
    while (wants_more(t) && !(st = bmx_train_pairs_next(&t->pairs, &p, err)) && p != BMX_NONE)
        if ((st = check(t, err)) || (st = merge_pair(t, p, err)))
            break;
    return st;
}

bpemix_status bmx_train(const bmx_train_words *words, const bmx_train_opts *opts,
                        bmx_merge_list *out, bpemix_error *err)
{
    trainer t = { .opts = opts, .sentencepiece = opts->pieces != NULL };
    bpemix_status st = bmx_train_pairs_init(&t.pairs, opts, &t.list, err);

    if (!st)
        st = bmx_train_text_init(&t.text, words, opts, &t.list, err);
    if (!st)
        st = run(&t, err);
    if (!st) {
        *out = t.list;
        t.list = (bmx_merge_list){ 0 };
    }
    trainer_release(&t);
    return st;
}

void bmx_merge_list_release(bmx_merge_list *m)
{
    bmx_intern_release(&m->token);
    bmx_free(m->merge);
    *m = (bmx_merge_list){ 0 };
}
