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
 * Order.  Slots are dealt out to buckets by how their words begin, so that a bucket
 * fits a cache, and each bucket is sorted.  Threads share the tables, then the
 * buckets. */
#include "text/wordsum.h"
#include "base/threads.h"
#include "text/wordsort.h"

#include <pthread.h>
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

static inline bool same_word(const bmx_wordtab_slot *x, const bmx_wordtab_slot *y)
{
    if (x->k1 != y->k1)
        return false;
    if (x->k1 < BMX_WORDTAB_LONG)
        return x->k0 == y->k0;
    return x->hash == y->hash && bmx_slice_eq(bmx_wordtab_long_of(x), bmx_wordtab_long_of(y));
}

static inline bpemix_status add(shard *h, const bmx_wordtab_slot *s, bpemix_error *err)
{
    const char *copy = NULL;
    size_t i;

    if (__builtin_expect(h->n + 1 > h->n_slots / 4 * 3, 0) && grow(h, err)) /* U2 */
        return BPEMIX_E_NOMEM;
    i = home_of(h, s->hash);
    while (h->slot[i].count && !same_word(&h->slot[i], s))
        i = i + 1 == h->n_slots ? 0 : i + 1;
    if (h->slot[i].count) {
        h->slot[i].count += s->count;
        return BPEMIX_OK;
    }
    if (s->k1 >= BMX_WORDTAB_LONG && !(copy = bmx_wordtab_store(&h->arena, bmx_wordtab_long_of(s))))
        return bmx_nomem(err);
    h->slot[i] = *s;
    if (copy)
        h->slot[i].k0 = (uintptr_t)copy;
    h->n++;
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
    bpemix_status st;

    if (!t->n_slots) /* it was never used: every given table has slots to look into */
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->given, &s->given_cap, s->n_given + 1, sizeof *s->given, err)))
        return st;
    s->given[s->n_given++] = *t;
    *t = (bmx_wordtab){ .max_slots = t->max_slots, .full = t->full, .full_ctx = t->full_ctx };
    return BPEMIX_OK;
}

/* ---- words that several given tables hold ----
 *
 * Tables are in order of the hash, but for probing: a table is looked through from
 * its start to its end, and so are, meanwhile, those before it in which its words
 * are looked up.  A word that is found gives up its count and stays as a slot that
 * is not empty, since others may have been put behind it.
 *
 * G1  A task changes counts of slots whose hash begins with its number, no others'. */

/* Add the count of a slot of given[i] to the same word of a table before it. */
static void join_slot(bmx_wordsum *s, size_t i, bmx_wordtab_slot *slot)
{
    for (size_t k = 0; k < i; k++) {
        const bmx_wordtab *t = &s->given[k];
        size_t mask = t->n_slots - 1, at = (size_t)(slot->hash >> t->shift);

        for (; t->slot[at].k1; at = (at + 1) & mask) /* a word is not empty, and k1 says so */
            if (same_word(&t->slot[at], slot)) {
                t->slot[at].count += slot->count;
                slot->count = 0;
                return;
            }
    }
}

/* Slots that are looked through at a time: they and as much of another table fit the
 * first-level cache. */
#define CHUNK 512

/* Words of a chunk, by their places in it. */
typedef struct chunk {
    bmx_wordtab_slot *slot;
    size_t n_inline, n_long;
    uint16_t in_slot[CHUNK], in_arena[CHUNK];
} chunk;

/* Words of slot[n] whose hash begins with k; where they belong in t is fetched.  Half
 * of the slots are empty, in no order: a branch would be guessed wrong. */
static void gather(chunk *c, const bmx_wordtab *t, bmx_wordtab_slot *slot, size_t n, size_t k)
{
    c->slot = slot;
    c->n_inline = c->n_long = 0;
    for (size_t i = 0; i < n; i++) {
        bool here = (slot[i].count != 0) & (shard_of(slot[i].hash) == k);
        bool is_long = slot[i].k1 >= BMX_WORDTAB_LONG;

        __builtin_prefetch(&t->slot[slot[i].hash >> t->shift], 1);
        c->in_slot[c->n_inline] = c->in_arena[c->n_long] = (uint16_t)i;
        c->n_inline += here & !is_long;
        c->n_long += here & is_long;
    }
}

