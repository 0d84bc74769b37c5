/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onig CASES [SEED] - random patterns on random texts: the translated pattern under PCRE2
 * must find what Oniguruma itself finds, match by match, as the Hugging Face library asks
 * for them.  Patterns that the translator refuses are counted, not compared.
 *
 * Oniguruma is a second oracle: the rules of the translator were written down from its
 * documents and from experiments, and so were the unit tests. */
#include <oniguruma.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "split/regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const atoms[] = {
    "a", "b", "A", "1", " ", "-", "\\.", "'", "\\n", "\\r", "\\t", ".", "\\s", "\\S", "\\d", "\\D", "\\w", "\\W",
    "\\p{L}", "\\p{N}", "\\p{Lu}", "\\p{Ll}", "\\P{L}", "\\p{^N}", "\\p{M}", "\\p{P}", "\\p{Han}", "\\h",
    "[a-c]", "[^a]", "[\\s\\d]", "[^\\s\\p{L}\\p{N}]", "[[:alpha:]]", "[[:^digit:]x]", "[a-z&&[^b]]",
    "[^\\r\\n\\p{L}&&[^1]]", "[A-Z[0-3]]", "\\x{e9}", "\xc3\xa9", "\xe4\xb8\xad", "\\u00e9", "(?i:a)", "(?i:\xc3\x89)",
    "(?:ab|a)", "(b|1)", "(?=a)", "(?!a)", "(?<=a)", "(?<!b)", "(?>a+)", "^", "$", "\\A", "\\z", "\\Z", "\\b", "\\B",
    "(?m:.)", "(?x: a # b\n)", "\\G",
};
static const char *const quantifiers[] = { "", "", "", "", "?", "*", "+", "??", "*?", "+?", "?+",
                                           "*+", "++",
                                           "{2}", "{1,2}", "{,2}", "{1,}", "{1,2}?", "{1,2}+" };
static const char *const letters[] = { "a", "b", "A", "B", "1", "2", " ", "  ", "\n", "\r\n", "\t",
                                       ".", "'", "x", "-", "_",
                                       "\xc3\xa9", "\xc3\x89", "\xcc\x81", "\xe4\xb8\xad", "\xc2\xa0", "\xc2\xb2",
                                       "\xe2\x80\x8d", "\xf0\x9f\x98\x80", "\xc2\x85",
                                       "\xe1\xa0\x8e", "\xd9\xa1" };
#define ANY(list) list[bmx_rng_below(r, sizeof list / sizeof *list)]

static void make_pattern(bmx_rng *r, char *out)
{
    size_t n = 1 + (size_t)bmx_rng_below(r, 5);

    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && !bmx_rng_below(r, 5))
            strcat(out, "|");
        strcat(out, ANY(atoms));
        strcat(out, ANY(quantifiers));
    }
}

static size_t make_text(bmx_rng *r, char *out)
{
    *out = 0;
    for (size_t n = (size_t)bmx_rng_below(r, 14); n > 0; n--)
        strcat(out, ANY(letters));
    return strlen(out);
}

enum { MOST = 200 };
typedef struct matches {
    size_t n, at[MOST][2];
} matches;

/* As its binding for Rust steps from match to match. */
static int original(regex_t *re, const char *text, size_t len, OnigRegion *region, matches *m)
{
    const UChar *s = (const UChar *)text;
    size_t from = 0, last = SIZE_MAX;

    m->n = 0;
    while (from <= len && m->n < MOST) {
        int at = onig_search(re, s, s + len, s + from, s + len, region, ONIG_OPTION_NONE);
        size_t b, e;

        if (at == ONIG_MISMATCH)
            return 0;
        if (at < 0)
            return -1;
        b = (size_t)region->beg[0];
        e = (size_t)region->end[0];
        if (b == e && last == e) {
            uint32_t cp;
            from = e + (e < len ? bmx_utf8_decode(text + e, len - e, &cp) : 1);
            continue;
        }
        from = last = e;
        m->at[m->n][0] = b;
        m->at[m->n++][1] = e;
    }
    return 0;
}

static int ours(const bmx_regex *re, bmx_regex_scratch *s, const char *text, size_t len, matches *m)
{
    bmx_regex_cursor c = { 0 };
    bool found = true;

    m->n = 0;
    while (m->n < MOST) {
        if (bmx_regex_next(re, s, bmx_slice_of(text, len), &c, &found, NULL))
            return -1;
        if (!found)
            return 0;
        m->at[m->n][0] = c.start;
        m->at[m->n++][1] = c.end;
    }
    return 0;
}

int main(int argc, char **argv)
{
    unsigned long cases = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000, refused = 0, stricter = 0,
        compared = 0;
    bmx_rng rng = { argc > 2 ? strtoull(argv[2], NULL, 10) : 1 }, *r = &rng;
    OnigEncoding encodings[] = { ONIG_ENCODING_UTF8 };
    OnigRegion *region = onig_region_new();
    bmx_regex_scratch *state = NULL;
    unsigned long wrong = 0;

    onig_initialize(encodings, 1);
    if (bmx_regex_scratch_new(&state, NULL))
        return 1;
    for (unsigned long k = 0; k < cases; k++) {
        char pattern[400], text[400];
        bmx_pattern p = { pattern, 0, true, BMX_REGEX_ONIGURUMA };
        bmx_regex *re = NULL;
        regex_t *theirs = NULL;
        OnigErrorInfo info;
        int made;

        make_pattern(r, pattern);
        p.len = strlen(pattern);
        made = onig_new(&theirs, (const UChar *)pattern, (const UChar *)pattern + p.len,
                        ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info);
        if (bmx_regex_new(&p, true, &re, NULL)) {
            refused++;
        } else if (made != ONIG_NORMAL) {
            stricter++; /* a file with it would not load there */
        } else {
            for (int t = 0; t < 8; t++) {
                size_t len = make_text(r, text);
                matches a, b;
                if (original(theirs, text, len, region, &a) || ours(re, state, text, len, &b))
                    continue;
                compared++;
                if (a.n != b.n || memcmp(a.at, b.at, a.n * sizeof *a.at)) {
                    if (wrong++ < 10) {
                        char q[500];
                        fprintf(stderr, "/%s/ on %s: %zu matches there, %zu here\n", pattern,
                                bmx_quote(q, sizeof q, text, len), a.n, b.n);
                        for (size_t i = 0; i < a.n || i < b.n; i++)
                            fprintf(stderr, "   %zd-%zd  %zd-%zd\n",
                                    i < a.n ? (ssize_t)a.at[i][0] : -1,
                                    i < a.n ? (ssize_t)a.at[i][1] : -1,
                                    i < b.n ? (ssize_t)b.at[i][0] : -1,
                                    i < b.n ? (ssize_t)b.at[i][1] : -1);
                    }
                }
            }
        }
        if (theirs)
            onig_free(theirs);
        bmx_regex_free(re);
    }
    printf("%lu of %lu texts differ; patterns: %lu, of which %lu are refused here, %lu there "
           "alone\n", wrong,
           compared, cases, refused, stricter);
    bmx_regex_scratch_free(state);
    onig_region_free(region, 1);
    onig_end();
    return wrong > 0 || !compared;
}
