#include "tokenizer/tokenizer.h"
#include "tokenizer/lineage.h"
#include "base/io.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/gguf.h"
#include "tokenizer/recover.h"

#include <stdio.h>
#include <string.h>

const char *bmx_format_name(bmx_format f)
{
    static const char *const names[] = {
        [BMX_FORMAT_TOKENIZER_JSON] = "tokenizer.json", [BMX_FORMAT_MERGES_TXT] = "merges.txt",
        [BMX_FORMAT_TIKTOKEN] = "tiktoken",   [BMX_FORMAT_COMPACT_RANKS] = "compact ranks",
        [BMX_FORMAT_TEKKEN] = "tekken",       [BMX_FORMAT_SENTENCEPIECE] = "SentencePiece",
        [BMX_FORMAT_GGUF] = "GGUF",           [BMX_FORMAT_CLIP] = "CLIP merges",
        [BMX_FORMAT_VOCAB_JSON] = "vocab.json",
    };
    return names[f];
}

/* ---- building ---- */

bpemix_status bmx_tokenizer_warn(bpemix_tokenizer *tok, bpemix_error *err, const char *fmt, ...)
{
    bmx_buf text = { 0 };
    char line[512];
    va_list ap;
    bpemix_status st;

    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if ((st = bmx_buf_add(&text, line, strlen(line) + 1, err)) ||
        (st = bmx_reserve(&tok->warning, &tok->warnings_cap, tok->n_warnings + 1,
                          sizeof *tok->warning, err))) {
        bmx_buf_release(&text);
        return st;
    }
    tok->warning[tok->n_warnings++] = text.ptr;
    return BPEMIX_OK;
}

bpemix_status bmx_string_set(char **field, const char *text, bpemix_error *err)
{
    char *copy = bmx_strdup(text);

    if (!copy)
        return bmx_nomem(err);
    bmx_free(*field);
    *field = copy;
    return BPEMIX_OK;
}

bpemix_status bmx_token_add(bpemix_tokenizer *tok, bmx_slice text, uint32_t *id,
                            bpemix_error *err)
{
    bpemix_status st;
    bool is_new;

    /* room first, so that vocab_id always covers tokens */
    if ((st = bmx_reserve(&tok->vocab_id, &tok->vocab_cap, tok->tokens.n + 1,
                          sizeof *tok->vocab_id, err)) ||
        (st = bmx_intern_add(&tok->tokens, text, id, &is_new, err)))
        return st;
    if (is_new)
        tok->vocab_id[*id] = BMX_NONE;
    return BPEMIX_OK;
}

bpemix_status bmx_token_add_vocab(bpemix_tokenizer *tok, bmx_slice text, uint32_t vocab_id,
                                  uint32_t *id, bpemix_error *err)
{
    bpemix_status st = bmx_token_add(tok, text, id, err);

    if (!st && tok->vocab_id[*id] == BMX_NONE)
        tok->vocab_id[*id] = vocab_id;
    return st;
}

bpemix_status bmx_added_token_add(bpemix_tokenizer *tok, const bmx_added_token *added,
                                  bpemix_error *err)
{
    bmx_added_token copy = *added;
    bpemix_status st;

    if (!added->text.len)
        return BPEMIX_OK;
    copy.text = (bmx_slice){ 0 };
    if ((st = bmx_reserve(&tok->added, &tok->added_cap, tok->n_added + 1, sizeof *tok->added,
                          err)) ||
        (st = bmx_slice_own(&copy.text, added->text, err)))
        return st;
    tok->added[tok->n_added++] = copy;
    return BPEMIX_OK;
}

bpemix_status bmx_merge_text(const bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                             bmx_buf *out, bpemix_error *err)
{
    bmx_slice l = tok->tokens.str[left], r = tok->tokens.str[right], p = tok->subword_prefix;
    bpemix_status st;

    if (p.len && r.len >= p.len && !memcmp(r.ptr, p.ptr, p.len))
        r = bmx_slice_of(r.ptr + p.len, r.len - p.len);
    out->len = 0;
    st = bmx_buf_add(out, l.ptr, l.len, err);
    return st ? st : bmx_buf_add(out, r.ptr, r.len, err);
}

