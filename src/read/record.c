/* record.c - the text of one JSONL record.
 *
 * Corpora hold two things that a JSON library need not take: U+0000, which a C
 * string cannot hold, and half surrogate pairs, which some writers escape.  Both
 * are replaced inside the line before it is parsed: the second by U+FFFD, the
 * first by a noncharacter that the line does not hold, and that becomes NUL
 * again in the text. */
#include "base/json.h"
#include "read/source.h"

#include <string.h>

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
static int unit_at(const char *p, const char *end)
{
    return end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
}

static bool is_high(int unit) { return unit >= 0xd800 && unit <= 0xdbff; }
static bool is_low(int unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

/* A noncharacter U+FDD0 .. U+FDEF that the line holds neither as it is nor
 * escaped; its last byte in UTF-8 (EF B7 xx), 0 when all are taken. */
static unsigned free_mark(bmx_slice line)
{
    uint32_t taken = 0;
    const char *end = line.ptr + line.len;

    for (const char *p = line.ptr; p < end; p++) {
        int u = unit_at(p, end);
        if (u >= 0xfdd0 && u <= 0xfdef)
            taken |= 1u << (u - 0xfdd0);
        else if (end - p >= 3 && (unsigned char)p[0] == 0xef && (unsigned char)p[1] == 0xb7 &&
                 (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0xaf)
            taken |= 1u << ((unsigned char)p[2] - 0x90);
    }
    for (unsigned k = 0; k < 32; k++)
        if (!(taken >> k & 1))
            return 0x90 + k;
    return 0;
}

/* Mend the escapes of a line in a copy; *line is left alone when it has none
 * to mend.  *mark: last byte of the noncharacter for U+0000, 0: not used.
 * *wrong: why that cannot be done, or NULL.  false: no memory. */
static bool mend(bmx_slice *line, bmx_buf *copy, unsigned *mark, const char **wrong)
{
    const char *end = line->ptr + line->len, *p = line->ptr, *done = line->ptr;

    *mark = 0;
    *wrong = NULL;
    copy->len = 0;
    while (p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
        int unit = unit_at(p, end), next = unit < 0 ? -1 : unit_at(p + 6, end);
        char escape[8] = "\\ufffd";
        if (unit < 0) {
            if (end - p >= 2 && p[1] == 'u') { /* cJSON would take it for the end of the string */
                *wrong = "a broken \\u escape";
                return true;
            }
            p += 2; /* some other escape */
        } else if (is_high(unit) && is_low(next)) {
            p += 12;
        } else if (unit == 0 || is_high(unit) || is_low(unit)) {
            if (unit == 0 && !*mark && !(*mark = free_mark(*line))) {
                *wrong = "\\u0000 beside all of the noncharacters U+FDD0 to U+FDEF";
                return true;
            }
            if (unit == 0)
                memcpy(escape, *mark < 0xa0 ? "\\ufdd" : "\\ufde", 5);
            if (unit == 0)
                escape[5] = "0123456789abcdef"[*mark & 15];
            if (bmx_buf_add(copy, done, (size_t)(p - done), NULL) ||
                bmx_buf_add(copy, escape, 6, NULL))
                return false;
            done = p += 6;
        } else {
            p += 6;
        }
    }
    if (done == line->ptr)
        return true;
    if (bmx_buf_add(copy, done, (size_t)(end - done), NULL))
        return false;
    *line = bmx_slice_of(copy->ptr, copy->len);
    return true;
}

/* Copy text; the marked noncharacter becomes NUL. */
static bool put_text(bmx_buf *out, const char *text, unsigned mark)
{
    size_t n = strlen(text), w = 0;

    if (bmx_buf_add(out, text, n, NULL))
        return false;
    if (!mark)
        return true;
    for (size_t i = 0; i < n; w++) {
        bool is_mark = n - i >= 3 && (unsigned char)text[i] == 0xef &&
                       (unsigned char)text[i + 1] == 0xb7 && (unsigned char)text[i + 2] == mark;
        out->ptr[w] = is_mark ? '\0' : text[i];
        i += is_mark ? 3 : 1;
    }
    out->len = w;
    return true;
}

/* The text field of a parsed record; what is wrong, or NULL. */
static const char *find_text(const bmx_json *record, const char *field, const char **text)
{
    *text = NULL;
    if (bmx_json_kind_of(record) != BMX_JSON_OBJECT)
        return "not a JSON object";
    for (const bmx_json *m = bmx_json_first(record); m; m = bmx_json_next(m)) {
        if (strcmp(bmx_json_key(m), field))
            continue;
        if (*text)
            return "the text field occurs twice";
        if (!(*text = bmx_json_string(m)))
            return "the text field is not a string";
    }
    return *text ? NULL : "no text field";
}

bool bmx_record_is_blank(bmx_slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r')
            return false;
    return true;
}

const char *bmx_record_text(bmx_slice line, const char *field, bmx_buf *text, bool *nomem)
{
    bmx_buf copy = { 0 };
    const char *wrong = NULL, *found = NULL;
    bmx_json *record;
    size_t used;
    unsigned mark;

    text->len = 0;
    *nomem = false;
    if (line.len && memchr(line.ptr, 0, line.len)) /* cJSON would take it for the end, too */
        return "a zero byte, which JSON holds as \\u0000 alone";
    *nomem = !mend(&line, &copy, &mark, &wrong);
    if (*nomem || wrong) {
        bmx_buf_release(&copy);
        return wrong ? wrong : "out of memory";
    }
    record = bmx_json_parse_record(line, &used);
    while (record && used < line.len && strchr(" \t\r\n", line.ptr[used]) && line.ptr[used])
        used++;
    if (!record)
        wrong = "not valid JSON";
    else if (used < line.len)
        wrong = "text behind the record";
    else
        wrong = find_text(record, field, &found);
    if (!wrong && !put_text(text, found, mark)) {
        *nomem = true;
        wrong = "out of memory";
    }
    bmx_json_free(record);
    bmx_buf_release(&copy);
    return wrong;
}
