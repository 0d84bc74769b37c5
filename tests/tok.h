/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tok.h - small tokenizer files built in memory, for the tests of the readers. */
#ifndef BMX_TEST_TOK_H
#define BMX_TEST_TOK_H

#include "test.h"

#include "tokenizer/tokenizer.h"

/* A buffer that cannot fail in a test. */
static inline void put(bmx_buf *b, const void *p, size_t n)
{
    bpemix_error err;
    CHECK_OK(bmx_buf_add(b, p, n, &err));
}

static inline void put_str(bmx_buf *b, const char *s) { put(b, s, strlen(s)); }

static inline bmx_slice slice_of(const bmx_buf *b) { return bmx_slice_of(b->ptr, b->len); }

static inline bpemix_tokenizer *parse_opts(bmx_slice data, const bpemix_load_opts *opts)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err = { 0 };
    CHECK_OK(bmx_tokenizer_parse("memory", data, opts, &tok, &err));
    return tok;
}

static inline bpemix_tokenizer *parse(bmx_slice data) { return parse_opts(data, NULL); }
static inline bpemix_tokenizer *parse_str(const char *s) { return parse(bmx_slice_str(s)); }

static inline bpemix_status try_parse(bmx_slice data, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_status st = bmx_tokenizer_parse("memory", data, NULL, &tok, err);
    if (st)
        assert_null(tok);
    bpemix_tokenizer_free(tok);
    return st;
}

static inline bpemix_status try_str(const char *s, bpemix_error *err)
{
    return try_parse(bmx_slice_str(s), err);
}

/* Every failing allocation is an error and leaves nothing behind. */
static inline void survives_lack_of_memory_for(bmx_slice data)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;

    SURVIVES(10, bmx_tokenizer_parse("memory", data, NULL, &tok, &err), assert_true(!tok == !last));
    bpemix_tokenizer_free(tok);
}

/* "left|right" of merge t in printable form. */
static inline const char *merge_text(const bpemix_tokenizer *tok, uint32_t t)
{
    static char text[2][200];
    static int which;
    bmx_buf b = { 0 };
    bpemix_error err;

    which ^= 1;
    assert_true(t < tok->trained.n_merges);
    CHECK_OK(bmx_symbol_display(tok, tok->trained.merge[t].left, &b, &err));
    put(&b, "|", 1);
    CHECK_OK(bmx_symbol_display(tok, tok->trained.merge[t].right, &b, &err));
    snprintf(text[which], sizeof text[which], "%.*s", (int)b.len, b.ptr);
    bmx_buf_release(&b);
    return text[which];
}

#define CHECK_MERGES(tok, ...)                                                  \
    do {                                                                        \
        static const char *const want_[] = { __VA_ARGS__ };                     \
        const uint32_t n_ = sizeof want_ / sizeof *want_;                       \
        assert_int_equal((tok)->trained.n_merges, n_);                                  \
        for (uint32_t t_ = 0; t_ < n_; t_++)                                    \
            assert_string_equal(merge_text(tok, t_), want_[t_]);                \
    } while (0)

static inline bool has_warning(const bpemix_tokenizer *tok, const char *part)
{
    for (size_t i = 0; i < tok->n_warnings; i++)
        if (strstr(tok->warning[i], part))
            return true;
    return false;
}

static inline bool is_unmerged(const bpemix_tokenizer *tok, const char *text)
{
    for (uint32_t i = 0; i < tok->n_unmerged; i++)
        if (bmx_slice_eq(tok->vocab.tokens.str[tok->unmerged[i]], bmx_slice_str(text)))
            return true;
    return false;
}

/* ---- base64 and rank lines ---- */

static inline void put_base64(bmx_buf *b, bmx_slice s)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.len; i += 3) {
        uint32_t v = 0;
        char out[4];
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (i + k < s.len ? (unsigned char)s.ptr[i + k] : 0u);
        for (int k = 0; k < 4; k++)
            out[k] = digit[v >> (18 - 6 * k) & 63];
        for (size_t k = s.len - i; k < 3; k++)
            out[k + 1] = '=';
        put(b, out, 4);
    }
}

static inline void put_rank(bmx_buf *b, bmx_slice token, unsigned rank)
{
    char line[20];
    put_base64(b, token);
    snprintf(line, sizeof line, " %u\n", rank);
    put_str(b, line);
}

/* ---- protocol buffers ---- */

static inline void put_varint(bmx_buf *b, uint64_t v)
{
    do {
        char c = (char)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
        put(b, &c, 1);
        v >>= 7;
    } while (v);
}

static inline void put_field(bmx_buf *b, unsigned number, bmx_slice s)
{
    put_varint(b, number << 3 | 2);
    put_varint(b, s.len);
    put(b, s.ptr, s.len);
}

static inline void put_uint_field(bmx_buf *b, unsigned number, uint64_t v)
{
    put_varint(b, number << 3);
    put_varint(b, v);
}

static inline void put_float_field(bmx_buf *b, unsigned number, float v)
{
    put_varint(b, number << 3 | 5);
    put(b, &v, 4);
}

static inline void put_piece(bmx_buf *b, const char *text, float score, unsigned type)
{
    bmx_buf p = { 0 };
    put_field(&p, 1, bmx_slice_str(text));
    put_float_field(&p, 2, score);
    if (type != 1)
        put_uint_field(&p, 3, type);
    put_field(b, 1, slice_of(&p));
    bmx_buf_release(&p);
}

/* ---- GGUF ---- */

static inline void put_le(bmx_buf *b, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++, v >>= 8) {
        char c = (char)(v & 0xff);
        put(b, &c, 1);
    }
}

static inline void put_gstr(bmx_buf *b, const char *s)
{
    put_le(b, strlen(s), 8);
    put_str(b, s);
}

static inline void put_gkey_str(bmx_buf *b, const char *key, const char *s)
{
    put_gstr(b, key);
    put_le(b, 8, 4);
    put_gstr(b, s);
}

/* Array of strings, NULL-terminated. */
static inline void put_gkey_list(bmx_buf *b, const char *key, const char *const *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    put_gstr(b, key);
    put_le(b, 9, 4);
    put_le(b, 8, 4);
    put_le(b, n, 8);
    for (size_t i = 0; i < n; i++)
        put_gstr(b, s[i]);
}

#endif
