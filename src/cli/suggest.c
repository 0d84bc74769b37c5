/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suggest.c - nearness is the number of characters inserted, left out, replaced or swapped with
 * their neighbour (optimal string alignment), case aside. */
#include "cli/suggest.h"

#include <ctype.h>
#include <stdio.h>

#define LONGEST 64 /* names beyond that are not compared */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t row[3][LONGEST + 1]; /* of prefixes of b, for the last three prefixes of a */

    for (size_t k = 0; k <= m; k++)
        row[0][k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];

        now[0] = i;
        for (size_t k = 1; k <= m; k++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[k - 1]);

            now[k] = least(least(before[k], now[k - 1]) + 1, before[k - 1] + (x != y));
            if (i > 1 && k > 1 && x == tolower((unsigned char)b[k - 2]) &&
                y == tolower((unsigned char)a[i - 2]))
                now[k] = least(now[k], earlier[k - 2] + 1);
        }
    }
    return row[n % 3][m];
}

suggestion suggest_for(const char *wrong, size_t n)
{
    /* a third of the name may be wrong; more would suggest what has nothing to do with it */
    return (suggestion){ .wrong = wrong, .n = n, .distance = n < 3 ? 1 : n / 3 + 1 };
}

void suggest_offer(suggestion *s, const char *name, size_t n)
{
    size_t d;

    if (!n || n > LONGEST || s->n > LONGEST)
        return;
    d = distance(s->wrong, s->n, name, n);
    if (d >= s->distance)
        return;
    s->best = name;
    s->best_n = n;
    s->distance = d;
}

bool suggest_text(const suggestion *s, bool dashes, char *out, size_t size)
{
    if (s->best)
        snprintf(out, size, "did you mean '%s%.*s'?", dashes ? "--" : "", (int)s->best_n, s->best);
    else if (size)
        out[0] = 0;
    return s->best != NULL;
}
