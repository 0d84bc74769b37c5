/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta.c - calibrated so that ranges hold nine of ten true shares.
 *
 * With Laplace noise of T independent merges the 90 % region of a share is 1.35 / T.  Merges are
 * not independent, and not all of them tell one category from another: the more the categories
 * have in common, the fewer do.  The least delta that holds 85, 90 and 95 % of true shares, over
 * 42 simulated trials of five categories and 3000 merges each (tests/lab/needed.pl), and what the
 * categories have in common:
 *
 *                        85 %     90 %     95 %    common
 *   alike-languages     .0048    .0068    .0121      .34
 *   alike-domains       .0116    .0154    .0241      .65
 *   alike-code          .0075    .0103    .0145      .71
 *   disjoint-languages  .0090    .0131    .0226      .34
 *   disjoint-domains    .0553    .0660    .1034      .65
 *   disjoint-code       .0359    .0423    .0559      .71
 *
 * A straight line for the first three and a parabola for the others, level from 0.6 on, are within
 * these.  The constants were then raised from 0.0125 and 0.056 after another 42 trials a group, and
 * the outer one once more, from 0.058, after the third set, of which it held 85 % of
 * disjoint-domains:
 * .066 is what the first set needs, and holds 87 % of a fourth (again-domains; bpemix(7), MEASURED
 * ACCURACY).  No trial had less than LEVEL_TO in common: there, too, nothing is extrapolated. */
#include "diagnose/delta.h"

#include <math.h>
#include <string.h>

#define LEVEL_FROM 0.6
#define LEVEL_TO 0.2
/* Below this chance of being of different categories, two occurrences tell nothing of what the
 * categories have in common. */
#define ALONE 1e-3

double bmx_common(const bmx_constraints *c, const double *share, double *work)
{
    double apart = 0, any = 1, n = 0;

    memset(work, 0, c->n_cats * sizeof *work);
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double all = bmx_rows_dot(&c->merge, s, share), same = 0;

        if (!(all > 0))
            continue;
        for (uint64_t j = c->merge.first[s]; j < c->merge.first[s + 1]; j++) {
            double part = share[c->merge.cat[j]] * c->merge.x[j] / all;

            same += part * part;
            work[c->merge.cat[j]] += part;
        }
        apart += 1 - same;
        n++;
    }
    for (size_t i = 0; i < c->n_cats && n > 0; i++)
        any -= work[i] / n * (work[i] / n);
    return n > 0 && any > ALONE ? fmin(apart / n / any, 1) : 1;
}

/* Trials with real text, 1 MB of sample, 1000 merges behind 1000 that were inherited from another
 * mixture, 16 each: the least deltas that held 90 % of true shares of bytes were, over those
 * without these factors, 2 to 3 (five programming languages, drawn alike; 1.1 from other sources),
 * 3.3 (German behind English) and 0.4 to 0.7 (five languages; 1.4 from other sources).  In 16
 * others each, inner ranges held 94, 100 and 98 % of samples drawn alike, outer ones 96 % (code)
 * and 88 % (languages) of those from other sources. */
#define BEHIND_INNER 3
#define BEHIND_OUTER 2

/* Small samples have noise of their own, more than the slack that they leave tells.  The least
 * delta that holds 90 % of true shares, over 16 trials of five categories, 2000 merges trained on
 * 2 MB of real text and that much sample of each category:
 *
 *                        3 kB  10 kB  30 kB  100 kB  300 kB
 *   alike-languages      .091   .049   .016    .017    .012
 *   disjoint-languages   .073   .040   .036    .037    .040
 *   alike-code           .37    .21    .14     .088    .046
 *   disjoint-code        .34    .13    .11     .095    .072
 *
 * The inner one is that of 5 MB up to there; more sample than that is not known to need less. */
#define SMALL_OUTER 200e3
#define SMALL_OUTER_POWER 0.4
#define SMALL_INNER 5e6
#define SMALL_INNER_POWER 0.45

bmx_delta bmx_delta_of(double common, double sample, bool behind)
{
    double x = fmin(fmax(common, LEVEL_TO) / LEVEL_FROM, 1);
    bmx_delta d = { BMX_DELTA * x, fmax(BMX_DELTA_OUTER * x * x, BMX_DELTA * x) };

    d.outer *= pow(fmax(SMALL_OUTER / sample, 1), SMALL_OUTER_POWER);
    d.inner = fmin(d.inner * pow(fmax(SMALL_INNER / sample, 1), SMALL_INNER_POWER), d.outer);

    if (behind) {
        d.inner *= BEHIND_INNER;
        d.outer = fmax(d.outer * BEHIND_OUTER, d.inner);
    }
    return d;
}
