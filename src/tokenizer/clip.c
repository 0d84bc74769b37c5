/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clip.c - CLIP's bpe_simple_vocab_16e6.txt: a title line, then more merges than are
 * in use.  The vocabulary is 256 bytes, the same with </w>, a token a merge and two
 * special ones: 49 408. */
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/lines.h"
#include "tokenizer/merge_list.h"

#include <string.h>

enum { CLIP_MERGES = 49408 - 2 - 2 * 256 };

static bpemix_status add_clip_bytes(bpemix_tokenizer *tok, const char *end, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    /* in the order of their printable characters: those that stand for themselves first */
    for (int pass = 0; pass < 2; pass++)
        for (unsigned b = 0; b < 256 && !st; b++) {
            char text[8] = { (char)b };
            uint32_t id;
            if ((bmx_bytelevel_char((unsigned char)b) == b) != (pass == 0))
                continue;
            memcpy(text + 1, end, strlen(end));
            st = bmx_token_add_vocab(tok, bmx_slice_of(text, 1 + strlen(end)),
                                     (uint32_t)tok->vocab.tokens.n, &id, err);
        }
    return st;
}

static bpemix_status read_clip(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                               bpemix_error *err)
{
    bmx_lines it = { data, 0 };
    bmx_slice line, all;
    bmx_buf buf = { 0 };
    uint32_t listed = 0;
    bpemix_status st;

    tok->format = BMX_FORMAT_CLIP;
    tok->vocab.alphabet = BMX_ALPHABET_BYTE;
    bmx_lines_next(&it, &line); /* the title */
    all = it.rest;
    if ((st = add_clip_bytes(tok, "", err)) || (st = add_clip_bytes(tok, "</w>", err)) ||
        (st = bmx_list_read_merges(tok, all, CLIP_MERGES, &buf, err)))
        goto done;
    if (!tok->vocab.word_suffix.len &&
        (st = bmx_slice_own(&tok->vocab.word_suffix, bmx_slice_str("</w>"), err)))
        goto done;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        if (tok->vocab.id[tok->trained.merge[t].product] == BMX_NONE)
            tok->vocab.id[tok->trained.merge[t].product] = 512 + t;
    tok->vocab.size = 512 + tok->trained.n_merges + 2;
    while (bmx_lines_next(&it, &line))
        listed += line.len > 0;
    tok->n_listed = listed;
    if (listed > tok->trained.n_merges) {
        char *detail =
            bmx_asprintf("%u of %u listed merges are in use", tok->trained.n_merges, listed);
        st = detail ? bmx_list_add_detail(tok, detail, err) : bmx_nomem(err);
        bmx_free(detail);
        if (st)
            goto done;
    }
    if (!(st = bmx_normalizer_add(&tok->trained.normalizer, BMX_NORM_CLIP, NULL, err)) &&
        (!opts || !opts->pretokenizer))
        st = bmx_tokenizer_use_preset(tok, "clip", err);
done:
    bmx_buf_release(&buf);
    return st;
}

static bool probe_clip(bmx_slice data)
{
    static const char title[] = "\"bpe_simple_vocab_16e6.txt";
    return data.len >= sizeof title - 1 && !memcmp(data.ptr, title, sizeof title - 1);
}

const bmx_reader bmx_reader_clip = { "CLIP merges", probe_clip, read_clip };
