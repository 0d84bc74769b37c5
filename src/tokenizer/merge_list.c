/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge_list.c - what the readers of merge lists share: the lines of a list, the
 * alphabet that they are written in, the vocabulary beside it. */
#include "tokenizer/merge_list.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/foreign.h"
#include "tokenizer/lines.h"
#include "tokenizer/recover.h"
#include "tokenizer/sentencepiece.h"

#include <string.h>

/* fastBPE writes behind a pair how often it occurred. */
static bool drop_count(bmx_slice *s)
{
    size_t n = s->len;

    while (n && s->ptr[n - 1] >= '0' && s->ptr[n - 1] <= '9')
        n--;
    if (n == s->len || n < 2 || s->ptr[n - 1] != ' ')
        return false;
    s->len = n - 1;
    return true;
}

bool bmx_list_split(bmx_slice line, bmx_slice *l, bmx_slice *r, bool *counted)
{
    const char *space = memchr(line.ptr, ' ', line.len);

    if (!space || space == line.ptr)
        return false;
    *l = bmx_slice_of(line.ptr, (size_t)(space - line.ptr));
    *r = bmx_slice_of(space + 1, line.len - l->len - 1);
    *counted = r->len && memchr(r->ptr, ' ', r->len) && drop_count(r);
    return r->len && !memchr(r->ptr, ' ', r->len);
}

bool bmx_list_is_version(bmx_slice line)
{
    return line.len >= 8 && !memcmp(line.ptr, "#version", 8);
}

/* ---- what lies beside it ---- */

const char *const bmx_list_names[2] = { "merges.txt", "vocab.bpe" };
const char *const bmx_vocab_names[2] = { "vocab.json", "encoder.json" };

/* "dir/gpt2-merges.txt.gz" and "vocab.json" give "dir/gpt2-vocab.json"; other
 * names than own[2] give "dir/vocab.json". */
static char *sibling(const char *path, const char *const *own, const char *name, const char *end)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t keep = (size_t)(base - path);

    for (size_t i = 0; i < 2; i++) {
        const char *hit = strstr(base, own[i]);
        if (hit)
            keep = (size_t)(hit - path);
    }
    return bmx_asprintf("%.*s%s%s", (int)keep, path, name, end);
}

bpemix_status bmx_list_find_beside(const char *path, const char *const *own,
                                 const char *const *other, char **found, bpemix_error *err)
{
    static const char *const ends[] = { "", ".gz" };
    bmx_path_kind kind;
    bpemix_status st;

    if (strlen(path) > 4096 || bmx_path_kind_of(path) != BMX_PATH_FILE)
        return BPEMIX_OK;
    for (size_t i = 0; i < 4; i++) {
        char *p = sibling(path, own, other[i / 2], ends[i % 2]);
        if (!p)
            return bmx_nomem(err);
        st = bmx_path_look(p, &kind, err);
        if (!st && kind == BMX_PATH_FILE) {
            *found = p;
            return BPEMIX_OK;
        }
        bmx_free(p);
        if (st)
            return st;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_list_load_vocab(bpemix_tokenizer *tok, const char *path, bmx_json **out,
                                bpemix_error *err)
{
    bmx_buf data = { 0 };
    bpemix_error why;
    bmx_json *j = NULL;
    const char *what, *hint = "";
    uint64_t id;
    bpemix_status st = bmx_read_file(path, BMX_TOKENIZER_MAX_BYTES, &data, &why);

    if (!st && (what = bmx_foreign(bmx_slice_of(data.ptr, data.len), &hint)))
        st = bmx_fail_hint(&why, BPEMIX_E_FORMAT, path, hint, "%s", what);
    if (!st)
        st = bmx_tokenizer_read_json(tok, path, bmx_slice_of(data.ptr, data.len), &j, &why);
    bmx_buf_release(&data);
    if (st == BPEMIX_E_NOMEM)
        return bmx_nomem(err);
    for (const bmx_json *v = bmx_json_first(j); v && !st; v = bmx_json_next(v))
        if (bmx_json_kind_of(j) != BMX_JSON_OBJECT || !bmx_json_uint(v, BMX_NONE - 1, &id))
            st = bmx_fail(&why, BPEMIX_E_FORMAT, path, "not an object of token ids");
    if (st) {
        char text[400];
        bmx_json_free(j);
        bmx_error_text(&why, text, sizeof text);
        return bmx_tokenizer_warn(tok, err, "vocabulary beside the merges not used: %s", text);
    }
    *out = j;
    return BPEMIX_OK;
}

/* ---- alphabet ---- */

/* Does a product hold a UTF-8 lead byte with a continuation byte behind it, or
 * any byte above 7f at all? */
static void look_at_bytes(const char *p, size_t n, bool *high, bool *sequence)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] >= 0x80) {
            *high = true;
            if ((unsigned char)p[i] >= 0xc2 && i + 1 < n &&
                ((unsigned char)p[i + 1] & 0xc0) == 0x80)
                *sequence = true;
        }
}

