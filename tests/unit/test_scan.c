/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanners against PCRE2: the same pre-tokens on random Unicode and real text. */
#include "pretokens.h"

#include "base/cpu.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/utf8.h"
#include "split/known.h"

/* Every published spelling that has a scanner; DIGITS stands for a step that
 * cuts digits out first. */
static const struct {
    const char *name, *pattern;
    bmx_regex_flavor flavor;
    bmx_scan_kind kind;
} subjects[] = {
    { "gpt2", NULL, BMX_REGEX_ONIGURUMA, BMX_SCAN_GPT2 },
    { "gpt2 digits", NULL, BMX_REGEX_ONIGURUMA, BMX_SCAN_GPT2_DIGITS },
    { "cl100k", NULL, BMX_REGEX_FANCY, BMX_SCAN_CL100K },
    { "qwen", NULL, BMX_REGEX_ONIGURUMA, BMX_SCAN_QWEN },
    { "qwen35", NULL, BMX_REGEX_ONIGURUMA, BMX_SCAN_QWEN35 },
    { "o200k", NULL, BMX_REGEX_FANCY, BMX_SCAN_O200K },
    { "tekken", NULL, BMX_REGEX_FANCY, BMX_SCAN_TEKKEN },
    { "gpt2 of tiktoken, possessive",
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s",
      BMX_REGEX_FANCY, BMX_SCAN_GPT2 },
    { "gpt2 of tiktoken",
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
      BMX_REGEX_FANCY, BMX_SCAN_GPT2 },
    { "cl100k of tiktoken, possessive",
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
      "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
      BMX_REGEX_FANCY, BMX_SCAN_CL100K_END },
    { "cl100k of tiktoken",
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
      "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
      BMX_REGEX_FANCY, BMX_SCAN_CL100K },
};
#define N_SUBJECTS (sizeof subjects / sizeof *subjects)

/* A scanner and its pattern under PCRE2. */
typedef struct rivals {
    bmx_pretokenizer *slow;
    bmx_pretokenizer_scratch *slow_state;
    bmx_scan_kind kind;
    bmx_scan_scratch state;
} rivals;

static void rivals_init(rivals *v, size_t i)
{
    bmx_pretokenizer_spec spec = { 0 };
    bpemix_error err = { 0 };
    const char *pattern = subjects[i].pattern
        ? subjects[i].pattern : bmx_scan_pattern(subjects[i].kind);

    *v = (rivals){ .kind = subjects[i].kind };
    if (v->kind == BMX_SCAN_GPT2_DIGITS)
        add_pre(&spec, BMX_PRE_DIGITS)->individual_digits = true;
    add_split(&spec, pattern, true, subjects[i].flavor, BMX_SPLIT_ISOLATED, false);
    CHECK_OK(bmx_pretokenizer_new(&spec, true, BMX_ENGINE_PCRE2, &v->slow, &err));
    CHECK_OK(bmx_pretokenizer_scratch_new(v->slow, &v->slow_state, &err));
    bmx_pretokenizer_spec_release(&spec);
}

static void rivals_release(rivals *v)
{
    bmx_pretokenizer_scratch_free(v->slow_state);
    bmx_pretokenizer_free(v->slow);
    bmx_scan_scratch_release(&v->state);
}

/* Ends of pre-tokens, as offsets. */
typedef struct ends {
    const char *start;
    size_t *end, n, cap;
} ends;

static bpemix_status note_end(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    ends *e = ctx;
    size_t from = e->n ? e->end[e->n - 1] : 0;

    if (pretoken.ptr != e->start + from || pretoken.len == 0)
        return bmx_fail(err, BPEMIX_E_BUG, "", "a pre-token at %td, not %zu",
                        pretoken.ptr - e->start, from);
    if (bmx_reserve(&e->end, &e->cap, e->n + 1, sizeof *e->end, err))
        return BPEMIX_E_NOMEM;
    e->end[e->n++] = from + pretoken.len;
    return BPEMIX_OK;
}

