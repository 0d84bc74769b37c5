/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c - splitting by bit masks.
 *
 * A window of the text is classified first: a bit for each byte and class, 64 bytes a word, and
 * the same bits for all bytes of a character.  Whether a character starts a pre-token depends on
 * its class and those of its neighbours, so that a few operations on whole words find all starts.
 *
 *   text    H e l l o ,   w o r l d
 *   letter  1 1 1 1 1 0 0 1 1 1 1 1
 *   space   0 0 0 0 0 0 1 0 0 0 0 0
 *   other   0 0 0 0 0 1 0 0 0 0 0 0
 *   starts  1 0 0 0 0 1 1 0 0 0 0 0      GPT-2: "Hello" "," " world"
 *
 * Cases that depend on more than the neighbours (contractions, digits in threes, indentation,
 * ideographs before capitals) are rare and handled one by one.
 *
 * S1  Bits at and behind the end of the window are zero in every class, and so
 *     is a word before its first and a word behind its last.
 * S2  The window starts with a pre-token.  A start is used only if neither it nor one before it
 *     depends on text behind the window.  Then the window is moved to the last start found or,
 *     if there was none, doubled.
 * S3  In the o200k patterns a mark counts as a letter or as an other, depending on what is in
 *     front of it.  A word of 64 bytes with marks is in doubt, and so are the words behind it as
 *     long as a pre-token or a contraction that began there may reach into them.  Words in doubt
 *     are split one pre-token at a time by next_o200k(), which tries the alternatives of the
 *     pattern in order. */
#include "split/scan.h"
#include "base/assert.h"

#include "split/scan_window.h"

#include <string.h>

#define WINDOW ((size_t)16 << 10) /* bytes, so that text and masks stay in a cache; a judgement */
#define MARGIN 16          /* bytes; more than any fixed look-ahead */
#define BATCH 128          /* pre-tokens handed over at once */

/* ---- word by word -------------------------------------------------------------------- */

/* State that is carried from one word to the next. */
typedef struct carry {
    uint64_t set, clear;     /* starts in the next word, by contractions */
    uint64_t absorbed, lone; /* masks of the word before */
    size_t contracted;       /* end of the last contraction */
    unsigned digits;         /* characters in the run of digits at the end of the word, modulo 3 */
    size_t up_end, last_both; /* of the last run of UP examined: its end, and the end of its last
                                 character that is also in LOW */
} carry;

/* The mask shifted by a byte: the class of the byte before. */
static inline uint64_t before(const uint64_t *m, int k) { return m[k] << 1 | (m - MASKS)[k] >> 63; }
static inline uint64_t behind(const uint64_t *m, int k) { return m[k] >> 1 | m[MASKS + k] << 63; }

/* Set or clear the start at bit i of this word, or of the next one. */
static inline void set_start(uint64_t *starts, carry *c, unsigned i)
{
    if (i < 64)
        *starts |= (uint64_t)1 << i;
    else
        c->set |= (uint64_t)1 << (i - 64);
}

static inline void clear_start(uint64_t *starts, carry *c, unsigned i)
{
    if (i < 64)
        *starts &= ~((uint64_t)1 << i);
    else
        c->clear |= (uint64_t)1 << (i - 64);
}

/* First bytes of the last characters of runs of white space that something else
 * follows; `last` has their last bytes. */
static inline uint64_t last_spaces(const window *w, size_t word, const uint64_t *m, uint64_t last)
{
    for (uint64_t b = last & m[M_TAIL]; b; b &= b - 1) {
        size_t at = char_before(w, w->base + 64 * word + (unsigned)__builtin_ctzll(b) + 1) -
                    w->base;

        if (at >> 6 == word)
            last |= (uint64_t)1 << (at & 63);
        else
            w->start[at >> 6] |= (uint64_t)1 << (at & 63);
    }
    return last & ~m[M_TAIL];
}

