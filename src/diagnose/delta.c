/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta.c - calibrated so that ranges hold nine of ten true shares.
 *
 * With Laplace noise of T independent merges the 90 % region of a share is 1.35 / T.  Merges are
 * not independent, and the more alike two categories are, the fewer of them tell one from the
 * other, while sources of one category differ in much the same way as categories that are alike do.
 * In simulated trials of five categories and 3000 merges each, the least deltas that held so many
 * true shares were, in parts of the mean over the occurrences of the mixture of a power of
 * 1 / apart, which the second column has:
 *
 *                     trials   mean    85 %     90 %     95 %    power
 *   alike-languages      12     2.2   .0019    .0029    .0041     0.6
 *   alike-code           12     3.7   .0018    .0030    .0035
 *   alike-domains        12     3.9   .0017    .0019    .0032
 *   disjoint-languages   19      20  .00035   .00045   .00087     2
 *   disjoint-spm         12      30  .00027   .00040   .00076
 *   disjoint-code        12      83  .00035   .00052   .00076
 *   disjoint-domains     30     166  .00037   .00049   .00066
 *
 * of seeds 1 and 2.  No category of these was nearer to another than 0.05; those further away than
 * 0.35, or 0.25, ask for as much as others at that distance.  Trials of other seeds moved three of
 * these numbers: with 0.25 outer ranges of languages hold 84.5 % of 840 shares (seeds 3, 5, 15 and
 * 16), so it is 0.22; with 0.0027 inner ranges of languages drawn alike hold 84.9 % of 840 (seeds
 * 3, 13, 14 and 17), so it is 0.0034; where symbols are characters, outer ranges hold 94.6 % of
 * 1470 with 0.0005 (seeds 3, 5, 17 and 27 to 30), so they have the 0.0004 that those trials ask
 * for.  Trials that nothing was chosen by are in bpemix(7), MEASURED ACCURACY. */
#include "diagnose/delta.h"
#include "diagnose/fit.h"

#include <math.h>
#include <string.h>

/* c apart^-power, with apart kept between least and most. */
typedef struct law {
    double c, power, least, most;
} law;
static const law inner = { 0.0034, 0.6, 0.05, 0.35 }, outer = { 0.0005, 2, 0.05, 0.22 };
static const law outer_of_characters = { 0.0004, 2, 0.05, 0.22 };

/* Of trials with 1000 merges behind 1000 that were inherited from another mixture, real text and
 * 1 MB of sample, and of two extensions (tests/lab/run.sh), the sizes of samples aside:
 *
 *                        trials   mean    85 %     90 %     95 %
 *   languages, alike        12     9.9   .00075   .00089   .00111
 *   code, alike             12    26.9   .00065   .00117   .00158
 *   extend-20-80            10     3.6   .00081   .00085   .00094
 *   extend-70-30            10     3.0   .00081   .00095   .00111
 *   languages, disjoint     12     9.3   .00206   .00316   .00851
 *   code, disjoint          12    25.8   .00257   .00329   .00368
 *
 * Where categories are further apart than 0.45, as languages of two scripts are, the merges behind
 * say so little of bytes that the ranges are kept as wide as there. */
static const law behind_inner = { 0.00105, 2.5, 0.22, 0.45 };
static const law behind_outer = { 0.0033, 2.5, 0.22, 0.45 };

/* More than the mean of any trial asked for. */
#define MOST_OUTER 0.12

/* Small samples have noise of their own, more than the slack that they leave tells: with 400 kB and
 * 1000 merges, languages and program code of other sources ask for .0008 and .0009 in place of
 * .0005.  What is drawn alike needs as much from there on as other sources do.  The inner power is
 * that with which ranges of program code hold 87 % of 500 shares with 1 MB, in the trials of
 * sizes-code-5 and, computed from wider ones, 24 of seed 32; with 0.45 they had held 77 to 86. */
#define SMALL_OUTER 2e6
#define SMALL_OUTER_POWER 0.3
#define SMALL_INNER 5e6
#define SMALL_INNER_POWER 0.6

/* Very small ones make categories seem further apart than they are, program code by a half with
 * 30 kB.  There the delta is not below one that follows what the categories have in common, of
 * which small samples tell rather more: the chance that two occurrences of the same merge, a merge
 * drawn at random, are of different categories, over that of occurrences of any merges.  The least
 * delta that holds 90 % of true shares, over 16 trials of five categories, 2000 merges trained on
 * 2 MB of real text and that much sample of each category:
 *
 *                        3 kB  10 kB  30 kB  100 kB  300 kB
 *   alike-languages      .091   .049   .016    .017    .012
 *   disjoint-languages   .073   .040   .036    .037    .040
 *   alike-code           .37    .21    .14     .088    .046
 *   disjoint-code        .34    .13    .11     .095    .072 */
