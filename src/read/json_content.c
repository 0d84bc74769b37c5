/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_content.c - JSON: records one a line, records in another form, texts in strings, or a
 * document that is counted like any other. */
#include "read/json_content.h"
#include "read/record.h"

#include <string.h>

/* Counts over the complete lines of the beginning. */
typedef struct json_lines {
    size_t n, objects, with_text; /* lines that are not blank */
    bool nomem;
} json_lines;

static json_lines look_at_lines(bmx_slice s, bool whole, const char *field)
{
    json_lines l = { 0 };
    bmx_buf text = { 0 };

    while (s.len && !l.nomem) {
        const char *lf = memchr(s.ptr, '\n', s.len), *wrong;
        bmx_slice line = bmx_slice_of(s.ptr, lf ? (size_t)(lf - s.ptr) : s.len);

        if (!lf && !whole) { /* an incomplete line */
            if (l.n && line.ptr[0] == '{') {
                l.n++;
                l.objects++;
            }
            break;
        }
        s = bmx_slice_of(s.ptr + line.len + !!lf, s.len - line.len - !!lf);
        if (bmx_record_is_blank(line))
            continue;
        wrong = bmx_record_text(line, field, &text, &l.nomem);
        l.n++;
        l.objects += bmx_record_is_object(line, wrong);
        l.with_text += !wrong;
    }
    bmx_buf_release(&text);
    return l;
}

/* What stands between the strings of JSON. */
static bool is_between(char c)
{
    static const char set[] = " \t\r\n{}[],:+-.0123456789eEtrufalsnNIiy";

    return c == BMX_RECORD_SEPARATOR || memchr(set, c, sizeof set - 1);
}

/* Words of a language, and not a name or a number: something of it is a space or no ASCII. */
static bool has_words(bmx_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == ' ' || (unsigned char)s.ptr[i] >= 0x80 ||
            (s.ptr[i] == '\\' && i + 1 < s.len && s.ptr[i + 1] == 'u'))
            return true;
    return false;
}

/* JSON that is no records, but mostly texts in strings: an array of them, or values of keys.
 * Other JSON, such as settings, is a document like any other. */
static bmx_content content_of_strings(bmx_slice s)
{
    enum { LONG = 24 }; /* bytes of a string that is more than a name or a label */
    size_t n = 0, with_words = 0, bytes = 0, behind = 0; /* behind: the last string */
    bool list = false;

    for (size_t i = 0; i < s.len; i++) {
        size_t start = i + 1, end = start;

        if (s.ptr[i] != '"') {
            if (!is_between(s.ptr[i]))
                return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
            continue;
        }
        if (n && behind == i) /* strings in a row, as of Python */
            return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
        while (end < s.len && s.ptr[end] != '"')
            end += s.ptr[end] == '\\' ? 2 : 1;
        end = end < s.len ? end : s.len;
        if (!n)
            list = s.ptr[0] == '[' && bmx_skip_space(bmx_slice_of(s.ptr + 1, i)).ptr == s.ptr + i;
        i = end;
        behind = end + 1;
        if (bmx_skip_space(bmx_slice_of(s.ptr + end, s.len - end)).len > 1 &&
            *bmx_skip_space(bmx_slice_of(s.ptr + end + 1, s.len - end - 1)).ptr == ':')
            continue; /* a key */
        n++;
        if (has_words(bmx_slice_of(s.ptr + start, end - start))) {
            with_words++;
            bytes += end - start >= LONG ? end - start : 0;
        }
    }
    if (list && n && 2 * with_words >= n)
        return (bmx_content){ BMX_CONTENT_VALUES, "a JSON array of texts",
                              "write each as a record on a line of its own (jq -c '.[] | "
                              "{text: .}')" };
    if (n > (s.ptr[0] == '"' ? 1u : 0u) && 2 * bytes >= s.len) /* one in quotes may be any text */
        return (bmx_content){ BMX_CONTENT_VALUES, "texts in strings of JSON, not one record a line",
                              "write each as a record on a line of its own (jq -c)" };
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

/* The majority of the lines decides: a few that are no JSON are bad records, not another format. */
static bmx_content content_of_objects(bmx_slice s, bool whole, const char *field)
{
    const bmx_content records = { BMX_CONTENT_RECORDS, NULL, NULL },
                      no_memory = { BMX_CONTENT_NOMEM, NULL, NULL };
    json_lines l = s.ptr[0] == '{' ? look_at_lines(s, whole, field) : (json_lines){ 0 };
    bool has_text = false, nomem = l.nomem, list = s.ptr[0] == '[', begins;
    bmx_slice all = s;

    if (nomem)
        return no_memory;
    if (l.n && 4 * l.objects >= 3 * l.n) {
        if (l.with_text && (2 * l.with_text >= l.objects || l.n < 3))
            return records;
        if (l.objects < 2) { /* one line of JSON may be any document */
            bmx_content c = content_of_strings(all);
            c.kind = c.kind == BMX_CONTENT_VALUES ? BMX_CONTENT_OBJECTS : c.kind;
            return c;
        }
        return (bmx_content){ BMX_CONTENT_OBJECTS,
                              l.objects == l.n
                                  ? "every line is a JSON object, but without the text field"
                                  : "most lines are JSON objects, but without the text field",
                              "name the field of its text" };
    }
    if (list)
        s = bmx_skip_space(bmx_slice_of(s.ptr + 1, s.len - 1));
    begins = bmx_record_begins(s, field, &has_text, &nomem);
    if (nomem)
        return no_memory;
    if (!begins)
        return content_of_strings(all);
    /* a line longer than what is looked at */
    if (!l.n && !whole && !list && !memchr(s.ptr, '\n', s.len))
        return has_text ? records
                        : (bmx_content){ BMX_CONTENT_OBJECTS,
                                         "a long JSON object, with no text field near its start",
                                         "tell if each line is a record, and the field "
                                         "of its text" };
    if (!has_text)
        return content_of_strings(all);
    /* where some line is a record, the others may be damaged */
    return (bmx_content){ l.with_text ? BMX_CONTENT_OBJECTS : BMX_CONTENT_VALUES,
                          "JSON with a text field, but not one record a line",
                          list ? "write each record on a line of its own (jq -c '.[]')"
                               : "write each record on a line of its own (jq -c .)" };
}

/* Is this key or string in the first n bytes, in quotes? */
static bool mentions(bmx_slice s, size_t n, const char *quoted)
{
    return memmem(s.ptr, s.len < n ? s.len : n, quoted, strlen(quoted)) != NULL;
}

/* Files that lie in the folder of a model, or were written by this program. */
static const char *known_document(bmx_slice s)
{
    if (mentions(s, 200, "\"bpemix\"") && mentions(s, 200, "\"schema_version\""))
        return "a document that bpemix has written";
    if (mentions(s, s.len, "\"added_tokens\"") && mentions(s, s.len, "\"normalizer\""))
        return "the tokenizer.json of a model";
    return NULL;
}

bmx_content bmx_json_content(bmx_slice s, bool whole, const char *field)
{
    const char *what = s.len && s.ptr[0] == '{' ? known_document(s) : NULL;

    if (what)
        return (bmx_content){ BMX_CONTENT_OBJECTS, what, "leave it out" };
    if (s.len && (s.ptr[0] == '{' || s.ptr[0] == '['))
        return content_of_objects(s, whole, field);
    if (s.len && s.ptr[0] == '"')
        return content_of_strings(s);
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}
