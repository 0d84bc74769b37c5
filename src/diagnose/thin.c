/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/thin.h"

#include <math.h>
#include <string.h>

/* Counts that are as good as noise are explained by leaving their category out, as slack is a sum
 * of distances and not of their squares.  Noise of a count goes with the square root of it, and
 * counts of a merge with pairs before the first merge.  Of five categories of real text, 1000
 * merges trained on 2 MB, samples of 500 kB but for one, the ranges of that one held the truth in
 * so many of 10 trials:
 *
 *                           100 B  300 B   1 kB   3 kB  10 kB  30 kB
 *     languages, as is          1      1      2      3      5      9
 *       times what it was     4.7    3.9    2.4    2.0    1.3    1.1   for all to hold it
 *     PER_NOISE and NEARLY    8.2    4.9    2.9    1.9    1.4    1.1
 *
 * Besides, documents of a category differ from each other, so that few are a poor sample of it,
 * however long they are: by PER_DOCUMENT.  A file may be a collection of documents, so that PART
 * bytes of one count as another document.  Of 20 trials each of program code that these were not
 * chosen by, the small sample being one file, or a part of one, ranges held the truth in:
 *
 *                            300 B   1 kB   3 kB  10 kB  30 kB  100 kB
 *     without PER_DOCUMENT      19     16     14     13      9      10
 *     with it                   19     17     17     17     17      16 */
#define PER_NOISE 2
#define NEARLY 0.25 /* samples that are nearly as large as the others are none of these */
#define PER_DOCUMENT 0.8
#define PART 50e3

/* The square of the noise of a merge's count, as a part of it; infinite: nothing was counted. */
static double noise_of(const bpemix_share *s, double merges)
{
    double documents = fmax((double)s->sample_documents, (double)s->sample_bytes / PART);

    return merges / (double)s->sample_pairs + (documents > 0 ? PER_DOCUMENT / documents : 0);
}

double bmx_thin_times(const bpemix_result *r, size_t i)
{
    double merges = (double)r->merge_to - r->merge_from, sum = 0, noise = 0, more;

    /* where the alphabet lacks its characters it is text of another kind that makes few pairs */
    if (isnan(r->share[i].share_bytes))
        return 1;
    for (size_t k = 0; k < r->n_cats; k++)
        if (k != i && r->share[k].share_pairs > 0 && r->share[k].sample_pairs > 0) {
            sum += r->share[k].share_pairs;
            noise += r->share[k].share_pairs * noise_of(&r->share[k], merges);
        }
    if (!(sum > 0) || !r->share[i].sample_pairs)
        return 1;
    more = PER_NOISE * (sqrt(noise_of(&r->share[i], merges)) - sqrt(noise / sum));
    return 1 + fmax(more - NEARLY, 0);
}

/* ---- ranges ---- */

enum { RANGES = 2 * BMX_UNITS }; /* the inner ones first */

static bpemix_range *range_of(bpemix_share *s, int k)
{
    return bmx_range_at(s, (bmx_unit)(k % BMX_UNITS), k >= BMX_UNITS);
}

static void raise_end(bpemix_range *x, double more)
{
    if (more > 0 && isfinite(x->high))
        x->high = fmin(x->high + more, fmax(x->high, 1));
}

/* What its members may have more, as they do not all have it at once: of sixty languages in a
 * group, a sum of what each may have is a multiple of what all of them have. */
static void raise_sum(bpemix_result *r, bmx_group *g)
{
    double squares[RANGES] = { 0 };

    for (size_t m = 0; m < g->n_members; m++) {
        double times = bmx_thin_times(r, g->member[m]) - 1;

        for (int k = 0; k < RANGES && times > 0; k++) {
            double more = times * range_of(&r->share[g->member[m]], k)->high;

            squares[k] += isfinite(more) ? more * more : 0;
        }
    }
    for (int k = 0; k < RANGES; k++)
        raise_end(range_of(&g->share, k), sqrt(squares[k]));
}

static bool has_member(const bmx_group *g, size_t i)
{
    for (size_t m = 0; m < g->n_members; m++)
        if (g->member[m] == i)
            return true;
    return false;
}

static void lower_sums(bmx_group *g, size_t n, size_t i, int k, double times)
{
    for (size_t j = 0; j < n; j++)
        if (!has_member(&g[j], i))
            range_of(&g[j].share, k)->low *= times;
}

/* The others leave room for share i at its upper end. */
static void give_way(bpemix_result *r, size_t i, int k)
{
    double room = 1 - range_of(&r->share[i], k)->high, sum = 0;

    for (size_t j = 0; j < r->n_cats; j++)
        if (j != i && isfinite(range_of(&r->share[j], k)->low))
            sum += range_of(&r->share[j], k)->low;
    if (!(sum > room)) /* as where an end is not known */
        return;
    for (size_t j = 0; j < r->n_cats; j++)
        if (j != i)
            range_of(&r->share[j], k)->low *= room / sum;
    lower_sums(r->group, r->n_groups, i, k, room / sum);
    lower_sums(r->inseparable, r->n_inseparable, i, k, room / sum);
}

void bmx_thin_widen(bpemix_result *r)
{
    for (size_t i = 0; i < r->n_groups; i++)
        raise_sum(r, &r->group[i]);
    for (size_t i = 0; i < r->n_inseparable; i++)
        raise_sum(r, &r->inseparable[i]);
    for (size_t i = 0; i < r->n_cats; i++) {
        double more = bmx_thin_times(r, i) - 1;

        for (int k = 0; k < RANGES && more > 0; k++) {
            raise_end(range_of(&r->share[i], k), more * range_of(&r->share[i], k)->high);
            give_way(r, i, k);
        }
    }
}
