/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/fixture.h"

#include <unistd.h>

#include "replay/rivals.h"
#include "report/report.h"

/* A trace with everything in it: two categories, inputs, marks, raw symbols,
 * pairs that stop competing, a tokenizer and options. */
static bpemix_trace *example(const char *first_name, const char *unit, uint64_t times)
{
    bpemix_tokenizer *tok = fixture_tokenizer(3);
    bmx_words cat[2] = { { .name = bmx_strdup(first_name) },
                         { .name = bmx_strdup("caf\xc3\xa9") } };
    bmx_input_record in[2] = { { (char *)"one \xff.txt", 123, 4, 0xfedcba9876543210u },
                               { (char *)"two.txt", 5, 1, 7 } };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    tok->vocab.alphabet = BMX_ALPHABET_CHARACTER;
    tok->vocab.open_alphabet = true;
    tok->rules.drop_duplicate_products = true;
    CHECK_OK(bmx_slice_own(&tok->vocab.word_suffix, bmx_slice_str("."), &err));
    CHECK_OK(bmx_intern_add(&tok->vocab.tokens, bmx_slice_str("b."), &(uint32_t){ 0 }, NULL, &err));
    fixture_merge(tok, 0, 1); /* a b -> ab */
    fixture_merge(tok, 1, 0);
    fixture_merge(tok, 4, 0); /* ab a -> aba */
    /* ends in a raw symbol with suffix */
    fixture_word(&cat[0], "abab\xe2\x82\xac", 7, 300 * times);
    fixture_word(&cat[0], "aabb", 4, 1000000 * times);
    fixture_word(&cat[1], "abac\xf0\x9f\x98\x80\x62", 9, 2 * times);
    cat[0].documents = 9;
    cat[0].invalid_bytes = 3;
    cat[0].input = in;
    cat[0].n_inputs = 2;
    CHECK_OK(bmx_replay(tok, cat, 2, &one_thread, &tr, &err));
    bmx_facts_init(&tr->facts);
    tr->facts.known = true;
    tr->facts.path = bmx_strdup(first_name);
    tr->facts.format = bmx_strdup("fixture");
    CHECK_OK(bmx_values_put_text(&tr->options, "text_unit", unit, NULL));
    for (int i = 0; i < 2; i++)
        fixture_words_release(&cat[i]);
    bpemix_tokenizer_free(tok);
    return tr;
}

static bmx_buf written(const bpemix_trace *tr)
{
    bpemix_error err;
    bmx_buf b = { 0 };

    CHECK_OK(bmx_trace_write(tr, &b, &err));
    return b;
}

static bpemix_status read_bytes(const void *p, size_t n, bpemix_trace **out, bpemix_error *err)
{
    /* an allocation of its own, so that a byte read past the end is noticed */
    char *copy = malloc(n ? n : 1);
    bpemix_status st;

    memcpy(copy, p, n);
    st = bmx_trace_read("x.trace", bmx_slice_of(copy, n), out, err);
    free(copy);
    return st;
}

static void seal(bmx_buf *b)
{
    uint64_t h = bmx_hash64(b->ptr, b->len - 8, 0);

    for (int i = 0; i < 8; i++)
        b->ptr[b->len - 8 + (size_t)i] = (char)(h >> 8 * i);
}

