/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merges whose pair never stands side by side, against applying the list to the token's text; the
 * lists of a trainer have none. */
#include "tok.h"
#include "trained.h"

#include "base/rng.h"

#define LEFT_OUT (BMX_MERGE_UNMADE | BMX_MERGE_REPEATED)

/* Each token of one letter; the symbols of a token's text after the merges before `before`, each
 * applied from left to right.  The plain way, which looks at no token but by its text. */
static size_t apply(const bpemix_tokenizer *tok, uint32_t token, uint32_t before, uint32_t *at)
{
    bmx_slice text = tok->vocab.tokens.str[token];
    size_t n = text.len;

    for (size_t i = 0; i < n; i++)
        at[i] = bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(text.ptr + i, 1));
    for (uint32_t t = 0; t < before; t++) {
        const bmx_merge *m = &tok->trained.merge[t];
        size_t k = 0;

        if (m->flags & LEFT_OUT)
            continue;
        for (size_t i = 0; i < n; k++) {
            bool pair = i + 1 < n && at[i] == m->left && at[i + 1] == m->right;

            at[k] = pair ? m->product : at[i];
            i += pair ? 2 : 1;
        }
        n = k;
    }
    return n;
}

static void check_list(const bpemix_tokenizer *tok, uint64_t seed, uint32_t *reached,
                       uint32_t *unreached)
{
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        const bmx_merge *m = &tok->trained.merge[t];
        uint32_t at[64];
        bool pair = apply(tok, m->product, t, at) == 2 && at[0] == m->left && at[1] == m->right;

        if (m->flags & LEFT_OUT) {
            assert_false(m->flags & BMX_MERGE_UNREACHED);
            continue;
        }
        if (pair != !(m->flags & BMX_MERGE_UNREACHED))
            fail_msg("seed %u merge %u", (unsigned)seed, t);
        *reached += pair;
        *unreached += !pair;
    }
}

/* Random merges over few letters, so that many runs are among the tokens. */
static void agrees_with_applying_the_list(void **state)
{
    uint32_t reached = 0, unreached = 0, lists = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        bmx_rng rng = { seed };
        char token[80][64];
        size_t letters = 1 + seed % 3, n = letters;
        bmx_buf file = { 0 };
        bpemix_tokenizer *tok;

        for (size_t i = 0; i < letters; i++)
            snprintf(token[i], sizeof token[i], "%c", (char)('a' + i));
        for (int k = 0; k < 40; k++) {
            const char *l = token[bmx_rng_below(&rng, n)], *r = token[bmx_rng_below(&rng, n)];
            char line[140];

            if (strlen(l) + strlen(r) > 20)
                continue;
            snprintf(line, sizeof line, "%s %s\n", l, r);
            put_str(&file, line);
            snprintf(line, sizeof line, "%s%s", l, r);
            strcpy(token[n++], line);
        }
        tok = parse(slice_of(&file));
        if (!bmx_merges_rebuilt(tok)) { /* lists of all splits lose those that were not learned */
            check_list(tok, seed, &reached, &unreached);
            lists++;
        }
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&file);
    }
    assert_true(lists > 1000 && reached > 5000 && unreached > 5000);
}

static void lists_of_a_trainer_have_none(void **state)
{
    uint32_t merges = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        bmx_rng rng = { seed };
        bmx_words words = { 0 };
        bpemix_tokenizer *tok, *more;
        bpemix_error err;

        for (int k = 0; k < 60; k++) {
            char word[24];
            size_t n = 1 + bmx_rng_below(&rng, sizeof word - 1);

            for (size_t i = 0; i < n; i++)
                word[i] = (char)('a' + bmx_rng_below(&rng, 1 + seed % 3));
            CHECK_OK(bmx_words_add(&words, bmx_slice_of(word, n), 1 + bmx_rng_below(&rng, 50),
                                   &err));
        }
        tok = trained_on(&words, 20, NULL);
        more = trained_on(&words, 20, tok); /* extended: learned behind the merges before */
        for (uint32_t t = 0; t < more->trained.n_merges; t++)
            assert_false(more->trained.merge[t].flags & BMX_MERGE_UNREACHED);
        merges += more->trained.n_merges;
        bpemix_tokenizer_free(tok);
        bpemix_tokenizer_free(more);
        bmx_words_release(&words);
    }
    assert_true(merges > 3000);
}

/* Two lists, one behind the other: " jak" of the second is taken apart by the first. */
static void joined_lists_are_told(void **state)
{
    bpemix_tokenizer *tok = parse_str("j a\nk o\na k\nj ak\njak o\n");

    (void)state;
    for (uint32_t t = 0; t < 3; t++)
        assert_int_equal(tok->trained.merge[t].flags, 0);
    assert_int_equal(tok->trained.merge[3].flags, BMX_MERGE_UNREACHED);
    assert_int_equal(tok->trained.merge[4].flags, BMX_MERGE_UNREACHED);
    assert_true(has_warning(tok, "which join the text of their tokens otherwise: 2, the first of "
                                 "them that of 'jak' in merge 3"));
    assert_int_equal(tok->n_unmerged, 2);
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(bmx_slice_str("j a\nk o\na k\nj ak\njak o\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_applying_the_list),
        cmocka_unit_test(lists_of_a_trainer_have_none),
        cmocka_unit_test(joined_lists_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
