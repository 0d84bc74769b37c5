/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.c - see study.h.  The categories of all results are put together in order of first
 * appearance, given their groups, and sorted: groups in the order of the labels, and in a
 * group the largest share first. */
#include "report/study.h"
#include "base/format.h"
#include "report/palette.h"
#include "report/write.h"
#include "result/group_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OTHER "other"

static size_t find_category(const bmx_study *s, const char *name, size_t len)
{
    for (size_t i = 0; i < s->n_cats; i++)
        if (strlen(s->cat[i].name) == len && !memcmp(s->cat[i].name, name, len))
            return i;
    return BMX_STUDY_NONE;
}

static void add_categories(bmx_study *s)
{
    size_t most = 0;

    for (size_t e = 0; e < s->n_entries; e++)
        most += s->entry[e].result->n_cats;
    s->cat = bmx_doc_alloc(s->doc, most, sizeof *s->cat);
    for (size_t e = 0; s->cat && e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        for (size_t i = 0; i < r->n_cats; i++) {
            const char *name = r->share[i].name;
            size_t at = find_category(s, name, strlen(name));
            bmx_mark m = bmx_mark_of_share(&r->share[i], s->unit);
            if (at == BMX_STUDY_NONE) {
                at = s->n_cats++;
                s->cat[at] = (bmx_study_category){ name, name, BMX_STUDY_NONE, 0 };
            }
            if (m.value > s->cat[at].most)
                s->cat[at].most = m.value;
        }
    }
}

/* The group of this name, added when it is new. */
static size_t get_group(bmx_study *s, const char *name, size_t len)
{
    for (size_t g = 0; g < s->n_groups; g++)
        if (strlen(s->group[g].name) == len && !memcmp(s->group[g].name, name, len))
            return g;
    s->group[s->n_groups].name = bmx_doc_text(s->doc, "%.*s", (int)len, name);
    s->group[s->n_groups].color = (unsigned)s->n_groups;
    return s->n_groups++;
}

/* A line may name categories that no result has. */
static bpemix_status groups_of_file(bmx_study *s)
{
    bmx_group_file file = { .lines.at = s->opts->groups, .name = s->opts->groups_path };
    bmx_group_line line;
    bool more;
    bpemix_status st;

    while (!(st = bmx_group_file_next(&file, &line, &more, s->doc->err)) && more) {
        size_t at = find_category(s, line.category.ptr, line.category.len);

        if (at == BMX_STUDY_NONE)
            continue;
        if (s->cat[at].group != BMX_STUDY_NONE)
            return bmx_group_file_twice(&file, s->doc->err);
        s->cat[at].group = get_group(s, line.group.ptr, line.group.len);
        if (line.label.len)
            s->cat[at].label = bmx_doc_text(s->doc, "%.*s", (int)line.label.len, line.label.ptr);
    }
    return st;
}

/* The labels of the first result that has any. */
static bool groups_of_results(bmx_study *s)
{
    for (size_t e = 0; e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        for (size_t g = 0; g < r->n_groups; g++)
            for (size_t k = 0; k < r->group[g].n_members; k++) {
                const char *name = r->share[r->group[g].member[k]].name;
                size_t at = find_category(s, name, strlen(name));
                if (at != BMX_STUDY_NONE && s->cat[at].group == BMX_STUDY_NONE)
                    s->cat[at].group = get_group(s, r->group[g].share.name,
                                                 strlen(r->group[g].share.name));
            }
        if (r->n_groups)
            return true;
    }
    return false;
}

/* Without labels each category is a group.  As there are eight colours, the largest seven are kept
 * and the others form one group. */
static void groups_by_size(bmx_study *s)
{
    bool all = s->n_cats <= BMX_COLORS;

    for (size_t k = 0; k < s->n_cats && (all || k < BMX_COLORS - 1); k++) {
        size_t best = BMX_STUDY_NONE;
        for (size_t i = 0; i < s->n_cats; i++)
            if (s->cat[i].group == BMX_STUDY_NONE &&
                (best == BMX_STUDY_NONE || s->cat[i].most > s->cat[best].most))
                best = i;
        s->cat[best].group = get_group(s, s->cat[best].label, strlen(s->cat[best].label));
    }
}