/* All words are compared with what is where they belong, those that found another
 * word there with the next slot, and so on; without a branch, as above. */
static void join_inline(chunk *c, const bmx_wordtab *t)
{
    bmx_wordtab_slot *first = t->slot;
    size_t mask = t->n_slots - 1, n = c->n_inline;
    unsigned shift = t->shift;

    for (size_t probe = 0; n; probe++) {
        size_t left = 0;

        for (size_t i = 0; i < n; i++) {
            uint16_t at = c->in_slot[i];
            bmx_wordtab_slot *x = &c->slot[at], *y = &first[((x->hash >> shift) + probe) & mask];
            uint64_t count = x->count, same = -(uint64_t)((x->k0 == y->k0) & (x->k1 == y->k1));
            bool goes_on = (y->k1 != 0) & !same;

            y->count += count & same;
            x->count = count & ~same;
            c->in_slot[left] = at;
            left += goes_on;
        }
        n = left;
    }
}

/* The bytes of words that may be the same are fetched before any are compared. */
static void join_long(chunk *c, const bmx_wordtab *t)
{
    bmx_wordtab_slot *like[CHUNK];
    size_t mask = t->n_slots - 1, n = 0;

    for (size_t i = 0; i < c->n_long; i++) {
        const bmx_wordtab_slot *x = &c->slot[c->in_arena[i]];
        size_t at = (size_t)(x->hash >> t->shift);

        while (t->slot[at].k1 && (t->slot[at].hash != x->hash || t->slot[at].k1 != x->k1))
            at = (at + 1) & mask;
        if (!t->slot[at].k1)
            continue;
        like[n] = &t->slot[at];
        c->in_arena[n++] = c->in_arena[i];
        __builtin_prefetch((const char *)(uintptr_t)x->k0);
        __builtin_prefetch((const char *)(uintptr_t)t->slot[at].k0);
    }
    for (size_t i = 0; i < n; i++) {
        bmx_wordtab_slot *x = &c->slot[c->in_arena[i]];

        /* another word with this one's hash would be further on than the first */
        for (bmx_wordtab_slot *y = like[i]; y->k1; y = y + 1 < t->slot + t->n_slots ? y + 1 : t->slot)
            if (same_word(x, y)) {
                y->count += x->count;
                x->count = 0;
                break;
            }
    }
}

static bpemix_status join_range(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    bmx_wordsum *s = ctx;
    chunk c;

    (void)worker, (void)err;
    for (size_t i = 1; i < s->n_given; i++) {
        size_t n = s->given[i].n_slots / N_SHARDS, n_chunk = n < CHUNK ? n : CHUNK;
        bmx_wordtab_slot *slot = s->given[i].slot + k * n;

        for (size_t at = 0; at < n; at += n_chunk)
            for (size_t j = 0; j < i; j++) {
                gather(&c, &s->given[j], slot + at, n_chunk, k);
                for (size_t next = at + n_chunk; j == 0 && next < at + 2 * n_chunk && next < n; next += 2)
                    __builtin_prefetch(slot + next, 1); /* two slots a cache line */
                join_inline(&c, &s->given[j]);
                join_long(&c, &s->given[j]);
            }
    }
    return BPEMIX_OK;
}

static bpemix_status join(bmx_wordsum *s, unsigned n_threads, bpemix_error *err)
{
    bpemix_status st = bmx_parallel(n_threads, N_SHARDS, join_range, s, err);

    /* those that probing took to the slots of the next task */
    for (size_t i = 1; i < s->n_given && !st; i++)
        for (size_t k = 0, n = s->given[i].n_slots / N_SHARDS; k < N_SHARDS; k++)
            for (bmx_wordtab_slot *slot = s->given[i].slot + k * n, *end = slot + n;
                 slot < end && slot->k1; slot++)
                if (shard_of(slot->hash) != k && slot->count)
                    join_slot(s, i, slot);
    return st;
}

