/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals of trials: what is written is read again, and no damage does more than to be refused. */
#include "test.h"

#include "lab/sweep.h"

#include <math.h>

enum { TRIALS = 3, CATS = 3 };

static char pretokenizer[] = "gpt2";
static bmx_train_rule rule = { .pretokenizer = { .name = pretokenizer } };
static char *names[] = { "x", "y", "z" };
static char first[] = "first", second[] = "second", absent[] = "absent";
static uint32_t outer[] = { 0, 2 }, inner[] = { 1 };
static const bmx_group groups[] = {
    { .share = { .name = first }, .member = outer, .n_members = 2 },
    { .share = { .name = absent } },
    { .share = { .name = second }, .member = inner, .n_members = 1 }
};
static const uint64_t sizes[] = { 1000, BMX_LAB_ALL }, merges[] = { 0 };

/* A sweep without trials, and a plan of two methods. */
static bmx_lab_sweep sweep(bmx_lab_method method[2], bmx_lab_outcome outcome[TRIALS])
{
    bmx_lab_sweep s = { .name = names, .n_cats = CATS,
                        .trials = { .n = TRIALS, .runs = TRIALS, .outcome = outcome } };
    bpemix_error err;

    CHECK_OK(bmx_lab_method_named("monotone", &method[0], &err));
    CHECK_OK(bmx_lab_method_named("tee", &method[1], &err));
    s.plan = (bmx_lab_plan){ .simulate = true, .seed = 1, .train_bytes = 5000, .learn = 30,
                             .sample_bytes = sizes, .n_sizes = 2, .merges = merges, .n_merges = 1,
                             .method = method, .n_methods = 2, .omit_share = NAN, .rule = &rule,
                             .panel = "panel", .panel_digest = "0123",
                             .group = groups, .n_groups = 3 };
    memset(outcome, 0, TRIALS * sizeof *outcome);
    CHECK_OK(bmx_lab_sweep_tell(&s, &err));
    return s;
}

/* Numbers that tell trials, rows and fields apart; some are unknown. */
static void fill(bmx_lab_outcome *o, uint64_t trial)
{
    bpemix_error err;

    *o = (bmx_lab_outcome){ .trial = trial, .n = CATS, .omitted = 0.25, .train_bytes = 4999,
                            .learned = 29, .pairs = 1234, .pairs_from_ties = NAN };
    o->cat = bmx_malloc(CATS, sizeof *o->cat);
    o->truth = bmx_malloc(CATS, sizeof *o->truth);
    o->efficiency = bmx_malloc(CATS, sizeof *o->efficiency);
    for (uint32_t i = 0; i < CATS; i++) {
        o->cat[i] = CATS - 1 - i;
        o->truth[i] = (double)(i + 1) / 6;
        o->efficiency[i] = 1.5 + i;
    }
    CHECK_OK(bmx_lab_outcome_group(groups, 3, o, &err));
    assert_int_equal(o->n_groups, 2);
    for (uint32_t r = 0; r < 4; r++) {
        bmx_lab_row *row = NULL;

        CHECK_OK(bmx_lab_row_add(o, &row, &err));
        row->sample_bytes = sizes[r / 2];
        row->merges_asked = merges[0];
        row->method = r % 2;
        row->merges = r % 2 ? 0 : 28;
        row->missing = r;
        row->level = BMX_LEVEL_POOR;
        row->looked_up = r != 1;
        row->named = r > 1 ? bmx_strdup(r == 2 ? "x" : "a \"name\"") : NULL;
        row->named_omitted = r == 2;
        row->slack = r % 2 ? (double)NAN : 0.01 * (double)(trial + r);
        for (int f = 0; f < BMX_LAB_FIELDS && r % 2 == 0; f++)
            for (uint32_t i = 0; i < CATS + o->n_groups; i++)
                row->value[f][i] = i == 1 && f ? (double)NAN : 0.1 * f + 0.03 * i;
        for (int c = 0; c < BMX_LAB_CLAIMS && r == 0; c++)
            row->excess[c] = c == 3 ? (double)NAN : c + 0.5;
        row->delta[0] = r ? (double)NAN : 0.02;
    }
}

