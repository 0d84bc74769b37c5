/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.c - the table of all options, parsing by it, and the help that is printed of it.
 *
 * A row is an option of the commands in its mask.  A text in brackets at the end of its help is
 * the default in force, and may be given as the value; where there is none, the help shows the
 * member of args_default, and an option whose member is NULL has no effect unless it is given. */
#include "cli/option.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/suggest.h"
#include "cli/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(args, member)
#define ALL_CMDS UINT64_MAX
#define COUNTING (CMD_INFER | CMD_COUNT | CMD_WORDS | CMD_EXPERIMENT | CMD_TRAIN)
#define READING (COUNTING | CMD_CHUNKS) /* text */
#define TRAINING (CMD_TRAIN | CMD_EXPERIMENT)
#define REPORTING (CMD_REPORT | CMD_COMPARE) /* read results alone */
#define SOLVING (CMD_INFER | CMD_SOLVE)

const option_def option_table[] = {
    { 't', "tokenizer", OPT_TEXT, AT(tokenizer),
      CMD_INFER | CMD_COUNT | CMD_WORDS | CMD_ENCODE | CMD_VERIFY | CMD_EXPLAIN, "FILE",
      "tokenizer file, any format, plain or compressed; - is standard input" },
    { 0, "pretokenizer", OPT_TEXT, AT(pretokenizer),
      ALL_CMDS & ~(CMD_SOLVE | TRAINING | REPORTING | CMD_CHUNKS | CMD_PANEL), "NAME",
      "preset pre-tokenizer in place of the file's own" },
    { 0, "pretokenizer", OPT_TEXT, AT(pretokenizer), TRAINING, "NAME|FILE",
      "preset pre-tokenizer, or a tokenizer file to take normalizer and pre-tokenizer from "
      "[gpt2]" },
    { 0, "keep-manual", OPT_FLAG, AT(keep_manual), CMD_INFER | CMD_COUNT | CMD_INSPECT, NULL,
      "constrain merges that look added by hand or are too long" },
    { 0, "corpus", OPT_LIST, AT(corpus), READING, "DIR",
      "each sub-folder of DIR, or category of a file of chunks, is a category; may be given "
      "several times" },
    { 0, "panel", OPT_TEXT, AT(panel), CMD_INFER | CMD_COUNT | CMD_PANEL, "FILE",
      "file of chunks to take for the panel, the samples that come with the program [installed]" },
    { 0, "panel-categories", OPT_TEXT, AT(panel_categories), CMD_INFER | CMD_COUNT, "NAME,...",
      "categories, or groups of them, to take of the panel [all]" },
    { 0, "with-panel", OPT_FLAG, AT(with_panel), CMD_INFER | CMD_COUNT, NULL,
      "add the categories of the panel to those that are given; without any, the panel is used "
      "anyway" },
    { 0, "other", OPT_TEXT, AT(other), CMD_INFER | CMD_COUNT, "DIR|panel",
      "pool the categories of DIR, or of the panel, that are no candidates, and tell their share "
      "apart from the shares [none]" },
    { 0, "punctuation", OPT_FLAG, AT(punctuation), CMD_CHUNKS, NULL,
      "cut Chinese, Japanese and Korean before punctuation, too" },
    { 0, "top", OPT_UINT, AT(top), CMD_CHUNKS, "N",
      "keep the N most frequent chunks of each category [all]" },
    { 0, "tail", OPT_UINT, AT(tail), CMD_CHUNKS, "N",
      "of the less frequent chunks, draw N at random to stand for all of them [none]" },
    { 0, "seed", OPT_UINT, AT(seed), CMD_CHUNKS, "N", "seed of the draws of --tail" },
    { 0, "groups", OPT_TEXT, AT(groups), CMD_CHUNKS, "FILE",
      "groups of the categories, kept with them: a line each, category, tab, group" },
    { 0, "note", OPT_TEXT, AT(note), CMD_CHUNKS, "FILE",
      "text that says what the samples are, kept for those who use the chunks" },
    { 0, "max-bytes", OPT_SIZE, AT(max_bytes), READING & ~TRAINING, "SIZE",
      "read at most SIZE of each category, a reproducible sample of its documents [all]" },
    { 0, "max-bytes", OPT_TEXT, AT(sample_sizes), CMD_EXPERIMENT, "SIZE,...",
      "bytes of sample a category, one size or several [all]" },
    { 0, "text-unit", OPT_CHOICE, AT(text_unit), COUNTING, "auto|document|line",
      "what the normalizer and pre-tokenizer see at once; auto: document if a token contains "
      "text after a newline, otherwise line" },
    { 0, "invalid", OPT_CHOICE, AT(invalid), COUNTING, "auto|keep|replace|refuse",
      "what to do with bytes that are not UTF-8; auto: keep for byte-level tokenizers, "
      "otherwise refuse" },
    { 0, "binary", OPT_FLAG, AT(binary), READING, NULL,
      "count formats that are not text (PDF, Parquet, programs, images) byte by byte" },
    { 0, "skip-bad-records", OPT_FLAG, AT(skip_bad_records), READING, NULL,
      "leave out JSONL records that cannot be read, and say how many" },
    { 0, "jsonl", OPT_FLAG, AT(jsonl), READING | CMD_ENCODE, NULL,
      "every input is JSONL, also those not named .jsonl or .ndjson" },
    { 0, "field", OPT_TEXT, AT(field), READING | CMD_ENCODE, "NAME",
      "field of JSONL records that holds the text" },
    { 0, "work", OPT_TEXT, AT(work), CMD_INFER | CMD_COUNT | CMD_WORDS, "DIR",
      "keep finished word counts in DIR and resume from there" },
    { 0, "folds", OPT_UINT, AT(folds), CMD_INFER | CMD_COUNT, "N",
      "90 % intervals by a delete-one-fold jackknife: N more solutions; 8 is usual [none]" },
    { 0, "folds", OPT_TEXT, AT(fold_counts), CMD_EXPERIMENT, "N,...",
      "90 % intervals by a delete-one-fold jackknife, one number of folds or several [none]" },
    { 0, "folds", OPT_UINT, AT(folds), CMD_CHUNKS | CMD_WORDS, "N",
      "keep N folds of the documents apart, for intervals [none]" },
    { 'm', "merges", OPT_TEXT, AT(merges), SOLVING | CMD_VERIFY | CMD_EXPLAIN, "N|A:B|auto|all",
      "constrain the first N merges, merges A..B-1, or all; auto: as many as the samples have "
      "counts for, after the inherited part" },
    { 0, "method", OPT_CHOICE, AT(method), SOLVING, "default|lp|monotone",
      "lp: the paper's linear program; monotone: with training counts that never increase "
      "[monotone]" },
    { 0, "weights", OPT_CHOICE, AT(weights), SOLVING | CMD_EXPLAIN, "default|none|quarter",
      "quarter: weigh slack by count^(-1/4); the default for lp is none [quarter]" },
    { 0, "claim", OPT_TEXT, AT(claim), CMD_VERIFY, "FILE",
      "the mixture to check: JSON, shares of bytes by category" },
    { 0, "exact", OPT_FLAG, AT(exact), CMD_VERIFY, NULL,
      "the samples are the training text itself: find the first merge that deviates" },
    { 0, "scale", OPT_CHOICE, AT(scale), SOLVING | CMD_EXPLAIN, "default|merges|pairs",
      "minimise slack as a fraction of the merges' occurrences, or of all pairs as the paper "
      "does; default: pairs, or merges if the constraints begin after merge 0" },
    { 0, "ranges", OPT_CHOICE, AT(ranges), CMD_INFER | CMD_SOLVE, "yes|no",
      "range of every share over all mixtures that explain the merges nearly as well as the best" },
    { 0, "sweep", OPT_TEXT, AT(sweep), CMD_INFER | CMD_SOLVE, "N,N,...",
      "solve with these numbers of merges, too" },
    { 0, "phases", OPT_CHOICE, AT(phases), CMD_INFER | CMD_SOLVE, "no|auto",
      "auto: find phases of the list, stretches learned from different mixtures; infer each "
      "alone" },
    { 0, "train-size", OPT_SIZE, AT(train_size), CMD_INFER | CMD_SOLVE, "SIZE",
      "size of the tokenizer's training text, for the intervals of --folds; ties: estimated from "
      "the ties in the list [ties]" },
    { 0, "gap", OPT_DOUBLE, AT(gap), SOLVING, "G",
      "certified relative gap to stop at; default: 1e-6, with more than 300 "
      "categories 1e-4, with --method lp 1e-11 [default]" },
    { 0, "time-limit", OPT_DOUBLE, AT(time_limit), SOLVING, "SEC",
      "stop solving after SEC seconds with the bounds reached [none]" },
    { 0, "unit", OPT_CHOICE, AT(table_unit), CMD_INFER | CMD_SOLVE, "auto|bytes|pairs|merges",
      "unit of the shares in the table; auto: bytes, or merges behind an inherited part" },
    { 0, "force", OPT_FLAG, AT(force), CMD_INFER | CMD_SOLVE, NULL,
      "show shares even if the verdict is that they are unusable" },
    { 0, "list", OPT_UINT, AT(list_merges), CMD_INFER | CMD_SOLVE, "N",
      "list N of the merges that are explained worst and of those in no sample; -v lists 20 "
      "[none]" },
    { 0, "unit", OPT_CHOICE, AT(unit), REPORTING, "bytes|pairs|merges", "unit of the shares" },
    { 0, "format", OPT_CHOICE, AT(format), CMD_REPORT,
      "auto|html|svg|markdown|latex|csv|tsv|json|text",
      "auto: by what the output's name ends in; without an output, text" },
    { 0, "groups", OPT_TEXT, AT(groups),
      REPORTING | CMD_INFER | CMD_SOLVE | CMD_EXPERIMENT, "FILE",
      "groups of categories, a line each: category, tab, group, and optionally tab, label" },
    { 0, "figure", OPT_TEXT, AT(figure), CMD_REPORT, "NAME",
      "one figure or table alone: mixture, ranges, sweep, missing, shares, ..." },
    { 0, "experiment", OPT_FLAG, AT(experiment), CMD_REPORT, NULL,
      "the files are documents of bpemix experiment: how accurate estimates are" },
    { 0, "level", OPT_TEXT, AT(level), CMD_REPORT, "NAME=NUMBER,...",
      "with --experiment, lines in the figures of errors, such as paper=-7.30" },
    { 0, "title", OPT_TEXT, AT(title), CMD_REPORT, "TEXT",
      "title in place of one made from the labels" },
    { 0, "width", OPT_DOUBLE, AT(width), CMD_REPORT, "POINTS",
      "svg and latex: draw for a line of so many points on paper (72.27 an inch), such as 240 "
      "for one of two columns [none]" },
    { 0, "hatch", OPT_FLAG, AT(hatch), CMD_REPORT, NULL,
      "hatches besides colours, for print in grey" },
    { 0, "truth", OPT_TEXT, AT(truth), CMD_COMPARE, "FILE",
      "known mixture as JSON, such as {\"english\": 0.7, \"c\": 0.3}" },
    { 0, "expect", OPT_TEXT, AT(expect), CMD_COMPARE, "CONDITION,...",
      "exit with 1 unless these hold, such as mse<1e-5: mse, log10_mse, rms, max, slack" },
    { 0, "json", OPT_TEXT, AT(json), ALL_CMDS & ~(CMD_COUNT | CMD_WORDS | CMD_CHUNKS | REPORTING),
      "FILE", "write JSON to FILE; - is standard output" },
    { 0, "provenance", OPT_CHOICE, AT(provenance), CMD_INFER | CMD_SOLVE, "summary|full",
      "in the JSON: a line for the text of each category, or one for each file" },
    { 0, "no-provenance", OPT_FLAG, AT(no_provenance), CMD_INFER | CMD_SOLVE, NULL,
      "leave out provenance and timings" },
    { 'o', "output", OPT_TEXT, AT(output), CMD_COUNT | CMD_WORDS | CMD_CHUNKS | CMD_TRAIN, "FILE",
      "file to write" },
    { 'o', "output", OPT_TEXT, AT(output), CMD_REPORT, "FILE",
      "file to write; - is standard output [-]" },
    { 0, "merge", OPT_FLAG, AT(merge), CMD_WORDS, NULL, "add up .words files" },
    { 0, "category", OPT_TEXT, AT(category), CMD_EXPLAIN, "NAME",
      "explain the share of this category" },
    { 0, "merge", OPT_TEXT, AT(product), CMD_EXPLAIN, "TOKEN",
      "explain the merge that makes this token: its counts, its rivals, what its rank implies" },
    { 0, "list", OPT_UINT, AT(list), CMD_EXPLAIN, "N",
      "rows of each direction, or rivals, to list" },
    { 0, "list", OPT_UINT, AT(list), CMD_INSPECT, "N", "list up to N entries of every finding" },
    { 0, "list", OPT_UINT, AT(list), CMD_REPORT, "N",
      "merges of each tokenizer to list as evidence of its shares" },
    { 0, "mixture", OPT_TEXT, AT(mixture), CMD_TRAIN, "NAME=SHARE,...",
      "shares of bytes to train on [equal]" },
    { 0, "mixture", OPT_TEXT, AT(mixture), CMD_EXPERIMENT, "NAME=SHARE,...",
      "shares of bytes to train on [random]" },
    { 0, "vocab-size", OPT_UINT, AT(vocab_size), TRAINING, "N",
      "tokens to train, the 256 bytes included" },
    { 0, "train-bytes", OPT_SIZE, AT(train_bytes), TRAINING, "SIZE",
      "size of the training text; all: as much as the shares allow [all]" },
    { 0, "train-half", OPT_TEXT, AT(half_train), CMD_EXPERIMENT, "NAME",
      "sub-folder of a category with its training documents [train]" },
    { 0, "train-half", OPT_TEXT, AT(half_train), CMD_TRAIN, "NAME",
      "sub-folder of each category to read; all: everything; auto: train where all have train and "
      "sample [auto]" },
    { 0, "sample-half", OPT_TEXT, AT(half_sample), CMD_INFER | CMD_COUNT | CMD_WORDS | CMD_CHUNKS,
      "NAME",
      "sub-folder of each category to read; all: everything; auto: sample where all have train "
      "and sample [auto]" },
    { 0, "sample-half", OPT_TEXT, AT(half_sample), CMD_EXPERIMENT, "NAME",
      "sub-folder of a category with its sample documents [sample]" },
    { 0, "extend", OPT_TEXT, AT(extend), CMD_TRAIN, "FILE",
      "go on from this tokenizer: its merges come first, and text is split as it says" },
    { 0, "ties", OPT_CHOICE, AT(ties), TRAINING, "hf|sentencepiece|length|random",
      "which of equally frequent pairs is merged first; by a SentencePiece model's rules the "
      "default is sentencepiece [hf]" },
    { 0, "min-frequency", OPT_UINT, AT(min_frequency), CMD_TRAIN, "N",
      "do not merge pairs that occur fewer than N times" },
    { 0, "max-token-length", OPT_UINT, AT(max_token_length), CMD_TRAIN, "N",
      "make no token of more than N characters, or bytes for a byte alphabet [none]" },
    { 0, "trainer", OPT_TEXT, AT(trainer), CMD_TRAIN, "COMMAND",
      "train with a command of the shell; {text}, {vocab} and {out} stand for the file of text, "
      "the number of tokens and the file to write" },
    { 0, "simulate", OPT_FLAG, AT(simulate), CMD_EXPERIMENT | CMD_TRAIN, NULL,
      "draw corpora of any size from the documents at hand" },
    { 0, "noise", OPT_CHOICE, AT(noise), CMD_EXPERIMENT, "documents|words",
      "what --simulate draws: whole documents, or single words, which make any estimate look far "
      "better than it is" },
    { 0, "cluster", OPT_SIZE, AT(cluster), CMD_EXPERIMENT, "SIZE",
      "put neighbouring documents of one source together up to SIZE; auto: 120 kB where a "
      "simulated category looks like program code [auto]" },
    { 0, "base-bytes", OPT_SIZE, AT(base_bytes), CMD_EXPERIMENT, "SIZE",
      "read at most SIZE of each half of a category, a reproducible sample of its documents "
      "[all]" },
    { 0, "setting", OPT_CHOICE, AT(setting), CMD_EXPERIMENT, "alike|shifted|disjoint|same",
      "how samples and training text are related: of the same kind, with other proportions of "
      "their sources, from other sources, or the same text" },
    { 'm', "merges", OPT_TEXT, AT(merges), CMD_EXPERIMENT, "N|auto|all|...",
      "numbers of merges to constrain, one or several" },
    { 0, "methods", OPT_TEXT, AT(methods), CMD_EXPERIMENT, "NAME,...",
      "ways of estimating: monotone or lp, with weights and scale behind colons, as in "
      "lp:none:pairs; tc, tee, uniform, random [monotone]" },
    { 0, "baseline", OPT_TEXT, AT(baseline), CMD_EXPERIMENT, "NAME",
      "the method that the others are compared with [first]" },
    { 0, "gap", OPT_DOUBLE, AT(gap), CMD_EXPERIMENT, "G",
      "certified relative gap to stop at [1e-4]" },
    { 0, "categories", OPT_TEXT, AT(category_counts), CMD_EXPERIMENT, "N,...",
      "take N categories at random for each trial [all]" },
    { 0, "omit", OPT_UINT, AT(omit), CMD_EXPERIMENT, "N",
      "categories of the training text that are left out of the samples" },
    { 0, "omit-share", OPT_TEXT, AT(omit_shares), CMD_EXPERIMENT, "S,...",
      "share of the training text that the omitted categories have, one or several [drawn]" },
    { 0, "extra", OPT_UINT, AT(extra), CMD_EXPERIMENT, "N",
      "candidate categories that have no share in the training text" },
    { 0, "shuffle", OPT_UINT, AT(shuffle), CMD_EXPERIMENT, "N",
      "shuffle merges within windows of N merges" },
    { 0, "inherit", OPT_UINT, AT(inherit), CMD_EXPERIMENT, "N",
      "merges that are learned first, from another mixture, and not constrained" },
    { 0, "trials", OPT_UINT, AT(trials), CMD_EXPERIMENT, "N",
      "trials, each with a mixture of its own" },
    { 0, "seed", OPT_UINT, AT(seed), CMD_EXPERIMENT, "N", "seed of everything that is random" },
    { 0, "seed", OPT_UINT, AT(seed), CMD_TRAIN, "N", "seed of --ties=random and --simulate" },
    { 0, "journal", OPT_LIST, AT(journal), CMD_EXPERIMENT, "FILE",
      "keep finished trials in FILE and resume from there; further files are read only" },
    { 0, "shard", OPT_TEXT, AT(shard), CMD_EXPERIMENT, "K/N",
      "run only every N-th trial, from the K-th" },
    { 0, "csv", OPT_TEXT, AT(csv), CMD_EXPERIMENT, "FILE",
      "write a line of CSV for each trial and way of estimating; - is standard output" },
    { 'j', "threads", OPT_UINT, AT(threads), ALL_CMDS & ~(REPORTING | CMD_PANEL), "N",
      "threads, which never change the result; all: one per processor [all]" },
    { 0, "memory-limit", OPT_SIZE, AT(memory_limit), ALL_CMDS & ~REPORTING, "SIZE",
      "most memory to allocate; half: half of the machine's memory [half]" },
    { 0, "progress", OPT_CHOICE, AT(progress), ALL_CMDS & ~(REPORTING | CMD_INSPECT | CMD_ENCODE),
      "auto|json|none",
      "progress on standard error; auto: on terminals; json: an object a line" },
    { 0, "color", OPT_CHOICE, AT(color), CMD_INFER | CMD_SOLVE | REPORTING, "auto|always|never",
      "colours in tables; auto: on terminals, unless NO_COLOR is set" },
    { 'q', "quiet", OPT_COUNT, AT(quiet), ALL_CMDS, NULL,
      "no progress; twice: no warnings either" },
    { 'v', "verbose", OPT_COUNT, AT(verbose), ALL_CMDS, NULL, "say more about what is done" },
    { 'h', "help", OPT_FLAG, AT(help), ALL_CMDS, NULL, "show this help" },
};
const size_t n_options = sizeof option_table / sizeof *option_table;

