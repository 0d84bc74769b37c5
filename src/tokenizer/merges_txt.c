/* merges_txt.c - merges.txt / vocab.bpe: one merge a line, "left right".
 *
 * Lines end at LF alone (tokens can hold other characters that look like line
 * ends); one CR before it is dropped.  Lines that start with "#version" are
 * skipped, other '#' lines are merges.  vocab.json or encoder.json in the same
 * folder gives ids.
 *
 * vocab.json: a flat object token -> id; the other half of the same format, so
 * the list is looked for beside it.  Alone it only tells the vocabulary. */
#include "base/io.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/recover.h"
#include "tokenizer/sentencepiece.h"

#include <string.h>

typedef struct line_iter {
    bmx_slice rest;
    int64_t number;
} line_iter;

static bool next_line(line_iter *it, bmx_slice *line)
{
    const char *lf;

    if (!it->rest.len)
        return false;
    lf = memchr(it->rest.ptr, '\n', it->rest.len);
    line->ptr = it->rest.ptr;
    line->len = lf ? (size_t)(lf - it->rest.ptr) : it->rest.len;
    it->rest.ptr += line->len + !!lf;
    it->rest.len -= line->len + !!lf;
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    it->number++;
    return true;
}

/* Two parts of a merge line. */
static bool split_line(bmx_slice line, bmx_slice *l, bmx_slice *r)
{
    const char *space = memchr(line.ptr, ' ', line.len);

    if (!space || space == line.ptr)
        return false;
    *l = bmx_slice_of(line.ptr, (size_t)(space - line.ptr));
    *r = bmx_slice_of(space + 1, line.len - l->len - 1);
    return r->len && !memchr(r->ptr, ' ', r->len);
}

static bool is_version(bmx_slice line) { return line.len >= 8 && !memcmp(line.ptr, "#version", 8); }

/* ---- what lies beside it ---- */

static const char *const list_names[] = { "merges.txt", "vocab.bpe" },
                  *const vocab_names[] = { "vocab.json", "encoder.json" };

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

/* A file beside `path` with one of the names `other`; *found stays NULL when
 * there is none. */
static bpemix_status find_beside(const char *path, const char *const *own,
                                 const char *const *other, char **found, bpemix_error *err)
{
    static const char *const ends[] = { "", ".gz" };

    if (strlen(path) > 4096 || bmx_path_kind_of(path) != BMX_PATH_FILE)
        return BPEMIX_OK;
    for (size_t i = 0; i < 4; i++) {
        char *p = sibling(path, own, other[i / 2], ends[i % 2]);
        if (!p)
            return bmx_nomem(err);
        if (bmx_path_kind_of(p) == BMX_PATH_FILE) {
            *found = p;
            return BPEMIX_OK;
        }
        bmx_free(p);
    }
    return BPEMIX_OK;
}

/* Parse the vocabulary; NULL when it is not a flat object of ids. */
static bpemix_status load_vocab(bpemix_tokenizer *tok, const char *path, bmx_json **out,
                                bpemix_error *err)
{
    bmx_buf data = { 0 };
    bpemix_error why;
    bmx_json *j = NULL;
    uint64_t id;
    bpemix_status st = bmx_read_file(path, BMX_TOKENIZER_MAX_BYTES, &data, &why);

    if (!st)
        st = bmx_json_parse(path, bmx_slice_of(data.ptr, data.len), &j, &why);
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
            if ((unsigned char)p[i] >= 0xc2 && i + 1 < n && ((unsigned char)p[i + 1] & 0xc0) == 0x80)
                *sequence = true;
        }
}

/* A list is in the byte alphabet when every part can be written in it and
 * there is a sign that it was: a space character (U+0120) inside a token, or
 * products whose bytes above 7f are mostly UTF-8 sequences.  Latin letters of
 * a character alphabet can also be written in it, but then read as bytes they
 * are malformed. */
static bpemix_status decide_alphabet(bmx_slice data, bmx_alphabet *out, bpemix_error *err)
{
    line_iter it = { data, 0 };
    bmx_slice line, l, r;
    bmx_buf raw = { 0 };
    size_t n_high = 0, n_sequence = 0, a, b;
    bool space = false, all = true;
    bpemix_status st = BPEMIX_OK;

    while (all && next_line(&it, &line)) {
        bool high = false, sequence = false;
        if (is_version(line) || !split_line(line, &l, &r))
            continue;
        raw.len = 0;
        if ((st = bmx_buf_reserve(&raw, line.len + 1, err)))
            break;
        if (!(all = bmx_bytelevel_decode(l, raw.ptr, &a) &&
                    bmx_bytelevel_decode(r, raw.ptr + a, &b)))
            break;
        space = space || memchr(raw.ptr, ' ', a + b);
        look_at_bytes(raw.ptr, a + b, &high, &sequence);
        n_high += high;
        n_sequence += sequence;
    }
    bmx_buf_release(&raw);
    if (!st)
        *out = all && (space || (n_high && 2 * n_sequence >= n_high)) ? BMX_ALPHABET_BYTE
                                                                       : BMX_ALPHABET_CHARACTER;
    return st;
}

