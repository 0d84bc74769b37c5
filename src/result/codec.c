/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec.c - one function a kind of member, each for writing and for reading. */
#include "result/codec.h"
#include "base/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void bmx_codec_bad(bmx_codec *c, const char *key, const char *wanted)
{
    if (!c->status)
        c->status = bmx_fail_hint(c->err, BPEMIX_E_FORMAT, key,
                                  "give a document that bpemix has written", "not %s", wanted);
}

/* Reading: a member that is there and not null; NULL too after a failure. */
static const bmx_json *member(const bmx_codec *c, const bmx_json *obj, const char *key)
{
    const bmx_json *m = c->status ? NULL : bmx_json_get(obj, key);

    return bmx_json_is_null(m) ? NULL : m;
}

static void *allocate(bmx_codec *c, size_t n, size_t size)
{
    void *p = bmx_calloc(n, size);

    if (!p)
        c->status = bmx_nomem(c->err);
    return p;
}

void bmx_codec_text(bmx_codec *c, bmx_json *obj, const char *key, char **x)
{
    const bmx_json *m;
    const char *s;

    if (!c->reading) {
        bmx_json_put_str(obj, key, *x);
        return;
    }
    m = member(c, obj, key);
    s = bmx_json_string(m);
    if (m && !s)
        bmx_codec_bad(c, key, "a string");
    if (!s)
        return;
    bmx_free(*x);
    if (!(*x = bmx_strdup(s)))
        c->status = bmx_nomem(c->err);
}

void bmx_codec_needed_text(bmx_codec *c, bmx_json *obj, const char *key, char **x)
{
    bmx_codec_text(c, obj, key, x);
    if (c->reading && !c->status && !*x)
        bmx_codec_bad(c, key, "there");
}

/* Beyond this, what is computed with a number and printed of it would be infinite. */
#define LARGEST 1e15

void bmx_codec_bool(bmx_codec *c, bmx_json *obj, const char *key, bool *x)
{
    const bmx_json *m;

    if (!c->reading) {
        bmx_json_put_bool(obj, key, *x);
        return;
    }
    m = member(c, obj, key);
    if (m && bmx_json_kind_of(m) != BMX_JSON_BOOL)
        bmx_codec_bad(c, key, "true or false");
    else if (m)
        *x = bmx_json_bool(m, false);
}

void bmx_codec_double(bmx_codec *c, bmx_json *obj, const char *key, double *x)
{
    const bmx_json *m;

    if (!c->reading) {
        bmx_json_put_double(obj, key, *x);
        return;
    }
    m = member(c, obj, key);
    if (m && (!bmx_json_double(m, x) || fabs(*x) > LARGEST))
        bmx_codec_bad(c, key, "a number of usual size");
}

void bmx_codec_u64(bmx_codec *c, bmx_json *obj, const char *key, uint64_t *x)
{
    const bmx_json *m;

    if (!c->reading) {
        bmx_json_put_uint(obj, key, *x);
        return;
    }
    m = member(c, obj, key);
    if (m && !bmx_json_uint(m, (uint64_t)1 << 53, x))
        bmx_codec_bad(c, key, "a count");
}

void bmx_codec_u32(bmx_codec *c, bmx_json *obj, const char *key, uint32_t *x)
{
    uint64_t n = *x;

    bmx_codec_u64(c, obj, key, &n);
    if (n > UINT32_MAX)
        bmx_codec_bad(c, key, "a count below 4294967296");
    else if (c->reading)
        *x = (uint32_t)n;
}

void bmx_codec_index(bmx_codec *c, bmx_json *obj, const char *key, uint32_t *x)
{
    if (!c->reading && *x == UINT32_MAX)
        bmx_json_put_str(obj, key, NULL);
    else
        bmx_codec_u32(c, obj, key, x);
}

void bmx_codec_hex64(bmx_codec *c, bmx_json *obj, const char *key, uint64_t *x)
{
    const bmx_json *m;
    const char *s;
    char digits[17];

    if (!c->reading) {
        bmx_snprintf(digits, sizeof digits, "%016llx", (unsigned long long)*x);
        bmx_json_put_str(obj, key, digits);
        return;
    }
    m = member(c, obj, key);
    s = bmx_json_string(m);
    if (m && (!s || strlen(s) != 16 || strspn(s, "0123456789abcdef") != 16))
        bmx_codec_bad(c, key, "sixteen hexadecimal digits");
    else if (m)
        *x = strtoull(s, NULL, 16);
}

void bmx_codec_choice(bmx_codec *c, bmx_json *obj, const char *key, const char *const *name,
                      unsigned n, unsigned *x)
{
    const bmx_json *m;
    const char *s;

    if (!c->reading) {
        bmx_json_put_str(obj, key, name[*x]);
        return;
    }
    m = member(c, obj, key);
    s = bmx_json_string(m);
    for (unsigned i = 0; s && i < n; i++)
        if (name[i] && !strcmp(name[i], s)) {
            *x = i;
            return;
        }
    if (m)
        bmx_codec_bad(c, key, "one of the choices");
}

