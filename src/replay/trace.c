/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.c - traces as objects, and their sum: tokens, merges and rules must agree, categories of
 * the same name are added, pairs are merged in order. */
#include "base/assert.h"
#include "replay/pool.h"
#include "result/codec.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

bmx_slice bmx_trace_product(const bpemix_trace *tr, uint32_t step)
{
    return bmx_without_marks(tr->token[tr->merge[step].product], tr->subword_prefix,
                             tr->word_suffix);
}

static void category_release(bmx_trace_category *cat)
{
    bmx_free(cat->name);
    for (size_t i = 0; i < cat->n_inputs; i++)
        bmx_free(cat->input[i].path);
    bmx_free(cat->input);
    *cat = (bmx_trace_category){ 0 };
}

void bmx_trace_free(bpemix_trace *tr)
{
    if (!tr)
        return;
    for (size_t c = 0; c < tr->n_cats; c++)
        category_release(&tr->cat[c]);
    bmx_free(tr->cat);
    bmx_free(tr->merge);
    bmx_free(tr->merge_pair);
    bmx_free(tr->token);
    bmx_free(tr->token_bytes);
    bmx_free((char *)tr->subword_prefix.ptr);
    bmx_free((char *)tr->word_suffix.ptr);
    bmx_free(tr->pair);
    bmx_free(tr->first);
    bmx_free(tr->event);
    bmx_facts_release(&tr->facts);
    bmx_values_release(&tr->options);
    bmx_free(tr->panel);
    bmx_free(tr);
}

bpemix_status bmx_trace_set_panel(bpemix_trace *tr, const char *groups, bool named,
                                  bpemix_error *err)
{
    char *copy = bmx_strdup(groups);

    if (!copy)
        return bmx_nomem(err);
    bmx_free(tr->panel);
    tr->panel = copy;
    tr->named_panel = named;
    return BPEMIX_OK;
}

bmx_slice bmx_trace_symbol_text(const bpemix_trace *tr, uint32_t symbol, char buf[64])
{
    size_t n = 0;

    if (symbol == BMX_NONE)
        return bmx_slice_of("", 0);
    if (!(symbol & BMX_SYMBOL_RAW))
        return symbol < tr->n_tokens ? tr->token[symbol] : bmx_slice_of("", 0);
    /* marks and 4 bytes fit: BMX_LONGEST_PREFIX, BMX_LONGEST_SUFFIX */
    if (symbol & BMX_SYMBOL_PREFIX && tr->subword_prefix.len) {
        memcpy(buf, tr->subword_prefix.ptr, tr->subword_prefix.len);
        n = tr->subword_prefix.len;
    }
    n += bmx_utf8_encode(symbol & 0x1fffff, buf + n);
    if (symbol & BMX_SYMBOL_SUFFIX && tr->word_suffix.len) {
        memcpy(buf + n, tr->word_suffix.ptr, tr->word_suffix.len);
        n += tr->word_suffix.len;
    }
    return bmx_slice_of(buf, n);
}