const args args_default = {
    .progress = "auto",
    .color = "auto",
    .unit = "bytes",
    .table_unit = "auto",
    .provenance = "summary",
    .text_unit = "auto",
    .invalid = "auto",
    .merges = "auto",
    .method = "default",
    .weights = "default",
    .scale = "default",
    .ranges = "yes",
    .phases = "no",
    .field = "text",
    .format = "auto",
    .noise = "documents",
    .setting = "alike",
    .vocab_size = 3256,
    .trials = 5,
    .seed = 1,
    .list = 5,
};

/* Value of a suffix such as "k" or "Mi", and where it ends; 1 for none. */
static uint64_t parse_suffix(const char *p, const char **end)
{
    static const char units[] = "kMGT";
    const char *u = *p ? strchr(units, *p == 'K' ? 'k' : *p) : NULL;
    uint64_t base = u && p[1] == 'i' ? 1024 : 1000, scale = 1;

    for (const char *k = units; u && k <= u; k++)
        scale *= base;
    p += u ? 1 + (base == 1024) : 0;
    *end = p + (*p == 'B');
    return scale;
}

/* A fraction is one of a larger unit: there is no half of a byte. */
static bool parse(const char *text, bool whole, uint64_t *value)
{
    size_t digits = strspn(text, "0123456789");
    bool exact = digits > 0 && text[digits] != '.' && text[digits] != 'e' && text[digits] != 'E';
    const char *end;
    uint64_t n = 0, scale;
    double v = 0;

    if (!strchr("0123456789.", *text) || !*text)
        return false; /* no sign, no "inf" */
    errno = 0;
    if (exact)
        n = strtoull(text, (char **)&end, 10);
    else
        v = strtod(text, (char **)&end);
    if (end == text || errno)
        return false;
    scale = parse_suffix(end, &end);
    if (*end)
        return false;
    if (!exact) {
        v *= (double)scale;
        if (!(v >= 0) || v > 0x1p63 || ((whole || scale == 1) && fabs(v - round(v)) > 1e-9 * v))
            return false;
        *value = (uint64_t)(v + 0.5);
        return true;
    }
    if (n > UINT64_MAX / scale)
        return false;
    *value = n * scale;
    return true;
}

