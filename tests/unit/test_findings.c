/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a merge list tells by itself. */
#include "test.h"

#include "findings/findings.h"
#include "report/report.h"
#include "split/rule.h"
#include "tokenizer/tokenizer.h"

#include <math.h>

/* A byte-level tokenizer.json with these merges, in the printable byte alphabet. */
static bpemix_tokenizer *make(const char *const *merges, size_t n, const char *pre)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    bmx_buf b = { 0 };

    CHECK_OK(bmx_buf_addf(&b, &err,
                          "{\"pre_tokenizer\":%s,\"model\":{\"type\":\"BPE\",\"vocab\":{", pre));
    for (int i = 0; i < 256; i++) { /* the printable byte alphabet, in the order of bytes */
        int plain = (i >= 0x21 && i <= 0x7e) || (i >= 0xa1 && i <= 0xac) || i >= 0xae, cp = i;
        if (!plain) {
            cp = 0x100;
            for (int k = 0; k < i; k++)
                cp += !((k >= 0x21 && k <= 0x7e) || (k >= 0xa1 && k <= 0xac) || k >= 0xae);
        }
        CHECK_OK(bmx_buf_addf(&b, &err, "\"\\u%04x\":%d,", (unsigned)cp, i));
    }
    for (size_t t = 0; t < n; t++) {
        const char *space = strchr(merges[t], ' ');
        CHECK_OK(bmx_buf_addf(&b, &err, "\"%.*s%s\":%zu%s", (int)(space - merges[t]), merges[t],
                              space + 1, 256 + t, t + 1 < n ? "," : ""));
    }
    CHECK_OK(bmx_buf_addf(&b, &err, "},\"merges\":["));
    for (size_t t = 0; t < n; t++)
        CHECK_OK(bmx_buf_addf(&b, &err, "\"%s\"%s", merges[t], t + 1 < n ? "," : ""));
    CHECK_OK(bmx_buf_addf(&b, &err, "]}}"));
    CHECK_OK(bmx_tokenizer_parse("test", bmx_slice_of(b.ptr, b.len), NULL, &tok, &err));
    bmx_buf_release(&b);
    return tok;
}

#define BYTE_LEVEL "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}"

static void cut_tokens_name_their_boundary(void **state)
{
    /* 's is an alternative of the pattern, 'S is not; a1 joins a letter and a digit */
    const char *merges[] = { "' s", "' S", "a 1", "\xc4\xa0 a", "\xc4\x8a b" };
    bpemix_tokenizer *tok = make(merges, 5, BYTE_LEVEL);
    bmx_findings f = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_findings_get(tok, &f, &err));
    assert_true(f.cut_known);
    assert_int_equal(f.n_cut, 3);
    assert_int_equal(f.cut[0].merge, 1);
    assert_int_equal(f.cut[0].at, 1);
    assert_int_equal(f.cut[1].merge, 2);
    assert_int_equal(f.cut[2].merge, 4); /* newline, then b */
    assert_int_equal(f.newline_tokens, 1);
    assert_int_equal(f.text_unit, BPEMIX_TEXT_UNIT_DOCUMENT);
    bmx_findings_release(&f);
    bpemix_tokenizer_free(tok);
}

