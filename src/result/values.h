/* SPDX-License-Identifier: GPL-3.0-or-later */
/* values.h - named values in order: options, parameters of a step, what a file says of its
 * training.  For what is only recorded and shown; what the program reasons with has a
 * struct member of its own. */
#ifndef BMX_RESULT_VALUES_H
#define BMX_RESULT_VALUES_H

#include "base/error.h"
#include "base/mem.h"

/* Strings, owned. */
typedef struct bmx_texts {
    char **text; /* text[n] */
    size_t n, cap;
} bmx_texts;

bpemix_status bmx_texts_add(bmx_texts *t, bmx_slice s, bpemix_error *err); /* a copy */
/* s is freed on failure; NULL: E_NOMEM */
bpemix_status bmx_texts_take(bmx_texts *t, char *s, bpemix_error *err);
void bmx_texts_release(bmx_texts *t);

typedef enum bmx_value_kind {
    BMX_VALUE_NULL,
    BMX_VALUE_BOOL,
    BMX_VALUE_UINT,
    BMX_VALUE_INT,  /* below 0; what is not is BMX_VALUE_UINT */
    BMX_VALUE_REAL, /* not an integer */
    BMX_VALUE_TEXT,
    BMX_VALUE_LIST  /* of texts */
} bmx_value_kind;

typedef struct bmx_value {
    char *name;
    bmx_value_kind kind;
    bool flag;
    uint64_t number;
    int64_t negative;
    double real;
    char *text;
    bmx_texts list;
} bmx_value;

typedef struct bmx_values {
    bmx_value *value; /* value[n], in the order added; names are unique */
    size_t n, cap;
} bmx_values;

/* Add a value, or replace the one of that name.  NULL text, and a number that is not
 * finite, are BMX_VALUE_NULL; bytes that are not valid UTF-8 become U+FFFD. */
bpemix_status bmx_values_put_null(bmx_values *v, const char *name, bpemix_error *err);
bpemix_status bmx_values_put_bool(bmx_values *v, const char *name, bool flag, bpemix_error *err);
bpemix_status bmx_values_put_uint(bmx_values *v, const char *name, uint64_t n, bpemix_error *err);
bpemix_status bmx_values_put_int(bmx_values *v, const char *name, int64_t n, bpemix_error *err);
bpemix_status bmx_values_put_real(bmx_values *v, const char *name, double x, bpemix_error *err);
bpemix_status bmx_values_put_text(bmx_values *v, const char *name, const char *s,
                                  bpemix_error *err);
bpemix_status bmx_values_put_bytes(bmx_values *v, const char *name, bmx_slice s, bpemix_error *err);
/* An empty list, and one more text for the list of that name. */
bpemix_status bmx_values_put_list(bmx_values *v, const char *name, bpemix_error *err);
bpemix_status bmx_values_push(bmx_values *v, const char *name, bmx_slice text, bpemix_error *err);

/* NULL when there is none of that name. */
const bmx_value *bmx_values_get(const bmx_values *v, const char *name);
const char *bmx_values_text(const bmx_values *v, const char *name);      /* NULL unless a text */
uint64_t bmx_values_uint(const bmx_values *v, const char *name, uint64_t if_absent);
double bmx_values_real(const bmx_values *v, const char *name);           /* any number; NaN: none */
bool bmx_values_bool(const bmx_values *v, const char *name, bool if_absent);

bpemix_status bmx_values_copy(const bmx_values *from, bmx_values *to, bpemix_error *err);
void bmx_values_release(bmx_values *v);

#endif