#define SMALL 200e3
#define SMALL_LEAST 0.066
#define SMALL_POWER 0.5
#define SMALL_COMMON 0.6 /* languages have less, the others more */
/* Below this chance of being of different categories, two occurrences tell nothing of what the
 * categories have in common. */
#define ALONE 1e-3

/* Merges that are few tell the categories apart less well than their slack tells, those of program
 * code above all: so many shares of five categories of it, drawn alike, are in inner ranges that
 * are not widened for it.  Seed 1 is sizes-code-5, 71 are 24 trials of these options, with 2 MB
 * read of each half; the power is from both.
 *
 *                  100 merges     300 merges           1000 merges
 *     seed         71             1           71       1           71
 *     1 MB         82 %           83 %        86 %     88 %        88 %
 *     10 MB        91 %           86 %        82 %     95 %        93 %
 *     100 MB                      84 %                 93 %
 *
 * Other trials are in bpemix(7), Few merges. */
#define INNER_MERGES 1000
#define INNER_MERGES_POWER 0.3

/* Few merges are explained by chance: five categories leave five of them next to no slack, whatever
 * the mixture was, and a multiple of that is nothing, either.  So slack may rise by a part of the
 * counts of the merges: by inner or outer for so many of them, by less as the square of their
 * number for more, which chance does not explain, and by up to `most` times that for fewer. */
typedef struct few {
    double merges, inner, outer, most;
} few;
static const few at_first = { 50, 0.004, 0.008, 1 }, few_behind = { 30, 0.018, 0.035, 8 };

/* Sources of program code differ more than those of languages do, also where no other programming
 * language is near.  Where most of a mixture is of languages, a category of program code asks for
 * what others ask for at this distance.  Of the true shares of program code in 108 trials of five
 * categories, languages and program code (real text, 3 MB of training text, 200 kB to 1 MB of
 * sample of each), so many lie in outer ranges:
 *
 *     distance                   0.22  0.16  0.14  0.13  0.12
 *     other sources (87 shares)  72 %  79 %  81 %  86 %  87 %
 *     drawn alike (92 shares)    89 %  92 %  93 %  93 %  95 % */
#define PROGRAM_APART 0.12

/* Part of the occurrences from which on a category is one that another may be most like. */
#define WHOLE 0.01
/* Nearer ones are the same text under two names, which says nothing of other sources' text: their
 * sum is known as well as one of them would be. */
#define SAME 0.02

/* Fractions of the merges by category into fraction[n_cats], and what they have in common. */
static double fractions_of_merges(const bmx_constraints *c, const double *share, double *fraction)
{
    double mixed = 0, any = 1, n = 0;

    memset(fraction, 0, c->n_cats * sizeof *fraction);
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double all = bmx_rows_dot(&c->merge, s, share), same = 0;

        if (!(all > 0))
            continue;
        for (uint64_t j = c->merge.first[s]; j < c->merge.first[s + 1]; j++) {
            double x = share[c->merge.cat[j]] * c->merge.x[j] / all;

            same += x * x;
            fraction[c->merge.cat[j]] += x;
        }
        mixed += 1 - same;
        n++;
    }
    if (!(n > 0)) {
        fraction[0] = 1; /* of nothing */
        return 1;
    }
    for (size_t i = 0; i < c->n_cats; i++) {
        fraction[i] /= n;
        any -= fraction[i] * fraction[i];
    }
    return any > ALONE ? fmin(mixed / n / any, 1) : 1;
}

/* like[n_cats][n_cats] of the categories that have any; root[n_cats] is overwritten. */
static void likeness_of(const bmx_constraints *c, const double *fraction, double *like,
                        double *root)
{
    const bmx_rows *m = &c->merge;
    size_t n = c->n_cats;

    memset(like, 0, n * n * sizeof *like);
    for (uint32_t s = 0; s < c->n_steps; s++) {
        for (uint64_t j = m->first[s]; j < m->first[s + 1]; j++)
            root[j - m->first[s]] = fraction[m->cat[j]] > 0 && m->x[j] > 0
                                        ? sqrt(m->x[j] / c->merge_sum[m->cat[j]]) : 0;
        for (uint64_t j = m->first[s]; j < m->first[s + 1]; j++)
            for (uint64_t k = m->first[s]; k < j && root[j - m->first[s]] > 0; k++)
                like[m->cat[j] * n + m->cat[k]] += root[j - m->first[s]] * root[k - m->first[s]];
    }
}

