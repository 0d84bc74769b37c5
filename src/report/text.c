/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - a tokenizer and a trace as text, for the inspect command. */
#include "report/report.h"
#include "report/sink.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Text that may not be known. */
static const char *or_unknown(const char *s) { return s ? s : "?"; }

/* ---- what inspect says ---- */

static void put_label(bmx_sink *s, const char *label)
{
    bmx_putf(s, "%-14s", label);
}

static void put_value(bmx_sink *s, const bmx_value *x)
{
    switch (x->kind) {
    case BMX_VALUE_BOOL: bmx_putf(s, "%s", x->flag ? "true" : "false"); break;
    case BMX_VALUE_UINT: bmx_putf(s, "%" PRIu64, x->number); break;
    case BMX_VALUE_INT:  bmx_putf(s, "%" PRId64, x->negative); break;
    case BMX_VALUE_REAL: bmx_putf(s, "%g", x->real); break;
    case BMX_VALUE_TEXT: bmx_sink_text(s, x->text); break;
    case BMX_VALUE_LIST:
        for (size_t i = 0; i < x->list.n; i++) {
            bmx_putf(s, "%s", i ? ", " : "");
            bmx_sink_text(s, x->list.text[i]);
        }
        break;
    default: bmx_putf(s, "none"); break;
    }
}

/* One step of a normalizer or pre-tokenizer: its type, then its fields; of flags those set. */
static void put_step(bmx_sink *s, const bmx_values *step)
{
    for (size_t i = 0; i < step->n; i++) {
        const bmx_value *x = &step->value[i];

        if (!strcmp(x->name, "type")) {
            put_value(s, x);
        } else if (x->kind != BMX_VALUE_BOOL || x->flag) {
            bmx_putf(s, "  %s", x->name);
            if (x->kind != BMX_VALUE_BOOL) {
                bmx_putf(s, " ");
                put_value(s, x);
            }
        }
    }
}

static void put_steps(bmx_sink *s, const char *label, const char *name, const bmx_values *step,
                      size_t n)
{
    put_label(s, label);
    if ((name && *name) || !n)
        bmx_putf(s, "%s\n%s", name && *name ? name : "none", n ? "              " : "");
    for (size_t i = 0; i < n; i++) {
        put_step(s, &step[i]);
        bmx_putf(s, "\n%s", i + 1 < n ? "              " : "");
    }
}

static void put_warnings(bmx_sink *s, const bmx_texts *t)
{
    for (size_t i = 0; i < t->n; i++) {
        put_label(s, i ? "" : "warnings");
        bmx_sink_text(s, t->text[i]);
        bmx_putf(s, "\n");
    }
}

static void put_merge(bmx_sink *s, const bmx_merge_texts *t, size_t i)
{
    bmx_sink_text(s, t->text[i]);
    bmx_putf(s, " ");
    bmx_sink_text(s, t->text[i + 1]);
}

static void put_merges(bmx_sink *s, const char *label, const bmx_merge_texts *t)
{
    if (t->n)
        put_label(s, label);
    for (size_t i = 0; i + 1 < t->n; i += 2) {
        put_merge(s, t, i);
        bmx_putf(s, "%s", i + 2 < t->n ? " | " : "\n");
    }
}

/* "label  N", and up to `list` examples below; nothing if there are none. */
static void put_count(bmx_sink *s, const char *label, uint64_t count)
{
    if (count) {
        put_label(s, label);
        bmx_putf(s, "%" PRIu64 "\n", count);
    }
}

static void put_noticed(bmx_sink *s, const char *label, const bmx_noticed *x, uint64_t list)
{
    put_count(s, label, x->count);
    for (size_t i = 0; i < x->example.n && i < list; i++) {
        put_label(s, "");
        bmx_sink_text(s, x->example.text[i]);
        bmx_putf(s, "\n");
    }
}

