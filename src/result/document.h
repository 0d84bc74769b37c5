/* document.h - what begins every document that we write. */
#ifndef BMX_RESULT_DOCUMENT_H
#define BMX_RESULT_DOCUMENT_H

#include "base/json.h"
#include "result/facts.h"

#define BMX_SCHEMA_VERSION 2

/* schema_version, tool and libraries: of this program, or, where a document is written again,
 * of the one that wrote it first.  NULL, or empty: of this one. */
void bmx_document_begin(bmx_json *doc, const char *version, const bmx_values *libraries);

/* What `bpemix inspect --json` writes. */
bmx_json *bmx_inspect_to_json(const bmx_facts *facts);

/* Of this process, in bytes: for provenance. */
uint64_t bmx_peak_memory(void);

#endif
