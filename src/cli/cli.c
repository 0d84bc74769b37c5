#include "cli/cli.h"
#include "base/usage.h"

#include <glob.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int exit_code(bpemix_status status)
{
    switch (status) {
    case BPEMIX_OK: return EXIT_OK;
    case BPEMIX_E_USAGE: return EXIT_USAGE;
    case BPEMIX_E_SOLVER: return EXIT_SOLVER;
    case BPEMIX_E_INTERRUPTED: return EXIT_INTERRUPTED;
    default: return EXIT_INPUT;
    }
}

/* "--max-bytes" for "max_bytes"; "" when no option of that name exists. */
static void option_of_param(const char *param, char *out, size_t size)
{
    snprintf(out, size, "%s%s", *param ? "--" : "", param);
    for (char *p = out; *p; p++)
        *p = *p == '_' ? '-' : *p;
    if (*param && !options_know(out + 2))
        out[0] = 0;
}

int cli_fail(const args *a, const bpemix_error *err)
{
    char text[1000], option[48] = "", *json = NULL;

    cli_progress_end(a);
    bpemix_error_text(err, text, sizeof text);
    option_of_param(err->param, option, sizeof option);
    fprintf(stderr, "bpemix: %s%s%s%s\n", text, !*option ? "" : err->hint[0] ? " (" : "; see ", option,
            *option && err->hint[0] ? ")" : "");
    if (a->json && !strcmp(a->json, "-") && err->status != BPEMIX_E_INTERRUPTED &&
        !bpemix_error_json(err, &json, NULL))
        (void)bmx_write_file("-", json, strlen(json), NULL);
    bpemix_free(json);
    return exit_code(err->status);
}

void cli_warn(const args *a, const char *fmt, ...)
{
    char text[1000], shown[1200];
    va_list ap;

    if (a->quiet)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bmx_printable(shown, sizeof shown, text);
    cli_progress_end(a);
    fprintf(stderr, "bpemix: warning: %s\n", shown);
}

void cli_tell_memory(const args *a)
{
    if (a->verbose)
        fprintf(stderr, "peak memory %" PRIu64 " MB\n", bmx_peak_memory() / 1000000);
}

/* One line about how far a call is. */
static void progress_text(const bpemix_progress *p, char *out, size_t size)
{
    if (isfinite(p->gap))
        snprintf(out, size, "%s: bound %.6g, gap %.1e, %" PRIu64 " %s", p->stage, p->bound, p->gap,
                 p->done, p->unit);
    else if (p->total)
        snprintf(out, size, "%s: %" PRIu64 " of %" PRIu64 " %s", p->stage, p->done, p->total, p->unit);
    else
        snprintf(out, size, "%s: %" PRIu64 " %s", p->stage, p->done, p->unit);
}

static bool show_progress(void *ctx, const bpemix_progress *p)
{
    char text[160];

    (void)ctx;
    progress_text(p, text, sizeof text);
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    return false;
}

static bool log_progress(void *ctx, const bpemix_progress *p)
{
    char text[160];

    (void)ctx;
    progress_text(p, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return false;
}

static bool is_terminal(void) { return isatty(STDERR_FILENO) == 1; }

bpemix_progress_fn *cli_progress(const args *a)
{
    if (a->quiet)
        return NULL;
    return is_terminal() ? show_progress : a->verbose > 1 ? log_progress : NULL;
}

void cli_progress_end(const args *a)
{
    if (!a->quiet && is_terminal())
        fputs("\r\033[K", stderr);
}

bool cli_color(FILE *out)
{
    const char *no = getenv("NO_COLOR");
    return isatty(fileno(out)) == 1 && !(no && *no);
}

/* ---- categories ---- */

static bpemix_status add_category(cli_categories *c, const char *name, size_t n,
                                  const char *const *paths, size_t n_paths, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&c->cat, &c->cap, c->n + 1, sizeof *c->cat, err);
    char **copy;

    if (st)
        return st;
    if (!(copy = bmx_calloc(n_paths + 1, sizeof *copy)))
        return bmx_nomem(err);
    c->cat[c->n] = (bpemix_category){ .name = bmx_strndup(name, n),
                                      .paths = (const char *const *)copy, .n_paths = n_paths };
    c->n++;
    for (size_t i = 0; i < n_paths; i++)
        if (!(copy[i] = bmx_strdup(paths[i])))
            return bmx_nomem(err);
    return c->cat[c->n - 1].name ? BPEMIX_OK : bmx_nomem(err);
}

/* NAME=PATH; PATH may be a pattern with * ? [ when no file of that name exists. */
static bpemix_status add_operand(cli_categories *c, const char *word, bpemix_error *err)
{
    const char *eq = strchr(word, '='), *path = eq ? eq + 1 : NULL;
    bpemix_status st;
    glob_t g;

    if (!eq || eq == word || !*path)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, word, "give NAME=PATH", "not a category");
    if (strcmp(path, "-") && strpbrk(path, "*?[") && access(path, F_OK)) {
        int r = glob(path, 0, NULL, &g);
        if (r == GLOB_NOSPACE)
            return bmx_nomem(err);
        if (r == 0) {
            st = add_category(c, word, (size_t)(eq - word), (const char *const *)g.gl_pathv,
                              g.gl_pathc, err);
            globfree(&g);
            return st;
        }
    }
    return add_category(c, word, (size_t)(eq - word), &path, 1, err);
}

