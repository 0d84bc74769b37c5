/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_read.c - files to traces, which are checked and added up (trace_file.h).
 *
 * Memory is only asked for in proportion to bytes that are there: every count
 * is checked against the bytes left before anything is allocated for it. */
#include "replay/trace_file.h"
#include "base/cancel.h"
#include "base/format.h"
#include "base/input.h"
#include "base/wire.h"
#include "result/codec.h"

#include <string.h>

typedef struct reader {
    const char *where;
    const unsigned char *start, *at, *end; /* the file; the section at hand */
    const char *section;
    bool folded;
    bpemix_status st; /* the first failure; later reads return 0 */
    bpemix_error *err;
} reader;

static bpemix_status bad(reader *r, const char *what)
{
    if (r->st)
        return r->st;
    r->st = bmx_fail_hint(r->err, BPEMIX_E_FORMAT, r->where,
                          "copy the file again or count the samples again", "section %s: %s",
                          r->section, what);
    if (r->err)
        r->err->offset = r->at - r->start;
    return r->st;
}

static uint64_t get_v(reader *r)
{
    uint64_t v;
    size_t n;

    if (r->st)
        return 0;
    n = bmx_load_varint(r->at, r->end, &v);
    if (!n || (n > 1 && !r->at[n - 1])) { /* too long for 64 bits, or for the number */
        bool truncated = !n && (r->end - r->at < BMX_VARINT_BYTES);
        r->at = n || !truncated ? r->at + (n ? n : BMX_VARINT_BYTES) : r->end;
        bad(r, truncated ? "ends too early" : "malformed number");
        return 0;
    }
    r->at += n;
    return v;
}

static uint64_t get_max(reader *r, uint64_t max, const char *what)
{
    uint64_t v = get_v(r);

    if (v > max) {
        bad(r, what);
        return 0;
    }
    return v;
}

/* A number of things that take at least `bytes` bytes each. */
static size_t get_count(reader *r, size_t bytes)
{
    return (size_t)get_max(r, (uint64_t)(r->end - r->at) / bytes, "announces more than it holds");
}

static bmx_slice get_string(reader *r)
{
    size_t n = get_count(r, 1);
    const unsigned char *p = r->at;

    if (n > (size_t)(r->end - r->at)) { /* the count itself took the last byte */
        bad(r, "announces more than it holds");
        n = 0;
    }
    r->at += n;
    return bmx_slice_of(p, n);
}

static bool short_of_memory(reader *r, const void *p)
{
    if (!p && !r->st)
        r->st = bmx_nomem(r->err);
    return !p;
}

static bpemix_status get_meta(reader *r, bpemix_trace *tr)
{
    bmx_json *o = NULL;
    const bmx_json *options, *panel;
    const char *digest, *groups;
    char place[300];

    bmx_snprintf(place, sizeof place, "%s: section META", r->where);
    if ((r->st =
             bmx_json_parse(place, bmx_slice_of(r->at, (size_t)(r->end - r->at)), &o, r->err))) {
        if (r->err && r->err->offset >= 0)
            r->err->offset += r->at - r->start;
        return r->st;
    }
    r->at = r->end;
    digest = bmx_json_string(bmx_json_get(o, "digest"));
    if (!digest || strlen(digest) != 64)
        bad(r, "has no digest");
    else
        memcpy(tr->digest, digest, 65);
    if (!r->st && (r->st = bmx_facts_from_json(bmx_json_get(o, "tokenizer"), &tr->facts, r->err)))
        bmx_at(r->err, r->st, "%s", place);
    options = bmx_json_get(o, "options");
    if (!r->st && !bmx_json_is_null(options) && bmx_json_kind_of(options) != BMX_JSON_OBJECT)
        bad(r, "options is no object");
    if (!r->st && (r->st = bmx_values_from_json(options, &tr->options, r->err)))
        bmx_at(r->err, r->st, "%s: options", place);
    panel = bmx_json_get(o, "panel");
    if (!r->st && !bmx_json_is_null(panel)) {
        groups = bmx_json_string(bmx_json_get(panel, "groups"));
        if (!groups)
            bad(r, "does not say which groups the panel has");
        else
            r->st = bmx_trace_set_panel(tr, groups,
                                        bmx_json_bool(bmx_json_get(panel, "named"), false), r->err);
    }
    bmx_json_free(o);
    return r->st;
}

static bpemix_status get_name(reader *r, char **out)
{
    bmx_slice s = get_string(r);

    if (r->st)
        return r->st;
    if (s.len && memchr(s.ptr, 0, s.len))
        return bad(r, "a name holds a zero byte");
    *out = bmx_strndup(s.ptr, s.len);
    short_of_memory(r, *out);
    return r->st;
}

