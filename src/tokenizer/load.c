/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c - from a file to a tokenizer: choose the reader, check what it read. */
#include "base/cancel.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/signature.h"
#include "tokenizer/build.h"
#include "tokenizer/closure.h"
#include "tokenizer/foreign.h"
#include "tokenizer/gguf.h"
#include "tokenizer/lineage.h"
#include "tokenizer/lines.h"
#include "tokenizer/recover.h"
#include "tokenizer/unreached.h"

#include <string.h>

/* The 256 byte tokens.  Without a vocabulary every byte may occur in the
 * training text; with one, a byte that is missing did not. */
static bpemix_status find_bytes(bpemix_tokenizer *tok, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (tok->vocab.alphabet != BMX_ALPHABET_BYTE)
        return BPEMIX_OK;
    for (unsigned b = 0; b < 256 && !st; b++) {
        char c[80] = { (char)b };
        uint32_t id;
        if (!tok->vocab.size) {
            st = bmx_token_add(tok, bmx_slice_of(c, 1), &tok->vocab.byte_symbol[b], err);
            if (!st && tok->vocab.word_suffix.len) {
                memcpy(c + 1, tok->vocab.word_suffix.ptr, tok->vocab.word_suffix.len);
                st = bmx_token_add(tok, bmx_slice_of(c, 1 + tok->vocab.word_suffix.len), &id, err);
            }
        } else {
            tok->vocab.byte_symbol[b] = bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(c, 1));
        }
    }
    return st;
}

static bpemix_status flag_merges(bpemix_tokenizer *tok, bpemix_error *err)
{
    bmx_map64 seen = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++) {
        bmx_merge *m = &tok->trained.merge[t];
        bmx_slice p = bmx_product_bare(tok, t);
        uint64_t key = (uint64_t)m->left << 32 | m->right;
        const char *nl = memchr(p.ptr, '\n', p.len);

        if (nl && nl + 1 < p.ptr + p.len)
            m->flags |= BMX_MERGE_NEWLINE;
        if (bmx_map64_get(&seen, key) != BMX_NONE)
            m->flags |= BMX_MERGE_REPEATED;
        else
            st = bmx_map64_put(&seen, key, t, err);
    }
    bmx_map64_release(&seen);
    return st;
}

static bpemix_status add_hex(bmx_buf *line, bmx_slice s, char end, bpemix_error *err)
{
    static const char digit[] = "0123456789abcdef";
    bpemix_status st = bmx_buf_reserve(line, 2 * s.len + 1, err);

    if (st)
        return st;
    for (size_t i = 0; i < s.len; i++) {
        line->ptr[line->len++] = digit[(unsigned char)s.ptr[i] >> 4];
        line->ptr[line->len++] = digit[(unsigned char)s.ptr[i] & 15];
    }
    line->ptr[line->len++] = end;
    return BPEMIX_OK;
}

static bpemix_status compute_digest(bpemix_tokenizer *tok, bpemix_error *err)
{
    bmx_sha256 *sha = bmx_sha256_new();
    bmx_buf line = { 0 };
    bpemix_status st = sha ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++) {
        line.len = 0;
        if (!(st = add_hex(&line, tok->vocab.tokens.str[tok->trained.merge[t].left], ' ', err)) &&
            !(st = add_hex(&line, tok->vocab.tokens.str[tok->trained.merge[t].right], '\n', err)))
            bmx_sha256_add(sha, line.ptr, line.len);
    }
    if (sha)
        bmx_sha256_hex(sha, tok->digest);
    bmx_buf_release(&line);
    return st;
}

/* The steps that readers leave to the caller, and a check of T1 to T3. */
static bpemix_status finish(bpemix_tokenizer *tok, const bpemix_load_opts *opts, bpemix_error *err)
{
    size_t prefix = tok->vocab.subword_prefix.len, suffix = tok->vocab.word_suffix.len;
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (!tok->trained.n_merges && !tok->recognized && tok->format != BMX_FORMAT_VOCAB_JSON)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                             "check that this is the tokenizer of a BPE model",
                             "no merges in this %s file", bmx_format_name(tok->format));
    if (prefix > BMX_LONGEST_PREFIX || suffix > BMX_LONGEST_SUFFIX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "",
                        "a continuing-subword prefix, or end-of-word suffix, of %zu bytes",
                        prefix > BMX_LONGEST_PREFIX ? prefix : suffix);
    if (tok->vocab.tokens.n >= BMX_SYMBOL_PREFIX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than %u tokens",
                        BMX_SYMBOL_PREFIX - 1);
    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++) { /* T2 */
        const bmx_merge *m = &tok->trained.merge[t];
        if (m->left >= tok->vocab.tokens.n || m->right >= tok->vocab.tokens.n ||
            m->product >= tok->vocab.tokens.n)
            st = bmx_fail(err, BPEMIX_E_BUG, "", "T2: merge %u has no such tokens", t);
        else if (!(st = bmx_merge_text(tok, m->left, m->right, &text, err)) &&
                 !bmx_slice_eq(bmx_slice_of(text.ptr, text.len), tok->vocab.tokens.str[m->product]))
            st = bmx_fail(err, BPEMIX_E_BUG, "", "T2: merge %u has another product", t);
    }
    bmx_buf_release(&text);
    if (st || (st = find_bytes(tok, err)) || (st = flag_merges(tok, err)) ||
        (st = bmx_closure_check(tok, err)))
        return st;
    if (!tok->pretokenizer_known || tok->format == BMX_FORMAT_COMPACT_RANKS) {
        tok->pretokenizer_known |= opts && opts->pretokenizer; /* so that none is looked for */
        if ((st = bmx_lineage_identify(tok, &bmx_published_lists, err)))
            return st;
    }
    if (!opts || !opts->keep_manual) {
        bmx_flag_manual(tok);
        bmx_flag_too_long(tok);
    }
    if ((st = bmx_unreached_check(tok, err)))
        return st;
    if (!tok->n_listed)
        tok->n_listed = tok->trained.n_merges;
    if (opts && opts->pretokenizer &&
        (st = bmx_tokenizer_use_preset(tok, opts->pretokenizer, err)))
        return st;
    for (size_t i = 0; i < tok->trained.normalizer.n; i++)
        if (tok->trained.normalizer.step[i].kind == BMX_NORM_BYTE_LEVEL)
            tok->trained.pretokenizer.byte_level_input =
                tok->encoded.pretokenizer.byte_level_input = true;
    bmx_tokenizer_complete(tok);
    return tok->recognized ? BPEMIX_OK : compute_digest(tok, err);
}

