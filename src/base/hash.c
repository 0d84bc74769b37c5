#include "base/hash.h"
#include "base/version.h"

#include <stdio.h>
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

static size_t find_slot(const bmx_intern *m, bmx_slice s, uint64_t h)
{
    size_t mask = m->n_slots - 1, i = (size_t)(h >> 32) & mask;

    for (; m->slot[i]; i = (i + 1) & mask) {
        uint32_t id = m->slot[i] - 1;
        if (m->hash[id] == (uint32_t)h && bmx_slice_eq(m->str[id], s))
            break;
    }
    return i;
}

static bpemix_status rehash(bmx_intern *m, size_t n_slots, bpemix_error *err)
{
    enum { AHEAD = 16 };
    size_t home[AHEAD], mask = n_slots - 1;
    uint32_t *slot;

    if (bmx_reserve(&m->hash, &m->hash_cap, m->n, sizeof *m->hash, err))
        return BPEMIX_E_NOMEM;
    if (!(slot = bmx_calloc_table(n_slots, sizeof *slot)))
        return bmx_nomem(err);
    for (size_t id = 0; id < m->n + AHEAD; id++) {
        if (id >= AHEAD && id - AHEAD < m->n) { /* its slot has arrived by now */
            size_t i = home[id % AHEAD];
            while (slot[i])
                i = (i + 1) & mask;
            slot[i] = (uint32_t)(id - AHEAD) + 1;
        }
        if (id < m->n) {
            uint64_t h = bmx_hash64(m->str[id].ptr, m->str[id].len, 0);
            m->hash[id] = (uint32_t)h;
            home[id % AHEAD] = (size_t)(h >> 32) & mask;
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
    size_t i;
    char *copy;

    if (!m->n_slots && m->n && (st = bmx_intern_index(m, err)))
        return st;
    if (m->n_slots) {
        i = find_slot(m, s, h);
        if (m->slot[i]) {
            *id = m->slot[i] - 1;
            if (is_new)
                *is_new = false;
            return BPEMIX_OK;
        }
    }
    if (m->n >= BMX_NONE - 1)
        return bmx_fail(err, BPEMIX_E_NOMEM, "", "more than 4294967294 distinct strings");
    if (2 * (m->n + 1) > m->n_slots && (st = rehash(m, m->n_slots ? m->n_slots * 2 : 64, err)))
        return st;
    if ((st = bmx_reserve(&m->str, &m->cap, m->n + 1, sizeof *m->str, err)) ||
        (st = bmx_reserve(&m->hash, &m->hash_cap, m->n + 1, sizeof *m->hash, err)))
        return st;
    if (!(copy = bmx_arena_copy(&m->arena, s.ptr, s.len)))
        return bmx_nomem(err);
    i = find_slot(m, s, h);
    m->str[m->n] = (bmx_slice){ copy, s.len };
    m->hash[m->n] = (uint32_t)h;
    m->slot[i] = (uint32_t)m->n + 1;
    *id = (uint32_t)m->n++;
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
    if ((st = bmx_reserve(&m->str, &m->cap, n, sizeof *m->str, err)) ||
        (st = bmx_reserve(&m->hash, &m->hash_cap, n, sizeof *m->hash, err)))
        return st;
    return n_slots > m->n_slots ? rehash(m, n_slots, err) : BPEMIX_OK;
}

uint32_t bmx_intern_find(const bmx_intern *m, bmx_slice s)
{
    size_t i;

    if (!m->n_slots) {
        for (i = 0; i < m->n && !bmx_slice_eq(m->str[i], s); i++)
            ;
        return i < m->n ? (uint32_t)i : BMX_NONE;
    }
    i = find_slot(m, s, bmx_hash64(s.ptr, s.len, 0));
    return m->slot[i] ? m->slot[i] - 1 : BMX_NONE;
}

void bmx_intern_release(bmx_intern *m)
{
    bmx_arena_release(&m->arena);
    bmx_free(m->str);
    bmx_free(m->slot);
    bmx_free(m->hash);
    *m = (bmx_intern){ 0 };
}

/* ---- integers ---- */

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0x9e3779b97f4a7c15u;
    x ^= x >> 29;
    return x;
}

static void place(uint64_t *keys, uint32_t *vals, size_t mask, uint64_t key, uint32_t val)
{
    size_t i = mix(key) & mask;
    while (keys[i] != UINT64_MAX && keys[i] != key)
        i = (i + 1) & mask;
    keys[i] = key;
    vals[i] = val;
}

bpemix_status bmx_map64_put(bmx_map64 *m, uint64_t key, uint32_t val, bpemix_error *err)
{
    if (bmx_map64_get(m, key) == BMX_NONE) {
        if (2 * (m->n + 1) > m->n_slots) {
            size_t n_slots = m->n_slots ? m->n_slots * 2 : 64;
            uint64_t *keys = bmx_malloc(n_slots, sizeof *keys);
            uint32_t *vals = bmx_malloc(n_slots, sizeof *vals);
            if (!keys || !vals) {
                bmx_free(keys);
                bmx_free(vals);
                return bmx_nomem(err);
            }
            memset(keys, 0xff, n_slots * sizeof *keys);
            for (size_t i = 0; i < m->n_slots; i++)
                if (m->key[i] != UINT64_MAX)
                    place(keys, vals, n_slots - 1, m->key[i], m->val[i]);
            bmx_free(m->key);
            bmx_free(m->val);
            m->key = keys;
            m->val = vals;
            m->n_slots = n_slots;
        }
        m->n++;
    }
    place(m->key, m->val, m->n_slots - 1, key, val);
    return BPEMIX_OK;
}

uint32_t bmx_map64_get(const bmx_map64 *m, uint64_t key)
{
    size_t mask, i;

    if (!m->n_slots)
        return BMX_NONE;
    mask = m->n_slots - 1;
    for (i = mix(key) & mask; m->key[i] != UINT64_MAX; i = (i + 1) & mask)
        if (m->key[i] == key)
            return m->val[i];
    return BMX_NONE;
}

void bmx_map64_release(bmx_map64 *m)
{
    bmx_free(m->key);
    bmx_free(m->val);
    *m = (bmx_map64){ 0 };
}

const char *bmx_hash_library_version(void)
{
    static _Thread_local char text[32];
    unsigned v = XXH_versionNumber();
    snprintf(text, sizeof text, "%u.%u.%u", v / 10000, v / 100 % 100, v % 100);
    return text;
}
