/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auction.c - a near-optimal matching of pairs with steps by auction.
 *
 * theta_t = b_t + v_t is the price of step t.  A step has room for weight_t and
 * a pair brings weight_p, both 1 without weights; what of a pair is at a step is
 * an arc.  Forward, pairs bid for room: a pair takes that of largest W - theta
 * over all its states, the cheapest of the step if it is full, and pays up to
 * where its second choice (or none) would be as good, plus epsilon; whoever had
 * it bids again.  A step costs what its cheapest room does.  Backward, a step
 * with room that nobody took must not cost more than b: it takes the pair that
 * would lose least, lowers its price to where the next pair would come, less
 * epsilon, and leaves room free where that pair was.  Afterwards all of a pair
 * is within epsilon of its best choice and every step with room costs b, so
 * that prices and matching agree to epsilon a pair.  Phases with falling
 * epsilon start from the prices of the last one; the first of a call starts
 * from those of the call before.
 *
 * A1  theta[t] >= b[t], always.
 * A2  the arcs of a step are at most its room, those of a pair at most its
 *     weight, always.  A1 and A2 alone make both bounds valid: a call may be
 *     cut off anywhere.
 * A3  live states are those with W above the lowest price in range less a
 *     margin; whether that was enough is checked against all states in the end.
 * A4  forward prices only rise, so `least` stays a lower bound of a range;
 *     backward they only fall, so an offer's key stays an upper bound. */
#include "solve/auction.h"
#include "base/cancel.h"
#include "base/heap.h"
#include "solve/monotone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 8 /* steps under a leaf of the tree of prices */
/* Epsilon of a call's first phase, in mean prices, and its fall from phase to
 * phase.  Prices start from those of the last call or of the monotone problem,
 * which are near: phases with larger epsilon would only upset them. */
#define FIRST_EPSILON 1e-3
#define EPSILON_FALL 10
/* No single bid or offer moves a price further than this, in epsilon.  Without
 * a limit prices jump between the highest and the lowest that a matching bears,
 * and every phase begins from afar. */
#define FALL 20
/* A3's margin in epsilon, and at least in prices. */
#define LIVE_EPSILON 10
#define LIVE_PRICE 0.03
/* Crumbs, as a part of a pair's weight or a step's room, are let lie: each costs
 * no more than that part of the pair's or the step's own slack.  They arise only
 * with weights. */
#define CRUMB 0.1 /* of the tolerance */
#define LEAST_CRUMB 1e-11
#define CHECK_EVERY 16384 /* bids or offers between looks at the clock */
/* Prices that have far to go in small steps would take for ever: a phase ends
 * after so many bids and offers for each live state, a hundred times the usual. */
#define ENDURANCE 500

typedef struct live {
    double w, least; /* no step in range is cheaper than `least` */
    uint64_t state;
    uint32_t lo, hi;
} live;

/* The two lowest prices of some steps, and the first one's step. */
typedef struct low {
    double first, second;
    uint32_t at;
} low;

typedef struct bidder {
    uint32_t pair;  /* index into c->pair */
    uint32_t first; /* its live states are first .. next bidder's first */
    uint32_t arc;   /* its first, BMX_NONE: none */
    bool queued;
    double weight, rest; /* rest: in no arc */
    double profit;       /* backward: least W - theta of any part of it */
} bidder;

typedef struct arc {
    double amount, w;
    double price; /* forward: what its room costs, at least theta[step] */
    uint64_t state;
    uint32_t bidder, step, live;
    uint32_t next_of_step, next_of_bidder; /* free arcs: next_of_step */
} arc;

/* What a live state offers for any step of a range: W less its pair's profit. */
typedef struct offer {
    double key; /* A4 */
    uint32_t live, bidder;
} offer;

