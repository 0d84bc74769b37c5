/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_write.c - a trace to a file, section by section (trace_file.h). */
#include "replay/trace_file.h"
#include "base/output.h"
#include "base/wire.h"
#include "result/codec.h"

static bpemix_status put_meta(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err)
{
    bmx_json *o = bmx_trace_meta_to_json(tr->digest, &tr->facts, &tr->options, tr->panel,
                                         tr->named_panel);
    bpemix_status st;

    st = o ? bmx_json_print_compact(o, b, err) : bmx_nomem(err);
    bmx_json_free(o);
    return st;
}

static bpemix_status put_categories(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err)
{
    size_t folds = bmx_trace_tallies(tr);
    bpemix_status st = bmx_put_varint(b, tr->n_cats / folds, err);

    if (!st && tr->n_folds)
        st = bmx_put_varint(b, tr->n_folds, err);
    for (size_t c = 0; c < tr->n_cats && !st; c += folds) {
        const bmx_trace_category *cat = &tr->cat[c];

        st = bmx_put_string(b, bmx_slice_str(cat->name), err);
        for (size_t f = 0; f < folds && !st; f++)
            if ((st = bmx_put_varint(b, cat[f].bytes, err)) ||
                (st = bmx_put_varint(b, cat[f].documents, err)) ||
                (st = bmx_put_varint(b, cat[f].pretokens, err)) ||
                (st = bmx_put_varint(b, cat[f].pairs, err)) ||
                (st = bmx_put_varint(b, cat[f].invalid_bytes, err)))
                break;
        if (st || (st = bmx_put_varint(b, cat->n_inputs, err)))
            return st;
        for (size_t i = 0; i < cat->n_inputs && !st; i++) {
            if ((st = bmx_put_string(b, bmx_slice_str(cat->input[i].path), err)) ||
                (st = bmx_put_varint(b, cat->input[i].bytes, err)) ||
                (st = bmx_put_varint(b, cat->input[i].documents, err)))
                return st;
            st = bmx_put_le(b, cat->input[i].checksum, 8, err);
        }
    }
    return st;
}

static bpemix_status put_tokens(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err)
{
    bpemix_status st;

    if ((st = bmx_put_varint(b, tr->n_tokens, err)) ||
        (st = bmx_put_string(b, tr->subword_prefix, err)) ||
        (st = bmx_put_string(b, tr->word_suffix, err)))
        return st;
    for (uint32_t i = 0; i < tr->n_tokens && !st; i++)
        st = bmx_put_string(b, tr->token[i], err);
    return st;
}

static bpemix_status put_merges(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err)
{
    bpemix_status st = bmx_put_varint(b, tr->n_merges, err);

    for (uint32_t t = 0; t < tr->n_merges && !st; t++)
        if ((st = bmx_put_varint(b, tr->merge[t].left, err)) ||
            (st = bmx_put_varint(b, tr->merge[t].right, err)) ||
            (st = bmx_put_varint(b, tr->merge[t].product, err)) ||
            (st = bmx_put_varint(b, tr->merge[t].flags, err)))
            return st;
    return st;
}

static bpemix_status put_pairs(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err)
{
    bmx_pair before = { 0, BMX_NONE, 0, 0 }; /* BMX_NONE + 1 is 0: right is itself */
    bpemix_status st;

    if ((st = bmx_put_varint(b, tr->n_pairs, err)) || (st = bmx_put_varint(b, tr->n_events, err)))
        return st;
    for (size_t p = 0; p < tr->n_pairs; p++) {
        const bmx_pair *pair = &tr->pair[p];
        uint64_t n = tr->first[p + 1] - tr->first[p];
        uint32_t step = 0;
        char *at;

        if (n > SIZE_MAX / (2 * BMX_VARINT_BYTES) - 4)
            return bmx_nomem(err);
        if ((st = bmx_buf_reserve(b, (2 * (size_t)n + 4) * BMX_VARINT_BYTES, err)))
            return st;
        at = b->ptr + b->len;
        at = bmx_store_varint(at, pair->left - before.left);
        at = bmx_store_varint(at, pair->left == before.left ? pair->right - before.right - 1
                                                            : pair->right);
        at = bmx_store_varint(at, (uint32_t)(pair->end + 1));
        at = bmx_store_varint(at, n - 1);
        for (uint64_t i = tr->first[p]; i < tr->first[p + 1]; i++) {
            const bmx_event *e = &tr->event[i];

            at = bmx_store_varint(at, (uint64_t)(e->step - step) * tr->n_cats + e->cat);
            at = bmx_store_varint(at, (uint64_t)e->delta << 1 ^ (e->delta < 0 ? UINT64_MAX : 0));
            step = e->step;
        }
        b->len = (size_t)(at - b->ptr);
        before = *pair;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_trace_write(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err)
{
    static const struct {
        char name[5];
        bpemix_status (*put)(const bpemix_trace *tr, bmx_buf *b, bpemix_error *err);
    } section[] = { { "META", put_meta }, { "CATS", put_categories }, { "TOKS", put_tokens },
                    { "MERG", put_merges }, { "PAIR", put_pairs } };
    size_t begin = out->len;
    bpemix_status st;

    if (!(st = bmx_buf_add(out, BMX_TRACE_MAGIC, BMX_TRACE_MAGIC_BYTES, err)))
        st = bmx_buf_addc(out, tr->n_folds ? BMX_TRACE_FOLDED : BMX_TRACE_WHOLE, err);
    for (size_t i = 0; i < sizeof section / sizeof *section && !st; i++) {
        size_t start;

        if ((st = bmx_buf_add(out, section[i].name, 4, err)) ||
            (st = bmx_buf_add(out, "\0\0\0\0\0\0\0", 8, err)))
            break;
        start = out->len;
        if (!(st = section[i].put(tr, out, err)))
            bmx_store_le(out->ptr + start - 8, out->len - start, 8);
    }
    if (!st)
        st = bmx_put_le(out, bmx_hash64(out->ptr + begin, out->len - begin, 0), 8, err);
    if (st)
        out->len = begin;
    return st;
}

bpemix_status bmx_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = bmx_trace_write(trace, &b, err);

    if (!st)
        st = bmx_write_file(path, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}
