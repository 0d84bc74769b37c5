/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tekken.c - Mistral's tekken.json: an array of tokens in base64, in the order of
 * their ranks, more of them than are in use. */
#include "tokenizer/build.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/ranks.h"

/* Only the first default_vocab_size - default_num_special_tokens entries of
 * vocab are in use; ids are ranks plus the number of special tokens. */
static bpemix_status read_tekken(bpemix_tokenizer *tok, bmx_slice data,
                                 const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *root = NULL;
    const bmx_json *config, *vocab;
    bmx_rank_list list = { 0 };
    const char *pattern;
    uint64_t size = 0, special = 0, used, i = 0;
    bpemix_status st = bmx_tokenizer_read_json(tok, "", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_TEKKEN;
    config = bmx_json_get(root, "config");
    vocab = bmx_json_get(root, "vocab");
    pattern = bmx_json_string(bmx_json_get(config, "pattern"));
    if (!vocab || bmx_json_kind_of(vocab) != BMX_JSON_ARRAY) {
        st = bmx_fail(err, BPEMIX_E_FORMAT, "vocab", "not an array");
        goto done;
    }
    bmx_json_uint(bmx_json_get(config, "default_num_special_tokens"), BMX_NONE, &special);
    used = bmx_json_count(vocab);
    if (bmx_json_uint(bmx_json_get(config, "default_vocab_size"), BMX_NONE, &size)) {
        if (size < special)
            st = bmx_fail(err, BPEMIX_E_FORMAT, "config", "default_vocab_size %llu is smaller than "
                          "default_num_special_tokens %llu", (unsigned long long)size,
                          (unsigned long long)special);
        else if (size - special < used)
            used = size - special;
    }
    for (const bmx_json *v = bmx_json_first(vocab); v && i < used && !st;
         v = bmx_json_next(v), i++) {
        const char *bytes = bmx_json_string(bmx_json_get(v, "token_bytes"));
        uint64_t rank = i;

        if (!bytes || (bmx_json_get(v, "rank") &&
                       !bmx_json_uint(bmx_json_get(v, "rank"), BMX_NONE - 1, &rank)))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "no %s", bytes ? "rank" : "token_bytes");
        else
            st = bmx_rank_list_add(tok, &list, bmx_slice_str(bytes), rank, err);
        if (st)
            bmx_at(err, st, "vocab[%llu]", (unsigned long long)i);
    }
    if (!st)
        st = bmx_rank_list_finish(tok, &list, false, err);
    if (!st)
        st = bmx_rank_list_look_for_gaps(tok, &list, err);
    for (size_t id = 0; id < tok->vocab.tokens.n && !st; id++)
        if (tok->vocab.id[id] != BMX_NONE) {
            if (tok->vocab.id[id] + special >= BMX_NONE)
                st = bmx_fail(err, BPEMIX_E_FORMAT, "config", "token ids above 4294967294");
            tok->vocab.id[id] += (uint32_t)special;
        }
    if (!st && pattern)
        st = bmx_rank_list_use_pattern(tok, pattern, opts, err);
    if (!st && used < bmx_json_count(vocab)) {
        char *detail = bmx_asprintf("%llu of %zu stored tokens in use", (unsigned long long)used,
                                    bmx_json_count(vocab));
        st = detail ? BPEMIX_OK : bmx_nomem(err);
        tok->format_detail = detail;
    }
done:
    bmx_rank_list_release(&list);
    bmx_json_free(root);
    return st;
}

static bool probe_tekken(bmx_slice data)
{
    return bmx_json_looks_like_object(data) && bmx_json_has_key(data, "config") &&
           bmx_json_has_key(data, "vocab");
}

const bmx_reader bmx_reader_tekken = { "tekken", probe_tekken, read_tekken };
