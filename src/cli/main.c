/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - how a command is chosen and run, signals and the memory limit. */
#include "cli/cli.h"
#include "base/limit.h"
#include "base/version.h"
#include "cli/completion.h"
#include "cli/suggest.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static void on_signal(int sig)
{
    (void)sig;
    bpemix_cancel();
}

static void help(FILE *out)
{
    fputs("usage: bpemix COMMAND [options] ...\n\n"
          "Estimate what a BPE tokenizer was trained on.\n\ncommands:\n", out);
    for (const command *c = commands; c->name; c++)
        fprintf(out, "  %-11s %s\n", c->name, c->summary);
    fputs("  completion  Print a completion script for bash, zsh or fish.\n"
          "\nbpemix COMMAND --help lists the options of a command; see also bpemix(1).\n", out);
}

static const command *find(const char *name)
{
    for (const command *c = commands; c->name; c++)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}

static int unknown_command(const char *name)
{
    suggestion s = suggest_for(name, strlen(name));
    char hint[120];
    bpemix_error err;

    for (const command *c = commands; c->name; c++)
        suggest_offer(&s, c->name, strlen(c->name));
    suggest_offer(&s, "completion", strlen("completion"));
    if (!suggest_text(&s, false, hint, sizeof hint))
        snprintf(hint, sizeof hint, "see bpemix --help");
    bmx_fail_hint(&err, BPEMIX_E_USAGE, name, hint, "unknown command");
    return cli_fail(&args_default, &err);
}

/* If JSON goes to standard output, errors are written there, too, even those of options before
 * --json. */
static bool asks_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--json=-") ||
            (!strcmp(argv[i], "--json") && i + 1 < argc && !strcmp(argv[i + 1], "-")))
            return true;
    return false;
}

/* Files are not trusted: a small one that announces or unpacks to much must not exhaust the
 * machine's memory.  By default half of its memory, but never less than what an ordinary command
 * reserves. */
static bpemix_status limit_memory(const args *a, bpemix_error *err)
{
    const uint64_t least = UINT64_C(1) << 30, half = bmx_machine_memory() / 2;
    bpemix_status st = BPEMIX_OK;

    if (a->memory_limit)
        st = bmx_limit_memory(a->memory_limit, err);
    else if (half)
        st = bmx_limit_memory(half > least ? half : least, err);
    return st ? bmx_at(err, st, "--memory-limit") : st;
}

static int run(const command *cmd, int argc, char **argv)
{
    args a = args_default;
    bpemix_error err = { 0 };
    int code = EXIT_OK;

    if (options_parse(cmd, argc, argv, &a, &err)) {
        if (asks_json(argc, argv))
            a.json = "-";
        code = cli_fail(&a, &err);
    } else if (a.help) {
        options_help(cmd, stdout);
    } else if (limit_memory(&a, &err) || cli_check_outputs(cmd, &a, &err)) {
        code = cli_fail(&a, &err);
    } else {
        code = cmd->run(&a);
        if (code == EXIT_USAGE && argc == 1) /* without any argument, show the usage */
            fprintf(stderr, "usage: bpemix %s %s\n", cmd->name, cmd->synopsis);
    }
    args_release(&a);
    return code;
}

static void version(void)
{
    printf("bpemix %s\n"
           "cJSON %s, GLPK %s, libarchive %s, PCRE2 %s (Unicode %s), utf8proc %s (Unicode %s), "
           "xxHash %s, zlib %s\n"
           "Licence: GNU GPL version 3 or later; there is no warranty, to the extent that the law "
           "allows.\n",
           bpemix_version(), bmx_json_library_version(), bmx_lp_library_version(),
           bmx_io_library_version(), bmx_regex_library_version(), bmx_regex_unicode_version(),
           bmx_normalize_library_version(), bmx_normalize_unicode_version(),
           bmx_hash_library_version(), bmx_gunzip_library_version());
}

static int completion(int argc, char **argv)
{
    bpemix_error err;

    if (argc == 2 && completion_print(argv[1], stdout))
        return EXIT_OK;
    if (argc == 2)
        bmx_fail_hint(&err, BPEMIX_E_USAGE, argv[0], "use bash, zsh or fish", "unknown shell '%s'",
                      argv[1]);
    else
        bmx_fail_hint(&err, BPEMIX_E_USAGE, argv[0], "name one: bash, zsh or fish", "%s",
                      argc < 2 ? "no shell" : "more than one shell");
    return cli_fail(&args_default, &err);
}

static int dispatch(int argc, char **argv)
{
    const command *cmd;

    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version")) {
        version();
        return EXIT_OK;
    }
    if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
        if (argc == 2)
            help(stdout);
        else if ((cmd = find(argv[2])))
            options_help(cmd, stdout);
        else
            return unknown_command(argv[2]);
        return EXIT_OK;
    }
    if (!strcmp(argv[1], "completion"))
        return completion(argc - 1, argv + 1);
    if (!(cmd = find(argv[1])))
        return unknown_command(argv[1]);
    return run(cmd, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    struct sigaction sa = { .sa_handler = on_signal }, hup = { .sa_handler = SIG_DFL };
    int code;

    /* a second Ctrl-C ends the program at once */
    sa.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGHUP, NULL, &hup);
    if (hup.sa_handler != SIG_IGN) /* as nohup(1) leaves it */
        sigaction(SIGHUP, &sa, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error with a message, */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not be as large */
    code = dispatch(argc, argv);
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "bpemix: standard output: cannot write: %s\n", strerror(errno));
        return code ? code : EXIT_INPUT;
    }
    return code;
}
