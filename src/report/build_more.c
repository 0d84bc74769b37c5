/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build_more.c - shares against the number of merges, what is missing, and the merges on which
 * the samples and the list disagree. */
#include "report/study.h"
#include "report/write.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- the number of merges ---- */

static void sweep_figure(bmx_study *s, size_t e)
{
    const bpemix_result *r = s->entry[e].result;
    bmx_figure *f = bmx_doc_figure(s->doc, BMX_FIGURE_LINES,
                                   e ? bmx_doc_text(s->doc, "sweep-%zu", e + 1) : "sweep",
                                   r->n_sweep, s->n_groups);
    const char *text = "";
    bool any_loose = false;
    char buf[40];

    if (!f)
        return;
    f->title = bmx_doc_text(s->doc, "%s: shares against the number of merges", s->entry[e].label);
    f->x_label = "merges constrained (logarithmic)";
    f->y_label = bmx_doc_text(s->doc, "%% of %s", bmx_unit_name(s->unit));
    f->percent = f->log_x = true;
    f->x_marked = r->merge_to - r->merge_from;
    f->x_marked_label = "default";
    for (size_t g = 0; g < s->n_groups; g++)
        f->series[g] = (bmx_figure_item){ .name = s->group[g].name, .color = s->group[g].color };
    for (size_t k = 0; k < r->n_sweep; k++) {
        f->row[k].x = r->sweep[k].merges;
        f->row[k].name = bmx_doc_text(s->doc, "%" PRIu32, r->sweep[k].merges);
        text = bmx_doc_text(s->doc, "%s%s%" PRIu32 " merge%s: ", text, k ? "; " : "",
                            r->sweep[k].merges, r->sweep[k].merges == 1 ? "" : "s");
        for (size_t g = 0; g < s->n_groups; g++) {
            bmx_mark m = bmx_study_sweep_mark(s, e, &r->sweep[k], g);
            f->mark[k * s->n_groups + g] = m;
            text = bmx_doc_text(s->doc, "%s%s%s %s%s", text, g ? ", " : "", s->group[g].name,
                                m.loose ? "not determined" : bmx_fixed(buf, 100 * m.value, 1),
                                m.loose ? "" : " %");
            any_loose |= m.loose && isfinite(m.value);
        }
    }
    f->desc = text;
    if (any_loose)
        f->note = "Pale: not determined by the merges.";
}

static void sweep_table(bmx_study *s, size_t e)
{
    const bpemix_result *r = s->entry[e].result;
    bmx_table *t = bmx_doc_table(s->doc, e ? bmx_doc_text(s->doc, "sweep-%zu", e + 1) : "sweep",
                                 bmx_doc_text(s->doc,
                                              "%s: shares of %s against the number of merges, %%",
                                              s->entry[e].label, bmx_unit_name(s->unit)),
                                 r->n_sweep, s->n_groups + 2);
    char buf[40];

    if (!t)
        return;
    t->column[0].name = "merges";
    for (size_t g = 0; g < s->n_groups; g++)
        t->column[g + 1] = (bmx_column){ s->group[g].name, true };
    t->column[s->n_groups + 1] = (bmx_column){ "slack", true };
    for (size_t k = 0; k < r->n_sweep; k++) {
        const char **cell = t->cell + k * t->n_columns;
        cell[0] = bmx_doc_text(s->doc, "%" PRIu32, r->sweep[k].merges);
        for (size_t g = 0; g < s->n_groups; g++) {
            bmx_mark m = bmx_study_sweep_mark(s, e, &r->sweep[k], g);
            cell[g + 1] = !isfinite(m.value) ? ""
                          : m.loose          ? "not determined"
                                : bmx_doc_text(s->doc, "%s", bmx_fixed(buf, 100 * m.value, 1));
        }
        cell[s->n_groups + 1] = bmx_study_percent(s->doc, r->sweep[k].slack_relative, 1);
    }
}

