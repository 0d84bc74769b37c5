/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose.c - what a trial is of: categories, who of them is a candidate, a mixture, and the sources
 * of training text and samples. */
#include "lab/trial_work.h"
#include "base/assert.h"

bpemix_status bmx_lab_choose_members(bmx_lab_trial_work *t, bpemix_error *err)
{
    const bmx_lab_plan *p = t->plan;
    size_t all = t->corpus->n_cats, n = p->categories ? p->categories : all;
    bool shuffled = n < all || p->omit || p->extra;

    if (!(t->member = bmx_calloc(all, sizeof *t->member)))
        return bmx_nomem(err);
    t->n = n;
    for (size_t i = 0; i < all; i++)
        t->member[i].cat = (uint32_t)i;
    for (size_t i = 0; i + 1 < all && shuffled; i++) {
        size_t k = i + (size_t)bmx_rng_below(&t->rng, all - i);
        uint32_t c = t->member[i].cat;

        t->member[i].cat = t->member[k].cat;
        t->member[k].cat = c;
    }
    for (size_t i = 0; i < n; i++) {
        t->member[i].candidate = i >= p->omit;
        t->member[i].trains = i + p->extra < n;
    }
    return BPEMIX_OK;
}

#ifdef BMX_CHECKED
/* W1 */
static bool add_up(const bmx_lab_trial_work *t)
{
    double sum = 0;

    for (size_t i = 0; i < t->n; i++) {
        sum += t->member[i].share;
        if (!(t->member[i].share >= 0) || (!t->member[i].trains && t->member[i].share > 0))
            return false;
    }
    return fabs(sum - 1) < 1e-9;
}
#endif

bpemix_status bmx_lab_choose_mixture(bmx_lab_trial_work *t, const double *given, bpemix_error *err)
{
    const bmx_lab_plan *p = t->plan;
    size_t n = t->n - p->extra;
    double *share = bmx_malloc(t->n, sizeof *share), sum = 0, left_out = 0, known = 0;

    if (!share)
        return bmx_nomem(err);
    bmx_rng_simplex(&t->rng, share, (int)n);
    for (size_t i = 0; i < t->n; i++) {
        t->member[i].share = i >= n ? 0 : given ? given[t->member[i].cat] : share[i];
        sum += t->member[i].share;
    }
    bmx_free(share);
    if (!(sum > 0))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "mixture", "give a share to more categories",
                             "no category chosen has a share");
    for (size_t i = 0; i < t->n; i++) {
        t->member[i].share /= sum;
        *(i < p->omit ? &left_out : &known) += t->member[i].share;
    }
    if (!(known > 0))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "mixture", "give a share to more categories",
                             "no category that is not left out has a share");
    if (p->omit && !isnan(p->omit_share) && left_out > 0 && known > 0)
        for (size_t i = 0; i < t->n; i++)
            t->member[i].share *= i < p->omit ? p->omit_share / left_out
                                              : (1 - p->omit_share) / known;
    BMX_ASSERT(add_up(t));
    return BPEMIX_OK;
}

static void bytes_of_sources(const bmx_lab_category *c, double *bytes)
{
    for (size_t d = 0; d < c->n_docs; d++)
        bytes[c->doc[d].source] += (double)c->doc[d].bytes;
}

/* Proportions of the sources in the sample: those of the training text times a random factor
 * for each, exponential; or, disjoint, each source on one side, of about half the bytes. */
static bpemix_status choose_sources(bmx_lab_trial_work *t, bmx_lab_member *m, bpemix_error *err)
{
    const bmx_lab_category *c = &t->corpus->cat[m->cat];
    size_t n = c->n_sources;
    double *bytes, train = 0, sample = 0;

    if (t->plan->setting != BMX_LAB_SHIFTED && t->plan->setting != BMX_LAB_DISJOINT)
        return BPEMIX_OK;
    if (n < 2)
        return bmx_fail_hint(err, BPEMIX_E_EMPTY, c->name, "give it text from several",
                             "all its text is from one source");
    bytes = bmx_calloc(n, sizeof *bytes);
    m->sample_weight = bmx_calloc(n, sizeof *m->sample_weight);
    m->train_weight = bmx_calloc(n, sizeof *m->train_weight);
    if (!bytes || !m->sample_weight || !m->train_weight) {
        bmx_free(bytes);
        return bmx_nomem(err);
    }
    bytes_of_sources(c, bytes);
    if (t->plan->setting == BMX_LAB_SHIFTED) {
        bmx_rng_simplex(&t->rng, m->sample_weight, (int)n);
        for (size_t s = 0; s < n; s++)
            m->train_weight[s] = 1;
    } else { /* in random order, each to the side that has less so far */
        for (size_t left = n; left; left--) {
            size_t k = (size_t)bmx_rng_below(&t->rng, left), s = 0;

            for (;; s++)
                if (m->train_weight[s] == 0 && m->sample_weight[s] == 0 && !k--)
                    break;
            if (train < sample || (train == sample && bmx_rng_below(&t->rng, 2))) {
                m->train_weight[s] = 1;
                train += bytes[s];
            } else {
                m->sample_weight[s] = 1;
                sample += bytes[s];
            }
        }
    }
    bmx_free(bytes);
    return BPEMIX_OK;
}

/* Documents are divided into halves: a category of one document may have none for samples. */
static bpemix_status check_samples(const bmx_lab_trial_work *t, size_t i, bpemix_error *err)
{
    const bmx_lab_member *m = &t->member[i];
    const bmx_lab_category *c = &t->corpus->cat[m->cat];
    bool drawn = m->candidate && t->plan->setting != BMX_LAB_SAME &&
                 t->plan->setting != BMX_LAB_DISJOINT && !t->plan->simulate;

    if (!drawn || bmx_lab_available(&m->population, NULL, true))
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_EMPTY, c->name,
                         "give it more documents, or its halves as folders",
                         "%s in the half that samples are drawn from",
                         c->n_docs > 1 ? "none of its documents is" : "its only document is not");
}

bpemix_status bmx_lab_choose(bmx_lab_trial_work *t, bpemix_error *err)
{
    bpemix_status st;

    if ((st = bmx_lab_choose_members(t, err)) ||
        (st = bmx_lab_choose_mixture(t, t->plan->mixture, err)))
        return st;
    for (size_t i = 0; i < t->n && !st; i++) {
        bmx_lab_member *m = &t->member[i];

        m->pick_seed = bmx_rng_next(&t->rng);
        if (!(st = choose_sources(t, m, err)))
            st = bmx_lab_population_init(&m->population, t->corpus, m->cat, t->plan->simulate,
                                         &t->rng, err);
        if (!st)
            st = check_samples(t, i, err);
    }
    return st;
}
