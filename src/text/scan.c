/* scan.c - splitting by bit masks.
 *
 * A window of the text is classified first: one bit a byte and class, 64 bytes
 * a word, the bytes of a character all alike.  A run of a class then ends at the
 * next zero bit, whatever its length, and no branch depends on single letters.
 *
 *   text   H e l l o ,   w o r l d
 *   L      1 1 1 1 1 0 0 1 1 1 1 1
 *   S      0 0 0 0 0 0 1 0 0 0 0 0
 *   O      0 0 0 0 0 1 0 0 0 0 0 0
 *
 * S1  Bits at and behind the end of the window are zero in every mask.
 * S2  A piece is handed over only when nothing that decided on it lay at the end
 *     of the window, unless that is the end of the text.  Otherwise the window
 *     is moved to the start of the piece or, if it is there already, doubled.
 * S3  The functions next_*() follow their pattern alternative by alternative;
 *     where backtracking matters, a comment says what it comes to. */
#include "text/scan.h"

#include "base/utf8.h"
#include "text/unicode.h"

#include <pthread.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define WINDOW ((size_t)16 << 10)
#define MARGIN 16          /* more than any fixed look-ahead, in bytes */
#define MORE SIZE_MAX      /* the window ends too early to tell */

/* Masks of a word of 64 bytes, by family of patterns:
 *
 *             LETTERS   MARKS         CASED
 *   M_L       L         L M           Lu Lt Lm Lo M      (M_UP)
 *   M_LOW     -         -             Ll Lm Lo M
 *   M_N       N         N             N
 *   M_S       \s        \s            \s
 *   M_O       others    others        others and M */
enum { M_L, M_UP = M_L, M_LOW, M_N, M_S, M_O, MASKS };
typedef enum family { FAMILY_LETTERS, FAMILY_MARKS, FAMILY_CASED } family;

/* ---- classification -------------------------------------------------------- */

/* Which masks a character of the basic plane is in, one bit a mask.  The bit of
 * M_O is set for marks in CASED only: the others are what is in no mask. */
static uint8_t bmp[3][0x10000];
static pthread_once_t bmp_once = PTHREAD_ONCE_INIT;

static uint8_t masks_of(uint32_t cp, family f)
{
    uint8_t c = bmx_unicode_class(cp);
    uint32_t category = BMX_BIT(c & BMX_CLASS_CATEGORY);
    const uint32_t upper = BMX_BIT(BMX_LU) | BMX_BIT(BMX_LT), lower = BMX_BIT(BMX_LL),
                   both = BMX_BIT(BMX_LM) | BMX_BIT(BMX_LO);
    uint8_t m = 0;

    if (c & BMX_CLASS_SPACE)
        return 1 << M_S;
    if (category & BMX_SET_N)
        return 1 << M_N;
    if (f == FAMILY_CASED) {
        m |= category & (upper | both | BMX_SET_M) ? 1 << M_UP : 0;
        m |= category & (lower | both | BMX_SET_M) ? 1 << M_LOW : 0;
        m |= category & BMX_SET_M ? 1 << M_O : 0;
    } else if (category & (upper | lower | both | (f == FAMILY_MARKS ? (uint32_t)BMX_SET_M : 0u))) {
        m |= 1 << M_L;
    }
    return m;
}

static void fill_bmp(void)
{
    for (int f = 0; f < 3; f++)
        for (uint32_t cp = 0; cp < 0x10000; cp++)
            bmp[f][cp] = masks_of(cp, (family)f);
}

/* Masks of the ASCII characters among 64 bytes; returns the other bytes. */
#if defined(__SSE2__)
static inline __m128i in_range(__m128i v, char from, char size_less_1)
{
    __m128i t = _mm_sub_epi8(v, _mm_set1_epi8(from));
    return _mm_cmpeq_epi8(_mm_min_epu8(t, _mm_set1_epi8(size_less_1)), t);
}

static inline uint64_t bits_of(__m128i v) { return (uint64_t)(unsigned)_mm_movemask_epi8(v); }