bpemix_status bmx_trace_set_tokens(bpemix_trace *tr, const bmx_slice *token, size_t n,
                                   bpemix_error *err)
{
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += token[i].len;
    tr->n_tokens = (uint32_t)n;
    tr->token = bmx_malloc(n, sizeof *tr->token);
    tr->token_bytes = bmx_malloc(bytes, 1);
    if (!tr->token || !tr->token_bytes)
        return bmx_nomem(err);
    bytes = 0;
    for (size_t i = 0; i < n; i++) {
        if (token[i].len)
            memcpy(tr->token_bytes + bytes, token[i].ptr, token[i].len);
        tr->token[i] = bmx_slice_of(tr->token_bytes + bytes, token[i].len);
        bytes += token[i].len;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_trace_set_marks(bpemix_trace *tr, bmx_slice prefix, bmx_slice suffix,
                                  bpemix_error *err)
{
    bmx_slice *to[2] = { &tr->subword_prefix, &tr->word_suffix }, from[2] = { prefix, suffix };

    for (int i = 0; i < 2; i++) {
        char *copy;

        if (!from[i].len)
            continue;
        if (!(copy = bmx_strndup(from[i].ptr, from[i].len)))
            return bmx_nomem(err);
        *to[i] = bmx_slice_of(copy, from[i].len);
    }
    return BPEMIX_OK;
}

bpemix_status bmx_trace_add_inputs(bmx_trace_category *cat, const bmx_input_record *record,
                                   size_t n, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&cat->input, &cat->inputs_cap, cat->n_inputs + n,
                                   sizeof *cat->input, err);

    for (size_t i = 0; i < n && !st; i++) {
        bmx_input_record copy = record[i];
        if (!(copy.path = bmx_strdup(record[i].path ? record[i].path : "")))
            return bmx_nomem(err);
        cat->input[cat->n_inputs++] = copy;
    }
    return st;
}

#ifdef BMX_CHECKED
enum { FEW_CATEGORIES = 64 }; /* with more, running counts are not looked at */

/* R1 and R2. */
static bool is_sound(const bpemix_trace *tr)
{
    bool few = tr->n_cats <= FEW_CATEGORIES;

    for (size_t p = 0; p < tr->n_pairs; p++) {
        int64_t count[FEW_CATEGORIES] = { 0 };

        for (uint64_t e = tr->first[p]; e < tr->first[p + 1]; e++) {
            const bmx_event *x = &tr->event[e];

            if (x->cat >= tr->n_cats || !x->delta || x->step > tr->n_merges ||
                (e > tr->first[p] &&
                 (x[-1].step > x->step || (x[-1].step == x->step && x[-1].cat >= x->cat))))
                return false;
            if (few && ((count[x->cat] += x->delta) < 0 ||
                        (uint64_t)count[x->cat] > tr->cat[x->cat].pairs))
                return false;
        }
    }
    return true;
}
#endif

bpemix_status bmx_trace_index_merges(bpemix_trace *tr, bpemix_error *err)
{
    size_t *begin = bmx_malloc((size_t)tr->n_tokens + 1, sizeof *begin); /* pairs by left token */
    size_t p = 0;

    BMX_ASSERT(is_sound(tr));
    if (!begin)
        return bmx_nomem(err);
    for (uint32_t left = 0; left <= tr->n_tokens; left++) {
        while (p < tr->n_pairs && tr->pair[p].left < left)
            p++;
        begin[left] = p;
    }
    for (p = 0; p < tr->n_pairs; p++)
        tr->pair[p].merged_at = BMX_NONE;
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        uint32_t left = tr->merge[t].left, right = tr->merge[t].right;
        size_t lo = begin[left], hi = begin[left + 1];

        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (tr->pair[mid].right < right)
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo < begin[left + 1] && tr->pair[lo].right == right) {
            tr->merge_pair[t] = (uint32_t)lo;
            if (tr->pair[lo].merged_at == BMX_NONE)
                tr->pair[lo].merged_at = t;
        } else {
            tr->merge_pair[t] = BMX_NONE;
        }
    }
    bmx_free(begin);
    return BPEMIX_OK;
}

/* ---- sums ---- */

static bpemix_status compact(const bmx_json *j, bmx_buf *out, bpemix_error *err)
{
    out->len = 0;
    return j ? bmx_json_print_compact(j, out, err) : bmx_buf_add(out, "null", 4, err);
}

/* E_MISMATCH when two objects differ in a member other than "path".  They are given up. */
static bpemix_status same_object(const char *what, bmx_json *a, bmx_json *b, const char *name_a,
                                 const char *name_b, bpemix_error *err)
{
    bmx_buf text_a = { 0 }, text_b = { 0 };
    bpemix_status st = bmx_json_is_whole(a) && bmx_json_is_whole(b) ? BPEMIX_OK : bmx_nomem(err);

    /* keys of a in a and b, then keys of b, which finds those that a lacks */
    for (int pass = 0; pass < 2 && !st; pass++)
        for (const bmx_json *m = bmx_json_first(pass ? b : a); m && !st; m = bmx_json_next(m)) {
            const char *key = bmx_json_key(m);

            if (!key || !strcmp(key, "path") || !strcmp(key, BMX_TEXT_WARNINGS) ||
                !strcmp(key, BMX_POOL))
                continue;
            if ((st = compact(bmx_json_get(a, key), &text_a, err)) ||
                (st = compact(bmx_json_get(b, key), &text_b, err)))
                break;
            if (!bmx_slice_eq(bmx_slice_of(text_a.ptr, text_a.len),
                              bmx_slice_of(text_b.ptr, text_b.len)))
                st = bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b,
                                   "count both with the same tokenizer and options",
                                   "%s '%s' is %.*s, but %.*s in %s", what, key,
                                   text_b.len > 40 ? 40 : (int)text_b.len, text_b.ptr,
                                   text_a.len > 40 ? 40 : (int)text_a.len, text_a.ptr, name_a);
        }
    bmx_buf_release(&text_a);
    bmx_buf_release(&text_b);
    bmx_json_free(a);
    bmx_json_free(b);
    return st;
}

