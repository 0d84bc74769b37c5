/* auction.c - a near-optimal matching of pairs with steps by auction.
 *
 * theta_t = b_t + v_t is the price of step t.  Forward, pairs bid for steps: a
 * pair takes the step of largest W - theta over all its states and raises the
 * price to where its second choice (or none) would be as good, plus epsilon;
 * whoever had the step bids again.  Backward, a step that nobody took must not
 * cost more than b: it takes the pair that would lose least, lowers its price
 * to where the next pair would come, less epsilon, and leaves that pair's old
 * step free.  Afterwards every pair is within epsilon of its best choice and
 * every free step costs b, so that prices and matching agree to epsilon a
 * pair.  Phases with falling epsilon start from the prices of the last one;
 * the first of a call starts from those of the call before.
 *
 * A1  theta[t] >= b[t].
 * A2  live states are those with W above the lowest price in range less a
 *     margin; whether that was enough is checked against all states in the end.
 * A3  forward prices only rise, so `least` stays a lower bound of a range. */
#include "solve/auction.h"
#include "solve/monotone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GROUP 128 /* steps with one list of offers */
#define BLOCK 8 /* steps under a leaf of the tree */
/* Epsilon of a call's first phase, in mean prices, and its fall from phase to
 * phase.  Prices start from those of the last call or of the monotone problem,
 * which are near: phases with larger epsilon would only upset them. */
#define FIRST_EPSILON 1e-3
#define EPSILON_FALL 10
/* No single bid or offer moves a price further than this, in epsilon.  Without
 * a limit prices jump between the highest and the lowest that a matching bears,
 * and every phase begins from afar. */
#define FALL 20
/* A2's margin in epsilon, and at least in prices. */
#define LIVE_EPSILON 10
#define LIVE_PRICE 0.03
/* Offers passed over before they are sorted again, in live states. */
#define SORT_AFTER 60

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
    uint32_t pair;        /* index into c->pair */
    uint32_t first;       /* its live states are first .. next bidder's first */
    uint32_t step, state; /* what it owns; BMX_NONE: nothing */
} bidder;

/* What a live state offers for a step: W less its pair's profit. */
typedef struct offer {
    double key;
    uint32_t live, bidder;
    uint32_t lo, hi;
} offer;

/* Offers for the steps of one group, largest key first. */
typedef struct group {
    size_t first, n; /* into listed; n = SIZE_MAX: not yet made */
} group;

struct bmx_auction {
    const bmx_constraints *c;
    bmx_range_min range;
    double *b, *theta, *w;
    double *start;       /* start[n_steps]: scratch for margins */
    offer *offer;        /* offer[n_live], largest key first */
    group *group;        /* group[n_steps / GROUP + 1] */
    uint32_t *listed;    /* listed[n_listed], into offer */
    size_t n_listed, listed_cap;
    uint32_t *free_step; /* free_step[..]: unowned and above b */
    size_t offer_cap, free_cap, n_free;
    uint32_t *own_step;  /* own_step[c->n_pairs]: what a pair owned last, BMX_NONE: nothing */
    uint64_t *own_state;
    live *live;
    size_t n_live, live_cap;
    bidder *bidder;      /* bidder[n_bidders + 1] */
    size_t n_bidders, bidder_cap;
    uint32_t *queue;     /* bidders without a step, a ring of n_bidders */
    size_t queue_cap;
    uint32_t *owner;     /* owner[n_steps], bidder or BMX_NONE */
    low *tree;           /* tree[2 * leaves]; leaf of step t is leaves + t / BLOCK */
    uint32_t leaves;
    bool warm;           /* theta is that of the last call */
    double sum_v, sum_u;
    uint64_t bids, moves, scans; /* so far: pacing */
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
    bmx_free(a->offer);
    bmx_free(a->group);
    bmx_free(a->listed);
    bmx_free(a->own_step);
    bmx_free(a->own_state);
    bmx_free(a->free_step);
    bmx_free(a->live);
    bmx_free(a->bidder);
    bmx_free(a->queue);
    bmx_free(a->owner);
    bmx_free(a->tree);
    bmx_free(a);
}

