#include "findings/findings.h"
#include "base/utf8.h"
#include "split/unicode_script.h"
#include "words/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- tokens that the pre-tokenizer would cut ---- */

typedef struct piece_sink {
    size_t n, first_len;
} piece_sink;

static bpemix_status count_piece(void *ctx, bmx_slice piece, bpemix_error *err)
{
    piece_sink *s = ctx;

    (void)err;
    if (s->n++ == 0)
        s->first_len = piece.len;
    return BPEMIX_OK;
}

static bool splits_text(const bpemix_tokenizer *tok)
{
    return tok->pretokenizer_known && tok->pretokenizer.n > 0;
}

/* A spec for tokens instead of text: nothing is put in front of them. */
static bpemix_status find_cut(const bpemix_tokenizer *tok, bmx_findings *f, bpemix_error *err)
{
    bmx_pretokenizer_spec spec = tok->pretokenizer;
    bmx_pretokenizer *pre = NULL;
    bmx_pretokenizer_state *state = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!splits_text(tok))
        return BPEMIX_OK;
    spec.step = bmx_malloc(spec.n, sizeof *spec.step);
    if (!spec.step)
        return bmx_nomem(err);
    for (size_t i = 0; i < spec.n; i++) {
        spec.step[i] = tok->pretokenizer.step[i]; /* strings stay borrowed */
        spec.step[i].add_prefix_space = false;
        spec.step[i].prepend = BMX_PREPEND_NEVER;
    }
    st = bmx_pretokenizer_new(&spec, tok->alphabet == BMX_ALPHABET_BYTE, BMX_ENGINE_AUTO, &pre, err);
    if (!st)
        st = bmx_pretokenizer_state_new(pre, &state, err);
    for (uint32_t t = 0; t < tok->n_merges && !st; t++) {
        bmx_slice text = tok->tokens.str[tok->merge[t].product];
        piece_sink sink = { 0 };
        if (tok->merge[t].flags & BMX_MERGE_REPEATED || !bmx_utf8_valid(text))
            continue;
        if (tok->word_suffix.len && text.len > tok->word_suffix.len &&
            !memcmp(text.ptr + text.len - tok->word_suffix.len, tok->word_suffix.ptr,
                    tok->word_suffix.len))
            text.len -= tok->word_suffix.len;
        st = bmx_pretokenize(pre, state, text, count_piece, &sink, err);
        if (st || sink.n < 2)
            continue;
        st = bmx_reserve(&f->cut, &f->cut_cap, f->n_cut + 1, sizeof *f->cut, err);
        if (!st)
            f->cut[f->n_cut++] = (bmx_cut_token){ .merge = t, .at = (uint32_t)sink.first_len };
    }
    f->cut_known = !st;
    bmx_pretokenizer_state_free(state);
    bmx_pretokenizer_free(pre);
    bmx_free(spec.step);
    return st;
}

/* ---- text unit and scripts ---- */

static void find_text_unit(const bpemix_tokenizer *tok, bmx_findings *f)
{
    for (uint32_t t = 0; t < tok->n_merges; t++) {
        bmx_slice s = tok->tokens.str[tok->merge[t].product];
        const char *nl = s.len ? memchr(s.ptr, '\n', s.len) : NULL;
        f->newline_tokens += nl && nl + 1 < s.ptr + s.len;
    }
    f->text_unit = bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_AUTO);
}

/* The script of a token is that of its first character that has one of its
 * own; UINT_MAX for bytes that are no character. */
static unsigned script_of_token(bmx_slice s)
{
    unsigned script = BMX_SCRIPT_COMMON;

    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (!n)
            return UINT32_MAX;
        script = bmx_script_of(cp);
        if (script > BMX_SCRIPT_INHERITED)
            return script;
        i += n;
    }
    return BMX_SCRIPT_COMMON;
}

static int by_tokens(const void *a, const void *b)
{
    const bmx_script_tokens *x = a, *y = b;

    if (x->tokens != y->tokens)
        return x->tokens < y->tokens ? 1 : -1;
    return strcmp(x->name, y->name);
}

