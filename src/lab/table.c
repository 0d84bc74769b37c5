/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - the numbers that trials come to (summary.h) as a table, and the trials as CSV. */
#include "base/csv.h"
#include "base/format.h"
#include "lab/summary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- table ---- */

/* 1000000 as "1M"; all as "all". */
static const char *size_text(uint64_t v, char buf[24])
{
    static const char *const unit[] = { "", "k", "M", "G", "T" };
    int u = 0;

    if (v == BMX_LAB_ALL)
        return "all";
    while (u < 4 && v && v % 1000 == 0) {
        v /= 1000;
        u++;
    }
    bmx_snprintf(buf, 24, "%" PRIu64 "%s", v, unit[u]);
    return buf;
}

static bpemix_status put_cover(bmx_buf *out, const bmx_covering *c, bpemix_error *err)
{
    if (!c->n)
        return bmx_buf_addf(out, err, "  %14s", "-");
    return bmx_buf_addf(out, err, "  %5.1f %% %6.2f",
                        100 * (double)c->covered / (double)c->n, 100 * c->width / (double)c->n);
}

static bpemix_status put_plan(const bmx_lab_summary *m, bmx_buf *out, bpemix_error *err)
{
    static const char *const settings[] = {
        "samples drawn like the training text", "samples with other proportions of the sources",
        "samples from other sources than the training text", "samples that are the training text"
    };
    const bmx_lab_plan *p = &m->s->plan;
    char a[24];
    size_t n = 0;
    bpemix_status st = bmx_buf_addf(out, err, "%zu trial%s, ", m->trials,
                                    m->trials == 1 ? "" : "s");

    for (size_t k = 0; !st && k < (p->axes.n_categories ? p->axes.n_categories : 1); k++) {
        n = p->axes.n_categories ? (size_t)p->axes.categories[k] : p->categories;
        n = n ? n : m->s->n_cats;
        st = bmx_buf_addf(out, err, "%s%zu", k ? ", " : "", n);
    }
    if (!st)
        st = bmx_buf_addf(
        out, err, " categor%s, %" PRIu32 " merge%s trained on %s%s; %s%s\n",
        n == 1 ? "y" : "ies", p->learn, p->learn == 1 ? "" : "s",
        p->train_bytes == BMX_LAB_ALL ? "as much as the shares allow"
                                      : size_text(p->train_bytes, a),
        p->train_bytes == BMX_LAB_ALL ? "" : " bytes", settings[p->setting],
        !p->simulate                  ? ""
        : p->noise == BMX_NOISE_WORDS ? "; simulated, words one by one"
                                      : "; simulated, by document");

    if (!st && p->omit)
        st = bmx_buf_addf(out, err, "%zu categor%s missing from the samples%s", p->omit,
                          p->omit == 1 ? "y is" : "ies are",
                          p->axes.n_omit_shares > 1 || isnan(p->omit_share) ? "\n" : "");
    if (!st && p->omit && p->axes.n_omit_shares < 2 && !isnan(p->omit_share))
        st = bmx_buf_addf(out, err, ", %g %% of the training text\n", 100 * p->omit_share);
    if (!st && p->extra)
        st = bmx_buf_addf(out, err, "%zu candidate%s no share in the training text\n", p->extra,
                          p->extra == 1 ? " has" : "s have");
    if (!st && p->shuffle > 1)
        st = bmx_buf_addf(out, err, "the order of merges is lost within windows of %u\n",
                          p->shuffle);
    if (!st && p->inherit)
        st = bmx_buf_addf(out, err, "the first %u merge%s inherited from another mixture\n",
                          p->inherit, p->inherit == 1 ? " is" : "s are");
    return st ? st : bmx_buf_addf(out, err, "\n");
}

/* Of the column of methods. */
static int method_width(const bmx_lab_summary *m)
{
    size_t width = 20;

    for (size_t k = 0; k < m->s->plan.n_methods; k++)
        if (strlen(m->s->plan.method[k].name) > width)
            width = strlen(m->s->plan.method[k].name);
    return (int)width;
}

