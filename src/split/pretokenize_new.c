/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pretokenize_new.c - from the spec of a pre-tokenizer to what pretokenize.c carries out: each
 * step gets a scanner, if its pattern has one, or is compiled by PCRE2. */
#include "split/pretokenize_steps.h"

#include "base/utf8.h"
#include "base/version.h"
#include "split/known.h"
#include "split/unicode.h"
#include "tokenizer/bytelevel.h"

#include <string.h>

typedef bmx_compiled_step step;

static const bmx_pattern gpt2 = { (char *)BMX_PATTERN_GPT2, sizeof BMX_PATTERN_GPT2 - 1, true,
                                  BMX_REGEX_ONIGURUMA };

static void fill_map(bmx_pretokenizer *p)
{
    char utf8[4];

    for (unsigned b = 0; b < 256; b++) {
        p->map_len[b] = (uint8_t)bmx_utf8_encode(bmx_bytelevel_char((unsigned char)b), utf8);
        memcpy(p->map[b], utf8, 2);
    }
}

static bpemix_status compile_boundaries(step *t, const bmx_pretokenizer_step *s, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t b = 0; b < s->sp.n_boundaries && !st; b++)
        if (s->sp.boundaries[b].len)
            st = bmx_matcher_add(&t->boundary, s->sp.boundaries[b], (uint32_t)b, err);
    return st;
}

static bool is_step(const bmx_pretokenizer_step *s, bmx_pretokenizer_kind kind)
{
    return s->kind == kind;
}

/* The scanner for a step that keeps the matches of its pattern and the gaps between them; patterns
 * that have a scanner leave no gaps. */
static bmx_scan_kind scanner_of(const bmx_pretokenizer_step *s)
{
    if (is_step(s, BMX_PRE_BYTE_LEVEL))
        return s->use_regex ? bmx_scan_find(&gpt2) : BMX_SCAN_NONE;
    if (is_step(s, BMX_PRE_SPLIT) && (s->behavior == BMX_SPLIT_ISOLATED ||
                                      (s->behavior == BMX_SPLIT_REMOVED && s->invert)))
        return bmx_scan_find(&s->pattern);
    return BMX_SCAN_NONE;
}

/* Does the step make every \p{N} a pre-token of its own? */
static bool cuts_digits(const bmx_pretokenizer_step *s)
{
    return (is_step(s, BMX_PRE_DIGITS) && s->individual_digits) ||
           (is_step(s, BMX_PRE_SPLIT) && s->behavior == BMX_SPLIT_ISOLATED && s->pattern.is_regex &&
            s->pattern.len == 5 && !memcmp(s->pattern.text, "\\p{N}", 5));
}

static bpemix_status compile_step(step *t, const bmx_pretokenizer_step *s, bool scan, bool jit,
                                  bpemix_error *err)
{
    t->s = *s;
    t->s.pattern = (bmx_pattern){ 0 };
    t->s.sp.boundaries = NULL;
    t->s.sp.n_boundaries = 0;
    t->scan = scan ? scanner_of(s) : BMX_SCAN_NONE;
    if (t->scan != BMX_SCAN_NONE)
        return BPEMIX_OK;
    switch (s->kind) {
    case BMX_PRE_BYTE_LEVEL:
        return s->use_regex ? bmx_regex_new(&gpt2, jit, &t->regex, err) : BPEMIX_OK;
    case BMX_PRE_SPLIT: return bmx_regex_new(&s->pattern, jit, &t->regex, err);
    case BMX_PRE_METASPACE:
    case BMX_PRE_CHAR_DELIMITER:
        if (s->delimiter > 0x10ffff || (s->delimiter >= 0xd800 && s->delimiter <= 0xdfff))
            return bmx_fail(err, BPEMIX_E_FORMAT, "", "U+%04X is not a character",
                            (unsigned)s->delimiter);
        t->delimiter_len = bmx_utf8_encode(s->delimiter, t->delimiter);
        return BPEMIX_OK;
    case BMX_PRE_FIXED_LENGTH:
        return s->length ? BPEMIX_OK
                         : bmx_fail(err, BPEMIX_E_FORMAT, "", "pre-tokens of length 0");
    case BMX_PRE_SENTENCEPIECE: return compile_boundaries(t, s, err);
    default: return BPEMIX_OK;
    }
}

