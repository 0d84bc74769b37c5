/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_file.h - a trace as bytes: trace_write.c and trace_read.c.
 *
 *   "bpemix-trace\n"   13 bytes
 *   version            1 byte, 3; 4 with folds (1 and 2: facts spelled otherwise)
 *   sections           META, CATS, TOKS, MERG, PAIR, in this order, each
 *                        name     4 bytes
 *                        length   8 bytes, little endian: of the payload
 *                        payload
 *   checksum           8 bytes, little endian: XXH3-64 (seed 0) of all before it
 *
 * Numbers in payloads are written with as few bytes as possible: seven bits a
 * byte, lowest first, the high bit set on all but the last ("v" below).  Signed
 * numbers are folded first (0, -1, 1, -2 ... become 0, 1, 2, 3 ...; "s" below).
 * A string is v length, then its bytes.
 *
 *   META  JSON object: "digest", 64 hexadecimal digits; "tokenizer" and
 *         "options", objects or null, as in the result of `bpemix solve`
 *   CATS  v categories; v folds, in version 4 only; each category: string name;
 *         for the category, or for each of its folds, v bytes, documents, pre-tokens,
 *         pairs, invalid_bytes; v inputs; each input: string path; v bytes,
 *         documents; 8 bytes checksum, little endian
 *   TOKS  v tokens; string subword prefix; string word suffix; each token: string
 *   MERG  v merges; each: v left, right, product, flags
 *   PAIR  v pairs; v events; each pair, sorted by (left, right):
 *           v left - left of the pair before (0 at first)
 *           v right - right of the pair before - 1 when left is the same,
 *             otherwise right
 *           v end + 1 (0: always competes)
 *           v events - 1, then each event, sorted by (step, category):
 *             v (step - step of the event before (0 at first)) * tallies + tally
 *             s delta
 *
 * A tally is a category, or with folds, category * folds + fold.
 *
 * What follows from the rest (merge_pair, merged_at) is not stored. */
#ifndef BMX_REPLAY_TRACE_FILE_H
#define BMX_REPLAY_TRACE_FILE_H

#include "base/signature.h"
#include "replay/trace.h"

enum {
    BMX_TRACE_MAGIC_BYTES = sizeof BMX_TRACE_MAGIC - 1,
    BMX_TRACE_WHOLE = 3, /* versions */
    BMX_TRACE_FOLDED = 4,
    BMX_TRACE_HEADER_BYTES = BMX_TRACE_MAGIC_BYTES + 1,
    BMX_TRACE_SECTION_BYTES = 12, /* name and length */
    BMX_TRACE_CHECKSUM_BYTES = 8
};

#endif
