/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks.h - random documents as text and as files of chunks, made once for the tests of a
 * program. */
#ifndef TESTS_CHUNKS_H
#define TESTS_CHUNKS_H

#include "files.h"

#include "base/utf8.h"
#include "count.h"
#include "made.h"
#include "split/unicode.h"
#include "words/chunk_pack.h"

static inline void put_random(bmx_buf *b, bmx_rng *r, size_t n, bool malformed)
{
    static const char *const bits[] = {
        " ", " ", " ", " ", " ", "\n", "\n", "\n\n", "\r\n", "  ", "   ", "\t", "a", "b", "the", "Word",
        "USA", "'s", "'ll", "'", "1", "23", "4567", ".", ",", ";\n", "//", "/", "(", ")", "!?",
        "...",
        "\xc3\xa9", "e\xcc\x81", "\xc5\xbf", "\xd0\xb4\xd0\xb0", "\xe6\xbc\xa2", "\xe5\xad\x97",
        "\xe3\x81\x8b", "\xe3\x81\x8c", "\xe3\x82\x99", "\xef\xbd\xb6", "\xef\xa4\x80", "\xea\xb0\x80", "\xe0\xb9\x84\xe0\xb8\x97", "\xd7\xa9",
        "\xe3\x80\x80", "\xc2\xa0", "\xe3\x80\x82", "\xe3\x80\x81", "\xef\xbc\x8c", "\xef\xbc\x81",
        "\xe2\x80\xa8", "\xcc\x81", "\xe2\x80\x8b", "\xe0\xa4\xb9\xe0\xa5\x88", "\xd8\xa7", "+", "\xe2\x82\xac",
        "\xe2\x96\x81", "\xf0\x9f\x98\x80", "_", "$", "\xc4\xb0", "x", "i\xcc\x87",
        "\xc2\x85", "\x01", "\xce\xa3", "\xce\xb1\xce\xa3", "\xc2\xa8", "\xef\xb7\xba", "<tag>",
        "\xe1\xa0\x8e", "\xef\xbb\xbf", "\xc2\xad", "\xe1\x84\x80", "\xe1\x85\xa1", "\xe3\x8f\xbc",
        /* malformed, behind here */
        "\xff", "\xff ", "\xe3\x80", "\x80", "\xc3", "\xf0\x9f\x98", "\xed\xa0\x80",
    };
    size_t want = b->len + bmx_rng_below(r, n);
    size_t kinds = sizeof bits / sizeof *bits - (malformed ? 0 : 7);
    bpemix_error err;

    while (b->len < want) {
        const char *bit = bits[bmx_rng_below(r, kinds)];
        CHECK_OK(bmx_buf_add(b, bit, strlen(bit), &err));
    }
}

/* A folder of random documents, plain ones and records. */
static const char *random_documents(const char *name, uint64_t seed, size_t n, bool malformed)
{
    bmx_rng r = { seed };
    bmx_buf b = { 0 };
    char file[300];

    put_folder(name);
    for (size_t i = 0; i < n; i++) {
        b.len = 0;
        put_random(&b, &r, i % 5 == 4 ? 9000 : 300, malformed);
        snprintf(file, sizeof file, "%s/%zu.txt", name, i);
        put_file(file, b.ptr ? b.ptr : "", b.len);
    }
    if (!malformed) {
        snprintf(file, sizeof file, "%s/records.jsonl", name);
        put_text(file, "{\"text\": \" begins with a space\"}\n{\"text\": \"\"}\n"
                       "{\"text\": \"ends with spaces  \"}\n{\"text\": \" begins with a "
                       "space\"}\n");
    }
    bmx_buf_release(&b);
    return in_scratch(name);
}

static inline void count_words(const bpemix_tokenizer *tok, const char *path,
                               const bpemix_count_opts *o,
                        bmx_words *out)
{
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };
    bpemix_error err;

    CHECK_OK(words_count(tok, &cat, 1, o, out, &err));
}

