/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mixture.c - see mixture.h.
 *
 * Text is drawn document by document, a reproducible sample of each category.  Counted
 * words hold no documents; their counts are multiplied instead, rounded at random.  Simulated,
 * words are drawn from documents without any text (simulate.h). */
#include "lab/mixture.h"
#include "base/folder.h"
#include "base/hash.h"
#include "base/input.h"
#include "base/json.h"
#include "base/signature.h"
#include "lab/simulate.h"
#include "split/cut.h"
#include "words/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct mixer {
    const bpemix_category *cats;
    size_t n;
    const bpemix_train_opts *o;
    const bpemix_count_opts *count;
    bmx_train_rule rule;
    bmx_text_rule text; /* of it */
    bpemix_tokenizer *base;
    bmx_json *file;     /* the tokenizer.json that the rule is from; NULL: none */
    const double *share; /* share[n], sum 1 */
    bool *counted;      /* counted[n]: words in place of text */
    uint64_t *bytes;    /* bytes[n]: there are, then drawn */
    double total;       /* of all categories */
} mixer;

static void mixer_release(mixer *m)
{
    bmx_train_rule_release(&m->rule);
    bmx_tokenizer_free(m->base);
    bmx_json_free(m->file);
    bmx_free(m->counted);
    bmx_free(m->bytes);
}

enum { DRAWS = 1 }; /* other random numbers than those of made-up words (corpus.c) */

/* ---- rules ---- */

static bpemix_status json_of_rule(mixer *m, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st;

    if (!m->rule.path || m->rule.format != BMX_FORMAT_TOKENIZER_JSON)
        return BPEMIX_OK;
    if (!(st = bmx_tokenizer_read(m->rule.path, &text, err)))
        st = bmx_json_parse(m->rule.path, bmx_slice_of(text.ptr, text.len), &m->file, err);
    bmx_buf_release(&text);
    return st;
}

static bpemix_status read_rules(mixer *m, bpemix_error *err)
{
    const char *rule = m->o->pretokenizer ? m->o->pretokenizer
                       : m->o->extend     ? m->o->extend
                                          : "gpt2";
    bpemix_status st = m->o->extend ? bmx_tokenizer_load(m->o->extend, NULL, &m->base, err)
                                    : BPEMIX_OK;

    if (!st)
        st = bmx_train_rule_init(&m->rule, rule, err);
    if (!st && m->base && m->base->vocab.alphabet != m->rule.alphabet)
        st = bmx_fail_hint(err, BPEMIX_E_MISMATCH, m->o->extend,
                           "choose a pre-tokenizer of its kind",
                           "its alphabet is not that of the pre-tokenizer '%s'", rule);
    if (!st && m->base && m->base->rules.sentencepiece)
        st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, m->o->extend,
                           "continue from a tokenizer.json",
                           "training cannot continue from a SentencePiece model");
    if (!st)
        st = bmx_train_rule_text(&m->rule, m->count->text_unit, m->count->invalid, &m->text, err);
    return st ? st : json_of_rule(m, err);
}

/* ---- shares ---- */

static bool is_counted(const bpemix_category *cat)
{
    char head[BMX_WORDS_MAGIC_BYTES];

    return cat->n_paths && bmx_file_head(cat->paths[0], head, sizeof head) == sizeof head &&
           !memcmp(head, BMX_WORDS_MAGIC, sizeof head);
}

static bpemix_status mixer_init(mixer *m, bpemix_error *err)
{
    m->counted = bmx_calloc(m->n, sizeof *m->counted);
    m->bytes = bmx_calloc(m->n, sizeof *m->bytes);
    if (!m->counted || !m->bytes)
        return bmx_nomem(err);
    for (size_t i = 0; i < m->n; i++)
        m->counted[i] = is_counted(&m->cats[i]);
    return BPEMIX_OK;
}

/* The largest training text that the shares allow.  Counted words can be multiplied; if there is
 * nothing else, it is the smallest size at which none is lost. */
static bpemix_status choose_total(mixer *m, bpemix_error *err)
{
    bpemix_count_opts whole = *m->count;
    bool text = false;
    double most = 0, least = INFINITY; /* of words, of text */
    bpemix_status st = BPEMIX_OK;

    m->total = (double)m->o->train_bytes;
    if (m->o->train_bytes)
        return BPEMIX_OK;
    whole.max_bytes = 0;
    for (size_t i = 0; i < m->n && !st; i++) {
        bmx_words w = { 0 };
        double here;

        if (!(m->share[i] > 0))
            continue;
        st = bmx_words_count(&m->text, &m->cats[i], 1, &whole, &w, err);
        m->bytes[i] = w.bytes;
        here = (double)w.bytes / m->share[i];
        text = text || !m->counted[i];
        most = fmax(most, here);
        if (!m->counted[i])
            least = fmin(least, here);
        bmx_words_release(&w);
    }
    m->total = text ? least : most;
    return st;
}