static bpemix_status close_up(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    bmx_wordsum *s = ctx;

    (void)worker, (void)err;
    bmx_wordtab_close_up(&s->given[k]);
    return BPEMIX_OK;
}

/* ---- to words in byte order ---- */

#define MANY 65536 /* words that are worth more than one bucket, and several threads */

/* Slots that one task deals out: those of a shard, or some of a given table's. */
typedef struct part {
    const bmx_wordtab_slot *slot;
    size_t n;
} part;

/* A word on its way: dealt out as it was, then ready to be sorted. */
typedef union cell {
    bmx_wordtab_slot slot;
    bmx_worditem item;
} cell;

/* Buckets that one task sorts. */
typedef struct range {
    size_t first, end; /* buckets */
    size_t n;          /* words of them: the same ones were made one */
    size_t at, bytes;  /* of the first word among all; of all words' bytes */
    size_t bytes_at;
    uint64_t pieces;
} range;

typedef struct finish {
    bmx_wordsum *sum;
    part *part;      /* part[n_parts] */
    size_t n_parts;
    uint32_t *bucket; /* bucket[65536], of a word by its first two bytes, NULL: all are in
                       * bucket 0; twice the number, and one more when the third byte adds to it */
    size_t n_buckets;
    size_t n_groups; /* of parts */
    size_t *place;   /* place[n_groups][n_buckets]: words in one, then where the next one goes */
    cell *cell;      /* cell[n], behind the words of the last given table if there is one */
    bool own_cells;
    size_t n;
    size_t n_ranges;
    size_t *start;   /* start[n_buckets + 1]: first cells of buckets */
    range *range;    /* range[n_ranges] */
    bmx_words *out;
    char *text;
} finish;

static inline size_t bucket_of(const finish *f, const bmx_wordtab_slot *s)
{
    uint64_t head = bmx_worditem_head(s);
    uint32_t b;

    if (!f->bucket)
        return 0;
    b = f->bucket[head >> 48];
    return (b >> 1) + (-(b & 1) & (uint32_t)(head >> 40 & 0xff));
}

/* Small buckets, as far as a sample of the words can tell: pairs of first bytes
 * share one, or have a bucket for each third byte. */
static bpemix_status choose_buckets(finish *f, bpemix_error *err)
{
    enum { SAMPLED = 16, SHARED = 8, DEEP = 32 /* in the sample, of a bucket */ };
    uint32_t *count, n = 0, b = 0;

    if (f->n < MANY) {
        f->n_buckets = 1;
        return BPEMIX_OK;
    }
    if (!(count = f->bucket = bmx_calloc(1 << 16, sizeof *f->bucket)))
        return bmx_nomem(err);
    for (size_t k = 0; k < f->n_parts; k++)
        for (size_t i = 0; i < f->part[k].n; i += SAMPLED)
            if (f->part[k].slot[i].count)
                count[bmx_worditem_head(&f->part[k].slot[i]) >> 48]++;
    for (size_t p = 0; p < 1 << 16; p++) {
        bool deep = count[p] >= DEEP;

        if (n + count[p] > SHARED && n) {
            b++;
            n = 0;
        }
        n += count[p];
        count[p] = b << 1 | deep;
        b += deep ? 255 : 0; /* and one more, as n is large now */
    }
    f->n_buckets = b + 1;
    return BPEMIX_OK;
}

static bpemix_status count_group(void *ctx, size_t g, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    size_t *count = f->place + g * f->n_buckets;

    (void)worker, (void)err;
    for (size_t k = g; k < f->n_parts; k += f->n_groups)
        for (size_t i = 0; i < f->part[k].n; i++)
            if (f->part[k].slot[i].count)
                count[bucket_of(f, &f->part[k].slot[i])]++;
    return BPEMIX_OK;
}