static void round_trip(void **state)
{
    bpemix_trace *tr = example("en", "line", 1), *back = NULL;
    bmx_buf b = written(tr);
    bpemix_error err;
    char buf[64];

    (void)state;
    CHECK_OK(read_bytes(b.ptr, b.len, &back, &err));
    fixture_check(back);
    fixture_same_bytes(tr, back);
    assert_int_equal(back->n_cats, 2);
    assert_string_equal(back->cat[0].name, "en");
    assert_string_equal(back->cat[1].name, "caf\xc3\xa9");
    assert_int_equal(back->cat[0].documents, 9);
    assert_int_equal(back->cat[0].invalid_bytes, 3);
    assert_int_equal(back->cat[0].pretokens, 1000300);
    assert_int_equal(back->cat[0].pairs, tr->cat[0].pairs);
    assert_int_equal(back->cat[0].n_inputs, 2);
    assert_string_equal(back->cat[0].input[0].path, "one \xff.txt");
    assert_true(back->cat[0].input[0].checksum == 0xfedcba9876543210u);
    assert_int_equal(back->cat[0].input[1].bytes, 5);
    assert_string_equal(bmx_values_text(&back->options, "text_unit"), "line");
    assert_string_equal(back->digest, tr->digest);
    assert_int_equal(back->n_pairs, tr->n_pairs);
    for (size_t p = 0; p < tr->n_pairs; p++)
        assert_memory_equal(&tr->pair[p], &back->pair[p], sizeof *tr->pair);
    assert_memory_equal(tr->merge_pair, back->merge_pair, tr->n_merges * sizeof *tr->merge_pair);
    assert_memory_equal(tr->merge, back->merge, tr->n_merges * sizeof *tr->merge);
    /* the raw symbol's text needs the marks */
    assert_true(
        bmx_slice_eq(bmx_trace_symbol_text(back, BMX_SYMBOL_RAW | BMX_SYMBOL_SUFFIX | 0x20ac, buf),
                     bmx_slice_str("\xe2\x82\xac.")));
    assert_true(bmx_slice_eq(bmx_trace_symbol_text(back, 4, buf), bmx_slice_str("ab")));
    assert_int_equal(bmx_trace_symbol_text(back, BMX_NONE, buf).len, 0);
    bpemix_trace_free(tr);
    bpemix_trace_free(back);
    bmx_buf_release(&b);
}

static void damage_is_found(void **state)
{
    bpemix_trace *tr = example("en", "line", 1), *back = NULL;
    bmx_buf b = written(tr);
    bpemix_error err;

    (void)state;
    for (size_t n = 0; n < b.len; n++)
        CHECK_FAILS(read_bytes(b.ptr, n, &back, &err), BPEMIX_E_FORMAT, "x.trace: ");
    for (size_t i = 0; i < b.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            b.ptr[i] = (char)(b.ptr[i] ^ 1 << bit);
            CHECK_FAILS(read_bytes(b.ptr, b.len, &back, &err), BPEMIX_E_FORMAT, "x.trace: ");
            b.ptr[i] = (char)(b.ptr[i] ^ 1 << bit);
        }
    CHECK_FAILS(read_bytes("GIF89a", 6, &back, &err), BPEMIX_E_FORMAT, "not a bpemix trace");
    CHECK_FAILS(read_bytes(b.ptr, 30, &back, &err), BPEMIX_E_FORMAT, "damaged or truncated");
    b.ptr[13] = 9;
    seal(&b);
    CHECK_FAILS(read_bytes(b.ptr, b.len, &back, &err), BPEMIX_E_UNSUPPORTED, "trace format 9");
    assert_null(back);
    bpemix_trace_free(tr);
    bmx_buf_release(&b);
}

/* Bytes changed and the checksum made right again: whatever is read must
 * keep the rules, and be written back as it came. */
