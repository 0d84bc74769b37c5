/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.c - see summary.h. */
#include "lab/summary.h"
#include "diagnose/verify.h"
#include "lab/baseline.h"

#include <math.h>
#include <string.h>

void bmx_lab_measure(bmx_lab_accuracy *a, const bmx_lab_outcome *o, const bmx_lab_row *r,
                     size_t first, size_t n)
{
    static const int ends[BMX_COVERINGS][2] = {
        [BMX_COVER_INNER] = { BMX_LAB_INNER_LOW, BMX_LAB_INNER_HIGH },
        [BMX_COVER_OUTER] = { BMX_LAB_OUTER_LOW, BMX_LAB_OUTER_HIGH },
        [BMX_COVER_FOLDS] = { BMX_LAB_LOW, BMX_LAB_HIGH }
    };
    const double *truth = o->truth + first, *share = r->value[BMX_LAB_SHARE] + first;

    if (!n)
        return;
    bmx_mean_add(&a->log10_mse, bmx_log10_mse(truth, share, n));
    bmx_mean_add(&a->rms, bmx_rms_error(truth, share, n));
    for (int k = 0; k < BMX_COVERINGS; k++)
        bmx_cover(&a->cover[k], truth, r->value[ends[k][0]] + first, r->value[ends[k][1]] + first,
                  n);
}

static void judge_claims(bmx_lab_line *l, const bmx_lab_row *r)
{
    for (size_t c = 0; c < BMX_LAB_CLAIMS; c++) {
        double level[BMX_LAB_KINDS];

        if (isnan(r->excess[c]))
            continue;
        bmx_verify_level(r->excess[c], (bmx_delta){ r->delta[0], r->delta[1] },
                         &level[BMX_LAB_TAKEN_ALIKE], &level[BMX_LAB_TAKEN_OTHER]);
        l->claims[c]++;
        for (int k = 0; k < BMX_LAB_KINDS; k++)
            l->refused[k][c] += level[k] < BMX_LAB_REFUSED_BELOW;
    }
}

bool bmx_lab_judged(const bmx_lab_line *l)
{
    size_t n = 0;

    for (int k = BMX_LEVEL_GOOD; k <= BMX_LEVEL_UNUSABLE; k++)
        n += l->level[k];
    return n > 0;
}

/* Shares of the method "tee" follow from all trials of a point together: put them in. */
static bpemix_status fit_efficiency_at(const bmx_lab_sweep *s, size_t point, bpemix_error *err)
{
    size_t n = 0, total = (size_t)s->trials.n, points = bmx_lab_points(&s->plan);
    const double **e = bmx_malloc(total, sizeof *e), **truth = bmx_malloc(total, sizeof *truth);
    size_t *size = bmx_malloc(total, sizeof *size);
    bpemix_status st = e && truth && size ? BPEMIX_OK : bmx_nomem(err);

    for (size_t k = point; k < s->trials.runs && !st; k += points)
        if (s->trials.outcome[k].n && s->trials.outcome[k].efficiency) {
            e[n] = s->trials.outcome[k].efficiency;
            truth[n] = s->trials.outcome[k].truth;
            size[n++] = s->trials.outcome[k].n;
        }
    for (size_t k = point, at = 0; k < s->trials.runs && !st; k += points) {
        bmx_lab_outcome *o = &s->trials.outcome[k];

        if (!o->n || !o->efficiency)
            continue;
        for (size_t r = 0; r < o->n_rows; r++)
            if (s->plan.method[o->row[r].method].kind == BMX_LAB_TEE) {
                bmx_efficiency_shares(e, truth, size, n, at, o->row[r].value[BMX_LAB_SHARE]);
                bmx_lab_group_shares(s->plan.group, o, &o->row[r]);
            }
        at++;
    }
    bmx_free(e);
    bmx_free(truth);
    bmx_free(size);
    return st;
}

bpemix_status bmx_lab_fit_efficiency(const bmx_lab_sweep *s, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t p = 0; p < bmx_lab_points(&s->plan) && !st; p++)
        st = fit_efficiency_at(s, p, err);
    return st;
}

static bpemix_status find_line(bmx_lab_summary *m, size_t point, const bmx_lab_row *r,
                               bmx_lab_line **out, bpemix_error *err)
{
    bpemix_status st;

    for (size_t k = 0; k < m->n; k++)
        if (m->line[k].point == point && m->line[k].folds == r->folds &&
            m->line[k].sample_bytes == r->sample_bytes && m->line[k].method == r->method &&
            m->line[k].merges_asked == r->merges_asked) {
            *out = &m->line[k];
            return BPEMIX_OK;
        }
    if ((st = bmx_reserve(&m->line, &m->cap, m->n + 1, sizeof *m->line, err)))
        return st;
    m->line[m->n] = (bmx_lab_line){ .point = point,
                                    .folds = r->folds,
                                    .sample_bytes = r->sample_bytes,
                                    .merges_asked = r->merges_asked,
                                    .method = r->method };
    *out = &m->line[m->n++];
    return BPEMIX_OK;
}