/* "##" in front of the parts of a word and "</w>" behind its last one are no text. */
static void marks_of_words_are_no_text(void **state)
{
    static const char json[] =
        "{\"pre_tokenizer\":{\"type\":\"Whitespace\"},\"model\":{\"type\":\"BPE\","
        "\"continuing_subword_prefix\":\"##\",\"end_of_word_suffix\":\"</w>\",\"vocab\":{"
        "\"a\":0,\"##b\":1,\"##b</w>\":2,\"ab\":3,\"##bb</w>\":4,\"##.\":5,\"##.b</w>\":6,"
        "\"##\\n\":7,\"##\\n</w>\":8,\"##\\n\\n</w>\":9,\"##,\":10,\"##,</w>\":11,\"##,,</w>\":12},"
        "\"merges\":[\"a ##b\",\"##b ##b</w>\",\"##. ##b</w>\",\"##, ##,</w>\"%s]}}";

    (void)state;
    for (int newlines = 0; newlines < 2; newlines++) {
        bpemix_tokenizer *tok = NULL;
        bmx_findings f = { 0 };
        bpemix_error err;
        char text[600];
        int n = snprintf(text, sizeof text, json,
                         newlines ? ",[\"##\\n\",\"##\\n</w>\"]" : "");

        CHECK_OK(bmx_tokenizer_parse("test", bmx_slice_of(text, (size_t)n), NULL, &tok, &err));
        CHECK_OK(bmx_findings_get(tok, &f, &err));
        assert_int_equal(f.n_cut, 1); /* of white space nothing is left that is cut */
        assert_int_equal(f.cut[0].merge, 2);
        assert_int_equal(f.text_unit,
                         newlines ? BPEMIX_TEXT_UNIT_DOCUMENT : BPEMIX_TEXT_UNIT_LINE);
        assert_int_equal(f.newline_tokens, newlines);
        assert_string_equal(f.script[0].name, "Latin");
        bmx_findings_release(&f);
        bpemix_tokenizer_free(tok);
    }
}

/* The end of a line with the mark of a word's end has nothing behind it. */
static void ends_of_lines_have_nothing_behind_them(void **state)
{
    bpemix_tokenizer *tok = NULL;
    bmx_findings f = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_tokenizer_parse(
        "test", bmx_slice_str("{\"pre_tokenizer\":" BYTE_LEVEL ",\"model\":{\"type\":\"BPE\","
                              "\"end_of_word_suffix\":\"</w>\",\"vocab\":{\"\xc4\xa0\":0,"
                              "\"\xc4\x8a</w>\":1,\"\xc4\xa0\xc4\x8a</w>\":2},"
                              "\"merges\":[\"\xc4\xa0 \xc4\x8a</w>\"]}}"), NULL, &tok, &err));
    CHECK_OK(bmx_findings_get(tok, &f, &err));
    assert_int_equal(f.newline_tokens, 0);
    assert_int_equal(f.text_unit, BPEMIX_TEXT_UNIT_LINE);
    assert_false(tok->trained.merge[0].flags & BMX_MERGE_NEWLINE);
    bmx_findings_release(&f);
    bpemix_tokenizer_free(tok);
}

/* 529 tokens of two small letters each are enough to see that none has a capital one. */
static void lower_case_is_seen(void **state)
{
    static const struct { const char *normalizer, *more; char last; bool seen; } cases[] = {
        { "null", "", 'w', true },
        { "{\"type\":\"Lowercase\"}", "", 'w', false }, /* the file says it */
        { "{\"type\":\"NFC\"}", "", 'w', true },
        { "null", ",\"a A\"", 'w', false },
        { "null", "", 'm', false }, /* 169: too few */
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bpemix_tokenizer *tok = NULL;
        bmx_facts facts = { 0 };
        bmx_buf b = { 0 };
        bpemix_error err;
        bool seen = false;

        CHECK_OK(bmx_buf_addf(&b, &err, "{\"normalizer\":%s,\"pre_tokenizer\":%s,\"model\":{\"type\":"
                              "\"BPE\",\"vocab\":{\"A\":9999", cases[k].normalizer, BYTE_LEVEL));
        for (char c = 'a'; c <= cases[k].last; c++)
            CHECK_OK(bmx_buf_addf(&b, &err, ",\"%c\":%d", c, c));
        for (char c = 'a'; c <= cases[k].last; c++)
            for (char d = 'a'; d <= cases[k].last; d++)
                CHECK_OK(bmx_buf_addf(&b, &err, ",\"%c%c\":%d", c, d, c * 128 + d));
        CHECK_OK(bmx_buf_addf(&b, &err, ",\"aA\":10000},\"merges\":["));
        for (char c = 'a'; c <= cases[k].last; c++)
            for (char d = 'a'; d <= cases[k].last; d++)
                CHECK_OK(bmx_buf_addf(&b, &err, "%s\"%c %c\"", c + d > 2 * 'a' ? "," : "", c, d));
        CHECK_OK(bmx_buf_addf(&b, &err, "%s]}}", cases[k].more));
        CHECK_OK(bmx_tokenizer_parse("test", bmx_slice_of(b.ptr, b.len), NULL, &tok, &err));
        CHECK_OK(bmx_findings_facts(tok, NULL, 0, &facts, &err));
        for (size_t i = 0; i < facts.warning.n; i++)
            seen = seen || strstr(facts.warning.text[i], "no token has a capital letter");
        assert_int_equal(seen, cases[k].seen);
        bmx_facts_release(&facts);
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&b);
    }
}