bpemix_status bmx_merge_add(bpemix_tokenizer *tok, uint32_t left, uint32_t right, uint32_t flags,
                            bpemix_error *err)
{
    bmx_buf text = { 0 };
    uint32_t product;
    bpemix_status st;

    if (tok->n_merges == BMX_NONE - 1)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 merges");
    if ((st = bmx_merge_text(tok, left, right, &text, err)) ||
        (st = bmx_token_add(tok, bmx_slice_of(text.ptr, text.len), &product, err)) ||
        (st = bmx_reserve(&tok->merge, &tok->merge_cap, (size_t)tok->n_merges + 1,
                          sizeof *tok->merge, err)))
        goto done;
    if (tok->vocab_size && (tok->vocab_id[left] == BMX_NONE || tok->vocab_id[right] == BMX_NONE ||
                            tok->vocab_id[product] == BMX_NONE))
        flags |= BMX_MERGE_UNKNOWN;
    tok->merge[tok->n_merges++] =
        (bmx_merge){ .left = left, .right = right, .product = product, .flags = flags };
done:
    bmx_buf_release(&text);
    return st;
}

bpemix_status bmx_warn_unknown_merges(bpemix_tokenizer *tok, const char *place, bpemix_error *err)
{
    uint32_t n = 0, first = 0;

    for (uint32_t t = tok->n_merges; t-- > 0;)
        if (tok->merge[t].flags & BMX_MERGE_UNKNOWN) {
            n++;
            first = t;
        }
    if (!n)
        return BPEMIX_OK;
    return bmx_tokenizer_warn(tok, err, "merges of tokens that are not in the vocabulary: %u, "
                              "the first of them %s[%u]; they carry no constraint",
                              n, place, first);
}

bpemix_status bmx_tokenizer_use_preset(bpemix_tokenizer *tok, const char *name, bpemix_error *err)
{
    bmx_pretokenizer_spec spec = { 0 };
    bpemix_status st = bmx_pretokenizer_preset(name, &spec, err);

    if (st) {
        bmx_pretokenizer_spec_release(&spec);
        return st;
    }
    bmx_pretokenizer_spec_release(&tok->pretokenizer);
    tok->pretokenizer = spec;
    tok->pretokenizer_known = true;
    return BPEMIX_OK;
}

bool bmx_vocab_has_bytes(const bmx_json *vocab)
{
    bool seen[256] = { false };
    unsigned n = 0;

    for (const bmx_json *v = bmx_json_first(vocab); v; v = bmx_json_next(v)) {
        const char *s = bmx_json_key(v);
        size_t len = strlen(s);
        uint32_t cp;
        int byte = len && len <= 4 && bmx_utf8_decode(s, len, &cp) == len ? bmx_bytelevel_byte(cp)
                                                                          : -1;
        if (byte >= 0 && !seen[byte]) {
            seen[byte] = true;
            n++;
        }
    }
    return n == 256;
}

/* ---- symbols ---- */

/* Token of one initial symbol with the marks of its place in the word. */
static uint32_t find_marked(const bpemix_tokenizer *tok, bmx_slice text, bool first, bool last)
{
    bmx_slice pre = first ? (bmx_slice){ 0 } : tok->subword_prefix;
    bmx_slice post = last ? tok->word_suffix : (bmx_slice){ 0 };
    char buf[80];

    if (!pre.len && !post.len)
        return bmx_intern_find(&tok->tokens, text);
    /* bmx_finish() has refused longer marks */
    if (pre.len)
        memcpy(buf, pre.ptr, pre.len);
    memcpy(buf + pre.len, text.ptr, text.len);
    if (post.len)
        memcpy(buf + pre.len + text.len, post.ptr, post.len);
    return bmx_intern_find(&tok->tokens, bmx_slice_of(buf, pre.len + text.len + post.len));
}

