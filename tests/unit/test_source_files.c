/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents out of files, folders and archives. */
#include "base/input.h"
#include "base/output.h"
#include "collect.h"

static void folders_in_order(void **state)
{
    const char *paths[2];
    collection *c;

    (void)state;
    put_folder("tree");
    put_folder("tree/b");
    put_text("tree/c.txt", "three\n");
    put_text("tree/b/z.txt", "two\n");
    put_text("tree/a.txt", "one\n");
    put_text("tree/.hidden", "no\n");
    put_text("tree/d-empty.txt", "");
    paths[0] = in_scratch("tree");
    paths[1] = put_text("alone.txt", "four without end");
    c = collected(paths, 2, (bmx_source_opts){ .cuts = BMX_CUT_LINE });
    assert_int_equal(c->n, 4);
    check_text(&c->d[0], "one\n", 4);
    check_text(&c->d[1], "two\n", 4);
    check_text(&c->d[2], "three\n", 6);
    check_text(&c->d[3], "four without end", 16);
    assert_int_equal(c->blocks, 1); /* small files share one */
    assert_int_equal(c->n_rec, 5);
    assert_int_equal(c->rec[0].bytes, 4);
    assert_int_equal(c->rec[0].documents, 1);
    assert_true(c->rec[0].checksum == bmx_hash64("one\n", 4, 0));
    assert_int_equal(c->rec[3].documents, 1); /* an empty file is a document */
    assert_int_equal(c->rec[3].bytes, 0);
    drop(c);
}

static void compressed_alike(void **state)
{
    static const struct { const char *command, *name; } kinds[] = {
        { "gzip -c plain.txt > p.gz", "p.gz" }, { "zstd -q -c plain.txt > p.zst", "p.zst" },
        { "xz -c plain.txt > p.xz", "p.xz" }, { "bzip2 -c plain.txt > p.bz2", "p.bz2" },
    };
    char text[5000];
    size_t seen = 0;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "ab c\n"[(i * i) % 5];
    put_file("plain.txt", text, sizeof text);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *path = in_scratch(kinds[i].name);
        collection *c;
        if (!in_shell(kinds[i].command))
            continue;
        c = collected(&path, 1, (bmx_source_opts){ .cuts = BMX_CUT_LINE, .block_bytes = 700 });
        assert_int_equal(c->n, 1);
        check_text(&c->d[0], text, sizeof text);
        assert_true(c->rec[0].checksum == bmx_hash64(text, sizeof text, 0));
        drop(c);
        seen++;
    }
    if (!seen)
        skip();
}

static void archive_members(void **state)
{
    const char *path;
    char place[600];
    collection *c;
    bpemix_error err;
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE };

    (void)state;
    put_text("m2.txt", "second\n");
    put_text("m1.txt", "first\n");
    put_text("m3.jsonl", "{\"text\":\"third\"}\n{\"text\":\"fourth\"}\n");
    if (!in_shell("tar cf all.tar m2.txt m1.txt m3.jsonl && gzip -k -f all.tar"))
        skip();
    for (int i = 0; i < 2; i++) {
        path = in_scratch(i ? "all.tar.gz" : "all.tar");
        c = collected(&path, 1, opts);
        assert_int_equal(c->n, 4);
        check_text(&c->d[0], "second\n", 7);
        check_text(&c->d[1], "first\n", 6);
        check_text(&c->d[2], "third", 5);
        check_text(&c->d[3], "fourth", 6);
        snprintf(place, sizeof place, "%s: m1.txt", path);
        assert_string_equal(c->d[1].place, place);
        assert_int_equal(c->n_rec, 1);
        assert_int_equal(c->rec[0].documents, 2); /* records are counted by the caller */
        assert_int_equal(c->rec[0].bytes, 13);
        assert_true(c->rec[0].checksum ==
                    bmx_hash64("second\n", 7, 0) + bmx_hash64("first\n", 6, 0));
        drop(c);
    }
    if (in_shell("gzip -c m1.txt > m1.txt.gz && tar cf packed.tar m1.txt.gz")) {
        path = in_scratch("packed.tar");
        CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_UNSUPPORTED,
                    "packed.tar: m1.txt.gz: a compressed file or an archive inside an archive");
    }
    if (in_shell("tar --format=v7 -cf old.tar m2.txt m1.txt")) { /* it has no signature */
        path = in_scratch("old.tar");
        c = collected(&path, 1, opts);
        assert_int_equal(c->n, 2);
        check_text(&c->d[0], "second\n", 7);
        drop(c);
    }
    if (in_shell("cp all.tar bad.tar && printf B | dd of=bad.tar bs=1 seek=1024 conv=notrunc")) {
        path = in_scratch("bad.tar"); /* the second header: no member is left out in silence */
        CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT, "Damaged tar archive");
    }
    for (int i = 0; i < 4; i++) { /* one behind another; zeros and other bytes do no harm */
        static const char *const command[] = {
            "cat all.tar all.tar > two.tar", "cat all.tar all.tar | gzip -c > two.tar",
            "cat all.tar.gz all.tar.gz > two.tar",
            "{ cat all.tar; head -c 70000 /dev/zero; head -c 9000 all.tar.gz; } > two.tar" };
        path = in_scratch("two.tar");
        if (!in_shell(command[i]))
            continue;
        if (i == 3) {
            c = collected(&path, 1, opts);
            assert_int_equal(c->n, 4);
            drop(c);
        } else {
            CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT,
                        "another tar archive is behind its end");
        }
    }
    if (in_shell("tar cf nested.tar all.tar")) {
        path = in_scratch("nested.tar");
        CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_UNSUPPORTED,
                    "nested.tar: all.tar: a compressed file or an archive inside an archive");
    }
}

