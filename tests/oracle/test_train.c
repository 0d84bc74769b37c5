/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer against one that counts every pair again before every merge, for every rule of
 * ties and both alphabets; and what becomes of its lists. */
#include "oracle/naive_train.h"

static void learns_what_recounting_learns(void **state)
{
    size_t merges = 0, limited = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 800; seed++) {
        bmx_train_opts o = { .ties = (bmx_tie_order)(seed % 4), .seed = seed,
                             .alphabet = seed / 4 % 2
                             ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE };
        bmx_merge_list got = { 0 };
        bmx_train_words words;
        naive_list want;
        bpemix_error err;
        bmx_rng rng = { ~seed };
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        o.n_merges = (uint32_t)bmx_rng_below(&rng, 60);
        if (seed % 3 == 0)
            o.min_frequency = bmx_rng_below(&rng, 20);
        if (seed % 5 == 0)
            o.max_token_length = 2 + (uint32_t)bmx_rng_below(&rng, 8);
        if (seed % 7 == 0)
            o.vocab_size = (uint32_t)p.token.n + (uint32_t)bmx_rng_below(&rng, 40);
        CHECK_OK(bmx_train(&words, &o, &got, &err));
        want = naive_train(p.word, MAX_WORDS, &o, o.n_merges, &p.token);
        check_list(&got, 0, &want, &p.token, seed);
        merges += want.n;
        limited += want.n < o.n_merges;
        bmx_merge_list_release(&got);
        release_problem(&p);
    }
    assert_true(merges > 10000 && limited > 100);
}

static void check_same(const bmx_merge_list *a, const bmx_merge_list *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->token.n, b->token.n);
    for (uint32_t t = 0; t < a->n; t++)
        assert_memory_equal(&a->merge[t], &b->merge[t], sizeof *a->merge);
}

/* Symbols of four bytes, which a list without an end has, of two, and counts that have no room
 * in the header of a word: the same list. */
static void learns_the_same_at_any_width(void **state)
{
    bmx_train_rule sp = { 0 };
    bmx_piece_rules pieces;
    size_t merges = 0;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train_rule_init(&sp, "sentencepiece", &err));
    pieces = bmx_piece_rules_of(&sp.trainer, &sp.pretokenizer);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bmx_train_opts o = { .n_merges = BMX_NONE, .ties = (bmx_tie_order)(seed % 4), .seed = seed,
                             .alphabet = seed / 4 % 2 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE,
                             .pieces = seed % 8 > 5 ? &pieces : NULL };
        bmx_merge_list wide = { 0 }, narrow = { 0 }, large = { 0 };
        bmx_train_words words;
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        CHECK_OK(bmx_train(&words, &o, &wide, &err));
        o.n_merges = wide.n;
        CHECK_OK(bmx_train(&words, &o, &narrow, &err));
        for (size_t w = 0; w < p.words.word.n; w++)
            p.words.count[w] <<= 28;
        CHECK_OK(bmx_train(&words, &o, &large, &err));
        check_same(&wide, &narrow);
        check_same(&wide, &large);
        merges += wide.n;
        bmx_merge_list_release(&wide);
        bmx_merge_list_release(&narrow);
        bmx_merge_list_release(&large);
        release_problem(&p);
    }
    assert_true(merges > 10000);
    bmx_train_rule_release(&sp);
}

/* Half a list, then the rest from the tokenizer that the first half makes: the same as
 * the whole at once. */
static void goes_on_from_another_list(void **state)
{
    size_t merges = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bmx_train_opts o = { .n_merges = 50, .ties = (bmx_tie_order)(seed % 3),
                             .alphabet = seed % 2 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE };
        static const bmx_rules none;
        bpemix_tokenizer *base = NULL;
        bmx_merge_list whole = { 0 }, half = { 0 }, rest = { 0 };
        bmx_train_words words;
        bpemix_error err;
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        CHECK_OK(bmx_train(&words, &o, &whole, &err));
        o.n_merges = (uint32_t)(seed % 20);
        CHECK_OK(bmx_train(&words, &o, &half, &err));
        CHECK_OK(bmx_train_tokenizer(&half, &none, &base, &err));
        o.base = base;
        o.n_merges = 50 - o.n_merges;
        CHECK_OK(bmx_train(&words, &o, &rest, &err));
        assert_int_equal(rest.n_inherited, base->trained.n_merges);
        assert_int_equal(rest.n, whole.n);
        for (uint32_t t = 0; t < whole.n; t++)
            assert_memory_equal(&rest.merge[t], &whole.merge[t], sizeof *rest.merge);
        merges += rest.n;
        bpemix_tokenizer_free(base);
        bmx_merge_list_release(&whole);
        bmx_merge_list_release(&rest);
        release_problem(&p);
    }
    assert_true(merges > 3000);
}