static void scripts_are_counted(void **state)
{
    /* a b: Latin; U+0434 from its two bytes: Cyrillic; 1 2: Common; a lone lead byte with a
       space */
    const char *merges[] = { "a b", "\xc3\x90 \xc2\xb4", "1 2", "\xc4\xa0 \xc3\x90" };
    bpemix_tokenizer *tok = make(merges, 4, BYTE_LEVEL);
    bmx_findings f = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_findings_get(tok, &f, &err));
    assert_int_equal(f.n_scripts, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(f.script[i].tokens, 1);
    assert_string_equal(f.script[0].name, "Common");
    assert_string_equal(f.script[1].name, "Cyrillic");
    assert_string_equal(f.script[2].name, "Latin");
    assert_string_equal(f.script[3].name, "partial character");
    assert_int_equal(f.text_unit, BPEMIX_TEXT_UNIT_LINE);
    bmx_findings_release(&f);
    bpemix_tokenizer_free(tok);
}

/* All pairs of two letters in the order of ids, with `levels` falls of the
 * count: behind each the order starts anew. */
static void falls_of_the_count_are_seen_in_tie_order(void **state)
{
    static char text[2704][8];
    const char *merges[2704], *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    bpemix_tokenizer *tok;
    bmx_ties ties;
    size_t n = 0;

    (void)state;
    /* level l takes the pairs with (left + right) % 13 == l: ascending inside a level */
    for (int level = 0; level < 13; level++)
        for (int i = 0; i < 52; i++)
            for (int k = 0; k < 52; k++)
                if ((i + k) % 13 == level) {
                    snprintf(text[n], sizeof text[n], "%c %c", letters[i], letters[k]);
                    merges[n] = text[n];
                    n++;
                }
    assert_int_equal(n, 2704);
    tok = make(merges, n, BYTE_LEVEL);
    bmx_ties_measure(tok, &ties);
    assert_int_equal(ties.rule, BMX_TIES_IDS);
    for (int k = 0; k < 8; k++)
        assert_true(ties.ascending[k] > 0.99);
    assert_int_equal(ties.levels_last_half, 6); /* levels 7 .. 12 begin behind the middle */
    assert_int_equal(ties.uninformative_from, 0);
    bpemix_tokenizer_free(tok);
}

static void shuffled_lists_show_no_rule(void **state)
{
    static char text[2704][8];
    const char *merges[2704], *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    bpemix_tokenizer *tok;
    bmx_rng rng = { 5 };
    bmx_ties ties;

    (void)state;
    for (int i = 0; i < 2704; i++) {
        snprintf(text[i], sizeof text[i], "%c %c", letters[i / 52], letters[i % 52]);
        merges[i] = text[i];
    }
    for (size_t i = 2703; i > 0; i--) {
        size_t k = bmx_rng_below(&rng, i + 1);
        const char *m = merges[i];
        merges[i] = merges[k];
        merges[k] = m;
    }
    tok = make(merges, 2704, BYTE_LEVEL);
    bmx_ties_measure(tok, &ties);
    for (int k = 0; k < 8; k++)
        assert_true(fabs(ties.ascending[k] - 0.5) < 0.12);
    assert_true(isnan(ties.sample_pairs));
    assert_int_equal(ties.uninformative_from, BMX_NONE);
    assert_int_equal(ties.levels_last_half, 0); /* half of the neighbours descend by chance */
    bpemix_tokenizer_free(tok);
}

