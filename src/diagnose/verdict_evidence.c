/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict_evidence.c - rules about what there was to infer from: the order of the list, the number
 * of merges, the samples, the pre-tokenizer, and whether the solver came to its end. */
#include "diagnose/verdict_rules.h"
#include "diagnose/reason.h"
#include "diagnose/thin.h"

#include <inttypes.h>
#include <math.h>

/* Parts of the merges: that join a token which no merge before them makes, or whose pair those
 * before take apart; of the constrained ones, that stand where ties decide; that the pre-tokenizer
 * cuts. */
static const bmx_limits limit_order = { 0.02, 0.1, INFINITY };
static const bmx_limits limit_unreached = { 0.001, 0.005, INFINITY };
static const bmx_limits limit_ties = { 0.05, 0.5, INFINITY };
static const bmx_limits limit_cut = { 0.01, 0.05, INFINITY };

static const bmx_limits limit_gap = { 1e-3, 2e-2, INFINITY }; /* of the objective, not certified */

/* The less there is of these, the worse: */
#define SAMPLE_FAIR 200000 /* bytes, of a category that has a share worth a line */
#define SAMPLE_POOR 50000
#define SMALL_SHARE 0.01
#define THIN        1.5 /* or one that may have that many times as much as its range tells */
#define MERGES_FAIR 500 /* merges with a constraint */
#define MERGES_POOR 100

static uint32_t count_missing(const bpemix_result *r, bmx_missing_class why)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->n_missing; i++)
        n += r->missing[i].why == why;
    return n;
}

/* As a part of the merges in use. */
static double part_of(const bpemix_result *r, uint32_t n)
{
    return r->merge_to > r->merge_from ? n / (double)(r->merge_to - r->merge_from) : 0;
}

/* Trained lists have none of these, lists that were sorted in another way many. */
bpemix_status bmx_judge_order(bpemix_result *r, bpemix_error *err)
{
    double part = part_of(r, count_missing(r, BMX_MISSING_UNMADE));
    bmx_level level = bmx_level_of(part, limit_order);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return bmx_reason_add(
        r, level, "order", part, bmx_limit_of(level, limit_order),
        bmx_asprintf("%.0f %% of the merges join tokens that no merge before them makes: "
                     "the list is not in the order of learning",
                     100 * part),
        err);
}

/* Trained lists have none of these either, whatever the text was (unreached.h); lists that were put
 * together have some. */
bpemix_status bmx_judge_unreached(bpemix_result *r, bpemix_error *err)
{
    uint32_t n = count_missing(r, BMX_MISSING_UNREACHED);
    bmx_level level = bmx_level_of(part_of(r, n), limit_unreached);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return bmx_reason_add(
        r, level, "unreached", part_of(r, n), bmx_limit_of(level, limit_unreached),
        bmx_asprintf("%" PRIu32 " of %" PRIu32 " merges were not learned behind those before "
                     "them, which join the text of their tokens otherwise: the list was put "
                     "together from several, sorted, or had merges written into it, and no "
                     "mixture explains it as a whole",
                     n, r->merge_to - r->merge_from),
        err);
}

bpemix_status bmx_judge_samples(bpemix_result *r, bpemix_error *err)
{
    size_t least = SIZE_MAX, small = 0;
    bmx_level level;
    double bytes;

    for (size_t i = 0; i < r->n_cats; i++) {
        if (r->share[i].sample_bytes >= SAMPLE_FAIR || /* a share that is not known is below */
            (!(bmx_share_in(&r->share[i], r->unit) >= SMALL_SHARE) && bmx_thin_times(r, i) < THIN))
            continue;
        small++;
        if (least == SIZE_MAX || r->share[i].sample_bytes < r->share[least].sample_bytes)
            least = i;
    }
    if (!small)
        return BPEMIX_OK;
    bytes = (double)r->share[least].sample_bytes;
    level = bytes < SAMPLE_POOR ? BMX_LEVEL_POOR : BMX_LEVEL_FAIR;
    return bmx_reason_add(
        r, level, "sample", bytes, level == BMX_LEVEL_POOR ? SAMPLE_POOR : SAMPLE_FAIR,
        bmx_asprintf("%zu sample%s small: that of '%s' has %.0f %s; give 1 MB of each "
                     "category or more",
                     small, small == 1 ? " is" : "s are", r->share[least].name,
                     bytes < 1000 ? bytes : bytes / 1000, bytes < 1000 ? "bytes" : "kB"),
        err);
}

bpemix_status bmx_judge_merges(bpemix_result *r, bpemix_error *err)
{
    bmx_level level = r->merges_used < MERGES_POOR ? BMX_LEVEL_POOR : BMX_LEVEL_FAIR;

    if (r->merges_used >= MERGES_FAIR)
        return BPEMIX_OK;
    return bmx_reason_add(r, level, "merges", r->merges_used,
                          level == BMX_LEVEL_POOR ? MERGES_POOR : MERGES_FAIR,
                          bmx_asprintf("only %" PRIu32 " merge%s a constraint", r->merges_used,
                                       r->merges_used == 1 ? " carries" : "s carry"),
                          err);
}

bpemix_status bmx_judge_tokenizer(bpemix_result *r, bpemix_error *err)
{
    const bmx_facts *f = &r->facts;
    uint32_t from = f->found ? f->ties.uninformative_from : BMX_FACTS_NONE;
    bpemix_status st = BPEMIX_OK;
    bmx_level level;
    double part;

    if (from < r->merge_to) {
        from = from > r->merge_from ? from : r->merge_from;
        part = (double)(r->merge_to - from) / (double)(r->merge_to - r->merge_from);
        level = bmx_level_of(part, limit_ties);
        if (level != BMX_LEVEL_GOOD)
            st = bmx_reason_add(
                r, level, "ties", part, bmx_limit_of(level, limit_ties),
                bmx_asprintf("%.0f %% of the merges stand where ties decide the order, from "
                             "merge %" PRIu32 " on: constrain fewer merges",
                             100 * part, f->ties.uninformative_from),
                err);
    }
    part = f->found && f->cut_known && f->merges ? (double)f->n_cut / f->merges : 0;
    level = bmx_level_of(part, limit_cut);
    if (st || level == BMX_LEVEL_GOOD)
        return st;
    return bmx_reason_add(
        r, level, "pretokenizer", part, bmx_limit_of(level, limit_cut),
        bmx_asprintf("the pre-tokenizer would cut %.0f %% of the tokens: text was split "
                     "otherwise in training",
                     100 * part),
        err);
}

bpemix_status bmx_judge_solver(bpemix_result *r, bpemix_error *err)
{
    bmx_level level = bmx_level_of(r->main.gap, limit_gap);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return bmx_reason_add(
        r, level, "gap", r->main.gap, bmx_limit_of(level, limit_gap),
        bmx_asprintf("the solution was stopped within %.1f %% of the best: give it more "
                     "time",
                     100 * r->main.gap),
        err);
}
