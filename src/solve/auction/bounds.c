/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds.c - the bounds that a matching and its prices prove. */
#include "solve/auction/shared.h"

#include <math.h>
#include <string.h>

double bmx_auction_matching(const bmx_auction *a)
{
    double sum = 0;

    for (size_t i = 0; i < a->n_bidders; i++)
        for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            sum += a->arc[e].amount * fmax(0, a->arc[e].w - a->b[a->arc[e].step]);
    return sum;
}

/* The cut of the matching.  A2 holds except for rounding; here it is made to hold exactly. */
void bmx_auction_add_cut(const bmx_auction *a, double *g)
{
    const bmx_constraints *c = a->c;
    double safe = a->unit ? 1 : 1 - 1e-13;

    memset(g, 0, c->n_cats * sizeof *g);
    memset(a->used, 0, c->n_steps * sizeof *a->used);
    for (size_t i = 0; i < a->n_bidders; i++)
        for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            a->used[a->arc[e].step] += a->arc[e].amount;
    for (size_t i = 0; i < a->n_bidders; i++) {
        const bmx_auction_bidder *p = &a->bidder[i];
        double sum = 0, fit;
        for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            sum += a->arc[e].amount;
        fit = sum > p->weight ? p->weight / sum : 1;
        for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder) {
            const bmx_auction_arc *r = &a->arc[e];
            double most = bmx_auction_room(a, r->step), amount = r->amount * safe * fit;
            if (!(r->w > a->b[r->step]))
                continue;
            if (a->used[r->step] > most)
                amount *= most / a->used[r->step];
            bmx_constraints_add_state(c, p->pair, r->state, amount, g);
            bmx_rows_add_to(&c->merge, r->step, -amount, g);
        }
    }
}

double bmx_auction_prices(bmx_auction *a, bool all)
{
    const bmx_constraints *c = a->c;
    double lowest, sum = 0;

    bmx_range_min_set(&a->range, a->theta);
    lowest = a->theta[bmx_range_min_find(&a->range, 0, c->n_steps)];
    a->sum_v = a->sum_u = 0;
    for (uint32_t t = 0; t < c->n_steps; t++) {
        a->sum_v += a->theta[t] - a->b[t];
        sum += bmx_auction_room(a, t) * (a->theta[t] - a->b[t]);
    }
    if (all) {
        for (size_t k = 0; k < c->n_pairs; k++) {
            double best = 0;
            for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++)
                if (a->w[s] - lowest > best)
                    best = fmax(best, a->w[s] - a->theta[bmx_range_min_find(
                                                    &a->range, c->state[s].lo, c->state[s].hi)]);
            a->sum_u += best;
            sum += bmx_auction_weight_of_pair(a, (uint32_t)k) * best;
        }
    } else {
        for (size_t i = 0; i < a->n_bidders; i++) {
            double best = 0;
            for (uint32_t k = a->bidder[i].first; k < a->bidder[i + 1].first; k++)
                if (a->live[k].w - lowest > best)
                    best = fmax(best, a->live[k].w - a->theta[bmx_range_min_find(
                                                         &a->range, a->live[k].lo, a->live[k].hi)]);
            a->sum_u += best;
            sum += a->bidder[i].weight * best;
        }
    }
    return sum;
}

#ifdef BMX_CHECKED
bool bmx_auction_sound(const bmx_auction *a)
{
    const double near = 1e-9; /* sums are in another order */
    bool sound = true;

    for (uint32_t t = 0; t < a->c->n_steps; t++) {
        double sum = 0, all = bmx_auction_room(a, t);

        for (uint32_t e = a->step_arc[t]; e != BMX_NONE; e = a->arc[e].next_of_step) {
            sum += a->arc[e].amount;
            sound = sound && a->arc[e].step == t && a->arc[e].amount >= -near * all;
        }
        sound = sound && a->theta[t] >= a->b[t];                                    /* A1 */
        sound = sound && sum <= all * (1 + near) &&
                fabs(sum - a->used[t]) <= near * all;                               /* A2, A5 */
    }
    for (size_t i = 0; i < a->n_bidders; i++) {
        const bmx_auction_bidder *p = &a->bidder[i];
        double sum = 0;

        for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            sum += a->arc[e].amount;
        sound = sound && sum <= p->weight * (1 + near) &&
                fabs(p->weight - sum - p->rest) <= near * p->weight;                /* A2, A5 */
    }
    return sound;
}
#endif
