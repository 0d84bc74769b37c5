/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vocab_json.c - vocab.json / encoder.json: a flat object token -> id.  It is one half
 * of a format, so the list of merges is looked for in the same folder; without that only the
 * vocabulary is known. */
#include "base/input.h"
#include "tokenizer/build.h"
#include "tokenizer/foreign.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/lines.h"
#include "tokenizer/merge_list.h"

static bpemix_status read_vocab_alone(bpemix_tokenizer *tok, const bmx_json *vocab,
                                      const char *why, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st;

    tok->format = BMX_FORMAT_VOCAB_JSON;
    tok->vocab.alphabet = bmx_vocab_has_bytes(vocab) ? BMX_ALPHABET_BYTE : BMX_ALPHABET_CHARACTER;
    st = bmx_list_read_vocab(tok, vocab, &buf, err);
    bmx_buf_release(&buf);
    return st ? st : bmx_tokenizer_warn(tok, err, "a vocabulary without merges: %s", why);
}

/* With the list at `path`. */
static bpemix_status read_vocab_and_list(bpemix_tokenizer *tok, const bmx_json *vocab,
                                         const char *path, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bmx_slice list;
    const char *what, *hint = "";
    bool strange = false;
    bpemix_status st = bmx_read_file(path, BMX_TOKENIZER_MAX_BYTES, &buf, err);

    list = bmx_skip_mark(bmx_slice_of(buf.ptr, buf.len));
    tok->format = BMX_FORMAT_MERGES_TXT;
    if (!st && (what = bmx_foreign(list, &hint)))
        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, path, hint, "%s", what);
    else if (!st && ((st = bmx_list_check_text(list, err)) ||
                (st = bmx_list_fill_pair(tok, list, vocab, &strange, err)) ||
                (!strange && !tok->trained.n_merges &&
                 (st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "fetch it again, or remove it",
                                     "no merges"))) ||
                (!strange && (st = bmx_list_finish(tok, err)))))
        bmx_at(err, st, "%s", path);
    bmx_buf_release(&buf);
    if (st)
        return st;
    return strange ? read_vocab_alone(tok, vocab, "the list beside it belongs to another", err)
                   : bmx_list_add_detail(tok, path, err);
}

static bpemix_status read_vocab_json(bpemix_tokenizer *tok, bmx_slice data,
                                     const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *vocab = NULL;
    char *path = NULL;
    uint64_t id;
    bpemix_status st = bmx_tokenizer_read_json(tok, "", data, &vocab, err);

    (void)opts;
    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v))
        if (!bmx_json_uint(v, BMX_NONE - 1, &id))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "an id above 4294967294");
    if (!st)
        st = bmx_list_find_beside(tok->path, bmx_vocab_names, bmx_list_names, &path, err);
    if (!st)
        st = path ? read_vocab_and_list(tok, vocab, path, err)
                  : read_vocab_alone(tok, vocab, "its merges.txt or vocab.bpe is not in the same "
                                     "folder", err);
    bmx_json_free(vocab);
    bmx_free(path);
    return st;
}

const bmx_reader bmx_reader_vocab_json = { "vocab.json", bmx_json_is_ids, read_vocab_json };