static bpemix_status note_ends(void *ctx, const char *start, const char *const *end, size_t n,
                               bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < n && !st; start = end[i++])
        st = note_end(ctx, bmx_slice_of(start, (size_t)(end[i] - start)), err);
    return st;
}

/* Where the pattern ends pre-tokens: of the whole text, or of each line as a text of its own. */
static void pattern_ends(rivals *v, bmx_slice text, bool lines, ends *out)
{
    bpemix_error err = { 0 };

    for (size_t at = 0, n = text.len; at < text.len; at += n) {
        const char *nl = lines ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
        n = nl ? (size_t)(nl + 1 - text.ptr) - at : text.len - at;
        CHECK_OK(bmx_pretokenize(v->slow, v->slow_state, bmx_slice_of(text.ptr + at, n), note_end,
                                 out, &err));
    }
}

/* The scanner ends them there, too, for every instruction set that the processor has. */
static void agree_with(rivals *v, const char *name, bmx_slice text, bool lines, const ends *b,
                       uint64_t seed)
{
    bpemix_error err = { 0 };
    ends a = { .start = text.ptr };

    for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) {
        bmx_cpu_limit(cpu);
        if (bmx_cpu_kind() != cpu)
            break;
        a.n = 0;
        CHECK_OK(bmx_scan(v->kind, &v->state, text, lines, note_ends, &a, &err));
        for (size_t i = 0; i < a.n || i < b->n; i++)
            if (i >= a.n || i >= b->n || a.end[i] != b->end[i]) {
                size_t from = i ? b->end[i - 1] : 0,
                       show = text.len - from < 60 ? text.len - from : 60;
                char q[300];
                fail_msg("%s%s, processor %d, seed %llu: at byte %zu of %zu, %s: scanner ends at "
                         "%zd, pattern at %zd", name, lines ? ", lines" : "", (int)cpu,
                         (unsigned long long)seed, from, text.len,
                         bmx_quote(q, sizeof q, text.ptr + from, show),
                         i < a.n ? (ssize_t)a.end[i] : -1, i < b->n ? (ssize_t)b->end[i] : -1);
            }
    }
    bmx_free(a.end);
}

/* The whole text, and its lines; a text of one line has the same pre-tokens both times, and
 * is put to the pattern, which takes the most time, once. */
static void agree(rivals *v, const char *name, bmx_slice text, uint64_t seed)
{
    const char *nl = memchr(text.ptr, '\n', text.len);
    ends b = { .start = text.ptr };

    pattern_ends(v, text, false, &b);
    agree_with(v, name, text, false, &b, seed);
    if (nl && nl + 1 < text.ptr + text.len) {
        b.n = 0;
        pattern_ends(v, text, true, &b);
    }
    agree_with(v, name, text, true, &b, seed);
    bmx_free(b.end);
}

/* ---- text ---- */

static uint32_t pick(bmx_rng *r, const uint32_t *list, size_t n)
{
    return list[bmx_rng_below(r, n)];
}
#define PICK(r, ...) pick(r, (const uint32_t[]){ __VA_ARGS__ }, \
                          sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* One character, from classes where the patterns have their corners. */