/* Merges of random pairs of bytes and of products, so that some products can never be made, until
 * others make them once more. */
static bpemix_tokenizer *random_list(const problem *p, uint64_t seed)
{
    static const bmx_rules none;
    bmx_rng rng = { seed };
    bmx_merge_list list = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    const char letters[] = { 'b', (char)0xc3, (char)0xa9 };

    for (size_t i = 0; i < p->token.n; i++)
        CHECK_OK(bmx_intern_add(&list.token, p->token.str[i], &(uint32_t){ 0 }, NULL, &err));
    CHECK_OK(bmx_reserve(&list.merge, &list.cap, 24, sizeof *list.merge, &err));
    while (list.n < 24) {
        uint32_t side[2];
        bool again = false;

        for (int k = 0; k < 2; k++)
            side[k] = bmx_rng_below(&rng, 2) || !list.n
                          ? p->byte_id[(unsigned char)letters[bmx_rng_below(&rng, 3)]]
                          : list.merge[bmx_rng_below(&rng, list.n)].product;
        for (uint32_t t = 0; t < list.n; t++)
            again = again || (list.merge[t].left == side[0] && list.merge[t].right == side[1]);
        if (again || list.token.str[side[0]].len + list.token.str[side[1]].len > 8)
            continue;
        list.merge[list.n++] = (bmx_merge){
            side[0], side[1], add_joined(&list.token, (naive_merge){ side[0], side[1], 0 }), 0
        };
    }
    CHECK_OK(bmx_train_tokenizer(&list, &none, &tok, &err));
    return tok;
}

/* What recounting learns when there is a list already, of which not all merges were learned from
 * any text. */
static void goes_on_from_any_list(void **state)
{
    size_t merges = 0, known = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        bmx_train_opts o = { .n_merges = 30, .ties = (bmx_tie_order)(seed % 3) };
        bpemix_tokenizer *base;
        bmx_merge_list list = { 0 };
        bmx_train_words words;
        bpemix_error err;
        naive_list want;
        problem p;

        make_problem(&p, seed, BMX_ALPHABET_BYTE);
        o.base = base = random_list(&p, seed);
        for (uint32_t t = 0; t < base->trained.n_merges; t++) {
            const bmx_merge *m = &base->trained.merge[t];
            naive_merge x = { m->left, m->right, 0 };

            x.product = add_joined(&p.token, x);
            for (size_t w = 0; w < MAX_WORDS; w++)
                p.word[w].n = naive_apply(p.word[w].symbol, p.word[w].n, x);
        }
        words = bmx_train_words_of(&p.words);
        CHECK_OK(bmx_train(&words, &o, &list, &err));
        want = naive_train(p.word, MAX_WORDS, &o, o.n_merges, &p.token);
        check_list(&list, base->trained.n_merges, &want, &p.token, seed);
        merges += want.n;
        for (size_t t = 0; t < want.n; t++)
            known += want.merge[t].product < base->vocab.tokens.n;
        bpemix_tokenizer_free(base);
        bmx_merge_list_release(&list);
        release_problem(&p);
    }
    assert_true(merges > 8000 && known > 30);
}

/* The characters that cover a share of the text, most frequent first; others join nothing. */
static void leaves_rare_characters_out(void **state)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_train_opts o = { .n_merges = 9, .alphabet = BMX_ALPHABET_CHARACTER, .coverage = 0.9 };
    bmx_merge_list list = { 0 };
    bmx_train_words w;
    bpemix_error err;

    (void)state;
    fixture_word(&words, "bbbbba", 6, 9);
    fixture_word(&words, "b\xc3\xa9" "b", 4, 2); /* 1 in 30 characters */
    w = bmx_train_words_of(&words);
    CHECK_OK(bmx_train(&w, &o, &list, &err));
    assert_int_equal(list.n_alphabet, 2);
    assert_true(bmx_slice_eq(list.token.str[0], bmx_slice_str("b")));
    assert_true(bmx_slice_eq(list.token.str[1], bmx_slice_str("a")));
    assert_int_equal(list.n, 4); /* bb, ba, bbbb, bbbbba; nothing with the rare one */
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