/* In front of a line, what the sweep has several of; without a line, the names of these columns. */
static bpemix_status put_values(const bmx_lab_summary *m, const bmx_lab_line *l, bmx_buf *out,
                                bpemix_error *err)
{
    bmx_lab_plan p = bmx_lab_plan_at(&m->s->plan, l ? l->point : 0);
    bpemix_status st = BPEMIX_OK;

    if (p.axes.n_categories > 1)
        st = !l ? bmx_buf_addf(out, err, "categories  ")
                : bmx_buf_addf(out, err, "%10zu  ", p.categories ? p.categories : m->s->n_cats);
    if (!st && p.axes.n_omit_shares > 1)
        st = !l ? bmx_buf_addf(out, err, "omitted, %%  ")
             : isnan(p.omit_share) ? bmx_buf_addf(out, err, "     drawn  ")
                                   : bmx_buf_addf(out, err, "%10g  ", 100 * p.omit_share);
    if (!st && p.axes.n_folds > 1)
        st = l ? bmx_buf_addf(out, err, "%5u  ", l->folds) : bmx_buf_addf(out, err, "folds  ");
    return st;
}

/* What the line is of, and how near its categories or groups came. */
static bpemix_status put_accuracy(const bmx_lab_summary *m, const bmx_lab_line *l,
                                  const bmx_lab_accuracy *of, bmx_buf *out, bpemix_error *err)
{
    char a[24], b[24], c[24] = "-"; /* without an error there is no logarithm of it */
    bpemix_status st = put_values(m, l, out, err);

    if (!st)
        st = bmx_buf_addf(out, err, "%6s  ", size_text(l->sample_bytes, a));

    bmx_snprintf(b, sizeof b, "%.0f", bmx_mean_of(&l->merges));
    if (of->log10_mse.n)
        bmx_snprintf(c, sizeof c, "%.2f", bmx_mean_of(&of->log10_mse));
    if (!st)
        st = bmx_buf_addf(out, err, "%7s  %-*s %7s", l->merges.n ? b : "-",
                          method_width(m), m->s->plan.method[l->method].name, c);
    if (!st)
        st = of->log10_mse.n > 1
                 ? bmx_buf_addf(out, err, " +- %4.2f", bmx_mean_error(&of->log10_mse))
                 : bmx_buf_addf(out, err, "        ");
    if (!st)
        st = bmx_buf_addf(out, err, "  %8.3f", 100 * bmx_mean_of(&of->rms));
    for (int k = 0; k < BMX_COVERINGS && !st; k++)
        st = put_cover(out, &of->cover[k], err);
    return st;
}

/* Of the column that compares with the baseline, "vs NAME" or "+0.17 +- 0.01". */
static int versus_width(const bmx_lab_summary *m)
{
    int heading = 3 + (int)strlen(m->s->plan.method[m->baseline].name);

    return heading > 13 ? heading : 13;
}

static bpemix_status put_line(const bmx_lab_summary *m, const bmx_lab_line *l, bmx_buf *out,
                              bpemix_error *err)
{
    bool judged = m->s->plan.method[l->method].kind == BMX_LAB_SOLVE && bmx_lab_judged(l);
    bpemix_status st = put_accuracy(m, l, &l->categories, out, err);
    char versus[40] = "";

    if (l->versus.n > 1)
        bmx_snprintf(versus, sizeof versus, "%+5.2f +- %4.2f", bmx_mean_of(&l->versus),
                     bmx_mean_error(&l->versus));
    else if (l->versus.n)
        bmx_snprintf(versus, sizeof versus, "%+5.2f", bmx_mean_of(&l->versus));
    if (!st && judged)
        st = bmx_buf_addf(out, err, "  %-*s  %zu/%zu/%zu/%zu", versus_width(m), versus,
                          l->level[BMX_LEVEL_GOOD], l->level[BMX_LEVEL_FAIR],
                          l->level[BMX_LEVEL_POOR], l->level[BMX_LEVEL_UNUSABLE]);
    else if (!st && *versus)
        st = bmx_buf_addf(out, err, "  %s", versus);
    return st ? st : bmx_buf_addf(out, err, "\n");
}

