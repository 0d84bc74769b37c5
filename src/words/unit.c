/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.c - see unit.h.
 *
 * Text goes down these functions: split_any (malformed bytes) -> split_text (lines, where
 * they are units) -> split_unit (normalizer, pre-tokenizer) -> on_pretokens (word table). */
#include "words/unit.h"

#include "base/assert.h"
#include "base/cancel.h"
#include "base/utf8.h"
#include "split/cut.h"

#include <string.h>

/* ---- plans ---- */

static bpemix_status compile(const bmx_normalizer_spec *spec, bmx_normalizer **out,
                             bpemix_error *err)
{
    bpemix_status st = bmx_normalizer_new(spec, out, err);

    if (!st && bmx_normalizer_is_identity(*out)) {
        bmx_normalizer_free(*out);
        *out = NULL;
    }
    return st;
}

bpemix_status bmx_unit_plan_init(bmx_unit_plan *p, const bmx_text_rule *rule, bpemix_error *err)
{
    bpemix_status st = compile(rule->normalizer, &p->normalizer, err);

    p->rule = *rule;
    p->cuts = rule->lines ? 0 : bmx_cut_rules(rule->normalizer, rule->pretokenizer);
    if (!st)
        st = bmx_pretokenizer_new(rule->pretokenizer, rule->bytes, BMX_ENGINE_AUTO,
                                  &p->pretokenizer, err);
    return st && rule->path ? bmx_at(err, st, "%s", rule->path) : st;
}

/* The normalizer for text from the middle of a unit: it puts nothing in front and keeps white
 * space at the start.  If the tokenizer's trims white space, the space that a chunk starts with is
 * replaced by the dummy prefix, which has the same effect.  `step` has room for spec->n. */
static void inner_steps(const bmx_normalizer_spec *spec, bmx_normalizer_step *step,
                        bmx_normalizer_spec *inner, bool *drop_space)
{
    *inner = (bmx_normalizer_spec){ .step = step };
    for (size_t i = 0; i < spec->n; i++) {
        bmx_normalizer_step s = spec->step[i];

        if (s.kind == BMX_NORM_PREPEND)
            continue;
        if (s.kind == BMX_NORM_STRIP)
            s.strip_left = false;
        if (s.kind == BMX_NORM_SENTENCEPIECE) {
            *drop_space = s.sp.remove_extra_whitespaces;
            s.sp.add_dummy_prefix = s.sp.remove_extra_whitespaces;
        }
        step[inner->n++] = s;
    }
}

bpemix_status bmx_unit_plan_inner(bmx_unit_plan *p, bpemix_error *err)
{
    const bmx_text_rule *rule = &p->rule;
    bmx_normalizer_step *norm = bmx_malloc(rule->normalizer->n, sizeof *norm);
    bmx_pretokenizer_step *pre = bmx_malloc(rule->pretokenizer->n, sizeof *pre);
    bmx_pretokenizer_spec spec = *rule->pretokenizer;
    bmx_normalizer_spec inner;
    bpemix_status st = norm && pre ? BPEMIX_OK : bmx_nomem(err);

    if (!st) {
        inner_steps(rule->normalizer, norm, &inner, &p->drop_space);
        if (!p->inner_normalizer) /* there is one after a call that failed behind this */
            st = compile(&inner, &p->inner_normalizer, err);
    }
    for (size_t i = 0; i < spec.n && !st; i++) {
        pre[i] = spec.step[i];
        pre[i].sp.max_sentence_length = 0;
        p->has_first = p->has_first ||
                       (pre[i].kind == BMX_PRE_METASPACE && pre[i].prepend == BMX_PREPEND_FIRST);
    }
    spec.step = pre;
    if (!st && bmx_pretokenizer_has(rule->pretokenizer, BMX_PRE_SENTENCEPIECE))
        st = bmx_pretokenizer_new(&spec, rule->bytes, BMX_ENGINE_AUTO, &p->inner_pretokenizer, err);
    bmx_free(norm);
    bmx_free(pre);
    return st;
}

void bmx_unit_plan_release(bmx_unit_plan *p)
{
    bmx_normalizer_free(p->normalizer);
    bmx_normalizer_free(p->inner_normalizer);
    bmx_pretokenizer_free(p->pretokenizer);
    bmx_pretokenizer_free(p->inner_pretokenizer);
    *p = (bmx_unit_plan){ 0 };
}

