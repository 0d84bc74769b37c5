/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.c - hashes and checksums by xxHash, and numbers for distinct strings.
 *
 *   str[0] .. str[n - 1]   strings in order of arrival, in an arena
 *   slot[n_slots]          their numbers by hash, as map.h has it; made when first needed
 *
 * While the slots are rebuilt, those of the next strings are prefetched: the table is larger than
 * the cache, and every look-up would wait for memory. */
#include "base/hash.h"
#include "base/format.h"
#include "base/version.h"

#include <string.h>
#include <xxhash.h>

uint64_t bmx_hash64(const void *p, size_t n, uint64_t seed)
{
    return XXH3_64bits_withSeed(p, n, seed);
}

bmx_checksum *bmx_checksum_new(void)
{
    XXH3_state_t *s = XXH3_createState();
    if (s)
        XXH3_64bits_reset(s);
    return (bmx_checksum *)s;
}

void bmx_checksum_add(bmx_checksum *c, const void *p, size_t n)
{
    XXH3_64bits_update((XXH3_state_t *)c, p, n);
}

uint64_t bmx_checksum_value(const bmx_checksum *c)
{
    return XXH3_64bits_digest((const XXH3_state_t *)c);
}

void bmx_checksum_free(bmx_checksum *c) { XXH3_freeState((XXH3_state_t *)c); }

/* ---- byte strings ---- */

static bpemix_status rehash(bmx_intern *m, size_t n_slots, bpemix_error *err)
{
    enum { AHEAD = 16 };
    size_t home[AHEAD], mask = n_slots - 1;
    uint64_t *slot, tag[AHEAD];

    if (!(slot = bmx_calloc_table(n_slots, sizeof *slot)))
        return bmx_nomem(err);
    for (size_t id = 0; id < m->n + AHEAD; id++) {
        if (id >= AHEAD && id - AHEAD < m->n) { /* its slot has been fetched by now */
            size_t i = home[id % AHEAD];
            while (slot[i])
                i = (i + 1) & mask;
            slot[i] = tag[id % AHEAD] | (id - AHEAD + 1);
        }
        if (id < m->n) {
            uint64_t h = bmx_hash64(m->str[id].ptr, m->str[id].len, 0);
            tag[id % AHEAD] = bmx_string_tag(h);
            home[id % AHEAD] = (size_t)h & mask;
            __builtin_prefetch(&slot[home[id % AHEAD]], 1);
        }
    }
    bmx_free(m->slot);
    m->slot = slot;
    m->n_slots = n_slots;
    return BPEMIX_OK;
}

bpemix_status bmx_intern_add(bmx_intern *m, bmx_slice s, uint32_t *id, bool *is_new,
                             bpemix_error *err)
{
    uint64_t h = bmx_hash64(s.ptr, s.len, 0);
    bpemix_status st;
    uint64_t *at;
    char *copy;

    if (!m->n_slots && m->n && (st = bmx_intern_index(m, err)))
        return st;
    if (m->n_slots) {
        at = bmx_string_slot(m->slot, m->n_slots - 1, m->str, s, h);
        if (*at) {
            *id = (uint32_t)*at - 1;
            if (is_new)
                *is_new = false;
            return BPEMIX_OK;
        }
    }
    if (m->n >= BMX_NONE - 1)
        return bmx_fail(err, BPEMIX_E_NOMEM, "", "more than 4294967294 distinct strings");
    if (2 * (m->n + 1) > m->n_slots && (st = rehash(m, m->n_slots ? m->n_slots * 2 : 64, err)))
        return st;
    if ((st = bmx_reserve(&m->str, &m->cap, m->n + 1, sizeof *m->str, err)))
        return st;
    if (!(copy = bmx_arena_copy(&m->arena, s.ptr, s.len)))
        return bmx_nomem(err);
    at = bmx_string_slot(m->slot, m->n_slots - 1, m->str, s, h);
    m->str[m->n] = (bmx_slice){ copy, s.len };
    *id = (uint32_t)m->n++;
    *at = bmx_string_tag(h) | m->n;
    if (is_new)
        *is_new = true;
    return BPEMIX_OK;
}

