/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks and samples of documents, those of callers and of standard input; what cannot be read. */
#include "collect.h"
#include "base/signature.h"

/* ---- blocks ---- */

static size_t random_text(bmx_rng *r, char *text, size_t n, const char *alphabet)
{
    size_t len = (size_t)bmx_rng_below(r, n), m = strlen(alphabet);
    for (size_t i = 0; i < len; i++)
        text[i] = alphabet[bmx_rng_below(r, m)];
    return len;
}

/* Whatever the block size: the same text, cut behind newlines only. */
static void blocks_at_newlines(void **state)
{
    bmx_rng r = { 7 };
    char text[3000];

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t n = random_text(&r, text, sizeof text, "abc d\n"), at = 0, files;
        bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .count_lines = true,
                                 .block_bytes = 16 + (size_t)bmx_rng_below(&r, 300) };
        const char *path = put_file("blocks.txt", text, n);
        bmx_source *s;
        bmx_block b = { 0 };
        bpemix_error err;
        uint64_t line = 1;
        bool more;

        CHECK_OK(bmx_source_open(&path, 1, &opts, &s, &err));
        for (;;) {
            CHECK_OK(bmx_source_next(s, &b, &more, &err));
            if (!more)
                break;
            assert_int_equal(b.n, 1);
            assert_int_equal(b.part[0].offset, at);
            assert_int_equal(b.part[0].line, line);
            assert_memory_equal(b.buf.ptr + b.part[0].at, text + at, b.part[0].len);
            for (size_t i = 0; i < b.part[0].len; i++)
                line += text[at + i] == '\n';
            at += b.part[0].len;
            assert_true(at == n || text[at - 1] == '\n');
        }
        assert_int_equal(at, n);
        assert_true(bmx_source_inputs(s, &files)->checksum == bmx_hash64(text, n, 0));
        bmx_source_close(s);
        bmx_block_release(&b);
    }
}

/* Without an allowed cut a document comes whole, between others. */
static void whole_documents(void **state)
{
    const char *paths[3];
    char text[1000];
    collection *c;

    (void)state;
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 3; i++) {
        char name[] = "whole0.txt";
        name[5] = (char)('0' + i);
        paths[i] = put_file(name, text, 100 + 400 * (size_t)i);
    }
    c = collected(paths, 3, (bmx_source_opts){ .cuts = 0, .block_bytes = 256 });
    assert_int_equal(c->n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(c->d[i].parts, 1);
        check_text(&c->d[i], text, 100 + 400 * i);
    }
    drop(c);
}

