/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SentencePiece models built byte by byte. */
#include "tok.h"

#define U "\xe2\x96\x81"

/* Meta pieces, then learned ones in order, then characters. */
static void put_pieces(bmx_buf *b)
{
    put_piece(b, "<unk>", 0, 2);
    put_piece(b, "<s>", 0, 3);
    put_piece(b, "<b>", 0, 4);
    put_piece(b, "<0x0A>", 0, 6);
    put_piece(b, U U, -1e9f, 1); /* learned first, its score was edited */
    put_piece(b, U "t", -1, 1);
    put_piece(b, "he", -2, 1);
    put_piece(b, U "the", -3, 1);
    put_piece(b, "th", -4, 1);
    put_piece(b, "the", -5, 1);
    put_piece(b, "xyz", -6, 1); /* cannot be reached */
    put_piece(b, U, -7, 1);
    put_piece(b, "t", -8, 1);
    put_piece(b, "h", -9, 1);
    put_piece(b, "e", -10, 1);
    put_piece(b, "\xc3\xa9", -11, 1);
}

static void put_trainer(bmx_buf *b, unsigned model_type)
{
    bmx_buf t = { 0 };

    put_field(&t, 1, bmx_slice_str("/data/part1.txt"));
    put_field(&t, 1, bmx_slice_str("/data/part2.txt"));
    put_uint_field(&t, 3, model_type);
    put_uint_field(&t, 4, 16);
    put_float_field(&t, 10, 0.5f);
    put_uint_field(&t, 18, 1000);
    put_uint_field(&t, 20, 9);
    put_uint_field(&t, 21, 0);
    put_uint_field(&t, 25, 1);
    put_uint_field(&t, 26, 1);
    put_uint_field(&t, 99, 7); /* unknown: skipped */
    put_field(b, 2, slice_of(&t));
    bmx_buf_release(&t);
}

static void put_normalizer(bmx_buf *b)
{
    bmx_buf n = { 0 };

    put_field(&n, 1, bmx_slice_str("nmt_nfkc"));
    put_field(&n, 2, bmx_slice_of("\0\0\0\0", 4));
    put_uint_field(&n, 4, 0);
    put_field(b, 3, slice_of(&n));
    bmx_buf_release(&n);
}

static void model(bmx_buf *b)
{
    put_pieces(b);
    put_trainer(b, 2);
    put_normalizer(b);
    put_uint_field(b, 1000, 5); /* unknown */
}

static void reads_a_model(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    const bmx_pretokenizer_step *p;
    const bmx_normalizer_step *n;
    uint32_t out[8];

    (void)state;
    model(&b);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->format, BMX_FORMAT_SENTENCEPIECE);
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
    assert_int_equal(tok->vocab.size, 16);
    CHECK_MERGES(tok, U "|" U, U "|t", "h|e", U "t|he", "t|h", "t|he");
    assert_int_equal(tok->n_unmerged, 1);
    assert_true(is_unmerged(tok, "xyz"));
    assert_true(has_warning(tok, "scores that were edited after training: 1"));
    assert_false(has_warning(tok, "no normalizer_spec"));
    assert_int_equal(tok->vocab.id[tok->encoding.unk_token], 0);

    assert_true(tok->rules.sentencepiece && tok->rules.split_digits);
    assert_true(tok->rules.allow_whitespace_only && tok->rules.split_by_number);
    assert_true(tok->rules.drop_duplicate_products);
    assert_false(tok->rules.split_by_script);
    assert_int_equal(tok->rules.max_characters, 9);

    p = tok->trained.pretokenizer.step;
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_int_equal(p->kind, BMX_PRE_SENTENCEPIECE);
    assert_true(p->sp.split_by_whitespace && p->sp.allow_whitespace_only_pieces);
    assert_int_equal(p->sp.max_sentence_length, 1000);
    assert_int_equal(p->sp.n_boundaries, 4);
    assert_string_equal(p->sp.boundaries[2].ptr, "<b>");

    n = tok->trained.normalizer.step;
    assert_int_equal(tok->trained.normalizer.n, 1);
    assert_int_equal(n->kind, BMX_NORM_SENTENCEPIECE);
    assert_true(n->sp.add_dummy_prefix && n->sp.escape_whitespaces); /* absent: default */
    assert_false(n->sp.remove_extra_whitespaces);
    assert_int_equal(n->charsmap.len, 4);

    assert_int_equal(bmx_values_get(&tok->trainer_spec, "input")->list.n, 2);
    assert_true(bmx_values_bool(&tok->trainer_spec, "split_digits", false));
    assert_string_equal(bmx_values_text(&tok->trainer_spec, "normalizer_name"), "nmt_nfkc");

    /* known characters are symbols, others boundaries */
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str(U "t\xc3\xa9z\n"), out), 5);
    assert_int_equal(tok->vocab.id[out[0]], 11);
    assert_int_equal(tok->vocab.id[out[2]], 15);
    assert_int_equal(out[3], BMX_NONE);
    assert_int_equal(out[4], BMX_NONE); /* has a byte piece, but bytes never merged */
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['\n']], 3);
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(slice_of(&b));
    bmx_buf_release(&b);
}

