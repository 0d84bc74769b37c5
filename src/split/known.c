/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c - published pre-tokenizers: their patterns, each once, and presets made of them.
 *
 * Rank files and merge lists do not say how text was split before merging, so
 * the user (or a reader that recognizes the file) names a preset.  A pattern is as
 * it was published, in the syntax of the engine it was published for. */
#include "split/known.h"

#include "base/format.h"
#include "base/utf8.h"

#include <string.h>

#define CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define SPACES "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/* cl100k and its relatives differ in how many digits stay together. */
#define P_CL100K(number)                                                       \
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" number                       \
                "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" SPACES
#define P_QWEN35                                                               \
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"                \
                "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" SPACES
/* Scripts of East Asia are split from other text. */
#define P_YOUTU                                                                \
    "[\\x{AC00}-\\x{D7A3}\\x{3131}-\\x{318E}]+"                                \
    "|[\\x{FF01}\\x{2026}\\x{201C}\\x{201D}\\x{2018}\\x{2019}\\x{2014}\\x{FF1A}" \
    "\\x{FF1B}\\x{FF0C}\\x{3001}-\\x{303F}\\x{FE30}-\\x{FE4F}]+"               \
    "|[\\x{3105}-\\x{312F}]+|[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+"
#define P_SEED                                                                 \
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}"                     \
                "| ?[^\\s\\p{L}\\p{N}\\r\\n]+|" SPACES

/* o200k: words are split where a capital follows a small letter. */
#define UPPER "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}"
#define LOWER "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}"
#define P_CASED(extra, suffix, number, tail)                                   \
    "[^\\r\\n\\p{L}\\p{N}]?[" UPPER extra "]*[" LOWER extra "]+" suffix        \
    "|[^\\r\\n\\p{L}\\p{N}]?[" UPPER extra "]+[" LOWER extra "]*" suffix       \
    "|" number "| ?[^\\s\\p{L}\\p{N}]+[" tail "]*|" SPACES
#define P_O200K P_CASED("", CONTRACTION "?", "\\p{N}{1,3}", "\\r\\n/")
#define P_TEKKEN P_CASED("", "", "\\p{N}", "\\r\\n/")
#define P_KIMI "[\\p{Han}]+|" P_CASED("&&[^\\p{Han}]", CONTRACTION "?", "\\p{N}{1,3}", "\\r\\n")

/* The same patterns as tiktoken has them, some with possessive repetitions. */
#define P_GPT2_POSSESSIVE                                                      \
    "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++"          \
    "|\\s++$|\\s+(?!\\S)|\\s"
#define P_GPT2_SHORT                                                           \
    "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+"             \
    "|\\s+(?!\\S)|\\s+"
#define P_CL100K_POSSESSIVE                                                    \
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+"        \
    "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"
#define P_CL100K_SHORT                                                         \
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"          \
    "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"

#define P_BLOOM " ?[^(\\s|[.,!?…。，、।۔،])]+"

#define P_CLIP                                                                 \
    "<\\|startoftext\\|>|<\\|endoftext\\|>|" CONTRACTION                       \
    "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

#define P_DEEPSEEK3                                                            \
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"                    \
    "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"                             \
    "| ?[\\p{P}\\p{S}]+[\\r\\n]*|" SPACES