static inline uint64_t ascii_masks(const unsigned char *p, family f, uint64_t m[MASKS])
{
    uint64_t rest = 0;

    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i s = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), in_range(v, '\t', 4));

        rest |= bits_of(v) << (16 * i);
        m[M_N] |= bits_of(in_range(v, '0', 9)) << (16 * i);
        m[M_S] |= bits_of(s) << (16 * i);
        if (f == FAMILY_CASED) {
            m[M_UP] |= bits_of(in_range(v, 'A', 25)) << (16 * i);
            m[M_LOW] |= bits_of(in_range(v, 'a', 25)) << (16 * i);
        } else {
            m[M_L] |= bits_of(in_range(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 25)) << (16 * i);
        }
    }
    return rest;
}
#else
static inline uint64_t ascii_masks(const unsigned char *p, family f, uint64_t m[MASKS])
{
    uint64_t rest = 0;

    for (int i = 0; i < 64; i++) {
        rest |= (uint64_t)(p[i] >> 7) << i;
        for (int k = 0; k < M_O; k++)
            m[k] |= p[i] < 0x80 ? (uint64_t)(bmp[f][p[i]] >> k & 1) << i : 0;
    }
    return rest;
}
#endif

/* Fill the masks of text[base, end); two more words of zeros follow (S1). */
static inline void fill_masks(uint64_t *mask, const unsigned char *text, size_t base, size_t end,
                              family f)
{
    unsigned skip = 0; /* bytes of a character that began in the word before */

    memset(mask, 0, ((end - base + 63) / 64 + 2) * MASKS * sizeof *mask);
    for (size_t at = base; at < end; at += 64, mask += MASKS) {
        const unsigned char *p = text + at;
        unsigned char copy[64];
        uint64_t rest, valid = ~(uint64_t)0;

        if (end - at < 64) {
            memset(copy, 0, sizeof copy);
            memcpy(copy, p, end - at);
            p = copy;
            valid = ((uint64_t)1 << (end - at)) - 1;
        }
        rest = ascii_masks(p, f, mask) & ~(uint64_t)0 << skip;
        for (skip = 0; rest;) {
            unsigned i = (unsigned)__builtin_ctzll(rest), n;
            const unsigned char *q = text + at + i;
            uint64_t bits, over;
            uint8_t c;

            if (*q < 0xe0) {
                n = 2;
                c = bmp[f][(uint32_t)(*q & 31) << 6 | (q[1] & 63)];
            } else if (*q < 0xf0) {
                n = 3;
                c = bmp[f][(uint32_t)(*q & 15) << 12 | (uint32_t)(q[1] & 63) << 6 | (q[2] & 63)];
            } else {
                n = 4;
                c = masks_of((uint32_t)(*q & 7) << 18 | (uint32_t)(q[1] & 63) << 12 |
                                 (uint32_t)(q[2] & 63) << 6 | (q[3] & 63), f);
            }
            bits = (uint64_t)((1u << n) - 1) << i;
            rest &= ~bits;
            for (int k = 0; k < MASKS; k++)
                if (f == FAMILY_CASED || (k != M_LOW && k != M_O))
                    mask[k] |= bits & -(uint64_t)(c >> k & 1);
            if (i + n > 64) {
                skip = i + n - 64;
                over = ((uint64_t)1 << skip) - 1;
                for (int k = 0; k < MASKS; k++)
                    mask[MASKS + k] |= over & -(uint64_t)(c >> k & 1);
            }
        }
        /* M_O holds marks up to here */
        mask[M_O] |= ~(mask[M_L] | mask[M_LOW] | mask[M_N] | mask[M_S]) & valid;
    }
}

/* ---- looking at masks ---------------------------------------------------------- */

/* Where we are in a text: the window is text[base, end). */
typedef struct window {
    const unsigned char *text;
    size_t len, base, end;
    const uint64_t *mask;
} window;

/* 64 bits of mask k from byte p on. */
static inline uint64_t bits_at(const window *w, int k, size_t p)
{
    size_t i = p - w->base;
    const uint64_t *m = w->mask + (i >> 6) * MASKS + k;
    unsigned s = (unsigned)(i & 63);

    return m[0] >> s | m[MASKS] << 1 << (63 - s);
}