size_t bmx_tokenizer_symbols(const bpemix_tokenizer *tok, bmx_slice word, uint32_t *out)
{
    bool marked = tok->subword_prefix.len || tok->word_suffix.len;
    size_t n = 0;

    if (tok->alphabet == BMX_ALPHABET_BYTE) {
        for (size_t i = 0; i < word.len; i++)
            out[n++] = marked ? find_marked(tok, bmx_slice_of(word.ptr + i, 1), i == 0,
                                            i + 1 == word.len)
                              : tok->byte_symbol[(unsigned char)word.ptr[i]];
        return n;
    }
    for (size_t i = 0; i < word.len;) {
        uint32_t cp, id = BMX_NONE;
        unsigned len = bmx_utf8_decode(word.ptr + i, word.len - i, &cp);
        bool first = i == 0, last = i + (len ? len : 1) == word.len;

        if (len) {
            id = find_marked(tok, bmx_slice_of(word.ptr + i, len), first, last);
            if (id == BMX_NONE && tok->open_alphabet)
                id = BMX_SYMBOL_RAW | cp | (last && tok->word_suffix.len ? BMX_SYMBOL_SUFFIX : 0) |
                     (!first && tok->subword_prefix.len ? BMX_SYMBOL_PREFIX : 0);
        }
        out[n++] = id;
        i += len ? len : 1;
    }
    return n;
}

bmx_slice bmx_symbol_text(const bpemix_tokenizer *tok, uint32_t symbol, char buf[64])
{
    size_t n = 0;

    if (symbol == BMX_NONE)
        return bmx_slice_of("", 0);
    if (!(symbol & BMX_SYMBOL_RAW))
        return symbol < tok->tokens.n ? tok->tokens.str[symbol] : bmx_slice_of("", 0);
    if (symbol & BMX_SYMBOL_PREFIX) {
        memcpy(buf, tok->subword_prefix.ptr, tok->subword_prefix.len);
        n = tok->subword_prefix.len;
    }
    n += bmx_utf8_encode(symbol & 0x1fffff, buf + n);
    if (symbol & BMX_SYMBOL_SUFFIX) {
        memcpy(buf + n, tok->word_suffix.ptr, tok->word_suffix.len);
        n += tok->word_suffix.len;
    }
    return bmx_slice_of(buf, n);
}

bpemix_status bmx_symbol_display(const bpemix_tokenizer *tok, uint32_t symbol, bmx_buf *out,
                                 bpemix_error *err)
{
    char buf[64];
    bmx_slice s = bmx_symbol_text(tok, symbol, buf);
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < s.len && !st;) {
        uint32_t cp;
        unsigned len = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (!len)
            st = bmx_buf_addf(out, err, "\\x%02x", (unsigned char)s.ptr[i]);
        else if (cp == ' ')
            st = bmx_buf_add(out, "\xe2\x96\x81", 3, err);
        else if (cp == '\n' || cp == '\r' || cp == '\t')
            st = bmx_buf_addf(out, err, "\\%c", cp == '\n' ? 'n' : cp == '\r' ? 'r' : 't');
        else if (cp < 0x20 || cp == 0x7f || (cp >= 0x80 && cp < 0xa0))
            st = bmx_buf_addf(out, err, "\\x%02x", (unsigned)cp);
        else
            st = bmx_buf_add(out, s.ptr + i, len, err);
        i += len ? len : 1;
    }
    return st;
}

/* ---- loading ---- */

/* The 256 byte tokens.  Without a vocabulary every byte may occur in the
 * training text; with one, a byte that is missing did not. */
