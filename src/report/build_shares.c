/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build_shares.c - the figures of shares and the tables below them: by group, by category,
 * and for programs. */
#include "base/format.h"
#include "report/study.h"
#include "report/write.h"

#include <inttypes.h>
#include <math.h>

/* "fair, slack 31 %" or "unusable: slack 223 %". */
static const char *fit_note(bmx_study *s, size_t e)
{
    const bpemix_result *r = s->entry[e].result;
    const char *level = bmx_level_name(r->verdict.level);
    bool unusable = r->verdict.level == BMX_LEVEL_UNUSABLE;

    return bmx_doc_text(s->doc, "%s%s%sslack %s", unusable ? "fit " : "", level ? level : "",
                        unusable ? ": "
                        : level  ? ", "
                                 : "",
                        bmx_study_percent(s->doc, r->slack_relative, 0));
}

static const char *figure_note(bmx_study *s)
{
    uint32_t from = UINT32_MAX, most = 0, least = UINT32_MAX;
    bool loose = false;
    char merges[80];

    for (size_t e = 0; e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        from = r->merge_from < from ? r->merge_from : from;
        most = r->merges_used > most ? r->merges_used : most;
        least = r->merges_used < least ? r->merges_used : least;
        for (size_t g = 0; g < s->n_groups; g++)
            loose |= bmx_study_group_mark(s, e, g).loose;
    }
    if (least == most)
        bmx_snprintf(merges, sizeof merges, "%" PRIu32 " merge%s constrained", most,
                     most == 1 ? "" : "s");
    else
        bmx_snprintf(merges, sizeof merges, "%" PRIu32 " to %" PRIu32 " merges constrained", least,
                     most);
    return bmx_doc_text(
        s->doc, "%zu categor%s, %s; bpemix %s. Shares are relative to the categories offered.%s",
        s->n_cats, s->n_cats == 1 ? "y" : "ies", merges,
        s->entry[0].result->origin.version ? s->entry[0].result->origin.version : bpemix_version(),
        loose ? " Pale with a dashed edge: not determined by the merges, so with its range; as "
                "wide as in the best mixture." : "");
}

static const char *group_desc(bmx_study *s)
{
    const char *text = "";
    char buf[40];

    for (size_t e = 0; e < s->n_entries; e++) {
        text = bmx_doc_text(s->doc, "%s%s%s: ", text, e ? "; " : "", s->entry[e].label);
        if (s->entry[e].result->verdict.level == BMX_LEVEL_UNUSABLE) {
            text = bmx_doc_text(s->doc, "%snot quoted, as the verdict is unusable", text);
            continue;
        }
        for (size_t g = 0; g < s->n_groups; g++) {
            bmx_mark m = bmx_study_group_mark(s, e, g);
            text = bmx_doc_text(s->doc, "%s%s%s %s%s", text, g ? ", " : "", s->group[g].name,
                                m.loose          ? "not determined"
                                : isnan(m.value) ? "not offered"
                                                 : bmx_fixed(buf, 100 * m.value, 0),
                                m.loose || isnan(m.value) ? "" : " %");
        }
    }
    return text;
}

static void mixture_figure(bmx_study *s)
{
    bmx_figure *f = bmx_doc_figure(s->doc, BMX_FIGURE_STACKED, "mixture", s->n_entries,
                                   s->n_groups);

    if (!f)
        return;
    f->title = bmx_doc_text(s->doc, "Estimated training mixture, %% of %s", bmx_unit_name(s->unit));
    f->desc = group_desc(s);
    f->note = figure_note(s);
    f->percent = true;
    f->hatch = s->opts->hatch;
    for (size_t e = 0; e < s->n_entries; e++) {
        f->row[e] = (bmx_figure_item){ .name = s->entry[e].label, .note = fit_note(s, e),
                                       .tone = bmx_tone_of(s->entry[e].result) };
        for (size_t g = 0; g < s->n_groups; g++)
            f->mark[e * s->n_groups + g] = bmx_study_group_mark(s, e, g);
    }
    for (size_t g = 0; g < s->n_groups; g++)
        f->series[g] = (bmx_figure_item){ .name = s->group[g].name, .color = s->group[g].color };
}

static void name_columns(bmx_study *s, bmx_table *t, const char *first)
{
    t->column[0].name = first;
    for (size_t e = 0; e < s->n_entries; e++)
        t->column[e + 1] = (bmx_column){ s->entry[e].label, true };
}

/* Beside the shares of one tokenizer there is room for bars. */
static bmx_mark *bars_of(bmx_study *s, size_t n)
{
    bool quoted = s->entry[0].result->verdict.level != BMX_LEVEL_UNUSABLE;
    bmx_mark *bar = s->n_entries == 1 && quoted ? bmx_doc_alloc(s->doc, n, sizeof *bar) : NULL;

    for (size_t i = 0; bar && i < n; i++)
        bar[i] = (bmx_mark){ NAN, NAN, NAN, false };
    return bar;
}