void bmx_build_sweeps(bmx_study *s)
{
    bool any = false;

    for (size_t e = 0; e < s->n_entries; e++)
        any |= s->entry[e].result->n_sweep > 0;
    if (!any)
        return;
    bmx_doc_section(s->doc, "sweep", "The number of merges");
    for (size_t e = 0; e < s->n_entries; e++)
        if (s->entry[e].result->n_sweep) {
            sweep_figure(s, e);
            sweep_table(s, e);
        }
}

/* ---- what is missing ---- */

static const char *kind_name(bmx_study *s, const bmx_missing_kind *k)
{
    return k->script ? bmx_doc_text(s->doc, "%s %s", k->script, k->kind)
                     : bmx_doc_copy(s->doc, k->kind);
}

/* A token in a table, clipped: some consist of hundreds of spaces or zero bytes. */
static const char *shortened(bmx_doc *d, const char *text)
{
    enum { MOST = 32 }; /* bytes; longer tokens would leave no room for other columns */
    size_t n = strlen(text);

    if (n <= MOST)
        return text;
    n = bmx_utf8_whole(text, MOST);
    for (size_t k = 1; k < 4; k++)
        if (text[n - k] == '\\') { /* do not clip inside an escape */
            n -= k;
            break;
        }
    return bmx_doc_text(d, "%.*s...", (int)n, text);
}

static const char *examples(bmx_study *s, const bmx_texts *example)
{
    const char *text = "";

    for (size_t i = 0; i < example->n; i++)
        text = bmx_doc_text(s->doc, "%s%s'%s'", text, i ? ", " : "",
                            shortened(s->doc, example->text[i]));
    return text;
}

static void missing_figure(bmx_study *s, size_t e)
{
    const bmx_missing_summary *m = &s->entry[e].result->uncovered;
    bmx_figure *f = bmx_doc_figure(s->doc, BMX_FIGURE_BARS,
                                   e ? bmx_doc_text(s->doc, "missing-%zu", e + 1) : "missing",
                                   m->n_kinds, 1);
    const char *text = "";

    if (!f)
        return;
    f->title = bmx_doc_text(s->doc, "%s: %" PRIu32 " of %" PRIu32 " merges %s in no sample",
                            s->entry[e].label, s->entry[e].result->merges_missing,
                            s->entry[e].result->merges_used + s->entry[e].result->merges_missing,
                            s->entry[e].result->merges_missing == 1 ? "is" : "are");
    f->note = "By script and kind of the token: what to add samples of, or shares not to quote.";
    f->series[0].name = "merges";
    for (size_t k = 0; k < m->n_kinds; k++) {
        f->row[k] = (bmx_figure_item){ .name = kind_name(s, &m->kind[k]),
                                       .note = examples(s, &m->kind[k].example) };
        f->mark[k].value = m->kind[k].merges;
        text = bmx_doc_text(s->doc, "%s%s%s %" PRIu32, text, k ? ", " : "", f->row[k].name,
                            m->kind[k].merges);
    }
    f->desc = text;
}

static void missing_table(bmx_study *s, size_t e)
{
    const bmx_missing_summary *m = &s->entry[e].result->uncovered;
    bmx_table *t = bmx_doc_table(s->doc, e ? bmx_doc_text(s->doc, "missing-%zu", e + 1) : "missing",
                                 bmx_doc_text(s->doc, "%s: merges in no sample", s->entry[e].label),
                                 m->n_kinds, 3);

    if (!t)
        return;
    t->column[0].name = "script and kind";
    t->column[1] = (bmx_column){ "merges", true };
    t->column[2].name = "such as";
    for (size_t k = 0; k < m->n_kinds; k++) {
        t->cell[3 * k] = kind_name(s, &m->kind[k]);
        t->cell[3 * k + 1] = bmx_doc_text(s->doc, "%" PRIu32, m->kind[k].merges);
        t->cell[3 * k + 2] = examples(s, &m->kind[k].example);
    }
}

