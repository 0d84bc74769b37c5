/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.h - a report as a tree, between what builds it and what writes it.
 *
 *   document -- section -- node: text | table | figure
 *                  |         |
 *               section     node
 *
 * report/build.c makes the tree from results (report/doc.h has its tools); each renderer
 * (report/html.c, report/markdown.c, ...) walks it and knows nothing of results, as tree_json.c,
 * which writes it as JSON, does.  Everything lives in the document's arena and dies with it.
 *
 * D1  Strings are UTF-8, terminated, and not escaped for any format.
 * D2  A figure is data, not drawing: rows, series and mark[row * n_series + series].  Values
 *     in marks are fractions (shares) or counts, NaN where nothing is known.
 * D3  The numbers of a figure stand in a table of the same section, or of the next one where its
 *     own would have the same. */
#ifndef BMX_RESULT_TREE_H
#define BMX_RESULT_TREE_H

#include "base/json.h"
#include "base/mem.h"

/* How reliable something is: the verdict of a fit. */
typedef enum bmx_tone {
    BMX_TONE_PLAIN,
    BMX_TONE_GOOD,
    BMX_TONE_FAIR,
    BMX_TONE_POOR,
    BMX_TONE_UNUSABLE
} bmx_tone;

/* A number and its range; NaN: not known. */
typedef struct bmx_mark {
    double value, low, high;
    bool loose; /* the merges do not determine it: the range is shown, the value never printed */
} bmx_mark;

typedef enum bmx_figure_kind {
    BMX_FIGURE_STACKED, /* a bar a row, its segments the series */
    BMX_FIGURE_RANGES,  /* a panel a series, in it a point and a range per row */
    BMX_FIGURE_LINES,   /* a line a series, over row[].x */
    BMX_FIGURE_BARS,    /* a bar a row; one series */
    BMX_FIGURE_SCATTER  /* a point a row: x against the first series' value, coloured by
                           row[].color */
} bmx_figure_kind;

typedef struct bmx_figure_item {
    const char *name, *note; /* note: a second line in smaller type; NULL: none */
    bmx_tone tone;
    unsigned color;          /* index into the palette */
    double x;                /* position on a continuous axis */
} bmx_figure_item;

typedef struct bmx_figure {
    bmx_figure_kind kind;
    const char *name;                 /* "mixture", as in --figure; also an id */
    const char *title, *desc, *note;  /* desc: the numbers in words; note: below the drawing; may
                                         be NULL */
    const char *x_label, *y_label;
    bmx_figure_item *row, *series;
    size_t n_rows, n_series;
    bmx_mark *mark;                   /* mark[n_rows * n_series] */
    bool percent;                     /* values are fractions, shown in percent */
    bool log_x, log_y;
    bmx_figure_item *level;           /* level[n_levels]: horizontal lines at .x, with their
                                         names */
    size_t n_levels;
    double x_marked;                  /* a vertical line here; NaN: none */
    const char *x_marked_label;
    bool hatch;
    double width;                     /* as in the document */
} bmx_figure;

typedef enum bmx_row_kind { BMX_ROW_PLAIN, BMX_ROW_SUM, BMX_ROW_FOOT } bmx_row_kind;

typedef struct bmx_column {
    const char *name;
    bool number; /* aligned to the right */
} bmx_column;

typedef struct bmx_table {
    const char *name, *caption;
    bmx_column *column;
    size_t n_columns;
    const char **cell;  /* cell[n_rows * n_columns]; the first of a row is its heading; NULL:
                           empty */
    bmx_row_kind *row;  /* row[n_rows] */
    size_t n_rows;
    const bmx_mark *bar; /* bar[n_rows]: a terminal draws them behind its rows where there is room;
                            NULL: none */
    bool tidy;          /* one observation a row, for programs: CSV and JSON alone */
    size_t path_column; /* of long paths: not for paper; 0: none */
} bmx_table;

typedef enum bmx_node_kind {
    BMX_NODE_TEXT,
    BMX_NODE_TABLE,
    BMX_NODE_FIGURE
} bmx_node_kind;

typedef struct bmx_node {
    bmx_node_kind kind;
    struct bmx_node *next;
    const char *text;    /* TEXT */
    const char *lead;    /* TEXT: in front, in bold; may be NULL */
    bmx_tone tone;       /* TEXT */
    size_t claim;        /* TEXT: the first bytes, which state the claim that the rest gives
                            grounds for; 0: it is not divided */
    bmx_table *table;
    bmx_figure *figure;
} bmx_node;

typedef struct bmx_section {
    const char *title, *id;
    bmx_node *first, **last;
    struct bmx_section *next;
} bmx_section;

/* Zero-initialize.  The first failure is kept in `status`, and the functions below then do nothing
 * and return NULL, so that it is enough to check `status` at the end. */
typedef struct bmx_doc {
    const char *title;
    bmx_section *first, *last;
    double width;     /* of the line on paper, in points, that a figure or a table is for; 0: what
                         is usual in the format */
    bmx_arena arena;
    bpemix_error *err;
    bpemix_status status;
} bmx_doc;

/* The document of `report --format json`; NULL when memory is short. */
bmx_json *bmx_doc_to_json(const bmx_doc *doc);

#endif