/* ---- words ---- */

/* Random numbers for a category, the same in any order of categories. */
static bmx_rng rng_of(const mixer *m, size_t i)
{
    const char *name = m->cats[i].name;

    return (bmx_rng){ m->o->seed ^ bmx_hash64(name, strlen(name), DRAWS) };
}

static bpemix_status weigh(bmx_words *w, double factor, bmx_rng rng, bpemix_error *err)
{
    if ((double)w->bytes * factor > 0x1p62)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^62 bytes of text");
    for (size_t i = 0; i < w->word.n; i++) {
        double x = (double)w->count[i] * factor, whole = floor(x);

        if (x > 0x1p62)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^63 words");
        w->count[i] = (uint64_t)whole + (bmx_rng_unit(&rng) < x - whole);
    }
    w->bytes = (uint64_t)((double)w->bytes * factor + 0.5);
    return BPEMIX_OK;
}

/* Add the words of a category, of which nothing is needed afterwards. */
static bpemix_status take_words(bmx_words *sum, bmx_words *w, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!sum->word.n) {
        bmx_words_release(sum);
        *sum = *w;
        *w = (bmx_words){ 0 };
        sum->pretokens = 0; /* counts have been weighed since */
        for (size_t i = 0; i < sum->word.n && !st; i++)
            st = bmx_words_add_pretokens(sum, sum->count[i], err);
        return st;
    }
    for (size_t i = 0; i < w->word.n && !st; i++)
        st = bmx_words_add(sum, w->word.str[i], w->count[i], err);
    return st;
}

/* A draw of a category's documents as words. */
static bpemix_status add_draw(const bmx_lab_corpus *c, const bmx_lab_draw *d, bmx_words *sum,
                              bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < d->n && !st; k++)
        st = bmx_words_add(sum, c->word[d->word[k]], d->count[k], err);
    return st;
}

/* The words of a mixture of any size, from documents as trials of experiments draw them. */
static bpemix_status simulate(mixer *m, bmx_words *sum, bpemix_error *err)
{
    bmx_lab_read_opts o = { .rule = &m->text, .count = m->count, .cluster = BMX_LAB_CLUSTER_AUTO,
                            .make_up = true, .seed = m->o->seed,
                            .n_threads = m->count->n_threads };
    bmx_lab_corpus c = { 0 };
    bpemix_status st = bmx_lab_corpus_read(m->cats, m->n, &o, &c, err);

    for (size_t i = 0; i < m->n && !st; i++) {
        double want = m->share[i] * m->total;
        bmx_rng rng = rng_of(m, i);
        bmx_lab_population p = { 0 };
        bmx_lab_draw d = { 0 };

        m->bytes[i] = 0;
        if (!(want >= 0.5))
            continue;
        if (!(st = bmx_lab_population_init(&p, &c, i, true, &rng, err)) &&
            !(st = bmx_lab_simulate(&p, want, NULL, BMX_NOISE_DOCUMENTS, &rng, &d, err)))
            st = add_draw(&c, &d, sum, err);
        m->bytes[i] = d.bytes;
        bmx_lab_draw_release(&d);
        bmx_lab_population_release(&p);
    }
    bmx_lab_corpus_release(&c);
    if (!st && !sum->word.n)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "train on more bytes",
                           "no training text was drawn");
    return st;
}

/* Words of the whole mixture. */
static bpemix_status draw(mixer *m, bmx_words *sum, bpemix_error *err)
{
    bool any = false;
    bpemix_status st = BPEMIX_OK;

    if (m->o->simulate)
        return simulate(m, sum, err);
    for (size_t i = 0; i < m->n && !st; i++) {
        bpemix_count_opts o = *m->count;
        bmx_words w = { 0 };
        double want = m->share[i] * m->total;

        /* the whole text is asked for as 0, because skipped lines do not count as bytes */
        o.max_bytes = m->counted[i] || (!m->o->train_bytes && want + 0.5 >= (double)m->bytes[i])
                          ? 0 : (uint64_t)(want + 0.5);
        m->bytes[i] = 0;
        if (!(want >= 0.5))
            continue;
        st = bmx_words_count(&m->text, &m->cats[i], 1, &o, &w, err);
        if (!st && m->counted[i] && w.bytes)
            st = weigh(&w, want / (double)w.bytes, rng_of(m, i), err);
        m->bytes[i] = w.bytes;
        any = any || w.bytes;
        if (!st)
            st = take_words(sum, &w, err);
        bmx_words_release(&w);
    }
    if (!st && !any)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "train on more bytes or give larger files",
                           "no training text was drawn");
    return st;
}

static void release_words(void *words) { bmx_words_release(words); }

