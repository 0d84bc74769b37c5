/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count.h - the words of all categories, counted on several threads. */
#ifndef BMX_WORDS_COUNT_H
#define BMX_WORDS_COUNT_H

#include "split/rule.h"
#include "words/words.h"

/* Names are there and differ, each category has text, standard input is read once. */
bpemix_status bmx_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err);

/* Count all categories: out[n_cats], zeroed by the caller, released by the
 * caller also on failure.  With folds, out[n_cats * folds], the folds of a
 * category behind one another; its inputs are noted with the first.  The fold
 * of a document follows from how it begins, and from nothing else.  Words come out in
 * byte order, whatever the number of threads.  Files written by bmx_words_save() may stand among
 * the inputs. */
bpemix_status bmx_words_count(const bmx_text_rule *rule, const bpemix_category *cats,
                              size_t n_cats, const bpemix_count_opts *opts, bmx_words *out,
                              bpemix_error *err);

#endif
