/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forward.c - pairs bid for room, step 3 of shared.h. */
#include "solve/auction/tree.h"

#include <string.h>

/* First and second choice of a bidder; at = BMX_NONE: to stay out. */
typedef struct choice {
    double best, second;
    uint32_t at, state;
} choice;

static choice look(bmx_auction *a, const bmx_auction_bidder *p)
{
    choice c = { .at = BMX_NONE };

    for (uint32_t k = p->first; k < p[1].first; k++) {
        bmx_auction_live *s = &a->live[k];
        double gain;
        bmx_auction_low m;
        if (s->w - s->least <= c.second)
            continue;
        m = bmx_auction_cheapest(a, s->lo, s->hi);
        s->least = m.first;
        gain = s->w - m.first;
        if (gain > c.best) {
            double other = s->w - m.second;
            c.second = c.best > c.second ? c.best : c.second;
            c.second = other > c.second ? other : c.second;
            c.best = gain;
            c.at = m.at;
            c.state = k;
        } else if (gain > c.second) {
            c.second = gain;
        }
    }
    return c;
}

static void enqueue(bmx_auction *a, uint32_t i)
{
    bmx_auction_bidder *p = &a->bidder[i];
    size_t at = a->queue_head + a->n_queued;

    if (p->queued || bmx_auction_free_rest(a, p) == 0)
        return;
    p->queued = true;
    a->queue[at < a->n_bidders ? at : at - a->n_bidders] = i;
    a->n_queued++;
}

/* Keep the arcs that are within eps of their pair's best choice. */
static void start_forward(bmx_auction *a, double eps)
{
    bmx_auction_tree_build(a);
    memset(a->step_arc, 0xff, a->c->n_steps * sizeof *a->step_arc);
    memset(a->used, 0, a->c->n_steps * sizeof *a->used);
    for (size_t k = 0; k < a->n_live; k++)
        a->live[k].least = 0;
    a->queue_head = a->n_queued = 0;
    for (size_t i = 0; i < a->n_bidders; i++) {
        bmx_auction_bidder *p = &a->bidder[i];
        choice c = look(a, p);
        uint32_t *at = &p->arc, e;
        p->queued = false;
        p->rest = p->weight;
        while ((e = *at) != BMX_NONE) {
            bmx_auction_arc *r = &a->arc[e];
            if (r->w - a->theta[r->step] < c.best - eps) {
                *at = r->next_of_bidder;
                bmx_auction_discard(a, e);
                continue;
            }
            r->price = a->theta[r->step];
            r->next_of_step = a->step_arc[r->step];
            a->step_arc[r->step] = e;
            a->used[r->step] += r->amount;
            p->rest -= r->amount;
            at = &r->next_of_bidder;
        }
        if (c.at != BMX_NONE)
            enqueue(a, (uint32_t)i);
    }
}

/* The arc whose room is the cheapest of a step; the bidder's own comes first. */
static uint32_t cheapest_arc(const bmx_auction *a, uint32_t t, uint32_t i)
{
    uint32_t best = a->step_arc[t];

    for (uint32_t e = a->arc[best].next_of_step; e != BMX_NONE; e = a->arc[e].next_of_step)
        if (a->arc[e].price < a->arc[best].price ||
            (a->arc[e].price == a->arc[best].price && a->arc[e].bidder == i))
            best = e;
    return best;
}

/* A full step costs what its cheapest arc does. */
static void set_price(bmx_auction *a, uint32_t t)
{
    double least = INFINITY;

    if (bmx_auction_free_room(a, t) > 0)
        return;
    for (uint32_t e = a->step_arc[t]; e != BMX_NONE; e = a->arc[e].next_of_step)
        least = a->arc[e].price < least ? a->arc[e].price : least;
    if (least > a->theta[t]) {
        a->theta[t] = least;
        bmx_auction_tree_raise(a, t);
    }
}

/* Put a bidder's rest, or part of it, at its first choice. */
static bpemix_status bid(bmx_auction *a, uint32_t i, const choice *c, double price, double eps,
                         bpemix_error *err)
{
    uint32_t t = c->at;
    double amount = a->bidder[i].rest, left;
    bpemix_status st = BPEMIX_OK;

    /* Another unit is worth c->best to this pair, so that it would pay as much to keep what it has.
     * Otherwise a tiny rest could displace itself again and again and raise the price each time. */
    for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder) {
        double most = a->arc[e].w - c->best + eps;
        if (a->arc[e].price < most) {
            a->arc[e].price = most;
            set_price(a, a->arc[e].step);
        }
    }
    left = bmx_auction_free_room(a, t);
    if (left > 0) {
        st = bmx_auction_put_in(a, i, t, c->state, fmin(amount, left), price, err);
    } else {
        uint32_t e = cheapest_arc(a, t, i), other = a->arc[e].bidder;
        if (other == i) {
            a->arc[e].price = price; /* it raises its own price */
        } else {
            amount = fmin(amount, bmx_auction_take_out(a, e, amount));
            enqueue(a, other);
            st = bmx_auction_put_in(a, i, t, c->state, amount, price, err);
        }
    }
    set_price(a, t);
    enqueue(a, i);
    return st;
}

bpemix_status bmx_auction_forward(bmx_auction *a, double eps, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    bool stop = false;

    start_forward(a, eps);
    bmx_auction_set_tidy(a);
    while (a->n_queued > 0 && !stop) {
        uint32_t i = a->queue[a->queue_head];
        choice c = look(a, &a->bidder[i]);
        a->queue_head = a->queue_head + 1 == a->n_bidders ? 0 : a->queue_head + 1;
        a->n_queued--;
        a->bidder[i].queued = false;
        if (c.at != BMX_NONE &&
            (st = bid(a, i, &c,
                      a->theta[c.at] + fmin(c.best - c.second, BMX_AUCTION_FALL * eps) + eps, eps,
                      err)))
            return st;
        if (bmx_auction_untidy(a)) {
            if ((st = bmx_auction_tidy(a, err)))
                return st;
            bmx_auction_set_tidy(a);
            for (uint32_t t = 0; t < a->c->n_steps; t++)
                set_price(a, t);
        }
        st = bmx_auction_pause(a, &stop, err);
    }
    return st;
}
