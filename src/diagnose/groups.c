/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/groups.h"
#include "result/group_file.h"

#include <math.h>
#include <string.h>

static bmx_group *get_group(bpemix_result *r, const char *name, size_t len, bpemix_error *err)
{
    bmx_group *more;
    char *copy;

    for (size_t g = 0; g < r->n_groups; g++)
        if (strlen(r->group[g].share.name) == len && !memcmp(r->group[g].share.name, name, len))
            return &r->group[g];
    copy = bmx_strndup(name, len);
    more = copy ? bmx_realloc(r->group, r->n_groups + 1, sizeof *more) : NULL;
    if (!more) {
        bmx_free(copy);
        bmx_nomem(err);
        return NULL;
    }
    r->group = more;
    more = &r->group[r->n_groups++];
    *more = (bmx_group){ .member = NULL };
    bmx_share_clear(&more->share);
    more->share.name = copy;
    return more;
}

/* Members stay in ascending order. */
static bpemix_status add_member(bmx_group *g, uint32_t cat, bpemix_error *err)
{
    uint32_t *more = bmx_realloc(g->member, g->n_members + 1, sizeof *more);
    size_t i = g->n_members;

    if (!more)
        return bmx_nomem(err);
    g->member = more;
    for (; i > 0 && g->member[i - 1] > cat; i--)
        g->member[i] = g->member[i - 1];
    g->member[i] = cat;
    g->n_members++;
    return BPEMIX_OK;
}

/* Put the line's category into its group, if r has it. */
static bpemix_status put_line(const bmx_group_file *file, const bmx_group_line *line,
                              bool *grouped, bpemix_result *r, bpemix_error *err)
{
    bmx_group *g;

    for (uint32_t i = 0; i < r->n_cats; i++) {
        if (i == r->pooled_at || !bmx_slice_eq(bmx_slice_str(r->share[i].name), line->category))
            continue;
        if (grouped[i])
            return bmx_group_file_twice(file, err);
        grouped[i] = true;
        g = get_group(r, line->group.ptr, line->group.len, err);
        return g ? add_member(g, i, err) : BPEMIX_E_NOMEM;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_groups_read(const char *text, const char *name, bpemix_result *r,
                              bpemix_error *err)
{
    bmx_group_file file = { .lines.at = text, .name = name };
    bmx_group_line line;
    bool *grouped = bmx_calloc(r->n_cats, sizeof *grouped), more = true;
    bpemix_status st = grouped ? BPEMIX_OK : bmx_nomem(err);

    while (!st && !(st = bmx_group_file_next(&file, &line, &more, err)) && more)
        st = put_line(&file, &line, grouped, r, err);
    bmx_free(grouped);
    return st;
}

/* Shares of all categories may sum to more than 1 by a rounding error. */
static void at_most_1(double *share)
{
    if (*share > 1)
        *share = 1;
}

void bmx_group_sum(const bpemix_result *r, bmx_group *g)
{
    bpemix_share *sum = &g->share;
    const char *name = sum->name;

    bmx_share_clear(sum);
    sum->name = name;
    sum->share_pairs = sum->share_merges = 0; /* and bytes are not known, unless of a member */
    for (size_t i = 0; i < g->n_members; i++) {
        const bpemix_share *s = &r->share[g->member[i]];
        if (isfinite(s->share_bytes)) /* the others are not covered */
            sum->share_bytes = s->share_bytes + (isfinite(sum->share_bytes) ? sum->share_bytes : 0);
        sum->share_pairs += s->share_pairs;
        sum->share_merges += s->share_merges;
        sum->sample_bytes += s->sample_bytes;
        sum->sample_documents += s->sample_documents;
        sum->sample_words += s->sample_words;
        sum->sample_pairs += s->sample_pairs;
    }
    at_most_1(&sum->share_bytes);
    at_most_1(&sum->share_pairs);
    at_most_1(&sum->share_merges);
}