static void places_to_cut(void **state)
{
    static const struct { unsigned cuts; const char *text; size_t at; } cases[] = {
        { BMX_CUT_LINE, "ab\ncd\nef", 6 },
        { BMX_CUT_LINE, "abcdef", 0 },
        { BMX_CUT_SPACE, "ab cd", 2 },
        { BMX_CUT_SPACE, "ab  cd", 0 },
        { BMX_CUT_SPACE, "ab. cd", 3 },
        { BMX_CUT_SPACE, "ab 3", 0 },
        { BMX_CUT_SPACE, "ab\ncd ", 0 }, /* what follows is not known */
        { BMX_CUT_SPACE, " cd", 0 },
        { BMX_CUT_NEWLINE, "ab\ncd", 3 },
        { BMX_CUT_NEWLINE, "ab\n\ncd", 0 },
        { BMX_CUT_NEWLINE, "ab\r\ncd", 0 },
        { BMX_CUT_NEWLINE, "ab \ncd", 0 },
        { BMX_CUT_NEWLINE, "ab;\ncd", 4 },
        { BMX_CUT_NEWLINE, "ab;\n/cd", 0 },
        { BMX_CUT_NEWLINE, "\xe6\xbc\xa2\n\xe5\xad\x97", 4 },
        { BMX_CUT_NEWLINE, "\xe3\x80\x80\n\xe5\xad\x97", 0 }, /* U+3000 is white space */
        { BMX_CUT_NEWLINE, "\xc2\xa0\ncd", 0 },               /* U+00A0 too */
        { BMX_CUT_NEWLINE, "\xbc\xa2\ncd", 0 },               /* malformed */
        { BMX_CUT_SPACE, "\xd0\xb4 \xd0\xb0", 2 },
        { BMX_CUT_SPACE | BMX_CUT_NEWLINE, "ab cd\nef", 6 },
        { BMX_CUT_SPACE | BMX_CUT_NEWLINE, "ab cd\r\nef", 2 },
        { 0, "ab cd\nef", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = bmx_cut_find(cases[i].cuts, bmx_slice_str(cases[i].text), 0);
        if (at != cases[i].at)
            fail_msg("case %zu: cut at %zu, not %zu", i, at, cases[i].at);
    }
}

/* ---- samples ---- */

static int by_text(const void *a, const void *b)
{
    const document *x = a, *y = b;
    return bmx_slice_cmp(bmx_slice_of(x->text.ptr, x->text.len),
                         bmx_slice_of(y->text.ptr, y->text.len));
}

static void same_documents(collection *a, collection *b)
{
    qsort(a->d, a->n, sizeof *a->d, by_text);
    qsort(b->d, b->n, sizeof *b->d, by_text);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        check_text(&a->d[i], b->d[i].text.ptr, b->d[i].text.len);
}

/* The rule of source.h, over documents held in memory. */
static size_t expected_bytes(const bmx_slice *doc, size_t n, uint64_t max_bytes)
{
    bool used[64] = { false };
    uint64_t sum = 0;

    for (;;) {
        size_t best = n;
        uint64_t best_hash = 0;
        for (size_t i = 0; i < n; i++) {
            size_t head = doc[i].len < 65536 ? doc[i].len : 65536;
            uint64_t h = bmx_hash64(doc[i].ptr, head, doc[i].len);
            if (!used[i] && (best == n || h < best_hash)) {
                best = i;
                best_hash = h;
            }
        }
        if (best == n || sum + doc[best].len > max_bytes)
            return (size_t)sum;
        used[best] = true;
        sum += doc[best].len;
    }
}

static void shuffle(bmx_rng *r, char **path, int n)
{
    for (int i = n - 1; i > 0; i--) {
        size_t k = (size_t)bmx_rng_below(r, (uint64_t)i + 1);
        char *t = path[i];

        path[i] = path[k];
        path[k] = t;
    }
}

static void samples_do_not_depend_on_order(void **state)
{
    enum { N = 40 };
    char *paths[N];
    bmx_slice docs[N];
    uint64_t all = 0;
    bmx_rng r = { 11 };
    bmx_buf jsonl = { 0 };
    bpemix_error err;
    char *packed[2] = { NULL, NULL };
    size_t previous = 0;

    (void)state;
    put_folder("sample");
    for (int i = 0; i < N; i++) {
        char name[40], *text = malloc(4000);
        size_t n = 20 + random_text(&r, text + 20, 3000, "abcdefg \n");
        memset(text, 'a' + i % 26, 20);
        snprintf(name, sizeof name, "sample/%02d.txt", i);
        paths[i] = strdup(put_file(name, text, n));
        docs[i] = bmx_slice_of(text, n);
        all += n;
        CHECK_OK(bmx_buf_addf(&jsonl, &err, "{\"id\":%d,\"text\":\"", i));
        for (size_t k = 0; k < n; k++)
            CHECK_OK(bmx_buf_addf(&jsonl, &err, text[k] == '\n' ? "\\n" : "%c", text[k]));
        CHECK_OK(bmx_buf_addf(&jsonl, &err, "\"}\n"));
    }
    packed[0] = strdup(put_file("sample.jsonl", jsonl.ptr, jsonl.len));
    if (in_shell("tar cf sample.tar sample"))
        packed[1] = strdup(in_scratch("sample.tar"));
    for (uint64_t max = 500; max < all + 6000; max += max < 6000 ? max + 1 : 7000) {
        bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .max_bytes = max };
        collection *c = collected((const char *const *)paths, N, opts), *d;
        size_t bytes = 0, want = expected_bytes(docs, N, max);

        for (size_t i = 0; i < c->n; i++)
            bytes += c->d[i].text.len;
        if (want) {
            assert_int_equal(bytes, want);
        } else { /* the beginning of one document */
            assert_int_equal(c->n, 1);
            assert_true(bytes <= max && bytes > 0);
        }
        assert_true(bytes >= previous);
        previous = bytes;
        if (max >= all)
            assert_int_equal(bytes, all);
        shuffle(&r, paths, N);
        opts.block_bytes = 100;
        d = collected((const char *const *)paths, N, opts);
        same_documents(c, d);
        drop(d);
        for (int i = 0; i < 2; i++)
            if (packed[i]) {
                d = collected((const char *const *)&packed[i], 1, opts);
                same_documents(c, d);
                drop(d);
            }
        drop(c);
    }
    assert_true(previous == all);
    for (int i = 0; i < N; i++) {
        free(paths[i]);
        free((void *)docs[i].ptr);
    }
    free(packed[0]);
    free(packed[1]);
    bmx_buf_release(&jsonl);
}