static bpemix_status get_categories(reader *r, bpemix_trace *tr)
{
    bmx_intern names = { 0 };
    size_t n = get_count(r, 7), folds = 1;

    if (r->folded && !r->st) {
        tr->n_folds = (uint32_t)get_max(r, BMX_MAX_FOLDS, "too many folds");
        folds = tr->n_folds;
        if (folds < 2)
            bad(r, "fewer than two folds");
        else if (n > (size_t)(r->end - r->at) / (5 * folds))
            bad(r, "announces more than it holds");
    }
    if (!r->st && !n)
        bad(r, "no categories");
    if (r->st || short_of_memory(r, tr->cat = bmx_calloc(n * folds, sizeof *tr->cat)))
        return r->st;
    for (size_t c = 0; c < n && !r->st; c++) {
        bmx_trace_category *cat = &tr->cat[c * folds];
        size_t n_inputs;
        uint32_t id;
        bool is_new = true;

        tr->n_cats = (c + 1) * folds;
        if (get_name(r, &cat->name))
            break;
        for (size_t f = 1; f < folds && !r->st; f++)
            short_of_memory(r, cat[f].name = bmx_strdup(cat->name));
        if (r->st)
            break;
        if ((r->st = bmx_intern_add(&names, bmx_slice_str(cat->name), &id, &is_new, r->err)))
            break;
        if (!is_new || !*cat->name)
            bad(r, *cat->name ? "a category occurs twice" : "a category without a name");
        for (size_t f = 0; f < folds; f++) {
            cat[f].bytes = get_v(r);
            cat[f].documents = get_v(r);
            cat[f].pretokens = get_v(r);
            cat[f].pairs = get_max(r, INT64_MAX, "too many pairs");
            cat[f].invalid_bytes = get_v(r);
        }
        n_inputs = get_count(r, 11);
        if (r->st || !n_inputs)
            continue;
        if (short_of_memory(r, cat->input = bmx_calloc(n_inputs, sizeof *cat->input)))
            break;
        cat->inputs_cap = n_inputs;
        for (size_t i = 0; i < n_inputs && !r->st; i++) {
            bmx_input_record *in = &cat->input[i];

            if (get_name(r, &in->path))
                break;
            cat->n_inputs = i + 1;
            in->bytes = get_v(r);
            in->documents = get_v(r);
            if (r->end - r->at < 8) {
                bad(r, "ends too early");
                break;
            }
            in->checksum = bmx_load_le(r->at, 8);
            r->at += 8;
        }
    }
    bmx_intern_release(&names);
    return r->st;
}

static bpemix_status get_tokens(reader *r, bpemix_trace *tr)
{
    size_t n = get_count(r, 1), bytes = 0;
    bmx_slice prefix = get_string(r), suffix = get_string(r);
    const unsigned char *start = r->at;

    if (prefix.len > BMX_LONGEST_PREFIX || suffix.len > BMX_LONGEST_SUFFIX)
        bad(r, "a word mark is too long");
    if (n >= BMX_SYMBOL_PREFIX)
        bad(r, "too many tokens");
    if (r->st || (r->st = bmx_trace_set_marks(tr, prefix, suffix, r->err)))
        return r->st;
    if (short_of_memory(r, tr->token = bmx_malloc(n, sizeof *tr->token)))
        return r->st;
    for (size_t i = 0; i < n; i++)
        bytes += get_string(r).len;
    if (r->st || short_of_memory(r, tr->token_bytes = bmx_malloc(bytes, 1)))
        return r->st;
    r->at = start;
    bytes = 0;
    for (size_t i = 0; i < n; i++) {
        bmx_slice s = get_string(r);

        if (s.len)
            memcpy(tr->token_bytes + bytes, s.ptr, s.len);
        tr->token[i] = bmx_slice_of(tr->token_bytes + bytes, s.len);
        bytes += s.len;
    }
    tr->n_tokens = (uint32_t)n;
    return r->st;
}

static bpemix_status get_merges(reader *r, bpemix_trace *tr)
{
    size_t n = get_count(r, 4);

    if (n >= BMX_NONE)
        bad(r, "too many merges");
    if (r->st)
        return r->st;
    if (short_of_memory(r, tr->merge = bmx_malloc(n, sizeof *tr->merge)) ||
        short_of_memory(r, tr->merge_pair = bmx_malloc(n, sizeof *tr->merge_pair)))
        return r->st;
    for (size_t t = 0; t < n && !r->st; t++) {
        uint64_t left = get_v(r), right = get_v(r), product = get_v(r);
        uint64_t flags = get_max(r, UINT32_MAX, "flags too large");

        if (left >= tr->n_tokens || right >= tr->n_tokens || product >= tr->n_tokens)
            bad(r, "a merge of a token that is not there");
        tr->merge[t] = (bmx_merge){ (uint32_t)left, (uint32_t)right, (uint32_t)product,
                                    (uint32_t)flags };
    }
    tr->n_merges = (uint32_t)n;
    return r->st;
}