static bmx_words some_words(void)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_rng rng = { 5 };

    for (size_t w = 0; w < 300; w++) {
        char text[20];
        size_t n = 2 + bmx_rng_below(&rng, 18);
        for (size_t i = 0; i < n; i++) {
            static const unsigned char byte[] = { 'a', ' ', '"', '\\', 0, 0xff, '\n', 0xad, 'z' };
            text[i] = (char)byte[bmx_rng_below(&rng, sizeof byte) * bmx_rng_below(&rng, 2)];
        }
        fixture_word(&words, text, n, 1 + bmx_rng_below(&rng, 9));
    }
    return words;
}

static bmx_merge_list train(const bmx_words *words, uint32_t n)
{
    bmx_train_opts o = { .n_merges = n };
    bmx_train_words w = bmx_train_words_of(words);
    bmx_merge_list list = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_train(&w, &o, &list, &err));
    return list;
}

static void preset_is_read_back(const bmx_merge_list *list, const char *preset)
{
    bpemix_tokenizer *tok = NULL;
    bmx_train_rule rule = { 0 };
    const bmx_pretokenizer_spec *pre;
    bmx_buf json = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_train_rule_init(&rule, preset, &err));
    pre = &rule.pretokenizer;
    CHECK_OK(bmx_train_write_json(list, &rule, NULL, &json, &err));
    CHECK_OK(bmx_tokenizer_parse("trained.json", bmx_slice_of(json.ptr, json.len), NULL, &tok,
                                 &err));
    assert_int_equal(tok->format, BMX_FORMAT_TOKENIZER_JSON);
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->trained.n_merges, list->n);
    assert_int_equal(tok->n_warnings, 0);
    for (uint32_t t = 0; t < list->n; t++) {
        assert_true(bmx_slice_eq(tok->vocab.tokens.str[tok->trained.merge[t].left],
                                 list->token.str[list->merge[t].left]));
        assert_true(bmx_slice_eq(tok->vocab.tokens.str[tok->trained.merge[t].right],
                                 list->token.str[list->merge[t].right]));
    }
    assert_true(tok->trained.pretokenizer.n >= pre->n);
    for (size_t k = 0; k < pre->n; k++) {
        assert_int_equal(tok->trained.pretokenizer.step[k].kind, pre->step[k].kind);
        if (pre->step[k].kind == BMX_PRE_SPLIT || pre->step[k].kind == BMX_PRE_PUNCTUATION)
            assert_int_equal(tok->trained.pretokenizer.step[k].behavior, pre->step[k].behavior);
        assert_int_equal(tok->trained.pretokenizer.step[k].pattern.len,
                         pre->step[k].pattern.len);
    }
    bpemix_tokenizer_free(tok);
    bmx_train_rule_release(&rule);
    bmx_buf_release(&json);
}

static void writes_what_can_be_read(void **state)
{
    static const char *const presets[] = { "gpt2", "cl100k", "o200k", "qwen", "starcoder",
                                           "deepseek-v3", "clip", "falcon", "kimi" };
    bmx_words words = some_words();
    bmx_merge_list list = { 0 };
    bpemix_error err;

    (void)state;
    list = train(&words, 200);
    assert_int_equal(list.n, 200);
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        preset_is_read_back(&list, presets[i]);
    {
        bmx_train_rule rule = { 0 };
        bmx_buf json = { 0 };

        CHECK_OK(bmx_train_rule_init(&rule, "sentencepiece", &err));
        CHECK_FAILS(bmx_train_write_json(&list, &rule, NULL, &json, &err), BPEMIX_E_UNSUPPORTED,
                    "cannot be written to a tokenizer.json");
        assert_int_equal(json.len, 0);
        bmx_train_rule_release(&rule);
    }
    for (int i = 0; i < 4; i++) {
        static const char *const patterns[] = { "\\p{L}+|\\x{41}+|a{2}", "a{2,3}+", "b{2}+", "a$" };
        bmx_train_rule rule = { .alphabet = BMX_ALPHABET_BYTE };
        bmx_pretokenizer_step *step;
        bmx_buf json = { 0 };

        CHECK_OK(bmx_pretokenizer_add(&rule.pretokenizer, BMX_PRE_SPLIT, &step, &err));
        CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(patterns[i]), true, BMX_REGEX_FANCY,
                                 &err));
        assert_int_equal(bmx_train_write_json(&list, &rule, NULL, &json, &err),
                         i ? BPEMIX_E_UNSUPPORTED : BPEMIX_OK);
        step->pattern.flavor = BMX_REGEX_ONIGURUMA;
        CHECK_OK(bmx_train_write_json(&list, &rule, NULL, &json, &err));
        bmx_pretokenizer_spec_release(&rule.pretokenizer);
        bmx_buf_release(&json);
    }
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

