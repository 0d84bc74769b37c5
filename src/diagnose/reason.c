/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/reason.h"

bmx_level bmx_level_of(double value, bmx_limits l)
{
    return value > l.unusable ? BMX_LEVEL_UNUSABLE
           : value > l.poor   ? BMX_LEVEL_POOR
           : value > l.fair   ? BMX_LEVEL_FAIR
                              : BMX_LEVEL_GOOD;
}

double bmx_limit_of(bmx_level level, bmx_limits l)
{
    return level == BMX_LEVEL_UNUSABLE ? l.unusable : level == BMX_LEVEL_POOR ? l.poor : l.fair;
}

bpemix_status bmx_reason_add(bpemix_result *r, bmx_level level, const char *code, double value,
                             double limit, char *text, bpemix_error *err)
{
    bmx_verdict *v = &r->verdict;
    char *copy = bmx_strdup(code);

    if (!text || !copy ||
        bmx_reserve(&v->reason, &v->cap, v->n_reasons + 1, sizeof *v->reason, err)) {
        bmx_free(text);
        bmx_free(copy);
        return bmx_nomem(err);
    }
    v->reason[v->n_reasons++] = (bmx_reason){ level, copy, text, value, limit };
    if (level > v->level)
        v->level = level;
    return BPEMIX_OK;
}