static void same_number(double a, double b)
{
    assert_true(a == b || (isnan(a) && isnan(b)));
}

static void same_outcome(const bmx_lab_outcome *a, const bmx_lab_outcome *b)
{
    assert_int_equal(a->trial, b->trial);
    assert_int_equal(a->train_bytes, b->train_bytes);
    assert_int_equal(a->learned, b->learned);
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->n_rows, b->n_rows);
    same_number(a->omitted, b->omitted);
    same_number(a->pairs, b->pairs);
    same_number(a->pairs_from_ties, b->pairs_from_ties);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->cat[i], b->cat[i]);
        same_number(a->truth[i], b->truth[i]);
        same_number(a->efficiency[i], b->efficiency[i]);
    }
    assert_int_equal(a->n_groups, b->n_groups);
    for (size_t k = 0; k < a->n_groups; k++) {
        assert_int_equal(a->group[k], b->group[k]);
        same_number(a->truth[a->n + k], b->truth[a->n + k]);
    }
    for (size_t r = 0; r < a->n_rows; r++) {
        const bmx_lab_row *x = &a->row[r], *y = &b->row[r];

        assert_int_equal(x->sample_bytes, y->sample_bytes);
        assert_int_equal(x->merges_asked, y->merges_asked);
        assert_int_equal(x->merges, y->merges);
        assert_int_equal(x->method, y->method);
        assert_int_equal(x->missing, y->missing);
        assert_int_equal(x->level, y->level);
        assert_int_equal(x->looked_up, y->looked_up);
        assert_int_equal(x->named_omitted, y->named_omitted);
        assert_true(!x->named == !y->named && (!x->named || !strcmp(x->named, y->named)));
        same_number(x->slack, y->slack);
        same_number(x->delta[0], y->delta[0]);
        for (int c = 0; c < BMX_LAB_CLAIMS; c++)
            same_number(x->excess[c], y->excess[c]);
        for (int f = 0; f < BMX_LAB_FIELDS; f++)
            for (size_t i = 0; i < a->n + a->n_groups; i++)
                same_number(x->value[f][i], y->value[f][i]);
    }
}

/* The journal of all trials; at[k]: where the line of trial k begins, at[TRIALS]: the end. */
static bmx_buf journal(size_t at[TRIALS + 1], bmx_lab_outcome wrote[TRIALS])
{
    bmx_lab_method method[2];
    bmx_lab_outcome none[TRIALS];
    bmx_lab_sweep s = sweep(method, none);
    bmx_buf text = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_lab_journal_header(&s.trials, &text, &err));
    for (uint64_t k = 0; k < TRIALS; k++) {
        at[k] = text.len;
        fill(&wrote[k], k);
        CHECK_OK(bmx_lab_journal_line(&s.trials, &wrote[k], &text, &err));
    }
    at[TRIALS] = text.len;
    bmx_lab_terms_release(&s.trials.terms);
    return text;
}

static void release(bmx_lab_outcome o[TRIALS])
{
    for (int k = 0; k < TRIALS; k++)
        bmx_lab_outcome_release(&o[k]);
}

static void reads_what_was_written(void **state)
{
    bmx_lab_outcome wrote[TRIALS], got[TRIALS];
    bmx_lab_method method[2];
    bmx_lab_sweep s = sweep(method, got);
    size_t at[TRIALS + 1], used = 0;
    bmx_buf text = journal(at, wrote);
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(text.ptr, text.len), &used, &err));
    assert_int_equal(used, text.len);
    for (int k = 0; k < TRIALS; k++)
        same_outcome(&got[k], &wrote[k]);
    release(got);
    bmx_lab_terms_release(&s.trials.terms);
    release(wrote);
    bmx_buf_release(&text);
}