/* Cased letters of the alphabets that DeepSeek LLM lists one by one. */
#define DEEPSEEK_LETTERS                                                       \
    "A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}"              \
    "\\x{1BC}-\\x{1BF}\\x{1C4}-\\x{293}\\x{295}-\\x{2AF}\\x{370}-\\x{373}"     \
    "\\x{376}\\x{377}\\x{37B}-\\x{37D}\\x{37F}\\x{386}\\x{388}-\\x{38A}"       \
    "\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}\\x{3F7}-\\x{481}"              \
    "\\x{48A}-\\x{52F}\\x{531}-\\x{556}\\x{10A0}-\\x{10C5}\\x{13A0}-\\x{13F5}" \
    "\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}\\x{1CBD}-\\x{1CBF}"                \
    "\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}"                \
    "\\x{1E00}-\\x{1F15}\\x{1F18}-\\x{1F1D}\\x{1F20}-\\x{1F45}"                \
    "\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}\\x{1F59}\\x{1F5B}\\x{1F5D}"        \
    "\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}\\x{1FBE}"       \
    "\\x{1FC2}-\\x{1FC4}\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}"                \
    "\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}\\x{1FF2}-\\x{1FF4}"                \
    "\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}\\x{210A}-\\x{2113}\\x{2115}"        \
    "\\x{2119}-\\x{211D}\\x{2124}\\x{2126}\\x{2128}\\x{212A}-\\x{212D}"        \
    "\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}\\x{2145}-\\x{2149}"       \
    "\\x{214E}\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}"        \
    "\\x{2CEB}-\\x{2CEE}\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}"                 \
    "\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}\\x{A771}-\\x{A787}"                \
    "\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}\\x{FB00}-\\x{FB06}"                \
    "\\x{FB13}-\\x{FB17}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}"                \
    "\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}"          \
    "\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"          \
    "\\x{1E900}-\\x{1E943}"
#define DEEPSEEK_CJK "[\\x{4E00}-\\x{9FA5}\\x{800}-\\x{4E00}\\x{AC00}-\\x{D7FF}]+"

/* ---- patterns ---- */

#define PLACES (BMX_CUT_SPACE | BMX_CUT_NEWLINE)
#define CHUNKS (BMX_CUT_ANY_SPACE | BMX_CUT_MARK)
#define ALL (PLACES | CHUNKS)

/* What is known of cuts: every cut is a boundary; cuts change nothing but need not be boundaries;
 * nothing is known. */
#define WORDS { ALL, ALL, false }
#define PARTS { ALL, 0, false }
#define UNKNOWN { 0, 0, false }

enum {
    GPT2, GPT2_POSSESSIVE, GPT2_SHORT, CL100K, CL100K_POSSESSIVE, CL100K_SHORT, QWEN, QWEN35, O200K,
    TEKKEN, KIMI, MINICPM5, YOUTU_SCRIPTS, YOUTU, BLOOM, SEED, CLIP, NUMBER, NUMBERS,
    THREE_NUMBERS, THREE_DIGITS, THOUSANDS,
    DEEPSEEK3_CJK, DEEPSEEK3, LINE_ENDS, ANY_LETTERS, ANY_PUNCTUATION, CJK, CASED_LETTERS, SIGNS,
    LAST_SPACE, N_PATTERNS
};

