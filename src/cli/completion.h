/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.h - completion scripts for shells. */
#ifndef BMX_CLI_COMPLETION_H
#define BMX_CLI_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/* Print the script of a shell; false: not one of them. */
bool completion_print(const char *shell, FILE *out);

#endif
