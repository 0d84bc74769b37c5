/* SPDX-License-Identifier: GPL-3.0-or-later */
/* circles.c - circles of arcs are broken, step 5 of shared.h.
 *
 * Where several pairs have the same profit at several steps, amounts are divided again and again.
 * In the graph of pairs and steps, amounts can be moved around a circle of arcs until one of them
 * is empty; the sums of pairs and steps stay, and in one of the two directions the value of the
 * matching does not fall.  Without circles there are fewer arcs than pairs and steps. */
#include "solve/auction/shared.h"

#include <math.h>
#include <string.h>

/* The node above v, which is a pair, or a step behind all pairs. */
static uint32_t parent(const bmx_auction *a, uint32_t v)
{
    const bmx_auction_arc *r = &a->arc[a->node_arc[v]];
    return v < a->n_bidders ? (uint32_t)a->n_bidders + r->step : r->bidder;
}

/* Make v the root of its tree. */
static void make_root(bmx_auction *a, uint32_t v)
{
    uint32_t e = BMX_NONE;

    for (;;) {
        uint32_t up = a->node_arc[v], next;
        if (up == BMX_NONE)
            break;
        next = parent(a, v);
        a->node_arc[v] = e;
        e = up;
        v = next;
    }
    a->node_arc[v] = e;
}

/* Where the paths of v and w to their roots meet; BMX_NONE: they are in different trees. */
static uint32_t meeting(bmx_auction *a, uint32_t v, uint32_t w)
{
    a->stamp++;
    for (;;) {
        a->seen[v] = a->stamp;
        if (a->node_arc[v] == BMX_NONE)
            break;
        v = parent(a, v);
    }
    while (a->seen[w] != a->stamp) {
        if (a->node_arc[w] == BMX_NONE)
            return BMX_NONE;
        w = parent(a, w);
    }
    return w;
}

/* The circle consists of arc e and the paths of both its ends up to `top`.  Around it every other
 * arc gains, beginning with e, and those between lose.  Pass 0 adds up the change of the value for
 * a unit, 1 finds the smallest arc that loses, 2 moves that amount.  Returns the node below the arc
 * that became empty, BMX_NONE if that is e. */
static uint32_t pass_around(bmx_auction *a, uint32_t e, uint32_t top)
{
    double worth = a->arc[e].w, least = INFINITY;
    uint32_t ends[2] = { a->arc[e].bidder, (uint32_t)a->n_bidders + a->arc[e].step };
    uint32_t empty = BMX_NONE;
    int sign = 1;

    for (int pass = 0; pass < 3; pass++) {
        if (pass == 1) {
            sign = worth < 0 ? -1 : 1;
            if (sign < 0)
                least = a->arc[e].amount;
        } else if (pass == 2) {
            a->arc[e].amount += sign * least;
        }
        for (int k = 0; k < 2; k++) {
            int gains = -1;
            for (uint32_t v = ends[k]; v != top; v = parent(a, v), gains = -gains) {
                bmx_auction_arc *r = &a->arc[a->node_arc[v]];
                if (pass == 0) {
                    worth += gains * r->w;
                } else if (pass == 1 && gains * sign < 0 && r->amount < least) {
                    least = r->amount;
                    empty = v;
                } else if (pass == 2) {
                    r->amount += gains * sign * least;
                }
            }
        }
    }
    return empty;
}

bpemix_status bmx_auction_tidy(bmx_auction *a, bpemix_error *err)
{
    size_t nodes = a->n_bidders + a->c->n_steps, n = 0;

    if (bmx_reserve(&a->node_arc, &a->node_arc_cap, nodes, sizeof *a->node_arc, err) ||
        bmx_reserve(&a->seen, &a->seen_cap, nodes, sizeof *a->seen, err) ||
        bmx_reserve(&a->arcs_in_use, &a->arcs_in_use_cap, a->n_arcs, sizeof *a->arcs_in_use, err))
        return BPEMIX_E_NOMEM;
    memset(a->node_arc, 0xff, nodes * sizeof *a->node_arc);
    memset(a->seen, 0, nodes * sizeof *a->seen);
    a->stamp = 0;
    for (size_t i = 0; i < a->n_bidders; i++)
        for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            a->arcs_in_use[n++] = e;
    for (size_t k = 0; k < n; k++) {
        uint32_t e = a->arcs_in_use[k], v = (uint32_t)a->n_bidders + a->arc[e].step, top, empty;
        if ((top = meeting(a, a->arc[e].bidder, v)) != BMX_NONE) {
            empty = pass_around(a, e, top);
            if (empty == BMX_NONE) {
                bmx_auction_remove(a, e);
                continue;
            }
            bmx_auction_remove(a, a->node_arc[empty]);
            a->node_arc[empty] = BMX_NONE;
        }
        make_root(a, v);
        a->node_arc[v] = e;
    }
    return BPEMIX_OK;
}

bool bmx_auction_untidy(const bmx_auction *a)
{
    return a->n_arcs - a->n_free > a->tidy_at && !a->unit;
}

void bmx_auction_set_tidy(bmx_auction *a)
{
    a->tidy_at = a->n_arcs - a->n_free;
    a->tidy_at += a->tidy_at / 2 + 100;
}
