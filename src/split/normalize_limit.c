/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "split/normalize_limit.h"

/* No real normalizer makes text 32 times as long (one character becomes 18 at most). */
size_t bmx_normalized_most(size_t n)
{
    enum { FREE = 16 << 20, TIMES = 64 };
    return n > (SIZE_MAX - FREE) / TIMES ? SIZE_MAX : FREE + TIMES * n;
}

bpemix_status bmx_normalized_too_long(size_t most, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "check the tokenizer's normalizer",
                         "the normalizer makes more than %zu bytes of one text", most);
}
