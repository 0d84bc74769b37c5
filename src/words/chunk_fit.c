/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_fit.c - for which tokenizers counted chunks stand for the text.
 *
 * The argument.  Pre-tokenizers match from left to right without looking behind, so a cut at
 * c changes nothing when
 *   F1  the whole text has a word boundary at c, and
 *   F2  no match before c looked at or behind c in a way that the end of the text would not
 *       have answered alike.
 *
 * Before a space behind something visible, "v | SP".  In the patterns that have a boundary there
 * (split/known.c) a space is the first character of an alternative, alone or in front of letters,
 * digits or signs, or part of a run of white space; and every visible character is matched.  So the
 * match with v ends before c, for lack of anything that takes the space (F1), and does so at the
 * end of the text (F2); look-aheads of white space further left are stopped by v.  What follows the
 * space does not matter.  (So more is cut here than a block of text may be (split/cut.c), where the
 * same has to hold for patterns with gaps.)
 *
 * Not exact are pre-tokenizers that leave some visible characters unmatched: a gap between
 * matches goes across spaces ("+ +" with DeepSeek Coder, ". \n" with BLOOM, all of Arabic with
 * DeepSeek LLM), and is one word.
 *
 * Before a mark behind a letter, "l | 。".  A run of letters ends before a mark, and a mark is
 * the first character of what comes behind: alone, of a run of signs, or of letters that it is
 * put in front of.  It is not so where words are cut at spaces alone (SentencePiece, Metaspace),
 * nor when letters are decomposed: a run of signs may begin with the mark of a kana.
 *
 * Steps.  One is transparent to a cut when cutting its result at c gives what it makes of both
 * parts, and decisive when it also always has a boundary there.  Behind a decisive step all is
 * exact, since steps work on a word at a time.
 *
 * Normalizers.  U+0020 is a starter in all Unicode forms, composes with nothing before it and
 * comes from nothing else; visible characters stay visible, letters letters.  What is put in
 * front of a unit, or trimmed there, is dealt with in unit.c; what is trimmed at its end is
 * white space behind the last chunk.  Tables of replacements are tried, character by character.
 * They may make white space of a visible one, as the rules that SentencePiece takes unless told
 * otherwise do of U+FFFD: then a run of white space goes across the cut behind it.  Where words
 * have no white space in them, what becomes of it does not matter. */
#include "words/chunk.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "split/known.h"
#include "split/normalize.h"
#include "split/unicode.h"

#include <string.h>

#define SPACE ((unsigned)BMX_CUT_ANY_SPACE)
#define MARKS ((unsigned)BMX_CUT_MARK)
#define BOTH (SPACE | MARKS)

typedef struct judgement {
    unsigned open;    /* cuts that are exact so far */
    unsigned decided; /* of them: every word ends there */
    bool symbols;     /* spaces have become U+2581 */
    bool gaps;        /* as above */
    bool blanks;      /* some visible characters become white space, or nothing */
    bool skips_lines; /* a trainer leaves out long ones, which chunks do not tell */
    const char *spaces, *marks; /* what closed these cuts, the first that did; NULL: open */
} judgement;

static void close_cuts(judgement *j, unsigned cuts, const char *why)
{
    if (j->open & cuts & SPACE)
        j->spaces = why;
    if (j->open & cuts & MARKS)
        j->marks = why;
    j->open &= ~cuts;
}

/* ---- pre-tokenizer steps ---- */

static const char across[] = "its words go across spaces";

/* A string that holds a space behind something else goes across a cut. */
static bool goes_across(bmx_slice s)
{
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i] == ' ' || bmx_space_symbol_at(s, i))
            if (s.ptr[0] != ' ' && memcmp(s.ptr, BMX_SPACE_SYMBOL, s.len < 3 ? s.len : 3))
                return true;
    return false;
}

