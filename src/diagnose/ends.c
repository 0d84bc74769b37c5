/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ends.c - following ends by a model; ends.h has the whole in numbered steps. */
#include "diagnose/ends.h"
#include "base/assert.h"
#include "base/cancel.h"
#include "diagnose/bracket.h"
#include "solve/dot.h"
#include "solve/quasi_newton.h"

#include <math.h>
#include <string.h>

/* An end of a range is followed until `patience` idle steps on end: ones that have moved it by
 * less than a part of what it has moved in all, or MOST_LEFT if that is less, or by less than
 * ABSOLUTE.  A step counts as `trust` of them where Q1 was right, to OFF times what f is, and as
 * none where it was FAR_OFF (Mistral's list: w at 100 times the height that is allowed, twice);
 * that Q1 has no room for more counts as where it was right, if it was.  Problems with few merges
 * have corners, and their ends are followed for longer: 9 categories, 150 merges, against the dual
 * (test_identify.c), 0.02 % of the width is lost.  30 categories, 17,000 to 30,000 merges, ten
 * tokenizers, against version 0.2.0: widths are 1.004 to 1.009 at the median, and no end is nearer
 * by more than 0.17 points, with half as many steps. */
#define ABSOLUTE 2e-5
#define MOST_LEFT 5e-4
#define OFF 1.1
#define FAR_OFF 2.0
typedef struct pace {
    double part;
    int patience, trust, most_steps;
} pace;
static const pace corners = { 0.001, 10, 1, 60 }, few = { 0.001, 3, 2, 60 };
static const pace many = { 0.01, 2, 2, 60 };
#define SMOOTH 1000 /* merges */
#define MANY 16     /* targets */

/* Q1 is solved for a price at which the goal is met to this part of it, or at which the share is
 * all that it can be.  Where the share has not grown by STILL while the price became HELD times as
 * high, the cuts hold it. */
#define CLOSE 0.03
#define STILL 0.003
#define HELD 50
#define MOST_PRICES 16
/* f at the last point, as Q1 has it when it knows the slope there, is this part of what it is: f
 * rises by less than the square of the distance.  What Q1 is asked for is less by as much, and by
 * FARTHER more after each idle step. */
#define LEAST_TOLD 0.5
#define MOST_TOLD 1.0
#define FARTHER 0.05
/* Where Q1 has no room, but was not right or was not tried yet, the share is to go NUDGE times as
 * far. */
#define NUDGE 1.05
/* Where f was less than 1 / OFF of what it may be, Q1 is asked for as much more the next time,
 * MOST_STIFF times at most.  Qwen 3, 10,000 merges behind the inherited part, 122 categories: an
 * outer end of a group is nearer by 7 points without. */
#define MOST_STIFF 3.0
/* Ends in other units than bytes are followed by themselves when that of bytes is farther than
 * half of NARROW; where there are MANY targets, only when the units differ as well: when some
 * category has LITTLE_SPREAD times as much of one for one of the other as another has, and with
 * SEVERAL targets SPREAD times.  Elsewhere the mixtures at the ends are nearly the same, and their
 * shares are noted in every unit (89 categories, 10,000 merges: widths 1.00 of the full ones at
 * the median, 0.95 at the least twentieth, in half the time; 30 categories, 20,000 merges of
 * GPT-4o's list, where units differ by 1.3 and 1.4: none nearer by more than 0.14 points, at 0.85
 * of the time). */
#define NARROW 0.01
#define SEVERAL 32
#define SPREAD 3
#define LITTLE_SPREAD 1.5
/* Relative error of f allowed at an end; it makes the range narrower. */
#define TOLERANCE 5e-5

/* ---- memory ---- */

/* Vectors of the block: twelve members, and two for each unit. */
enum { BLOCK = 12 + 2 * BMX_UNITS };