static inline bool is_at(const window *w, int k, size_t p)
{
    size_t i = p - w->base;
    return w->mask[(i >> 6) * MASKS + (size_t)k] >> (i & 63) & 1;
}

/* End of the run of mask k that goes on at p. */
static inline size_t run_end(const window *w, int k, size_t p)
{
    uint64_t b = ~bits_at(w, k, p);

    while (__builtin_expect(b == 0, 0)) {
        p += 64;
        b = ~bits_at(w, k, p);
    }
    return p + (unsigned)__builtin_ctzll(b);
}

static inline unsigned char_len(unsigned char c)
{
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Start of the character that ends before p. */
static inline size_t char_before(const window *w, size_t p)
{
    for (p--; (w->text[p] & 0xc0) == 0x80;)
        p--;
    return p;
}

static inline unsigned char byte_at(const window *w, size_t p)
{
    return p < w->len ? w->text[p] : 0;
}

/* Does the window end at r although the text goes on? */
static inline bool cut_at(const window *w, size_t r) { return r >= w->end && w->end < w->len; }

/* ---- common alternatives ---------------------------------------------------------- */

/* 's|'t|'re|'ve|'m|'ll|'d behind the apostrophe at p: length in all, 0: none. */
static inline unsigned contraction(const window *w, size_t p)
{
    unsigned char b = byte_at(w, p + 2);

    switch (byte_at(w, p + 1)) {
    case 's': case 't': case 'm': case 'd': return 2;
    case 'r': case 'v': return b == 'e' ? 3 : 0;
    case 'l': return b == 'l' ? 3 : 0;
    default: return 0;
    }
}

/* The same under (?i), where U+017F is an s too. */
static inline unsigned contraction_any_case(const window *w, size_t p)
{
    unsigned char b = byte_at(w, p + 2);

    switch (byte_at(w, p + 1)) {
    case 's': case 't': case 'm': case 'd': case 'S': case 'T': case 'M': case 'D': return 2;
    case 'r': case 'v': case 'R': case 'V': return (b | 32) == 'e' ? 3 : 0;
    case 'l': case 'L': return (b | 32) == 'l' ? 3 : 0;
    case 0xc5: return b == 0xbf ? 3 : 0;
    default: return 0;
    }
}

/* \s+(?!\S)|\s+ on the white space [p, r): all of it at the end of the text,
 * else all but the last character, which stays for what follows. */
static inline size_t spaces_end(const window *w, size_t p, size_t r)
{
    size_t last;

    if (cut_at(w, r))
        return MORE;
    if (r == w->len)
        return r;
    last = char_before(w, r);
    return last > p ? last : r;
}

/* \s*[\r\n]+ first: up to the last line end in the run, if it has one.
 * whole_end: \s++$ before that. */
static inline size_t lines_end(const window *w, size_t p, bool whole_end)
{
    size_t r = run_end(w, M_S, p);

    if (cut_at(w, r))
        return MORE;
    if (whole_end && r == w->len)
        return r;
    for (size_t k = r; k > p; k--)
        if (w->text[k - 1] == '\n' || w->text[k - 1] == '\r')
            return k;
    return spaces_end(w, p, r);
}

/* ---- GPT-2 -------------------------------------------------------------------------- */

/* 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * digits: each \p{N} is a piece of its own, and what is between two of them is
 * a text of its own, with an end that white space can see. */
static inline size_t next_gpt2(const window *w, size_t p, bool digits)
{
    unsigned char c = w->text[p];
    size_t q = p + (c == ' '), r;
    uint64_t b;

    if ((b = bits_at(w, M_L, q)) & 1)
        return b != ~(uint64_t)0 ? q + (unsigned)__builtin_ctzll(~b) : run_end(w, M_L, q);
    if (c == '\'' && (r = contraction(w, p)) > 0)
        return p + r;
    if (is_at(w, M_O, q))
        return run_end(w, M_O, q);
    if (is_at(w, M_N, q)) {
        if (!digits)
            return run_end(w, M_N, q);
        return q == p ? p + char_len(c) : q;
    }
    r = run_end(w, M_S, p);
    if (digits && is_at(w, M_N, r))
        return r;
    return spaces_end(w, p, r);
}

/* ---- cl100k, Llama 3, Qwen ------------------------------------------------------------- */

static inline size_t numbers_end(const window *w, size_t p, int max)
{
    for (; max > 0 && is_at(w, M_N, p); max--)
        p += char_len(w->text[p]);
    return p;
}

/* [^\s\p{L}\p{N}]+[\r\n]* from p on; slash: [\r\n/]* */
static inline size_t others_end(const window *w, size_t p, bool slash)
{
    size_t r = run_end(w, M_O, p);

    while (r < w->len && (w->text[r] == '\n' || w->text[r] == '\r' || (slash && w->text[r] == '/')))
        r++;
    return r;
}

/* (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,max}
 * | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+ */
static inline size_t next_cl100k(const window *w, size_t p, int max, bool whole_end)
{
    unsigned char c = w->text[p];
    size_t q = p + (c == ' '), r;
    uint64_t b;

    if ((b = bits_at(w, M_L, q)) & 1)
        return b != ~(uint64_t)0 ? q + (unsigned)__builtin_ctzll(~b) : run_end(w, M_L, q);
    if (is_at(w, M_O, q)) {
        if (q == p) {
            if (c == '\'' && (r = contraction_any_case(w, p)) > 0)
                return p + r;
            r = p + char_len(c);
            if (is_at(w, M_L, r))
                return run_end(w, M_L, r);
        }
        return others_end(w, q, false);
    }
    if (is_at(w, M_N, p))
        return numbers_end(w, p, max);
    if (c != ' ' && c != '\n' && c != '\r') {
        r = p + char_len(c);
        if (is_at(w, M_L, r))
            return run_end(w, M_L, r);
    }
    return lines_end(w, p, whole_end);
}

/* ---- o200k, tekken ------------------------------------------------------------------------ */

/* [UP]*[LOW]+ from b on; 0: no match.  UP and LOW share Lm, Lo and M.  When the
 * longest run of UP ends before a lower-case letter, the run of LOW goes on from
 * there.  Else the run gives characters back until its last one is in LOW too:
 * the match ends behind the last shared character of the run. */
static inline size_t cased_end(const window *w, size_t b)
{
    size_t u = run_end(w, M_UP, b);

    if (is_at(w, M_LOW, u))
        return run_end(w, M_LOW, u);
    if (cut_at(w, u))
        return MORE;
    while (u > b) { /* byte u - 1 is in UP */
        size_t i = u - 1 - w->base;
        const uint64_t *m = w->mask + (i >> 6) * MASKS;
        uint64_t low = m[M_LOW] << (63 - (i & 63)); /* bytes up to u - 1, highest first */

        if (low) {
            size_t back = (unsigned)__builtin_clzll(low);
            return u - b > back ? u - back : 0;
        }
        if (u - b <= (i & 63) + 1)
            break;
        u -= (i & 63) + 1;
    }
    return 0;
}

/* A word with its optional (?i:'s|...)? at e. */
static inline size_t with_contraction(const window *w, size_t e, bool suffix)
{
    return suffix && e < w->len && w->text[e] == '\'' ? e + contraction_any_case(w, e) : e;
}

/* [^\r\n\p{L}\p{N}]?[UP]*[LOW]+suffix?|[^\r\n\p{L}\p{N}]?[UP]+[LOW]*suffix?|\p{N}{1,max}
 * | ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+ */
static inline size_t next_o200k(const window *w, size_t p, int max, bool suffix)
{
    unsigned char c = w->text[p];
    size_t b = p, e;
    bool word = is_at(w, M_UP, p) || is_at(w, M_LOW, p), other = is_at(w, M_O, p);

    /* a prefix: anything but a letter, a digit or a line end; marks are both */
    if (other || (is_at(w, M_S, p) && c != '\n' && c != '\r'))
        b = p + char_len(c);
    if (b > p) {
        if (is_at(w, M_UP, b) || is_at(w, M_LOW, b)) {
            if ((e = cased_end(w, b)) == MORE)
                return MORE;
            if (e > 0)
                return with_contraction(w, e, suffix);
        }
        if (word) { /* a mark; as a first character it is in both sets */
            e = cased_end(w, p);
            return e == MORE ? MORE : with_contraction(w, e, suffix);
        }
        if (is_at(w, M_UP, b)) /* all upper case: [LOW]* is empty */
            return with_contraction(w, run_end(w, M_UP, b), suffix);
    } else if (word) {
        if ((e = cased_end(w, p)) == MORE)
            return MORE;
        return with_contraction(w, e > 0 ? e : run_end(w, M_UP, p), suffix);
    }
    if (is_at(w, M_N, p))
        return numbers_end(w, p, max);
    if (other)
        return others_end(w, p, true);
    if (c == ' ' && is_at(w, M_O, p + 1))
        return others_end(w, p + 1, true);
    return lines_end(w, p, false);
}

/* ---- running --------------------------------------------------------------------------------- */

static inline size_t next_piece(bmx_scan_kind kind, const window *w, size_t p)
{
    switch (kind) {
    case BMX_SCAN_GPT2: return next_gpt2(w, p, false);
    case BMX_SCAN_GPT2_DIGITS: return next_gpt2(w, p, true);
    case BMX_SCAN_CL100K: return next_cl100k(w, p, 3, false);
    case BMX_SCAN_CL100K_END: return next_cl100k(w, p, 3, true);
    case BMX_SCAN_QWEN: case BMX_SCAN_QWEN35: return next_cl100k(w, p, 1, false);
    case BMX_SCAN_O200K: return next_o200k(w, p, 3, true);
    case BMX_SCAN_TEKKEN: return next_o200k(w, p, 1, false);
    case BMX_SCAN_NONE: break;
    }
    return w->len;
}

/* Classify a window of about `size` bytes from base on. */
static bpemix_status open_window(window *w, bmx_scan_state *s, size_t base, size_t size, family f,
                                 bpemix_error *err)
{
    size_t end = w->len - base > size ? base + size : w->len;

    while (end < w->len && (w->text[end] & 0xc0) == 0x80)
        end--;
    if (bmx_reserve(&s->mask, &s->cap, ((end - base + 63) / 64 + 2) * MASKS, sizeof *s->mask, err))
        return BPEMIX_E_NOMEM;
    switch (f) {
    case FAMILY_LETTERS: fill_masks(s->mask, w->text, base, end, FAMILY_LETTERS); break;
    case FAMILY_MARKS: fill_masks(s->mask, w->text, base, end, FAMILY_MARKS); break;
    case FAMILY_CASED: fill_masks(s->mask, w->text, base, end, FAMILY_CASED); break;
    }
    w->base = base;
    w->end = end;
    w->mask = s->mask;
    return BPEMIX_OK;
}

static inline bpemix_status scan(bmx_scan_kind kind, family f, bmx_scan_state *s, bmx_slice text,
                                 bmx_scan_fn *emit, void *ctx, bpemix_error *err)
{
    window w = { .text = (const unsigned char *)text.ptr, .len = text.len };
    size_t p = 0, size = WINDOW;

    while (p < text.len) {
        size_t start = p, safe;

        if (open_window(&w, s, p, size, f, err))
            return BPEMIX_E_NOMEM;
        safe = w.end == w.len ? w.len : w.end - MARGIN; /* S2 */
        while (p < safe) {
            size_t e = next_piece(kind, &w, p);
            bpemix_status st;

            if (__builtin_expect(e > safe, 0))
                break;
            st = emit(ctx, bmx_slice_of(text.ptr + p, e - p), err);
            if (__builtin_expect(st != BPEMIX_OK, 0))
                return st;
            p = e;
        }
        size = p == start ? size * 2 : WINDOW;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_scan(bmx_scan_kind kind, bmx_scan_state *s, bmx_slice text, bmx_scan_fn *emit,
                       void *ctx, bpemix_error *err)
{
    pthread_once(&bmp_once, fill_bmp);
    /* one specialized loop each */
    switch (kind) {
    case BMX_SCAN_GPT2: return scan(BMX_SCAN_GPT2, FAMILY_LETTERS, s, text, emit, ctx, err);
    case BMX_SCAN_GPT2_DIGITS: return scan(BMX_SCAN_GPT2_DIGITS, FAMILY_LETTERS, s, text, emit, ctx, err);
    case BMX_SCAN_CL100K: return scan(BMX_SCAN_CL100K, FAMILY_LETTERS, s, text, emit, ctx, err);
    case BMX_SCAN_CL100K_END: return scan(BMX_SCAN_CL100K_END, FAMILY_LETTERS, s, text, emit, ctx, err);
    case BMX_SCAN_QWEN: return scan(BMX_SCAN_QWEN, FAMILY_LETTERS, s, text, emit, ctx, err);
    case BMX_SCAN_QWEN35: return scan(BMX_SCAN_QWEN35, FAMILY_MARKS, s, text, emit, ctx, err);
    case BMX_SCAN_O200K: return scan(BMX_SCAN_O200K, FAMILY_CASED, s, text, emit, ctx, err);
    case BMX_SCAN_TEKKEN: return scan(BMX_SCAN_TEKKEN, FAMILY_CASED, s, text, emit, ctx, err);
    case BMX_SCAN_NONE: break;
    }
    return bmx_fail(err, BPEMIX_E_BUG, "", "no scanner of kind %d", (int)kind);
}

void bmx_scan_state_release(bmx_scan_state *s)
{
    bmx_free(s->mask);
    *s = (bmx_scan_state){ 0 };
}

/* ---- patterns ---------------------------------------------------------------------------------- */

#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define SPACES "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CL100K(n) CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" n "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" SPACES
#define UPPER "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define LOWER "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define CASED(suffix, n)                                                                       \
    "[^\\r\\n\\p{L}\\p{N}]?" UPPER "*" LOWER "+" suffix "|[^\\r\\n\\p{L}\\p{N}]?" UPPER "+" LOWER \
    "*" suffix "|" n "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" SPACES
#define P_GPT2 "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/* Published patterns; the first of a kind is the one it is described by.  The
 * possessive ones mean the same only where {1,3}+ is possessive and $ is the
 * very end: in fancy-regex. */
static const struct {
    bmx_scan_kind kind;
    bool fancy_only;
    const char *pattern;
} patterns[] = {
    { BMX_SCAN_GPT2, false, P_GPT2 },
    { BMX_SCAN_GPT2, true,
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s" },
    { BMX_SCAN_GPT2, false,
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+" },
    { BMX_SCAN_CL100K, false, CL100K("\\p{N}{1,3}") },
    { BMX_SCAN_CL100K_END, true,
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
      "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s" },
    { BMX_SCAN_CL100K, true,
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
      "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+" },
    { BMX_SCAN_QWEN, false, CL100K("\\p{N}") },
    { BMX_SCAN_QWEN35, false,
      CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" SPACES },
    { BMX_SCAN_O200K, false, CASED(CONTRACTIONS "?", "\\p{N}{1,3}") },
    { BMX_SCAN_TEKKEN, false, CASED("", "\\p{N}") },
};
#define N_PATTERNS (sizeof patterns / sizeof *patterns)

bmx_scan_kind bmx_scan_find(const bmx_pattern *p)
{
    for (size_t i = 0; i < N_PATTERNS && p->is_regex; i++)
        if ((!patterns[i].fancy_only || p->flavor == BMX_REGEX_FANCY) &&
            bmx_slice_eq(bmx_slice_str(patterns[i].pattern), bmx_slice_of(p->text, p->len)))
            return patterns[i].kind;
    return BMX_SCAN_NONE;
}

const char *bmx_scan_pattern(bmx_scan_kind kind)
{
    for (size_t i = 0; i < N_PATTERNS; i++)
        if (patterns[i].kind == kind)
            return patterns[i].pattern;
    return kind == BMX_SCAN_GPT2_DIGITS ? P_GPT2 : NULL;
}