static void put_noticed_merges(bmx_sink *s, const char *label, const bmx_noticed_merges *x,
                               uint64_t list)
{
    put_count(s, label, x->count);
    for (size_t i = 0; i + 1 < x->example.n && i / 2 < list; i += 2) {
        put_label(s, "");
        put_merge(s, &x->example, i);
        bmx_putf(s, "\n");
    }
}

static void put_cut(bmx_sink *s, const bmx_facts *f, uint64_t list)
{
    put_count(s, "cut tokens", f->n_cut);
    for (size_t i = 0; i < f->n_cuts && i < list; i++) {
        put_label(s, "");
        bmx_putf(s, "%8" PRIu32 "  ", f->cut[i].step);
        bmx_sink_text(s, f->cut[i].left);
        bmx_putf(s, " | ");
        bmx_sink_text(s, f->cut[i].right);
        bmx_putf(s, "\n");
    }
}

static void put_lineage(bmx_sink *s, const bmx_facts *f)
{
    for (size_t i = 0; i < f->n_lineages; i++) {
        const bmx_facts_lineage *l = &f->lineage[i];

        put_label(s, i ? "" : "lineage");
        if (l->to == f->merges)
            bmx_putf(s, "all merges are those of %s", l->of);
        else
            bmx_putf(s, "the first %" PRIu32 " merges are those of %s%s", l->to, l->of,
                     l->exact ? "" : ", or a few more");
        bmx_putf(s, "%s%s\n", l->less ? " without " : "", l->less ? l->less : "");
    }
}

static void put_ties(bmx_sink *s, const bmx_facts_ties *t)
{
    bool rule = strcmp(or_unknown(t->rule), "none");
    bool counted = isfinite(t->last_count) && !isfinite(t->sample_pairs);

    put_label(s, "ties");
    if (isnan(t->ascending[0])) {
        bmx_putf(s, "not known: the list is too short");
    } else {
        if (rule)
            bmx_putf(s, "rule %s; neighbours in its order", or_unknown(t->rule));
        else
            bmx_putf(s, "no rule found; neighbours in the order of ids");
        bmx_putf(s, ", by eighth of the list (0.50 is chance):");
        for (int k = 0; k < 8; k++)
            bmx_putf(s, " %.2f", t->ascending[k]);
    }
    if (counted)
        bmx_putf(s, "\n%-14sas the file says, the last merge occurred %.0f times, and the count "
                    "falls\n%-14s%" PRIu32 " time%s in the last half", "", t->last_count, "",
                 t->levels_last_half, t->levels_last_half == 1 ? "" : "s");
    else if (rule && !isnan(t->ascending[0]) && t->levels_last_half)
        bmx_putf(s, "\n%-14sat least %" PRIu32 " fall%s of the count in the last half", "",
                 t->levels_last_half, t->levels_last_half == 1 ? "" : "s");
    else if (rule && !isnan(t->ascending[0]))
        bmx_putf(s, "\n%-14sno fall of the count shows in the last half", "");
    if (t->uninformative_from != BMX_FACTS_NONE)
        bmx_putf(s, "; ties decide from merge %" PRIu32 " on", t->uninformative_from);
    if (isfinite(t->sample_pairs))
        bmx_putf(s,
                 "\n%-14sestimate: the last merge occurred about %.0f times in about %.1e initial "
                 "pairs,\n%-14sif %s",
                 "", t->last_count, t->sample_pairs, "", or_unknown(t->assumption));
    bmx_putf(s, "\n");
}

static void put_scripts(bmx_sink *s, const bmx_facts *f)
{
    if (f->n_scripts)
        put_label(s, "scripts");
    for (size_t i = 0; i < f->n_scripts && i < 10; i++)
        bmx_putf(s, "%s%s %.1f %%", i ? ", " : "", f->script[i].script, 100 * f->script[i].share);
    bmx_putf(s, "%s", f->n_scripts ? "\n" : "");
}

