/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.c - errors as text, cancellation, the version. */
#include "api/api.h"
#include "base/cancel.h"
#include "result/document.h"

size_t bpemix_error_text(const bpemix_error *err, char *buf, size_t size)
{
    return bmx_error_text(err, buf, size);
}

bpemix_status bpemix_error_json(const bpemix_error *of, char **json, bpemix_error *err)
{
    bmx_json *doc = bmx_error_to_json(of);
    bpemix_status st = bmx_api_json(doc, json, err);

    bmx_json_free(doc);
    return st;
}

const char *bpemix_status_name(bpemix_status status) { return bmx_status_name(status); }

void bpemix_cancel(void) { bmx_cancel(); }
void bpemix_cancel_reset(void) { bmx_cancel_reset(); }

const char *bpemix_version(void) { return BPEMIX_VERSION; }

void bpemix_free(void *p) { bmx_free(p); }