/* Its own text, replayed: at every step the merge taken is the largest count. */
static void replay_confirms_the_choice(void **state)
{
    bmx_words words = some_words();
    bmx_merge_list list = train(&words, 150);
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *tr = NULL;
    bpemix_error err;
    int64_t last = INT64_MAX;

    (void)state;
    CHECK_OK(bmx_train_tokenizer(&list, &(bmx_rules){ 0 }, &tok, &err));
    CHECK_OK(bmx_replay(tok, &words, 1, &one_thread, &tr, &err));
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        int64_t b = fixture_count(tr, tr->merge[t].left, tr->merge[t].right, 0, t);

        assert_true(b > 0 && b <= last);
        if (t % 10 == 0)
            for (size_t p = 0; p < tr->n_pairs; p++)
                assert_true(fixture_count(tr, tr->pair[p].left, tr->pair[p].right, 0, t) <= b);
        last = b;
    }
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
    fixture_words_release(&words);
}

static void survives_lack_of_memory(void **state)
{
    bmx_words words = some_words();
    bmx_train_words w = bmx_train_words_of(&words);
    bmx_merge_list list = { 0 }, first = train(&words, 20);
    bpemix_tokenizer *base = NULL;
    bmx_train_rule bytes = { 0 }, sp = { 0 };
    bmx_piece_rules pieces;
    bmx_buf file = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train_rule_init(&bytes, "gpt2", &err));
    CHECK_OK(bmx_train_rule_init(&sp, "sentencepiece", &err));
    /* a list of steps is made that one step alone does not need */
    SURVIVES_SOME(5, bmx_train_write_json(&first, &bytes, NULL, &file, NULL), {
        assert_int_equal(file.len > 0, !status);
        bmx_buf_release(&file);
    });
    CHECK_OK(bmx_train_tokenizer(&first, &bytes.trainer, &base, &err));
    pieces = bmx_piece_rules_of(&sp.trainer, &sp.pretokenizer);
    for (int kind = 0; kind < 4; kind++) { /* bytes, going on, characters, SentencePiece */
        bmx_train_opts o = { .n_merges = 40, .base = kind == 1 ? base : NULL,
                             .alphabet = kind > 1 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE,
                             .coverage = kind == 3 ? 0.99 : 0,
                             .pieces = kind == 3 ? &pieces : NULL };

        bmx_merge_list_release(&list);
        SURVIVES(20, bmx_train(&w, &o, &list, NULL), assert_int_equal(list.n > 0, last));
    }
    SURVIVES(5, bmx_train_write_model(&list, &sp, &file, NULL), {
        assert_int_equal(file.len > 0, last);
    });
    bpemix_tokenizer_free(base);
    bmx_train_rule_release(&bytes);
    bmx_train_rule_release(&sp);
    bmx_buf_release(&file);
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

static void refuses_impossible_counts(void **state)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_train_opts o = { .n_merges = 5 };
    bmx_merge_list list = { 0 };
    bmx_train_words w = bmx_train_words_of(&words);
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train(&w, &o, &list, &err)); /* no words, no merges */
    assert_int_equal(list.n, 0);
    bmx_merge_list_release(&list);
    fixture_word(&words, "abc", 3, UINT64_MAX / 4);
    w = bmx_train_words_of(&words);
    CHECK_FAILS(bmx_train(&w, &o, &list, &err), BPEMIX_E_UNSUPPORTED, "2^63");
    fixture_words_release(&words);
}

static void step_is_read_back(const bmx_merge_list *list, bmx_pretokenizer_step step)
{
    bmx_normalizer_spec none = { 0 };
    bmx_train_rule rule = { .pretokenizer = { .step = &step, .n = 1 } };
    bpemix_tokenizer *tok = NULL;
    bmx_pretokenizer_spec first;
    bmx_buf json = { 0 };
    char want[65], got[65];
    bpemix_error err;

    CHECK_OK(bmx_train_write_json(list, &rule, NULL, &json, &err));
    CHECK_OK(bmx_tokenizer_parse("t.json", bmx_slice_of(json.ptr, json.len), NULL, &tok, &err));
    first = tok->trained.pretokenizer;
    assert_true(first.n >= 1 && first.n <= 2); /* and bytes as characters */
    first.n = 1;
    CHECK_OK(bmx_spec_fingerprint(&none, &rule.pretokenizer, want, &err));
    CHECK_OK(bmx_spec_fingerprint(&none, &first, got, &err));
    if (strcmp(want, got))
        fail_msg("step %s is read as another", bmx_pretokenizer_kind_name(step.kind));
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&json);
}

