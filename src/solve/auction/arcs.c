/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs.c - arcs: the amount of a pair that is matched with a step. */
#include "solve/auction/shared.h"

#include <math.h>

static void unlink_of_step(bmx_auction *a, uint32_t e)
{
    uint32_t *at = &a->step_arc[a->arc[e].step];
    while (*at != e)
        at = &a->arc[*at].next_of_step;
    *at = a->arc[e].next_of_step;
}

static void unlink_of_bidder(bmx_auction *a, uint32_t e)
{
    uint32_t *at = &a->bidder[a->arc[e].bidder].arc;
    while (*at != e)
        at = &a->arc[*at].next_of_bidder;
    *at = a->arc[e].next_of_bidder;
}

void bmx_auction_discard(bmx_auction *a, uint32_t e)
{
    a->arc[e].amount = 0;
    a->arc[e].next_of_step = a->free_arc;
    a->free_arc = e;
    a->n_free++;
}

double bmx_auction_take_out(bmx_auction *a, uint32_t e, double amount)
{
    bmx_auction_arc *r = &a->arc[e];
    uint32_t t = r->step;

    if (r->amount - amount <= a->remainder * bmx_auction_room(a, t))
        amount = r->amount;
    a->bidder[r->bidder].rest += amount;
    if (amount < r->amount) {
        r->amount -= amount;
        a->used[t] -= amount;
        return amount;
    }
    unlink_of_step(a, e);
    unlink_of_bidder(a, e);
    bmx_auction_discard(a, e);
    a->used[t] = a->step_arc[t] == BMX_NONE ? 0 : a->used[t] - amount;
    return amount;
}

bpemix_status bmx_auction_put_in(bmx_auction *a, uint32_t i, uint32_t t, uint32_t state,
                                 double amount, double price, bpemix_error *err)
{
    bmx_auction_bidder *p = &a->bidder[i];
    uint32_t e = a->unit ? BMX_NONE : p->arc;

    while (e != BMX_NONE && a->arc[e].step != t)
        e = a->arc[e].next_of_bidder;
    if (e != BMX_NONE) {
        a->arc[e].amount += amount;
        a->arc[e].price = fmin(a->arc[e].price, price);
    } else {
        if (a->free_arc != BMX_NONE) {
            e = a->free_arc;
            a->free_arc = a->arc[e].next_of_step;
            a->n_free--;
        } else {
            if (bmx_reserve(&a->arc, &a->arc_cap, a->n_arcs + 1, sizeof *a->arc, err))
                return BPEMIX_E_NOMEM;
            e = (uint32_t)a->n_arcs++;
        }
        a->arc[e] = (bmx_auction_arc){ .amount = amount, .w = a->live[state].w, .price = price,
                           .state = a->live[state].state, .bidder = i, .step = t, .live = state,
                           .next_of_step = a->step_arc[t], .next_of_bidder = p->arc };
        a->step_arc[t] = p->arc = e;
    }
    a->used[t] += amount;
    p->rest -= amount;
    return BPEMIX_OK;
}

void bmx_auction_remove(bmx_auction *a, uint32_t e)
{
    unlink_of_step(a, e);
    unlink_of_bidder(a, e);
    bmx_auction_discard(a, e);
}
