#include "text/wordtab.h"
#include "base/hash.h"

/* Growing fourfold clears and fills a third less memory than doubling; from here
 * it reaches half the largest table that one worker gets (wordcount.c), 64 MB. */
#define FIRST_SLOTS 8192
#define GROWTH 4

static bpemix_status set_slots(bmx_wordtab *t, size_t n_slots, bpemix_error *err)
{
    bmx_wordtab_slot *old = t->slot, *slot;
    void *mem = bmx_calloc_table(n_slots + 2, sizeof *slot);
    size_t n_old = t->n_slots, mask = n_slots - 1;

    if (!mem)
        return bmx_nomem(err);
    slot = (void *)(((uintptr_t)mem + 63) & ~(uintptr_t)63);
    t->shift = 64;
    for (size_t n = n_slots; n > 1; n /= 2)
        t->shift--;
    for (size_t i = 0; i < n_old; i++)
        if (old[i].count) {
            size_t j = (size_t)(old[i].hash >> t->shift);
            while (slot[j].count)
                j = (j + 1) & mask;
            slot[j] = old[i];
        }
    bmx_free(t->mem);
    t->mem = mem;
    t->slot = slot;
    t->n_slots = n_slots;
    return BPEMIX_OK;
}

/* Room for `extra` more words (W2). */
static bpemix_status make_room(bmx_wordtab *t, size_t extra, bpemix_error *err)
{
    size_t n_slots = t->n_slots;
    bpemix_status st;

    if (!n_slots)
        n_slots = t->max_slots && t->max_slots < FIRST_SLOTS ? t->max_slots : FIRST_SLOTS;
    while (t->n + extra > n_slots / 4 * 3)
        n_slots *= GROWTH;
    if (t->max_slots && n_slots > t->max_slots && t->n_slots < t->max_slots)
        n_slots = t->max_slots;
    if (t->max_slots && t->n + extra > t->max_slots / 4 * 3 && t->n) {
        if ((st = t->full(t->full_ctx, t, err)))
            return st;
        n_slots = t->n_slots;
    }
    return n_slots == t->n_slots ? BPEMIX_OK : set_slots(t, n_slots, err);
}

/* Slot of a short word, or the empty one where it belongs. */
static inline bmx_wordtab_slot *find_short(const bmx_wordtab *t, const bmx_wordtab_key *k)
{
    size_t mask = t->n_slots - 1, i = (size_t)(k->hash >> t->shift);

    while (t->slot[i].count && (t->slot[i].k0 != k->k0 || t->slot[i].k1 != k->k1))
        i = (i + 1) & mask;
    return &t->slot[i];
}

const char *bmx_wordtab_store(bmx_arena *a, bmx_slice word)
{
    uint64_t n = word.len;
    char *p = word.len < SIZE_MAX - sizeof n ? bmx_arena_alloc(a, sizeof n + word.len, 1) : NULL;

    if (p) {
        memcpy(p, &n, sizeof n);
        memcpy(p + sizeof n, word.ptr, word.len);
    }
    return p;
}

static bmx_wordtab_slot *find_long(const bmx_wordtab *t, bmx_slice word, uint64_t hash)
{
    size_t mask = t->n_slots - 1, i = (size_t)(hash >> t->shift);
    uint64_t k1 = BMX_WORDTAB_LONG | bmx_wordtab_load(word.ptr, 7);

    while (t->slot[i].count &&
           (t->slot[i].hash != hash || t->slot[i].k1 != k1 ||
            !bmx_slice_eq(bmx_wordtab_long((const char *)(uintptr_t)t->slot[i].k0), word)))
        i = (i + 1) & mask;
    return &t->slot[i];
}

bpemix_status bmx_wordtab_flush(bmx_wordtab *t, bpemix_error *err)
{
    unsigned n = t->n_queue;
    bpemix_status st = make_room(t, n, err);

    if (st)
        return st;
    for (unsigned i = 0; i < n; i++) {
        bmx_wordtab_slot *s = find_short(t, &t->queue[i]);
        if (!s->count) {
            const bmx_wordtab_key *k = &t->queue[i];
            *s = (bmx_wordtab_slot){ k->k0, k->k1, k->hash, 0 };
            t->n++;
        }
        s->count++;
    }
    t->n_queue = 0;
    return BPEMIX_OK;
}

