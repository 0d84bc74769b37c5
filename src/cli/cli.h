/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - what the commands share: errors as text, progress, categories. */
#ifndef BMX_CLI_CLI_H
#define BMX_CLI_CLI_H

#include "bpemix.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/option.h"

/* Exit codes of the program, as in its man pages. */
enum { EXIT_OK = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_SOLVER = 3, EXIT_INTERRUPTED = 130 };

/* Print an error on standard error (as JSON on standard output too when JSON
 * goes there) and return the exit code that belongs to it. */
int cli_fail(const args *a, const bpemix_error *err);

/* "bpemix: warning: ..." unless --quiet is given twice. */
void cli_warn(const args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Peak memory on standard error, with --verbose. */
void cli_tell_memory(const args *a);

/* NULL unless progress is wanted: --progress, and by default on a terminal.
 * cli_progress_end() wipes the line. */
bpemix_progress_fn *cli_progress(const args *a);
void cli_progress_end(void);
int cli_columns(FILE *out); /* COLUMNS, or the width of the terminal that it is, or 80 */

bool cli_color(const args *a, FILE *out); /* --color; by default on a terminal without NO_COLOR */

/* Categories from NAME=PATH operands, --corpus and the panel. */
typedef struct cli_categories {
    bpemix_category *cat; /* cat[n]; names and paths owned */
    size_t n, cap;
    bool may_be_panel; /* set by the caller: the panel is taken when no others are given, or
                        * when it is asked for */
    bool has_panel;    /* it was */
    bool named_panel;  /* and is not the one that comes with bpemix, as far as is known */
    bmx_buf panel_groups; /* text of its groups, terminated; empty: it has none */
} cli_categories;

/* Of categories that have two halves, train/ and sample/, get() gives the sample and get_train()
 * the training text, unless the command line says otherwise; get_whole() gives both. */
bpemix_status cli_categories_get(const args *a, cli_categories *out, bpemix_error *err);
bpemix_status cli_categories_get_train(const args *a, cli_categories *out, bpemix_error *err);
bpemix_status cli_categories_get_whole(const args *a, cli_categories *out, bpemix_error *err);
bpemix_status cli_categories_add(cli_categories *c, const char *name, size_t n,
                                 const char *const *paths, size_t n_paths, bpemix_error *err);

/* Keep those that are not among cats. */
void cli_categories_take_away(cli_categories *from, const cli_categories *cats);

/* Does the file begin like a file of chunks?  Add all of its categories, or those of the panel. */
bool cli_is_chunks(const char *path);

/* Does --panel, or BPEMIX_PANEL, ask for no panel? */
bool cli_is_none(const char *panel);
bpemix_status cli_categories_add_file(cli_categories *c, const char *path, bpemix_error *err);
bpemix_status cli_categories_add_panel(const args *a, cli_categories *c, bpemix_error *err);

/* The panel that the options mean: --panel, or the one that comes with the program. */
bpemix_status cli_panel_open(const args *a, char **path, bpemix_chunks **out, bpemix_error *err);

/* Add the categories of a file of chunks; `chosen`, if not NULL, names those to take, or
 * groups of them, with commas between. */
bpemix_status cli_categories_add_chunks(cli_categories *c, const char *path,
                                        const bpemix_chunks *chunks, const char *chosen,
                                        bpemix_error *err);
/* What --other pools: categories that are not among cats. */
bpemix_status cli_categories_get_other(const args *a, const cli_categories *cats,
                                       cli_categories *out, bpemix_count_opts *opts,
                                       bpemix_error *err);
void cli_categories_release(cli_categories *c);

/* Does an output replace this input, or lie in its folder, where it would be read as text next
 * time? */
bpemix_status cli_check_input(const args *a, const char *input, bpemix_error *err);

/* Is it a folder, or said to be one, by a '/' at its end? */
bool cli_names_folder(const char *path);

/* Fail now, not after hours of counting, when an output cannot be written. */
bpemix_status cli_check_outputs(const command *cmd, const args *a, bpemix_error *err);

/* Options of the library from the command line. */
bpemix_load_opts cli_load_opts(const args *a);
bpemix_count_opts cli_count_opts(const args *a);
bpemix_unit cli_unit(const char *name); /* "auto", "bytes", "pairs", "merges" */

/* Options of solving with what they borrow; released also on failure. */
typedef struct cli_solving {
    bpemix_solve_opts opts;
    bmx_buf groups;
    uint32_t *sweep;
    char *panel;
} cli_solving;
bpemix_status cli_solve_opts(const args *a, cli_solving *out, bpemix_error *err);

/* Defaults for samples of the panel, unless options say otherwise: its groups, a note, fewer merges
 * and a larger gap, as such small samples allow no more. */
bpemix_status cli_solve_panel(cli_solving *s, const char *groups, bool named, bpemix_error *err);
void cli_solving_release(cli_solving *s);

/* The panel in which merges in no sample are looked up: the one that is named, or that is found,
 * unless `none` is asked for. */
bpemix_status cli_solve_look_up(const args *a, cli_solving *s, bpemix_error *err);

/* A whole file as a string; NULL: nothing. */
bpemix_status cli_read_text(const char *path, bmx_buf *out, bpemix_error *err);

/* Warn of names in --groups that are probably misspelled; own[n]: those of the categories, or of
 * the categories of results; text: what the file holds; NULL: none. */
void cli_check_groups(const args *a, const char *text, const char *const *own, size_t n);
void cli_check_result_groups(const args *a, const char *text, const bpemix_labelled *entry,
                             size_t n);

/* Print the warnings about the tokenizer. */
void cli_warn_trace(const args *a, const bpemix_trace *trace);

/* Load --tokenizer; words_only: for bpemix_words_count() and nothing else. */
bpemix_status cli_load_tokenizer(const args *a, bool words_only, bpemix_tokenizer **out,
                                 bpemix_error *err);

/* The operands as traces, of which options say nothing.  Those of a panel give the options of
 * solving the defaults that infer has for it. */
bpemix_status cli_load_traces(const args *a, cli_solving *solving, bpemix_trace **out,
                              bpemix_error *err);

/* What a command prints, both from the library; NULL: nothing. */
typedef struct cli_output {
    char *json, *text;
} cli_output;

/* Write the document to --json, and the text to standard output unless that is there. */
bpemix_status cli_write(const args *a, const cli_output *out, bpemix_error *err);
void cli_output_release(cli_output *out);

/* share[n] of --mixture, owned by caller; NULL when it is not given. */
bpemix_status cli_mixture(const args *a, const cli_categories *cats, double **share,
                          bpemix_error *err);
bpemix_train_opts cli_train_opts(const args *a, const bpemix_count_opts *count,
                                 const double *share);

/* Count what the operands name with --tokenizer, or the panel when they name nothing, and give the
 * options of solving the defaults that infer has for such samples. */
bpemix_status cli_count(const args *a, cli_solving *solving, bpemix_trace **trace,
                        bpemix_error *err);

int cmd_verify(const args *a);
int cmd_explain(const args *a);
int cmd_infer(const args *a);
int cmd_count(const args *a);
int cmd_solve(const args *a);
int cmd_inspect(const args *a);
int cmd_encode(const args *a);
int cmd_words(const args *a);
int cmd_chunks(const args *a);
int cmd_panel(const args *a);
int cmd_train(const args *a);
int cmd_experiment(const args *a);
int cmd_report(const args *a);
int cmd_compare(const args *a);

#endif