static const bmx_known_pattern patterns[N_PATTERNS] = {
    /* of patterns with the same scanner, the first is the one that the scanner implements */
    [GPT2] = { "gpt2", BMX_PATTERN_GPT2, BMX_SCAN_GPT2, false, WORDS },
    [GPT2_POSSESSIVE] = { "gpt2, possessive", P_GPT2_POSSESSIVE, BMX_SCAN_GPT2, true, UNKNOWN },
    [GPT2_SHORT] = { "gpt2, short", P_GPT2_SHORT, BMX_SCAN_GPT2, false, UNKNOWN },
    [CL100K] = { "cl100k", P_CL100K("\\p{N}{1,3}"), BMX_SCAN_CL100K, false, WORDS },
    [CL100K_POSSESSIVE] = { "cl100k, possessive", P_CL100K_POSSESSIVE, BMX_SCAN_CL100K_END, true,
                            UNKNOWN },
    [CL100K_SHORT] = { "cl100k, short", P_CL100K_SHORT, BMX_SCAN_CL100K, true, UNKNOWN },
    [QWEN] = { "qwen", P_CL100K("\\p{N}"), BMX_SCAN_QWEN, false, WORDS },
    [QWEN35] = { "qwen35", P_QWEN35, BMX_SCAN_QWEN35, false, WORDS },
    [O200K] = { "o200k", P_O200K, BMX_SCAN_O200K, false, WORDS },
    [TEKKEN] = { "tekken", P_TEKKEN, BMX_SCAN_TEKKEN, false, WORDS },
    [KIMI] = { "kimi", P_KIMI, BMX_SCAN_NONE, false, WORDS },
    [MINICPM5] = { "minicpm5", P_CL100K("\\p{N}+"), BMX_SCAN_NONE, false, WORDS },
    [YOUTU_SCRIPTS] = { "youtu", P_YOUTU, BMX_SCAN_NONE, false, PARTS },
    [YOUTU] = { "youtu", P_CASED("", CONTRACTION "?", "\\p{N}", "\\r\\n/"), BMX_SCAN_NONE, false,
                WORDS },
    [BLOOM] = { "bloom", P_BLOOM, BMX_SCAN_NONE, false, { ALL, ALL, true } },
    [SEED] = { "seed-coder", P_SEED, BMX_SCAN_NONE, false, WORDS },
    [CLIP] = { "clip", P_CLIP, BMX_SCAN_NONE, false, WORDS },
    [NUMBER] = { "viking", "\\p{N}", BMX_SCAN_NONE, false, PARTS },
    [NUMBERS] = { "superbpe", "\\p{N}+", BMX_SCAN_NONE, false, PARTS },
    [THREE_NUMBERS] = { "deepseek-v3", "\\p{N}{1,3}", BMX_SCAN_NONE, false, PARTS },
    [THREE_DIGITS] = { "falcon", "[0-9][0-9][0-9]", BMX_SCAN_NONE, false, PARTS },
    [THOUSANDS] = { "superbpe", "(?=(\\d{3})+(?!\\d))", BMX_SCAN_NONE, false, UNKNOWN },
    [DEEPSEEK3_CJK] = { "deepseek-v3",
                        "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+",
                        BMX_SCAN_NONE, false, PARTS },
    [DEEPSEEK3] = { "deepseek-v3", P_DEEPSEEK3, BMX_SCAN_NONE, false, WORDS },
    [LINE_ENDS] = { "deepseek-coder", "[\\r\\n]", BMX_SCAN_NONE, false,
                    { ALL, BMX_CUT_NEWLINE, false } },
    [ANY_LETTERS] = { "deepseek-coder", "\\s?\\p{L}+", BMX_SCAN_NONE, false,
                      { ALL, BMX_CUT_SPACE | CHUNKS, true } },
    [ANY_PUNCTUATION] = { "deepseek-coder", "\\s?\\p{P}+", BMX_SCAN_NONE, false, PARTS },
    [CJK] = { "deepseek-coder", DEEPSEEK_CJK, BMX_SCAN_NONE, false, PARTS },
    /* The pattern lists the letters of some alphabets.  A letter of another alphabet need not be
     * matched together with the space before it, so nothing is known of such cuts. */
    [CASED_LETTERS] = { "deepseek-llm", "\\s?[" DEEPSEEK_LETTERS "]+", BMX_SCAN_NONE, false,
                        { CHUNKS, CHUNKS, true } },
    [SIGNS] = { "deepseek-llm",
                "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}"
                "\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+", BMX_SCAN_NONE, false,
                { CHUNKS, 0, false } },
    [LAST_SPACE] = { "deepseek-llm", "\\s+$", BMX_SCAN_NONE, false, { CHUNKS, 0, false } },
};

/* The next symbol of a pattern: a character, which an escape (\n, \r, \t, \x{4E00}) may stand for
 * outside ASCII, where it cannot be an operator; ESCAPED + c: any other escape. */
#define ESCAPED 0x200000u

