/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suggest.h - "did you mean": the name that is nearest to a wrong one. */
#ifndef BMX_CLI_SUGGEST_H
#define BMX_CLI_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/* Fill in with one candidate after the other; the nearest one stays. */
typedef struct suggestion {
    const char *wrong; /* wrong[n] */
    size_t n;
    const char *best;  /* NULL: none is near */
    size_t best_n, distance;
} suggestion;

suggestion suggest_for(const char *wrong, size_t n);

/* name[n], which must outlive the suggestion. */
void suggest_offer(suggestion *s, const char *name, size_t n);

/* Write "did you mean 'NAME'?", behind two dashes where `dashes`; false, and "", without one. */
bool suggest_text(const suggestion *s, bool dashes, char *out, size_t size);

#endif