bool parse_size(const char *text, uint64_t *value) { return parse(text, false, value); }
bool parse_count(const char *text, uint64_t *value) { return parse(text, true, value); }

const char *option_word(const char *choices, size_t *at, size_t *n)
{
    while (choices[*at]) {
        const char *word = choices + *at;
        bool literal = *word >= 'a' && *word <= 'z';

        *n = strcspn(word, "|,");
        for (size_t i = 0; i < *n; i++) /* capitals and dots have another meaning */
            literal = literal && (word[i] < 'A' || word[i] > 'Z') && word[i] != '.';
        *at += *n + (word[*n] != 0);
        if (literal)
            return word;
    }
    return NULL;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t at = 0, n;

    for (const char *word; (word = option_word(choices, &at, &n));)
        if (strlen(value) == n && !memcmp(word, value, n))
            return true;
    return false;
}

/* The default in force where the help text states it: *n bytes, NULL when it does not. */
static const char *stated_default(const option_def *o, size_t *n)
{
    const char *open = strrchr(o->help, '[');

    if (!open || o->help[strlen(o->help) - 1] != ']')
        return NULL;
    *n = strlen(open) - 2;
    return open + 1;
}

/* Bytes of an option's field that has one value. */
static size_t field_size(kind k)
{
    return k == OPT_TEXT || k == OPT_CHOICE ? sizeof(char *)
           : k == OPT_DOUBLE                ? sizeof(double)
           : k == OPT_FLAG                  ? sizeof(bool)
                                            : sizeof(uint64_t);
}

