/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.c - completion scripts for bash, zsh and fish, from the table of options. */
#include "cli/completion.h"
#include "cli/table.h"

#include <string.h>

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

/* Values that an option may have, as far as they are words: the choices, or the presets. */
static void put_values(FILE *out, const option_def *o)
{
    size_t at = 0, n;
    const char *word, *before = "";

    if (!strcmp(o->name, "pretokenizer"))
        for (size_t i = 0; bpemix_preset_name(i); i++) {
            fprintf(out, "%s%s", before, bpemix_preset_name(i));
            before = " ";
        }
    else
        while (o->arg && (word = option_word(o->arg, &at, &n))) {
            fprintf(out, "%s%.*s", before, (int)n, word);
            before = " ";
        }
}

static bool has_values(const option_def *o)
{
    size_t at = 0, n;

    return !strcmp(o->name, "pretokenizer") || (o->arg && option_word(o->arg, &at, &n));
}

/* May the value be a path? */
static bool has_files(const option_def *o)
{
    return o->arg && (strstr(o->arg, "FILE") || strstr(o->arg, "DIR") || strstr(o->arg, "PATH"));
}

/* The first row of each name; rows of one name differ by their commands. */
static bool is_first(size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!strcmp(option_table[k].name, option_table[i].name))
            return false;
    return true;
}

/* The help text up to its first clause, between single quotes.  `special` are characters that take
 * a backslash there.  In zsh a quote ends the string, and an escaped one and another string
 * follow. */
static void put_help(FILE *out, const char *help, const char *special, const char *quote)
{
    size_t n = strcspn(help, ";[");

    while (n && help[n - 1] == ' ')
        n--;
    for (size_t i = 0; i < n; i++)
        if (help[i] == '\'')
            fputs(quote, out);
        else
            fprintf(out, "%s%c", strchr(special, help[i]) ? "\\" : "", help[i]);
}

static void zsh_help(FILE *out, const char *help)
{
    put_help(out, help, "[]:\\", "'\\''");
}

static void fish_help(FILE *out, const char *help) { put_help(out, help, "\\", "\\'"); }

static void put_commands(FILE *out, const char *between)
{
    for (const command *c = commands; c->name; c++)
        fprintf(out, "%s%s", c == commands ? "" : between, c->name);
}

static void bash(FILE *out)
{
    fputs("# bash completion for bpemix\n_bpemix() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
          "        COMPREPLY=($(compgen -W \"", out);
    put_commands(out, " ");
    fputs(" completion help --help --version\" -- \"$cur\"))\n        return\n    fi\n"
          "    # --name=value is three words here\n"
          "    if [ \"$cur\" = = ]; then\n        cur=\n"
          "    elif [ \"$prev\" = = ]; then\n        prev=${COMP_WORDS[COMP_CWORD-2]}\n    fi\n"
          "    case $prev in\n"
          "    completion) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$cur\")); return;;\n"
          "    help) COMPREPLY=($(compgen -W \"",
          out);
    put_commands(out, " ");
    fputs("\" -- \"$cur\")); return;;\n", out);
    for (size_t i = 0; i < n_options; i++)
        if (has_values(&option_table[i]) && is_first(i)) {
            fprintf(out, "    --%s) COMPREPLY=($(compgen %s-W \"", option_table[i].name,
                    has_files(&option_table[i]) ? "-f " : "");
            put_values(out, &option_table[i]);
            fputs("\" -- \"$cur\")); return;;\n", out);
        }
    fputs("    esac\n    case $cur in -*)\n        case ${COMP_WORDS[1]} in\n", out);
    for (const command *c = commands; c->name; c++) {
        fprintf(out, "        %s) COMPREPLY=($(compgen -W \"", c->name);
        for (size_t i = 0; i < n_options; i++)
            if (option_table[i].mask & c->mask)
                fprintf(out, "--%s ", option_table[i].name);
        fputs("\" -- \"$cur\"));;\n", out);
    }
    fputs("        esac\n        return;;\n    esac\n"
          "    compopt -o default 2>/dev/null\n}\ncomplete -F _bpemix bpemix\n", out);
}

