/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.h - hashing, checksums and digests, and the two hash maps of the library.
 * hash.c is the only user of xxHash, digest.c of libmd. */
#ifndef BMX_BASE_HASH_H
#define BMX_BASE_HASH_H

#include "base/map.h"

uint64_t bmx_hash64(const void *p, size_t n, uint64_t seed); /* XXH3, stable across machines */

/* Streaming 64-bit checksum for our own files. */
typedef struct bmx_checksum bmx_checksum;
bmx_checksum *bmx_checksum_new(void); /* NULL: no memory */
void bmx_checksum_add(bmx_checksum *c, const void *p, size_t n);
uint64_t bmx_checksum_value(const bmx_checksum *c);
void bmx_checksum_free(bmx_checksum *c);

/* SHA-256 as 64 lower-case hex digits and a NUL. */
typedef struct bmx_sha256 bmx_sha256;
bmx_sha256 *bmx_sha256_new(void);
void bmx_sha256_add(bmx_sha256 *s, const void *p, size_t n);
void bmx_sha256_hex(bmx_sha256 *s, char out[65]); /* frees s */
void bmx_sha256_of(const void *p, size_t n, char out[65]);

#define BMX_NONE UINT32_MAX

/* Byte strings <-> dense ids 0, 1, 2, ... in order of first insertion.
 * Strings live in the map's arena; slices stay valid until release. */
typedef struct bmx_intern {
    bmx_arena arena;
    bmx_slice *str; /* str[n] */
    uint64_t *slot; /* slot[n_slots], see map.h; n_slots a power of two, 0 until indexed */
    size_t n, cap, n_slots;
} bmx_intern;

/* *id of s, inserted when new (*is_new may be NULL). */
bpemix_status bmx_intern_add(bmx_intern *m, bmx_slice s, uint32_t *id, bool *is_new,
                             bpemix_error *err);
/* Make room in an empty map for n distinct strings, which the caller puts into
 * str[0 .. n-1] itself, pointing into *text, `bytes` in all.  They are indexed by
 * bmx_intern_index() or the first bmx_intern_add(); until then
 * bmx_intern_find() looks at them one after the other. */
bpemix_status bmx_intern_lay_out(bmx_intern *m, size_t n, size_t bytes, char **text,
                                 bpemix_error *err);
bpemix_status bmx_intern_index(bmx_intern *m, bpemix_error *err);
/* Room for n strings in all, so that adding them does not rehash. */
bpemix_status bmx_intern_reserve(bmx_intern *m, size_t n, bpemix_error *err);
/* s will be added or looked for soon: its slot is fetched. */
void bmx_intern_fetch(const bmx_intern *m, bmx_slice s);
uint32_t bmx_intern_find(const bmx_intern *m, bmx_slice s); /* BMX_NONE when absent */
void bmx_intern_release(bmx_intern *m);

/* uint64 key -> uint32 value other than BMX_NONE. */
typedef struct bmx_map64_item {
    uint64_t key;
    uint32_t next_val; /* value + 1; 0: free */
} bmx_map64_item;

static inline bool bmx_map64_is_free(const bmx_map64_item *i) { return !i->next_val; }
static inline bool bmx_map64_same(const bmx_map64_item *a, const bmx_map64_item *b)
{
    return a->key == b->key;
}
static inline uint64_t bmx_map64_hash(const bmx_map64_item *i) { return bmx_mix(i->key); }

BMX_MAP(bmx_map64, bmx_map64_item, bmx_map64_is_free, bmx_map64_same, bmx_map64_hash)

bpemix_status bmx_map64_put(bmx_map64 *m, uint64_t key, uint32_t val, bpemix_error *err);
/* Value of key, BMX_NONE when absent. */
uint32_t bmx_map64_get(const bmx_map64 *m, uint64_t key);
/* Fetch what looking key up will read.  Always inline: gcc drops calls that only fetch. */
static inline __attribute__((always_inline)) void bmx_map64_prefetch(const bmx_map64 *m,
                                                                     uint64_t key)
{
    if (m->n_slots)
        __builtin_prefetch(&m->slot[(size_t)bmx_mix(key) & (m->n_slots - 1)]);
}

#endif
