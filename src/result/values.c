/* SPDX-License-Identifier: GPL-3.0-or-later */
/* values.c - lists of texts and of named values. */
#include "result/values.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

/* ---- texts ---- */

bpemix_status bmx_texts_take(bmx_texts *t, char *s, bpemix_error *err)
{
    if (!s || bmx_reserve(&t->text, &t->cap, t->n + 1, sizeof *t->text, err)) {
        bmx_free(s);
        return bmx_nomem(err);
    }
    t->text[t->n++] = s;
    return BPEMIX_OK;
}

/* A copy that is valid UTF-8 and ends at its first NUL: malformed bytes become U+FFFD. */
static char *clean_copy(bmx_slice s)
{
    size_t size = 1, at = 0, valid = bmx_utf8_valid_prefix(s);
    const char *nul = memchr(s.ptr, 0, s.len);
    char *copy;

    if (nul)
        s.len = (size_t)(nul - s.ptr);
    if (valid >= s.len)
        return bmx_strndup(s.ptr, s.len);
    size += 3 * s.len;
    if (!(copy = bmx_malloc(size, 1)))
        return NULL;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);

        memcpy(copy + at, n ? s.ptr + i : "\xef\xbf\xbd", n ? n : 3);
        at += n ? n : 3;
        i += n ? n : 1;
    }
    copy[at] = 0;
    return copy;
}

bpemix_status bmx_texts_add(bmx_texts *t, bmx_slice s, bpemix_error *err)
{
    return bmx_texts_take(t, clean_copy(s), err);
}

void bmx_texts_release(bmx_texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        bmx_free(t->text[i]);
    bmx_free(t->text);
    *t = (bmx_texts){ 0 };
}

static bpemix_status texts_copy(const bmx_texts *from, bmx_texts *to, bpemix_error *err)
{
    bmx_texts copy = { 0 };

    for (size_t i = 0; i < from->n; i++)
        if (bmx_texts_take(&copy, bmx_strdup(from->text[i]), err)) {
            bmx_texts_release(&copy);
            return bmx_nomem(err);
        }
    *to = copy;
    return BPEMIX_OK;
}

/* ---- values ---- */

static void release_value(bmx_value *v)
{
    bmx_free(v->name);
    bmx_free(v->text);
    bmx_texts_release(&v->list);
}

/* A member of that name to fill in, without content. */
static bpemix_status place(bmx_values *v, const char *name, bmx_value **out, bpemix_error *err)
{
    bmx_value *x = (bmx_value *)(uintptr_t)bmx_values_get(v, name); /* v is ours to change */

    if (x) {
        char *kept = x->name;

        x->name = NULL;
        release_value(x);
        *x = (bmx_value){ .name = kept };
    } else {
        char *copy;

        if (bmx_reserve(&v->value, &v->cap, v->n + 1, sizeof *v->value, err))
            return bmx_nomem(err);
        if (!(copy = bmx_strdup(name)))
            return bmx_nomem(err);
        x = &v->value[v->n++];
        *x = (bmx_value){ .name = copy };
    }
    *out = x;
    return BPEMIX_OK;
}

bpemix_status bmx_values_put_null(bmx_values *v, const char *name, bpemix_error *err)
{
    bmx_value *x;

    return place(v, name, &x, err);
}

bpemix_status bmx_values_put_bool(bmx_values *v, const char *name, bool flag, bpemix_error *err)
{
    bmx_value *x;
    bpemix_status st = place(v, name, &x, err);

    if (!st) {
        x->kind = BMX_VALUE_BOOL;
        x->flag = flag;
    }
    return st;
}

bpemix_status bmx_values_put_uint(bmx_values *v, const char *name, uint64_t n, bpemix_error *err)
{
    bmx_value *x;
    bpemix_status st = place(v, name, &x, err);

    if (!st) {
        x->kind = BMX_VALUE_UINT;
        x->number = n;
    }
    return st;
}

bpemix_status bmx_values_put_int(bmx_values *v, const char *name, int64_t n, bpemix_error *err)
{
    bmx_value *x;
    bpemix_status st;

    if (n >= 0)
        return bmx_values_put_uint(v, name, (uint64_t)n, err);
    if (!(st = place(v, name, &x, err))) {
        x->kind = BMX_VALUE_INT;
        x->negative = n;
    }
    return st;
}