static uint32_t some_char(bmx_rng *r, int kind)
{
    uint32_t c;

    switch (kind) {
    case 0: return ' ';
    case 1: return PICK(r, '\n', '\r', '\t', '\v', '\f', 0x1c, 0x1f);
    case 2: return PICK(r, 0x85, 0xa0, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f,
                        0x3000, 0x180e, 0x200b, 0xfeff, 0x2060);
    case 3: return PICK(r, '\'', '\'', '\'', 0x2019);
    case 4: return PICK(r, 's', 't', 'r', 'e', 'v', 'm', 'l', 'd', 'S', 'T', 'R', 'E', 'V', 'M',
                        'L', 'D', 0x17f, 0x212a);
    case 5: return 'a' + (uint32_t)bmx_rng_below(r, 26);
    case 6: return 'A' + (uint32_t)bmx_rng_below(r, 26);
    case 7: return '0' + (uint32_t)bmx_rng_below(r, 10);
    case 8: return PICK(r, 0xb2, 0xbd, 0x663, 0x96b, 0x2167, 0x2460, 0xff11, 0x1d7ce, 0x3007);
    case 9: return PICK(r, '/', '!', '"', '(', ')', '-', '.', ',', ':', ';', '_', '$', '+', '<',
                        '|', '~', 0);
    case 10: return PICK(r, 0x301, 0x308, 0x345, 0x903, 0x93e, 0x94d, 0x20dd, 0x3099, 0xfe0f,
                         0x1d165, 0xe0100);
    case 11: return PICK(r, 0xe9, 0xc9, 0xdf, 0x130, 0x131, 0x1c5, 0x1c4, 0x2b0, 0x3b1, 0x3a9,
                         0x416, 0x436, 0x10d0, 0x1c90, 0xaa, 0x2c7, 0x10400, 0x10428);
    case 12: return 0x4e00 + (uint32_t)bmx_rng_below(r, 0x5200);
    case 13: return PICK(r, 0x3042, 0x30ab, 0x30fc, 0xac00, 0x5d0, 0x627, 0xe01, 0x915, 0x1100,
                         0x20000, 0x3005);
    case 14: return PICK(r, 0x3001, 0x3002, 0x300c, 0xff0c, 0x60c, 0x964, 0x2014, 0x2026, 0xa3,
                         0x20ac);
    case 15: return PICK(r, 0x1f600, 0x1f44d, 0x1f3fd, 0x200d, 0x1f1eb, 0xa9, 0x2603, 0xe000,
                         0x378, 0x10ffff);
    default:
        do
            c = (uint32_t)bmx_rng_below(r, 0x110000);
        while (c >= 0xd800 && c <= 0xdfff);
        return c;
    }
}

/* Mostly short runs of one kind, so that long runs and sudden changes both occur. */
static size_t random_text(bmx_rng *r, char *out, size_t max)
{
    size_t len = 0, want = bmx_rng_below(r, 8) == 0 ? bmx_rng_below(r, max) : bmx_rng_below(r, 40);
    int favourite = (int)bmx_rng_below(r, 17);

    while (len + 4 <= max && len < want) {
        int kind = bmx_rng_below(r, 3) ? (int)bmx_rng_below(r, 17) : favourite;
        uint64_t run = 1 + (bmx_rng_below(r, 3) == 0 ? bmx_rng_below(r,
                                                                     bmx_rng_below(r, 10)
                                                                     ? 4 : 80) : 0);
        for (; run > 0 && len + 4 <= max; run--)
            len += bmx_utf8_encode(some_char(r, kind), out + len);
    }
    return len;
}

static void random_texts(void **state)
{
    enum { MAX = 700 };
    char text[MAX];
    (void)state;

    for (size_t i = 0; i < N_SUBJECTS; i++) {
        rivals v;
        rivals_init(&v, i);
        for (uint64_t seed = 1; seed <= 6000; seed++) {
            bmx_rng r = { seed * 31 + i };
            size_t n = random_text(&r, text, MAX);
            agree(&v, subjects[i].name, bmx_slice_of(text, n), seed);
        }
        rivals_release(&v);
    }
}

/* Texts of several windows of 16 kB, and runs that are longer than one. */
static void long_texts(void **state)
{
    enum { MAX = 100000 };
    char *text = bmx_malloc(MAX, 1);
    (void)state;

    assert_non_null(text);
    for (size_t i = 0; i < N_SUBJECTS; i++) {
        rivals v;
        rivals_init(&v, i);
        for (uint64_t seed = 1; seed <= 6; seed++) {
            bmx_rng r = { seed };
            size_t n = 0;
            while (n + 1000 < MAX)
                n += random_text(&r, text + n, 700);
            agree(&v, subjects[i].name, bmx_slice_of(text, n), seed);
        }
        /* 5000 to 65000 bytes of each kind of character, in front of each other kind */
        for (uint64_t seed = 1; seed <= 8; seed++) {
            bmx_rng r = { seed };
            size_t n = 0;
            while (n + 8 < MAX) {
                int kind = (int)bmx_rng_below(&r, 16);
                uint32_t c = some_char(&r, kind);
                bool same = bmx_rng_below(&r, 2);
                size_t until = n + 5000 + bmx_rng_below(&r, 60000);
                n += bmx_utf8_encode(some_char(&r, (int)bmx_rng_below(&r, 16)), text + n);
                while (n < until && n + 8 < MAX)
                    n += bmx_utf8_encode(same ? c : some_char(&r, kind), text + n);
            }
            agree(&v, subjects[i].name, bmx_slice_of(text, n), seed);
        }
        rivals_release(&v);
    }
    bmx_free(text);
}

