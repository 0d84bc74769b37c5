/* wordsum.c
 *
 *   shard   slot[n_slots]   as in wordtab.h
 *
 * U1  A slot's place follows from the hash by multiplication, so that slots are
 *     in order of the hash, but for probing, as they are in workers' tables: the
 *     words of a shard stand together there.
 * U2  A shard is at most 3/4 full and grows by half: with a power of two, half of
 *     a large sum would be empty.
 * U3  Words come to a shard in an order that has nothing to do with the hash.  In
 *     the hash's own they would fill the start of it to the brim while the rest is
 *     empty, and probing would be quadratic.
 *
 * Order.  Slots become items (below), are dealt out to buckets by their first one
 * or two bytes, and each bucket is sorted by radix, byte after byte.  Threads
 * share the shards, then the buckets. */
#include "text/wordsum.h"
#include "base/threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SHARD_BITS 6
#define N_SHARDS ((size_t)1 << SHARD_BITS)
#define FIRST_SLOTS 32
#define AHEAD 12 /* slots from a prefetch to its use */

typedef struct bmx_wordsum_shard {
    pthread_mutex_t lock;
    bmx_wordtab_slot *slot; /* slot[n_slots] */
    size_t n, n_slots;
    bmx_arena arena;
} shard;

bpemix_status bmx_wordsum_open(bmx_wordsum *s, bpemix_error *err)
{
    if (!(s->shard = bmx_calloc(N_SHARDS, sizeof *s->shard)))
        return bmx_nomem(err);
    for (size_t i = 0; i < N_SHARDS; i++)
        pthread_mutex_init(&s->shard[i].lock, NULL);
    return BPEMIX_OK;
}

void bmx_wordsum_release(bmx_wordsum *s)
{
    for (size_t i = 0; s->shard && i < N_SHARDS; i++) {
        pthread_mutex_destroy(&s->shard[i].lock);
        bmx_free(s->shard[i].slot);
        bmx_arena_release(&s->shard[i].arena);
    }
    for (size_t i = 0; i < s->n_given; i++)
        bmx_wordtab_release(&s->given[i]);
    bmx_free(s->shard);
    bmx_free(s->given);
    *s = (bmx_wordsum){ 0 };
}

/* ---- adding up ---- */

static inline size_t shard_of(uint64_t hash) { return (size_t)(hash >> (64 - SHARD_BITS)); }

static inline size_t home_of(const shard *h, uint64_t hash)
{
    return (size_t)((unsigned __int128)(hash << SHARD_BITS) * h->n_slots >> 64); /* U1 */
}

static bpemix_status grow(shard *h, bpemix_error *err)
{
    shard larger = { .n_slots = h->n_slots ? h->n_slots + h->n_slots / 2 : FIRST_SLOTS };

    if (!(larger.slot = bmx_calloc_table(larger.n_slots, sizeof *larger.slot)))
        return bmx_nomem(err);
    for (size_t i = 0; i < h->n_slots; i++)
        if (h->slot[i].count) {
            size_t k = home_of(&larger, h->slot[i].hash);
            while (larger.slot[k].count)
                k = k + 1 == larger.n_slots ? 0 : k + 1;
            larger.slot[k] = h->slot[i];
        }
    bmx_free(h->slot);
    h->slot = larger.slot;
    h->n_slots = larger.n_slots;
    return BPEMIX_OK;
}

static bpemix_status add_long(shard *h, const bmx_wordtab_slot *s, bpemix_error *err)
{
    bmx_slice word = bmx_wordtab_long((const char *)(uintptr_t)s->k0);
    size_t i = home_of(h, s->hash);
    const char *copy;

    for (; h->slot[i].count; i = i + 1 == h->n_slots ? 0 : i + 1)
        if (h->slot[i].hash == s->hash && h->slot[i].k1 == s->k1 &&
            !memcmp(bmx_wordtab_long((const char *)(uintptr_t)h->slot[i].k0).ptr, word.ptr, word.len)) {
            h->slot[i].count += s->count;
            return BPEMIX_OK;
        }
    if (!(copy = bmx_wordtab_store(&h->arena, word)))
        return bmx_nomem(err);
    h->slot[i] = *s;
    h->slot[i].k0 = (uintptr_t)copy;
    h->n++;
    return BPEMIX_OK;
}

