/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a command is, as a terminal and a log show it.  The clock is the test's own. */
#include "test.h"

#include "cli/cli.h"

#include <fcntl.h>
#include <math.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static double now;
double __wrap_bmx_clock(void);
double __wrap_bmx_clock(void) { return now; }

/* Standard error is the far end of this terminal, or of a pipe. */
static int near = -1, stderr_was = -1;

static void redirect(int far)
{
    assert_true(far >= 0);
    if (stderr_was < 0)
        stderr_was = dup(STDERR_FILENO);
    fflush(stderr);
    assert_int_equal(dup2(far, STDERR_FILENO), STDERR_FILENO);
    close(far);
    assert_int_equal(fcntl(near, F_SETFL, O_NONBLOCK), 0);
}

static void open_terminal(unsigned short columns)
{
    struct winsize w = { .ws_row = 24, .ws_col = columns };
    struct termios how;
    int far;

    unsetenv("COLUMNS");
    near = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(near >= 0 && !grantpt(near) && !unlockpt(near));
    far = open(ptsname(near), O_RDWR | O_NOCTTY);
    assert_int_equal(tcgetattr(far, &how), 0);
    cfmakeraw(&how);
    assert_int_equal(tcsetattr(far, TCSANOW, &how), 0);
    assert_int_equal(ioctl(far, TIOCSWINSZ, &w), 0);
    redirect(far);
}

static void open_log(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    near = ends[0];
    redirect(ends[1]);
}

static void put_back(void)
{
    fflush(stderr);
    dup2(stderr_was, STDERR_FILENO);
    close(near);
}

