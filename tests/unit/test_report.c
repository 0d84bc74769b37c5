/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports: numbers and text as they are written, groups and sums, escapes, lengths in figures. */
#include "bpemix.h"
#include "report/build.h"
#include "report/render.h"
#include "report/svg.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *fixed(double v, int decimals)
{
    static char buf[40];
    return bmx_fixed(buf, v, decimals);
}

static void numbers_have_a_point_and_no_minus_zero(void **state)
{
    (void)state;
    assert_string_equal(fixed(26.149, 1), "26.1");
    assert_string_equal(fixed(99.95, 1), "100.0");
    assert_string_equal(fixed(-0.04, 1), "0.0");
    assert_string_equal(fixed(-1.25, 2), "-1.25");
    assert_string_equal(fixed(0.000000123, 9), "0.000000123");
    assert_string_equal(fixed(7, 0), "7");
    assert_string_equal(fixed(NAN, 2), "nan");
    assert_string_equal(fixed(1e300, 2), "1e+300");
    assert_string_equal(fixed(INFINITY, 2), "inf");
}

static void text_is_measured_by_character(void **state)
{
    (void)state;
    assert_true(bmx_text_em("ii") < bmx_text_em("WW"));
    assert_true(fabs(bmx_text_em("\xe4\xb8\xad\xe6\x96\x87") - 2) < 1e-9); /* two of Han */
    /* an accent takes no room */
    assert_true(fabs(bmx_text_em("e\xcc\x81") - bmx_text_em("e")) < 1e-9);
    assert_int_equal(bmx_text_clip("abc", 10), 3);
    /* one, and the ellipsis */
    assert_int_equal(bmx_text_clip("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 2.5), 3);
}

static void lines_are_broken_at_blanks(void **state)
{
    const char *next, *text = "one two three";
    size_t n = bmx_text_line(text, bmx_text_em("one two x"), &next);

    (void)state;
    assert_int_equal(n, 7);
    assert_string_equal(next, "three");
    n = bmx_text_line(next, 100, &next);
    assert_int_equal(n, 5);
    assert_string_equal(next, "");
    n = bmx_text_line("unbreakable", bmx_text_em("unb"), &next);
    assert_int_equal(n, 3);
    assert_string_equal(next, "reakable");
}

/* ---- two results ---- */

#define N 4u

static bpemix_result *result_of(const double *share, const char *const *name)
{
    bpemix_result *r = bmx_result_new(N);

    assert_non_null(r);
    for (size_t i = 0; i < N; i++) {
        bpemix_share *s = &r->share[i];
        s->name = bmx_strdup(name[i]);
        s->share_bytes = s->share_pairs = share[i];
        s->range_bytes = (bpemix_range){ share[i] * 0.96, share[i] * 1.04 };
        s->range_outer_bytes = (bpemix_range){ share[i] * 0.92, share[i] * 1.08 };
        s->identified = true;
        s->sample_bytes = 1000 * (i + 1);
        s->sample_documents = i + 1;
    }
    r->range_delta = 0.01;
    r->range_outer_delta = 0.05;
    r->slack_relative = 0.25;
    r->merge_to = r->merges_used = 300;
    return r;
}

static const char *const names[] = { "english", "=cmd()", "c, \"c\"", "a_b|<x>&" };
static const double shares[] = { 0.5, 0.25, 0.125, 0.125 };

static bpemix_status render(bpemix_result *r, const char *groups, bpemix_format format,
                            const char *name, bmx_buf *out, bpemix_error *err)
{
    const bmx_report_entry entry = { "T", r };
    const bmx_build_opts opts = { .groups = groups, .groups_path = "g.tsv", .list = 5 };
    bmx_doc doc;
    bpemix_status st = bmx_build_report(&doc, &entry, 1, &opts, err);

    if (!st)
        st = bmx_render(&doc, format, name, out, err);
    if (!st)
        st = bmx_buf_addc(out, 0, err);
    bmx_doc_release(&doc);
    return st;
}

static void csv_is_quoted_and_runs_nothing(void **state)
{
    bpemix_result *r = result_of(shares, names);
    bmx_buf out = { 0 };

    (void)state;
    r->share[3].range_outer_bytes = (bpemix_range){ 0.0625, 0.1875 };
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_CSV, NULL, &out, NULL), BPEMIX_OK);
    assert_string_equal(
        out.ptr, "tokenizer,category,group,unit,share,low,high,identified,sample_bytes,documents,"
                 "inner_low,inner_high\n"
                 "T,english,,bytes,0.500000000,0.460000000,0.540000000,true,1000,1,"
                 "0.480000000,0.520000000\n"
                 "T,english,,pairs,0.500000000,,,,1000,1,,\n"
                 "T,\"'=cmd()\",,bytes,0.250000000,0.230000000,0.270000000,true,2000,2,"
                 "0.240000000,0.260000000\n"
                 "T,\"'=cmd()\",,pairs,0.250000000,,,,2000,2,,\n"
                 "T,\"c, \"\"c\"\"\",,bytes,0.125000000,0.115000000,0.135000000,true,3000,3,"
                 "0.120000000,0.130000000\n"
                 "T,\"c, \"\"c\"\"\",,pairs,0.125000000,,,,3000,3,,\n"
                 "T,a_b|<x>&,,bytes,0.125000000,0.062500000,0.187500000,false,4000,4,"
                 "0.120000000,0.130000000\n"
                 "T,a_b|<x>&,,pairs,0.125000000,,,,4000,4,,\n");
    bmx_buf_release(&out);
    bmx_result_free(r);
}

