/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - counting words in a table that grows in place; see table.h for its layout. */
#include "words/table.h"
#include "base/assert.h"
#include "base/hash.h"

#define FIRST_SLOTS 8192 /* 256 KB; a judgement */
#define ROOMY_SLOTS ((size_t)1 << 19) /* 16 MB */

/* Growing fourfold moves fewer words than doubling, and leaves them closer to where they belong.
 * Doubling saves memory; it is used from 4 to 16 MB, where the tables of most languages end
 * (English then takes 15 MB in place of 24), and from 64 MB on. */
static size_t larger(size_t n_slots)
{
    size_t bytes = n_slots * sizeof(bmx_word_table_slot);
    const size_t mb = (size_t)1 << 20;

    return bytes < 4 * mb || (bytes >= 16 * mb && bytes < 64 * mb) ? 4 * n_slots : 2 * n_slots;
}

/* Put a word into the first slot from `to` on that is empty or has a rarer word, then
 * that word in its turn; frequent words stay close to where they belong.  false: the
 * word now in *s has come to the end of the slots. */
static bool put_before_rarer(bmx_word_table *t, size_t to, bmx_word_table_slot *s)
{
    for (; to < t->n_slots; to++) {
        bmx_word_table_slot here = t->slot[to];

        if (here.count >= s->count)
            continue;
        t->slot[to] = *s;
        if (!here.count)
            return true;
        *s = here;
    }
    return false;
}

/* The most words in so many slots (W2).  A table that a cache may hold is left half empty: fewer
 * words are beside the slot where they belong, so that the processor mispredicts fewer branches.
 * That takes 3 to 5 % less time, for English as for 40 languages. */
static inline size_t most_words(const bmx_word_table *t, size_t n_slots)
{
    return n_slots > ROOMY_SLOTS || n_slots >= t->max_slots ? n_slots / 4 * 3 : n_slots / 2;
}

size_t bmx_word_table_reserved(const bmx_word_table *t)
{
    return t->max_slots + t->max_slots / 2;
}

/* Grow in place.  The table is reserved at its largest size, so growing touches new pages but moves
 * no memory.  Slots are rehashed from the last to the first: a word's new home is never before its
 * old slot, so that all above the cursor is final.  The few that would wrap around the end wait in
 * `late` and are inserted when all others have moved. */
static bpemix_status set_slots(bmx_word_table *t, size_t n_slots, bpemix_error *err)
{
    size_t n_old = t->n_slots, n_late = 0, late_cap = 0;
    bmx_word_table_slot *late = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!t->mem) {
        if (!(t->mem = bmx_reserve_table(bmx_word_table_reserved(t) + 2, sizeof *t->slot)))
            return bmx_nomem(err);
        t->slot = (void *)(((uintptr_t)t->mem + 63) & ~(uintptr_t)63);
    }
    bmx_touch_table(t->slot, n_old, n_slots, sizeof *t->slot);
    t->n_slots = n_slots;
    t->shift = 64 - (unsigned)__builtin_ctzll(n_slots);
    for (size_t i = n_old; i-- > 0;) {
        bmx_word_table_slot s = t->slot[i];
        size_t to = (size_t)(s.hash >> t->shift);

        if (!s.count)
            continue;
        t->slot[i] = (bmx_word_table_slot){ 0 };
        if (to >= i && put_before_rarer(t, to, &s))
            continue;
        if ((st = bmx_reserve(&late, &late_cap, n_late + 1, sizeof *late, err)))
            break;
        late[n_late++] = s;
    }
    for (size_t k = 0; k < n_late && !st; k++)
        if (!put_before_rarer(t, (size_t)(late[k].hash >> t->shift), &late[k]))
            (void)put_before_rarer(t, 0, &late[k]);
    bmx_free(late);
    return st;
}

/* Slot of a short word, or the empty one where it belongs. */
static inline bmx_word_table_slot *find_short(const bmx_word_table *t, const bmx_word_table_key *k)
{
    size_t mask = t->n_slots - 1, i = (size_t)(k->hash >> t->shift);

    while (t->slot[i].count && (t->slot[i].k0 != k->k0 || t->slot[i].k1 != k->k1))
        i = (i + 1) & mask;
    return &t->slot[i];
}

const char *bmx_word_table_store(bmx_arena *a, bmx_slice word)
{
    uint64_t n = word.len;
    char *p = word.len < SIZE_MAX - sizeof n ? bmx_arena_alloc(a, sizeof n + word.len, 1) : NULL;

    if (p) {
        memcpy(p, &n, sizeof n);
        memcpy(p + sizeof n, word.ptr, word.len);
    }
    return p;
}