/* A fact about the panel, no share of anything. */
static void panel_table(bmx_study *s, size_t e)
{
    const bmx_missing_panel *p = &s->entry[e].result->uncovered.panel;
    const char *name = e ? bmx_doc_text(s->doc, "missing-panel-%zu", e + 1) : "missing-panel";
    const char *title = bmx_doc_text(s->doc, "%s: merges in no sample, by the category of the "
                                             "panel in which they are most frequent",
                                     s->entry[e].label);
    bmx_table *t = p->n ? bmx_doc_table(s->doc, name, title, p->n, 4) : NULL;

    if (!t)
        return;
    t->column[0].name = "category of the panel";
    t->column[1].name = "candidate";
    t->column[2] = (bmx_column){ "merges", true };
    t->column[3].name = "such as";
    for (size_t k = 0; k < p->n; k++) {
        t->cell[4 * k] = bmx_doc_copy(s->doc, p->category[k].category);
        t->cell[4 * k + 1] = p->category[k].is_candidate ? "yes" : "";
        t->cell[4 * k + 2] = bmx_doc_text(s->doc, "%" PRIu32, p->category[k].merges);
        t->cell[4 * k + 3] = examples(s, &p->category[k].example);
    }
}

void bmx_build_missing(bmx_study *s)
{
    bool any = false;

    for (size_t e = 0; e < s->n_entries; e++)
        any |= s->entry[e].result->uncovered.n_kinds > 0;
    if (!any)
        return;
    bmx_doc_section(s->doc, "missing", "What is missing");
    for (size_t e = 0; e < s->n_entries; e++)
        if (s->entry[e].result->uncovered.n_kinds) {
            missing_figure(s, e);
            missing_table(s, e);
            panel_table(s, e);
        }
}

/* ---- evidence ---- */

static const char *pair_text(bmx_doc *d, const char *left, const char *right)
{
    return left ? bmx_doc_text(d, "%s | %s", shortened(d, left), shortened(d, right)) : "";
}

static const char *per_million(bmx_doc *d, double v)
{
    char buf[40];

    return isfinite(v) ? bmx_doc_text(d, "%s", bmx_fixed(buf, 1e6 * v, 1)) : "";
}

void bmx_build_evidence(bmx_study *s)
{
    size_t n = 0, at = 0;
    bmx_table *t;

    for (size_t e = 0; e < s->n_entries; e++) {
        size_t own = s->entry[e].result->n_worst;
        n += own < s->opts->list ? own : s->opts->list;
    }
    if (!n)
        return;
    bmx_doc_section(s->doc, "evidence", "Merges that the samples explain worst");
    t = bmx_doc_table(
        s->doc, "evidence",
        "Counts and slack in millionths of the pairs; categories: where most of a count "
        "comes from",
        n, 10);
    if (!t)
        return;
    t->column[0].name = "tokenizer";
    t->column[1] = (bmx_column){ .name = "merge", .number = true };
    t->column[2].name = "tokens";
    t->column[3].name = "script";
    t->column[4].name = "category";
    t->column[5].name = "rival";
    t->column[6].name = "rival's category";
    t->column[7] = (bmx_column){ .name = "count", .number = true };
    t->column[8] = (bmx_column){ .name = "rival's count", .number = true };
    t->column[9] = (bmx_column){ .name = "slack", .number = true };
    for (size_t e = 0; e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        for (size_t k = 0; k < r->n_worst && k < s->opts->list; k++, at++) {
            const bmx_worst_merge *w = &r->worst[k];
            const char **cell = t->cell + at * t->n_columns;
            cell[0] = s->entry[e].label;
            cell[1] = bmx_doc_text(s->doc, "%" PRIu32, w->step);
            cell[2] = pair_text(s->doc, w->left, w->right);
            cell[3] = bmx_doc_copy(s->doc, w->script);
            cell[4] = bmx_doc_copy(s->doc, w->category);
            cell[5] = pair_text(s->doc, w->rival_left, w->rival_right);
            cell[6] = bmx_doc_copy(s->doc, w->rival_category);
            cell[7] = per_million(s->doc, w->count);
            cell[8] = per_million(s->doc, w->rival_count);
            cell[9] = per_million(s->doc, w->slack);
        }
    }
}