/* What systems put beside files is left out, in archives as in folders. */
static void hidden_members(void **state)
{
    const char *path;

    (void)state;
    put_folder("mac");
    put_folder("mac/__MACOSX");
    put_folder("mac/.git");
    put_text("mac/a.txt", "text\n");
    put_text("mac/b..txt", "more\n");
    put_text("mac/._a.txt", "no\n");
    put_text("mac/.DS_Store", "no\n");
    put_text("mac/__MACOSX/._a.txt", "no\n");
    put_text("mac/__MACOSX/a.txt", "no\n");
    put_text("mac/.git/config", "no\n");
    put_text("mac/Thumbs.db", "no\n");
    put_text("mac/Desktop.ini", "no\n");
    put_text("mac/Icon\r", "no\n");
    put_folder("mac/$RECYCLE.BIN");
    put_text("mac/$RECYCLE.BIN/a.txt", "no\n");
    if (!in_shell("tar cf mac.tar -C mac . && tar czf mac.tar.gz mac"))
        skip();
    for (int i = 0; i < 3; i++) {
        collection *c;
        path = in_scratch(i == 0 ? "mac" : i == 1 ? "mac.tar" : "mac.tar.gz");
        c = collected(&path, 1, (bmx_source_opts){ .cuts = BMX_CUT_LINE });
        assert_int_equal(c->n, 2);
        for (size_t k = 0; k < 2; k++)
            assert_int_equal(c->d[k].text.len, 5);
        drop(c);
    }
}

/* Names that a zip marks as UTF-8 are known in the C locale, too. */
static void names_of_a_zip(void **state)
{
    static const char zip[] = /* of e-acute.jsonl, a record, and __MACOSX/._e-acute */
        "PK\003\004\024\000\000\010\000\000\000\000!P\002\232s \017\000\000\000\017\000"
        "\000\000\010\000\000\000\303\251.jsonl{\042text\042:\042one\042}\012PK\003\004"
        "\024\000\000\010\000\000\000\000!PN\241\270\277\003\000\000\000\003\000\000\000"
        "\015\000\000\000__MACOSX/._\303\251no\012PK\001\002\024\003\024\000\000\010\000"
        "\000\000\000!P\002\232s \017\000\000\000\017\000\000\000\010\000\000\000\000"
        "\000\000\000\000\000\000\000\200\001\000\000\000\000\303\251.jsonlPK\001\002"
        "\024\003\024\000\000\010\000\000\000\000!PN\241\270\277\003\000\000\000\003\000"
        "\000\000\015\000\000\000\000\000\000\000\000\000\000\000\200\0015\000\000\000__"
        "MACOSX/._\303\251PK\005\006\000\000\000\000\002\000\002\000q\000\000\000c\000"
        "\000\000\000\000";
    const char *path = put_file("names.zip", zip, sizeof zip - 1);
    collection *c = collected(&path, 1, (bmx_source_opts){ .cuts = BMX_CUT_LINE });

    (void)state;
    assert_int_equal(c->n, 1);
    check_text(&c->d[0], "one", 3);
    drop(c);
    for (int i = 0; i < 2; i++) { /* in one part, though it might have been split */
        char split[4 + sizeof zip];
        memcpy(split, i ? "PK00" : "PK\007\010", 4);
        memcpy(split + 4, zip, sizeof zip - 1);
        path = put_file("split.zip", split, 4 + sizeof zip - 1);
        c = collected(&path, 1, (bmx_source_opts){ .cuts = BMX_CUT_LINE });
        assert_int_equal(c->n, 1);
        check_text(&c->d[0], "one", 3);
        drop(c);
    }
}

