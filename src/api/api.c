/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api.c - options of callers that were compiled with another version; strings for callers. */
#include "api/api.h"

#include <string.h>

bpemix_status bmx_api_opts(const void *from, void *to, size_t size, bpemix_error *err)
{
    size_t given = size;

    memset(to, 0, size);
    if (!from) {
        memcpy(to, &size, sizeof size);
        return BPEMIX_OK;
    }
    memcpy(&given, from, sizeof given);
    if (given < sizeof given)
        return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "", "set it to the size of "
                                                 "the struct", "options without their size"),
                              "size");
    for (size_t i = size; i < given; i++)
        if (((const char *)from)[i])
            return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "use a newer libbpemix",
                                 "options that this version (" BPEMIX_VERSION ") does not have");
    memcpy(to, from, given < size ? given : size);
    memcpy(to, &size, sizeof size);
    return BPEMIX_OK;
}

void bmx_api_fill(void *out, const void *from, size_t size)
{
    size_t given;

    memcpy(&given, out, sizeof given);
    if (given <= sizeof given)
        return;
    memcpy((char *)out + sizeof given, (const char *)from + sizeof given,
           (given < size ? given : size) - sizeof given);
    if (given > size)
        memset((char *)out + size, 0, given - size);
}

bmx_unit bmx_api_unit(bpemix_unit asked, bmx_unit otherwise)
{
    switch (asked) {
    case BPEMIX_UNIT_BYTES: return BMX_UNIT_BYTES;
    case BPEMIX_UNIT_PAIRS: return BMX_UNIT_PAIRS;
    case BPEMIX_UNIT_MERGES: return BMX_UNIT_MERGES;
    case BPEMIX_UNIT_DEFAULT: break;
    }
    return otherwise;
}

bpemix_status bmx_api_text(bmx_buf *buf, char **text, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addc(buf, 0, err);

    if (st) {
        bmx_buf_release(buf);
        return st;
    }
    *text = buf->ptr;
    *buf = (bmx_buf){ 0 };
    return BPEMIX_OK;
}

bpemix_status bmx_api_json(const bmx_json *doc, char **text, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = bmx_json_print(doc, &buf, err);

    if (st) {
        bmx_buf_release(&buf);
        return st;
    }
    return bmx_api_text(&buf, text, err);
}

bpemix_status bmx_api_both(bpemix_status st, bmx_buf *as_json, char **json, bmx_buf *as_text,
                           char **text, bpemix_error *err)
{
    char *first = NULL;

    if (!st && json)
        st = bmx_api_text(as_json, &first, err);
    if (!st && text)
        st = bmx_api_text(as_text, text, err);
    bmx_buf_release(as_json);
    bmx_buf_release(as_text);
    if (st)
        bmx_free(first);
    else if (json)
        *json = first;
    return st;
}
