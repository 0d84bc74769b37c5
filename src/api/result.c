/* result.c - what a result says, one getter a field. */
#include "api/api.h"
#include "report/report.h"

void bpemix_result_free(bpemix_result *result) { bmx_result_free(result); }

size_t bpemix_result_categories(const bpemix_result *result) { return result->n_cats; }

const bpemix_share *bpemix_result_share(const bpemix_result *result, size_t i)
{
    return i < result->n_cats ? &result->share[i] : NULL;
}

void bpemix_result_quality(const bpemix_result *result, double *objective, double *lower_bound,
                           double *gap)
{
    if (objective)
        *objective = result->main.objective;
    if (lower_bound)
        *lower_bound = result->main.lower_bound;
    if (gap)
        *gap = result->main.gap;
}

bpemix_status bpemix_result_json(const bpemix_result *result, bool provenance, char **json,
                                 bpemix_error *err)
{
    bmx_json *doc = bmx_result_to_json(result, provenance ? BMX_PROVENANCE_SUMMARY : BMX_PROVENANCE_NONE);
    bpemix_status st = bmx_api_text(doc, json, err);

    bmx_json_free(doc);
    return st;
}
