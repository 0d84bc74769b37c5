/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.c - JSON by cJSON, but stricter, and without loss of digits.
 *
 * Reading checks the text first (UTF-8, zero bytes, broken escapes, depth, number of values) and
 * the keys afterwards.  Writing keeps numbers as text, so that counts stay exact and doubles
 * have 17 digits.  An object that lacks a member because memory was short is marked (SPOILED),
 * which the printer finds, so that single calls need not be checked. */
#include "base/json.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/json_skip.h"
#include "base/utf8.h"
#include "base/version.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* Line (from 1) of a byte offset. */
static int64_t line_of(bmx_slice text, size_t offset)
{
    int64_t line = 1;
    for (size_t i = 0; i < offset && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static bpemix_status fail_hint_at(const char *where, bmx_slice text, size_t offset,
                                  const char *hint, const char *what, bpemix_error *err)
{
    bmx_fail_hint(err, BPEMIX_E_FORMAT, where, hint, "byte %zu: %s", offset, what);
    if (err) {
        err->line = line_of(text, offset);
        err->offset = (int64_t)offset;
    }
    return BPEMIX_E_FORMAT;
}

static bpemix_status fail_at(const char *where, bmx_slice text, size_t offset, const char *what,
                             bpemix_error *err)
{
    return fail_hint_at(where, text, offset, "check that the file is whole", what, err);
}

static bpemix_status fail_zero(const char *where, bmx_slice text, size_t offset, bpemix_error *err)
{
    return fail_hint_at(where, text, offset, "leave out what holds it",
                        "\\u0000 in a string, which cannot be read here", err);
}

static bool is_hex(const char *p, int n)
{
    while (n > 0 && isxdigit((unsigned char)*p)) {
        p++;
        n--;
    }
    return n == 0;
}

/* Offset of an escape that cJSON would silently take for the end of the string:
 * "\u0000", unless `zeros` may be, and "\u" without four hex digits; SIZE_MAX when there is
 * none. */
static size_t find_bad_escape(bmx_slice t, bool zeros)
{
    const char *p = t.ptr, *end = t.ptr + t.len;

    while (p && p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
        if (end - p >= 2 && p[1] == 'u' &&
            (end - p < 6 || !is_hex(p + 2, 4) || (!zeros && !memcmp(p + 2, "0000", 4))))
            return (size_t)(p - t.ptr);
        p += 2;
    }
    return SIZE_MAX;
}

/* Repeated keys would make "the" value depend on the reader: refused, or the last one is kept. */
static bpemix_status check_object(const char *where, cJSON *j, bmx_json_repeats *repeats,
                                  bpemix_error *err)
{
    bmx_intern keys = { 0 };
    cJSON **with = NULL; /* with[key]: the member */
    size_t cap = 0;
    bpemix_status st = bmx_intern_reserve(&keys, bmx_json_count(j), err);

    for (cJSON *m = j->child; m && !st; m = m->next) {
        uint32_t id;
        bool is_new = true;
        char q[80];

        if ((st = bmx_intern_add(&keys, bmx_slice_str(m->string), &id, &is_new, err)))
            break;
        if (!is_new && !repeats)
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "keep one of them",
                               "key %s occurs twice in one object",
                               bmx_quote(q, sizeof q, m->string, strlen(m->string)));
        else if (!is_new) {
            if (!repeats->n++)
                bmx_quote(repeats->first, sizeof repeats->first, m->string, strlen(m->string));
            cJSON_Delete(cJSON_DetachItemViaPointer(j, with[id]));
        }
        if (repeats && !(st = bmx_reserve(&with, &cap, keys.n, sizeof(cJSON *), err)))
            with[id] = m;
    }
    bmx_intern_release(&keys);
    bmx_free(with);
    return st;
}

static bpemix_status check_keys(const char *where, cJSON *j, bmx_json_repeats *repeats,
                                bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (; j && !st; j = j->next) {
        if (j->child && cJSON_IsObject(j))
            st = check_object(where, j, repeats, err);
        if (!st && j->child)
            st = check_keys(where, j->child, repeats, err);
    }
    return st;
}

/* cJSON takes some 80 bytes for each value.  A text whose values have less than 3 bytes on
 * average is not one of our documents, and would take more than 20 times its size. */
static bool has_too_many_values(bmx_slice t)
{
    size_t n = 0;

    for (size_t i = 0; i < t.len; i++)
        n += t.ptr[i] == ',' || t.ptr[i] == '[';
    return n > 1000 && n > t.len / 4;
}

/* cJSON recurses, and gives up at 1,000 levels.  No known document is nested deeper than this;
 * deeper values are checked, and read as null. */
#define DEEPEST 900

/* The next bracket that would open another level than DEEPEST, SIZE_MAX: none.  *at: where to
 * look from, and then where it is; *depth: levels open there. */
static bool find_deep(bmx_slice t, size_t *at, size_t *depth)
{
    for (size_t i = *at; i < t.len; i++) {
        char c = t.ptr[i];

        if (c == '"') {
            for (i++; i < t.len && t.ptr[i] != '"'; i++)
                i += t.ptr[i] == '\\';
        } else if (c == '{' || c == '[') {
            *at = i;
            if (*depth == DEEPEST)
                return true;
            ++*depth;
        } else if ((c == '}' || c == ']') && *depth) {
            --*depth;
        }
    }
    return false;
}

/* How often a byte occurs, or `most` if more often. */
static size_t count_up_to(bmx_slice t, char byte, size_t most)
{
    const char *p = t.ptr, *end = t.ptr + t.len;
    size_t n = 0;

    while (n < most && p < end && (p = memchr(p, byte, (size_t)(end - p)))) {
        n++;
        p++;
    }
    return n;
}

/* A copy of the text with nulls in place of what is nested too deeply, in which every other
 * byte is where it was; *flat stays empty when there is none. */
static bpemix_status flatten(const char *where, bmx_slice text, bmx_buf *flat, bpemix_error *err)
{
    size_t at = 0, depth = 0;
    bpemix_status st = BPEMIX_OK;

    if (count_up_to(text, '[', DEEPEST) + count_up_to(text, '{', DEEPEST) < DEEPEST)
        return BPEMIX_OK;
    while (!st && find_deep(text, &at, &depth)) {
        bmx_json_walk w = { .p = text.ptr + at, .end = text.ptr + text.len };
        bool good = bmx_json_skip(&w);
        size_t len = (size_t)(w.p - (text.ptr + at));

        bmx_buf_release(&w.open);
        if (w.nomem)
            return bmx_nomem(err);
        if (!good)
            return fail_at(where, text, at + len,
                           w.p == w.end ? "JSON ends too early" : "not valid JSON", err);
        if (!flat->len)
            st = bmx_buf_add(flat, text.ptr, text.len, err);
        if (!st && len >= 4) { /* "[1]" has one level more, which is allowed */
            memset(flat->ptr + at, ' ', len);
            memcpy(flat->ptr + at, "null", 4);
        }
        at += len;
    }
    return st;
}

static bpemix_status parse(const char *where, bmx_slice text, bmx_json **out,
                           bmx_json_repeats *repeats, bpemix_error *err)
{
    const char *end = NULL;
    const bmx_slice whole = text;
    bpemix_status st;
    locale_t before;
    cJSON *j;

    if (has_too_many_values(text))
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, where, "check what the file is",
                             "too many values for its size");
    if (text.len >= 3 && !memcmp(text.ptr, "\xef\xbb\xbf", 3))
        text = bmx_slice_of(text.ptr + 3, text.len - 3);
    errno = 0; /* cJSON does not tell lack of memory from damage, but malloc() does */
    before = bmx_locale_c(); /* cJSON takes the program's decimal point, if it is one byte */
    j = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, false);
    bmx_locale_back(before);
    if (!j && errno == ENOMEM)
        return bmx_nomem(err);
    if (!j) {
        size_t at = end && end >= text.ptr ? (size_t)(end - whole.ptr) : whole.len;
        return fail_at(where, whole, at, at >= whole.len ? "JSON ends too early" : "not valid JSON",
                       err);
    }
    while (end < text.ptr + text.len && memchr(" \t\r\n", *end, 4))
        end++;
    if (end < text.ptr + text.len) {
        st = fail_at(where, whole, (size_t)(end - whole.ptr), "text after the end of the JSON",
                     err);
        cJSON_Delete(j);
        return st;
    }
    if ((st = check_keys(where, j, repeats, err))) {
        cJSON_Delete(j);
        return st;
    }
    *out = j;
    return BPEMIX_OK;
}

