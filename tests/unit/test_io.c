/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading compressed files, and writing files whole or not at all. */
#include "test.h"

#include "base/cancel.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/bpemix-io-XXXXXX";

static const char *path_in(char *buf, const char *name)
{
    snprintf(buf, 512, "%s/%s", dir, name);
    return buf;
}

static void write_bytes(const char *path, const void *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void check_content(const char *path, const char *want)
{
    char got[256] = "";
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fread(got, 1, sizeof got - 1, f), strlen(want));
    fclose(f);
    assert_string_equal(got, want);
}

/* ---- input ---- */

/* What gzip, xz, bzip2, zstd and lz4 make of an empty file. */
static void empty_compressed_files(void **state)
{
    static const struct { const char *name, *bytes; size_t n; } file[] = {
        { "e.gz", "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20 },
        { "e.xz", "\xfd" "7zXZ\0\0\x04\xe6\xd6\xb4\x46\0\0\0\0\x1c\xdf\x44\x21\x1f\xb6\xf3\x7d"
                  "\x01\0\0\0\0\x04YZ", 32 },
        { "e.bz2", "BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0", 14 },
        { "e.zst", "\x28\xb5\x2f\xfd\x24\0\x01\0\0\x99\xe9\xd8\x51", 13 },
        { "e.lz4", "\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15 },
    };
    char path[512];
    (void)state;

    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        bpemix_error err;
        bmx_buf got = { 0 };
        bmx_input *in = NULL;
        const char *name;
        bool more = false;
        size_t n = 1;
        char c;

        path_in(path, file[i].name);
        write_bytes(path, file[i].bytes, file[i].n);
        CHECK_OK(bmx_read_file(path, 0, &got, &err));
        assert_int_equal(got.len, 0);
        bmx_buf_release(&got);

        CHECK_OK(bmx_input_open(path, &in, &err)); /* one member, and no more */
        CHECK_OK(bmx_input_next(in, &name, &more, &err));
        assert_true(more);
        assert_string_equal(name, "");
        CHECK_OK(bmx_input_read(in, &c, 1, &n, &err));
        assert_int_equal(n, 0);
        CHECK_OK(bmx_input_next(in, &name, &more, &err));
        assert_false(more);
        bmx_input_close(in);
        unlink(path);
    }
}

/* A header that libarchive does not know: the bytes are not handed out as text. */
static void damaged_headers_are_no_text(void **state)
{
    static const struct { const char *name, *bytes; size_t n; } file[] = {
        { "d.gz", "\x1f\x8b\x08\x80\0\0\0\0\0\x03\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0\0", 21 },
        { "d.lz4", "\x04\x22\x4d\x18\x24\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15 },
    };
    char path[512];
    (void)state;

    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        bpemix_error err;
        bmx_buf got = { 0 };

        path_in(path, file[i].name);
        write_bytes(path, file[i].bytes, file[i].n);
        CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT, "damaged compressed data");
        unlink(path);
    }
}

/* zstd and lz4 have the same frames to be skipped; what is behind them tells which it is. */
static void frames_are_skipped(void **state)
{
    static const char lz4[] = "\x04\x22\x4d\x18\x64\x40\xa7\x02\0\0\x80hi\0\0\0\0\x64\xa5\xa7\xda",
                      zstd[] = "\x28\xb5\x2f\xfd\x04\x58\x11\0\0hi\xfa\x38\x26\xea",
                      small[] = "\x5f\x2a\x4d\x18\x03\0\0\0abc";
    static char file[60000] = "\x50\x2a\x4d\x18\0\xc3"; /* one of 49,920 bytes, then a small one */
    const size_t start = 8 + 0xc300, n_small = sizeof small - 1;
    char path[512];
    bpemix_error err;
    bmx_buf got = { 0 };

    (void)state;
    path_in(path, "skip");
    memcpy(file + start, small, n_small);
    for (int k = 0; k < 4; k++) {
        const char *frame = k % 2 ? lz4 : zstd;
        size_t n = k % 2 ? sizeof lz4 - 1 : sizeof zstd - 1, at = k < 2 ? 0 : start;

        memcpy(file + start + n_small, frame, n);
        write_bytes(path, file + at, start + n_small + n - at);
        CHECK_OK(bmx_read_file(path, 0, &got, &err));
        assert_int_equal(got.len, 2);
        assert_memory_equal(got.ptr, "hi", 2);
        bmx_buf_release(&got);
        for (size_t cut = 1; cut < n_small + n && k > 1; cut++) { /* nothing of it is text */
            write_bytes(path, file + start, n_small + n - cut);
            if (cut == n) { /* all of it is skipped */
                CHECK_OK(bmx_read_file(path, 0, &got, &err));
                assert_int_equal(got.len, 0);
                bmx_buf_release(&got);
            } else if (n_small + n - cut >= 4) {
                CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT,
                            "damaged compressed data");
            }
        }
    }
    memcpy(file + start + n_small, "hi there", 8);
    write_bytes(path, file, start + n_small + 8);
    CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT, "neither zstd nor lz4");
    unlink(path);
}

