#include "text/wordtab.h"
#include "base/hash.h"

#include <sys/mman.h>

#define FIRST_SLOTS 4096
#define CLEARED_SLOTS 65536 /* largest table that is worth wiping for the next category */

/* Large tables are probed all over: huge pages spare a page walk each time. */
static void ask_for_huge_pages(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
    uintptr_t page = (uintptr_t)1 << 21, from = ((uintptr_t)p + page - 1) & ~(page - 1),
              to = ((uintptr_t)p + n) & ~(page - 1);
    if (to > from)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
    (void)p;
    (void)n;
#endif
}

static bpemix_status set_slots(bmx_wordtab *t, size_t n_slots, bpemix_error *err)
{
    bmx_wordtab_slot *old = t->slot, *slot;
    void *mem = bmx_calloc(n_slots + 2, sizeof *slot);
    size_t n_old = t->n_slots, mask = n_slots - 1;

    if (!mem)
        return bmx_nomem(err);
    ask_for_huge_pages(mem, (n_slots + 2) * sizeof *slot);
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
    size_t n_slots = t->n_slots ? t->n_slots : FIRST_SLOTS;

    while (t->n + extra > n_slots / 4 * 3)
        n_slots *= 2;
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

static bmx_wordtab_slot *find_long(const bmx_wordtab *t, bmx_slice word, uint64_t hash)
{
    size_t mask = t->n_slots - 1, i = (size_t)(hash >> t->shift);
    uint64_t k1 = BMX_WORDTAB_LONG | word.len;

    while (t->slot[i].count &&
           (t->slot[i].hash != hash || t->slot[i].k1 != k1 ||
            memcmp((const char *)(uintptr_t)t->slot[i].k0, word.ptr, word.len)))
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
        char *copy = bmx_arena_copy(&t->arena, word.ptr, word.len);
        if (!copy)
            return bmx_nomem(err);
        *s = (bmx_wordtab_slot){ (uintptr_t)copy, BMX_WORDTAB_LONG | word.len, hash, 0 };
        t->n++;
    }
    s->count += n;
    return BPEMIX_OK;
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

bpemix_status bmx_wordtab_merge(bmx_wordtab *dst, bmx_wordtab *src, bpemix_error *err)
{
    if (src->n > dst->n) { /* move the smaller into the larger */
        bmx_wordtab t = *dst;
        *dst = *src;
        *src = t;
    }
    for (size_t i = 0; i < src->n_slots; i++) {
        const bmx_wordtab_slot *s = &src->slot[i];
        bpemix_status st;

        if (i + 8 < src->n_slots && dst->n_slots && src->slot[i + 8].count)
            __builtin_prefetch(&dst->slot[src->slot[i + 8].hash >> dst->shift], 1);
        if (!s->count)
            continue;
        if ((st = make_room(dst, 1, err)))
            return st;
        if (s->k1 >= BMX_WORDTAB_LONG) {
            bmx_slice word = bmx_slice_of((const char *)(uintptr_t)s->k0,
                                          (size_t)(s->k1 & ~BMX_WORDTAB_LONG));
            if ((st = add_long(dst, word, s->hash, s->count, err)))
                return st;
        } else {
            bmx_wordtab_key k = { s->k0, s->k1, s->hash };
            bmx_wordtab_slot *d = find_short(dst, &k);
            if (!d->count) {
                *d = (bmx_wordtab_slot){ k.k0, k.k1, k.hash, 0 };
                dst->n++;
            }
            d->count += s->count;
        }
    }
    bmx_wordtab_clear(src);
    return BPEMIX_OK;
}

bmx_slice bmx_wordtab_word(const bmx_wordtab_slot *s, char buf[16])
{
    if (s->k1 >= BMX_WORDTAB_LONG)
        return bmx_slice_of((const char *)(uintptr_t)s->k0, (size_t)(s->k1 & ~BMX_WORDTAB_LONG));
    for (int i = 0; i < 8; i++) {
        buf[i] = (char)(s->k0 >> (8 * i));
        buf[i + 8] = (char)(s->k1 >> (8 * i));
    }
    return bmx_slice_of(buf, (size_t)(s->k1 >> 56));
}

/* ---- byte order ---- */

typedef struct sort_item {
    uint64_t first; /* first eight bytes as a number that sorts like them */
    const bmx_wordtab_slot *slot;
} sort_item;

static bool sorts_before(const sort_item *x, const sort_item *y)
{
    char buf[2][16];

    return bmx_slice_cmp(bmx_wordtab_word(x->slot, buf[0]), bmx_wordtab_word(y->slot, buf[1])) < 0;
}

/* Merge sort of words that start with the same eight bytes; insertion sort of
 * short runs first. */
static void sort_equal(sort_item *a, sort_item *spare, size_t n)
{
    sort_item *from = a, *to = spare, *t;

    for (size_t run = 0; run < n; run += 8)
        for (size_t i = run + 1; i < run + 8 && i < n; i++) {
            sort_item x = a[i];
            size_t k = i;
            for (; k > run && sorts_before(&x, &a[k - 1]); k--)
                a[k] = a[k - 1];
            a[k] = x;
        }
    for (size_t run = 8; run < n; run *= 2) {
        for (size_t lo = 0; lo < n; lo += 2 * run) {
            size_t mid = n - lo > run ? lo + run : n, hi = n - lo > 2 * run ? lo + 2 * run : n;
            size_t i = lo, k = mid, out = lo;
            while (i < mid && k < hi)
                to[out++] = sorts_before(&from[k], &from[i]) ? from[k++] : from[i++];
            memcpy(to + out, from + i, (mid - i) * sizeof *to);
            memcpy(to + out + (mid - i), from + k, (hi - k) * sizeof *to);
        }
        t = from;
        from = to;
        to = t;
    }
    if (from != a)
        memcpy(a, from, n * sizeof *a);
}

/* Radix sort by the first eight bytes, last byte first, then runs of equal
 * ones.  qsort would spend its time in calls. */
static void sort(sort_item *a, sort_item *spare, size_t n)
{
    sort_item *from = a, *to = spare, *t;

    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t start[257] = { 0 };
        for (size_t i = 0; i < n; i++)
            start[(from[i].first >> shift & 255) + 1]++;
        for (size_t d = 1; d < 256; d++)
            start[d + 1] += start[d];
        for (size_t i = 0; i < n; i++)
            to[start[from[i].first >> shift & 255]++] = from[i];
        t = from;
        from = to;
        to = t;
    } /* eight passes: the result is in a again */
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && a[k].first == a[i].first; k++)
            ;
        if (k - i > 1)
            sort_equal(a + i, spare, k - i);
    }
}

