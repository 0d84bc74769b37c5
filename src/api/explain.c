/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c - what an estimate rests on. */
#include "diagnose/basis.h"
#include "diagnose/explain.h"
#include "api/api.h"
#include "report/explain.h"

static bpemix_status hand_over(const bmx_explanation *x, char **json, char **text,
                               bpemix_error *err)
{
    bmx_json *doc = bmx_explanation_to_json(x);
    bmx_buf buf = { 0 };
    char *made = NULL;
    bpemix_status st = json ? bmx_api_json(doc, &made, err) : BPEMIX_OK;

    bmx_json_free(doc);
    if (!st && text && !(st = bmx_report_explanation(x, &buf, err)))
        st = bmx_api_text(&buf, text, err);
    bmx_buf_release(&buf);
    if (st) {
        bmx_free(made);
        return st;
    }
    if (json)
        *json = made;
    return BPEMIX_OK;
}

bpemix_status bpemix_explain(const bpemix_trace *trace, const bpemix_explain_opts *opts,
                             char **json, char **text, bpemix_error *err)
{
    bpemix_explain_opts o = { 0 };
    bpemix_solve_opts solve = { 0 };
    bmx_explanation x;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st)
        st = BMX_API_OPTS(o.solve, &solve, err);
    if (!st && o.result)
        st = bmx_basis_of(o.result, trace, &solve, err);
    if (st)
        return st;
    st = bmx_explain(trace,
                     &(bmx_explain_query){ o.category, o.merge, o.list ? (size_t)o.list : 20 },
                     &solve, &x, err);
    if (st)
        return st;
    st = hand_over(&x, json, text, err);
    bmx_explanation_release(&x);
    return st;
}
