/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format.h - text with numbers, written and read as the C locale does it, whatever locale the
 * program has that calls the library: a point, never a comma, before the digits of a fraction.
 *
 * The library uses these in place of the functions of the C library that they are named for;
 * `make lint` looks for that.  Each sets the locale of the calling thread and sets it back. */
#ifndef BMX_BASE_FORMAT_H
#define BMX_BASE_FORMAT_H

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* What does not fit is cut between characters. */
int bmx_vsnprintf(char *to, size_t size, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
int bmx_snprintf(char *to, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
double bmx_strtod(const char *text, char **end);

/* Like strncasecmp() == 0, for names in ASCII: other locales pair other letters with "i". */
bool bmx_same_letters(const char *a, const char *b, size_t n);

/* Divide *bytes by powers of 1000 until it has at most three digits before the point; returns the
 * unit, "B" to "TB". */
const char *bmx_bytes_unit(double *bytes);

/* For calls into libraries that write or read numbers: the C locale for this thread, and the one
 * it had before, which bmx_locale_back() takes. */
locale_t bmx_locale_c(void);
void bmx_locale_back(locale_t before);

#endif
