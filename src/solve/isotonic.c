/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isotonic.c - see isotonic.h: breakpoints around theta are sorted, then taken by the first steps
 * that still owe. */
#include "solve/isotonic.h"
#include "base/assert.h"
#include "solve/steps.h"

#include <math.h>
#include <string.h>

bpemix_status bmx_isotonic_init(bmx_isotonic *iso, uint32_t n_steps, bpemix_error *err)
{
    *iso = (bmx_isotonic){ .n_steps = n_steps };
    iso->theta = bmx_calloc(n_steps, sizeof *iso->theta);
    iso->y = bmx_calloc(n_steps, sizeof *iso->y);
    iso->y_cap = n_steps;
    iso->debt = bmx_malloc(n_steps, 2 * sizeof *iso->debt);
    iso->next = bmx_malloc(2 * (size_t)n_steps + 1, sizeof *iso->next);
    iso->pays = iso->debt ? iso->debt + n_steps : NULL;
    iso->near = iso->next ? iso->next + n_steps + 1 : NULL;
    if (iso->theta && iso->y && iso->debt && iso->next)
        return BPEMIX_OK;
    bmx_isotonic_release(iso);
    return bmx_nomem(err);
}

void bmx_isotonic_release(bmx_isotonic *iso)
{
    bmx_free(iso->theta);
    bmx_free(iso->y);
    bmx_free(iso->debt);
    bmx_free(iso->next);
    bmx_free(iso->listed);
    bmx_free(iso->sorted);
    bmx_free(iso->rank);
    *iso = (bmx_isotonic){ 0 };
}

/* ---- breakpoints by rising x ---- */

/* Three digits of either half of a number that is not negative, the lower half first. */
enum { DIGIT_BITS = 11, DIGIT = 1 << DIGIT_BITS, DIGITS = 3 };
typedef enum half { LOWER, UPPER } half;

static inline uint32_t key_of(double x, half h)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return x > 0 ? (uint32_t)(h == UPPER ? bits >> 32 : bits) : 0;
}

static inline uint32_t digit_of(double x, half h, int d)
{
    return key_of(x, h) >> d * DIGIT_BITS & (DIGIT - 1);
}

/* Sort from[n] by one half, with to[n] to write to; returns where they then are.  Stable, so that
 * equal breakpoints stay in the order in which they came. */
static inline bmx_break *sort_half(bmx_break *from, bmx_break *to, size_t n, half h)
{
    uint32_t count[DIGITS][DIGIT] = { { 0 } };

    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            count[d][digit_of(from[i].x, h, d)]++;
    for (int d = 0; d < DIGITS; d++) {
        uint32_t at = 0;
        bmx_break *swap = from;

        for (int v = 0; v < DIGIT; v++) {
            uint32_t here = count[d][v];

            count[d][v] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[d][digit_of(from[i].x, h, d)]++] = from[i];
        from = to;
        to = swap;
    }
    return from;
}

/* More breakpoints than this are sorted by digits; a judgement. */
#define FEW 64

/* Sort e[n]; other[n] to write to. */
static void sort_alike(bmx_break *e, bmx_break *other, size_t n)
{
    if (n > FEW) {
        bmx_break *by_lower = sort_half(e, other, n, LOWER); /* three passes end in other[] */

        BMX_ASSERT(by_lower == other);
        sort_half(by_lower, e, n, UPPER); /* and another three in e[] */
        return;
    }
    for (size_t i = 1; i < n; i++) {
        bmx_break x = e[i];
        size_t k = i;

        for (; k > 0 && e[k - 1].x > x.x; k--)
            e[k] = e[k - 1];
        e[k] = x;
    }
}

/* The two digits that are sorted by: of a key less the least one, its upper bits. */
static inline uint32_t short_key(const bmx_break_key *r, uint32_t least, unsigned shift)
{
    return (r->key - least) >> shift;
}