/* Is "other" an ordinary category of this trace? */
static bool has_candidate_other(const bpemix_trace *tr)
{
    for (size_t c = 0; c < tr->n_cats && !bmx_pool_names(&tr->options); c++)
        if (!strcmp(tr->cat[c].name, BMX_POOL))
            return true;
    return false;
}

static bpemix_status same_origin(const bpemix_trace *a, const bpemix_trace *b, const char *name_a,
                                 const char *name_b, bpemix_error *err)
{
    static const char hint[] = "count both with the same tokenizer and options";
    bpemix_status st;

    if (strcmp(a->digest, b->digest))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint,
                             "the tokenizer's digest is %.16s..., but %.16s... in %s", b->digest,
                             a->digest, name_a);
    if (a->n_folds != b->n_folds)
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint, "%u folds, but %u in %s",
                             b->n_folds, a->n_folds, name_a);
    if (a->n_merges != b->n_merges)
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint,
                             "%u merges were replayed, but %u in %s", b->n_merges, a->n_merges,
                             name_a);
    if ((st = same_object("the tokenizer's", bmx_facts_to_json(&a->facts),
                          bmx_facts_to_json(&b->facts), name_a, name_b, err)) ||
        (st = same_object("option", bmx_values_to_json(&a->options),
                          bmx_values_to_json(&b->options), name_a, name_b, err)))
        return st;
    if ((bmx_pool_names(&a->options) && has_candidate_other(b)) ||
        (bmx_pool_names(&b->options) && has_candidate_other(a)))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, "give the category another name",
                             "'" BMX_POOL "' is a category in one, and the pool in %s",
                             name_a);
    if (a->n_tokens != b->n_tokens)
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint, "%u tokens, but %u in %s",
                             b->n_tokens, a->n_tokens, name_a);
    for (uint32_t i = 0; i < a->n_tokens; i++)
        if (!bmx_slice_eq(a->token[i], b->token[i])) {
            char qa[60], qb[60];
            return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint,
                                 "token %u is %s, but %s in %s", i,
                                 bmx_quote(qb, sizeof qb, b->token[i].ptr, b->token[i].len),
                                 bmx_quote(qa, sizeof qa, a->token[i].ptr, a->token[i].len),
                                 name_a);
        }
    for (uint32_t t = 0; t < a->n_merges; t++)
        if (a->merge[t].left != b->merge[t].left || a->merge[t].right != b->merge[t].right ||
            a->merge[t].product != b->merge[t].product || a->merge[t].flags != b->merge[t].flags)
            return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint,
                                 "merge %u is another one than in %s", t, name_a);
    if (!bmx_slice_eq(a->subword_prefix, b->subword_prefix) ||
        !bmx_slice_eq(a->word_suffix, b->word_suffix))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name_b, hint,
                             "word marks are others than in %s", name_a);
    return BPEMIX_OK;
}

/* Copy all but categories, pairs and events. */
static bpemix_status copy_head(const bpemix_trace *from, bpemix_trace *to, bpemix_error *err)
{
    bpemix_status st;

    to->n_merges = from->n_merges;
    memcpy(to->digest, from->digest, sizeof to->digest);
    to->merge = bmx_malloc(from->n_merges, sizeof *to->merge);
    to->merge_pair = bmx_malloc(from->n_merges, sizeof *to->merge_pair);
    if (!to->merge || !to->merge_pair)
        return bmx_nomem(err);
    if (from->n_merges)
        memcpy(to->merge, from->merge, from->n_merges * sizeof *to->merge);
    if ((st = bmx_trace_set_tokens(to, from->token, from->n_tokens, err)) ||
        (st = bmx_trace_set_marks(to, from->subword_prefix, from->word_suffix, err)))
        return st;
    if ((st = bmx_facts_copy(&from->facts, &to->facts, err)))
        return st;
    return bmx_values_copy(&from->options, &to->options, err);
}

