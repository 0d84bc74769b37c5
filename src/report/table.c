#include "report/report.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All output goes through `put`, which keeps the first error. */
typedef struct sink {
    bmx_buf *out;
    bpemix_error *err;
    bpemix_status status;
} sink;

#define put(s, ...)                                                       \
    do {                                                                  \
        if (!(s)->status)                                                 \
            (s)->status = bmx_buf_addf((s)->out, (s)->err, __VA_ARGS__);  \
    } while (0)

/* Columns a name takes: characters, which is right for most scripts. */
static int width(const char *s) { return (int)bmx_utf8_length(bmx_slice_str(s)); }

static void put_padded(sink *s, const char *text, int columns)
{
    put(s, "%s%*s", text, columns > width(text) ? columns - width(text) : 0, "");
}

static void put_bytes(sink *s, uint64_t n)
{
    static const char *const unit[] = { "B", "kB", "MB", "GB", "TB" };
    double v = (double)n;
    int k = 0;

    while (v >= 999.5 && k < 4) {
        v /= 1000;
        k++;
    }
    put(s, k && v < 99.95 ? "%5.1f %s" : "%5.0f %s", v, unit[k]);
}

static int by_share(const void *a, const void *b, void *keys)
{
    const double *key = keys;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;

    if (key[i] != key[k])
        return key[i] < key[k] ? 1 : -1;
    return (i > k) - (i < k);
}

static const char *text_of(const bmx_json *tok, const char *key)
{
    const char *s = bmx_json_string(bmx_json_get(tok, key));
    return s ? s : "?";
}

static void put_header(sink *s, const bpemix_result *r)
{
    uint64_t n_merges = 0;

    bmx_json_uint(bmx_json_get(r->tokenizer, "merges"), UINT32_MAX, &n_merges);
    put(s, "tokenizer  %s (%s, %" PRIu64 " merges)\n", text_of(r->tokenizer, "path"),
        text_of(r->tokenizer, "format"), n_merges);
    put(s, "merges     %" PRIu32 ":%" PRIu32 ", %" PRIu32 " constrained", r->merge_from,
        r->merge_to, r->merges_used);
    if (r->merges_missing)
        put(s, ", %" PRIu32 " in no sample", r->merges_missing);
    if (r->merges_excluded)
        put(s, ", %" PRIu32 " excluded", r->merges_excluded);
    put(s, "\nsolution   %s%s, %s, objective %.6g, gap %.1e\n",
        r->main.method == BPEMIX_METHOD_LP ? "linear program" : "monotone linear program",
        r->main.weights == BPEMIX_WEIGHTS_QUARTER ? ", weighted" : "",
        r->main.status == BMX_SOLVER_OPTIMAL ? "optimal" : "stopped early", r->main.objective,
        r->main.gap);
    put(s, "fit        slack %.2f %% of the merge counts, %.2f %% of the merges off by half\n",
        100 * r->slack_relative, 100 * r->slack_large);
}

static void put_rows(sink *s, const bpemix_result *r, const bmx_table_opts *opts)
{
    double *key = bmx_malloc(r->n_cats, sizeof *key);
    size_t *order = bmx_malloc(r->n_cats, sizeof *order);
    bool intervals = false;
    int columns = 8;

    if (!key || !order) {
        s->status = bmx_nomem(s->err);
        goto done;
    }
    for (size_t i = 0; i < r->n_cats; i++) {
        key[i] = opts->pairs ? r->share[i].share_pairs : r->share[i].share_bytes;
        order[i] = i;
        columns = width(r->share[i].name) > columns ? width(r->share[i].name) : columns;
        intervals |= !opts->pairs && isfinite(r->share[i].low_bytes);
    }
    columns = columns > 40 ? 40 : columns;
    qsort_r(order, r->n_cats, sizeof *order, by_share, key);
    put(s, "\n%s", opts->color ? "\033[1m" : "");
    put_padded(s, "category", columns);
    put(s, "  %% of %s", opts->pairs ? "pairs" : "bytes");
    if (intervals)
        put(s, "     90 %% interval");
    put(s, "    sample  documents%s\n", opts->color ? "\033[0m" : "");
    for (size_t i = 0; i < r->n_cats; i++) {
        const bpemix_share *c = &r->share[order[i]];
        put_padded(s, c->name, columns);
        put(s, "  %10.2f", 100 * key[order[i]]);
        if (intervals)
            put(s, "  %7.2f .. %6.2f", 100 * c->low_bytes, 100 * c->high_bytes);
        put(s, "  ");
        put_bytes(s, c->sample_bytes);
        put(s, "  %9" PRIu64 "\n", c->sample_documents);
    }
done:
    bmx_free(key);
    bmx_free(order);
}

static void put_quoted(sink *s, const char *left, const char *right)
{
    char a[120], b[120];
    put(s, "%s %s", bmx_quote(a, sizeof a, left, strlen(left)),
        bmx_quote(b, sizeof b, right, strlen(right)));
}