/* Last bytes of runs of white space, the one at the end of the text excepted. */
static inline uint64_t ends_of_space(const window *w, size_t word, const uint64_t *m)
{
    uint64_t last = m[M_S] & ~behind(m, M_S);
    size_t end = w->len - (w->base + 64 * word);

    return end <= 64 ? last & ~((uint64_t)1 << (end - 1)) : last;
}

/* ---- GPT-2 -------------------------------------------------------------------------- */

/* 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * White space: a run of it starts a pre-token.  If text follows, the run's last
 * character starts another; if that is U+0020, the word behind joins it.  The
 * rest: pre-tokens start where the class changes.  One that starts with an apostrophe may be a
 * contraction, behind which another starts.
 *
 * digits: each \p{N} is a pre-token of its own, and the text between two of them is split as a
 * text of its own: white space before a digit is white space at the end of a text.
 *
 * lines: a newline ends a text, so that a run of white space up to it is one pre-token. */
static inline uint64_t starts_gpt2(const window *w, size_t word, const uint64_t *m, carry *c,
                                   bool digits, bool lines)
{
    uint64_t s = m[M_S], ps = before(m, M_S), last = ends_of_space(w, word, m), starts;

    if (digits)
        last &= ~behind(m, M_N);
    if (lines)
        last &= ~m[M_NL];
    starts = (s & ~(lines ? ps & ~before(m, M_NL) : ps)) | last_spaces(w, word, m, last) |
             (~s & ps & ~(before(m, M_BLANK) & ~(digits ? m[M_N] : 0))) |
             (~s & ~ps & ((m[M_L] ^ before(m, M_L)) | (m[M_N] ^ before(m, M_N))));
    if (digits)
        starts |= m[M_N] & ~m[M_TAIL];
    starts |= word == 0;
    starts = (starts & ~c->clear) | c->set;
    c->set = c->clear = 0;
    for (uint64_t b = m[M_QUOTE] & starts; b; b &= b - 1) {
        unsigned i = (unsigned)__builtin_ctzll(b), n = contraction(w, w->base + 64 * word + i);
        if (n) {
            clear_start(&starts, c, i + 1);
            set_start(&starts, c, i + n);
        }
    }
    return starts;
}

/* ---- cl100k, Llama 3, Qwen, o200k, tekken --------------------------------------------- */

/* Starts among digits: each digit, or every third one of a run. */
static inline uint64_t starts_of_digits(const uint64_t *m, carry *c, unsigned max)
{
    uint64_t n = m[M_N], first = n & ~m[M_TAIL], starts = n & ~before(m, M_N);
    unsigned count = c->digits;

    if (max == 1 || !n)
        return first;
    if (!(n & 1 && (m - MASKS)[M_N] >> 63)) {
        count = 0;
        if (!(n & n << 1 & n << 2 & n << 3)) { /* no run of more than three bytes */
            unsigned run = (unsigned)__builtin_clzll(~n | 1);
            c->digits = run == 0 ? 0 : (unsigned)__builtin_popcountll(first >> (64 - run)) % 3;
            return starts;
        }
    }
    for (uint64_t b = first; b; b &= b - 1) {
        uint64_t bit = b & -b;
        if (starts & bit)
            count = 0;
        if (count == 0)
            starts |= bit;
        count = (count + 1) % 3;
    }
    c->digits = count;
    return starts;
}

/* White space behind a line end starts a pre-token, unless another line end comes before anything
 * else, because \s*[\r\n]+ matches up to the last line end of a run.  whole_end: also unless the
 * text ends with it (\s++$). */
static inline uint64_t starts_of_lines(window *w, size_t word, uint64_t candidates, bool whole_end)
{
    uint64_t starts = 0;

    for (; candidates; candidates &= candidates - 1) {
        size_t p = w->base + 64 * word + (unsigned)__builtin_ctzll(candidates);
        size_t e = run_end_but(w, M_S, M_NL, p);

        if (cut_at(w, e))
            w->limit = p < w->limit ? p : w->limit;
        else if (e == w->len ? !whole_end : !is_at(w, M_NL, e))
            starts |= candidates & -candidates;
    }
    return starts;
}

