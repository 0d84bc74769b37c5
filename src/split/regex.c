/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex.c - compiled patterns and the match loop; the only user of PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "split/regex.h"

#include "base/version.h"

#include <string.h>

/* ---- compiled patterns -------------------------------------------------- */

/* Two optimizations of PCRE2, up to 10.42 at least, are wrong for some rare patterns, and are
 * turned off for those.
 *
 * Auto-possession makes a repetition possessive when what follows cannot start with what it
 * repeats, but takes an atomic group that may be empty for one that is not: [^a]*(?>a?)X does not
 * match bX.  Start optimization wants the first character of a lookahead to occur once more behind
 * it: (?=a)b?a does not match a. */
static uint32_t without_guesses(const char *pattern, size_t len)
{
    uint32_t options = 0;

    for (size_t i = 0; i + 2 < len; i++) {
        if (!memcmp(pattern + i, "(?>", 3) ||
            (pattern[i] == ')' && pattern[i + 2] == '+' && strchr("?*+}", pattern[i + 1])) ||
            (pattern[i] == '}' && pattern[i + 1] == '+'))
            options |= PCRE2_NO_AUTO_POSSESS;
        if (!memcmp(pattern + i, "(?=", 3))
            options |= PCRE2_NO_START_OPTIMIZE;
    }
    return options;
}

static pcre2_code *compile(const char *pattern, size_t len, uint32_t options,
                           pcre2_compile_context *ctx, int *code, size_t *at)
{
    PCRE2_SIZE offset = 0;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern, len,
                                   PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | options |
                                       without_guesses(pattern, len), code, &offset,
                                   ctx);
    *at = offset;
    return re;
}

bool bmx_regex_compiles(const char *pattern)
{
    int code;
    size_t at;
    pcre2_code *re = compile(pattern, strlen(pattern), 0, NULL, &code, &at);

    pcre2_code_free(re);
    return re != NULL;
}

/* A look-ahead over a repetition. */
typedef struct ahead {
    pcre2_code *run;  /* as many units as there are */
    pcre2_code *tail; /* NULL: always matches */
    unsigned length;  /* units in a round */
} ahead;

struct bmx_regex {
    pcre2_code *code;
    bool jit;
    ahead ahead[BMX_AHEADS]; /* ahead[n_aheads], of the callouts of `code` */
    unsigned n_aheads;
};

static void *lib_malloc(PCRE2_SIZE n, void *ctx)
{
    (void)ctx;
    return bmx_malloc(n, 1);
}

static void lib_free(void *p, void *ctx)
{
    (void)ctx;
    bmx_free(p);
}

/* One expression; `options` besides those of all. */
static bpemix_status compile_one(bmx_slice text, uint32_t options, bool jit,
                                 pcre2_compile_context *ctx, pcre2_code **out, bool *jitted,
                                 bpemix_error *err)
{
    int code = 0;
    size_t at = 0;
    char why[128] = "";
    pcre2_code *re = compile(text.len ? text.ptr : "", text.len, options, ctx, &code, &at);

    if (!re && code == PCRE2_ERROR_HEAP_FAILED)
        return bmx_nomem(err);
    if (!re) {
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "pattern",
                             "name a pre-tokenizer that splits the same way",
                             "PCRE2 does not take it: %s (at byte %zu of its translation)", why,
                             at);
    }
    /* The interpreter is used when memory is short or the system forbids the compiler. */
    *jitted = jit && pcre2_jit_compile(re, PCRE2_JIT_COMPLETE) == 0;
    *out = re;
    return BPEMIX_OK;
}

static bpemix_status compile_ahead(const bmx_regex_ahead *is, bool jit, pcre2_compile_context *ctx,
                                   ahead *to, bpemix_error *err)
{
    bmx_buf run = { 0 };
    bool jitted; /* pcre2_match() knows */
    bpemix_status st;

    to->length = is->length;
    if (!(st = bmx_buf_add(&run, is->unit.ptr, is->unit.len, err)) &&
        !(st = bmx_buf_add(&run, "*+", 2, err)))
        st = compile_one(bmx_slice_of(run.ptr, run.len), PCRE2_ANCHORED, jit, ctx, &to->run,
                         &jitted, err);
    if (!st && is->tail.len)
        st = compile_one(is->tail, PCRE2_ANCHORED, jit, ctx, &to->tail, &jitted, err);
    bmx_buf_release(&run);
    return st;
}