static void sums_have_ranges_only_where_they_must(void **state)
{
    const char
        *groups = "# comment\nenglish\tText\n=cmd()\tCode\nc, \"c\"\tCode\tC\nnobody\tCode\n";
    bpemix_result *r = result_of(shares, names);
    bmx_buf out = { 0 };

    (void)state;
    assert_int_equal(render(r, groups, BPEMIX_FORMAT_MARKDOWN, "mixture", &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "| Text | 50.0 [46.0, 54.0] |"));
    assert_non_null(strstr(out.ptr, "| Code | 37.5 |"));
    assert_non_null(strstr(out.ptr, "| other | 12.5 [11.5, 13.5] |"));
    bmx_buf_release(&out);
    /* then the sum may be anything that the ends allow */
    r->share[1].range_outer_bytes = (bpemix_range){ 0.125, 0.375 };
    assert_int_equal(render(r, groups, BPEMIX_FORMAT_MARKDOWN, "mixture", &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "| Code | 24.0 .. 51.0 |"));
    assert_null(strstr(out.ptr, "37.5"));
    bmx_buf_release(&out);
    bmx_result_free(r);
}

/* A group has what is known of its categories. */
static void unknown_shares_count_for_nothing(void **state)
{
    const char *groups = "english\tText\n=cmd()\tText\nc, \"c\"\tCode\na_b|<x>&\tCode\n";
    double sweep[2][N] = { { 0.7, NAN, 0.3, 0 }, { 0.6, NAN, 0.4, 0 } };
    bpemix_result *r = result_of(shares, names);
    bmx_sweep_point point[2] = { { .merges = 100, .share_bytes = sweep[0] },
                                 { .merges = 200, .share_bytes = sweep[1] } };
    bpemix_share *unknown = &r->share[1];
    bmx_buf out = { 0 };

    (void)state;
    unknown->share_bytes = NAN;
    unknown->range_bytes = unknown->range_outer_bytes = (bpemix_range){ NAN, NAN };
    r->sweep = point;
    r->n_sweep = 2;
    assert_int_equal(render(r, groups, BPEMIX_FORMAT_MARKDOWN, "mixture", &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "| Text | 50.0 [46.0, 54.0] |"));
    bmx_buf_release(&out);
    assert_int_equal(render(r, groups, BPEMIX_FORMAT_MARKDOWN, "sweep", &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "| 100 | 70.0 | 30.0 |"));
    bmx_buf_release(&out);
    /* all of what is known is 100 %, and a group of nothing known is not determined */
    groups = "english\tA\n=cmd()\tB\nc, \"c\"\tA\na_b|<x>&\tA\n";
    assert_int_equal(render(r, groups, BPEMIX_FORMAT_MARKDOWN, "mixture", &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "| A | 75.0 |"));
    assert_non_null(strstr(out.ptr, "| B | not determined |"));
    bmx_buf_release(&out);
    r->sweep = NULL;
    r->n_sweep = 0;
    bmx_result_free(r);
}