/* A zip that is cut behind a member: the directory tells that there are no more. */
static void zips_without_a_directory(void **state)
{
    static const char zip[] =
        "PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00!\x00\xac*"
        "\x93\xd8\x02\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x61h"
        "iPK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00\x00\x00!"
        "\x00\xac*\x93\xd8\x02\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x61"
        "PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00/\x00\x00\x00"
        "!\x00\x00\x00\x00\x00";
    const size_t n = sizeof zip - 1, member = 33;
    char path[512];
    bpemix_error err;
    bmx_buf got = { 0 };

    (void)state;
    path_in(path, "a.zip");
    write_bytes(path, zip, n);
    CHECK_OK(bmx_read_file(path, 0, &got, &err));
    assert_int_equal(got.len, 2);
    bmx_buf_release(&got);
    for (size_t k = member; k < n - 18; k++) { /* the last of it are numbers that nobody needs */
        write_bytes(path, zip, k);
        CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT, "damaged compressed data");
    }
    unlink(path);
}

/* A bit that changes is noticed, unless it is one of the few that mean nothing; members may
 * follow one another, and zeros. */
static void gzip_is_checked(void **state)
{
    static const char packed[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x2b\xce\xcf\x4d\x55\x28\xcf\x2f\x4a\x29"
        "\x56\x48\xcc\x4b\x51\xc8\xcd\x2f\x82\x72\xb9\x00\xe0\x82\x61\x4e\x1a\x00\x00\x00";
    static const char text[] = "some words and more words\n";
    enum { N = sizeof packed - 1, FIRST_IDLE = 4, END_IDLE = 10 };
    char path[512], twice[2 * N + 100] = { 0 };
    bpemix_error err;
    bmx_buf got = { 0 };
    size_t n_accepted = 0;
    (void)state;

    path_in(path, "g.gz");
    for (size_t bit = 0; bit < 8 * N; bit++) {
        char flipped[N];
        bpemix_status st;

        if (bit / 8 < 3 || (bit / 8 >= FIRST_IDLE && bit / 8 < END_IDLE))
            continue; /* the signature, without which it is text; when and by whom */
        memcpy(flipped, packed, N);
        flipped[bit / 8] = (char)(flipped[bit / 8] ^ 1 << bit % 8);
        write_bytes(path, flipped, N);
        st = bmx_read_file(path, 0, &got, &err);
        n_accepted += !st;
        if (st ? st != BPEMIX_E_FORMAT : got.len != sizeof text - 1 ||
            memcmp(got.ptr, text, got.len))
            fail_msg("bit %zu: %s", bit, bpemix_status_name(st));
        bmx_buf_release(&got);
    }
    assert_true(n_accepted < 10);
    memcpy(twice, packed, N);
    memcpy(twice + N, packed, N);
    for (size_t n = N; n <= sizeof twice; n++) {
        write_bytes(path, twice, n);
        if (n > N && n < 2 * N) {
            CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT, "ends too early");
            continue;
        }
        CHECK_OK(bmx_read_file(path, 0, &got, &err));
        assert_int_equal(got.len, (sizeof text - 1) * (n >= 2 * N ? 2 : 1));
        assert_memory_equal(got.ptr + got.len - (sizeof text - 1), text, sizeof text - 1);
        bmx_buf_release(&got);
    }
    twice[sizeof twice - 1] = 'x';
    write_bytes(path, twice, sizeof twice);
    CHECK_FAILS(bmx_read_file(path, 0, &got, &err), BPEMIX_E_FORMAT, "damaged compressed data");
    unlink(path);
}

/* A file that is cut while it is read is an error.  Of one that grows without end, what it had when
 * it was opened is read. */