/* ---- reading ---- */

static bpemix_status add_token(bpemix_tokenizer *tok, bmx_slice text, bool vocab,
                               uint32_t vocab_id, bmx_buf *buf, uint32_t *id, uint32_t *flags,
                               bpemix_error *err)
{
    bpemix_status st;

    if (tok->alphabet == BMX_ALPHABET_BYTE) {
        size_t n;
        buf->len = 0;
        if ((st = bmx_buf_reserve(buf, text.len + 1, err)))
            return st;
        if (bmx_bytelevel_decode(text, buf->ptr, &n))
            text = bmx_slice_of(buf->ptr, n);
        else if (vocab)
            return BPEMIX_OK; /* a special token: no text becomes it */
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

/* The first `most` merges of a list. */
static bpemix_status read_merges(bpemix_tokenizer *tok, bmx_slice data, uint32_t most,
                                 bmx_buf *buf, bpemix_error *err)
{
    line_iter it = { data, 0 };
    bmx_slice line, l, r;
    uint32_t n_suffix = 0;
    bpemix_status st = BPEMIX_OK;

    while (!st && tok->n_merges < most && next_line(&it, &line)) {
        uint32_t left, right, flags = 0;
        char q[100];

        if (!line.len || is_version(line))
            continue;
        if (!split_line(line, &l, &r)) {
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "write \"left right\"",
                               "line %lld: %s is not two parts with a space between them",
                               (long long)it.number, bmx_quote(q, sizeof q, line.ptr, line.len));
            if (err)
                err->line = it.number;
        } else if (r.len == 4 && !memcmp(r.ptr, "</w>", 4)) {
            st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "",
                               "learn the list with subword-nmt 0.2 or later",
                               "line %lld: '</w>' as a symbol of its own (subword-nmt 0.1)",
                               (long long)it.number);
        } else if (!(st = add_token(tok, l, false, 0, buf, &left, &flags, err)) &&
                   !(st = add_token(tok, r, false, 0, buf, &right, &flags, err))) {
            st = bmx_merge_add(tok, left, right, flags, err);
            n_suffix += ends_with(r, "</w>");
        }
    }
    if (!st && n_suffix)
        st = bmx_slice_own(&tok->word_suffix, bmx_slice_str("</w>"), err);
    return st;
}

/* vocab.json does not tell special tokens from others; most are written in
 * angle brackets. */
static bpemix_status find_unmerged(bpemix_tokenizer *tok, bpemix_error *err)
{
    uint32_t *special = bmx_malloc(tok->tokens.n, sizeof *special);
    size_t n = 0;
    bpemix_status st;

    if (!special)
        return bmx_nomem(err);
    for (uint32_t id = 0; id < tok->tokens.n; id++) {
        bmx_slice s = tok->tokens.str[id];
        if (s.len > 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>' && !memchr(s.ptr, ' ', s.len))
            special[n++] = id;
    }
    st = bmx_find_unmerged(tok, special, n, err);
    bmx_free(special);
    return st;
}

/* Tokens with their ids. */
static bpemix_status read_vocab(bpemix_tokenizer *tok, const bmx_json *vocab, bmx_buf *buf,
                                bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v)) {
        uint32_t id, flags;
        uint64_t vocab_id = 0;
        bmx_json_uint(v, BMX_NONE - 1, &vocab_id);
        tok->vocab_size++;
        st = add_token(tok, bmx_slice_str(bmx_json_key(v)), true, (uint32_t)vocab_id, buf, &id,
                       &flags, err);
    }
    return st;
}

/* Tokens and merges, with the vocabulary's ids when there is one. */
static bpemix_status fill(bpemix_tokenizer *tok, bmx_slice data, const bmx_json *vocab,
                          bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = decide_alphabet(data, &tok->alphabet, err);

    if (bmx_vocab_has_bytes(vocab))
        tok->alphabet = BMX_ALPHABET_BYTE;
    if (!st)
        st = read_vocab(tok, vocab, &buf, err);
    tok->open_alphabet = !tok->vocab_size && tok->alphabet == BMX_ALPHABET_CHARACTER;
    if (!st)
        st = read_merges(tok, data, BMX_NONE - 1, &buf, err);
    bmx_buf_release(&buf);
    return st;
}

