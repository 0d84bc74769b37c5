/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sum.c - the words of all workers of a category, added up in 64 shards and put in byte order.
 *
 *   shard   table.slot[table.n_slots]   as in table.h
 *
 * U1  A slot's place follows from the hash by multiplication, so that slots are
 *     in order of the hash, but for probing, as they are in workers' tables: the
 *     words of a shard stand together there.
 * U2  A shard is at most 3/4 full and grows by half: with a power of two, half of
 *     a large sum would be empty.
 * U3  Words come to a shard in order of the hash, too.  Room for all words of a table is made
 *     before the first is inserted: otherwise the first slots of a shard that has yet to grow
 *     would become full, and probing quadratic.
 *
 * Order.  Slots are distributed to buckets by how their words begin, so that a bucket
 * fits a cache, and each bucket is sorted.  Threads share the tables, then the
 * buckets. */
#include "words/sum.h"
#include "base/assert.h"
#include "base/threads.h"
#include "words/join.h"
#include "words/sort.h"

#include <pthread.h>
#include <string.h>

#define N_SHARDS BMX_WORD_JOIN_PARTITIONS
#define FIRST_SLOTS 32 /* there are 64 shards a category and fold; a judgement */
#define AHEAD 12 /* slots from a prefetch to its use */

typedef struct bmx_word_sum_shard {
    pthread_mutex_t lock;
    bmx_word_join_table table; /* the hashes of its words begin alike: those bits are skipped */
    size_t n;
    bmx_arena arena;
} shard;

bpemix_status bmx_word_sum_open(bmx_word_sum *s, bpemix_error *err)
{
    if (!(s->shard = bmx_calloc(N_SHARDS, sizeof *s->shard)))
        return bmx_nomem(err);
    for (size_t i = 0; i < N_SHARDS; i++) {
        pthread_mutex_init(&s->shard[i].lock, NULL);
        s->shard[i].table.skip = BMX_WORD_JOIN_BITS;
    }
    return BPEMIX_OK;
}

void bmx_word_sum_release(bmx_word_sum *s)
{
    for (size_t i = 0; s->shard && i < N_SHARDS; i++) {
        pthread_mutex_destroy(&s->shard[i].lock);
        bmx_free(s->shard[i].table.slot);
        bmx_arena_release(&s->shard[i].arena);
    }
    for (size_t i = 0; i < s->n_given; i++)
        bmx_word_table_release(&s->given[i]);
    bmx_free(s->shard);
    bmx_free(s->given);
    bmx_free(s->cells);
    *s = (bmx_word_sum){ 0 };
}

/* ---- adding up ---- */

/* Room for `extra` more words (U2). */
static bpemix_status make_room(shard *h, size_t extra, bpemix_error *err)
{
    bmx_word_join_table old = h->table, *t = &h->table;

    if (h->n + extra <= old.n_slots / 4 * 3)
        return BPEMIX_OK;
    for (t->n_slots = old.n_slots ? old.n_slots : FIRST_SLOTS; h->n + extra > t->n_slots / 4 * 3;)
        t->n_slots += t->n_slots / 2;
    if (!(t->slot = bmx_calloc_table(t->n_slots, sizeof *t->slot))) {
        *t = old;
        return bmx_nomem(err);
    }
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slot[i].count)
            *bmx_word_join_empty_slot(t, old.slot[i].hash) = old.slot[i];
    bmx_free(old.slot);
    return BPEMIX_OK;
}

/* Add a word for which there is room, and which is not there yet. */
static bpemix_status put(shard *h, const bmx_word_table_slot *s, bpemix_error *err)
{
    bmx_word_table_slot word = *s;

    if (s->k1 >= BMX_WORD_TABLE_LONG) {
        const char *copy = bmx_word_table_store(&h->arena, bmx_word_table_long_of(s));

        if (!copy)
            return bmx_nomem(err);
        word.k0 = (uintptr_t)copy;
    }
    *bmx_word_join_empty_slot(&h->table, s->hash) = word;
    h->n++;
    BMX_ASSERT(h->n <= h->table.n_slots / 4 * 3); /* U2; U3: it had room before */
    return BPEMIX_OK;
}