static void files_that_shrink(void **state)
{
    static char text[200000];
    char path[512];

    (void)state;
    for (int grows = 0; grows < 2; grows++) {
        bpemix_error err = { 0 };
        bmx_input *in = NULL;
        const char *name;
        bool more;
        size_t got = 1, all = 0;
        bpemix_status st = BPEMIX_OK;

        write_bytes(path_in(path, "shrinks"), text, sizeof text);
        CHECK_OK(bmx_input_open(path, &in, &err));
        CHECK_OK(bmx_input_next(in, &name, &more, &err));
        CHECK_OK(bmx_input_read(in, text, 1000, &got, &err));
        all = got;
        assert_int_equal(truncate(path, grows ? (off_t)sizeof text + 5 : 150000), 0);
        while (!st && got) {
            if (grows) {
                assert_true(all <= sizeof text);
                assert_int_equal(truncate(path, (off_t)(sizeof text + 2 * all)), 0);
            }
            st = bmx_input_read(in, text, sizeof text, &got, &err);
            all += st ? 0 : got;
        }
        if (grows) {
            assert_int_equal(st, BPEMIX_OK);
            assert_int_equal(all, sizeof text);
        } else {
            assert_int_equal(st, BPEMIX_E_IO);
            assert_non_null(strstr(err.what, "became shorter while it was read"));
        }
        bmx_input_close(in);
        unlink(path);
    }
}