static bpemix_status find_scripts(const bpemix_tokenizer *tok, bmx_findings *f, bpemix_error *err)
{
    uint32_t *count = bmx_calloc(bmx_script_count() + 1, sizeof *count);
    bpemix_status st = BPEMIX_OK;

    if (!count)
        return bmx_nomem(err);
    for (uint32_t t = 0; t < tok->n_merges; t++) {
        unsigned s = script_of_token(tok->tokens.str[tok->merge[t].product]);
        count[s < bmx_script_count() ? s : bmx_script_count()]++;
    }
    for (unsigned s = 0; s <= bmx_script_count() && !st; s++) {
        if (!count[s])
            continue;
        st = bmx_reserve(&f->script, &f->scripts_cap, f->n_scripts + 1, sizeof *f->script, err);
        if (!st)
            f->script[f->n_scripts++] = (bmx_script_tokens){
                s < bmx_script_count() ? bmx_script_name(s) : "partial character", count[s]
            };
    }
    if (f->n_scripts)
        qsort(f->script, f->n_scripts, sizeof *f->script, by_tokens);
    bmx_free(count);
    return st;
}

/* ---- all together ---- */

bpemix_status bmx_findings_get(const bpemix_tokenizer *tok, bmx_findings *out, bpemix_error *err)
{
    bmx_findings f = { 0 };
    bpemix_status st = bmx_lineage_find(tok, &f.lineage, err);

    if (!st)
        st = find_cut(tok, &f, err);
    if (!st)
        st = find_scripts(tok, &f, err);
    if (!st)
        st = bmx_reach_find(tok, &f.reach, err);
    if (st) {
        bmx_findings_release(&f);
        return st;
    }
    find_text_unit(tok, &f);
    bmx_ties_measure(tok, &f.ties);
    *out = f;
    return BPEMIX_OK;
}

void bmx_findings_release(bmx_findings *f)
{
    bmx_lineages_release(&f->lineage);
    bmx_free(f->cut);
    bmx_free(f->script);
    bmx_reach_release(&f->reach);
    *f = (bmx_findings){ 0 };
}

static void put_lineage(bmx_json *obj, const bmx_findings *f)
{
    bmx_json *arr = bmx_json_put(obj, "lineage", bmx_json_array());

    for (size_t i = 0; i < f->lineage.n; i++) {
        const bmx_lineage *l = &f->lineage.entry[i];
        bmx_json *o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(o, "of", l->of);
        bmx_json_put_str(o, "less", l->less);
        bmx_json_put_uint(o, "from", 0);
        bmx_json_put_uint(o, "to", l->to);
        bmx_json_put_bool(o, "exact", l->whole);
    }
    bmx_json_put_uint(obj, "inherited", f->lineage.inherited);
}

static void put_cut(const bpemix_tokenizer *tok, bmx_json *obj, const bmx_findings *f, size_t list)
{
    size_t most = list > 100 ? list : 100;
    bmx_json *cut = bmx_json_put(obj, "cut_tokens", bmx_json_object()), *arr;

    bmx_json_put(cut, "count", f->cut_known ? bmx_json_new_uint(f->n_cut) : bmx_json_new_str(NULL));
    arr = bmx_json_put(cut, "examples", bmx_json_array());
    for (size_t i = 0; i < f->n_cut && i < most; i++) {
        bmx_slice s = tok->tokens.str[tok->merge[f->cut[i].merge].product];
        bmx_json *o = bmx_json_push(arr, bmx_json_object()), *pieces;
        uint32_t at = f->cut[i].at < s.len ? f->cut[i].at : (uint32_t)s.len;
        bmx_json_put_uint(o, "step", f->cut[i].merge);
        pieces = bmx_json_put(o, "pieces", bmx_json_array());
        bmx_json_push(pieces, bmx_json_new_bytes(bmx_slice_of(s.ptr, at)));
        bmx_json_push(pieces, bmx_json_new_bytes(bmx_slice_of(s.ptr + at, s.len - at)));
    }
}