bpemix_status bmx_apart_find(const bmx_constraints *c, const double *share, double *fraction,
                             double *apart, double *common, bpemix_error *err)
{
    size_t n = c->n_cats;
    double *like = n < SIZE_MAX / n - 1 ? bmx_malloc(n * (n + 1), sizeof *like) : NULL;

    if (!like)
        return bmx_nomem(err);
    *common = fractions_of_merges(c, share, fraction);
    likeness_of(c, fraction, like, like + n * n);
    for (size_t i = 0; i < n; i++) {
        apart[i] = 1;
        for (size_t k = 0; k < n; k++) {
            double likeness = like[i * n + k] + like[k * n + i];

            if (k != i && 1 - likeness > SAME)
                apart[i] = fmin(apart[i], 1 - likeness * fmin(fraction[k] / WHOLE, 1));
        }
    }
    bmx_free(like);
    return BPEMIX_OK;
}

static double mean_of(law l, const double *fraction, const double *apart, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += fraction[i] * pow(fmin(fmax(apart[i], l.least), l.most), -l.power);
    return l.c * sum;
}

bmx_delta bmx_delta_of(const double *fraction, const double *apart, size_t n, double common,
                       double sample, bmx_delta_law which)
{
    bool behind = which == BMX_DELTA_BEHIND;
    const law *far = behind                            ? &behind_outer
                     : which == BMX_DELTA_OF_CHARACTERS ? &outer_of_characters : &outer;
    double x = fmin(common / SMALL_COMMON, 1);
    bmx_delta d = { mean_of(behind ? behind_inner : inner, fraction, apart, n),
                    mean_of(*far, fraction, apart, n) };

    if (!behind)
        d.outer = fmin(d.outer, MOST_OUTER);
    d.outer = fmax(d.outer, d.inner) * pow(fmax(SMALL_OUTER / sample, 1), SMALL_OUTER_POWER);
    if (sample < SMALL)
        d.outer = fmax(d.outer, SMALL_LEAST * x * x * pow(SMALL / sample, SMALL_POWER));
    d.inner = fmin(d.inner * pow(fmax(SMALL_INNER / sample, 1), SMALL_INNER_POWER), d.outer);
    return d;
}

double bmx_delta_of_program(double part, double sample, bmx_delta_law which)
{
    const law *l = which == BMX_DELTA_OF_CHARACTERS ? &outer_of_characters : &outer;
    double apart = l->most - part * (l->most - PROGRAM_APART);

    return which == BMX_DELTA_BEHIND ? 0 : l->c * pow(apart, -l->power) *
                                           pow(fmax(SMALL_OUTER / sample, 1), SMALL_OUTER_POWER);
}

void bmx_delta_of_few(bmx_delta *d, size_t n_merges, double sample, double slack, bool behind)
{
    const few *f = behind ? &few_behind : &at_first;
    double times = f->merges / (double)n_merges;
    double part = (times < 1 ? times * times : fmin(times, f->most)) / fmax(slack, BMX_LEAST_SLACK);

    if (!behind)
        d->inner *= pow(fmax(INNER_MERGES / (double)n_merges, 1), INNER_MERGES_POWER);
    d->outer = fmax(d->outer,
                    f->outer * part * pow(fmax(SMALL_OUTER / sample, 1), SMALL_OUTER_POWER));
    d->inner = fmax(d->inner,
                    f->inner * part * pow(fmax(SMALL_INNER / sample, 1), SMALL_INNER_POWER));
    d->inner = fmin(d->inner, d->outer);
}

bmx_delta_law bmx_delta_law_of(const bmx_constraints *c, const bpemix_result *r)
{
    return r->merge_from > 0                        ? BMX_DELTA_BEHIND
           : bmx_facts_characters(&c->trace->facts) ? BMX_DELTA_OF_CHARACTERS
                                                    : BMX_DELTA_OF_BYTES;
}

bpemix_status bmx_delta_find(const bmx_constraints *c, const double *share, const bpemix_result *r,
                             double slack, bmx_delta *out, bpemix_error *err)
{
    size_t n = c->n_cats;
    bool behind = r->merge_from > 0;
    double *fraction = bmx_malloc(n, 2 * sizeof *fraction), common;
    bpemix_status st = fraction ? bmx_apart_find(c, share, fraction, fraction + n, &common, err)
                            : bmx_nomem(err);

    if (!st) {
        *out = bmx_delta_of(fraction, fraction + n, n, common, bmx_fit_sample(r),
                            bmx_delta_law_of(c, r));
        bmx_delta_of_few(out, c->n_steps, bmx_fit_sample(r), slack, behind);
    }
    bmx_free(fraction);
    return st;
}
