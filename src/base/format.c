/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/format.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t c_locale; /* never freed; glibc has it without an allocation, which cannot fail */

static void make(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

locale_t bmx_locale_c(void)
{
    pthread_once(&once, make);
    return c_locale ? uselocale(c_locale) : (locale_t)0;
}

void bmx_locale_back(locale_t before)
{
    if (before)
        uselocale(before);
}

int bmx_vsnprintf(char *to, size_t size, const char *fmt, va_list ap)
{
    locale_t before = bmx_locale_c();
    int n = vsnprintf(to, size, fmt, ap);

    bmx_locale_back(before);
    if (size && n > 0 && (size_t)n >= size) /* names of files are in it */
        to[bmx_utf8_whole(to, size - 1)] = 0;
    return n;
}

int bmx_snprintf(char *to, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = bmx_vsnprintf(to, size, fmt, ap);
    va_end(ap);
    return n;
}

double bmx_strtod(const char *text, char **end)
{
    locale_t before = bmx_locale_c();
    double v = strtod(text, end);

    bmx_locale_back(before);
    return v;
}

bool bmx_same_letters(const char *a, const char *b, size_t n)
{
    locale_t before = bmx_locale_c();
    bool same = !strncasecmp(a, b, n);

    bmx_locale_back(before);
    return same;
}

const char *bmx_bytes_unit(double *bytes)
{
    static const char *const unit[] = { "B", "kB", "MB", "GB", "TB" };
    size_t k = 0;

    for (; *bytes >= 999.5 && k + 1 < sizeof unit / sizeof *unit; k++)
        *bytes /= 1000;
    return unit[k];
}
