/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads bytes as a JSONL record.  Where json.c accepts the same bytes, it must
 * find the same text. */
#include "base/json.h"
#include "base/utf8.h"
#include "read/record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bmx_slice line = bmx_slice_of(data, size);
    bmx_buf text = { 0 };
    bool nomem;
    const char *wrong = bmx_record_text(line, "text", &text, &nomem), *want;
    bmx_json *json = NULL;

    if (!wrong && !bmx_json_parse("fuzz", line, &json, NULL)) {
        want = bmx_json_string(bmx_json_get(json, "text"));
        if (want && bmx_utf8_valid(bmx_slice_of(text.ptr, text.len)) &&
            (strlen(want) != text.len || (text.len && memcmp(want, text.ptr, text.len))))
            abort();
    }
    bmx_json_free(json);
    bmx_buf_release(&text);
    return 0;
}