bpemix_status bmx_regex_compile(bmx_slice text, const bmx_regex_aheads *aheads, bool jit,
                                bmx_regex **out, bpemix_error *err)
{
    bpemix_status st;
    pcre2_general_context *general = NULL;
    pcre2_compile_context *ctx = NULL;
    bmx_regex *re = bmx_calloc(1, sizeof *re);

    if (!re)
        return bmx_nomem(err);
    general = pcre2_general_context_create(lib_malloc, lib_free, NULL);
    ctx = general ? pcre2_compile_context_create(general) : NULL;
    if (!ctx) {
        st = bmx_nomem(err);
        goto done;
    }
    pcre2_set_newline(ctx, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(ctx, PCRE2_BSR_UNICODE);
    st = compile_one(text, 0, jit, ctx, &re->code, &re->jit, err);
    for (size_t i = 0; i < aheads->n && !st; i++)
        st = compile_ahead(&aheads->ahead[i], jit, ctx, &re->ahead[re->n_aheads++], err);
done:
    pcre2_compile_context_free(ctx);
    pcre2_general_context_free(general);
    if (st)
        bmx_regex_free(re);
    else
        *out = re;
    return st;
}

void bmx_regex_free(bmx_regex *re)
{
    if (!re)
        return;
    for (size_t i = 0; i < BMX_AHEADS; i++) {
        pcre2_code_free(re->ahead[i].run);
        pcre2_code_free(re->ahead[i].tail);
    }
    pcre2_code_free(re->code);
    bmx_free(re);
}

/* ---- matching ----------------------------------------------------------- */

#define JIT_STACK_START ((size_t)64 << 10) /* enough for published patterns; a judgement */
#define JIT_STACK_MAX ((size_t)64 << 20) /* address space; pages are touched only when needed */
#define MATCH_LIMIT 400000000u           /* bounds a pattern of exponential time to seconds */
#define HEAP_LIMIT_KIB (1u << 20)

struct bmx_regex_scratch {
    pcre2_general_context *general;
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    /* for what a callout matches while the pattern is being matched */
    pcre2_match_context *inner_context;
    pcre2_match_data *inner_data;
    const bmx_regex *re; /* being matched, */
    bmx_regex_run *run;  /* and what the walk knows of its look-aheads: run[re->n_aheads] */
};

/* ---- look-aheads over a repetition ---- */

static int match_here(bmx_regex_scratch *s, const pcre2_code *code, bmx_slice text, size_t at)
{
    return pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, at, PCRE2_NO_UTF_CHECK,
                       s->inner_data, s->inner_context);
}

static size_t next_char(bmx_slice text, size_t pos)
{
    for (pos++; pos < text.len && ((unsigned char)text.ptr[pos] & 0xc0) == 0x80;)
        pos++;
    return pos;
}

static size_t count_chars(const char *from, const char *to)
{
    size_t n = 0;

    for (; from < to; from++)
        n += ((unsigned char)*from & 0xc0) != 0x80;
    return n;
}

/* Make r->at the place `at`, in the run that is known or in another one.  Not 0: an error. */
static int go_to(bmx_regex_scratch *s, const ahead *a, bmx_regex_run *r, bmx_slice text, size_t at)
{
    if (at < r->first || at > r->end || !r->end) {
        int rc = match_here(s, a->run, text, at);
        if (rc < 0)
            return rc;
        memset(r, 0, sizeof *r);
        r->first = r->at = at;
        r->end = pcre2_get_ovector_pointer(s->inner_data)[1];
    } else if (at >= r->at) {
        size_t n = count_chars(text.ptr + r->at, text.ptr + at) % a->length;
        r->number = (unsigned)(r->number + n) % a->length;
    } else {
        size_t n = count_chars(text.ptr + at, text.ptr + r->at) % a->length;
        r->number = (unsigned)(r->number + a->length - n) % a->length;
    }
    r->at = at;
    return 0;
}

/* A place a round further on; SIZE_MAX: the run ends before. */
static size_t next_round(const ahead *a, const bmx_regex_run *r, bmx_slice text, size_t at)
{
    for (unsigned n = 0; n < a->length; n++) {
        if (at >= r->end)
            return SIZE_MAX;
        at = next_char(text, at);
    }
    return at;
}

/* 0: the look-ahead holds; 1: it does not; less: an error.  Each place of a run is tried once. */
static int on_callout(pcre2_callout_block *b, void *ctx)
{
    bmx_regex_scratch *s = ctx;
    bmx_slice text = bmx_slice_of((const char *)b->subject, b->subject_length);
    const ahead *a = &s->re->ahead[b->callout_number - 1];
    bmx_regex_run *r = &s->run[b->callout_number - 1];
    size_t from = b->current_position, at = from;
    int rc = go_to(s, a, r, text, at);

    if (rc)
        return rc;
    size_t *known = &r->next[r->number].from, *good = &r->next[r->number].good;
    /* a round was matched before, so that 0 is no place */
    if (*known && *known <= from && (*good == SIZE_MAX || from <= *good))
        return *good == SIZE_MAX;
    for (; at != SIZE_MAX && a->tail; at = next_round(a, r, text, at)) {
        if (*known && at == *known) {
            at = *good;
            break;
        }
        if ((rc = match_here(s, a->tail, text, at)) >= 0)
            break;
        if (rc != PCRE2_ERROR_NOMATCH)
            return rc;
    }
    *known = from;
    *good = at;
    return at == SIZE_MAX;
}