/* How well the size of the training text is estimated from the ties of the lists. */
static bpemix_status put_ties(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err)
{
    size_t n = 0, close = 0, none = 0;
    double low = INFINITY, high = 0;

    for (size_t k = 0; k < s->trials.runs; k++) {
        double ratio = s->trials.outcome[k].pairs_from_ties / s->trials.outcome[k].pairs;

        if (!s->trials.outcome[k].n || isnan(s->trials.outcome[k].pairs))
            continue;
        if (isnan(ratio)) {
            none++;
            continue;
        }
        n++;
        close += ratio > 1 / 3.0 && ratio < 3;
        low = fmin(low, ratio);
        high = fmax(high, ratio);
    }
    if (!n && !none)
        return BPEMIX_OK;
    if (!n)
        return bmx_buf_addf(out, err, "size of the training text from ties: none show\n");
    return bmx_buf_addf(out, err,
                        "size of the training text from ties: %zu of %zu within a factor of 3 "
                        "(%.2f to %.2f of it)\n",
                        close, n + none, low, high);
}

/* The names of the columns, up to where lines of groups end. */
static bpemix_status put_heading(const bmx_lab_summary *m, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = put_values(m, NULL, out, err);

    return st ? st
              : bmx_buf_addf(out, err, "%6s  %7s  %-*s %15s  %8s  %14s  %14s  %14s", "sample",
                             "merges", method_width(m), "method", "log10 MSE", "RMS, %",
                             "inner range", "outer range", "from folds");
}

/* The same of groups. */
static bpemix_status put_groups(const bmx_lab_summary *m, bmx_buf *out, bpemix_error *err)
{
    const bmx_lab_plan *p = &m->s->plan;
    bpemix_status st = BPEMIX_OK;

    if (!p->n_groups)
        return BPEMIX_OK;
    for (size_t g = 0; g < p->n_groups && !st; g++)
        st = bmx_buf_addf(out, err, "%s%s", g ? ", " : "\ngroups: ", p->group[g].share.name);
    if (!st && !(st = bmx_buf_addc(out, '\n', err)) && !(st = put_heading(m, out, err)))
        st = bmx_buf_addc(out, '\n', err);
    for (size_t k = 0; k < m->n && !st; k++)
        if (m->line[k].groups.rms.n && !(st = put_accuracy(m, &m->line[k], &m->line[k].groups, out,
                                                           err)))
            st = bmx_buf_addc(out, '\n', err);
    return st;
}

/* How many claims are refused, true ones and others. */
static bpemix_status put_claims(const bmx_lab_summary *m, bmx_buf *out, bpemix_error *err)
{
    static const char *const kind[BMX_LAB_KINDS] = { "samples taken for alike",
                                                     "for other sources' text" };
    bpemix_status st = BPEMIX_OK;
    bool told = false;
    char a[24];

    for (size_t k = 0; k < m->n; k++)
        for (int i = 0; i < BMX_LAB_KINDS && m->line[k].claims[0] && !st; i++) {
            const bmx_lab_line *l = &m->line[k];

            if (!told)
                st = bmx_buf_addf(
                    out, err,
                    "\nclaims refused at a level of %g %%, of the truth and of what is "
                    "off by 1, 2, 5, 10 points\n",
                    100 * BMX_LAB_REFUSED_BELOW);
            told = true;
            if (!st && !(st = put_values(m, l, out, err)))
                st = bmx_buf_addf(out, err, "%6s  %7.0f  %-24s", size_text(l->sample_bytes, a),
                                  bmx_mean_of(&l->merges), kind[i]);
            for (size_t c = 0; c < BMX_LAB_CLAIMS && !st; c++)
                st = l->claims[c]
                         ? bmx_buf_addf(out, err, " %5.1f %%",
                                        100 * (double)l->refused[i][c] / (double)l->claims[c])
                         : bmx_buf_addf(out, err, "       -");
            if (!st)
                st = bmx_buf_addc(out, '\n', err);
        }
    return st;
}

