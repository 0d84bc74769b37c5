/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isotonic.c - see isotonic.h: breakpoints around theta, by rising x, are taken by the first steps
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
    bmx_breakpoints_release(&iso->around);
    *iso = (bmx_isotonic){ 0 };
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
        iso->around.listed[n++] = (bmx_break){ of->b[s], s, s };
    }
    for (size_t k = 0; k < of->n_hinges; k++) {
        uint32_t s = of->hinge_step[k];

        iso->debt[s] += of->hinge_weight[k];
        iso->hinge_y[k] = of->hinge_weight[k];
        iso->around.listed[n++] = (bmx_break){ of->hinge[k], s, iso->n_steps + (uint32_t)k };
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
        iso->around.listed[n] = (bmx_break){ x, s, iso->n_steps + (uint32_t)k };
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
        iso->around.listed[n++] = (bmx_break){ of->b[iso->near[i]], iso->near[i], iso->near[i] };
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
    const bmx_break *e = bmx_breakpoints_sort(&iso->around, n);

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
    if (bmx_breakpoints_reserve(&iso->around, most, err))
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