/* Batches of pre-tokens that are just full when another comes: short ones, as many as fill a word
 * of 64 starts or one to five batches of 128, one less or one more, behind letters that move
 * them against these words. */
static void full_batches(void **state)
{
    static const char *const unit[] = { "\n", " 4", "7", "a1", ".a", "a\n", "\n ", "\xe4\xb8\x80 ",
                                        "A\xcc\x81", "!", "' ", "aB", "\r\n", "1a " };
    static const size_t around[] = { 64, 128, 192, 256, 384, 640 }, before[] = { 0, 1, 2, 33, 63 };
    char text[64 + 4 * 650];
    (void)state;

    for (size_t i = 0; i < N_SUBJECTS; i++) {
        rivals v;
        rivals_init(&v, i);
        for (size_t k = 0; k < sizeof unit / sizeof *unit; k++)
            for (size_t c = 0; c < sizeof around / sizeof *around; c++)
                for (size_t times = around[c] - 1; times <= around[c] + 1; times++)
                    for (size_t j = 0; j < sizeof before / sizeof *before; j++) {
                        size_t n = before[j], len = strlen(unit[k]);
                        memset(text, 'x', n);
                        for (size_t m = 0; m < times; m++, n += len)
                            memcpy(text + n, unit[k], len);
                        agree(&v, subjects[i].name, bmx_slice_of(text, n), times);
                    }
        rivals_release(&v);
    }
}

/* Well inside of a range of many characters that all patterns treat alike. */
static bool like_its_neighbours(uint32_t c)
{
    static const uint32_t range[][2] = {
        { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xac00, 0xd7a3 }, { 0xe000, 0xf8ff },
        { 0x17000, 0x187f7 }, { 0x20000, 0x20fff }
    };

    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        if (c >= range[i][0] + 16 && c + 16 <= range[i][1])
            return true;
    return false;
}

/* Every character between others; and all but the inner ones of large ranges in front of,
 * behind and between those that matter. */
static void every_character(void **state)
{
    static const char *const around[][2] = {
        { " ", "a" }, { "A", "b" }, { "", "" }, { "a", "b" }, { "'", " " }, { "a'", "s" }, { "1", "2" },
        { "\n", "\n" }, { " ", " \n" }, { "  ", "A" }, { ".", "\n/" }, { "b", "'s" }
    };
    enum { SUBJECTS = 7 };
    char *text = bmx_malloc(70000, 1);
    rivals v[SUBJECTS];
    (void)state;

    assert_non_null(text);
    for (size_t i = 0; i < SUBJECTS; i++)
        rivals_init(&v[i], i);
    for (size_t k = 0; k < sizeof around / sizeof *around; k++)
        for (uint32_t base = 0; base < 0xe1000; base += 0x1000) {
            size_t n = 0, front = strlen(around[k][0]), back = strlen(around[k][1]);
            if (base >= 0x21000 && base < 0xe0000)
                continue; /* ideographs and nothing else */
            for (uint32_t c = base; c < base + 0x1000; c++) {
                if ((c >= 0xd800 && c <= 0xdfff) || (k > 1 && like_its_neighbours(c)))
                    continue;
                memcpy(text + n, around[k][0], front);
                n += front + bmx_utf8_encode(c, text + n + front);
                memcpy(text + n, around[k][1], back);
                n += back;
            }
            for (size_t i = 0; i < SUBJECTS; i++)
                agree(&v[i], subjects[i].name, bmx_slice_of(text, n), base);
        }
    for (size_t i = 0; i < SUBJECTS; i++)
        rivals_release(&v[i]);
    bmx_free(text);
}