/* An archive that is not damaged but cannot be read is not called so. */
static void zips_that_cannot_be_read(void **state)
{
    static const char locked[] = /* ab.txt, stored, with the password "x" */
        "PK\003\004\012\000\011\000\000\000\025\234\176\135\076\230\112\001\017\000"
        "\000\000\003\000\000\000\006\000\000\000ab.txt\121\074\216\031\316\031\074\101"
        "\253\077\054\103\220\035\150PK\007\010\076\230\112\001\017\000\000\000\003\000"
        "\000\000PK\001\002\036\003\012\000\011\000\000\000\025\234\176\135\076\230\112\001"
        "\017\000\000\000\003\000\000\000\006\000\000\000\000\000\000\000\000\000\000\000"
        "\244\201\000\000\000\000ab.txtPK\005\006\000\000\000\000\001\000\001\000\064\000\000"
        "\000\103\000\000\000\000";
    static const char deflate64[] = /* what Windows writes above 2 GB; only the header is true */
        "PK\003\004\024\000\000\000\011\000\000\000!P\076\230\112\001\003\000\000\000\003\000"
        "\000\000\006\000\000\000ab.txtab\012PK\001\002\024\003\024\000\000\000\011\000\000\000!P"
        "\076\230\112\001\003\000\000\000\003\000\000\000\006\000\000\000\000\000\000\000\000"
        "\000\000\000\200\001\000\000\000\000ab.txtPK\005\006\000\000\000\000\001\000\001\000"
        "\064\000\000\000\047\000\000\000\000";
    static const struct { const char *data; size_t len; const char *what; } zip[] = {
        { locked, sizeof locked, "protected with a password" },
        { deflate64, sizeof deflate64, "packed in a way that is not read here: Unsupported ZIP" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof zip / sizeof *zip; k++) {
        bpemix_error err = { 0 };
        const char *path = put_file("odd.zip", zip[k].data, zip[k].len);
        bmx_buf got = { 0 };

        CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_UNSUPPORTED, zip[k].what);
        bmx_buf_release(&got);
    }
}

/* Two zips behind one another, of which only one would be read, are an error; other data is not. */
static void zips_behind_one_another(void **state)
{
    static const char zip[] = /* of a.txt, "ab\n", stored */
        "PK\003\004\024\000\000\000\000\000\000\000!P\076\230\112\001\003\000\000\000\003\000"
        "\000\000\005\000\000\000a.txtab\012PK\001\002\024\003\024\000\000\000\000\000\000\000!P"
        "\076\230\112\001\003\000\000\000\003\000\000\000\005\000\000\000\000\000\000\000\000"
        "\000\000\000\200\001\000\000\000\000a.txtPK\005\006\000\000\000\000\001\000\001\000"
        "\063\000\000\000\046\000\000\000\000";
    enum { LEN = sizeof zip }; /* with one byte behind it */
    static const size_t between[] = { 0, 1, 5000, 2 << 20 };
    char *two = calloc(1, 2 * LEN + (2 << 20));
    bpemix_error err = { 0 };
    bmx_buf got = { 0 };

    (void)state;
    assert_non_null(two);
    memcpy(two, zip, LEN);
    CHECK_OK(bmx_read_file(put_file("one.zip", two, LEN + 5000), 0, &got, &err));
    assert_true(got.len == 3 && !memcmp(got.ptr, "ab\n", 3));
    bmx_buf_release(&got);
    for (size_t k = 0; k < sizeof between / sizeof *between; k++) {
        memcpy(two + LEN + between[k], zip, LEN);
        CHECK_FAILS(bmx_read_file(put_file("two.zip", two, 2 * LEN + between[k]), 0, &got, &err),
                    BPEMIX_E_FORMAT, "another zip archive is behind its end");
        bmx_buf_release(&got);
        memset(two + LEN + between[k], 0, LEN);
    }
    free(two);
}

/* Compressed text may be of several streams, with padding behind.  Nothing is left out in silence,
 * as by bzip2(1), which ignores what is behind a stream and begins none. */
