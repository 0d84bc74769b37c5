/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live.c - which states take part, step 2 of shared.h. */
#include "solve/auction/shared.h"

static bpemix_status add_live(bmx_auction *a, uint32_t pair, size_t before, uint64_t state,
                              double w, const bmx_state *range, bpemix_error *err)
{
    uint32_t i;

    if (bmx_reserve(&a->live, &a->live_cap, a->n_live + 1, sizeof *a->live, err) ||
        bmx_reserve(&a->bidder, &a->bidder_cap, a->n_bidders + 2, sizeof *a->bidder, err))
        return BPEMIX_E_NOMEM;
    if (a->n_live == before)
        a->bidder[a->n_bidders++] = (bmx_auction_bidder){ .pair = pair, .first = (uint32_t)before,
                                              .arc = a->pair_arc[pair],
                                              .weight = bmx_auction_weight_of_pair(a, pair) };
    i = (uint32_t)a->n_bidders - 1;
    for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
        if (a->arc[e].state == state) {
            a->arc[e].bidder = i;
            a->arc[e].live = (uint32_t)a->n_live;
            a->arc[e].w = w;
        }
    a->live[a->n_live++] = (bmx_auction_live){ .w = w, .state = state, .lo = range->lo,
                                                  .hi = range->hi };
    a->bidder[a->n_bidders].first = (uint32_t)a->n_live;
    return BPEMIX_OK;
}

static bool has_arc(const bmx_auction *a, uint32_t e, uint64_t state)
{
    while (e != BMX_NONE && a->arc[e].state != state)
        e = a->arc[e].next_of_bidder;
    return e != BMX_NONE;
}

bpemix_status bmx_auction_find_live(bmx_auction *a, bpemix_error *err)
{
    const bmx_constraints *c = a->c;
    double lowest;
    bpemix_status st = BPEMIX_OK;

    bmx_range_min_set(&a->range, a->start);
    lowest = a->start[bmx_range_min_find(&a->range, 0, c->n_steps)];
    a->n_live = a->n_bidders = 0;
    for (size_t k = 0; k < c->n_pairs && !st; k++) {
        size_t before = a->n_live;
        for (uint64_t s = c->first[k]; s < c->first[k + 1] && !st; s++) {
            const bmx_state *r = &c->state[s];
            if ((a->w[s] > lowest &&
                 a->w[s] > a->start[bmx_range_min_find(&a->range, r->lo, r->hi)]) ||
                has_arc(a, a->pair_arc[k], s))
                st = add_live(a, (uint32_t)k, before, s, a->w[s], r, err);
        }
    }
    return st ? st : bmx_reserve(&a->queue, &a->queue_cap, a->n_bidders + 1, sizeof *a->queue, err);
}

void bmx_auction_thin_live(bmx_auction *a)
{
    size_t n = 0, m = 0;

    bmx_range_min_set(&a->range, a->start);
    for (size_t i = 0; i < a->n_bidders; i++) {
        bmx_auction_bidder p = a->bidder[i];
        uint32_t last = a->bidder[i + 1].first, first = (uint32_t)n;
        for (uint32_t k = p.first; k < last; k++) {
            const bmx_auction_live *l = &a->live[k];
            bool owns = false;
            for (uint32_t e = p.arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
                if (a->arc[e].state == l->state) {
                    a->arc[e].bidder = (uint32_t)m;
                    a->arc[e].live = (uint32_t)n;
                    owns = true;
                }
            if (owns || l->w > a->start[bmx_range_min_find(&a->range, l->lo, l->hi)])
                a->live[n++] = *l;
        }
        if (n > first) {
            p.first = first;
            a->bidder[m++] = p;
        }
    }
    a->n_live = n;
    a->n_bidders = m;
    a->bidder[m].first = (uint32_t)n;
}
