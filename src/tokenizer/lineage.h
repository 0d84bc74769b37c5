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

bpemix_status bmx_lineage_find(const bpemix_tokenizer *tok, bmx_lineages *out, bpemix_error *err);
void bmx_lineages_release(bmx_lineages *l);

/* A file that cannot state its normalizer, and maybe no pre-tokenizer, and whose
 * list is a known one gets the published ones, with a warning that says so. */
bpemix_status bmx_lineage_identify(bpemix_tokenizer *tok, bpemix_error *err);

/* Running checksum over merges: the chain that known lists are stored by. */
uint64_t bmx_lineage_chain(uint64_t chain, bmx_slice left, bmx_slice right);

#endif