static inline uint64_t long_k1(bmx_slice word)
{
    return BMX_WORD_TABLE_LONG | bmx_word_table_load(word.ptr, 7);
}

static bmx_word_table_slot *find_long(const bmx_word_table *t, bmx_slice word, uint64_t hash)
{
    size_t mask = t->n_slots - 1, i = (size_t)(hash >> t->shift);
    uint64_t k1 = long_k1(word);

    while (t->slot[i].count &&
           (t->slot[i].hash != hash || t->slot[i].k1 != k1 ||
            !bmx_slice_eq(bmx_word_table_long_of(&t->slot[i]), word)))
        i = (i + 1) & mask;
    return &t->slot[i];
}

/* ---- words set aside ---- */

#ifdef BMX_CHECKED
#define ASIDE_SLOTS ((size_t)1 << 11)
#else
#define ASIDE_SLOTS ((size_t)1 << 17) /* 4 MB: least table whose words are set aside */
#endif
#define LARGE (4 * ASIDE_SLOTS) /* not worth beginning anew: to sort the words that are aside twice
                                 * and more would take as long */
#define MET_BITS ((size_t)1 << 20)
#define MET_SAMPLE 16 /* one word in so many is noted: at most a fifth of the bits */
#define AHEAD 12 /* words from a prefetch to its use */

/* A third of the words; a judgement: of English, 40 % had been set aside before when as many were
 * counted again; of 40 languages one after the other 1 to 28 %, mixed by document 23 to 41 %. */
#define MANY_KNOWN 3

/* Most words in slots and aside as long as there are any aside (W4). */
static size_t most_aside(const bmx_word_table *t)
{
    return t->max_slots / 8 * 5;
}

void bmx_word_table_free_aside(bmx_word_table *t)
{
    bmx_free(t->aside.word);
    bmx_free(t->aside.met);
    t->aside = (bmx_word_table_aside){ 0 };
}

static inline bool is_met(const bmx_word_table_aside *a, uint64_t hash)
{
    return a->met[hash / 64 % (MET_BITS / 64)] >> hash % 64 & 1;
}

/* Have many of the words been set aside before?  Those of the first slots, whose hashes begin with
 * zeros, stand for all. */
static bool are_many_known(const bmx_word_table *t)
{
    size_t n = 0, known = 0, by_chance;

    for (size_t i = 0; i < t->n_slots / MET_SAMPLE && t->aside.n; i++) {
        n += t->slot[i].count > 0;
        known += t->slot[i].count > 0 && is_met(&t->aside, t->slot[i].hash);
    }
    by_chance = n * t->aside.n_met / MET_BITS; /* other words have set their bits */
    return known > by_chance && known - by_chance > n / MANY_KNOWN;
}

static bpemix_status set_aside(bmx_word_table *t, bpemix_error *err)
{
    bmx_word_table_aside *a = &t->aside;
    bmx_word_table_slot *to;

    if (!a->met && !(a->met = bmx_calloc(MET_BITS / 64, sizeof *a->met)))
        return bmx_nomem(err);
    if (!a->word && /* and one behind them, as close_up() */
        !(a->word = bmx_reserve_table(most_aside(t) + 1, sizeof *a->word)))
        return bmx_nomem(err);
    for (size_t i = 0; i < t->n_slots / MET_SAMPLE; i++)
        if (t->slot[i].count && !is_met(a, t->slot[i].hash)) {
            a->met[t->slot[i].hash / 64 % (MET_BITS / 64)] |= (uint64_t)1 << t->slot[i].hash % 64;
            a->n_met++;
        }
    to = a->word + a->n;
    for (size_t i = 0; i < t->n_slots; i++) { /* without branches: empty slots are overwritten by
                                                 the next */
        *to = t->slot[i];
        to += t->slot[i].count > 0;
    }
    a->n += t->n;
    BMX_ASSERT(to == a->word + a->n && a->n <= most_aside(t)); /* W4 */
    memset(t->slot, 0, t->n_slots * sizeof *t->slot);
    t->n = 0;
    return BPEMIX_OK;
}

static bpemix_status grow(bmx_word_table *t, bpemix_error *err)
{
    size_t n_slots = larger(t->n_slots);

    BMX_ASSERT(t->n_slots < t->max_slots); /* W4 */
    return set_slots(t, n_slots < t->max_slots ? n_slots : t->max_slots, err);
}