static inline bpemix_status add(shard *h, const bmx_wordtab_slot *s, bpemix_error *err)
{
    size_t i;

    if (__builtin_expect(h->n + 1 > h->n_slots / 4 * 3, 0) && grow(h, err)) /* U2 */
        return BPEMIX_E_NOMEM;
    if (s->k1 >= BMX_WORDTAB_LONG)
        return add_long(h, s, err);
    i = home_of(h, s->hash);
    while (h->slot[i].count && (h->slot[i].k0 != s->k0 || h->slot[i].k1 != s->k1))
        i = i + 1 == h->n_slots ? 0 : i + 1;
    if (h->slot[i].count) {
        h->slot[i].count += s->count;
    } else {
        h->slot[i] = *s;
        h->n++;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_wordsum_take(bmx_wordsum *s, bmx_wordtab *t, bpemix_error *err)
{
    size_t n = t->n_slots / N_SHARDS, step = (n * 5 / 8) | 1; /* n is a power of two or 0 */
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < N_SHARDS && !st && t->n; k++) {
        const bmx_wordtab_slot *slot = t->slot + k * n;
        shard *h = &s->shard[k];

        pthread_mutex_lock(&h->lock);
        for (size_t i = 0, at = 0; i < n && !st; i++, at = (at + step) & (n - 1)) { /* U3 */
            const bmx_wordtab_slot *later = &slot[(at + AHEAD * step) & (n - 1)];

            if (later->count && h->n_slots)
                __builtin_prefetch(&h->slot[home_of(h, later->hash)], 1);
            if (slot[at].count && shard_of(slot[at].hash) == k)
                st = add(h, &slot[at], err);
        }
        pthread_mutex_unlock(&h->lock);
    }
    /* the few that probing took to the slots of the next shard */
    for (size_t k = 0; k < N_SHARDS && !st && t->n; k++)
        for (size_t i = 0; i < n && !st && t->slot[k * n + i].count; i++) {
            const bmx_wordtab_slot *slot = &t->slot[k * n + i];
            shard *h = &s->shard[shard_of(slot->hash)];

            if (h == &s->shard[k])
                continue;
            pthread_mutex_lock(&h->lock);
            st = add(h, slot, err);
            pthread_mutex_unlock(&h->lock);
        }
    bmx_wordtab_empty(t);
    return st;
}

bpemix_status bmx_wordsum_give(bmx_wordsum *s, bmx_wordtab *t, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&s->given, &s->given_cap, s->n_given + 1, sizeof *s->given, err);

    if (st)
        return st;
    s->given[s->n_given++] = *t;
    *t = (bmx_wordtab){ .max_slots = t->max_slots, .full = t->full, .full_ctx = t->full_ctx };
    return BPEMIX_OK;
}

/* ---- byte order ---- */

/* A word that sorts by two numbers; then, when both are equal, by its bytes:
 *
 *   hi, lo   its first 15 bytes, zero-padded, then its length, 255 for a long word */
typedef struct item {
    uint64_t hi, lo;
    const char *stored; /* of a long word, else NULL */
    uint64_t count;
} item;

static inline item item_of(const bmx_wordtab_slot *s)
{
    item x = { .count = s->count };
    uint64_t k0 = s->k0, k1 = s->k1;

    if (k1 >= BMX_WORDTAB_LONG) {
        x.stored = (const char *)(uintptr_t)k0;
        k0 = bmx_wordtab_load(x.stored + 8, 8);
        k1 = bmx_wordtab_load(x.stored + 16, 7) | BMX_WORDTAB_LONG;
    }
    x.hi = __builtin_bswap64(k0);
    x.lo = __builtin_bswap64(k1);
    return x;
}

static inline size_t length_of(const item *x)
{
    return x->stored ? bmx_wordtab_long(x->stored).len : (size_t)(x->lo & 0xff);
}

static inline bool sorts_before(const item *x, const item *y)
{
    if (x->hi != y->hi)
        return x->hi < y->hi;
    if (x->lo != y->lo || !x->stored)
        return x->lo < y->lo;
    return bmx_slice_cmp(bmx_wordtab_long(x->stored), bmx_wordtab_long(y->stored)) < 0;
}