static void first_document_is_cut(void **state)
{
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE };
    const char *path = put_text("cut.txt", "line one\nline two\nline three\n");
    collection *c;

    (void)state;
    opts.max_bytes = 20;
    c = collected(&path, 1, opts);
    check_text(&c->d[0], "line one\nline two\n", 18);
    assert_int_equal(c->rec[0].bytes, 18);
    assert_int_equal(c->rec[0].documents, 1);
    assert_true(c->rec[0].checksum == bmx_hash64("line one\nline two\n", 18, 0));
    drop(c);
    path = put_text("cut2.txt", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
    opts.max_bytes = 5;
    c = collected(&path, 1, opts);
    check_text(&c->d[0], "\xc3\xa9\xc3\xa9", 4);
    drop(c);
    path = put_text("cut.jsonl", "{\"text\":\"one\\ntwo\"}\n");
    c = collected(&path, 1, opts);
    check_text(&c->d[0], "one\n", 4);
    drop(c);
}

/* Of equal documents, none of which fits, the beginning of the one whose path comes first is
 * taken, in whatever order they are given; larger ones count with all of their size, packed
 * or not. */
static void samples_of_equal_documents(void **state)
{
    static char text[200000];
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .max_bytes = 250000 };
    const char *paths[3];
    collection *c;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "some words\n"[(i + i / 1000) % 11];
    paths[0] = put_file("eq-b.txt", text, 3000);
    paths[1] = put_file("eq-c.txt", text, 3000);
    paths[2] = put_file("eq-a.txt", text, 3000);
    opts.max_bytes = 30;
    for (int turn = 0; turn < 3; turn++) {
        const char *first = paths[0];

        c = collected(paths, 3, opts);
        assert_int_equal(c->n, 1);
        check_text(&c->d[0], text, 22);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(c->rec[i].bytes, strstr(paths[i], "eq-a") ? 22 : 0);
        drop(c);
        paths[0] = paths[1];
        paths[1] = paths[2];
        paths[2] = first;
    }
    /* 200,000 bytes and 3,000: both fit into 203,000, and not into one less */
    paths[0] = put_file("long.txt", text, sizeof text);
    paths[1] = put_file("short.txt", text, 3000);
    for (int packed = 0; packed < 2; packed++) {
        if (packed && !in_shell("gzip -c long.txt > long.gz"))
            break;
        paths[0] = in_scratch(packed ? "long.gz" : "long.txt");
        opts.max_bytes = 203000;
        c = collected(paths, 2, opts);
        assert_int_equal(c->rec[0].bytes + c->rec[1].bytes, 203000);
        drop(c);
        opts.max_bytes--;
        c = collected(paths, 2, opts);
        assert_true(c->rec[0].bytes + c->rec[1].bytes < 203000 &&
                    (!c->rec[0].bytes || !c->rec[1].bytes));
        drop(c);
    }
}

/* ---- callers ---- */

typedef struct caller {
    int n, fails_at;
    const char *says;
} caller;

static bpemix_status next_of_caller(void *ctx, bpemix_text *text, bool *more, bpemix_error *err)
{
    static const char *const handed[] = { "the first\n", "the second is longer\n", "x\n" };
    caller *c = ctx;

    if (c->n == c->fails_at) {
        if (c->says)
            snprintf(err->what, sizeof err->what, "%s", c->says);
        return BPEMIX_E_IO;
    }
    *more = c->n < 3;
    if (*more)
        *text = (bpemix_text){ handed[c->n], strlen(handed[c->n]) };
    c->n++;
    return BPEMIX_OK;
}