bpemix_status bmx_auction_new(const bmx_constraints *c, bmx_auction **out, bpemix_error *err)
{
    bmx_auction *a = bmx_calloc(1, sizeof *a);
    bpemix_status st;

    if (!a)
        return bmx_nomem(err);
    a->c = c;
    for (a->leaves = 1; a->leaves * BLOCK < c->n_steps;)
        a->leaves *= 2;
    a->b = bmx_malloc(c->n_steps, sizeof *a->b);
    a->theta = bmx_malloc(c->n_steps, sizeof *a->theta);
    a->w = bmx_malloc(c->n_states, sizeof *a->w);
    a->start = bmx_malloc(c->n_steps, sizeof *a->start);
    a->group = bmx_malloc(c->n_steps / GROUP + 1, sizeof *a->group);
    a->own_step = bmx_malloc(c->n_pairs, sizeof *a->own_step);
    a->own_state = bmx_malloc(c->n_pairs, sizeof *a->own_state);
    a->owner = bmx_malloc(c->n_steps, sizeof *a->owner);
    a->tree = bmx_malloc(a->leaves, 2 * sizeof *a->tree);
    st = a->b && a->theta && a->w && a->start && a->group && a->own_step && a->own_state && a->owner && a->tree
             ? bmx_range_min_init(&a->range, c->n_steps, err)
             : bmx_nomem(err);
    if (st) {
        bmx_auction_free(a);
        return st;
    }
    memset(a->own_step, 0xff, c->n_pairs * sizeof *a->own_step);
    *out = a;
    return BPEMIX_OK;
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

/* ---- one phase ---- */

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

/* Profit of a bidder where it is. */
static double profit(const bmx_auction *a, const bidder *p)
{
    return p->step == BMX_NONE ? 0 : a->live[p->state].w - a->theta[p->step];
}

static bpemix_status forward(bmx_auction *a, double eps, bpemix_error *err)
{
    size_t head = 0, tail = 0, waiting = 0;
    uint64_t until = a->bids + 1000000;

    tree_build(a);
    memset(a->owner, 0xff, a->c->n_steps * sizeof *a->owner);
    for (size_t k = 0; k < a->n_live; k++)
        a->live[k].least = 0;
    for (size_t i = 0; i < a->n_bidders; i++) {
        bidder *p = &a->bidder[i];
        choice c = look(a, p);
        if (p->step != BMX_NONE && profit(a, p) >= c.best - eps) {
            a->owner[p->step] = (uint32_t)i;
        } else {
            p->step = BMX_NONE;
            if (c.at != BMX_NONE)
                a->queue[waiting++] = (uint32_t)i;
        }
    }
    tail = waiting == a->n_bidders ? 0 : waiting;
    while (waiting > 0) {
        uint32_t i = a->queue[head];
        bidder *p = &a->bidder[i];
        choice c = look(a, p);
        head = head + 1 == a->n_bidders ? 0 : head + 1;
        waiting--;
        if (++a->bids >= until) {
            bpemix_status st = bmx_check_cancel(err);
            if (st)
                return st;
            until += 1000000;
        }
        if (c.at == BMX_NONE)
            continue;
        if (a->owner[c.at] != BMX_NONE) {
            a->bidder[a->owner[c.at]].step = BMX_NONE;
            a->queue[tail] = a->owner[c.at];
            tail = tail + 1 == a->n_bidders ? 0 : tail + 1;
            waiting++;
        }
        a->owner[c.at] = i;
        p->step = c.at;
        p->state = c.state;
        a->theta[c.at] += fmin(c.best - c.second, FALL * eps) + eps;
        tree_raise(a, c.at);
    }
    return BPEMIX_OK;
}

static bpemix_status set_free(bmx_auction *a, uint32_t t, bpemix_error *err)
{
    if (a->owner[t] != BMX_NONE || !(a->theta[t] > a->b[t]))
        return BPEMIX_OK;
    if (bmx_reserve(&a->free_step, &a->free_cap, a->n_free + 1, sizeof *a->free_step, err))
        return BPEMIX_E_NOMEM;
    a->free_step[a->n_free++] = t;
    return BPEMIX_OK;
}

static int by_key(const void *pa, const void *pb)
{
    const offer *a = pa, *b = pb;
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return a->live < b->live ? -1 : a->live > b->live;
}

/* The offers for a group of steps: those that reach it and lie between its
 * lowest b and its highest price. */
static bpemix_status list_offers(bmx_auction *a, group *g, uint32_t lo, double eps,
                                 bpemix_error *err)
{
    uint32_t hi = lo + GROUP < a->c->n_steps ? lo + GROUP : a->c->n_steps;
    double top = 0, bottom = INFINITY;

    for (uint32_t t = lo; t < hi; t++) {
        top = fmax(top, a->start[t]);
        bottom = fmin(bottom, a->b[t]);
    }
    if (bmx_reserve(&a->listed, &a->listed_cap, a->n_listed + a->n_live, sizeof *a->listed, err))
        return BPEMIX_E_NOMEM;
    g->first = a->n_listed;
    for (size_t k = 0; k < a->n_live && a->offer[k].key > bottom; k++)
        if (a->offer[k].lo < hi && a->offer[k].hi > lo && a->offer[k].key <= top + 2 * eps)
            a->listed[a->n_listed++] = (uint32_t)k;
    g->n = a->n_listed - g->first;
    return BPEMIX_OK;
}

/* The two best offers for a step, at least b; who = BMX_NONE: only b. */
typedef struct offers {
    double best, second;
    uint32_t state, who;
} offers;

static offers best_offers(bmx_auction *a, const group *g, uint32_t t, double eps)
{
    offers f = { a->b[t], a->b[t], 0, BMX_NONE };
    double top = a->start[t] + 2 * eps;
    const uint32_t *list = a->listed + g->first;
    size_t lo = 0, hi = g->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (a->offer[list[mid]].key > top)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < g->n; lo++) {
        const offer *o = &a->offer[list[lo]];
        double key;
        /* nothing below can matter: a price falls by no more at a time */
        if (o->key <= f.second || (f.who != BMX_NONE && o->key < f.best - (FALL - 1) * eps))
            break;
        a->scans++;
        if (t < o->lo || t >= o->hi)
            continue;
        key = a->live[o->live].w - profit(a, &a->bidder[o->bidder]);
        if (key > f.best) {
            f = (offers){ key, f.best, o->live, o->bidder };
        } else if (key > f.second) {
            f.second = key;
        }
    }
    return f;
}