/* Wherever a writer was killed, the trials whose lines are whole are there, and no other. */
static void goes_on_from_any_cut(void **state)
{
    bmx_lab_outcome wrote[TRIALS], got[TRIALS];
    bmx_lab_method method[2];
    size_t at[TRIALS + 1], used;
    bmx_buf text = journal(at, wrote);
    bpemix_error err;

    (void)state;
    for (size_t len = 0; len <= text.len; len++) {
        bmx_lab_sweep s = sweep(method, got);
        size_t whole = len < at[0] ? 0 : at[0];

        CHECK_OK(bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(text.ptr, len), &used, &err));
        for (int k = 0; k < TRIALS; k++) {
            assert_int_equal(got[k].n > 0, len >= at[k + 1]);
            if (got[k].n)
                whole = at[k + 1];
        }
        assert_int_equal(used, whole);
        release(got);
        bmx_lab_terms_release(&s.trials.terms);
    }
    release(wrote);
    bmx_buf_release(&text);
}

/* One byte is another one: the journal is refused, or every trial that is there has lines,
 * categories and methods of this sweep. */
static void survives_any_byte(void **state)
{
    bmx_lab_outcome wrote[TRIALS], got[TRIALS];
    bmx_lab_method method[2];
    size_t at[TRIALS + 1], used, refused = 0;
    bmx_buf text = journal(at, wrote);
    bmx_rng rng = { 5 };

    (void)state;
    for (size_t i = 0; i < text.len; i++) {
        bmx_lab_sweep s = sweep(method, got);
        char was = text.ptr[i];
        bpemix_status st;

        text.ptr[i] = (char)bmx_rng_below(&rng, 256);
        st = bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(text.ptr, text.len), &used, NULL);
        assert_true(st == BPEMIX_OK || st == BPEMIX_E_FORMAT || st == BPEMIX_E_MISMATCH ||
                    st == BPEMIX_E_UNSUPPORTED);
        refused += st != BPEMIX_OK;
        for (int k = 0; k < TRIALS; k++)
            for (size_t r = 0; r < got[k].n_rows; r++)
                assert_true(got[k].row[r].method < 2 && got[k].cat[got[k].n - 1] < CATS);
        release(got);
        bmx_lab_terms_release(&s.trials.terms);
        text.ptr[i] = was;
    }
    assert_true(refused > text.len / 2); /* most bytes are not digits of a number */
    release(wrote);
    bmx_buf_release(&text);
}

/* Lines that are JSON, but none of a journal of these trials. */
static const char *const other_line[] = {
    "{\"trial\":0}\n",
    "[]\n",
    "{\"trial\":-1,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[3],\"truth\":[1],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[],\"truth\":[],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1,2],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"efficiency\":[],\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[-0.5],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[null],"
    "\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"efficiency\":[1e308],\"rows\":[]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{},\"share\":[1],\"outer_high\":[1e308]}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{},\"delta\":[1e308,1]}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"lp\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{}}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":\"x\",\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{}}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":[0.5]}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{\"share\":[1,0]}}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{\"share\":[2]}}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{},\"named\":7}]}\n",
    "{\"trial\":0,\"train_bytes\":1,\"learned\":1,\"categories\":[0],\"truth\":[1],"
    "\"rows\":[{\"method\":\"tee\",\"sample_bytes\":null,\"merges_asked\":0,\"merges\":1,"
    "\"missing\":0,\"groups\":{},\"named\":null,\"named_omitted\":true}]}\n",
};