static bpemix_status add_corpus(cli_categories *c, const char *folder, bpemix_error *err)
{
    bmx_paths p = { 0 };
    bpemix_status st = bmx_list_folders(folder, &p, err);

    if (!st && !p.n)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, folder, "each category is a sub-folder",
                           "no sub-folders");
    for (size_t i = 0; !st && i < p.n; i++) {
        const char *path = p.path[i], *name = strrchr(path, '/') + 1;
        st = add_category(c, name, strlen(name), &path, 1, err);
    }
    bmx_paths_release(&p);
    return st;
}

/* Standard input is the tokenizer or a category, not both. */
static bpemix_status check_stdin(const args *a, const cli_categories *c, bpemix_error *err)
{
    if (!a->tokenizer || strcmp(a->tokenizer, "-"))
        return BPEMIX_OK;
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->cat[i].n_paths; k++)
            if (!strcmp(c->cat[i].paths[k], "-"))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input",
                                     "give the tokenizer as a file",
                                     "named as the tokenizer and again by category '%s'",
                                     c->cat[i].name);
    return BPEMIX_OK;
}

/* Does an output replace this input, or lie in it, to be read as text the next time? */
static bpemix_status check_input(const args *a, const char *input, bpemix_error *err)
{
    const struct { const char *option, *path; } output[] = {
        { "--json", a->json }, { "--output", a->merge ? NULL : a->output }, { "--work", a->work }
    };

    for (size_t i = 0; i < sizeof output / sizeof *output; i++) {
        const char *path = output[i].path;

        if (!path || !strcmp(path, "-") || bmx_path_kind_of(path) == BMX_PATH_OTHER) /* a pipe, a device */
            continue;
        if (bmx_same_file(path, input))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, output[i].option, "choose another file",
                                 "it would replace an input");
        if (bmx_is_below(path, input))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, output[i].option, "choose another place",
                                 "it would be in the sample text '%s', and be read as such the next time",
                                 input);
    }
    return BPEMIX_OK;
}

bpemix_status cli_categories_get(const args *a, cli_categories *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; !st && i < a->corpus.n; i++)
        st = add_corpus(out, a->corpus.item[i], err);
    for (size_t i = 0; !st && i < a->n_operands; i++)
        st = add_operand(out, a->operand[i], err);
    if (!st && (st = bpemix_categories_check(out->cat, out->n, err)) && !out->n)
        snprintf(err->hint, sizeof err->hint, "give NAME=PATH for each, or --corpus DIR");
    for (size_t i = 0; !st && i < out->n; i++)
        for (size_t k = 0; !st && k < out->cat[i].n_paths; k++)
            st = check_input(a, out->cat[i].paths[k], err);
    return st ? st : check_stdin(a, out, err);
}

void cli_categories_release(cli_categories *c)
{
    for (size_t i = 0; i < c->n; i++) {
        for (size_t k = 0; k < c->cat[i].n_paths; k++)
            bmx_free((void *)(uintptr_t)c->cat[i].paths[k]);
        bmx_free((void *)(uintptr_t)c->cat[i].paths);
        bmx_free((void *)(uintptr_t)c->cat[i].name);
    }
    bmx_free(c->cat);
    *c = (cli_categories){ 0 };
}

/* The two halves of a category that is a folder: PATH/train and PATH/sample. */
bpemix_status cli_categories_half(const cli_categories *cats, const char *half,
                                  cli_categories *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < cats->n && !st; i++) {
        const bpemix_category *c = &cats->cat[i];
        char *path;

        if (c->n_paths != 1)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, c->name,
                                 "each category is one folder with two halves",
                                 "the pattern matches %zu of them", c->n_paths);
        if (!(path = bmx_asprintf("%s/%s", c->paths[0], half)))
            return bmx_nomem(err);
        if (bmx_path_kind_of(path) != BMX_PATH_FOLDER)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, c->name,
                               "each category needs the sub-folders --train-half and --sample-half",
                               "no folder '%s'", path);
        else
            st = add_category(out, c->name, strlen(c->name), (const char *const *)&path, 1, err);
        bmx_free(path);
    }
    return st;
}

/* ---- options ---- */

bpemix_status cli_check_outputs(const command *cmd, const args *a, bpemix_error *err)
{
    bool folder = cmd->mask == CMD_WORDS && !a->merge && a->output &&
                  bmx_path_kind_of(a->output) == BMX_PATH_FOLDER;
    bpemix_status st;

    if (a->json && (st = bmx_check_output(a->json, err)))
        return bmx_at(err, st, "--json");
    if (a->tokenizer && (st = check_input(a, a->tokenizer, err)))
        return st;
    for (size_t i = 0; i < a->n_operands; i++) /* those that are files; categories are not known yet */
        if ((st = check_input(a, a->operand[i], err)))
            return st;
    if (a->output && (st = folder ? bmx_check_folder(a->output, err) : bmx_check_output(a->output, err)))
        return bmx_at(err, st, "--output");
    if (a->work && bmx_path_kind_of(a->work) != BMX_PATH_MISSING && (st = bmx_check_folder(a->work, err)))
        return bmx_at(err, st, "--work");
    return BPEMIX_OK;
}

