/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreign.c - files that are given as a tokenizer and are none that is read here: damaged
 * downloads, and tokenizers in forms of their own. */
#include "tokenizer/foreign.h"
#include "base/format.h"
#include "base/utf8.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/lines.h"

#include <stdint.h>
#include <string.h>

static const char only_bpe[] = "only BPE tokenizers tell about their training data this way",
                  by_ids[] = "merges as pairs of token ids, as minbpe writes them",
                  text_needed[] = "write each merge as the text of its two sides, \"left right\" a "
                                  "line (merges.txt)",
                  keras[] = "a tokenizer of Keras, which has no merges";

/* ---- beginnings ---- */

static const char *known_start(bmx_slice data, const char **hint)
{
    static const struct { const char *start, *what, *hint; } known[] = {
        { "version https://git-lfs.github.com/spec/", "a pointer of Git LFS, not the file itself",
          "fetch the file with 'git lfs pull', or download it" },
        { "version https://hawser.github.com/spec/", "a pointer of Git LFS, not the file itself",
          "fetch the file with 'git lfs pull', or download it" },
        { "version http://git-media.io/", "a pointer of Git LFS, not the file itself",
          "fetch the file with 'git lfs pull', or download it" },
        { "lmgg", "a model in a format from before GGUF", "give its tokenizer.json" },
        { "tjgg", "a model in a format from before GGUF", "give its tokenizer.json" },
        { "<!doctype", "an HTML page", "download the file itself, not a page about it" },
        { "<html", "an HTML page", "download the file itself, not a page about it" },
        { "<head", "an HTML page", "download the file itself, not a page about it" },
        { "<!--", "an HTML page", "download the file itself, not a page about it" },
        { "<title", "an HTML page", "download the file itself, not a page about it" },
        { "<body", "an HTML page", "download the file itself, not a page about it" },
        { "<h1", "an HTML page", "download the file itself, not a page about it" },
        { "<center", "an HTML page", "download the file itself, not a page about it" },
        { "<script", "an HTML page", "download the file itself, not a page about it" },
        { "HTTP/1.", "what a server said, not the file", "download the file itself" },
        { "<?xml", "an XML document, such as a server's error message", "download the file again" },
        { "[\\u0000] 0\n", "the list that minbpe writes for reading",
          "give the .model file beside it" },
        { "\"{\\\"class_name\\\": \\\"Tokenizer\\\"", keras, only_bpe },
        { "(b'", "merges as tuples of Python's bytes", text_needed },
        { "(b\"", "merges as tuples of Python's bytes", text_needed },
        { "[(b'", "merges as tuples of Python's bytes", text_needed },
        { "\xff\xfe", "text in UTF-16", "convert it to UTF-8" },
        { "\xfe\xff", "text in UTF-16", "convert it to UTF-8" },
    };
    bmx_slice s = data;

    while (s.len && strchr(" \t\r\n", s.ptr[0]) && s.ptr[0])
        s = bmx_slice_of(s.ptr + 1, s.len - 1);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].start);
        if (s.len >= n && bmx_same_letters(s.ptr, known[i].start, n)) {
            *hint = known[i].hint;
            return known[i].what;
        }
    }
    return NULL;
}

/* ---- binary forms ---- */

static uint32_t number_at(bmx_slice data, size_t at)
{
    uint32_t v = 0;

    for (size_t i = 4; i-- > 0;)
        v = v << 8 | (unsigned char)data.ptr[at + i];
    return v;
}

/* Two characters of ASCII in UTF-16 or UTF-32 without a byte order mark.  Binary forms begin with
 * smaller numbers. */
static const char *wide_ascii(bmx_slice data)
{
    static const struct { size_t size, at; const char *what; } forms[] = {
        { 2, 0, "text in UTF-16" }, { 2, 1, "text in UTF-16" },
        { 4, 0, "text in UTF-32" }, { 4, 3, "text in UTF-32" },
    };

    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        size_t n = 2 * forms[f].size;
        bool good = data.len >= n;

        for (size_t i = 0; good && i < n; i++)
            good = i % forms[f].size == forms[f].at
                       ? (data.ptr[i] >= ' ' && data.ptr[i] < 127) ||
                             (data.ptr[i] && strchr("\t\r\n", data.ptr[i]))
                       : !data.ptr[i];
        if (good)
            return forms[f].what;
    }
    return NULL;
}