/* Sort all offers as they are now. */
static bpemix_status sort_offers(bmx_auction *a, bpemix_error *err)
{
    if (bmx_reserve(&a->offer, &a->offer_cap, a->n_live, sizeof *a->offer, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < a->n_bidders; i++) {
        const bidder *p = &a->bidder[i];
        double gain = profit(a, p);
        for (uint32_t k = p->first; k < p[1].first; k++)
            a->offer[k] = (offer){ a->live[k].w - gain, k, (uint32_t)i, a->live[k].lo,
                                   a->live[k].hi };
    }
    qsort(a->offer, a->n_live, sizeof *a->offer, by_key);
    memcpy(a->start, a->theta, a->c->n_steps * sizeof *a->start);
    for (uint32_t i = 0; i <= a->c->n_steps / GROUP; i++)
        a->group[i].n = SIZE_MAX;
    a->n_listed = 0;
    return BPEMIX_OK;
}

/* Lower the prices of steps that nobody took.  Profits only rise here, so an
 * offer is never worth more than when it was sorted; and then no offer for a
 * step was worth more than its price and epsilon.  As offers sink, more of them
 * have to be passed over; then it pays to sort them again. */
static bpemix_status backward(bmx_auction *a, double eps, bpemix_error *err)
{
    const bmx_constraints *c = a->c;
    bpemix_status st = BPEMIX_OK;
    uint64_t until = a->moves + 10000, resort;

    a->n_free = 0;
    for (uint32_t t = 0; t < c->n_steps && !st; t++)
        st = set_free(a, t, err);
    if (st || a->n_free == 0)
        return st;
    st = sort_offers(a, err);
    resort = a->scans + SORT_AFTER * a->n_live;
    while (a->n_free > 0 && !st) {
        uint32_t t = a->free_step[--a->n_free], old;
        group *g = &a->group[t / GROUP];
        bidder *p;
        offers f;
        if (a->owner[t] != BMX_NONE || !(a->theta[t] > a->b[t]))
            continue;
        if (g->n == SIZE_MAX && (st = list_offers(a, g, t / GROUP * GROUP, eps, err)))
            break;
        f = best_offers(a, g, t, eps);
        a->moves++;
        if (f.who == BMX_NONE) {
            a->theta[t] = a->b[t];
            continue;
        }
        p = &a->bidder[f.who];
        old = p->step;
        a->theta[t] = fmax(a->b[t], fmax(f.second - eps, f.best - FALL * eps));
        a->owner[t] = f.who;
        p->step = t;
        p->state = f.state;
        if (old != BMX_NONE) {
            a->owner[old] = BMX_NONE;
            st = set_free(a, old, err);
        }
        if (!st && a->scans >= resort) {
            st = sort_offers(a, err);
            resort = a->scans + SORT_AFTER * a->n_live;
        }
        if (!st && a->moves >= until) {
            st = bmx_check_cancel(err);
            until += 10000;
        }
    }
    return st;
}

/* ---- which states take part ---- */

static bpemix_status add_live(bmx_auction *a, uint32_t pair, size_t before, uint64_t state,
                              double w, const bmx_state *range, bpemix_error *err)
{
    if (bmx_reserve(&a->live, &a->live_cap, a->n_live + 1, sizeof *a->live, err) ||
        bmx_reserve(&a->bidder, &a->bidder_cap, a->n_bidders + 2, sizeof *a->bidder, err))
        return BPEMIX_E_NOMEM;
    if (a->n_live == before)
        a->bidder[a->n_bidders++] = (bidder){ .pair = pair, .first = (uint32_t)before,
                                              .step = BMX_NONE };
    if (a->own_step[pair] != BMX_NONE && a->own_state[pair] == state) {
        a->bidder[a->n_bidders - 1].step = a->own_step[pair];
        a->bidder[a->n_bidders - 1].state = (uint32_t)a->n_live;
    }
    a->live[a->n_live++] = (live){ .w = w, .state = state, .lo = range->lo, .hi = range->hi };
    a->bidder[a->n_bidders].first = (uint32_t)a->n_live;
    return BPEMIX_OK;
}

/* A2: states worth more than start[] somewhere in their range, and those that
 * own a step. */
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
        bool owns = a->own_step[k] != BMX_NONE;
        for (uint64_t s = c->first[k]; s < c->first[k + 1] && !st; s++) {
            const bmx_state *r = &c->state[s];
            if ((a->w[s] > lowest &&
                 a->w[s] > a->start[bmx_range_min_find(&a->range, r->lo, r->hi)]) ||
                (owns && a->own_state[k] == s))
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
        uint32_t last = a->bidder[i + 1].first, first = (uint32_t)n, state = 0;
        for (uint32_t k = p.first; k < last; k++) {
            const live *l = &a->live[k];
            bool owned = p.step != BMX_NONE && p.state == k;
            if (!owned && l->w <= a->start[bmx_range_min_find(&a->range, l->lo, l->hi)])
                continue;
            if (owned)
                state = (uint32_t)n;
            a->live[n++] = *l;
        }
        if (n > first)
            a->bidder[m++] = (bidder){ p.pair, first, p.step, state };
    }
    a->n_live = n;
    a->n_bidders = m;
    a->bidder[m].first = (uint32_t)n;
}