/* Is the vocabulary that of another tokenizer in the same folder? */
static bool is_strange(const bpemix_tokenizer *tok)
{
    uint32_t n = 0;

    for (uint32_t t = 0; t < tok->n_merges; t++)
        n += !!(tok->merge[t].flags & BMX_MERGE_UNKNOWN);
    return n > tok->n_merges / 2;
}

/* The same for a list and a vocabulary that lie side by side.  *strange: they
 * do not belong together, and nothing was read. */
static bpemix_status fill_pair(bpemix_tokenizer *tok, bmx_slice data, const bmx_json *vocab,
                               bool *strange, bpemix_error *err)
{
    bpemix_status st = fill(tok, data, vocab, err);

    *strange = !st && vocab && is_strange(tok);
    if (*strange) {
        bmx_intern_release(&tok->tokens);
        bmx_free((char *)tok->word_suffix.ptr);
        tok->word_suffix = (bmx_slice){ 0 };
        tok->n_merges = tok->vocab_size = 0;
    }
    return st;
}

/* The text of a list, without a byte order mark. */
static bpemix_status check_text(bmx_slice *data, bpemix_error *err)
{
    size_t bad = bmx_utf8_valid_prefix(*data);

    if (bad < data->len) {
        bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that this is a merge list",
                      "byte %zu is not UTF-8 (0x%02x)", bad, (unsigned char)data->ptr[bad]);
        if (err)
            err->offset = (int64_t)bad;
        return BPEMIX_E_FORMAT;
    }
    if (data->len >= 3 && !memcmp(data->ptr, "\xef\xbb\xbf", 3))
        *data = bmx_slice_of(data->ptr + 3, data->len - 3);
    return BPEMIX_OK;
}

static bpemix_status add_detail(bpemix_tokenizer *tok, const char *detail, bpemix_error *err)
{
    char *both = bmx_asprintf("%s%s%s", tok->format_detail ? tok->format_detail : "",
                              tok->format_detail ? ", " : "", detail);

    if (!both)
        return bmx_nomem(err);
    bmx_free(tok->format_detail);
    tok->format_detail = both;
    return BPEMIX_OK;
}

/* The list is in: is it one that a converter made? */
static bpemix_status finish_list(bpemix_tokenizer *tok, bpemix_error *err)
{
    bool repaired;
    bpemix_status st;

    if ((st = bmx_warn_unknown_merges(tok, "merge", err)) ||
        (st = bmx_repair_redundant(tok, NULL, 0, &repaired, err)))
        return st;
    if (!repaired)
        return find_unmerged(tok, err);
    if ((st = bmx_tokenizer_warn(tok, err, "the %u listed merges make %u tokens, every split of "
                                 "each; rebuilt in the order of %s", tok->n_listed, tok->n_merges,
                                 tok->vocab_size ? "ids" : "first appearance")))
        return st;
    /* rank files look whole pieces up first; so does what was made from one */
    tok->ignore_merges = !bmx_has_metaspace(tok);
    return add_detail(tok, tok->ignore_merges ? "converted from ranks"
                                              : "converted from SentencePiece", err);
}

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    bmx_json *vocab = NULL;
    char *path = NULL;
    bool strange;
    bpemix_status st;

    (void)opts;
    tok->format = BMX_FORMAT_MERGES_TXT;
    if (!(st = check_text(&data, err)) &&
        !(st = find_beside(tok->path, list_names, vocab_names, &path, err)) &&
        !(path && (st = load_vocab(tok, path, &vocab, err))) &&
        !(st = fill_pair(tok, data, vocab, &strange, err)) && strange &&
        !(st = bmx_tokenizer_warn(tok, err, "the vocabulary beside the merges is not theirs and "
                                  "was not used: %s", path)))
        st = fill(tok, data, NULL, err);
    if (!st)
        st = finish_list(tok, err);
    bmx_json_free(vocab);
    bmx_free(path);
    return st;
}

/* Text whose first line is a version line or a merge. */
static bool probe(bmx_slice data)
{
    line_iter it = { data, 0 };
    bmx_slice line, l, r;

    if (bmx_json_looks_like_object(data) || memchr(data.ptr ? data.ptr : "", 0,
                                                   data.len < 4096 ? data.len : 4096))
        return false;
    if (data.len >= 3 && !memcmp(data.ptr, "\xef\xbb\xbf", 3))
        it.rest = bmx_slice_of(data.ptr + 3, data.len - 3);
    while (next_line(&it, &line))
        if (line.len)
            return is_version(line) || split_line(line, &l, &r);
    return false;
}

