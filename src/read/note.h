/* SPDX-License-Identifier: GPL-3.0-or-later */
/* note.h - notes about the text for readers of a result, collected while it is read: one line for
 * each kind of note, however many files it applies to. */
#ifndef BMX_READ_NOTE_H
#define BMX_READ_NOTE_H

#include "base/error.h"
#include "base/mem.h"
#include "result/values.h"

typedef enum bmx_note_kind {
    BMX_NOTE_RECORDS,   /* files read as JSON Lines, by their content */
    BMX_NOTE_OBJECTS,   /* JSON, tables and dumps that are counted as text */
    BMX_NOTE_UTF16,
    BMX_NOTE_ZEROS,
    BMX_NOTE_MALFORMED,
    BMX_NOTE_ESCAPED,
    BMX_NOTE_BINARY,    /* files that are not text, counted because the caller allows it */
    BMX_NOTE_SKIPPED,   /* records that could not be read and were left out */
    BMX_NOTE_KINDS
} bmx_note_kind;

/* Where a note comes from.  The first in this order is shown, so that threads do not matter. */
typedef struct bmx_note_place {
    size_t file, ordinal;
    uint64_t line;
} bmx_note_place;

typedef struct bmx_notes bmx_notes; /* safe from any thread */

bmx_notes *bmx_notes_new(void); /* NULL: no memory */
void bmx_notes_free(bmx_notes *n);

/* One more file or record of this kind; what, hint and where are copied. */
bpemix_status bmx_note(bmx_notes *n, bmx_note_kind kind, const bmx_note_place *at,
                       const char *where, const char *what, const char *hint, bpemix_error *err);

/* How many were noted of a kind. */
uint64_t bmx_notes_count(bmx_notes *n, bmx_note_kind kind);

/* A line for each kind that was met, appended to out. */
bpemix_status bmx_notes_text(bmx_notes *n, bmx_texts *out, bpemix_error *err);

#endif
