/* SPDX-License-Identifier: GPL-3.0-or-later */
/* member.h - the inside of a source.
 *
 * members.c steps through the members, look.c tells what each is, take.c moves its text to blocks,
 * records.c steps through records; choose.c looks through all of it beforehand when only a sample
 * is wanted.  source.c is what the other stages see; place.c says where text comes from.
 *
 *   files     file[0], file[1], ...          `file` is the one being read
 *   members   of it, counted by `ordinal`    a plain file has one
 *   text      handed out | carry | unread    of the member being read
 *
 * M1  in == NULL when no file is open; in_member when one of its members is.
 * M2  `chosen` is set once by choose.c; with `sampled` only members in pick[], records with
 *     a hash below `below`, or the one document `only` are handed out. */
#ifndef BMX_READ_MEMBER_H
#define BMX_READ_MEMBER_H

#include "base/folder.h"
#include "base/hash.h"
#include "base/input.h"
#include "read/content.h"
#include "read/note.h"
#include "read/source.h"

#define BMX_HASHED_BYTES ((size_t)65536) /* bytes of a document that its hash is made of */

/* A document that sampling may choose. */
typedef struct bmx_source_document {
    uint64_t hash, bytes;
    size_t file, ordinal;
    uint64_t line; /* of a record; 0: the whole member */
} bmx_source_document;

typedef struct bmx_member {
    size_t file, ordinal;
} bmx_member;

struct bmx_source {
    bmx_source_opts opts;
    char *field;
    size_t block_bytes;
    bmx_paths files;
    bool *listed; /* listed[files.n]: a folder had it as a regular file */
    size_t listed_cap;
    bmx_input_record *record; /* record[files.n]; paths are those of files */

    bpemix_read_fn *read;     /* documents come from here; NULL: from files */
    void *read_ctx;
    bmx_slice document;       /* what is left of the one handed over */

    /* the member being read */
    size_t file;    /* its file; files.n: all done */
    size_t ordinal; /* number of members of the file opened so far */
    bmx_input *in;  /* NULL: next file not opened yet */
    bool in_member;
    bmx_block_kind kind;
    bmx_buf name;         /* of the member, terminated; empty: a plain file */
    uint64_t offset, line; /* of the first byte not handed out yet */
    uint64_t head;         /* bmx_source_head() of it */
    uint64_t left;        /* bytes of it that may be read */
    bool odd;             /* a note was made that this may not be text */
    bmx_checksum *sum;    /* of what was handed out, when it is more than one part */
    bmx_buf carry;        /* read, not handed out yet */

    /* sampling: a record or member is used when its hash is below `below`, or
     * when it is `only` */
    bool chosen, sampled, only_first;
    uint64_t below;
    bmx_source_document only;
    bmx_member *pick; /* pick[n_picks]: chosen members, by file and ordinal */
    size_t n_picks;
    bool *has_records; /* has_records[files.n]: must be read although nothing was picked */
    bmx_member *jsonl;  /* jsonl[n_jsonl]: members that turned out to hold records, in order */
    size_t n_jsonl, jsonl_cap;
    bmx_notes *notes;
};

/* The path, or "standard input". */
const char *bmx_source_display(const char *path);

/* Standard input, or a pipe by name: it cannot be read twice. */
bool bmx_source_is_stream(const char *path);

/* Does the name end so?  Names of files come in either case. */
bool bmx_name_ends(const char *s, size_t n, const char *end);

/* Is anything of this file wanted? */
bool bmx_source_needs(const bmx_source *s, size_t file);

/* Step to the next member that is wanted. */
bpemix_status bmx_source_next_member(bmx_source *s, bool *more, bpemix_error *err);

/* Look at the first bytes of a member: sets s->kind.  whole: there are no more. */
bpemix_status bmx_source_look(bmx_source *s, const char *p, size_t n, bool whole,
                              bpemix_error *err);

/* Move text from the current member to the block.  *full: the block is done, the
 * member may not be. */
bpemix_status bmx_source_take(bmx_source *s, bmx_block *b, bool *full, bpemix_error *err);

/* Place of the member at hand: "fr.tar: a.txt". */
void bmx_source_here(const bmx_source *s, char *buf, size_t size);

/* Do what its content asks for: refuse it, read it as records, or note what is odd. */
bpemix_status bmx_source_act_on(bmx_source *s, const bmx_content *c, bpemix_error *err);

/* E_USAGE: records of a stream cannot be sampled. */
bpemix_status bmx_source_check_records(const bmx_source *s, bpemix_error *err);

/* Tell that a member, which is not named so, is read as records. */
bpemix_status bmx_source_note_records(bmx_source *s, bpemix_error *err);

/* Length of a document of which only the first n bytes are wanted: up to the last line
 * end or, without one, the last whole character. */
size_t bmx_source_trim(const char *p, size_t n);

/* E_USAGE when a stream is to be sampled together with files: the sample of a stream is
 * its beginning. */
bpemix_status bmx_source_check_streams(const bmx_source *s, bpemix_error *err);

/* E_USAGE: a part was asked for of what cannot be sampled. */
bpemix_status bmx_source_not_sampled(bpemix_error *err, const char *where, const char *hint,
                                     const char *what);

uint64_t bmx_document_hash(const char *head, size_t n, uint64_t bytes);

#endif