bpemix_status bmx_word_table_put_back(bmx_word_table *t, bpemix_error *err)
{
    enum { AT_ONCE = 1 << 17 }; /* words after whose move their memory is given back */
    bmx_word_table_aside *a = &t->aside;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < a->n && !st; i++) {
        bmx_word_table_slot word = a->word[i], *s;

        if (i + AHEAD < a->n) {
            __builtin_prefetch(&t->slot[a->word[i + AHEAD].hash >> t->shift], 1);
            if (a->word[i + AHEAD].k1 >= BMX_WORD_TABLE_LONG)
                __builtin_prefetch((const char *)(uintptr_t)a->word[i + AHEAD].k0);
        }
        if (i % AT_ONCE == 0 && i)
            bmx_give_back(a->word + i - AT_ONCE, AT_ONCE * sizeof word);
        if (t->n >= most_words(t, t->n_slots) && (st = grow(t, err)))
            break;
        s = word.k1 >= BMX_WORD_TABLE_LONG
                ? find_long(t, bmx_word_table_long_of(&word), word.hash)
                : find_short(t, &(bmx_word_table_key){ word.k0, word.k1, word.hash });
        if (s->count) {
            s->count += word.count;
            continue;
        }
        t->n++;
        if (!put_before_rarer(t, (size_t)(word.hash >> t->shift), &word))
            (void)put_before_rarer(t, 0, &word);
    }
    t->keeps_all = true;
    bmx_word_table_free_aside(t);
    return st;
}

/* ---- room for more words ---- */

/* With so many words aside, may the table have so many slots (W4)? */
static bool fits(const bmx_word_table *t, size_t n_aside, size_t n_slots)
{
    return n_aside + most_words(t, n_slots) <= most_aside(t);
}

static bpemix_status find_room(bmx_word_table *t, size_t extra, bpemix_error *err)
{
    size_t n_slots = t->n_slots ? t->n_slots : FIRST_SLOTS;
    bpemix_status st;

    if (!t->keeps_all && t->n_slots >= ASIDE_SLOTS) {
        bool known = are_many_known(t);

        if (!known && fits(t, t->aside.n + t->n, t->n_slots))
            return set_aside(t, err);
        n_slots = larger(n_slots);
        if ((!known || n_slots >= LARGE || !fits(t, t->aside.n, n_slots)) &&
            (st = bmx_word_table_put_back(t, err)))
            return st;
        n_slots = t->n_slots;
    }
    while (t->n + extra > most_words(t, n_slots))
        n_slots = larger(n_slots);
    if (n_slots > t->max_slots)
        n_slots = t->max_slots;
    if (t->n + extra > most_words(t, n_slots) && t->n)
        return t->full(t->full_ctx, t, err);
    return n_slots == t->n_slots ? BPEMIX_OK : set_slots(t, n_slots, err);
}

/* Room for `extra` more words (W2). */
static inline bpemix_status make_room(bmx_word_table *t, size_t extra, bpemix_error *err)
{
    BMX_ASSERT(t->n <= t->n_slots / 4 * 3 && !(t->n_slots & (t->n_slots - 1))); /* W2 */
    BMX_ASSERT(!t->aside.n || fits(t, t->aside.n, t->n_slots)); /* W4 */
    return t->n + extra <= most_words(t, t->n_slots) ? BPEMIX_OK : find_room(t, extra, err);
}

/* ---- counting ---- */