static void judge_sentencepiece(const bmx_pretokenizer_step *step, judgement *j)
{
    j->skips_lines = j->skips_lines || step->sp.max_sentence_length > 0;
    for (size_t i = 0; i < step->sp.n_boundaries; i++)
        if (goes_across(step->sp.boundaries[i]))
            close_cuts(j, BOTH, "it has symbols of its own with spaces in them");
    if (!step->sp.split_by_whitespace || !j->symbols)
        close_cuts(j, SPACE, across);
    if (step->sp.treat_whitespace_as_suffix)
        close_cuts(j, SPACE, "its words end with spaces");
    close_cuts(j, MARKS, "its words go across punctuation");
    j->decided |= j->open & SPACE;
}

static void judge_step(const bmx_pretokenizer_step *step, judgement *j)
{
    unsigned transparent = 0, decisive = 0;
    const char *why = across;
    bmx_cut_facts facts;

    switch (step->kind) {
    case BMX_PRE_BYTE_LEVEL: /* a space is put in front of what does not start with one */
        transparent = step->add_prefix_space ? SPACE : BOTH;
        decisive = step->use_regex ? transparent : 0;
        break;
    case BMX_PRE_SPLIT:
        facts = bmx_known_cuts(step);
        transparent = facts.transparent & BOTH;
        if (!transparent && !bmx_known_find(&step->pattern))
            why = "its pattern is not known here, so that words may go across spaces";
        decisive = facts.decisive & BOTH;
        j->gaps = j->gaps || facts.gaps;
        break;
    case BMX_PRE_DIGITS:
    case BMX_PRE_PUNCTUATION: /* runs of one kind end at a space, and letters are none */
        transparent = BOTH;
        break;
    case BMX_PRE_WHITESPACE:
    case BMX_PRE_BERT:
        transparent = decisive = BOTH;
        break;
    case BMX_PRE_WHITESPACE_SPLIT:
        transparent = decisive = SPACE;
        break;
    case BMX_PRE_METASPACE: /* the part behind a cut has its symbol already */
        transparent = SPACE;
        decisive = step->split ? SPACE : 0;
        break;
    case BMX_PRE_CHAR_DELIMITER:
        transparent = step->delimiter == ' ' ? SPACE : BOTH;
        decisive = step->delimiter == ' ' ? SPACE : 0;
        break;
    case BMX_PRE_SENTENCEPIECE:
        if (!(j->decided & SPACE))
            judge_sentencepiece(step, j);
        return;
    case BMX_PRE_UNICODE_SCRIPTS: /* a space joins the script before it */
    case BMX_PRE_FIXED_LENGTH:
        break;
    }
    if (j->symbols && step->kind != BMX_PRE_METASPACE && step->kind != BMX_PRE_CHAR_DELIMITER)
        transparent = decisive = 0; /* there are no spaces to see any more */
    close_cuts(j, ~(transparent | j->decided), why);
    j->decided |= j->open & decisive;
    if (step->kind == BMX_PRE_METASPACE)
        j->symbols = step->delimiter == BMX_SPACE_SYMBOL_CODE;
    if (step->kind == BMX_PRE_METASPACE || step->kind == BMX_PRE_BYTE_LEVEL)
        if (!j->symbols)
            close_cuts(j, ~j->decided, across);
}

/* ---- normalizers ---- */

/* True when text ended with `end`, which is then taken off. */
static bool takes_off(bmx_slice *text, bmx_slice end)
{
    if (text->len < end.len || memcmp(text->ptr + text->len - end.len, end.ptr, end.len))
        return false;
    text->len -= end.len;
    return true;
}

/* *good: behind every visible character a space stays a space, and is at the same place.
 * *blanks: some of these characters become white space, or nothing. */