static bool is_pooled(const bpemix_trace *tr, const char *name)
{
    const bmx_texts *of = bmx_pool_names(&tr->options);

    for (size_t i = 0; of && i < of->n; i++)
        if (!strcmp(of->text[i], name))
            return true;
    return false;
}

/* Add the texts of a list option of another summand: warnings, or names in the pool. */
static bpemix_status add_texts(const bpemix_trace *from, const char *option, bpemix_trace *to,
                               bpemix_error *err)
{
    const bmx_value *list = bmx_values_get(&from->options, option);
    bpemix_status st = BPEMIX_OK;

    if (list && !bmx_values_get(&to->options, option))
        st = bmx_values_put_list(&to->options, option, err);
    for (size_t i = 0; list && i < list->list.n && !st; i++)
        if (strcmp(option, BMX_POOL) || !is_pooled(to, list->list.text[i])) /* each name once */
            st = bmx_values_push(&to->options, option, bmx_slice_str(list->list.text[i]), err);
    return st;
}

/* One summand: its categories' numbers in the sum, and the next pair to take. */
typedef struct summand {
    const bpemix_trace *tr;
    uint32_t *cat; /* cat[tr->n_cats] */
    size_t next;
} summand;

static bpemix_status add_sizes(bmx_trace_category *to, const bmx_trace_category *from,
                               const char *where, bpemix_error *err)
{
    if (__builtin_add_overflow(to->bytes, from->bytes, &to->bytes) ||
        __builtin_add_overflow(to->documents, from->documents, &to->documents) ||
        __builtin_add_overflow(to->pretokens, from->pretokens, &to->pretokens) ||
        __builtin_add_overflow(to->invalid_bytes, from->invalid_bytes, &to->invalid_bytes) ||
        __builtin_add_overflow(to->pairs, from->pairs, &to->pairs) || to->pairs > INT64_MAX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, where,
                        "the sizes of category '%.80s' add up to more than 2^63", from->name);
    return BPEMIX_OK;
}

/* Add a summand's categories to the sum's, new names at the end. */
static bpemix_status add_categories(bpemix_trace *sum, bmx_intern *names, summand *p,
                                    const char *name, bpemix_error *err)
{
    uint32_t folds = bmx_trace_tallies(p->tr);

    for (size_t c = 0; c < p->tr->n_cats; c++) {
        const bmx_trace_category *from = &p->tr->cat[c];
        bmx_trace_category *to;
        uint32_t id, fold = (uint32_t)(c % folds);
        bool is_new;
        bpemix_status st = bmx_intern_add(names, bmx_slice_str(from->name), &id, &is_new, err);

        if (st)
            return st;
        if (is_new)
            sum->n_cats = (size_t)(id + 1) * folds;
        p->cat[c] = id * folds + fold;
        to = &sum->cat[p->cat[c]];
        if (!to->name && !(to->name = bmx_strdup(from->name)))
            return bmx_nomem(err);
        if ((st = add_sizes(to, from, name, err)) ||
            (st = bmx_trace_add_inputs(to, from->input, from->n_inputs, err)))
            return st;
    }
    return BPEMIX_OK;
}

static int compare_events(const void *a, const void *b)
{
    const bmx_event *x = a, *y = b;

    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return (x->cat > y->cat) - (x->cat < y->cat);
}

/* Sort e[n] by (step, category), add what agrees in both, drop zeros. */
static uint64_t join_events(bmx_event *e, uint64_t n)
{
    uint64_t out = 0;

    for (uint64_t i = 1; i < n; i++)
        if (compare_events(&e[i - 1], &e[i]) > 0) {
            qsort(e, n, sizeof *e, compare_events);
            break;
        }
    for (uint64_t i = 0; i < n;) {
        bmx_event x = e[i++];
        for (; i < n && compare_events(&e[i], &x) == 0; i++)
            x.delta += e[i].delta; /* no overflow: R2 */
        if (x.delta)
            e[out++] = x;
    }
    return out;
}

static bool same_pair(const bmx_pair *a, const bmx_pair *b)
{
    return a->left == b->left && a->right == b->right;
}

