/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c - groups of categories, whose shares are judged beside those of categories. */
#include "diagnose/groups.h"
#include "lab/trial.h"

bpemix_status bmx_lab_groups_read(const bpemix_category *cats, size_t n, const char *text,
                                  const char *file, bpemix_result **out, bpemix_error *err)
{
    bpemix_result *r = bmx_result_new(n);
    bpemix_status st = r ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < n && !st; i++)
        if (!(r->share[i].name = bmx_strdup(cats[i].name)))
            st = bmx_nomem(err);
    if (!st)
        st = bmx_groups_read(text, file, r, err);
    if (st) {
        bmx_result_free(r);
        return st;
    }
    *out = r;
    return BPEMIX_OK;
}