/* The last line of ties of a list that the file states counts of: of the first half all differ,
 * then there are `levels` of equal ones. */
static void stated_counts(uint32_t n, uint32_t levels, const char *line)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    bmx_buf b = { 0 };
    bmx_facts f = { 0 };

    for (uint32_t i = 0; i < n; i++)
        CHECK_OK(bmx_buf_addf(&b, &err, "%c %c %u\n", (int)('0' + i / 52), (int)('0' + i % 52),
                              i < n / 2 ? 5000 - i : 9 + levels - (i - n / 2) * levels / (n / 2)));
    CHECK_OK(bmx_tokenizer_parse("", bmx_slice_of(b.ptr, b.len), NULL, &tok, &err));
    CHECK_OK(bmx_findings_facts(tok, NULL, 0, &f, &err));
    b.len = 0;
    CHECK_OK(bmx_report_tokenizer(&f, 5, &b, &err));
    CHECK_OK(bmx_buf_add(&b, "", 1, &err));
    if (!strstr(b.ptr, line))
        fail_msg("no '%s' in:\n%s", line, b.ptr);
    assert_null(strstr(b.ptr, "estimate"));
    bmx_facts_release(&f);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

static void stated_counts_are_not_guessed(void **state)
{
    (void)state;
    stated_counts(2000, 10, "\n              as the file says, the last merge occurred 10 times, "
                  "and the count falls\n              9 times in the last half; ties decide from "
                  "merge 1000 on\n");
    stated_counts(2000, 500, "occurred 10 times, and the count falls\n              499 times in "
                  "the last half\n");
    stated_counts(100, 5, "not known: the list is too short\n              as the file says, the "
                  "last merge occurred 10 times, and the count falls\n              4 times");
}

static void unknown_lists_have_no_lineage(void **state)
{
    const char *merges[] = { "a b", "c d" };
    bpemix_tokenizer *tok = make(merges, 2, BYTE_LEVEL);
    bmx_lineages l = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_lineage_find(tok, &bmx_published_lists, &l, &err));
    assert_int_equal(l.n, 0);
    assert_int_equal(l.inherited, 0);
    bmx_lineages_release(&l);
    bpemix_tokenizer_free(tok);
}

/* Made-up lists to know: what each has in common with a list of 2704 merges. */
enum { ALL = 2704 };
static uint32_t points[6][16];
static bmx_known_list lists[] = {
    { "start", NULL, NULL, BMX_KNOWN_PLAIN, 0, 64, points[0] },
    { "the same", NULL, "gpt2", BMX_KNOWN_NFC, 0, ALL, points[1] },
    { "other end", NULL, "gpt2", BMX_KNOWN_PLAIN, 0, 3000, points[2] }, /* from 2048 or before on */
    { "part", "tokens of digits", "gpt2", BMX_KNOWN_PLAIN, 0, 1500, points[3] },
    { "even part", NULL, NULL, BMX_KNOWN_PLAIN, 0, 1024, points[4] },
    { "other start", NULL, NULL, BMX_KNOWN_PLAIN, 0, 128, points[5] },
};
enum { START, SAME, OTHER_END, PART, EVEN_PART, OTHER_START, N_LISTS };

/* Checksums from merges given as "left right". */
static void know(const char *const *merges)
{
    static uint64_t chain[ALL + 1];

    for (size_t t = 0; t < ALL; t++)
        chain[t + 1] = bmx_lineage_roll(chain[t], bmx_slice_of(merges[t], 1),
                                         bmx_slice_of(merges[t] + 2, 1));
    for (int l = 0; l < N_LISTS; l++)
        for (uint32_t k = 0, at = 0; at < lists[l].n_merges; k++) {
            at = bmx_lineage_point(k, lists[l].n_merges);
            points[l][k] = at <= ALL ? (uint32_t)chain[at] : 1;
            if ((l == OTHER_END && at > 1100) || l == OTHER_START)
                points[l][k]++;
        }
}

