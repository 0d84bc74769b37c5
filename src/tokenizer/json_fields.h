/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_fields.h - fields of the objects in a tokenizer.json, with messages that say where. */
#ifndef BMX_TOKENIZER_JSON_FIELDS_H
#define BMX_TOKENIZER_JSON_FIELDS_H

#include "base/json.h"

/* Where an object is: "pre_tokenizer.pretokenizers[1]". */
typedef struct bmx_json_place {
    char text[200];
    unsigned level; /* of arrays around it */
} bmx_json_place;

bmx_json_place bmx_json_place_member(const bmx_json_place *p, const char *key);
bmx_json_place bmx_json_place_item(const bmx_json_place *p, const char *key, size_t i);

/* E_FORMAT: the field is `got`, NULL for nothing, where `want` is expected. */
bpemix_status bmx_field_wrong(const bmx_json_place *p, const char *key, const char *want,
                              const bmx_json *got, bpemix_error *err);

/* A field of this kind; E_FORMAT for another.  null is as if the field were absent. */
bpemix_status bmx_field_bool(const bmx_json_place *p, const bmx_json *j, const char *key,
                             bool absent, bool *out, bpemix_error *err);
bpemix_status bmx_field_string(const bmx_json_place *p, const bmx_json *j, const char *key,
                               const char **out, bpemix_error *err);

#endif
