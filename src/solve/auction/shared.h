/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shared.h - shared by the files of the auction: what it keeps, its invariants, its numbered steps.
 *
 *     pairs (bidders)          arcs: amount, price            steps: price theta_t >= b_t
 *
 *       p  weight  o---------- 0.7 at 12.5 -------------o  t    room, used
 *          rest     \                                  /
 *                     ------- 0.3 at 9.1 ----------o  t'       theta is the cheapest arc of a
 *       q          o--------- 1.0 at 9.4 --------/             full step, b of one with room
 *
 * The auction is that of Bertsekas (1979; Annals of Operations Research 14, 1988) with steps that
 * have room for more than one, as in transportation problems (Bertsekas and Castanon, Annals of
 * Operations Research 20, 1989), and in turns forward and backward, which problems need whose sides
 * may stay alone (the same, Computational Optimization and Applications 1, 1992).
 *
 *  1. (auction.c) Prices of the last call, or of the monotone problem; b at the new shares.
 *  2. (live.c) Live states are those that may be worth a bid, A3.
 *  3. (forward.c) Pairs bid for room: a pair takes that of largest W - theta over all its states,
 *     the cheapest of the step if it is full, and pays up to where its second choice (or none)
 *     would be as good, plus epsilon; whoever had it bids again.
 *  4. (backward.c) A step with room that nobody took must not cost more than b: it takes the pair
 *     that would lose least, lowers its price to where the next pair would come, less epsilon, and
 *     leaves room free where that pair was.
 *  5. (circles.c) With weights, circles of arcs are broken, now and then and at the end.
 *  6. (bounds.c) The matching gives the cut and a lower bound, the prices an upper one.  If they
 *     differ by more than the tolerance, epsilon is reduced; go to 3.
 *  7. All states are examined.  If one of those left out matters, go to 2.
 *
 * After 4. all of a pair is within epsilon of its best choice and every step with room costs b
 * (epsilon-complementary slackness), so that prices and matching agree to epsilon a pair.
 *
 * A1  theta[t] >= b[t], always.
 * A2  the arcs of a step are at most its room, those of a pair at most its
 *     weight, always.  A1 and A2 alone make both bounds valid: a call may be
 *     stopped anywhere.
 * A3  live states are those with W above the lowest price in range less a
 *     margin; whether that was enough is checked against all states in the end.
 * A4  forward prices only rise, so `least` stays a lower bound of a range;
 *     backward they only fall, so an offer's key stays an upper bound.
 * A5  used[t] is the sum of the step's arcs, rest the weight less the sum of the pair's.
 *
 * A1, A2 and A5 are looked at after every phase where asserts are on. */
#ifndef BMX_SOLVE_AUCTION_SHARED_H
#define BMX_SOLVE_AUCTION_SHARED_H

#include "base/assert.h"
#include "solve/auction.h"

/* No single bid or offer moves a price further than this, in epsilon.  Without a limit prices jump
 * between the highest and the lowest that a matching admits, and every phase starts far off. */
#define BMX_AUCTION_FALL 20

typedef struct bmx_auction_live {
    double w, least; /* no step in range is cheaper than `least` */
    uint64_t state;
    uint32_t lo, hi;
} bmx_auction_live;

/* The two lowest prices of some steps, and the first one's step. */
typedef struct bmx_auction_low {
    double first, second;
    uint32_t at;
} bmx_auction_low;

typedef struct bmx_auction_bidder {
    uint32_t pair;  /* index into c->pair */
    uint32_t first; /* its live states are first .. next bidder's first */
    uint32_t arc;   /* its first, BMX_NONE: none */
    bool queued;
    double weight, rest; /* rest: in no bmx_auction_arc */
    double profit;       /* backward: least W - theta of any part of it */
} bmx_auction_bidder;

typedef struct bmx_auction_arc {
    double amount, w;
    double price; /* forward: what its room costs, at least theta[step] */
    uint64_t state;
    uint32_t bidder, step, live;
    uint32_t next_of_step, next_of_bidder; /* free arcs: next_of_step */
} bmx_auction_arc;

/* What a live state offers for any step of a range: W less its pair's profit. */
typedef struct bmx_auction_offer {
    double key; /* A4 */
    uint32_t live, bidder;
} bmx_auction_offer;