bpemix_status bmx_intern_lay_out(bmx_intern *m, size_t n, size_t bytes, char **text,
                                 bpemix_error *err)
{
    bmx_arena arena = { 0 };
    bmx_slice *str;

    if (m->n || n > BMX_NONE - 1)
        return bmx_fail(err, m->n ? BPEMIX_E_BUG : BPEMIX_E_NOMEM, "",
                        "cannot fill a map with %zu strings", n);
    if (!(str = bmx_malloc(n, sizeof *str)) || !(*text = bmx_arena_alloc(&arena, bytes, 1))) {
        bmx_free(str);
        return bmx_nomem(err);
    }
    bmx_intern_release(m);
    m->arena = arena;
    m->str = str;
    m->n = m->cap = n;
    return BPEMIX_OK;
}

bpemix_status bmx_intern_index(bmx_intern *m, bpemix_error *err)
{
    size_t n_slots = 64;

    if (m->n_slots)
        return BPEMIX_OK;
    while (n_slots < 2 * m->n)
        n_slots *= 2;
    return rehash(m, n_slots, err);
}

bpemix_status bmx_intern_reserve(bmx_intern *m, size_t n, bpemix_error *err)
{
    size_t n_slots = m->n_slots ? m->n_slots : 64;
    bpemix_status st;

    if (n > BMX_NONE - 1)
        n = BMX_NONE - 1; /* adding more fails anyway */
    while (n_slots < 2 * n)
        n_slots *= 2;
    if ((st = bmx_reserve(&m->str, &m->cap, n, sizeof *m->str, err)))
        return st;
    return n_slots > m->n_slots ? rehash(m, n_slots, err) : BPEMIX_OK;
}

void bmx_intern_fetch(const bmx_intern *m, bmx_slice s)
{
    if (m->n_slots)
        __builtin_prefetch(&m->slot[bmx_hash64(s.ptr, s.len, 0) & (m->n_slots - 1)], 1);
}

uint32_t bmx_intern_find(const bmx_intern *m, bmx_slice s)
{
    size_t i;

    if (!m->n_slots) {
        for (i = 0; i < m->n && !bmx_slice_eq(m->str[i], s); i++)
            ;
        return i < m->n ? (uint32_t)i : BMX_NONE;
    }
    /* of a free slot, 0 - 1 is BMX_NONE */
    return (uint32_t)*bmx_string_slot(m->slot, m->n_slots - 1, m->str, s,
                                      bmx_hash64(s.ptr, s.len, 0)) - 1;
}

void bmx_intern_release(bmx_intern *m)
{
    bmx_arena_release(&m->arena);
    bmx_free(m->str);
    bmx_free(m->slot);
    *m = (bmx_intern){ 0 };
}

/* ---- integers ---- */

bpemix_status bmx_map64_put(bmx_map64 *m, uint64_t key, uint32_t val, bpemix_error *err)
{
    bmx_map64_item item = { key, val + 1 }, *at;

    if (val == BMX_NONE)
        return bmx_fail(err, BPEMIX_E_BUG, "", "BMX_NONE as the value of a key");
    if (bmx_map64_room(m, err))
        return BPEMIX_E_NOMEM;
    at = bmx_map64_find(m, &item);
    m->n += bmx_map64_is_free(at);
    *at = item;
    return BPEMIX_OK;
}

uint32_t bmx_map64_get(const bmx_map64 *m, uint64_t key)
{
    /* of a free slot, 0 - 1 is BMX_NONE */
    return m->n ? bmx_map64_find(m, &(bmx_map64_item){ .key = key })->next_val - 1 : BMX_NONE;
}

const char *bmx_hash_library_version(void)
{
    static _Thread_local char text[32];
    unsigned v = XXH_versionNumber();
    bmx_snprintf(text, sizeof text, "%u.%u.%u", v / 10000, v / 100 % 100, v % 100);
    return text;
}