static void refuses_other_lines(void **state)
{
    bmx_lab_outcome wrote[TRIALS], got[TRIALS];
    bmx_lab_method method[2];
    size_t at[TRIALS + 1], used;
    bmx_buf text = journal(at, wrote);
    bpemix_error err;

    (void)state;
    for (size_t k = 0; k < sizeof other_line / sizeof *other_line; k++) {
        bmx_lab_sweep s = sweep(method, got);

        text.len = at[1]; /* the header and one trial */
        CHECK_OK(bmx_buf_add(&text, other_line[k], strlen(other_line[k]), &err));
        CHECK_FAILS(bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(text.ptr, text.len), &used, &err),
                    BPEMIX_E_FORMAT, "not a line of a journal");
        assert_int_equal(err.line, 3);
        assert_true(got[0].n == CATS); /* what came before is kept */
        assert_int_equal(used, at[1]);
        release(got);
        bmx_lab_terms_release(&s.trials.terms);
    }
    release(wrote);
    bmx_buf_release(&text);
}

/* A journal with the digest of the text that its trials are of. */
static bmx_buf journal_of_text(const char *digest)
{
    bmx_lab_method method[2];
    bmx_lab_outcome none[TRIALS], wrote;
    bmx_lab_sweep s = sweep(method, none);
    bmx_buf text = { 0 };
    bpemix_error err;

    if (digest)
        CHECK_OK(bmx_lab_text_is(&s.trials, digest, NULL, &err));
    CHECK_OK(bmx_lab_journal_header(&s.trials, &text, &err));
    fill(&wrote, 0);
    CHECK_OK(bmx_lab_journal_line(&s.trials, &wrote, &text, &err));
    bmx_lab_outcome_release(&wrote);
    bmx_lab_terms_release(&s.trials.terms);
    return text;
}

#define TEXT_KEY "\"text\":"
#define TWICE(digits) digits digits
#define DIGEST TWICE("0123456789abcdef0123456789abcdef")
#define OTHER TWICE("0123456789abcdef0123456789abcdee")

/* Trials of one text are not put together with those of another. */
static void knows_its_text(void **state)
{
    bmx_buf of = journal_of_text(DIGEST), of_other = journal_of_text(OTHER), line = { 0 };
    bmx_lab_outcome got[TRIALS];
    bmx_lab_method method[2];
    bmx_lab_sweep s = sweep(method, got);
    size_t used;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(of.ptr, of.len), &used, &err));
    assert_string_equal(s.trials.text, DIGEST);
    CHECK_FAILS(bmx_lab_journal_read(&s.trials, "k", bmx_slice_of(of_other.ptr, of_other.len), &used,
                                     &err),
                BPEMIX_E_MISMATCH, "the journal is of trials with other text");
    assert_string_equal(err.where, "k");
    CHECK_FAILS(bmx_lab_text_is(&s.trials, OTHER, NULL, &err), BPEMIX_E_MISMATCH,
                "the journal is of trials with other text");
    assert_string_equal(err.where, "j"); /* which told the text */
    CHECK_OK(bmx_lab_text_is(&s.trials, DIGEST, NULL, &err));
    CHECK_OK(bmx_lab_journal_header(&s.trials, &line, &err));
    assert_non_null(memmem(line.ptr, line.len, TEXT_KEY "\"" DIGEST "\"", strlen(TEXT_KEY) + 66));
    release(got);
    bmx_lab_terms_release(&s.trials.terms);
    bmx_buf_release(&line);
    bmx_buf_release(&of);
    bmx_buf_release(&of_other);
}

/* A journal of an older version tells no text: it is read, with any, and what goes on from it
 * claims none. */
static void reads_older_ones(void **state)
{
    bmx_buf older = journal_of_text(NULL), line = { 0 };
    bmx_lab_outcome got[TRIALS];
    bmx_lab_method method[2];
    bmx_lab_sweep s = sweep(method, got);
    size_t used;
    bpemix_error err;

    (void)state;
    assert_null(memmem(older.ptr, older.len, TEXT_KEY, strlen(TEXT_KEY)));
    CHECK_OK(bmx_lab_text_is(&s.trials, DIGEST, NULL, &err));
    CHECK_OK(bmx_lab_journal_read(&s.trials, "j", bmx_slice_of(older.ptr, older.len), &used, &err));
    assert_int_equal(got[0].n, CATS);
    CHECK_OK(bmx_lab_journal_header(&s.trials, &line, &err));
    assert_null(memmem(line.ptr, line.len, TEXT_KEY, strlen(TEXT_KEY)));
    release(got);
    bmx_lab_terms_release(&s.trials.terms);
    bmx_buf_release(&line);
    bmx_buf_release(&older);
}

