/* SPDX-License-Identifier: GPL-3.0-or-later */
/* estimate.c - constraints, scale, weights, solution; in that order, twice with weights.
 *
 * The scale of the counts is chosen for each solution, because with weights the counts that slack
 * is compared with must be weighted, too: otherwise theta = 0 could cost less than 100 % of them,
 * and the optimum would be where nothing is explained.
 * Between solutions everything is per million pairs of the samples. */
#include "solve/estimate.h"

void bmx_estimate_release(bmx_estimate *e)
{
    if (e->program)
        e->program->close(e->opened);
    bmx_optimum_release(&e->first.o);
    bmx_optimum_release(&e->best.o);
    bmx_cuts_release(&e->cuts);
    bmx_constraints_release(&e->c);
    bmx_free(e->normal);
    *e = (bmx_estimate){ 0 };
}

/* factor[n_cats] to the scale of a solution: 1 a million pairs; or 1 a million weighted
 * occurrences of the merges, without which a category is held. */
static void choose_scale(bmx_estimate *e, bpemix_scale scale, double *factor)
{
    bmx_constraints *c = &e->c;

    if (scale == BPEMIX_SCALE_MERGES)
        e->program->merge_sums(e->opened, factor);
    for (size_t i = 0; i < c->n_cats; i++) {
        e->normal[i] = scale == BPEMIX_SCALE_MERGES ? factor[i] * 1e-6 : 1;
        c->held[i] = !(e->normal[i] > 0);
        factor[i] = c->held[i] ? 1 : 1 / e->normal[i];
    }
}

static bpemix_status rescale(bmx_estimate *e, const double *factor, bpemix_error *err)
{
    bmx_constraints_rescale(&e->c, factor);
    return e->program->rescale(e->opened, factor, err);
}

/* Cuts and optimum from the scale of a solution to pairs: alpha_pairs ~ alpha factor. */
static void to_pairs(bmx_estimate *e, const double *factor, bmx_optimum *o)
{
    size_t n = e->c.n_cats;
    double sum = 0;

    for (size_t j = 0; j < e->cuts.n; j++)
        for (size_t i = 0; i < n; i++) {
            e->cuts.g[j * n + i] /= factor[i];
            e->cuts.at[j * n + i] *= factor[i];
        }
    for (size_t i = 0; i < n; i++)
        sum += o->alpha[i] *= factor[i];
    for (size_t i = 0; i < n; i++)
        o->alpha[i] /= sum;
    for (uint32_t t = 0; t < e->c.n_steps; t++)
        o->theta[t] /= sum;
    o->slack_merges /= sum;
    o->slack_pairs /= sum;
}

static bpemix_status solve(bmx_estimate *e, const bmx_plan *plan, const double *start,
                           bmx_control *ctl, bmx_estimate_solution *part, bpemix_error *err)
{
    size_t n = e->c.n_cats;
    double *factor = bmx_malloc(2 * n, sizeof *factor), *from = factor ? factor + n : NULL;
    double began = bmx_clock();
    bpemix_status st = factor ? bmx_optimum_init(&part->o, &e->c, err) : bmx_nomem(err);
    bool scaled = plan->scale == BPEMIX_SCALE_MERGES;

    if (st)
        goto done;
    choose_scale(e, plan->scale, factor);
    if (scaled && (st = rescale(e, factor, err)))
        goto done;
    for (size_t i = 0; i < n && start; i++)
        from[i] = start[i] / factor[i];
    e->cuts.n = 0;
    if ((st = e->program->solve(e->opened, start ? from : NULL, ctl, &e->cuts, &part->o, err)))
        goto done;
    part->gap = bmx_optimum_gap(&part->o, &e->c);
    part->perfect = bmx_optimum_perfect(&part->o, &e->c) && part->o.lower < part->o.upper;
    if (scaled) {
        to_pairs(e, factor, &part->o);
        for (size_t i = 0; i < n; i++)
            factor[i] = 1 / factor[i];
        st = rescale(e, factor, err);
    }
    part->seconds = bmx_clock() - began;
done:
    bmx_free(factor);
    return st;
}

bpemix_status bmx_estimate_make(const bmx_view *view, const bmx_plan *plan, const double *start,
                                bmx_control *ctl, bmx_estimate *out, bpemix_error *err)
{
    const bmx_program *program = plan->method == BPEMIX_METHOD_LP ? &bmx_program_paper
                                                                  : &bmx_program_monotone;
    bmx_estimate *e = out; /* the program keeps a pointer to its constraints */
    bpemix_status st;

    *e = (bmx_estimate){ 0 };
    if ((st = bmx_constraints_build(view, plan->from, plan->to, program->with_states, &e->c, err)))
        return st;
    e->normal = bmx_malloc(e->c.n_cats, sizeof *e->normal);
    st = e->normal ? program->open(&e->c, &e->opened, err) : bmx_nomem(err);
    if (!st)
        e->program = program;
    if (!st && plan->weights == BPEMIX_WEIGHTS_QUARTER &&
        !(st = solve(e, plan, start, ctl, &e->first, err))) {
        st = program->weigh(e->opened, &e->first.o, err);
        start = e->first.o.alpha;
    }
    if (!st)
        st = solve(e, plan, start, ctl, &e->best, err);
    if (st)
        bmx_estimate_release(e);
    return st;
}

bpemix_status bmx_estimate_again(bmx_estimate *e, const bmx_plan *plan, const double *start,
                                 bmx_control *ctl, bmx_estimate_solution *out, bpemix_error *err)
{
    bpemix_status st;

    *out = (bmx_estimate_solution){ 0 };
    st = solve(e, plan, start, ctl, out, err);
    if (st)
        bmx_optimum_release(&out->o);
    return st;
}