static void sealed_damage_is_found_or_harmless(void **state)
{
    bpemix_trace *tr = example("en", "line", 1);
    bmx_buf b = written(tr);
    static const char last[] = "\"text_unit\":\"line\"}}"; /* of META */
    const char *meta = memmem(b.ptr, b.len, last, strlen(last));
    size_t refused = 0, read = 0, meta_end;

    (void)state;
    assert_non_null(meta);
    meta_end = (size_t)(meta - b.ptr) + strlen(last);
    for (size_t i = 14; i < b.len - 8; i++)
        for (int v = 0; v < 256; v += v < 8 || v > 120 ? 1 : 7) {
            char old = b.ptr[i];
            bpemix_trace *back = NULL;
            bpemix_error err = { 0 };
            bpemix_status st;

            b.ptr[i] = (char)v;
            seal(&b);
            st = read_bytes(b.ptr, b.len, &back, &err);
            if (st) {
                assert_true(st == BPEMIX_E_FORMAT && *err.what && !back);
                refused++;
            } else {
                bmx_buf again = { 0 };

                fixture_check(back);
                CHECK_OK(bmx_trace_write(back, &again, &err));
                if (i >= meta_end) /* in META, JSON may be spelled differently */
                    assert_true(again.len == b.len && !memcmp(again.ptr, b.ptr, b.len));
                bmx_buf_release(&again);
                bpemix_trace_free(back);
                read++;
            }
            b.ptr[i] = old;
        }
    assert_true(refused > 1000 && read > 1000);
    bpemix_trace_free(tr);
    bmx_buf_release(&b);
}

static void bad_json_is_placed_in_the_file(void **state)
{
    bpemix_trace *tr = example("en", "line", 1), *back = NULL;
    bmx_buf b = written(tr);
    char *p = memmem(b.ptr, b.len, "\"digest\":", 9);
    bpemix_error err;

    (void)state;
    assert_non_null(p);
    p[8] = '?';
    seal(&b);
    CHECK_FAILS(read_bytes(b.ptr, b.len, &back, &err), BPEMIX_E_FORMAT, "x.trace: section META:1");
    assert_int_equal(err.offset, p + 8 - b.ptr);
    assert_null(back);
    bpemix_trace_free(tr);
    bmx_buf_release(&b);
}

static void tokenizer_and_options_may_be_null(void **state)
{
    bpemix_trace *tr = example("en", "line", 1), *back = NULL;
    bmx_buf b, table = { 0 };
    bpemix_error err;

    (void)state;
    bmx_facts_release(&tr->facts);
    bmx_values_release(&tr->options);
    b = written(tr);
    CHECK_OK(read_bytes(b.ptr, b.len, &back, &err));
    assert_true(!back->facts.known && !back->options.n);
    CHECK_OK(bmx_report_trace(back, &table, &err));
    CHECK_OK(bmx_buf_addc(&table, 0, &err));
    assert_non_null(strstr(table.ptr, "options    not known\n"));
    bpemix_trace_free(tr);
    bpemix_trace_free(back);
    bmx_buf_release(&b);
    bmx_buf_release(&table);
}

static void sums(void **state)
{
    bpemix_trace *a = example("en", "line", 1), *b = example("en", "line", 2);
    bpemix_trace *c = example("fr", "line", 4), *sum = NULL, *flat = NULL, *nested = NULL;
    bpemix_trace *three = example("en", "line", 3);
    const bpemix_trace *parts[] = { a, b, c };
    const char *names[] = { "a.trace", "b.trace", "c.trace" };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_trace_sum(parts, names, 2, &sum, &err));
    fixture_check(sum);
    assert_int_equal(sum->n_cats, 2);
    assert_int_equal(sum->cat[0].bytes, 3 * a->cat[0].bytes);
    assert_int_equal(sum->cat[0].n_inputs, 4);
    assert_int_equal(sum->n_events, three->n_events);
    for (uint64_t i = 0; i < sum->n_events; i++) /* the padding-free struct as a whole */
        assert_memory_equal(&sum->event[i], &three->event[i], sizeof *sum->event);
    CHECK_OK(bmx_trace_sum(parts, names, 3, &flat, &err));
    fixture_check(flat);
    assert_int_equal(flat->n_cats, 3);
    assert_string_equal(flat->cat[0].name, "en");
    assert_string_equal(flat->cat[1].name, "caf\xc3\xa9");
    assert_string_equal(flat->cat[2].name, "fr");
    assert_int_equal(flat->cat[1].pairs, 7 * a->cat[1].pairs);
    CHECK_OK(bmx_trace_sum((const bpemix_trace *[]){ sum, c }, names, 2, &nested, &err));
    fixture_same_bytes(flat, nested);
    bpemix_trace_free(a);
    bpemix_trace_free(b);
    bpemix_trace_free(c);
    bpemix_trace_free(three);
    bpemix_trace_free(sum);
    bpemix_trace_free(flat);
    bpemix_trace_free(nested);
}