bpemix_status bmx_wordtab_sorted(const bmx_wordtab *t, const bmx_wordtab_slot ***order,
                                 bpemix_error *err)
{
    sort_item *item = bmx_malloc(t->n, 2 * sizeof *item);
    const bmx_wordtab_slot **out = bmx_malloc(t->n, sizeof *out);
    size_t n = 0;

    if (!item || !out) {
        bmx_free(item);
        bmx_free(out);
        return bmx_nomem(err);
    }
    for (size_t i = 0; i < t->n_slots; i++)
        if (t->slot[i].count) {
            uint64_t first = t->slot[i].k0;
            if (t->slot[i].k1 >= BMX_WORDTAB_LONG)
                first = bmx_wordtab_load((const char *)(uintptr_t)first, 8);
            item[n++] = (sort_item){ __builtin_bswap64(first), &t->slot[i] };
        }
    sort(item, item + n, n);
    for (size_t i = 0; i < n; i++)
        out[i] = item[i].slot;
    bmx_free(item);
    *order = out;
    return BPEMIX_OK;
}

void bmx_wordtab_clear(bmx_wordtab *t)
{
    if (t->n_slots > CLEARED_SLOTS) {
        bmx_wordtab_release(t);
        return;
    }
    if (t->n)
        memset(t->slot, 0, t->n_slots * sizeof *t->slot);
    bmx_arena_release(&t->arena);
    t->n = 0;
    t->n_queue = 0;
}

void bmx_wordtab_release(bmx_wordtab *t)
{
    bmx_free(t->mem);
    bmx_arena_release(&t->arena);
    *t = (bmx_wordtab){ 0 };
}
