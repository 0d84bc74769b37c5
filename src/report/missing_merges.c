/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/missing_merges.h"

#include <inttypes.h>

enum { LIST = 20 }; /* kinds, or categories */

/* Merges that have something in common: how many, two columns of what that is, and examples. */
typedef struct row {
    uint32_t merges;
    const char *what, *more; /* "": nothing */
    const bmx_texts *example;
} row;

enum { USED = 48, LEAST = 20 }; /* columns before the examples; columns these need */

static bool has_room(int width) { return width >= USED + LEAST; }

/* Where there is no room for tokens beside the other columns, they stand below these. */
static void put_row(bmx_sink *s, const row *x, int width)
{
    enum { INDENT = 10 };
    bmx_buf line = { 0 };

    bmx_putf(s, "%8" PRIu32 "  ", x->merges);
    if (has_room(width)) {
        bmx_sink_padded(s, x->what, 24);
        bmx_putf(s, "  ");
        bmx_sink_padded(s, x->more, 10);
        bmx_putf(s, "  ");
    } else {
        bmx_putf(s, "%s%s%s\n%*s", x->what, *x->more ? ", " : "", x->more, INDENT, "");
    }
    for (size_t k = 0; k < x->example->n && k < 3 && !s->status; k++)
        s->status = bmx_buf_addf(&line, s->err, "%s%s", k ? ", " : "", x->example->text[k]);
    if (!s->status)
        s->status = bmx_buf_addc(&line, 0, s->err);
    if (!s->status)
        bmx_sink_clipped(s, line.ptr, width - (has_room(width) ? USED : INDENT));
    bmx_putf(s, "\n");
    bmx_buf_release(&line);
}

static void put_kinds(bmx_sink *s, const bmx_missing_summary *u, int width)
{
    if (!u->n_kinds)
        return;
    bmx_putf(s, "\nmerges in no sample, by kind\n  merges  kind%s\n",
             has_room(width) ? "                      script      tokens"
                             : ", script and tokens");
    for (size_t i = 0; i < u->n_kinds && i < LIST; i++) {
        const bmx_missing_kind *k = &u->kind[i];

        put_row(s, &(row){ k->merges, k->kind, k->script ? k->script : "", &k->example }, width);
    }
}

static void put_categories(bmx_sink *s, const bmx_missing_panel *p, int width, int text)
{
    if (!p->n)
        return;
    bmx_putf(s, "\n");
    bmx_sink_wrapped(s, "merges in no sample, by the category of the panel in which their tokens "
                        "are most frequent", 0, 0, text);
    bmx_putf(s, "  merges  category%s\n",
             has_room(width) ? "                  candidate   tokens" : " and tokens");
    for (size_t i = 0; i < p->n && i < LIST; i++) {
        const bmx_missing_category *k = &p->category[i];
        const char *candidate = !k->is_candidate ? "" : has_room(width) ? "yes" : "a candidate";

        put_row(s, &(row){ k->merges, k->category, candidate, &k->example }, width);
    }
}

static void put_list(bmx_sink *s, const bpemix_result *r, size_t list, int width, int text)
{
    enum { STEP = 10, MERGE = 40, WHY = 28 };
    static const char *const why[] = { "spans a newline", "cut by the pre-tokenizer",
                                       "a side of it is never made",
                                       "merges before it hide the pair", "not in the samples" };
    _Static_assert(sizeof why / sizeof *why == BMX_MISSING_UNSEEN + 1, "a reason for each class");
    bool beside = width >= STEP + MERGE + WHY;

    if (r->n_missing) {
        bmx_putf(s, "\n");
        bmx_sink_wrapped(s, "merges that occur in no sample, in the order of the list", 0, 0, text);
    }
    for (uint32_t i = 0; i < r->n_missing && i < list; i++) {
        bmx_putf(s, "%8" PRIu32 "  ", r->missing[i].step);
        if (beside) {
            bmx_sink_merge(s, r->missing[i].left, r->missing[i].right, MERGE, true);
        } else {
            bmx_sink_merge(s, r->missing[i].left, r->missing[i].right, width - STEP, false);
            bmx_putf(s, "\n%*s", STEP - 2, "");
        }
        bmx_putf(s, "  %s\n", why[r->missing[i].why]);
    }
    if (r->n_missing > list)
        bmx_putf(s, "%8s  and %zu more\n", "", (size_t)r->n_missing - list);
}

void bmx_report_missing(bmx_sink *s, const bpemix_result *r, size_t list, int width, int text)
{
    put_kinds(s, &r->uncovered, width);
    put_categories(s, &r->uncovered.panel, width, text);
    put_list(s, r, list, width, text);
}