struct bmx_auction {
    const bmx_constraints *c;
    const bmx_row_weights *weights;
    bool unit; /* no weights: a step or pair is taken whole */
    bmx_range_min range;
    double *b, *theta, *w;
    double *start;       /* start[n_steps]: scratch for margins */
    double *used;        /* used[n_steps]: sum of the step's arcs */
    uint32_t *step_arc;  /* step_arc[n_steps]: its first arc */
    uint32_t *pair_arc;  /* pair_arc[c->n_pairs]: between calls, the pair's first arc */
    arc *arc;
    size_t n_arcs, arc_cap;
    size_t n_free, tidy_at; /* arcs in that list; arcs in use that are too many */
    uint32_t free_arc;   /* the first of a list */
    uint32_t *node_arc;  /* tidy(): node_arc[n_bidders + n_steps], to the parent */
    uint32_t *seen, *arcs_in_use;
    size_t node_arc_cap, seen_cap, arcs_in_use_cap;
    uint32_t stamp;
    live *live;
    size_t n_live, live_cap;
    bidder *bidder;      /* bidder[n_bidders + 1] */
    size_t n_bidders, bidder_cap;
    uint32_t *queue;     /* bidders with a rest, a ring of n_bidders */
    size_t queue_cap, queue_head, n_queued;
    uint32_t *stack;     /* backward: steps with room that cost more than b */
    size_t stack_cap, n_stack;
    low *tree;           /* tree[2 * leaves]; leaf of step t is leaves + t / BLOCK */
    uint32_t leaves;
    /* Backward: a state's offer stands at the few nodes of a binary tree over the
     * steps that make up its range; a node's offers are a heap, largest first. */
    uint32_t tops;       /* power of two >= n_steps; leaf of step t is tops + t */
    double *least_b;     /* least_b[2 * tops]: of the steps under a node */
    uint32_t *node;      /* node[2 * tops + 1]: offers of a node are node[i] .. node[i + 1] */
    offer *offer;
    size_t offer_cap;
    bool warm;           /* theta is that of the last call */
    double crumb;
    double deadline;
    bool late;           /* the deadline has passed, or the phase took too long */
    uint64_t most_work;  /* where a phase ends */
    double sum_v, sum_u; /* unweighted, at theta */
    uint64_t work;       /* bids and offers so far: pacing */
};

void bmx_auction_free(bmx_auction *a)
{
    if (!a)
        return;
    bmx_range_min_release(&a->range);
    bmx_free(a->b);
    bmx_free(a->theta);
    bmx_free(a->w);
    bmx_free(a->start);
    bmx_free(a->used);
    bmx_free(a->step_arc);
    bmx_free(a->pair_arc);
    bmx_free(a->arc);
    bmx_free(a->node_arc);
    bmx_free(a->seen);
    bmx_free(a->arcs_in_use);
    bmx_free(a->live);
    bmx_free(a->bidder);
    bmx_free(a->queue);
    bmx_free(a->stack);
    bmx_free(a->tree);
    bmx_free(a->least_b);
    bmx_free(a->node);
    bmx_free(a->offer);
    bmx_free(a);
}

bpemix_status bmx_auction_new(const bmx_constraints *c, bmx_auction **out, bpemix_error *err)
{
    static const bmx_row_weights none = { 0 };
    bmx_auction *a = bmx_calloc(1, sizeof *a);
    bpemix_status st;

    if (!a)
        return bmx_nomem(err);
    a->c = c;
    for (a->leaves = 1; a->leaves * BLOCK < c->n_steps;)
        a->leaves *= 2;
    for (a->tops = 1; a->tops < c->n_steps;)
        a->tops *= 2;
    a->b = bmx_malloc(c->n_steps, sizeof *a->b);
    a->theta = bmx_malloc(c->n_steps, sizeof *a->theta);
    a->w = bmx_malloc(c->n_states, sizeof *a->w);
    a->start = bmx_malloc(c->n_steps, sizeof *a->start);
    a->used = bmx_malloc(c->n_steps, sizeof *a->used);
    a->step_arc = bmx_malloc(c->n_steps, sizeof *a->step_arc);
    a->pair_arc = bmx_malloc(c->n_pairs, sizeof *a->pair_arc);
    a->tree = bmx_malloc(a->leaves, 2 * sizeof *a->tree);
    a->least_b = bmx_malloc(a->tops, 2 * sizeof *a->least_b);
    a->node = bmx_malloc(2 * (size_t)a->tops + 1, sizeof *a->node);
    st = a->b && a->theta && a->w && a->start && a->used && a->step_arc && a->pair_arc && a->tree &&
                 a->least_b && a->node
             ? bmx_range_min_init(&a->range, c->n_steps, err)
             : bmx_nomem(err);
    if (st) {
        bmx_auction_free(a);
        return st;
    }
    bmx_auction_weigh(a, &none);
    *out = a;
    return BPEMIX_OK;
}

void bmx_auction_weigh(bmx_auction *a, const bmx_row_weights *w)
{
    a->weights = w;
    a->unit = !w->step && !w->pair;
    a->n_arcs = a->n_free = 0;
    a->free_arc = BMX_NONE;
    memset(a->pair_arc, 0xff, a->c->n_pairs * sizeof *a->pair_arc);
}