static bpemix_status unknown_format(const char *path, bmx_slice data, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, path,
                         "give a tokenizer.json, merges.txt, .tiktoken, tekken.json, "
                         "SentencePiece .model or GGUF file",
                         "%s", data.len ? "not a tokenizer in a format known here"
                                        : "the file is empty");
}

bpemix_status bmx_tokenizer_parse(const char *path, bmx_slice data, const bpemix_load_opts *opts,
                                  bpemix_tokenizer **out, bpemix_error *err)
{
    /* the most specific first; the last one accepts any text */
    static const bmx_reader *const readers[] = {
        &bmx_reader_gguf,     &bmx_reader_sentencepiece,  &bmx_reader_vocab_json,
        &bmx_reader_compact_ranks,
        &bmx_reader_tekken,   &bmx_reader_tokenizer_json, &bmx_reader_clip,
        &bmx_reader_minbpe,
        &bmx_reader_tiktoken, &bmx_reader_merges_txt,
    };
    const bmx_reader *reader = NULL;
    const char *hint = NULL, *what = bmx_foreign(data, &hint),
               *own = bmx_own_file(data.ptr, data.len);
    bpemix_tokenizer *tok = NULL;
    bpemix_status st;

    if (own)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "give a tokenizer file",
                             "%s, no tokenizer", own);
    if (what)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, hint, "%s", what);
    data = bmx_skip_mark(data);
    for (size_t i = 0; i < sizeof readers / sizeof *readers && !reader; i++)
        if (readers[i]->probe(data))
            reader = readers[i];
    if (!reader)
        return unknown_format(path, data, err);
    if (!(tok = bmx_calloc(1, sizeof *tok)))
        return bmx_nomem(err);
    for (unsigned b = 0; b < 256; b++)
        tok->vocab.byte_symbol[b] = BMX_NONE;
    tok->encoding.unk_token = BMX_NONE;
    if (!(tok->path = bmx_strdup(path)))
        st = bmx_nomem(err);
    else if ((st = reader->read(tok, data, opts, err)) || (st = finish(tok, opts, err)))
        bmx_at(err, st, "%s", path);
    if (st == BPEMIX_E_FORMAT)
        bmx_with_hint(err, st, "check the file, or fetch it again");
    if (st) {
        bmx_tokenizer_free(tok);
        return st;
    }
    *out = tok;
    return BPEMIX_OK;
}

/* Only two formats have zero bytes near their beginning: GGUF, and SentencePiece, whose first byte
 * is a line feed.  Traces have them, too, and may be asked for in the place of a tokenizer. */
static bool is_no_tokenizer(bmx_slice start)
{
    enum { NEAR = 4096 };

    return !start.ptr[0] || (start.len >= NEAR && start.ptr[0] != '\n' && !bmx_gguf_is(start) &&
                             !bmx_own_file(start.ptr, start.len) && memchr(start.ptr, 0, NEAR));
}

bpemix_status bmx_tokenizer_read(const char *path, bmx_buf *out, bpemix_error *err)
{
    bmx_input *in = NULL;
    bmx_buf buf = { 0 };
    const char *name;
    size_t look = 1 << 20; /* when to look at a GGUF header again: doubled each time */
    bpemix_status st;
    bool more;

    if (!path || !*path)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "no tokenizer file given");
    if (strcmp(path, "-") && bmx_path_kind_of(path) == BMX_PATH_FOLDER)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, path, "name the tokenizer file inside it",
                             "this is a folder");
    if (!(st = bmx_input_open(path, &in, err)))
        st = bmx_input_next(in, &name, &more, err);
    while (!st && more) {
        bmx_slice have;
        size_t got;
        if ((st = bmx_input_append(in, &buf, &got, err)) || !got)
            break;
        have = bmx_slice_of(buf.ptr, buf.len);
        if (is_no_tokenizer(have)) /* but perhaps a device that never ends */
            break;
        if (bmx_gguf_is(have) && buf.len >= look) {
            if (bmx_gguf_header_whole(have))
                break;
            look *= 2;
        }
        if (buf.len > BMX_TOKENIZER_MAX_BYTES)
            st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, path, "check that this is a tokenizer",
                               "more than %zu bytes", BMX_TOKENIZER_MAX_BYTES);
        else
            st = bmx_check_cancel(err);
    }
    bmx_input_close(in);
    if (st) {
        bmx_buf_release(&buf);
        return st;
    }
    *out = buf;
    return BPEMIX_OK;
}

bpemix_status bmx_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err)
{
    bmx_buf data = { 0 };
    bpemix_status st = bmx_tokenizer_read(path, &data, err);

    if (st)
        return st;
    st = bmx_tokenizer_parse(path, bmx_slice_of(data.ptr, data.len), opts, out, err);
    bmx_buf_release(&data);
    return st;
}
