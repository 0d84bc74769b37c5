/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.h - facts that follow from a merge list alone, without sample text.
 *
 *   lineage    whose merges its first merges are
 *   cut        tokens that the stated pre-tokenizer could never have produced
 *   ties       how far its order follows a tie rule instead of frequencies
 *   text unit  whether training text was read by line or by document
 *   scripts    writing systems of the learned tokens
 *   reach      tokens that encoding never makes, or makes without a learned merge */
#ifndef BMX_FINDINGS_FINDINGS_H
#define BMX_FINDINGS_FINDINGS_H

#include "findings/reach.h"
#include "tokenizer/lineage.h"

typedef struct bmx_cut_token {
    uint32_t merge;   /* step whose product it is */
    uint32_t at;      /* byte offset of the first cut */
} bmx_cut_token;

typedef enum bmx_tie_rule {
    BMX_TIES_NONE,         /* no rule was found */
    BMX_TIES_IDS,          /* smaller (left id, right id): Hugging Face */
    BMX_TIES_LENGTH_BYTES, /* fewer characters, then bytes: SentencePiece */
    BMX_TIES_LARGEST       /* lexicographically largest pair: subword-nmt */
} bmx_tie_rule;

typedef struct bmx_ties {
    bmx_tie_rule rule;           /* the one the last eighth follows best */
    double ascending[8];         /* by eighth of the list: share of neighbours in the rule's
                                    order; NaN: the list is too short */
    bool counted;                /* the file states the counts, from which the next three are */
    uint32_t levels_last_half;   /* falls of the count behind the middle: those that show as
                                    descents, 0 without a rule; all of them if `counted` */
    uint32_t uninformative_from; /* from this step on at least 95 % of neighbours are
                                    in tie order, or 90 % are tied; BMX_NONE: nowhere */
    double last_count;           /* count of the last merge in the training text, an estimate
                                    unless `counted`, NaN: none */
    double sample_pairs;         /* estimated size of the training text in initial pairs, NaN:
                                    none */
} bmx_ties;

typedef struct bmx_script_tokens {
    const char *name;            /* static */
    uint32_t tokens;
} bmx_script_tokens;

typedef struct bmx_findings {
    bmx_lineages lineage;
    bool cut_known;              /* false: there is no pre-tokenizer to check against */
    bmx_cut_token *cut;          /* cut[n_cut], in merge order */
    size_t n_cut, cut_cap;
    bmx_ties ties;
    bpemix_text_unit text_unit;
    uint32_t newline_tokens;     /* tokens with something behind a newline: the evidence */
    bmx_script_tokens *script;    /* script[n_scripts], most tokens first */
    size_t n_scripts, scripts_cap;
    bmx_reach reach;
    bool lower_case;              /* no token has a capital letter, though the normalizer keeps
                                     them */
} bmx_findings;

bpemix_status bmx_findings_get(const bpemix_tokenizer *tok, bmx_findings *out, bpemix_error *err);
void bmx_findings_release(bmx_findings *f);

/* What is known of a tokenizer: bmx_tokenizer_facts() with the findings, and a line to its
 * warnings for whatever a reader must know.  Shows 100 cut tokens and BMX_EXAMPLES of all else,
 * or `list` if that is more.  f may be NULL, then the findings are made here. */
bpemix_status bmx_findings_facts(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                                 bmx_facts *out, bpemix_error *err);

void bmx_ties_measure(const bpemix_tokenizer *tok, bmx_ties *out);
const char *bmx_tie_rule_name(bmx_tie_rule rule);

#endif
