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
        n = text[n] ? bmx_utf8_whole(text, n) : n;
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

/* Text that may not be known. */
static const char *or_unknown(const char *s) { return s ? s : "?"; }

static void put_header(sink *s, const bpemix_result *r)
{
    uint64_t max = bmx_values_uint(&r->count_options, "max_bytes", 0);

    put(s, "tokenizer  ");
    put_text(s, or_unknown(r->facts.path));
    put(s, " (%s, %" PRIu32 " merges)\n", or_unknown(r->facts.format), r->facts.merges);
    put(s, "text       %s at a time", or_unknown(bmx_values_text(&r->count_options, "text_unit")));
    if (max) {
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
    if (r->n_missing)
        put(s, "\nmerges that occur in no sample\n");
    for (uint32_t i = 0; i < r->n_missing; i++) {
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

static void put_value(sink *s, const bmx_value *x)
{
    switch (x->kind) {
    case BMX_VALUE_BOOL: put(s, "%s", x->flag ? "true" : "false"); break;
    case BMX_VALUE_UINT: put(s, "%" PRIu64, x->number); break;
    case BMX_VALUE_INT:  put(s, "%" PRId64, x->negative); break;
    case BMX_VALUE_REAL: put(s, "%g", x->real); break;
    case BMX_VALUE_TEXT: put_text(s, x->text); break;
    case BMX_VALUE_LIST:
        for (size_t i = 0; i < x->list.n; i++) {
            put(s, "%s", i ? ", " : "");
            put_text(s, x->list.text[i]);
        }
        break;
    default: put(s, "none"); break;
    }
}

/* One step of a normalizer or pre-tokenizer: its type, then its fields; of flags those set. */
static void put_step(sink *s, const bmx_values *step)
{
    for (size_t i = 0; i < step->n; i++) {
        const bmx_value *x = &step->value[i];

        if (!strcmp(x->name, "type")) {
            put_value(s, x);
        } else if (x->kind != BMX_VALUE_BOOL || x->flag) {
            put(s, "  %s", x->name);
            if (x->kind != BMX_VALUE_BOOL) {
                put(s, " ");
                put_value(s, x);
            }
        }
    }
}

static void put_steps(sink *s, const char *label, const char *name, const bmx_values *step, size_t n)
{
    put_label(s, label);
    if ((name && *name) || !n)
        put(s, "%s\n%s", name && *name ? name : "none", n ? "              " : "");
    for (size_t i = 0; i < n; i++) {
        put_step(s, &step[i]);
        put(s, "\n%s", i + 1 < n ? "              " : "");
    }
}

static void put_warnings(sink *s, const bmx_texts *t)
{
    for (size_t i = 0; i < t->n; i++) {
        put_label(s, i ? "" : "warnings");
        put_text(s, t->text[i]);
        put(s, "\n");
    }
}

static void put_merge(sink *s, const bmx_merge_texts *t, size_t i)
{
    put_text(s, t->text[i]);
    put(s, " ");
    put_text(s, t->text[i + 1]);
}

static void put_merges(sink *s, const char *label, const bmx_merge_texts *t)
{
    if (t->n)
        put_label(s, label);
    for (size_t i = 0; i + 1 < t->n; i += 2) {
        put_merge(s, t, i);
        put(s, "%s", i + 2 < t->n ? " | " : "\n");
    }
}

/* "label  N", and up to `list` examples below; silent at 0. */
static void put_count(sink *s, const char *label, uint64_t count)
{
    if (count) {
        put_label(s, label);
        put(s, "%" PRIu64 "\n", count);
    }
}

static void put_noticed(sink *s, const char *label, const bmx_noticed *x, uint64_t list)
{
    put_count(s, label, x->count);
    for (size_t i = 0; i < x->example.n && i < list; i++) {
        put_label(s, "");
        put_text(s, x->example.text[i]);
        put(s, "\n");
    }
}

static void put_noticed_merges(sink *s, const char *label, const bmx_noticed_merges *x, uint64_t list)
{
    put_count(s, label, x->count);
    for (size_t i = 0; i + 1 < x->example.n && i / 2 < list; i += 2) {
        put_label(s, "");
        put_merge(s, &x->example, i);
        put(s, "\n");
    }
}

static void put_cut(sink *s, const bmx_facts *f, uint64_t list)
{
    put_count(s, "cut tokens", f->n_cut);
    for (size_t i = 0; i < f->n_cuts && i < list; i++) {
        put_label(s, "");
        put(s, "%8" PRIu32 "  ", f->cut[i].step);
        put_text(s, f->cut[i].left);
        put(s, " | ");
        put_text(s, f->cut[i].right);
        put(s, "\n");
    }
}

static void put_lineage(sink *s, const bmx_facts *f)
{
    for (size_t i = 0; i < f->n_lineages; i++) {
        const bmx_facts_lineage *l = &f->lineage[i];

        put_label(s, i ? "" : "lineage");
        if (l->to == f->merges)
            put(s, "all merges are those of %s", l->of);
        else
            put(s, "the first %" PRIu32 " merges are those of %s%s", l->to, l->of,
                l->exact ? "" : ", or a few more");
        put(s, "%s%s\n", l->less ? " without " : "", l->less ? l->less : "");
    }
}

static void put_ties(sink *s, const bmx_facts_ties *t)
{
    put_label(s, "ties");
    put(s, "rule %s, in its order by eighth of the list", or_unknown(t->rule));
    for (int k = 0; k < 8; k++)
        put(s, " %.2f", t->ascending[k]);
    put(s, "\n%-14s%" PRIu32 " falls of the count in the last half", "", t->levels_last_half);
    if (t->uninformative_from != BMX_FACTS_NONE)
        put(s, "; ties decide from merge %" PRIu32 " on", t->uninformative_from);
    if (isfinite(t->sample_pairs))
        put(s, "\n%-14sestimate: the last merge occurred about %.0f times in about %.1e initial pairs,"
               "\n%-14sif %s", "", t->last_count, t->sample_pairs, "", or_unknown(t->assumption));
    put(s, "\n");
}

static void put_scripts(sink *s, const bmx_facts *f)
{
    if (f->n_scripts)
        put_label(s, "scripts");
    for (size_t i = 0; i < f->n_scripts && i < 10; i++)
        put(s, "%s%s %.1f %%", i ? ", " : "", f->script[i].script, 100 * f->script[i].share);
    put(s, "%s", f->n_scripts ? "\n" : "");
}

bpemix_status bmx_report_tokenizer(const bmx_facts *f, uint64_t list, bmx_buf *out,
                                   bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };

    put_label(&s, "tokenizer");
    put_text(&s, or_unknown(f->path));
    put(&s, "\n%-14s%s%s%s\n", "format", or_unknown(f->format), f->format_detail ? ", " : "",
        f->format_detail ? f->format_detail : "");
    put(&s, "%-14s%s%s\n", "alphabet", or_unknown(f->alphabet),
        f->byte_fallback ? ", with byte fallback" : "");
    put(&s, "%-14s%" PRIu32 "\n", "vocabulary", f->vocab_size);
    put(&s, "%-14s%" PRIu32, "merges", f->merges);
    if (f->merges_listed != f->merges)
        put(&s, " of %" PRIu32 " listed", f->merges_listed);
    put(&s, "\n%-14s%s\n", "digest", f->digest);
    put_steps(&s, "normalizer", NULL, f->normalizer, f->n_normalizers);
    put_steps(&s, "pre-tokenizer", f->pretokenizer, f->split, f->n_splits);
    put(&s, "%-14s%s", "text unit", or_unknown(f->text_unit));
    put(&s, " (%" PRIu32 " tokens have something behind a newline)\n", f->newline_tokens);
    put_lineage(&s, f);
    if (f->found)
        put_ties(&s, &f->ties);
    put_scripts(&s, f);
    put_cut(&s, f, list);
    put_noticed(&s, "unreachable", &f->unreachable, list);
    put_noticed(&s, "unlearned", &f->unlearned, list);
    put_noticed_merges(&s, "redundant", &f->redundant, list);
    put_noticed_merges(&s, "manual", &f->manual, list);
    put_noticed_merges(&s, "too long", &f->too_long, list);
    put_noticed_merges(&s, "repeated", &f->repeated, list);
    put_merges(&s, "first merges", &f->first_merges);
    put_merges(&s, "last merges", &f->last_merges);
    for (size_t i = 0; i < f->trainer_spec.n; i++) {
        put_label(&s, i ? "" : "trainer spec");
        put(&s, "%s  ", f->trainer_spec.value[i].name);
        put_value(&s, &f->trainer_spec.value[i]);
        put(&s, "\n");
    }
    put_warnings(&s, &f->warning);
    return s.status;
}

static void put_options(sink *s, const bmx_values *v)
{
    for (size_t i = 0; i < v->n; i++) {
        put(s, "%s%s ", i ? ", " : "", v->value[i].name);
        put_value(s, &v->value[i]);
    }
    put(s, "%s", v->n ? "" : "not known");
}

bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err)
{
    sink s = { out, err, BPEMIX_OK };
    size_t folds = tr->n_folds ? tr->n_folds : 1;
    int columns = 8;

    put(&s, "trace      %" PRIu32 " merges, %zu pairs, %" PRIu64 " changes of counts\n",
        tr->n_merges, tr->n_pairs, tr->n_events);
    put(&s, "tokenizer  ");
    put_text(&s, or_unknown(tr->facts.path));
    put(&s, " (%s)\ndigest     %s\noptions    ", or_unknown(tr->facts.format), tr->digest);
    put_options(&s, &tr->options);
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
