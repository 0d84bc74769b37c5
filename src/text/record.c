/* record.c - the text of one JSONL record.
 *
 * A reader of its own and not json.h: a corpus has millions of records of
 * which one string each is wanted, and its text may hold U+0000, which cJSON
 * cannot represent.  The grammar is that of RFC 8259, checked in full. */
#include "base/utf8.h"
#include "text/source.h"

#include <string.h>

#define MAX_DEPTH 256

typedef struct reader {
    const unsigned char *p, *end;
    const char *wrong; /* first thing found wrong, NULL: nothing */
    bool nomem;
} reader;

static bool fail(reader *r, const char *what)
{
    if (!r->wrong)
        r->wrong = what;
    return false;
}

static void skip_space(reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static int hex4(reader *r)
{
    int v = 0;

    if (r->end - r->p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        unsigned c = r->p[i], lower = c | 0x20;
        if (c - '0' < 10)
            v = v * 16 + (int)(c - '0');
        else if (lower - 'a' < 6)
            v = v * 16 + (int)(lower - 'a' + 10);
        else
            return -1;
    }
    r->p += 4;
    return v;
}

static bool put(reader *r, bmx_buf *out, const void *p, size_t n)
{
    if (out && n && bmx_buf_add(out, p, n, NULL)) {
        r->nomem = true;
        return fail(r, "out of memory");
    }
    return true;
}

/* Behind "\u".  Half a surrogate pair becomes the three bytes that would encode
 * it: malformed UTF-8, to be treated as such further on. */
static bool read_unicode(reader *r, bmx_buf *out)
{
    int a = hex4(r), b;
    uint32_t c = (uint32_t)a;
    char bytes[4];
    unsigned n;

    if (a < 0)
        return fail(r, "bad \\u escape");
    if (a >= 0xd800 && a < 0xdc00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u') {
        const unsigned char *back = r->p;
        r->p += 2;
        b = hex4(r);
        if (b >= 0xdc00 && b < 0xe000)
            c = 0x10000 + ((uint32_t)(a - 0xd800) << 10) + (uint32_t)(b - 0xdc00);
        else
            r->p = back;
    }
    n = bmx_utf8_encode(c, bytes);
    return put(r, out, bytes, n);
}

/* A string, the quote still ahead; decoded to out unless that is NULL. */
static bool read_string(reader *r, bmx_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

    r->p++;
    for (;;) {
        const unsigned char *start = r->p;
        const char *esc;

        while (r->p < r->end && *r->p != '"' && *r->p != '\\' && *r->p >= 0x20)
            r->p++;
        if (!put(r, out, start, (size_t)(r->p - start)))
            return false;
        if (r->p == r->end)
            return fail(r, "the line ends inside a string");
        if (*r->p == '"') {
            r->p++;
            return true;
        }
        if (*r->p != '\\')
            return fail(r, "a control character inside a string");
        if (++r->p == r->end)
            return fail(r, "the line ends inside a string");
        if (*r->p == 'u') {
            r->p++;
            if (!read_unicode(r, out))
                return false;
        } else if (*r->p && (esc = strchr(from, *r->p))) {
            if (!put(r, out, &to[esc - from], 1))
                return false;
            r->p++;
        } else {
            return fail(r, "an unknown escape in a string");
        }
    }
}

static bool skip_digits(reader *r)
{
    const unsigned char *start = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return r->p > start;
}

static bool skip_number(reader *r)
{
    if (*r->p == '-')
        r->p++;
    if (r->p < r->end && *r->p == '0')
        r->p++;
    else if (!skip_digits(r))
        return fail(r, "not valid JSON");
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (!skip_digits(r))
            return fail(r, "not valid JSON");
    }
    if (r->p < r->end && (*r->p | 0x20) == 'e') {
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (!skip_digits(r))
            return fail(r, "not valid JSON");
    }
    return true;
}

static bool skip_word(reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n))
        return fail(r, "not valid JSON");
    r->p += n;
    return true;
}

static bool skip_value(reader *r, int depth);

/* Members of an array, or of an object when close is '}'. */
static bool skip_members(reader *r, unsigned char close, int depth)
{
    if (depth > MAX_DEPTH)
        return fail(r, "nested too deeply");
    r->p++;
    skip_space(r);
    if (r->p < r->end && *r->p == close) {
        r->p++;
        return true;
    }
    for (;;) {
        skip_space(r);
        if (close == '}') {
            if (r->p == r->end || *r->p != '"' || !read_string(r, NULL))
                return fail(r, "not valid JSON");
            skip_space(r);
            if (r->p == r->end || *r->p++ != ':')
                return fail(r, "not valid JSON");
            skip_space(r);
        }
        if (!skip_value(r, depth))
            return false;
        skip_space(r);
        if (r->p == r->end)
            return fail(r, "the line ends inside the record");
        if (*r->p == close) {
            r->p++;
            return true;
        }
        if (*r->p++ != ',')
            return fail(r, "not valid JSON");
    }
}

static bool skip_value(reader *r, int depth)
{
    if (r->p == r->end)
        return fail(r, "the line ends inside the record");
    switch (*r->p) {
    case '"': return read_string(r, NULL);
    case '{': return skip_members(r, '}', depth + 1);
    case '[': return skip_members(r, ']', depth + 1);
    case 't': return skip_word(r, "true");
    case 'f': return skip_word(r, "false");
    case 'n': return skip_word(r, "null");
    default: return skip_number(r);
    }
}

/* One "key": value of the outermost object. */
static bool read_member(reader *r, const char *field, bmx_buf *key, bmx_buf *text, bool *found)
{

    if (r->p == r->end || *r->p != '"')
        return fail(r, "not valid JSON");
    key->len = 0;
    if (!read_string(r, key))
        return false;
    skip_space(r);
    if (r->p == r->end || *r->p != ':')
        return fail(r, "not valid JSON");
    r->p++;
    skip_space(r);
    if (key->len != strlen(field) || (key->len && memcmp(key->ptr, field, key->len)))
        return skip_value(r, 0);
    if (*found)
        return fail(r, "the text field occurs twice");
    if (r->p == r->end || *r->p != '"')
        return fail(r, "the text field is not a string");
    *found = true;
    return read_string(r, text);
}

const char *bmx_record_text(bmx_slice line, const char *field, bmx_buf *text, bool *nomem)
{
    reader r = { .p = (const unsigned char *)line.ptr };
    bmx_buf key = { 0 };
    bool found = false;

    r.end = r.p + line.len;
    text->len = 0;
    skip_space(&r);
    if (r.p == r.end || *r.p != '{') {
        fail(&r, "not a JSON object");
    } else {
        r.p++;
        skip_space(&r);
        if (r.p < r.end && *r.p == '}') {
            r.p++;
        } else {
            while (read_member(&r, field, &key, text, &found)) {
                skip_space(&r);
                if (r.p == r.end) {
                    fail(&r, "the line ends inside the record");
                    break;
                }
                if (*r.p == '}') {
                    r.p++;
                    break;
                }
                if (*r.p++ != ',') {
                    fail(&r, "not valid JSON");
                    break;
                }
                skip_space(&r);
            }
        }
        skip_space(&r);
        if (!r.wrong && r.p < r.end)
            fail(&r, "text behind the record");
        if (!r.wrong && !found)
            fail(&r, "no text field");
    }
    bmx_buf_release(&key);
    *nomem = r.nomem;
    return r.wrong;
}