#define FEW 24 /* items that are sorted by counting those before each */

static inline unsigned __int128 key_of(const item *x)
{
    return (unsigned __int128)x->hi << 64 | x->lo;
}

/* Every pair is compared, and no branch depends on it: a third of the time that
 * insertion takes, most of which goes into wrong guesses. */
static void sort_few(item *a, size_t n)
{
    item copy[FEW];
    unsigned place[FEW];
    bool alike = false;

    memcpy(copy, a, n * sizeof *a);
    for (size_t i = 0; i < n; i++) {
        unsigned __int128 key = key_of(&copy[i]);
        unsigned after = 0; /* of those so far */

        for (size_t k = 0; k < i; k++) {
            unsigned before = key < key_of(&copy[k]);
            place[k] += before;
            after += before;
        }
        place[i] = (unsigned)i - after;
    }
    for (size_t i = 0; i < n; i++)
        a[place[i]] = copy[i];
    for (size_t i = 1; i < n; i++)
        alike |= a[i].stored && key_of(&a[i]) == key_of(&a[i - 1]);
    for (size_t i = 1; i < n && alike; i++) { /* long words, alike in 15 bytes */
        item x = a[i];
        size_t k = i;

        for (; k > 0 && sorts_before(&x, &a[k - 1]); k--)
            a[k] = a[k - 1];
        a[k] = x;
    }
}

static int by_word(const void *x, const void *y)
{
    return sorts_before(x, y) ? -1 : sorts_before(y, x);
}

/* Dealt out in place by up to eight bits, and each heap sorted in turn.  The bits
 * are those from the first one on in which items differ: letters of most scripts
 * share the high bits of all their bytes, and words of a heap how they begin. */
static void radix_sort(item *a, size_t n)
{
    size_t end[256], next[256];
    uint64_t hi = 0, lo = 0;
    unsigned shift, bits = n < 64 ? 4 : n < 512 ? 6 : 8; /* not many more heaps than items */
    size_t mask = ((size_t)1 << bits) - 1;
    bool low;

    if (n <= FEW) {
        sort_few(a, n);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        hi |= a[i].hi ^ a[0].hi;
        lo |= a[i].lo ^ a[0].lo;
    }
    low = !hi;
    if (low && !lo) { /* long words, alike in 15 bytes */
        qsort(a, n, sizeof *a, by_word);
        return;
    }
    shift = 64 - (unsigned)__builtin_clzll(low ? lo : hi);
    shift = shift < bits ? 0 : shift - bits;
    memset(end, 0, (mask + 1) * sizeof *end);
    for (size_t i = 0; i < n; i++)
        end[(low ? a[i].lo : a[i].hi) >> shift & mask]++;
    for (size_t d = 0, sum = 0; d <= mask; d++) {
        next[d] = sum;
        end[d] = sum += end[d];
    }
    for (size_t d = 0; d <= mask; d++)
        while (next[d] < end[d]) {
            item x = a[next[d]];
            size_t k;

            while ((k = (low ? x.lo : x.hi) >> shift & mask) != d) {
                item y = a[next[k]];
                a[next[k]++] = x;
                x = y;
            }
            a[next[d]++] = x;
        }
    for (size_t d = 0, from = 0; d <= mask; from = end[d++])
        if (end[d] - from > 1)
            radix_sort(a + from, end[d] - from);
}

/* ---- to words in byte order ---- */

#define MANY 65536 /* words that are worth two bytes, and several threads */

/* Slots that one task deals out: those of a shard, or some of a given table's. */
typedef struct part {
    const bmx_wordtab_slot *slot;
    size_t n;
} part;

/* Buckets that one task sorts. */
typedef struct range {
    size_t from, to;  /* items */
    size_t n;         /* words of them: equal items were made one */
    size_t at, bytes; /* of the first word among all; of all words' bytes */
    size_t bytes_at;
    uint64_t pieces;
} range;