bpemix_status bmx_ends_init(bmx_ends *x, bpemix_error *err)
{
    size_t n = x->n;
    double **const vector[] = { &x->scale, &x->sum, &x->best, &x->slope, &x->cost, &x->w,
                                &x->alpha, &x->g, &x->s, &x->y, &x->hs, &x->end };
    double *at = x->block = bmx_calloc(n, BLOCK * sizeof *at);

    x->metric = n > SIZE_MAX / n ? NULL : bmx_malloc(n * n, sizeof *x->metric);
    if (!at || !x->metric)
        return bmx_nomem(err);
    for (size_t k = 0; k < sizeof vector / sizeof *vector; k++, at += n)
        *vector[k] = at;
    for (int u = 0; u < BMX_UNITS; u++, at += 2 * n) {
        x->unit[u] = at;
        x->whole[u] = at + n;
    }
    return bmx_qp_init(&x->qp, n, err);
}

bpemix_status bmx_ends_copy(const bmx_ends *from, bmx_ends *x, bpemix_error *err)
{
    bpemix_status st;

    *x = (bmx_ends){ .n = from->n, .n_merges = from->n_merges, .ctl = from->ctl,
                     .least = from->least, .delta = from->delta, .curvature = from->curvature };
    if ((st = bmx_ends_init(x, err)))
        return st;
    memcpy(x->block, from->block, from->n * BLOCK * sizeof *x->block);
    return BPEMIX_OK;
}

void bmx_ends_release(bmx_ends *x)
{
    bmx_free(x->block);
    bmx_free(x->metric);
    bmx_free(x->rows);
    bmx_free(x->cuts);
    bmx_free(x->point);
    bmx_free(x->above);
    bmx_qp_release(&x->qp);
    *x = (bmx_ends){ 0 };
}

/* ---- points of the sets ---- */

static const double *unit_of(const bmx_ends *x, const bmx_target *t, int u)
{
    return t->pooled ? x->whole[u] : x->unit[u];
}

double bmx_ends_share(const bmx_ends *x, const bmx_target *t, int u, const double *z)
{
    const double *unit = unit_of(x, t, u);
    double all = bmx_dot(unit, z, x->n), part = 0;

    for (size_t i = 0; i < t->n; i++)
        part += unit[t->member[i]] * z[t->member[i]];
    return all > 0 ? part / all : NAN;
}

static void note_for(const bmx_ends *x, bmx_target *t, int level, const double *z)
{
    for (int u = 0; u < BMX_UNITS; u++) {
        double share = bmx_ends_share(x, t, u, z);

        t->low[level][u] = fmin(t->low[level][u], share);
        t->high[level][u] = fmax(t->high[level][u], share);
    }
}

#ifdef BMX_CHECKED
/* What I1 needs that can be seen without f: z is a mixture or, with the same shares, a multiple
 * of one. */
static bool is_mixture(const bmx_ends *x, const double *z)
{
    double sum = 0;

    for (size_t i = 0; i < x->n; i++) {
        if (!(z[i] >= -1e-9))
            return false;
        sum += z[i];
    }
    return sum > 0 && isfinite(sum);
}
#endif

void bmx_ends_note(bmx_ends *x, int level, const double *z)
{
    BMX_ASSERT(is_mixture(x, z));
    for (size_t k = 0; k < x->n_targets; k++)
        note_for(x, &x->target[k], level, z);
    if (x->set)
        note_for(x, x->set, level, z);
}

/* How far f may be above its least value. */
static double allowed(const bmx_ends *x, int level)
{
    return (level == BMX_ENDS_OUTER ? x->delta.outer : x->delta.inner) * x->least;
}

#ifdef BMX_CHECKED
/* I1 at z: what f is at least there is no more than the set allows. */
static bpemix_status check_point(const bmx_ends *x, int level, const double *z, bpemix_error *err)
{
    double *alpha = bmx_malloc(x->n, 2 * sizeof *alpha), *g = alpha + x->n, upper;
    bpemix_status st = alpha ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < x->n && !st; i++)
        alpha[i] = z[i] / x->scale[i];
    if (!st)
        st = x->check.eval(x->check.ctx, alpha, BMX_EXACTLY, g, &upper, err);
    BMX_ASSERT(st || bmx_dot(g, alpha, x->n) <= (x->least + allowed(x, level)) * (1 + 1e-9));
    bmx_free(alpha);
    return st;
}
#else
static bpemix_status check_point(const bmx_ends *x, int level, const double *z, bpemix_error *err)
{
    (void)x;
    (void)level;
    (void)z;
    (void)err;
    return BPEMIX_OK;
}
#endif

