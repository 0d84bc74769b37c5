/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - JSON in and out.  json.c is the only user of cJSON.
 *
 * Reading is strict where cJSON is not: the text must be valid UTF-8, nothing
 * may follow the document, keys of an object may not repeat, and a zero byte or
 * \u0000 is refused (cJSON would end the string there).  Objects are walked, not searched,
 * where they may be large: cJSON's look-ups are linear. */
#ifndef BMX_BASE_JSON_H
#define BMX_BASE_JSON_H

#include "base/mem.h"

typedef struct cJSON bmx_json;

typedef enum {
    BMX_JSON_NULL,
    BMX_JSON_BOOL,
    BMX_JSON_NUMBER,
    BMX_JSON_STRING,
    BMX_JSON_ARRAY,
    BMX_JSON_OBJECT,
    BMX_JSON_ZERO_STRING /* in JSON of other programs: one that no C string can hold */
} bmx_json_kind;

/* ---- reading ---- */
bpemix_status bmx_json_parse(const char *where, bmx_slice text, bmx_json **out, bpemix_error *err);

/* JSON of another program, read as its own reader does: of members with the same key the last one
 * counts; keys may hold \u0000 (bmx_json_key_text), and other strings, too, as long as nobody asks
 * for their text (BMX_JSON_ZERO_STRING).  *repeats, zeroed by the caller, says how many members
 * were repeated. */
typedef struct bmx_json_repeats {
    unsigned n;
    char first[80]; /* key, quoted */
} bmx_json_repeats;

bpemix_status bmx_json_parse_foreign(const char *where, bmx_slice text, bmx_json **out,
                                     bmx_json_repeats *repeats, bpemix_error *err);

void bmx_json_free(bmx_json *j);

bmx_json_kind bmx_json_kind_of(const bmx_json *j);
const char *bmx_json_kind_name(bmx_json_kind kind); /* "a string" */
const bmx_json *bmx_json_first(const bmx_json *j); /* first child of array or object, or NULL */
const bmx_json *bmx_json_next(const bmx_json *j);
const char *bmx_json_key(const bmx_json *member);
/* The key with its zero bytes, in buf if it has any. */
bpemix_status bmx_json_key_text(const bmx_json *member, bmx_buf *buf, bmx_slice *text,
                                bpemix_error *err);
size_t bmx_json_count(const bmx_json *j);

/* Member of an object, NULL when absent or j is no object.  Linear. */
const bmx_json *bmx_json_get(const bmx_json *j, const char *key);
const char *bmx_json_string(const bmx_json *j);    /* NULL unless a string */
bool bmx_json_bool(const bmx_json *j, bool if_absent); /* if_absent: of NULL and other kinds */
bool bmx_json_is_null(const bmx_json *j);              /* absent or null */
/* A number that is an integer in 0 .. max. */
bool bmx_json_uint(const bmx_json *j, uint64_t max, uint64_t *out);
bool bmx_json_double(const bmx_json *j, double *out); /* any number, as written with 17 digits */

/* ---- writing: builders return NULL when memory is short; adding NULL is an
 * error kept in the parent, so that one check of bmx_json_print suffices ---- */
bmx_json *bmx_json_object(void);
bmx_json *bmx_json_array(void);
/* takes ownership; returns value */
bmx_json *bmx_json_put(bmx_json *obj, const char *key, bmx_json *value);
bmx_json *bmx_json_push(bmx_json *arr, bmx_json *value);
void bmx_json_put_str(bmx_json *obj, const char *key, const char *s);      /* NULL s writes null */
/* Any bytes: valid UTF-8 as it is, otherwise malformed bytes become U+FFFD. */
void bmx_json_put_bytes(bmx_json *obj, const char *key, bmx_slice s);
void bmx_json_put_uint(bmx_json *obj, const char *key, uint64_t v);        /* exact */
void bmx_json_put_int(bmx_json *obj, const char *key, int64_t v);
/* 17 digits; not finite: null */
void bmx_json_put_double(bmx_json *obj, const char *key, double v);
void bmx_json_put_bool(bmx_json *obj, const char *key, bool v);
bmx_json *bmx_json_new_str(const char *s);
bmx_json *bmx_json_new_bytes(bmx_slice s);
bmx_json *bmx_json_new_uint(uint64_t v);
bmx_json *bmx_json_new_int(int64_t v);
bmx_json *bmx_json_new_bool(bool v);
bmx_json *bmx_json_new_double(double v);

/* E_NOMEM when memory was short while j was built, NULL included. */
bpemix_status bmx_json_check(const bmx_json *j, bpemix_error *err);

/* Is the document complete, that is, was memory never short while it was built?  bmx_json_print()
 * checks this itself. */
bool bmx_json_is_whole(const bmx_json *j);

/* Indented text with a final newline; frees nothing. */
bpemix_status bmx_json_print(const bmx_json *j, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_json_print_compact(const bmx_json *j, bmx_buf *out, bpemix_error *err);

#endif
