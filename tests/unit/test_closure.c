/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists that lost a merge, and tokens that no merge makes. */
#include "tok.h"

#include "base/rng.h"
#include "findings/reach.h"

/* The definition, by recursion: a token is made before merge `before` when it is
 * one letter, or the product of an earlier merge whose two sides were made before
 * that one. */
static bool made(const bpemix_tokenizer *tok, uint32_t token, uint32_t before)
{
    if (tok->vocab.tokens.str[token].len == 1)
        return true;
    for (uint32_t t = 0; t < before; t++)
        if (tok->trained.merge[t].product == token && made(tok, tok->trained.merge[t].left, t) &&
            made(tok, tok->trained.merge[t].right, t))
            return true;
    return false;
}

/* A tokenizer.json of random merges over a few letters, each closed but for those
 * that were left out; its vocabulary has all tokens. */
static void put_file(bmx_rng *rng, bmx_buf *file)
{
    static char token[60][64];
    bmx_buf list = { 0 };
    size_t n = 0;

    put_str(file, "{\"model\": {\"type\": \"BPE\", \"vocab\": {");
    for (; n < 4; n++)
        snprintf(token[n], sizeof token[n], "%c", (char)('a' + n));
    for (int k = 0; k < 25; k++) {
        const char *l = token[bmx_rng_below(rng, n)], *r = token[bmx_rng_below(rng, n)];
        char line[140];
        if (strlen(l) + strlen(r) > 12)
            continue;
        snprintf(line, sizeof line, "%s\"%s %s\"", list.len ? ", " : "", l, r);
        if (!list.len || bmx_rng_below(rng, 8))
            put_str(&list, line);
        snprintf(line, sizeof line, "%s%s", l, r);
        strcpy(token[n++], line);
    }
    for (size_t i = 0; i < n; i++) {
        char line[140];
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || !strcmp(token[i], token[k]);
        snprintf(line, sizeof line, "%s\"%s\": %u", i ? ", " : "", token[i], (unsigned)i);
        if (!again)
            put_str(file, line);
    }
    put_str(file, "}, \"merges\": [");
    put(file, list.ptr, list.len);
    put_str(file, "]}}");
    bmx_buf_release(&list);
}

static void agrees_with_the_definition(void **state)
{
    uint32_t dead = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        bmx_rng rng = { seed };
        bmx_buf file = { 0 };
        bpemix_tokenizer *tok;
        uint32_t n = 0;

        put_file(&rng, &file);
        tok = parse(slice_of(&file));
        if (!bmx_merges_rebuilt(tok)) /* few enough to look redundant by chance: another story */
            for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
                bool applies = made(tok, tok->trained.merge[t].left, t) &&
                               made(tok, tok->trained.merge[t].right, t);
                if (applies != !(tok->trained.merge[t].flags & BMX_MERGE_UNMADE))
                    fail_msg("seed %u merge %u", (unsigned)seed, t);
                n += !applies;
                if (!applies && !made(tok, tok->trained.merge[t].product, tok->trained.n_merges)) {
                    bool found = false;
                    for (uint32_t i = 0; i < tok->n_unmerged; i++)
                        found = found || tok->unmerged[i] == tok->trained.merge[t].product;
                    assert_true(found);
                }
            }
        if (!bmx_merges_rebuilt(tok))
            assert_int_equal(has_warning(tok, "never apply"), n > 0);
        dead += n;
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&file);
    }
    assert_true(dead > 200);
}

static void dead_merges_name_what_is_missing(void **state)
{
    bpemix_tokenizer *tok = parse_str("h e\nth e\nthe r\nthe y\no u\n");

    (void)state;
    assert_int_equal(tok->trained.merge[0].flags, 0);
    for (uint32_t t = 1; t < 4; t++)
        assert_int_equal(tok->trained.merge[t].flags, BMX_MERGE_UNMADE);
    assert_int_equal(tok->trained.merge[4].flags, 0);
    assert_true(has_warning(tok, "never apply: 3; the list is not whole"));
    assert_true(has_warning(tok, "makes: 1, the first of them 'th' in merge 1"));
    bpemix_tokenizer_free(tok);
    tok = parse_str("h e\nth e\nt h\n"); /* in the wrong order: never applies to training text */
    assert_int_equal(tok->trained.merge[1].flags, BMX_MERGE_UNMADE);
    assert_int_equal(tok->trained.merge[2].flags, 0);
    assert_true(has_warning(tok, "never apply: 1; the list is not in the order of learning"));
    assert_true(has_warning(tok,
                            "that only later merges make: 1, the first of them 'th' in merge 1"));
    bpemix_tokenizer_free(tok);
    tok = parse_str("h e\nth e\nt h\nou r\no n\n");
    assert_true(has_warning(tok,
                            "never apply: 2; the list is neither whole nor in the order of "
                            "learning"));
    bpemix_tokenizer_free(tok);
    tok = parse_str("t h\nth e</w>\nh e</w>\n"); /* marks of the place in a word are no letters */
    for (uint32_t t = 0; t < 3; t++)
        assert_int_equal(tok->trained.merge[t].flags, 0);
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(bmx_slice_str("h e\nth e\nthe r\n"));
}

