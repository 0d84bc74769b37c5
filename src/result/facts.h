/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.h - what is known of a tokenizer, as a struct.
 *
 *   tokenizer/describe.c   fills what the file says
 *   findings/              fills what the merge list tells by itself (.findings)
 *   replay/                carries it in the trace, so that solve knows it without the tokenizer
 *   result/facts_json.c    writes it as the "tokenizer" object of bpemix-json(5), and reads it
 *
 * Self-contained: every string is owned, and tokens are spelled as bmx_token_escape() does. */
#ifndef BMX_RESULT_FACTS_H
#define BMX_RESULT_FACTS_H

#include "base/json.h"
#include "result/values.h"

/* Merges, each as two texts: left, right. */
typedef bmx_texts bmx_merge_texts;

/* A finding about tokens: how many there are, and the first of them. */
typedef struct bmx_noticed {
    uint64_t count;
    bmx_texts example;
} bmx_noticed;

/* The same about merges. */
typedef struct bmx_noticed_merges {
    uint64_t count;
    bmx_merge_texts example;
} bmx_noticed_merges;

/* A list whose beginning this one shares. */
typedef struct bmx_facts_lineage {
    char *of, *less; /* name of the other list; the part of it that is not shared, NULL: none */
    uint32_t from, to;
    bool exact;      /* false: a few merges behind `to` may be shared as well */
} bmx_facts_lineage;

/* A token that the stated pre-tokenizer would cut. */
typedef struct bmx_facts_cut {
    uint32_t step;
    char *left, *right; /* around the first cut */
} bmx_facts_cut;

typedef struct bmx_facts_ties {
    char *rule;                  /* "none", "ids", ... */
    double ascending[8];         /* by eighth of the list; NaN: too few */
    uint32_t levels_last_half;
    uint32_t uninformative_from; /* from this step on ties decide; BMX_FACTS_NONE: nowhere */
    double last_count, sample_pairs; /* NaN: not estimated; the first alone: the file states
                                        counts */
    char *assumption;            /* NULL: none */
} bmx_facts_ties;

#define BMX_FACTS_NONE UINT32_MAX

typedef struct bmx_facts_script {
    char *script;
    uint32_t tokens;
    double share;                /* of the merges */
} bmx_facts_script;

typedef struct bmx_facts {
    bool known;                  /* false: nothing is, and the object is null */
    char *path, *format, *format_detail; /* format_detail may be NULL */
    char *alphabet;              /* "byte", "character" */
    bool open_alphabet, byte_fallback;
    uint32_t vocab_size, merges, merges_listed;
    char digest[65];
    char *subword_prefix, *word_suffix; /* marks of words; "" when there are none */
    bmx_values *normalizer;      /* normalizer[n_normalizers]: one step each, "type" first */
    size_t n_normalizers;
    bool pretokenizer_known;
    char *pretokenizer;          /* name of the preset, NULL: it has none */
    bmx_values *split;           /* split[n_splits]: steps of the pre-tokenizer */
    size_t n_splits;
    bmx_values rules;            /* of the trainer; empty: none known */
    bmx_values trainer_spec;     /* evidence from the file; empty: none */
    bmx_noticed_merges redundant, manual, too_long, repeated;
    bmx_merge_texts first_merges, last_merges;
    bmx_texts warning;

    /* ---- findings ---- */
    bool found;                  /* those below are filled in */
    bmx_facts_lineage *lineage;  /* lineage[n_lineages] */
    size_t n_lineages;
    uint32_t inherited;          /* first merges that are another tokenizer's */
    bool cut_known;              /* false: there is no pre-tokenizer to check against */
    uint64_t n_cut;              /* tokens that it would cut */
    bmx_facts_cut *cut;          /* cut[n_cuts]: the first of them */
    size_t n_cuts;
    bmx_facts_ties ties;
    char *text_unit;             /* "document", "line" */
    uint32_t newline_tokens;
    bmx_noticed unreachable;     /* tokens that encoding never makes */
    bmx_noticed unlearned;       /* tokens that it makes although no merge in the order of learning
                                    does */
    bmx_facts_script *script;    /* script[n_scripts], most tokens first */
    size_t n_scripts;
} bmx_facts;

void bmx_facts_init(bmx_facts *f);    /* nothing known */
void bmx_facts_release(bmx_facts *f); /* back to that */
bpemix_status bmx_facts_copy(const bmx_facts *from, bmx_facts *to, bpemix_error *err);

/* Are its symbols characters, as in SentencePiece? */
bool bmx_facts_characters(const bmx_facts *f);

/* The "tokenizer" object, and back.  json may be null or NULL: nothing known.  Members that
 * are not known here are ignored; of those that are, the kind must be right (E_FORMAT). */
bmx_json *bmx_facts_to_json(const bmx_facts *f);
bpemix_status bmx_facts_from_json(const bmx_json *json, bmx_facts *out, bpemix_error *err);

#endif
