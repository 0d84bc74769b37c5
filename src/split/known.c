/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c - pre-tokenizers of published tokenizers, by name.
 *
 * Rank files and merge lists do not say how text was split before merging, so
 * the user (or a reader that recognizes the file) names one of these.  Each is
 * the published pattern in the syntax of the engine it was published for. */
#include "tokenizer/spec.h"

#include <stdio.h>
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
#define P_SEED                                                                 \
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}"                     \
                "| ?[^\\s\\p{L}\\p{N}\\r\\n]+|" SPACES

/* o200k: words split where lower case is followed by upper case. */
#define UPPER "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}"
#define LOWER "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}"
#define P_CASED(extra, suffix, number, tail)                                   \
    "[^\\r\\n\\p{L}\\p{N}]?[" UPPER extra "]*[" LOWER extra "]+" suffix        \
    "|[^\\r\\n\\p{L}\\p{N}]?[" UPPER extra "]+[" LOWER extra "]*" suffix       \
    "|" number "| ?[^\\s\\p{L}\\p{N}]+[" tail "]*|" SPACES
#define P_O200K P_CASED("", CONTRACTION "?", "\\p{N}{1,3}", "\\r\\n/")
#define P_TEKKEN P_CASED("", "", "\\p{N}", "\\r\\n/")
#define P_KIMI "[\\p{Han}]+|" P_CASED("&&[^\\p{Han}]", CONTRACTION "?", "\\p{N}{1,3}", "\\r\\n")

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

#define MAX_STEPS 6

typedef struct recipe_step {
    bmx_pretokenizer_kind kind;
    const char *pattern; /* BMX_PRE_SPLIT: a regular expression */
    bmx_split_behavior behavior;
    bool individual_digits, invert;
} recipe_step;

#define SPLIT(p) { BMX_PRE_SPLIT, p, BMX_SPLIT_ISOLATED, false, false }
#define KEEP_MATCHES(p) { BMX_PRE_SPLIT, p, BMX_SPLIT_REMOVED, false, true }
#define DIGITS(individual) { BMX_PRE_DIGITS, NULL, BMX_SPLIT_ISOLATED, individual, false }
#define GPT2 { BMX_PRE_BYTE_LEVEL, NULL, BMX_SPLIT_ISOLATED, false, false }

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
      BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(GPT2) },
    { "cl100k", "cl100k_base gpt-3.5 gpt-4 gpt3.5 gpt4 dbrx smaug-bpe glm4 glm-4 chatglm-bpe olmo2 phi-4",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_CL100K("\\p{N}{1,3}"))) },
    { "llama3",
      "llama-3 llama-bpe llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_CL100K("\\p{N}{1,3}"))) },
    { "o200k", "o200k_base o200k_harmony gpt-4o gpt4o gpt-oss llama4 llama-4 minimax-m2 kanana2",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_O200K)) },
    { "qwen", "qwen2 qwen2.5 qwen3 deepseek-r1-qwen stablelm2 grok-2 hunyuan megrez solar-open kormo",
      BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_CL100K("\\p{N}"))) },
    { "qwen35", "qwen3.5", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(P_QWEN35)) },
    { "tekken", "mistral-nemo", BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_TEKKEN)) },
    { "kimi", "kimi-k2", BMX_REGEX_FANCY, SP_NONE, STEPS(SPLIT(P_KIMI)) },
    { "bloom", "poro poro-chat gpt3-finnish", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT(P_BLOOM)) },
    { "viking", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(P_BLOOM), SPLIT("\\p{N}")) },
    { "deepseek-v3", "deepseek-r1 hunyuan-dense", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT("\\p{N}{1,3}"),
            SPLIT("[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+"),
            SPLIT(P_DEEPSEEK3)) },
    { "deepseek-coder", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT("[\\r\\n]"), SPLIT("\\s?\\p{L}+"), SPLIT("\\s?\\p{P}+"), SPLIT(DEEPSEEK_CJK),
            SPLIT("\\p{N}")) },
    { "deepseek-llm", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT("[\\r\\n]"), SPLIT("\\s?[" DEEPSEEK_LETTERS "]+"),
            SPLIT("\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}"
                  "\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+"),
            SPLIT("\\s+$"), SPLIT(DEEPSEEK_CJK), SPLIT("\\p{N}+")) },
    { "falcon", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS({ BMX_PRE_PUNCTUATION, NULL, BMX_SPLIT_CONTIGUOUS, false, false }, GPT2,
            DIGITS(false), SPLIT("[0-9][0-9][0-9]")) },
    { "starcoder", "starcoder2 smollm refact codeshell exaone minerva-7b granite-code mellum2",
      BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(DIGITS(true), GPT2) },
    { "command-r", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(DIGITS(true), GPT2) },
    { "seed-coder", "", BMX_REGEX_ONIGURUMA, SP_NONE, STEPS(SPLIT(P_SEED)) },
    { "superbpe", "", BMX_REGEX_ONIGURUMA, SP_NONE,
      STEPS(SPLIT("\\p{N}+"), SPLIT("(?=(\\d{3})+(?!\\d))")) },
    { "clip", "", BMX_REGEX_FANCY, SP_NONE, STEPS(KEEP_MATCHES(P_CLIP)) },
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
        "command-r", "seed-coder", "superbpe", "clip", "sentencepiece", "llama", "gemma", NULL
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
    return r->pattern ? bmx_pattern_set(&step->pattern, bmx_slice_str(r->pattern), true, flavor, err)
                      : BPEMIX_OK;
}

/* One line at a time, spaces written as U+2581.  Text that went through the
 * tokenizer's own normalizer has them already and passes unchanged. */
static bpemix_status add_sentencepiece(bmx_pretokenizer_spec *s, sp_kind kind, bpemix_error *err)
{
    bmx_pretokenizer_step *step;

    if (bmx_pretokenizer_add(s, BMX_PRE_CHAR_DELIMITER, &step, err))
        return BPEMIX_E_NOMEM;
    step->delimiter = '\n';
    if (bmx_pretokenizer_add(s, BMX_PRE_METASPACE, &step, err))
        return BPEMIX_E_NOMEM;
    step->delimiter = 0x2581;
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
        int n = snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "use one of ", *p);
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
