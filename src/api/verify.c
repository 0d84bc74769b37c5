/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.c - a claimed mixture against the merges. */
#include "api/api.h"
#include "bpemix.h"
#include "diagnose/claim.h"
#include "report/build.h"
#include "report/claim.h"

static bpemix_status hand_over(const bmx_claim *c, int columns, char **json, char **text,
                               bpemix_error *err)
{
    bmx_json *doc = json ? bmx_claim_to_json(c) : NULL;
    bmx_buf as_json = { 0 }, as_text = { 0 };
    bpemix_status st = json ? bmx_json_print(doc, &as_json, err) : BPEMIX_OK;

    bmx_json_free(doc);
    if (!st && text)
        st = bmx_report_claim(c, columns, &as_text, err);
    return bmx_api_both(st, &as_json, json, &as_text, text, err);
}

bpemix_status bpemix_verify(const bpemix_trace *trace, const char *claim,
                            const bpemix_verify_opts *opts, char **json, char **text,
                            bpemix_error *err)
{
    bpemix_verify_opts o = { 0 };
    bpemix_solve_opts solve = { 0 };
    bmx_truth truth = { 0 };
    bmx_claim c;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st)
        st = BMX_API_OPTS(o.solve, &solve, err);
    if (!st)
        st = bmx_truth_parse("claim", bmx_slice_str(claim), &truth, err);
    if (!st &&
        !(st = bmx_claim_check(trace,
                               &(bmx_claimed){ .name = (const char *const *)truth.name,
                                               .share = truth.share, .n = truth.n,
                                               .exact = o.exact }, &solve, &c, err))) {
        st = hand_over(&c, o.columns, json, text, err);
        bmx_claim_release(&c);
    }
    bmx_truth_release(&truth);
    return st;
}
