/* status.c - errors as text, cancellation, the version. */
#include "base/cancel.h"
#include "base/error.h"
#include "base/mem.h"

size_t bpemix_error_text(const bpemix_error *err, char *buf, size_t size)
{
    return bmx_error_text(err, buf, size);
}

const char *bpemix_status_name(bpemix_status status) { return bmx_status_name(status); }

void bpemix_cancel(void) { bmx_cancel(); }
void bpemix_cancel_reset(void) { bmx_cancel_reset(); }

const char *bpemix_version(void) { return BPEMIX_VERSION; }

void bpemix_free(void *p) { bmx_free(p); }