bpemix_status bmx_ends_evaluate(bmx_ends *x, const double *z, double *value, bpemix_error *err)
{
    bpemix_status st;

    for (size_t i = 0; i < x->n; i++)
        x->alpha[i] = z[i] / x->scale[i];
    if ((st = x->oracle.eval(x->oracle.ctx, x->alpha,
                             &(bmx_oracle_goal){ TOLERANCE, INFINITY, INFINITY }, x->g, value,
                             err)) ||
        (st = bmx_check_cancel(err)))
        return st;
    for (size_t i = 0; i < x->n; i++)
        x->g[i] /= x->scale[i];
    x->late = bmx_clock() >= x->ctl->deadline;
    return BPEMIX_OK;
}

/* ---- the model ---- */

/* Update H by the step from the best mixture to x->w, whose gradient is x->g.  A constant times e
 * does not matter within the set. */
static void update_metric(bmx_ends *x)
{
    size_t n = x->n;
    double mean = 0, count = 0;

    for (size_t i = 0; i < n; i++) {
        x->s[i] = x->w[i] - x->best[i];
        x->y[i] = x->g[i] - x->slope[i];
        mean += x->sum[i] * x->y[i];
        count += x->sum[i];
    }
    for (size_t i = 0; i < n; i++)
        x->y[i] -= count > 0 ? x->sum[i] * mean / count : 0;
    bmx_bfgs(x->metric, n, x->s, x->y, x->hs);
}

/* Divide a row by its largest entry. */
static void level_out(double *row, size_t n)
{
    double top = 0;

    for (size_t i = 0; i < n; i++)
        top = fmax(top, fabs(row[i]));
    for (size_t i = 0; i < n && top > 0; i++)
        row[i] /= top;
}

/* Cut j as a row of Q1: g . z <= rho, which is (g - rho e) . z <= 0. */
static void set_row(bmx_ends *x, size_t j)
{
    double *row = x->rows + j * x->n, rho = x->least + allowed(x, x->level);

    for (size_t i = 0; i < x->n; i++)
        row[i] = x->cuts[j * x->n + i] - rho * x->sum[i];
    level_out(row, x->n);
}

/* The cut at x->w, where f is `value` above its least value. */
static bpemix_status add_cut(bmx_ends *x, double value, bpemix_error *err)
{
    size_t n = x->n;

    if (bmx_reserve(&x->rows, &x->rows_cap, (x->n_cuts + 1) * n, sizeof *x->rows, err) ||
        bmx_reserve(&x->cuts, &x->cuts_cap, (x->n_cuts + 1) * n, sizeof *x->cuts, err) ||
        bmx_reserve(&x->point, &x->point_cap, (x->n_cuts + 1) * n, sizeof *x->point, err) ||
        bmx_reserve(&x->above, &x->above_cap, x->n_cuts + 1, sizeof *x->above, err))
        return BPEMIX_E_NOMEM;
    memcpy(x->cuts + x->n_cuts * n, x->g, n * sizeof *x->g);
    memcpy(x->point + x->n_cuts * n, x->w, n * sizeof *x->w);
    x->above[x->n_cuts] = value;
    set_row(x, x->n_cuts++);
    return BPEMIX_OK;
}

/* Where the end of a set has gone, and from where. */
typedef struct way {
    double sign, from, room; /* room: how far the share could go */
    const double *end;
    double price;            /* lambda of Q1 */
} way;

static double reached(const way *to) { return fabs(*to->end - to->from); }

/* p of Q1: the reduced costs, less the price of what the share gains at the end reached so far. */
static void set_costs(bmx_ends *x, const bmx_target *t, int u, const way *to)
{
    const double *unit = unit_of(x, t, u);
    double worth = to->sign * to->price / bmx_dot(unit, x->best, x->n);

    for (size_t i = 0; i < x->n; i++)
        x->hs[i] = x->cost[i] + worth * *to->end * unit[i];
    for (size_t i = 0; i < t->n; i++)
        x->hs[t->member[i]] -= worth * unit[t->member[i]];
}