static bool is_stated_default(const option_def *o, const char *value)
{
    size_t n;
    const char *text = value ? stated_default(o, &n) : NULL;

    return text && strlen(value) == n && !memcmp(text, value, n);
}

static bpemix_status store_number(const option_def *o, const char *value, void *field,
                                  const char *where, bpemix_error *err)
{
    double number;
    char *end;

    switch (o->kind) {
    case OPT_UINT:
        if (!parse_count(value, field))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give one such as 4",
                                 "'%s' is not a whole number", value);
        break;
    case OPT_SIZE:
        if (!parse_size(value, field))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give a number such as 4 or 100M",
                                 "'%s' is not a size", value);
        break;
    default:
        errno = 0;
        number = strtod(value, &end);
        if (end == value || *end || errno || !(number >= 0) || isinf(number))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give a number such as 1e-6",
                                 "'%s' is not a number", value);
        memcpy(field, &number, sizeof number);
        break;
    }
    return BPEMIX_OK;
}

static bpemix_status store_text(const option_def *o, const char *value, const char **field,
                                const char *where, bpemix_error *err)
{
    const char *unset = *(const char *const *)((const char *)&args_default + o->at);

    if (*field && *field != unset && strcmp(*field, value))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give it once",
                             "given twice: '%s' and '%s'", *field, value);
    *field = value;
    return BPEMIX_OK;
}