static void what_does_not_belong_together(void **state)
{
    bpemix_trace *a = example("en", "line", 1), *b = example("fr", "document", 1), *sum = NULL;
    const bpemix_trace *parts[] = { a, b };
    const char *names[] = { "a.trace", "b.trace" };
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "b.trace: option 'text_unit' is \"document\", but \"line\" in a.trace");
    bmx_values_release(&b->options);
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "option 'text_unit' is null");
    CHECK_OK(bmx_values_copy(&a->options, &b->options, &err));
    CHECK_OK(bmx_trace_sum(parts, names, 2, &sum, &err)); /* other path, same tokenizer */
    bpemix_trace_free(sum);
    sum = NULL;
    b->facts.alphabet = bmx_strdup("x");
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "the tokenizer's 'alphabet' is \"x\", but null in a.trace");
    bmx_free(b->facts.alphabet);
    b->facts.alphabet = NULL;
    b->merge[1].left = 2;
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH, "merge 1");
    b->token[2].len = 0;
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "token 2 is '', but 'c' in a.trace");
    b->n_merges--;
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "2 merges were replayed, but 3 in a.trace");
    b->digest[3] = 'x';
    CHECK_FAILS(bmx_trace_sum(parts, names, 2, &sum, &err), BPEMIX_E_MISMATCH,
                "digest is 012x456789abcdef..., but 0123456789abcdef... in a.trace");
    CHECK_FAILS(bmx_trace_sum(parts, names, 0, &sum, &err), BPEMIX_E_USAGE, "no traces");
    assert_null(sum);
    bpemix_trace_free(a);
    bpemix_trace_free(b);
}

static void files(void **state)
{
    enum { FILES = 20 };
    char folder[] = "/tmp/bpemix-test-XXXXXX";
    char *paths[FILES + 1];
    bpemix_trace *all = NULL, *one = NULL, *want = example("en", "line", FILES);
    bpemix_error err;
    bool named = true;

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < FILES; i++) {
        bpemix_trace *tr = example("en", "line", 1);
        paths[i] = bmx_asprintf("%s/%d.trace", folder, i);
        if (i == FILES - 1) {
            CHECK_OK(bpemix_trace_set_panel(tr, NULL, false, &err));
            CHECK_OK(bpemix_trace_set_panel(tr, "en\tprose\n", true, &err));
        }
        CHECK_OK(bpemix_trace_save(tr, paths[i], &err));
        bpemix_trace_free(tr);
    }
    CHECK_OK(bpemix_trace_load((const char *const *)paths, 1, &one, &err));
    CHECK_OK(bpemix_trace_load((const char *const *)paths, FILES, &all, &err));
    fixture_check(all);
    assert_null(bpemix_trace_panel(one, &named));
    assert_false(named);
    assert_string_equal(bpemix_trace_panel(all, &named), "en\tprose\n"); /* of the last file */
    assert_true(named);
    assert_int_equal(all->cat[0].pairs, FILES * one->cat[0].pairs);
    assert_int_equal(all->cat[0].n_inputs, FILES * one->cat[0].n_inputs);
    assert_string_equal(all->cat[0].input[2].path, one->cat[0].input[0].path);
    assert_int_equal(all->n_events, want->n_events);
    assert_memory_equal(all->event, want->event, all->n_events * sizeof *all->event);
    paths[FILES] = bmx_asprintf("%s/none.trace", folder);
    CHECK_FAILS(bpemix_trace_load((const char *const *)paths, FILES + 1, &one, &err), BPEMIX_E_IO,
                "none.trace");
    CHECK_FAILS(bpemix_trace_load(NULL, 0, &one, &err), BPEMIX_E_USAGE, "no trace files");
    CHECK_FAILS(bpemix_trace_save(one, "/no/such/folder/x.trace", &err), BPEMIX_E_IO, "x.trace");
    for (int i = 0; i <= FILES; i++) {
        unlink(paths[i]);
        bmx_free(paths[i]);
    }
    rmdir(folder);
    bpemix_trace_free(all);
    bpemix_trace_free(one);
    bpemix_trace_free(want);
}