/* A mark is a letter or an other by what is in front of it, and what it is decides whether it
 * takes the line ends and slashes behind it along, however many they are; what follows them
 * starts a pre-token, or goes on with one. */
static void long_tails_of_marks(void **state)
{
    static const char *const before[] = { "\xcc\x81", "a\xcc\x81", "!\xcc\x81", " \xcc\x81",
                                          "1\xcc\x81",
                                          "\xcc\x81\xcc\x81", "A\xcc\x81's", "\xcc\x81!" },
                      *const tail[] = { "\n", "\r\n", "/", " ", "'ll", "'", "!", "\n/" },
                      *const after[] = { "//(\n", "/", "(a", "a", " A", "1", "\r//b" };
    static const size_t sizes[] = { /* where the mark ends, and the tail */
        0,     63,    64,    66,    127,   129,   192,   256,   62120, 62128, 63120, 63128, 63200,
            64065, 64127,
        64128, 64129, 64256, 65120, 65129, 128200, 127320
    };
    static const bmx_scan_kind marks_are_both[] = { BMX_SCAN_O200K, BMX_SCAN_TEKKEN };
    size_t number = 0;
    char text[600];
    (void)state;

    /* a word of a mark, 64 bytes of line ends, and others: three pre-tokens */
    for (size_t i = 0; i < 2; i++) {
        bmx_scan_scratch scratch = { 0 };
        bpemix_error err = { 0 };
        ends e = { .start = text };
        size_t n = (size_t)sprintf(text, "\xcc\x81%64s//(\n", "");

        memset(text + 2, '\n', 64);
        CHECK_OK(bmx_scan(marks_are_both[i], &scratch, bmx_slice_of(text, n), false, note_ends, &e,
                          &err));
        assert_int_equal(e.n, 3);
        assert_int_equal(e.end[0], 2);
        assert_int_equal(e.end[1], 2 + 64);
        assert_int_equal(e.end[2], n);
        bmx_free(e.end);
        bmx_scan_scratch_release(&scratch);
    }
    for (size_t i = 0; i < N_SUBJECTS; i++) {
        bool both = subjects[i].kind == BMX_SCAN_O200K || subjects[i].kind == BMX_SCAN_TEKKEN;
        rivals v;
        rivals_init(&v, i);
        for (size_t b = 0; b < sizeof before / sizeof *before; b++)
            for (size_t t = 0; t < sizeof tail / sizeof *tail; t++)
                for (size_t a = 0; a < sizeof after / sizeof *after; a++)
                    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
                        size_t at = sizes[k] / 1000, bytes = sizes[k] % 1000, n;

                        if (!both && number++ % 5)
                            continue; /* each part occurs still, if not with each other one */
                        /* the mark ends at byte `at`, so that the next word of 64 is in doubt or
                           not */
                        n = at > strlen(before[b]) ? at - strlen(before[b]) : 0;
                        memset(text, '\n', n);
                        n += (size_t)sprintf(text + n, "%s", before[b]);
                        for (size_t len = strlen(tail[t]); n < bytes; n += len)
                            memcpy(text + n, tail[t], len);
                        n += (size_t)sprintf(text + n, "%s", after[a]);
                        agree(&v, subjects[i].name, bmx_slice_of(text, n), sizes[k]);
                    }
        rivals_release(&v);
    }
}

/* The files of a folder: the bundled corpora, and real ones when they are there. */
static void folder(const char *path)
{
    bpemix_error err = { 0 };
    bmx_paths files = { 0 };
    rivals v[N_SUBJECTS];

    for (size_t i = 0; i < N_SUBJECTS; i++)
        rivals_init(&v[i], i);
    CHECK_OK(bmx_list_files(path, &files, &err));
    assert_true(files.n > 0);
    for (size_t k = 0; k < files.n; k++) {
        bmx_buf b = { 0 };
        CHECK_OK(bmx_read_file(files.path[k], 0, &b, &err));
        bmx_slice text = bmx_slice_of(b.ptr, bmx_utf8_valid_prefix(bmx_slice_of(b.ptr, b.len)));
        for (size_t i = 0; i < N_SUBJECTS; i++)
            agree(&v[i], subjects[i].name, text, k);
        bmx_buf_release(&b);
    }
    bmx_paths_release(&files);
    for (size_t i = 0; i < N_SUBJECTS; i++)
        rivals_release(&v[i]);
}