/* In how many trials a category of the panel stands out, by what the trials lack. */
static bpemix_status put_named(const bmx_lab_summary *m, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    bool told = false;
    char a[24];

    for (size_t k = 0; k < m->n && !st; k++) {
        const bmx_lab_line *l = &m->line[k];

        if (!l->looked_up)
            continue;
        if (!told)
            st = bmx_buf_addf(out, err,
                              "\ntrials in which merges in no sample make a category of "
                              "the panel stand out\n");
        told = true;
        if (!st && !(st = put_values(m, l, out, err)))
            st = bmx_buf_addf(out, err,
                              "%6s  %7.0f  %-*s  one that is left out: %zu of %zu, "
                              "another: %zu\n",
                              size_text(l->sample_bytes, a), bmx_mean_of(&l->merges),
                              method_width(m), m->s->plan.method[l->method].name, l->named_omitted,
                              l->looked_up, l->named_other);
    }
    return st;
}

bpemix_status bmx_lab_table(const bmx_lab_sweep *s, const char *baseline, bmx_buf *out,
                            bpemix_error *err)
{
    bmx_lab_summary m;
    bpemix_status st = bmx_lab_summarize(&m, s, baseline, err);

    if (st)
        return st;
    if (!(st = put_plan(&m, out, err)) && !(st = put_heading(&m, out, err)))
        st = bmx_buf_addf(out, err, "  vs %-*s  verdicts\n", versus_width(&m) - 3,
                          s->plan.method[m.baseline].name);
    for (size_t k = 0; k < m.n && !st; k++)
        st = put_line(&m, &m.line[k], out, err);
    if (!st)
        st = put_groups(&m, out, err);
    if (!st)
        st = bmx_buf_addf(out, err,
                          "\nlog10 MSE: of shares, mean and standard error over trials; ranges: "
                          "how many hold the truth,\nand their mean width in points; verdicts: "
                          "how many are good/fair/poor/unusable\n");
    if (!st)
        st = put_claims(&m, out, err);
    if (!st)
        st = put_named(&m, out, err);
    if (!st)
        st = put_ties(s, out, err);
    bmx_free(m.line);
    return st;
}

/* ---- CSV ---- */

static bpemix_status put_number(bmx_buf *out, double v, bpemix_error *err)
{
    return isfinite(v) ? bmx_buf_addf(out, err, ",%.6g", v) : bmx_buf_addc(out, ',', err);
}

static bpemix_status put_amount(bmx_buf *out, uint64_t v, bpemix_error *err)
{
    return v == BMX_LAB_ALL ? bmx_buf_addf(out, err, ",all")
                            : bmx_buf_addf(out, err, ",%" PRIu64, v);
}

/* Errors and ranges of the n categories or groups of a row from `first` on. */
static bpemix_status csv_accuracy(const bmx_lab_outcome *o, const bmx_lab_row *r, size_t first,
                                  size_t n, bmx_buf *out, bpemix_error *err)
{
    const double *truth = o->truth + first, *share = r->value[BMX_LAB_SHARE] + first;
    bmx_lab_accuracy a = { 0 };
    double worst = n ? 0 : (double)NAN;
    bpemix_status st;

    bmx_lab_measure(&a, o, r, first, n);
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(share[i] - truth[i]));
    if (!(st = put_number(out, n ? bmx_log10_mse(truth, share, n) : NAN, err)) &&
        !(st = put_number(out, n ? bmx_rms_error(truth, share, n) : NAN, err)))
        st = put_number(out, worst, err);
    for (int c = 0; c < BMX_COVERINGS && !st; c++)
        if (!(st = bmx_buf_addf(out, err, ",%zu,%zu", a.cover[c].n, a.cover[c].covered)))
            st = put_number(out, a.cover[c].n ? a.cover[c].width / (double)a.cover[c].n : NAN,
                            err);
    return st;
}