static const char *const *letter_pairs(void)
{
    static char text[ALL][4];
    static const char *merges[ALL];
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (int i = 0; i < ALL; i++) {
        snprintf(text[i], sizeof text[i], "%c %c", letters[i / 52], letters[i % 52]);
        merges[i] = text[i];
    }
    return merges;
}

static void known_lists_are_found(void **state)
{
    static const struct {
        int known[3];                             /* indexes of lists; -1: no more */
        struct { int of; uint32_t to; bool whole; } found[3]; /* to 0: no more */
        uint32_t inherited;
    } cases[] = {
        { { OTHER_START, -1 }, { { 0, 0, false } }, 0 },
        { { SAME, -1 }, { { SAME, ALL, true } }, 0 },
        { { START, PART, SAME }, { { SAME, ALL, true }, { PART, 1500, true }, { START, 64, true } },
          1500 },
        { { OTHER_END, -1 }, { { OTHER_END, 1024, false } }, 1024 },
        /* what a list that is contained explains as well is not told */
        { { START, OTHER_END, PART }, { { PART, 1500, true }, { START, 64, true } }, 1500 },
        { { OTHER_END, EVEN_PART, -1 }, { { EVEN_PART, 1024, true } }, 1024 },
        { { EVEN_PART, OTHER_END, -1 }, { { EVEN_PART, 1024, true } }, 1024 },
        { { OTHER_END, START, -1 }, { { OTHER_END, 1024, false }, { START, 64, true } }, 1024 },
    };
    const char *const *merges = letter_pairs();
    bpemix_tokenizer *tok = make(merges, ALL, BYTE_LEVEL);

    (void)state;
    know(merges);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bmx_known_list some[3];
        bmx_known_lists known = { some, 0 };
        bmx_lineages l = { 0 };
        bpemix_error err;
        size_t n = 0;

        while (known.n < 3 && cases[i].known[known.n] >= 0) {
            some[known.n] = lists[cases[i].known[known.n]];
            known.n++;
        }
        CHECK_OK(bmx_lineage_find(tok, &known, &l, &err));
        for (; n < 3 && cases[i].found[n].to; n++) {
            assert_true(n < l.n);
            assert_string_equal(l.entry[n].of, lists[cases[i].found[n].of].name);
            assert_int_equal(l.entry[n].to, cases[i].found[n].to);
            assert_int_equal(l.entry[n].whole, cases[i].found[n].whole);
        }
        assert_int_equal(l.n, n);
        assert_int_equal(l.inherited, cases[i].inherited);
        bmx_lineages_release(&l);
    }
    bpemix_tokenizer_free(tok);
}

/* The report and the warnings of a list that goes on from others. */
static void lineage_is_told(void **state)
{
    static const struct { int known[2]; const char *line, *warning; } cases[] = {
        { { SAME, PART },
          "lineage       all merges are those of the same\n"
          "              the first 1500 merges are those of part without tokens of digits\n",
          "the first 1500 merges are those of part without tokens of digits: they tell what that "
          "tokenizer was trained on" },
        { { OTHER_END, START },
          "lineage       the first 1024 merges are those of other end, or a few more\n"
          "              the first 64 merges are those of start\n",
          "the first 1024 merges are those of other end: they tell what that tokenizer was trained "
          "on" },
        { { SAME, OTHER_START }, "lineage       all merges are those of the same\n", NULL },
    };
    const char *const *merges = letter_pairs();
    bpemix_tokenizer *tok = make(merges, ALL, BYTE_LEVEL);

    (void)state;
    know(merges);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bmx_known_list some[] = { lists[cases[i].known[0]], lists[cases[i].known[1]] };
        bmx_known_lists known = { some, 2 };
        bmx_findings f = { 0 };
        bmx_facts facts;
        bmx_buf out = { 0 };
        bpemix_error err;
        size_t told = 0;

        CHECK_OK(bmx_findings_get(tok, &f, &err));
        bmx_lineages_release(&f.lineage);
        CHECK_OK(bmx_lineage_find(tok, &known, &f.lineage, &err));
        CHECK_OK(bmx_findings_facts(tok, &f, 5, &facts, &err));
        assert_int_equal(facts.inherited, f.lineage.inherited);
        for (size_t k = 0; k < facts.warning.n; k++)
            if (strstr(facts.warning.text[k], "they tell what")) {
                assert_string_equal(facts.warning.text[k], cases[i].warning);
                told++;
            }
        assert_int_equal(told, cases[i].warning != NULL);
        CHECK_OK(bmx_report_tokenizer(&facts, 5, &out, &err));
        CHECK_OK(bmx_buf_addc(&out, 0, &err));
        if (!strstr(out.ptr, cases[i].line))
            fail_msg("case %zu: no \"%s\" in:\n%s", i, cases[i].line, out.ptr);
        bmx_buf_release(&out);
        bmx_facts_release(&facts);
        bmx_findings_release(&f);
    }
    bpemix_tokenizer_free(tok);
}

