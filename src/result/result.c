#include "result/result.h"

#include <math.h>

const char *bmx_method_name(bpemix_method m) { return m == BPEMIX_METHOD_LP ? "lp" : "monotone"; }

const char *bmx_weights_name(bpemix_weights w)
{
    return w == BPEMIX_WEIGHTS_NONE ? "none" : "quarter";
}

static void free_solution(bmx_solution *s)
{
    bmx_free(s->share_pairs);
    bmx_free(s->share_bytes);
}

void bmx_result_free(bpemix_result *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_cats; i++) {
        if (r->share)
            bmx_free((char *)r->share[i].name);
        if (r->cat)
            bmx_trace_category_release(&r->cat[i]);
    }
    bmx_free(r->share);
    bmx_free(r->cat);
    free_solution(&r->main);
    for (size_t i = 0; i < r->n_others; i++)
        free_solution(&r->other[i]);
    bmx_free(r->other);
    for (uint32_t i = 0; i < r->merges_missing && r->missing; i++) {
        bmx_free(r->missing[i].left);
        bmx_free(r->missing[i].right);
    }
    bmx_free(r->missing);
    for (size_t i = 0; i < r->n_worst; i++) {
        bmx_free(r->worst[i].left);
        bmx_free(r->worst[i].right);
        bmx_free(r->worst[i].rival_left);
        bmx_free(r->worst[i].rival_right);
    }
    bmx_free(r->worst);
    bmx_json_free(r->tokenizer);
    bmx_json_free(r->count_options);
    bmx_json_free(r->solve_options);
    for (size_t i = 0; i < r->n_warnings; i++)
        bmx_free(r->warning[i]);
    bmx_free(r->warning);
    bmx_free(r);
}