static bpemix_status find_bytes(bpemix_tokenizer *tok, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (tok->alphabet != BMX_ALPHABET_BYTE)
        return BPEMIX_OK;
    for (unsigned b = 0; b < 256 && !st; b++) {
        char c[80] = { (char)b };
        uint32_t id;
        if (!tok->vocab_size) {
            st = bmx_token_add(tok, bmx_slice_of(c, 1), &tok->byte_symbol[b], err);
            if (!st && tok->word_suffix.len) {
                memcpy(c + 1, tok->word_suffix.ptr, tok->word_suffix.len);
                st = bmx_token_add(tok, bmx_slice_of(c, 1 + tok->word_suffix.len), &id, err);
            }
        } else {
            tok->byte_symbol[b] = bmx_intern_find(&tok->tokens, bmx_slice_of(c, 1));
        }
    }
    return st;
}

static bpemix_status flag_merges(bpemix_tokenizer *tok, bpemix_error *err)
{
    bmx_map64 seen = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; t < tok->n_merges && !st; t++) {
        bmx_merge *m = &tok->merge[t];
        bmx_slice p = tok->tokens.str[m->product];
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

    for (uint32_t t = 0; t < tok->n_merges && !st; t++) {
        line.len = 0;
        if (!(st = add_hex(&line, tok->tokens.str[tok->merge[t].left], ' ', err)) &&
            !(st = add_hex(&line, tok->tokens.str[tok->merge[t].right], '\n', err)))
            bmx_sha256_add(sha, line.ptr, line.len);
    }
    if (sha)
        bmx_sha256_hex(sha, tok->digest);
    bmx_buf_release(&line);
    return st;
}

/* What every reader leaves to us, and a check that it kept T1 to T3. */
static bpemix_status finish(bpemix_tokenizer *tok, const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (!tok->n_merges && tok->format != BMX_FORMAT_VOCAB_JSON)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                             "check that this is the tokenizer of a BPE model",
                             "no merges in this %s file", bmx_format_name(tok->format));
    if (tok->subword_prefix.len > 32 || tok->word_suffix.len > 24)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "",
                        "continuing-subword prefix or end-of-word suffix of %zu bytes",
                        tok->subword_prefix.len > 32 ? tok->subword_prefix.len
                                                     : tok->word_suffix.len);
    if (tok->tokens.n >= BMX_SYMBOL_PREFIX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than %u tokens",
                        BMX_SYMBOL_PREFIX - 1);
    for (uint32_t t = 0; t < tok->n_merges && !st; t++) { /* T2 */
        const bmx_merge *m = &tok->merge[t];
        if (m->left >= tok->tokens.n || m->right >= tok->tokens.n || m->product >= tok->tokens.n)
            st = bmx_fail(err, BPEMIX_E_BUG, "", "T2: merge %u has no such tokens", t);
        else if (!(st = bmx_merge_text(tok, m->left, m->right, &text, err)) &&
                 !bmx_slice_eq(bmx_slice_of(text.ptr, text.len), tok->tokens.str[m->product]))
            st = bmx_fail(err, BPEMIX_E_BUG, "", "T2: merge %u has another product", t);
    }
    bmx_buf_release(&text);
    if (st || (st = find_bytes(tok, err)) || (st = flag_merges(tok, err)))
        return st;
    if (!tok->pretokenizer_known && (st = bmx_lineage_identify(tok, err)))
        return st;
    if (!opts || !opts->keep_manual)
        bmx_flag_manual(tok);
    if (tok->n_unreachable &&
        (st = bmx_tokenizer_warn(tok, err, "tokens of the vocabulary that merging cannot reach: %u; "
                                 "they were not learned and carry no constraint",
                                 tok->n_unreachable)))
        return st;
    if (!tok->n_listed)
        tok->n_listed = tok->n_merges;
    if (opts && opts->pretokenizer &&
        (st = bmx_tokenizer_use_preset(tok, opts->pretokenizer, err)))
        return st;
    return compute_digest(tok, err);
}