bpemix_status bmx_report_tokenizer(const bmx_facts *f, uint64_t list, bmx_buf *out,
                                   bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    put_label(&s, "tokenizer");
    bmx_sink_text(&s, or_unknown(f->path));
    bmx_putf(&s, "\n%-14s%s%s%s\n", "format", or_unknown(f->format), f->format_detail ? ", " : "",
             f->format_detail ? f->format_detail : "");
    if (f->merges)
        bmx_putf(&s, "%-14s%s%s\n", "alphabet", or_unknown(f->alphabet),
                 f->byte_fallback ? ", with byte fallback" : "");
    bmx_putf(&s, "%-14s%" PRIu32 "\n", "vocabulary", f->vocab_size);
    bmx_putf(&s, "%-14s%" PRIu32, "merges", f->merges);
    if (f->merges_listed != f->merges)
        bmx_putf(&s, " of %" PRIu32 " listed", f->merges_listed);
    bmx_putf(&s, "\n");
    if (!f->merges) { /* a vocabulary alone says no more */
        put_warnings(&s, &f->warning);
        return s.status;
    }
    bmx_putf(&s, "%-14s%s\n", "digest", f->digest);
    put_steps(&s, "normalizer", NULL, f->normalizer, f->n_normalizers);
    put_steps(&s, "pre-tokenizer", f->pretokenizer, f->split, f->n_splits);
    bmx_putf(&s, "%-14s%s", "text unit", or_unknown(f->text_unit));
    bmx_putf(&s, " (%" PRIu32 " token%s something behind a newline)\n", f->newline_tokens,
             f->newline_tokens == 1 ? " has" : "s have");
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
        bmx_putf(&s, "%s  ", f->trainer_spec.value[i].name);
        put_value(&s, &f->trainer_spec.value[i]);
        bmx_putf(&s, "\n");
    }
    put_warnings(&s, &f->warning);
    return s.status;
}

static void put_options(bmx_sink *s, const bmx_values *v)
{
    for (size_t i = 0; i < v->n; i++) {
        bmx_putf(s, "%s%s ", i ? ", " : "", v->value[i].name);
        put_value(s, &v->value[i]);
    }
    bmx_putf(s, "%s", v->n ? "" : "not known");
}

bpemix_status bmx_report_trace(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };
    size_t folds = bmx_trace_tallies(tr);
    int columns = 8;

    bmx_putf(&s, "trace      %" PRIu32 " merge%s, %zu pairs, %" PRIu64 " changes of counts\n",
             tr->n_merges, tr->n_merges == 1 ? "" : "s", tr->n_pairs, tr->n_events);
    bmx_putf(&s, "tokenizer  ");
    bmx_sink_text(&s, or_unknown(tr->facts.path));
    bmx_putf(&s, " (%s)\ndigest     %s\noptions    ", or_unknown(tr->facts.format), tr->digest);
    put_options(&s, &tr->options);
    for (size_t i = 0; i < tr->n_cats; i++) {
        int n = bmx_report_width(tr->cat[i].name);
        columns = n > columns ? n : columns;
    }
    bmx_putf(&s, "\n\n");
    bmx_sink_padded(&s, "category", columns);
    bmx_putf(&s, "    sample  documents         words         pairs\n");
    for (size_t i = 0; i < tr->n_cats; i += folds) {
        bmx_trace_category sum = tr->cat[i];
        for (size_t f = 1; f < folds; f++) {
            sum.bytes += tr->cat[i + f].bytes;
            sum.documents += tr->cat[i + f].documents;
            sum.pretokens += tr->cat[i + f].pretokens;
            sum.pairs += tr->cat[i + f].pairs;
        }
        bmx_sink_padded(&s, sum.name, columns);
        bmx_putf(&s, "  ");
        bmx_sink_bytes(&s, sum.bytes, 5);
        bmx_putf(&s, "  %9" PRIu64 "  %12" PRIu64 "  %12" PRIu64 "\n", sum.documents, sum.pretokens,
                 sum.pairs);
    }
    return s.status;
}