static bpemix_status try_characters(const bmx_normalizer_step *step, bool *good, bool *blanks,
                                    bpemix_error *err)
{
    bmx_normalizer_step copy = *step;
    bmx_normalizer_spec spec = { .step = &copy, .n = 1 };
    bmx_normalizer *norm = NULL;
    bmx_buf scratch[2] = { { 0 }, { 0 } };
    bool symbols = step->kind == BMX_NORM_SENTENCEPIECE && step->sp.escape_whitespaces;
    bmx_slice blank = bmx_slice_str(symbols ? BMX_SPACE_SYMBOL : " ");
    bpemix_status st;

    copy.sp.add_dummy_prefix = false;
    copy.sp.remove_extra_whitespaces = false;
    st = bmx_normalizer_new(&spec, &norm, err);
    *good = true;
    for (uint32_t c = 0x21; c < 0x30000 && *good && !st; c++) {
        uint8_t class = bmx_unicode_class(c) & BMX_CLASS_CATEGORY;
        char text[8];
        unsigned n;
        bmx_slice out;

        if (class == BMX_CN || class >= BMX_ZS || (symbols && c == BMX_SPACE_SYMBOL_CODE))
            continue;
        n = bmx_utf8_encode(c, text);
        memcpy(text + n, " a", 2);
        if ((st = bmx_normalize(norm, bmx_slice_of(text, n + 2), scratch, &out, err)))
            break;
        *good = out.len > 0 && out.ptr[out.len - 1] == 'a';
        out.len -= *good;
        *good = *good && takes_off(&out, blank);
        *blanks = *blanks || !out.len || takes_off(&out, blank);
    }
    bmx_normalizer_free(norm);
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
    return st;
}

/* Is this a set in square brackets and nothing else, so that it matches a character at a time and
 * looks at no other? */
static bool is_one_set(bmx_slice pattern)
{
    if (pattern.len < 3 || pattern.ptr[0] != '[')
        return false;
    for (size_t i = 1; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        if (c == ']')
            return i > 1 && i + 1 == pattern.len;
        if (c == '[' || c == '&') /* sets in sets */
            return false;
        i += c == '\\';
    }
    return false;
}

/* Runs of white space by one space: a run does not go on behind a cut, but begins there. */
static bool joins_spaces(bmx_slice from, bmx_slice to)
{
    static const char *const runs[] = { "\\s+", "[[:space:]]+", "\\s{2,}", " +", " {2,}" };
    bool known = false;

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        known = known || bmx_slice_eq(from, bmx_slice_str(runs[i]));
    return known && bmx_slice_eq(to, bmx_slice_str(" "));
}

/* A space replaced by one symbol, runs of white space by a space, or other characters by
 * visible ones. */
static bpemix_status judge_replace(const bmx_normalizer_step *step, judgement *j, bpemix_error *err)
{
    bmx_slice from = bmx_slice_of(step->pattern.text, step->pattern.len), to = step->content;
    static const char why[] = "its normalizer replaces text in a way that may go across spaces";
    bool good = true;
    bpemix_status st = BPEMIX_OK;

    if (step->pattern.is_regex) {
        if (is_one_set(from) && !j->symbols)
            st = try_characters(step, &good, &j->blanks, err);
        else
            good = joins_spaces(from, to);
        if (!good)
            close_cuts(j, BOTH, why);
        return st;
    }
    if (bmx_slice_eq(from, bmx_slice_str(" "))) {
        if (to.len == 3 && !memcmp(to.ptr, BMX_SPACE_SYMBOL, 3))
            j->symbols = true;
        else if (!bmx_slice_eq(to, bmx_slice_str(" ")))
            close_cuts(j, BOTH, why);
        return BPEMIX_OK;
    }
    if (!from.len || memchr(from.ptr, ' ', from.len) || !to.len ||
        (to.len && memchr(to.ptr, ' ', to.len)))
        close_cuts(j, BOTH, why);
    return BPEMIX_OK;
}