/* Reading: an array, with its length; NULL when there is none. */
static const bmx_json *get_array(bmx_codec *c, const bmx_json *obj, const char *key, size_t *n)
{
    const bmx_json *m = member(c, obj, key);

    if (m && bmx_json_kind_of(m) != BMX_JSON_ARRAY) {
        bmx_codec_bad(c, key, "an array");
        m = NULL;
    }
    *n = m ? bmx_json_count(m) : 0;
    return m;
}

void bmx_codec_texts(bmx_codec *c, bmx_json *obj, const char *key, bmx_texts *x)
{
    const bmx_json *m;
    size_t n;

    if (!c->reading) {
        bmx_json *arr = bmx_json_put(obj, key, bmx_json_array());

        for (size_t i = 0; i < x->n; i++)
            bmx_json_push(arr, bmx_json_new_str(x->text[i]));
        return;
    }
    m = get_array(c, obj, key, &n);
    for (m = bmx_json_first(m); m && !c->status; m = bmx_json_next(m)) {
        const char *s = bmx_json_string(m);

        if (s)
            c->status = bmx_texts_add(x, bmx_slice_str(s), c->err);
        else
            bmx_codec_bad(c, key, "an array of strings");
    }
}

void bmx_codec_doubles(bmx_codec *c, bmx_json *obj, const char *key, size_t n, double **x)
{
    const bmx_json *m;
    size_t got, i = 0;

    if (!c->reading) {
        bmx_json *arr;

        if (!*x) {
            bmx_json_put_str(obj, key, NULL);
            return;
        }
        arr = bmx_json_put(obj, key, bmx_json_array());
        for (; i < n; i++)
            bmx_json_push(arr, bmx_json_new_double((*x)[i]));
        return;
    }
    if (!(m = get_array(c, obj, key, &got)))
        return;
    if (got != n) {
        bmx_codec_bad(c, key, "an array of the right length");
        return;
    }
    if (!(*x = allocate(c, n, sizeof **x)))
        return;
    for (m = bmx_json_first(m); m; m = bmx_json_next(m), i++) {
        (*x)[i] = NAN;
        if (!bmx_json_is_null(m) && (!bmx_json_double(m, &(*x)[i]) || fabs((*x)[i]) > LARGEST))
            bmx_codec_bad(c, key, "an array of numbers of usual size");
    }
}

/* [left, right] */
static bmx_json *pair_json(const char *left, const char *right)
{
    bmx_json *arr = bmx_json_array();

    bmx_json_push(arr, bmx_json_new_str(left));
    bmx_json_push(arr, bmx_json_new_str(right));
    return arr;
}

static bool is_pair(const bmx_json *m, const char **left, const char **right)
{
    const bmx_json *first = bmx_json_kind_of(m) == BMX_JSON_ARRAY ? bmx_json_first(m) : NULL;

    *left = bmx_json_string(first);
    *right = bmx_json_string(first ? bmx_json_next(first) : NULL);
    return *left && *right && bmx_json_count(m) == 2;
}

void bmx_codec_merges(bmx_codec *c, bmx_json *obj, const char *key, bmx_texts *x)
{
    const bmx_json *m;
    size_t n;

    if (!c->reading) {
        bmx_json *arr = bmx_json_put(obj, key, bmx_json_array());

        for (size_t i = 0; i + 1 < x->n; i += 2)
            bmx_json_push(arr, pair_json(x->text[i], x->text[i + 1]));
        return;
    }
    m = get_array(c, obj, key, &n);
    for (m = bmx_json_first(m); m && !c->status; m = bmx_json_next(m)) {
        const char *left, *right;

        if (!is_pair(m, &left, &right))
            bmx_codec_bad(c, key, "an array of merges");
        else if (!(c->status = bmx_texts_add(x, bmx_slice_str(left), c->err)))
            c->status = bmx_texts_add(x, bmx_slice_str(right), c->err);
    }
}

void bmx_codec_pair(bmx_codec *c, bmx_json *obj, const char *key, char **left, char **right)
{
    const bmx_json *m;
    const char *l, *r;

    if (!c->reading) {
        bmx_json_put(obj, key, *left ? pair_json(*left, *right) : bmx_json_new_str(NULL));
        return;
    }
    if (!(m = member(c, obj, key)))
        return;
    if (!is_pair(m, &l, &r))
        bmx_codec_bad(c, key, "a merge");
    else if (!(*left = bmx_strdup(l)) || !(*right = bmx_strdup(r)))
        c->status = bmx_nomem(c->err);
}