/* The length of the longest piece, and for each piece its score, its length and its text. */
static bool is_llama2c(bmx_slice data)
{
    uint32_t longest = data.len >= 4 ? number_at(data, 0) : 0;
    size_t at = 4;

    if (!longest || longest > 4096)
        return false;
    for (int i = 0; i < 8; i++) {
        uint32_t len = at + 8 <= data.len ? number_at(data, at + 4) : UINT32_MAX;

        if (!len || len > longest || len > data.len - at - 8)
            return false;
        at += 8 + len;
    }
    return true;
}

/* ---- JSON ---- */

/* Are the first three keys pairs of numbers, such as "104,101" and "(104, 101)"? */
static bool has_keys_of_ids(bmx_slice data)
{
    const char *p = data.ptr, *end = p + data.len;

    for (int i = 0; i < 3; i++) {
        int numbers = 0;

        while (p < end && *p != '"')
            p++;
        for (p++; p < end && *p != '"'; p++) {
            if (!memchr("0123456789 ,()[]", *p, 16))
                return false;
            numbers += *p >= '0' && *p <= '9' && (p[-1] < '0' || p[-1] > '9');
        }
        if (numbers != 2 || p >= end)
            return false;
        p++;
    }
    return true;
}

static const char *known_json(bmx_slice data, const char **hint)
{
    if (!bmx_json_looks_like_object(data) || bmx_json_has_key(data, "model"))
        return NULL;
    if (bmx_json_has_key(data, "class_name") && bmx_json_has_key(data, "config")) {
        *hint = only_bpe;
        return keras;
    }
    if (bmx_json_has_key(data, "_bpe_model") || bmx_json_has_key(data, "_model")) {
        *hint = "save that string, the member '_bpe_model' or '_model', as tokenizer.json";
        return "a tokenizer that holds its model as a string, as MidiTok writes it";
    }
    if (bmx_json_has_key(data, "miditok_version")) {
        *hint = only_bpe;
        return "a tokenizer of MidiTok without a BPE model";
    }
    if (has_keys_of_ids(data)) {
        *hint = text_needed;
        return by_ids;
    }
    if (bmx_json_has_key(data, "merges")) {
        *hint = text_needed;
        return "JSON with merges, but not in the form of a tokenizer.json, which has them in its "
               "member 'model'";
    }
    return NULL;
}

/* ---- lines ---- */

/* Numbers alone; *first: how many digits the longer one of the first two has. */
static bool is_line_of_ids(bmx_slice line, size_t *longer)
{
    size_t numbers = 0, digits = 0;

    *longer = 0;
    for (size_t i = 0; i < line.len; i++) {
        bool digit = line.ptr[i] >= '0' && line.ptr[i] <= '9';

        if (!digit && !memchr(" \t,:()[]->=", line.ptr[i], 11))
            return false;
        numbers += digit && !digits;
        digits = digit ? digits + 1 : 0;
        if (numbers < 3 && digits > *longer)
            *longer = digits;
    }
    return numbers > 1;
}

/* Lines of two or three numbers.  The first merge of a list is of single characters, so that
 * several digits in it are no text. */
static bool is_list_of_ids(bmx_slice data)
{
    bmx_lines it = { data, 0 };
    bmx_slice line;
    size_t n = 0, longer;

    while (n < 64 && bmx_lines_next(&it, &line))
        if (line.len && line.ptr[0] != '#') {
            if (!is_line_of_ids(line, &longer) || (!n && longer < 2))
                return false;
            n++;
        }
    return n > 1;
}

/* Whole numbers of a line, up to four; 0 if there is anything else in it. */
static size_t numbers_of(bmx_slice line, uint64_t number[4])
{
    size_t n = 0;

    for (size_t i = 0; i < line.len; i++) {
        bool digit = line.ptr[i] >= '0' && line.ptr[i] <= '9';

        if (!digit && !memchr(" -\r", line.ptr[i], 3)) /* -1: no such special token */
            return 0;
        if (!digit)
            continue;
        if (i == 0 || line.ptr[i - 1] < '0' || line.ptr[i - 1] > '9') {
            if (n == 4)
                return 0;
            number[n++] = 0;
        }
        if (number[n - 1] < UINT32_MAX)
            number[n - 1] = 10 * number[n - 1] + (uint64_t)(line.ptr[i] - '0');
    }
    return n;
}