/* '--name=[help]:value:action' of _arguments. */
static void zsh_option(FILE *out, const option_def *o)
{
    const char *repeat = o->kind == OPT_LIST || o->kind == OPT_COUNT ? "*" : "";

    for (int is_short = o->letter == 0; is_short < 2; is_short++) {
        if (!is_short)
            fprintf(out, "            '%s-%c%s[", repeat, o->letter,
                    option_has_value(o) ? "+" : "");
        else
            fprintf(out, "            '%s--%s%s[", repeat, o->name, option_has_value(o) ? "=" : "");
        zsh_help(out, o->help);
        fputs("]", out);
        if (option_has_value(o)) {
            fprintf(out, ":%s:", o->name);
            if (has_values(o)) {
                fputs(has_files(o) ? "{compadd -- " : "(", out);
                put_values(out, o);
                fputs(has_files(o) ? "; _files}" : ")", out);
            } else if (has_files(o)) {
                fputs("_files", out);
            }
        }
        fputs("' \\\n", out);
    }
}

static void zsh(FILE *out)
{
    fputs("#compdef bpemix\n# zsh completion for bpemix\n_bpemix() {\n"
          "    if (( CURRENT == 2 )); then\n        local -a commands=(\n", out);
    for (const command *c = commands; c->name; c++) {
        fprintf(out, "            '%s:", c->name);
        zsh_help(out, c->summary);
        fputs("'\n", out);
    }
    fputs("            'completion:Print a completion script.'\n        )\n"
          "        _describe command commands\n        return\n    fi\n"
          "    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n"
          "    completion) _values shell bash zsh fish;;\n"
          "    help) _values command ", out);
    put_commands(out, " ");
    fputs(";;\n", out);
    for (const command *c = commands; c->name; c++) {
        fprintf(out, "    %s)\n        _arguments -s -S \\\n", c->name);
        for (size_t i = 0; i < n_options; i++)
            if (option_table[i].mask & c->mask)
                zsh_option(out, &option_table[i]);
        /* of NAME=PATH the path */
        fputs("            '*:file:{compset -P \"*=\"; _files}';;\n", out);
    }
    fputs("    esac\n}\n_bpemix \"$@\"\n", out);
}

static void fish(FILE *out)
{
    fputs("# fish completion for bpemix\n", out);
    for (const command *c = commands; c->name; c++) {
        fprintf(out, "complete -c bpemix -n __fish_use_subcommand -f -a %s -d '", c->name);
        fish_help(out, c->summary);
        fputs("'\n", out);
    }
    fputs("complete -c bpemix -n __fish_use_subcommand -f -a completion -d 'Print a completion "
          "script.'\n"
          "complete -c bpemix -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n"
          "complete -c bpemix -n '__fish_seen_subcommand_from help' -f -a '",
          out);
    put_commands(out, " ");
    fputs("'\n", out);
    for (const command *c = commands; c->name; c++)
        for (size_t i = 0; i < n_options; i++) {
            const option_def *o = &option_table[i];

            if (!(o->mask & c->mask))
                continue;
            fprintf(out, "complete -c bpemix -n '__fish_seen_subcommand_from %s' -l %s", c->name,
                    o->name);
            if (o->letter)
                fprintf(out, " -s %c", o->letter);
            if (has_values(o)) {
                fprintf(out, " %s -a '", has_files(o) ? "-r" : "-x");
                put_values(out, o);
                fputs("'", out);
            } else if (option_has_value(o)) {
                fputs(has_files(o) ? " -r" : " -x", out);
            }
            fputs(" -d '", out);
            fish_help(out, o->help);
            fputs("'\n", out);
        }
}

bool completion_print(const char *shell, FILE *out)
{
    static void (*const print[])(FILE *) = { bash, zsh, fish };

    for (size_t i = 0; shells[i]; i++)
        if (!strcmp(shells[i], shell)) {
            print[i](out);
            return true;
        }
    return false;
}