static void absent_specs_are_defaults(void **state)
{
    bmx_buf b = { 0 }, t = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    put_pieces(&b);
    put_uint_field(&t, 3, 2);
    put_field(&b, 2, slice_of(&t));
    tok = parse(slice_of(&b));
    assert_int_equal(tok->rules.max_characters, 16);
    assert_true(tok->rules.split_by_script && tok->rules.split_by_number);
    assert_false(tok->rules.split_digits || tok->rules.allow_whitespace_only);
    assert_int_equal(tok->trained.pretokenizer.step[0].sp.max_sentence_length, 4192);
    assert_true(tok->trained.pretokenizer.step[0].sp.split_by_whitespace);
    assert_true(tok->trained.normalizer.step[0].sp.add_dummy_prefix);
    assert_true(tok->trained.normalizer.step[0].sp.remove_extra_whitespaces);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
    bmx_buf_release(&t);
}

static void other_models_are_refused_by_name(void **state)
{
    static const char *const names[] = { NULL, "Unigram", NULL, "word", "character" };
    bpemix_error err;
    bmx_buf b = { 0 };

    (void)state;
    for (unsigned type = 1; type <= 4; type++) {
        if (type == 2)
            continue;
        b.len = 0;
        put_pieces(&b);
        put_trainer(&b, type);
        CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED, names[type]);
    }
    b.len = 0;
    put_pieces(&b); /* no trainer spec: the default is Unigram */
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED, "Unigram");
    bmx_buf_release(&b);
}

static void pieces_by_hand_are_left_out(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    put_piece(&b, "<unk>", 0, 2);
    put_piece(&b, "<h1>", 0, 1); /* no longer marked as user-defined */
    put_piece(&b, "ab", 0, 1);   /* would be reachable, but its score says it was added */
    put_piece(&b, "\n", 0, 1);
    put_piece(&b, "he", 0, 1);   /* the first learned */
    put_piece(&b, "hea", -1, 1);
    put_piece(&b, "h", -2, 1);
    put_piece(&b, "e", -3, 1);
    put_piece(&b, "a", -4, 1);
    put_piece(&b, "b", -5, 1);
    put_trainer(&b, 2);
    tok = parse(slice_of(&b));
    CHECK_MERGES(tok, "h|e", "he|a");
    assert_int_equal(tok->n_unmerged, 2);
    assert_true(is_unmerged(tok, "<h1>") && is_unmerged(tok, "ab"));
    assert_true(has_warning(tok, "added by hand: 2, the first of them '<h1>'"));
    assert_int_equal(tok->trained.pretokenizer.step[0].sp.n_boundaries, 4); /* with the newline */
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

static void longer_pieces_than_the_trainer_makes(void **state)
{
    bmx_buf b = { 0 };
    bpemix_load_opts keep = { .keep_manual = true };
    bpemix_tokenizer *tok;
    bpemix_error err = { 0 };

    (void)state;
    put_piece(&b, "<unk>", 0, 2);
    put_piece(&b, "eh", 0, 1);
    put_piece(&b, "eheh", -1, 1);
    put_piece(&b, "eheheheh", -2, 1);
    put_piece(&b, "eheheheheh", -3, 1); /* ten characters, and the limit is nine */
    put_piece(&b, "e", -4, 1);
    put_piece(&b, "h", -5, 1);
    put_trainer(&b, 2);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->trained.n_merges, 4);
    for (uint32_t t = 0; t < 4; t++)
        assert_int_equal(tok->trained.merge[t].flags & BMX_MERGE_TOO_LONG,
                         t == 3 ? BMX_MERGE_TOO_LONG : 0);
    bpemix_tokenizer_free(tok);
    tok = NULL;
    assert_int_equal(bmx_tokenizer_parse("memory", slice_of(&b), &keep, &tok, &err), BPEMIX_OK);
    assert_int_equal(tok->trained.merge[3].flags, 0);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* The trainer numbers pieces without leaving any out. */
static void pieces_that_are_missing(void **state)
{
    static const char *const text[] = { U "t", "he", U "the", U, "t", "h", "e" };
    static const char missing[] = "pieces that the scores count, but the file does not have: ";

    (void)state;
    for (size_t out = 0; out <= 7; out++)
        for (int far = 0; far < 2; far++) { /* a piece that is never to be used, as Llama has */
            bmx_buf b = { 0 };
            bpemix_tokenizer *tok;

            if (far && out == 1) /* then nothing is left that was merged */
                continue;
            for (size_t i = 0; i < 7; i++)
                if (i != out) /* 7: none is left out */
                    put_piece(&b, text[i], far && i == 2 ? -1e9f : -(float)i, 1);
            put_trainer(&b, 2);
            tok = parse(slice_of(&b));
            /* the one with the last score leaves no gap */
            assert_true(has_warning(tok, "no normalizer_spec"));
            assert_int_equal(has_warning(tok, missing), out < 6);
            bpemix_tokenizer_free(tok);
            bmx_buf_release(&b);
        }
    for (int k = 0; k < 2; k++) { /* no order at all */
        bmx_buf b = { 0 };
        bpemix_tokenizer *tok;

        for (size_t i = 0; i < 7; i++)
            put_piece(&b, text[i], k ? 0 : (float)i, 1);
        put_trainer(&b, 2);
        tok = parse(slice_of(&b));
        assert_true(has_warning(tok, "no score is below 0; the order of ids is taken"));
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&b);
    }
}

