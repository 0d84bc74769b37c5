/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best theta that never rises is that of a table of all values it can have, whatever bounds are
 * given; multipliers make a cut, and prove the optimum where the bounds are right. */
#include "test.h"

#include "solve/isotonic.h"

#include <math.h>

enum { STEPS = 40, HINGES = 3 * STEPS, VALUES = STEPS + HINGES + 1 };

typedef struct losses {
    uint32_t n, first[STEPS + 1], step[HINGES];
    double b[STEPS], weight[STEPS], hinge[HINGES], hinge_weight[HINGES];
    double low[STEPS], high[STEPS];
} losses;

typedef enum kind { SPREAD, FALLING, EQUAL, ALIKE, EMPTY, KINDS } kind;

/* Numbers far apart, falling as counts do, equal ones, ones that differ in their last bits, and
 * zeros among others. */
static double number(bmx_rng *rng, kind k, uint32_t s)
{
    double u = bmx_rng_unit(rng);

    switch (k) {
    case SPREAD:
        return exp(30 * u - 19);
    case FALLING:
        return (0.3 + u) * 1e5 / (1 + s);
    case EQUAL:
        return 1 + (double)bmx_rng_below(rng, 4);
    case ALIKE:
        return 7 + (double)bmx_rng_below(rng, 50) * 1e-14;
    default:
        return bmx_rng_below(rng, 2) ? 0 : u;
    }
}

static void draw(bmx_rng *rng, kind k, losses *l)
{
    bool weighted = bmx_rng_below(rng, 2);

    l->n = 1 + (uint32_t)bmx_rng_below(rng, STEPS);
    l->first[0] = 0;
    for (uint32_t s = 0; s < l->n; s++) {
        uint32_t n = (uint32_t)bmx_rng_below(rng, 4), at = l->first[s];

        l->b[s] = number(rng, k, s);
        l->weight[s] = !weighted ? 1 : bmx_rng_below(rng, 5) ? 0.1 + bmx_rng_unit(rng) : 0;
        for (uint32_t i = 0; i < n; i++, at++) {
            l->hinge[at] = number(rng, k, s);
            l->hinge_weight[at] = !weighted ? 1 : 0.1 + bmx_rng_unit(rng);
        }
        l->first[s + 1] = at;
        l->low[s] = -1;
        l->high[s] = INFINITY;
    }
}

static double cost_of(const losses *l, uint32_t s, double theta)
{
    double cost = l->weight[s] * fabs(theta - l->b[s]);

    for (uint32_t k = l->first[s]; k < l->first[s + 1]; k++)
        cost += l->hinge_weight[k] * fmax(l->hinge[k] - theta, 0);
    return cost;
}

/* best[v]: the least cost of the steps so far when theta is value[v] or more at all of them. */
static double least_cost(const losses *l)
{
    double value[VALUES], best[VALUES] = { 0 };
    size_t n = 0;

    value[n++] = 0;
    for (uint32_t s = 0; s < l->n; s++)
        value[n++] = l->b[s];
    for (uint32_t k = 0; k < l->first[l->n]; k++)
        value[n++] = l->hinge[k];
    for (size_t i = 1; i < n; i++) /* falling */
        for (size_t j = i; j > 0 && value[j] > value[j - 1]; j--) {
            double swap = value[j];

            value[j] = value[j - 1];
            value[j - 1] = swap;
        }
    for (uint32_t s = 0; s < l->n; s++)
        for (size_t v = 0; v < n; v++) {
            best[v] += cost_of(l, s, value[v]);
            best[v] = v ? fmin(best[v], best[v - 1]) : best[v];
        }
    return best[n - 1];
}

/* Leave out the hinges at or below low[]; what they cost at theta is not counted either. */
static losses without_low(const losses *l)
{
    losses out = *l;
    uint32_t n = 0;

    for (uint32_t s = 0; s < l->n; s++) {
        for (uint32_t k = l->first[s]; k < l->first[s + 1]; k++)
            if (l->hinge[k] > l->low[s]) {
                out.hinge[n] = l->hinge[k];
                out.step[n] = s;
                out.hinge_weight[n++] = l->hinge_weight[k];
            }
        out.first[s + 1] = n;
    }
    return out;
}

/* Solves into iso; is it a cut, and does theta never rise?  *cost is that of theta over all rows,
 * *value that of the cut. */