static double room(const bmx_auction *a, uint32_t t) { return a->weights->step ? a->weights->step[t] : 1; }

static double weight_of_pair(const bmx_auction *a, uint32_t k)
{
    return a->weights->pair ? a->weights->pair[k] : 1;
}

/* Room that nobody took, crumbs aside. */
static double free_room(const bmx_auction *a, uint32_t t)
{
    double all = room(a, t), left = all - a->used[t];
    return left > a->crumb * all ? left : 0;
}

/* A pair's part in no arc, crumbs aside. */
static double free_part(const bmx_auction *a, const bidder *p)
{
    return p->rest > a->crumb * p->weight ? p->rest : 0;
}

/* ---- the tree of minima ---- */

static void meet(low *acc, double price, uint32_t at)
{
    if (price < acc->first) {
        acc->second = acc->first;
        acc->first = price;
        acc->at = at;
    } else if (price < acc->second) {
        acc->second = price;
    }
}

static void merge(low *acc, const low *other)
{
    if (other->first < acc->first) {
        acc->second = acc->first < other->second ? acc->first : other->second;
        acc->first = other->first;
        acc->at = other->at;
    } else if (other->first < acc->second) {
        acc->second = other->first;
    }
}

static low scan(const bmx_auction *a, uint32_t lo, uint32_t hi)
{
    low acc = { INFINITY, INFINITY, BMX_NONE };

    for (uint32_t t = lo; t < hi; t++)
        meet(&acc, a->theta[t], t);
    return acc;
}

static low block(const bmx_auction *a, uint32_t i)
{
    uint32_t lo = i * BLOCK, hi = lo + BLOCK;

    return scan(a, lo, hi < a->c->n_steps ? hi : a->c->n_steps);
}

static void tree_build(bmx_auction *a)
{
    for (uint32_t i = 0; i < a->leaves; i++)
        a->tree[a->leaves + i] = block(a, i);
    for (uint32_t i = a->leaves - 1; i > 0; i--) {
        a->tree[i] = a->tree[2 * i];
        merge(&a->tree[i], &a->tree[2 * i + 1]);
    }
}

static void tree_raise(bmx_auction *a, uint32_t t)
{
    uint32_t i = a->leaves + t / BLOCK;

    a->tree[i] = block(a, t / BLOCK);
    for (i /= 2; i > 0; i /= 2) {
        low m = a->tree[2 * i];
        merge(&m, &a->tree[2 * i + 1]);
        if (m.first == a->tree[i].first && m.second == a->tree[i].second && m.at == a->tree[i].at)
            break;
        a->tree[i] = m;
    }
}

/* The two cheapest prices in [lo, hi) and the step of the first. */
static low cheapest(const bmx_auction *a, uint32_t lo, uint32_t hi)
{
    uint32_t l = (lo + BLOCK - 1) / BLOCK, r = hi / BLOCK;
    low acc, end;

    if (hi == a->c->n_steps)
        r = (hi + BLOCK - 1) / BLOCK; /* the last block may be short */
    if (l >= r)
        return scan(a, lo, hi);
    acc = scan(a, lo, l * BLOCK);
    end = scan(a, r * BLOCK, hi);
    merge(&acc, &end);
    for (l += a->leaves, r += a->leaves; l < r; l /= 2, r /= 2) {
        if (l & 1)
            merge(&acc, &a->tree[l++]);
        if (r & 1)
            merge(&acc, &a->tree[--r]);
    }
    return acc;
}

/* ---- arcs ---- */

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

static void discard(bmx_auction *a, uint32_t e)
{
    a->arc[e].amount = 0;
    a->arc[e].next_of_step = a->free_arc;
    a->free_arc = e;
    a->n_free++;
}

/* Take `amount` out of an arc, all of it when only a crumb would stay; returns
 * how much it was.  The pair has it as a rest. */
static double take_out(bmx_auction *a, uint32_t e, double amount)
{
    arc *r = &a->arc[e];
    uint32_t t = r->step;

    if (r->amount - amount <= a->crumb * room(a, t))
        amount = r->amount;
    a->bidder[r->bidder].rest += amount;
    if (amount < r->amount) {
        r->amount -= amount;
        a->used[t] -= amount;
        return amount;
    }
    unlink_of_step(a, e);
    unlink_of_bidder(a, e);
    discard(a, e);
    a->used[t] = a->step_arc[t] == BMX_NONE ? 0 : a->used[t] - amount;
    return amount;
}