static uint32_t next_symbol(bmx_slice pattern, size_t *at)
{
    static const char hex[] = "0123456789ABCDEF";
    bmx_slice s = bmx_slice_of(pattern.ptr + *at, pattern.len - *at);
    uint32_t cp = 0;
    unsigned n = 3;

    if (s.ptr[0] != '\\' || s.len < 2) {
        n = bmx_utf8_decode(s.ptr, s.len, &cp);
        *at += n ? n : 1;
        return n ? cp : (unsigned char)s.ptr[0];
    }
    for (; s.ptr[1] == 'x' && s.len > n && s.ptr[2] == '{' && n < 10; n++) {
        const char *digit = strchr(hex, s.ptr[n]);
        if (s.ptr[n] == '}' && cp >= 0x80) {
            *at += n + 1;
            return cp;
        }
        if (!s.ptr[n] || !digit)
            break;
        cp = cp * 16 + (uint32_t)(digit - hex);
    }
    *at += 2;
    switch (s.ptr[1]) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return ESCAPED + (unsigned char)s.ptr[1];
    }
}

/* Files write the characters of a pattern as they are or as escapes. */
static bool same_pattern(bmx_slice a, bmx_slice b)
{
    size_t i = 0, k = 0;

    while (i < a.len && k < b.len)
        if (next_symbol(a, &i) != next_symbol(b, &k))
            return false;
    return i == a.len && k == b.len;
}

const bmx_known_pattern *bmx_known_find(const bmx_pattern *p)
{
    for (size_t i = 0; i < N_PATTERNS && p->is_regex; i++)
        if (same_pattern(bmx_slice_of(p->text, p->len), bmx_slice_str(patterns[i].text)))
            return &patterns[i];
    return NULL;
}

bmx_scan_kind bmx_scan_find(const bmx_pattern *p)
{
    const bmx_known_pattern *known = bmx_known_find(p);

    return known && (!known->fancy_only || p->flavor == BMX_REGEX_FANCY) ? known->scan
                                                                         : BMX_SCAN_NONE;
}

const char *bmx_scan_pattern(bmx_scan_kind kind)
{
    for (size_t i = 0; i < N_PATTERNS && kind != BMX_SCAN_NONE; i++)
        if (patterns[i].scan == kind)
            return patterns[i].text;
    return kind == BMX_SCAN_GPT2_DIGITS ? BMX_PATTERN_GPT2 : NULL;
}

/* ---- patterns made of known alternatives ---- */

enum { LETTERS = 1, DIGITS_TOO = 2, SIGNS_TOO = 4, WHITE = 8, WHOLE = 15 };

/* What the alternative of a pattern matches, beginning with at most one space and with none
 * inside: 0 for contractions, which are letters and signs in any case; -1: it is not known.  WHITE:
 * all white space that the alternatives before it leave. */