static void several_streams(void **state)
{
    static const char *const pack[] = { "bzip2", "xz", "zstd -q", "gzip", "lz4 -q" };
    static const char *const wrong[] = {
        "{ cat one; tail -c +2 two; } > three",   /* the second has no beginning */
        "{ cat one; head -c 2 two; } > three",    /* and here nothing else */
        "{ cat one two; printf of-this; } > three",
        "{ cat two nothing one; printf of-this; } > three",
    };
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE };
    const char *path = in_scratch("three");
    size_t seen = 0;

    (void)state;
    put_text("one.txt", "one line\n");
    put_text("two.txt", "another line\n");
    put_text("nothing.txt", "");
    for (size_t i = 0; i < sizeof pack / sizeof *pack; i++) {
        char command[300];
        collection *c;
        bpemix_error err;

        snprintf(command, sizeof command,
                 "for f in one two nothing; do %s -c < $f.txt > $f || exit; done; "
                 "{ cat one two; head -c 1024 /dev/zero; } > three", pack[i]);
        if (!in_shell(command))
            continue;
        if (strcmp(pack[i], "zstd -q")) { /* which does not take the padding */
            c = collected(&path, 1, opts);
            assert_int_equal(c->n, 1);
            check_text(&c->d[0], "one line\nanother line\n", 22);
            drop(c);
        }
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            assert_true(in_shell(wrong[k]));
            CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT,
                        "damaged compressed data");
        }
        seen++;
    }
    if (!seen)
        skip();
}

/* Text that starts with NULs is no empty tar archive when it is unpacked, either. */
static void zeros_first(void **state)
{
    static const char *const pack[] = { "cp z.txt z.plain", "gzip -c z.txt > z.gz",
                                        "zstd -q -c z.txt > z.zst",
                                        "xz -c z.txt > z.xz", "gzip -c z.txt | gzip -c > z.gz.gz" },
                      *const name[] = { "z.plain", "z.gz", "z.zst", "z.xz", "z.gz.gz" };
    char text[3000];

    (void)state;
    memset(text, 0, sizeof text);
    for (size_t i = 2000; i < sizeof text; i++)
        text[i] = "abc\n"[i % 4];
    put_file("z.txt", text, sizeof text);
    for (size_t i = 0; i < sizeof pack / sizeof *pack; i++) {
        const char *path = in_scratch(name[i]);
        collection *c;
        if (!in_shell(pack[i]))
            continue;
        c = collected(&path, 1, (bmx_source_opts){ .cuts = BMX_CUT_LINE });
        assert_int_equal(c->n, 1);
        check_text(&c->d[0], text, sizeof text);
        drop(c);
    }
}

/* zstd packs with windows up to 2 GiB; what cannot be read is not called damaged. */
static void large_windows(void **state)
{
    const char *path = in_scratch("long.zst");
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE };
    collection *c;
    bpemix_error err;

    (void)state;
    if (!in_shell("printf 'a line\\n' | zstd -q --ultra -22 --long=31 -c > long.zst"))
        skip();
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_UNSUPPORTED,
                "packed by zstd with a larger window");
    assert_non_null(strstr(err.hint, "zstd -dc --long=31"));
    if (!in_shell("seq 9 9 9999 > lines && zstd -q --train -B100 lines -o with.dict 2> with.err && "
                  "zstd -q -D with.dict -c lines > with.zst"))
        skip();
    path = in_scratch("with.zst");
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_UNSUPPORTED,
                "packed by zstd with a dictionary");
    assert_non_null(strstr(err.hint, "zstd -dc -D DICTIONARY"));
}

/* A folder had regular files, of which one is something else before it is read: a pipe that nobody
 * writes to would be waited for. */
static void files_that_become_others(void **state)
{
    const char *folder = put_folder("changes");
    const bmx_source_opts opts = { 0 };

    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        char *path = bmx_asprintf("%s/a.txt", folder);
        bmx_source *s = NULL;
        bmx_block b = { 0 };
        bpemix_error err;
        bool more;

        assert_non_null(path);
        CHECK_OK(bmx_write_file(path, "a text\n", 7, &err));
        CHECK_OK(bmx_source_open(&folder, 1, &opts, &s, &err));
        assert_int_equal(unlink(path), 0);
        assert_int_equal(kind == 0 ? mkfifo(path, 0666) : kind == 1 ? mkdir(path, 0777) : 0, 0);
        CHECK_FAILS(bmx_source_next(s, &b, &more, &err), BPEMIX_E_IO,
                    kind < 2 ? "no regular file any more" : "cannot open");
        bmx_block_release(&b);
        bmx_source_close(s);
        if (kind < 2)
            assert_int_equal(remove(path), 0);
        bmx_free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_in_order),
        cmocka_unit_test(compressed_alike),
        cmocka_unit_test(archive_members),
        cmocka_unit_test(hidden_members),
        cmocka_unit_test(names_of_a_zip),
        cmocka_unit_test(zips_that_cannot_be_read),
        cmocka_unit_test(zips_behind_one_another),
        cmocka_unit_test(several_streams),
        cmocka_unit_test(zeros_first),
        cmocka_unit_test(large_windows),
        cmocka_unit_test(files_that_become_others),
    };

    return cmocka_run_group_tests_name("source files", tests, NULL, remove_scratch);
}
