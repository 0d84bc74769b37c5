/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c - slips in a file of groups.  Its lines may name categories that no result has, so that
 * one file serves many studies, but one that is similar to a category without a line is probably
 * misspelled. */
#include "base/tab_lines.h"
#include "cli/cli.h"
#include "cli/suggest.h"

#include <string.h>

/* Has the file a line for this category? */
static bool is_named(const char *text, const char *name, size_t n)
{
    bmx_tab_lines lines = { .at = text };
    bmx_slice field[2];

    while (bmx_tab_lines_next(&lines, field, 2))
        if (field[0].len == n && !memcmp(field[0].ptr, name, n))
            return true;
    return false;
}

static bool is_category(const char *const *own, size_t n, const char *name, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(own[i]) == length && !memcmp(own[i], name, length))
            return true;
    return false;
}

void cli_check_groups(const args *a, const char *text, const char *const *own, size_t n)
{
    bmx_tab_lines lines = { .at = text ? text : "" };
    bmx_slice field[2];
    char meant[120];

    while (bmx_tab_lines_next(&lines, field, 2)) {
        suggestion s = suggest_for(field->ptr, field->len);

        if (!field->len || is_category(own, n, field->ptr, field->len))
            continue;
        for (size_t i = 0; i < n; i++)
            if (!is_named(text, own[i], strlen(own[i])))
                suggest_offer(&s, own[i], strlen(own[i]));
        if (suggest_text(&s, false, meant, sizeof meant))
            cli_warn(a, "%s: '%.*s' is no category here; %s", a->groups,
                     (int)field->len, field->ptr, meant);
    }
}

void cli_check_result_groups(const args *a, const char *text, const bpemix_labelled *entry,
                             size_t n)
{
    size_t all = 0, k = 0;
    const char **own;

    for (size_t e = 0; e < n; e++)
        all += bpemix_result_categories(entry[e].result);
    if (!(own = bmx_malloc(all, sizeof *own)))
        return; /* no memory for what is only a warning */
    for (size_t e = 0; e < n; e++)
        for (size_t i = 0; i < bpemix_result_categories(entry[e].result); i++)
            own[k++] = bpemix_result_share(entry[e].result, i)->name;
    cli_check_groups(a, text, own, all);
    bmx_free(own);
}
