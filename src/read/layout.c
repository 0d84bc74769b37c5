/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.c - text with something around it: columns of a table, headers of mail, times of
 * subtitles, elements of markup. */
#include "read/layout.h"
#include "base/format.h"

#include <string.h>

static bmx_slice first_line(bmx_slice s)
{
    const char *lf = memchr(s.ptr, '\n', s.len);
    size_t n = lf ? (size_t)(lf - s.ptr) : s.len;

    return bmx_slice_of(s.ptr, n && s.ptr[n - 1] == '\r' ? n - 1 : n);
}

/* What is behind the first line; empty: no line end. */
static bmx_slice behind_line(bmx_slice s)
{
    const char *lf = memchr(s.ptr, '\n', s.len);

    return lf ? bmx_slice_of(lf + 1, s.len - (size_t)(lf + 1 - s.ptr)) : bmx_slice_of(s.ptr, 0);
}

/* Does s start so, in upper or lower case? */
static bool starts(bmx_slice s, const char *word)
{
    size_t n = strlen(word);

    return s.len >= n && bmx_same_letters(s.ptr, word, n);
}

/* ---- tables ---- */

/* A cell of a header line, without the quotes around it. */
static bool is_cell(bmx_slice cell, const char *name)
{
    if (cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
        cell = bmx_slice_of(cell.ptr + 1, cell.len - 2);
    return cell.len == strlen(name) && bmx_same_letters(cell.ptr, name, cell.len);
}

/* Is the first line the header of a table, with a column of the field's name? */
static bool has_header(bmx_slice s, char separator, const char *field)
{
    bmx_slice line = first_line(s), rest = behind_line(s);
    const char *end = line.ptr + line.len;
    size_t cells = 0;
    bool found = false;

    if (!rest.len)
        return false;
    for (const char *p = line.ptr; p <= end; cells++) {
        const char *next = memchr(p, separator, (size_t)(end - p));
        bmx_slice cell = bmx_slice_of(p, (size_t)((next ? next : end) - p));

        /* a sentence, not names of columns; the column of numbers may have none */
        if ((!cell.len && cells) || memchr(cell.ptr, ' ', cell.len))
            return false;
        found = found || is_cell(cell, field);
        p += cell.len + 1;
    }
    return found && (cells > 1 ? memchr(rest.ptr, separator, rest.len) != NULL
                               : rest.ptr[0] == '"');
}

typedef struct row {
    size_t cells, len; /* len: with the line end; 0: no end is in sight */
    bool quoted;       /* a cell is */
    bool tight;        /* a separator has no space behind it */
    bool ended;        /* by a cell, not by a separator */
} row;

/* A row at the start of s.  Cells in quotes may hold separators and line ends. */
static row row_of(bmx_slice s, char separator, bool whole)
{
    row r = { .cells = 1 };
    bool in_quotes = false, cell_starts = true;
    size_t i = 0;

    for (; i < s.len && (in_quotes || s.ptr[i] != '\n'); i++) {
        char c = s.ptr[i];

        if (in_quotes) {
            in_quotes = c != '"'; /* a doubled one opens the cell again */
        } else if (c == '"' && (cell_starts || (i && s.ptr[i - 1] == '"')) && separator != '\t') {
            in_quotes = r.quoted = true;
        } else if (c == separator) {
            r.cells++;
            r.tight = r.tight || i + 1 == s.len || s.ptr[i + 1] != ' ';
        }
        cell_starts = c == separator || (cell_starts && c == ' ');
        r.ended = c != separator && (r.ended || (c != '\r' && c != ' '));
    }
    r.len = i < s.len ? i + 1 : whole && !in_quotes ? i : 0;
    return r;
}

/* Has every row as many cells as the first?  Text has one or another number of commas a line. */
static bool has_equal_rows(bmx_slice s, char separator, bool whole)
{
    enum { PLAIN = 6, TABS = 4, QUOTED = 3 }; /* rows that are no accident */
    size_t n = 0, cells = 0;
    bool quoted = false, tight = false, ended = false;

    if (!behind_line(s).len) /* long lines are not looked through for nothing */
        return false;
    while (s.len) {
        row r = row_of(s, separator, whole);

        if (!r.len)
            break;
        if (separator != '\t' || (r.len > 2 && s.ptr[0] != '#')) { /* comments of linguists */
            if (r.cells < 2 || (cells && r.cells != cells))
                return false;
            cells = r.cells;
            n++;
            quoted = quoted || r.quoted;
            tight = tight || r.tight;
            ended = ended || r.ended;
        }
        s = bmx_slice_of(s.ptr + r.len, s.len - r.len);
    }
    return n >= (quoted ? QUOTED : separator == '\t' ? TABS : PLAIN) && (quoted || tight) && ended;
}

bmx_content bmx_table_content(bmx_slice s, bool whole, const char *field)
{
    static const struct { char separator; const char *what; } kinds[] = {
        { ',', "a table (CSV)" }, { '\t', "a table (TSV)" },
        { ';', "a table (CSV with semicolons)" }, { '|', "a table (CSV with bars)" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has_header(s, kinds[i].separator, field) ||
            has_equal_rows(s, kinds[i].separator, whole))
            return (bmx_content){ BMX_CONTENT_OBJECTS, kinds[i].what,
                                  "write its column of text as JSON Lines first" };
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

/* ---- mail and subtitles ---- */

static bool is_header_of_mail(bmx_slice line)
{
    static const char *const names[] = {
        "From:", "To:", "Subject:", "Date:", "Message-ID:", "Received:", "Return-Path:",
        "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:", "Newsgroups:", "Path:",
        "Organization:", "Reply-To:", "Delivered-To:",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (starts(line, names[i]))
            return true;
    return false;
}

/* Three of the usual headers before the first empty line, and nothing but headers. */
static bool is_mail(bmx_slice s)
{
    size_t known = 0;

    if (starts(s, "From ")) /* of a message in a file of them */
        s = behind_line(s);
    for (bmx_slice line = first_line(s); line.len; line = first_line(s)) {
        const char *colon = memchr(line.ptr, ':', line.len);

        if (line.ptr[0] != ' ' && line.ptr[0] != '\t' &&
            (!colon || memchr(line.ptr, ' ', (size_t)(colon - line.ptr))))
            return false;
        known += is_header_of_mail(line);
        s = behind_line(s);
    }
    return known >= 3;
}

static bool is_subtitles(bmx_slice s)
{
    bmx_slice line = first_line(s);

    if (starts(line, "WEBVTT") && (line.len == 6 || line.ptr[6] == ' ' || line.ptr[6] == '\t'))
        return true;
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] < '0' || line.ptr[i] > '9')
            return false;
    line = first_line(behind_line(s));
    return line.len >= 17 && line.ptr[2] == ':' && memmem(line.ptr, line.len, " --> ", 5);
}

/* ---- markup and dumps ---- */

/* A file as uuencode writes it: a mode and a name, then lines of 45 bytes. */
static bool is_uuencoded(bmx_slice s)
{
    return s.len > 12 && starts(s, "begin ") && s.ptr[6] >= '0' && s.ptr[6] <= '7' &&
           s.ptr[9] == ' ' && first_line(behind_line(s)).len == 61 && behind_line(s).ptr[0] == 'M';
}

/* Are these the ranks of a tokenizer: base64, a space and a number that counts the lines? */
static bool is_ranks(bmx_slice s)
{
    enum { LINES = 8 };

    for (unsigned i = 0; i < LINES; i++) {
        bmx_slice line = first_line(s);
        const char *space = line.len ? memchr(line.ptr, ' ', line.len) : NULL;
        char number[8];
        size_t n = (size_t)bmx_snprintf(number, sizeof number, " %u", i);

        if (!space || (space - line.ptr) % 4 || space == line.ptr ||
            line.len != (size_t)(space - line.ptr) + n || memcmp(space, number, n))
            return false;
        s = behind_line(s);
    }
    return true;
}

/* Does it begin with a tag, and go on with more of them, some of which end elements?  A template
 * with PHP in it is a program. */
static bool has_elements(bmx_slice s)
{
    enum { ENOUGH = 3 };
    size_t n = 0;

    if (s.len < 2 || s.ptr[0] != '<' || (s.ptr[1] | 32) < 'a' || (s.ptr[1] | 32) > 'z' ||
        memmem(s.ptr, s.len, "<?", 2))
        return false;
    for (const char *p = s.ptr, *end = p + s.len; (p = memmem(p, (size_t)(end - p), "</", 2)); p++)
        if (++n == ENOUGH)
            return true;
    return false;
}

static bmx_content content_of_start(bmx_slice s)
{
    static const char markup[] = "extract its text first, unless markup is what is to be counted";
    static const struct { const char *start, *what, *hint; } known[] = {
        { "<mediawiki ", "a dump of MediaWiki, with its markup",
          "extract the text of its pages first" },
        { "<doc id=", "pages between tags, as WikiExtractor writes them",
          "write the text of its pages as JSON Lines first" },
        { "<!doctype html", "an HTML page, with its tags", markup },
        { "<html", "an HTML page, with its tags", markup },
        { "<?xml", "XML, with its tags", markup },
        { "#version: 0.", "the merges of a tokenizer", "leave them out" },
        { "minbpe v1", "the merges of a tokenizer", "leave them out" },
        { "HTTP/1.", "what a server said, with its headers", "save the page alone" },
        { "filedesc://", "an ARC file", "write the text of its records as JSON Lines first" },
        { "-- MySQL dump", "a dump of a database (SQL)",
          "write its column of text as JSON Lines first" },
        { "-- MariaDB dump", "a dump of a database (SQL)",
          "write its column of text as JSON Lines first" },
        { "-- phpMyAdmin SQL Dump", "a dump of a database (SQL)",
          "write its column of text as JSON Lines first" },
        { "--\n-- PostgreSQL database dump", "a dump of a database (SQL)",
          "write its column of text as JSON Lines first" },
        { "PRAGMA foreign_keys=OFF;\nBEGIN", "a dump of a database (SQL)",
          "write its column of text as JSON Lines first" },
    };

    if (starts(s, "<?xml") && memmem(s.ptr, s.len < 1024 ? s.len : 1024, "<mediawiki ", 11))
        return (bmx_content){ BMX_CONTENT_OBJECTS, known[0].what, known[0].hint };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (starts(s, known[i].start))
            return (bmx_content){ BMX_CONTENT_OBJECTS, known[i].what, known[i].hint };
    return has_elements(s)
               ? (bmx_content){ BMX_CONTENT_OBJECTS, "markup, with its tags", markup }
               : (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

bmx_content bmx_layout_content(bmx_slice s)
{
    if (is_uuencoded(s))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "a file as uuencode writes it",
                              "decode it first (uudecode)" };
    if (is_ranks(s))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "the ranks of a tokenizer", "leave them out" };
    if (is_mail(s))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "mail, with its headers",
                              "write the text of its messages as JSON Lines first" };
    if (is_subtitles(s))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "subtitles, with their times",
                              "take their text out first" };
    return content_of_start(s);
}
