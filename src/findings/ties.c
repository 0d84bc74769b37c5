/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ties.c - where equal counts, not frequencies, decide the order.
 *
 * A trainer breaks ties by a fixed rule.  Where counts are small most
 * neighbouring merges are tied, so neighbours stand in the rule's order far
 * more often than the half that chance gives.  How much more tells how fast the
 * count falls from merge to merge, and so how large it is:
 *
 *   p    probability that two neighbours are tied; runs of tied merges have then
 *        geometric lengths, and stand in order
 *   a    share of neighbours in order: those in a run, and of the others those where
 *        by chance all of one run come before all of the next, which for runs of m1
 *        and m2 merges has the probability m1! m2! / (m1 + m2)!
 *   fall of the count from a merge to the next, in counts: with a steady fall,
 *        p = 1 - fall (1 - exp(-1 / fall)) */
#include "findings/findings.h"
#include "base/utf8.h"

#include <math.h>

/* In the tail the count of merge t is about LEVEL * pairs * t^-DECAY, `pairs`
 * being the initial pairs of the training text, so that it falls by DECAY / t of itself.
 * Fitted on ten training texts of 1 to 8 MB in eight languages and programming languages;
 * `make lab` checks it from 10 MB to 10 GB (table ties), and size-estimate in
 * tests/cli/inspect.t on 40 kB. */
#define DECAY 1.2
#define LEVEL 0.27

static int64_t id_of(const bpemix_tokenizer *tok, uint32_t token)
{
    uint32_t id = tok->vocab.id ? tok->vocab.id[token] : BMX_NONE;
    return id == BMX_NONE ? (int64_t)token : (int64_t)id;
}

static int compare_ids(const bpemix_tokenizer *tok, const bmx_merge *a, const bmx_merge *b)
{
    int64_t x = id_of(tok, a->left), y = id_of(tok, b->left);

    if (x == y) {
        x = id_of(tok, a->right);
        y = id_of(tok, b->right);
    }
    return (x > y) - (x < y);
}

static int compare_length_bytes(const bpemix_tokenizer *tok, const bmx_merge *a, const bmx_merge *b)
{
    bmx_slice x = tok->vocab.tokens.str[a->product], y = tok->vocab.tokens.str[b->product];
    size_t m = bmx_utf8_length(x), n = bmx_utf8_length(y);

    return m != n ? (m > n) - (m < n) : bmx_slice_cmp(x, y);
}

static int compare_largest(const bpemix_tokenizer *tok, const bmx_merge *a, const bmx_merge *b)
{
    int c = bmx_slice_cmp(tok->vocab.tokens.str[b->left], tok->vocab.tokens.str[a->left]);
    return c ? c : bmx_slice_cmp(tok->vocab.tokens.str[b->right], tok->vocab.tokens.str[a->right]);
}

static int compare(const bpemix_tokenizer *tok, bmx_tie_rule rule, uint32_t t)
{
    const bmx_merge *a = &tok->trained.merge[t], *b = a + 1;

    return rule == BMX_TIES_IDS            ? compare_ids(tok, a, b)
           : rule == BMX_TIES_LENGTH_BYTES ? compare_length_bytes(tok, a, b)
                                           : compare_largest(tok, a, b);
}

/* Share of neighbours t, t + 1 in [from, to) that stand in the rule's order. */
static double ascending(const bpemix_tokenizer *tok, bmx_tie_rule rule, uint32_t from, uint32_t to)
{
    uint32_t n = 0, up = 0;

    for (uint32_t t = from; t < to && t + 1 < tok->trained.n_merges; t++) {
        up += compare(tok, rule, t) < 0;
        n++;
    }
    return n ? (double)up / n : 0;
}

/* Share of neighbours in order when two are tied with probability p. */
static double share_in_order(double p)
{
    double chance = 0, one = 1 - p; /* that of runs of m1 and m2, over all of them */

    for (int m1 = 1; m1 <= 40; m1++) {
        double inverse = 1, two = (1 - p) * one; /* m1! m2! / (m1 + m2)! */

        for (int k = 1; k <= m1; k++)
            inverse *= k / (double)(k + 1); /* m2 = 1: 1 / (m1 + 1) */
        for (int m2 = 1; m2 <= 40 && two > 0; m2++) {
            chance += two * inverse;
            two *= p;
            inverse *= (m2 + 1) / (double)(m1 + m2 + 1);
        }
        one *= p;
    }
    return 1 - (1 - p) * (1 - chance);
}