/* ---- zero bytes in strings ----
 *
 * cJSON's strings end at a zero byte.  In place of one they have C0 80, which is never in valid
 * UTF-8. */
#define ZERO "\xc0\x80"

static const char *find_zero(const char *p, const char *end)
{
    for (; p < end && (p = memchr(p, '\\', (size_t)(end - p))); p += 2)
        if (end - p >= 6 && !memcmp(p + 1, "u0000", 5))
            return p;
    return NULL;
}

/* A copy of the text with ZERO for \u0000. */
static bpemix_status replace_zeros(bmx_slice text, bmx_buf *out, bpemix_error *err)
{
    const char *p = text.ptr, *end = p + text.len, *zero;
    bpemix_status st = BPEMIX_OK;

    for (; !st && (zero = find_zero(p, end)); p = zero + 6)
        if (!(st = bmx_buf_add(out, p, (size_t)(zero - p), err)))
            st = bmx_buf_add(out, ZERO, 2, err);
    return st ? st : bmx_buf_add(out, p, (size_t)(end - p), err);
}

/* Where the byte at `at` of such a copy stands in the text. */
static size_t place_before(bmx_slice text, size_t at)
{
    const char *p = text.ptr, *end = p + text.len, *zero;

    for (; (zero = find_zero(p, end)) && (size_t)(zero - text.ptr) < at; p = zero + 6)
        at += 4;
    return at;
}