/* Add the words of slot[n] that are of this shard, and no others'. */
static bpemix_status add(shard *h, bmx_word_table_slot *slot, size_t n, size_t number,
                         bpemix_error *err)
{
    bpemix_status st = h->table.n_slots ? BPEMIX_OK : make_room(h, 1, err);

    if (!st)
        st = make_room(h, bmx_word_join(&h->table, slot, n, number), err);
    for (size_t i = 0; i < n && !st; i++)
        if (slot[i].count && bmx_word_join_partition(slot[i].hash) == number)
            st = put(h, &slot[i], err);
    return st;
}

bpemix_status bmx_word_sum_take(bmx_word_sum *s, bmx_word_table *t, bpemix_error *err)
{
    bpemix_status st = t->aside.n ? bmx_word_table_put_back(t, err) : BPEMIX_OK;
    size_t n = t->n_slots / N_SHARDS; /* n_slots is a power of two or 0 */

    for (size_t k = 0; k < N_SHARDS && !st && t->n; k++) {
        pthread_mutex_lock(&s->shard[k].lock);
        st = add(&s->shard[k], t->slot + k * n, n, k, err);
        pthread_mutex_unlock(&s->shard[k].lock);
    }
    /* the few words that probing has put into slots of the next shard */
    for (size_t k = 0; k < N_SHARDS && !st && t->n; k++)
        for (size_t i = 0; i < n && !st && t->slot[k * n + i].k1; i++) {
            size_t to = bmx_word_join_partition(t->slot[k * n + i].hash);

            if (to == k)
                continue;
            pthread_mutex_lock(&s->shard[to].lock);
            st = add(&s->shard[to], &t->slot[k * n + i], 1, to, err);
            pthread_mutex_unlock(&s->shard[to].lock);
        }
    bmx_word_table_empty(t);
    return st;
}

bpemix_status bmx_word_sum_give(bmx_word_sum *s, bmx_word_table *t, bpemix_error *err)
{
    bpemix_status st;

    if (!t->n_slots) /* give an unused table slots, as every given table must have some */
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->given, &s->given_cap, s->n_given + 1, sizeof *s->given, err)))
        return st;
    s->given[s->n_given++] = *t;
    *t = (bmx_word_table){ .max_slots = t->max_slots, .full = t->full, .full_ctx = t->full_ctx };
    return BPEMIX_OK;
}

/* ---- words that several given tables hold ----
 *
 * G1  A task changes counts of words whose hash begins with its number, no others'. */

static bmx_word_join_table table_of(const bmx_word_table *t)
{
    return (bmx_word_join_table){ t->slot, t->n_slots, 0 };
}

static bpemix_status join_partition(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    bmx_word_sum *s = ctx;

    (void)worker, (void)err;
    for (size_t i = 1; i < s->n_given; i++) {
        size_t n = s->given[i].n_slots / N_SHARDS;

        for (size_t before = 0; before < i; before++) {
            bmx_word_join_table t = table_of(&s->given[before]);
            (void)bmx_word_join(&t, s->given[i].slot + k * n, n, k);
        }
    }
    return BPEMIX_OK;
}

static bpemix_status join(bmx_word_sum *s, unsigned n_threads, bpemix_error *err)
{
    bpemix_status st = bmx_parallel(n_threads, N_SHARDS, join_partition, s, err);

    /* words that probing has put into slots of the next task */
    for (size_t i = 1; i < s->n_given && !st; i++)
        for (size_t k = 0, n = s->given[i].n_slots / N_SHARDS; k < N_SHARDS; k++)
            for (bmx_word_table_slot *slot = s->given[i].slot + k * n, *end = slot + n;
                 slot < end && slot->k1; slot++)
                for (size_t before = 0; before < i && bmx_word_join_partition(slot->hash) != k;
                     before++) {
                    bmx_word_join_table t = table_of(&s->given[before]);
                    (void)bmx_word_join(&t, slot, 1, bmx_word_join_partition(slot->hash));
                }
    return st;
}

