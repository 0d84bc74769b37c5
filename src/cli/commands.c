/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - the table of commands, in the order of help. */
#include "cli/cli.h"

const command commands[] = {
    { "infer", CMD_INFER, "-t TOKENIZER [options] [NAME=PATH ... | --corpus DIR]",
      "Estimate the training mixture of a tokenizer from sample text of every category.",
      cmd_infer },
    { "count", CMD_COUNT, "-t TOKENIZER -o FILE.trace [options] [NAME=PATH ... | --corpus DIR]",
      "Count pairs along the merge list and keep the counts for solve.", cmd_count },
    { "solve", CMD_SOLVE, "[options] FILE.trace ...",
      "Estimate the mixture from traces, which may come from several machines.", cmd_solve },
    { "verify", CMD_VERIFY, "--claim MIXTURE.json FILE.trace ... | -t TOKENIZER NAME=PATH ...",
      "Check a disclosed mixture against the merges of a tokenizer.", cmd_verify },
    { "explain", CMD_EXPLAIN,
      "[--category NAME | --merge TOKEN] RESULT | [RESULT] FILE.trace ... | "
      "[RESULT] -t TOKENIZER NAME=PATH ...",
      "Tell which merges an estimate rests on, and the evidence of a merge.", cmd_explain },
    { "inspect", CMD_INSPECT, "[options] TOKENIZER | FILE.trace",
      "Say what was read from a tokenizer file or a trace.", cmd_inspect },
    { "words", CMD_WORDS,
      "-t TOKENIZER -o FILE.words NAME=PATH | --merge -o FILE.words FILE.words ...",
      "Count the words of samples and keep the counts for infer and count.", cmd_words },
    { "chunks", CMD_CHUNKS, "-o FILE.chunks [options] NAME=PATH ... | --corpus DIR",
      "Cut samples once, into chunks that serve nearly every tokenizer.", cmd_chunks },
    { "panel", CMD_PANEL, "[options]", "List the samples that infer uses when it is given none.",
      cmd_panel },
    { "encode", CMD_ENCODE, "-t TOKENIZER [options] [FILE ...]",
      "Print the token ids of every document, one line each.", cmd_encode },
    { "train", CMD_TRAIN, "-o TOKENIZER.json [options] NAME=PATH ... | --corpus DIR",
      "Train a tokenizer on a known mixture of categories.", cmd_train },
    { "experiment", CMD_EXPERIMENT, "[options] NAME=FOLDER ... | --corpus DIR",
      "Train on known mixtures, infer them, and report the error.", cmd_experiment },
    { "report", CMD_REPORT, "[options] [LABEL=]RESULT.json ...",
      "Put results side by side: verdicts, figures and tables as a page or a file.", cmd_report },
    { "compare", CMD_COMPARE, "[options] [LABEL=]A.json [LABEL=]B.json | --truth KNOWN.json A.json",
      "Compare two results, or results with a known mixture.", cmd_compare },
    { NULL, 0, NULL, NULL, NULL },
};
