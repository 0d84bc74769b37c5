/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pretokens.h - build small pre-tokenizers and see their pre-tokens as one string,
 * joined by the broken bar U+00A6. */
#ifndef BMX_TEST_PRETOKENS_H
#define BMX_TEST_PRETOKENS_H

#include "test.h"

#include "split/pretokenize.h"

#define BAR "\xc2\xa6"

typedef struct pretoken_list {
    bmx_buf text;  /* pre-tokens joined by BAR */
    bmx_buf bytes; /* pre-tokens alone */
    size_t n;
} pretoken_list;

static inline bpemix_status pretoken_add(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    pretoken_list *l = ctx;

    if (pretoken.len == 0)
        return bmx_fail(err, BPEMIX_E_BUG, "", "an empty pre-token");
    if (l->n++ > 0 && bmx_buf_add(&l->text, BAR, 2, err))
        return BPEMIX_E_NOMEM;
    return bmx_buf_add(&l->text, pretoken.ptr, pretoken.len, err) ||
                   bmx_buf_add(&l->bytes, pretoken.ptr, pretoken.len, err)
               ? BPEMIX_E_NOMEM : BPEMIX_OK;
}

static inline void pretokens_release(pretoken_list *l)
{
    bmx_buf_release(&l->text);
    bmx_buf_release(&l->bytes);
    *l = (pretoken_list){ 0 };
}

/* Pre-tokens of `text`, appended to *l. */
static inline void pretokens_of(const bmx_pretokenizer_spec *spec, bool bytes, bmx_engine engine,
                             bmx_slice text, pretoken_list *l)
{
    bpemix_error err = { 0 };
    bmx_pretokenizer *p = NULL;
    bmx_pretokenizer_scratch *s = NULL;

    CHECK_OK(bmx_pretokenizer_new(spec, bytes, engine, &p, &err));
    CHECK_OK(bmx_pretokenizer_scratch_new(p, &s, &err));
    CHECK_OK(bmx_pretokenize(p, s, text, pretoken_add, l, &err));
    bmx_pretokenizer_scratch_free(s);
    bmx_pretokenizer_free(p);
}

/* The pre-tokens of every engine are `expected`. */
static inline void check_pretokens(const bmx_pretokenizer_spec *spec, bool bytes, const char *text,
                                const char *expected)
{
    static const bmx_engine engines[] = { BMX_ENGINE_AUTO, BMX_ENGINE_PCRE2,
                                          BMX_ENGINE_PCRE2_INTERPRETER };

    for (int i = 0; i < 3; i++) {
        pretoken_list l = { 0 };
        pretokens_of(spec, bytes, engines[i], bmx_slice_str(text), &l);
        if (l.text.len != strlen(expected) ||
            memcmp(l.text.len ? l.text.ptr : "", expected, l.text.len))
            fail_msg("engine %d, \"%s\": \"%.*s\", not \"%s\"", i, text, (int)l.text.len,
                     l.text.len ? l.text.ptr : "", expected);
        pretokens_release(&l);
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
