/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_jit.c - PCRE2 interprets its patterns.
 *
 * Loaded with LD_PRELOAD under valgrind: compiled patterns read whole vectors, beyond the text as
 * well, which it takes for use of values that nobody has set. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

int pcre2_jit_compile(pcre2_code *code, uint32_t options)
{
    (void)code, (void)options;
    return PCRE2_ERROR_JIT_BADOPTION;
}