static bpemix_status read_again(bmx_lab_sweep *s, bmx_slice text)
{
    size_t used;
    return bmx_lab_journal_read(&s->trials, "j", text, &used, NULL);
}

static void survives_lack_of_memory(void **state)
{
    bmx_lab_outcome wrote[TRIALS], got[TRIALS];
    bmx_lab_method method[2];
    bmx_lab_sweep s = sweep(method, got);
    size_t at[TRIALS + 1];
    bmx_buf text = journal(at, wrote);

    (void)state;
    SURVIVES(20, read_again(&s, bmx_slice_of(text.ptr, text.len)), release(got));
    bmx_lab_terms_release(&s.trials.terms);
    release(wrote);
    bmx_buf_release(&text);
}

/* Options that make other trials make another key. */
static void tells_sweeps_apart(void **state)
{
    bmx_lab_outcome none[TRIALS];
    bmx_lab_method method[2];
    bmx_lab_sweep one = sweep(method, none), other = one;
    bpemix_error err;

#define DIFFERS(change)                                        \
    do {                                                       \
        other = one;                                           \
        other.plan.change;                                     \
        CHECK_OK(bmx_lab_sweep_tell(&other, &err));            \
        assert_string_not_equal(one.trials.key, other.trials.key); \
        bmx_lab_terms_release(&other.trials.terms);            \
    } while (0)
    (void)state;
    DIFFERS(seed = 2);
    DIFFERS(simulate = false);
    DIFFERS(noise = BMX_NOISE_WORDS);
    DIFFERS(setting = BMX_LAB_DISJOINT);
    DIFFERS(base_bytes = 7);
    DIFFERS(cluster = 120000);
    DIFFERS(train_bytes = BMX_LAB_ALL);
    DIFFERS(n_sizes = 1);
    DIFFERS(n_methods = 1);
    DIFFERS(learn = 31);
    DIFFERS(inherit = 3);
    DIFFERS(shuffle = 10);
    DIFFERS(folds = 8);
    DIFFERS(categories = 2);
    DIFFERS(omit = 1);
    DIFFERS(extra = 1);
    DIFFERS(omit_share = 0.1);
    DIFFERS(ties = BMX_TIE_RANDOM);
    DIFFERS(gap = 0.5);
    DIFFERS(mixture = ((const double[]){ 0.2, 0.3, 0.5 }));
    DIFFERS(axes = ((bmx_lab_axes){ .folds = (const uint32_t[]){ 0, 2 }, .n_folds = 2 }));
    DIFFERS(axes = ((bmx_lab_axes){ .categories = (const uint64_t[]){ 2, 3 }, .n_categories = 2 }));
    DIFFERS(axes = ((bmx_lab_axes){ .omit_share = (const double[]){ 0.1, 0.2 },
                                    .n_omit_shares = 2 }));
    other = one;
    CHECK_OK(bmx_lab_sweep_tell(&other, &err));
    assert_string_equal(one.trials.key, other.trials.key);
    bmx_lab_terms_release(&other.trials.terms);
    bmx_lab_terms_release(&one.trials.terms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written), cmocka_unit_test(goes_on_from_any_cut),
        cmocka_unit_test(survives_any_byte), cmocka_unit_test(refuses_other_lines),
        cmocka_unit_test(knows_its_text), cmocka_unit_test(reads_older_ones),
        cmocka_unit_test(survives_lack_of_memory), cmocka_unit_test(tells_sweeps_apart),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
