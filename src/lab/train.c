/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.c - byte-pair encoding with postings in flat arrays and a heap of frequent pairs.
 *
 *   text      symbol[first[w] .. first[w] + length[w])   shrinks as merges are applied
 *   pair[p]   left, right, count, posting[n]: the words it occurs in
 *   slot      open addressing: (left, right) -> p
 *   heap      (count, tie, p) of pairs with a count of at least `floor`
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
 * Most pairs are too rare to be merged ever.  They stay out of the heap: it holds those
 * above a floor, which is halved, with one pass over all pairs, when the heap is empty.
 *
 * T1  pair[p].count is the exact number of adjacent occurrences, overlapping ones
 *     included, times word counts.  With SentencePiece's rules it is what that trainer
 *     counts: of overlapping occurrences every other one, chosen when they first appear;
 *     those passed over are marked with SKIPPED at their first symbol and never counted,
 *     nor merged, even when the one in front has gone (see mark_overlaps).
 * T2  every word that contains the pair is in its postings, perhaps twice.
 * T3  a pair with a count of at least `floor` has a heap entry with a count >= its own,
 *     unless it is barred.
 * T4  front and behind are all zero between merges. */
#include "lab/train.h"
#include "base/cancel.h"
#include "base/heap.h"
#include "replay/rivals.h"

#include <math.h>
#include <string.h>

#define SKIPPED 0x80000000u
#define SYMBOL(s) ((s) & ~SKIPPED)
#define AHEAD 8 /* words whose memory is fetched before their turn; a judgement */

typedef struct pair {
    uint32_t left, right;
    int64_t count;
    uint32_t *posting; /* posting[n], in the arena */
    uint32_t n;
    bool merged; /* once at least */
    bool barred; /* never to be merged: too long, no valid piece, or an existing product */
} pair;

typedef struct entry {
    int64_t count;
    uint64_t tie;
    uint32_t pair;
} entry;

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
    pair *pair;
    size_t n_pairs, pairs_cap;
    uint32_t *slot; /* slot[mask + 1]: p + 1, 0: empty */
    size_t mask;
    bmx_arena postings;
    entry *heap;
    size_t n_heap, heap_cap;
    int64_t floor, least; /* of counts: in the heap; worth a merge */
    side front, behind;
    bmx_buf product;      /* scratch */
    bmx_merge_list list;
    uint64_t asked;       /* merges to learn, at most; 0: as many as there are */
} trainer;

/* ---- ties ---- */