static void real_text(void **state)
{
    const char *extra = getenv("BPEMIX_SCAN_TEXT"); /* a folder of more text */
    (void)state;

    folder("corpora/bundled");
    if (extra)
        folder(extra);
}

/* AUTO takes the scanner, and only where it means the same. */
static void chosen_when_exact(void **state)
{
    static const char text[] = "I'm 12 Ünïts\r\n  of it's";
    bmx_pretokenizer_spec spec = { 0 };
    bpemix_error err = { 0 };
    (void)state;

    bmx_pattern p = { (char *)bmx_scan_pattern(BMX_SCAN_CL100K),
                      strlen(bmx_scan_pattern(BMX_SCAN_CL100K)), true, BMX_REGEX_ONIGURUMA };
    assert_int_equal(bmx_scan_find(&p), BMX_SCAN_CL100K);
    p.is_regex = false;
    assert_int_equal(bmx_scan_find(&p), BMX_SCAN_NONE);
    for (size_t i = 0; i < N_SUBJECTS; i++) {
        const char *t = subjects[i].pattern
            ? subjects[i].pattern : bmx_scan_pattern(subjects[i].kind);
        p = (bmx_pattern){ (char *)t, strlen(t), true, BMX_REGEX_FANCY };
        assert_int_equal(bmx_scan_find(&p),
                         subjects[i].kind == BMX_SCAN_GPT2_DIGITS
                         ? BMX_SCAN_GPT2 : subjects[i].kind);
        p.len--;
        assert_int_equal(bmx_scan_find(&p), BMX_SCAN_NONE);
    }
    /* possessive forms mean something else in Oniguruma */
    p = (bmx_pattern){ (char *)subjects[9].pattern, strlen(subjects[9].pattern), true,
                       BMX_REGEX_ONIGURUMA };
    assert_int_equal(bmx_scan_find(&p), BMX_SCAN_NONE);

    /* all combinations of behaviour and engine agree */
    for (int behavior = 0; behavior <= BMX_SPLIT_CONTIGUOUS; behavior++)
        for (int invert = 0; invert < 2; invert++)
            for (int bytes = 0; bytes < 2; bytes++)
                for (int more = 0; more < 4; more++) {
                    pretoken_list a = { 0 }, b = { 0 };
                    if (more & 1)
                        add_pre(&spec, BMX_PRE_DIGITS)->individual_digits = true;
                    add_split(&spec, bmx_scan_pattern(BMX_SCAN_GPT2), true, BMX_REGEX_FANCY,
                              (bmx_split_behavior)behavior, invert);
                    if (more & 2) {
                        add_pre(&spec, BMX_PRE_BYTE_LEVEL)->use_regex = behavior % 2;
                        add_pre(&spec, BMX_PRE_FIXED_LENGTH)->length = 3;
                    }
                    pretokens_of(&spec, bytes, BMX_ENGINE_AUTO, bmx_slice_str(text), &a);
                    pretokens_of(&spec, bytes, BMX_ENGINE_PCRE2, bmx_slice_str(text), &b);
                    assert_int_equal(a.text.len, b.text.len);
                    assert_memory_equal(a.text.ptr ? a.text.ptr : "", b.text.ptr ? b.text.ptr : "",
                                        a.text.len);
                    pretokens_release(&a);
                    pretokens_release(&b);
                    bmx_pretokenizer_spec_release(&spec);
                }
    (void)err;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_when_exact), cmocka_unit_test(random_texts),
        cmocka_unit_test(long_texts), cmocka_unit_test(full_batches),
        cmocka_unit_test(long_tails_of_marks),
        cmocka_unit_test(every_character), cmocka_unit_test(real_text),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