static void groups_without_a_tab_are_refused(void **state)
{
    bpemix_result *r = result_of(shares, names);
    bpemix_error err = { 0 };
    bmx_buf out = { 0 };
    char text[300];

    (void)state;
    assert_int_equal(render(r, "english\tText\nc Code\n", BPEMIX_FORMAT_HTML, NULL, &out, &err),
                     BPEMIX_E_FORMAT);
    bpemix_error_text(&err, text, sizeof text);
    assert_string_equal(text, "g.tsv:2: no group; write the category, a tab and its group");
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_SVG, "nothing", &out, &err), BPEMIX_E_USAGE);
    bpemix_error_text(&err, text, sizeof text);
    assert_string_equal(text, "nothing: no figure of this name; there is: mixture, ranges");
    bmx_buf_release(&out);
    bmx_result_free(r);
}

/* Lengths of the rectangles between the axis' ends, as drawn. */
static void lengths_of_bars_are_the_shares(void **state)
{
    bpemix_result *r = result_of(shares, names);
    const double order[] = { 0.5, 0.25, 0.125, 0.125 };
    bmx_buf out = { 0 };
    double axis = 0, width[8] = { 0 };
    size_t n = 0;

    (void)state;
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_SVG, "mixture", &out, NULL), BPEMIX_OK);
    for (const char *p = out.ptr; (p = strstr(p, "height=\"26\"")) && n < 8; p++) {
        const char *at = p;
        while (strncmp(at, "width=\"", 7))
            at--;
        axis += width[n++] = strtod(at + 7, NULL);
    }
    assert_int_equal(n, N);
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(width[i] - order[i] * axis) < 0.011); /* two decimals */
    bmx_buf_release(&out);
    bmx_result_free(r);
}

static void nothing_escapes_from_text(void **state)
{
    bpemix_result *r = result_of(shares, names);
    bmx_buf out = { 0 };

    (void)state;
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_HTML, NULL, &out, NULL), BPEMIX_OK);
    assert_null(strstr(out.ptr, "<x>"));
    assert_non_null(strstr(out.ptr, "a_b|&lt;x&gt;&amp;"));
    assert_null(strstr(out.ptr, "<script"));
    assert_null(strstr(out.ptr, "http"));
    bmx_buf_release(&out);
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_LATEX, NULL, &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "a\\_b\\textbar{}\\textless{}x\\textgreater{}\\&"));
    bmx_buf_release(&out);
    assert_int_equal(render(r, NULL, BPEMIX_FORMAT_MARKDOWN, NULL, &out, NULL), BPEMIX_OK);
    assert_non_null(strstr(out.ptr, "a\\_b\\|&lt;x>&amp;"));
    bmx_buf_release(&out);
    bmx_result_free(r);
}

/* A document whose only cell is `text` has `wanted` in it, written in the format. */
static void check_cell(const char *text, bpemix_format format, const char *wanted)
{
    bmx_doc d = { .title = "title" };
    bmx_buf out = { 0 };
    bpemix_error err;
    bmx_table *t;

    bmx_doc_section(&d, "one", "First");
    t = bmx_doc_table(&d, "shares", "caption", 1, 1);
    assert_non_null(t);
    t->column[0].name = "name";
    t->cell[0] = text;
    CHECK_OK(bmx_render(&d, format, NULL, &out, &err));
    CHECK_OK(bmx_buf_addc(&out, 0, &err));
    if (!strstr(out.ptr, wanted))
        fail_msg("format %d: no '%s' in\n%s", (int)format, wanted, out.ptr);
    bmx_buf_release(&out);
    bmx_doc_release(&d);
}