/* The run of UP that byte p is in: its end, and the end of its last character
 * that is in LOW too.  Both are remembered, so that a long run is scanned once. */
static inline void up_run(const window *w, carry *c, size_t p)
{
    size_t e = run_end(w, M_UP, p);

    c->up_end = e;
    for (c->last_both = 0; e > p;) {
        size_t i = e - 1 - w->base;
        const uint64_t *m = w->mask + (i >> 6) * MASKS;
        uint64_t both = (m[M_UP] & m[M_LOW]) << (63 - (i & 63));

        if (both) {
            size_t back = (unsigned)__builtin_clzll(both);
            c->last_both = e - p > back ? e - back : 0;
            return;
        }
        e -= e - p > (i & 63) + 1 ? (i & 63) + 1 : e - p;
    }
}

/* Capitals behind characters that are upper and lower case at once (as
 * ideographs are): [UP]*[LOW]+ starts over at a capital
 *
 *   - behind such characters that belong to a [LOW]+, which is the case if a small letter of the
 *     same pre-token stands before them; or
 *   - if no small letter ends the run of UP and no such character follows in it: then [LOW]+ is
 *     the last of them. */
static inline uint64_t starts_of_capitals(window *w, size_t word, uint64_t starts,
                                          uint64_t candidates, carry *c)
{
    uint64_t more = 0;

    for (; candidates; candidates &= candidates - 1) {
        size_t p = w->base + 64 * word + (unsigned)__builtin_ctzll(candidates), q = p;

        /* back over characters in both */
        while (q > w->base) {
            size_t i = q - 1 - w->base;
            const uint64_t *m = w->mask + (i >> 6) * MASKS;
            uint64_t neither = ~(m[M_UP] & m[M_LOW]) << (63 - (i & 63));

            w->slow[word] |= w->slow[i >> 6]; /* starts are not known there (S3) */
            if (neither) {
                q -= (unsigned)__builtin_clzll(neither);
                break;
            }
            q -= (i & 63) + 1;
        }
        if (q > w->base && is_at(w, M_LOW, q - 1)) {
            size_t i = q - w->base;
            uint64_t at = i >> 6 == word ? starts : w->start[i >> 6];
            if (!(at >> (i & 63) & 1)) {
                more |= candidates & -candidates;
                continue;
            }
        }
        if (c->up_end <= p)
            up_run(w, c, p);
        if (cut_at(w, c->up_end))
            w->limit = p < w->limit ? p : w->limit;
        else if (!is_at(w, M_LOW, c->up_end) && c->last_both <= p)
            more |= candidates & -candidates;
    }
    return more;
}

/* How the patterns of this family differ; a constant at every call, so that each has its own
 * code. */
typedef struct cl100k_variant {
    unsigned max_digits; /* in one pre-token */
    bool cased;          /* a capital behind a small letter starts a pre-token */
    bool contractions;   /* 's, 't and the like are known */
    bool whole_end;      /* white space at the end of the text stays in one pre-token */
} cl100k_variant;

/* (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,max}
 * | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 *
 * and, cased,
 *
 * [^\r\n\p{L}\p{N}]?[UP]*[LOW]+suffix?|[^\r\n\p{L}\p{N}]?[UP]+[LOW]*suffix?|\p{N}{1,max}
 * | ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 *
 * Line ends right behind others (and slashes behind these line ends) belong to their pre-token.
 * Other white space: a run starts a pre-token; so does what follows the last line end in it, and
 * its last character, when that is no line end and something follows.  A blank joins the others
 * behind it, and any white space except a line end joins the letters behind it.  A single other
 * that starts a pre-token joins the letters behind it. */
