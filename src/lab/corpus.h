/* SPDX-License-Identifier: GPL-3.0-or-later */
/* corpus.h - the documents of every category as sparse word counts.
 *
 *   word[n_words]                   distinct words of all categories, in byte order
 *   cat[i].doc[d]                   a document, or a cluster of neighbouring ones
 *   cat[i].entry[doc[d].first ..)   its words and how often each occurs
 *   cat[i].made[m]                  words made up from rare ones (see simulate.h)
 *
 * Everything a trial draws is a weighted sum of documents, so the text is read and split
 * once, whatever the number of trials.
 *
 * A source is what documents of one origin have in common: the folder below the category
 * that they are in, else the file of records or archive, else what their file's name
 * begins with up to '_' (as corpora/build.sh names the package). */
#ifndef BMX_LAB_CORPUS_H
#define BMX_LAB_CORPUS_H

#include "split/rule.h"
#include "words/words.h"

typedef struct bmx_lab_entry {
    uint32_t word; /* index in the category's vocabulary */
    uint32_t count;
} bmx_lab_entry;

typedef struct bmx_lab_document {
    size_t first;    /* in entry; the next document's is the end */
    uint64_t bytes;
    uint32_t source;
    bool sample;     /* in the half for samples */
} bmx_lab_document;

typedef struct bmx_lab_category {
    char *name;
    bmx_lab_document *doc; /* doc[n_docs + 1]: the last one marks the end */
    size_t n_docs, doc_cap;
    bmx_lab_entry *entry;
    size_t n_entries, entry_cap;
    uint32_t *vocabulary;  /* vocabulary[n_vocabulary]: its words, rising */
    uint32_t *total;       /* total[n_vocabulary]: occurrences in all documents, at most 2^32 - 1 */
    size_t n_vocabulary;
    uint32_t *made;        /* made[n_made]: words made up, rising; in no document */
    size_t n_made;
    uint32_t n_sources;
    uint64_t bytes;
    uint64_t skipped;      /* documents that are not UTF-8 */
    bmx_texts warning;     /* what was noted of the text */
    bool clustered;
} bmx_lab_category;

typedef struct bmx_lab_corpus {
    bmx_slice *word; /* word[n_words], in text */
    size_t n_words;
    char *text;
    bmx_lab_category *cat;
    size_t n_cats;
} bmx_lab_corpus;

typedef struct bmx_lab_read_opts {
    const bmx_text_rule *rule; /* how text becomes words */
    const bpemix_count_opts *count; /* field, max_bytes */
    const char *train_half, *sample_half; /* sub-folders of a category; both are read */
    uint64_t cluster;      /* bytes of documents to put together; BMX_LAB_CLUSTER_AUTO */
    bool make_up;          /* words, for corpora larger than these */
    uint64_t seed;
    unsigned n_threads;
} bmx_lab_read_opts;

/* 120 kB where the text looks like program code, documents as they are elsewhere: files of
 * one package resemble each other, and single ones would make errors look too small. */
#define BMX_LAB_CLUSTER_AUTO UINT64_MAX
#define BMX_LAB_CLUSTER_CODE 120000u

bpemix_status bmx_lab_corpus_read(const bpemix_category *cats, size_t n,
                                  const bmx_lab_read_opts *opts, bmx_lab_corpus *out,
                                  bpemix_error *err);
void bmx_lab_corpus_release(bmx_lab_corpus *c);

/* SHA-256 of all that trials draw from, as 64 hex digits: text that was read and split alike
 * has the same one, whatever its files are called. */
bpemix_status bmx_lab_corpus_digest(const bmx_lab_corpus *c, char out[65], bpemix_error *err);

#endif