static void put_ties(bmx_json *obj, const bmx_ties *t)
{
    bmx_json *ties = bmx_json_put(obj, "ties", bmx_json_object()), *arr;

    bmx_json_put_str(ties, "rule", bmx_tie_rule_name(t->rule));
    arr = bmx_json_put(ties, "ascending_by_eighth", bmx_json_array());
    for (int k = 0; k < 8; k++)
        bmx_json_push(arr, bmx_json_new_double(t->ascending[k]));
    bmx_json_put_uint(ties, "levels_last_half", t->levels_last_half);
    bmx_json_put(ties, "uninformative_from", t->uninformative_from == BMX_NONE
                                                 ? bmx_json_new_str(NULL)
                                                 : bmx_json_new_uint(t->uninformative_from));
    arr = bmx_json_put(ties, "estimate", bmx_json_object());
    bmx_json_put_double(arr, "last_count", t->last_count);
    bmx_json_put_double(arr, "sample_pairs", t->sample_pairs);
    bmx_json_put_str(arr, "assumption",
                     isfinite(t->sample_pairs)
                         ? "below the middle every count occurs, and counts fall as a power of the step"
                         : NULL);
}

static void put_scripts(bmx_json *obj, const bpemix_tokenizer *tok, const bmx_findings *f)
{
    bmx_json *arr = bmx_json_put(obj, "scripts", bmx_json_array());

    for (size_t i = 0; i < f->n_scripts; i++) {
        bmx_json *o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(o, "script", f->script[i].name);
        bmx_json_put_uint(o, "tokens", f->script[i].tokens);
        bmx_json_put_double(o, "share", (double)f->script[i].tokens / tok->n_merges);
    }
}

/* One more line for the object's "warnings". */
static void warn(bmx_json *obj, const char *text)
{
    /* the object is ours to extend; bmx_json_get only lends children out as const */
    bmx_json_push((bmx_json *)(uintptr_t)bmx_json_get(obj, "warnings"), bmx_json_new_str(text));
}

void bmx_findings_json(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                       bmx_json *obj)
{
    char text[300];

    put_lineage(obj, f);
    put_cut(tok, obj, f, list);
    put_ties(obj, &f->ties);
    bmx_json_put_str(obj, "text_unit",
                     f->text_unit == BPEMIX_TEXT_UNIT_DOCUMENT ? "document" : "line");
    bmx_json_put_uint(obj, "newline_tokens", f->newline_tokens);
    put_scripts(obj, tok, f);
    bmx_reach_json(tok, &f->reach, list > BMX_EXAMPLES ? list : BMX_EXAMPLES, obj);
    for (size_t i = 0; i < f->lineage.n && f->lineage.inherited; i++)
        if (f->lineage.entry[i].to == f->lineage.inherited) {
            snprintf(text, sizeof text,
                     "the first %" PRIu32 " merges are those of %s%s%s: they tell what that tokenizer "
                     "was trained on",
                     f->lineage.inherited, f->lineage.entry[i].of, f->lineage.entry[i].less ? " without " : "",
                     f->lineage.entry[i].less ? f->lineage.entry[i].less : "");
            warn(obj, text);
            break;
        }
    if (f->n_cut) {
        snprintf(text, sizeof text,
                 "%zu tokens would be cut by the pre-tokenizer: it is not the one used in training",
                 f->n_cut);
        warn(obj, text);
    }
}

bpemix_status bmx_findings_describe(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                                    bmx_json **out, bpemix_error *err)
{
    bmx_findings own = { 0 };
    bmx_json *obj = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!f) {
        st = bmx_findings_get(tok, &own, err);
        f = &own;
    }
    if (!st)
        st = bmx_tokenizer_json(tok, list, &obj, err);
    if (!st) {
        bmx_findings_json(tok, f, list, obj);
        *out = obj;
    }
    bmx_findings_release(&own);
    return st;
}