static void solve(bmx_isotonic *iso, const losses *all, double *cost, double *value)
{
    losses l = without_low(all);
    double owed = 0;
    bpemix_error err;

    iso->n_steps = l.n;
    CHECK_OK(bmx_isotonic_solve(iso, &(bmx_losses){ l.b, l.weight, l.low, l.high, l.hinge,
                                                    l.hinge_weight, l.step, l.first[l.n] }, &err));
    *cost = *value = 0;
    for (uint32_t s = 0; s < l.n; s++) {
        assert_true(iso->theta[s] >= 0 && (s == 0 || iso->theta[s] <= iso->theta[s - 1]));
        assert_true(fabs(iso->y[s]) <= l.weight[s]);
        *value += iso->y[s] * l.b[s];
        owed -= iso->y[s];
        for (uint32_t k = l.first[s]; k < l.first[s + 1]; k++) {
            assert_true(iso->hinge_y[k] >= 0 && iso->hinge_y[k] <= l.hinge_weight[k]);
            *value += iso->hinge_y[k] * l.hinge[k];
            owed -= iso->hinge_y[k];
        }
        assert_true(owed >= -1e-9);
        *cost += cost_of(all, s, iso->theta[s]);
    }
}

/* But for rounding: everything is below 1.3e5. */
static bool is_near(double x, double y) { return fabs(x - y) <= 1e-8; }

/* Is no row on the other side of a bound? */
static bool is_right(const losses *l, const double *theta)
{
    bool right = true;

    for (uint32_t s = 0; s < l->n; s++) {
        right = right && !(l->b[s] <= l->low[s] && l->b[s] > theta[s]) &&
                !(l->b[s] >= l->high[s] && l->b[s] < theta[s]);
        for (uint32_t i = l->first[s]; i < l->first[s + 1]; i++)
            right = right && !(l->hinge[i] <= l->low[s] && l->hinge[i] > theta[s]) &&
                    !(l->hinge[i] >= l->high[s] && l->hinge[i] < theta[s]);
    }
    return right;
}

static void theta_is_the_best(void **state)
{
    size_t n_right = 0, n_wrong = 0, ties = 0;
    bmx_isotonic iso;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_isotonic_init(&iso, STEPS, &err));
    for (kind k = 0; k < KINDS; k++)
        for (uint64_t seed = 1; seed <= 400; seed++) {
            bmx_rng rng = { seed + 1000 * (uint64_t)k };
            double least, cost, value, theta[STEPS], low = INFINITY, high = INFINITY;
            bool right;
            losses l;

            draw(&rng, k, &l);
            least = least_cost(&l);
            solve(&iso, &l, &cost, &value);
            assert_true(is_near(cost, least) && is_near(value, least));
            memcpy(theta, iso.theta, sizeof theta);
            /* bounds around theta */
            for (uint32_t s = 0; s < l.n; s++) {
                l.low[s] = 0.9 * theta[s];
                l.high[s] = theta[s] / 0.9;
            }
            solve(&iso, &l, &cost, &value);
            assert_true(is_near(value, least));
            if (is_right(&l, iso.theta))
                assert_true(is_near(cost, least));
            else /* a tie that rounding decides */
                ties++;
            /* any bounds: right where no row is on the other side of one */
            for (uint32_t s = 0; s < l.n; s++) {
                low = fmin(low, theta[s] * (0.5 + bmx_rng_unit(&rng)));
                high = fmin(high, fmax(low, theta[s] * (0.5 + 2 * bmx_rng_unit(&rng))));
                l.low[s] = fmin(low, high);
                l.high[s] = high;
            }
            solve(&iso, &l, &cost, &value);
            assert_true(value <= least + 1e-8 && cost >= least - 1e-8);
            right = is_right(&l, iso.theta);
            n_right += right;
            n_wrong += !right;
            if (right)
                assert_true(is_near(cost, least) && is_near(value, least));
        }
    assert_true(n_right > 100 && n_wrong > 100 && ties < 100);
    bmx_isotonic_release(&iso);
}

static void survives_no_memory(void **state)
{
    bmx_isotonic iso = { 0 };
    double zero = 0, one = 1, none = INFINITY;
    uint32_t step = 0;
    bmx_losses of = { &one, &one, &zero, &none, &one, &one, &step, 1 };
    bpemix_error err;

    (void)state;
    SURVIVES(4, bmx_isotonic_init(&iso, 1, &err), {
        if (!last)
            assert_null(iso.theta);
    });
    SURVIVES(2, bmx_isotonic_solve(&iso, &of, &err), {
        assert_non_null(iso.theta);
    });
    assert_true(iso.theta[0] == 1);
    bmx_isotonic_release(&iso);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(theta_is_the_best),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
