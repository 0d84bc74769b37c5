/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk.c - cutting text into chunks, and taking a sample of counted ones. */
#include "words/chunk.h"

#include "base/assert.h"
#include "base/format.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "split/unicode.h"

#include <stdlib.h>
#include <string.h>

#define BMX_CPU plain
#include "words/chunk_cut_body.h"

#define VISIBLE                                                                                  \
    (BMX_BIT(BMX_LU) | BMX_BIT(BMX_LL) | BMX_BIT(BMX_LT) | BMX_BIT(BMX_LM) | BMX_BIT(BMX_LO) |   \
     BMX_SET_M | BMX_SET_N | BMX_SET_P | BMX_BIT(BMX_SM) | BMX_BIT(BMX_SC) | BMX_BIT(BMX_SK) |   \
     BMX_BIT(BMX_SO))

/* The character that ends at p[end]; 0 when it is malformed or there is none. */
static uint32_t last_of(const char *p, size_t end)
{
    size_t at = end;
    uint32_t c = 0;

    if (!end)
        return 0;
    do
        at--;
    while (at > 0 && end - at < 4 && ((unsigned char)p[at] & 0xc0) == 0x80);
    return bmx_utf8_decode(p + at, end - at, &c) == end - at ? c : 0;
}

/* U+2581 is what a space may become, and no different from it then. */
static bool is_visible(uint32_t c)
{
    return bmx_unicode_in(c, VISIBLE) && c != BMX_SPACE_SYMBOL_CODE;
}

/* Kana, ideographs, Hangul: letters that stay single letters in the composed Unicode forms. */
static bool is_east_asian(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc ||
           (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fa5) ||
           (c >= 0xac00 && c <= 0xd7a3);
}

/* U+3001, U+3002, U+FF0C, of which p[0] is the first byte. */
static bool is_mark(const unsigned char *p, size_t n)
{
    return n >= 3 && ((p[0] == 0xe3 && p[1] == 0x80 && (p[2] == 0x81 || p[2] == 0x82)) ||
                      (p[0] == 0xef && p[1] == 0xbc && p[2] == 0x8c));
}

/* A chunk begins with a byte that begins a character, so that last_of() need not know where. */
static bool is_cut(unsigned cuts, bmx_slice text, size_t i)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    unsigned before = p[i - 1];

    if (p[i] != ' ')
        return cuts & BMX_CHUNK_PUNCTUATION && is_mark(p + i, text.len - i) &&
               is_east_asian(last_of(text.ptr, i));
    return before < 0x80 ? before > 0x20 && before < 0x7f : is_visible(last_of(text.ptr, i));
}

#ifdef BMX_CHECKED
/* Ends rise, and behind each but that of the text comes a space or a mark, and before it something
 * visible. */
static bool is_division(unsigned cuts, bmx_slice text, const char *const *end, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t at = (size_t)(end[k] - text.ptr);

        if ((k && end[k] <= end[k - 1]) || at > text.len ||
            (at < text.len && !is_cut(cuts, text, at)))
            return false;
    }
    return true;
}
#endif

size_t bmx_chunk_cut(unsigned cuts, bmx_slice text, size_t *from, const char **end, size_t cap)
{
    static bmx_chunk_blocks_fn *const cut_blocks[BMX_CPU_KINDS] = {
        bmx_chunk_cut_blocks_plain, bmx_chunk_cut_blocks_avx2, bmx_chunk_cut_blocks_avx512
    };
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t start = *from, at = start + 1,
           n = cut_blocks[bmx_cpu_kind()](cuts, text, is_cut, &at, end, cap);

    if (n)
        start = (size_t)(end[n - 1] - text.ptr);
    while (n < cap && start < text.len && (!n || text.len - at < 64)) {
        while (at < text.len && !((p[at] == ' ' || p[at] >= 0xe0) && is_cut(cuts, text, at)))
            at++;
        end[n++] = text.ptr + at;
        start = at++;
    }
    BMX_ASSERT(is_division(cuts, text, end, n)); /* C1, C2 */
    *from = start;
    return n;
}

bool bmx_chunk_ends_visibly(bmx_slice chunk, bool *letter)
{
    unsigned char last = chunk.len ? (unsigned char)chunk.ptr[chunk.len - 1] : 0;
    uint32_t c = last < 0x80 ? last : last_of(chunk.ptr, chunk.len);

    *letter = is_east_asian(c);
    return is_visible(c);
}