/* Every kind of step that tokenizer.json has is read back as it was; others are refused. */
static void steps_are_written_and_read_back(void **state)
{
    static char pattern[] = "a+", dollar[] = "a$", possessive[] = "a{1,3}+", braces[] = "\\x{61}+";
    static const bmx_pretokenizer_step steps[] = {
        { .kind = BMX_PRE_BYTE_LEVEL, .add_prefix_space = true, .use_regex = true },
        { .kind = BMX_PRE_BYTE_LEVEL },
        { .kind = BMX_PRE_SPLIT, .pattern = { pattern, 2, true, BMX_REGEX_ONIGURUMA } },
        { .kind = BMX_PRE_SPLIT, .pattern = { pattern, 2, false, BMX_REGEX_ONIGURUMA },
          .behavior = BMX_SPLIT_ISOLATED, .invert = true },
        { .kind = BMX_PRE_SPLIT, .pattern = { dollar, 2, true, BMX_REGEX_ONIGURUMA },
          .behavior = BMX_SPLIT_MERGED_WITH_PREVIOUS },
        { .kind = BMX_PRE_SPLIT, .pattern = { possessive, 7, true, BMX_REGEX_ONIGURUMA },
          .behavior = BMX_SPLIT_MERGED_WITH_NEXT },
        { .kind = BMX_PRE_SPLIT, .pattern = { pattern, 2, true, BMX_REGEX_ONIGURUMA },
          .behavior = BMX_SPLIT_CONTIGUOUS },
        { .kind = BMX_PRE_DIGITS, .individual_digits = true }, { .kind = BMX_PRE_DIGITS },
        { .kind = BMX_PRE_PUNCTUATION, .behavior = BMX_SPLIT_CONTIGUOUS },
        { .kind = BMX_PRE_PUNCTUATION, .behavior = BMX_SPLIT_MERGED_WITH_NEXT },
        { .kind = BMX_PRE_WHITESPACE }, { .kind = BMX_PRE_WHITESPACE_SPLIT },
        { .kind = BMX_PRE_BERT }, { .kind = BMX_PRE_UNICODE_SCRIPTS },
        { .kind = BMX_PRE_METASPACE, .delimiter = 0x2581, .prepend = BMX_PREPEND_ALWAYS },
        { .kind = BMX_PRE_METASPACE, .delimiter = '_', .prepend = BMX_PREPEND_FIRST, .split = true },
        { .kind = BMX_PRE_METASPACE, .delimiter = 0x1f600, .prepend = BMX_PREPEND_NEVER },
    }, refused[] = {
        { .kind = BMX_PRE_CHAR_DELIMITER, .delimiter = 'x' },
        { .kind = BMX_PRE_FIXED_LENGTH, .length = 3 }, { .kind = BMX_PRE_SENTENCEPIECE },
        /* what means something else to another engine */
        { .kind = BMX_PRE_SPLIT, .pattern = { dollar, 2, true, BMX_REGEX_FANCY } },
        { .kind = BMX_PRE_SPLIT, .pattern = { possessive, 7, true, BMX_REGEX_FANCY } },
    }, same[] = {
        { .kind = BMX_PRE_SPLIT, .pattern = { pattern, 2, true, BMX_REGEX_FANCY } },
        { .kind = BMX_PRE_SPLIT, .pattern = { braces, 7, true, BMX_REGEX_FANCY } },
    };
    bmx_words words = some_words();
    bmx_merge_list list = train(&words, 20);
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        step_is_read_back(&list, steps[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        bmx_pretokenizer_step step = refused[i];
        bmx_train_rule rule = { .pretokenizer = { .step = &step, .n = 1 } };
        bmx_buf json = { 0 };

        CHECK_FAILS(bmx_train_write_json(&list, &rule, NULL, &json, &err), BPEMIX_E_UNSUPPORTED,
                    "cannot be written to a tokenizer.json");
        assert_int_equal(json.len, 0);
    }
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        bmx_pretokenizer_step step = same[i];
        bmx_train_rule rule = { .pretokenizer = { .step = &step, .n = 1 } };
        bmx_buf json = { 0 };

        CHECK_OK(bmx_train_write_json(&list, &rule, NULL, &json, &err));
        bmx_buf_release(&json);
    }
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_recounting_learns),
        cmocka_unit_test(learns_the_same_at_any_width),
        cmocka_unit_test(goes_on_from_another_list),
        cmocka_unit_test(goes_on_from_any_list),
        cmocka_unit_test(leaves_rare_characters_out),
        cmocka_unit_test(writes_what_can_be_read),
        cmocka_unit_test(steps_are_written_and_read_back),
        cmocka_unit_test(replay_confirms_the_choice),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(refuses_impossible_counts),
    };
    return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}
