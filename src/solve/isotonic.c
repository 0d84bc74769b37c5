/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/isotonic.h"

#include <stdlib.h>
#include <string.h>

bpemix_status bmx_isotonic_init(bmx_isotonic *iso, uint32_t n_steps, bpemix_error *err)
{
    *iso = (bmx_isotonic){ .n_steps = n_steps };
    iso->theta = bmx_calloc(n_steps, sizeof *iso->theta);
    iso->y = bmx_calloc(n_steps, sizeof *iso->y);
    iso->debt = bmx_malloc(n_steps, sizeof *iso->debt);
    iso->next = bmx_malloc((size_t)n_steps + 1, sizeof *iso->next);
    if (iso->theta && iso->y && iso->debt && iso->next)
        return BPEMIX_OK;
    bmx_isotonic_release(iso);
    return bmx_nomem(err);
}

void bmx_isotonic_release(bmx_isotonic *iso)
{
    bmx_free(iso->theta);
    bmx_free(iso->y);
    bmx_free(iso->hinge_y);
    bmx_free(iso->debt);
    bmx_free(iso->next);
    bmx_free(iso->sorted);
    bmx_free(iso->other);
    *iso = (bmx_isotonic){ 0 };
}

/* ---- breakpoints by rising x ---- */

/* Three digits of the upper half of a number that is not negative. */
enum { DIGIT_BITS = 11, DIGIT = 1 << DIGIT_BITS, DIGITS = 3 };

static uint32_t key_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return x > 0 ? (uint32_t)(bits >> 32) : 0;
}

static int by_x(const void *pa, const void *pb)
{
    const bmx_break *a = pa, *b = pb;

    return a->x != b->x ? (a->x < b->x ? -1 : 1) : a->at < b->at ? -1 : a->at > b->at;
}

/* Breakpoints with the same upper half are few, but for equal ones, which are in order. */
static void sort_alike(bmx_break *e, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        bool rising = true;

        for (to = from + 1; to < n && e[to].key == e[from].key; to++)
            rising = rising && e[to - 1].x <= e[to].x;
        if (!rising)
            qsort(e + from, to - from, sizeof *e, by_x);
    }
}

/* Of iso->sorted[n], and where they then are.  Stable, so that equal breakpoints stay in the order
 * in which they came. */
static const bmx_break *sort(bmx_isotonic *iso, size_t n)
{
    uint32_t count[DIGITS][DIGIT] = { { 0 } };
    bmx_break *from = iso->sorted, *to = iso->other;

    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            count[d][from[i].key >> d * DIGIT_BITS & (DIGIT - 1)]++;
    for (int d = 0; d < DIGITS; d++) {
        uint32_t at = 0;
        bmx_break *swap = from;

        for (int v = 0; v < DIGIT; v++) {
            uint32_t here = count[d][v];

            count[d][v] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[d][from[i].key >> d * DIGIT_BITS & (DIGIT - 1)]++] = from[i];
        from = to;
        to = swap;
    }
    sort_alike(from, n);
    return from;
}

/* ---- debts ---- */

/* The first step from s on that still owes, n_steps if there is none. */
static uint32_t first_debtor(uint32_t *next, uint32_t s)
{
    while (next[s] != s) {
        next[s] = next[next[s]];
        s = next[s];
    }
    return s;
}

/* Steps from s on take from a breakpoint at x; returns what is left of its weight. */
static double take(bmx_isotonic *iso, uint32_t s, double x, double weight)
{
    while (weight > 0 && (s = first_debtor(iso->next, s)) < iso->n_steps) {
        iso->theta[s] = x > iso->theta[s] ? x : iso->theta[s];
        if (iso->debt[s] > weight) {
            iso->debt[s] -= weight;
            return 0;
        }
        weight -= iso->debt[s];
        iso->next[s] = s + 1;
    }
    return weight;
}

/* ---- all breakpoints, or those that matter ---- */

/* What rounding may leave of a weight. */
#define ROUNDING 1e-9

static inline void list(bmx_isotonic *iso, size_t *n, double x, uint32_t step, size_t at)
{
    iso->sorted[(*n)++] = (bmx_break){ x, key_of(x), step, (uint32_t)at };
}