static void remember(bmx_auction *a)
{
    memset(a->own_step, 0xff, a->c->n_pairs * sizeof *a->own_step);
    for (size_t i = 0; i < a->n_bidders; i++)
        if (a->bidder[i].step != BMX_NONE) {
            a->own_step[a->bidder[i].pair] = a->bidder[i].step;
            a->own_state[a->bidder[i].pair] = a->live[a->bidder[i].state].state;
        }
}

/* Value of the matching. */
static double matching(const bmx_auction *a)
{
    double sum = 0;

    for (size_t i = 0; i < a->n_bidders; i++) {
        const bidder *p = &a->bidder[i];
        if (p->step != BMX_NONE && a->live[p->state].w > a->b[p->step])
            sum += a->live[p->state].w - a->b[p->step];
    }
    return sum;
}

/* Value of the prices: over live states, or over all. */
static double prices(bmx_auction *a, bool all)
{
    const bmx_constraints *c = a->c;
    double lowest;

    bmx_range_min_set(&a->range, a->theta);
    lowest = a->theta[bmx_range_min_find(&a->range, 0, c->n_steps)];
    a->sum_v = a->sum_u = 0;
    for (uint32_t t = 0; t < c->n_steps; t++)
        a->sum_v += a->theta[t] - a->b[t];
    if (all) {
        for (size_t k = 0; k < c->n_pairs; k++) {
            double best = 0;
            for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++)
                if (a->w[s] - lowest > best)
                    best = fmax(best, a->w[s] - a->theta[bmx_range_min_find(
                                                    &a->range, c->state[s].lo, c->state[s].hi)]);
            a->sum_u += best;
        }
    } else {
        for (size_t i = 0; i < a->n_bidders; i++) {
            double best = 0;
            for (uint32_t k = a->bidder[i].first; k < a->bidder[i + 1].first; k++)
                if (a->live[k].w - lowest > best)
                    best = fmax(best, a->live[k].w - a->theta[bmx_range_min_find(
                                                         &a->range, a->live[k].lo, a->live[k].hi)]);
            a->sum_u += best;
        }
    }
    return a->sum_v + a->sum_u;
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
        if (!(st = oracle.eval(oracle.ctx, alpha, 0, INFINITY, g, &upper, err)))
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