bpemix_status bmx_values_put_real(bmx_values *v, const char *name, double real, bpemix_error *err)
{
    bmx_value *x;
    bpemix_status st = place(v, name, &x, err);

    if (!st && isfinite(real)) {
        x->kind = BMX_VALUE_REAL;
        x->real = real;
    }
    return st;
}

bpemix_status bmx_values_put_bytes(bmx_values *v, const char *name, bmx_slice s, bpemix_error *err)
{
    char *copy = clean_copy(s);
    bmx_value *x;

    if (!copy || place(v, name, &x, err)) {
        bmx_free(copy);
        return bmx_nomem(err);
    }
    x->kind = BMX_VALUE_TEXT;
    x->text = copy;
    return BPEMIX_OK;
}

bpemix_status bmx_values_put_text(bmx_values *v, const char *name, const char *s, bpemix_error *err)
{
    return s ? bmx_values_put_bytes(v, name, bmx_slice_str(s), err)
             : bmx_values_put_null(v, name, err);
}

bpemix_status bmx_values_put_list(bmx_values *v, const char *name, bpemix_error *err)
{
    bmx_value *x;
    bpemix_status st = place(v, name, &x, err);

    if (!st)
        x->kind = BMX_VALUE_LIST;
    return st;
}

bpemix_status bmx_values_push(bmx_values *v, const char *name, bmx_slice text, bpemix_error *err)
{
    bmx_value *x = (bmx_value *)(uintptr_t)bmx_values_get(v, name); /* v is ours to change */

    if (!x || x->kind != BMX_VALUE_LIST)
        return bmx_fail(err, BPEMIX_E_BUG, "", "'%s' is not a list", name);
    return bmx_texts_add(&x->list, text, err);
}

const bmx_value *bmx_values_get(const bmx_values *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++)
        if (!strcmp(v->value[i].name, name))
            return &v->value[i];
    return NULL;
}

const char *bmx_values_text(const bmx_values *v, const char *name)
{
    const bmx_value *x = bmx_values_get(v, name);

    return x && x->kind == BMX_VALUE_TEXT ? x->text : NULL;
}

uint64_t bmx_values_uint(const bmx_values *v, const char *name, uint64_t if_absent)
{
    const bmx_value *x = bmx_values_get(v, name);

    return x && x->kind == BMX_VALUE_UINT ? x->number : if_absent;
}

double bmx_values_real(const bmx_values *v, const char *name)
{
    const bmx_value *x = bmx_values_get(v, name);

    switch (x ? x->kind : BMX_VALUE_NULL) {
    case BMX_VALUE_UINT: return (double)x->number;
    case BMX_VALUE_INT:  return (double)x->negative;
    case BMX_VALUE_REAL: return x->real;
    default:             return NAN;
    }
}

bool bmx_values_bool(const bmx_values *v, const char *name, bool if_absent)
{
    const bmx_value *x = bmx_values_get(v, name);

    return x && x->kind == BMX_VALUE_BOOL ? x->flag : if_absent;
}

bpemix_status bmx_values_copy(const bmx_values *from, bmx_values *to, bpemix_error *err)
{
    bmx_values copy = { 0 };

    for (size_t i = 0; i < from->n; i++) {
        const bmx_value *x = &from->value[i];
        bmx_value *y;

        if (place(&copy, x->name, &y, err) || (x->text && !(y->text = bmx_strdup(x->text))) ||
            texts_copy(&x->list, &y->list, err)) {
            bmx_values_release(&copy);
            return bmx_nomem(err);
        }
        y->kind = x->kind;
        y->flag = x->flag;
        y->number = x->number;
        y->negative = x->negative;
        y->real = x->real;
    }
    *to = copy;
    return BPEMIX_OK;
}

void bmx_values_release(bmx_values *v)
{
    for (size_t i = 0; i < v->n; i++)
        release_value(&v->value[i]);
    bmx_free(v->value);
    *v = (bmx_values){ 0 };
}