/* ---- the first merge of a SentencePiece model ---- */

#define U "\xe2\x96\x81"
#define HEAD                                                                            \
    "{\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"" U "\"}, \"pre_tokenizer\": null," \
    "\"model\": {\"type\": \"BPE\", \"byte_fallback\": false, \"vocab\": {\"<unk>\": 0,"  \
    "\"" U "t\": 1, \"he\": 2, \"" U "the\": 3, \"er\": 4, \"" U "to\": 5, \"ther\": 6,"   \
    "\"" U "ther\": 7, \"" U "\": 8, \"t\": 9, \"h\": 10, \"e\": 11, \"r\": 12, \"o\": 13}," \
    "\"merges\": ["
#define REST                                                                            \
    "\"h e\", \"" U "t he\", \"e r\", \"" U "t o\", \"" U "the r\", \"" U "t her\", "      \
    "\"" U "t h\", \"th er\", \"the r\"]}}"

static void the_dropped_first_merge_is_put_back(void **state)
{
    static const char good[] = HEAD "\"" U " t\", " REST, zero[] = HEAD REST;
    bpemix_tokenizer *whole = parse_str(good), *lost = parse_str(zero);

    (void)state;
    assert_true(bmx_merges_rebuilt(whole));
    assert_string_equal(merge_text(whole, 0), U "|t");
    assert_false(has_warning(whole, "lacks the merge"));
    assert_true(has_warning(lost, "lacks the merge of '" U "t', the first one learned"));
    assert_string_equal(lost->digest, whole->digest);
    assert_int_equal(lost->n_listed + 1, whole->n_listed); /* encoding follows the file */
    survives_lack_of_memory_for(bmx_slice_str(zero));
    bpemix_tokenizer_free(whole);
    bpemix_tokenizer_free(lost);
}

/* Lists of every split in which pieces have lost all of theirs. */
static void lost_merges_are_put_back(void **state)
{
    static const char good[] = HEAD "\"" U " t\", " REST,
                      no_two[] = HEAD "\"e r\", \"" U "t o\", \"" U "the r\", \"" U "t her\", "
                                 "\"" U "t h\", \"th er\", \"the r\"]}}",
                      no_er[] = HEAD "\"" U " t\", \"h e\", \"" U "t he\", \"" U "t o\", "
                                "\"" U "the r\", \"" U "t her\", \"" U "t h\", \"th er\", "
                                "\"the r\"]}}";
    bpemix_tokenizer *whole = parse_str(good), *two = parse_str(no_two), *er = parse_str(no_er);

    (void)state;
    assert_true(has_warning(two, "lacks the merges of: 3, the first of them '" U "t'"));
    assert_string_equal(two->digest, whole->digest);
    assert_true(has_warning(er, "lacks the merges of: 1, the first of them 'er'"));
    assert_string_equal(er->digest, whole->digest);
    assert_int_equal(two->n_unmerged, whole->n_unmerged);
    survives_lack_of_memory_for(bmx_slice_str(no_two));
    bpemix_tokenizer_free(whole);
    bpemix_tokenizer_free(two);
    bpemix_tokenizer_free(er);
}

/* ---- encoding is the judge ---- */

static bool among(const bpemix_tokenizer *tok, const uint32_t *list, uint32_t n, const char *text)
{
    for (uint32_t i = 0; i < n; i++)
        if (bmx_slice_eq(tok->vocab.tokens.str[list[i]], bmx_slice_str(text)))
            return true;
    return false;
}

/* Of pieces with the score 0, which come first, encoding makes those that two
 * neighbours add up to. */
