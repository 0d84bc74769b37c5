/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices that lead to a goal, against functions whose price is known. */
#include "test.h"

#include "diagnose/bracket.h"

#include <math.h>

/* The part of the goal that a price leads to: f(right) = 1. */
typedef double rule(double price, double right);

static double straight(double price, double right) { return price / right; }
static double square(double price, double right) { return pow(price / right, 2); }
/* Rises fast, then hardly at all. */
static double bent(double price, double right)
{
    return price < right ? pow(price / right, 3) : 1 + 0.01 * log(price / right);
}
/* No solution far behind the goal. */
static double broken(double price, double right)
{
    return price > 3 * right ? INFINITY : price / right;
}

static void the_price_is_found(void **state)
{
    static rule *const rules[] = { straight, square, bent, broken };
    static const double begin[] = { 1e-6, 0.3, 1, 7, 2e5 };

    (void)state;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
            double price = begin[i] * 12.5, part = 0;
            bmx_bracket b;

            bmx_bracket_begin(&b, 2);
            for (int step = 0; step < 40; step++) {
                part = rules[k](price, 12.5);
                if (fabs(part - 1) < 0.01)
                    break;
                bmx_bracket_note(&b, price, part);
                price = bmx_bracket_next(&b);
                assert_true(b.below < price && price < b.above);
            }
            assert_true(fabs(part - 1) < 0.01);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_price_is_found) };

    return cmocka_run_group_tests_name("bracket", tests, NULL, NULL);
}