static inline uint64_t starts_cl100k(window *w, size_t word, const uint64_t *m, carry *c,
                                     cl100k_variant v)
{
    bool cased = v.cased;
    uint64_t l = cased ? m[M_UP] | m[M_LOW] : m[M_L], s = m[M_S], nl = m[M_NL];
    uint64_t pl = cased ? before(m, M_UP) | before(m, M_LOW) : before(m, M_L);
    uint64_t pblank = before(m, M_BLANK), pnl = before(m, M_NL);
    uint64_t tail = cased ? nl | m[M_SLASH] : nl;
    uint64_t absorbed, pabsorbed, o, po, first, lone, starts;

    /* absorbed: runs of `tail` from a line end behind an other */
    absorbed = (nl & before(m, M_O)) | (tail & c->absorbed >> 63);
    absorbed |= tail & ~(tail + absorbed);
    pabsorbed = absorbed << 1 | c->absorbed >> 63;
    o = m[M_O] & ~absorbed;
    po = before(m, M_O) & ~pabsorbed;
    first = o & ~po & ~pblank;

    /* lone: all bytes of the first character of a run of others */
    lone = first | (c->lone >> 63 & m[M_TAIL] & o);
    if (m[M_TAIL])
        for (int i = 0; i < 3; i++)
            lone |= lone << 1 & m[M_TAIL];

    starts = first | starts_of_digits(m, c, v.max_digits) | (pabsorbed & ~absorbed) |
             (l & ~pl & ~(lone << 1 | c->lone >> 63) & ~(before(m, M_S) & ~pnl)) |
             (s & ~absorbed & ~(before(m, M_S) & ~pabsorbed)) |
             last_spaces(w, word, m, ends_of_space(w, word, m) & ~nl);
    if (cased)
        starts |= m[M_UP] & ~m[M_LOW] & before(m, M_LOW) & ~before(m, M_UP);
    starts |= word == 0;
    starts |= c->set;
    c->set = 0;
    c->absorbed = absorbed;
    c->lone = lone;

    if (s & ~nl & pnl & ~pabsorbed)
        starts |= starts_of_lines(w, word, s & ~nl & pnl & ~pabsorbed, v.whole_end);
    if (v.contractions) {
        uint64_t b = m[M_QUOTE] & (cased ? pl : first);
        for (; b; b &= b - 1) {
            unsigned i = (unsigned)__builtin_ctzll(b), n;
            size_t p = w->base + 64 * word + i;

            /* when cased, it is a suffix of words, but not of another suffix */
            if ((cased && p == c->contracted) || !(n = contraction_any_case(w, p)))
                continue;
            if (cased)
                clear_start(&starts, c, i);
            set_start(&starts, c, i + n);
            c->contracted = p + n;
        }
    }
    if (cased) {
        uint64_t b = m[M_UP] & ~m[M_LOW] & before(m, M_UP) & before(m, M_LOW);
        if (b)
            starts |= starts_of_capitals(w, word, starts, b, c);
    }
    return starts;
}

/* ---- o200k and tekken, pre-token by pre-token --------------------------- */

/* \s+(?!\S)|\s+ on the white space [p, r): all of it at the end of the text,
 * else all but the last character, which stays for what follows. */
static size_t spaces_end(const window *w, size_t p, size_t r)
{
    size_t last;

    if (cut_at(w, r))
        return MORE;
    if (r == w->len)
        return r;
    last = char_before(w, r);
    return last > p ? last : r;
}

/* \s*[\r\n]+ first: up to the last line end in the run, if it has one. */
static size_t lines_end(const window *w, size_t p)
{
    size_t r = run_end(w, M_S, p);

    if (cut_at(w, r))
        return MORE;
    for (size_t k = r; k > p; k--)
        if (w->text[k - 1] == '\n' || w->text[k - 1] == '\r')
            return k;
    return spaces_end(w, p, r);
}

static size_t numbers_end(const window *w, size_t p, int max)
{
    for (; max > 0 && is_at(w, M_N, p); max--)
        p += char_len(w->text[p]);
    return p;
}

