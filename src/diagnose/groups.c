/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/groups.h"

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

static bpemix_status bad_line(const char *name, size_t number, const char *what, const char *hint,
                              bpemix_error *err)
{
    bmx_fail_hint(err, BPEMIX_E_FORMAT, name ? name : "groups", hint, "%s", what);
    return bmx_with_line(err, BPEMIX_E_FORMAT, number);
}

/* One line: category[0 .. tab), group up to a second tab or the end. */
static bpemix_status read_line(const char *line, size_t len, size_t number, const char *name,
                               bool *grouped, bpemix_result *r, bpemix_error *err)
{
    const char *tab = memchr(line, '\t', len), *second;
    bmx_group *g;

    if (!len || *line == '#')
        return BPEMIX_OK;
    if (!tab || tab == line || tab + 1 == line + len || tab[1] == '\t')
        return bad_line(name, number, "no group",
                        "write the category, a tab and its group", err);
    second = memchr(tab + 1, '\t', (size_t)(line + len - tab - 1));
    for (uint32_t i = 0; i < r->n_cats; i++) {
        const char *cat = r->share[i].name;
        if (i == r->pooled_at || strlen(cat) != (size_t)(tab - line) ||
            memcmp(cat, line, (size_t)(tab - line)))
            continue;
        if (grouped[i])
            return bad_line(name, number, "a category for the second time",
                            "give every category one group", err);
        grouped[i] = true;
        g = get_group(r, tab + 1, (size_t)((second ? second : line + len) - tab - 1), err);
        return g ? add_member(g, i, err) : BPEMIX_E_NOMEM;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_groups_read(const char *text, const char *name, bpemix_result *r,
                              bpemix_error *err)
{
    bool *grouped = bmx_calloc(r->n_cats, sizeof *grouped);
    bpemix_status st = grouped ? BPEMIX_OK : bmx_nomem(err);

    for (size_t number = 1; *text && !st; number++) {
        size_t len = strcspn(text, "\n"), shown = len && text[len - 1] == '\r' ? len - 1 : len;
        st = read_line(text, shown, number, name, grouped, r, err);
        text += len + (text[len] == '\n');
    }
    bmx_free(grouped);
    return st;
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
}
