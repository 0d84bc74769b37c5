/* option.h - one table of options drives parsing, --help, shell completion and
 * the test that the man pages list the same options. */
#ifndef BMX_CLI_OPTION_H
#define BMX_CLI_OPTION_H

#include "bpemix.h"

#include <stdio.h>

/* Which commands an option belongs to. */
enum {
    CMD_INFER = 1, CMD_COUNT = 2, CMD_SOLVE = 4, CMD_INSPECT = 8,
    CMD_WORDS = 16, CMD_ENCODE = 32, CMD_TRAIN = 64, CMD_EXPERIMENT = 128
};

/* Every option's value, with its default before parsing. */
typedef struct args {
    const char *tokenizer, *pretokenizer, *corpus, *field, *work, *json, *output;
    const char *unit, *text_unit, *invalid, *merges, *method, *weights;
    const char *half_train, *half_sample, *mixture;
    uint64_t max_bytes, seed, vocab_size, trials, train_bytes, list;
    uint64_t threads, verbose, folds;
    double gap, time_limit;
    bool jsonl, keep_manual, no_provenance, merge, quiet, help;
    const char *const *operand; /* operand[n_operands]: what is no option */
    size_t n_operands;
} args;

typedef struct command {
    const char *name;
    unsigned mask;
    const char *synopsis; /* operands, for --help */
    const char *summary;  /* one line */
    int (*run)(const args *a);
} command;

extern const command commands[]; /* ends with a NULL name */

extern const args args_default;

/* Parse argv[1..] for one command.  On failure a message is in err. */
bpemix_status options_parse(const command *cmd, int argc, char **argv, args *a, bpemix_error *err);

void options_help(const command *cmd, FILE *out);

/* A bash completion script for all commands. */
void options_completion_bash(FILE *out);

/* "100M" -> bytes; k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024. */
bool parse_size(const char *text, uint64_t *value);

/* The same for what cannot be divided: "2.5" is none. */
bool parse_count(const char *text, uint64_t *value);

#endif
