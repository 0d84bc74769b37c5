/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.c - a report from several results: its title and sections, the verdicts, the provenance. 
 * The figures and their tables are in build_shares.c and build_more.c. */
#include "report/study.h"
#include "report/write.h"
#include "bpemix.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *report_title(bmx_doc *d, const bmx_report_entry *entry, size_t n)
{
    const char *text = "";

    if (n > 4)
        return bmx_doc_text(d, "Training mixtures of %zu tokenizers, as their merges tell", n);
    for (size_t e = 0; e < n; e++)
        text = bmx_doc_text(d, "%s%s%s", text,
                            e == 0       ? ""
                            : e + 1 == n ? " and "
                                         : ", ",
                            entry[e].label);
    return bmx_doc_text(d, "Training mixture of %s, as %s merges tell", text,
                        n > 1 ? "their" : "its");
}

bpemix_status bmx_build_report(bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                               const bmx_build_opts *opts, bpemix_error *err)
{
    bmx_study s;

    *doc = (bmx_doc){ .err = err };
    if (bmx_study_init(&s, doc, entry, n, opts))
        return doc->status;
    doc->title = opts->title ? bmx_doc_copy(doc, opts->title) : report_title(doc, entry, n);
    bmx_build_verdicts(&s);
    bmx_build_mixture(&s);
    bmx_build_shares(&s);
    bmx_build_sweeps(&s);
    bmx_build_missing(&s);
    bmx_build_evidence(&s);
    bmx_build_provenance(&s);
    return doc->status;
}

/* ---- verdicts ---- */

/* "code 40.3 % [38.1, 42.0], English 26.1 %, ..." of the largest groups. */
static const char *largest_groups(bmx_study *s, size_t e)
{
    const char *text = "";
    double below = INFINITY;
    size_t last = BMX_STUDY_NONE;

    for (int k = 0; k < 3; k++) {
        size_t best = BMX_STUDY_NONE;
        double share = 0.0005; /* shares that would be printed as 0.0 are left out */
        for (size_t g = 0; g < s->n_groups; g++) {
            bmx_mark m = bmx_study_group_mark(s, e, g);
            bool later = m.value < below ||
                         (m.value == below && g > last && last != BMX_STUDY_NONE);
            if (isfinite(m.value) && later && m.value > share) {
                best = g;
                share = m.value;
            }
        }
        if (best == BMX_STUDY_NONE)
            break;
        bmx_mark m = bmx_study_group_mark(s, e, best);
        char buf[40];
        text = bmx_doc_text(s->doc, "%s%s%s ", text, k ? ", " : "", s->group[best].name);
        if (m.loose)
            text = bmx_doc_text(s->doc, "%s%s", text, bmx_study_mark_text(s, &m));
        else
            text = bmx_doc_text(s->doc, "%s%s", text, bmx_fixed(buf, 100 * m.value, 1));
        below = share;
        last = best;
    }
    return text;
}

/* Nothing where no share is known. */
static const char *claim_of(bmx_study *s, const char *groups)
{
    return *groups ? bmx_doc_text(s->doc, "In %% of %s: %s. ", bmx_unit_name(s->unit), groups) : "";
}

static void verdict_of(bmx_study *s, size_t e)
{
    const bpemix_result *r = s->entry[e].result;
    const char *level = bmx_level_name(r->verdict.level), *text = "";
    bmx_node *node;
    size_t claim;

    if (r->verdict.level == BMX_LEVEL_UNUSABLE)
        text = "The shares of this tokenizer are not to be quoted. ";
    else
        text = claim_of(s, largest_groups(s, e));
    claim = text ? strlen(text) : 0;
    for (size_t k = 0; k < r->verdict.n_reasons; k++) {
        const char *reason = r->verdict.reason[k].text;
        size_t n = strlen(reason);
        text = bmx_doc_text(s->doc, "%s%c%s%s ", text,
                            reason[0] >= 'a' && reason[0] <= 'z' ? reason[0] - 32 : reason[0],
                            n ? reason + 1 : "", n && strchr(".!?", reason[n - 1]) ? "" : ".");
    }
    if (!r->verdict.n_reasons && isfinite(r->slack_relative))
        text = bmx_doc_text(s->doc,
                            "%sThe merges miss their best explanation by %s of their counts. ",
                            text, bmx_study_percent(s->doc, r->slack_relative, 1));
    /* unless it is one of the reasons */
    if (r->uncovered.sentence && *r->uncovered.sentence && !strstr(text, r->uncovered.sentence + 1))
        text = bmx_doc_text(
            s->doc, "%s%c%s%s", text,
            *r->uncovered.sentence >= 'a' && *r->uncovered.sentence <= 'z'
                ? *r->uncovered.sentence - 32
                : *r->uncovered.sentence,
            *r->uncovered.sentence ? r->uncovered.sentence + 1 : "",
            strchr(".!?", r->uncovered.sentence[strlen(r->uncovered.sentence) - 1]) ? "" : ".");
    node = bmx_doc_paragraph(
        s->doc, bmx_tone_of(r),
        bmx_doc_text(s->doc, "%s: %s.", s->entry[e].label, level ? level : "not judged"), text);
    if (node && text && text[claim])
        node->claim = claim;
}

