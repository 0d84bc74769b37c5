/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merges_txt.c - merges.txt / vocab.bpe: a list of merges, with the ids of vocab.json
 * or encoder.json when that lies in the same folder. */
#include "tokenizer/json_scan.h"
#include "tokenizer/lines.h"
#include "tokenizer/merge_list.h"

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    bmx_json *vocab = NULL;
    char *path = NULL;
    bool strange;
    bpemix_status st;

    (void)opts;
    tok->format = BMX_FORMAT_MERGES_TXT;
    if (!(st = bmx_list_check_text(data, err)) &&
        !(st = bmx_list_find_beside(tok->path, bmx_list_names, bmx_vocab_names, &path, err)) &&
        !(path && (st = bmx_list_load_vocab(tok, path, &vocab, err))) &&
        !(st = bmx_list_fill_pair(tok, data, vocab, &strange, err)) && strange &&
        !(st = bmx_tokenizer_warn(tok, err, "the vocabulary beside the merges is not theirs and "
                                  "was not used: %s", path)))
        st = bmx_list_fill_pair(tok, data, NULL, &strange, err);
    if (!st)
        st = bmx_list_finish(tok, err);
    bmx_json_free(vocab);
    bmx_free(path);
    return st;
}

/* Text whose first line is a version line or a merge. */
static bool probe(bmx_slice data)
{
    bmx_lines it = { data, 0 };
    bmx_slice line, l, r;
    bool counted;

    if (bmx_json_looks_like_object(data) || memchr(data.ptr ? data.ptr : "", 0,
                                                   data.len < 4096 ? data.len : 4096))
        return false;
    while (bmx_lines_next(&it, &line))
        if (line.len)
            return bmx_list_is_version(line) || bmx_list_split(line, &l, &r, &counted);
    return false;
}

const bmx_reader bmx_reader_merges_txt = { "merges.txt", probe, read };