static bpemix_status store_item(const char *value, text_list *list, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&list->item, &list->cap, list->n + 1, sizeof *list->item, err);

    if (!st)
        list->item[list->n++] = value;
    return st;
}

void args_release(args *a)
{
    for (size_t i = 0; i < n_options; i++)
        if (option_table[i].kind == OPT_LIST) {
            text_list *list = (text_list *)((char *)a + option_table[i].at);
            bmx_free(list->item);
            *list = (text_list){ 0 };
        }
}

/* The choice that is meant, or all: "use default, lp or monotone" from "default|lp|monotone". */
static void choice_hint(const char *choices, const char *value, char *out, size_t size)
{
    suggestion s = suggest_for(value, strlen(value));
    size_t n = 0, at = 0, len;

    for (const char *word; (word = option_word(choices, &at, &len));)
        suggest_offer(&s, word, len);
    if (suggest_text(&s, false, out, size))
        return;
    at = 0;
    for (const char *word; n < size && (word = option_word(choices, &at, &len));)
        n += (size_t)snprintf(out + n, size - n, "%s%.*s",
                              n == 0 ? "use " : choices[at] ? ", " : " or ", (int)len, word);
}

static bpemix_status store(const option_def *o, const char *value, args *a, bpemix_error *err)
{
    char *field = (char *)a + o->at, where[40], hint[200];

    snprintf(where, sizeof where, "--%s", o->name);
    /* a choice is stored as it is: "quarter" may be the default of one method alone */
    if (o->kind != OPT_CHOICE && is_stated_default(o, value)) {
        memcpy(field, (const char *)&args_default + o->at, field_size(o->kind));
        return BPEMIX_OK;
    }
    switch (o->kind) {
    case OPT_FLAG:
        *(bool *)field = true;
        break;
    case OPT_COUNT:
        ++*(uint64_t *)field;
        break;
    case OPT_CHOICE:
        if (!is_choice(o->arg, value)) {
            choice_hint(o->arg, value, hint, sizeof hint);
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, hint, "unknown %s '%s'", o->name,
                                 value);
        }
        *(const char **)field = value;
        break;
    case OPT_TEXT:
        return store_text(o, value, (const char **)field, where, err);
    case OPT_LIST:
        return store_item(value, (text_list *)field, err);
    default:
        return store_number(o, value, field, where, err);
    }
    return BPEMIX_OK;
}

