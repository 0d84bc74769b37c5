/* SPDX-License-Identifier: GPL-3.0-or-later */
/* byte_json.h - a small tokenizer.json of a byte alphabet, for tests of readers. */
#ifndef TESTS_BYTE_JSON_H
#define TESTS_BYTE_JSON_H

#include "tok.h"

#define G "\xc4\xa0" /* the space of the byte alphabet */
#define U "\xe2\x96\x81"

/* A byte-level tokenizer; %s: pre-tokenizer, normalizer and more members of model. */
#define BYTE_JSON(norm, pre, more)                                              \
    "{\"normalizer\": " norm ", \"pre_tokenizer\": " pre ", \"decoder\": null,"  \
    "\"model\": {\"type\": \"BPE\", " more                                       \
    "\"vocab\": {\"h\": 0, \"e\": 1, \"l\": 2, \"" G "\": 3, \"he\": 4, \"" G "he\": 5, \"ll\": 6}," \
    "\"merges\": [\"#version: 0.2\", \"h e\", [\"" G "\", \"he\"], \"l l\"]}}"
#define BYTE_LEVEL "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}"

#endif
