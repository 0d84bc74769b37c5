/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/bracket.h"

#include <math.h>
#include <stdbool.h>

/* While one side is not known, the price changes by at most this factor. */
#define LONGEST 4.0

void bmx_bracket_begin(bmx_bracket *b, double power)
{
    *b = (bmx_bracket){ .above = INFINITY, .log_above = INFINITY, .power = power };
}

void bmx_bracket_note(bmx_bracket *b, double price, double part)
{
    int side = part < 1 ? -1 : 1;
    bool known = part > 0 && isfinite(part);

    if (known && b->last_part > 0 && isfinite(b->last_part) && price != b->last)
        b->power = fmin(fmax(log(part / b->last_part) / log(price / b->last), 0.1), 2);
    b->last = price;
    b->last_part = part;
    if (side == b->side && side < 0)
        b->log_above *= 0.5;
    if (side == b->side && side > 0)
        b->log_below *= 0.5;
    *(side < 0 ? &b->below : &b->above) = price;
    *(side < 0 ? &b->log_below : &b->log_above) = log(fmax(part, 1e-300));
    b->side = side;
}

double bmx_bracket_next(const bmx_bracket *b)
{
    double factor;

    if (b->below > 0 && isfinite(b->above) && isfinite(b->log_above))
        return b->below * pow(b->above / b->below, -b->log_below / (b->log_above - b->log_below));
    factor = fmin(fmax(pow(fmax(b->last_part, 1e-300), -1 / b->power), 1 / LONGEST), LONGEST);
    return b->below < factor * b->last && factor * b->last < b->above ? factor * b->last
           : isinf(b->above)                                          ? LONGEST * b->last
                                                                      : 0.5 * (b->below + b->above);
}