/* [^\s\p{L}\p{N}]+[\r\n/]* from p on */
static size_t others_end(const window *w, size_t p)
{
    size_t r = run_end(w, M_O, p);

    while (r < w->len && (w->text[r] == '\n' || w->text[r] == '\r' || w->text[r] == '/'))
        r++;
    return r;
}

/* [UP]*[LOW]+ from b on; 0: no match.  UP and LOW share Lm, Lo and M.  When the
 * longest run of UP ends before a lower-case letter, the run of LOW goes on from
 * there.  Else the run gives characters back until its last one is in LOW too:
 * the match ends behind the last shared character of the run. */
static size_t cased_end(const window *w, size_t b)
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
static size_t with_contraction(const window *w, size_t e, bool suffix)
{
    return suffix && e < w->len && w->text[e] == '\'' ? e + contraction_any_case(w, e) : e;
}

/* [^\r\n\p{L}\p{N}]?[UP]*[LOW]+suffix?|[^\r\n\p{L}\p{N}]?[UP]+[LOW]*suffix?|\p{N}{1,max}
 * | ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+ */
static size_t next_o200k(const window *w, size_t p, int max, bool suffix)
{
    unsigned char c = w->text[p];
    size_t b = p, e;
    bool word = is_at(w, M_UP, p) || is_at(w, M_LOW, p), other = is_at(w, M_O, p);

    /* a prefix: anything but a letter, a digit or a line end; a mark may be one or not */
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
        return others_end(w, p);
    if (c == ' ' && is_at(w, M_O, p + 1))
        return others_end(w, p + 1);
    return lines_end(w, p);
}

/* ---- running --------------------------------------------------------------------------------- */

/* Classify a window of about `size` bytes from base on. */
#ifdef BMX_CHECKED
/* S1, of the masks that the window has memory of. */
static bool ends_in_zeros(const window *w)
{
    size_t n = w->end - w->base;
    uint64_t wrong = 0;

    for (size_t k = 0; k < MASKS; k++) {
        wrong |= (w->mask - MASKS)[k] | w->mask[w->n * MASKS + k];
        wrong |= n % 64 ? w->mask[(w->n - 1) * MASKS + k] >> n % 64 : 0;
    }
    return !wrong;
}
#endif

static bpemix_status open_window(window *w, bmx_scan_scratch *s, size_t base, size_t size,
                                 bmx_family f, bpemix_error *err)
{
    size_t end = w->len - base > size ? base + size : w->len, n;

    while (end < w->len && (w->text[end] & 0xc0) == 0x80)
        end--;
    n = (end - base + 63) / 64;
    /* the masks with a word before and behind them, the starts, a byte a word */
    if (bmx_reserve(&s->mask, &s->cap, (n + 2) * MASKS + n + n / 8 + 1, sizeof *s->mask, err))
        return BPEMIX_E_NOMEM;
    w->base = base;
    w->end = end;
    w->n = n;
    w->mask = s->mask + MASKS;
    w->start = s->mask + (n + 2) * MASKS;
    w->slow = (uint8_t *)(w->start + n);
    w->limit = end == w->len ? end : end - MARGIN;
    bmx_classify(s->mask + MASKS, w->text, base, end, f);
    BMX_ASSERT(ends_in_zeros(w)); /* S1 */
    return BPEMIX_OK;
}

/* May a contraction that begins in the word before, whose starts are not known, end in this one?
 * In 'll'll'll each depends on whether the one before is a suffix.  The longest has 3 bytes. */
static bool may_be_contracted(const window *w, size_t word)
{
    const unsigned char *at = w->text + w->base + 64 * word;
    return at[-1] == '\'' || at[-2] == '\'' || at[-3] == '\'';
}

