/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_file.h - files of counted chunks of several categories. */
#ifndef BMX_WORDS_CHUNK_FILE_H
#define BMX_WORDS_CHUNK_FILE_H

#include "words/chunk.h"

#define BMX_CHUNKS_VERSION 1

/* Some chunks of a category, compressed together. */
typedef struct bmx_chunk_frame {
    uint64_t at, packed, raw; /* place and bytes in the file; bytes unpacked */
    uint64_t n, text;         /* chunks, and their bytes written out */
    uint64_t checksum;        /* of the packed bytes */
} bmx_chunk_frame;

/* The chunks of a category, or of one fold of it. */
typedef struct bmx_chunk_section {
    char *name;               /* category, owned */
    uint32_t fold;
    uint64_t bytes, documents; /* of the text, all of it also when chunks are a sample */
    uint64_t distinct, chunks, mass; /* chunks kept; occurrences; bytes of all occurrences */
    bmx_input_record *input;  /* input[n_inputs]; paths owned */
    size_t n_inputs;
    bmx_chunk_frame *frame;   /* frame[n_frames] */
    size_t n_frames;
} bmx_chunk_section;

/* What holds for all of the file. */
typedef struct bmx_chunk_terms {
    unsigned cuts;            /* BMX_CHUNK_... */
    uint32_t n_folds;         /* 0: none */
    bool sampled;             /* chunks are a sample: counts are right on average only */
    uint64_t top, tail, seed; /* how it was taken; 0 when it was added up from several */
    bmx_slice note;           /* text for people: what this is made of; borrowed by writers */
    bmx_slice groups;         /* lines of category TAB group [TAB label]; borrowed by writers */
} bmx_chunk_terms;

typedef struct bmx_chunk_file {
    char *path;
    bmx_chunk_terms terms;    /* note and groups point into `head` */
    bmx_buf head;
    bmx_chunk_section *section; /* section[n]: those of a category in a row, folds rising */
    size_t n;
} bmx_chunk_file;

/* Read what the file holds, without the chunks.  E_FORMAT when it is none, truncated or damaged. */
bpemix_status bmx_chunk_file_open(const char *path, bmx_chunk_file *out, bpemix_error *err);
void bmx_chunk_file_release(bmx_chunk_file *f);

/* The sections of a category: the first one and how many; 0: it has none.  A name that the
 * file lacks means its only category, if it has but one. */
size_t bmx_chunk_file_find(const bmx_chunk_file *f, const char *name, size_t *first);

/* Chunks of one frame, in byte order.  Zero-initialize, reuse, release. */
typedef struct bmx_chunk_list {
    bmx_slice *chunk;         /* chunk[n], inside `text`; BMX_CHUNK_START as in chunk.h */
    uint64_t *count;
    size_t n, cap, count_cap;
    uint64_t chunks, mass;    /* sums of the counts, and of counts times lengths */
    bmx_buf packed, raw, text;
} bmx_chunk_list;

bpemix_status bmx_chunk_file_read(const bmx_chunk_file *f, size_t section, size_t frame,
                                  bmx_chunk_list *out, bpemix_error *err);
void bmx_chunk_list_release(bmx_chunk_list *l);

/* Do the frames of a section hold what the table of contents says? */
bpemix_status bmx_chunk_file_check(const bmx_chunk_file *f, size_t section, uint64_t chunks,
                                   uint64_t mass, bpemix_error *err);

#endif