static void put_details(sink *s, const bpemix_result *r)
{
    static const char *const why[] = { "spans a newline", "cut by the pre-tokenizer",
                                       "not in the samples" };

    if (r->n_worst)
        put(s, "\nmerges that the samples explain worst (slack in ppm of pairs)\n");
    for (size_t i = 0; i < r->n_worst; i++) {
        const bmx_worst_merge *w = &r->worst[i];
        put(s, "%8" PRIu32 "  %10.3f  ", w->step, 1e6 * w->slack);
        put_quoted(s, w->left, w->right);
        if (w->rival_left) {
            put(s, "  behind  ");
            put_quoted(s, w->rival_left, w->rival_right);
        }
        put(s, "\n");
    }
    if (r->merges_missing)
        put(s, "\nmerges that occur in no sample\n");
    for (uint32_t i = 0; i < r->merges_missing; i++) {
        put(s, "%8" PRIu32 "  ", r->missing[i].step);
        put_quoted(s, r->missing[i].left, r->missing[i].right);
        put(s, "  %s\n", why[r->missing[i].why]);
    }
}

bpemix_status bmx_report_table(const bpemix_result *r, const bmx_table_opts *opts, bmx_buf *out,
                               bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };

    put_header(&s, r);
    put_rows(&s, r, opts);
    if (opts->verbose > 0)
        put_details(&s, r);
    return s.status;
}

/* ---- what inspect says ---- */

static void put_scalar(sink *s, const bmx_json *j)
{
    const char *text = bmx_json_string(j);
    bmx_buf b = { 0 };

    if (text) {
        char q[400];
        put(s, "%s", bmx_quote(q, sizeof q, text, strlen(text)));
        return;
    }
    if (!s->status)
        s->status = bmx_json_print_compact(j, &b, s->err);
    put(s, "%.*s", (int)b.len, b.ptr ? b.ptr : "");
    bmx_buf_release(&b);
}

static bool is_flat(const bmx_json *j)
{
    for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c))
        if (bmx_json_first(c))
            return false;
    return true;
}

/* Any JSON value as indented text; arrays are cut after `list` entries. */
static void put_tree(sink *s, const bmx_json *j, int depth, uint64_t list)
{
    bmx_json_kind kind = bmx_json_kind_of(j);
    uint64_t n = 0, total = bmx_json_count(j);
    int columns = 0;

    if (kind == BMX_JSON_OBJECT)
        for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c))
            if (width(bmx_json_key(c)) > columns)
                columns = width(bmx_json_key(c));
    for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c)) {
        bmx_json_kind k = bmx_json_kind_of(c);
        bool nested = k == BMX_JSON_OBJECT || k == BMX_JSON_ARRAY;
        if (kind == BMX_JSON_ARRAY && n++ >= list) {
            put(s, "%*s... %" PRIu64 " more\n", depth, "", total - list);
            break;
        }
        put(s, "%*s", depth, "");
        if (kind == BMX_JSON_OBJECT)
            put_padded(s, bmx_json_key(c), columns + 2);
        else
            put(s, "- ");
        if (!nested) {
            put_scalar(s, c);
            put(s, "\n");
        } else if (!bmx_json_first(c)) {
            put(s, "none\n");
        } else if (k == BMX_JSON_ARRAY && is_flat(c) && bmx_json_count(c) <= list + 10) {
            for (const bmx_json *e = bmx_json_first(c); e; e = bmx_json_next(e)) {
                put_scalar(s, e);
                put(s, "%s", bmx_json_next(e) ? " " : "\n");
            }
        } else {
            put(s, "\n");
            put_tree(s, c, depth + 2, list);
        }
    }
}

bpemix_status bmx_report_tokenizer(const bmx_json *tokenizer, uint64_t list, bmx_buf *out,
                                   bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };

    put_tree(&s, tokenizer, 0, list);
    return s.status;
}

bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };
    int columns = 8;

    put(&s, "trace      %" PRIu32 " merges, %zu pairs, %" PRIu64 " changes of counts\n",
        tr->n_merges, tr->n_pairs, tr->n_events);
    put(&s, "tokenizer  %s (%s)\ndigest     %s\noptions    ", text_of(tr->tokenizer, "path"),
        text_of(tr->tokenizer, "format"), tr->digest);
    put_scalar(&s, tr->options);
    for (size_t i = 0; i < tr->n_cats; i++)
        columns = width(tr->cat[i].name) > columns ? width(tr->cat[i].name) : columns;
    put(&s, "\n\n");
    put_padded(&s, "category", columns);
    put(&s, "    sample  documents         words         pairs\n");
    for (size_t i = 0; i < tr->n_cats; i++) {
        put_padded(&s, tr->cat[i].name, columns);
        put(&s, "  ");
        put_bytes(&s, tr->cat[i].bytes);
        put(&s, "  %9" PRIu64 "  %12" PRIu64 "  %12" PRIu64 "\n", tr->cat[i].documents,
            tr->cat[i].pieces, tr->cat[i].pairs);
    }
    return s.status;
}