/* Put iso->rank[n] in order of their keys, stably. */
static void sort_ranks(bmx_isotonic *iso, size_t n, uint32_t least, unsigned shift)
{
    uint32_t count[2][DIGIT] = { { 0 } };
    bmx_break_key *from = iso->rank, *to = iso->rank + n;

    for (size_t i = 0; i < n; i++) {
        uint32_t key = short_key(&from[i], least, shift);

        count[0][key & (DIGIT - 1)]++;
        count[1][key >> DIGIT_BITS]++;
    }
    for (uint32_t v = 0, low = 0, high = 0; v < DIGIT; v++) {
        uint32_t n_low = count[0][v], n_high = count[1][v];

        count[0][v] = low;
        count[1][v] = high;
        low += n_low;
        high += n_high;
    }
    for (size_t i = 0; i < n; i++)
        to[count[0][short_key(&from[i], least, shift) & (DIGIT - 1)]++] = from[i];
    for (size_t i = 0; i < n; i++)
        from[count[1][short_key(&to[i], least, shift) >> DIGIT_BITS]++] = to[i];
}

/* The breakpoints iso->listed[n] by rising x, equal ones as they came.  Those around theta differ
 * by a few powers of two, so that two digits of their upper halves tell nearly all apart; the few
 * that are alike in them are then sorted, if they are not in order already. */
static const bmx_break *sort(bmx_isotonic *iso, size_t n)
{
    bmx_break *e = iso->sorted;
    uint32_t least = UINT32_MAX, most = 0;
    unsigned shift = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t key = key_of(iso->listed[i].x, UPPER);

        iso->rank[i] = (bmx_break_key){ key, (uint32_t)i };
        least = key < least ? key : least;
        most = key > most ? key : most;
    }
    while (n && (most - least) >> shift >= DIGIT * DIGIT)
        shift++;
    sort_ranks(iso, n, least, shift);
    for (size_t i = 0; i < n; i++)
        e[i] = iso->listed[iso->rank[i].at];
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t key = short_key(&iso->rank[from], least, shift);
        bool rising = true;

        for (to = from + 1; to < n && short_key(&iso->rank[to], least, shift) == key; to++)
            rising = rising && e[to - 1].x <= e[to].x;
        if (!rising)
            sort_alike(e + from, iso->listed + from, to - from);
    }
    return e;
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

/* List all of them; returns how many. */
static size_t list_all(bmx_isotonic *iso, const bmx_losses *of)
{
    size_t n = 0;

    for (uint32_t s = 0; s < iso->n_steps; s++) {
        iso->debt[s] = of->weight[s];
        iso->y[s] = 2 * of->weight[s];
        iso->listed[n++] = (bmx_break){ of->b[s], s, s };
    }
    for (size_t k = 0; k < of->n_hinges; k++) {
        uint32_t s = of->hinge_step[k];

        iso->debt[s] += of->hinge_weight[k];
        iso->hinge_y[k] = of->hinge_weight[k];
        iso->listed[n++] = (bmx_break){ of->hinge[k], s, iso->n_steps + (uint32_t)k };
    }
    return n;
}

/* The hinges below high[], and what all of them owe; returns how many are listed. */
static size_t list_hinges(bmx_isotonic *iso, const bmx_losses *of)
{
    size_t n = 0;

    memset(iso->debt, 0, iso->n_steps * sizeof *iso->debt);
    for (size_t k = 0; k < of->n_hinges; k++) {
        uint32_t s = of->hinge_step[k];
        double x = of->hinge[k];

        iso->debt[s] += of->hinge_weight[k];
        iso->hinge_y[k] = of->hinge_weight[k];
        iso->listed[n] = (bmx_break){ x, s, iso->n_steps + (uint32_t)k };
        n += x < of->high[s];
    }
    return n;
}

/* List those between low[] and high[]; *n_out is how many.  What a merge below low[] pays to its
 * own step is not owed in the first place; the other half of its weight pays what the next steps
 * owe (I1).  False: something of it is left. */