/* By how much f exceeds its least value at x->w, according to the model. */
static double modelled(bmx_ends *x)
{
    double above = 0;

    for (size_t i = 0; i < x->n; i++)
        x->s[i] = x->w[i] - x->best[i];
    for (size_t i = 0; i < x->n; i++)
        above += x->s[i] * (x->cost[i] + 0.5 * bmx_dot(x->metric + i * x->n, x->s, x->n));
    return above;
}

/* Solve Q1 into x->w.  *above is by how much f exceeds its least value there, according to the
 * model. */
static bpemix_status model(bmx_ends *x, const bmx_target *t, int u, const way *to, double *above,
                           bool *solved, bpemix_error *err)
{
    size_t n = x->n;
    bpemix_status st;

    set_costs(x, t, u, to);
    st = bmx_qp_solve(&x->qp, &(bmx_qp_program){ .m = x->n_cuts, .h = x->metric, .c = x->best,
                                                 .g = x->rows, .e = x->sum, .p = x->hs,
                                                 .size = allowed(x, x->level) },
                      x->w, solved, err);
    if (st || !*solved)
        return st;
    for (size_t i = 0; i < n; i++) {
        x->w[i] = x->w[i] > 0 ? x->w[i] : 0;
    }
    *above = modelled(x);
    return BPEMIX_OK;
}

/* ---- one end ---- */

/* What a price of Q1 is to lead to: f above its least value, or a distance of the share. */
typedef struct aim_goal {
    double above, gone; /* one of them is 0 */
} aim_goal;

/* Step 1: x->w where Q1 reaches the goal, or as far as the cuts allow if that is nearer.  *gone is
 * how far the share goes there; 0: no such point was found. */
static bpemix_status aim(bmx_ends *x, const bmx_target *t, int u, way *to, aim_goal goal,
                         double *gone, bpemix_error *err)
{
    bmx_bracket b;
    double grew = 0, most = 0; /* most: how far it went for price `grew` */
    bpemix_status st = BPEMIX_OK;

    *gone = 0;
    bmx_bracket_begin(&b, 2);
    for (int k = 0; k < MOST_PRICES; k++) {
        double part = INFINITY, above = 0;
        bool solved;

        if ((st = model(x, t, u, to, &above, &solved, err)))
            return st;
        if (solved) {
            *gone = to->sign * (bmx_ends_share(x, t, u, x->w) - to->from);
            part = goal.gone > 0 ? *gone / goal.gone : above / goal.above;
            if (*gone > (1 + STILL) * most) {
                most = *gone;
                grew = to->price;
            }
            if (fabs(part - 1) < CLOSE || (part < 1 && *gone >= to->room - ABSOLUTE))
                return BPEMIX_OK;
            if (part < 1 && to->price > HELD * grew && grew > 0) {
                to->price = grew; /* a higher one would only be worse to compute with */
                return BPEMIX_OK;
            }
        }
        bmx_bracket_note(&b, to->price, part);
        to->price = bmx_bracket_next(&b);
    }
    return BPEMIX_OK;
}

/* So much of a share is all, but for rounding. */
#define ALL 0.99

/* Where t has more of a unit, at z, than at the best mixture: which category has lost the
 * largest part of what it had, the first of several that lost all, among those that gave way by a
 * quarter of that or more? */
static uint32_t gives_way(const bmx_ends *x, const bmx_target *t, int u, const double *z)
{
    double all = bmx_dot(x->unit[u], z, x->n), most = 0;
    double best = bmx_dot(x->unit[u], x->best, x->n);
    double gain = bmx_ends_share(x, t, u, z) - bmx_ends_share(x, t, u, x->best);
    uint32_t rival = BMX_NONE;

    for (uint32_t i = 0; i < x->n; i++) {
        double had = x->unit[u][i] * x->best[i] / best, less = had - x->unit[u][i] * z[i] / all;
        double part = had > 0 && less < ALL * had ? less / had : 1;

        if (4 * less >= gain && had > 0 && part > most) {
            most = part;
            rival = i;
        }
    }
    return rival;
}