/* A long option may be shortened as long as it stays unambiguous. */
static const option_def *find_long(const command *cmd, const char *name, size_t n, bool *ambiguous)
{
    const option_def *found = NULL;

    *ambiguous = false;
    for (size_t i = 0; i < n_options; i++) {
        if (!(option_table[i].mask & cmd->mask) || strncmp(option_table[i].name, name, n))
            continue;
        if (!option_table[i].name[n]) {
            *ambiguous = false;
            return &option_table[i];
        }
        *ambiguous = found != NULL;
        found = &option_table[i];
    }
    return found;
}

static const option_def *find_short(const command *cmd, char letter)
{
    for (size_t i = 0; i < n_options; i++)
        if (option_table[i].mask & cmd->mask && option_table[i].letter == letter)
            return &option_table[i];
    return NULL;
}

static bpemix_status wrong_use(const command *cmd, const char *word, const char *what,
                               bpemix_error *err)
{
    char hint[80];

    snprintf(hint, sizeof hint, "see bpemix %s --help", cmd->name);
    return bmx_fail_hint(err, BPEMIX_E_USAGE, word, hint, "%s", what);
}

static bpemix_status unknown_option(const command *cmd, const char *word, size_t n,
                                    bpemix_error *err)
{
    suggestion s = suggest_for(word + 2, n);
    char hint[120];

    for (size_t i = 0; i < n_options; i++)
        if (option_table[i].mask & cmd->mask)
            suggest_offer(&s, option_table[i].name, strlen(option_table[i].name));
    if (!suggest_text(&s, true, hint, sizeof hint))
        return wrong_use(cmd, word, "unknown option", err);
    return bmx_fail_hint(err, BPEMIX_E_USAGE, word, hint, "unknown option");
}

