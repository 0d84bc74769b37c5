/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.h - build small pre-tokenizers and see their pieces as one string,
 * joined by the broken bar U+00A6. */
#ifndef BMX_TEST_PIECES_H
#define BMX_TEST_PIECES_H

#include "test.h"

#include "split/pretokenize.h"

#define BAR "\xc2\xa6"

typedef struct piece_list {
    bmx_buf text;  /* pieces joined by BAR */
    bmx_buf bytes; /* pieces alone */
    size_t n;
} piece_list;

static inline bpemix_status piece_add(void *ctx, bmx_slice piece, bpemix_error *err)
{
    piece_list *l = ctx;

    if (piece.len == 0)
        return bmx_fail(err, BPEMIX_E_BUG, "", "an empty piece");
    if (l->n++ > 0 && bmx_buf_add(&l->text, BAR, 2, err))
        return BPEMIX_E_NOMEM;
    return bmx_buf_add(&l->text, piece.ptr, piece.len, err) ||
                   bmx_buf_add(&l->bytes, piece.ptr, piece.len, err)
               ? BPEMIX_E_NOMEM : BPEMIX_OK;
}

static inline void pieces_release(piece_list *l)
{
    bmx_buf_release(&l->text);
    bmx_buf_release(&l->bytes);
    *l = (piece_list){ 0 };
}

/* Pieces of `text`, appended to *l. */
static inline void pieces_of(const bmx_pretokenizer_spec *spec, bool bytes, bmx_engine engine,
                             bmx_slice text, piece_list *l)
{
    bpemix_error err = { 0 };
    bmx_pretokenizer *p = NULL;
    bmx_pretokenizer_scratch *s = NULL;

    CHECK_OK(bmx_pretokenizer_new(spec, bytes, engine, &p, &err));
    CHECK_OK(bmx_pretokenizer_scratch_new(p, &s, &err));
    CHECK_OK(bmx_pretokenize(p, s, text, piece_add, l, &err));
    bmx_pretokenizer_scratch_free(s);
    bmx_pretokenizer_free(p);
}

/* The pieces of every engine are `expected`. */
static inline void check_pieces(const bmx_pretokenizer_spec *spec, bool bytes, const char *text,
                                const char *expected)
{
    static const bmx_engine engines[] = { BMX_ENGINE_AUTO, BMX_ENGINE_PCRE2,
                                          BMX_ENGINE_PCRE2_INTERPRETER };

    for (int i = 0; i < 3; i++) {
        piece_list l = { 0 };
        pieces_of(spec, bytes, engines[i], bmx_slice_str(text), &l);
        if (l.text.len != strlen(expected) ||
            memcmp(l.text.len ? l.text.ptr : "", expected, l.text.len))
            fail_msg("engine %d, \"%s\": \"%.*s\", not \"%s\"", i, text, (int)l.text.len,
                     l.text.len ? l.text.ptr : "", expected);
        pieces_release(&l);
    }
}

static inline bmx_pretokenizer_step *add_pre(bmx_pretokenizer_spec *spec,
                                             bmx_pretokenizer_kind kind)
{
    bpemix_error err = { 0 };
    bmx_pretokenizer_step *s = NULL;

    CHECK_OK(bmx_pretokenizer_add(spec, kind, &s, &err));
    return s;
}

static inline bmx_pretokenizer_step *add_split(bmx_pretokenizer_spec *spec, const char *pattern,
                                               bool is_regex, bmx_regex_flavor flavor,
                                               bmx_split_behavior behavior, bool invert)
{
    bpemix_error err = { 0 };
    bmx_pretokenizer_step *s = add_pre(spec, BMX_PRE_SPLIT);

    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str(pattern), is_regex, flavor, &err));
    s->behavior = behavior;
    s->invert = invert;
    return s;
}

#endif