/* ---- splitters ---- */

bpemix_status bmx_unit_splitter_start(bmx_unit_splitter *s, const bmx_unit_plan *plan,
                                      bpemix_error *err)
{
    /* not what is inside of chunks: another thread may be preparing this part of the plan */
    s->plan = plan;
    return bmx_pretokenizer_scratch_new(plan->pretokenizer, &s->scratch, err);
}

void bmx_unit_splitter_release(bmx_unit_splitter *s)
{
    bmx_pretokenizer_scratch_free(s->scratch);
    bmx_pretokenizer_scratch_free(s->inner_scratch);
    bmx_buf_release(&s->normal[0]);
    bmx_buf_release(&s->normal[1]);
    bmx_buf_release(&s->clean);
    *s = (bmx_unit_splitter){ 0 };
}

static bpemix_status on_pretoken(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    bmx_unit_splitter *s = ctx;

    s->words++;
    if (bmx_cancelled()) /* a pattern may take long for each */
        return bmx_check_cancel(err);
    return bmx_word_table_queue(s->to, pretoken, err);
}

static bpemix_status on_pretokens(void *ctx, const char *start, const char *const *end, size_t n,
                               bpemix_error *err)
{
    bmx_unit_splitter *s = ctx;

    s->words += n;
    if (bmx_cancelled())
        return bmx_check_cancel(err);
    return bmx_word_table_count(s->to, start, end, n, err);
}

static bpemix_status split_unit(bmx_unit_splitter *s, bmx_slice text, bool lines,
                                bpemix_error *err)
{
    const bmx_unit_plan *p = s->plan;
    bool inside = s->inside, other = s->is_chunk && p->inner_pretokenizer;
    const bmx_normalizer *normalizer = inside ? p->inner_normalizer : p->normalizer;
    const bmx_pretokenizer *pretokenizer = other ? p->inner_pretokenizer : p->pretokenizer;
    bmx_pretokenizer_scratch *scratch = other ? s->inner_scratch : s->scratch;
    bpemix_status st;

    s->inside = false;
    if (inside && p->drop_space && text.ptr[0] == ' ')
        text = bmx_slice_of(text.ptr + 1, text.len - 1);
    if (normalizer) {
        if ((st = bmx_normalize(normalizer, text, s->normal, &text, err)))
            return st;
        bmx_word_table_window(s->to, text.ptr, text.len);
    }
    if (inside && p->has_first)
        return bmx_pretokenize_part(pretokenizer, scratch, text, false, on_pretoken, s, err);
    return bmx_pretokenize_bulk(pretokenizer, scratch, text, lines,
                                &(bmx_pretoken_sink){ on_pretoken, on_pretokens, s }, err);
}

/* Well-formed text: one unit, or a unit for each line. */
static bpemix_status split_text(bmx_unit_splitter *s, bmx_slice text, bpemix_error *err)
{
    const bmx_text_rule *r = &s->plan->rule;

    if (!text.len)
        return BPEMIX_OK;
    if (!r->lines ||
        (!s->plan->normalizer && !r->strip_newline && !(s->inside && s->plan->has_first)))
        return split_unit(s, text, r->lines, err);
    while (text.len) {
        const char *nl = memchr(text.ptr, '\n', text.len);
        size_t n = nl ? (size_t)(nl - text.ptr) + 1 : text.len;
        bmx_slice line = bmx_slice_of(text.ptr, nl && r->strip_newline ? n - 1 : n);
        uint64_t before = s->words;
        bool whole = !s->inside;
        bpemix_status st = line.len ? split_unit(s, line, false, err) : BPEMIX_OK;

        if (st)
            return st;
        s->inside = false;
        if (r->strip_newline && line.len && s->words == before && whole)
            s->left_out += n;
        text = bmx_slice_of(text.ptr + n, text.len - n);
    }
    return BPEMIX_OK;
}

/* Length of the run of malformed bytes that text starts with. */
static size_t malformed_run(bmx_slice text)
{
    size_t n = 0;
    uint32_t c;

    while (n < text.len && !bmx_utf8_decode(text.ptr + n, text.len - n, &c))
        n++;
    return n;
}