static bpemix_status add_long(bmx_wordtab *t, bmx_slice word, uint64_t hash, uint64_t n,
                              bpemix_error *err)
{
    bmx_wordtab_slot *s;

    s = find_long(t, word, hash);
    if (!s->count) {
        const char *copy = bmx_wordtab_store(&t->arena, word);
        if (!copy)
            return bmx_nomem(err);
        *s = (bmx_wordtab_slot){ (uintptr_t)copy, BMX_WORDTAB_LONG | bmx_wordtab_load(word.ptr, 7), hash, 0 };
        t->n++;
    }
    s->count += n;
    return BPEMIX_OK;
}

/* Long words wait, too, until their slots have arrived. */
typedef struct waiting {
    bmx_slice word;
    uint64_t hash;
} waiting;

static bpemix_status add_waiting(bmx_wordtab *t, const waiting *w, size_t n, bpemix_error *err)
{
    bpemix_status st = make_room(t, n, err);

    for (size_t i = 0; i < n && !st; i++)
        st = add_long(t, w[i].word, w[i].hash, 1, err);
    return st;
}

bpemix_status bmx_wordtab_count(bmx_wordtab *t, const char *start, const char *const *end, size_t n,
                                bpemix_error *err)
{
    enum { AT_ONCE = 16 }; /* not too many to stay in the first-level cache until they are used */
    waiting wait[AT_ONCE];
    size_t n_waiting = 0;
    uintptr_t from = (uintptr_t)start - t->window, to = (uintptr_t)(n ? end[n - 1] : start) - t->window;
    bool wide = from < t->window_bytes && to <= t->window_bytes;
    bpemix_status st;

    if (!t->n_slots && (st = make_room(t, 1, err)))
        return st;
    for (size_t i = 0; i < n; start = end[i++]) {
        size_t len = (size_t)(end[i] - start);

        if (__builtin_expect(len > BMX_WORDTAB_INLINE, 0)) {
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
        bmx_wordtab_key k = wide ? bmx_wordtab_key_wide(start, len) : bmx_wordtab_key_of(start, len);
        __builtin_prefetch(&t->slot[k.hash >> t->shift], 1);
        t->queue[t->n_queue++] = k;
        if (t->n_queue == BMX_WORDTAB_QUEUE && (st = bmx_wordtab_flush(t, err)))
            return st;
    }
    return n_waiting ? add_waiting(t, wait, n_waiting, err) : BPEMIX_OK;
}

bpemix_status bmx_wordtab_add(bmx_wordtab *t, bmx_slice word, uint64_t n, bpemix_error *err)
{
    bpemix_status st;

    if (!n || !word.len)
        return BPEMIX_OK;
    if ((st = make_room(t, 1, err)))
        return st;
    if (word.len > BMX_WORDTAB_INLINE)
        return add_long(t, word, bmx_hash64(word.ptr, word.len, 0), n, err);
    bmx_wordtab_key k = bmx_wordtab_key_of(word.ptr, word.len);
    bmx_wordtab_slot *s = find_short(t, &k);
    if (!s->count) {
        *s = (bmx_wordtab_slot){ k.k0, k.k1, k.hash, 0 };
        t->n++;
    }
    s->count += n;
    return BPEMIX_OK;
}

void bmx_wordtab_empty(bmx_wordtab *t)
{
    if (t->n)
        memset(t->slot, 0, t->n_slots * sizeof *t->slot);
    bmx_arena_release(&t->arena);
    t->n = 0;
}

void bmx_wordtab_close_up(bmx_wordtab *t)
{
    bmx_wordtab_slot *to = t->mem;

    t->n = 0;
    for (size_t i = 0; i < t->n_slots; i++) { /* empty ones are written over: no branch to guess */
        bmx_wordtab_slot s = t->slot[i];
        to[t->n] = s;
        t->n += s.count > 0;
    }
    t->slot = to;
    t->n_slots = t->n;
}

void bmx_wordtab_free_slots(bmx_wordtab *t)
{
    bmx_free(t->mem);
    t->mem = NULL;
    t->slot = NULL;
    t->n = t->n_slots = 0;
}

void bmx_wordtab_release(bmx_wordtab *t)
{
    bmx_free(t->mem);
    bmx_arena_release(&t->arena);
    *t = (bmx_wordtab){ 0 };
}
