/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - one table of options drives parsing, --help, shell completion and
 * the test that the man pages list the same options. */
#ifndef BMX_CLI_OPTION_H
#define BMX_CLI_OPTION_H

#include "bpemix.h"

#include <stdio.h>

/* Which commands an option belongs to: one bit a command, of 64. */
#define CMD_INFER      (UINT64_C(1) << 0)
#define CMD_COUNT      (UINT64_C(1) << 1)
#define CMD_SOLVE      (UINT64_C(1) << 2)
#define CMD_INSPECT    (UINT64_C(1) << 3)
#define CMD_WORDS      (UINT64_C(1) << 4)
#define CMD_ENCODE     (UINT64_C(1) << 5)
#define CMD_TRAIN      (UINT64_C(1) << 6)
#define CMD_EXPERIMENT (UINT64_C(1) << 7)
#define CMD_REPORT     (UINT64_C(1) << 8)
#define CMD_COMPARE    (UINT64_C(1) << 9)
#define CMD_CHUNKS     (UINT64_C(1) << 10)
#define CMD_PANEL      (UINT64_C(1) << 11)
#define CMD_VERIFY     (UINT64_C(1) << 12)
#define CMD_EXPLAIN    (UINT64_C(1) << 13)

/* Values of an option that may be given several times, in that order. */
typedef struct text_list {
    const char **item; /* item[n]; the texts are those of argv */
    size_t n, cap;
} text_list;

/* Every option's value, with its default before parsing. */
typedef struct args {
    const struct command *cmd; /* NULL: none was found */
    const char *progress, *color;
    const char *tokenizer, *pretokenizer, *field, *work, *json, *output;
    const char *unit, *table_unit, *text_unit, *invalid, *merges, *method, *weights, *scale;
    const char *ranges, *sweep, *phases;
    const char *half_train, *half_sample, *mixture;
    const char *format, *groups, *figure, *title, *truth, *expect, *level;
    const char *extend, *ties, *trainer, *noise, *setting, *sample_sizes, *methods, *baseline;
    const char *fold_counts, *category_counts, *omit_shares;
    const char *shard, *csv;
    const char *note, *panel, *panel_categories, *other;
    uint64_t top, tail;
    bool punctuation, with_panel;
    text_list corpus, journal;
    uint64_t min_frequency, max_token_length, cluster, base_bytes, omit, extra, shuffle,
        inherit;
    bool simulate;
    uint64_t train_size, max_bytes, seed, vocab_size, trials, train_bytes, list;
    uint64_t list_merges, threads, verbose, quiet, folds, memory_limit;
    double gap, time_limit, width;
    const char *claim, *provenance, *category, *product;
    bool exact, certificate;
    bool force, jsonl, binary, skip_bad_records, keep_manual, no_provenance, merge, help, hatch,
        experiment;
    const char *const *operand; /* operand[n_operands]: what is no option */
    size_t n_operands;
} args;

typedef struct command {
    const char *name;
    uint64_t mask;
    const char *synopsis; /* operands, for --help */
    const char *summary;  /* one line */
    int (*run)(const args *a);
} command;

extern const command commands[]; /* ends with a NULL name */

extern const args args_default;

/* Parse argv[1..] for one command into *a, which the caller has set to args_default and
 * releases, also on failure, when a message is in err. */
bpemix_status options_parse(const command *cmd, int argc, char **argv, args *a, bpemix_error *err);
void args_release(args *a);

/* Is there an option of that name, of any command, of this one? */
bool options_know(const char *name);
bool options_has(const command *cmd, const char *name);

void options_help(const command *cmd, FILE *out);

/* "100M" -> bytes; k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024. */
bool parse_size(const char *text, uint64_t *value);

/* The same for whole numbers: "2.5" is refused. */
bool parse_count(const char *text, uint64_t *value);

/* text[n] as a number that is at least 0: digits, a point, an exponent.  What strtod() reads
 * besides, white space, signs, "inf", "nan" and "0x10", is none. */
bool parse_real(const char *text, size_t n, double *value);

#endif
