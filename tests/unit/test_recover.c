/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery of merges against the definition written out in full, and repair of
 * redundant lists. */
#include "tok.h"

#include "tokenizer/recover.h"

/* ---- the definition: short and slow ---- */

/* Split token `text` with the tokens of rank < below: repeat "find the pair
 * whose text has the lowest rank, the first of equals, and join it" until two
 * symbols are left.  Returns the length of the left symbol, 0: unreachable. */
static size_t slow_split(const bpemix_tokenizer *tok, const uint32_t *rank, bmx_slice text,
                         uint32_t below)
{
    size_t cut[300], n = 0; /* symbols are text[cut[i] .. cut[i + 1]) */

    for (size_t i = 0; i <= text.len; i++)
        cut[n++] = i;
    while (n > 3) {
        uint32_t best = below;
        size_t at = 0;
        for (size_t i = 0; i + 2 < n; i++) {
            uint32_t id = bmx_intern_find(&tok->vocab.tokens,
                                          bmx_slice_of(text.ptr + cut[i], cut[i + 2] - cut[i]));
            if (id != BMX_NONE && rank[id] < best) {
                best = rank[id];
                at = i + 1;
            }
        }
        if (!at)
            return 0;
        memmove(cut + at, cut + at + 1, (n - at - 1) * sizeof *cut);
        n--;
    }
    return cut[1];
}

/* A rank file of 60 tokens of two or three letters, with holes between the ranks */
static void put_random_ranks(bmx_rng *rng, bmx_buf *b)
{
    bmx_intern seen = { 0 };
    bpemix_error err;
    unsigned n = 0, letters = 2 + (unsigned)bmx_rng_below(rng, 2);
    uint32_t id;
    bool is_new;

    for (unsigned i = 0; i < letters; i++) {
        char c = (char)('a' + i);
        put_rank(b, bmx_slice_of(&c, 1), n++);
        CHECK_OK(bmx_intern_add(&seen, bmx_slice_of(&c, 1), &id, &is_new, &err));
    }
    put_rank(b, bmx_slice_str("ab"), n++ * 3); /* so that there is a merge */
    CHECK_OK(bmx_intern_add(&seen, bmx_slice_str("ab"), &id, &is_new, &err));
    /* two earlier tokens joined, or now and then any string */
    while (n < 60) {
        char text[300];
        size_t len;
        if (bmx_rng_below(rng, 8) == 0) {
            len = 2 + (size_t)bmx_rng_below(rng, 6);
            for (size_t i = 0; i < len; i++)
                text[i] = (char)('a' + bmx_rng_below(rng, letters));
        } else {
            bmx_slice l = seen.str[bmx_rng_below(rng, seen.n)],
                      r = seen.str[bmx_rng_below(rng, seen.n)];
            if ((len = l.len + r.len) > 250)
                continue;
            memcpy(text, l.ptr, l.len);
            memcpy(text + l.len, r.ptr, r.len);
        }
        CHECK_OK(bmx_intern_add(&seen, bmx_slice_of(text, len), &id, &is_new, &err));
        if (is_new) /* ranks with holes */
            put_rank(b, bmx_slice_of(text, len), n++ * 3);
    }
    bmx_intern_release(&seen);
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        bmx_rng rng = { seed };
        bmx_buf b = { 0 };
        bpemix_tokenizer *tok;
        uint32_t rank[200], n_unmerged = 0, t = 0;

        put_random_ranks(&rng, &b);
        tok = parse(slice_of(&b));
        for (size_t i = 0; i < tok->vocab.tokens.n; i++)
            rank[i] = tok->vocab.tokens.str[i].len > 1 ? tok->vocab.id[i] : BMX_NONE;
        for (uint32_t i = 0; i < tok->vocab.tokens.n; i++) { /* ids follow the order of the file */
            bmx_slice s = tok->vocab.tokens.str[i];
            size_t left = s.len > 1 ? slow_split(tok, rank, s, rank[i]) : 0;
            bool ok = left &&
                      bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(s.ptr, left)) != BMX_NONE &&
                      bmx_intern_find(&tok->vocab.tokens,
                                      bmx_slice_of(s.ptr + left, s.len - left)) != BMX_NONE;
            if (s.len > 1 && !ok) {
                assert_true(n_unmerged < tok->n_unmerged);
                assert_int_equal(tok->unmerged[n_unmerged++], i);
            } else if (s.len > 1) {
                assert_true(t < tok->trained.n_merges);
                assert_int_equal(tok->trained.merge[t].product, i);
                if (tok->vocab.tokens.str[tok->trained.merge[t].left].len != left)
                    fail_msg("seed %d: token %u splits at %zu, not %zu", (int)seed, i,
                             tok->vocab.tokens.str[tok->trained.merge[t].left].len, left);
                t++;
            }
        }
        assert_int_equal(t, tok->trained.n_merges);
        for (; n_unmerged < tok->n_unmerged; n_unmerged++) {
            /* behind those come the products of merges that never apply */
            for (t = 0; t < tok->trained.n_merges; t++)
                if (tok->trained.merge[t].product == tok->unmerged[n_unmerged])
                    break;
            assert_true(t < tok->trained.n_merges &&
                        tok->trained.merge[t].flags & BMX_MERGE_UNMADE);
        }
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&b);
    }
}

