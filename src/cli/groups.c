/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c - slips in a file of groups.  Its lines may name categories that no result has, so that
 * one file serves many studies, but one that is similar to a category without a line is probably
 * misspelled. */
#include "cli/cli.h"
#include "cli/suggest.h"

#include <string.h>

/* Has the file a line for this category? */
static bool is_named(const char *text, const char *name, size_t n)
{
    for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n')
        if (strcspn(p, "\t\n") == n && !memcmp(p, name, n))
            return true;
    return false;
}

static bool is_category(const bpemix_labelled *entry, size_t n, const char *name, size_t length)
{
    for (size_t e = 0; e < n; e++)
        for (size_t i = 0; i < bpemix_result_categories(entry[e].result); i++) {
            const char *own = bpemix_result_share(entry[e].result, i)->name;
            if (strlen(own) == length && !memcmp(own, name, length))
                return true;
        }
    return false;
}

void cli_check_groups(const args *a, const char *text, const bpemix_labelled *entry, size_t n)
{
    char meant[120];

    for (const char *p = text; p && *p; p += strcspn(p, "\n"), p += *p == '\n') {
        size_t length = strcspn(p, "\t\n");
        suggestion s = suggest_for(p, length);

        if (*p == '#' || !length || is_category(entry, n, p, length))
            continue;
        for (size_t e = 0; e < n; e++)
            for (size_t i = 0; i < bpemix_result_categories(entry[e].result); i++) {
                const char *own = bpemix_result_share(entry[e].result, i)->name;
                if (!is_named(text, own, strlen(own)))
                    suggest_offer(&s, own, strlen(own));
            }
        if (suggest_text(&s, false, meant, sizeof meant))
            cli_warn(a, "%s: '%.*s' is no category here; %s", a->groups, (int)length, p, meant);
    }
}
