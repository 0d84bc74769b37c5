/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backward.c - steps with room look for pairs, step 4 of shared.h.
 *
 * A state's offer stands at the few nodes of a binary tree over the steps that make up its
 * range; a node's offers are a heap, largest first, and what is good at a step are the first
 * ones of the nodes above it. */
#include "solve/auction/shared.h"
#include "base/heap.h"

#include <math.h>
#include <string.h>

/* Least profit of any part of a pair that is not at step t, and the next. */
static double profit(const bmx_auction *a, const bmx_auction_bidder *p, uint32_t t, double *next,
                     uint32_t *from)
{
    double least = INFINITY;

    *next = INFINITY;
    *from = BMX_NONE;
    if (bmx_auction_free_rest(a, p) > 0)
        least = 0;
    for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder) {
        double gain = a->arc[e].w - a->theta[a->arc[e].step];
        if (a->arc[e].step == t)
            continue;
        if (gain < least) {
            *next = least;
            *from = e;
            least = gain;
        } else if (gain < *next) {
            *next = gain;
        }
    }
    return least;
}

static void note_profit(bmx_auction *a, bmx_auction_bidder *p)
{
    double next;
    uint32_t from;
    p->profit = profit(a, p, BMX_NONE, &next, &from);
    if (isinf(p->profit))
        p->profit = 0; /* only a remainder is left */
}

static inline bool dearer(const void *none, const bmx_auction_offer *a, const bmx_auction_offer *b)
{
    (void)none;
    return a->key > b->key;
}

BMX_HEAP(best_first, bmx_auction_offer, const void *, dearer)

/* Nodes that make up [lo, hi): in turn for both ends. */
#define EACH_NODE(a, lo, hi, do_node)                                              \
    for (uint32_t l_ = (a)->tops + (lo), r_ = (a)->tops + (hi); l_ < r_; l_ /= 2, r_ /= 2) { \
        if (l_ & 1) {                                                              \
            do_node(l_);                                                           \
            l_++;                                                                  \
        }                                                                          \
        if (r_ & 1) {                                                              \
            r_--;                                                                  \
            do_node(r_);                                                           \
        }                                                                          \
    }

/* Enter every offer at the nodes of its range whose lowest b it is above. */
static bpemix_status make_offers(bmx_auction *a, bpemix_error *err)
{
    uint32_t nodes = 2 * a->tops;
    size_t n = 0;

    memset(a->node, 0, (nodes + 1) * sizeof *a->node);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < a->n_bidders; i++) {
            const bmx_auction_bidder *p = &a->bidder[i];
            for (uint32_t k = p->first; k < p[1].first; k++) {
                double key = a->live[k].w - p->profit;
#define COUNT(x) a->node[x] += key > a->least_b[x]
#define PLACE(x)                                                                    \
    if (key > a->least_b[x])                                                        \
    a->offer[--a->node[x]] = (bmx_auction_offer){ key, k, (uint32_t)i }
                if (pass == 0)
                    EACH_NODE(a, a->live[k].lo, a->live[k].hi, COUNT)
                else
                    EACH_NODE(a, a->live[k].lo, a->live[k].hi, PLACE)
#undef COUNT
#undef PLACE
            }
        }
        if (pass == 0) {
            for (uint32_t x = 0; x <= nodes; x++)
                a->node[x] = (uint32_t)(n += a->node[x]); /* ends; placing moves them to starts */
            if (n > UINT32_MAX)
                return bmx_nomem(err);
            if (bmx_reserve(&a->offer, &a->offer_cap, n, sizeof *a->offer, err))
                return BPEMIX_E_NOMEM;
        }
    }
    for (uint32_t x = 1; x < nodes; x++) {
        size_t size = a->node[x + 1] - a->node[x];
        for (size_t i = size / 2; i-- > 0;)
            best_first_down(NULL, a->offer + a->node[x], size, i, a->offer[a->node[x] + i]);
    }
    return BPEMIX_OK;
}

/* The two best offers for a step, at least b; who = BMX_NONE: only b.  Only
 * those near the best count: a price falls by no more at a time. */
typedef struct offers {
    double best, second, fall;
    uint32_t t, state, who, from; /* from: the arc, BMX_NONE: a rest */
} offers;

static bool too_low(const offers *f, double key)
{
    return key <= f->second || (f->who != BMX_NONE && key < f->best - f->fall);
}

