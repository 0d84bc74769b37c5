/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema_check.c - check JSON documents against a JSON Schema (draft 2020-12).
 *
 *   schema_check SCHEMA DOCUMENT...      "-" is standard input
 *   schema_check --keys SCHEMA           print the names of all properties
 *
 * A document that fits the schema of results is also read by the library and written again,
 * which must give the same document.
 *
 * Knows the keywords in `keywords` below and no others.  A schema that uses a
 * keyword this program does not know, or a known one with a value of the
 * wrong kind, is refused as a whole, so that nothing passes because it was not
 * looked at; that includes sub-schemas that no document reaches.
 *
 * exit status: 0 all documents fit, 1 one does not or cannot be read,
 * 2 the schema is refused or the command line is wrong. */
#include "base/input.h"
#include "base/json.h"
#include "result/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 200 /* of schemas inside each other; a $ref may lead back to itself */

static const char *const keywords[] = {
    "$schema", "$id", "$comment", "title", "description", "$defs", "$ref", "type", "properties",
    "required", "additionalProperties", "items", "minItems", "maxItems", "minLength", "enum",
    "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
};
static const char *const types[] = { "null",   "boolean", "number", "integer",
                                     "string", "array",   "object" };

static const bmx_json *root;    /* of the schema */
static const char *schema_path;
static const char *document_path;
static unsigned errors;

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(word, list[i]))
            return true;
    return false;
}

/* Text of a value in one line, for messages and for reading numbers. */
static const char *text_of(const bmx_json *j, char *buf, size_t size)
{
    bmx_buf b = { 0 };

    if (bmx_json_print_compact(j, &b, NULL))
        snprintf(buf, size, "?");
    else
        snprintf(buf, size, "%.*s%s", (int)(b.len < size - 5 ? b.len : size - 5), b.ptr,
                 b.len < size - 5 ? "" : "...");
    bmx_buf_release(&b);
    return buf;
}

static double number_of(const bmx_json *j)
{
    char buf[64];
    return strtod(text_of(j, buf, sizeof buf), NULL);
}

/* ---- the schema itself ---- */

static void bad_schema(const char *path, const char *what, const char *word)
{
    fprintf(stderr, "%s: %s: %s '%s'\n", schema_path, path, what, word);
    errors++;
}

static const bmx_json *resolve(const char *ref)
{
    if (!strcmp(ref, "#"))
        return root;
    return strncmp(ref, "#/$defs/", 8) ? NULL : bmx_json_get(bmx_json_get(root, "$defs"), ref + 8);
}

static bool is_strings(const bmx_json *j)
{
    if (bmx_json_kind_of(j) != BMX_JSON_ARRAY)
        return false;
    for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c))
        if (!bmx_json_string(c))
            return false;
    return true;
}

static bool is_type(const bmx_json *j)
{
    const char *s = bmx_json_string(j);

    if (s)
        return is_one_of(s, types, sizeof types / sizeof *types);
    if (!is_strings(j) || !bmx_json_first(j))
        return false;
    for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c))
        if (!is_one_of(bmx_json_string(c), types, sizeof types / sizeof *types))
            return false;
    return true;
}

static void check_schema(const bmx_json *s, const char *path);

static void check_schema_members(const bmx_json *map, const char *path, const char *key)
{
    char inner[400];

    if (bmx_json_kind_of(map) != BMX_JSON_OBJECT) {
        bad_schema(path, "is no object", key);
        return;
    }
    for (const bmx_json *m = bmx_json_first(map); m; m = bmx_json_next(m)) {
        snprintf(inner, sizeof inner, "%s/%s/%s", path, key, bmx_json_key(m));
        check_schema(m, inner);
    }
}