static bpemix_status close_up(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    bmx_word_sum *s = ctx;

    (void)worker, (void)err;
    bmx_word_table_close_up(&s->given[k]);
    return BPEMIX_OK;
}

/* ---- to words in byte order ---- */

#define MANY 65536 /* words from which on several buckets and threads are used */

/* Slots that one task deals out: those of a shard, or some of a given table's. */
typedef struct section {
    const bmx_word_table_slot *slot;
    size_t n;
} section;

/* A word on its way: distributed as it was, then ready to be sorted. */
typedef union cell {
    bmx_word_table_slot slot;
    bmx_word_item item;
} cell;
_Static_assert(sizeof(cell) == sizeof(bmx_word_item), "sorted words are an array of items, too");

/* Buckets that one task sorts. */
typedef struct range {
    size_t first, end; /* buckets */
    size_t n;          /* words of them: the same ones were made one */
    size_t at, bytes;  /* of the first word among all; of short words' bytes */
    size_t bytes_at;
    uint64_t text, pretokens; /* bytes of all words, each once; occurrences */
} range;

typedef struct finish {
    bmx_word_sum *sum;
    section *section;      /* section[n_sections] */
    size_t n_sections;
    uint32_t *bucket; /* bucket[65536], of a word by its first two bytes, NULL: all are in
                       * bucket 0; twice the number, and one more when the third byte adds to it */
    size_t n_buckets;
    size_t n_groups; /* of sections */
    size_t *place;   /* place[n_groups][n_buckets]: words in one, then where the next one goes */
    cell *cell;      /* cell[n], behind the words of the last given table, or of the sum's own */
    size_t n;
    size_t n_ranges;
    size_t *start;   /* start[n_buckets + 1]: first cells of buckets */
    range *range;    /* range[n_ranges] */
    bmx_words *out;
    char *text;
} finish;

static inline size_t bucket_of(const finish *f, const bmx_word_table_slot *s)
{
    uint64_t head = bmx_word_item_head(s);
    uint32_t b;

    if (!f->bucket)
        return 0;
    b = f->bucket[head >> 48];
    return (b >> 1) + (-(b & 1) & (uint32_t)(head >> 40 & 0xff));
}

/* Choose buckets of similar size by a sample of the words: rare pairs of first bytes share one,
 * frequent ones have a bucket for each third byte. */
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
    for (size_t k = 0; k < f->n_sections; k++)
        for (size_t i = 0; i < f->section[k].n; i += SAMPLED)
            if (f->section[k].slot[i].count)
                count[bmx_word_item_head(&f->section[k].slot[i]) >> 48]++;
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
    for (size_t k = g; k < f->n_sections; k += f->n_groups)
        for (size_t i = 0; i < f->section[k].n; i++)
            if (f->section[k].slot[i].count)
                count[bucket_of(f, &f->section[k].slot[i])]++;
    return BPEMIX_OK;
}

static bpemix_status deal_group(void *ctx, size_t g, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    size_t *place = f->place + g * f->n_buckets;

    (void)worker, (void)err;
    for (size_t k = g; k < f->n_sections; k += f->n_groups) {
        for (size_t i = 0; i < f->section[k].n; i++) {
            const bmx_word_table_slot *s = &f->section[k].slot[i];
            if (s->count)
                f->cell[place[bucket_of(f, s)]++].slot = *s;
        }
        if (k < N_SHARDS) { /* long words stay in the arena */
            bmx_free(f->sum->shard[k].table.slot);
            f->sum->shard[k].table.slot = NULL;
        }
    }
    return BPEMIX_OK;
}

/* Bytes of a word if these are copied; long ones stay in the arena. */
static inline size_t short_length(const bmx_word_item *x)
{
    return x->stored ? 0 : x->key[1] & 0xff;
}

static inline size_t length(const bmx_word_item *x)
{
    return x->stored ? bmx_word_table_long(x->stored).len : x->key[1] & 0xff;
}