static bpemix_status eval(void *ctx, const double *alpha, double tolerance, double best, double *g,
                          double *upper, bpemix_error *err)
{
    bmx_auction *a = ctx;
    const bmx_constraints *c = a->c;
    double lower = 0, mean, eps, margin = 0, live_upper;
    bool all = true, done = false;
    bpemix_status st = BPEMIX_OK;

    if (!a->warm && (st = first_prices(a, alpha, err)))
        return st;
    a->warm = true;
    bmx_constraints_merge_counts(c, alpha, a->b);
    bmx_constraints_state_counts(c, alpha, a->w);
    for (uint32_t t = 0; t < c->n_steps; t++)
        a->theta[t] = fmax(a->b[t], a->theta[t]);
    *upper = INFINITY;
    a->n_bidders = 0;
    mean = mean_price(a);
    for (eps = FIRST_EPSILON * mean; eps > 1e-13 * mean && !done; eps /= EPSILON_FALL) {
        for (uint32_t t = 0; t < c->n_steps; t++)
            a->start[t] = fmax(a->b[t],
                               a->theta[t] - fmax(fmax(margin, LIVE_EPSILON * eps),
                                                  LIVE_PRICE * a->theta[t]));
        if (!all)
            thin_live(a);
        else if ((st = find_live(a, err)))
            return st;
        all = false;
        if ((st = forward(a, eps, err)) || (st = backward(a, eps, err)))
            return st;
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
        if (!done) { /* states that were left out matter */
            remember(a);
            all = true;
            eps *= EPSILON_FALL * EPSILON_FALL;
            margin = fmax(4 * margin, LIVE_EPSILON * eps);
        }
    }
    if (!done)
        *upper = prices(a, true);
    remember(a);
    memset(g, 0, c->n_cats * sizeof *g);
    for (size_t i = 0; i < a->n_bidders; i++) {
        const bidder *p = &a->bidder[i];
        if (p->step == BMX_NONE || !(a->live[p->state].w > a->b[p->step]))
            continue;
        bmx_constraints_add_state(c, p->pair, a->live[p->state].state, 1, g);
        bmx_rows_add_to(&c->merge, p->step, -1, g);
    }
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
