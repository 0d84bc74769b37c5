/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone_program.c - the monotone problem as one of the programs: which method solves it. */
#include "solve/interior.h"
#include "solve/monotone.h"
#include "solve/plan.h"
#include "solve/program.h"

static bpemix_status open_monotone(const bmx_constraints *c, void **out, bpemix_error *err)
{
    bmx_monotone *m;
    bpemix_status st = bmx_monotone_new(c, &m, err);

    if (!st)
        *out = m;
    return st;
}

static void close_monotone(void *program) { bmx_monotone_free(program); }

static bpemix_status weigh(void *program, const bmx_optimum *at, bpemix_error *err)
{
    return bmx_monotone_weigh(program, at, err);
}

static void merge_sums(const void *program, double *sum) { bmx_monotone_merge_sums(program, sum); }

static bpemix_status rescale(void *program, const double *factor, bpemix_error *err)
{
    (void)err;
    bmx_monotone_rescale(program, factor);
    return BPEMIX_OK;
}

static bpemix_status solve(void *program, const double *start, bmx_control *ctl, bmx_cuts *cuts,
                           bmx_optimum *out, bpemix_error *err)
{
    bmx_monotone *m = program;
    const bmx_constraints *c = bmx_monotone_constraints(m);
    bmx_oracle oracle = bmx_monotone_oracle(m);
    bpemix_status st;

    if (c->n_cats <= BMX_MANY_CATEGORIES)
        return bmx_bundle_solve(c, &oracle, start, ctl, cuts, out, err);
    if ((st = bmx_interior_solve(m, c, start, ctl, cuts, out, err)) ||
        bmx_optimum_gap(out, c) <= ctl->gap ||
        (ctl->enough > 0 && out->lower >= ctl->enough) || bmx_clock() >= ctl->deadline)
        return st;
    if (cuts)
        cuts->n = 0;
    return bmx_bundle_solve(c, &oracle, out->alpha, ctl, cuts, out, err);
}

const bmx_program bmx_program_monotone = { .name = "monotone", .open = open_monotone,
                                           .close = close_monotone, .weigh = weigh,
                                           .merge_sums = merge_sums, .rescale = rescale,
                                           .solve = solve };
