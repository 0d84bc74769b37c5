/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.c - the text of one JSONL record.
 *
 * A scanner of its own, as records are read by the million and hold what a JSON
 * library need not take: U+0000, which a C string cannot hold; half surrogate
 * pairs, which some writers escape and which become U+FFFD; and metadata nested
 * deeper than a recursive parser can follow.  Every value is checked, only the text is
 * decoded; open brackets are kept on a stack, a byte each.
 *
 * R1  s->p never passes s->end.
 * R2  s->open holds the brackets open inside the value that is being skipped. */
#include "base/utf8.h"
#include "read/source.h"

#include <string.h>

typedef struct scan {
    const char *p, *end;
    bmx_buf open; /* '{' and '[' */
    bool nomem;
    const char *wrong; /* what is wrong, when it can be said better than "not valid JSON" */
} scan;

static const char no_number[] = "NaN or Infinity, which JSON does not have";

static void skip_space(scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

static bool take(scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* ---- strings ---- */

static int hex4(const char *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i], lower = c | 0x20;
        if (c - '0' < 10)
            v = v * 16 + (int)(c - '0');
        else if (lower - 'a' < 6)
            v = v * 16 + (int)(lower - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* Code unit of the escape \uHHHH at p, -1 when there is none. */
static int unit_at(const scan *s, const char *p)
{
    return s->end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
}

static bool put(scan *s, bmx_buf *out, const char *p, size_t n)
{
    if (out && bmx_buf_add(out, p, n, NULL))
        s->nomem = true;
    return !s->nomem;
}

/* \uHHHH, or two of them that are a surrogate pair; half a pair becomes U+FFFD. */
static bool unicode_escape(scan *s, bmx_buf *out)
{
    int unit = unit_at(s, s->p), next = unit < 0 ? -1 : unit_at(s, s->p + 6);
    bool high = unit >= 0xd800 && unit <= 0xdbff, low = unit >= 0xdc00 && unit <= 0xdfff;
    bool pair = high && next >= 0xdc00 && next <= 0xdfff;
    uint32_t cp = pair          ? 0x10000u + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(next - 0xdc00)
                  : high || low ? 0xfffd
                                : (uint32_t)unit;
    char utf8[4];

    if (unit < 0) {
        s->wrong = "a broken \\u escape";
        return false;
    }
    s->p += pair ? 12 : 6;
    return put(s, out, utf8, bmx_utf8_encode(cp, utf8));
}

static bool escape(scan *s, bmx_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *hit;

    if (s->end - s->p < 2)
        return false;
    if (s->p[1] == 'u')
        return unicode_escape(s, out);
    if (!(hit = memchr(from, s->p[1], sizeof from - 1)))
        return false;
    s->p += 2;
    return put(s, out, to + (hit - from), 1);
}

/* A string; its text is appended to out, unless that is NULL. */
static bool string(scan *s, bmx_buf *out)
{
    if (!take(s, '"'))
        return false;
    for (;;) {
        const char *quote = memchr(s->p, '"', (size_t)(s->end - s->p));
        const char *back = memchr(s->p, '\\', (size_t)((quote ? quote : s->end) - s->p));
        const char *stop = back ? back : quote;

        if (!stop) {
            s->p = s->end;
            return false;
        }
        if (!put(s, out, s->p, (size_t)(stop - s->p)))
            return false;
        s->p = stop;
        if (*stop == '"') {
            s->p++;
            return true;
        }
        if (!escape(s, out))
            return false;
    }
}

/* ---- values that are skipped ---- */

static bool word(scan *s, const char *w)
{
    size_t n = strlen(w);

    if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n))
        return false;
    s->p += n;
    return true;
}

static size_t digits(scan *s)
{
    const char *start = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - start);
}

static bool number(scan *s)
{
    bool minus = take(s, '-');

    if (word(s, "Infinity") || (!minus && word(s, "NaN"))) {
        s->wrong = no_number;
        return false;
    }
    if (!digits(s))
        return false;
    if (take(s, '.'))
        digits(s);
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '-'))
            take(s, '+');
        return digits(s) > 0;
    }
    return true;
}

static bool scalar(scan *s)
{
    if (s->p == s->end)
        return false;
    return *s->p == '"' ? string(s, NULL)
                        : word(s, "true") || word(s, "false") || word(s, "null") || number(s);
}

static bool key(scan *s)
{
    skip_space(s);
    if (!string(s, NULL))
        return false;
    skip_space(s);
    return take(s, ':');
}

static bool push(scan *s, char bracket) { return put(s, &s->open, &bracket, 1); }

/* Behind a value: closing brackets, then nothing (*whole), or a comma and what stands
 * before the next value. */
static bool after_value(scan *s, bool *whole)
{
    while (s->open.len) {
        char bracket = s->open.ptr[s->open.len - 1];

        skip_space(s);
        if (take(s, ',')) {
            *whole = false;
            return bracket == '[' || key(s);
        }
        if (!take(s, bracket == '{' ? '}' : ']'))
            return false;
        s->open.len--;
    }
    *whole = true;
    return true;
}