static int kind_of_alternative(bmx_slice s)
{
    static const struct { const char *text; int kind; } known[] = {
        { CONTRACTION, 0 }, { "'(?i:[sdmt]|ll|ve|re)", 0 }, { "'(?:[sdmt]|ll|ve|re)", 0 },
        { "'s", 0 }, { "'t", 0 }, { "'re", 0 }, { "'ve", 0 }, { "'m", 0 }, { "'ll", 0 },
        { "'d", 0 },
        { " ?\\p{L}+", LETTERS }, { " ?\\p{L}++", LETTERS },
        { "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", LETTERS },
        { "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+", LETTERS },
        { "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++", LETTERS },
        { " ?\\p{N}+", DIGITS_TOO }, { " ?\\p{N}++", DIGITS_TOO }, { " ?\\p{N}", DIGITS_TOO },
        { "\\p{N}", DIGITS_TOO }, { "\\p{N}+", DIGITS_TOO }, { "\\p{N}{1,2}", DIGITS_TOO },
        { "\\p{N}{1,3}", DIGITS_TOO }, { "\\p{N}{1,3}+", DIGITS_TOO },
        { " ?[^\\s\\p{L}\\p{N}]+", SIGNS_TOO }, { " ?[^\\s\\p{L}\\p{N}]++", SIGNS_TOO },
        { " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*", SIGNS_TOO },
        { " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*", SIGNS_TOO },
        { " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+", SIGNS_TOO },
        { " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*", SIGNS_TOO },
        { "\\s*[\\r\\n]+", 0 }, { "\\s*[\\r\\n]", 0 }, { "\\s++$", 0 }, { "\\s+$", 0 },
        { "\\s+(?!\\S)", 0 }, { "\\s+", WHITE }, { "\\s", WHITE },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (same_pattern(s, bmx_slice_str(known[i].text)))
            return known[i].kind;
    return -1;
}

/* Is a pattern made of such alternatives, which leave nothing unmatched?  Then a space behind
 * something visible starts another word, whatever their order. */
static bool is_of_known_alternatives(bmx_slice pattern)
{
    int depth = 0, all = 0;
    size_t from = 0;

    for (size_t i = 0; i <= pattern.len; i++) {
        char c = i < pattern.len ? pattern.ptr[i] : '|';

        if (c == '|' && depth == 0) {
            int kind = kind_of_alternative(bmx_slice_of(pattern.ptr + from, i - from));
            if (kind < 0)
                return false;
            all |= kind;
            from = i + 1;
        }
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        i += c == '\\';
    }
    return all == WHOLE;
}

bmx_cut_facts bmx_known_cuts(const bmx_pretokenizer_step *step)
{
    bool isolated = step->behavior == BMX_SPLIT_ISOLATED && !step->invert;
    bool matches = step->behavior == BMX_SPLIT_REMOVED && step->invert;
    /* a step that drops the gaps loses white space at cuts, which the judgement of boundaries
     * assumed to be there */
    const bmx_pattern *p = &step->pattern;
    const bmx_known_pattern *known = isolated || matches ? bmx_known_find(p) : NULL;

    if (known && known->cuts.transparent)
        return known->cuts;
    return (isolated || matches) && p->is_regex &&
                   is_of_known_alternatives(bmx_slice_of(p->text, p->len))
               ? (bmx_cut_facts){ CHUNKS, CHUNKS, false }
               : (bmx_cut_facts){ 0 };
}

/* ---- presets ---- */

#define MAX_STEPS 6 /* no recipe below has more */

typedef struct recipe_step {
    bmx_pretokenizer_kind kind;
    int pattern; /* BMX_PRE_SPLIT: which */
    bmx_split_behavior behavior;
    bool individual_digits, invert;
} recipe_step;

#define SPLIT(p) { BMX_PRE_SPLIT, p, BMX_SPLIT_ISOLATED, false, false }
#define KEEP_MATCHES(p) { BMX_PRE_SPLIT, p, BMX_SPLIT_REMOVED, false, true }
#define DIGITS(individual) { BMX_PRE_DIGITS, 0, BMX_SPLIT_ISOLATED, individual, false }
#define BYTE_LEVEL { BMX_PRE_BYTE_LEVEL, 0, BMX_SPLIT_ISOLATED, false, false }

/* The three SentencePiece presets: trainer defaults; runs of spaces allowed
 * (Llama, Mistral); the same without a dummy space in front of a line (Gemma). */
typedef enum { SP_NONE, SP_DEFAULT, SP_RUNS, SP_RUNS_BARE } sp_kind;

typedef struct recipe {
    const char *name;
    const char *aliases; /* separated by single spaces */
    bmx_regex_flavor flavor;
    sp_kind sp;
    recipe_step step[MAX_STEPS];
    size_t n;
} recipe;

#define STEPS(...)                                                             \
    .step = { __VA_ARGS__ },                                                   \
    .n = sizeof((recipe_step[]){ __VA_ARGS__ }) / sizeof(recipe_step)

static const recipe recipes[] = {
    { "gpt2",
      "gpt-2 r50k r50k_base p50k p50k_base gpt3 gpt-3 phi-1 phi-2 opt codegen roberta roberta-bpe "
      "whisper claude gpt-neox pythia mpt olmo jais trillion exaone4 gigachat modern-bert mellum "
      "jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code a.x-4.0 granite-docling",
      BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(BYTE_LEVEL) },
    { "cl100k", "cl100k_base gpt-3.5 gpt-4 gpt3.5 gpt4 dbrx smaug-bpe glm4 glm-4 chatglm-bpe olmo2 "
                "phi-4",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(CL100K)) },
    { "llama3",
      "llama-3 llama-bpe llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(CL100K)) },
    { "o200k", "o200k_base o200k_harmony gpt-4o gpt4o gpt-oss llama4 llama-4 minimax-m2 kanana2 "
               "talkie granite-embed-multi-97m",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(O200K)) },
    { "qwen", "qwen2 qwen2.5 qwen3 deepseek-r1-qwen stablelm2 grok-2 hunyuan megrez solar-open "
              "kormo f2llmv2",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(QWEN)) },
    { "qwen35", "qwen3.5", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(QWEN35)) },
    { "tekken", "mistral-nemo", BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(TEKKEN)) },
    { "kimi", "kimi-k2", BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(KIMI)) },
    { "bloom", "poro poro-chat gpt3-finnish", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(BLOOM)) },
    { "viking", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(BLOOM), SPLIT(NUMBER)) },
    { "deepseek-v3", "deepseek-r1 hunyuan-dense joyai-llm hy_v4", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(THREE_NUMBERS),
            SPLIT(DEEPSEEK3_CJK),
            SPLIT(DEEPSEEK3)) },
    { "deepseek-coder", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(LINE_ENDS), SPLIT(ANY_LETTERS), SPLIT(ANY_PUNCTUATION), SPLIT(CJK),
            SPLIT(NUMBER)) },
    { "deepseek-llm", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(LINE_ENDS), SPLIT(CASED_LETTERS),
            SPLIT(SIGNS),
            SPLIT(LAST_SPACE), SPLIT(CJK), SPLIT(NUMBERS)) },
    { "falcon", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS({ BMX_PRE_PUNCTUATION, 0, BMX_SPLIT_CONTIGUOUS, false, false }, BYTE_LEVEL,
            DIGITS(false), SPLIT(THREE_DIGITS)) },
    { "starcoder", "starcoder2 smollm refact codeshell exaone minerva-7b granite-code mellum2",
      BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(DIGITS(true), BYTE_LEVEL) },
    { "command-r", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(DIGITS(true), BYTE_LEVEL) },
    { "minicpm5", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(THREE_NUMBERS), SPLIT(MINICPM5)) },
    { "youtu", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(YOUTU_SCRIPTS), SPLIT(YOUTU)) },
    { "seed-coder", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(SEED)) },
    { "superbpe", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(NUMBERS), SPLIT(THOUSANDS)) },
    { "clip", "", BMX_REGEX_FANCY, SP_NONE, STEPS(KEEP_MATCHES(CLIP)) },
    { "whitespace", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS({ BMX_PRE_WHITESPACE, 0, 0, false, false }) },
    { "spaces", "whitespace-split subword-nmt fastbpe", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS({ BMX_PRE_WHITESPACE_SPLIT, 0, 0, false, false }) },
    { "sentencepiece", "spm", BMX_REGEX_FANCY, SP_DEFAULT, .n = 0 },
    { "llama", "llama2 llama-2 mistral phi-3 phi3", BMX_REGEX_FANCY, SP_RUNS, .n = 0 },
    { "gemma", "gemma2 gemma3", BMX_REGEX_FANCY, SP_RUNS_BARE, .n = 0 },
};
#define N_RECIPES (sizeof recipes / sizeof *recipes)