static void damage_is_refused(void **state)
{
    bmx_buf b = { 0 }, twice = { 0 };
    bpemix_error err;

    (void)state;
    put_pieces(&twice);
    put_piece(&twice, "the", -20, 1);
    put_trainer(&twice, 2);
    CHECK_FAILS(try_parse(slice_of(&twice), &err), BPEMIX_E_FORMAT,
                "pieces[16]: piece 'the' is listed twice");
    put_piece(&b, "a\xff", 0, 1);
    put_trainer(&b, 2);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "pieces[0]: 'a\\xff' is not UTF-8");
    b.len = 0;
    put_piece(&b, "", 0, 1);
    put_trainer(&b, 2);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "pieces[0]: a piece without text");
    b.len = 0;
    model(&b);
    for (size_t n = 0; n < b.len; n++) { /* cut anywhere: no crash, and never taken for whole
                                            text */
        bpemix_tokenizer *tok = NULL;
        char *copy = bmx_malloc(n, 1); /* exact size, so that reading on is seen */
        memcpy(copy, b.ptr, n);
        if (!bmx_tokenizer_parse("memory", bmx_slice_of(copy, n), NULL, &tok, &err))
            bpemix_tokenizer_free(tok);
        bmx_free(copy);
    }
    for (uint64_t seed = 0; seed < 3000; seed++) { /* flipped bytes */
        bmx_rng rng = { seed };
        bpemix_tokenizer *tok = NULL;
        char *copy = bmx_malloc(b.len, 1);
        memcpy(copy, b.ptr, b.len);
        for (uint64_t k = 1 + bmx_rng_below(&rng, 3); k-- > 0;)
            copy[bmx_rng_below(&rng, b.len)] = (char)bmx_rng_next(&rng);
        if (!bmx_tokenizer_parse("memory", bmx_slice_of(copy, b.len), NULL, &tok, &err))
            bpemix_tokenizer_free(tok);
        bmx_free(copy);
    }
    bmx_buf_release(&b);
    bmx_buf_release(&twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_model),
        cmocka_unit_test(absent_specs_are_defaults),
        cmocka_unit_test(other_models_are_refused_by_name),
        cmocka_unit_test(pieces_by_hand_are_left_out),
        cmocka_unit_test(longer_pieces_than_the_trainer_makes),
        cmocka_unit_test(pieces_that_are_missing),
        cmocka_unit_test(damage_is_refused),
    };
    return cmocka_run_group_tests_name("sentencepiece", tests, NULL, NULL);
}
