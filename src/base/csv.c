/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"
#include "base/format.h"

#include <string.h>

bool bmx_csv_is_formula(const char *text, bool number)
{
    char *end;

    if (!*text || !strchr("=+-@\t\r", *text))
        return false;
    (void)bmx_strtod(text, &end);
    return !number || *end || end == text;
}

bpemix_status bmx_csv_field(bmx_buf *out, const char *text, bool number, bpemix_error *err)
{
    bool formula = bmx_csv_is_formula(text, number);
    bpemix_status st;

    if (!formula && !text[strcspn(text, ",\"\r\n")])
        return bmx_buf_add(out, text, strlen(text), err);
    st = bmx_buf_addf(out, err, "\"%s", formula ? "'" : "");
    for (; *text && !st; text++)
        st = bmx_buf_addf(out, err, *text == '"' ? "%c\"" : "%c", *text);
    return st ? st : bmx_buf_addc(out, '"', err);
}