static bpemix_status sort_range(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    range r = f->range[k]; /* a copy: its neighbours belong to other threads */
    size_t end = f->start[r.end], from = f->start[r.first];
    bmx_word_item *last = NULL, *spare = bmx_malloc(BMX_WORD_ITEM_SPARE, sizeof *spare);

    (void)worker;
    if (!spare)
        return bmx_nomem(err);
    /* the bytes of a long word are somewhere else: fetched before they are needed */
    for (size_t b = r.first; b < r.end; b++) {
        size_t first = f->start[b], n = f->start[b + 1] - first;

        for (size_t i = first; i < first + n; i++) {
            if (i + AHEAD < end && f->cell[i + AHEAD].slot.k1 >= BMX_WORD_TABLE_LONG)
                __builtin_prefetch((const char *)(uintptr_t)f->cell[i + AHEAD].slot.k0);
            f->cell[i].item = bmx_word_item_of(&f->cell[i].slot);
            r.bytes += short_length(&f->cell[i].item);
            r.text += length(&f->cell[i].item);
            r.pretokens += f->cell[i].item.count;
        }
        if (n > 1)
            bmx_word_item_sort(&f->cell[first].item, n, spare);
        for (size_t i = first; i < first + n; i++) {
            bmx_word_item *x = &f->cell[i].item;

            if (last && bmx_word_item_same(x, last)) {
                last->count += x->count;
                r.bytes -= short_length(x);
                r.text -= length(x);
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
        const bmx_word_item *x = &f->cell[from + i].item;
        bmx_slice *word = &f->out->word.str[r.at + i];

        if (i + AHEAD < r.n && f->cell[from + i + AHEAD].item.stored) /* as above */
            __builtin_prefetch(f->cell[from + i + AHEAD].item.stored);
        if (x->stored) {
            *word = bmx_word_table_long(x->stored);
        } else {
            char bytes[16];
            size_t n = bmx_word_item_bytes(x, bytes).len;

            *word = bmx_slice_of(p, n);
            if (end - p >= 16)
                memcpy(p, bytes, 16); /* surplus bytes are overwritten by the next word */
            else
                memcpy(p, bytes, n);
            p += n;
        }
        BMX_ASSERT(!i || bmx_slice_cmp(word[-1], *word) < 0); /* W1: each word once */
        f->out->count[r.at + i] = x->count;
    }
    return BPEMIX_OK;
}

/* Remove from each table the words that an earlier one has, and the empty slots.  Cells are placed
 * behind the words of the last table if there is room, as its memory is in use already: fresh pages
 * are what costs most here.  The last table is the largest, and it has lost words to the others. */
static bpemix_status find_cells(finish *f, unsigned n_threads, bpemix_error *err)
{
    bmx_word_sum *s = f->sum;
    bmx_word_table *last = s->n_given ? &s->given[s->n_given - 1] : NULL;
    bool own_cells;
    bpemix_status st = BPEMIX_OK;

    for (bmx_word_table *t = s->given; t < last; t++)
        if (t->n_slots > last->n_slots) {
            bmx_word_table larger = *t;
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
        f->n += s->given[i].n + s->given[i].aside.n;
    if (st || !f->n)
        return st;
    own_cells = !last || last->n + f->n > bmx_word_table_reserved(last);
    for (bmx_word_table *t = s->given; t && t <= last; t++) {
        size_t n = t->n + (t == last && !own_cells ? f->n : 0);
        void *mem = n ? bmx_realloc(t->mem, n, sizeof *t->slot) : t->mem; /* smaller */

        if (!mem)
            return bmx_nomem(err);
        t->mem = t->slot = mem;
    }
    f->cell = own_cells ? s->cells = bmx_malloc(f->n, sizeof *f->cell)
                        : (cell *)last->mem + last->n;
    return f->cell ? BPEMIX_OK : bmx_nomem(err);
}

enum { SPLIT = 64 }; /* sections of a given table, and of its words aside */

static void add_sections(finish *f, const bmx_word_table_slot *slot, size_t n)
{
    for (size_t k = 0; k < SPLIT; k++) {
        size_t from = n / SPLIT * k;
        f->section[f->n_sections++] =
            (section){ slot + from, k + 1 < SPLIT ? n / SPLIT : n - from };
    }
}

static bpemix_status find_sections(finish *f, bpemix_error *err)
{
    const bmx_word_sum *s = f->sum;

    if (!(f->section = bmx_malloc(N_SHARDS + 2 * SPLIT * s->n_given, sizeof *f->section)))
        return bmx_nomem(err);
    for (size_t i = 0; i < N_SHARDS; i++)
        f->section[f->n_sections++] =
            (section){ s->shard[i].table.slot, s->shard[i].table.n_slots };
    for (size_t i = 0; i < s->n_given; i++) {
        add_sections(f, s->given[i].slot, s->given[i].n);
        add_sections(f, s->given[i].aside.word, s->given[i].aside.n);
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

/* Sort all words, range by range. */
static bpemix_status sort_words(finish *f, unsigned n_threads, bpemix_error *err)
{
    bpemix_status st;

    if (!f->sum->shard)
        return BPEMIX_OK;
    if ((st = find_cells(f, n_threads, err)) || !f->n || (st = find_sections(f, err)) ||
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
        bmx_word_table *t = &f->sum->given[i];
        bmx_word_table_free_aside(t);
        if (i + 1 < f->sum->n_given)
            bmx_word_table_free_slots(t);
        else
            bmx_give_back(t->mem, t->n * sizeof *t->slot);
    }
    return bmx_parallel(n_threads, f->n_ranges, sort_range, f, err);
}

static void release(finish *f)
{
    bmx_free(f->bucket);
    bmx_free(f->place);
    bmx_free(f->start);
    bmx_free(f->range);
    bmx_free(f->section);
}

/* Copy the sorted words to `out`. */
static bpemix_status copy_words(finish *f, unsigned n_threads, bpemix_error *err)
{
    size_t n = 0, bytes = 0;
    bpemix_status st;

    for (size_t r = 0; r < f->n_ranges; r++) {
        f->range[r].at = n;
        f->range[r].bytes_at = bytes;
        n += f->range[r].n;
        bytes += f->range[r].bytes;
    }
    if (f->n < MANY)
        n_threads = 1;
    if ((st = bmx_words_lay_out(f->out, n, bytes, &f->text, err)) ||
        (st = bmx_parallel(n_threads, f->n_ranges, write_range, f, err)))
        return st;
    for (size_t r = 0; r < f->n_ranges; r++)
        f->out->pretokens += f->range[r].pretokens;
    for (size_t i = 0; i < N_SHARDS; i++)
        bmx_arena_join(&f->out->word.arena, &f->sum->shard[i].arena);
    for (size_t i = 0; i < f->sum->n_given; i++)
        bmx_arena_join(&f->out->word.arena, &f->sum->given[i].arena);
    return BPEMIX_OK;
}

bpemix_status bmx_word_sum_finish(bmx_word_sum *s, unsigned n_threads, bmx_words *out,
                                 bpemix_error *err)
{
    finish f = { .sum = s, .out = out };
    bpemix_status st = sort_words(&f, n_threads, err);

    if (!st && f.n)
        st = copy_words(&f, n_threads, err);
    release(&f);
    bmx_word_sum_release(s);
    return st;
}

bpemix_status bmx_word_sum_sort(bmx_word_sum *s, unsigned n_threads, bmx_word_sum_sorted *out,
                                bpemix_error *err)
{
    finish f = { .sum = s };
    bpemix_status st = sort_words(&f, n_threads, err);

    *out = (bmx_word_sum_sorted){ .item = f.cell ? &f.cell->item : NULL };
    for (size_t k = 0; k < f.n_ranges && !st; k++) {
        const range *r = &f.range[k];
        cell *from = &f.cell[f.start[r->first]], *to = &f.cell[out->n];

        if (from != to) /* words before were made one */
            memmove(to, from, r->n * sizeof *to);
        out->n += r->n;
        out->bytes += r->text;
        out->pretokens += r->pretokens;
    }
    release(&f);
    return st;
}