bpemix_status bmx_json_key_text(const bmx_json *member, bmx_buf *buf, bmx_slice *text,
                                bpemix_error *err)
{
    const char *p = member->string, *zero;
    bpemix_status st = BPEMIX_OK;

    *text = bmx_slice_str(p);
    if (!strstr(p, ZERO))
        return BPEMIX_OK;
    buf->len = 0;
    for (; !st && (zero = strstr(p, ZERO)); p = zero + 2)
        if (!(st = bmx_buf_add(buf, p, (size_t)(zero - p), err)))
            st = bmx_buf_addc(buf, 0, err);
    if (!st)
        st = bmx_buf_add(buf, p, strlen(p), err);
    *text = bmx_slice_of(buf->ptr, buf->len);
    return st;
}

/* ---- a whole document ---- */

static bpemix_status parse_checked(const char *where, bmx_slice text, bmx_json **out,
                                   bmx_json_repeats *repeats, bpemix_error *err)
{
    const char *zero = text.len ? memchr(text.ptr, 0, text.len) : NULL;
    size_t bad = bmx_utf8_valid_prefix(text), nul;
    bmx_buf flat = { 0 }, without = { 0 };
    const bmx_slice whole = text;
    bpemix_status st = BPEMIX_OK;

    if (bad < text.len)
        return fail_at(where, text, bad, "not UTF-8", err);
    if (zero) /* cJSON would take it for the end of a string */
        return fail_at(where, text, (size_t)(zero - text.ptr), "a zero byte", err);
    if ((nul = find_bad_escape(text, repeats != NULL)) != SIZE_MAX)
        return text.len - nul >= 6 && !memcmp(text.ptr + nul, "\\u0000", 6)
                   ? fail_zero(where, text, nul, err)
                   : fail_at(where, text, nul, "a broken \\u escape", err);
    if (repeats && text.len && find_zero(text.ptr, text.ptr + text.len) &&
        !(st = replace_zeros(text, &without, err)))
        text = bmx_slice_of(without.ptr, without.len);
    if (!st && !(st = flatten(where, text, &flat, err)))
        st = parse(where, flat.len ? bmx_slice_of(flat.ptr, flat.len) : text, out, repeats, err);
    if (st && without.len && err && err->offset >= 0) { /* a place in the copy */
        char what[sizeof err->what];
        const char *colon = strstr(err->what, ": "); /* behind "byte N" */

        bmx_snprintf(what, sizeof what, "%s", colon ? colon + 2 : err->what);
        fail_at(where, whole, place_before(whole, (size_t)err->offset), what, err);
    }
    bmx_buf_release(&flat);
    bmx_buf_release(&without);
    return st;
}