static void check_keyword(const bmx_json *s, const bmx_json *m, const char *path)
{
    const char *key = bmx_json_key(m);
    bmx_json_kind kind = bmx_json_kind_of(m);
    char inner[400];
    uint64_t n;

    if (!is_one_of(key, keywords, sizeof keywords / sizeof *keywords)) {
        bad_schema(path, "this program does not know the keyword", key);
    } else if (!strcmp(key, "$ref")) {
        if (!bmx_json_string(m) || !resolve(bmx_json_string(m)))
            bad_schema(path, "leads nowhere", key);
    } else if (!strcmp(key, "type")) {
        if (!is_type(m))
            bad_schema(path, "names no type", key);
    } else if (!strcmp(key, "properties") || !strcmp(key, "$defs")) {
        check_schema_members(m, path, key);
    } else if (!strcmp(key, "required")) {
        if (!is_strings(m)) {
            bad_schema(path, "is no array of strings", key);
            return;
        }
        /* a required key without a property is a slip of the pen in our schemas */
        for (const bmx_json *c = bmx_json_first(m); c; c = bmx_json_next(c))
            if (!bmx_json_get(bmx_json_get(s, "properties"), bmx_json_string(c)))
                bad_schema(path, "requires a key without a property", bmx_json_string(c));
    } else if (!strcmp(key, "items") || !strcmp(key, "additionalProperties")) {
        snprintf(inner, sizeof inner, "%s/%s", path, key);
        if (kind != BMX_JSON_BOOL)
            check_schema(m, inner);
    } else if (!strcmp(key, "enum")) {
        if (kind != BMX_JSON_ARRAY || !bmx_json_first(m))
            bad_schema(path, "is no array of values", key);
    } else if (!strcmp(key, "minItems") || !strcmp(key, "maxItems") || !strcmp(key, "minLength")) {
        if (!bmx_json_uint(m, UINT32_MAX, &n))
            bad_schema(path, "is no whole number", key);
    } else if (!strcmp(key, "minimum") || !strcmp(key, "maximum") ||
               !strcmp(key, "exclusiveMinimum") || !strcmp(key, "exclusiveMaximum")) {
        if (kind != BMX_JSON_NUMBER)
            bad_schema(path, "is no number", key);
    } else if (strcmp(key, "const") && kind != BMX_JSON_STRING) { /* annotations */
        bad_schema(path, "is no string", key);
    }
}

static void check_schema(const bmx_json *s, const char *path)
{
    if (bmx_json_kind_of(s) != BMX_JSON_OBJECT) {
        bad_schema(path, "a schema must be", "an object");
        return;
    }
    for (const bmx_json *m = bmx_json_first(s); m; m = bmx_json_next(m))
        check_keyword(s, m, path);
}

/* ---- documents ---- */

static void misfit(const char *path, const char *what, const char *word)
{
    printf("%s: %s: %s %s\n", document_path, path, what, word);
    errors++;
}

static bool equal(const bmx_json *a, const bmx_json *b)
{
    bmx_json_kind kind = bmx_json_kind_of(a);
    const bmx_json *x, *y;

    if (kind != bmx_json_kind_of(b))
        return false;
    switch (kind) {
    case BMX_JSON_NULL:
        return true;
    case BMX_JSON_BOOL:
        return bmx_json_bool(a, false) == bmx_json_bool(b, false);
    case BMX_JSON_NUMBER:
        return number_of(a) == number_of(b);
    case BMX_JSON_STRING:
        return !strcmp(bmx_json_string(a), bmx_json_string(b));
    case BMX_JSON_ZERO_STRING: /* of other programs */
        return false;
    case BMX_JSON_ARRAY:
        x = bmx_json_first(a);
        y = bmx_json_first(b);
        for (; x && y; x = bmx_json_next(x), y = bmx_json_next(y))
            if (!equal(x, y))
                return false;
        return !x && !y;
    case BMX_JSON_OBJECT:
        if (bmx_json_count(a) != bmx_json_count(b))
            return false;
        for (x = bmx_json_first(a); x; x = bmx_json_next(x))
            if (!(y = bmx_json_get(b, bmx_json_key(x))) || !equal(x, y))
                return false;
        return true;
    }
    return false;
}

static bool has_type(const bmx_json *j, const char *type)
{
    switch (bmx_json_kind_of(j)) {
    case BMX_JSON_NULL:
        return !strcmp(type, "null");
    case BMX_JSON_BOOL:
        return !strcmp(type, "boolean");
    case BMX_JSON_NUMBER:
        return !strcmp(type, "number") ||
               (!strcmp(type, "integer") && number_of(j) == floor(number_of(j)));
    case BMX_JSON_STRING:
    case BMX_JSON_ZERO_STRING:
        return !strcmp(type, "string");
    case BMX_JSON_ARRAY:
        return !strcmp(type, "array");
    case BMX_JSON_OBJECT:
        return !strcmp(type, "object");
    }
    return false;
}