static void survives_lack_of_memory(void **state)
{
    bpemix_trace *tr = example("en", "line", 1);
    bpemix_error none;
    assert_false(bpemix_trace_set_panel(tr, "en\tprose\n", false, &none));
    bmx_buf b = written(tr);
    bpemix_trace *back = NULL, *sum = NULL;
    const bpemix_trace *parts[] = { tr, tr };
    const char *names[] = { "a", "b" };
    bmx_buf out = { 0 };

    (void)state;
    SURVIVES(20, bmx_trace_read("x", bmx_slice_of(b.ptr, b.len), &back, NULL),
             assert_true(!back == !last));
    /* as a list that is cut to size */
    SURVIVES_SOME(4, bmx_trace_sum(parts, names, 2, &sum, NULL), {
        assert_true(!sum == (status != BPEMIX_OK));
        if (!last) {
            bpemix_trace_free(sum);
            sum = NULL;
        }
    });
    SURVIVES(4, bmx_trace_write(tr, &out, NULL), assert_true(!out.len == !last));
    assert_int_equal(out.len, b.len);
    bmx_buf_release(&out);
    bmx_buf_release(&b);
    bpemix_trace_free(tr);
    bpemix_trace_free(back);
    bpemix_trace_free(sum);
}

/* ---- rivals ---- */

static void valid_pieces(void **state)
{
    static const struct {
        const char *piece;
        bool plain, digits, numbers, scripts, spaces;
    } cases[] = {
        /* piece, then valid with: default rules; split_digits; split_by_number off;
         * split_by_script off; allow_whitespace_only */
        { "ab", 1, 1, 1, 1, 1 },
        { "\xe2\x96\x81" "ab", 1, 1, 1, 1, 1 },
        { "ab\xe2\x96\x81", 0, 0, 0, 0, 0 },
        { "a\xe2\x96\x81" "b", 0, 0, 0, 0, 0 },
        { "\xe2\x96\x81\xe2\x96\x81", 0, 0, 0, 0, 1 },
        { "\xe2\x96\x81\xe2\x96\x81" "a", 0, 0, 0, 0, 0 },
        { "),", 1, 1, 1, 1, 1 },
        { "a,", 0, 0, 0, 1, 0 },
        { "a1", 0, 0, 1, 1, 0 },
        { "12", 1, 0, 1, 1, 1 },
        { "1", 1, 1, 1, 1, 1 },
        { ".5", 1, 0, 1, 1, 1 },
        { "\xef\xbc\x91\xef\xbc\x92", 1, 0, 1, 1, 1 },             /* full-width 12 */
        { "a\xd0\xb1", 0, 0, 0, 1, 0 },                            /* Latin, Cyrillic */
        { "a1\xd0\xb1", 0, 0, 1, 1, 0 },                           /* a digit between */
        { "\xe6\xbc\xa2\xe3\x81\x82", 1, 1, 1, 1, 1 },             /* Han, Hiragana */
        { "\xe3\x82\xa2\xe3\x83\xbc", 1, 1, 1, 1, 1 },             /* Katakana, U+30FC */
        { "e\xcc\x81" "a", 1, 1, 1, 1, 1 },                        /* Inherited follows */
        { "e\xcc\x81\xd0\xb1", 0, 0, 0, 1, 0 },
        { "\xcc\x81" "a", 1, 1, 1, 1, 1 },                         /* nothing to inherit */
        { "a b", 0, 0, 0, 0, 0 }, { "a\tb", 0, 0, 0, 0, 0 },
        { "a\xe2\x96\x85", 0, 0, 0, 0, 0 },                        /* the unknown character */
        { "\xff" "a", 0, 0, 0, 0, 0 }, { "", 0, 0, 0, 0, 0 },
        { "abcdefghijklmnop", 1, 1, 1, 1, 1 },
        { "abcdefghijklmnopq", 0, 0, 0, 0, 0 },
        { "\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1"
          "\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1\xd0\xb1", 1, 1, 1, 1, 1 },
    };
    static const bmx_pretokenizer_spec none;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool want[] = { cases[i].plain, cases[i].digits, cases[i].numbers, cases[i].scripts,
                        cases[i].spaces };
        for (int k = 0; k < 5; k++) {
            bmx_rules trainer = { true, 16, k == 1, k != 3, k != 2, k == 4, true };
            bmx_piece_rules rules = bmx_piece_rules_of(&trainer, &none);

            if (bmx_piece_is_valid(&rules, bmx_slice_str(cases[i].piece)) != want[k])
                fail_msg("case %zu, rule %d", i, k);
        }
    }
}