bpemix_status bmx_byte_signs_add(bmx_byte_signs *s, bmx_slice l, bmx_slice r, bpemix_error *err)
{
    bool high = false, sequence = false;
    size_t a, b;
    bpemix_status st;

    s->raw.len = 0;
    if ((st = bmx_buf_reserve(&s->raw, l.len + r.len + 1, err)))
        return st;
    if (!bmx_bytelevel_decode(l, s->raw.ptr, &a) || !bmx_bytelevel_decode(r, s->raw.ptr + a, &b)) {
        s->other = true;
        return BPEMIX_OK;
    }
    s->space = s->space || memchr(s->raw.ptr, ' ', a + b);
    look_at_bytes(s->raw.ptr, a + b, &high, &sequence);
    s->n_high += high;
    s->n_sequence += sequence;
    return BPEMIX_OK;
}

bool bmx_byte_signs_tell(const bmx_byte_signs *s)
{
    return !s->other && (s->space || (s->n_high && 2 * s->n_sequence >= s->n_high));
}

static bpemix_status decide_alphabet(bmx_slice data, bmx_alphabet *out, bpemix_error *err)
{
    bmx_lines it = { data, 0 };
    bmx_slice line, l, r;
    bmx_byte_signs signs = { 0 };
    bpemix_status st = BPEMIX_OK;

    while (!st && !signs.other && bmx_lines_next(&it, &line)) {
        bool counted;
        if (!bmx_list_is_version(line) && bmx_list_split(line, &l, &r, &counted))
            st = bmx_byte_signs_add(&signs, l, r, err);
    }
    bmx_buf_release(&signs.raw);
    if (!st)
        *out = bmx_byte_signs_tell(&signs) ? BMX_ALPHABET_BYTE : BMX_ALPHABET_CHARACTER;
    return st;
}

/* ---- reading ---- */

/* vocab_id: where the token stands in the vocabulary; BMX_NONE: it is a side of a merge. */
static bpemix_status add_token(bpemix_tokenizer *tok, bmx_slice text, uint32_t vocab_id,
                               bmx_buf *buf, uint32_t *id, uint32_t *flags, bpemix_error *err)
{
    bool vocab = vocab_id != BMX_NONE;
    bpemix_status st;

    if (tok->vocab.alphabet == BMX_ALPHABET_BYTE) {
        size_t n;
        buf->len = 0;
        if ((st = bmx_buf_reserve(buf, text.len + 1, err)))
            return st;
        if (bmx_bytelevel_decode(text, buf->ptr, &n))
            text = bmx_slice_of(buf->ptr, n);
        else if (vocab)
            return BPEMIX_OK; /* a special token, which no text is encoded to */
        else
            *flags |= BMX_MERGE_UNKNOWN;
    }
    return vocab ? bmx_token_add_vocab(tok, text, vocab_id, id, err)
                 : bmx_token_add(tok, text, id, err);
}