static void consider(bmx_auction *a, bmx_auction_offer *h, size_t n, size_t i, offers *f)
{
    const bmx_auction_bidder *p;
    uint32_t from = BMX_NONE;
    double key, next = INFINITY;

    for (; i < n; i = 2 * i + 1) {
        for (;;) { /* until the best offer is up to date */
            if (too_low(f, h[i].key))
                return;
            p = &a->bidder[h[i].bidder];
            key = a->live[h[i].live].w - p->profit;
            if (key >= h[i].key)
                break;
            h[i].key = key;
            best_first_down(NULL, h, n, i, h[i]);
        }
        if (a->unit)
            from = p->arc;
        else
            key = a->live[h[i].live].w - profit(a, p, f->t, &next, &from);
        if (key > f->best) {
            f->second = f->best;
            f->best = key;
            f->state = h[i].live;
            f->who = h[i].bidder;
            f->from = from;
        } else if (key > f->second) {
            f->second = key;
        }
        key = a->live[h[i].live].w - next; /* the rest of that pair */
        if (key > f->second)
            f->second = key;
        consider(a, h, n, 2 * i + 2, f);
    }
}

static offers best_offers(bmx_auction *a, uint32_t t, double eps)
{
    offers f = { a->b[t], a->b[t], (BMX_AUCTION_FALL - 1) * eps, t, 0, BMX_NONE, BMX_NONE };

    for (uint32_t x = a->tops + t; x > 0; x /= 2)
        consider(a, a->offer + a->node[x], a->node[x + 1] - a->node[x], 0, &f);
    return f;
}

static bpemix_status push_step(bmx_auction *a, uint32_t t, bpemix_error *err)
{
    if (!(a->theta[t] > a->b[t]) || bmx_auction_free_room(a, t) == 0)
        return BPEMIX_OK;
    if (bmx_reserve(&a->stack, &a->stack_cap, a->n_stack + 1, sizeof *a->stack, err))
        return BPEMIX_E_NOMEM;
    a->stack[a->n_stack++] = t;
    return BPEMIX_OK;
}

/* With the lower price every pair at the step gains. */
static void lower_price(bmx_auction *a, uint32_t t, double price)
{
    if (price < a->theta[t])
        a->theta[t] = price;
    for (uint32_t e = a->step_arc[t]; e != BMX_NONE; e = a->arc[e].next_of_step)
        note_profit(a, &a->bidder[a->arc[e].bidder]);
}

static bpemix_status move(bmx_auction *a, const offers *f, double eps, bpemix_error *err)
{
    bmx_auction_bidder *p = &a->bidder[f->who];
    uint32_t t = f->t, old = f->from == BMX_NONE ? BMX_NONE : a->arc[f->from].step;
    double left = bmx_auction_free_room(a, t), second = f->second;
    double amount = old == BMX_NONE ? p->rest : a->arc[f->from].amount;
    bpemix_status st = BPEMIX_OK;

    if (amount > left && !a->unit)
        second = f->best; /* the rest of that pair would follow at this price */
    amount = fmin(amount, left);
    if (old != BMX_NONE) {
        bmx_auction_take_out(a, f->from, amount);
        note_profit(a, p);
        st = push_step(a, old, err);
    }
    if (!st)
        st = bmx_auction_put_in(a, f->who, t, f->state, amount, 0, err);
    lower_price(a, t, fmax(a->b[t], fmax(second - eps, f->best - BMX_AUCTION_FALL * eps)));
    return st ? st : push_step(a, t, err);
}

bpemix_status bmx_auction_backward(bmx_auction *a, double eps, bpemix_error *err)
{
    const bmx_constraints *c = a->c;
    bpemix_status st = BPEMIX_OK;
    bool stop = false;

    a->n_stack = 0;
    for (uint32_t t = 0; t < c->n_steps && !st; t++)
        st = push_step(a, t, err);
    if (st || a->n_stack == 0)
        return st;
    for (size_t i = 0; i < a->n_bidders; i++)
        note_profit(a, &a->bidder[i]);
    if ((st = make_offers(a, err)))
        return st;
    while (a->n_stack > 0 && !stop) {
        uint32_t t = a->stack[--a->n_stack];
        offers f;
        if (!(a->theta[t] > a->b[t]) || bmx_auction_free_room(a, t) == 0)
            continue;
        f = best_offers(a, t, eps);
        if (f.who == BMX_NONE)
            lower_price(a, t, a->b[t]);
        else if ((st = move(a, &f, eps, err)))
            return st;
        if (bmx_auction_untidy(a)) {
            if ((st = bmx_auction_tidy(a, err)))
                return st;
            bmx_auction_set_tidy(a);
            for (size_t i = 0; i < a->n_bidders; i++)
                note_profit(a, &a->bidder[i]);
        }
        st = bmx_auction_pause(a, &stop, err);
    }
    return st;
}