static void appended_pieces_are_made(void **state)
{
    bmx_buf b = { 0 };
    bmx_reach r = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    put_piece(&b, "<unk>", 0, 2);
    put_piece(&b, "ab", 0, 1);
    put_piece(&b, "abc", -1, 1);
    put_piece(&b, "abcd", -2, 1);
    for (const char *c = "abcdxyz"; *c; c++)
        put_piece(&b, (char[]){ *c, 0 }, -3 - (float)(c - "abcdxyz"), 1);
    put_piece(&b, "xy", 0, 1);
    put_piece(&b, "xyzab", 0, 1); /* xy z ab: three neighbours */
    bmx_buf trainer = { 0 };
    put_uint_field(&trainer, 3, 2);
    put_field(&b, 2, slice_of(&trainer));
    bmx_buf_release(&trainer);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->n_by_hand, 2);
    CHECK_OK(bmx_reach_find(tok, &r, &err));
    assert_true(among(tok, r.unlearned, r.n_unlearned, "xy"));
    assert_true(among(tok, r.unreachable, r.n_unreachable, "xyzab"));
    assert_int_equal(r.n_unlearned + r.n_unreachable, 2);
    bmx_reach_release(&r);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* A rank file whose encoder looks whole pre-tokens up first makes every token; a
 * merge list only what its merges make. */
static void tokens_without_merges(void **state)
{
    bmx_buf b = { 0 };
    bmx_reach r = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    put_rank(&b, bmx_slice_str("a"), 0);
    put_rank(&b, bmx_slice_str("b"), 1);
    put_rank(&b, bmx_slice_str("ab"), 2);
    put_rank(&b, bmx_slice_str("aaaa"), 3);
    tok = parse(slice_of(&b));
    CHECK_OK(bmx_reach_find(tok, &r, &err));
    assert_int_equal(r.n_unreachable, 0);
    assert_int_equal(r.n_unlearned, 1);
    assert_true(among(tok, r.unlearned, 1, "aaaa"));
    bmx_reach_release(&r);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
    tok = parse_str("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, "
                    "\"zz\": 3},\"merges\": [\"a b\"]}}");
    CHECK_OK(bmx_reach_find(tok, &r, &err));
    assert_int_equal(r.n_unlearned, 0);
    assert_int_equal(r.n_unreachable, 1);
    assert_true(among(tok, r.unreachable, 1, "zz"));
    bmx_reach_release(&r);
    bpemix_tokenizer_free(tok);
}

/* Both kinds as warnings and as facts, with no more examples than asked for. */
static void what_is_said_of_tokens(void **state)
{
    bmx_buf b = { 0 };
    bmx_reach r = { 0 };
    bmx_texts warning = { 0 };
    bmx_facts facts = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    put_rank(&b, bmx_slice_str("a"), 0);
    put_rank(&b, bmx_slice_str("b"), 1);
    put_rank(&b, bmx_slice_str("ab"), 2);
    put_rank(&b, bmx_slice_str("aaaa"), 3);
    put_rank(&b, bmx_slice_str("bbbb"), 4);
    tok = parse(slice_of(&b));
    SURVIVES_SOME(2, bmx_reach_find(tok, &r, &err), {
        if (last)
            break;
        bmx_reach_release(&r);
    });
    CHECK_OK(bmx_reach_warn(tok, &r, &warning, &err));
    assert_int_equal(warning.n, 1);
    assert_string_equal(warning.text[0],
                        "tokens that encoding makes, but no merge in the order of learning: 2, the "
                        "first of them 'aaaa'; they carry no constraint");
    CHECK_OK(bmx_reach_facts(tok, &r, 1, &facts, &err));
    assert_int_equal(facts.unlearned.count, 2);
    assert_int_equal(facts.unlearned.example.n, 1);
    assert_int_equal(facts.unreachable.count, 0);
    bmx_texts_release(&facts.unlearned.example);
    bmx_texts_release(&warning);
    bmx_reach_release(&r);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);

    tok = parse_str("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, "
                    "\"z\\u001bz\": 3},\"merges\": [\"a b\"]}}");
    CHECK_OK(bmx_reach_find(tok, &r, &err));
    SURVIVES(2, bmx_reach_warn(tok, &r, &warning, &err), {
        if (last)
            break;
        bmx_texts_release(&warning);
    });
    assert_int_equal(warning.n, 1);
    assert_string_equal(warning.text[0],
                        "tokens of the vocabulary that encoding never makes: 1, the first of them "
                        "'z\\x1bz'; they carry no constraint");
    bmx_texts_release(&warning);
    bmx_reach_release(&r);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(dead_merges_name_what_is_missing),
        cmocka_unit_test(the_dropped_first_merge_is_put_back),
        cmocka_unit_test(lost_merges_are_put_back),
        cmocka_unit_test(appended_pieces_are_made),
        cmocka_unit_test(tokens_without_merges),
        cmocka_unit_test(what_is_said_of_tokens),
    };
    return cmocka_run_group_tests_name("closure", tests, NULL, NULL);
}