/* "</w>" behind the last character of words, when the list uses it. */
static bool ends_with(bmx_slice s, const char *end)
{
    size_t n = strlen(end);
    return s.len > n && !memcmp(s.ptr + s.len - n, end, n);
}

/* The number at the end of a line; one beyond 64 bits counts as the largest. */
static bpemix_status add_count(bpemix_tokenizer *tok, bmx_slice line, bpemix_error *err)
{
    size_t at = line.len;
    uint64_t n = 0;
    bpemix_status st = bmx_reserve(&tok->count, &tok->counts_cap, tok->n_counts + 1,
                                   sizeof *tok->count, err);

    if (st)
        return st;
    while (line.ptr[at - 1] != ' ')
        at--;
    for (; at < line.len; at++) {
        uint64_t digit = (uint64_t)(line.ptr[at] - '0');
        n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
    }
    tok->count[tok->n_counts++] = n;
    return BPEMIX_OK;
}

bpemix_status bmx_list_read_merges(bpemix_tokenizer *tok, bmx_slice data, uint32_t most,
                                 bmx_buf *buf, bpemix_error *err)
{
    bmx_lines it = { data, 0 };
    bmx_slice line, l, r;
    uint32_t n_suffix = 0;
    bpemix_status st = BPEMIX_OK;
    bool all_counted = false, counted;

    while (!st && tok->trained.n_merges < most && bmx_lines_next(&it, &line)) {
        uint32_t left, right, flags = 0;
        char q[100];

        if (!line.len || bmx_list_is_version(line))
            continue;
        if (!bmx_list_split(line, &l, &r, &counted)) {
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "write \"left right\"",
                               "%s is not two symbols with a space between them",
                               bmx_quote(q, sizeof q, line.ptr, line.len));
            bmx_with_line(err, st, (uint64_t)it.number);
        } else if (tok->trained.n_merges && counted != all_counted) {
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                               "lines with a count behind the merge, and lines without");
            bmx_with_line(err, st, (uint64_t)it.number);
        } else if (r.len == 4 && !memcmp(r.ptr, "</w>", 4)) {
            st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "",
                               "learn the list with subword-nmt 0.2 or later",
                               "'</w>' as a symbol of its own (subword-nmt 0.1)");
            bmx_with_line(err, st, (uint64_t)it.number);
        } else if (!(st = add_token(tok, l, BMX_NONE, buf, &left, &flags, err)) &&
                   !(st = add_token(tok, r, BMX_NONE, buf, &right, &flags, err))) {
            st = bmx_merge_add(tok, left, right, flags, err);
            if (!st && counted)
                st = add_count(tok, line, err);
            all_counted = counted;
            n_suffix += ends_with(r, "</w>");
        }
    }
    if (!st && n_suffix)
        st = bmx_slice_own(&tok->vocab.word_suffix, bmx_slice_str("</w>"), err);
    return !st && all_counted ? bmx_list_add_detail(tok, "with counts, as of fastBPE", err) : st;
}

/* vocab.json does not tell special tokens from others; most are written in
 * angle brackets. */
static bpemix_status find_unmerged(bpemix_tokenizer *tok, bpemix_error *err)
{
    uint32_t *special = bmx_malloc(tok->vocab.tokens.n, sizeof *special);
    size_t n = 0;
    bpemix_status st;

    if (!special)
        return bmx_nomem(err);
    for (uint32_t id = 0; id < tok->vocab.tokens.n; id++) {
        bmx_slice s = tok->vocab.tokens.str[id];
        if (s.len > 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>' && !memchr(s.ptr, ' ', s.len))
            special[n++] = id;
    }
    st = bmx_find_unmerged(tok, special, n, err);
    bmx_free(special);
    return st;
}

bpemix_status bmx_list_read_vocab(bpemix_tokenizer *tok, const bmx_json *vocab, bmx_buf *buf,
                                bpemix_error *err)
{
    bmx_buf key = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v)) {
        uint32_t id, flags;
        uint64_t vocab_id = 0;
        bmx_slice text;

        bmx_json_uint(v, BMX_NONE - 1, &vocab_id);
        tok->vocab.size++;
        if (!(st = bmx_json_key_text(v, &key, &text, err)))
            st = add_token(tok, text, (uint32_t)vocab_id, buf, &id, &flags, err);
    }
    bmx_buf_release(&key);
    return st;
}

