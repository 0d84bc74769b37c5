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

/* Text as it is, but for control characters. */
static void put_text(sink *s, const char *text)
{
    char part[200], shown[sizeof part * 4];

    for (size_t n; (n = strnlen(text, sizeof part - 1)); text += n) {
        memcpy(part, text, n);
        part[n] = 0;
        bmx_printable(shown, sizeof shown, part);
        put(s, "%s", shown);
    }
}

/* Columns that text takes: characters, which is right for most scripts. */
int bmx_report_width(const char *text)
{
    size_t n = bmx_utf8_length(bmx_slice_str(text));

    return (int)(n + bmx_printable(NULL, 0, text) - strlen(text));
}

static void put_padded(sink *s, const char *text, int columns)
{
    int n = bmx_report_width(text);

    put_text(s, text);
    put(s, "%*s", columns > n ? columns - n : 0, "");
}

bpemix_status bmx_report_name(bmx_buf *out, const char *name, int columns, bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };

    put_padded(&s, name, columns);
    return s.status;
}

/* Right-aligned in `columns` columns and the unit. */
static void put_bytes(sink *s, uint64_t n, int columns)
{
    static const char *const unit[] = { "B", "kB", "MB", "GB", "TB" };
    double v = (double)n;
    int k = 0;

    while (v >= 999.5 && k < 4) {
        v /= 1000;
        k++;
    }
    put(s, "%*.*f %s", columns, k && v < 99.95 ? 1 : 0, v, unit[k]);
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
    uint64_t n_merges = 0, max = 0;

    bmx_json_uint(bmx_json_get(r->tokenizer, "merges"), UINT32_MAX, &n_merges);
    put(s, "tokenizer  ");
    put_text(s, text_of(r->tokenizer, "path"));
    put(s, " (%s, %" PRIu64 " merges)\n", text_of(r->tokenizer, "format"), n_merges);
    put(s, "text       %s at a time", text_of(r->count_options, "text_unit"));
    if (bmx_json_uint(bmx_json_get(r->count_options, "max_bytes"), UINT64_MAX, &max) && max) {
        put(s, ", a sample of ");
        put_bytes(s, max, 0);
        put(s, " a category");
    }
    put(s, "\nmerges     %" PRIu32 ":%" PRIu32 ", %" PRIu32 " constrained", r->merge_from,
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
        int n = bmx_report_width(r->share[i].name);
        columns = n > columns ? n : columns;
        intervals |= !opts->pairs && isfinite(r->share[i].low_bytes);
    }
    columns = columns > 40 ? 40 : columns;
    qsort_r(order, r->n_cats, sizeof *order, by_share, key);
    put(s, "\n%s", opts->color ? "\033[1m" : "");
    put_padded(s, "category", columns);
    put(s, "  %% of %s", opts->pairs ? "pairs" : "bytes");
    if (intervals)
        put(s, "      90 %% interval");
    put(s, "    sample  documents%s\n", opts->color ? "\033[0m" : "");
    for (size_t i = 0; i < r->n_cats; i++) {
        const bpemix_share *c = &r->share[order[i]];
        put_padded(s, c->name, columns);
        put(s, "  %10.2f", 100 * key[order[i]]);
        if (intervals && isfinite(c->low_bytes))
            put(s, "  %7.2f .. %6.2f", 100 * c->low_bytes, 100 * c->high_bytes);
        else if (intervals)
            put(s, "  %17s", "none");
        put(s, "  ");
        put_bytes(s, c->sample_bytes, 5);
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
                                       "a part of it is never made", "not in the samples" };

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

static void put_label(sink *s, const char *label)
{
    put(s, "%-14s", label);
}

static void put_value(sink *s, const bmx_json *j)
{
    const char *text = bmx_json_string(j);
    bmx_buf b = { 0 };

    if (text) {
        put_text(s, text);
        return;
    }
    if (!s->status)
        s->status = bmx_json_print_compact(j, &b, s->err);
    put(s, "%.*s", (int)b.len, b.ptr ? b.ptr : "");
    bmx_buf_release(&b);
}

static uint64_t number(const bmx_json *obj, const char *key)
{
    uint64_t v = 0;
    bmx_json_uint(bmx_json_get(obj, key), (uint64_t)1 << 53, &v);
    return v;
}

static double real(const bmx_json *j)
{
    bmx_buf b = { 0 };
    double v = NAN;

    if (j && !bmx_json_print_compact(j, &b, NULL) && !bmx_buf_addc(&b, 0, NULL) &&
        bmx_json_kind_of(j) == BMX_JSON_NUMBER)
        v = strtod(b.ptr, NULL);
    bmx_buf_release(&b);
    return v;
}

/* One step of a normalizer or pre-tokenizer: its type, then its fields. */
static void put_step(sink *s, const bmx_json *step)
{
    for (const bmx_json *f = bmx_json_first(step); f; f = bmx_json_next(f)) {
        const char *key = bmx_json_key(f);
        if (!key || !strcmp(key, "type")) {
            put_value(s, f);
        } else if (bmx_json_kind_of(f) != BMX_JSON_BOOL || bmx_json_bool(f, false)) {
            put(s, "  %s", key);
            if (bmx_json_kind_of(f) != BMX_JSON_BOOL) {
                put(s, " ");
                put_value(s, f);
            }
        }
    }
}

static void put_steps(sink *s, const char *label, const char *name, const bmx_json *steps)
{
    const bmx_json *x = bmx_json_first(steps);

    put_label(s, label);
    if ((name && *name) || !x)
        put(s, "%s\n%s", name && *name ? name : "none", x ? "              " : "");
    for (; x; x = bmx_json_next(x)) {
        put_step(s, x);
        put(s, "\n%s", bmx_json_next(x) ? "              " : "");
    }
}

static void put_list(sink *s, const char *label, const bmx_json *arr, const char *separator)
{
    if (!bmx_json_first(arr))
        return;
    put_label(s, label);
    for (const bmx_json *x = bmx_json_first(arr); x; x = bmx_json_next(x)) {
        put_value(s, x);
        put(s, "%s", bmx_json_next(x) ? separator : "\n");
    }
}

/* "label  N", and up to `list` examples below; silent at 0. */
static void put_examples(sink *s, const char *label, uint64_t count, const bmx_json *examples,
                         uint64_t list)
{
    uint64_t n = 0;

    if (!count)
        return;
    put_label(s, label);
    put(s, "%" PRIu64 "\n", count);
    for (const bmx_json *x = bmx_json_first(examples); x && n < list; x = bmx_json_next(x), n++) {
        put_label(s, "");
        if (bmx_json_kind_of(x) == BMX_JSON_OBJECT) {
            const bmx_json *piece = bmx_json_first(bmx_json_get(x, "pieces"));
            put(s, "%8" PRIu64 "  ", number(x, "step"));
            for (; piece; piece = bmx_json_next(piece)) {
                put_value(s, piece);
                put(s, "%s", bmx_json_next(piece) ? " | " : "");
            }
        } else {
            put_value(s, x);
        }
        put(s, "\n");
    }
}

static void put_finding(sink *s, const char *label, const bmx_json *f, uint64_t list)
{
    put_examples(s, label, number(f, "count"), bmx_json_get(f, "examples"), list);
}

static void put_lineage(sink *s, const bmx_json *tok)
{
    uint64_t n = number(tok, "merges");

    for (const bmx_json *l = bmx_json_first(bmx_json_get(tok, "lineage")); l; l = bmx_json_next(l)) {
        uint64_t to = number(l, "to");
        const char *less = bmx_json_string(bmx_json_get(l, "less"));
        put_label(s, l == bmx_json_first(bmx_json_get(tok, "lineage")) ? "lineage" : "");
        if (to == n)
            put(s, "all merges are those of %s", text_of(l, "of"));
        else
            put(s, "the first %" PRIu64 " merges are those of %s%s", to, text_of(l, "of"),
                bmx_json_bool(bmx_json_get(l, "exact"), false) ? "" : ", or a few more");
        put(s, "%s%s\n", less ? " without " : "", less ? less : "");
    }
}

static void put_ties(sink *s, const bmx_json *tok)
{
    const bmx_json *t = bmx_json_get(tok, "ties"), *e = bmx_json_get(t, "estimate");

    if (!t)
        return;
    put_label(s, "ties");
    put(s, "rule %s, in its order by eighth of the list", text_of(t, "rule"));
    for (const bmx_json *x = bmx_json_first(bmx_json_get(t, "ascending_by_eighth")); x;
         x = bmx_json_next(x))
        put(s, " %.2f", real(x));
    put(s, "\n%-14s%" PRIu64 " falls of the count in the last half", "", number(t, "levels_last_half"));
    if (!bmx_json_is_null(bmx_json_get(t, "uninformative_from")))
        put(s, "; ties decide from merge %" PRIu64 " on", number(t, "uninformative_from"));
    if (!bmx_json_is_null(bmx_json_get(e, "sample_pairs")))
        put(s, "\n%-14sestimate: the last merge occurred about %.0f times in about %.1e initial pairs,"
               "\n%-14sif %s", "", real(bmx_json_get(e, "last_count")),
            real(bmx_json_get(e, "sample_pairs")), "", text_of(e, "assumption"));
    put(s, "\n");
}

static void put_scripts(sink *s, const bmx_json *tok)
{
    int n = 0;

    for (const bmx_json *x = bmx_json_first(bmx_json_get(tok, "scripts")); x && n < 10;
         x = bmx_json_next(x), n++) {
        if (n == 0)
            put_label(s, "scripts");
        put(s, "%s%s %.1f %%", n ? ", " : "", text_of(x, "script"), 100 * real(bmx_json_get(x, "share")));
    }
    put(s, "%s", n ? "\n" : "");
}

bpemix_status bmx_report_tokenizer(const bmx_json *tok, uint64_t list, bmx_buf *out,
                                   bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };
    const bmx_json *pre = bmx_json_get(tok, "pretokenizer");
    const char *detail = bmx_json_string(bmx_json_get(tok, "format_detail"));

    put_label(&s, "tokenizer");
    put_text(&s, text_of(tok, "path"));
    put(&s, "\n%-14s%s%s%s\n", "format", text_of(tok, "format"), detail ? ", " : "",
        detail ? detail : "");
    put(&s, "%-14s%s%s\n", "alphabet", text_of(tok, "alphabet"),
        bmx_json_bool(bmx_json_get(tok, "byte_fallback"), false) ? ", with byte fallback" : "");
    put(&s, "%-14s%" PRIu64 "\n", "vocabulary", number(tok, "vocab_size"));
    put(&s, "%-14s%" PRIu64, "merges", number(tok, "merges"));
    if (number(tok, "merges_listed") != number(tok, "merges"))
        put(&s, " of %" PRIu64 " listed", number(tok, "merges_listed"));
    put(&s, "\n%-14s%s\n", "digest", text_of(tok, "digest"));
    put_steps(&s, "normalizer", NULL, bmx_json_get(tok, "normalizer"));
    put_steps(&s, "pre-tokenizer", bmx_json_string(bmx_json_get(pre, "name")),
              bmx_json_get(pre, "steps"));
    put(&s, "%-14s%s", "text unit", text_of(tok, "text_unit"));
    put(&s, " (%" PRIu64 " tokens have something behind a newline)\n", number(tok, "newline_tokens"));
    put_lineage(&s, tok);
    put_ties(&s, tok);
    put_scripts(&s, tok);
    put_finding(&s, "cut tokens", bmx_json_get(tok, "cut_tokens"), list);
    put_finding(&s, "unreachable", bmx_json_get(tok, "unreachable"), list);
    put_finding(&s, "unlearned", bmx_json_get(tok, "unlearned"), list);
    put_examples(&s, "redundant", number(tok, "redundant"), bmx_json_get(tok, "redundant_merges"),
                 list);
    put_finding(&s, "manual", bmx_json_get(tok, "manual"), list);
    put_finding(&s, "too long", bmx_json_get(tok, "too_long"), list);
    put_examples(&s, "repeated", number(tok, "repeated"), bmx_json_get(tok, "repeated_merges"), list);
    put_list(&s, "first merges", bmx_json_get(tok, "first_merges"), " | ");
    put_list(&s, "last merges", bmx_json_get(tok, "last_merges"), " | ");
    for (const bmx_json *f = bmx_json_first(bmx_json_get(tok, "trainer_spec")); f;
         f = bmx_json_next(f)) {
        put_label(&s, f == bmx_json_first(bmx_json_get(tok, "trainer_spec")) ? "trainer spec" : "");
        put(&s, "%s  ", bmx_json_key(f));
        put_value(&s, f);
        put(&s, "\n");
    }
    put_list(&s, "warnings", bmx_json_get(tok, "warnings"), "\n              ");
    return s.status;
}

bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };
    size_t folds = tr->n_folds ? tr->n_folds : 1;
    int columns = 8;

    put(&s, "trace      %" PRIu32 " merges, %zu pairs, %" PRIu64 " changes of counts\n",
        tr->n_merges, tr->n_pairs, tr->n_events);
    put(&s, "tokenizer  ");
    put_text(&s, text_of(tr->tokenizer, "path"));
    put(&s, " (%s)\ndigest     %s\noptions    ", text_of(tr->tokenizer, "format"), tr->digest);
    if (tr->options)
        put_value(&s, tr->options);
    else
        put(&s, "not known");
    for (size_t i = 0; i < tr->n_cats; i++) {
        int n = bmx_report_width(tr->cat[i].name);
        columns = n > columns ? n : columns;
    }
    put(&s, "\n\n");
    put_padded(&s, "category", columns);
    put(&s, "    sample  documents         words         pairs\n");
    for (size_t i = 0; i < tr->n_cats; i += folds) {
        bmx_trace_category sum = tr->cat[i];
        for (size_t f = 1; f < folds; f++) {
            sum.bytes += tr->cat[i + f].bytes;
            sum.documents += tr->cat[i + f].documents;
            sum.pieces += tr->cat[i + f].pieces;
            sum.pairs += tr->cat[i + f].pairs;
        }
        put_padded(&s, sum.name, columns);
        put(&s, "  ");
        put_bytes(&s, sum.bytes, 5);
        put(&s, "  %9" PRIu64 "  %12" PRIu64 "  %12" PRIu64 "\n", sum.documents, sum.pieces,
            sum.pairs);
    }
    return s.status;
}
