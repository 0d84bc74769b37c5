/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of a category whose sample is small beside the others. */
#include "test.h"

#include "diagnose/thin.h"

#include <math.h>

/* Three categories with a third each, known to within a tenth, of 1000 merges. */
static bpemix_result *thirds(uint64_t pairs)
{
    bpemix_result *r = bmx_result_new(3);

    r->merge_to = 1000;
    for (int i = 0; i < 3; i++) {
        bpemix_share *s = &r->share[i];
        bpemix_range inner = { 0.3, 0.36 }, outer = { 0.25, 0.4 };

        s->share_pairs = s->share_bytes = 1.0 / 3;
        s->sample_pairs = i == 2 ? pairs : 1000000;
        s->range_bytes = s->range_pairs = s->range_merges = inner;
        s->range_outer_bytes = s->range_outer_pairs = s->range_outer_merges = outer;
    }
    return r;
}

static void times_follow_the_sizes(void **state)
{
    static const uint64_t size[] = { 1000000, 700000, 30000, 10000, 3000, 1000, 300, 100 };
    double last = 1;

    (void)state;
    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        bpemix_result *r = thirds(size[k]);
        double times = bmx_thin_times(r, 2);

        assert_true(times >= last && (k > 1 || times == 1) && (k < 2 || times > last));
        assert_true(bmx_thin_times(r, 0) == 1);
        last = times;
        bmx_result_free(r);
    }
    assert_true(last > 5 && last < 10);
}

/* One document is no sample of a category that others have many of, unless it is a long one. */
static void times_follow_the_documents(void **state)
{
    static const uint64_t documents[] = { 1000, 100, 20, 5, 2, 1 };
    bpemix_result *r = thirds(100000);
    double last = 1;

    (void)state;
    for (int i = 0; i < 3; i++) {
        r->share[i].sample_bytes = r->share[i].sample_pairs;
        r->share[i].sample_documents = 1000;
    }
    for (size_t k = 0; k < sizeof documents / sizeof *documents; k++) {
        r->share[2].sample_documents = documents[k];
        assert_true(bmx_thin_times(r, 2) >= last && bmx_thin_times(r, 0) == 1);
        last = bmx_thin_times(r, 2);
    }
    assert_true(last > 1.5 && last < 3); /* as if of two, for its length */
    r->share[2].sample_bytes = 10000000;
    assert_true(bmx_thin_times(r, 2) == 1);
    r->share[2].sample_bytes = 100000;
    for (int i = 0; i < 3; i++)
        r->share[i].sample_documents = 1;
    r->share[0].sample_bytes = r->share[1].sample_bytes = 100000;
    assert_true(bmx_thin_times(r, 2) == 1); /* like the others */
    bmx_result_free(r);
}

static void what_is_not_known_is_left_alone(void **state)
{
    bpemix_result *r = thirds(100), *one = bmx_result_new(1);

    (void)state;
    one->merge_to = 1000;
    one->share[0].share_pairs = one->share[0].share_bytes = 1;
    one->share[0].sample_pairs = 10;
    assert_true(bmx_thin_times(one, 0) == 1); /* beside nothing */
    assert_true(bmx_thin_times(r, 2) > 1);
    r->share[2].range_bytes = r->share[0].range_outer_bytes = (bpemix_range){ NAN, NAN };
    bmx_thin_widen(r);
    assert_true(isnan(r->share[2].range_bytes.high) && r->share[0].range_bytes.low == 0.3);
    assert_true(isnan(r->share[0].range_outer_bytes.low));
    r->share[2].share_bytes = NAN; /* its characters make no pairs */
    assert_true(bmx_thin_times(r, 2) == 1);
    bmx_result_free(r);
    bmx_result_free(one);
}

static void others_give_way(void **state)
{
    for (uint64_t pairs = 1; pairs < 1000000; pairs *= 3) {
        bpemix_result *r = thirds(pairs);
        uint32_t with[] = { 0, 2 }, without[] = { 0, 1 };
        bmx_group group[2] = { { .member = with, .n_members = 2 },
                               { .member = without, .n_members = 2 } };
        bpemix_range both = { 0.6, 0.75 }, *x[3];

        (void)state;
        group[0].share.range_outer_bytes = group[1].share.range_outer_bytes = both;
        r->group = group;
        r->n_groups = 2;
        bmx_thin_widen(r);
        for (int i = 0; i < 3; i++)
            x[i] = &r->share[i].range_outer_bytes;
        assert_true(x[2]->low == 0.25 && x[2]->high >= 0.4 && x[2]->high <= 1);
        assert_true(x[0]->low >= 0 && x[0]->low == x[1]->low && x[0]->high == 0.4);
        assert_true(x[0]->low + x[1]->low + x[2]->high <= fmax(0.9, 1 + 1e-12));
        both = group[0].share.range_outer_bytes; /* of the first and the third */
        assert_true(both.low == 0.6 && both.high >= fmax(x[2]->high, 0.75) && both.high <= 1);
        both = group[1].share.range_outer_bytes; /* of the first and the second */
        assert_true(both.low <= 0.6 && both.low >= x[0]->low + x[1]->low && both.high == 0.75);
        r->group = NULL;
        r->n_groups = 0;
        bmx_result_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_follow_the_sizes),
        cmocka_unit_test(times_follow_the_documents),
        cmocka_unit_test(what_is_not_known_is_left_alone),
        cmocka_unit_test(others_give_way),
    };
    return cmocka_run_group_tests_name("thin", tests, NULL, NULL);
}
