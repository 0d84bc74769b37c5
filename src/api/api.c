#include "api/api.h"

bpemix_status bmx_api_text(const bmx_json *doc, char **text, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = bmx_json_print(doc, &buf, err);

    if (!st)
        st = bmx_buf_addc(&buf, 0, err);
    if (st) {
        bmx_buf_release(&buf);
        return st;
    }
    *text = buf.ptr;
    return BPEMIX_OK;
}