static int by_group(const void *a, const void *b)
{
    const bmx_study_category *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->most != y->most)
        return x->most > y->most ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void order_categories(bmx_study *s)
{
    for (size_t i = 0; i < s->n_cats; i++)
        if (s->cat[i].group == BMX_STUDY_NONE)
            s->cat[i].group = get_group(s, OTHER, strlen(OTHER));
    if (s->n_cats)
        qsort(s->cat, s->n_cats, sizeof *s->cat, by_group);
    for (size_t i = s->n_cats; i-- > 0;) {
        s->group[s->cat[i].group].first = i;
        s->group[s->cat[i].group].n++;
    }
    for (size_t e = 0; e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        for (size_t i = 0; i < s->n_cats; i++)
            s->index[e * s->n_cats + i] = BMX_STUDY_NONE;
        for (size_t i = 0; i < r->n_cats; i++)
            s->index[e * s->n_cats + find_category(s, r->share[i].name, strlen(r->share[i].name))] =
                i;
    }
}

/* The headline unit of all results, or bytes where they differ. */
static bmx_unit headline_unit(const bmx_report_entry *entry, size_t n)
{
    for (size_t e = 0; e < n; e++)
        if (entry[e].result->unit != BMX_UNIT_MERGES)
            return BMX_UNIT_BYTES;
    return n ? BMX_UNIT_MERGES : BMX_UNIT_BYTES;
}

bpemix_status bmx_study_init(bmx_study *s, bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                             const bmx_build_opts *opts)
{
    *s = (bmx_study){
        .doc = doc, .entry = entry, .n_entries = n, .opts = opts,
        .unit = opts->unit < BMX_UNITS ? opts->unit : headline_unit(entry, n)
    };
    add_categories(s);
    s->group = bmx_doc_alloc(doc, s->n_cats + 1, sizeof *s->group);
    s->index = bmx_doc_alloc(doc, n * s->n_cats, sizeof *s->index);
    if (doc->status)
        return doc->status;
    if (opts->groups) {
        bpemix_status st = groups_of_file(s);
        if (st)
            return doc->status = st;
        s->grouped = true;
    } else if (!(s->grouped = groups_of_results(s))) {
        groups_by_size(s);
    }
    order_categories(s);
    return doc->status;
}

bmx_mark bmx_mark_of_share(const bpemix_share *share, bmx_unit unit)
{
    bpemix_range range = bmx_outer_range_in(share, unit);
    bmx_mark m = { bmx_share_in(share, unit), range.low, range.high, false };

    m.loose = isnan(m.value) || (isfinite(range.low) && !bmx_result_identified(share, unit));
    if (isnan(m.low) && unit == BMX_UNIT_BYTES &&
        share->low_bytes <= share->high_bytes) { /* of folds */
        m.low = share->low_bytes;
        m.high = share->high_bytes;
    }
    return m;
}

bmx_mark bmx_study_category_mark(const bmx_study *s, size_t e, size_t i)
{
    size_t at = s->index[e * s->n_cats + i];

    if (at == BMX_STUDY_NONE)
        return (bmx_mark){ NAN, NAN, NAN, false };
    return bmx_mark_of_share(&s->entry[e].result->share[at], s->unit);
}

/* Does the group of the result consist of the categories of group g that the result has? */
static bool same_members(const bmx_study *s, size_t e, const bmx_group *own, size_t g)
{
    const bpemix_result *r = s->entry[e].result;
    size_t n = 0;

    for (size_t i = s->group[g].first; i < s->group[g].first + s->group[g].n; i++)
        n += s->index[e * s->n_cats + i] != BMX_STUDY_NONE;
    for (size_t k = 0; k < own->n_members; k++) {
        const char *name = r->share[own->member[k]].name;
        size_t i = find_category(s, name, strlen(name));
        if (i == BMX_STUDY_NONE || s->cat[i].group != g)
            return false;
    }
    return n == own->n_members;
}

/* The sum of the categories of a group; of those alone whose share is known, if there is any. */
static void sum_of(const bmx_study *s, size_t e, size_t g, bmx_mark *sum)
{
    size_t n = 0, known = 0; /* of the group, of all */

    for (size_t i = 0; i < s->n_cats; i++) {
        bmx_mark m = bmx_study_category_mark(s, e, i);

        if (s->cat[i].group == g && m.loose && isnan(m.value) && !n)
            *sum = m; /* offered, but not known */
        if (isnan(m.value))
            continue;
        known++;
        if (s->cat[i].group == g && !n++)
            *sum = m;
        else if (s->cat[i].group == g)
            *sum = (bmx_mark){ sum->value + m.value, fmin(sum->low + m.low, 1),
                               fmin(sum->high + m.high, 1), sum->loose || m.loose };
    }
    if (n > 1 && n == known) /* all there is, however its parts may be divided */
        sum->loose = false;
    if (n > 1 && !sum->loose)
        sum->low = sum->high = NAN; /* the bounds are wider than the range of the sum, which is not
                                       known */
}

