/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.c - parsing by the table of options (table.c), and the help that is printed of it. */
#include "cli/option.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/suggest.h"
#include "cli/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

bool parse_real(const char *text, size_t n, double *value)
{
    char *end;

    if (strspn(text, "0123456789.") < 1 || strspn(text, "0123456789.eE+-") < n)
        return false;
    errno = 0;
    *value = strtod(text, &end);
    return end == text + n && !errno && isfinite(*value);
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

    switch (o->kind) {
    case OPT_UINT:
    case OPT_SOME:
        if (!parse_count(value, field))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give one such as 4",
                                 "'%s' is not a whole number", value);
        if (o->kind == OPT_SOME && *(const uint64_t *)field == 0)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give 1 or more",
                                 "0 leaves nothing to show");
        break;
    case OPT_SIZE:
        if (!parse_size(value, field))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, "give a number such as 4 or 100M",
                                 "'%s' is not a size", value);
        break;
    default:
        if (!parse_real(value, strlen(value), &number))
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
    case OPT_SOME:
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
