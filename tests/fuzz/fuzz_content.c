/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document begins like: any bytes.  The first one says whether they are all of it. */
#include "read/content.h"
#include "read/record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const members[] = { "mimetype", "[Content_Types].xml", "a/mimetype", "" };
    bool whole = size && data[0] & 1, has_text, nomem;
    char *text = malloc(size ? size : 1); /* of exact size: reading on is seen */
    bmx_content c, again;
    bmx_slice s;

    if (!text)
        return 0;
    if (size)
        memcpy(text, data + 1, size - 1);
    s = bmx_slice_of(text, size ? size - 1 : 0);
    c = bmx_content_of(s, whole, "text");
    again = bmx_content_of(s, whole, "text");
    if (c.kind != again.kind || c.kind > BMX_CONTENT_BINARY ||
        (c.kind <= BMX_CONTENT_RECORDS) != !c.what || !c.what != !c.hint)
        abort();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!bmx_content_of_member(members[i],
                                   s).what != (bmx_content_of_member(members[i],
                                                                     s).kind == BMX_CONTENT_TEXT))
            abort();
    if (bmx_content_is_full_of_zeros(s) && s.len && !memchr(s.ptr, 0, s.len))
        abort();
    /* what is a record begins like one, however little of it is there */
    if (bmx_record_begins(s, "text", &has_text, &nomem) == false && has_text)
        abort();
    free(text);
    return 0;
}