/* A list of merges, which names no pre-tokenizer. */
static bpemix_tokenizer *make_bare(const char *const *merges, size_t n)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    bmx_buf b = { 0 };

    CHECK_OK(bmx_buf_addf(&b, &err, "#version: 0.2\n"));
    for (size_t t = 0; t < n; t++)
        CHECK_OK(bmx_buf_addf(&b, &err, "%s\n", merges[t]));
    CHECK_OK(bmx_tokenizer_parse("merges.txt", bmx_slice_of(b.ptr, b.len), NULL, &tok, &err));
    assert_true(!tok->pretokenizer_known);
    bmx_buf_release(&b);
    return tok;
}

/* What a file does not say is taken from the known list that its merges are, all of them. */
static void known_lists_lend_their_rules(void **state)
{
    static const struct {
        int known;
        uint32_t merges;
        bmx_known_form form;
        const char *pre;     /* NULL: a list of merges alone */
        const char *warning; /* NULL: none */
        size_t n_normal;
        bool gguf;           /* whose reader has said why there is none */
    } cases[] = {
        { SAME, ALL, BMX_KNOWN_NFC, NULL,
          "the file names no pre-tokenizer; its merges are those of the same, whose "
          "pre-tokenizer 'gpt2' and normalizer NFC are taken", 1, false },
        { SAME, ALL, BMX_KNOWN_PLAIN, NULL,
          "the file names no pre-tokenizer; its merges are those of the same, whose "
          "pre-tokenizer 'gpt2' is taken", 0, false },
        { SAME, ALL, BMX_KNOWN_PLAIN, NULL,
          "the merges are those of the same, whose pre-tokenizer 'gpt2' is taken", 0, true },
        { SAME, ALL, BMX_KNOWN_NFKC, BYTE_LEVEL,
          "the file names no normalizer; its merges are those of the same, whose normalizer "
          "NFKC is taken", 1, false },
        { SAME, ALL, BMX_KNOWN_PLAIN, BYTE_LEVEL, NULL, 0, false },
        { SAME, ALL - 1, BMX_KNOWN_NFC, BYTE_LEVEL, NULL, 0, false }, /* not all of it */
        { PART, ALL, BMX_KNOWN_NFC, BYTE_LEVEL, NULL, 0, false },     /* and more */
        { EVEN_PART, 1024, BMX_KNOWN_NFC, BYTE_LEVEL, NULL, 0, false }, /* no rules are known */
    };
    const char *const *merges = letter_pairs();

    (void)state;
    know(merges);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bmx_known_list list = lists[cases[i].known];
        bmx_known_lists known = { &list, 1 };
        bpemix_tokenizer *tok = cases[i].pre ? make(merges, cases[i].merges, cases[i].pre)
                                             : make_bare(merges, cases[i].merges);
        size_t before = tok->n_warnings;
        bpemix_error err;

        list.normal = cases[i].form;
        if (cases[i].gguf)
            tok->format = BMX_FORMAT_GGUF;
        CHECK_OK(bmx_lineage_identify(tok, &known, &err));
        assert_int_equal(tok->n_warnings - before, cases[i].warning != NULL);
        if (cases[i].warning)
            assert_string_equal(tok->warning[before], cases[i].warning);
        assert_int_equal(tok->trained.normalizer.n, cases[i].n_normal);
        if (cases[i].n_normal)
            assert_int_equal(tok->trained.normalizer.step[0].kind,
                             cases[i].form == BMX_KNOWN_NFC ? BMX_NORM_NFC : BMX_NORM_NFKC);
        assert_true(tok->pretokenizer_known && tok->trained.pretokenizer.n > 0);
        /* a file that has a normalizer keeps it */
        if (cases[i].n_normal) {
            CHECK_OK(bmx_lineage_identify(tok, &known, &err));
            assert_int_equal(tok->trained.normalizer.n, 1);
        }
        bpemix_tokenizer_free(tok);
    }
}

