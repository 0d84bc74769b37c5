/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solve.c - the public side of diagnose/. */
#include "api/api.h"
#include "diagnose/answer.h"

bpemix_status bpemix_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                           bpemix_result **out, bpemix_error *err)
{
    bpemix_solve_opts o;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    return st ? st : bmx_solve(trace, &o, out, err);
}
