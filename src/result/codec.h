/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec.h - members of structs to and from JSON, each listed once.
 *
 * A document is described by one function that calls these for every member, in the order of
 * the document.  Writing, they put the member; reading, they fill it in.  So what is written can
 * be read, and nothing is listed twice.
 *
 * Reading: a member that is absent or null leaves the struct as the caller has set it (unknown);
 * the first member of a wrong kind is the error, and the rest is skipped.  Writing: the tree keeps
 * lack of memory (json.h); status stays BPEMIX_OK, and the struct is not written to: several
 * threads may write documents of one. */
#ifndef BMX_RESULT_CODEC_H
#define BMX_RESULT_CODEC_H

#include "base/error.h"
#include "base/json.h"
#include "result/facts.h"

typedef struct bmx_codec {
    bool reading;
    bpemix_status status;
    bpemix_error *err;
} bmx_codec;

void bmx_codec_bad(bmx_codec *c, const char *key, const char *wanted);

/* Texts are owned; NULL is null. */
void bmx_codec_text(bmx_codec *c, bmx_json *obj, const char *key, char **x);
/* One that may not be absent or null. */
void bmx_codec_needed_text(bmx_codec *c, bmx_json *obj, const char *key, char **x);
void bmx_codec_bool(bmx_codec *c, bmx_json *obj, const char *key, bool *x);
/* NaN is null; read, none is beyond 1e15, which nothing in a document comes near. */
void bmx_codec_double(bmx_codec *c, bmx_json *obj, const char *key, double *x);
void bmx_codec_u64(bmx_codec *c, bmx_json *obj, const char *key, uint64_t *x);  /* below 2^53 */
void bmx_codec_u32(bmx_codec *c, bmx_json *obj, const char *key, uint32_t *x);
/* UINT32_MAX is null */
void bmx_codec_index(bmx_codec *c, bmx_json *obj, const char *key, uint32_t *x);
void bmx_codec_hex64(bmx_codec *c, bmx_json *obj, const char *key, uint64_t *x);
void bmx_codec_texts(bmx_codec *c, bmx_json *obj, const char *key, bmx_texts *x);
/* One of name[n]; a NULL name is null. */
void bmx_codec_choice(bmx_codec *c, bmx_json *obj, const char *key, const char *const *name,
                      unsigned n, unsigned *x);
/* *x is [n] and owned; NULL is null. */
void bmx_codec_doubles(bmx_codec *c, bmx_json *obj, const char *key, size_t n, double **x);
/* Named values as an object; without any, null if `optional`. */
void bmx_codec_values(bmx_codec *c, bmx_json *obj, const char *key, bmx_values *x, bool optional);

bmx_json *bmx_values_to_json(const bmx_values *v);

/* The section META of a trace; no options are null.  NULL when memory is short. */
bmx_json *bmx_trace_meta_to_json(const char *digest, const bmx_facts *facts,
                                 const bmx_values *options, const char *panel,
                                 bool named_panel);
bpemix_status bmx_values_from_json(const bmx_json *json, bmx_values *out, bpemix_error *err);

/* Merges as arrays [left, right]: x holds two texts each. */
void bmx_codec_merges(bmx_codec *c, bmx_json *obj, const char *key, bmx_texts *x);
/* One of them; a NULL left is null. */
void bmx_codec_pair(bmx_codec *c, bmx_json *obj, const char *key, char **left, char **right);

/* A member that is an object.  Writing: a new one.  Reading: NULL when it is absent or null. */
bmx_json *bmx_codec_object(bmx_codec *c, bmx_json *obj, const char *key);

/* A member that is an array: of *n elements of `size` bytes at *array, allocated when read (all
 * zero). */
bmx_json *bmx_codec_array(bmx_codec *c, bmx_json *obj, const char *key, void *array, size_t *n,
                          size_t size);
/* Its elements, one after the other: *at is NULL at first.  NULL: not an object. */
bmx_json *bmx_codec_element(bmx_codec *c, bmx_json *array, bmx_json **at);

#endif