/* Read all that a caller hands over; the bytes of it. */
static bpemix_status read_caller(caller c, uint64_t max_bytes, uint64_t *bytes, bpemix_error *err)
{
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .max_bytes = max_bytes };
    bmx_source *s = NULL;
    bmx_block b = { 0 };
    bool more = true;
    bpemix_status st = bmx_source_open_callback(next_of_caller, &c, &opts, &s, err);
    size_t n;

    while (!st && !(st = bmx_source_next(s, &b, &more, err)) && more)
        continue;
    *bytes = s ? bmx_source_inputs(s, &n)[0].bytes : 0;
    if (s)
        assert_false(bmx_source_is_lasting(s));
    bmx_block_release(&b);
    bmx_source_close(s);
    return st;
}

/* What cannot be read twice is no sample: the first documents that fit. */
static void documents_of_a_caller(void **state)
{
    bpemix_error err = { 0 };
    uint64_t bytes;

    (void)state;
    CHECK_OK(read_caller((caller){ .fails_at = -1 }, 0, &bytes, &err));
    assert_int_equal(bytes, 10 + 21 + 2);
    CHECK_OK(read_caller((caller){ .fails_at = -1 }, 31, &bytes, &err));
    assert_int_equal(bytes, 10 + 21);
    CHECK_OK(read_caller((caller){ .fails_at = -1 }, 30, &bytes,
                         &err)); /* nothing behind the one that does not */
    assert_int_equal(bytes, 10);
    CHECK_FAILS(read_caller((caller){ .fails_at = 1 }, 0, &bytes, &err), BPEMIX_E_IO,
                "document 2: the caller's function failed");
    CHECK_FAILS(read_caller((caller){ .fails_at = 0, .says = "no network" }, 0, &bytes, &err),
                BPEMIX_E_IO,
                "document 1: no network");
    SURVIVES_SOME(3, read_caller((caller){ .fails_at = -1 }, 0, &bytes, &err), (void)0);
}

/* ---- standard input ---- */

static bpemix_status collect_stdin(const char *file, const bmx_source_opts *opts,
                                   collection **out, bpemix_error *err)
{
    const char *dash = "-";
    int saved = dup(STDIN_FILENO), fd = open(file, O_RDONLY);
    bpemix_status st;

    assert_true(saved >= 0 && fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    st = collect(&dash, 1, opts, out, err);
    assert_true(dup2(saved, STDIN_FILENO) == STDIN_FILENO);
    close(saved);
    close(fd);
    return st;
}

static void standard_input(void **state)
{
    static const char text[] = "one\ntwo\nthree\n", records[] = "{\"text\":\"one\"}\n";
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .block_bytes = 5 };
    const char *path = put_text("in.txt", text);
    bpemix_error err;
    collection *c;

    (void)state;
    CHECK_OK(collect_stdin(path, &opts, &c, &err));
    check_text(&c->d[0], text, sizeof text - 1);
    assert_string_equal(c->d[0].place, "standard input");
    drop(c);
    opts.max_bytes = 10;
    CHECK_OK(collect_stdin(path, &opts, &c, &err));
    check_text(&c->d[0], text, 8);
    drop(c);
    path = put_text("in3.txt", "one\ntwo"); /* just as much: nothing is cut */
    opts.max_bytes = 7;
    CHECK_OK(collect_stdin(path, &opts, &c, &err));
    check_text(&c->d[0], "one\ntwo", 7);
    drop(c);
    opts.jsonl = true;
    path = put_text("in2.txt", records);
    CHECK_FAILS(collect_stdin(path, &opts, &c, &err), BPEMIX_E_USAGE,
                "standard input: records cannot be sampled from here");
    opts.max_bytes = 0;
    CHECK_OK(collect_stdin(path, &opts, &c, &err));
    check_text(&c->d[0], "one", 3);
    drop(c);
    opts = (bmx_source_opts){ .max_bytes = 10 };
    if (in_shell("tar cf in.tar in.txt in2.txt"))
        CHECK_FAILS(collect_stdin(in_scratch("in.tar"), &opts, &c, &err), BPEMIX_E_USAGE,
                    "standard input: an archive cannot be sampled from here");
    opts.max_bytes = 0;
    path = put_file("in.words", BMX_WORDS_MAGIC "rest", 12);
    CHECK_FAILS(collect_stdin(path, &opts, &c, &err), BPEMIX_E_USAGE,
                "standard input: counted words cannot be read from here");
    path = put_file("in.chunks", BMX_CHUNKS_MAGIC "rest", BMX_CHUNKS_MAGIC_BYTES + 4);
    CHECK_FAILS(collect_stdin(path, &opts, &c, &err), BPEMIX_E_USAGE,
                "standard input: chunks cannot be read from here");
}

