/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/json_scan.h"

#include <string.h>

static size_t skip_space(bmx_slice t, size_t i)
{
    while (i < t.len && memchr(" \t\r\n", t.ptr[i], 4))
        i++;
    return i;
}

static size_t start(bmx_slice t)
{
    return skip_space(t, t.len >= 3 && !memcmp(t.ptr, "\xef\xbb\xbf", 3) ? 3 : 0);
}

bool bmx_json_looks_like_object(bmx_slice text)
{
    size_t i = start(text);

    /* a merge list may start with "{ {" */
    if (i >= text.len || text.ptr[i] != '{')
        return false;
    i = skip_space(text, i + 1);
    return i >= text.len || text.ptr[i] == '"' || text.ptr[i] == '}';
}

bool bmx_json_has_key(bmx_slice t, const char *key)
{
    size_t n = strlen(key), depth = 0;

    if (!memmem(t.ptr, t.len, key, n))
        return false;
    for (size_t i = start(t); i < t.len; i++) {
        char c = t.ptr[i];
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth-- <= 1)
                return false;
        } else if (c == '"') {
            size_t from = ++i;
            while (i < t.len && t.ptr[i] != '"')
                i += t.ptr[i] == '\\' ? 2 : 1;
            if (depth == 1 && i < t.len && i - from == n && !memcmp(t.ptr + from, key, n)) {
                size_t colon = skip_space(t, i + 1);
                if (colon < t.len && t.ptr[colon] == ':')
                    return true;
            }
        }
    }
    return false;
}

bool bmx_json_is_ids(bmx_slice t)
{
    size_t i = start(t), n = 0;

    if (i >= t.len || t.ptr[i] != '{')
        return false;
    for (i = skip_space(t, i + 1); i < t.len && t.ptr[i] == '"'; n++) {
        for (i++; i < t.len && t.ptr[i] != '"'; i++)
            i += t.ptr[i] == '\\';
        i = skip_space(t, i + 1);
        if (i >= t.len)
            break;
        if (t.ptr[i] != ':')
            return false;
        i = skip_space(t, i + 1);
        if (i < t.len && (t.ptr[i] < '0' || t.ptr[i] > '9'))
            return false;
        while (i < t.len && t.ptr[i] >= '0' && t.ptr[i] <= '9')
            i++;
        i = skip_space(t, i);
        if (i < t.len && t.ptr[i] == ',')
            i = skip_space(t, i + 1);
        else if (i < t.len && t.ptr[i] != '}')
            return false;
    }
    return n > 2 && (i >= t.len || t.ptr[i] == '}');
}