static bool is_symbol(const bpemix_trace *tr, uint64_t s)
{
    uint32_t cp = (uint32_t)s & 0x1fffff;

    if (s < tr->n_tokens)
        return true;
    return s <= UINT32_MAX && s & BMX_SYMBOL_RAW &&
           !(s & ~(uint64_t)(BMX_SYMBOL_RAW | BMX_SYMBOL_SUFFIX | BMX_SYMBOL_PREFIX | 0x1fffff)) &&
           cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
}

/* Events of one pair; sum[n_cats] is zero before and after.  R1, R2. */
static void get_events(reader *r, bpemix_trace *tr, uint64_t n, int64_t *sum, int64_t *initial)
{
    uint64_t from = tr->n_events, step = 0, cat = 0;

    for (uint64_t i = 0; i < n && !r->st; i++) {
        uint64_t key = get_v(r), folded = get_v(r), ahead = key / tr->n_cats, last = cat;
        int64_t delta = (int64_t)(folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));

        cat = key % tr->n_cats;
        if (r->st)
            break;
        if (i && !ahead && cat <= last)
            bad(r, "events out of order");
        else if (ahead > tr->n_merges - step)
            bad(r, "an event behind the last merge");
        else if (!delta || __builtin_add_overflow(sum[cat], delta, &sum[cat]) || sum[cat] < 0)
            bad(r, "a count below zero or a change by zero");
        else if ((uint64_t)sum[cat] > tr->cat[cat].pairs)
            bad(r, "a count above the category's pairs");
        step += ahead;
        if (!r->st && !step && __builtin_add_overflow(initial[cat], delta, &initial[cat]))
            bad(r, "too many pairs");
        if (!r->st)
            tr->event[tr->n_events++] = (bmx_event){ (uint32_t)step, (uint32_t)cat, delta };
    }
    for (uint64_t i = from; i < tr->n_events; i++)
        sum[tr->event[i].cat] = 0;
}

static bpemix_status get_pairs(reader *r, bpemix_trace *tr)
{
    size_t n = get_count(r, 6), n_events = get_count(r, 2);
    uint64_t left = 0, right = BMX_NONE;
    int64_t *sum = NULL, *initial = NULL;

    if (n >= BMX_NONE)
        bad(r, "too many pairs");
    if (r->st)
        return r->st;
    if (short_of_memory(r, tr->pair = bmx_malloc(n, sizeof *tr->pair)) ||
        short_of_memory(r, tr->first = bmx_malloc(n + 1, sizeof *tr->first)) ||
        short_of_memory(r, tr->event = bmx_malloc(n_events, sizeof *tr->event)) ||
        short_of_memory(r, sum = bmx_calloc(tr->n_cats, sizeof *sum)) ||
        short_of_memory(r, initial = bmx_calloc(tr->n_cats, sizeof *initial)))
        goto done;
    for (size_t p = 0; p < n && !r->st; p++) {
        uint64_t ahead = get_max(r, UINT32_MAX, "a symbol too large"), end, events;

        right = ahead || !p ? get_v(r) : right + 1 + get_max(r, UINT32_MAX, "a symbol too large");
        left += ahead;
        if (!r->st && (!is_symbol(tr, left) || !is_symbol(tr, right)))
            bad(r, "a pair of a token that is not there");
        end = get_max(r, (uint64_t)tr->n_merges + 1, "a pair that ends behind the last merge");
        events = get_max(r, UINT64_MAX - 1, "too many events") + 1;
        if (events > n_events - tr->n_events)
            bad(r, "more events than announced");
        if (r->st)
            break;
        tr->pair[p] = (bmx_pair){ (uint32_t)left, (uint32_t)right, (uint32_t)end - 1, BMX_NONE };
        tr->first[p] = tr->n_events;
        get_events(r, tr, events, sum, initial);
    }
    if (!r->st && tr->n_events != n_events)
        bad(r, "fewer events than announced");
    for (size_t c = 0; c < tr->n_cats && !r->st; c++)
        if (initial[c] != (int64_t)tr->cat[c].pairs)
            bad(r, "a category's pairs are not the sum of its events");
    if (!r->st) {
        tr->first[n] = tr->n_events;
        tr->n_pairs = n;
    }
done:
    bmx_free(sum);
    bmx_free(initial);
    return r->st;
}

