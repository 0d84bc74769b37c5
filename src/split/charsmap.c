/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charsmap.c - SentencePiece's compiled character maps: which strings become which. */
#include "split/charsmap.h"
#include "base/wire.h"
#include "split/chars.h"
#include "split/form.h"
#include "split/normalize_limit.h"

#include <string.h>

/* A unit of the trie.  Maps come from files: every index is checked. */
static uint32_t unit(const bmx_charsmap *m, size_t i)
{
    return (uint32_t)bmx_load_le(m->trie + 4 * i, 4);
}
static uint32_t unit_offset(uint32_t u) { return (u >> 10) << ((u & 0x200) >> 6); }
static uint32_t unit_label(uint32_t u) { return u & 0x800000ffu; }

#define LONGEST_KEY 1024 /* bytes; those of real maps have a dozen, but a damaged trie may go
                            round */

bool bmx_charsmap_look_up(const bmx_charsmap *m, bmx_slice s, bool longest, size_t *consumed,
                          bmx_slice *value)
{
    bool found = false;
    size_t at, len;

    if (m->n_units == 0 || s.len == 0 || !m->start[(unsigned char)s.ptr[0]])
        return false;
    at = unit_offset(unit(m, 0));
    for (len = 0; len < s.len && len < LONGEST_KEY;) {
        uint32_t c = (unsigned char)s.ptr[len], u;

        at ^= c;
        if (c == 0 || at >= m->n_units || unit_label(u = unit(m, at)) != c)
            break;
        at ^= unit_offset(u);
        len++;
        if (u >> 8 & 1) {
            size_t v = at < m->n_units ? unit(m, at) & 0x7fffffffu : SIZE_MAX;

            if (v >= m->text.len || ((unsigned char)m->text.ptr[v] & 0xc0) == 0x80)
                break; /* damaged: treated as if the key were missing */
            if (longest && len < s.len && ((unsigned char)s.ptr[len] & 0xc0) == 0x80)
                continue;
            *value = bmx_slice_of(m->text.ptr + v, strlen(m->text.ptr + v));
            *consumed = len;
            found = true;
            if (!longest)
                break;
        }
    }
    return found;
}

bpemix_status bmx_charsmap_init(bmx_charsmap *m, bmx_slice raw, bpemix_error *err)
{
    size_t size;

    if (raw.len == 0)
        return BPEMIX_OK;
    size = raw.len < 4 ? SIZE_MAX : (size_t)bmx_load_le(raw.ptr, 4);
    if (size == SIZE_MAX || size > raw.len - 4 || size % 4 != 0)
        return bmx_fail(err, BPEMIX_E_FORMAT, "character map",
                        "%zu bytes cannot hold the trie they announce", raw.len);
    if (!bmx_utf8_valid(bmx_slice_of(raw.ptr + 4 + size, raw.len - 4 - size)))
        return bmx_fail(err, BPEMIX_E_FORMAT, "character map", "its replacements are not UTF-8");
    m->data = bmx_malloc(raw.len + 1, 1);
    if (!m->data)
        return bmx_nomem(err);
    memcpy(m->data, raw.ptr, raw.len);
    m->data[raw.len] = '\0'; /* terminates the last replacement, which may be truncated */
    m->trie = (const unsigned char *)m->data + 4;
    m->n_units = size / 4;
    m->text = bmx_slice_of(m->data + 4 + size, raw.len - 4 - size);
    for (uint32_t c = 1; c < 256 && m->n_units > 0; c++) {
        size_t at = unit_offset(unit(m, 0)) ^ c;
        m->start[c] = at < m->n_units && unit_label(unit(m, at)) == c;
    }
    return BPEMIX_OK;
}

/* One grapheme cluster, as SentencePiece treats it: a short cluster is looked up whole, and the
 * shortest key that is a prefix of it replaces the whole cluster. */
static bpemix_status put_cluster(const bmx_charsmap *m, bmx_slice cluster, bmx_buf *out,
                                 bool *changed, bpemix_error *err)
{
    bmx_slice value;
    size_t consumed;

    if (cluster.len < 6 && bmx_charsmap_look_up(m, cluster, false, &consumed, &value)) {
        *changed = true;
        return bmx_buf_add(out, value.ptr, value.len, err);
    }
    for (size_t i = 0; i < cluster.len;) {
        uint32_t cp;
        unsigned n = bmx_char_at(cluster, i, &cp);
        bmx_slice c = bmx_slice_of(cluster.ptr + i, n);

        if (bmx_charsmap_look_up(m, c, false, &consumed, &value)) {
            *changed = true;
            c = value;
        }
        if (bmx_buf_add(out, c.ptr, c.len, err))
            return BPEMIX_E_NOMEM;
        i += n;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_charsmap_run(const bmx_charsmap *m, bmx_slice *text, bmx_buf *out, size_t most,
                               bpemix_error *err)
{
    bmx_slice s = *text;
    bool changed = false;
    int32_t state = 0;
    uint32_t prev = 0;
    size_t from = 0;

    out->len = 0;
    if (bmx_buf_reserve(out, s.len, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_char_at(s, i, &cp);

        if (i > 0 && bmx_grapheme_break(prev, cp, &state)) {
            if (put_cluster(m, bmx_slice_of(s.ptr + from, i - from), out, &changed, err))
                return BPEMIX_E_NOMEM;
            if (out->len > most)
                return bmx_normalized_too_long(most, err);
            from = i;
        }
        prev = cp;
        i += n;
    }
    if (put_cluster(m, bmx_slice_of(s.ptr + from, s.len - from), out, &changed, err))
        return BPEMIX_E_NOMEM;
    if (changed)
        *text = bmx_slice_of(out->ptr, out->len);
    return BPEMIX_OK;
}

void bmx_charsmap_release(bmx_charsmap *m)
{
    bmx_free(m->data);
    *m = (bmx_charsmap){ 0 };
}