typedef struct finish {
    bmx_wordsum *sum;
    part *part;      /* part[n_parts] */
    size_t n_parts;
    unsigned bytes_dealt; /* buckets are for the first one or two bytes */
    size_t n_buckets;
    size_t n_groups; /* of parts */
    size_t *place;   /* place[n_groups][n_buckets]: items in one, then where the next one goes */
    item *item;      /* item[n] */
    size_t n;
    size_t n_ranges;
    size_t *start;   /* start[n_buckets + 1]: first items of buckets */
    range *range;    /* range[n_ranges] */
    bmx_words *out;
    char *text;
} finish;

/* The bytes of a long word are somewhere else: fetched before they are needed. */
static inline void fetch_slot(const part *p, size_t i)
{
    if (i + AHEAD < p->n && p->slot[i + AHEAD].k1 >= BMX_WORDTAB_LONG)
        __builtin_prefetch((const char *)(uintptr_t)p->slot[i + AHEAD].k0);
}

static inline void fetch_item(const finish *f, size_t i, size_t end)
{
    if (i + AHEAD < end && f->item[i + AHEAD].stored)
        __builtin_prefetch(f->item[i + AHEAD].stored);
}

static inline size_t bucket_of(const finish *f, const item *x)
{
    return (size_t)(x->hi >> (64 - 8 * f->bytes_dealt));
}

static bpemix_status count_group(void *ctx, size_t g, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    size_t *count = f->place + g * f->n_buckets;

    (void)worker, (void)err;
    for (size_t k = g; k < f->n_parts; k += f->n_groups)
        for (size_t i = 0; i < f->part[k].n; i++) {
            fetch_slot(&f->part[k], i);
            if (f->part[k].slot[i].count) {
                item x = item_of(&f->part[k].slot[i]);
                count[bucket_of(f, &x)]++;
            }
        }
    return BPEMIX_OK;
}

static bpemix_status deal_group(void *ctx, size_t g, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    size_t *place = f->place + g * f->n_buckets;

    (void)worker, (void)err;
    for (size_t k = g; k < f->n_parts; k += f->n_groups) {
        for (size_t i = 0; i < f->part[k].n; i++) {
            fetch_slot(&f->part[k], i);
            if (f->part[k].slot[i].count) {
                item x = item_of(&f->part[k].slot[i]);
                f->item[place[bucket_of(f, &x)]++] = x;
            }
        }
        if (k < N_SHARDS) { /* long words stay in the arena */
            bmx_free(f->sum->shard[k].slot);
            f->sum->shard[k].slot = NULL;
        }
    }
    return BPEMIX_OK;
}

static bpemix_status sort_range(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    range r = f->range[k]; /* a copy: its neighbours belong to other threads */
    item *last = NULL;

    (void)worker, (void)err;
    for (size_t i = r.from, to; i < r.to; i = to) {
        to = f->start[bucket_of(f, &f->item[i]) + 1];
        if (to - i > 1)
            radix_sort(f->item + i, to - i);
    }
    for (size_t i = r.from; i < r.to; i++) {
        item *x = &f->item[i];

        fetch_item(f, i, r.to);
        if (last && x->hi == last->hi && x->lo == last->lo && !sorts_before(last, x)) {
            last->count += x->count;
            continue;
        }
        last = &f->item[r.from + r.n++];
        *last = *x;
        r.bytes += length_of(x);
    }
    f->range[k] = r;
    return BPEMIX_OK;
}

static bpemix_status write_range(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    range r = f->range[k];
    char *p = f->text + r.bytes_at, *end = p + r.bytes;

    (void)worker, (void)err;
    for (size_t i = 0; i < r.n; i++) {
        const item *x = &f->item[r.from + i];
        size_t len = length_of(x);

        fetch_item(f, r.from + i, r.from + r.n);
        if (x->stored) {
            memcpy(p, bmx_wordtab_long(x->stored).ptr, len);
        } else {
            char word[16];
            for (int b = 0; b < 8; b++) {
                word[b] = (char)(x->hi >> (56 - 8 * b));
                word[b + 8] = (char)(x->lo >> (56 - 8 * b));
            }
            if (end - p >= 16)
                memcpy(p, word, 16); /* the next word writes over what is too much */
            else
                memcpy(p, word, len);
        }
        f->out->word.str[r.at + i] = bmx_slice_of(p, len);
        f->out->count[r.at + i] = x->count;
        r.pieces += x->count;
        p += len;
    }
    f->range[k] = r;
    return BPEMIX_OK;
}

