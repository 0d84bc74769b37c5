/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

int cmd_inspect(const args *a)
{
    bpemix_load_opts load = cli_load_opts(a);
    bpemix_inspect_opts opts = { .size = sizeof opts, .load = &load, .list = (size_t)a->list };
    bpemix_error err = { 0 };
    cli_output out = { 0 };
    bpemix_status st;

    if (!a->n_operands)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "", "give a tokenizer or trace file", "no file");
    else if (a->n_operands > 1)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "", "give one tokenizer or trace file",
                           "%zu files", a->n_operands);
    else
        st = bpemix_inspect(a->operand[0], &opts, a->json ? &out.json : NULL, &out.text, &err);
    if (!st)
        st = cli_write(a, &out, &err);
    cli_output_release(&out);
    return st ? cli_fail(a, &err) : EXIT_OK;
}