bpemix_status bmx_tokenizer_parse(const char *path, bmx_slice data, const bpemix_load_opts *opts,
                                  bpemix_tokenizer **out, bpemix_error *err)
{
    /* most specific first: the last one takes any text */
    static const bmx_reader *const readers[] = {
        &bmx_reader_gguf,     &bmx_reader_sentencepiece,  &bmx_reader_vocab_json,
        &bmx_reader_compact_ranks,
        &bmx_reader_tekken,   &bmx_reader_tokenizer_json, &bmx_reader_clip,
        &bmx_reader_tiktoken, &bmx_reader_merges_txt,
    };
    const bmx_reader *reader = NULL;
    bpemix_tokenizer *tok = NULL;
    bpemix_status st;

    for (size_t i = 0; i < sizeof readers / sizeof *readers && !reader; i++)
        if (readers[i]->probe(data))
            reader = readers[i];
    if (!reader)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path,
                             "give a tokenizer.json, merges.txt, .tiktoken, tekken.json, "
                             "SentencePiece .model or GGUF file",
                             "%s", data.len ? "not a tokenizer in a format known here"
                                            : "the file is empty");
    if (!(tok = bmx_calloc(1, sizeof *tok)))
        return bmx_nomem(err);
    for (unsigned b = 0; b < 256; b++)
        tok->byte_symbol[b] = BMX_NONE;
    tok->unk_token = BMX_NONE;
    if (!(tok->path = bmx_strdup(path)))
        st = bmx_nomem(err);
    else if ((st = reader->read(tok, data, opts, err)) || (st = finish(tok, opts, err)))
        bmx_at(err, st, "%s", path);
    if (st) {
        bpemix_tokenizer_free(tok);
        return st;
    }
    *out = tok;
    return BPEMIX_OK;
}

/* Content of a tokenizer file.  Of a GGUF file, which can be many times the
 * size of memory, only the header. */
static bpemix_status read_file(const char *path, bmx_buf *out, bpemix_error *err)
{
    bmx_input *in = NULL;
    bmx_buf buf = { 0 };
    const char *name;
    size_t look = 1 << 20; /* when to look at a GGUF header again: doubled each time */
    bool more;
    bpemix_status st = bmx_input_open(path, &in, err);

    if (!st)
        st = bmx_input_next(in, &name, &more, err);
    while (!st && more) {
        bmx_slice have;
        size_t got;
        if ((st = bmx_buf_reserve(&buf, 65536, err)) ||
            (st = bmx_input_read(in, buf.ptr + buf.len, buf.cap - buf.len, &got, err)) || !got)
            break;
        buf.len += got;
        have = bmx_slice_of(buf.ptr, buf.len);
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

bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err)
{
    bmx_buf data = { 0 };
    bpemix_status st;

    if (!path || !*path)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "no tokenizer file given");
    if (strcmp(path, "-") && bmx_path_kind_of(path) == BMX_PATH_FOLDER)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, path, "name the tokenizer file inside it",
                             "this is a folder");
    if ((st = read_file(path, &data, err)))
        return st;
    st = bmx_tokenizer_parse(path, bmx_slice_of(data.ptr, data.len), opts, out, err);
    bmx_buf_release(&data);
    return st;
}

bpemix_status bmx_tokenizer_need_merges(const bpemix_tokenizer *tok, bpemix_error *err)
{
    if (tok->n_merges)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, tok->path,
                         "put the merges.txt or vocab.bpe that belongs to it into the same folder, "
                         "or give that",
                         "a vocabulary without merges");
}

void bpemix_tokenizer_free(bpemix_tokenizer *tok)
{
    if (!tok)
        return;
    bmx_free(tok->path);
    bmx_free(tok->format_detail);
    bmx_intern_release(&tok->tokens);
    bmx_free(tok->vocab_id);
    bmx_free((char *)tok->subword_prefix.ptr);
    bmx_free((char *)tok->word_suffix.ptr);
    bmx_free(tok->merge);
    bmx_free(tok->unreachable);
    bmx_free(tok->listed);
    bmx_free(tok->piece_rank);
    bmx_normalizer_spec_release(&tok->normalizer);
    bmx_pretokenizer_spec_release(&tok->pretokenizer);
    bmx_pretokenizer_spec_release(&tok->encoding);
    for (size_t i = 0; i < tok->n_added; i++)
        bmx_free((char *)tok->added[i].text.ptr);
    bmx_free(tok->added);
    bmx_json_free(tok->trainer_spec);
    for (size_t i = 0; i < tok->n_warnings; i++)
        bmx_free(tok->warning[i]);
    bmx_free(tok->warning);
    bmx_free(tok);
}

uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok) { return tok->n_merges; }
const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok) { return tok->digest; }
void bpemix_free(void *p) { bmx_free(p); }

/* ---- description ---- */

static bmx_json *display(const bpemix_tokenizer *tok, uint32_t left, uint32_t right)
{
    bmx_buf b = { 0 };
    bpemix_error err;
    bmx_json *j = NULL;

    if (!bmx_symbol_display(tok, left, &b, &err) &&
        (right == BMX_NONE || (!bmx_buf_addc(&b, ' ', &err) &&
                               !bmx_symbol_display(tok, right, &b, &err))))
        j = bmx_json_new_bytes(bmx_slice_of(b.ptr, b.len));
    bmx_buf_release(&b);
    return j;
}

static void put_merges(const bpemix_tokenizer *tok, bmx_json *obj, const char *key, uint32_t from,
                       uint32_t to)
{
    bmx_json *list = bmx_json_put(obj, key, bmx_json_array());

    for (uint32_t t = from; t < to; t++)
        bmx_json_push(list, display(tok, tok->merge[t].left, tok->merge[t].right));
}

static void put_flagged(const bpemix_tokenizer *tok, bmx_json *obj, const char *key, uint32_t flag)
{
    bmx_json *o = bmx_json_put(obj, key, bmx_json_object()), *list = bmx_json_array();
    uint32_t n = 0;

    for (uint32_t t = 0; t < tok->n_merges; t++)
        if (tok->merge[t].flags & flag && n++ < 10)
            bmx_json_push(list, display(tok, tok->merge[t].left, tok->merge[t].right));
    bmx_json_put_uint(o, "count", n);
    bmx_json_put(o, "examples", list);
}

static void put_pattern(bmx_json *o, const bmx_pattern *p)
{
    bmx_json_put_bytes(o, p->is_regex ? "regex" : "string", bmx_slice_of(p->text, p->len));
}

static bmx_json *normalizer_json(const bmx_normalizer_spec *s)
{
    bmx_json *list = bmx_json_array();

    for (size_t i = 0; i < s->n; i++) {
        const bmx_normalizer_step *x = &s->step[i];
        bmx_json *o = bmx_json_push(list, bmx_json_object());

        bmx_json_put_str(o, "type", bmx_normalizer_kind_name(x->kind));
        switch (x->kind) {
        case BMX_NORM_STRIP:
            bmx_json_put_bool(o, "strip_left", x->strip_left);
            bmx_json_put_bool(o, "strip_right", x->strip_right);
            break;
        case BMX_NORM_REPLACE:
            put_pattern(o, &x->pattern);
            /* fallthrough */
        case BMX_NORM_PREPEND:
            bmx_json_put_bytes(o, "content", x->content);
            break;
        case BMX_NORM_PRECOMPILED:
            bmx_json_put_uint(o, "charsmap_bytes", x->charsmap.len);
            break;
        case BMX_NORM_BERT:
            bmx_json_put_bool(o, "clean_text", x->bert.clean_text);
            bmx_json_put_bool(o, "handle_chinese_chars", x->bert.handle_chinese_chars);
            bmx_json_put_bool(o, "strip_accents", x->bert.strip_accents);
            bmx_json_put_bool(o, "lowercase", x->bert.lowercase);
            break;
        case BMX_NORM_SENTENCEPIECE:
            bmx_json_put_uint(o, "charsmap_bytes", x->charsmap.len);
            bmx_json_put_bool(o, "add_dummy_prefix", x->sp.add_dummy_prefix);
            bmx_json_put_bool(o, "remove_extra_whitespaces", x->sp.remove_extra_whitespaces);
            bmx_json_put_bool(o, "escape_whitespaces", x->sp.escape_whitespaces);
            bmx_json_put_bool(o, "treat_whitespace_as_suffix", x->sp.suffix);
            break;
        default:
            break;
        }
    }
    return list;
}