/* The same of what is unpacked: cut between two members it would look whole. */
static void packed_files_that_shrink(void **state)
{
    enum { MEMBERS = 4000, KEPT = 2000, TAR_MEMBER = 1024 };
    static const char packed[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x4b\xe4\x02\x00\x07\xa1\xea\xdd"
        "\x02\x00\x00\x00"; /* "a\n" */
    static char file[MEMBERS * TAR_MEMBER];

    (void)state;
    for (int tar = 0; tar < 2; tar++) {
        const size_t size = tar ? TAR_MEMBER : sizeof packed - 1;
        bpemix_error err = { 0 };
        char path[512], text[64];
        bmx_input *in = NULL;
        const char *name;
        bool more = true;
        size_t got = 1;
        bpemix_status st;

        for (size_t i = 0; i < MEMBERS; i++) {
            char *h = file + i * size;
            unsigned sum = 0;

            memset(h, tar ? 0 : 'x', size);
            if (!tar) {
                memcpy(h, packed, size);
                continue;
            }
            snprintf(h, 100, "%zu", i);
            memcpy(h + 124, "00000000002", 11); /* bytes in it */
            memset(h + 148, ' ', 8);
            memcpy(h + 156, "0\0", 2);
            memcpy(h + 257, "ustar\00000", 8);
            for (int k = 0; k < 512; k++)
                sum += (unsigned char)h[k];
            snprintf(h + 148, 8, "%06o", sum);
            memcpy(h + 512, "a\n", 2);
        }
        write_bytes(path_in(path, "shrinks"), file, MEMBERS * size);
        CHECK_OK(bmx_input_open(path, &in, &err));
        CHECK_OK(bmx_input_next(in, &name, &more, &err));
        CHECK_OK(bmx_input_read(in, text, sizeof text, &got, &err));
        assert_memory_equal(text, "a\n", 2);
        assert_int_equal(truncate(path, (off_t)(KEPT * size)), 0);
        do {
            while (!(st = bmx_input_read(in, text, sizeof text, &got, &err)) && got)
                ;
            if (!st)
                st = bmx_input_next(in, &name, &more, &err);
        } while (!st && more);
        assert_int_equal(st, BPEMIX_E_IO);
        assert_non_null(strstr(err.what, "became shorter while it was read"));
        bmx_input_close(in);
        unlink(path);
    }
}

/* Whoever may read a file may read what replaces it, and nobody else. */
static void modes_are_kept(void **state)
{
    char path[512];
    bpemix_error err;
    struct stat sb;
    (void)state;

    path_in(path, "private");
    write_bytes(path, "old", 3);
    assert_int_equal(chmod(path, 0640), 0);
    CHECK_OK(bmx_write_file(path, "new", 3, &err));
    assert_int_equal(stat(path, &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0640);
    unlink(path);
}

/* Whoever told to stop does not wait for the end of a file, which may never come. */
static void reading_can_be_stopped(void **state)
{
    static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0", plain[] = "a\n";
    char path[512];
    (void)state;

    for (int k = 0; k < 2; k++) {
        bmx_buf out = { 0 };
        bpemix_error err = { 0 };

        write_bytes(path_in(path, "stop"), k ? packed : plain, k ? sizeof packed : 2);
        CHECK_OK(bmx_read_file(path, 0, &out, &err));
        bmx_buf_release(&out);
        bmx_cancel();
        CHECK_FAILS(bmx_read_file(path, 0, &out, &err), BPEMIX_E_INTERRUPTED, "interrupted");
        bmx_cancel_reset();
        unlink(path);
    }
}

/* ---- output ---- */

/* An output may be the other end of a pipe or a redirection: no file of that
 * name is made, and what is there stays. */
static void descriptors_are_written_to(void **state)
{
    char path[512], name[64];
    bpemix_error err;
    struct stat before, after;
    int fd;
    (void)state;

    path_in(path, "redirected");
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    for (int k = 0; k < 2; k++) {
        snprintf(name, sizeof name, k ? "/proc/self/fd/%d" : "/dev/fd/%d", fd);
        CHECK_OK(bmx_check_output(name, &err));
        CHECK_OK(bmx_write_file(name, k ? "two" : "one ", k ? 3 : 4, &err));
    }
    assert_int_equal(fstat(fd, &before), 0);
    assert_int_equal(stat(path, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    check_content(path, "one two");
    close(fd);
    CHECK_FAILS(bmx_write_file(name, "x", 1, &err), BPEMIX_E_IO, "cannot write");
    unlink(path);
}

/* A symbolic link stays one, and its target is replaced. */
static void links_are_followed(void **state)
{
    char path[512], link[512];
    bpemix_error err;
    struct stat sb;
    (void)state;

    path_in(path, "target");
    path_in(link, "link");
    write_bytes(path, "old", 3);
    assert_int_equal(symlink("target", link), 0);
    CHECK_OK(bmx_check_output(link, &err));
    CHECK_OK(bmx_write_file(link, "new", 3, &err));
    assert_int_equal(lstat(link, &sb), 0);
    assert_true(S_ISLNK(sb.st_mode));
    check_content(path, "new");
    unlink(path); /* and now it leads nowhere */
    CHECK_OK(bmx_check_output(link, &err));
    CHECK_OK(bmx_write_file(link, "newer", 5, &err));
    assert_int_equal(lstat(link, &sb), 0);
    assert_true(S_ISLNK(sb.st_mode));
    check_content(path, "newer");
    unlink(link);
    unlink(path);
    assert_int_equal(symlink("link", link), 0); /* to itself: a file like any other */
    CHECK_OK(bmx_write_file(link, "new", 3, &err));
    check_content(link, "new");
    unlink(link);
}

/* Written in pieces, then given up: what was there stays, and nothing else is. */
static void outputs_given_up_leave_nothing(void **state)
{
    char path[512];
    bmx_output *out = NULL;
    bmx_paths left = { 0 };
    bpemix_error err = { 0 };
    (void)state;

    path_in(path, "precious");
    write_bytes(path, "old", 3);
    CHECK_OK(bmx_output_open(path, &out, &err));
    CHECK_OK(bmx_output_add(out, "ne", 2, &err));
    assert_int_equal(bmx_output_close(out, BPEMIX_E_NOMEM, &err), BPEMIX_E_NOMEM);
    check_content(path, "old");
    CHECK_OK(bmx_list_files(dir, &left, &err));
    assert_int_equal(left.n, 1);
    bmx_paths_release(&left);

    CHECK_OK(bmx_output_open(path, &out, &err));
    CHECK_OK(bmx_output_add(out, "ne", 2, &err));
    CHECK_OK(bmx_output_add(out, "w", 1, &err));
    check_content(path, "old");
    CHECK_OK(bmx_output_close(out, BPEMIX_OK, &err));
    check_content(path, "new");
    unlink(path);

    path_in(path, "no/such/folder");
    CHECK_FAILS(bmx_output_open(path, &out, &err), BPEMIX_E_IO, "cannot create");
}

/* Larger than what is written at once, or handed to the disk at once. */
static void large_outputs(void **state)
{
    enum { SIZE = 5 << 19 };
    char path[512], *text = malloc(SIZE);
    bmx_output *out = NULL;
    bmx_buf back = { 0 };
    bpemix_error err;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)(i * 2654435761u >> 24);
    path_in(path, "large");
    CHECK_OK(bmx_output_open(path, &out, &err));
    for (size_t at = 0, n = 1 << 18; at < SIZE; at += n)
        CHECK_OK(bmx_output_add(out, text + at, SIZE - at < n ? SIZE - at : n, &err));
    CHECK_OK(bmx_output_close(out, BPEMIX_OK, &err));
    CHECK_OK(bmx_read_file(path, 0, &back, &err));
    assert_int_equal(back.len, SIZE);
    assert_memory_equal(back.ptr, text, SIZE);
    bmx_buf_release(&back);
    free(text);
    unlink(path);
}

/* A pipe that has a name is written to; what cannot be opened is told, and stays. */
static void outputs_that_are_no_files(void **state)
{
    char path[512], got[8] = "";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat sb;
    bpemix_error err;
    int fd;

    (void)state;
    CHECK_OK(bmx_check_output("/dev/stderr", &err));
    path_in(path, "pipe");
    assert_int_equal(mkfifo(path, 0666), 0);
    fd = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(fd >= 0);
    CHECK_OK(bmx_check_output(path, &err));
    CHECK_OK(bmx_write_file(path, "words", 5, &err));
    assert_int_equal(read(fd, got, sizeof got), 5);
    assert_string_equal(got, "words");
    close(fd);
    assert_true(!stat(path, &sb) && S_ISFIFO(sb.st_mode));
    unlink(path);

    path_in(path, "socket");
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    CHECK_FAILS(bmx_write_file(path, "x", 1, &err), BPEMIX_E_IO, "cannot open for writing");
    assert_int_equal(stat(path, &sb), 0);
    close(fd);
    unlink(path);
}

/* What came in the way between beginning and end is told, and nothing is left beside it. */
static void names_that_are_taken_meanwhile(void **state)
{
    char path[512], inside[512];
    bmx_output *out = NULL;
    bmx_paths left = { 0 };
    bpemix_error err;

    (void)state;
    path_in(path, "taken");
    path_in(inside, "taken/file");
    CHECK_OK(bmx_output_open(path, &out, &err));
    CHECK_OK(bmx_output_add(out, "x", 1, &err));
    assert_int_equal(mkdir(path, 0777), 0);
    write_bytes(inside, "old", 3);
    CHECK_FAILS(bmx_output_close(out, BPEMIX_OK, &err), BPEMIX_E_IO, "cannot rename into place");
    CHECK_OK(bmx_list_files(dir, &left, &err));
    assert_int_equal(left.n, 1);
    bmx_paths_release(&left);
    CHECK_OK(bmx_check_folder(path, &err));
    CHECK_FAILS(bmx_check_folder(inside, &err), BPEMIX_E_IO, "not a folder");
    unlink(inside);
    rmdir(path);
}

static volatile sig_atomic_t n_alarms;
static void on_alarm(int signal)
{
    (void)signal;
    if (++n_alarms > 1)
        bmx_cancel();
}

/* A signal alone does not end writing to a pipe that nobody reads; being told to stop does. */
static void writing_can_be_stopped(void **state)
{
    static char text[1 << 20]; /* more than a pipe holds */
    const struct itimerval soon = { { 0, 20000 }, { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };
    struct sigaction act = { .sa_handler = on_alarm }, before;
    char name[64];
    bpemix_error err;
    int ends[2];

    (void)state;
    n_alarms = 0;
    assert_int_equal(pipe(ends), 0);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
    assert_int_equal(sigaction(SIGALRM, &act, &before), 0); /* without SA_RESTART */
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    CHECK_FAILS(bmx_write_file(name, text, sizeof text, &err), BPEMIX_E_INTERRUPTED, "");
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    bmx_cancel_reset();
    assert_true(n_alarms > 1);
    close(ends[0]);
    close(ends[1]);
}

static void outputs_are_checked_beforehand(void **state)
{
    char path[512];
    bpemix_error err;
    (void)state;

    CHECK_OK(bmx_check_output("-", &err));
    CHECK_OK(bmx_check_output("/dev/null", &err));
    CHECK_FAILS(bmx_check_output("", &err), BPEMIX_E_USAGE, "no name");
    CHECK_FAILS(bmx_check_output(dir, &err), BPEMIX_E_IO, "a folder");
    CHECK_FAILS(bmx_check_output(path_in(path, "none/file"), &err), BPEMIX_E_IO,
                "cannot create: No such file");
    CHECK_OK(bmx_check_output(path_in(path, "file"), &err));
    assert_int_equal(access(path, F_OK), -1); /* nothing is left behind */
    write_bytes(path, "old", 3);
    CHECK_OK(bmx_check_output(path, &err));
    check_content(path, "old");
    unlink(path);
}

/* A process that is killed leaves what it was writing; the next one to write there removes
 * it, but nothing that a living process or another host may still be at. */
static void remains_of_killed_processes_are_removed(void **state)
{
    char path[512], foreign[512], text[512], named[512];
    bmx_output *out = NULL;
    bmx_paths left = { 0 };
    bpemix_error err;
    int status;
    pid_t child = fork();
    (void)state;

    path_in(path, "result");
    if (child == 0) {
        if (bmx_output_open(path, &out, NULL) || bmx_output_add(out, "half", 4, NULL))
            _exit(1);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    CHECK_OK(bmx_list_files(dir, &left, &err));
    assert_int_equal(left.n, 1);
    assert_non_null(strstr(left.path[0], ".part-"));
    /* the same of another host, and a file that is only named like that */
    snprintf(foreign, sizeof foreign, "%s", left.path[0]);
    foreign[strlen(path) + strlen(".part-")] ^= 1; /* the first digit of the host: another one */
    write_bytes(foreign, "", 0);
    write_bytes(path_in(text, "notes.part-1"), "", 0);
    snprintf(named, sizeof named, "%s.txt", left.path[0]);
    write_bytes(named, "", 0);
    bmx_paths_release(&left);

    CHECK_OK(bmx_output_open(path_in(path, "other"), &out, &err)); /* by a living process */
    CHECK_OK(bmx_check_output(path_in(path, "result"), &err));
    CHECK_OK(bmx_list_files(dir, &left, &err));
    assert_int_equal(left.n, 4);
    bmx_paths_release(&left);
    CHECK_OK(bmx_output_close(out, BPEMIX_OK, &err));
    check_content(path_in(path, "other"), "");
    unlink(path);
    assert_int_equal(unlink(foreign) | unlink(text) | unlink(named), 0);
}

/* Our names beside a file are no longer than a file system allows. */
static void long_names_can_be_written(void **state)
{
    char name[300], path[512];
    bpemix_error err;
    (void)state;

    for (size_t n = 200; n <= 255; n++) {
        memset(name, 'n', n);
        memcpy(name + n - 3, "\xe2\x82\xac", 3); /* never cut through */
        name[n] = 0;
        CHECK_OK(bmx_check_output(path_in(path, name), &err));
        CHECK_OK(bmx_write_file(path, "x", 1, &err));
        check_content(path, "x");
        unlink(path);
    }
    memset(name, 'n', 256);
    name[256] = 0;
    CHECK_FAILS(bmx_check_output(path_in(path, name), &err), BPEMIX_E_IO, "too long");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_compressed_files),
        cmocka_unit_test(damaged_headers_are_no_text),
        cmocka_unit_test(frames_are_skipped),
        cmocka_unit_test(zips_without_a_directory),
        cmocka_unit_test(gzip_is_checked),
        cmocka_unit_test(files_that_shrink),
        cmocka_unit_test(packed_files_that_shrink),
        cmocka_unit_test(reading_can_be_stopped),
        cmocka_unit_test(modes_are_kept),
        cmocka_unit_test(descriptors_are_written_to),
        cmocka_unit_test(links_are_followed),
        cmocka_unit_test(outputs_given_up_leave_nothing),
        cmocka_unit_test(large_outputs),
        cmocka_unit_test(outputs_that_are_no_files),
        cmocka_unit_test(names_that_are_taken_meanwhile),
        cmocka_unit_test(writing_can_be_stopped),
        cmocka_unit_test(outputs_are_checked_beforehand),
        cmocka_unit_test(remains_of_killed_processes_are_removed),
        cmocka_unit_test(long_names_can_be_written),
    };
    int failed;

    if (!mkdtemp(dir))
        return 1;
    failed = cmocka_run_group_tests_name("io", tests, NULL, NULL);
    if (rmdir(dir)) {
        fprintf(stderr, "%s: not empty: %s\n", dir, strerror(errno));
        return 1;
    }
    return failed;
}