bpemix_status bmx_pretokenizer_new(const bmx_pretokenizer_spec *spec, bool byte_alphabet,
                                   bmx_engine engine, bmx_pretokenizer **out, bpemix_error *err)
{
    bmx_pretokenizer *p = bmx_calloc(1, sizeof *p);
    bool last_is_map = spec->n > 0 && spec->step[spec->n - 1].kind == BMX_PRE_BYTE_LEVEL;
    bool mapped = spec->byte_level_input;
    /* scanners and patterns must mean the same characters */
    bool scan = engine == BMX_ENGINE_AUTO &&
                !strcmp(bmx_unicode_version(), bmx_regex_unicode_version());

    if (!p || !(p->step = bmx_calloc(spec->n, sizeof *p->step))) {
        bmx_free(p);
        return bmx_nomem(err);
    }
    fill_map(p);
    for (size_t i = 0; i < spec->n; i++) {
        const bmx_pretokenizer_step *s = &spec->step[i], *next = s + 1;
        bool fuse = scan && i + 1 < spec->n && cuts_digits(s) &&
                    scanner_of(next) == BMX_SCAN_GPT2 && !next->add_prefix_space;
        step *t = &p->step[p->n++];
        bpemix_status st = compile_step(t, fuse ? next : s, scan,
                                        engine != BMX_ENGINE_PCRE2_INTERPRETER, err);

        if (st) {
            st = bmx_at(err, st, "pre-tokenizer step %zu (%s)", i + 1,
                        bmx_pretokenizer_kind_name(s->kind));
            bmx_pretokenizer_free(p);
            return st;
        }
        if (fuse) {
            t->scan = BMX_SCAN_GPT2_DIGITS;
            s = next;
            i++;
        }
        mapped |= s->kind == BMX_PRE_BYTE_LEVEL;
    }
    p->skip_last = byte_alphabet && last_is_map;
    p->unmap = byte_alphabet && mapped && !last_is_map;
    *out = p;
    return BPEMIX_OK;
}

void bmx_pretokenizer_free(bmx_pretokenizer *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++) {
        bmx_regex_free(p->step[i].regex);
        bmx_matcher_release(&p->step[i].boundary);
    }
    bmx_free(p->step);
    bmx_free(p);
}

bpemix_status bmx_pretokenizer_scratch_new(const bmx_pretokenizer *p,
                                           bmx_pretokenizer_scratch **out, bpemix_error *err)
{
    bmx_pretokenizer_scratch *s = bmx_calloc(1, sizeof *s);

    if (!s || !(s->buf = bmx_calloc(2 * p->n + 1, sizeof *s->buf)) ||
        !(s->scan = bmx_calloc(p->n, sizeof *s->scan))) {
        bmx_free(s ? s->buf : NULL);
        bmx_free(s);
        return bmx_nomem(err);
    }
    s->n_buf = 2 * p->n + 1;
    s->n_scan = p->n;
    if (bmx_regex_scratch_new(&s->regex, err)) {
        bmx_pretokenizer_scratch_free(s);
        return BPEMIX_E_NOMEM;
    }
    *out = s;
    return BPEMIX_OK;
}

void bmx_pretokenizer_scratch_free(bmx_pretokenizer_scratch *s)
{
    if (!s)
        return;
    bmx_regex_scratch_free(s->regex);
    for (size_t i = 0; i < s->n_buf; i++)
        bmx_buf_release(&s->buf[i]);
    for (size_t i = 0; i < s->n_scan; i++)
        bmx_scan_scratch_release(&s->scan[i]);
    bmx_free(s->scan);
    bmx_free(s->buf);
    bmx_free(s);
}