static const char *behavior_name(bmx_split_behavior b)
{
    static const char *const names[] = {
        [BMX_SPLIT_REMOVED] = "Removed", [BMX_SPLIT_ISOLATED] = "Isolated",
        [BMX_SPLIT_MERGED_WITH_PREVIOUS] = "MergedWithPrevious",
        [BMX_SPLIT_MERGED_WITH_NEXT] = "MergedWithNext", [BMX_SPLIT_CONTIGUOUS] = "Contiguous",
    };
    return names[b];
}

static void put_char(bmx_json *o, const char *key, uint32_t cp)
{
    char c[4];
    bmx_json_put_bytes(o, key, bmx_slice_of(c, bmx_utf8_encode(cp, c)));
}

static void put_step(bmx_json *list, const bmx_pretokenizer_step *x)
{
    static const char *const schemes[] = { [BMX_PREPEND_ALWAYS] = "always",
                                           [BMX_PREPEND_FIRST] = "first",
                                           [BMX_PREPEND_NEVER] = "never" };
    bmx_json *o = bmx_json_push(list, bmx_json_object());

    bmx_json_put_str(o, "type", bmx_pretokenizer_kind_name(x->kind));
    switch (x->kind) {
    case BMX_PRE_BYTE_LEVEL:
        bmx_json_put_bool(o, "add_prefix_space", x->add_prefix_space);
        bmx_json_put_bool(o, "use_regex", x->use_regex);
        break;
    case BMX_PRE_SPLIT:
        put_pattern(o, &x->pattern);
        bmx_json_put_str(o, "behavior", behavior_name(x->behavior));
        bmx_json_put_bool(o, "invert", x->invert);
        break;
    case BMX_PRE_DIGITS:
        bmx_json_put_bool(o, "individual_digits", x->individual_digits);
        break;
    case BMX_PRE_PUNCTUATION:
        bmx_json_put_str(o, "behavior", behavior_name(x->behavior));
        break;
    case BMX_PRE_METASPACE:
        put_char(o, "replacement", x->delimiter);
        bmx_json_put_str(o, "prepend_scheme", schemes[x->prepend]);
        bmx_json_put_bool(o, "split", x->split);
        break;
    case BMX_PRE_CHAR_DELIMITER:
        put_char(o, "delimiter", x->delimiter);
        break;
    case BMX_PRE_FIXED_LENGTH:
        bmx_json_put_uint(o, "length", x->length);
        break;
    case BMX_PRE_SENTENCEPIECE:
        bmx_json_put_bool(o, "split_by_whitespace", x->sp.split_by_whitespace);
        bmx_json_put_bool(o, "allow_whitespace_only_pieces", x->sp.allow_whitespace_only_pieces);
        bmx_json_put_bool(o, "treat_whitespace_as_suffix", x->sp.treat_whitespace_as_suffix);
        bmx_json_put_uint(o, "max_sentence_length", x->sp.max_sentence_length);
        bmx_json_put_uint(o, "boundaries", x->sp.n_boundaries);
        break;
    default:
        break;
    }
}

static bmx_json *pretokenizer_json(const bpemix_tokenizer *tok)
{
    bmx_json *o, *list;

    if (!tok->pretokenizer_known)
        return bmx_json_new_str(NULL);
    o = bmx_json_object();
    bmx_json_put_str(o, "name", tok->pretokenizer.name);
    list = bmx_json_put(o, "steps", bmx_json_array());
    for (size_t i = 0; i < tok->pretokenizer.n; i++)
        put_step(list, &tok->pretokenizer.step[i]);
    return o;
}

