/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.c - byte-pair encoding: a merge rewrites the words that have its pair.
 *
 *   text      words as symbols (train_text.h), which shrink as merges are applied
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
 * Only the pairs that occur often enough to be merged soon are kept, with their postings.  When
 * they are used up, rarer ones are gathered from the words, by three passes over these:
 *
 *     sketch   the counts of all pairs, in a small table without keys: sums of several pairs each
 *     count    those whose sum is high enough, exactly
 *     post     the words of those whose count is
 *
 * T1  pair[p].count is the exact number of adjacent occurrences, overlapping ones
 *     included, times word counts.  With SentencePiece's rules it is what that trainer
 *     counts: of overlapping occurrences every other one, chosen when they first appear;
 *     those passed over are marked as skipped at their first symbol and never counted,
 *     nor merged, even when the one in front has gone (see mark_overlaps() of train_body.h).
 * T2  every word that contains the pair is in its postings, perhaps twice.
 * T3  front and behind are all zero between merges.
 * T4  before its merge, a product is not in the text.  Between two boundaries that are still there,
 *     no merge has reached across one of them, so what became of the bytes between them follows
 *     from these alone: where they are left and right in one place, they are the product in none.
 *     (With SentencePiece's rules it does not, but these make no product twice.) */
#include "base/assert.h"
#include "lab/train_state.h"
#include "base/cancel.h"

#include <math.h>
#include <string.h>

#define AHEAD 8 /* pairs whose memory is fetched before their turn; a judgement */

typedef bmx_trainer trainer;
typedef bmx_train_side side;
typedef bmx_train_change change;

static const bmx_train_passes *passes_of(const trainer *t)
{
    return t->text.wide ? &bmx_train_wide : &bmx_train_narrow;
}

/* ---- gathering pairs ---- */

/* A pass over the text takes as long as hundreds of merges, and pairs that are kept take memory:
 * these are those that occur at least a STEPth as often as the pair of the last merge, as long as
 * not more than MOST_CELLS cells have such sums. */
#define STEP 32
#define MOST_CELLS 65536

static bpemix_status sketch_pairs(trainer *t, bpemix_error *err)
{
    bmx_train_sketch *s = &t->sketch;

    for (s->bits = 12; s->bits < 19 && t->text.end >> s->bits; s->bits++)
        ;
    if (!(s->u.sum = bmx_calloc_table((size_t)1 << s->bits, sizeof *s->u.sum)))
        return bmx_nomem(err);
    passes_of(t)->sketch(t);
    return BPEMIX_OK;
}

static unsigned log_of(uint64_t sum) { return sum ? 63 - (unsigned)__builtin_clzll(sum) : 0; }

/* The least power of two that is reached by no more than MOST_CELLS sums. */
static uint64_t least_of_few(const bmx_train_sketch *s)
{
    size_t n[64] = { 0 }, sum = 0;
    unsigned k = 63;

    for (size_t c = 0; c < (size_t)1 << s->bits; c++)
        n[log_of(s->u.sum[c])]++;
    for (; k > 0 && sum + n[k] <= MOST_CELLS; k--)
        sum += n[k];
    return k ? (uint64_t)2 << k : 1;
}

/* The count to keep pairs from, so that there are some, if any pair is left. */
static int64_t choose_least(const trainer *t)
{
    const bmx_train_sketch *s = &t->sketch;
    const bmx_train_pairs *pairs = &t->pairs;
    uint64_t top = 0, least, few = least_of_few(s);

    for (size_t k = 0; k < (size_t)1 << s->bits; k++)
        top = s->u.sum[k] > top ? s->u.sum[k] : top;
    if (t->last_count && (uint64_t)t->last_count < top)
        top = (uint64_t)t->last_count;
    if ((uint64_t)pairs->least_kept < top)
        top = (uint64_t)pairs->least_kept;
    least = top / STEP > few ? top / STEP : few;
    if (least > top / 2)
        least = top / 2;
    return (int64_t)least > pairs->least ? (int64_t)least : pairs->least;
}

/* Cells with a sum of `least` and more have candidates; a sum is read before what is written over
 * it. */
static void find_cells(bmx_train_sketch *s, int64_t least)
{
    for (size_t k = 0; k < (size_t)1 << s->bits; k++) {
        uint64_t sum = s->u.sum[k];
        s->u.head[k] = sum >= (uint64_t)least ? BMX_TRAIN_UNKNOWN : 0;
    }
}

/* Candidates that are frequent enough become pairs, with room for their postings. */
static bpemix_status keep_candidates(trainer *t, bpemix_error *err)
{
    bmx_train_pairs *pairs = &t->pairs;
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < t->sketch.n && !st; k++) {
        bmx_train_candidate *c = &t->sketch.candidate[k];
        uint64_t count = c->u.count;
        uint32_t p;

        c->u.posting = NULL;
        c->last_word = 0;
        if (count < (uint64_t)pairs->least_kept)
            continue;
        if ((st = bmx_train_pairs_add(pairs, c->left, c->right, &p, err)))
            break;
        pairs->pair[p].count = (int64_t)count;
        if (!pairs->pair[p].barred && !(st = bmx_train_pairs_reserve(pairs, p, c->n, err))) {
            c->u.posting = pairs->pair[p].posting;
            pairs->pair[p].n = c->n;
        }
        c->n = 0;
    }
    return st;
}

