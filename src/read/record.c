/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.c - the text of one JSONL record.
 *
 * Records are read by the million, so no tree is built: values are checked and skipped
 * (json_skip.h), and only the text is decoded. */
#include "base/format.h"
#include "base/json_skip.h"
#include "read/record.h"

#include <string.h>

static const char no_field[] = "no text field", is_null[] = "the text field is null",
                  no_string[] = "the text field is not a string",
                  twice[] = "the text field occurs twice";

/* Step over a key and its colon; *is_field: is it that one? */
static bool field_key(bmx_json_walk *s, const char *field, bool *is_field)
{
    const char *start = s->p + 1;
    size_t n;

    if (!bmx_json_skip_string(s, NULL))
        return false;
    n = (size_t)(s->p - 1 - start);
    *is_field = n == strlen(field) && !memcmp(start, field, n);
    if (memchr(start, '\\', n)) {
        bmx_json_walk again = { .p = start - 1, .end = s->p };
        bmx_buf decoded = { 0 };
        bmx_json_skip_string(&again, &decoded);
        s->nomem = s->nomem || again.nomem;
        *is_field = decoded.len == strlen(field) &&
                    !memcmp(decoded.ptr ? decoded.ptr : "", field, decoded.len);
        bmx_buf_release(&decoded);
    }
    bmx_json_skip_space(s);
    return bmx_json_take(s, ':') && !s->nomem;
}

/* The members of an object behind its '{'.  false: not valid JSON. */
static bool members(bmx_json_walk *s, const char *field, bmx_buf *text, const char **wrong)
{
    bool found = false;

    bmx_json_skip_space(s);
    if (bmx_json_take(s, '}')) {
        *wrong = no_field;
        return true;
    }
    do {
        bool is_field = false;

        bmx_json_skip_space(s);
        if (!field_key(s, field, &is_field))
            return false;
        bmx_json_skip_space(s);
        if (is_field && found) {
            *wrong = *wrong ? *wrong : twice;
        } else if (is_field && s->p < s->end && *s->p == '"') {
            found = true;
            if (!bmx_json_skip_string(s, text))
                return false;
            bmx_json_skip_space(s);
            continue;
        } else if (is_field) {
            found = true;
            *wrong = s->p < s->end && *s->p == 'n' ? is_null : no_string;
        }
        if (!bmx_json_skip(s))
            return false;
        bmx_json_skip_space(s);
    } while (bmx_json_take(s, ','));
    if (!found)
        *wrong = no_field;
    return bmx_json_take(s, '}');
}

/* Bytes of a byte order mark at the start of a line. */
static size_t mark_of(bmx_slice line)
{
    return line.len >= 3 && !memcmp(line.ptr, "\xef\xbb\xbf", 3) ? 3 : 0;
}

bmx_slice bmx_skip_space(bmx_slice s)
{
    size_t i = s.len >= 3 && !memcmp(s.ptr, "\xef\xbb\xbf", 3) ? 3 : 0;

    while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t' || s.ptr[i] == '\r' ||
                         s.ptr[i] == '\n' || s.ptr[i] == BMX_RECORD_SEPARATOR))
        i++;
    return bmx_slice_of(s.ptr + i, s.len - i);
}

bool bmx_record_is_blank(bmx_slice line)
{
    for (size_t i = mark_of(line); i < line.len; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r' &&
            line.ptr[i] != BMX_RECORD_SEPARATOR)
            return false;
    return true;
}

bool bmx_record_is_object(bmx_slice line, const char *wrong)
{
    return line.len && (!wrong || wrong == no_field || wrong == is_null || wrong == no_string ||
                        wrong == twice || wrong == bmx_json_no_number);
}

bool bmx_record_begins(bmx_slice start, const char *field, bool *has_text, bool *nomem)
{
    enum { LONGEST_WORD = 12 }; /* of a value or escape that may be truncated at the end */
    bmx_json_walk s = { .p = start.ptr, .end = start.ptr + start.len };
    bool good, more = true;

    *has_text = false;
    bmx_json_skip_space(&s);
    good = bmx_json_take(&s, '{');
    for (bool is_field = false; good && more && !*has_text;) {
        bmx_json_skip_space(&s);
        good = field_key(&s, field, &is_field);
        bmx_json_skip_space(&s);
        *has_text = good && is_field && s.p < s.end && *s.p == '"';
        if (good && !*has_text)
            good = bmx_json_skip(&s);
        bmx_json_skip_space(&s);
        more = good && bmx_json_take(&s, ',');
    }
    if (!good) /* is it truncated, or wrong before that? */
        good = s.end - s.p < LONGEST_WORD && !s.wrong && s.p > start.ptr;
    *nomem = s.nomem;
    bmx_buf_release(&s.open);
    return good && !s.nomem;
}

const char *bmx_record_text(bmx_slice line, const char *field, bmx_buf *text, bool *nomem)
{
    bmx_json_walk s = { .p = line.ptr, .end = line.ptr + line.len };
    const char *wrong = NULL;
    bool valid;

    text->len = 0;
    *nomem = false;
    if (line.len && memchr(line.ptr, 0, line.len))
        return "a zero byte, which JSON holds as \\u0000 alone";
    s.p += mark_of(line);
    bmx_json_take(&s, BMX_RECORD_SEPARATOR);
    bmx_json_skip_space(&s);
    if (bmx_json_take(&s, '{')) {
        valid = members(&s, field, text, &wrong);
    } else {
        valid = bmx_json_skip(&s);
        wrong = "not a JSON object";
    }
    bmx_json_skip_space(&s);
    if (!valid)
        wrong = s.wrong ? s.wrong : "not valid JSON";
    else if (s.p < s.end)
        wrong = "text behind the record";
    *nomem = s.nomem;
    bmx_buf_release(&s.open);
    return s.nomem ? "out of memory" : wrong;
}

/* The name of the member whose string is the longest, as it stands in the line; empty: the record,
 * which is valid, has no string. */
static bmx_slice longest_string(bmx_slice line)
{
    bmx_json_walk s = { .p = memchr(line.ptr, '{', line.len), .end = line.ptr + line.len };
    bmx_slice longest = bmx_slice_of("", 0);
    size_t most = 0;
    bool more = s.p && bmx_json_take(&s, '{');

    while (more) {
        bmx_slice name;
        const char *value;

        bmx_json_skip_space(&s);
        name.ptr = s.p + 1;
        if (!bmx_json_skip_string(&s, NULL))
            break;
        name.len = (size_t)(s.p - 1 - name.ptr);
        bmx_json_skip_space(&s);
        bmx_json_take(&s, ':');
        bmx_json_skip_space(&s);
        value = s.p;
        if (!bmx_json_skip(&s))
            break;
        if (*value == '"' && (size_t)(s.p - value) > most) {
            most = (size_t)(s.p - value);
            longest = name;
        }
        bmx_json_skip_space(&s);
        more = bmx_json_take(&s, ',');
    }
    bmx_buf_release(&s.open);
    return longest;
}

void bmx_record_remedy(bmx_slice line, const char *field, const char *wrong, char *hint, size_t n)
{
    enum { LONGEST_NAME = 40 };
    bmx_slice other = wrong == no_field ? longest_string(line) : bmx_slice_of("", 0);
    int len = bmx_snprintf(hint, n, "each line must be an object with its text in '%s'", field);

    if (other.len && other.len <= LONGEST_NAME && len > 0 && (size_t)len < n)
        bmx_snprintf(hint + len, n - (size_t)len, "; the longest string of this one is in '%.*s'",
                     (int)other.len, other.ptr);
}