/* Names are the panel's, which may hold anything. */
static bpemix_status csv_named(const bmx_lab_row *r, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addc(out, ',', err);

    if (!st)
        st = bmx_csv_field(out, r->named ? r->named : "", false, err);
    return st ? st : bmx_buf_addf(out, err, ",%d", r->named_omitted);
}

static bpemix_status csv_row(const bmx_lab_sweep *s, const bmx_lab_outcome *o, const bmx_lab_row *r,
                             bmx_buf *out, bpemix_error *err)
{
    bmx_lab_plan p = bmx_lab_plan_at(&s->plan, o->point);
    bpemix_status st;

    st = bmx_buf_addf(out, err, "%" PRIu64 ",%zu,%" PRIu64, o->trial, o->n, o->train_bytes);
    if (!st && !(st = put_amount(out, r->sample_bytes, err)))
        st = put_amount(out, r->merges_asked, err);
    if (!st)
        st = bmx_buf_addf(out, err, ",%u,%s", r->merges, s->plan.method[r->method].name);
    if (!st && !(st = csv_accuracy(o, r, 0, o->n, out, err)) &&
        !(st = put_number(out, r->slack, err)) &&
        !(st = bmx_buf_addf(out, err, ",%u", r->missing)) &&
        !(st = put_number(out, r->missing_ratio, err)))
        st = put_number(out, o->omitted, err);
    if (!st)
        st = bmx_buf_addf(out, err, ",%s", r->level ? bmx_level_name(r->level) : "");
    for (int k = 0; k < 2 && !st; k++)
        st = put_number(out, r->delta[k], err);
    for (size_t c = 0; c < BMX_LAB_CLAIMS && !st; c++)
        st = put_number(out, r->excess[c], err);
    if (!st)
        st = bmx_buf_addf(out, err, ",%zu", p.categories ? p.categories : s->n_cats);
    if (!st && !(st = put_number(out, p.omit_share, err)))
        st = bmx_buf_addf(out, err, ",%u", r->folds);
    if (!st && s->plan.n_groups && !(st = bmx_buf_addf(out, err, ",%zu", o->n_groups)))
        st = csv_accuracy(o, r, o->n, o->n_groups, out, err);
    if (!st && s->plan.panel)
        st = csv_named(r, out, err);
    return st ? st : bmx_buf_addc(out, '\n', err);
}

bpemix_status bmx_lab_csv(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = bmx_lab_fit_efficiency(s, err);

    if (!st)
        st = bmx_buf_addf(
            out, err,
            "trial,candidates,train_bytes,sample_bytes,merges_asked,merges,method,"
            "log10_mse,rms_error,largest_error,inner,inner_covered,inner_width,"
            "outer,outer_covered,outer_width,folds,folds_covered,folds_width,"
            "slack_relative,merges_missing,missing_ratio,omitted,verdict,"
            "inner_delta,outer_delta,excess_true,excess_1,excess_2,excess_5,excess_10,"
            "categories_asked,omit_share_asked,folds_asked");
    if (!st && s->plan.n_groups)
        st = bmx_buf_addf(out, err,
                          ",groups,groups_log10_mse,groups_rms_error,groups_largest_error,"
                          "groups_inner,groups_inner_covered,groups_inner_width,"
                          "groups_outer,groups_outer_covered,groups_outer_width,"
                          "groups_folds,groups_folds_covered,groups_folds_width");
    if (!st && s->plan.panel)
        st = bmx_buf_addf(out, err, ",named,named_omitted");
    if (!st)
        st = bmx_buf_addc(out, '\n', err);
    for (size_t k = 0; k < s->trials.runs && !st; k++)
        for (size_t r = 0; r < s->trials.outcome[k].n_rows && !st; r++)
            st = csv_row(s, &s->trials.outcome[k], &s->trials.outcome[k].row[r], out, err);
    return st;
}