bpemix_status bmx_json_parse(const char *where, bmx_slice text, bmx_json **out, bpemix_error *err)
{
    return parse_checked(where, text, out, NULL, err);
}

bpemix_status bmx_json_parse_foreign(const char *where, bmx_slice text, bmx_json **out,
                                     bmx_json_repeats *repeats, bpemix_error *err)
{
    return parse_checked(where, text, out, repeats, err);
}

void bmx_json_free(bmx_json *j) { cJSON_Delete(j); }

bmx_json_kind bmx_json_kind_of(const bmx_json *j)
{
    if (!j || cJSON_IsNull(j))
        return BMX_JSON_NULL;
    return cJSON_IsBool(j)     ? BMX_JSON_BOOL
           : cJSON_IsNumber(j) || cJSON_IsRaw(j) ? BMX_JSON_NUMBER
           : cJSON_IsString(j) ? (strstr(j->valuestring, ZERO) ? BMX_JSON_ZERO_STRING
                                                               : BMX_JSON_STRING)
           : cJSON_IsArray(j)  ? BMX_JSON_ARRAY
                               : BMX_JSON_OBJECT;
}

const char *bmx_json_kind_name(bmx_json_kind kind)
{
    static const char *const names[] = {
        [BMX_JSON_NULL] = "null",       [BMX_JSON_BOOL] = "true or false",
        [BMX_JSON_NUMBER] = "a number", [BMX_JSON_STRING] = "a string",
        [BMX_JSON_ARRAY] = "an array",  [BMX_JSON_OBJECT] = "an object",
        [BMX_JSON_ZERO_STRING] = "a string with \\u0000, which cannot be read here,",
    };
    return names[kind];
}

const bmx_json *bmx_json_first(const bmx_json *j) { return j ? j->child : NULL; }
const bmx_json *bmx_json_next(const bmx_json *j) { return j->next; }
const char *bmx_json_key(const bmx_json *member) { return member->string; }

size_t bmx_json_count(const bmx_json *j)
{
    size_t n = 0;
    for (const bmx_json *c = bmx_json_first(j); c; c = c->next)
        n++;
    return n;
}

const bmx_json *bmx_json_get(const bmx_json *j, const char *key)
{
    return j && cJSON_IsObject(j) ? cJSON_GetObjectItemCaseSensitive(j, key) : NULL;
}

const char *bmx_json_string(const bmx_json *j)
{
    return bmx_json_kind_of(j) == BMX_JSON_STRING ? j->valuestring : NULL;
}

bool bmx_json_bool(const bmx_json *j, bool if_absent)
{
    return j && cJSON_IsBool(j) ? cJSON_IsTrue(j) : if_absent;
}

bool bmx_json_is_null(const bmx_json *j) { return !j || cJSON_IsNull(j); }

bool bmx_json_double(const bmx_json *j, double *out)
{
    if (j && cJSON_IsRaw(j)) { /* a number that was written by bmx_json_put_...() */
        char *end;
        double d = bmx_strtod(j->valuestring, &end);

        if (*end || end == j->valuestring)
            return false;
        *out = d;
        return true;
    }
    if (!j || !cJSON_IsNumber(j))
        return false;
    *out = j->valuedouble;
    return true;
}

