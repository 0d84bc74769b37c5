/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.h - sample text of one category as a stream of blocks.
 *
 *   category   paths given by the user
 *   file       one path, or one of the files below a folder
 *   document   a file, a member of an archive, a JSONL record, standard input, or what a
 *              caller hands over
 *   part       a document, or a section of one that is larger than a block
 *   block      parts that are handed out together
 *
 * Documents are not held in memory as a whole: one larger than BMX_BLOCK_BYTES is handed out in
 * several parts, cut where that does not change the result (cut.h).  A block in which no such
 * place is found grows, up to BMX_HOLD_BYTES.
 *
 * The beginning of a document tells its kind (content.h): lines of JSON are records, whatever the
 * file is called; a format that is not text is an error; other oddities are noted.
 *
 * With max_bytes the documents are sampled.  Every document has a hash, made
 * of its length and its first 64 KiB, so that neither its name nor its place
 * matters.  Documents are taken in rising order of the hash as long as all of
 * them fit into max_bytes, and none behind the first that does not; if not even the first fits,
 * its beginning is taken, up to the last line end or character. */
#ifndef BMX_READ_SOURCE_H
#define BMX_READ_SOURCE_H

#include "result/values.h"

#include <stdatomic.h>

#define BMX_BLOCK_BYTES ((size_t)1 << 18) /* fits into the second-level cache */
#define BMX_HOLD_BYTES ((size_t)64 << 20)
#define BMX_HEAD_BYTES ((size_t)4096) /* of the beginning of a document, which decides its fold */
#define BMX_BLOCK_ROOM ((size_t)16) /* readable bytes after a part, so that wide loads may
                                       overrun it */

/* What was read of one input file: provenance. */
typedef struct bmx_input_record {
    char *path;
    uint64_t bytes;     /* text bytes used from it */
    uint64_t documents;
    uint64_t checksum;  /* sum (modulo 2^64) of the XXH3 of each document used */
} bmx_input_record;

typedef struct bmx_source_opts {
    unsigned cuts;        /* BMX_CUT_...: where a document may be cut */
    bool jsonl;           /* every input is JSONL, whatever its name */
    const char *field;    /* text field of JSONL records; NULL: "text" */
    bool binary;          /* formats that are not text are read all the same, and noted */
    bool skip_bad;        /* records that cannot be read are left out, and noted */
    uint64_t max_bytes;   /* 0: everything */
    bool count_lines;     /* fill in bmx_part.line of plain text */
    size_t block_bytes;   /* 0: BMX_BLOCK_BYTES; tests use small ones */
    const atomic_bool *unneeded; /* as for bmx_input_open_until(); NULL: always needed */
} bmx_source_opts;

typedef enum bmx_block_kind {
    BMX_BLOCK_TEXT,    /* parts hold text */
    BMX_BLOCK_RECORDS, /* parts hold whole lines of JSONL: see bmx_source_record() */
    BMX_BLOCK_WORDS,   /* one part: the start of a file of counted words, */
    BMX_BLOCK_CHUNKS   /* or of counted chunks */
} bmx_block_kind;

typedef struct bmx_part {
    size_t at, len;  /* in bmx_block.buf */
    size_t file;     /* index into the source's files */
    size_t ordinal;  /* number of the member in its file, from 0 */
    size_t member;   /* member's name, offset in bmx_block.names; SIZE_MAX: none */
    uint64_t offset; /* of its first byte in the file or member */
    uint64_t head;   /* bmx_source_head() of its document; 0 for other kinds than text */
    uint64_t line;   /* line number of its first byte, from 1; 0: not counted */
} bmx_part;

/* Zero-initialize, reuse, release. */
typedef struct bmx_block {
    bmx_block_kind kind;
    bmx_buf buf, names;
    bmx_part *part; /* part[n] */
    size_t n, cap;
} bmx_block;

void bmx_block_release(bmx_block *b);

typedef struct bmx_source bmx_source;

/* Find the files below paths[n_paths].  E_EMPTY when there is not one. */
bpemix_status bmx_source_open(const char *const *paths, size_t n_paths,
                              const bmx_source_opts *opts, bmx_source **out, bpemix_error *err);
void bmx_source_close(bmx_source *s);

/* The same for documents that a caller hands over: each is like a file of its own.  Of what
 * cannot be read twice no sample is drawn: with max_bytes the first documents that fit are
 * taken, or the beginning of the first. */
bpemix_status bmx_source_open_callback(bpemix_read_fn *read, void *ctx,
                                       const bmx_source_opts *opts, bmx_source **out,
                                       bpemix_error *err);

/* Can it be read again and recognized later?  Not standard input, pipes and callers. */
bool bmx_source_is_lasting(const bmx_source *s);

/* Bytes of text to come, for progress; 0: not known, as of compressed files. */
uint64_t bmx_source_size(const bmx_source *s);

/* If there is just one file, and it is plain text by its name and kind: bytes that will be handed
 * out; otherwise 0. */
uint64_t bmx_source_single(const bmx_source *s);

/* Set the size of blocks; to be called before the first. */
void bmx_source_set_block(bmx_source *s, size_t bytes);

/* With max_bytes, choose documents: a first pass over the files.  Otherwise
 * done by the first bmx_source_next(). */
bpemix_status bmx_source_choose(bmx_source *s, bpemix_error *err);

/* The next block; *more = false behind the last one.  Blocks depend on the
 * input alone.  One thread at a time. */
bpemix_status bmx_source_next(bmx_source *s, bmx_block *b, bool *more, bpemix_error *err);

/* Where a part comes from: "fr.tar: a.txt".  Safe from any thread. */
void bmx_source_place(const bmx_source *s, const bmx_block *b, size_t part, char *buf,
                      size_t size);

/* A walk through the records of one part of a BMX_BLOCK_RECORDS block.  Zero-initialize, then
 * set the first two. */
typedef struct bmx_record_cursor {
    const bmx_block *block;
    size_t part;
    size_t at;     /* of the next record, in the part */
    uint64_t line; /* number of the line read last, from 1; known if the part's is */
} bmx_record_cursor;

/* The next record that was chosen: *text is its text, decoded into scratch and valid until that
 * changes; *more = false at the end.  Text may hold malformed UTF-8 when the record does, or when
 * it escapes half a surrogate pair.  Safe from any thread. */
bpemix_status bmx_source_record(const bmx_source *s, bmx_record_cursor *c, bmx_buf *scratch,
                                bmx_slice *text, bool *more, bpemix_error *err);

/* Named .jsonl or .ndjson, compressed or not. */
bool bmx_is_jsonl(const char *name);

/* Hash of how a document begins: of its first BMX_HEAD_BYTES, or all of it. */
uint64_t bmx_source_head(bmx_slice text);

/* What was read so far: record[n], in the order of the files.  The text of
 * records is counted by the caller of bmx_source_record, with
 * bmx_source_used().  Both one thread at a time. */
void bmx_source_used(bmx_source *s, size_t file, uint64_t bytes, uint64_t documents,
                     uint64_t checksum);
const bmx_input_record *bmx_source_inputs(const bmx_source *s, size_t *n);

/* Append the notes about the text handed out so far, a line each. */
bpemix_status bmx_source_warnings(const bmx_source *s, bmx_texts *out, bpemix_error *err);

/* Records that could not be read and were left out. */
uint64_t bmx_source_skipped(const bmx_source *s);

/* Was a file noted as not being UTF-8? */
bool bmx_source_has_malformed(const bmx_source *s);

#endif