void bmx_build_verdicts(bmx_study *s)
{
    bool merges = false;

    bmx_doc_section(s->doc, "verdict", "Verdict");
    for (size_t e = 0; e < s->n_entries; e++) {
        verdict_of(s, e);
        merges |= s->entry[e].result->unit == BMX_UNIT_MERGES && s->unit != BMX_UNIT_MERGES;
    }
    bmx_doc_paragraph(s->doc, BMX_TONE_PLAIN, NULL,
                      "Shares are relative to the categories that were offered: text of a kind "
                      "without a sample is "
                      "explained by the nearest ones.");
    if (merges)
        bmx_doc_paragraph(
            s->doc, BMX_TONE_PLAIN, NULL,
            "Some of these lists begin with merges of another tokenizer. What the merges behind "
            "them tell is the share of merges rather than of bytes.");
    if (s->unit == BMX_UNIT_MERGES)
        bmx_doc_paragraph(
            s->doc, BMX_TONE_PLAIN, NULL,
            "Shares are of the occurrences of the constrained merges. They tell what these were "
            "learned from, not what the whole list was.");
}

/* ---- provenance ---- */

typedef struct provenance_row {
    const char *name;
    const char *(*text)(bmx_doc *d, const bpemix_result *r);
} provenance_row;

static const char *known(bmx_doc *d, const char *text)
{
    return text ? bmx_doc_copy(d, text) : "not known";
}

static const char *file_text(bmx_doc *d, const bpemix_result *r) { return known(d, r->facts.path); }
static const char *format_text(bmx_doc *d, const bpemix_result *r)
{
    return known(d, r->facts.format);
}
static const char *digest_text(bmx_doc *d, const bpemix_result *r)
{
    return known(d, r->facts.digest);
}
static const char *unit_text(bmx_doc *d, const bpemix_result *r)
{
    return known(d, bmx_values_text(&r->count_options, "text_unit"));
}

static const char *merges_text(bmx_doc *d, const bpemix_result *r)
{
    return bmx_doc_text(d,
                        "%" PRIu32 ":%" PRIu32 ", %" PRIu32 " constrained, %" PRIu32
                        " in no sample, %" PRIu32 " excluded",
                        r->merge_from, r->merge_to, r->merges_used, r->merges_missing,
                        r->merges_excluded);
}

static const char *samples_text(bmx_doc *d, const bpemix_result *r)
{
    uint64_t documents = 0;

    for (size_t i = 0; i < r->n_cats; i++)
        documents += r->share[i].sample_documents;
    return bmx_doc_text(d, "%zu categor%s, %s in %" PRIu64 " document%s", r->n_cats,
                        r->n_cats == 1 ? "y" : "ies",
                        bmx_study_bytes(d, bmx_study_sample_bytes(r)), documents,
                        documents == 1 ? "" : "s");
}

static const char *method_text(bmx_doc *d, const bpemix_result *r)
{
    return bmx_doc_text(d, "%s, weights %s, %s, gap %.1e", bmx_method_name(r->main.method),
                        bmx_weights_name(r->main.weights),
                        r->main.status == BMX_SOLVER_OPTIMAL ? "optimal" : "stopped early",
                        r->main.gap);
}

static const char *ranges_text(bmx_doc *d, const bpemix_result *r)
{
    const char *folds = r->folds ? bmx_doc_text(d, "%" PRIu32 " folds", r->folds) : "";

    if (isfinite(r->range_outer_delta))
        return bmx_doc_text(d, "mixtures at most %s worse%s%s",
                            bmx_study_percent(d, r->range_outer_delta, 1),
                            *folds ? "; " : "", folds);
    return *folds ? folds : "none";
}

static const char *version_text(bmx_doc *d, const bpemix_result *r)
{
    return r->origin.version ? bmx_doc_copy(d, r->origin.version) : bpemix_version();
}

