/* solve.c - the public side of diagnose/. */
#include "diagnose/answer.h"

bpemix_status bpemix_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                           bpemix_result **out, bpemix_error *err)
{
    return bmx_solve(trace, opts, out, err);
}