bool bmx_json_uint(const bmx_json *j, uint64_t max, uint64_t *out)
{
    double d;

    if (!bmx_json_double(j, &d) || !(d >= 0) || d > (double)max || d != floor(d) || d > 0x1p53)
        return false;
    *out = (uint64_t)d;
    return true;
}

/* ---- writing ---- */

bmx_json *bmx_json_object(void) { return cJSON_CreateObject(); }
bmx_json *bmx_json_array(void) { return cJSON_CreateArray(); }

enum { SPOILED = 1 << 12 }; /* in a node's type, beside the flags of cJSON */

/* A failed addition leaves an invalid node behind, which bmx_json_print finds. */
static void spoil(cJSON *parent)
{
    if (parent)
        parent->type |= SPOILED;
}

bmx_json *bmx_json_put(bmx_json *obj, const char *key, bmx_json *value)
{
    if (!value || !obj || !cJSON_AddItemToObject(obj, key, value)) {
        spoil(obj);
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

bmx_json *bmx_json_push(bmx_json *arr, bmx_json *value)
{
    if (!value || !arr || !cJSON_AddItemToArray(arr, value)) {
        spoil(arr);
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

bmx_json *bmx_json_new_bytes(bmx_slice s)
{
    bmx_buf b = { 0 };
    bpemix_error err;
    bpemix_status st = BPEMIX_OK;
    bmx_json *j;

    for (size_t i = 0; i < s.len && !st;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (n && cp)
            st = bmx_buf_add(&b, s.ptr + i, n, &err);
        else
            st = bmx_buf_add(&b, n ? "\xe2\x90\x80" : "\xef\xbf\xbd", 3, &err); /* NUL: U+2400 */
        i += n ? n : 1;
    }
    if (!st)
        st = bmx_buf_addc(&b, 0, &err);
    j = st ? NULL : cJSON_CreateString(b.ptr);
    bmx_buf_release(&b);
    return j;
}

bmx_json *bmx_json_new_str(const char *s)
{
    return s ? bmx_json_new_bytes(bmx_slice_str(s)) : cJSON_CreateNull();
}

bmx_json *bmx_json_new_uint(uint64_t v)
{
    char text[32];
    bmx_snprintf(text, sizeof text, "%" PRIu64, v);
    return cJSON_CreateRaw(text);
}

bmx_json *bmx_json_new_double(double v)
{
    char text[40];

    if (!isfinite(v))
        return cJSON_CreateNull();
    if (v == 0)
        v = 0; /* no "-0" */
    bmx_snprintf(text, sizeof text, "%.17g", v);
    return cJSON_CreateRaw(text);
}

void bmx_json_put_str(bmx_json *obj, const char *key, const char *s)
{
    bmx_json_put(obj, key, bmx_json_new_str(s));
}

void bmx_json_put_bytes(bmx_json *obj, const char *key, bmx_slice s)
{
    bmx_json_put(obj, key, bmx_json_new_bytes(s));
}

void bmx_json_put_uint(bmx_json *obj, const char *key, uint64_t v)
{
    bmx_json_put(obj, key, bmx_json_new_uint(v));
}

bmx_json *bmx_json_new_int(int64_t v)
{
    char text[32];
    bmx_snprintf(text, sizeof text, "%" PRId64, v);
    return cJSON_CreateRaw(text);
}

void bmx_json_put_int(bmx_json *obj, const char *key, int64_t v)
{
    bmx_json_put(obj, key, bmx_json_new_int(v));
}

void bmx_json_put_double(bmx_json *obj, const char *key, double v)
{
    bmx_json_put(obj, key, bmx_json_new_double(v));
}

bmx_json *bmx_json_new_bool(bool v) { return cJSON_CreateBool(v); }

void bmx_json_put_bool(bmx_json *obj, const char *key, bool v)
{
    bmx_json_put(obj, key, bmx_json_new_bool(v));
}

static bool spoiled(const cJSON *j)
{
    for (; j; j = j->next)
        if (j->type & SPOILED || (j->child && spoiled(j->child)))
            return true;
    return false;
}

bool bmx_json_is_whole(const bmx_json *j) { return j && !spoiled(j); }

/* JSON as cJSON prints it, with what a terminal must not get written as an escape, too. */
static bpemix_status put_printed(const char *text, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    size_t left = strlen(text), plain = 0; /* bytes in front of `text` that are not yet in out */

    while (left && !st) {
        uint32_t c = 0;
        unsigned n = bmx_utf8_decode(text, left, &c);

        n = n ? n : 1;
        if (c >= 0x7f && bmx_utf8_is_control(c)) {
            st = bmx_buf_add(out, text - plain, plain, err);
            if (!st && c > 0xffff)
                st = bmx_buf_addf(out, err, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                                  0xdc00 + (c & 0x3ff));
            else if (!st)
                st = bmx_buf_addf(out, err, "\\u%04x", c);
            plain = 0;
        } else {
            plain += n;
        }
        text += n;
        left -= n;
    }
    return st ? st : bmx_buf_add(out, text - plain, plain, err);
}

/* Our own printer: two-space indentation, arrays of scalars on one line,
 * numbers and raw text as stored. */
static bpemix_status print(const cJSON *j, int depth, bool compact, bmx_buf *out,
                           bpemix_error *err)
{
    bool is_object = cJSON_IsObject(j), flat = true;
    bpemix_status st;
    char *text;

    if (cJSON_IsNumber(j)) /* parsed ones print as they did before they were parsed */
        return bmx_buf_addf(out, err, "%.17g", j->valuedouble);
    if (!is_object && !cJSON_IsArray(j)) {
        if (!(text = cJSON_PrintUnformatted(j)))
            return bmx_nomem(err);
        st = put_printed(text, out, err);
        cJSON_free(text);
        return st;
    }
    for (const cJSON *c = j->child; c; c = c->next)
        flat = flat && !c->child;
    flat = compact || !j->child || (!is_object && flat);
    st = bmx_buf_addc(out, is_object ? '{' : '[', err);
    for (const cJSON *c = j->child; c && !st; c = c->next) {
        if (!flat)
            st = bmx_buf_addf(out, err, "\n%*s", 2 * depth + 2, "");
        if (!st && is_object) {
            cJSON *key = cJSON_CreateStringReference(c->string);
            text = key ? cJSON_PrintUnformatted(key) : NULL;
            cJSON_Delete(key);
            if (!text)
                return bmx_nomem(err);
            st = put_printed(text, out, err);
            cJSON_free(text);
            if (!st)
                st = bmx_buf_addf(out, err, compact ? ":" : ": ");
        }
        if (!st)
            st = print(c, depth + 1, compact, out, err);
        if (!st && c->next)
            st = bmx_buf_addf(out, err, flat && !compact ? ", " : ",");
    }
    if (!st && !flat)
        st = bmx_buf_addf(out, err, "\n%*s", 2 * depth, "");
    return st ? st : bmx_buf_addc(out, is_object ? '}' : ']', err);
}

bpemix_status bmx_json_check(const bmx_json *j, bpemix_error *err)
{
    return !j || spoiled(j) ? bmx_nomem(err) : BPEMIX_OK;
}

bpemix_status bmx_json_print(const bmx_json *j, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;

    if (!j || spoiled(j))
        return bmx_nomem(err);
    st = print(j, 0, false, out, err);
    return st ? st : bmx_buf_addc(out, '\n', err);
}

bpemix_status bmx_json_print_compact(const bmx_json *j, bmx_buf *out, bpemix_error *err)
{
    if (!j || spoiled(j))
        return bmx_nomem(err);
    return print(j, 0, true, out, err);
}

static pthread_once_t version_once = PTHREAD_ONCE_INIT;
static char version[32];

static void note_version(void)
{
    bmx_snprintf(version, sizeof version, "%s", cJSON_Version()); /* static memory, written anew */
}

const char *bmx_json_library_version(void)
{
    pthread_once(&version_once, note_version);
    return version;
}
