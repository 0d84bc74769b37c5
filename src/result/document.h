/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.h - the members that every document begins with, and small documents. */
#ifndef BMX_RESULT_DOCUMENT_H
#define BMX_RESULT_DOCUMENT_H

#include "bpemix.h"
#include "base/error.h"
#include "base/json.h"
#include "result/facts.h"

#define BMX_SCHEMA_VERSION 2

/* schema_version and tool, with which every document begins. */
void bmx_document_head(bmx_json *doc, const char *version);

/* These, and libraries: of this program, or, where a document is written again, of the one that
 * wrote it first.  NULL, or empty: of this one. */
void bmx_document_begin(bmx_json *doc, const char *version, const bmx_values *libraries);

/* What `bpemix inspect --json` writes. */
bmx_json *bmx_inspect_to_json(const bmx_facts *facts);

/* The document that a failing command writes to standard output in place of its own. */
bmx_json *bmx_error_to_json(const bpemix_error *err);

/* What `bpemix encode --json` writes: an empty document, and one more text for it.
 * id[n]: UINT32_MAX is null.  token[n], or NULL where nothing is known: tokens without ptr are
 * null. */
bmx_json *bmx_encode_document(void);
void bmx_encode_document_add(bmx_json *doc, const uint32_t *id, const bmx_slice *token, size_t n);

/* What `bpemix train --json` writes. */
typedef struct bmx_train_record {
    const char *tokenizer; /* path of the file written */
    uint64_t merges;
    size_t n;
    const char *const *name; /* name[n], share_bytes[n], bytes[n] */
    const double *share_bytes;
    const uint64_t *bytes;
} bmx_train_record;
bmx_json *bmx_train_to_json(const bmx_train_record *r);

/* What `bpemix panel --json` writes of the file `path`: category[t->n_categories]. */
bmx_json *bmx_panel_to_json(const char *path, const bpemix_chunk_terms *t,
                            const bpemix_chunk_category *category);

#endif