void bmx_build_mixture(bmx_study *s)
{
    bmx_mark *bar;
    bmx_table *t;

    bmx_doc_section(s->doc, "mixture", "The mixture");
    mixture_figure(s);
    if (s->n_groups == s->n_cats && !s->grouped)
        return; /* the table of categories, below, would be the same */
    t = bmx_doc_table(
        s->doc, "mixture",
        bmx_doc_text(s->doc, "Shares of %s by group, %% [range]", bmx_unit_name(s->unit)),
        s->n_groups, s->n_entries + 1);
    if (!t)
        return;
    name_columns(s, t, "group");
    t->bar = bar = bars_of(s, t->n_rows);
    for (size_t g = 0; g < s->n_groups; g++) {
        t->cell[g * t->n_columns] = s->group[g].name;
        if (bar)
            bar[g] = bmx_study_group_mark(s, 0, g);
        for (size_t e = 0; e < s->n_entries; e++) {
            bmx_mark m = bmx_study_group_mark(s, e, g);
            t->cell[g * t->n_columns + e + 1] = bmx_study_cell_text(s, e, &m);
        }
    }
}

/* ---- by category ---- */

static const char *range_note(bmx_study *s)
{
    bool ranges = false, folds = false, loose = false;

    for (size_t e = 0; e < s->n_entries; e++) {
        ranges |= isfinite(s->entry[e].result->range_delta);
        folds |= s->entry[e].result->folds && !isfinite(s->entry[e].result->range_delta);
        for (size_t i = 0; i < s->n_cats; i++)
            loose |= bmx_study_category_mark(s, e, i).loose;
    }
    return bmx_doc_text(
        s->doc, "Axis of square roots, in percent of %s.%s%s%s", bmx_unit_name(s->unit),
        ranges ? " Range: the mixtures that explain the merges nearly as well." : "",
        folds ? " Interval of 90 %: the choice of sample documents alone." : "",
        loose ? " A range without a point: the merges do not determine this share." : "");
}

/* If there are many categories, those that would be a dot at zero in every panel are left out of
 * the figure. */
static bool has_line(const bmx_study *s, size_t i)
{
    enum { FEW = 30 };           /* lines that a page has room for */
    const double least = 0.001; /* printed as 0.1 % */

    for (size_t e = 0; e < s->n_entries; e++) {
        bmx_mark m = bmx_study_category_mark(s, e, i);
        if (m.value >= least || m.high >= least)
            return true;
    }
    return s->n_cats <= FEW;
}

static void ranges_figure(bmx_study *s)
{
    size_t n = 0, at = 0;
    bmx_figure *f;

    for (size_t i = 0; i < s->n_cats; i++)
        n += has_line(s, i);
    if (!n)
        return;
    f = bmx_doc_figure(s->doc, BMX_FIGURE_RANGES, "ranges", n, s->n_entries);
    if (!f)
        return;
    f->title = bmx_doc_text(s->doc, "Share of %s and its range, by category",
                            bmx_unit_name(s->unit));
    f->desc = bmx_doc_text(
        s->doc,
        "One panel a tokenizer (%zu), one line a category (%zu); a dot is the estimate, a bar its "
        "range. The table below has the numbers.",
        s->n_entries, n);
    f->note = range_note(s);
    if (n < s->n_cats)
        f->note = bmx_doc_text(s->doc,
                               "%s %zu categor%s below 0.1 %% everywhere %s in the table alone.",
                               f->note, s->n_cats - n, s->n_cats - n == 1 ? "y" : "ies",
                               s->n_cats - n == 1 ? "is" : "are");
    f->percent = true;
    for (size_t e = 0; e < s->n_entries; e++)
        f->series[e] = (bmx_figure_item){ .name = s->entry[e].label, .note = fit_note(s, e),
                                          .tone = bmx_tone_of(s->entry[e].result) };
    for (size_t i = 0; i < s->n_cats; i++) {
        if (!has_line(s, i))
            continue;
        f->row[at] = (bmx_figure_item){ .name = s->cat[i].label,
                                        .color = s->group[s->cat[i].group].color };
        for (size_t e = 0; e < s->n_entries; e++)
            f->mark[at * s->n_entries + e] = bmx_study_category_mark(s, e, i);
        at++;
    }
}

static const char *foot_text(bmx_study *s, size_t e, int k)
{
    const bpemix_result *r = s->entry[e].result;
    const char *level = bmx_level_name(r->verdict.level);

    switch (k) {
    case 0: return bmx_study_percent(s->doc, r->slack_relative, 1);
    case 1: return bmx_doc_text(s->doc, "%" PRIu32 ":%" PRIu32, r->merge_from, r->merge_to);
    case 2: return bmx_doc_text(s->doc, "%" PRIu32, r->merges_missing);
    case 3: return bmx_study_bytes(s->doc, bmx_study_sample_bytes(r));
    default: return level ? level : "not judged";
    }
}

/* A group that is a single category takes one line, not two. */
static bool has_sum(const bmx_study *s, size_t g)
{
    return s->grouped && s->group[g].n > 1;
}