bpemix_status options_parse(const command *cmd, int argc, char **argv, args *a, bpemix_error *err)
{
    bpemix_status st;
    int n_operands = 1, i;

    a->cmd = cmd;

    /* operands are gathered at the front of argv, so that options may follow them */
    for (i = 1; i < argc; i++) {
        char *word = argv[i];
        const option_def *o;

        if (!strcmp(word, "--")) {
            for (i++; i < argc; i++)
                argv[n_operands++] = argv[i];
            break;
        }
        if (word[0] != '-' || !word[1]) {
            argv[n_operands++] = word;
        } else if (word[1] == '-') {
            size_t n = strcspn(word + 2, "=");
            const char *value = word[2 + n] ? word + 3 + n : NULL;
            bool ambiguous;
            o = find_long(cmd, word + 2, n, &ambiguous);
            if (ambiguous)
                return wrong_use(cmd, word, "ambiguous option", err);
            if (!o)
                return unknown_option(cmd, word, n, err);
            if (!option_has_value(o) && value)
                return wrong_use(cmd, word, "takes no value", err);
            if (option_has_value(o) && !value && !(value = i + 1 < argc ? argv[++i] : NULL))
                return wrong_use(cmd, word, "needs a value", err);
            if ((st = store(o, value, a, err)))
                return st;
        } else {
            for (char *p = word + 1; *p; p++) {
                const char *value = NULL;
                char name[3] = { '-', *p, 0 };
                if (!(o = find_short(cmd, *p)))
                    return wrong_use(cmd, name, "unknown option", err);
                if (option_has_value(o)) {
                    value = p[1] ? p + 1 : i + 1 < argc ? argv[++i] : NULL;
                    if (!value)
                        return wrong_use(cmd, name, "needs a value", err);
                }
                if ((st = store(o, value, a, err)))
                    return st;
                if (value)
                    break;
            }
        }
    }
    a->operand = (const char *const *)argv + 1;
    a->n_operands = (size_t)(n_operands - 1);
    return BPEMIX_OK;
}