/* ---- learned lists come back ---- */

/* A plain BPE trainer over one text of letters; stops when no pair occurs
 * twice.  Lines "left right" into list, ranks into ranks. */
static void train(bmx_rng *rng, bmx_buf *list, bmx_buf *ranks)
{
    static char symbol[2000][64];
    size_t n = 0;
    unsigned rank = 0;
    bmx_intern known = { 0 };
    bpemix_error err;

    for (size_t i = 0; i < 400; i++, n++)
        snprintf(symbol[n], sizeof symbol[n], "%c",
                 (char)('a' + bmx_rng_below(rng, 4) * bmx_rng_below(rng, 3)));
    for (char c = 'a'; c <= 'z'; c++)
        put_rank(ranks, bmx_slice_of(&c, 1), rank++);
    for (;;) {
        size_t best = 0, at = 0, kept = 0;
        char left[64], right[64], line[140];
        uint32_t id;
        bool is_new;
        for (size_t i = 0; i + 1 < n; i++) {
            size_t count = 0;
            for (size_t k = i; k + 1 < n; k++)
                count += !strcmp(symbol[i], symbol[k]) && !strcmp(symbol[i + 1], symbol[k + 1]);
            if (count > best) {
                best = count;
                at = i;
            }
        }
        if (best < 2 || strlen(symbol[at]) + strlen(symbol[at + 1]) > 60)
            break;
        strcpy(left, symbol[at]);
        strcpy(right, symbol[at + 1]);
        snprintf(line, sizeof line, "%s%s", left, right);
        CHECK_OK(bmx_intern_add(&known, bmx_slice_str(line), &id, &is_new, &err));
        if (!is_new) /* a rank file cannot hold a second pair with one product */
            break;
        put_rank(ranks, bmx_slice_str(line), rank++);
        snprintf(line, sizeof line, "%s %s\n", left, right);
        put_str(list, line);
        for (size_t i = 0; i < n; i++, kept++) {
            bool joins = i + 1 < n && !strcmp(symbol[i], left) && !strcmp(symbol[i + 1], right);
            if (kept != i)
                strcpy(symbol[kept], symbol[i]);
            if (joins) {
                strcat(symbol[kept], right);
                i++;
            }
        }
        n = kept;
    }
    bmx_intern_release(&known);
}

static void learned_lists_come_back(void **state)
{
    uint32_t total = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        bmx_rng rng = { seed };
        bmx_buf list = { 0 }, ranks = { 0 };
        bpemix_tokenizer *from_list, *from_ranks;

        train(&rng, &list, &ranks);
        from_list = parse(slice_of(&list));
        from_ranks = parse(slice_of(&ranks));
        total += from_list->trained.n_merges;
        assert_int_equal(from_ranks->trained.n_merges, from_list->trained.n_merges);
        assert_string_equal(bpemix_tokenizer_digest(from_ranks),
                            bpemix_tokenizer_digest(from_list));
        bpemix_tokenizer_free(from_list);
        bpemix_tokenizer_free(from_ranks);
        bmx_buf_release(&list);
        bmx_buf_release(&ranks);
    }
    assert_true(total > 1000);
}

/* ---- redundant lists ---- */

/* Every split of every product into two tokens, as converters write them. */
static void put_all_splits(const bpemix_tokenizer *tok, bmx_buf *out)
{
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_slice s = bmx_product_text(tok, t);
        for (size_t i = 1; i < s.len; i++)
            if (bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(s.ptr, i)) != BMX_NONE &&
                bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(s.ptr + i, s.len - i)) !=
                    BMX_NONE) {
                put(out, s.ptr, i);
                put(out, " ", 1);
                put(out, s.ptr + i, s.len - i);
                put(out, "\n", 1);
            }
    }
}