/* ---- scratch ---- */

static void set_limits(pcre2_match_context *context)
{
    pcre2_set_match_limit(context, MATCH_LIMIT);
    pcre2_set_depth_limit(context, UINT32_MAX);
    pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
}

bpemix_status bmx_regex_scratch_new(bmx_regex_scratch **out, bpemix_error *err)
{
    bmx_regex_scratch *s = bmx_calloc(1, sizeof *s);

    if (!s)
        return bmx_nomem(err);
    s->general = pcre2_general_context_create(lib_malloc, lib_free, NULL);
    if (s->general) {
        s->context = pcre2_match_context_create(s->general);
        s->data = pcre2_match_data_create(1, s->general);
        s->inner_context = pcre2_match_context_create(s->general);
        s->inner_data = pcre2_match_data_create(1, s->general);
    }
    if (!s->context || !s->data || !s->inner_context || !s->inner_data) {
        bmx_regex_scratch_free(s);
        return bmx_nomem(err);
    }
    s->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, s->general);
    if (s->stack)
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    set_limits(s->context);
    set_limits(s->inner_context);
    pcre2_set_callout(s->context, on_callout, s);
    *out = s;
    return BPEMIX_OK;
}

void bmx_regex_scratch_free(bmx_regex_scratch *s)
{
    if (!s)
        return;
    pcre2_jit_stack_free(s->stack);
    pcre2_match_data_free(s->inner_data);
    pcre2_match_context_free(s->inner_context);
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_general_context_free(s->general);
    bmx_free(s);
}

static bpemix_status match_failure(int rc, size_t pos, bpemix_error *err)
{
    char text[128] = "";

    if (rc == PCRE2_ERROR_NOMEMORY)
        return bmx_nomem(err);
    pcre2_get_error_message(rc, (PCRE2_UCHAR *)text, sizeof text);
    bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "split the text into shorter lines or documents",
                  "matching the pre-tokenizer's pattern gave up at byte %zu: %s", pos, text);
    if (err)
        err->offset = (int64_t)pos;
    return BPEMIX_E_UNSUPPORTED;
}

static int run(const bmx_regex *re, bmx_regex_scratch *s, bmx_slice text, size_t pos)
{
    PCRE2_SPTR p = (PCRE2_SPTR)text.ptr;
    int rc = PCRE2_ERROR_JIT_STACKLIMIT;

    /* The fast path of pcre2_jit_match() checks nothing: text is well-formed
     * and pos a character boundary inside it. */
    if (re->jit)
        rc = pcre2_jit_match(re->code, p, text.len, pos, PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(re->code, p, text.len, pos, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, s->data,
                         s->context);
    return rc;
}

bpemix_status bmx_regex_next(const bmx_regex *re, bmx_regex_scratch *s, bmx_slice text,
                             bmx_regex_cursor *c, bool *found, bpemix_error *err)
{
    s->re = re;
    s->run = c->run;
    while (c->pos <= text.len) {
        int rc = run(re, s, text, c->pos);
        const PCRE2_SIZE *o = pcre2_get_ovector_pointer(s->data);

        if (rc == PCRE2_ERROR_NOMATCH)
            break;
        if (rc < 0)
            return match_failure(rc, c->pos, err);
        if (o[0] == o[1] && c->any && o[1] == c->end) {
            c->pos = next_char(text, c->pos); /* or the same empty match would be found again and
                                                 again */
            continue;
        }
        c->start = o[0];
        c->pos = c->end = o[1];
        c->any = true;
        *found = true;
        return BPEMIX_OK;
    }
    c->pos = text.len + 1;
    *found = false;
    return BPEMIX_OK;
}

static const char *config_text(uint32_t what, char buf[64])
{
    pcre2_config(what, buf); /* "10.42 2022-12-11", "14.0.0" */
    buf[strcspn(buf, " ")] = '\0';
    return buf;
}

const char *bmx_regex_library_version(void)
{
    static _Thread_local char version[64];
    return config_text(PCRE2_CONFIG_VERSION, version);
}

const char *bmx_regex_unicode_version(void)
{
    static _Thread_local char version[64];
    return config_text(PCRE2_CONFIG_UNICODE_VERSION, version);
}
