/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option table: what is parsed, and what --help and suggestions say. */
#include "test.h"

#include "cli/option.c"
#include "cli/table.c"
#include "cli/suggest.c"

/* A command of every option of infer, so that the real table is what is tested. */
static int no_run(const args *a)
{
    (void)a;
    return 0;
}
const command commands[] = { { "infer", CMD_INFER, "", "", no_run },
                             { NULL, 0, NULL, NULL, NULL } };

static bpemix_status parse_words(args *a, bpemix_error *err, const char *const *word)
{
    static char *argv[24]; /* operands stay in it */
    int argc = 1;

    argv[0] = "infer";
    *a = args_default;
    for (; word[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)word[argc - 1];
    return options_parse(&commands[0], argc, argv, a, err);
}
#define PARSE(...) parse_words(&a, &err, (const char *const[]){ __VA_ARGS__, NULL })

static void values(void **state)
{
    args a;
    bpemix_error err;

    (void)state;
    CHECK_OK(PARSE("-t", "tok.json", "--max-bytes=1.5M", "en=a", "--folds", "8", "-j2", "--gap",
                   "1e-3", "c=b", "-vv", "--", "--strange"));
    assert_string_equal(a.tokenizer, "tok.json");
    assert_int_equal(a.max_bytes, 1500000);
    assert_int_equal(a.folds, 8);
    assert_int_equal(a.threads, 2);
    assert_true(a.gap == 1e-3);
    assert_int_equal(a.verbose, 2);
    assert_int_equal(a.n_operands, 3);
    assert_string_equal(a.operand[0], "en=a");
    assert_string_equal(a.operand[2], "--strange");
    assert_ptr_equal(a.cmd, &commands[0]);
    args_release(&a);
}

static void sizes(void **state)
{
    static const struct { const char *text; uint64_t value;
    } good[] = {
        { "0", 0 },
        { "12", 12 },
        { "12.0", 12 },
        { "1k", 1000 },
        { "1K", 1000 },
        { "1Ki", 1024 },
        { "2.5M", 2500000 },
        { "1GB", 1000000000 },
        { "1GiB", 1 << 30 },
        { "18446744073709551615", UINT64_MAX },
    };
    static const char *const bad[] = { "", "-1", "x", "1Q", "1kk", "18446744073709551616", "inf",
                                       "0x10", "1 k", "1.5", ".5" };
    uint64_t v;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse_size(good[i].text, &v));
        assert_true(v == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_size(bad[i], &v));
    assert_true(parse_count("2.5k", &v));
    assert_int_equal(v, 2500);
    assert_false(parse_count("2.5", &v));
}

/* Lists add up; what names one thing is not replaced in silence; of numbers the last stands. */
static void given_twice(void **state)
{
    args a;
    bpemix_error err;

    (void)state;
    CHECK_OK(PARSE("--corpus", "a", "--corpus=b", "--corpus", "a"));
    assert_int_equal(a.corpus.n, 3);
    assert_string_equal(a.corpus.item[1], "b");
    args_release(&a);
    assert_int_equal(a.corpus.n, 0);
    CHECK_OK(PARSE("-t", "a", "--tokenizer", "a"));
    args_release(&a);
    CHECK_FAILS(PARSE("-t", "a", "--tokenizer", "b"), BPEMIX_E_USAGE, "given twice: 'a' and 'b'");
    args_release(&a);
    CHECK_OK(PARSE("--folds", "4", "--folds", "8", "--method", "lp", "--method", "monotone"));
    assert_int_equal(a.folds, 8);
    assert_string_equal(a.method, "monotone");
    args_release(&a);
}

/* The word in brackets of --help may be given, and means what happens without the option. */
static void stated_defaults_may_be_given(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_options; i++) {
        const option_def *o = &option_table[i];
        const char *unset = (const char *)&args_default + o->at;
        char word[80], option[80];
        args a;
        bpemix_error err;
        size_t n;
        const char *text = stated_default(o, &n);

        if (!text || !(o->mask & CMD_INFER) || o->kind == OPT_CHOICE)
            continue;
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        snprintf(option, sizeof option, "--%s", o->name);
        CHECK_OK(PARSE(option, word));
        assert_memory_equal((char *)&a + o->at, unset, field_size(o->kind));
        args_release(&a);
    }
}

/* As many commands as the mask has bits; no option twice in one command. */
static void the_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_options; i++) {
        const option_def *o = &option_table[i];

        size_t len;
        const char *text = stated_default(o, &len);

        assert_true(o->mask != 0);
        assert_true(!text || !memchr(text, ' ', len)); /* one word, so that it can be given */
        assert_true(option_has_value(o) == (o->arg != NULL));
        assert_true(o->at < sizeof(args));
        for (size_t k = 0; k < i; k++)
            if (option_table[k].mask & o->mask) {
                assert_string_not_equal(option_table[k].name, o->name);
                if (o->letter)
                    assert_int_not_equal(option_table[k].letter, o->letter);
            }
    }
    assert_true(ALL_CMDS >> 63 == 1);
}

static void what_is_wrong_is_told(void **state)
{
    args a;
    bpemix_error err;

    (void)state;
    CHECK_FAILS(PARSE("--tokeniser", "x"), BPEMIX_E_USAGE, "did you mean '--tokenizer'?");
    args_release(&a);
    CHECK_FAILS(PARSE("--method", "linear"), BPEMIX_E_USAGE, "use default, lp or monotone");
    args_release(&a);
    CHECK_FAILS(PARSE("--method", "Monotne"), BPEMIX_E_USAGE, "did you mean 'monotone'?");
    args_release(&a);
    CHECK_FAILS(PARSE("--me", "lp"), BPEMIX_E_USAGE, "ambiguous");
    args_release(&a);
    CHECK_FAILS(PARSE("--folds"), BPEMIX_E_USAGE, "needs a value");
    args_release(&a);
    CHECK_FAILS(PARSE("--jsonl=yes"), BPEMIX_E_USAGE, "takes no value");
    args_release(&a);
}

static void distances(void **state)
{
    static const struct { const char *a, *b; size_t want; } cases[] = {
        { "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 }, { "kitten", "sitting", 3 },
        { "trian", "train", 1 }, { "GERMAN", "german", 0 }, { "ca", "abc", 3 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(distance(cases[i].a, strlen(cases[i].a), cases[i].b, strlen(cases[i].b)),
                         cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(sizes),
        cmocka_unit_test(given_twice),
        cmocka_unit_test(stated_defaults_may_be_given),
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