/* A list recognized by its tokens is split as with its merges, and good for nothing else. */
static void lists_are_recognized_by_tokens(void **state)
{
    const char *merges[] = { "a b", "ab c", "d e" };
    bpemix_tokenizer *tok = make(merges, 3, BYTE_LEVEL);
    uint32_t order[] = { bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("ab")),
                         bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("abc")),
                         bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("de")) };
    uint32_t other[] = { order[0], order[2], order[1] };
    bmx_known_list some[] = { { .name = "no rank file", .preset = "gpt2" },
                              { .name = "own rules", .tokens = bmx_lineage_tokens(tok, order, 3) },
                              { .name = "it", .preset = "cl100k" } };
    bmx_known_lists all = { some, 3 };
    bpemix_error err;
    char *json = NULL;

    (void)state;
    assert_null(bmx_lineage_of_tokens(tok, order, 3, &all));
    some[2].tokens = some[1].tokens;
    assert_ptr_equal(bmx_lineage_of_tokens(tok, order, 3, &all), &some[2]);
    assert_null(bmx_lineage_of_tokens(tok, order, 2, &all));
    assert_null(bmx_lineage_of_tokens(tok, other, 3, &all));

    tok->recognized = &some[2];
    tok->trained.n_merges = 0;
    tok->pretokenizer_known = false;
    CHECK_OK(bmx_lineage_identify(tok, &all, &err));
    assert_true(tok->pretokenizer_known);
    assert_string_equal(tok->trained.pretokenizer.name, "cl100k");
    assert_int_equal(bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_DOCUMENT);
    assert_int_equal(bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_LINE), BPEMIX_TEXT_UNIT_LINE);
    assert_int_equal(bmx_tokenizer_need_merges(tok, &err), BPEMIX_E_USAGE);
    assert_int_equal(bpemix_tokenizer_describe(tok, 0, &json, &err), BPEMIX_E_USAGE);
    bpemix_tokenizer_free(tok);
}