static bpemix_status train(mixer *m, bmx_mixture *out, bmx_buf *file, bpemix_error *err)
{
    const bmx_train_rule *rule = &m->rule;
    bmx_piece_rules pieces = bmx_piece_rules_of(&rule->trainer, &rule->pretokenizer);
    bool spm = rule->trainer.sentencepiece;
    bmx_progress progress = { .fn = m->count->progress, .ctx = m->count->progress_ctx };
    bmx_train_opts o = { .n_merges = BMX_NONE,
                         .vocab_size = m->o->vocab_size,
                         .seed = m->o->seed,
                         .min_frequency = m->o->min_frequency,
                         .max_token_length = m->o->max_token_length,
                         .alphabet = rule->alphabet,
                         .base = m->base,
                         .ties = spm ? BMX_TIE_SENTENCEPIECE : BMX_TIE_HF,
                         .coverage = spm ? BMX_TRAIN_SPM_COVERAGE : 0,
                         .pieces = spm ? &pieces : NULL,
                         .progress = &progress };
    bmx_words sum = { 0 };
    bmx_merge_list list = { 0 };
    bmx_train_words words;
    bpemix_status st = draw(m, &sum, err);

    if (m->o->ties)
        bmx_tie_order_named(m->o->ties, &o.ties); /* bmx_train_settle() has checked the name */
    if (spm && o.vocab_size)
        o.vocab_size = o.vocab_size > 3 ? o.vocab_size - 3 : 1; /* <unk>, <s> and </s> */
    words = bmx_train_words_of(&sum);
    words.spent = release_words;
    words.ctx = &sum;
    if (!st)
        st = bmx_train(&words, &o, &list, err);
    out->n_merges = list.n - list.n_inherited;
    out->n_asked = o.vocab_size > list.n_alphabet ? o.vocab_size - list.n_alphabet : 0;
    if (!st && m->base && !out->n_asked)
        st = bmx_with_param(
            err,
            bmx_fail_hint(err, BPEMIX_E_USAGE, m->o->extend, "ask for more",
                          "it has %u tokens already, and %u are asked for", list.n_alphabet,
                          m->o->vocab_size),
            "vocab_size");
    if (!st)
        st = spm ? bmx_train_write_model(&list, rule, file, err)
                 : bmx_train_write_json(&list, rule, m->file, file, err);
    bmx_merge_list_release(&list);
    bmx_words_release(&sum);
    return st;
}

/* ---- a trainer of one's own ---- */

static bpemix_status dump_block(const bmx_source *s, const bmx_block *b, FILE *f, uint64_t *bytes,
                                bpemix_error *err)
{
    bmx_buf scratch = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t p = 0; p < b->n && !st; p++) {
        bmx_slice text = bmx_slice_of(b->buf.ptr + b->part[p].at, b->part[p].len);
        bmx_record_cursor at = { .block = b, .part = p };
        bool more = b->kind == BMX_BLOCK_RECORDS;

        if (b->kind == BMX_BLOCK_TEXT) {
            fwrite(text.ptr, 1, text.len, f);
            *bytes += text.len;
        }
        while (more && !(st = bmx_source_record(s, &at, &scratch, &text, &more, err)) && more) {
            fwrite(text.ptr, 1, text.len, f);
            if (text.len && text.ptr[text.len - 1] != '\n')
                fputc('\n', f);
            *bytes += text.len;
        }
    }
    bmx_buf_release(&scratch);
    return st;
}

static bpemix_status dump_text(mixer *m, size_t i, FILE *f, bpemix_error *err)
{
    bmx_source_opts o = { .cuts = BMX_CUT_LINE, .jsonl = m->count->jsonl, .field = m->count->field,
                          .max_bytes = (uint64_t)(m->share[i] * m->total + 0.5) };
    bmx_source *s = NULL;
    bmx_block b = { 0 };
    bool more = true;
    bpemix_status st;

    m->bytes[i] = 0;
    if (!o.max_bytes)
        return BPEMIX_OK;
    if (m->counted[i])
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, m->cats[i].name, "give it the text itself",
                             "counted words are no text for another trainer");
    st = m->cats[i].read
             ? bmx_source_open_callback(m->cats[i].read, m->cats[i].read_ctx, &o, &s, err)
             : bmx_source_open(m->cats[i].paths, m->cats[i].n_paths, &o, &s, err);
    while (!st && !(st = bmx_source_next(s, &b, &more, err)) && more)
        st = dump_block(s, &b, f, &m->bytes[i], err);
    bmx_block_release(&b);
    bmx_source_close(s);
    return st;
}

/* A path as one word of the shell. */
static bpemix_status add_quoted(bmx_buf *out, const char *path, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addc(out, '\'', err);

    for (; *path && !st; path++)
        st = *path == '\'' ? bmx_buf_add(out, "'\\''", 4, err) : bmx_buf_addc(out, *path, err);
    return st ? st : bmx_buf_addc(out, '\'', err);
}