/* Tokens and merges, with the vocabulary's ids when there is one. */
static bpemix_status fill(bpemix_tokenizer *tok, bmx_slice data, const bmx_json *vocab,
                          bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = decide_alphabet(data, &tok->vocab.alphabet, err);

    if (bmx_vocab_has_bytes(vocab))
        tok->vocab.alphabet = BMX_ALPHABET_BYTE;
    if (!st)
        st = bmx_list_read_vocab(tok, vocab, &buf, err);
    tok->vocab.open_alphabet = !tok->vocab.size && tok->vocab.alphabet == BMX_ALPHABET_CHARACTER;
    if (!st)
        st = bmx_list_read_merges(tok, data, BMX_NONE - 1, &buf, err);
    bmx_buf_release(&buf);
    return st;
}

/* Is the vocabulary that of another tokenizer in the same folder? */
static bool is_strange(const bpemix_tokenizer *tok)
{
    uint32_t n = 0;

    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        n += !!(tok->trained.merge[t].flags & BMX_MERGE_UNKNOWN);
    return n > tok->trained.n_merges / 2;
}

bpemix_status bmx_list_fill_pair(bpemix_tokenizer *tok, bmx_slice data, const bmx_json *vocab,
                               bool *strange, bpemix_error *err)
{
    bpemix_status st = fill(tok, data, vocab, err);

    *strange = !st && vocab && is_strange(tok);
    if (*strange) {
        bmx_intern_release(&tok->vocab.tokens);
        bmx_free((char *)tok->vocab.word_suffix.ptr);
        tok->vocab.word_suffix = (bmx_slice){ 0 };
        bmx_free(tok->format_detail);
        tok->format_detail = NULL;
        tok->trained.n_merges = tok->vocab.size = 0;
        tok->n_counts = 0;
    }
    return st;
}

bpemix_status bmx_list_check_text(bmx_slice data, bpemix_error *err)
{
    size_t bad = bmx_utf8_valid_prefix(data);

    if (bad == data.len)
        return BPEMIX_OK;
    bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that this is a merge list",
                  "byte %zu is not UTF-8 (0x%02x)", bad, (unsigned char)data.ptr[bad]);
    if (err)
        err->offset = (int64_t)bad;
    return BPEMIX_E_FORMAT;
}

bpemix_status bmx_list_add_detail(bpemix_tokenizer *tok, const char *detail, bpemix_error *err)
{
    char *both = bmx_asprintf("%s%s%s", tok->format_detail ? tok->format_detail : "",
                              tok->format_detail ? ", " : "", detail);

    if (!both)
        return bmx_nomem(err);
    bmx_free(tok->format_detail);
    tok->format_detail = both;
    return BPEMIX_OK;
}

bpemix_status bmx_list_finish(bpemix_tokenizer *tok, bpemix_error *err)
{
    bool repaired;
    bpemix_status st;

    if ((st = bmx_warn_unknown_merges(tok, "merge", err)) ||
        (st = bmx_repair_redundant(tok, NULL, 0, &repaired, err)))
        return st;
    if (!repaired)
        return find_unmerged(tok, err);
    if ((st = bmx_tokenizer_warn(tok, err,
                                 "the %u listed merges make %u tokens, every split of "
                                 "each; rebuilt in the order of %s",
                                 tok->n_listed, tok->trained.n_merges,
                                 tok->vocab.size ? "ids" : "first appearance")))
        return st;
    /* with rank files, whole pre-tokens are looked up first; so they are with what was made from
       one */
    tok->encoding.ignore_merges = !bmx_has_metaspace(tok);
    return bmx_list_add_detail(tok, tok->encoding.ignore_merges ? "converted from ranks"
                                              : "converted from SentencePiece", err);
}
