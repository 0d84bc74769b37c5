#include "base/utf8.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

unsigned bmx_utf8_encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

#if defined(__SSE2__)
/* Tests of 64 bytes, one bit each. */
typedef struct bytes64 {
    __m128i v[4];
} bytes64;

static inline bytes64 load64(const char *p)
{
    const __m128i *q = (const __m128i *)(const void *)p;
    return (bytes64){ { _mm_loadu_si128(q), _mm_loadu_si128(q + 1), _mm_loadu_si128(q + 2),
                        _mm_loadu_si128(q + 3) } };
}

static inline uint64_t join(int a, int b, int c, int d)
{
    return (uint64_t)(unsigned)a | (uint64_t)(unsigned)b << 16 | (uint64_t)(unsigned)c << 32 |
           (uint64_t)(unsigned)d << 48;
}

static inline uint64_t not_ascii(const bytes64 *b)
{
    return join(_mm_movemask_epi8(b->v[0]), _mm_movemask_epi8(b->v[1]),
                _mm_movemask_epi8(b->v[2]), _mm_movemask_epi8(b->v[3]));
}

/* Bytes from `from` to 0xff. */
static inline uint64_t at_least(const bytes64 *b, unsigned from)
{
    __m128i f = _mm_set1_epi8((char)from);
    int m[4];

    for (int i = 0; i < 4; i++)
        m[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(b->v[i], f), b->v[i]));
    return join(m[0], m[1], m[2], m[3]);
}

static inline uint64_t equal(const bytes64 *b, unsigned c)
{
    __m128i f = _mm_set1_epi8((char)c);
    int m[4];

    for (int i = 0; i < 4; i++)
        m[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(b->v[i], f));
    return join(m[0], m[1], m[2], m[3]);
}

/* Of 64 bytes that start with a character: how many are whole well-formed
 * characters, 0 when there is a malformed one. */
static inline unsigned valid64(const char *p)
{
    bytes64 b = load64(p);
    uint64_t high = not_ascii(&b), two, three, four, e0, ed, begun, bad, keep;
    unsigned n = 64;

    if (!high)
        return n;
    two = at_least(&b, 0xc0);
    three = at_least(&b, 0xe0);
    four = at_least(&b, 0xf0);
    /* tails stand where first bytes ask for them, and nowhere else */
    bad = (high & ~two) ^ (two << 1 | three << 2 | four << 3);
    bad |= equal(&b, 0xc0) | equal(&b, 0xc1);
    if (three) {
        uint64_t a0 = at_least(&b, 0xa0);
        e0 = equal(&b, 0xe0);
        ed = equal(&b, 0xed);
        bad |= (e0 << 1 & ~a0) | (ed << 1 & a0); /* overlong; surrogates */
    }
    if (four)
        bad |= at_least(&b, 0xf5) | (equal(&b, 0xf0) << 1 & ~at_least(&b, 0x90)) |
               (equal(&b, 0xf4) << 1 & at_least(&b, 0x90));
    begun = (two & (uint64_t)1 << 63) | (three & (uint64_t)3 << 62) | (four & (uint64_t)7 << 61);
    keep = ~(uint64_t)0;
    if (begun) { /* goes on behind these bytes: left to the next call */
        n = (unsigned)__builtin_ctzll(begun);
        keep = ((uint64_t)2 << n) - 1; /* with its first byte: no tail may be missing there */
    }
    return bad & keep ? 0 : n;
}
#endif

size_t bmx_utf8_valid_prefix(bmx_slice s)
{
    size_t i = 0;
    uint32_t cp;

    while (i < s.len) {
        uint64_t w;
        unsigned n;
#if defined(__SSE2__)
        while (s.len - i >= 64 && (n = valid64(s.ptr + i)))
            i += n;
#endif
        while (s.len - i >= 8) { /* eight ASCII bytes at once */
            memcpy(&w, s.ptr + i, 8);
            if (w & 0x8080808080808080u)
                break;
            i += 8;
        }
        if (i == s.len || !(n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp)))
            break;
        i += n;
    }
    return i;
}

size_t bmx_utf8_length(bmx_slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}
