/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: a tree of sections and nodes, which keeps its first failure. */
#include "test.h"

#include "report/doc.h"

#include <math.h>

static void build(bmx_doc *d)
{
    bmx_table *table;
    bmx_figure *figure;

    bmx_doc_section(d, "one", "First");
    bmx_doc_paragraph(d, BMX_TONE_POOR, "Poor:", bmx_doc_text(d, "%d of %s", 3, "all"));
    bmx_doc_paragraph(d, BMX_TONE_PLAIN, NULL, bmx_doc_copy(d, "value"));
    bmx_doc_section(d, "two", "Second");
    if ((table = bmx_doc_table(d, "shares", "caption", 2, 3)))
        table->cell[2 * 3 - 1] = bmx_doc_text(d, "%c", 'x');
    if ((figure = bmx_doc_figure(d, BMX_FIGURE_BARS, "bars", 4, 2)))
        figure->mark[4 * 2 - 1].value = 0.5;
    bmx_doc_figure(d, BMX_FIGURE_LINES, "lines", 0, 0);
}

static void keeps_the_order(void **state)
{
    bmx_doc d = { 0 };
    const bmx_node *n;

    (void)state;
    build(&d);
    assert_int_equal(d.status, BPEMIX_OK);
    assert_string_equal(d.first->id, "one");
    assert_ptr_equal(d.first->next, d.last);
    assert_null(d.last->next);
    n = d.first->first;
    assert_int_equal(n->kind, BMX_NODE_TEXT);
    assert_string_equal(n->text, "3 of all");
    assert_string_equal(n->lead, "Poor:");
    assert_int_equal(n->tone, BMX_TONE_POOR);
    n = n->next;
    assert_int_equal(n->kind, BMX_NODE_TEXT);
    assert_string_equal(n->text, "value");
    assert_null(n->lead);
    assert_null(n->next);
    n = d.last->first;
    assert_int_equal(n->kind, BMX_NODE_TABLE);
    assert_int_equal(n->table->n_rows * n->table->n_columns, 6);
    assert_string_equal(n->table->cell[5], "x");
    assert_null(n->table->cell[0]);
    assert_int_equal(n->next->kind, BMX_NODE_FIGURE);
    assert_null(n->next->next->next);
    bmx_doc_release(&d);
    assert_null(d.first);
}

/* Nothing is known of a figure at first, and its texts are empty, not NULL. */
static void figures_are_found_by_name(void **state)
{
    bmx_doc d = { 0 };
    const bmx_figure *f;

    (void)state;
    assert_null(bmx_doc_find_figure(&d, NULL));
    build(&d);
    f = bmx_doc_find_figure(&d, NULL);
    assert_ptr_equal(f, bmx_doc_find_figure(&d, "bars"));
    assert_int_equal(f->n_rows, 4);
    assert_true(isnan(f->mark[0].value) && isnan(f->mark[7].low) && isnan(f->x_marked));
    assert_true(f->mark[7].value == 0.5);
    assert_string_equal(f->row[3].name, "");
    assert_string_equal(f->series[1].name, "");
    assert_string_equal(f->title, "");
    assert_string_equal(bmx_doc_find_figure(&d, "lines")->name, "lines");
    assert_null(bmx_doc_find_figure(&d, "shares")); /* a table */
    bmx_doc_release(&d);
}

/* A node without a section has no place, and is not made. */
static void nodes_need_a_section(void **state)
{
    bmx_doc d = { 0 };

    (void)state;
    assert_null(bmx_doc_table(&d, "t", "c", 1, 1));
    assert_null(bmx_doc_figure(&d, BMX_FIGURE_BARS, "f", 1, 1));
    bmx_doc_paragraph(&d, BMX_TONE_PLAIN, NULL, "text");
    assert_null(d.first);
    assert_int_equal(d.status, BPEMIX_OK);
    assert_null(bmx_doc_copy(&d, NULL));
    bmx_doc_release(&d);
}

/* After the first failure nothing is made any more, and what asked for text gets one. */
static void keeps_the_first_failure(void **state)
{
    bpemix_error err = { 0 };
    bmx_doc d = { .err = &err };

    (void)state;
    assert_null(bmx_doc_alloc(&d, SIZE_MAX / 4, 8));
    assert_int_equal(d.status, BPEMIX_E_NOMEM);
    assert_int_equal(err.status, BPEMIX_E_NOMEM);
    assert_string_equal(bmx_doc_text(&d, "%d", 1), "");
    assert_null(bmx_doc_section(&d, "one", "First"));
    assert_null(d.first);
    bmx_doc_release(&d);
}

static bpemix_status make_document(bpemix_error *err)
{
    bmx_doc d = { .err = err };
    bpemix_status st;

    build(&d);
    st = d.status;
    bmx_doc_release(&d);
    return st;
}

static void survives_lack_of_memory(void **state)
{
    bpemix_error err;

    (void)state;
    SURVIVES_SOME(1, make_document(&err), (void)0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_order),
        cmocka_unit_test(figures_are_found_by_name),
        cmocka_unit_test(nodes_need_a_section),
        cmocka_unit_test(keeps_the_first_failure),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