static bpemix_status make_command(const char *form, const char *text, const char *to,
                                  uint32_t vocab, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (const char *p = form; *p && !st;) {
        if (!strncmp(p, "{text}", 6)) {
            st = add_quoted(out, text, err);
            p += 6;
        } else if (!strncmp(p, "{out}", 5)) {
            st = add_quoted(out, to, err);
            p += 5;
        } else if (!strncmp(p, "{vocab}", 7)) {
            st = bmx_buf_addf(out, err, "%" PRIu32, vocab);
            p += 7;
        } else {
            st = bmx_buf_addc(out, *p++, err);
        }
    }
    return st ? st : bmx_buf_addc(out, 0, err);
}

/* Hand the drawn text to the command, and take what it writes. */
static bpemix_status train_by_command(mixer *m, bmx_buf *file, bpemix_error *err)
{
    const char *tmp = getenv("TMPDIR");
    char *folder = bmx_asprintf("%s/bpemix-train-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    char *text = NULL, *to = NULL;
    bmx_buf command = { 0 };
    FILE *f = NULL;
    bpemix_status st = BPEMIX_OK;
    int code;

    if (!folder)
        return bmx_nomem(err);
    if (!mkdtemp(folder)) {
        st = bmx_fail_errno(err, folder, "cannot make a folder for training text");
        bmx_free(folder);
        return st;
    }
    text = bmx_asprintf("%s/text", folder);
    to = bmx_asprintf("%s/out", folder);
    if (!text || !to)
        st = bmx_nomem(err);
    if (!st && !(f = fopen(text, "wb")))
        st = bmx_fail_errno(err, text, "cannot write");
    for (size_t i = 0; i < m->n && !st; i++)
        st = dump_text(m, i, f, err);
    if (f && (ferror(f) | fclose(f)) && !st)
        st = bmx_fail_errno(err, text, "cannot write");
    if (!st)
        st = make_command(m->o->trainer, text, to, m->o->vocab_size, &command, err);
    if (!st && (code = system(command.ptr)) != 0)
        st = bmx_fail(err, BPEMIX_E_IO, "trainer", "the command failed with status %d",
                      code > 255 ? code >> 8 : code);
    if (!st && bmx_path_kind_of(to) != BMX_PATH_MISSING)
        st = bmx_read_file(to, 0, file, err);
    if (!st && !file->len)
        st = bmx_fail(err, BPEMIX_E_EMPTY, "trainer", "the command wrote no tokenizer to {out}");
    if (text)
        unlink(text);
    if (to)
        unlink(to);
    rmdir(folder);
    bmx_buf_release(&command);
    bmx_free(folder);
    bmx_free(text);
    bmx_free(to);
    return st;
}

void bmx_mixture_release(bmx_mixture *m)
{
    for (size_t i = 0; m->name && i < m->n; i++)
        bmx_free(m->name[i]);
    bmx_free(m->name);
    bmx_free(m->bytes);
    bmx_free(m->share);
    *m = (bmx_mixture){ 0 };
}

/* Names and shares of what was drawn. */
static bpemix_status describe(mixer *m, bmx_mixture *out, bpemix_error *err)
{
    double total = 0;

    out->n = m->n;
    out->bytes = m->bytes;
    m->bytes = NULL;
    out->name = bmx_calloc(m->n, sizeof *out->name);
    out->share = bmx_calloc(m->n, sizeof *out->share);
    if (!out->name || !out->share)
        return bmx_nomem(err);
    for (size_t i = 0; i < m->n; i++) {
        if (!(out->name[i] = bmx_strdup(m->cats[i].name)))
            return bmx_nomem(err);
        total += (double)out->bytes[i];
    }
    for (size_t i = 0; i < m->n; i++)
        out->share[i] = (double)out->bytes[i] / total;
    return BPEMIX_OK;
}

bpemix_status bmx_mixture_train(const bpemix_category *cats, size_t n,
                                const bpemix_train_opts *opts, const bpemix_count_opts *count,
                                bmx_mixture *out, bmx_buf *tokenizer, bpemix_error *err)
{
    mixer m = { .cats = cats, .n = n, .o = opts, .count = count, .share = opts->share };
    bmx_mixture x = { 0 };
    bmx_buf file = { 0 };
    bpemix_status st;

    if (!(st = read_rules(&m, err)) && !(st = mixer_init(&m, err)) &&
        !(st = choose_total(&m, err)) &&
        !(st = opts->trainer ? train_by_command(&m, &file, err) : train(&m, &x, &file, err)))
        st = describe(&m, &x, err);
    if (st) {
        bmx_mixture_release(&x);
        bmx_buf_release(&file);
    } else {
        *out = x;
        *tokenizer = file;
    }
    mixer_release(&m);
    return st;
}