/* What was written since the last time. */
static const char *written(void)
{
    static char text[2000];
    ssize_t n;

    fflush(stderr);
    n = read(near, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    return text;
}

/* What is written when a stage is told of at this time.  All but solving have no gap. */
static const char *told(bpemix_progress_fn *fn, double at, bpemix_progress p)
{
    if (!(p.gap > 0))
        p.gap = p.bound = NAN;
    now = at;
    assert_false(fn(NULL, &p)); /* it never asks to stop */
    return written();
}
#define TOLD(fn, at, ...) told(fn, at, (bpemix_progress){ __VA_ARGS__ })
#define COUNTING .stage = "counting", .unit = "bytes", .total = 4000000000
#define SOLVING .stage = "solving", .unit = "rounds", .target = 1e-6
#define WIPE "\r\033[K"

static void on_a_terminal(void **state)
{
    const args a = { .progress = "auto" };
    bpemix_progress_fn *show;

    (void)state;
    open_terminal(80);
    show = cli_progress(&a);
    assert_non_null(show);
    assert_string_equal(TOLD(show, 10, COUNTING, .done = 1000000), ""); /* it may be over soon */
    assert_string_equal(TOLD(show, 10.9, COUNTING, .done = 9000000), "");
    assert_string_equal(TOLD(show, 15, COUNTING, .done = 1000000000),
                        WIPE "counting   1.0 of 4.0 GB   25 %   200.0 MB/s   0:15 left");
    assert_string_equal(TOLD(show, 20, COUNTING, .done = 3999999999),
                        WIPE "counting   4.0 of 4.0 GB   99 %   400.0 MB/s   0:01 left");
    /* another stage begins anew, with what is unknown left out */
    assert_string_equal(TOLD(show, 30, .stage = "reading", .unit = "words", .done = 5), "");
    assert_string_equal(TOLD(show, 32, .stage = "reading", .unit = "words", .done = 1500),
                        WIPE "reading   1500 words   750 words/s");
    assert_string_equal(TOLD(show, 40, .stage = "reading", .unit = "words", .done = 123456789),
                        WIPE "reading   123.5 M words   12.3 M words/s");
    assert_string_equal(TOLD(show, 42, .stage = "reading", .unit = "words", .done = 3),
                        WIPE "reading   3 words");
    cli_progress_end();
    assert_string_equal(written(), WIPE);
    cli_progress_end(); /* there is none now */
    assert_string_equal(written(), "");
    put_back();
}

static void long_waits(void **state)
{
    const args a = { .progress = "auto" };
    bpemix_progress_fn *show;

    (void)state;
    open_terminal(80);
    show = cli_progress(&a);
    assert_string_equal(TOLD(show, 100, .stage = "trials", .unit = "trials", .total = 1000), "");
    assert_string_equal(TOLD(show, 200, .stage = "trials", .unit = "trials", .total = 1000,
                             .done = 1),
                        WIPE "trials   1 of 1000 trials   0 %   27:45:00 left");
    assert_string_equal(TOLD(show, 200, .stage = "trials", .unit = "trials", .total = 1000,
                             .done = 1000),
                        WIPE "trials   1000 of 1000 trials   100 %   10 trials/s");
    cli_progress_end();
    put_back();
}

static void narrow_terminals(void **state)
{
    const args a = { .progress = "auto" };
    bpemix_progress_fn *show;

    (void)state;
    open_terminal(20);
    show = cli_progress(&a);
    assert_int_equal(cli_columns(stderr), 20);
    TOLD(show, 1000, .stage = "narrow", .unit = "bytes");
    /* one column is left free: a line that fills the last one would be wrapped */
    assert_string_equal(TOLD(show, 1002, .stage = "narrow", .unit = "bytes", .total = 4000,
                             .done = 2000),
                        WIPE "narrow   2 of 4 kB ");
    setenv("COLUMNS", "12", 1);
    assert_int_equal(cli_columns(stderr), 12);
    assert_string_equal(TOLD(show, 1002, .stage = "narrow", .unit = "bytes", .total = 4000,
                             .done = 2000),
                        WIPE "narrow   2 ");
    setenv("COLUMNS", "nonsense", 1);
    assert_int_equal(cli_columns(stderr), 20);
    unsetenv("COLUMNS");
    cli_progress_end();
    put_back();
    open_log(); /* no terminal tells its width */
    assert_int_equal(cli_columns(stderr), 80);
    put_back();
}

/* The gap falls from 1e-1 to 1e-3 in ten seconds: 1e-6 takes 15 more. */
static void time_to_a_gap(void **state)
{
    const args a = { .progress = "auto" };
    bpemix_progress_fn *show;

    (void)state;
    open_terminal(80);
    show = cli_progress(&a);
    assert_string_equal(TOLD(show, 2000, SOLVING, .gap = 2), "");
    assert_string_equal(TOLD(show, 2001, SOLVING, .gap = 2),
                        WIPE "solving   gap 2.0e+00 of 1.0e-06   0:01 so far");
    assert_string_equal(TOLD(show, 2010, SOLVING, .gap = 1e-1),
                        WIPE "solving   gap 1.0e-01 of 1.0e-06   0:10 so far");
    assert_string_equal(TOLD(show, 2020, SOLVING, .gap = 1e-3),
                        WIPE "solving   gap 1.0e-03 of 1.0e-06   0:20 so far, about 0:15 left");
    assert_string_equal(TOLD(show, 2030, SOLVING, .gap = 1e-7),
                        WIPE "solving   gap 1.0e-07 of 1.0e-06   0:30 so far, about 0:00 left");
    /* a wider gap is that of another solution, of which nothing is known yet */
    assert_string_equal(TOLD(show, 2040, SOLVING, .gap = 0.5),
                        WIPE "solving   gap 5.0e-01 of 1.0e-06   0:40 so far");
    assert_string_equal(TOLD(show, 2041, SOLVING, .gap = 0.49),
                        WIPE "solving   gap 4.9e-01 of 1.0e-06   0:41 so far");
    cli_progress_end();
    put_back();
}

static void in_a_log(void **state)
{
    const args quiet = { .progress = "auto", .quiet = 1, .verbose = 2 },
               none = { .progress = "none", .verbose = 2 }, plain = { .progress = "auto" },
               verbose = { .progress = "auto", .verbose = 2 }, json = { .progress = "json" };
    bpemix_progress_fn *log;

    (void)state;
    open_log();
    assert_null(cli_progress(&quiet));
    assert_null(cli_progress(&none));
    assert_null(cli_progress(&plain)); /* lines that wipe each other are nothing for a log */
    assert_non_null(log = cli_progress(&verbose));
    assert_string_equal(TOLD(log, 3000, .stage = "log", .unit = "bytes", .total = 4000,
                             .done = 2000),
                        "log   2 of 4 kB   50 %\n"); /* no rate yet */
    assert_string_equal(TOLD(log, 3001, .stage = "log", .unit = "bytes", .total = 900, .done = 300),
                        "log   300 of 900 bytes   33 %   300 bytes/s   0:02 left\n");
    cli_progress_end();
    assert_string_equal(written(), "");
    assert_non_null(log = cli_progress(&json));
    assert_string_equal(
        TOLD(log, 3002.5, .stage = "log", .unit = "bytes", .done = 300),
        "{\"stage\":\"log\",\"done\":300,\"total\":null,\"unit\":\"bytes\",\"bound\":null,"
        "\"gap\":null,\"target\":null,\"elapsed_sec\":2.500}\n");
    assert_string_equal(
        TOLD(log, 3003, .stage = "log", .unit = "rounds", .done = 3, .total = 4, .target = 0.5,
             .bound = 0.25, .gap = 2),
        "{\"stage\":\"log\",\"done\":3,\"total\":4,\"unit\":\"rounds\",\"bound\":0.25,"
        "\"gap\":2,\"target\":0.5,\"elapsed_sec\":3.000}\n");
    put_back();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_terminal), cmocka_unit_test(long_waits),
        cmocka_unit_test(narrow_terminals), cmocka_unit_test(time_to_a_gap),
        cmocka_unit_test(in_a_log),
    };

    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
