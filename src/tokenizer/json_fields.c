/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_fields.c - see json_fields.h. */
#include "tokenizer/json_fields.h"
#include "base/format.h"

bmx_json_place bmx_json_place_member(const bmx_json_place *p, const char *key)
{
    bmx_json_place q = { "", p->level };
    bmx_snprintf(q.text, sizeof q.text, "%.150s%s%.40s", p->text, p->text[0] ? "." : "", key);
    return q;
}

bmx_json_place bmx_json_place_item(const bmx_json_place *p, const char *key, size_t i)
{
    bmx_json_place q = { "", p->level + 1 };
    bmx_snprintf(q.text, sizeof q.text, "%.140s%s%.30s[%zu]", p->text, p->text[0] ? "." : "", key,
                 i);
    return q;
}

bpemix_status bmx_field_wrong(const bmx_json_place *p, const char *key, const char *want,
                              const bmx_json *got, bpemix_error *err)
{
    bmx_json_place q = bmx_json_place_member(p, key);
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, q.text, "check that the file is whole",
                         "%s where %s is expected",
                         got ? bmx_json_kind_name(bmx_json_kind_of(got)) : "nothing", want);
}

bpemix_status bmx_field_bool(const bmx_json_place *p, const bmx_json *j, const char *key,
                             bool absent, bool *out, bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, key);

    if (!bmx_json_is_null(v) && bmx_json_kind_of(v) != BMX_JSON_BOOL)
        return bmx_field_wrong(p, key, "true or false", v, err);
    *out = bmx_json_bool(v, absent);
    return BPEMIX_OK;
}

bpemix_status bmx_field_string(const bmx_json_place *p, const bmx_json *j, const char *key,
                               const char **out, bpemix_error *err)
{
    const bmx_json *v = bmx_json_get(j, key);

    if (!(*out = bmx_json_string(v)))
        return bmx_field_wrong(p, key, "a string", v, err);
    return BPEMIX_OK;
}
