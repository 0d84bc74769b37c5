/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_words.h - words from counted chunks. */
#ifndef BMX_WORDS_CHUNK_WORDS_H
#define BMX_WORDS_CHUNK_WORDS_H

#include "words/chunk_file.h"
#include "words/unit.h"

/* Count the words of a list of chunks, as often as the chunks are counted.  joins_marks: a
 * chunk that begins with a mark may stand behind one that ends with a letter, as in the text
 * (it may where chunks cut at marks are exact).  The splitter's table must have an empty
 * queue, and has one again after success.  E_FORMAT when chunks hold malformed bytes and the rules
 * refuse them. */
bpemix_status bmx_chunk_words(bmx_unit_splitter *s, const bmx_chunk_list *l, bool joins_marks,
                              bpemix_error *err);

#endif