static bpemix_status deal_group(void *ctx, size_t g, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    size_t *place = f->place + g * f->n_buckets;

    (void)worker, (void)err;
    for (size_t k = g; k < f->n_parts; k += f->n_groups) {
        for (size_t i = 0; i < f->part[k].n; i++) {
            const bmx_wordtab_slot *s = &f->part[k].slot[i];
            if (s->count)
                f->cell[place[bucket_of(f, s)]++].slot = *s;
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
    size_t end = f->start[r.end], from = f->start[r.first];
    bmx_worditem *last = NULL, *spare = bmx_malloc(BMX_WORDITEM_SPARE, sizeof *spare);

    (void)worker;
    if (!spare)
        return bmx_nomem(err);
    /* the bytes of a long word are somewhere else: fetched before they are needed */
    for (size_t b = r.first; b < r.end; b++) {
        size_t first = f->start[b], n = f->start[b + 1] - first;

        for (size_t i = first; i < first + n; i++) {
            if (i + AHEAD < end && f->cell[i + AHEAD].slot.k1 >= BMX_WORDTAB_LONG)
                __builtin_prefetch((const char *)(uintptr_t)f->cell[i + AHEAD].slot.k0);
            f->cell[i].item = bmx_worditem_of(&f->cell[i].slot);
            r.bytes += bmx_worditem_length(&f->cell[i].item);
        }
        if (n > 1)
            bmx_worditem_sort(&f->cell[first].item, n, spare);
        for (size_t i = first; i < first + n; i++) {
            bmx_worditem *x = &f->cell[i].item;

            if (last && bmx_worditem_same(x, last)) {
                last->count += x->count;
                r.bytes -= bmx_worditem_length(x);
                continue;
            }
            last = &f->cell[from + r.n++].item;
            *last = *x;
        }
    }
    bmx_free(spare);
    f->range[k] = r;
    return BPEMIX_OK;
}

static bpemix_status write_range(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    range r = f->range[k];
    size_t from = f->start[r.first];
    char *p = f->text + r.bytes_at, *end = p + r.bytes;

    (void)worker, (void)err;
    for (size_t i = 0; i < r.n; i++) {
        const bmx_worditem *x = &f->cell[from + i].item;
        size_t len = bmx_worditem_length(x);

        if (i + AHEAD < r.n && f->cell[from + i + AHEAD].item.stored) /* as above */
            __builtin_prefetch(f->cell[from + i + AHEAD].item.stored);
        if (x->stored) {
            memcpy(p, bmx_wordtab_long(x->stored).ptr, len);
        } else {
            char word[16];
            for (int b = 0; b < 8; b++) {
                word[b] = (char)(x->key[0] >> (56 - 8 * b));
                word[b + 8] = (char)(x->key[1] >> (56 - 8 * b));
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

/* Tables without words that are in one before, and without empty slots.  Cells take
 * the rest of the last one's memory, which has been used: a page that is asked for
 * anew is what costs most here.  That one is the largest, and it has lost words to the
 * others. */
static bpemix_status find_cells(finish *f, unsigned n_threads, bpemix_error *err)
{
    bmx_wordsum *s = f->sum;
    bmx_wordtab *last = s->n_given ? &s->given[s->n_given - 1] : NULL;
    bpemix_status st = BPEMIX_OK;

    for (bmx_wordtab *t = s->given; t < last; t++)
        if (t->n_slots > last->n_slots) {
            bmx_wordtab larger = *t;
            *t = *last;
            *last = larger;
        }
    if (s->n_given > 1)
        st = join(s, n_threads, err);
    if (!st)
        st = bmx_parallel(n_threads, s->n_given, close_up, s, err);
    for (size_t i = 0; i < N_SHARDS && !st; i++)
        f->n += s->shard[i].n;
    for (size_t i = 0; i < s->n_given && !st; i++)
        f->n += s->given[i].n;
    if (st || !f->n)
        return st;
    for (bmx_wordtab *t = s->given; t && t <= last; t++) {
        size_t n = t->n + (t == last ? f->n : 0);
        void *mem = n ? bmx_realloc(t->mem, n, sizeof *t->slot) : t->mem;

        if (!mem && t == last)
            return bmx_nomem(err);
        if (mem)
            t->mem = t->slot = mem;
    }
    f->own_cells = !last;
    f->cell = last ? (cell *)last->mem + last->n : bmx_malloc(f->n, sizeof *f->cell);
    return f->cell ? BPEMIX_OK : bmx_nomem(err);
}

static bpemix_status find_parts(finish *f, bpemix_error *err)
{
    enum { SPLIT = 64 }; /* parts of a given table */
    const bmx_wordsum *s = f->sum;

    if (!(f->part = bmx_malloc(N_SHARDS + SPLIT * s->n_given, sizeof *f->part)))
        return bmx_nomem(err);
    for (size_t i = 0; i < N_SHARDS; i++)
        f->part[f->n_parts++] = (part){ s->shard[i].slot, s->shard[i].n_slots };
    for (size_t i = 0; i < s->n_given; i++) {
        const bmx_wordtab *t = &s->given[i];
        for (size_t k = 0; k < SPLIT; k++) {
            size_t from = t->n / SPLIT * k;
            f->part[f->n_parts++] =
                (part){ t->slot + from, k + 1 < SPLIT ? t->n / SPLIT : t->n - from };
        }
    }
    return BPEMIX_OK;
}

/* Where the words of each bucket go, and which buckets make a range. */
static void lay_out(finish *f)
{
    size_t share = f->n / f->n_ranges + 1, at = 0, r = 0;

    for (size_t b = 0; b < f->n_buckets; b++) {
        f->start[b] = at;
        for (size_t g = 0; g < f->n_groups; g++) {
            size_t here = f->place[g * f->n_buckets + b];
            f->place[g * f->n_buckets + b] = at;
            at += here;
        }
        f->range[r].end = b + 1;
        if (at >= (r + 1) * share && r + 1 < f->n_ranges)
            f->range[++r] = (range){ .first = b + 1, .end = b + 1 };
    }
    f->start[f->n_buckets] = at;
}

static bpemix_status run(finish *f, unsigned n_threads, bpemix_error *err)
{
    size_t n = 0, bytes = 0;
    bpemix_status st;

    if (!f->sum->shard)
        return BPEMIX_OK;
    if ((st = find_cells(f, n_threads, err)) || !f->n || (st = find_parts(f, err)) ||
        (st = choose_buckets(f, err)))
        return st;
    if (f->n < MANY)
        n_threads = 1;
    f->n_groups = n_threads < N_SHARDS ? n_threads : N_SHARDS;
    f->n_ranges = n_threads == 1 ? 1 : 8 * (size_t)n_threads;
    f->place = bmx_calloc(f->n_groups * f->n_buckets, sizeof *f->place);
    f->start = bmx_malloc(f->n_buckets + 1, sizeof *f->start);
    f->range = bmx_calloc(f->n_ranges, sizeof *f->range);
    if (!f->place || !f->start || !f->range)
        return bmx_nomem(err);
    if ((st = bmx_parallel(n_threads, f->n_groups, count_group, f, err)))
        return st;
    lay_out(f);
    if ((st = bmx_parallel(n_threads, f->n_groups, deal_group, f, err)))
        return st;
    for (size_t i = 0; i < f->sum->n_given; i++) { /* long words stay in the arenas */
        bmx_wordtab *t = &f->sum->given[i];
        if (i + 1 < f->sum->n_given)
            bmx_wordtab_free_slots(t);
        else
            bmx_give_back(t->mem, t->n * sizeof *t->slot);
    }
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

    bmx_free(f.bucket);
    bmx_free(f.place);
    bmx_free(f.start);
    bmx_free(f.own_cells ? f.cell : NULL);
    bmx_free(f.range);
    bmx_free(f.part);
    bmx_wordsum_release(s);
    return st;
}