static inline void find_starts(bmx_scan_kind kind, bool lines, window *w)
{
    carry c = { 0 };
    const uint64_t *m = w->mask;
    bool doubt = false, doubt_before; /* may the masks of starts_cl100k() be wrong here (S3)? */

    memset(w->slow, 0, w->n);
    for (size_t i = 0; i < w->n; i++, m += MASKS) {
        switch (kind) {
        case BMX_SCAN_GPT2: w->start[i] = starts_gpt2(w, i, m, &c, false, lines); break;
        case BMX_SCAN_GPT2_DIGITS: w->start[i] = starts_gpt2(w, i, m, &c, true, lines); break;
        case BMX_SCAN_CL100K:
            w->start[i] = starts_cl100k(w, i, m, &c, (cl100k_variant){ 3, .contractions = true });
            break;
        case BMX_SCAN_CL100K_END:
            w->start[i] = starts_cl100k(w, i, m, &c,
                                        (cl100k_variant){ 3, .contractions = true,
                                                          .whole_end = true });
            break;
        case BMX_SCAN_QWEN: case BMX_SCAN_QWEN35:
            w->start[i] = starts_cl100k(w, i, m, &c, (cl100k_variant){ 1, .contractions = true });
            break;
        case BMX_SCAN_O200K:
        case BMX_SCAN_TEKKEN:
            doubt_before = doubt;
            doubt = m[M_MARK] || ((m - MASKS)[M_MARK] | (doubt ? c.absorbed : 0)) >> 63;
            w->slow[i] = doubt || doubt_before || (i && w->slow[i - 1] && may_be_contracted(w, i));
            w->start[i] = kind == BMX_SCAN_O200K
                              ? starts_cl100k(w, i, m, &c,
                                              (cl100k_variant){ 3, .cased = true,
                                                                .contractions = true })
                              : starts_cl100k(w, i, m, &c, (cl100k_variant){ 1, .cased = true });
            break;
        case BMX_SCAN_NONE: break;
        }
    }
}

/* Pre-tokens on their way out.
 * S4  n <= BATCH.  A word of starts is added only when 64 places are free, and may fill the batch;
 *     a single pre-token empties a full batch first. */
typedef struct batch {
    bmx_pretokens_fn *emit;
    void *ctx;
    const char *start, *end[BATCH];
    size_t n;
} batch;

static inline bpemix_status hand_over(batch *b, bpemix_error *err)
{
    const char *start = b->start;
    size_t n = b->n;

    if (!n)
        return BPEMIX_OK;
    b->start = b->end[n - 1];
    b->n = 0;
    return b->emit(b->ctx, start, b->end, n, err);
}

static inline bpemix_status put(batch *b, const char *end, bpemix_error *err)
{
    bpemix_status st = b->n == BATCH ? hand_over(b, err) : BPEMIX_OK;

    BMX_ASSERT(st || b->n < BATCH); /* S4 */
    if (!st)
        b->end[b->n++] = end;
    return st;
}

static inline bpemix_status scan(bmx_scan_kind kind, bmx_family f, bool lines, bmx_scan_scratch *s,
                                 bmx_slice text, batch *out, bpemix_error *err)
{
    window w = { .text = (const unsigned char *)text.ptr, .len = text.len };
    size_t p = 0, size = WINDOW;
    bpemix_status st;

    while (p < text.len) {
        size_t opened = p;

        if (open_window(&w, s, p, size, f, err))
            return BPEMIX_E_NOMEM;
        find_starts(kind, lines, &w);
        for (size_t i = 0; i < w.n; i++) {
            size_t at = w.base + 64 * i, next = at + 64;
            uint64_t b = w.start[i];

            if (f == BMX_FAMILY_CASED && __builtin_expect(w.slow[i], 0)) {
                while (p < next && p < w.limit) {
                    size_t e = next_o200k(&w, p, kind == BMX_SCAN_O200K ? 3 : 1,
                                          kind == BMX_SCAN_O200K);
                    if (e > w.limit)
                        goto end_of_window;
                    if ((st = put(out, text.ptr + e, err)))
                        return st;
                    p = e;
                }
                continue;
            }
            if (p >= at) /* starts up to p are known */
                b = p - at >= 63 ? 0 : b & ~(uint64_t)0 << (p - at + 1);
            if (w.limit < next) {
                if (w.limit <= at)
                    break;
                b &= ((uint64_t)1 << (w.limit - at)) - 1;
            }
            if (!b)
                continue;
            if (out->n + 64 > BATCH && (st = hand_over(out, err)))
                return st;
            p = at + 63 - (unsigned)__builtin_clzll(b);
            BMX_ASSERT(out->n + (size_t)__builtin_popcountll(b) <= BATCH); /* S4 */
            for (; b; b &= b - 1)
                out->end[out->n++] = text.ptr + at + (unsigned)__builtin_ctzll(b);
        }
        if (w.end == w.len && w.limit == w.len && p < text.len) {
            if ((st = put(out, text.ptr + text.len, err)))
                return st;
            p = text.len;
        }
end_of_window:
        BMX_ASSERT(p >= opened && (p <= w.limit || p == text.len)); /* S2 */
        size = p == opened ? size * 2 : WINDOW;
    }
    return hand_over(out, err);
}