/* A row of the table of shares. */
static void put_marks(bmx_study *s, bmx_table *t, bmx_mark *bar, size_t at, const char *name,
                      size_t i, bool group)
{
    t->cell[at * t->n_columns] = name;
    for (size_t e = 0; e < s->n_entries; e++) {
        bmx_mark m = group ? bmx_study_group_mark(s, e, i) : bmx_study_category_mark(s, e, i);
        t->cell[at * t->n_columns + e + 1] = bmx_study_cell_text(s, e, &m);
        if (bar)
            bar[at] = m;
    }
}

static void shares_table(bmx_study *s)
{
    static const char *const foot[] = { "slack", "merges", "in no sample", "samples", "verdict" };
    const size_t n_foot = sizeof foot / sizeof *foot;
    size_t n = s->n_cats + n_foot, at = 0;
    bmx_mark *bar;
    bmx_table *t;

    for (size_t g = 0; g < s->n_groups; g++)
        n += has_sum(s, g);
    t = bmx_doc_table(
        s->doc, "shares",
        bmx_doc_text(s->doc, "Shares of %s by category, %% [range]", bmx_unit_name(s->unit)), n,
        s->n_entries + 1);
    if (!t)
        return;
    name_columns(s, t, "category");
    t->bar = bar = bars_of(s, n);
    for (size_t g = 0; g < s->n_groups; g++) {
        if (has_sum(s, g)) {
            t->row[at] = BMX_ROW_SUM;
            put_marks(s, t, bar, at++, s->group[g].name, g, true);
        }
        for (size_t i = s->group[g].first; i < s->group[g].first + s->group[g].n; i++)
            put_marks(s, t, bar, at++, s->cat[i].label, i, false);
    }
    for (size_t k = 0; k < n_foot; k++, at++) {
        t->row[at] = BMX_ROW_FOOT;
        t->cell[at * t->n_columns] = foot[k];
        for (size_t e = 0; e < s->n_entries; e++)
            t->cell[at * t->n_columns + e + 1] = foot_text(s, e, (int)k);
    }
}

/* ---- for programs: one observation a row ---- */

static const char *exact(bmx_doc *d, double v)
{
    char text[40];

    return isfinite(v) ? bmx_doc_text(d, "%s", bmx_fixed(text, v, 9)) : "";
}

/* Into cell[]: the share of category i in entry e, which has that category. */
static void tidy_row(bmx_study *s, const char **cell, size_t e, size_t i, bmx_unit unit)
{
    const bpemix_share *share = &s->entry[e].result->share[s->index[e * s->n_cats + i]];
    bpemix_range inner = bmx_range_in(share, unit);
    bmx_mark m = bmx_mark_of_share(share, unit);

    cell[0] = s->entry[e].label;
    cell[1] = s->cat[i].name;
    cell[2] = s->grouped ? s->group[s->cat[i].group].name : "";
    cell[3] = bmx_unit_name(unit);
    cell[4] = exact(s->doc, bmx_share_in(share, unit));
    cell[5] = exact(s->doc, m.low);
    cell[6] = exact(s->doc, m.high);
    cell[7] = m.loose ? "false" : isfinite(m.low) ? "true" : ""; /* without ranges: not known */
    cell[8] = bmx_doc_text(s->doc, "%" PRIu64, share->sample_bytes);
    cell[9] = bmx_doc_text(s->doc, "%" PRIu64, share->sample_documents);
    cell[10] = exact(s->doc, inner.low);
    cell[11] = exact(s->doc, inner.high);
}

static size_t units_of(const bpemix_result *r)
{
    return r->n_cats && isfinite(r->share[0].share_merges) ? BMX_UNITS : BMX_UNIT_MERGES;
}

static void tidy_table(bmx_study *s)
{
    static const char *const name[] = { "tokenizer",    "category",  "group",     "unit",
                                        "share",        "low",       "high",      "identified",
                                        "sample_bytes", "documents", "inner_low", "inner_high" };
    const size_t n_columns = sizeof name / sizeof *name;
    size_t n = 0, at = 0;
    bmx_table *t;

    for (size_t e = 0; e < s->n_entries; e++)
        n += s->entry[e].result->n_cats * units_of(s->entry[e].result);
    t = bmx_doc_table(s->doc, "shares", "One share a row", n, n_columns);
    if (!t)
        return;
    t->tidy = true;
    for (size_t k = 0; k < n_columns; k++)
        t->column[k] = (bmx_column){ name[k], k >= 4 && k != 7 };
    for (size_t e = 0; e < s->n_entries; e++)
        for (size_t i = 0; i < s->n_cats; i++) {
            size_t own = s->index[e * s->n_cats + i];
            for (size_t u = 0; own != BMX_STUDY_NONE && u < units_of(s->entry[e].result); u++)
                tidy_row(s, t->cell + at++ * n_columns, e, i, (bmx_unit)u);
        }
}

void bmx_build_shares(bmx_study *s)
{
    bmx_doc_section(s->doc, "shares", "Shares by category");
    ranges_figure(s);
    shares_table(s);
    tidy_table(s);
}
