/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compact_ranks.c - the JSON of the JavaScript packages, whose string bpe_ranks holds
 * runs of tokens with rising ranks. */
#include "tokenizer/build.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/ranks.h"

#include <stdlib.h>
#include <string.h>

/* bpe_ranks: lines "! offset token token ..."; token i has rank offset + i. */
static bpemix_status read_ranks(bpemix_tokenizer *tok, bmx_rank_list *list, const char *s,
                                bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t number = 0; *s && !st; number++) {
        size_t len = strcspn(s, "\n");
        const char *end = s + len, *p = s;
        char *digits_end = NULL;
        uint64_t rank = 0;

        if (len) {
            if (len > 3 && p[0] == '!' && p[1] == ' ' && p[2] >= '0' && p[2] <= '9')
                rank = strtoull(p + 2, &digits_end, 10);
            if (!digits_end || digits_end > end || (digits_end < end && *digits_end != ' '))
                st = bmx_fail(err, BPEMIX_E_FORMAT, "", "does not start with \"! offset\"");
            for (p = digits_end; !st && p < end; rank++) {
                size_t n = strcspn(++p, " \n");
                st = n ? bmx_rank_list_add(tok, list, bmx_slice_of(p, n), rank, err) : BPEMIX_OK;
                p += n;
            }
            if (st)
                bmx_with_line(err, bmx_at(err, st, "bpe_ranks"), number + 1);
        }
        s = *end ? end + 1 : end;
    }
    return st;
}

static bpemix_status read_compact(bpemix_tokenizer *tok, bmx_slice data,
                                  const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *root = NULL;
    bmx_rank_list list = { 0 };
    const char *ranks_text, *pattern;
    bpemix_status st = bmx_tokenizer_read_json(tok, "", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_COMPACT_RANKS;
    list.n_others = (uint32_t)bmx_json_count(bmx_json_get(root, "special_tokens"));
    ranks_text = bmx_json_string(bmx_json_get(root, "bpe_ranks"));
    pattern = bmx_json_string(bmx_json_get(root, "pat_str"));
    if (!ranks_text)
        st = bmx_fail(err, BPEMIX_E_FORMAT, "bpe_ranks", "not a string");
    else if (!(st = read_ranks(tok, &list, ranks_text, err)))
        st = bmx_rank_list_finish(tok, &list, false, err);
    if (!st)
        st = bmx_rank_list_look_for_gaps(tok, &list, err);
    if (!st && pattern)
        st = bmx_rank_list_use_pattern(tok, pattern, opts, err);
    bmx_rank_list_release(&list);
    bmx_json_free(root);
    return st;
}

static bool probe_compact(bmx_slice data)
{
    return bmx_json_looks_like_object(data) && bmx_json_has_key(data, "bpe_ranks");
}

const bmx_reader bmx_reader_compact_ranks = { "compact ranks", probe_compact, read_compact };