static bpemix_status scan_text(bmx_scan_kind kind, bmx_scan_scratch *s, bmx_slice text, batch *out,
                               bpemix_error *err)
{
    /* one specialized loop each */
    switch (kind) {
    case BMX_SCAN_GPT2: return scan(BMX_SCAN_GPT2, BMX_FAMILY_LETTERS, false, s, text, out, err);
    case BMX_SCAN_GPT2_DIGITS:
        return scan(BMX_SCAN_GPT2_DIGITS, BMX_FAMILY_LETTERS, false, s, text, out, err);
    case BMX_SCAN_CL100K:
        return scan(BMX_SCAN_CL100K, BMX_FAMILY_LETTERS, false, s, text, out, err);
    case BMX_SCAN_CL100K_END:
        return scan(BMX_SCAN_CL100K_END, BMX_FAMILY_LETTERS, false, s, text, out, err);
    case BMX_SCAN_QWEN: return scan(BMX_SCAN_QWEN, BMX_FAMILY_LETTERS, false, s, text, out, err);
    case BMX_SCAN_QWEN35: return scan(BMX_SCAN_QWEN35, BMX_FAMILY_MARKS, false, s, text, out, err);
    case BMX_SCAN_O200K: return scan(BMX_SCAN_O200K, BMX_FAMILY_CASED, false, s, text, out, err);
    case BMX_SCAN_TEKKEN: return scan(BMX_SCAN_TEKKEN, BMX_FAMILY_CASED, false, s, text, out, err);
    case BMX_SCAN_NONE: break;
    }
    return bmx_fail(err, BPEMIX_E_BUG, "", "no scanner of kind %d", (int)kind);
}

bpemix_status bmx_scan(bmx_scan_kind kind, bmx_scan_scratch *s, bmx_slice text, bool lines,
                       bmx_pretokens_fn *emit, void *ctx, bpemix_error *err)
{
    batch out = { .emit = emit, .ctx = ctx, .start = text.ptr };
    bpemix_status st = BPEMIX_OK;

    if (!lines)
        return scan_text(kind, s, text, &out, err);
    if (kind == BMX_SCAN_GPT2)
        return scan(BMX_SCAN_GPT2, BMX_FAMILY_LINES, true, s, text, &out, err);
    if (kind == BMX_SCAN_GPT2_DIGITS)
        return scan(BMX_SCAN_GPT2_DIGITS, BMX_FAMILY_LINES, true, s, text, &out, err);
    for (size_t at = 0; at < text.len && !st;) {
        const char *nl = memchr(text.ptr + at, '\n', text.len - at);
        size_t n = nl ? (size_t)(nl + 1 - text.ptr) - at : text.len - at;

        st = scan_text(kind, s, bmx_slice_of(text.ptr + at, n), &out, err);
        at += n;
    }
    return st;
}

void bmx_scan_scratch_release(bmx_scan_scratch *s)
{
    bmx_free(s->mask);
    *s = (bmx_scan_scratch){ 0 };
}