/* Published lists: figures known from the files themselves. */
static const struct {
    const char *file, *of, *base;
    uint32_t inherited;
    long cut;
    double first, last; /* ascending, first and last eighth; 0: not checked */
    uint32_t levels;
} known[] = {
    { "gpt-2/tokenizer.json.gz", "GPT-2", NULL, 0, 0, 0, 0, 0 },
    { "phi-2/tokenizer.json.gz", "GPT-2", NULL, 0, 0, 0, 0, 0 },
    { "gpt-3/p50k_base.tiktoken.gz", "p50k", "GPT-2", 50000, 0, 0, 0, 0 },
    { "cl100k/cl100k_base.tiktoken.gz", "cl100k", NULL, 0, 0, 0, 0, 0 },
    { "o200k/o200k_base.tiktoken.gz", "o200k", NULL, 0, 12, 0.50, 0.50, 0 },
    { "llama-3/tokenizer.model.gz", "Llama 3", "cl100k", 100000, 0, 0, 0, 0 },
    { "llama-3/merges.txt.gz", "Llama 3", "cl100k", 100000, 0, 0, 0, 0 },
    { "llama-4/tokenizer.model.gz", "Llama 4", NULL, 0, 7, 0.51, 0.96, 0 },
    { "qwen/qwen.tiktoken.gz", "Qwen", "cl100k", 98900, 1673, 0, 0, 0 },
    { "qwen2/merges.txt.gz", "Qwen", "cl100k", 98900, 1673, 0, 0, 0 },
    { "whisper-multilingual/merges.txt.gz", "Whisper multilingual", NULL, 0, 5, 0, 0, 0 },
    { "claude/tokenizer.json.gz", "Claude", NULL, 0, 0, 0.55, 1.00, 217 },
    { "starcoder/ggml-vocab-starcoder.gguf.gz", "StarCoder", NULL, 0, 0, 0.51, 0.97, 0 },
    { "falcon/tokenizer.json.gz", "Falcon", NULL, 0, 0, 0.51, 0.94, 0 },
    { "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz", "DeepSeek LLM", NULL, 0, -1, 0.51, 0.93, 0 },
    { "gpt-neox/tokenizer.json.gz", "GPT-NeoX", NULL, 0, 0, 0.50, 0.63, 0 },
    { "grok-1/tokenizer.model.gz", "Grok-1", NULL, 0, 0, 0.51, 0.98, 0 },
    { "llama/tokenizer.model.gz", "Llama", NULL, 0, 0, 0.51, 0.59, 0 },
    { "mistral-7b/tokenizer.model.v1.gz", "Mistral", NULL, 0, 0, 0, 0.59, 0 },
};

static void published_lists_show_their_figures(void **state)
{
    const char *folder = getenv("BPEMIX_TOKENIZERS");

    (void)state;
    if (!folder) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published lists skipped\n",
                      sizeof known / sizeof *known);
        skip();
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char path[1000];
        bpemix_tokenizer *tok = NULL;
        bmx_findings f = { 0 };
        bpemix_error err;
        snprintf(path, sizeof path, "%s/%s", folder, known[i].file);
        CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
        CHECK_OK(bmx_findings_get(tok, &f, &err));
        assert_true(f.lineage.n >= 1 && f.lineage.entry[0].whole);
        assert_string_equal(f.lineage.entry[0].of, known[i].of);
        assert_int_equal(f.lineage.entry[0].to, tok->trained.n_merges);
        assert_int_equal(f.lineage.inherited, known[i].inherited);
        if (known[i].base) {
            assert_int_equal(f.lineage.n, 2);
            assert_string_equal(f.lineage.entry[1].of, known[i].base);
        }
        if (known[i].cut >= 0)
            assert_int_equal(f.n_cut, known[i].cut);
        if (known[i].first > 0)
            assert_true(fabs(f.ties.ascending[0] - known[i].first) < 0.0055);
        if (known[i].last > 0)
            assert_true(fabs(f.ties.ascending[7] - known[i].last) < 0.0055);
        if (known[i].levels)
            assert_int_equal(f.ties.levels_last_half, known[i].levels);
        bmx_findings_release(&f);
        bpemix_tokenizer_free(tok);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_tokens_name_their_boundary),
        cmocka_unit_test(marks_of_words_are_no_text),
        cmocka_unit_test(ends_of_lines_have_nothing_behind_them),
        cmocka_unit_test(lower_case_is_seen),
        cmocka_unit_test(scripts_are_counted),
        cmocka_unit_test(falls_of_the_count_are_seen_in_tie_order),
        cmocka_unit_test(shuffled_lists_show_no_rule),
        cmocka_unit_test(stated_counts_are_not_guessed),
        cmocka_unit_test(unknown_lists_have_no_lineage),
        cmocka_unit_test(lists_are_recognized_by_tokens),
        cmocka_unit_test(known_lists_are_found),
        cmocka_unit_test(lineage_is_told),
        cmocka_unit_test(known_lists_lend_their_rules),
        cmocka_unit_test(published_lists_show_their_figures),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