static void check_type(const bmx_json *types_wanted, const bmx_json *j, const char *path)
{
    char want[200];
    bool ok = false;

    if (bmx_json_string(types_wanted))
        ok = has_type(j, bmx_json_string(types_wanted));
    else
        for (const bmx_json *c = bmx_json_first(types_wanted); c; c = bmx_json_next(c))
            ok = ok || has_type(j, bmx_json_string(c));
    if (!ok) {
        char what[80];
        snprintf(what, sizeof what, "is %s, not", bmx_json_kind_name(bmx_json_kind_of(j)));
        misfit(path, what, text_of(types_wanted, want, sizeof want));
    }
}

static void check_bounds(const bmx_json *s, const bmx_json *j, const char *path)
{
    static const char *const bound[] = { "minimum", "maximum", "exclusiveMinimum",
                                         "exclusiveMaximum" };
    double v = number_of(j);
    char word[80];

    for (int i = 0; i < 4; i++) {
        const bmx_json *m = bmx_json_get(s, bound[i]);
        double limit = m ? number_of(m) : 0;
        if (m && !(i == 0 ? v >= limit : i == 1 ? v <= limit : i == 2 ? v > limit : v < limit)) {
            char what[120], have[40];
            snprintf(what, sizeof what, "%s violates %s", text_of(j, have, sizeof have), bound[i]);
            misfit(path, what, text_of(m, word, sizeof word));
        }
    }
}

static void check(const bmx_json *s, const bmx_json *j, const char *path, int depth);

static void check_object(const bmx_json *s, const bmx_json *j, const char *path, int depth)
{
    const bmx_json *properties = bmx_json_get(s, "properties");
    const bmx_json *others = bmx_json_get(s, "additionalProperties");
    char inner[600];

    for (const bmx_json *r = bmx_json_first(bmx_json_get(s, "required")); r; r = bmx_json_next(r))
        if (!bmx_json_get(j, bmx_json_string(r)))
            misfit(path, "lacks", bmx_json_string(r));
    for (const bmx_json *m = bmx_json_first(j); m; m = bmx_json_next(m)) {
        const bmx_json *p = bmx_json_get(properties, bmx_json_key(m));
        snprintf(inner, sizeof inner, "%s.%s", path, bmx_json_key(m));
        if (p)
            check(p, m, inner, depth + 1);
        else if (bmx_json_kind_of(others) == BMX_JSON_OBJECT)
            check(others, m, inner, depth + 1);
        else if (!bmx_json_bool(others, true))
            misfit(path, "has the unknown key", bmx_json_key(m));
    }
}

static void check_array(const bmx_json *s, const bmx_json *j, const char *path, int depth)
{
    const bmx_json *items = bmx_json_get(s, "items");
    uint64_t limit, n = bmx_json_count(j), i = 0;
    char inner[600];

    if (bmx_json_uint(bmx_json_get(s, "minItems"), UINT32_MAX, &limit) && n < limit)
        misfit(path, "has fewer items than", "minItems");
    if (bmx_json_uint(bmx_json_get(s, "maxItems"), UINT32_MAX, &limit) && n > limit)
        misfit(path, "has more items than", "maxItems");
    if (bmx_json_kind_of(items) == BMX_JSON_BOOL && !bmx_json_bool(items, true) && n)
        misfit(path, "must have no", "items");
    if (bmx_json_kind_of(items) != BMX_JSON_OBJECT)
        return;
    for (const bmx_json *c = bmx_json_first(j); c; c = bmx_json_next(c)) {
        snprintf(inner, sizeof inner, "%s[%llu]", path, (unsigned long long)i++);
        check(items, c, inner, depth + 1);
    }
}

