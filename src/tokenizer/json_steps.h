/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_steps.h - normalizers and pre-tokenizers of a tokenizer.json. */
#ifndef BMX_TOKENIZER_JSON_STEPS_H
#define BMX_TOKENIZER_JSON_STEPS_H

#include "base/json.h"
#include "tokenizer/spec.h"

/* Append the steps of a component, or of null: none. */
bpemix_status bmx_read_normalizer(bmx_normalizer_spec *spec, const bmx_json *j, bpemix_error *err);

/* The same; the spec is named by its steps. */
bpemix_status bmx_read_pretokenizer(bmx_pretokenizer_spec *spec, const bmx_json *j,
                                    bpemix_error *err);

/* Does a component tree hold one of this type? */
bool bmx_component_holds(const bmx_json *j, const char *type);

#endif