/* Put part of a bidder's rest at a step. */
static bpemix_status put_in(bmx_auction *a, uint32_t i, uint32_t t, uint32_t state, double amount,
                            double price, bpemix_error *err)
{
    bidder *p = &a->bidder[i];
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
        a->arc[e] = (arc){ .amount = amount, .w = a->live[state].w, .price = price,
                           .state = a->live[state].state, .bidder = i, .step = t, .live = state,
                           .next_of_step = a->step_arc[t], .next_of_bidder = p->arc };
        a->step_arc[t] = p->arc = e;
    }
    a->used[t] += amount;
    p->rest -= amount;
    return BPEMIX_OK;
}

/* Pieces break into smaller ones without end where several pairs are as well off
 * at several steps.  Seen as a graph of pairs and steps, arcs that form a circle
 * can pass amounts around until one of them is empty; pairs and steps keep their
 * sums, and in one of the two directions the matching's value does not fall.
 * Without circles there are fewer arcs than pairs and steps. */
static uint32_t parent(const bmx_auction *a, uint32_t v)
{
    const arc *r = &a->arc[a->node_arc[v]];
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

/* Where the ways of v and w to their roots meet; BMX_NONE: in two trees. */
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

/* Around the circle of arc e and the ways of both its ends up to `top`, every
 * other arc gains and the ones between lose: those at distances of even parity
 * from e gain like e.  Pass 0 adds up what a unit brings, 1 finds the smallest
 * arc that loses, 2 moves that much.  Returns the node below the arc that got
 * empty, BMX_NONE if that is e. */
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
                arc *r = &a->arc[a->node_arc[v]];
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

static void remove_arc(bmx_auction *a, uint32_t e)
{
    unlink_of_step(a, e);
    unlink_of_bidder(a, e);
    discard(a, e);
}

/* Break all circles. */
static bpemix_status tidy(bmx_auction *a, bpemix_error *err)
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
                remove_arc(a, e);
                continue;
            }
            remove_arc(a, a->node_arc[empty]);
            a->node_arc[empty] = BMX_NONE;
        }
        make_root(a, v);
        a->node_arc[v] = e;
    }
    return BPEMIX_OK;
}

/* Cancellation, and the deadline, once a while; *stop: no more of this. */
static bpemix_status check(bmx_auction *a, bool *stop, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (++a->work % CHECK_EVERY == 0) {
        st = bmx_check_cancel(err);
        a->late = a->work > a->most_work || bmx_clock() >= a->deadline;
    }
    *stop = st || a->late;
    return st;
}

/* ---- forward ---- */

/* First and second choice of a bidder; at = BMX_NONE: to stay out. */
typedef struct choice {
    double best, second;
    uint32_t at, state;
} choice;

