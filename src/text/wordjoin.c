/* wordjoin.c - one word at a time, guesses go wrong at every turn: whether a slot is
 * empty, whether the word is long, whether it is the one that it is compared with.  So
 * slots are told apart a chunk at a time, without branches, and words of a kind take
 * each step together, while what they are compared with is on its way. */
#include "text/wordjoin.h"

#define CHUNK 512 /* slots: they, and as much of the other table, fit the first-level cache */
#define SLOTS_A_LINE 2

/* Words of a chunk, by their places in it. */
typedef struct chunk {
    bmx_wordtab_slot *slot;
    size_t n_short, n_long;
    uint16_t in_slot[CHUNK], in_arena[CHUNK];
} chunk;

static bool same_word(const bmx_wordtab_slot *x, const bmx_wordtab_slot *y)
{
    if (x->k1 != y->k1)
        return false;
    if (x->k1 < BMX_WORDTAB_LONG)
        return x->k0 == y->k0;
    return x->hash == y->hash && bmx_slice_eq(bmx_wordtab_long_of(x), bmx_wordtab_long_of(y));
}

static inline bmx_wordtab_slot *behind(const bmx_wordjoin_table *t, bmx_wordtab_slot *s)
{
    return s + 1 < t->slot + t->n_slots ? s + 1 : t->slot;
}

static void gather(chunk *c, const bmx_wordjoin_table *t, bmx_wordtab_slot *slot, size_t n, size_t part)
{
    c->slot = slot;
    c->n_short = c->n_long = 0;
    for (size_t i = 0; i < n; i++) {
        bool here = (slot[i].count != 0) & (bmx_wordjoin_part(slot[i].hash) == part);
        bool is_long = slot[i].k1 >= BMX_WORDTAB_LONG;

        __builtin_prefetch(&t->slot[bmx_wordjoin_home(t, slot[i].hash)], 1);
        c->in_slot[c->n_short] = c->in_arena[c->n_long] = (uint16_t)i;
        c->n_short += here & !is_long;
        c->n_long += here & is_long;
    }
}

/* All are compared with what is where they belong, those that found another word there
 * with the next slot, and so on.  Returns how many words were found. */
static size_t join_short(chunk *c, const bmx_wordjoin_table *table)
{
    bmx_wordjoin_table t = *table; /* known not to change */
    size_t found = 0;

    for (size_t probe = 0, n = c->n_short; n; probe++) {
        size_t left = 0;

        for (size_t i = 0; i < n; i++) {
            uint16_t at = c->in_slot[i];
            bmx_wordtab_slot *x = &c->slot[at];
            size_t to = bmx_wordjoin_home(&t, x->hash) + probe;
            bmx_wordtab_slot *y = &t.slot[to < t.n_slots ? to : to - t.n_slots];
            uint64_t count = x->count, same = (x->k0 == y->k0) & (x->k1 == y->k1);

            y->count += count & -same;
            x->count = count & (same - 1);
            found += same;
            c->in_slot[left] = at;
            left += (y->k1 != 0) & !same;
        }
        n = left;
    }
    return found;
}

/* The bytes of words that may be the same are fetched before any are compared. */
static size_t join_long(chunk *c, const bmx_wordjoin_table *t)
{
    bmx_wordtab_slot *like[CHUNK];
    size_t n = 0, found = 0;

    for (size_t i = 0; i < c->n_long; i++) {
        const bmx_wordtab_slot *x = &c->slot[c->in_arena[i]];
        bmx_wordtab_slot *y = &t->slot[bmx_wordjoin_home(t, x->hash)];

        while (y->k1 && (y->hash != x->hash || y->k1 != x->k1))
            y = behind(t, y);
        if (!y->k1)
            continue;
        like[n] = y;
        c->in_arena[n++] = c->in_arena[i];
        __builtin_prefetch((const char *)(uintptr_t)x->k0);
        __builtin_prefetch((const char *)(uintptr_t)y->k0);
    }
    for (size_t i = 0; i < n; i++) {
        bmx_wordtab_slot *x = &c->slot[c->in_arena[i]], *y = like[i];

        while (y->k1 && !same_word(x, y)) /* the first one has the same hash, no more */
            y = behind(t, y);
        if (y->k1) {
            y->count += x->count;
            x->count = 0;
            found++;
        }
    }
    return found;
}

size_t bmx_wordjoin(const bmx_wordjoin_table *t, bmx_wordtab_slot *slot, size_t n, size_t part)
{
    size_t missing = 0;
    chunk c;

    for (size_t at = 0; at < n; at += CHUNK) {
        size_t n_chunk = n - at < CHUNK ? n - at : CHUNK;

        gather(&c, t, slot + at, n_chunk, part);
        for (size_t next = at + CHUNK; next < at + 2 * CHUNK && next < n; next += SLOTS_A_LINE)
            __builtin_prefetch(slot + next, 1);
        missing += c.n_short + c.n_long;
        missing -= join_short(&c, t);
        missing -= join_long(&c, t);
    }
    return missing;
}