/* A column for each tokenizer or, if there are more than a few, a row. */
static void provenance_table(bmx_study *s)
{
    static const provenance_row row[] = {
        { "file", file_text }, { "format", format_text }, { "digest", digest_text },
        { "merges", merges_text }, { "samples", samples_text }, { "text unit", unit_text },
        { "method", method_text }, { "ranges", ranges_text }, { "bpemix", version_text },
    };
    enum { MOST_COLUMNS = 3 }; /* columns of digests and paths that fit on a page */
    const size_t n = sizeof row / sizeof *row, n_entries = s->n_entries;
    bool down = n_entries > MOST_COLUMNS;
    bmx_table *t = bmx_doc_table(s->doc, "provenance",
                                 "Tokenizers, by the SHA-256 of their merge lists",
                                 down ? n_entries : n, 1 + (down ? n : n_entries));

    if (!t)
        return;
    t->path_column = down ? 1 : 0;
    t->column[0].name = down ? "tokenizer" : "";
    for (size_t k = 0; down && k < n; k++)
        t->column[k + 1].name = row[k].name;
    for (size_t e = 0; !down && e < n_entries; e++)
        t->column[e + 1].name = s->entry[e].label;
    for (size_t k = 0; !down && k < n; k++)
        t->cell[k * t->n_columns] = row[k].name;
    for (size_t e = 0; e < n_entries; e++) {
        if (down)
            t->cell[e * t->n_columns] = s->entry[e].label;
        for (size_t k = 0; k < n; k++)
            t->cell[down ? e * t->n_columns + k + 1 : k * t->n_columns + e + 1] =
                row[k].text(s->doc, s->entry[e].result);
    }
}

/* A source, and which tokenizers were counted with it. */
typedef struct used_source {
    const bmx_result_source *source;
    const char *category, *users;
    size_t n_users;
} used_source;

static bool is_same_source(const used_source *x, const char *category,
                           const bmx_result_source *source)
{
    const char *a = x->source->path, *b = source->path;

    return (a && b ? !strcmp(a, b) : a == b) && x->source->checksum == source->checksum &&
           x->source->bytes == source->bytes && x->source->files == source->files &&
           !strcmp(x->category, category);
}

/* All sources; those that several tokenizers share are listed once. */
static used_source *list_sources(bmx_study *s, size_t *n)
{
    used_source *list;
    size_t most = 0;

    for (size_t e = 0; e < s->n_entries; e++)
        most += s->entry[e].result->n_sources;
    *n = 0;
    if (!most || !(list = bmx_doc_alloc(s->doc, most, sizeof *list)))
        return NULL;
    for (size_t e = 0; e < s->n_entries; e++) {
        const bpemix_result *r = s->entry[e].result;
        for (size_t k = 0; k < r->n_sources; k++) {
            const char *category = r->share[r->source[k].category].name;
            size_t i = 0;
            while (i < *n && !is_same_source(&list[i], category, &r->source[k]))
                i++;
            if (i == *n)
                list[(*n)++] = (used_source){ .source = &r->source[k], .category = category };
            list[i].users = list[i].n_users
                                ? bmx_doc_text(s->doc, "%s, %s", list[i].users, s->entry[e].label)
                                : s->entry[e].label;
            list[i].n_users++;
        }
    }
    return list;
}

static void sources_table(bmx_study *s)
{
    size_t n;
    used_source *list = list_sources(s, &n);
    bmx_table *t = n ? bmx_doc_table(s->doc, "sources", "Samples, by the XXH3 of their files", n, 6)
                     : NULL;

    if (!t)
        return;
    t->column[0].name = "category";
    t->column[1].name = "path";
    t->path_column = 1;
    t->column[2] = (bmx_column){ "files", true };
    t->column[3] = (bmx_column){ "bytes", true };
    t->column[4].name = "checksum";
    t->column[5].name = "tokenizer";
    for (size_t i = 0; i < n; i++) {
        const char **cell = t->cell + i * t->n_columns;
        cell[0] = list[i].category;
        cell[1] = list[i].source->path;
        cell[2] = bmx_doc_text(s->doc, "%" PRIu64, list[i].source->files);
        cell[3] = bmx_doc_text(s->doc, "%" PRIu64, list[i].source->bytes);
        cell[4] = bmx_doc_text(s->doc, "%016" PRIx64, list[i].source->checksum);
        cell[5] = list[i].n_users == s->n_entries && s->n_entries > 1 ? "all" : list[i].users;
    }
}

void bmx_build_provenance(bmx_study *s)
{
    bmx_doc_section(s->doc, "provenance", "Where the numbers come from");
    provenance_table(s);
    sources_table(s);
}