static double error_of(const bmx_lab_outcome *o, const bmx_lab_row *r)
{
    return bmx_log10_mse(o->truth, r->value[BMX_LAB_SHARE], o->n);
}

/* The row of the baseline beside this one. */
static const bmx_lab_row *beside(const bmx_lab_outcome *o, const bmx_lab_row *r, uint32_t method)
{
    for (size_t k = 0; k < o->n_rows; k++)
        if (o->row[k].method == method && o->row[k].folds == r->folds &&
            o->row[k].sample_bytes == r->sample_bytes &&
            o->row[k].merges_asked == r->merges_asked)
            return &o->row[k];
    return NULL;
}

bpemix_status bmx_lab_summarize(bmx_lab_summary *m, const bmx_lab_sweep *s, const char *baseline,
                               bpemix_error *err)
{
    bpemix_status st = bmx_lab_fit_efficiency(s, err);

    *m = (bmx_lab_summary){ .s = s, .baseline = baseline ? BMX_NONE : 0 };
    for (size_t k = 0; baseline && k < s->plan.n_methods; k++)
        if (!strcmp(baseline, s->plan.method[k].name))
            m->baseline = (uint32_t)k;
    if (!st && m->baseline == BMX_NONE)
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, "baseline", "name one of the methods",
                           "'%s' is not among them", baseline);
    for (uint64_t t = 0; t < s->trials.n; t++) {
        bool any = false;

        for (size_t p = 0; p < bmx_lab_points(&s->plan); p++)
            any = any || s->trials.outcome[t * bmx_lab_points(&s->plan) + p].n;
        m->trials += any;
    }
    for (size_t k = 0; k < s->trials.runs && !st; k++) {
        const bmx_lab_outcome *o = &s->trials.outcome[k];

        for (size_t i = 0; i < o->n_rows && !st; i++) {
            const bmx_lab_row *r = &o->row[i], *base = beside(o, r, m->baseline);
            bmx_lab_line *l = NULL;

            if ((st = find_line(m, o->point, r, &l, err)))
                break;
            bmx_lab_measure(&l->categories, o, r, 0, o->n);
            bmx_lab_measure(&l->groups, o, r, o->n, o->n_groups);
            bmx_mean_add(&l->slack, r->slack);
            bmx_mean_add(&l->merges, r->merges ? (double)r->merges : (double)NAN);
            if (base && base != r)
                bmx_mean_add(&l->versus, error_of(o, r) - error_of(o, base));
            judge_claims(l, r);
            l->level[r->level]++;
            l->looked_up += r->looked_up;
            l->named_omitted += r->named && r->named_omitted;
            l->named_other += r->named && !r->named_omitted;
        }
    }
    if (st)
        bmx_free(m->line);
    return st;
}

/* ---- the document ---- */

static bmx_lab_average average(const bmx_mean *m)
{
    return (bmx_lab_average){ .n = m->n,
                              .mean = bmx_mean_of(m),
                              .error = bmx_mean_error(m),
                              .deviation = bmx_mean_deviation(m) };
}

static bmx_lab_cover covered(const bmx_covering *c)
{
    return c->n ? (bmx_lab_cover){ .n = c->n,
                                   .coverage = (double)c->covered / (double)c->n,
                                   .width = c->width / (double)c->n }
                : (bmx_lab_cover){ .n = 0 };
}

static bmx_lab_nearness nearness(const bmx_lab_accuracy *a)
{
    return (bmx_lab_nearness){ .log10_mse = average(&a->log10_mse),
                               .rms = average(&a->rms),
                               .inner = covered(&a->cover[BMX_COVER_INNER]),
                               .outer = covered(&a->cover[BMX_COVER_OUTER]),
                               .by_folds = covered(&a->cover[BMX_COVER_FOLDS]) };
}

static bmx_lab_means means_of(const bmx_lab_line *l)
{
    bmx_lab_means m = { .point = l->point,
                        .sample_bytes = l->sample_bytes,
                        .merges_asked = l->merges_asked,
                        .folds = l->folds,
                        .method = l->method,
                        .categories = nearness(&l->categories),
                        .groups = nearness(&l->groups),
                        .slack = average(&l->slack),
                        .versus = average(&l->versus),
                        .looked_up = l->looked_up,
                        .named_omitted = l->named_omitted,
                        .named_other = l->named_other,
                        .judged = bmx_lab_judged(l) };

    memcpy(m.level, l->level, sizeof m.level);
    return m;
}

bpemix_status bmx_lab_json(const bmx_lab_sweep *s, const char *baseline, bmx_json **out,
                           bpemix_error *err)
{
    bmx_lab_summary m;
    bmx_lab_means *means = NULL;
    bpemix_status st = bmx_lab_summarize(&m, s, baseline, err);

    if (st)
        return st;
    if ((means = bmx_malloc(m.n, sizeof *means))) {
        for (size_t k = 0; k < m.n; k++)
            means[k] = means_of(&m.line[k]);
        *out = bmx_lab_trials_to_json(&s->trials, m.baseline, means, m.n);
    }
    st = means && *out ? BPEMIX_OK : bmx_nomem(err);
    bmx_free(means);
    bmx_free(m.line);
    return st;
}