bmx_mark bmx_study_group_mark(const bmx_study *s, size_t e, size_t g)
{
    const bpemix_result *r = s->entry[e].result;
    bmx_mark sum = { NAN, NAN, NAN, false };

    for (size_t k = 0; k < r->n_groups; k++)
        if (same_members(s, e, &r->group[k], g))
            return bmx_mark_of_share(&r->group[k].share, s->unit);
    for (size_t k = 0; k < r->n_inseparable; k++)
        if (same_members(s, e, &r->inseparable[k], g))
            return bmx_mark_of_share(&r->inseparable[k].share, s->unit);
    sum_of(s, e, g, &sum);
    return sum;
}

bmx_mark bmx_study_sweep_mark(const bmx_study *s, size_t e, const bmx_sweep_point *p, size_t g)
{
    const double *share[] = { p->share_bytes, p->share_pairs, p->share_merges };
    bool unusable = s->entry[e].result->verdict.level == BMX_LEVEL_UNUSABLE;
    double sum = NAN;

    if (!share[s->unit])
        return (bmx_mark){ NAN, NAN, NAN, true };
    for (size_t i = s->group[g].first; i < s->group[g].first + s->group[g].n; i++) {
        size_t at = s->index[e * s->n_cats + i];
        if (at != BMX_STUDY_NONE && isfinite(share[s->unit][at])) /* others are not known */
            sum = share[s->unit][at] + (isnan(sum) ? 0 : sum);
    }
    return (bmx_mark){ sum, NAN, NAN, unusable || bmx_study_group_mark(s, e, g).loose };
}

bmx_tone bmx_tone_of(const bpemix_result *r)
{
    switch (r->verdict.level) {
    case BMX_LEVEL_GOOD: return BMX_TONE_GOOD;
    case BMX_LEVEL_FAIR: return BMX_TONE_FAIR;
    case BMX_LEVEL_POOR: return BMX_TONE_POOR;
    case BMX_LEVEL_UNUSABLE: return BMX_TONE_UNUSABLE;
    default: return BMX_TONE_PLAIN;
    }
}

const char *bmx_study_mark_text(const bmx_study *s, const bmx_mark *m)
{
    char value[40], low[40], high[40];

    bmx_fixed(value, 100 * m->value, 1);
    bmx_fixed(low, 100 * m->low, 1);
    bmx_fixed(high, 100 * m->high, 1);
    if (m->loose)
        return isfinite(m->low) ? bmx_doc_text(s->doc, "%s .. %s", low, high) : "not determined";
    if (isnan(m->value))
        return "";
    if (isfinite(m->low))
        return bmx_doc_text(s->doc, "%s [%s, %s]", value, low, high);
    return bmx_doc_text(s->doc, "%s", value);
}

const char *bmx_study_cell_text(const bmx_study *s, size_t e, const bmx_mark *m)
{
    bool known = m->loose || isfinite(m->value);

    return known && s->entry[e].result->verdict.level == BMX_LEVEL_UNUSABLE
               ? "not quoted"
               : bmx_study_mark_text(s, m);
}

const char *bmx_study_percent(bmx_doc *d, double v, int decimals)
{
    char text[40];

    return isfinite(v) ? bmx_doc_text(d, "%s %%", bmx_fixed(text, 100 * v, decimals)) : "not known";
}

const char *bmx_study_bytes(bmx_doc *d, uint64_t n)
{
    double v = (double)n;
    const char *unit = bmx_bytes_unit(&v);
    char text[40];

    return bmx_doc_text(d, "%s %s", bmx_fixed(text, v, *unit != 'B' && v < 99.95 ? 1 : 0), unit);
}

uint64_t bmx_study_sample_bytes(const bpemix_result *r)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < r->n_cats; i++)
        sum += r->share[i].sample_bytes;
    return sum;
}