/* Merge the sorted pairs of the summands. */
static bpemix_status add_events(bpemix_trace *sum, summand *p, size_t n, bpemix_error *err)
{
    uint64_t max_events = 0;
    size_t pairs_cap = 0, first_cap = 0;
    bmx_event *shrunk;
    bpemix_status st;

    for (size_t k = 0; k < n; k++)
        if (__builtin_add_overflow(max_events, p[k].tr->n_events, &max_events))
            return bmx_nomem(err);
    if (!(sum->event = bmx_malloc(max_events, sizeof *sum->event)))
        return bmx_nomem(err);
    for (;;) {
        const bmx_pair *least = NULL;
        bmx_event *e = sum->event + sum->n_events;
        uint64_t n_events = 0;
        uint32_t end = BMX_NONE;

        if ((st = bmx_reserve(&sum->first, &first_cap, sum->n_pairs + 1, sizeof *sum->first, err)))
            return st;
        sum->first[sum->n_pairs] = sum->n_events;
        for (size_t k = 0; k < n; k++) {
            const bmx_pair *q = p[k].tr->pair + p[k].next;
            if (p[k].next < p[k].tr->n_pairs &&
                (!least || q->left < least->left ||
                 (q->left == least->left && q->right < least->right)))
                least = q;
        }
        if (!least)
            break;
        for (size_t k = 0; k < n; k++) {
            const bpemix_trace *tr = p[k].tr;
            size_t at = p[k].next;

            if (at >= tr->n_pairs || !same_pair(&tr->pair[at], least))
                continue;
            p[k].next++;
            if (tr->pair[at].end < end)
                end = tr->pair[at].end;
            for (uint64_t i = tr->first[at]; i < tr->first[at + 1]; i++) {
                e[n_events] = tr->event[i];
                e[n_events++].cat = p[k].cat[tr->event[i].cat];
            }
        }
        n_events = join_events(e, n_events);
        if (!n_events)
            continue;
        if (sum->n_pairs >= BMX_NONE - 1)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 pairs");
        if ((st = bmx_reserve(&sum->pair, &pairs_cap, sum->n_pairs + 1, sizeof *sum->pair, err)))
            return st;
        sum->pair[sum->n_pairs++] = (bmx_pair){ least->left, least->right, end, BMX_NONE };
        sum->n_events += n_events;
    }
    if ((shrunk = bmx_realloc(sum->event, sum->n_events, sizeof *shrunk)))
        sum->event = shrunk;
    return BPEMIX_OK;
}

bpemix_status bmx_trace_sum(const bpemix_trace *const *traces, const char *const *names, size_t n,
                            bpemix_trace **out, bpemix_error *err)
{
    bmx_intern cat_names = { 0 };
    bpemix_trace *sum = NULL;
    summand *p = NULL;
    size_t max_cats = 0;
    bpemix_status st;

    if (!n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "name at least one", "no traces");
    for (size_t k = 0; k < n; k++) {
        if (k && (st = same_origin(traces[0], traces[k], names[0], names[k], err)))
            return st;
        max_cats += traces[k]->n_cats;
    }
    sum = bmx_calloc(1, sizeof *sum);
    p = bmx_calloc(n, sizeof *p);
    if (!sum || !p || !(sum->cat = bmx_calloc(max_cats, sizeof *sum->cat))) {
        st = bmx_nomem(err);
        goto done;
    }
    if ((st = copy_head(traces[0], sum, err)))
        goto done;
    sum->n_folds = traces[0]->n_folds;
    for (size_t k = 1; k < n; k++)
        if ((st = add_texts(traces[k], BMX_TEXT_WARNINGS, sum, err)) ||
            (st = add_texts(traces[k], BMX_POOL, sum, err)))
            goto done;
    for (size_t k = 0; k < n && !sum->panel; k++)
        if (traces[k]->panel && (st = bmx_trace_set_panel(sum, traces[k]->panel,
                                                          traces[k]->named_panel, err)))
            goto done;
    for (size_t k = 0; k < n; k++) {
        p[k].tr = traces[k];
        if (!(p[k].cat = bmx_malloc(traces[k]->n_cats, sizeof *p[k].cat))) {
            st = bmx_nomem(err);
            goto done;
        }
        if ((st = add_categories(sum, &cat_names, &p[k], names[k], err)))
            goto done;
    }
    if ((st = add_events(sum, p, n, err)) || (st = bmx_trace_index_merges(sum, err)))
        goto done;
    *out = sum;
    sum = NULL;
done:
    for (size_t k = 0; p && k < n; k++)
        bmx_free(p[k].cat);
    bmx_free(p);
    bmx_intern_release(&cat_names);
    bmx_trace_free(sum);
    return st;
}