/* Text of a stranger's file, with bytes that mean something to a format, or are none of UTF-8. */
static void odd_text_stays_text(void **state)
{
    static const char odd[] = "a\tb\nc\rd\\e~f^g`h'i\"j$k\x01l\xffm-n";
    static const struct { bpemix_format format; const char *cell; } wanted[] = {
        { BPEMIX_FORMAT_CSV, "\"a\tb\nc\rd\\e~f^g`h'i\"\"j$k\x01l\xffm-n\"\n" },
        { BPEMIX_FORMAT_TSV, "a\\tb\\nc\\rd\\\\e~f^g`h'i\"j$k\x01l\xffm-n\n" },
        { BPEMIX_FORMAT_MARKDOWN, "| a b c d\\\\e\\~f^g\\`h'i\"j$k l\xffm-n |" },
        { BPEMIX_FORMAT_HTML, "a\xef\xbf\xbd" "b c\xef\xbf\xbd" "d\\e~f^g`h'i&quot;j$k\xef\xbf\xbdl"
                              "\xef\xbf\xbdm-n" },
        { BPEMIX_FORMAT_LATEX, "a b c d\\allowbreak\\textbackslash{}e\\textasciitilde{}f\\textasciicircum{}g"
                               "\\textasciigrave{}h\\textquotesingle{}i{\\ttfamily\\char34 }j\\$k l"
                               "\\bmxuni{FFFD}m{-}n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        check_cell(odd, wanted[i].format, wanted[i].cell);
    /* no link, no distance or star of the end of the row before */
    check_cell("[a](b)", BPEMIX_FORMAT_MARKDOWN, "| [a]\\(b) |");
    check_cell("[a](b)", BPEMIX_FORMAT_LATEX, "\n{}[a](b) \\\\\n");
    check_cell("*a", BPEMIX_FORMAT_LATEX, "\n{}*a \\\\\n");
}

/* Names that are written from right to left do not turn around the numbers behind them; the text
 * of a file for programs stays as it is. */
static void names_are_isolated_from_numbers(void **state)
{
    static const char text[] = "\xd7\xa2\xd7\x91 \xd7\xaa 48 .. 72, \xd8\xb9.";
    static const char isolated[] = "\xe2\x81\xa8\xd7\xa2\xd7\x91 \xd7\xaa\xe2\x81\xa9 48 .. 72, "
                                   "\xe2\x81\xa8\xd8\xb9\xe2\x81\xa9.";

    (void)state;
    check_cell(text, BPEMIX_FORMAT_HTML, isolated);
    check_cell(text, BPEMIX_FORMAT_MARKDOWN, isolated);
    check_cell(text, BPEMIX_FORMAT_TSV, text);
}

/* A line longer than what is formatted in one go; what follows a failure is not written. */
static void long_lines_are_whole(void **state)
{
    static char name[2000];
    bmx_buf out = { 0 };
    bpemix_error err = { 0 };
    bmx_sink s = { &out, &err, BPEMIX_OK };

    (void)state;
    memset(name, 'x', sizeof name - 1);
    bmx_putf(&s, "<%s>", name);
    bmx_putf(&s, "%d", 7);
    assert_int_equal(s.status, BPEMIX_OK);
    assert_int_equal(out.len, sizeof name - 1 + 3);
    assert_memory_equal(out.ptr + out.len - 3, "x>7", 3);
    s.status = BPEMIX_E_NOMEM;
    bmx_putf(&s, "<%s>", name);
    assert_int_equal(out.len, sizeof name - 1 + 3);
    bmx_buf_release(&out);
}

/* A document without a figure has none to draw. */
static void figures_are_where_they_are_said(void **state)
{
    bmx_doc d = { 0 };
    bmx_buf out = { 0 };
    bpemix_error err;

    (void)state;
    bmx_doc_section(&d, "one", "First");
    assert_non_null(bmx_doc_table(&d, "shares", "caption", 1, 1));
    CHECK_FAILS(bmx_render(&d, BPEMIX_FORMAT_SVG, NULL, &out, &err), BPEMIX_E_EMPTY,
                "there is no figure to draw");
    CHECK_FAILS(bmx_render(&d, BPEMIX_FORMAT_SVG, "shares", &out, &err), BPEMIX_E_USAGE,
                "no figure of this name");
    CHECK_FAILS(bmx_render(&d, BPEMIX_FORMAT_CSV, "other", &out, &err), BPEMIX_E_USAGE,
                "no table of this name; there is: shares");
    bmx_buf_release(&out);
    bmx_doc_release(&d);
}

/* As where a method has no ranges: the other lines are drawn once each. */
static void lines_without_points_are_not_drawn(void **state)
{
    bmx_doc d = { 0 };
    bmx_buf out = { 0 };
    bpemix_error err;
    bmx_figure *f;
    size_t n = 0;

    (void)state;
    bmx_doc_section(&d, "one", "First");
    assert_non_null(f = bmx_doc_figure(&d, BMX_FIGURE_LINES, "lines", 2, 2));
    for (size_t i = 0; i < 2; i++) {
        f->row[i].x = (double)i;
        f->mark[i * 2].value = 0.5;
    }
    CHECK_OK(bmx_render(&d, BPEMIX_FORMAT_LATEX, "lines", &out, &err));
    CHECK_OK(bmx_buf_addc(&out, 0, &err));
    for (const char *p = out.ptr; (p = strstr(p, "\\addplot")); p++)
        n++;
    assert_int_equal(n, 1);
    bmx_buf_release(&out);
    bmx_doc_release(&d);
}

static void survives_lack_of_memory(void **state)
{
    bpemix_result *r = result_of(shares, names);
    bmx_buf want = { 0 };

    (void)state;
    for (int format = BPEMIX_FORMAT_HTML; format <= BPEMIX_FORMAT_TSV; format++) {
        bmx_buf out = { 0 };
        assert_int_equal(render(r, NULL, (bpemix_format)format, NULL, &want, NULL), BPEMIX_OK);
        SURVIVES(5, render(r, NULL, (bpemix_format)format, NULL, &out, NULL), {
            if (last)
                assert_string_equal(out.ptr, want.ptr);
            bmx_buf_release(&out);
        });
        bmx_buf_release(&want);
    }
    bmx_result_free(r);
}

/* ---- comparisons and experiments, by the public functions ---- */

static bpemix_status compare(const bpemix_result *r, const char *truth, const char *expect,
                             char **text, bool *met, bpemix_error *err)
{
    const bpemix_labelled entry[] = { { "a", r }, { "b", r } };
    const bpemix_compare_opts opts = {
        .size = sizeof opts, .truth = truth, .truth_name = "known", .expect = expect
    };

    return bpemix_compare(entry, truth ? 1 : 2, &opts, text, met, err);
}

static void errors_are_those_of_the_definition(void **state)
{
    /* differences 0.1, -0.1, 0, 0 of four categories: mse 0.005, its logarithm -2.301 */
    const char *truth =
        "{\"english\": 0.4, \"=cmd()\": 0.35, \"c, \\\"c\\\"\": 0.125, \"a_b|<x>&\": 0.125}";
    bpemix_result *r = result_of(shares, names);
    bpemix_error err = { 0 };
    char *text = NULL;
    bool met = false;

    (void)state;
    CHECK_OK(compare(r, truth,
                     "mse<=0.0050001,mse>=0.0049999,log10_mse<-2.30,max<0.1001,rms>0.0707", &text,
                     &met, &err));
    assert_true(met);
    assert_non_null(strstr(text, " -2.30\n"));
    bpemix_free(text);
    CHECK_OK(compare(r, truth, "mse<0.0049", &text, &met, &err));
    assert_false(met);
    bpemix_free(text);
    CHECK_OK(compare(r, NULL, "max<=0", &text, &met, &err));
    assert_true(met);
    bpemix_free(text);
    CHECK_FAILS(compare(r, truth, "mse", &text, &met, &err), BPEMIX_E_USAGE,
                "'mse' is not a condition");
    CHECK_FAILS(compare(r, "{\"english\": \"x\"}", NULL, &text, &met, &err), BPEMIX_E_FORMAT,
                "known: category 'english' has no share");
    CHECK_FAILS(compare(r, "[]", NULL, &text, &met, &err), BPEMIX_E_FORMAT, "no mixture");
    bmx_result_free(r);
}

static const char experiment[] =
    "{\"options\": {\"simulate\": true, \"categories\": 2}, \"baseline\": \"m\", \"summary\": ["
    "{\"sample_bytes\": 1000, \"merges_asked\": 0, \"method\": \"m\", \"log10_mse\": {\"mean\": "
    "-4, \"error\": 0.5},"
    " \"rms_error\": {\"mean\": 0.01}, \"inner_range\": {\"intervals\": 4, \"coverage\": 0.75, "
    "\"width\": 0.05}},"
    "{\"sample_bytes\": \"all\", \"merges_asked\": 0, \"method\": \"m\", \"log10_mse\": {\"mean\": "
    "-5, \"error\": 0.25},"
    " \"rms_error\": {\"mean\": 0.003}}], \"trials\": [{\"names\": [\"x\", \"y\"], \"truth\": "
    "[0.25, 0.75], \"rows\": ["
    "{\"sample_bytes\": null, \"merges_asked\": 0, \"method\": \"m\", \"share\": [0.3, 0.7], "
    "\"inner_low\": [0.2, null],"
    " \"inner_high\": [0.4, null]}]}]}";

static bpemix_status lab(const char *json, const char *levels, bpemix_format format,
                         const char *part, char **text, bpemix_error *err)
{
    const bpemix_labelled_json entry = { "lab", json };
    const bpemix_report_opts opts = { .size = sizeof opts, .format = format, .only = part };

    return bpemix_report_experiments(&entry, 1, &opts, levels, text, NULL, err);
}

static void experiments_are_read(void **state)
{
    bpemix_error err = { 0 };
    char *text = NULL;

    (void)state;
    CHECK_OK(lab(experiment, NULL, BPEMIX_FORMAT_CSV, NULL, &text, &err));
    assert_string_equal(text,
                        "experiment,sample,merges,log10 MSE,\"RMS, points\",slack,inner ranges\n"
                        "\"lab, m\",1 kB,auto,\"'-4.00 +- 0.50\",1.00,,"
                        "\"75.0 % of 4, 5.00 wide\"\n"
                        "\"lab, m\",all,auto,\"'-5.00 +- 0.25\",0.30,,\n");
    bpemix_free(text);
    CHECK_OK(lab(experiment, NULL, BPEMIX_FORMAT_MARKDOWN, NULL, &text, &err));
    assert_non_null(strstr(text, "1 simulated trial of 2 categories, samples of all;"));
    bpemix_free(text);
    CHECK_FAILS(bpemix_report_experiments((bpemix_labelled_json[]){ { "lab", experiment },
                                                                    { "lab", experiment } },
                                          2, NULL, NULL, &text, NULL, &err),
                BPEMIX_E_USAGE, "lab: label given twice");
    CHECK_OK(lab(experiment, NULL, BPEMIX_FORMAT_SVG, "truth", &text, &err));
    assert_non_null(
        strstr(text, "<title>x: true share 25.00 %, estimate 30.0 % [20.0, 40.0]</title>"));
    assert_non_null(strstr(text, "<title>y: true share 75.00 %, estimate 70.0 %</title>"));
    bpemix_free(text);
    { /* one end of a range is none */
        char damaged[sizeof experiment];

        memcpy(damaged, experiment, sizeof experiment);
        memcpy(strstr(damaged, "\"inner_high\""), "\"inner_hihg\"", 12);
        CHECK_OK(lab(damaged, NULL, BPEMIX_FORMAT_SVG, "truth", &text, &err));
        assert_non_null(strstr(text, "<title>x: true share 25.00 %, estimate 30.0 %</title>"));
        bpemix_free(text);
    }
    /* one size alone makes no line */
    CHECK_FAILS(lab(experiment, NULL, BPEMIX_FORMAT_SVG, "error-bytes", &text, &err),
                BPEMIX_E_USAGE, "no figure of this name");
    CHECK_FAILS(lab(experiment, "x", BPEMIX_FORMAT_HTML, NULL, &text, &err), BPEMIX_E_USAGE,
                "'x' is no level");
    CHECK_FAILS(lab("{\"summary\": 1}", NULL, BPEMIX_FORMAT_HTML, NULL, &text, &err),
                BPEMIX_E_FORMAT, "no experiment");
}

static void public_functions_survive_lack_of_memory(void **state)
{
    bpemix_result *r = result_of(shares, names);
    const char *truth = "{\"english\": 0.4, \"=cmd()\": 0.6}";

    (void)state;
    for (int which = 0; which < 3; which++) {
        char *text = NULL;

        SURVIVES(5, which == 0   ? compare(r, truth, "mse<1", &text, NULL, NULL)
                    : which == 1 ? lab(experiment, "p=-7", BPEMIX_FORMAT_HTML, NULL, &text, NULL)
                                 : lab(experiment, "p=-7", BPEMIX_FORMAT_TERMINAL, NULL, &text,
                                       NULL), {
            bpemix_free(text);
            text = NULL;
        });
    }
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_a_point_and_no_minus_zero),
        cmocka_unit_test(text_is_measured_by_character),
        cmocka_unit_test(lines_are_broken_at_blanks),
        cmocka_unit_test(csv_is_quoted_and_runs_nothing),
        cmocka_unit_test(sums_have_ranges_only_where_they_must),
        cmocka_unit_test(unknown_shares_count_for_nothing),
        cmocka_unit_test(groups_without_a_tab_are_refused),
        cmocka_unit_test(lengths_of_bars_are_the_shares),
        cmocka_unit_test(nothing_escapes_from_text),
        cmocka_unit_test(odd_text_stays_text),
        cmocka_unit_test(names_are_isolated_from_numbers),
        cmocka_unit_test(long_lines_are_whole),
        cmocka_unit_test(figures_are_where_they_are_said),
        cmocka_unit_test(lines_without_points_are_not_drawn),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(errors_are_those_of_the_definition),
        cmocka_unit_test(experiments_are_read),
        cmocka_unit_test(public_functions_survive_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