static bpemix_status find_parts(finish *f, bpemix_error *err)
{
    enum { SPLIT = 64 }; /* parts of a given table */
    const bmx_wordsum *s = f->sum;

    if (!(f->part = bmx_malloc(N_SHARDS + SPLIT * s->n_given, sizeof *f->part)))
        return bmx_nomem(err);
    for (size_t i = 0; i < N_SHARDS; i++) {
        f->part[f->n_parts++] = (part){ s->shard[i].slot, s->shard[i].n_slots };
        f->n += s->shard[i].n;
    }
    for (size_t i = 0; i < s->n_given; i++) {
        const bmx_wordtab *t = &s->given[i];
        for (size_t k = 0; k < SPLIT; k++) {
            size_t from = t->n_slots / SPLIT * k;
            f->part[f->n_parts++] =
                (part){ t->slot + from, k + 1 < SPLIT ? t->n_slots / SPLIT : t->n_slots - from };
        }
        f->n += t->n;
    }
    return BPEMIX_OK;
}

static bpemix_status run(finish *f, unsigned n_threads, bpemix_error *err)
{
    size_t share, n = 0, bytes = 0;
    bpemix_status st;

    if (!f->sum->shard)
        return BPEMIX_OK;
    if ((st = find_parts(f, err)) || !f->n)
        return st;
    if (f->n < MANY)
        n_threads = 1;
    f->bytes_dealt = f->n < MANY ? 1 : 2;
    f->n_buckets = (size_t)1 << 8 * f->bytes_dealt;
    f->n_groups = n_threads < N_SHARDS ? n_threads : N_SHARDS;
    f->n_ranges = n_threads == 1 ? 1 : 8 * (size_t)n_threads;
    f->place = bmx_calloc(f->n_groups * f->n_buckets, sizeof *f->place);
    f->start = bmx_malloc(f->n_buckets + 1, sizeof *f->start);
    f->item = bmx_malloc(f->n, sizeof *f->item);
    f->range = bmx_calloc(f->n_ranges, sizeof *f->range);
    if (!f->place || !f->start || !f->item || !f->range)
        return bmx_nomem(err);
    if ((st = bmx_parallel(n_threads, f->n_groups, count_group, f, err)))
        return st;
    share = f->n / f->n_ranges + 1;
    for (size_t b = 0, at = 0, r = 0; b < f->n_buckets; b++) {
        f->start[b] = at;
        for (size_t g = 0; g < f->n_groups; g++) {
            size_t here = f->place[g * f->n_buckets + b];
            f->place[g * f->n_buckets + b] = at;
            at += here;
        }
        f->range[r].to = at;
        if (at >= (r + 1) * share && r + 1 < f->n_ranges)
            f->range[++r] = (range){ .from = at, .to = at };
    }
    f->start[f->n_buckets] = f->n;
    if ((st = bmx_parallel(n_threads, f->n_groups, deal_group, f, err)))
        return st;
    for (size_t i = 0; i < f->sum->n_given; i++) /* as above */
        bmx_wordtab_free_slots(&f->sum->given[i]);
    if ((st = bmx_parallel(n_threads, f->n_ranges, sort_range, f, err)))
        return st;
    for (size_t r = 0; r < f->n_ranges; r++) {
        f->range[r].at = n;
        f->range[r].bytes_at = bytes;
        n += f->range[r].n;
        bytes += f->range[r].bytes;
    }
    if ((st = bmx_words_lay_out(f->out, n, bytes, &f->text, err)) ||
        (st = bmx_parallel(n_threads, f->n_ranges, write_range, f, err)))
        return st;
    for (size_t r = 0; r < f->n_ranges; r++)
        f->out->pieces += f->range[r].pieces;
    return BPEMIX_OK;
}

bpemix_status bmx_wordsum_finish(bmx_wordsum *s, unsigned n_threads, bmx_words *out,
                                 bpemix_error *err)
{
    finish f = { .sum = s, .out = out };
    bpemix_status st = run(&f, n_threads, err);

    bmx_free(f.place);
    bmx_free(f.start);
    bmx_free(f.item);
    bmx_free(f.range);
    bmx_free(f.part);
    bmx_wordsum_release(s);
    return st;
}