static choice look(bmx_auction *a, const bidder *p)
{
    choice c = { .at = BMX_NONE };

    for (uint32_t k = p->first; k < p[1].first; k++) {
        live *s = &a->live[k];
        double gain;
        low m;
        if (s->w - s->least <= c.second)
            continue;
        m = cheapest(a, s->lo, s->hi);
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
    bidder *p = &a->bidder[i];
    size_t at = a->queue_head + a->n_queued;

    if (p->queued || free_part(a, p) == 0)
        return;
    p->queued = true;
    a->queue[at < a->n_bidders ? at : at - a->n_bidders] = i;
    a->n_queued++;
}

/* Keep the arcs that are within eps of their pair's best choice. */
static void start_forward(bmx_auction *a, double eps)
{
    tree_build(a);
    memset(a->step_arc, 0xff, a->c->n_steps * sizeof *a->step_arc);
    memset(a->used, 0, a->c->n_steps * sizeof *a->used);
    for (size_t k = 0; k < a->n_live; k++)
        a->live[k].least = 0;
    a->queue_head = a->n_queued = 0;
    for (size_t i = 0; i < a->n_bidders; i++) {
        bidder *p = &a->bidder[i];
        choice c = look(a, p);
        uint32_t *at = &p->arc, e;
        p->queued = false;
        p->rest = p->weight;
        while ((e = *at) != BMX_NONE) {
            arc *r = &a->arc[e];
            if (r->w - a->theta[r->step] < c.best - eps) {
                *at = r->next_of_bidder;
                discard(a, e);
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

    if (free_room(a, t) > 0)
        return;
    for (uint32_t e = a->step_arc[t]; e != BMX_NONE; e = a->arc[e].next_of_step)
        least = a->arc[e].price < least ? a->arc[e].price : least;
    if (least > a->theta[t]) {
        a->theta[t] = least;
        tree_raise(a, t);
    }
}

/* A bidder's rest, or part of it, goes to its first choice. */
static bpemix_status bid(bmx_auction *a, uint32_t i, const choice *c, double price, double eps,
                         bpemix_error *err)
{
    uint32_t t = c->at;
    double amount = a->bidder[i].rest, left;
    bpemix_status st = BPEMIX_OK;

    /* More is worth c->best to this pair, so that it would pay as much to keep what it
     * has.  Otherwise a tiny rest could go in circles and raise a price crumb by crumb. */
    for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder) {
        double most = a->arc[e].w - c->best + eps;
        if (a->arc[e].price < most) {
            a->arc[e].price = most;
            set_price(a, a->arc[e].step);
        }
    }
    left = free_room(a, t);
    if (left > 0) {
        st = put_in(a, i, t, c->state, fmin(amount, left), price, err);
    } else {
        uint32_t e = cheapest_arc(a, t, i), other = a->arc[e].bidder;
        if (other == i) {
            a->arc[e].price = price; /* it outbids itself */
        } else {
            amount = fmin(amount, take_out(a, e, amount));
            enqueue(a, other);
            st = put_in(a, i, t, c->state, amount, price, err);
        }
    }
    set_price(a, t);
    enqueue(a, i);
    return st;
}

/* Circles are broken when there may be many. */
static bool untidy(const bmx_auction *a)
{
    return a->n_arcs - a->n_free > a->tidy_at && !a->unit;
}

static void set_tidy(bmx_auction *a)
{
    a->tidy_at = a->n_arcs - a->n_free;
    a->tidy_at += a->tidy_at / 2 + 100;
}

static bpemix_status forward(bmx_auction *a, double eps, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    bool stop = false;

    start_forward(a, eps);
    set_tidy(a);
    while (a->n_queued > 0 && !stop) {
        uint32_t i = a->queue[a->queue_head];
        choice c = look(a, &a->bidder[i]);
        a->queue_head = a->queue_head + 1 == a->n_bidders ? 0 : a->queue_head + 1;
        a->n_queued--;
        a->bidder[i].queued = false;
        if (c.at != BMX_NONE &&
            (st = bid(a, i, &c, a->theta[c.at] + fmin(c.best - c.second, FALL * eps) + eps, eps,
                      err)))
            return st;
        if (untidy(a)) {
            if ((st = tidy(a, err)))
                return st;
            set_tidy(a);
            for (uint32_t t = 0; t < a->c->n_steps; t++)
                set_price(a, t);
        }
        st = check(a, &stop, err);
    }
    return st;
}

/* ---- backward ---- */

/* Least profit of any part of a pair that is not at step t, and the next. */
static double profit(const bmx_auction *a, const bidder *p, uint32_t t, double *next,
                     uint32_t *from)
{
    double least = INFINITY;

    *next = INFINITY;
    *from = BMX_NONE;
    if (free_part(a, p) > 0)
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

static void note_profit(bmx_auction *a, bidder *p)
{
    double next;
    uint32_t from;
    p->profit = profit(a, p, BMX_NONE, &next, &from);
    if (isinf(p->profit))
        p->profit = 0; /* nothing but a crumb */
}

static inline bool dearer(const void *none, const offer *a, const offer *b)
{
    (void)none;
    return a->key > b->key;
}

BMX_HEAP(best_first, offer, const void *, dearer)

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

/* Offers above the lowest b of a node, everywhere. */
static bpemix_status make_offers(bmx_auction *a, bpemix_error *err)
{
    uint32_t nodes = 2 * a->tops;
    size_t n = 0;

    memset(a->node, 0, (nodes + 1) * sizeof *a->node);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < a->n_bidders; i++) {
            const bidder *p = &a->bidder[i];
            for (uint32_t k = p->first; k < p[1].first; k++) {
                double key = a->live[k].w - p->profit;
#define COUNT(x) a->node[x] += key > a->least_b[x]
#define PLACE(x)                                                                    \
    if (key > a->least_b[x])                                                        \
    a->offer[--a->node[x]] = (offer){ key, k, (uint32_t)i }
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

static void consider(bmx_auction *a, offer *h, size_t n, size_t i, offers *f)
{
    const bidder *p;
    uint32_t from = BMX_NONE;
    double key, next = INFINITY;

    for (; i < n; i = 2 * i + 1) {
        for (;;) { /* until what is here is as good as it says */
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
    offers f = { a->b[t], a->b[t], (FALL - 1) * eps, t, 0, BMX_NONE, BMX_NONE };

    for (uint32_t x = a->tops + t; x > 0; x /= 2)
        consider(a, a->offer + a->node[x], a->node[x + 1] - a->node[x], 0, &f);
    return f;
}

static bpemix_status push_step(bmx_auction *a, uint32_t t, bpemix_error *err)
{
    if (!(a->theta[t] > a->b[t]) || free_room(a, t) == 0)
        return BPEMIX_OK;
    if (bmx_reserve(&a->stack, &a->stack_cap, a->n_stack + 1, sizeof *a->stack, err))
        return BPEMIX_E_NOMEM;
    a->stack[a->n_stack++] = t;
    return BPEMIX_OK;
}

/* A new, lower price: all that are there gain. */
static void lower_price(bmx_auction *a, uint32_t t, double price)
{
    if (price < a->theta[t])
        a->theta[t] = price;
    for (uint32_t e = a->step_arc[t]; e != BMX_NONE; e = a->arc[e].next_of_step)
        note_profit(a, &a->bidder[a->arc[e].bidder]);
}

static bpemix_status move(bmx_auction *a, const offers *f, double eps, bpemix_error *err)
{
    bidder *p = &a->bidder[f->who];
    uint32_t t = f->t, old = f->from == BMX_NONE ? BMX_NONE : a->arc[f->from].step;
    double left = free_room(a, t), second = f->second;
    double amount = old == BMX_NONE ? p->rest : a->arc[f->from].amount;
    bpemix_status st = BPEMIX_OK;

    if (amount > left && !a->unit)
        second = f->best; /* more of the same would come */
    amount = fmin(amount, left);
    if (old != BMX_NONE) {
        take_out(a, f->from, amount);
        note_profit(a, p);
        st = push_step(a, old, err);
    }
    if (!st)
        st = put_in(a, f->who, t, f->state, amount, 0, err);
    lower_price(a, t, fmax(a->b[t], fmax(second - eps, f->best - FALL * eps)));
    return st ? st : push_step(a, t, err);
}

/* Lower the prices of steps with room. */
static bpemix_status backward(bmx_auction *a, double eps, bpemix_error *err)
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
        if (!(a->theta[t] > a->b[t]) || free_room(a, t) == 0)
            continue;
        f = best_offers(a, t, eps);
        if (f.who == BMX_NONE)
            lower_price(a, t, a->b[t]);
        else if ((st = move(a, &f, eps, err)))
            return st;
        if (untidy(a)) {
            if ((st = tidy(a, err)))
                return st;
            set_tidy(a);
            for (size_t i = 0; i < a->n_bidders; i++)
                note_profit(a, &a->bidder[i]);
        }
        st = check(a, &stop, err);
    }
    return st;
}

/* ---- which states take part ---- */

static bpemix_status add_live(bmx_auction *a, uint32_t pair, size_t before, uint64_t state,
                              double w, const bmx_state *range, bpemix_error *err)
{
    uint32_t i;

    if (bmx_reserve(&a->live, &a->live_cap, a->n_live + 1, sizeof *a->live, err) ||
        bmx_reserve(&a->bidder, &a->bidder_cap, a->n_bidders + 2, sizeof *a->bidder, err))
        return BPEMIX_E_NOMEM;
    if (a->n_live == before)
        a->bidder[a->n_bidders++] = (bidder){ .pair = pair, .first = (uint32_t)before,
                                              .arc = a->pair_arc[pair],
                                              .weight = weight_of_pair(a, pair) };
    i = (uint32_t)a->n_bidders - 1;
    for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
        if (a->arc[e].state == state) {
            a->arc[e].bidder = i;
            a->arc[e].live = (uint32_t)a->n_live;
            a->arc[e].w = w;
        }
    a->live[a->n_live++] = (live){ .w = w, .state = state, .lo = range->lo, .hi = range->hi };
    a->bidder[a->n_bidders].first = (uint32_t)a->n_live;
    return BPEMIX_OK;
}

static bool has_arc(const bmx_auction *a, uint32_t e, uint64_t state)
{
    while (e != BMX_NONE && a->arc[e].state != state)
        e = a->arc[e].next_of_bidder;
    return e != BMX_NONE;
}

/* A3: states worth more than start[] somewhere in their range, and those that
 * have an arc. */
static bpemix_status find_live(bmx_auction *a, bpemix_error *err)
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

/* The same among those that are live already. */
static void thin_live(bmx_auction *a)
{
    size_t n = 0, m = 0;

    bmx_range_min_set(&a->range, a->start);
    for (size_t i = 0; i < a->n_bidders; i++) {
        bidder p = a->bidder[i];
        uint32_t last = a->bidder[i + 1].first, first = (uint32_t)n;
        for (uint32_t k = p.first; k < last; k++) {
            const live *l = &a->live[k];
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

static void remember(bmx_auction *a)
{
    memset(a->pair_arc, 0xff, a->c->n_pairs * sizeof *a->pair_arc);
    for (size_t i = 0; i < a->n_bidders; i++)
        a->pair_arc[a->bidder[i].pair] = a->bidder[i].arc;
}

/* ---- bounds ---- */

/* Value of the matching. */
static double matching(const bmx_auction *a)
{
    double sum = 0;

    for (size_t i = 0; i < a->n_bidders; i++)
        for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            sum += a->arc[e].amount * fmax(0, a->arc[e].w - a->b[a->arc[e].step]);
    return sum;
}

/* The matching's cut.  A2 holds to rounding; here to the last digit. */
static void add_cut(const bmx_auction *a, double *g)
{
    const bmx_constraints *c = a->c;
    double safe = a->unit ? 1 : 1 - 1e-13;

    memset(g, 0, c->n_cats * sizeof *g);
    memset(a->used, 0, c->n_steps * sizeof *a->used);
    for (size_t i = 0; i < a->n_bidders; i++)
        for (uint32_t e = a->bidder[i].arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            a->used[a->arc[e].step] += a->arc[e].amount;
    for (size_t i = 0; i < a->n_bidders; i++) {
        const bidder *p = &a->bidder[i];
        double sum = 0, fit;
        for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder)
            sum += a->arc[e].amount;
        fit = sum > p->weight ? p->weight / sum : 1;
        for (uint32_t e = p->arc; e != BMX_NONE; e = a->arc[e].next_of_bidder) {
            const arc *r = &a->arc[e];
            double most = room(a, r->step), amount = r->amount * safe * fit;
            if (!(r->w > a->b[r->step]))
                continue;
            if (a->used[r->step] > most)
                amount *= most / a->used[r->step];
            bmx_constraints_add_state(c, p->pair, r->state, amount, g);
            bmx_rows_add_to(&c->merge, r->step, -amount, g);
        }
    }
}

/* Value of the prices: over live states, or over all. */
static double prices(bmx_auction *a, bool all)
{
    const bmx_constraints *c = a->c;
    double lowest, sum = 0;

    bmx_range_min_set(&a->range, a->theta);
    lowest = a->theta[bmx_range_min_find(&a->range, 0, c->n_steps)];
    a->sum_v = a->sum_u = 0;
    for (uint32_t t = 0; t < c->n_steps; t++) {
        a->sum_v += a->theta[t] - a->b[t];
        sum += room(a, t) * (a->theta[t] - a->b[t]);
    }
    if (all) {
        for (size_t k = 0; k < c->n_pairs; k++) {
            double best = 0;
            for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++)
                if (a->w[s] - lowest > best)
                    best = fmax(best, a->w[s] - a->theta[bmx_range_min_find(
                                                    &a->range, c->state[s].lo, c->state[s].hi)]);
            a->sum_u += best;
            sum += weight_of_pair(a, (uint32_t)k) * best;
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

/* The first call has no prices to start from: the monotone problem's are near. */
static bpemix_status first_prices(bmx_auction *a, const double *alpha, bpemix_error *err)
{
    bmx_monotone *m;
    bmx_optimum o = { .theta = a->theta };
    double *g = bmx_malloc(a->c->n_cats, sizeof *g), upper;
    bpemix_status st = g ? bmx_monotone_new(a->c, &m, err) : bmx_nomem(err);

    if (!st) {
        bmx_oracle oracle = bmx_monotone_oracle(m);
        if (!(st = oracle.eval(oracle.ctx, alpha, 0, INFINITY, INFINITY, g, &upper, err)))
            oracle.keep(oracle.ctx, &o);
        bmx_monotone_free(m);
    }
    bmx_free(g);
    return st;
}

/* The scale of prices; 0 when every count is 0. */
static double mean_price(const bmx_auction *a)
{
    const bmx_constraints *c = a->c;
    double sum = 0;

    for (uint32_t t = 0; t < c->n_steps; t++)
        sum += a->theta[t];
    for (uint64_t s = 0; s < c->n_states && sum == 0; s++)
        sum = a->w[s];
    return sum / c->n_steps;
}

static void set_counts(bmx_auction *a, const double *alpha)
{
    const bmx_constraints *c = a->c;

    bmx_constraints_merge_counts(c, alpha, a->b);
    bmx_constraints_state_counts(c, alpha, a->w);
    for (uint32_t t = 0; t < a->tops; t++)
        a->least_b[a->tops + t] = t < c->n_steps ? a->b[t] : INFINITY;
    for (uint32_t x = a->tops - 1; x > 0; x--)
        a->least_b[x] = fmin(a->least_b[2 * x], a->least_b[2 * x + 1]);
    for (uint32_t t = 0; t < c->n_steps; t++)
        a->theta[t] = fmax(a->b[t], a->theta[t]); /* A1 */
}

/* One phase; *stop: the call is over. */
static bpemix_status phase(bmx_auction *a, double eps, double margin, bool all, bpemix_error *err)
{
    bpemix_status st;

    for (uint32_t t = 0; t < a->c->n_steps; t++)
        a->start[t] = fmax(a->b[t], a->theta[t] - fmax(fmax(margin, LIVE_EPSILON * eps),
                                                       LIVE_PRICE * a->theta[t]));
    if (!all)
        thin_live(a);
    else if ((st = find_live(a, err)))
        return st;
    a->most_work = a->work + ENDURANCE * (uint64_t)a->n_live + 1000000;
    st = forward(a, eps, err);
    if (!st && !a->late)
        st = backward(a, eps, err);
    return st || a->unit ? st : tidy(a, err);
}

static bpemix_status eval(void *ctx, const double *alpha, double tolerance, double best,
                          double deadline, double *g, double *upper, bpemix_error *err)
{
    bmx_auction *a = ctx;
    double mean, margin = 0;
    bool all = true, done = false;
    bpemix_status st = BPEMIX_OK;

    if (!a->warm && (st = first_prices(a, alpha, err)))
        return st;
    a->warm = true;
    a->deadline = deadline;
    a->late = bmx_clock() >= deadline;
    /* The same in all phases: what is left over, however little, decides whether prices
     * are the highest or the lowest that a matching bears, and only large steps get from
     * one to the other. */
    a->crumb = fmax(CRUMB * tolerance, LEAST_CRUMB);
    set_counts(a, alpha);
    *upper = INFINITY;
    a->n_bidders = 0;
    mean = mean_price(a);
    for (double eps = FIRST_EPSILON * mean; eps > 1e-13 * mean && !done && !st; eps /= EPSILON_FALL) {
        double lower, live_upper;
        if ((st = phase(a, eps, margin, all, err)) || a->late)
            break;
        all = false;
        lower = matching(a);
        live_upper = prices(a, false);
        if (live_upper - lower > tolerance * live_upper)
            continue;
        if (lower >= best) {
            done = true; /* no new best here, and the cut says so */
            break;
        }
        *upper = prices(a, true);
        done = *upper - lower <= tolerance * *upper;
        if (!done) {
            /* States that were left out matter: once more, with what is live at these
             * prices, and in large steps again as prices may have far to go. */
            remember(a);
            all = true;
            eps = EPSILON_FALL * FIRST_EPSILON * mean;
            margin = fmax(4 * margin, LIVE_PRICE * mean);
        }
    }
    if (st)
        return st;
    if (!done)
        *upper = prices(a, true);
    remember(a);
    add_cut(a, g);
    return BPEMIX_OK;
}

static void keep(void *ctx, bmx_optimum *out)
{
    bmx_auction *a = ctx;

    memcpy(out->theta, a->theta, a->c->n_steps * sizeof *out->theta);
    out->slack_merges = a->sum_v;
    out->slack_pairs = a->sum_u;
}

bmx_oracle bmx_auction_oracle(bmx_auction *a)
{
    return (bmx_oracle){ .ctx = a, .eval = eval, .keep = keep };
}