static bool list_near(bmx_isotonic *iso, const bmx_losses *of, size_t *n_out)
{
    const bmx_steps steps = { .n = iso->n_steps, .b = of->b, .weight = of->weight, .low = of->low,
                              .high = of->high };
    size_t n = list_hinges(iso, of), n_near;
    double spare = 0, all = 0;

    n_near = bmx_steps_place(&steps, iso->y, iso->pays, iso->near);
    for (size_t i = 0; i < n_near; i++)
        iso->listed[n++] = (bmx_break){ of->b[iso->near[i]], iso->near[i], iso->near[i] };
    for (uint32_t s = 0; s < iso->n_steps; s++) {
        double left = spare + (iso->pays[s] - iso->debt[s]);

        spare = left > 0 ? left : 0;
        iso->debt[s] = left < 0 ? -left : 0;
        all += of->weight[s];
    }
    *n_out = n;
    return spare <= 1e-3 * ROUNDING * all;
}

/* Each step is joined to the next one that owes.  Walks from step to step would do, but wait for
 * one answer after the other. */
static void begin_next(bmx_isotonic *iso)
{
    uint32_t debtor = iso->n_steps;

    iso->next[debtor] = debtor;
    for (uint32_t s = debtor; s-- > 0;) {
        debtor = iso->debt[s] > 0 ? s : debtor;
        iso->next[s] = debtor;
    }
}

/* y[] has the weights of what is listed, and then what is left of them. */
static void take_listed(bmx_isotonic *iso, size_t n)
{
    const bmx_break *e = sort(iso, n);

    begin_next(iso);
    memset(iso->theta, 0, iso->n_steps * sizeof *iso->theta);
    for (size_t i = 0; i < n; i++, e++)
        iso->y[e->at] = take(iso, e->step, e->x, iso->y[e->at]);
}

/* Does a step still owe, and not for rounding? */
static bool is_owed(bmx_isotonic *iso, const bmx_losses *of)
{
    for (uint32_t s = 0; (s = first_debtor(iso->next, s)) < iso->n_steps; s++)
        if (iso->debt[s] > ROUNDING * of->weight[s])
            return true;
    return false;
}

#ifdef BMX_CHECKED
/* I2: multipliers are within their weights, and add up to 0 or less up to every step, which makes
 * them a cut; theta never rises. */
static bool is_cut(const bmx_isotonic *iso, const bmx_losses *of)
{
    double sum = 0, size = 0;
    size_t h = 0;

    for (uint32_t s = 0; s < iso->n_steps; s++) {
        double w = of->weight[s];

        sum += iso->y[s];
        size += w;
        if (fabs(iso->y[s]) > w * (1 + 1e-9) || !(iso->theta[s] >= 0) ||
            (s && iso->theta[s] > iso->theta[s - 1]))
            return false;
        for (; h < of->n_hinges && of->hinge_step[h] == s; h++) {
            double y = iso->hinge_y[h];

            sum += y;
            size += of->hinge_weight[h];
            if (!(y >= 0 && y <= of->hinge_weight[h] * (1 + 1e-9)))
                return false;
        }
        if (sum > 1e-9 * size)
            return false;
    }
    return h == of->n_hinges;
}
#endif

bpemix_status bmx_isotonic_solve(bmx_isotonic *iso, const bmx_losses *of, bpemix_error *err)
{
    size_t most = of->n_hinges + iso->n_steps + 1, n;
    double top = 0;
    bool right;

    if (bmx_reserve(&iso->y, &iso->y_cap, iso->n_steps + of->n_hinges, sizeof *iso->y, err))
        return BPEMIX_E_NOMEM;
    iso->hinge_y = iso->y + iso->n_steps;
    if (bmx_reserve(&iso->listed, &iso->listed_cap, most, sizeof *iso->listed, err) ||
        bmx_reserve(&iso->sorted, &iso->sorted_cap, most, sizeof *iso->sorted, err) ||
        bmx_reserve(&iso->rank, &iso->rank_cap, 2 * most, sizeof *iso->rank, err))
        return BPEMIX_E_NOMEM;
    if ((right = list_near(iso, of, &n))) {
        take_listed(iso, n);
        right = !is_owed(iso, of);
    }
    if (!right)
        take_listed(iso, list_all(iso, of));
    for (uint32_t s = iso->n_steps; s-- > 0;) {
        iso->y[s] -= of->weight[s];
        top = iso->theta[s] > top ? iso->theta[s] : top;
        iso->theta[s] = top;
    }
    BMX_ASSERT(is_cut(iso, of)); /* I2 */
    return BPEMIX_OK;
}
