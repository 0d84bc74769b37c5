/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c - what an estimate rests on. */
#include "api/api.h"
#include "bpemix.h"
#include "diagnose/basis.h"
#include "diagnose/explain.h"
#include "report/explain.h"

static bpemix_status hand_over(const bmx_explanation *x, int columns, char **json, char **text,
                               bpemix_error *err)
{
    bmx_json *doc = json ? bmx_explanation_to_json(x) : NULL;
    bmx_buf as_json = { 0 }, as_text = { 0 };
    bpemix_status st = json ? bmx_json_print(doc, &as_json, err) : BPEMIX_OK;

    bmx_json_free(doc);
    if (!st && text)
        st = bmx_report_explanation(x, columns, &as_text, err);
    return bmx_api_both(st, &as_json, json, &as_text, text, err);
}

bpemix_status bpemix_explain(const bpemix_trace *trace, const bpemix_explain_opts *opts,
                             char **json, char **text, bpemix_error *err)
{
    bpemix_explain_opts o = { 0 };
    bpemix_solve_opts solve = { 0 };
    bmx_explain_query query;
    bmx_explanation x;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st)
        st = BMX_API_OPTS(o.solve, &solve, err);
    if (!st && o.result)
        st = bmx_basis_of(o.result, trace, &solve, err);
    if (st)
        return st;
    query = (bmx_explain_query){ .category = o.category,
                                 .merge = o.merge,
                                 .list = o.list ? (size_t)o.list : BMX_API_LIST,
                                 .certificate = o.certificate,
                                 .result = o.result };
    if ((st = bmx_explain(trace, &query, &solve, &x, err)))
        return st;
    st = hand_over(&x, o.columns, json, text, err);
    bmx_explanation_release(&x);
    return st;
}