bpemix_status bmx_trace_read(const char *where, bmx_slice data, bpemix_trace **out,
                             bpemix_error *err)
{
    static const struct {
        char name[5];
        bpemix_status (*get)(reader *r, bpemix_trace *tr);
    } section[] = { { "META", get_meta }, { "CATS", get_categories }, { "TOKS", get_tokens },
                    { "MERG", get_merges }, { "PAIR", get_pairs } };
    static const char again[] = "copy the file again or count the samples again";
    const unsigned char *start = (const unsigned char *)data.ptr, *at, *end;
    size_t compared = data.len < BMX_TRACE_MAGIC_BYTES ? data.len : BMX_TRACE_MAGIC_BYTES;
    bool begins = data.len && !memcmp(data.ptr, BMX_TRACE_MAGIC, compared);
    unsigned version;
    bpemix_trace *tr;
    bpemix_status st = BPEMIX_OK;

    if (!begins || data.len < BMX_TRACE_HEADER_BYTES + BMX_TRACE_CHECKSUM_BYTES) {
        return begins ? bmx_fail_hint(err, BPEMIX_E_FORMAT, where, again, "the file is truncated")
                      : bmx_fail_hint(err, BPEMIX_E_FORMAT, where,
                                      "give a file that counting wrote",
                                      "not a bpemix trace");
    }
    end = start + data.len - BMX_TRACE_CHECKSUM_BYTES;
    if (bmx_hash64(start, data.len - BMX_TRACE_CHECKSUM_BYTES, 0) != bmx_load_le(end, 8))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, again,
                             "the checksum does not match: the file is damaged or truncated");
    version = start[BMX_TRACE_MAGIC_BYTES];
    if (version != BMX_TRACE_WHOLE && version != BMX_TRACE_FOLDED)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, where,
                             "count again, or use the version that wrote it",
                             "trace format %u, not %u or %u", version, BMX_TRACE_WHOLE,
                             BMX_TRACE_FOLDED);
    if (!(tr = bmx_calloc(1, sizeof *tr)))
        return bmx_nomem(err);
    at = start + BMX_TRACE_HEADER_BYTES;
    for (size_t i = 0; i < sizeof section / sizeof *section && !st; i++) {
        reader r = {
            where, start, at, end, section[i].name, version == BMX_TRACE_FOLDED, BPEMIX_OK, err
        };
        uint64_t n;

        if (end - at < BMX_TRACE_SECTION_BYTES || memcmp(at, section[i].name, 4)) {
            st = bad(&r, "is missing");
            break;
        }
        n = bmx_load_le(at + 4, 8);
        at += BMX_TRACE_SECTION_BYTES;
        r.at = at;
        if (n > (uint64_t)(end - at)) {
            st = bad(&r, "announces more than the file holds");
            break;
        }
        r.end = at += n;
        st = section[i].get(&r, tr);
        if (!st && r.at != r.end)
            st = bad(&r, "holds more than announced");
    }
    if (!st && at != end)
        st =
            bmx_fail_hint(err, BPEMIX_E_FORMAT, where, again, "something follows the last section");
    if (!st)
        st = bmx_trace_index_merges(tr, err);
    if (st) {
        bmx_trace_free(tr);
        return st;
    }
    *out = tr;
    return BPEMIX_OK;
}

/* ---- files ---- */

static bpemix_status read_one(const char *path, bpemix_trace **out, bpemix_error *err)
{
    bmx_buf data = { 0 };
    bpemix_status st = bmx_read_file_like(path, bmx_slice_str(BMX_TRACE_MAGIC), &data, err);

    if (!st)
        st = bmx_trace_read(path, bmx_slice_of(data.ptr, data.len), out, err);
    bmx_buf_release(&data);
    return st;
}

/* Files summed at a time.  More take more memory, fewer write the sum, which grows, more often: a
 * judgement. */
#define BATCH 8

bpemix_status bmx_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                                bpemix_error *err)
{
    bpemix_trace *held[BATCH + 1] = { NULL }, *sum = NULL;
    const char *names[BATCH + 1];
    size_t n_held = 0;
    bpemix_status st = BPEMIX_OK;

    if (!n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "name at least one", "no trace files");
    for (size_t k = 0, from_stdin = 0; k < n; k++)
        if ((from_stdin += !strcmp(paths[k], "-")) > 1)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input", "give the others as files",
                                 "named more than once");
    for (size_t k = 0; k < n && !st; k++) {
        if ((st = bmx_check_cancel(err)) || (st = read_one(paths[k], &held[n_held], err)))
            break;
        /* the first of a batch is the sum of all before it */
        names[n_held] = n_held ? paths[k] : paths[0];
        n_held++;
        if (n_held < 2 || (n_held <= BATCH && k + 1 < n))
            continue;
        if ((st = bmx_trace_sum((const bpemix_trace *const *)held, names, n_held, &sum, err)))
            break;
        while (n_held) {
            bmx_trace_free(held[--n_held]);
            held[n_held] = NULL;
        }
        held[n_held++] = sum;
        names[0] = paths[0];
    }
    if (!st) {
        *out = held[0];
        held[0] = NULL;
    }
    for (size_t k = 0; k <= BATCH; k++)
        bmx_trace_free(held[k]);
    return st;
}