const char *const *bmx_pretokenizer_preset_names(void)
{
    static const char *const names[] = {
        "gpt2", "cl100k", "llama3", "o200k", "qwen", "qwen35", "tekken", "kimi", "bloom",
        "viking", "deepseek-v3", "deepseek-coder", "deepseek-llm", "falcon", "starcoder",
        "command-r", "minicpm5", "youtu", "seed-coder", "superbpe", "clip", "whitespace",
        "spaces", "sentencepiece", "llama", "gemma", NULL
    };
    _Static_assert(sizeof names / sizeof *names == N_RECIPES + 1, "a preset without a name");
    return names;
}

/* Is `name` one of the space-separated words of `list`? */
static bool in_list(const char *list, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = list; n > 0 && (p = strstr(p, name)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static const recipe *find_recipe(const char *name)
{
    if (!*name || strchr(name, ' '))
        return NULL;
    for (size_t i = 0; i < N_RECIPES; i++)
        if (!strcmp(recipes[i].name, name) || in_list(recipes[i].aliases, name))
            return &recipes[i];
    return NULL;
}

static bpemix_status add_step(bmx_pretokenizer_spec *s, const recipe_step *r,
                              bmx_regex_flavor flavor, bpemix_error *err)
{
    bmx_pretokenizer_step *step;

    if (bmx_pretokenizer_add(s, r->kind, &step, err))
        return BPEMIX_E_NOMEM;
    step->behavior = r->behavior;
    step->individual_digits = r->individual_digits;
    step->invert = r->invert;
    step->use_regex = r->kind == BMX_PRE_BYTE_LEVEL;
    return r->kind != BMX_PRE_SPLIT
               ? BPEMIX_OK
               : bmx_pattern_set(&step->pattern, bmx_slice_str(patterns[r->pattern].text), true,
                                 flavor, err);
}

/* One line at a time, with spaces written as U+2581.  Text that went through the tokenizer's own
 * normalizer has them already and is not changed. */
static bpemix_status add_sentencepiece(bmx_pretokenizer_spec *s, sp_kind kind, bpemix_error *err)
{
    bmx_pretokenizer_step *step;

    if (bmx_pretokenizer_add(s, BMX_PRE_CHAR_DELIMITER, &step, err))
        return BPEMIX_E_NOMEM;
    step->delimiter = '\n';
    if (bmx_pretokenizer_add(s, BMX_PRE_METASPACE, &step, err))
        return BPEMIX_E_NOMEM;
    step->delimiter = BMX_SPACE_SYMBOL_CODE;
    step->prepend = kind == SP_RUNS_BARE ? BMX_PREPEND_NEVER : BMX_PREPEND_ALWAYS;
    if (bmx_pretokenizer_add(s, BMX_PRE_SENTENCEPIECE, &step, err))
        return BPEMIX_E_NOMEM;
    step->sp.split_by_whitespace = true;
    step->sp.allow_whitespace_only_pieces = kind != SP_DEFAULT;
    return BPEMIX_OK;
}

static bpemix_status unknown_preset(const char *name, bpemix_error *err)
{
    char list[256] = "", quoted[96];
    size_t len = 0;

    for (const char *const *p = bmx_pretokenizer_preset_names(); *p; p++) {
        int n = bmx_snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "use one of ", *p);
        if (n < 0 || (size_t)n >= sizeof list - len)
            break;
        len += (size_t)n;
    }
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "", list, "no pre-tokenizer is called %s",
                         bmx_quote(quoted, sizeof quoted, name, strlen(name)));
}

bpemix_status bmx_pretokenizer_preset(const char *name, bmx_pretokenizer_spec *s,
                                      bpemix_error *err)
{
    const recipe *r = find_recipe(name);
    bmx_pretokenizer_spec fresh = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (!r)
        return unknown_preset(name, err);
    for (size_t i = 0; i < r->n && !st; i++)
        st = add_step(&fresh, &r->step[i], r->flavor, err);
    if (!st && r->sp != SP_NONE)
        st = add_sentencepiece(&fresh, r->sp, err);
    if (!st && !(fresh.name = bmx_strdup(r->name)))
        st = bmx_nomem(err);
    if (st) {
        bmx_pretokenizer_spec_release(&fresh);
        return st;
    }
    *s = fresh;
    return BPEMIX_OK;
}