/* List all of them; returns how many. */
static size_t list_all(bmx_isotonic *iso, const bmx_losses *of)
{
    size_t n = 0;

    for (uint32_t s = 0; s < iso->n_steps; s++) {
        double debt = of->weight[s];

        list(iso, &n, of->b[s], s, s);
        for (uint32_t k = of->first[s]; k < of->first[s + 1]; k++) {
            debt += of->hinge_weight[k];
            list(iso, &n, of->hinge[k], s, iso->n_steps + k);
        }
        iso->debt[s] = debt;
    }
    return n;
}

/* List those between low[] and high[]; returns how many.  Merges below pay what their own steps owe
 * and have w more, which the next steps that owe take (I1).  False: something of that is left. */
static bool list_near(bmx_isotonic *iso, const bmx_losses *of, size_t *n_near)
{
    size_t n = 0;
    double spare = 0, all = 0;

    for (uint32_t s = 0; s < iso->n_steps; s++) {
        double w = of->weight[s], b = of->b[s], low = of->low[s], high = of->high[s];
        double debt = b <= low ? 0 : w, paid;

        iso->y[s] = b <= low ? 0 : 2 * w;
        spare += w - debt;
        if (b > low && b < high)
            list(iso, &n, b, s, s);
        for (uint32_t k = of->first[s]; k < of->first[s + 1]; k++) {
            debt += of->hinge_weight[k];
            iso->hinge_y[k] = of->hinge_weight[k];
            if (of->hinge[k] < high)
                list(iso, &n, of->hinge[k], s, iso->n_steps + k);
        }
        paid = spare < debt ? spare : debt;
        spare -= paid;
        iso->debt[s] = debt - paid;
        all += w;
    }
    *n_near = n;
    return spare <= 1e-3 * ROUNDING * all;
}

static void take_sorted(bmx_isotonic *iso, const bmx_losses *of, size_t n)
{
    const bmx_break *e = sort(iso, n);

    for (uint32_t s = iso->n_steps + 1; s-- > 0;)
        iso->next[s] = s < iso->n_steps && !(iso->debt[s] > 0) ? iso->next[s + 1] : s;
    memset(iso->theta, 0, iso->n_steps * sizeof *iso->theta);
    for (size_t i = 0; i < n; i++, e++) {
        if (e->at < iso->n_steps)
            iso->y[e->at] = take(iso, e->step, e->x, 2 * of->weight[e->at]);
        else
            iso->hinge_y[e->at - iso->n_steps] =
                take(iso, e->step, e->x, of->hinge_weight[e->at - iso->n_steps]);
    }
}

/* Does a step still owe, and not for rounding? */
static bool is_owed(bmx_isotonic *iso, const bmx_losses *of)
{
    for (uint32_t s = 0; (s = first_debtor(iso->next, s)) < iso->n_steps; s++)
        if (iso->debt[s] > ROUNDING * of->weight[s])
            return true;
    return false;
}

bpemix_status bmx_isotonic_solve(bmx_isotonic *iso, const bmx_losses *of, bpemix_error *err)
{
    size_t n_hinges = of->first[iso->n_steps], most = n_hinges + iso->n_steps, n;
    bool right;

    if (bmx_reserve(&iso->hinge_y, &iso->hinge_cap, n_hinges, sizeof *iso->hinge_y, err) ||
        bmx_reserve(&iso->sorted, &iso->sorted_cap, most, sizeof *iso->sorted, err) ||
        bmx_reserve(&iso->other, &iso->other_cap, most, sizeof *iso->other, err))
        return BPEMIX_E_NOMEM;
    if ((right = list_near(iso, of, &n))) {
        take_sorted(iso, of, n);
        right = !is_owed(iso, of);
    }
    if (!right)
        take_sorted(iso, of, list_all(iso, of));
    for (uint32_t s = 0; s < iso->n_steps; s++)
        iso->y[s] -= of->weight[s];
    for (uint32_t s = iso->n_steps; s-- > 1;)
        if (iso->theta[s - 1] < iso->theta[s])
            iso->theta[s - 1] = iso->theta[s];
    return BPEMIX_OK;
}