/* One value of any depth, without recursion. */
static bool skip_value(scan *s)
{
    bool whole = false;

    s->open.len = 0;
    while (!whole) {
        char c;

        skip_space(s);
        c = s->p < s->end ? *s->p : '\0';
        if (c == '{' || c == '[') {
            s->p++;
            skip_space(s);
            if (!take(s, c == '{' ? '}' : ']')) { /* its first value comes next */
                if (!push(s, c) || (c == '{' && !key(s)))
                    return false;
                continue;
            }
        } else if (!scalar(s)) {
            return false;
        }
        if (!after_value(s, &whole))
            return false;
    }
    return true;
}

/* ---- records ---- */

static const char no_field[] = "no text field", is_null[] = "the text field is null",
                  no_string[] = "the text field is not a string", twice[] = "the text field occurs twice";

/* Step over a key and its colon; *is_field: is it that one? */
static bool field_key(scan *s, const char *field, bool *is_field)
{
    const char *start = s->p + 1;
    size_t n;

    if (!string(s, NULL))
        return false;
    n = (size_t)(s->p - 1 - start);
    *is_field = n == strlen(field) && !memcmp(start, field, n);
    if (memchr(start, '\\', n)) {
        scan again = { .p = start - 1, .end = s->p };
        bmx_buf decoded = { 0 };
        string(&again, &decoded);
        s->nomem = s->nomem || again.nomem;
        *is_field = decoded.len == strlen(field) && !memcmp(decoded.ptr ? decoded.ptr : "", field, decoded.len);
        bmx_buf_release(&decoded);
    }
    skip_space(s);
    return take(s, ':') && !s->nomem;
}

/* The members of an object behind its '{'.  false: not valid JSON. */
static bool members(scan *s, const char *field, bmx_buf *text, const char **wrong)
{
    bool found = false;

    skip_space(s);
    if (take(s, '}')) {
        *wrong = no_field;
        return true;
    }
    do {
        bool is_field = false;

        skip_space(s);
        if (!field_key(s, field, &is_field))
            return false;
        skip_space(s);
        if (is_field && found) {
            *wrong = *wrong ? *wrong : twice;
        } else if (is_field && s->p < s->end && *s->p == '"') {
            found = true;
            if (!string(s, text))
                return false;
            skip_space(s);
            continue;
        } else if (is_field) {
            found = true;
            *wrong = s->p < s->end && *s->p == 'n' ? is_null : no_string;
        }
        if (!skip_value(s))
            return false;
        skip_space(s);
    } while (take(s, ','));
    if (!found)
        *wrong = no_field;
    return take(s, '}');
}

bool bmx_record_is_blank(bmx_slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r')
            return false;
    return true;
}

bool bmx_record_is_object(bmx_slice line, const char *wrong)
{
    return line.len && (!wrong || wrong == no_field || wrong == is_null || wrong == no_string ||
                        wrong == twice || wrong == no_number);
}

bool bmx_record_begins(bmx_slice start, const char *field, bool *has_text, bool *nomem)
{
    enum { LONGEST_WORD = 12 }; /* of a value or escape that the end may have cut */
    scan s = { .p = start.ptr, .end = start.ptr + start.len };
    bool good, more = true;

    *has_text = false;
    skip_space(&s);
    good = take(&s, '{');
    for (bool is_field = false; good && more && !*has_text;) {
        skip_space(&s);
        good = field_key(&s, field, &is_field);
        skip_space(&s);
        *has_text = good && is_field && s.p < s.end && *s.p == '"';
        if (good && !*has_text)
            good = skip_value(&s);
        skip_space(&s);
        more = good && take(&s, ',');
    }
    if (!good) /* at the end of what is there, or wrong before it? */
        good = s.end - s.p < LONGEST_WORD && !s.wrong && s.p > start.ptr;
    *nomem = s.nomem;
    bmx_buf_release(&s.open);
    return good && !s.nomem;
}

const char *bmx_record_text(bmx_slice line, const char *field, bmx_buf *text, bool *nomem)
{
    scan s = { .p = line.ptr, .end = line.ptr + line.len };
    const char *wrong = NULL;
    bool valid;

    text->len = 0;
    *nomem = false;
    if (line.len && memchr(line.ptr, 0, line.len))
        return "a zero byte, which JSON holds as \\u0000 alone";
    if (line.len >= 3 && !memcmp(line.ptr, "\xef\xbb\xbf", 3)) /* a byte order mark */
        s.p += 3;
    skip_space(&s);
    if (take(&s, '{')) {
        valid = members(&s, field, text, &wrong);
    } else {
        valid = skip_value(&s);
        wrong = "not a JSON object";
    }
    skip_space(&s);
    if (!valid)
        wrong = s.wrong ? s.wrong : "not valid JSON";
    else if (s.p < s.end)
        wrong = "text behind the record";
    *nomem = s.nomem;
    bmx_buf_release(&s.open);
    return s.nomem ? "out of memory" : wrong;
}