bpemix_load_opts cli_load_opts(const args *a)
{
    return (bpemix_load_opts){ .size = sizeof(bpemix_load_opts), .pretokenizer = a->pretokenizer, .keep_manual = a->keep_manual };
}

static int index_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], name))
            return i;
    return 0; /* the option table has checked the choice */
}

static void warn_of_text(void *ctx, const char *text)
{
    cli_warn(ctx, "%s", text);
}

bpemix_count_opts cli_count_opts(const args *a)
{
    static const char *const units[] = { "auto", "document", "line", NULL };
    static const char *const invalid[] = { "auto", "keep", "replace", "refuse", NULL };

    return (bpemix_count_opts){
        .size = sizeof(bpemix_count_opts),
        .max_bytes = a->max_bytes,
        .text_unit = (bpemix_text_unit)index_of(units, a->text_unit),
        .invalid = (bpemix_invalid)index_of(invalid, a->invalid),
        .jsonl = a->jsonl,
        .field = a->field,
        .work = a->work,
        .folds = a->folds > UINT32_MAX ? UINT32_MAX : (uint32_t)a->folds,
        .n_threads = (unsigned)a->threads,
        .progress = cli_progress(a),
        .binary = a->binary,
        .skip_bad_records = a->skip_bad_records,
        .warn = warn_of_text,
        .warn_ctx = (void *)(uintptr_t)a, /* comes back as const */
    };
}

static bool parse_number(const char *text, size_t n, uint32_t *out)
{
    char copy[32];
    uint64_t v;

    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = 0;
    if (!parse_count(copy, &v) || v >= UINT32_MAX)
        return false;
    *out = (uint32_t)v;
    return true;
}

static bpemix_status parse_merges(const char *text, bpemix_solve_opts *o, bpemix_error *err)
{
    const char *colon = strchr(text, ':');
    bool good = true;

    if (!strcmp(text, "auto"))
        o->merges_auto = true;
    else if (!strcmp(text, "all"))
        o->merges_all = true;
    else if (!colon)
        good = parse_number(text, strlen(text), &o->merge_to) && o->merge_to > 0;
    else if (!colon[1]) {
        good = parse_number(text, (size_t)(colon - text), &o->merge_from);
        o->merges_all = true;
    } else {
        good = (colon == text || parse_number(text, (size_t)(colon - text), &o->merge_from)) &&
               parse_number(colon + 1, strlen(colon + 1), &o->merge_to) &&
               o->merge_from < o->merge_to;
    }
    if (good)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merges", "give N, A:B with A < B, auto or all",
                         "'%s' is no range of merges", text);
}

bpemix_status cli_solve_opts(const args *a, bpemix_solve_opts *out, bpemix_error *err)
{
    static const char *const methods[] = { "default", "lp", "monotone", NULL };
    static const char *const weights[] = { "default", "none", "quarter", NULL };
    static const char *const scales[] = { "default", "pairs", "merges", NULL };

    *out = (bpemix_solve_opts){
        .size = sizeof *out,
        .gap = a->gap,
        .time_limit = a->time_limit,
        .method = (bpemix_method)index_of(methods, a->method),
        .weights = (bpemix_weights)index_of(weights, a->weights),
        .scale = (bpemix_scale)index_of(scales, a->scale),
        .n_threads = (unsigned)a->threads,
        .progress = cli_progress(a),
    };
    if (a->gap >= 1)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--gap", "give a number below 1, such as 1e-6",
                             "%g makes no sense", a->gap);
    return parse_merges(a->merges, out, err);
}

bpemix_status cli_load_tokenizer(const args *a, bpemix_tokenizer **out, bpemix_error *err)
{
    bpemix_load_opts opts = cli_load_opts(a);

    if (!a->tokenizer)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--tokenizer", "give a tokenizer file with -t",
                             "no tokenizer");
    return bpemix_tokenizer_load(a->tokenizer, &opts, out, err);
}

void cli_warn_trace(const args *a, const bpemix_trace *trace)
{
    const char *path = bpemix_trace_tokenizer(trace), *text;

    for (size_t i = 0; (text = bpemix_trace_warning(trace, i)); i++)
        cli_warn(a, "%s: %s", path ? path : "tokenizer", text);
}

/* ---- output ---- */

bpemix_status cli_write(const args *a, const cli_output *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (a->json && out->json)
        st = bmx_write_file(a->json, out->json, strlen(out->json), err);
    if (!st && out->text && !(a->json && !strcmp(a->json, "-")))
        st = bmx_write_file("-", out->text, strlen(out->text), err);
    return st;
}

void cli_output_release(cli_output *out)
{
    bpemix_free(out->json);
    bpemix_free(out->text);
    *out = (cli_output){ 0 };
}