/* Do words end at any white space, however much there is, and have none in them? */
static bool discards_white_space(const bmx_pretokenizer_spec *pre)
{
    bmx_pretokenizer_kind kind = pre->n ? pre->step[0].kind : BMX_PRE_BYTE_LEVEL;

    return kind == BMX_PRE_WHITESPACE || kind == BMX_PRE_WHITESPACE_SPLIT || kind == BMX_PRE_BERT;
}

static bpemix_status judge_normalizer(const bmx_normalizer_step *step,
                                      const bmx_pretokenizer_spec *pre, judgement *j,
                                      bpemix_error *err)
{
    static const char why[] = "its normalizer changes white space";
    bool good = true;
    bpemix_status st = BPEMIX_OK;

    switch (step->kind) {
    case BMX_NORM_NFD: case BMX_NORM_NFKD:
        close_cuts(j, MARKS, "its normalizer takes letters apart");
        return BPEMIX_OK;
    case BMX_NORM_NFC: case BMX_NORM_NFKC: case BMX_NORM_LOWERCASE: case BMX_NORM_PREPEND:
    case BMX_NORM_STRIP:
        return BPEMIX_OK;
    case BMX_NORM_CLIP: /* trims, so that white space must not matter to what follows */
        good = pre->n > 0 && pre->step[0].kind == BMX_PRE_SPLIT && pre->step[0].invert &&
               pre->step[0].behavior == BMX_SPLIT_REMOVED;
        break;
    case BMX_NORM_REPLACE:
        return judge_replace(step, j, err);
    case BMX_NORM_SENTENCEPIECE:
        for (size_t i = 0; i < step->sp.n_keep; i++)
            good = good && !goes_across(step->sp.keep[i]);
        good = good && !step->sp.suffix;
        if (good && step->charsmap.len)
            st = try_characters(step, &good, &j->blanks, err);
        j->symbols = j->symbols || step->sp.escape_whitespaces;
        break;
    case BMX_NORM_PRECOMPILED:
        st = try_characters(step, &good, &j->blanks, err);
        break;
    case BMX_NORM_STRIP_ACCENTS: /* may leave a space behind a space */
    case BMX_NORM_NMT: case BMX_NORM_BERT:
        good = discards_white_space(pre);
        break;
    case BMX_NORM_BYTE_LEVEL:
        good = false;
        break;
    }
    if (!good)
        close_cuts(j, BOTH, why);
    return st;
}

/* ---- the verdict ---- */

bpemix_status bmx_chunk_fit_of(const bmx_text_rule *rule, unsigned cuts, bmx_chunk_fit *fit,
                               const char **why, bpemix_error *err)
{
    unsigned asked = (cuts & BMX_CHUNK_SPACE ? SPACE : 0) |
                     (cuts & BMX_CHUNK_PUNCTUATION ? MARKS : 0);
    judgement j = { .open = BOTH };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < rule->normalizer->n && !st; i++)
        st = judge_normalizer(&rule->normalizer->step[i], rule->pretokenizer, &j, err);
    if (st)
        return st;
    for (size_t i = 0; i < rule->pretokenizer->n; i++)
        judge_step(&rule->pretokenizer->step[i], &j);
    close_cuts(&j, BOTH & ~j.decided, across);
    BMX_ASSERT(!(j.open & ~j.decided)); /* F1: where a cut is open, every word ends */
    BMX_ASSERT((j.open & SPACE || j.spaces) && (j.open & MARKS || j.marks));
    *why = !(j.open & SPACE)  ? j.spaces
           : asked & ~j.open  ? j.marks
           : j.gaps           ? "its pattern leaves gaps that go across spaces"
           : j.blanks         ? "its normalizer makes white space of visible characters"
           : j.skips_lines    ? "its trainer leaves out long lines, which chunks do not tell"
                              : NULL;
    *fit = !(j.open & SPACE) ? BMX_CHUNK_NEVER : *why ? BMX_CHUNK_CLOSE : BMX_CHUNK_EXACT;
    return BPEMIX_OK;
}
