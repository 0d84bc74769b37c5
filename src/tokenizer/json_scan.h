/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_scan.h - examines the top level of JSON text without parsing it, to tell formats apart. */
#ifndef BMX_TOKENIZER_JSON_SCAN_H
#define BMX_TOKENIZER_JSON_SCAN_H

#include "base/slice.h"

/* Starts like an object: '{' and a key or '}', behind white space and a byte
 * order mark. */
bool bmx_json_looks_like_object(bmx_slice text);

/* The outermost object has this key.  Never fails: damaged text has no keys
 * behind the damage. */
bool bmx_json_has_key(bmx_slice text, const char *key);

/* An object whose values are all written with digits, and at least three of
 * them (a, b, ab); text behind damage is ignored. */
bool bmx_json_is_ids(bmx_slice text);

#endif