void bmx_chunks_key(unsigned cuts, char key[65])
{
    char text[48];
    int n = bmx_snprintf(text, sizeof text, "chunks 1 cuts %u", cuts);

    bmx_sha256_of(text, (size_t)n, key);
}

/* ---- a sample of the counted ones ---- */

static int falling(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* The count from which on all chunks are kept, and how many of those that have just this
 * count: ties go to the first in byte order. */
static bpemix_status threshold(const bmx_words *w, uint64_t top, uint64_t *level, uint64_t *ties,
                               bpemix_error *err)
{
    uint64_t *count = bmx_malloc(w->word.n, sizeof *count);
    uint64_t above = 0;

    if (!count)
        return bmx_nomem(err);
    memcpy(count, w->count, w->word.n * sizeof *count);
    qsort(count, w->word.n, sizeof *count, falling);
    *level = top ? count[top - 1] : UINT64_MAX;
    while (above < top && count[above] > *level)
        above++;
    *ties = top - above;
    bmx_free(count);
    return BPEMIX_OK;
}

/* Where stretch k of `tail` equal ones begins on a line of `mass`. */
static uint64_t stretch(uint64_t mass, uint64_t tail, uint64_t k)
{
    return (uint64_t)((unsigned __int128)mass * k / tail);
}

/* Give each chunk outside the top (kept[i] == 0) the stretches whose draw it gets. */
static void draw(const bmx_words *w, uint64_t mass, uint64_t tail, bmx_rng *rng, uint64_t *kept)
{
    uint64_t end = 0, k = 0, from = 0, to = stretch(mass, tail, 1);
    uint64_t at = bmx_rng_below(rng, to - from);

    for (size_t i = 0; i < w->word.n; i++) {
        if (kept[i])
            continue;
        end += w->count[i];
        while (k < tail && at < end) {
            kept[i] += to - from;
            if (++k == tail)
                return;
            from = to;
            to = stretch(mass, tail, k + 1);
            at = from + bmx_rng_below(rng, to - from);
        }
    }
}

static bpemix_status keep(bmx_words *w, const uint64_t *kept, bpemix_error *err)
{
    bmx_words out = { 0 };
    size_t n = 0, bytes = 0, at = 0;
    bmx_intern old = w->word;
    bpemix_status st;
    char *text;

    for (size_t i = 0; i < w->word.n; i++) {
        n += kept[i] > 0;
        bytes += kept[i] ? w->word.str[i].len : 0;
    }
    if ((st = bmx_words_lay_out(&out, n, bytes, &text, err)))
        return st;
    for (size_t i = 0; i < w->word.n; i++) {
        bmx_slice s = w->word.str[i];

        if (!kept[i])
            continue;
        memcpy(text, s.ptr, s.len);
        out.word.str[at] = bmx_slice_of(text, s.len);
        out.count[at++] = kept[i];
        text += s.len;
    }
    bmx_free(w->count);
    bmx_intern_release(&old);
    w->word = out.word;
    w->count = out.count;
    w->count_cap = out.count_cap;
    return BPEMIX_OK;
}

bpemix_status bmx_chunks_sample(bmx_words *w, uint64_t top, uint64_t tail, uint64_t seed,
                                bpemix_error *err)
{
    bmx_rng rng = { seed ^ bmx_hash64(w->name ? w->name : "", w->name ? strlen(w->name) : 0, 0) };
    uint64_t level = 0, ties = 0, mass = 0, *kept;
    bpemix_status st;

    if (top > SIZE_MAX - tail || top + tail >= w->word.n)
        return BPEMIX_OK;
    if (!w->in_order)
        return bmx_fail(err, BPEMIX_E_BUG, "", "a sample of chunks that are in no order");
    if (!(kept = bmx_calloc(w->word.n, sizeof *kept)))
        return bmx_nomem(err);
    st = threshold(w, top, &level, &ties, err);
    for (size_t i = 0; i < w->word.n && !st; i++) {
        bool in_top = w->count[i] > level || (w->count[i] == level && ties > 0);

        ties -= in_top && w->count[i] == level;
        kept[i] = in_top ? w->count[i] : 0;
        mass += in_top ? 0 : w->count[i];
    }
    if (!st && tail > 0) /* there are more chunks than draws, so that mass > tail */
        draw(w, mass, tail, &rng, kept);
    if (!st)
        st = keep(w, kept, err);
    bmx_free(kept);
    return st;
}