/* The fall of the count from one merge to the next that makes neighbours stand in order
 * this often. */
static double fall_of(double in_order)
{
    double low = 0, high = 1, p;

    for (int k = 0; k < 50; k++) { /* the share rises with p */
        p = (low + high) / 2;
        *(share_in_order(p) < in_order ? &low : &high) = p;
    }
    p = (low + high) / 2;
    low = 1e-9;
    high = 1e9;
    for (int k = 0; k < 100; k++) { /* p sinks with the fall */
        double fall = sqrt(low * high);
        *(1 + fall * expm1(-1 / fall) > p ? &low : &high) = fall;
    }
    return sqrt(low * high);
}

const char *bmx_tie_rule_name(bmx_tie_rule rule)
{
    static const char *const names[] = { "none", "ids", "length-bytes", "largest" };
    return names[rule];
}

/* Share of neighbours t, t + 1 in [from, to) with the same count. */
static double tied(const uint64_t *count, uint32_t from, uint32_t to, uint32_t n_merges)
{
    uint32_t n = 0, same = 0;

    for (uint32_t t = from; t < to && t + 1 < n_merges; t++) {
        same += count[t] == count[t + 1];
        n++;
    }
    return n ? (double)same / n : 0;
}

/* What the counts say that the file states. */
static void measure_counts(const uint64_t *count, uint32_t n, bmx_ties *out)
{
    out->counted = true;
    out->last_count = (double)count[n - 1];
    for (uint32_t t = n / 2; t + 1 < n; t++)
        out->levels_last_half += count[t] > count[t + 1];
    for (uint32_t k = 64; k-- > 0 && n >= 1000;) {
        uint32_t from = (uint32_t)((uint64_t)n * k / 64);
        if (tied(count, from, (uint32_t)((uint64_t)n * (k + 1) / 64), n) < 0.9)
            break;
        out->uninformative_from = from;
    }
}

void bmx_ties_measure(const bpemix_tokenizer *tok, bmx_ties *out)
{
    uint32_t n = tok->trained.n_merges;
    /* In a random order the share of neighbours that rise is 1/2, with a standard deviation
     * of 1 / sqrt(12 m) among m; four of these for three rules are not chance. */
    double best = 0.5 + 4 / sqrt(12 * (n / 8.0));
    bmx_tie_rule shown = BMX_TIES_IDS;

    *out = (bmx_ties){ .uninformative_from = BMX_NONE, .last_count = NAN, .sample_pairs = NAN };
    for (int k = 0; k < 8; k++)
        out->ascending[k] = NAN;
    if (n && tok->n_counts == n)
        measure_counts(tok->count, n, out);
    if (n < 1000)
        return;
    for (int rule = BMX_TIES_IDS; rule <= BMX_TIES_LARGEST; rule++) {
        double share = ascending(tok, (bmx_tie_rule)rule, n - n / 8, n);
        if (share > best) {
            best = share;
            out->rule = shown = (bmx_tie_rule)rule;
        }
    }
    for (uint32_t k = 0; k < 8; k++)
        out->ascending[k] = ascending(tok, shown, (uint32_t)((uint64_t)n * k / 8),
                                      (uint32_t)((uint64_t)n * (k + 1) / 8));
    if (out->counted || out->rule == BMX_TIES_NONE)
        return;
    for (uint32_t t = n / 2; t + 1 < n; t++)
        out->levels_last_half += compare(tok, shown, t) > 0;
    for (uint32_t k = 64; k-- > 0;) {
        uint32_t from = (uint32_t)((uint64_t)n * k / 64);
        if (ascending(tok, shown, from, (uint32_t)((uint64_t)n * (k + 1) / 64)) < 0.95)
            break;
        out->uninformative_from = from;
    }
    double t = 15 / 16.0 * n; /* the middle of the last eighth */
    double count = fmax(fall_of(best) * t / DECAY, 1); /* what was merged did occur */

    out->sample_pairs = count * pow(t, DECAY) / LEVEL;
    out->last_count = fmax(count * pow(t / n, DECAY), 1);
}