static bmx_json *rules_json(const bmx_rules *r)
{
    bmx_json *o;

    if (!r->sentencepiece)
        return bmx_json_new_str(NULL);
    o = bmx_json_object();
    bmx_json_put_uint(o, "max_characters", r->max_characters);
    bmx_json_put_bool(o, "split_digits", r->split_digits);
    bmx_json_put_bool(o, "split_by_script", r->split_by_script);
    bmx_json_put_bool(o, "split_by_number", r->split_by_number);
    bmx_json_put_bool(o, "allow_whitespace_only", r->allow_whitespace_only);
    return o;
}

bpemix_status bmx_tokenizer_json(const bpemix_tokenizer *tok, bmx_json **out, bpemix_error *err)
{
    uint32_t n = tok->n_merges, repeated = 0, shown = n < 10 ? n : 10;
    bmx_json *o = bmx_json_object(), *u, *list;

    for (uint32_t t = 0; t < n; t++)
        repeated += !!(tok->merge[t].flags & BMX_MERGE_REPEATED);
    bmx_json_put_bytes(o, "path", bmx_slice_str(tok->path));
    bmx_json_put_str(o, "format", bmx_format_name(tok->format));
    bmx_json_put_str(o, "format_detail", tok->format_detail);
    bmx_json_put_str(o, "alphabet", tok->alphabet == BMX_ALPHABET_BYTE ? "byte" : "character");
    bmx_json_put_bool(o, "open_alphabet", tok->open_alphabet);
    bmx_json_put_bool(o, "byte_fallback", tok->byte_fallback);
    bmx_json_put_uint(o, "vocab_size", tok->vocab_size);
    bmx_json_put_uint(o, "merges", n);
    bmx_json_put_uint(o, "merges_listed", tok->n_listed);
    bmx_json_put_str(o, "digest", tok->digest);
    bmx_json_put_bytes(o, "continuing_subword_prefix", tok->subword_prefix);
    bmx_json_put_bytes(o, "end_of_word_suffix", tok->word_suffix);
    bmx_json_put(o, "normalizer", normalizer_json(&tok->normalizer));
    bmx_json_put(o, "pretokenizer", pretokenizer_json(tok));
    bmx_json_put(o, "rules", rules_json(&tok->rules));
    u = bmx_json_put(o, "unreachable", bmx_json_object());
    bmx_json_put_uint(u, "count", tok->n_unreachable);
    list = bmx_json_put(u, "examples", bmx_json_array());
    for (uint32_t i = 0; i < tok->n_unreachable && i < 10; i++)
        bmx_json_push(list, display(tok, tok->unreachable[i], BMX_NONE));
    bmx_json_put_uint(o, "redundant", tok->format != BMX_FORMAT_CLIP && tok->n_listed > n
                                          ? tok->n_listed - n : 0);
    put_flagged(tok, o, "manual", BMX_MERGE_MANUAL);
    bmx_json_put_uint(o, "repeated", repeated);
    bmx_json_put(o, "trainer_spec", tok->trainer_spec ? bmx_json_copy(tok->trainer_spec)
                                                      : bmx_json_new_str(NULL));
    put_merges(tok, o, "first_merges", 0, shown);
    put_merges(tok, o, "last_merges", n - shown, n);
    list = bmx_json_put(o, "warnings", bmx_json_array());
    for (size_t i = 0; i < tok->n_warnings; i++)
        bmx_json_push(list, bmx_json_new_str(tok->warning[i]));
    if (!o)
        return bmx_nomem(err);
    *out = o;
    return BPEMIX_OK;
}

bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, char **json,
                                        bpemix_error *err)
{
    bmx_buf text = { 0 };
    bmx_json *o;
    bpemix_status st = bmx_tokenizer_json(tok, &o, err);

    if (st)
        return st;
    if (!(st = bmx_json_print(o, &text, err)))
        st = bmx_buf_addc(&text, 0, err);
    bmx_json_free(o);
    if (st) {
        bmx_buf_release(&text);
        return st;
    }
    *json = text.ptr;
    return BPEMIX_OK;
}
