/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads bytes as a trace; the checksum is made right first, so that what lies
 * behind it is reached.  What is accepted must be written and read back. */
#include <stdlib.h>
#include <string.h>

#include "replay/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);
    bpemix_trace *tr = NULL, *back = NULL;
    bmx_buf text = { 0 };

    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    if (bmx_trace_read("fuzz", bmx_slice_of(copy, size), &tr, NULL) && size >= 8) {
        uint64_t h = bmx_hash64(copy, size - 8, 0);

        for (size_t i = 0; i < 8; i++)
            copy[size - 8 + i] = (char)(h >> 8 * i);
        if (bmx_trace_read("fuzz", bmx_slice_of(copy, size), &tr, NULL))
            tr = NULL;
    }
    if (tr) {
        bpemix_trace *const parts[] = { tr, tr };
        const char *const names[] = { "a", "b" };
        bpemix_trace *sum = NULL;

        if (bmx_trace_write(tr, &text, NULL) ||
            bmx_trace_read("again", bmx_slice_of(text.ptr, text.len), &back, NULL))
            abort();
        if (!bmx_trace_sum((const bpemix_trace *const *)parts, names, 2, &sum, NULL))
            bpemix_trace_free(sum);
    }
    bpemix_trace_free(tr);
    bpemix_trace_free(back);
    bmx_buf_release(&text);
    free(copy);
    return 0;
}