/* Cut into chunks, and kept in a file. */
static const char *make_chunks(const char *name, const char *text, unsigned cuts, uint32_t folds)
{
    bpemix_category cat = { .name = "x", .paths = &text, .n_paths = 1 };
    bpemix_count_opts o = { .folds = folds };
    bmx_chunk_terms terms = { .cuts = cuts, .n_folds = folds };
    const char *path = in_scratch(name);
    bmx_words w[8] = { { 0 } };
    bpemix_error err;

    CHECK_OK(bmx_chunks_count(&cat, 1, cuts, &o, w, &err));
    CHECK_OK(bmx_chunk_file_save(path, w, 1, &terms, 2, &err));
    for (int i = 0; i < 8; i++)
        bmx_words_release(&w[i]);
    return path;
}

static inline bool same_words(const bmx_words *a, const bmx_words *b)
{
    bool same = a->word.n == b->word.n && a->pretokens == b->pretokens;

    for (size_t i = 0; i < a->word.n && same; i++)
        same = bmx_slice_eq(a->word.str[i], b->word.str[i]) && a->count[i] == b->count[i];
    return same;
}

static inline void check_same(const bmx_words *text, const bmx_words *chunks, const char *what)
{
    if (same_words(text, chunks)) {
        assert_int_equal(text->bytes, chunks->bytes);
        assert_int_equal(text->documents, chunks->documents);
        assert_int_equal(text->invalid_bytes, chunks->invalid_bytes);
        return;
    }
    for (size_t i = 0, k = 0; i < text->word.n || k < chunks->word.n;) {
        int order = i == text->word.n ? 1 : k == chunks->word.n ? -1
                  : bmx_slice_cmp(text->word.str[i], chunks->word.str[k]);
        const bmx_words *w = order > 0 ? chunks : text;
        size_t at = order > 0 ? k : i;
        char q[120];

        if (order || text->count[i] != chunks->count[k])
            fail_msg("%s: '%s' %llu times in %s", what,
                     bmx_quote(q, sizeof q, w->word.str[at].ptr, w->word.str[at].len),
                     (unsigned long long)w->count[at],
                     order > 0 ? "chunks alone" : "text, not in chunks");
        i += order <= 0;
        k += order >= 0;
    }
}

/* Text that was cut in two ways, with and without malformed bytes. */
enum { ROUNDS = 2 };
static const char *text[ROUNDS][2], *chunks[ROUNDS][2][2];

static inline int cut_texts(void **state)
{
    (void)state;
    for (int r = 0; r < ROUNDS; r++)
        for (int bad = 0; bad < 2; bad++) {
            char name[40];

            snprintf(name, sizeof name, "text-%d-%d", r, bad);
            text[r][bad] = bmx_strdup(random_documents(name, (uint64_t)(10 * r + bad), 40, bad));
            for (unsigned marks = 0; marks < 2; marks++) {
                snprintf(name, sizeof name, "%d-%d-%u.chunks", r, bad, marks);
                chunks[r][bad][marks] = bmx_strdup(make_chunks(
                    name, text[r][bad], BMX_CHUNK_SPACE | (marks ? BMX_CHUNK_PUNCTUATION : 0), 0));
            }
        }
    return 0;
}

static inline int drop_texts(void **state)
{
    for (int r = 0; r < ROUNDS; r++)
        for (int bad = 0; bad < 2; bad++) {
            bmx_free((void *)(uintptr_t)text[r][bad]);
            for (int marks = 0; marks < 2; marks++)
                bmx_free((void *)(uintptr_t)chunks[r][bad][marks]);
        }
    return remove_scratch(state);
}

static inline bpemix_tokenizer *with(const char *preset, bmx_normalizer_kind kind)
{
    bpemix_tokenizer *tok = made_of_preset(preset);

    made_normalizer(tok, kind);
    return tok;
}

#endif