static bpemix_status add_short(bmx_word_table *t, const bmx_word_table_key *key, unsigned n,
                               bpemix_error *err)
{
    bpemix_status st = make_room(t, n, err);

    if (st)
        return st;
    for (unsigned i = 0; i < n; i++) {
        const bmx_word_table_key *k = &key[i];
        bmx_word_table_slot *s = find_short(t, k);
        if (!s->count) {
            *s = (bmx_word_table_slot){ k->k0, k->k1, k->hash, 0 };
            t->n++;
        }
        s->count += 1 + t->extra;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_word_table_turn(bmx_word_table *t, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    t->n_queue %= 2 * BMX_WORD_TABLE_HALF;
    if (t->other_half)
        st = add_short(t, t->queue + t->n_queue, BMX_WORD_TABLE_HALF, err);
    t->other_half = true;
    return st;
}

bpemix_status bmx_word_table_flush(bmx_word_table *t, bpemix_error *err)
{
    unsigned half = t->n_queue / BMX_WORD_TABLE_HALF * BMX_WORD_TABLE_HALF;
    bpemix_status st = BPEMIX_OK;

    if (t->other_half)
        st = add_short(t, t->queue + (BMX_WORD_TABLE_HALF - half), BMX_WORD_TABLE_HALF, err);
    if (!st)
        st = add_short(t, t->queue + half, t->n_queue - half, err);
    t->n_queue = 0;
    t->other_half = false;
    return st;
}

static bpemix_status add_long(bmx_word_table *t, bmx_slice word, uint64_t hash, uint64_t n,
                              bpemix_error *err)
{
    bmx_word_table_slot *s;

    s = find_long(t, word, hash);
    if (!s->count) {
        const char *copy = bmx_word_table_store(&t->arena, word);
        if (!copy)
            return bmx_nomem(err);
        *s = (bmx_word_table_slot){ (uintptr_t)copy, long_k1(word), hash, 0 };
        t->n++;
    }
    s->count += n;
    return BPEMIX_OK;
}

/* Long words are queued, too, until their slots have been fetched. */
typedef struct waiting {
    bmx_slice word;
    uint64_t hash;
} waiting;

static bpemix_status add_waiting(bmx_word_table *t, const waiting *w, size_t n, bpemix_error *err)
{
    bpemix_status st = make_room(t, n, err);

    for (size_t i = 0; i < n && !st; i++)
        st = add_long(t, w[i].word, w[i].hash, 1 + t->extra, err);
    return st;
}

bpemix_status bmx_word_table_count(bmx_word_table *t, const char *start, const char *const *end,
                                   size_t n, bpemix_error *err)
{
    enum { AT_ONCE = 16 }; /* few enough that all stay in the first-level cache until they are
                              used */
    waiting wait[AT_ONCE];
    size_t n_waiting = 0;
    uintptr_t from = (uintptr_t)start - t->window,
              to = (uintptr_t)(n ? end[n - 1] : start) - t->window;
    bool wide = from < t->window_bytes && to <= t->window_bytes;
    bpemix_status st;

    if (!t->n_slots && (st = make_room(t, 1, err)))
        return st;
    for (size_t i = 0; i < n; start = end[i++]) {
        size_t len = (size_t)(end[i] - start);

        if (__builtin_expect(len > BMX_WORD_TABLE_INLINE, 0)) {
            BMX_ASSERT(n_waiting < AT_ONCE);
            waiting *w = &wait[n_waiting++];
            *w = (waiting){ bmx_slice_of(start, len), bmx_hash64(start, len, 0) };
            __builtin_prefetch(&t->slot[w->hash >> t->shift], 1);
            if (n_waiting == AT_ONCE) {
                n_waiting = 0;
                if ((st = add_waiting(t, wait, AT_ONCE, err)))
                    return st;
            }
            continue;
        }
        bmx_word_table_key k = wide ? bmx_word_table_key_wide(start, len)
                                    : bmx_word_table_key_of(start, len);
        __builtin_prefetch(&t->slot[k.hash >> t->shift], 1);
        BMX_ASSERT(t->n_queue < 2 * BMX_WORD_TABLE_HALF); /* ensured by bmx_word_table_turn() */
        t->queue[t->n_queue++] = k;
        if (t->n_queue % BMX_WORD_TABLE_HALF == 0 && (st = bmx_word_table_turn(t, err)))
            return st;
    }
    return n_waiting ? add_waiting(t, wait, n_waiting, err) : BPEMIX_OK;
}

bpemix_status bmx_word_table_add(bmx_word_table *t, bmx_slice word, uint64_t n, bpemix_error *err)
{
    bpemix_status st;

    if (!n || !word.len)
        return BPEMIX_OK;
    if ((st = make_room(t, 1, err)))
        return st;
    if (word.len > BMX_WORD_TABLE_INLINE)
        return add_long(t, word, bmx_hash64(word.ptr, word.len, 0), n, err);
    bmx_word_table_key k = bmx_word_table_key_of(word.ptr, word.len);
    bmx_word_table_slot *s = find_short(t, &k);
    if (!s->count) {
        *s = (bmx_word_table_slot){ k.k0, k.k1, k.hash, 0 };
        t->n++;
    }
    s->count += n;
    return BPEMIX_OK;
}

void bmx_word_table_empty(bmx_word_table *t)
{
    if (t->n)
        memset(t->slot, 0, t->n_slots * sizeof *t->slot);
    bmx_arena_release(&t->arena);
    t->n = 0;
}

void bmx_word_table_close_up(bmx_word_table *t)
{
    bmx_word_table_slot *to = t->mem;

    t->n = 0;
    for (size_t i = 0; i < t->n_slots; i++) { /* without branches: empty slots are overwritten by
                                                 the next */
        bmx_word_table_slot s = t->slot[i];
        to[t->n] = s;
        t->n += s.count > 0;
    }
    t->slot = to;
    t->n_slots = t->n;
}

void bmx_word_table_free_slots(bmx_word_table *t)
{
    bmx_word_table_free_aside(t);
    bmx_free(t->mem);
    t->mem = NULL;
    t->slot = NULL;
    t->n = t->n_slots = 0;
}

void bmx_word_table_release(bmx_word_table *t)
{
    bmx_word_table_free_aside(t);
    bmx_free(t->mem);
    bmx_arena_release(&t->arena);
    *t = (bmx_word_table){ 0 };
}