/* Points of a chord are rounded, and where f rises a hundred million times as far as is allowed,
 * that takes them out of the set (I1).  So they are counted from the end of it that is in the set,
 * and are nearer to that by this part of the chord. */
#define ROUNDING 4e-15

/* z, on the chord from `in`, where f is `low` above its least value, to `out`, where it is `high`:
 * the point at which the chord has risen to `most`. */
static void cross(const double *in, double low, const double *out, double high, double most,
                  double *z, size_t n)
{
    double part = fmax((most - low) / (high - low) - ROUNDING, 0);

    for (size_t i = 0; i < n; i++)
        z[i] = in[i] + part * (out[i] - in[i]);
}

/* Into x->s, the point of the set farthest to the side of `sign` on the chords of f from x->w,
 * where it is `value` above its least value, to the points seen before; returns its share. */
static double farthest(bmx_ends *x, const bmx_target *t, int u, double sign, int level,
                       double value)
{
    size_t n = x->n;
    double most = allowed(x, level), top;

    if (value > most)
        cross(x->best, 0, x->w, value, most, x->s, n);
    else
        memcpy(x->s, x->w, n * sizeof *x->s);
    top = bmx_ends_share(x, t, u, x->s);
    for (size_t j = 0; j < x->n_cuts; j++) {
        const double *p = x->point + j * n;
        double share;

        if ((x->above[j] > most) == (value > most))
            continue;
        if (value > most) /* I1: between two points seen */
            cross(p, x->above[j], x->w, value, most, x->hs, n);
        else
            cross(x->w, value, p, x->above[j], most, x->hs, n);
        share = bmx_ends_share(x, t, u, x->hs);
        if (sign * share > sign * top) {
            top = share;
            memcpy(x->s, x->hs, n * sizeof *x->s);
        }
    }
    return top;
}

/* Step 2 at x->w: *value is f above its least value there. */
static bpemix_status visit(bmx_ends *x, bmx_target *t, int u, double sign, double *value,
                           bpemix_error *err)
{
    bpemix_status st = bmx_ends_evaluate(x, x->w, value, err);

    if (st)
        return st;
    update_metric(x);
    *value -= x->least;
    x->told = fmin(fmax(modelled(x) / fmax(*value, 1e-300), LEAST_TOLD), MOST_TOLD);
    for (int level = 0; level < BMX_ENDS_LEVELS; level++) {
        double share = farthest(x, t, u, sign, level, *value);

        if (level == x->level &&
            (sign > 0 ? share > t->high[level][u] : share < t->low[level][u])) {
            memcpy(x->end, x->s, x->n * sizeof *x->end);
            if (sign > 0 && u == BMX_UNIT_BYTES)
                t->rival = gives_way(x, t, u, x->s);
        }
        if ((st = check_point(x, level, x->s, err)))
            return st;
        bmx_ends_note(x, level, x->s);
    }
    return add_cut(x, *value, err);
}

/* Towards the end of the outer set f rises about as this power of the distance; less than a
 * parabola, because on the way shares reach 0 one after the other.  With a power of 2 the
 * first point was 1.3 to 1.6 times as far above the least value as wanted. */
#define POWER 1.54

/* Step 1 behind the outer set's end, at x->end. */
static bpemix_status look_behind(bmx_ends *x, bmx_target *t, int u, way *to, bpemix_error *err)
{
    double part = pow(x->delta.inner / x->delta.outer, 1 / POWER), value;

    for (size_t i = 0; i < x->n; i++)
        x->w[i] = x->best[i] + part * (x->end[i] - x->best[i]);
    return visit(x, t, u, to->sign, &value, err);
}

static const pace *pace_of(const bmx_ends *x, const bmx_target *t)
{
    bool group = t->n > 1 && t != x->set;

    return x->n_targets >= MANY && !group ? &many : x->n_merges >= SMOOTH ? &few : &corners;
}

