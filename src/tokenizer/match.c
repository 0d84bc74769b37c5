/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/match.h"

static bpemix_status add_node(bmx_matcher *m, uint32_t *node, bpemix_error *err)
{
    if (m->n >= 1u << 31)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "strings of more than 2 GB together");
    if (bmx_reserve(&m->value, &m->cap, m->n + 1, sizeof *m->value, err))
        return BPEMIX_E_NOMEM;
    m->value[m->n] = BMX_NONE;
    *node = (uint32_t)m->n++;
    return BPEMIX_OK;
}

static uint64_t edge_key(uint32_t node, char c) { return (uint64_t)node << 8 | (unsigned char)c; }

bpemix_status bmx_matcher_add(bmx_matcher *m, bmx_slice s, uint32_t value, bpemix_error *err)
{
    uint32_t node = 0, next;
    bpemix_status st = m->n ? BPEMIX_OK : add_node(m, &node, err);

    for (size_t i = 0; i < s.len && !st; i++, node = next) {
        next = i ? bmx_map64_get(&m->edge, edge_key(node, s.ptr[i]))
                 : m->root[(unsigned char)s.ptr[0]];
        if (next != BMX_NONE && next != 0)
            continue;
        if (!(st = add_node(m, &next, err)) && i)
            st = bmx_map64_put(&m->edge, edge_key(node, s.ptr[i]), next, err);
        if (!st && !i)
            m->root[(unsigned char)s.ptr[0]] = next;
    }
    if (!st && m->value[node] == BMX_NONE)
        m->value[node] = value;
    return st;
}

uint32_t bmx_matcher_longest(const bmx_matcher *m, bmx_slice text, size_t *len)
{
    uint32_t node = text.len ? m->root[(unsigned char)text.ptr[0]] : 0, found = BMX_NONE;

    if (!node)
        return BMX_NONE;
    for (size_t i = 1;; i++) {
        if (m->value[node] != BMX_NONE) {
            found = m->value[node];
            *len = i;
        }
        if (i == text.len ||
            (node = bmx_map64_get(&m->edge, edge_key(node, text.ptr[i]))) == BMX_NONE)
            return found;
    }
}

void bmx_matcher_release(bmx_matcher *m)
{
    bmx_map64_release(&m->edge);
    bmx_free(m->value);
    *m = (bmx_matcher){ 0 };
}
