/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lineage.h - whose merges are the first merges of a list? */
#ifndef BMX_TOKENIZER_LINEAGE_H
#define BMX_TOKENIZER_LINEAGE_H

#include "tokenizer/tokenizer.h"

/* Known lists are remembered by a running checksum at every so many merges. */
#define BMX_LINEAGE_INTERVAL 1024

/* "merges 0 .. to - 1 are the first merges of the list `of`" */
typedef struct bmx_lineage {
    const char *of;   /* name of the known list; static */
    const char *less; /* what was left out of it, NULL: nothing; static */
    uint32_t to;
    bool whole;       /* all of the known list is contained, and `to` is exact; else the
                         common part ends somewhere in [to, to + BMX_LINEAGE_INTERVAL) */
} bmx_lineage;

typedef struct bmx_lineages {
    bmx_lineage *entry; /* entry[n], longest common part first */
    size_t n, cap;
    uint32_t inherited; /* merges 0 .. inherited - 1 come from another, shorter list; 0: none */
} bmx_lineages;

typedef enum bmx_known_form { BMX_KNOWN_PLAIN, BMX_KNOWN_NFC, BMX_KNOWN_NFKC } bmx_known_form;

typedef struct bmx_known_list {
    const char *name, *less;
    const char *preset;     /* published pre-tokenizer, NULL: comes with the file */
    bmx_known_form normal;  /* published normalizer */
    uint64_t tokens;        /* of a rank file with tokens that hold text behind a newline, which so
                               was trained on documents: bmx_lineage_tokens(); 0: another file */
    uint32_t n_merges;
    const uint32_t *points; /* low half of the rolling hash after bmx_lineage_point(0, n_merges),
                               (1, n_merges), ... merges and at the end after n_merges */
} bmx_known_list;

typedef struct bmx_known_lists {
    const bmx_known_list *list; /* list[n] */
    size_t n;
} bmx_known_lists;

extern const bmx_known_lists bmx_published_lists;

/* The k-th stored length of a list of n merges, n itself at the end. */
uint32_t bmx_lineage_point(uint32_t k, uint32_t n);

/* Rolling hash over merges, by whose values known lists are stored. */
uint64_t bmx_lineage_roll(uint64_t hash, bmx_slice left, bmx_slice right);

/* Checksum of tokens of two bytes and more in the order of their ranks, never 0.  The merges of a
 * rank file follow from these. */
uint64_t bmx_lineage_tokens(const bpemix_tokenizer *tok, const uint32_t *order, size_t n);

/* The known list that consists of these tokens; NULL: none with a published pre-tokenizer. */
const bmx_known_list *bmx_lineage_of_tokens(const bpemix_tokenizer *tok, const uint32_t *order,
                                            size_t n, const bmx_known_lists *known);

/* Which of the known lists the merges begin with; free with bmx_lineages_release(). */
bpemix_status bmx_lineage_find(const bpemix_tokenizer *tok, const bmx_known_lists *known,
                               bmx_lineages *out, bpemix_error *err);
void bmx_lineages_release(bmx_lineages *l);

/* A file that cannot state its normalizer, and maybe no pre-tokenizer, and whose
 * list is a known one gets the published ones, with a warning that says so. */
bpemix_status bmx_lineage_identify(bpemix_tokenizer *tok, const bmx_known_lists *known,
                                   bpemix_error *err);

#endif