/* How Q1 was at the last point, where f was `value` above its least value in place of `wanted`. */
typedef enum closeness { UNTRIED, LOOSE, RIGHT, STIFF } closeness;

static closeness closeness_of(double value, double wanted)
{
    return isnan(value)           ? UNTRIED
           : value > OFF * wanted ? LOOSE
           : value < wanted / OFF ? STIFF
                                  : RIGHT;
}

/* Steps 1 to 3 until the range grows no more.  One rule ends it: `patience` idle steps.  That Q1
 * has no room for more counts as such a step where Q1 was right at the point before; where it was
 * not, or no point has been looked at, though points for other shares may have moved the end, w is
 * sent a little farther to see, and only if that is not possible either it ends at once.
 * Beside the rule there are two bounds: of the share, which cannot go beyond `room`, and of the
 * time, most_steps, which few ends reach. */
static bpemix_status go_on(bmx_ends *x, bmx_target *t, int u, way *to, bpemix_error *err)
{
    const pace *p = pace_of(x, t);
    double wanted = allowed(x, x->level), value = NAN, more = 1;
    int idle = 0;
    bpemix_status st = BPEMIX_OK;

    if (!(to->price > 0))
        to->price = 2 * wanted / fmax(reached(to), 0.01);
    for (int k = 0; k < p->most_steps && !st && !x->late && idle < p->patience; k++) {
        double aimed = wanted * (x->n_cuts ? x->told : 1) * (1 + FARTHER * idle) * more;
        double before = reached(to), little = fmax(fmin(p->part * before, MOST_LEFT), ABSOLUTE);
        double gone;
        closeness was = closeness_of(value, wanted);

        if ((st = aim(x, t, u, to, (aim_goal){ .above = aimed }, &gone, err)))
            break;
        if (gone - before < little) { /* by the model there is no room */
            if (was == RIGHT || (was == UNTRIED && before <= ABSOLUTE))
                idle += p->trust;
            else
                st = aim(x, t, u, to, (aim_goal){ .gone = NUDGE * before }, &gone, err);
            if (st || idle >= p->patience || !(gone > 0) ||
                (was != RIGHT && was != UNTRIED && gone - before < little))
                break;
        }
        if ((st = visit(x, t, u, to->sign, &value, err)))
            break;
        was = closeness_of(value, wanted);
        more = was == STIFF ? fmin(fmax(aimed / fmax(value, 1e-300), 1), MOST_STIFF) : 1;
        if (reached(to) >= to->room - ABSOLUTE)
            break;
        if (reached(to) - before >= little)
            idle = 0;
        else if (value <= FAR_OFF * wanted)
            idle += was == RIGHT ? p->trust : 1;
    }
    x->price = to->price;
    return st;
}

/* What is known of the side of an end: nothing, the end of the outer set, at x->end, or the ends in
 * another unit. */
typedef enum known { NOTHING, OUTER_END, OTHER_UNIT } known;

/* One end of x->level. */
static bpemix_status follow(bmx_ends *x, bmx_target *t, int u, double sign, known of_side,
                            bpemix_error *err)
{
    double from = bmx_ends_share(x, t, u, x->best);
    way to = { .sign = sign, .from = from, .room = sign > 0 ? 1 - from : from,
               .end = sign > 0 ? &t->high[x->level][u] : &t->low[x->level][u] };
    bpemix_status st = BPEMIX_OK;

    if (to.room - reached(&to) <= ABSOLUTE)
        return BPEMIX_OK;
    if (of_side == NOTHING) {
        x->n_cuts = 0;
        memcpy(x->metric, x->curvature, x->n * x->n * sizeof *x->metric);
    }
    for (size_t j = 0; j < x->n_cuts; j++)
        set_row(x, j);
    if (of_side == OUTER_END) {
        to.price = x->price * sqrt(x->delta.inner / x->delta.outer);
        st = look_behind(x, t, u, &to, err);
    }
    return st ? st : go_on(x, t, u, &to, err);
}