/* ---- failures ---- */

static void errors(void **state)
{
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE },
        some = { .cuts = BMX_CUT_LINE, .max_bytes = 9 };
    const char *path = in_scratch("missing.txt"), *two[2] = { "-", "-" };
    bpemix_error err;
    collection *c;

    (void)state;
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_IO, "missing.txt: cannot open");
    CHECK_FAILS(collect(&path, 1, &some, &c, &err), BPEMIX_E_IO, "missing.txt: cannot open");
    path = put_folder("nothing");
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_EMPTY,
                "nothing: no files in this folder");
    CHECK_FAILS(collect(two, 2, &opts, &c, &err), BPEMIX_E_USAGE, "standard input: named more");
    two[1] = path = put_text("x.txt", "x");
    CHECK_FAILS(collect(two, 2, &some, &c, &err), BPEMIX_E_USAGE, "cannot be sampled together");
    path = put_file("counted", BMX_WORDS_MAGIC "....", 12);
    CHECK_FAILS(collect(&path, 1, &some, &c, &err), BPEMIX_E_USAGE,
                "counted words cannot be sampled");
    path = put_file("damaged.gz", "\x1f\x8b\x08\0\0\0\0\0\0\3garbage", 17);
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT, "damaged.gz: damaged");
    if (geteuid() != 0) {
        path = put_text("secret.txt", "x");
        chmod(path, 0);
        CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_IO, "secret.txt: cannot open");
    }
}

/* A file of counted words gets a block of its own and is not read as text. */
static void counted_words_stand_apart(void **state)
{
    const char *paths[3];
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE };
    bmx_block_kind want[3] = { BMX_BLOCK_TEXT, BMX_BLOCK_WORDS, BMX_BLOCK_TEXT };
    bpemix_error err;
    bmx_source *s;
    bmx_block b = { 0 };
    bool more;

    (void)state;
    paths[0] = put_text("w0.txt", "text\n");
    paths[1] = put_file("w1.words", BMX_WORDS_MAGIC "rest", 12);
    paths[2] = put_text("w2.txt", "more\n");
    CHECK_OK(bmx_source_open(paths, 3, &opts, &s, &err));
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(bmx_source_next(s, &b, &more, &err));
        assert_true(more);
        assert_int_equal(b.kind, want[i]);
        assert_int_equal(b.part[0].file, i);
    }
    CHECK_OK(bmx_source_next(s, &b, &more, &err));
    assert_false(more);
    bmx_source_close(s);
    bmx_block_release(&b);
}

static void every_allocation_may_fail(void **state)
{
    const char *paths[2];
    bmx_source_opts opts = { .block_bytes = 50 };
    collection *c = NULL;

    (void)state;
    put_folder("alloc");
    put_text("alloc/a.txt", "some words in a file\nand more of them, none to cut at\n");
    put_text("alloc/b.jsonl", "{\"text\":\"abc\\n\"}\n{\"text\":\"def\"}\n");
    for (int sampled = 0; sampled < 2; sampled++) {
        paths[0] = in_scratch("alloc");
        paths[1] = put_text("alone.txt", "yet another");
        opts.max_bytes = sampled ? 40 : 0;
        SURVIVES_SOME(10, collect(paths, 2, &opts, &c, NULL), { /* it can do without some buffers */
            if (!status)
                drop(c);
        });
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_at_newlines),
        cmocka_unit_test(whole_documents),
        cmocka_unit_test(places_to_cut),
        cmocka_unit_test(samples_do_not_depend_on_order),
        cmocka_unit_test(first_document_is_cut),
        cmocka_unit_test(samples_of_equal_documents),
        cmocka_unit_test(documents_of_a_caller),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(errors),
        cmocka_unit_test(counted_words_stand_apart),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("source", tests, NULL, remove_scratch);
}