static void sketch_release(bmx_train_sketch *s)
{
    bmx_free(s->u.sum);
    bmx_free(s->candidate);
    *s = (bmx_train_sketch){ 0 };
}

/* Pairs with their words from the text, all that occur often enough. */
static bpemix_status gather(trainer *t, bpemix_error *err)
{
    const bmx_train_passes *passes = passes_of(t);
    bpemix_status st;

    passes->pack(t);
    if ((st = sketch_pairs(t, err)))
        return st;
    bmx_train_pairs_clear(&t->pairs, choose_least(t));
    find_cells(&t->sketch, t->pairs.least_kept);
    if (!(st = passes->count(t, err)) && !(st = keep_candidates(t, err)))
        passes->post(t);
    sketch_release(&t->sketch);
    return st;
}

/* The next pair to merge, BMX_NONE when there is none. */
static bpemix_status next_pair(trainer *t, uint32_t *p, bpemix_error *err)
{
    bpemix_status st;

    while (!(st = bmx_train_pairs_next(&t->pairs, p, err)) && *p == BMX_NONE &&
           !bmx_train_pairs_complete(&t->pairs))
        if ((st = gather(t, err)))
            break;
    if (!st && *p != BMX_NONE)
        t->last_count = t->pairs.pair[*p].count;
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

/* The pair of the symbol s->symbol[k] with `part`, which is behind the symbols in front. */
static void fetch(const trainer *t, const side *s, size_t k, bool front, uint32_t part)
{
    if (k < s->n)
        bmx_train_pairs_prefetch(&t->pairs, front ? s->symbol[k] : part,
                                 front ? part : s->symbol[k]);
}

/* A pair with the product, which is new (T4); BMX_NONE when it need not be kept (P2). */
static bpemix_status risen_pair(trainer *t, uint32_t left, uint32_t right, int64_t rise,
                                uint32_t *p, bpemix_error *err)
{
    *p = BMX_NONE;
    return rise < t->pairs.least_kept ? BPEMIX_OK
                                      : bmx_train_pairs_add(&t->pairs, left, right, p, err);
}

/* Pairs with the product get their counts and room for their postings; then others fall. */
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
        if ((st = risen_pair(t, front ? x : product, front ? product : x, c->rise, &p, err)))
            break;
        if (p != BMX_NONE)
            t->pairs.pair[p].count += c->rise;
        if (p != BMX_NONE && t->pairs.pair[p].barred)
            p = BMX_NONE;
        if (p != BMX_NONE)
            st = bmx_train_pairs_reserve(&t->pairs, p, c->n, err);
        c->last_word = p; /* where its postings go from here on */
    }
    for (size_t k = 0; k < s->n_notes && !st; k++) {
        uint32_t p = s->change[s->note[k].symbol].last_word;

        if (p != BMX_NONE)
            t->pairs.pair[p].posting[t->pairs.pair[p].n++] = s->note[k].word;
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

        if (!st && c->rise && c->last_word != BMX_NONE)
            st = bmx_train_pairs_rose(&t->pairs, c->last_word, err);
        *c = (change){ 0 };
    }
    s->n = s->n_notes = 0;
    return st;
}

/* List the merge of a pair.  SentencePiece takes a string once, from the first pair that makes it:
 * then *out has no product. */