/* ---- all ends of a share ---- */

/* Do two units differ, for the categories that the program shares out, by more than `spread`? */
static bool units_differ(const bmx_ends *x, int u, int v, double spread)
{
    double least = INFINITY, most = 0;

    for (size_t i = 0; i < x->n; i++) {
        double ratio = x->unit[u][i] / x->unit[v][i];
        if (x->sum[i] > 0 && ratio > 0 && isfinite(ratio)) {
            least = fmin(least, ratio);
            most = fmax(most, ratio);
        }
    }
    return most > spread * least;
}

/* The unit whose range is followed first: bytes, unless there are none of it. */
static int first_unit(const bmx_ends *x, const bmx_target *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (x->whole[BMX_UNIT_BYTES][t->member[i]] > 0)
            return BMX_UNIT_BYTES;
    return BMX_UNIT_PAIRS;
}

/* The ends of both sets on one side, in the unit that is followed first. */
static bpemix_status lead_side(bmx_ends *x, bmx_target *t, int u, double sign, bpemix_error *err)
{
    double gone;
    bpemix_status st;

    memcpy(x->end, x->best, x->n * sizeof *x->end);
    x->level = BMX_ENDS_OUTER;
    if ((st = follow(x, t, u, sign, NOTHING, err)) || x->late)
        return st;
    gone = fabs(bmx_ends_share(x, t, u, x->end) - bmx_ends_share(x, t, u, x->best));
    x->level = BMX_ENDS_INNER;
    return follow(x, t, u, sign, gone > ABSOLUTE ? OUTER_END : NOTHING, err);
}

/* The ends in the other units, behind those in unit `lead`. */
static bpemix_status other_units(bmx_ends *x, bmx_target *t, int lead, double sign,
                                 bpemix_error *err)
{
    double from = bmx_ends_share(x, t, lead, x->best);
    double gone = sign * ((sign > 0 ? t->high : t->low)[BMX_ENDS_INNER][lead] - from);
    bpemix_status st = BPEMIX_OK;

    for (int u = lead + 1; u < BMX_UNITS && gone >= NARROW / 2; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS && !st && !x->late; level++) {
            double spread = x->n_targets >= SEVERAL ? SPREAD : LITTLE_SPREAD;

            if (x->n_targets >= MANY && !units_differ(x, u, lead, spread))
                continue;
            x->level = level;
            st = follow(x, t, u, sign, OTHER_UNIT, err);
        }
    return st;
}

bpemix_status bmx_ends_find(bmx_ends *x, bmx_target *t, bpemix_error *err)
{
    int lead = first_unit(x, t);
    bpemix_status st = BPEMIX_OK;

    for (int side = 0; side < 2 && !st && !x->late; side++)
        if (!(st = lead_side(x, t, lead, side ? -1 : 1, err)) && !x->late)
            st = other_units(x, t, lead, side ? -1 : 1, err);
    t->known = !st && !x->late;
    return st;
}

void bmx_ends_publish(const bmx_ends *x, bmx_target *t)
{
    for (int u = 0; u < BMX_UNITS; u++) { /* the outer set holds the inner one */
        t->low[BMX_ENDS_OUTER][u] = fmin(t->low[BMX_ENDS_OUTER][u], t->low[BMX_ENDS_INNER][u]);
        t->high[BMX_ENDS_OUTER][u] = fmax(t->high[BMX_ENDS_OUTER][u], t->high[BMX_ENDS_INNER][u]);
    }
    for (int u = first_unit(x, t); u < BMX_UNITS && t->known; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS; level++) {
            double low = t->low[level][u], high = t->high[level][u]; /* NaN stays */

            low = low < 0 ? 0 : low; /* sums of members round */
            high = high > 1 ? 1 : high;
            *bmx_range_at(t->share, (bmx_unit)u, level == BMX_ENDS_OUTER) =
                (bpemix_range){ low, high };
        }
}

double bmx_ends_width(const bpemix_result *r, const bpemix_share *s)
{
    bpemix_range x = bmx_outer_range_in(s, r->unit);

    return x.high - x.low;
}