static void redundant_lists_are_rebuilt(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 110; seed++) {
        bmx_rng rng = { seed };
        bmx_buf list = { 0 }, ranks = { 0 }, all = { 0 };
        bpemix_tokenizer *tok, *again;

        train(&rng, &list, &ranks);
        tok = parse(slice_of(&list));
        assert_int_equal(tok->n_listed, tok->trained.n_merges);
        put_all_splits(tok, &all);
        again = parse(slice_of(&all));
        assert_true(again->n_listed > again->trained.n_merges);
        assert_int_equal(again->trained.n_merges, tok->trained.n_merges);
        assert_string_equal(bpemix_tokenizer_digest(again), bpemix_tokenizer_digest(tok));
        assert_true(has_warning(again, "order of first appearance"));
        assert_true(bmx_merges_rebuilt(again));
        assert_true(again->encoding.ignore_merges);
        assert_string_equal(again->format_detail, "converted from ranks");
        if (seed == 100)
            survives_lack_of_memory_for(slice_of(&all));
        bpemix_tokenizer_free(tok);
        bpemix_tokenizer_free(again);
        bmx_buf_release(&list);
        bmx_buf_release(&ranks);
        bmx_buf_release(&all);
    }
}

/* A trainer's own second pair for a product, or a pair listed twice, does not
 * make a list redundant. */
static void a_few_duplicates_are_the_trainers_own(void **state)
{
    bpemix_tokenizer *tok = parse_str("a b\nb c\nab c\nc d\nbc d\nb cd\na bc\nabc d\nab cd\nd e\n"
                                      "cd e\nbcd e\nabcd e\n");

    (void)state;
    assert_int_equal(tok->trained.n_merges, 13);
    bpemix_tokenizer_free(tok);
    tok = parse_str("a b\nab c\na b\n");
    assert_int_equal(tok->trained.n_merges, 3);
    assert_int_equal(tok->trained.merge[2].flags, BMX_MERGE_REPEATED);
    bpemix_tokenizer_free(tok);
}

/* ---- SentencePiece in a tokenizer.json ---- */

#define U "\xe2\x96\x81"

/* Runs of U+2581 are listed last, but their ids tell when they were learned. */
static const char converted[] =
    "{\"added_tokens\": [{\"id\": 0, \"content\": \"<unk>\"}, {\"id\": 3, \"content\": \"<b>\"}],"
    "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"" U "\"},"
    "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"" U "\"}]},"
    "\"pre_tokenizer\": null, \"model\": {\"type\": \"BPE\", \"byte_fallback\": true, \"fuse_unk\": true,"
    "\"unk_token\": \"<unk>\", \"vocab\": {\"<unk>\": 0, \"<0x0A>\": 1, \"<0x41>\": 2, \"<b>\": 3,"
    "\"" U U "\": 4, \"" U "t\": 5, \"he\": 6, \"" U U U U "\": 7, \"" U "the\": 8, \"th\": 9, \"the\": 10,"
    "\"" U "\": 11, \"t\": 12, \"h\": 13, \"e\": 14, \"<\": 15, \"b\": 16, \">\": 17, \"<b\": 18, \"b>\": 19},"
    "\"merges\": [\"" U " t\", \"h e\", \"" U "t he\", \"" U " the\", \"t h\", \"t he\", \"th e\","
    "\"< b\", \"b >\", \"<b >\", \"< b>\", \"" U " " U "\", \"" U U " " U U "\"]}}";

static void converted_sentencepiece_is_undone(void **state)
{
    bpemix_tokenizer *tok = parse_str(converted);
    const bmx_pretokenizer_step *p = tok->trained.pretokenizer.step;

    (void)state;
    /* in the order of ids; <b> is an added token and was not learned */
    CHECK_MERGES(tok, U "|" U, U "|t", "h|e", U U "|" U U, U "t|he", "t|h", "t|he", "<|b", "b|>");
    assert_int_equal(tok->n_listed, 13);
    assert_string_equal(tok->format_detail, "converted from SentencePiece");
    assert_true(tok->rules.sentencepiece && tok->rules.drop_duplicate_products);
    assert_true(tok->rules.allow_whitespace_only);
    assert_int_equal(tok->rules.max_characters, 16);
    assert_false(tok->rules.split_digits); /* nine merges show nothing */
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_int_equal(p[0].kind, BMX_PRE_SENTENCEPIECE);
    assert_true(p[0].sp.split_by_whitespace && p[0].sp.allow_whitespace_only_pieces);
    assert_int_equal(p[0].sp.n_boundaries, 2);
    assert_int_equal(tok->trained.normalizer.n, 2);
    assert_true(has_warning(tok, "13 listed merges make 9 tokens"));
    assert_true(has_warning(tok, "guessed"));
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(bmx_slice_str(converted));
}

