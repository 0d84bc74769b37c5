/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unite.h - the distinct words of all categories. */
#ifndef BMX_REPLAY_UNITE_H
#define BMX_REPLAY_UNITE_H

#include "replay/gather.h"
#include "words/words.h"

typedef struct bmx_united {
    bmx_slice *text; /* text[n], borrowed */
    size_t n;
    bmx_spread spread;
} bmx_united;

/* Number the words; which number one gets does not depend on the threads.  When all
 * categories are in byte order, words that begin alike stand close together. */
bpemix_status bmx_unite(const bmx_words *cat, size_t n_cats, unsigned n_threads, bmx_united *out,
                        bpemix_error *err);
void bmx_united_release(bmx_united *w);

#endif