static bpemix_status list_merge(trainer *t, uint32_t p, bmx_train_merge *out, bpemix_error *err)
{
    bmx_merge_list *m = &t->list;
    bmx_train_pair *pair = &t->pairs.pair[p];
    bmx_slice text;
    bpemix_status st;

    *out = (bmx_train_merge){ pair->left, pair->right, BMX_NONE };
    if ((st = bmx_reserve(&m->merge, &m->cap, (size_t)m->n + 1, sizeof *m->merge, err)) ||
        (st = bmx_train_pairs_product(&t->pairs, pair->left, pair->right, &text, err)))
        return st;
    if (t->sentencepiece && bmx_intern_find(&m->token, text) != BMX_NONE)
        return BPEMIX_OK;
    if (m->token.n >= INT32_MAX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^31 tokens");
    if ((st = bmx_intern_add(&m->token, text, &out->product, NULL, err)))
        return st;
    m->merge[m->n++] = (bmx_merge){ pair->left, pair->right, out->product,
                                    pair->merged ? BMX_MERGE_REPEATED : 0 };
    pair->merged = true;
    return BPEMIX_OK;
}

#ifdef BMX_CHECKED
enum { FEW_UNITS = 1 << 14 }; /* of text that is gone through for every merge */

static uint32_t symbol_at(const bmx_train_text *x, const bmx_train_word *word, uint32_t i)
{
    const void *s = word + 1;

    return x->wide ? ((const uint32_t *)s)[i] : ((const uint16_t *)s)[i];
}

/* Occurrences of a pair in a word that count. */
static uint64_t count_in(const bmx_train_text *x, const bmx_train_word *word,
                         const bmx_train_pair *pair)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i + 1 < word->length; i++) {
        uint32_t s = symbol_at(x, word, i);

        n += (s & x->mask) == pair->left && (symbol_at(x, word, i + 1) & x->mask) == pair->right &&
             !(s & x->skipped && pair->left == pair->right);
    }
    return n;
}

/* T1 and T2 of a pair, by all words. */
static bool is_counted(const trainer *t, const bmx_train_pair *pair)
{
    const bmx_train_text *x = &t->text;
    uint64_t sum = 0;

    for (size_t w = 0; w < x->end;) {
        const bmx_train_word *word = bmx_train_word_at(x, w);
        uint64_t n;
        bool posted = false;

        if (x->block[w] == BMX_TRAIN_GAP) {
            w++;
            continue;
        }
        if ((n = count_in(x, word, pair))) {
            for (uint32_t k = 0; k < pair->n && !posted; k++)
                posted = pair->posting[k] == w;
            if (!posted)
                return false;
            sum += n * bmx_train_word_count(x, word);
        }
        w += bmx_train_word_units(word->length, x->wide ? 4 : 2);
    }
    return pair->count >= 0 && sum == (uint64_t)pair->count;
}
#endif

/* Merge the pair everywhere and list it. */
static bpemix_status merge_pair(trainer *t, uint32_t p, bpemix_error *err)
{
    bmx_train_pair *pair = &t->pairs.pair[p]; /* until others are added */
    uint32_t n = pair->n;
    const uint32_t *list = pair->posting;
    bmx_train_merge m;
    bpemix_status st = list_merge(t, p, &m, err);

    if (st)
        return st;
    if (m.product == BMX_NONE) {
        pair->barred = true;
        return BPEMIX_OK;
    }
    BMX_ASSERT(!t->front.n && !t->behind.n && !t->front.n_notes && !t->behind.n_notes); /* T3 */
    BMX_ASSERT(t->text.end > FEW_UNITS || is_counted(t, pair));                         /* T1, T2 */
    if ((st = side_reserve(&t->front, t->list.token.n, err)) ||
        (st = side_reserve(&t->behind, t->list.token.n, err)))
        return st;
    pair->n = 0; /* no word contains it afterwards */
    pair->posting = NULL;
    if (!(st = passes_of(t)->merge(t, list, n, m, err)) &&
        !(st = settle_rises(t, &t->front, true, m.product, err)))
        st = settle_rises(t, &t->behind, false, m.product, err);
    if (!st) {
        settle_falls(t, &t->front, true, m.left);
        settle_falls(t, &t->behind, false, m.right);
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
    sketch_release(&t->sketch);
}

/* Inherited merges are not learned again; where their pairs occur once more, as the products of
 * others may make them, they are repeated ones. */
static bpemix_status mark_inherited(trainer *t, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t k = 0; k < t->list.n_inherited && !st; k++) {
        const bmx_merge *m = &t->list.merge[k];
        uint32_t p;

        if (!(st = bmx_train_pairs_add(&t->pairs, m->left, m->right, &p, err)))
            t->pairs.pair[p].merged = true;
    }
    return st;
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

    if (t->sentencepiece)
        passes_of(t)->mark_overlaps(t);
    if ((st = mark_inherited(t, err)))
        return st;
    t->asked = t->opts->n_merges == BMX_NONE ? 0 : t->opts->n_merges;
    if (t->opts->vocab_size > t->list.token.n)
        t->asked = t->opts->vocab_size - (uint32_t)t->list.token.n;
    while (wants_more(t) && !(st = next_pair(t, &p, err)) && p != BMX_NONE)
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
