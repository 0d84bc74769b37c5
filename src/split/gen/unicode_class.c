/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Write src/split/unicode_class.inc from the properties that the installed PCRE2
 * knows, so that tables and patterns agree:
 *
 *   cc -O2 -o unicode_class src/split/gen/unicode_class.c -lpcre2-8
 *   ./unicode_class > src/split/unicode_class.inc
 *
 * One byte a code point, category and flags, as a two-stage table:
 * page[cp / 128] selects a block of 128. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 0x110000
#define BLOCK 128
#define PAGES (LIMIT / BLOCK)

/* In the order of the enumeration in unicode.h. */
static const char *const categories[] = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps",
    "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"
};
#define N_CATEGORIES (sizeof categories / sizeof *categories)

static uint8_t class_of[LIMIT];
static char text[LIMIT * 4];
static size_t text_len;

static void put(uint32_t c)
{
    unsigned char *p = (unsigned char *)text + text_len;

    if (c < 0x80) {
        p[0] = (unsigned char)c, text_len += 1;
    } else if (c < 0x800) {
        p[0] = 0xc0 | c >> 6, p[1] = 0x80 | (c & 63), text_len += 2;
    } else if (c < 0x10000) {
        p[0] = 0xe0 | c >> 12, p[1] = 0x80 | (c >> 6 & 63), p[2] = 0x80 | (c & 63), text_len += 3;
    } else {
        p[0] = 0xf0 | c >> 18, p[1] = 0x80 | (c >> 12 & 63), p[2] = 0x80 | (c >> 6 & 63);
        p[3] = 0x80 | (c & 63), text_len += 4;
    }
}

static uint32_t get(size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at;

    if (p[0] < 0x80)
        return p[0];
    if (p[0] < 0xe0)
        return (uint32_t)(p[0] & 31) << 6 | (p[1] & 63);
    if (p[0] < 0xf0)
        return (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63);
    return (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 | (uint32_t)(p[2] & 63) << 6 |
           (p[3] & 63);
}

/* Mark every code point that matches with `how(table[cp], value)`. */
static int mark(const char *pattern, uint8_t *table, uint8_t value, int set)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_UCP, &error, &at, NULL);
    pcre2_match_data *md;

    if (!code)
        return 0;
    md = pcre2_match_data_create(1, NULL);
    for (size_t pos = 0; pos < text_len;) {
        PCRE2_SIZE *o = pcre2_get_ovector_pointer(md);

        if (pcre2_match(code, (PCRE2_SPTR)text, text_len, pos, PCRE2_NO_UTF_CHECK, md, NULL) < 0)
            break;
        uint32_t c = get(o[0]);
        table[c] = set ? value : (uint8_t)(table[c] | value);
        pos = o[1];
    }
    pcre2_match_data_free(md);
    pcre2_code_free(code);
    return 1;
}

static void write_table(const char *name, const uint8_t *table)
{
    static uint16_t page[PAGES];
    static uint32_t first[PAGES];
    unsigned n = 0;

    for (unsigned p = 0; p < PAGES; p++) {
        unsigned b = 0;
        while (b < n && memcmp(table + first[b], table + p * BLOCK, BLOCK))
            b++;
        if (b == n)
            first[n++] = p * BLOCK;
        page[p] = (uint16_t)b;
    }
    printf("\nstatic const uint16_t %s_page[%d] = {\n", name, PAGES);
    for (unsigned p = 0; p < PAGES; p++)
        printf("%u,%s", page[p], p % 32 == 31 ? "\n" : "");
    printf("};\n\nstatic const uint8_t %s_block[%u][%d] = {\n", name, n, BLOCK);
    for (unsigned b = 0; b < n; b++) {
        printf("{");
        for (unsigned i = 0; i < BLOCK; i++)
            printf("%u,%s", table[first[b] + i], i % 32 == 31 && i + 1 < BLOCK ? "\n" : "");
        printf("},\n");
    }
    printf("};\n");
}

int main(void)
{
    char version[64] = "", pattern[128];

    for (uint32_t c = 0; c < LIMIT; c++)
        if (c < 0xd800 || c > 0xdfff)
            put(c);
    pcre2_config(PCRE2_CONFIG_UNICODE_VERSION, version);
    printf("/* Written by src/split/gen/unicode_class.c; do not edit. */\n");
    printf("#define UNICODE_CLASS_VERSION \"%s\"\n", version);
    for (unsigned i = 1; i < N_CATEGORIES; i++) {
        snprintf(pattern, sizeof pattern, "\\p{%s}", categories[i]);
        if (!mark(pattern, class_of, (uint8_t)i, 1))
            return fprintf(stderr, "%s: not known\n", pattern), 1;
    }
    for (uint32_t c = 0xd800; c <= 0xdfff; c++)
        class_of[c] = 28;
    if (!mark("[\\p{White_Space}]", class_of, 32, 0) ||
        !mark("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]", class_of, 64, 0))
        return fprintf(stderr, "PCRE2 10.40 or newer is needed\n"), 1;
    write_table("class", class_of);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