/* The first eight bytes of what decides between equal counts: smaller is first. */
static uint64_t tie_of(trainer *t, const pair *p)
{
    bmx_slice left = t->list.token.str[p->left], right = t->list.token.str[p->right];
    uint64_t length = 0, key = (uint64_t)p->left << 32 | p->right;

    switch (t->opts->ties) {
    case BMX_TIE_SENTENCEPIECE: /* what follows are bytes, compared in full when equal */
        for (size_t i = 0; i < left.len; i++)
            length += ((unsigned char)left.ptr[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < right.len; i++)
            length += ((unsigned char)right.ptr[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < 6; i++) {
            unsigned char c = i < left.len                ? (unsigned char)left.ptr[i]
                              : i - left.len < right.len ? (unsigned char)right.ptr[i - left.len]
                                                          : 0;
            length = length << 8 | c;
        }
        return length;
    case BMX_TIE_LENGTH:
        return left.len + right.len;
    case BMX_TIE_RANDOM:
        return bmx_hash64(&key, sizeof key, t->opts->seed);
    default:
        return key;
    }
}

static unsigned char byte_at(bmx_slice left, bmx_slice right, size_t i)
{
    return (unsigned char)(i < left.len ? left.ptr[i] : right.ptr[i - left.len]);
}

static int compare_products(const trainer *t, const pair *p, const pair *q)
{
    bmx_slice a = t->list.token.str[p->left], b = t->list.token.str[p->right];
    bmx_slice c = t->list.token.str[q->left], d = t->list.token.str[q->right];
    size_t m = a.len + b.len, n = c.len + d.len;

    for (size_t i = 0; i < m && i < n; i++)
        if (byte_at(a, b, i) != byte_at(c, d, i))
            return byte_at(a, b, i) < byte_at(c, d, i) ? -1 : 1;
    return (m > n) - (m < n);
}

static bool before(const trainer *t, const entry *a, const entry *b)
{
    const pair *p, *q;
    int c;

    if (a->count != b->count)
        return a->count > b->count;
    if (a->tie != b->tie)
        return a->tie < b->tie;
    p = &t->pair[a->pair];
    q = &t->pair[b->pair];
    if (t->opts->ties == BMX_TIE_SENTENCEPIECE && (c = compare_products(t, p, q)))
        return c < 0;
    return p->left != q->left ? p->left < q->left : p->right < q->right;
}

/* ---- heap ---- */

BMX_HEAP(entries, entry, const trainer *, before)

static bpemix_status heap_push(trainer *t, uint32_t p, bpemix_error *err)
{
    entry e = { t->pair[p].count, tie_of(t, &t->pair[p]), p };
    bpemix_status st = bmx_reserve(&t->heap, &t->heap_cap, t->n_heap + 1, sizeof *t->heap, err);

    if (!st)
        entries_push(t, t->heap, t->n_heap++, e);
    return st;
}

/* Lower the floor until something is above it; false: there is nothing left to merge. */
static bpemix_status refill(trainer *t, bool *more, bpemix_error *err)
{
    int64_t top = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t p = 0; p < t->n_pairs; p++)
        if (t->pair[p].count > top && !t->pair[p].barred)
            top = t->pair[p].count;
    *more = top >= t->least;
    if (!*more)
        return BPEMIX_OK;
    t->floor = top / 2 > t->least ? top / 2 : t->least;
    for (size_t p = 0; p < t->n_pairs && !st; p++)
        if (t->pair[p].count >= t->floor && !t->pair[p].barred)
            st = heap_push(t, (uint32_t)p, err);
    return st;
}

/* ---- pairs ---- */

static size_t slot_of(const trainer *t, uint32_t left, uint32_t right)
{
    uint64_t h = ((uint64_t)left << 32 | right) * 0x9e3779b97f4a7c15u;
    return (size_t)((h ^ h >> 32) & t->mask);
}

static uint32_t find_pair(const trainer *t, uint32_t left, uint32_t right)
{
    for (size_t i = slot_of(t, left, right);; i = (i + 1) & t->mask) {
        uint32_t p = t->slot[i];

        if (!p)
            return BMX_NONE;
        if (t->pair[p - 1].left == left && t->pair[p - 1].right == right)
            return p - 1;
    }
}

static bpemix_status grow_slots(trainer *t, size_t pairs, bpemix_error *err)
{
    size_t n = 1024;
    uint32_t *slot;

    while (n / 2 < pairs)
        n *= 2;
    if (t->slot && n <= t->mask + 1)
        return BPEMIX_OK;
    if (!(slot = bmx_calloc(n, sizeof *slot)))
        return bmx_nomem(err);
    bmx_free(t->slot);
    t->slot = slot;
    t->mask = n - 1;
    for (size_t p = 0; p < t->n_pairs; p++) {
        size_t i = slot_of(t, t->pair[p].left, t->pair[p].right);

        while (slot[i])
            i = (i + 1) & t->mask;
        slot[i] = (uint32_t)p + 1;
    }
    return BPEMIX_OK;
}

static bpemix_status join_text(trainer *t, uint32_t left, uint32_t right, bpemix_error *err)
{
    bmx_slice a = t->list.token.str[left], b = t->list.token.str[right];
    bpemix_status st;

    t->product.len = 0;
    if ((st = bmx_buf_add(&t->product, a.ptr, a.len, err)))
        return st;
    return bmx_buf_add(&t->product, b.ptr, b.len, err);
}

/* A pair that is new; *barred tells whether the trainer would never take it. */
static bpemix_status bar(trainer *t, uint32_t left, uint32_t right, bool *barred, bpemix_error *err)
{
    size_t length = 0;
    bpemix_status st;

    *barred = false;
    if (!t->sentencepiece && !t->opts->max_token_length)
        return BPEMIX_OK;
    if ((st = join_text(t, left, right, err)))
        return st;
    for (size_t i = 0; i < t->product.len; i++)
        length += t->list.alphabet == BMX_ALPHABET_BYTE ||
                  ((unsigned char)t->product.ptr[i] & 0xc0) != 0x80;
    *barred = t->opts->max_token_length && length > t->opts->max_token_length;
    if (t->sentencepiece && !*barred)
        *barred = !bmx_piece_is_valid(t->opts->pieces,
                                      bmx_slice_of(t->product.ptr, t->product.len));
    return BPEMIX_OK;
}

static bpemix_status add_pair(trainer *t, uint32_t left, uint32_t right, uint32_t *out,
                              bpemix_error *err)
{
    uint32_t p = find_pair(t, left, right);
    bpemix_status st;
    bool barred;
    size_t i;

    if (p == BMX_NONE) {
        if (t->n_pairs >= BMX_NONE - 1)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 pairs");
        if ((st = bmx_reserve(&t->pair, &t->pairs_cap, t->n_pairs + 1, sizeof *t->pair, err)) ||
            (st = grow_slots(t, t->n_pairs + 1, err)) || (st = bar(t, left, right, &barred, err)))
            return st;
        p = (uint32_t)t->n_pairs;
        t->pair[t->n_pairs++] = (pair){ .left = left, .right = right, .barred = barred };
        for (i = slot_of(t, left, right); t->slot[i];)
            i = (i + 1) & t->mask;
        t->slot[i] = p + 1;
    }
    *out = p;
    return BPEMIX_OK;
}

/* Room for n more postings of p, behind those it has. */
static bpemix_status reserve_postings(trainer *t, pair *p, uint32_t n, bpemix_error *err)
{
    uint32_t *list;

    if (n > UINT32_MAX - p->n)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967295 words");
    if (!(list = bmx_arena_alloc(&t->postings, ((size_t)p->n + n) * sizeof *list, sizeof *list)))
        return bmx_nomem(err);
    if (p->n)
        memcpy(list, p->posting, p->n * sizeof *list);
    p->posting = list;
    return BPEMIX_OK;
}

/* ---- the first counts ---- */

/* T1: SentencePiece finds the occurrences of (a, a) in "aaa" from the left and drops what
 * overlaps the one before for good.  Windows of equal symbols are marked accordingly in
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

/* Passes over all words: count pairs and their words, then note the words. */
static bpemix_status count_pairs(trainer *t, bpemix_error *err)
{
    const bmx_train_text *x = &t->text;
    uint32_t *last = NULL; /* by pair: the last word it was met in, + 1 */
    size_t last_cap = 0;
    bpemix_status st = grow_slots(t, 1, err);

    for (size_t w = 0; w < x->n && !st; w++) {
        const uint32_t *s = x->symbol + x->first[w];

        if (t->sentencepiece)
            mark_overlaps(x->symbol + x->first[w], 0, x->length[w]);
        for (uint32_t i = 0; i + 1 < x->length[w] && !st; i++) {
            uint32_t p = 0;
            size_t had = last_cap;

            if (!counts(s + i) || (st = add_pair(t, SYMBOL(s[i]), SYMBOL(s[i + 1]), &p, err)) ||
                (st = bmx_reserve(&last, &last_cap, t->n_pairs, sizeof *last, err)))
                continue;
            memset(last + had, 0, (last_cap - had) * sizeof *last);
            t->pair[p].count += (int64_t)x->count[w];
            t->pair[p].n += last[p] != w + 1;
            last[p] = (uint32_t)w + 1;
        }
    }
    for (size_t p = 0; p < t->n_pairs && !st; p++) {
        uint32_t n = t->pair[p].n;

        t->pair[p].n = 0;
        st = reserve_postings(t, &t->pair[p], n, err);
        last[p] = 0;
    }
    for (size_t w = 0; w < x->n && !st; w++)
        for (uint32_t i = 0; i + 1 < x->length[w]; i++) {
            const uint32_t *s = x->symbol + x->first[w] + i;
            uint32_t p = counts(s) ? find_pair(t, SYMBOL(s[0]), SYMBOL(s[1])) : BMX_NONE;

            if (p != BMX_NONE && last[p] != w + 1) {
                t->pair[p].posting[t->pair[p].n++] = (uint32_t)w;
                last[p] = (uint32_t)w + 1;
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
    uint32_t *s = t->text.symbol + t->text.first[w], n = t->text.length[w], to = 0, i = 0;
    int64_t count = (int64_t)t->text.count[w];
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
    t->text.length[w] = to;
    return st;
}

/* New pairs get their counts and room for their postings; then the old ones fall. */
static bpemix_status settle_rises(trainer *t, side *s, bool front, uint32_t product,
                                  bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < s->n && !st; k++) {
        change *c = &s->change[s->symbol[k]];
        uint32_t p = 0, x = s->symbol[k];

        if (!c->rise)
            continue;
        if ((st = add_pair(t, front ? x : product, front ? product : x, &p, err)) ||
            (st = reserve_postings(t, &t->pair[p], c->n, err)))
            break;
        t->pair[p].count += c->rise;
        c->last_word = p; /* where its postings go from here on */
    }
    for (size_t k = 0; k < s->n_notes && !st; k++) {
        pair *p = &t->pair[s->change[s->note[k].symbol].last_word];
        p->posting[p->n++] = s->note[k].word;
    }
    return st;
}

static void settle_falls(trainer *t, const side *s, bool front, uint32_t part)
{
    for (size_t k = 0; k < s->n; k++) {
        uint32_t x = s->symbol[k];
        uint32_t l = front ? x : part, r = front ? part : x;
        uint32_t p = s->change[x].fall ? find_pair(t, l, r) : BMX_NONE;

        if (p != BMX_NONE)
            t->pair[p].count -= s->change[x].fall;
    }
}

/* T3 for the pairs whose count rose, T4. */
static bpemix_status settle(trainer *t, side *s, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < s->n; k++) {
        change *c = &s->change[s->symbol[k]];

        if (!st && c->rise) {
            uint32_t p = c->last_word;

            if (t->pair[p].count >= t->floor && !t->pair[p].barred)
                st = heap_push(t, p, err);
        }
        *c = (change){ 0 };
    }
    s->n = s->n_notes = 0;
    return st;
}

static bpemix_status list_merge(trainer *t, uint32_t p, uint32_t *product, bool *exists,
                                bpemix_error *err)
{
    bmx_merge_list *m = &t->list;
    bool is_new = false;
    bpemix_status st;

    if ((st = bmx_reserve(&m->merge, &m->cap, (size_t)m->n + 1, sizeof *m->merge, err)) ||
        (st = join_text(t, t->pair[p].left, t->pair[p].right, err)))
        return st;
    *exists = t->sentencepiece &&
              bmx_intern_find(&m->token, bmx_slice_of(t->product.ptr, t->product.len)) != BMX_NONE;
    if (*exists)
        return BPEMIX_OK;
    if (m->token.n >= BMX_TRAIN_NO_SYMBOL)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^31 tokens");
    if ((st = bmx_intern_add(&m->token, bmx_slice_of(t->product.ptr, t->product.len), product,
                             &is_new, err)))
        return st;
    m->merge[m->n++] = (bmx_merge){ t->pair[p].left, t->pair[p].right, *product,
                                    t->pair[p].merged ? BMX_MERGE_REPEATED : 0 };
    t->pair[p].merged = true;
    return BPEMIX_OK;
}

/* Merge the pair everywhere and list it. */
static bpemix_status merge_pair(trainer *t, uint32_t p, bpemix_error *err)
{
    uint32_t left = t->pair[p].left, right = t->pair[p].right, n = t->pair[p].n, product = 0;
    const uint32_t *list = t->pair[p].posting;
    const bmx_train_text *x = &t->text;
    bool exists;
    bpemix_status st = list_merge(t, p, &product, &exists, err);

    if (st)
        return st;
    if (exists) { /* SentencePiece takes a string once, from the first pair that makes it */
        t->pair[p].barred = true;
        return BPEMIX_OK;
    }
    if ((st = side_reserve(&t->front, t->list.token.n, err)) ||
        (st = side_reserve(&t->behind, t->list.token.n, err)))
        return st;
    t->pair[p].n = 0; /* no word contains it afterwards */
    t->pair[p].posting = NULL;
    for (uint32_t k = 0; k < n && !st; k++) {
        if (k + 2 * AHEAD < n) {
            __builtin_prefetch(&x->first[list[k + 2 * AHEAD]]);
            __builtin_prefetch(&x->length[list[k + 2 * AHEAD]]);
        }
        if (k + AHEAD < n) {
            __builtin_prefetch(&x->symbol[x->first[list[k + AHEAD]]]);
            __builtin_prefetch(&x->count[list[k + AHEAD]]);
        }
        st = merge_word(t, list[k], left, right, product, err);
    }
    if (!st && !(st = settle_rises(t, &t->front, true, product, err)))
        st = settle_rises(t, &t->behind, false, product, err);
    if (!st) {
        settle_falls(t, &t->front, true, left);
        settle_falls(t, &t->behind, false, right);
        t->pair[p].count = 0;
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
    bmx_free(t->pair);
    bmx_free(t->slot);
    bmx_arena_release(&t->postings);
    bmx_free(t->heap);
    side_release(&t->front);
    side_release(&t->behind);
    bmx_buf_release(&t->product);
    bmx_merge_list_release(&t->list);
}

/* Inherited merges have had their turn: their pairs may come back, as repeated ones. */
static void mark_inherited(trainer *t)
{
    for (uint32_t k = 0; k < t->list.n_inherited; k++) {
        uint32_t p = find_pair(t, t->list.merge[k].left, t->list.merge[k].right);

        if (p != BMX_NONE)
            t->pair[p].merged = true;
    }
}

static bool wants_more(const trainer *t)
{
    const bmx_train_opts *o = t->opts;

    return t->list.n - t->list.n_inherited < o->n_merges &&
           (!o->vocab_size || t->list.token.n < o->vocab_size);
}

/* Once a merge: cancellation and progress. */
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
    bool more = true;
    bpemix_status st;

    if ((st = count_pairs(t, err)))
        return st;
    mark_inherited(t);
    t->asked = t->opts->n_merges == BMX_NONE ? 0 : t->opts->n_merges;
    if (t->opts->vocab_size > t->list.token.n)
        t->asked = t->opts->vocab_size - (uint32_t)t->list.token.n;
    while (!st && wants_more(t)) {
        pair *p;
        entry e;

        if (!t->n_heap && ((st = refill(t, &more, err)) || !more))
            break;
        e = entries_pop(t, t->heap, t->n_heap--);
        p = &t->pair[e.pair];
        if (e.count == p->count && !p->barred) {
            if (!(st = check(t, err)))
                st = merge_pair(t, e.pair, err);
        } else if (p->count >= t->floor && e.count > p->count && !p->barred) {
            st = heap_push(t, e.pair, err); /* has fallen since; risen ones were pushed then */
        }
    }
    return st;
}

bpemix_status bmx_train(const bmx_train_words *words, const bmx_train_opts *opts,
                        bmx_merge_list *out, bpemix_error *err)
{
    trainer t = { .opts = opts, .floor = 1 };
    bpemix_status st;

    t.sentencepiece = opts->pieces != NULL;
    t.least = opts->min_frequency > INT64_MAX ? INT64_MAX
              : opts->min_frequency           ? (int64_t)opts->min_frequency
                                              : 1;
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