/* " [default]" behind the help text, "" when there is none or the text states it. */
static void default_text(const option_def *o, char *out, size_t size)
{
    const char *field = (const char *)&args_default + o->at;
    const char *text;
    double number;
    size_t n;

    out[0] = 0;
    if (stated_default(o, &n))
        return;
    switch (o->kind) {
    case OPT_TEXT:
    case OPT_CHOICE:
        memcpy(&text, field, sizeof text);
        if (text)
            snprintf(out, size, " [%s]", text);
        break;
    case OPT_UINT:
    case OPT_SIZE:
        snprintf(out, size, " [%llu]", (unsigned long long)*(const uint64_t *)field);
        break;
    case OPT_DOUBLE:
        memcpy(&number, field, sizeof number);
        snprintf(out, size, " [%g]", number);
        break;
    case OPT_FLAG:
    case OPT_COUNT:
    case OPT_LIST:
        break;
    }
}

/* Print words wrapped at 78 columns, following lines indented. */
static void print_wrapped(FILE *out, const char *text, int column, int indent)
{
    while (*text) {
        int n = (int)strcspn(text, " ");
        if (column > indent && column + 1 + n > 78) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            column += fprintf(out, " ");
        }
        column += fprintf(out, "%.*s", n, text);
        text += n;
        while (*text == ' ')
            text++;
    }
}

bool options_has(const command *cmd, const char *name)
{
    for (size_t i = 0; i < n_options; i++)
        if (option_table[i].mask & cmd->mask && !strcmp(option_table[i].name, name))
            return true;
    return false;
}

bool options_know(const char *name)
{
    for (size_t i = 0; i < n_options; i++)
        if (!strcmp(option_table[i].name, name))
            return true;
    return false;
}

void options_help(const command *cmd, FILE *out)
{
    fprintf(out, "usage: bpemix %s %s\n\n%s\n\noptions, with their defaults in brackets:\n",
            cmd->name, cmd->synopsis, cmd->summary);
    for (size_t i = 0; i < n_options; i++) {
        const option_def *o = &option_table[i];
        char text[480];
        int n;
        if (!(o->mask & cmd->mask))
            continue;
        n = o->letter ? fprintf(out, "  -%c, --%s", o->letter, o->name)
                      : fprintf(out, "      --%s", o->name);
        if (option_has_value(o))
            n += fprintf(out, " %s", o->arg);
        fprintf(out, "%s%*s", n >= 28 ? "\n" : "", n >= 28 ? 28 : 28 - n, "");
        default_text(o, text + snprintf(text, sizeof text, "%s", o->help), 80);
        print_wrapped(out, text, 28, 28);
        fputc('\n', out);
    }
    fprintf(out, "\nexit status: 0 done, 1 input, output%s, 2 command line,\n"
                 "%s130 interrupted.  See bpemix-%s(1).\n",
            cmd->mask & CMD_COMPARE ? ", memory or --expect" : " or memory",
            cmd->mask & (SOLVING | CMD_EXPERIMENT | CMD_VERIFY | CMD_EXPLAIN)
                ? "3 linear program not solved, " : "",
            cmd->name);
}
