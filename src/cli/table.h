/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - the rows of the option table (table.c), for those who read it: parsing, help,
 * completion. */
#ifndef BMX_CLI_TABLE_H
#define BMX_CLI_TABLE_H

#include "cli/option.h"

/* OPT_TEXT names one thing: given twice with different values, the option is refused.  OPT_LIST
 * adds up.  Of choices and numbers the last one stands, so that a script can override another. */
typedef enum {
    OPT_FLAG, OPT_COUNT, OPT_TEXT, OPT_LIST, OPT_CHOICE, OPT_UINT, OPT_SIZE, OPT_DOUBLE,
    OPT_SOME /* a whole number above 0 */
} kind;

typedef struct option_def {
    char letter;      /* 0: none */
    const char *name; /* without "--" */
    kind kind;
    size_t at;        /* offset in struct args */
    uint64_t mask;    /* commands */
    const char *arg;  /* name of the value; for OPT_CHOICE the values, '|' between */
    const char *help; /* ends in "[...]" when the default in force is not the value itself,
                         which --help would show: the word in brackets may be given, too */
} option_def;

#define SOLVING (CMD_INFER | CMD_SOLVE)

extern const option_def option_table[];
extern const size_t n_options;

static inline bool option_has_value(const option_def *o)
{
    return o->kind != OPT_FLAG && o->kind != OPT_COUNT;
}

/* Of a "NAME|FILE"-like text: the words that may be given literally, in lower case, one after
 * the other.  *at is 0 at first; NULL at the end; *n is the word's length. */
const char *option_word(const char *choices, size_t *at, size_t *n);

#endif
