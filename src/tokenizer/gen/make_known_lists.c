/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make_known_lists NAME[:PRESET[+nfc|+nfkc]]=FILE[:less-multi-digit] ... > known_lists.inc
 *
 * Reduces published merge lists to checksums (see lineage.c).  Run it on the
 * tokenizer files you have; nothing but checksums comes out.  PRESET is the
 * published pre-tokenizer for lists whose files do not name it.
 * gen/make_known_lists.sh names the lists that known_lists.inc was made from. */
#include "tokenizer/lineage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_digits(bmx_slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] >= '0' && s.ptr[i] <= '9';
    return n;
}

/* Has a product two or more digits?  Some lists left those out. */
static bool is_multi_digit(bmx_slice left, bmx_slice right)
{
    return count_digits(left) + count_digits(right) >= 2;
}

static void emit(const bpemix_tokenizer *tok, const char *name, bool filtered, int index)
{
    uint64_t hash = 0;
    uint32_t n = 0, next = 64, column = 0;

    printf("static const uint32_t points_%d[] = { /* %s%s */", index, name,
           filtered ? " less multi-digit" : "");
    for (uint32_t t = 0; t <= tok->trained.n_merges; t++) {
        bool end = t == tok->trained.n_merges;
        if (end || n == next) {
            printf("%s0x%08" PRIx32 ",", column++ % 7 ? " " : "\n    ", (uint32_t)hash);
            next = next < 512 ? 2 * next : next == 512 ? BMX_LINEAGE_INTERVAL
                                                       : next + BMX_LINEAGE_INTERVAL;
        }
        if (!end) {
            bmx_slice left = tok->vocab.tokens.str[tok->trained.merge[t].left];
            bmx_slice right = tok->vocab.tokens.str[tok->trained.merge[t].right];
            if (filtered && is_multi_digit(left, right))
                continue;
            hash = bmx_lineage_roll(hash, left, right);
            n++;
        }
    }
    printf("\n};\n");
    fprintf(stderr, "%s%s: %" PRIu32 " merges\n", name, filtered ? " less multi-digit" : "", n);
}

static uint32_t count_merges(const bpemix_tokenizer *tok, bool filtered)
{
    uint32_t n = 0;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        n += !filtered ||
             !is_multi_digit(tok->vocab.tokens.str[tok->trained.merge[t].left],
                             tok->vocab.tokens.str[tok->trained.merge[t].right]);
    return n;
}

/* bmx_lineage_tokens() of a rank file with a merge that makes text behind a newline; 0: another
 * file. */
static uint64_t tokens_of(const bpemix_tokenizer *tok)
{
    uint32_t *order = calloc(tok->vocab.tokens.n, sizeof *order);
    size_t n = 0;
    uint64_t sum;
    bool documents = false;

    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        documents = documents || tok->trained.merge[t].flags & BMX_MERGE_NEWLINE;
    if (!order || tok->format != BMX_FORMAT_TIKTOKEN || !documents) {
        free(order);
        return 0;
    }
    for (uint32_t id = 0; id < tok->vocab.tokens.n; id++) /* lines are in the order of ranks */
        if (tok->vocab.tokens.str[id].len > 1) {
            if (n && tok->encoded.rank[id] < tok->encoded.rank[order[n - 1]]) {
                fprintf(stderr, "%s: ranks are in no order\n", tok->path);
                exit(1);
            }
            order[n++] = id;
        }
    sum = bmx_lineage_tokens(tok, order, n);
    free(order);
    return sum;
}

int main(int argc, char **argv)
{
    char *table = calloc((size_t)argc, 200);

    printf("/* Made by gen/make_known_lists.c; checksums of published merge lists. */\n");
    for (int i = 1; i < argc; i++) {
        char *eq = strchr(argv[i], '='), *suffix = strstr(argv[i], ":less-multi-digit");
        char *preset = NULL, *plus = NULL;
        const char *normal = "BMX_KNOWN_PLAIN";
        bpemix_tokenizer *tok = NULL;
        bpemix_error err;
        if (!eq || !table)
            return 2;
        *eq = 0;
        if (suffix)
            *suffix = 0;
        if ((preset = strchr(argv[i], ':')))
            *preset++ = 0;
        if (preset && (plus = strchr(preset, '+'))) {
            *plus = 0;
            normal = !strcmp(plus + 1, "nfkc") ? "BMX_KNOWN_NFKC" : "BMX_KNOWN_NFC";
        }
        if (bpemix_tokenizer_load(eq + 1, NULL, &tok, &err)) {
            char text[800];
            bpemix_error_text(&err, text, sizeof text);
            fprintf(stderr, "%s\n", text);
            return 1;
        }
        emit(tok, argv[i], suffix != NULL, i);
        snprintf(table + 200 * (i - 1), 200,
                 "    { \"%s\", %s, %s%s%s, %s, 0x%016" PRIx64 ", %" PRIu32 ", points_%d },\n",
                 argv[i], suffix ? "\"tokens of two or more digits\"" : "NULL", preset ? "\"" : "",
                 preset ? preset : "NULL", preset ? "\"" : "", normal,
                 suffix ? 0 : tokens_of(tok), count_merges(tok, suffix != NULL), i);
        bpemix_tokenizer_free(tok);
    }
    printf("static const bmx_known_list known_lists[] = {\n");
    for (int i = 1; i < argc; i++)
        fputs(table + 200 * (i - 1), stdout);
    printf("};\n");
    free(table);
    return ferror(stdout) != 0;
}