static void pairs_stop_competing(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(4);
    bmx_words cat = { .name = bmx_strdup("x") };
    bpemix_trace *tr = NULL;
    bpemix_error err;
    uint32_t end[4][4] = { { 0 } };

    (void)state;
    fixture_merge(tok, 0, 1); /* ab: 4 */
    fixture_merge(tok, 1, 2); /* bc: 5 */
    fixture_merge(tok, 4, 2); /* abc: 6, by merge 2 */
    fixture_merge(tok, 0, 5); /* abc again, from a bc */
    fixture_merge(tok, 3, 3); /* dd: 7 */
    fixture_word(&cat, "abc", 3, 1);
    fixture_word(&cat, "dabc", 4, 1);
    tok->rules = (bmx_rules){ .sentencepiece = true, .max_characters = 2,
                              .drop_duplicate_products = true };
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    for (size_t p = 0; p < tr->n_pairs; p++)
        if (tr->pair[p].left < 4 && tr->pair[p].right < 4)
            end[tr->pair[p].left][tr->pair[p].right] = tr->pair[p].end;
        else
            assert_int_equal(tr->pair[p].end, 0); /* longer than two */
    assert_true(end[0][1] == BMX_NONE && end[1][2] == BMX_NONE && end[3][0] == BMX_NONE);
    bpemix_trace_free(tr);

    /* (a, bc) shows up when merge 0 is moved behind: its product is there at step 1 */
    tok->rules = (bmx_rules){ .drop_duplicate_products = true };
    {
        bmx_merge m = tok->trained.merge[0];
        tok->trained.merge[0] = tok->trained.merge[1]; /* bc */
        tok->trained.merge[1] = m;             /* ab */
    }
    CHECK_OK(bmx_replay(tok, &cat, 1, &one_thread, &tr, &err));
    for (size_t p = 0; p < tr->n_pairs; p++)
        assert_int_equal(tr->pair[p].end,
                         tr->pair[p].left == 0 && tr->pair[p].right == 5 ? 3 : BMX_NONE);
    assert_int_equal(fixture_count(tr, 0, 5, 0, 2), 2);
    bpemix_trace_free(tr);
    fixture_words_release(&cat);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(sealed_damage_is_found_or_harmless),
        cmocka_unit_test(bad_json_is_placed_in_the_file),
        cmocka_unit_test(tokenizer_and_options_may_be_null),
        cmocka_unit_test(sums),
        cmocka_unit_test(what_does_not_belong_together),
        cmocka_unit_test(files),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(valid_pieces),
        cmocka_unit_test(pairs_stop_competing),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
