/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.h - text of categories that are no candidates, counted as one.
 *
 *   candidates   english  french        "other": german, czech, perl, ...
 *   tallies         0        1             2
 *
 * Without a pool, text that no candidate explains adds to the share of the candidate most
 * similar to it.  The pool's share is reported apart, and the others add up to 1 without it. */
#ifndef BMX_REPLAY_POOL_H
#define BMX_REPLAY_POOL_H

#include "replay/trace.h"
#include "split/rule.h"

/* Its name, and the option of a trace that lists the names of what is in it. */
#define BMX_POOL "other"

/* Count opts->other as one category into out[folds, or 1] (zeroed; released by the caller, also
 * on failure).  Small samples are counted several times, so that larger ones do not outweigh them.
 * E_USAGE: a name among opts->other that is one of cats[n], or cats with its name. */
bpemix_status bmx_pool_count(const bmx_text_rule *rule, const bpemix_category *cats, size_t n,
                             const bpemix_count_opts *opts, bmx_words *out, bpemix_error *err);

/* Note in a trace's options what was pooled. */
bpemix_status bmx_pool_record(const bpemix_count_opts *opts, bmx_values *v, bpemix_error *err);

/* Names of what is in the pool of a trace with these options; NULL: there is none. */
const bmx_texts *bmx_pool_names(const bmx_values *options);

#endif