struct bmx_auction {
    const bmx_constraints *c;
    const bmx_slack_weights *weights;
    bool unit; /* no weights: a step or pair is taken whole */
    bmx_range_min range;
    double *b, *theta, *w;
    double *start;       /* start[n_steps]: scratch for margins */
    double *used;        /* used[n_steps]: sum of the step's arcs */
    uint32_t *step_arc;  /* step_arc[n_steps]: its first bmx_auction_arc */
    uint32_t *pair_arc;  /* pair_arc[c->n_pairs]: between calls, the pair's first bmx_auction_arc */
    bmx_auction_arc *arc;
    size_t n_arcs, arc_cap;
    size_t n_free, tidy_at; /* arcs in that list; arcs in use that are too many */
    uint32_t free_arc;   /* the first of a list */
    uint32_t *node_arc;  /* tidy(): node_arc[n_bidders + n_steps], to the parent */
    uint32_t *seen, *arcs_in_use;
    size_t node_arc_cap, seen_cap, arcs_in_use_cap;
    uint32_t stamp;
    bmx_auction_live *live;
    size_t n_live, live_cap;
    bmx_auction_bidder *bidder;      /* bidder[n_bidders + 1] */
    size_t n_bidders, bidder_cap;
    uint32_t *queue;     /* bidders with a rest, a ring of n_bidders */
    size_t queue_cap, queue_head, n_queued;
    uint32_t *stack;     /* backward: steps with room that cost more than b */
    size_t stack_cap, n_stack;
    bmx_auction_low *tree;           /* tree[2 * leaves]; leaf of step t is leaves + t / BLOCK */
    uint32_t leaves;
    /* Backward: a state's offer stands at the few nodes of a binary tree over the
     * steps that make up its range; a node's offers are a heap, largest first. */
    uint32_t tops;       /* power of two >= n_steps; leaf of step t is tops + t */
    double *least_b;     /* least_b[2 * tops]: of the steps under a node */
    uint32_t *node;      /* node[2 * tops + 1]: offers of a node are node[i] .. node[i + 1] */
    bmx_auction_offer *offer;
    size_t offer_cap;
    bool warm;           /* theta is that of the last call */
    double last_epsilon; /* with which that call ended, in mean prices; 0: not as it should, or
                            with other weights */
    double remainder;
    double deadline;
    bool late;           /* the deadline has passed, or the phase took too long */
    uint64_t most_work;  /* where a phase ends */
    double sum_v, sum_u; /* unweighted, at theta */
    uint64_t work;       /* bids and offers so far: pacing */
};

static inline double bmx_auction_room(const bmx_auction *a, uint32_t t)
{
    return a->weights->step ? a->weights->step[t] : 1;
}

static inline double bmx_auction_weight_of_pair(const bmx_auction *a, uint32_t k)
{
    return a->weights->pair ? a->weights->pair[k] : 1;
}

/* Room that nobody took, remainders aside. */
static inline double bmx_auction_free_room(const bmx_auction *a, uint32_t t)
{
    double all = bmx_auction_room(a, t), left = all - a->used[t];
    return left > a->remainder * all ? left : 0;
}

/* A pair's part in no arc, remainders aside. */
static inline double bmx_auction_free_rest(const bmx_auction *a, const bmx_auction_bidder *p)
{
    return p->rest > a->remainder * p->weight ? p->rest : 0;
}

/* arcs.c */

/* Take `amount` out of an arc, all of it when only a remainder would stay; returns
 * how much it was.  The pair has it as a rest. */
double bmx_auction_take_out(bmx_auction *a, uint32_t e, double amount);

/* Put part of a bidder's rest at a step. */
bpemix_status bmx_auction_put_in(bmx_auction *a, uint32_t i, uint32_t t, uint32_t state,
                                 double amount, double price, bpemix_error *err);
void bmx_auction_discard(bmx_auction *a, uint32_t e); /* a free arc, in no list */
void bmx_auction_remove(bmx_auction *a, uint32_t e);  /* its amount is not given back */

/* circles.c: circles are broken, when there may be many. */
bpemix_status bmx_auction_tidy(bmx_auction *a, bpemix_error *err);
bool bmx_auction_untidy(const bmx_auction *a);
void bmx_auction_set_tidy(bmx_auction *a);

/* forward.c, backward.c: half a phase each. */
bpemix_status bmx_auction_forward(bmx_auction *a, double eps, bpemix_error *err);
bpemix_status bmx_auction_backward(bmx_auction *a, double eps, bpemix_error *err);

/* live.c: states worth more than start[] somewhere in their range, and those that have an
 * arc, A3; among all, or among those that are live already. */
bpemix_status bmx_auction_find_live(bmx_auction *a, bpemix_error *err);
void bmx_auction_thin_live(bmx_auction *a);

/* bounds.c */
double bmx_auction_matching(const bmx_auction *a);         /* the value of the matching */
void bmx_auction_add_cut(const bmx_auction *a, double *g); /* g[n_cats]; A2 to the last digit */
double bmx_auction_prices(bmx_auction *a, bool all);       /* of the prices: over live states or
                                                              all */
#ifdef BMX_CHECKED
bool bmx_auction_sound(const bmx_auction *a); /* A1, A2, A5 */
#endif

/* pause.c: check for cancellation and the deadline now and then; *stop: end the phase. */
bpemix_status bmx_auction_pause(bmx_auction *a, bool *stop, bpemix_error *err);

#endif