static bpemix_status split_any(bmx_unit_splitter *s, bmx_slice text, size_t room,
                               bpemix_error *err)
{
    const bmx_text_rule *r = &s->plan->rule;
    size_t good = bmx_utf8_valid_prefix(text), at = 0;
    bpemix_status st;

    bmx_word_table_window(s->to, text.ptr, text.len + room);
    if (good == text.len)
        return split_text(s, text, err);
    s->clean.len = 0;
    for (;;) {
        bmx_slice rest = bmx_slice_of(text.ptr + at, text.len - at);
        size_t bad;

        good = bmx_utf8_valid_prefix(rest);
        bad = malformed_run(bmx_slice_of(rest.ptr + good, rest.len - good));
        s->invalid_bytes += bad;
        at += good + bad;
        if (r->invalid == BPEMIX_INVALID_REPLACE) {
            if ((st = bmx_buf_add(&s->clean, rest.ptr, good, err)))
                return st;
            for (size_t i = 0; i < bad; i++)
                if ((st = bmx_buf_add(&s->clean, "\xef\xbf\xbd", 3, err)))
                    return st;
            if (at == text.len) {
                bmx_word_table_window(s->to, s->clean.ptr, s->clean.len);
                return split_text(s, bmx_slice_of(s->clean.ptr, s->clean.len), err);
            }
            continue;
        }
        if ((st = split_text(s, bmx_slice_of(rest.ptr, good), err)))
            return st;
        s->inside = false;
        /* keep: with a byte alphabet they are a pre-token; characters cannot represent them */
        if (bad && r->bytes &&
            (st = on_pretoken(s, bmx_slice_of(rest.ptr + good, bad), err)))
            return st;
        if (at == text.len)
            return BPEMIX_OK;
    }
}

#ifdef BMX_CHECKED
/* Cuts that are tried in a text, and bytes on both sides of each. */
enum { CUTS_TRIED = 4, AROUND = 1000 };

typedef struct fingerprint {
    uint64_t n, hash; /* of pre-tokens, in their order */
} fingerprint;

static bpemix_status add_print(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    fingerprint *f = ctx;

    (void)err;
    f->n++;
    f->hash = bmx_hash64(pretoken.ptr, pretoken.len, f->hash);
    return BPEMIX_OK;
}

static bpemix_status print(bmx_unit_splitter *s, bmx_slice text, fingerprint *f, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (s->plan->normalizer)
        st = bmx_normalize(s->plan->normalizer, text, s->normal, &text, err);
    return st ? st : bmx_pretokenize(s->plan->pretokenizer, s->scratch, text, add_print, f, err);
}

/* C1 and C2 of split/cut.c: text with a cut at `at`, and its two sides, one behind the other. */
static bpemix_status check_cut(bmx_unit_splitter *s, bmx_slice text, size_t at, bpemix_error *err)
{
    fingerprint whole = { 0 }, sides = { 0 };
    bpemix_status st = print(s, text, &whole, err);

    if (!st && !(st = print(s, bmx_slice_of(text.ptr, at), &sides, err)))
        st = print(s, bmx_slice_of(text.ptr + at, text.len - at), &sides, err);
    BMX_ASSERT(st || (whole.n == sides.n && whole.hash == sides.hash));
    return st;
}

/* A few of the cuts that text has, whether or not it is cut there. */
static bpemix_status check_cuts(bmx_unit_splitter *s, bmx_slice text, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < CUTS_TRIED && s->plan->cuts && !st; k++) {
        size_t from = k * (text.len / CUTS_TRIED), at;
        bmx_slice part;

        while (from < text.len && ((unsigned char)text.ptr[from] & 0xc0) == 0x80)
            from++;
        part = bmx_slice_of(text.ptr + from, text.len - from);
        part.len = part.len < 2 * AROUND ? part.len : 2 * AROUND;
        part.len = bmx_utf8_valid_prefix(part);
        if ((at = bmx_cut_find(s->plan->cuts, part, part.len / 2)))
            st = check_cut(s, part, at, err);
    }
    return st;
}
#endif

bpemix_status bmx_unit_split(bmx_unit_splitter *s, bmx_slice text, size_t room, bpemix_error *err)
{
#ifdef BMX_CHECKED
    bpemix_status st = check_cuts(s, text, err);

    if (st)
        return st;
#endif
    s->is_chunk = s->inside = false;
    return split_any(s, text, room, err);
}

bpemix_status bmx_unit_split_chunks(bmx_unit_splitter *s, bmx_slice text, bool begins,
                                    bpemix_error *err)
{
    s->is_chunk = true;
    s->inside = !begins;
    return split_any(s, text, 0, err);
}