/* The model of YouTokenToMe: how many characters and rules, each character and its id, each rule
 * as the ids of its sides and of what it makes, and four special ids. */
static bool is_youtokentome(bmx_slice data)
{
    bmx_lines it = { data, 0 };
    uint64_t size[4], number[4];
    bmx_slice line;

    if (!bmx_lines_next(&it, &line) || numbers_of(line, size) != 2 || !size[0] || !size[1])
        return false;
    for (uint64_t i = 0; i < size[0] + size[1]; i++)
        if (!bmx_lines_next(&it, &line) ||
            numbers_of(line, number) != (i < size[0] ? 2 : 3))
            return false;
    return bmx_lines_next(&it, &line) && numbers_of(line, number) == 4;
}

/* The vocabulary that SentencePiece writes beside a model: pieces and scores. */
static bool is_piece_list(bmx_slice data)
{
    bmx_lines it = { data, 0 };
    bmx_slice line;
    bool unk = false;

    for (int n = 0; n < 5 && bmx_lines_next(&it, &line); n++) {
        const char *tab = memchr(line.ptr, '\t', line.len);

        if (!tab || tab + 1 == line.ptr + line.len ||
            !memchr("-0123456789", tab[1], 11))
            return false;
        unk = unk || (tab - line.ptr == 5 && !memcmp(line.ptr, "<unk>", 5));
    }
    return unk;
}

/* Several lines whose ends are carriage returns alone.  JSON may have them. */
static bool has_bare_returns(bmx_slice data)
{
    const char *cr = data.len ? memchr(data.ptr, '\r', data.len) : NULL;

    return cr && cr + 1 < data.ptr + data.len && !memchr(data.ptr, '\n', data.len) &&
           !bmx_json_looks_like_object(data) && bmx_utf8_valid_prefix(data) == data.len &&
           !memchr(data.ptr, 0, data.len);
}

static const char *known_lines(bmx_slice data, const char **hint)
{
    if (has_bare_returns(data)) {
        *hint = "end lines with line feeds (tr '\\r' '\\n')";
        return "lines that end in carriage returns alone";
    }
    if (is_youtokentome(data)) {
        *hint = "write each of its rules, three ids, as the text of the first two, \"left right\" "
                "a line (merges.txt)";
        return "a model of YouTokenToMe, with rules of ids, which is not read here";
    }
    if (is_list_of_ids(data)) {
        *hint = text_needed;
        return by_ids;
    }
    if (is_piece_list(data)) {
        *hint = "give the .model file beside it";
        return "the vocabulary of a SentencePiece model, not the model";
    }
    if (data.len > 6 && !memcmp(data.ptr, "[PAD]", 5) && memchr("\r\n", data.ptr[5], 2)) {
        *hint = only_bpe;
        return "the vocabulary of a WordPiece tokenizer, which has no merges";
    }
    return NULL;
}

const char *bmx_foreign(bmx_slice data, const char **hint)
{
    const char *what;

    if (data.len >= 4 && (!memcmp(data.ptr, "\xff\xfe\0\0", 4) ||
                          !memcmp(data.ptr, "\0\0\xfe\xff", 4))) {
        *hint = "convert it to UTF-8";
        return "text in UTF-32";
    }
    if ((what = wide_ascii(data))) {
        *hint = "convert it to UTF-8";
        return what;
    }
    if (data.len > 2 && data.ptr[0] == '\x80' && data.ptr[1] >= 2 && data.ptr[1] <= 5) {
        *hint = "load it in Python and save the tokenizer as JSON";
        return "a Python pickle, which is not opened here";
    }
    if (is_llama2c(data)) {
        *hint = "give the tokenizer.model or tokenizer.json that it was made from";
        return "the tokenizer.bin of llama2.c";
    }
    data = bmx_skip_mark(data);
    if ((what = known_start(data, hint)) || (what = known_json(data, hint)))
        return what;
    return known_lines(data, hint);
}