bmx_json *bmx_codec_object(bmx_codec *c, bmx_json *obj, const char *key)
{
    const bmx_json *m;

    if (!c->reading)
        return bmx_json_put(obj, key, bmx_json_object());
    m = member(c, obj, key);
    if (m && bmx_json_kind_of(m) != BMX_JSON_OBJECT) {
        bmx_codec_bad(c, key, "an object");
        m = NULL;
    }
    return (bmx_json *)(uintptr_t)m; /* not changed by those who read */
}

bmx_json *bmx_codec_array(bmx_codec *c, bmx_json *obj, const char *key, void *array, size_t *n,
                          size_t size)
{
    const bmx_json *m;
    void *p;

    if (!c->reading)
        return bmx_json_put(obj, key, bmx_json_array());
    if (!(m = get_array(c, obj, key, n)))
        return NULL;
    if (!(p = allocate(c, *n, size)))
        *n = 0;
    memcpy(array, &p, sizeof p);
    return (bmx_json *)(uintptr_t)m;
}

bmx_json *bmx_codec_element(bmx_codec *c, bmx_json *array, bmx_json **at)
{
    const bmx_json *m;

    if (!c->reading)
        return bmx_json_push(array, bmx_json_object());
    m = *at ? bmx_json_next(*at) : bmx_json_first(array);
    *at = (bmx_json *)(uintptr_t)m;
    if (m && bmx_json_kind_of(m) == BMX_JSON_OBJECT)
        return *at;
    bmx_codec_bad(c, "", "an array of objects");
    return NULL;
}

/* ---- named values ---- */

static bmx_json *value_json(const bmx_value *x)
{
    bmx_json *arr;

    switch (x->kind) {
    case BMX_VALUE_BOOL: return bmx_json_new_bool(x->flag);
    case BMX_VALUE_UINT: return bmx_json_new_uint(x->number);
    case BMX_VALUE_INT:  return bmx_json_new_int(x->negative);
    case BMX_VALUE_REAL: return bmx_json_new_double(x->real);
    case BMX_VALUE_TEXT: return bmx_json_new_str(x->text);
    case BMX_VALUE_LIST:
        arr = bmx_json_array();
        for (size_t i = 0; i < x->list.n; i++)
            bmx_json_push(arr, bmx_json_new_str(x->list.text[i]));
        return arr;
    default:             return bmx_json_new_str(NULL);
    }
}

static bpemix_status read_value(const bmx_json *m, bmx_values *out, bpemix_error *err)
{
    const char *key = bmx_json_key(m), *s;
    bpemix_status st = BPEMIX_OK;
    double d = 0;

    switch (bmx_json_kind_of(m)) {
    case BMX_JSON_BOOL:   return bmx_values_put_bool(out, key, bmx_json_bool(m, false), err);
    case BMX_JSON_STRING: return bmx_values_put_text(out, key, bmx_json_string(m), err);
    case BMX_JSON_NUMBER:
        bmx_json_double(m, &d);
        if (d == floor(d) && fabs(d) <= 0x1p53)
            return bmx_values_put_int(out, key, (int64_t)d, err);
        return bmx_values_put_real(out, key, d, err);
    case BMX_JSON_ARRAY:
        st = bmx_values_put_list(out, key, err);
        for (const bmx_json *x = bmx_json_first(m); x && !st; x = bmx_json_next(x))
            st = (s = bmx_json_string(x))
                     ? bmx_values_push(out, key, bmx_slice_str(s), err)
                     : bmx_fail(err, BPEMIX_E_FORMAT, key, "not an array of strings");
        return st;
    case BMX_JSON_OBJECT:
        return bmx_fail(err, BPEMIX_E_FORMAT, key, "an object where a value should be");
    default:              return bmx_values_put_null(out, key, err);
    }
}

bmx_json *bmx_values_to_json(const bmx_values *v)
{
    bmx_json *o = bmx_json_object();

    for (size_t i = 0; i < v->n; i++)
        bmx_json_put(o, v->value[i].name, value_json(&v->value[i]));
    return o;
}

bpemix_status bmx_values_from_json(const bmx_json *json, bmx_values *out, bpemix_error *err)
{
    bmx_values v = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (const bmx_json *m = bmx_json_first(json); m && !st; m = bmx_json_next(m))
        st = read_value(m, &v, err);
    if (st) {
        bmx_values_release(&v);
        return st;
    }
    *out = v;
    return BPEMIX_OK;
}

void bmx_codec_values(bmx_codec *c, bmx_json *obj, const char *key, bmx_values *x, bool optional)
{
    const bmx_json *m;

    if (!c->reading && optional && !x->n)
        bmx_json_put_str(obj, key, NULL);
    else if (!c->reading)
        bmx_json_put(obj, key, bmx_values_to_json(x));
    else if ((m = bmx_codec_object(c, obj, key)))
        c->status = bmx_values_from_json(m, x, c->err);
}
