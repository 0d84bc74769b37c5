/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.h - filling in a bpemix_error, one layer at a time. */
#ifndef BMX_BASE_ERROR_H
#define BMX_BASE_ERROR_H

#include "bpemix.h"

/* Record a failure and return its status.  `where` may be "" or NULL; outer
 * layers put their own place in front with bmx_at().  err may be NULL. */
bpemix_status bmx_fail(bpemix_error *err, bpemix_status status, const char *where,
                       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same with advice: "where: what; hint". */
bpemix_status bmx_fail_hint(bpemix_error *err, bpemix_status status, const char *where,
                            const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Note which member of an options struct to change ("max_bytes"); returns st.  Messages name no
 * option of the command line, because other programs call the library, too. */
bpemix_status bmx_with_param(bpemix_error *err, bpemix_status st, const char *param);

/* What to do, where nothing is advised yet; returns st. */
bpemix_status bmx_with_hint(bpemix_error *err, bpemix_status st, const char *hint);

/* Note the line of the input, from 1, and the byte, from 0; returns st.  Neither is repeated in
 * the text: bmx_error_text() puts the line behind the place. */
bpemix_status bmx_with_line(bpemix_error *err, bpemix_status st, uint64_t line);
bpemix_status bmx_with_offset(bpemix_error *err, bpemix_status st, uint64_t offset);

bpemix_status bmx_nomem(bpemix_error *err);

/* An error of the system, with errno's text behind the message: BPEMIX_E_IO, or E_NOMEM if errno is
 * ENOMEM.  where: a name, which is shown as '' if it is empty; NULL: none. */
bpemix_status bmx_fail_errno(bpemix_error *err, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put a place in front of err->where: "fr.txt" before "line 3" gives
 * "fr.txt: line 3".  Returns the status already in err, or `status`. */
bpemix_status bmx_at(bpemix_error *err, bpemix_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "outer: inner", or what there is of the two.  Of what does not fit the end is kept, behind "...":
 * there paths differ, and what is inside of a file stands there. */
void bmx_put_place(char *buf, size_t size, const char *outer, const char *inner);

/* Printable form of n bytes in single quotes, cut to fit: for messages. */
const char *bmx_quote(char *buf, size_t size, const void *bytes, size_t n);

/* Copy text so that a terminal shows it: what bmx_utf8_is_control() and malformed bytes become
 * \xNN a byte, a newline \n.  All text from outside that the program shows passes
 * through here.  Length of the whole, as snprintf; cut between characters. */
size_t bmx_printable(char *buf, size_t size, const char *text);

/* Write "where:line: what; hint" into buf (always terminated); length of the whole, as snprintf. */
size_t bmx_error_text(const bpemix_error *err, char *buf, size_t size);

/* Short name of a status, for example "E_FORMAT". */
const char *bmx_status_name(bpemix_status status);

#endif