static void check(const bmx_json *s, const bmx_json *j, const char *path, int depth)
{
    const bmx_json *m;
    uint64_t limit;
    char text[120];

    if (depth > MAX_DEPTH) {
        misfit(path, "is nested too deeply or its $ref leads back to", "itself");
        return;
    }
    if ((m = bmx_json_get(s, "$ref")))
        check(resolve(bmx_json_string(m)), j, path, depth + 1);
    if ((m = bmx_json_get(s, "type")))
        check_type(m, j, path);
    if ((m = bmx_json_get(s, "const")) && !equal(m, j))
        misfit(path, "is not", text_of(m, text, sizeof text));
    if ((m = bmx_json_get(s, "enum"))) {
        const bmx_json *c = bmx_json_first(m);
        while (c && !equal(c, j))
            c = bmx_json_next(c);
        if (!c)
            misfit(path, "is none of", text_of(m, text, sizeof text));
    }
    switch (bmx_json_kind_of(j)) {
    case BMX_JSON_NUMBER:
        check_bounds(s, j, path);
        break;
    case BMX_JSON_STRING:
        if (bmx_json_uint(bmx_json_get(s, "minLength"), UINT32_MAX, &limit)) {
            uint64_t n = 0; /* characters: bytes that do not continue one */
            for (const char *p = bmx_json_string(j); *p; p++)
                n += (*p & 0xc0) != 0x80;
            if (n < limit)
                misfit(path, "is shorter than", "minLength");
        }
        break;
    case BMX_JSON_OBJECT:
        check_object(s, j, path, depth);
        break;
    case BMX_JSON_ARRAY:
        check_array(s, j, path, depth);
        break;
    default:
        break;
    }
}

static void print_keys(const bmx_json *s)
{
    for (const bmx_json *m = bmx_json_first(s); m; m = bmx_json_next(m)) {
        const char *key = bmx_json_key(m);
        bool named = !strcmp(key, "properties");

        if (!named && strcmp(key, "$defs")) {
            if (!strcmp(key, "items") || !strcmp(key, "additionalProperties"))
                print_keys(m);
            continue;
        }
        for (const bmx_json *p = bmx_json_first(m); p; p = bmx_json_next(p)) {
            if (named)
                puts(bmx_json_key(p));
            print_keys(p);
        }
    }
}

static bmx_json *load(const char *path)
{
    bmx_buf text = { 0 };
    bmx_json *j = NULL;
    bpemix_error err = { 0 };
    char message[900];

    if (bmx_read_file(path, 0, &text, &err) ||
        bmx_json_parse(path, bmx_slice_of(text.ptr, text.len), &j, &err)) {
        bpemix_error_text(&err, message, sizeof message);
        fprintf(stderr, "%s\n", message);
    }
    bmx_buf_release(&text);
    return j;
}

/* A document of the schema of results must come back byte for byte when it is read and
 * written again by the library; j is the document, as parsed. */
static void check_again(const bmx_json *schema, const bmx_json *j)
{
    const char *title = bmx_json_string(bmx_json_get(schema, "title"));
    bmx_json *written;
    bpemix_result *r = NULL;
    bmx_buf before = { 0 }, after = { 0 };
    bpemix_error err = { 0 };
    const bmx_json *prov = bmx_json_get(j, "provenance");

    if (errors || !title || strcmp(title, "Result of bpemix infer and bpemix solve"))
        return;
    if (bmx_result_from_json(j, &r, &err)) {
        misfit("$", "the library does not read it:", err.what);
        return;
    }
    written = bmx_result_to_json(r, bmx_json_is_null(prov) ? BMX_PROVENANCE_NONE
                                    : bmx_json_is_null(bmx_json_get(prov, "inputs"))
                                    ? BMX_PROVENANCE_SUMMARY
                                    : BMX_PROVENANCE_FULL);
    if (bmx_json_print(j, &before, &err) || bmx_json_print(written, &after, &err) ||
        before.len != after.len || memcmp(before.ptr, after.ptr, after.len))
        misfit("$", "read and written again, it is", "another document");
    bmx_buf_release(&before);
    bmx_buf_release(&after);
    bmx_json_free(written);
    bmx_result_free(r);
}

int main(int argc, char **argv)
{
    bmx_json *schema;
    bool keys = argc == 3 && !strcmp(argv[1], "--keys");
    unsigned unread = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: schema_check SCHEMA DOCUMENT...\n"
                        "       schema_check --keys SCHEMA\n");
        return 2;
    }
    schema_path = argv[1 + keys];
    if (!(schema = load(schema_path)))
        return 2;
    root = schema;
    check_schema(schema, "#");
    if (errors) {
        bmx_json_free(schema);
        return 2;
    }
    if (keys)
        print_keys(schema);
    for (int i = 2; i < argc && !keys; i++) {
        bmx_json *j = load(document_path = argv[i]);
        unread += !j;
        if (j)
            check(schema, j, "$", 0);
        if (j)
            check_again(schema, j);
        bmx_json_free(j);
    }
    bmx_json_free(schema);
    return errors || unread ? 1 : 0;
}
