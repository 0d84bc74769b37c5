/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.h - sets the arguments to the tokenizer and samples that a result names. */
#ifndef BMX_CLI_AGAIN_H
#define BMX_CLI_AGAIN_H

#include "cli/cli.h"

/* What the arguments borrow; zeroed at first. */
typedef struct cli_again {
    char **text;
    size_t n, cap;
    bmx_buf panel; /* names of its categories, with commas between */
} cli_again;

/* Set samples and the options of counting in *a to those of the result, which they borrow from it,
 * and the tokenizer, unless there is one, if they are still where it says; otherwise *a stays as it
 * is. */
bpemix_status cli_again_take(cli_again *g, const bpemix_result *result, args *a,
                             bpemix_error *err);
void cli_again_release(cli_again *g);

#endif
