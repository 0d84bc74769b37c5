/* source.h - sample text of one category as a stream of documents.
 *
 * A document is a file, a member of an archive, a JSONL record, or standard
 * input.  Text is never held whole: a document larger than BMX_BLOCK_BYTES
 * arrives in several blocks, each cut behind a newline where that is safe. */
#ifndef BMX_TEXT_SOURCE_H
#define BMX_TEXT_SOURCE_H

#include "base/io.h"

/* What was read of one input file: provenance. */
typedef struct bmx_input_record {
    char *path;
    uint64_t bytes;     /* text bytes used from it */
    uint64_t documents;
    uint64_t checksum;  /* XXH3 of the used text, documents in order */
} bmx_input_record;

#endif