const bmx_reader bmx_reader_merges_txt = { "merges.txt", probe, read };

/* ---- vocab.json ---- */

static bpemix_status read_vocab_alone(bpemix_tokenizer *tok, const bmx_json *vocab,
                                      const char *why, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st;

    tok->format = BMX_FORMAT_VOCAB_JSON;
    tok->alphabet = bmx_vocab_has_bytes(vocab) ? BMX_ALPHABET_BYTE : BMX_ALPHABET_CHARACTER;
    st = read_vocab(tok, vocab, &buf, err);
    bmx_buf_release(&buf);
    return st ? st : bmx_tokenizer_warn(tok, err, "a vocabulary without merges: %s", why);
}

/* With the list at `path`. */
static bpemix_status read_vocab_and_list(bpemix_tokenizer *tok, const bmx_json *vocab,
                                         const char *path, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bmx_slice list;
    bool strange = false;
    bpemix_status st = bmx_read_file(path, BMX_TOKENIZER_MAX_BYTES, &buf, err);

    list = bmx_slice_of(buf.ptr, buf.len);
    tok->format = BMX_FORMAT_MERGES_TXT;
    if (!st && ((st = check_text(&list, err)) || (st = fill_pair(tok, list, vocab, &strange, err)) ||
                (!strange && (st = finish_list(tok, err)))))
        bmx_at(err, st, "%s", path);
    bmx_buf_release(&buf);
    if (st)
        return st;
    return strange ? read_vocab_alone(tok, vocab, "the list beside it belongs to another", err)
                   : add_detail(tok, path, err);
}

static bpemix_status read_vocab_json(bpemix_tokenizer *tok, bmx_slice data,
                                     const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *vocab = NULL;
    char *path = NULL;
    uint64_t id;
    bpemix_status st = bmx_json_parse("", data, &vocab, err);

    (void)opts;
    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v))
        if (!bmx_json_uint(v, BMX_NONE - 1, &id))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "an id above 4294967294");
    if (!st)
        st = find_beside(tok->path, vocab_names, list_names, &path, err);
    if (!st)
        st = path ? read_vocab_and_list(tok, vocab, path, err)
                  : read_vocab_alone(tok, vocab, "its merges.txt or vocab.bpe is not in the same "
                                     "folder", err);
    bmx_json_free(vocab);
    bmx_free(path);
    return st;
}

const bmx_reader bmx_reader_vocab_json = { "vocab.json", bmx_json_is_ids, read_vocab_json };

/* ---- CLIP's list ---- */

/* bpe_simple_vocab_16e6.txt: a title line, then more merges than are in use.
 * The vocabulary is 256 bytes, the same with </w>, a token a merge and two
 * special ones: 49 408. */
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
                                     (uint32_t)tok->tokens.n, &id, err);
        }
    return st;
}

static bpemix_status read_clip(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                               bpemix_error *err)
{
    line_iter it = { data, 0 };
    bmx_slice line, all;
    bmx_buf buf = { 0 };
    uint32_t listed = 0;
    bpemix_status st;

    tok->format = BMX_FORMAT_CLIP;
    tok->alphabet = BMX_ALPHABET_BYTE;
    next_line(&it, &line); /* the title */
    all = it.rest;
    if ((st = add_clip_bytes(tok, "", err)) || (st = add_clip_bytes(tok, "</w>", err)) ||
        (st = read_merges(tok, all, CLIP_MERGES, &buf, err)))
        goto done;
    if (!tok->word_suffix.len && (st = bmx_slice_own(&tok->word_suffix, bmx_slice_str("</w>"), err)))
        goto done;
    for (uint32_t t = 0; t < tok->n_merges; t++)
        if (tok->vocab_id[tok->merge[t].product] == BMX_NONE)
            tok->vocab_id[tok->merge[t].product] = 512 + t;
    tok->vocab_size = 512 + tok->n_merges + 2;
    while (next_line(&it, &line))
        listed += line.len > 0;
    tok->n_listed = listed;
    if (listed > tok->n_merges) {
        char *detail = bmx_asprintf("%u of %u listed merges are in use", tok->n_merges, listed);
        if (!(tok->format_detail = detail)) {
            st = bmx_nomem(err);
            goto done;
        }
    }
    if (!(st = bmx_normalizer_add(&tok->normalizer, BMX_NORM_CLIP, NULL, err)) &&
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
