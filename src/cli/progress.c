/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c - how far a command is, on standard error.
 *
 *   counting  1.2 of 3.4 GB   35 %   210 MB/s   0:11 left     on a terminal, one line
 *   solving  gap 3.1e-03 of 1.0e-06   0:12 so far, about 0:20 left
 *   {"stage":"counting","done":1200000000,...}                 --progress json, a line each time
 *
 * A stage is shown once it has taken a second, so that short commands show nothing. */
#include "cli/cli.h"
#include "base/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SHOW_AFTER 1.0 /* seconds of a stage: shorter ones would only flicker */
#define RATE_AFTER 0.1 /* seconds: what was done before the stage was first heard of is in `done` */

/* One process, one terminal. */
static struct {
    char stage[24];
    double began;  /* the stage, on bmx_clock() */
    double widest; /* the gap of solving when it was first below 1; 0: not yet */
    double widest_at;
    bool is_shown; /* there is a line to wipe */
} display;

/* Seconds since the stage began. */
static double elapsed(const bpemix_progress *p)
{
    if (strcmp(display.stage, p->stage)) {
        snprintf(display.stage, sizeof display.stage, "%s", p->stage);
        display.began = bmx_clock();
        display.widest = 0;
    }
    return bmx_clock() - display.began;
}

/* Seconds until the gap is the target's, if its logarithm falls as it has so far; NaN: not known.
 * A gap that was closed starts another solution. */
static double solving_left(const bpemix_progress *p)
{
    double now = bmx_clock();

    if (!(display.widest > 0) || p->gap > display.widest) {
        display.widest = p->gap < 1 ? p->gap : 0;
        display.widest_at = now;
        return NAN;
    }
    if (!(p->target > 0) || !(p->gap < 0.9 * display.widest))
        return NAN;
    return p->gap <= p->target
               ? 0
               : (now - display.widest_at) * log(p->gap / p->target) / log(display.widest / p->gap);
}

/* "1.2" of the unit that suits `most`, which is written to *suffix: "GB", "M words".  Thousands
 * of anything but bytes are told to the last one: 1 of 1000 trials is not 0 of 1 k. */
static double scaled(double v, double most, const char *unit, char *suffix, size_t size)
{
    static const char letter[] = " kMGT";
    bool is_bytes = !strcmp(unit, "bytes");
    size_t k = 0;

    for (; most >= (is_bytes || k ? 999.5 : 99999.5) && k + 2 < sizeof letter; k++) {
        most /= 1000;
        v /= 1000;
    }
    if (is_bytes)
        snprintf(suffix, size, k ? "%cB" : "bytes", letter[k]);
    else if (k)
        snprintf(suffix, size, "%c %s", letter[k], unit);
    else
        snprintf(suffix, size, "%s", unit);
    return v;
}

static int decimals(const char *suffix) { return suffix[0] >= 'a' && suffix[0] <= 'z' ? 0 : 1; }

static void put_time(double sec, char *out, size_t size)
{
    uint64_t s = (uint64_t)fmin(ceil(sec), 1e9);

    if (s >= 3600)
        snprintf(out, size, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
                 (unsigned)(s % 60));
    else
        snprintf(out, size, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

/* A line of text about a stage that has taken `sec` seconds. */
static void line_of(const bpemix_progress *p, double sec, char *out, size_t size)
{
    double rate = sec > RATE_AFTER ? (double)p->done / sec : 0;
    char unit[32], rate_unit[32], left[24];
    int n = snprintf(out, size, "%s", p->stage);

    if (isfinite(p->gap)) {
        double more = solving_left(p);
        put_time(sec, left, sizeof left);
        n += snprintf(out + n, size - (size_t)n, "   gap %.1e of %.1e   %s so far", p->gap,
                      p->target, left);
        if (isfinite(more)) {
            put_time(more, left, sizeof left);
            snprintf(out + n, size - (size_t)n, ", about %s left", left);
        }
        return;
    }
    if (p->total) {
        double total = scaled((double)p->total, (double)p->total, p->unit, unit, sizeof unit);
        double done = scaled((double)p->done, (double)p->total, p->unit, unit, sizeof unit);
        n += snprintf(out + n, size - (size_t)n, "   %.*f of %.*f %s   %.0f %%", decimals(unit),
                      done, decimals(unit), total, unit,
                      floor(100 * fmin((double)p->done / (double)p->total, 1)));
    } else {
        double done = scaled((double)p->done, (double)p->done, p->unit, unit, sizeof unit);
        n += snprintf(out + n, size - (size_t)n, "   %.*f %s", decimals(unit), done, unit);
    }
    if (rate >= 1) {
        double shown = scaled(rate, rate, p->unit, rate_unit, sizeof rate_unit);
        n += snprintf(out + n, size - (size_t)n, "   %.*f %s/s", decimals(rate_unit), shown,
                      rate_unit);
    }
    if (p->total > p->done && p->done && sec > RATE_AFTER) {
        put_time((double)(p->total - p->done) / ((double)p->done / sec), left, sizeof left);
        snprintf(out + n, size - (size_t)n, "   %s left", left);
    }
}

int cli_columns(FILE *out)
{
    struct winsize w;
    const char *text = getenv("COLUMNS");
    long n = text ? strtol(text, NULL, 10) : 0;

    if (n > 0 && n < 10000)
        return (int)n;
    return !ioctl(fileno(out), TIOCGWINSZ, &w) && w.ws_col ? w.ws_col : 80;
}

static bool show(void *ctx, const bpemix_progress *p)
{
    double sec = elapsed(p);
    char text[200];
    int columns = cli_columns(stderr);

    (void)ctx;
    if (sec < SHOW_AFTER)
        return false;
    line_of(p, sec, text, sizeof text);
    fprintf(stderr, "\r\033[K%.*s", columns > 1 ? columns - 1 : 1, text);
    fflush(stderr);
    display.is_shown = true;
    return false;
}

static bool log_line(void *ctx, const bpemix_progress *p)
{
    char text[200];

    (void)ctx;
    line_of(p, elapsed(p), text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return false;
}

static void put_number(const char *key, double v)
{
    if (isfinite(v))
        fprintf(stderr, ",\"%s\":%.17g", key, v);
    else
        fprintf(stderr, ",\"%s\":null", key);
}

static bool log_json(void *ctx, const bpemix_progress *p)
{
    (void)ctx;
    fprintf(stderr, "{\"stage\":\"%s\",\"done\":%" PRIu64 ",\"total\":", p->stage, p->done);
    if (p->total)
        fprintf(stderr, "%" PRIu64, p->total);
    else
        fputs("null", stderr);
    fprintf(stderr, ",\"unit\":\"%s\"", p->unit);
    put_number("bound", p->bound);
    put_number("gap", p->gap);
    put_number("target", p->target > 0 ? p->target : NAN);
    fprintf(stderr, ",\"elapsed_sec\":%.3f}\n", elapsed(p));
    return false;
}

bpemix_progress_fn *cli_progress(const args *a)
{
    if (!strcmp(a->progress, "none") || a->quiet)
        return NULL;
    if (!strcmp(a->progress, "json"))
        return log_json;
    return isatty(STDERR_FILENO) == 1 ? show : a->verbose > 1 ? log_line : NULL;
}

void cli_progress_end(void)
{
    if (display.is_shown)
        fputs("\r\033[K", stderr);
    display.is_shown = false;
}
