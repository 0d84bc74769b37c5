/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c - what went wrong: put together layer by layer, then told in one line that a terminal can
 * show. */
#include "base/error.h"
#include "base/format.h"
#include "base/utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

/* How messages call the input "-". */
static const char standard_input[] = "standard input";

void bmx_put_place(char *buf, size_t size, const char *outer, const char *inner)
{
    const char *part[] = { outer, *outer && *inner ? ": " : "", inner }, *dots = "...";
    size_t n = strlen(outer) + strlen(part[1]) + strlen(inner), cut;

    cut = n < size ? 0 : n - (size - 1) + strlen(dots);
    for (int i = 0; i < 3 && cut; i++)
        while (*part[i] && (cut || ((unsigned char)*part[i] & 0xc0) == 0x80)) {
            part[i]++;
            cut -= cut > 0;
        }
    bmx_snprintf(buf, size, "%s%s%s%s", n < size ? "" : dots, part[0], part[1], part[2]);
}

static void set(bpemix_error *err, bpemix_status status, const char *where, const char *fmt,
                va_list ap)
{
    memset(err, 0, sizeof *err);
    err->status = status;
    err->offset = -1;
    bmx_put_place(err->where, sizeof err->where, "",
                  !where ? "" : !strcmp(where, "-") ? standard_input : where);
    bmx_vsnprintf(err->what, sizeof err->what, fmt, ap);
}

bpemix_status bmx_fail(bpemix_error *err, bpemix_status status, const char *where,
                       const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        set(err, status, where, fmt, ap);
        va_end(ap);
    }
    return status;
}

bpemix_status bmx_fail_hint(bpemix_error *err, bpemix_status status, const char *where,
                            const char *hint, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        set(err, status, where, fmt, ap);
        va_end(ap);
        bmx_snprintf(err->hint, sizeof err->hint, "%s", hint);
    }
    return status;
}

bpemix_status bmx_with_param(bpemix_error *err, bpemix_status st, const char *param)
{
    if (err)
        bmx_snprintf(err->param, sizeof err->param, "%s", param);
    return st;
}

bpemix_status bmx_with_hint(bpemix_error *err, bpemix_status st, const char *hint)
{
    if (err && !*err->hint)
        bmx_snprintf(err->hint, sizeof err->hint, "%s", hint);
    return st;
}

bpemix_status bmx_with_line(bpemix_error *err, bpemix_status st, uint64_t line)
{
    if (err)
        err->line = line > INT64_MAX ? 0 : (int64_t)line;
    return st;
}

bpemix_status bmx_with_offset(bpemix_error *err, bpemix_status st, uint64_t offset)
{
    if (err)
        err->offset = offset > INT64_MAX ? -1 : (int64_t)offset;
    return st;
}

bpemix_status bmx_nomem(bpemix_error *err)
{
    bpemix_status st = bmx_fail_hint(err, BPEMIX_E_NOMEM, "",
                                     "use smaller samples or a machine with more memory",
                                     "out of memory");
    return bmx_with_param(err, st, "max_bytes");
}

bpemix_status bmx_fail_errno(bpemix_error *err, const char *where, const char *fmt, ...)
{
    int saved = errno;

    if (saved == ENOMEM)
        return bmx_nomem(err);
    if (err) {
        va_list ap;
        size_t n;
        va_start(ap, fmt);
        set(err, BPEMIX_E_IO, !where ? "" : *where ? where : "''", fmt, ap);
        va_end(ap);
        n = strlen(err->what);
        bmx_snprintf(err->what + n, sizeof err->what - n, ": %s", strerror(saved));
    }
    return BPEMIX_E_IO;
}

bpemix_status bmx_at(bpemix_error *err, bpemix_status status, const char *fmt, ...)
{
    char place[PATH_MAX + 256], inner[sizeof (bpemix_error){ 0 }.where];
    va_list ap;

    if (!err)
        return status;
    va_start(ap, fmt);
    bmx_vsnprintf(place, sizeof place, fmt, ap);
    va_end(ap);
    if (!strcmp(place, "-"))
        bmx_snprintf(place, sizeof place, "%s", standard_input);
    memcpy(inner, err->where, sizeof inner);
    bmx_put_place(err->where, sizeof err->where, place, inner);
    return err->status ? err->status : status;
}

const char *bmx_quote(char *buf, size_t size, const void *bytes, size_t n)
{
    const unsigned char *s = bytes;
    size_t o = 0;

    if (size < 8) {
        if (size)
            buf[0] = 0;
        return buf;
    }
    buf[o++] = '\'';
    for (size_t i = 0; i < n; i++) {
        if (o + 9 > size) {
            o = 1 + bmx_utf8_whole(buf + 1, o - 1);
            memcpy(buf + o, "...", 3);
            o += 3;
            break;
        }
        if (s[i] == '\n' || s[i] == '\t')
            o += (size_t)bmx_snprintf(buf + o, size - o, s[i] == '\n' ? "\\n" : "\\t");
        else if (s[i] < 0x20 || s[i] == 0x7f || s[i] == '\\')
            o += (size_t)bmx_snprintf(buf + o, size - o, "\\x%02x", s[i]);
        else
            buf[o++] = (char)s[i];
    }
    buf[o++] = '\'';
    buf[o] = 0;
    return buf;
}

size_t bmx_printable(char *buf, size_t size, const char *text)
{
    size_t left = strlen(text), total = 0, kept = 0;

    while (left) {
        uint32_t c = 0;
        unsigned n = bmx_utf8_decode(text, left, &c), len = 0;
        char code[4 * 4 + 1] = "";

        if (c == '\n' || c == '\t') {
            len = (unsigned)bmx_snprintf(code, sizeof code, c == '\n' ? "\\n" : "\\t");
        } else if (n && !bmx_utf8_is_control(c)) {
            memcpy(code, text, len = n);
        } else {
            n = n ? n : 1;
            for (unsigned i = 0; i < n; i++)
                len += (unsigned)bmx_snprintf(code + len, sizeof code - len, "\\x%02x",
                                              (unsigned char)text[i]);
        }
        if (kept == total && total + len < size) { /* whole characters, and nothing behind a gap */
            memcpy(buf + total, code, len);
            kept += len;
        }
        total += len;
        text += n;
        left -= n;
    }
    if (size)
        buf[kept] = 0;
    return total;
}

size_t bmx_error_text(const bpemix_error *err, char *buf, size_t size)
{
    char line[32] = "";
    const char *part[] = { err->where, line, err->where[0] || err->line > 0 ? ": " : "",
                           err->what[0] ? err->what : bmx_status_name(err->status),
                           err->hint[0] ? "; " : "", err->hint };
    size_t n = 0;

    if (err->line > 0)
        bmx_snprintf(line, sizeof line, err->where[0] ? ":%lld" : "line %lld",
                     (long long)err->line);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        n += bmx_printable(n < size ? buf + n : NULL, n < size ? size - n : 0, part[i]);
    return n;
}

const char *bmx_status_name(bpemix_status status)
{
    static const char *const names[] = {
        "OK", "E_NOMEM", "E_IO", "E_USAGE", "E_FORMAT", "E_UNSUPPORTED",
        "E_EMPTY", "E_MISMATCH", "E_SOLVER", "E_INTERRUPTED", "E_BUG",
    };
    if ((unsigned)status >= sizeof names / sizeof *names)
        return "E_UNKNOWN";
    return names[status];
}