/* A Metaspace step becomes the normalizer that it stood for; a split at a
 * string that a normalizer has removed goes. */
static void converters_own_steps_give_way(void **state)
{
    bmx_buf b = { 0 };
    const char *at = strstr(converted, "null");
    bpemix_tokenizer *tok;

    (void)state;
    put(&b, converted, (size_t)(at - converted));
    put_str(&b, "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Metaspace\", "
                "\"replacement\": \"" U
                "\", \"prepend_scheme\": \"always\"}, {\"type\": \"Split\", \"pattern\": {\"String\": \" \"},"
                "\"behavior\": \"MergedWithPrevious\", \"invert\": false}]}");
    put_str(&b, at + 4);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_int_equal(tok->trained.pretokenizer.step[0].kind, BMX_PRE_SENTENCEPIECE);
    assert_int_equal(tok->trained.normalizer.n, 3);
    assert_int_equal(tok->trained.normalizer.step[2].kind, BMX_NORM_SENTENCEPIECE);
    assert_true(tok->trained.normalizer.step[2].sp.add_dummy_prefix);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* Pieces `piece`, each merged of its symbols from the left, in a list without pre-tokenizer. */
static bpemix_tokenizer *of_spaces(const char *const *piece, size_t n)
{
    bmx_buf vocab = { 0 }, merges = { 0 }, all = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    for (size_t i = 0; i < n; i++) {
        char left[60] = "", c[5];
        for (const char *p = piece[i], *end; *p; p = end) {
            uint32_t cp;
            end = p + bmx_utf8_decode(p, strlen(p), &cp);
            snprintf(c, sizeof c, "%.*s", (int)(end - p), p);
            if (*left)
                CHECK_OK(bmx_buf_addf(&merges, &err, "[\"%s\",\"%s\"],", left, c));
            strcat(left, c);
            CHECK_OK(bmx_buf_addf(&vocab, &err, "\"%s\":%zu,", c, vocab.len));
            CHECK_OK(bmx_buf_addf(&vocab, &err, "\"%s\":%zu,", left, vocab.len));
        }
    }
    vocab.len--, merges.len--;
    CHECK_OK(bmx_buf_addf(&all, &err,
                          "{\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"String\": \" \"},"
                          "\"content\": \"" U "\"}, \"model\": {\"vocab\": {%.*s}, \"merges\": [%.*s]}}",
                          (int)vocab.len, vocab.ptr, (int)merges.len, merges.ptr));
    tok = parse(slice_of(&all));
    bmx_buf_release(&vocab);
    bmx_buf_release(&merges);
    bmx_buf_release(&all);
    return tok;
}

/* Pieces that a rule forbids show that the trainer had it switched off; a few are by users. */
static void rules_are_guessed_from_what_they_forbid(void **state)
{
    static const struct { const char *piece[4]; bool by_space, by_script; } cases[] = {
        { { U "the", U U "x", "a", "e" U }, true, true },
        { { "e" U "a", "s" U "b", "d" U U "c", "x" }, false, true },
        { { "e" U "a", "s" U "b", "d" U, U "x" }, true, true }, /* two */
        { { "a.", "b'", "c,", U "." }, true, false },
        { { "a.", "b'", "2.", U "." }, true, true },
        { { "e" U "a.", "s" U "b,", "t" U "c)", "x" }, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_tokenizer *tok = of_spaces(cases[i].piece, 4);
        const bmx_pretokenizer_step *p = tok->trained.pretokenizer.step;

        assert_string_equal(tok->format_detail, "converted from SentencePiece");
        assert_int_equal(p[0].sp.split_by_whitespace, cases[i].by_space);
        assert_int_equal(tok->rules.split_by_script, cases[i].by_script);
        bpemix_tokenizer_free(tok);
    }
}

/* SentencePiece sees no ends of lines: a list with some of them was trained by another program,
 * which took over a normalizer, and did not split text. */
static void lists_across_lines_are_not_converted(void **state)
{
    static const char *const piece[2][3] = { { U "a\\n", ".\\n", "\\n" U },
                                             { U "a\\n", ".\\n", "a" U } };

    (void)state;
    for (int i = 0; i < 2; i++) {
        bmx_buf b = { 0 };
        bpemix_tokenizer *tok;
        bpemix_error err;

        CHECK_OK(bmx_buf_addf(&b, &err,
                              "{\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"" U "\"},"
                              "\"model\": {\"vocab\": {\"" U "\": 0, \"a\": 1, \"\\n\": 2, \".\": 3,"
                              "\"" U "a\": 4, \"%s\": 5, \"%s\": 6, \"%s\": 7}, \"merges\": [[\"" U
                              "\",\"a\"], [\"" U "a\",\"\\n\"], [\".\",\"\\n\"], %s]}}",
                              piece[i][0], piece[i][1], piece[i][2],
                              i ? "[\"a\",\"" U "\"]" : "[\"\\n\",\"" U "\"]"));
        tok = parse(slice_of(&b));
        assert_int_equal(tok->rules.sentencepiece, i == 1);
        assert_int_equal(tok->trained.pretokenizer.n, i);
        assert_int_equal(has_warning(tok, "guessed"), i);
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&b);
    }
}

/* ---- merges added by hand ---- */

static void runs_at_the_end_are_manual(void **state)
{
    bmx_buf b = { 0 };
    char line[300] = "";
    bpemix_load_opts opts = { .keep_manual = true };
    bpemix_tokenizer *tok;

    (void)state;
    put_str(&b, "\xc4\xa0 t\nh e\n\xc4\xa0t he\n");
    for (int i = 1; i < 6; i++) {
        strcat(line, "\xc4\xa0");
        put_str(&b, line);
        put_str(&b, " \xc4\xa0\n");
    }
    tok = parse(slice_of(&b));
    assert_int_equal(tok->trained.n_merges, 8);
    for (uint32_t t = 0; t < 8; t++)
        assert_int_equal(tok->trained.merge[t].flags, t < 3 ? 0 : BMX_MERGE_MANUAL);
    bpemix_tokenizer_free(tok);
    tok = parse_opts(slice_of(&b), &opts);
    for (uint32_t t = 0; t < 8; t++) /* text with four blanks makes two pairs of them */
        assert_int_equal(tok->trained.merge[t].flags, t < 5 ? 0 : BMX_MERGE_UNREACHED);
    bpemix_tokenizer_free(tok);

    put_str(&b, "h t\n"); /* learned after them: then they were learned too */
    tok = parse(slice_of(&b));
    for (uint32_t t = 0; t < 9; t++)
        assert_int_equal(tok->trained.merge[t].flags, t < 5 || t == 8 ? 0 : BMX_MERGE_UNREACHED);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* ---- long and hostile tokens ---- */

static void long_tokens(void **state)
{
    bmx_buf b = { 0 };
    static char text[200000];
    bpemix_tokenizer *tok;
    unsigned rank = 0;

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t len = 1; len <= 1024; len *= 2)
        put_rank(&b, bmx_slice_of(text, len), rank++);
    put_rank(&b, bmx_slice_of(text, 4096), rank++);   /* four of 1024, but no 2048 */
    put_rank(&b, bmx_slice_of(text, 100000), rank++); /* too long to follow */
    tok = parse(slice_of(&b));
    assert_int_equal(tok->trained.n_merges, 10);
    assert_int_equal(tok->vocab.tokens.str[tok->trained.merge[9].left].len, 512);
    assert_int_equal(tok->n_unmerged, 2);
    bpemix_tokenizer_free(tok);
    b.len = 0;
    rank = 0;
    for (size_t len = 1; len <= 3000; len++) /* each one letter longer: 4.5 MB of tokens */
        put_rank(&b, bmx_slice_of(text, len), rank++);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->trained.n_merges + tok->n_unmerged, 2999);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

static void recovery_survives_lack_of_memory(void **state)
{
    bmx_rng rng = { 1 };
    bmx_buf list = { 0 }, ranks = { 0 };

    (void)state;
    train(&rng, &list, &ranks);
    survives_lack_of_memory_for(slice_of(&ranks));
    bmx_buf_release(&list);
    bmx_buf_release(&ranks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(learned_lists_come_back),
        cmocka_unit_test(redundant_lists_are_rebuilt),
        cmocka_unit_test(a_few_duplicates_are_the_trainers_own),
        cmocka_unit_test(converted_sentencepiece_is_undone),
        cmocka_unit_test(converters_own_steps_give_way),
        cmocka_unit_test(rules_are_guessed_from_what_they_forbid),
        cmocka_unit_test(lists_across_lines_are_not_converted),
        cmocka_unit_test(runs_at_the_end_are_manual),
        cmocka_unit_test(long_tokens),
        cmocka_unit_test(recovery_survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("recover", tests, NULL, NULL);
}
