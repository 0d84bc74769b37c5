/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.c - a block of input becomes counts in a worker's tables: text, records, files of
 * counted words and of counted chunks. */
#include "base/cancel.h"
#include "base/format.h"
#include "base/utf8.h"
#include "words/chunk_words.h"
#include "words/job.h"
#include "words/file.h"

#include <string.h>

typedef bmx_count_job job;
typedef bmx_count_worker worker;
typedef bmx_count_category category;
typedef bmx_count_totals totals;

/* Where the text at hand comes from, for messages. */
typedef struct place {
    const bmx_source *source;
    const bmx_block *block;
    size_t part;
    uint64_t record; /* line of a JSONL record, 0: plain text */
} place;

static bpemix_status refuse(const place *p, bmx_slice text, size_t at, bpemix_error *err)
{
    static const char hint[] = "convert it, or have such bytes replaced";
    const bmx_part *part = &p->block->part[p->part];
    uint64_t line = p->record ? p->record : part->line, offset = part->offset + at;
    unsigned byte = (unsigned char)text.ptr[at];
    char where[300];

    bmx_source_place(p->source, p->block, p->part, where, sizeof where);
    if (p->record) {
        bmx_fail_hint(err, BPEMIX_E_FORMAT, where, hint,
                      "byte %zu of its text is not UTF-8 (0x%02x)", at, byte);
    } else {
        for (size_t i = 0; i < at; i++)
            line += text.ptr[i] == '\n';
        bmx_fail_hint(err, BPEMIX_E_FORMAT, where, hint, "byte %llu is not UTF-8 (0x%02x)",
                      (unsigned long long)offset, byte);
    }
    bmx_with_line(err, BPEMIX_E_FORMAT, line);
    bmx_with_offset(err, BPEMIX_E_FORMAT, p->record ? at : offset);
    return bmx_with_param(err, BPEMIX_E_FORMAT, "invalid");
}

/* Count the chunks of a document, or of a part of one that does not begin it. */
static bpemix_status cut_chunks(worker *w, bmx_slice text, bool begins, bpemix_error *err)
{
    enum { AT_ONCE = 256 };
    const char *end[AT_ONCE];
    bmx_word_table *t = &w->to->tab;
    bpemix_status st = BPEMIX_OK;
    size_t at = 0, n;

    bmx_word_table_window(t, text.ptr, text.len);
    while (at < text.len && !st && !(st = bmx_check_cancel(err))) {
        const char *start = text.ptr + at;
        size_t first = begins;

        n = bmx_chunk_cut(w->job->cuts, text, &at, end, AT_ONCE);
        BMX_ASSERT(n > 0 && n <= AT_ONCE);
        if (begins) {
            w->start.len = 0;
            if (!(st = bmx_buf_addc(&w->start, BMX_CHUNK_START, err)) &&
                !(st = bmx_buf_add(&w->start, start, (size_t)(end[0] - start), err)))
                st = bmx_word_table_add(t, bmx_slice_of(w->start.ptr, w->start.len), 1, err);
            start = end[0];
            begins = false;
        }
        if (!st && n > first)
            st = bmx_word_table_count(t, start, end + first, n - first, err);
    }
    return st;
}

/* Text of a document, or of a part of one; `room` bytes behind it may be read. */
static bpemix_status split(worker *w, bmx_slice text, size_t room, bool begins, const place *p,
                           bpemix_error *err)
{
    bmx_unit_splitter *s = &w->splitter;
    totals *t = &w->to->totals;
    bpemix_status st;

    if (w->job->cuts)
        return cut_chunks(w, text, begins, err);
    if (w->job->plan.rule.invalid == BPEMIX_INVALID_REFUSE) {
        size_t good = bmx_utf8_valid_prefix(text);

        if (good < text.len)
            return refuse(p, text, good, err);
    }
    s->to = &w->to->tab;
    st = bmx_unit_split(s, text, room, err);
    t->invalid_bytes += s->invalid_bytes;
    t->left_out += s->left_out;
    s->invalid_bytes = s->left_out = 0;
    return st;
}

/* Choose the tally that the words of the next document go to. */
static void choose_tally(worker *w, uint64_t head, size_t bytes, bool begins)
{
    w->to = &w->tallies[head % w->job->n_tallies];
    w->to->totals.bytes += bytes;
    w->to->totals.documents += begins;
}

/* The fold that a part of plain text belongs to, modulo the number of folds: that of its document
 * or, if the category is a single file, the one that the middle of the part lies in. */
static uint64_t number_of(const worker *w, const category *c, const bmx_part *part)
{
    uint64_t last = w->job->n_tallies - 1, fold;

    if (!c->part_bytes || part->member != SIZE_MAX)
        return part->head;
    fold = (part->offset + part->len / 2) / c->part_bytes;
    return fold < last ? fold : last;
}

static bpemix_status split_records(worker *w, category *c, size_t part, bpemix_error *err)
{
    place p = { c->source, &w->block, part, 0 };
    bmx_record_cursor at = { .block = &w->block, .part = part };
    uint64_t bytes = 0, documents = 0, checksum = 0;

    for (;;) {
        bmx_slice text;
        bool more;
        bpemix_status st = bmx_source_record(c->source, &at, &w->record, &text, &more, err);
        if (st)
            return st;
        if (!more)
            break;
        p.record = at.line;
        choose_tally(w, bmx_source_head(text), text.len, true);
        if ((st = split(w, text, 0, true, &p, err)))
            return st;
        bytes += text.len;
        documents++;
        checksum += bmx_hash64(text.ptr, text.len, 0);
    }
    pthread_mutex_lock(&c->lock);
    bmx_source_used(c->source, w->block.part[part].file, bytes, documents, checksum);
    pthread_mutex_unlock(&c->lock);
    return BPEMIX_OK;
}

/* ---- files of counted words in place of text ---- */

/* The fold that fold `from` of a file with n_folds goes to.  A document's fold is a number that
 * follows from how it begins, modulo the number of folds, so that folds can be put together. */
static bpemix_status fold_of(const job *j, const char *path, const char *what, uint32_t n_folds,
                             size_t from, size_t *to, bpemix_error *err)
{
    *to = from % j->n_tallies;
    if (!j->opts->folds || (n_folds && n_folds % j->opts->folds == 0))
        return BPEMIX_OK;
    if (n_folds)
        bmx_fail_hint(err, BPEMIX_E_USAGE, path, "ask for as many, or a divisor",
                      "%s of %u folds cannot be dealt out to %u", what, (unsigned)n_folds,
                      (unsigned)j->opts->folds);
    else
        bmx_fail_hint(err, BPEMIX_E_USAGE, path, "count the text with folds, or ask for none",
                      "%s that were counted without folds", what);
    return bmx_with_param(err, BPEMIX_E_USAGE, "folds");
}

/* Add what is known of the text of one tally to the totals of its fold and of the category. */
static bpemix_status note_totals(category *c, const bmx_words *w, totals *to, bpemix_error *err)
{
    bpemix_status st = bmx_words_add_pretokens(&c->loaded, w->pretokens, err);

    if (st || (st = bmx_words_add_text(&c->loaded, w->bytes, w->documents, w->invalid_bytes, err)))
        return st;
    to->bytes += w->bytes;
    to->documents += w->documents;
    to->invalid_bytes += w->invalid_bytes;
    return BPEMIX_OK;
}

static bpemix_status note_inputs(category *c, const bmx_input_record *input, size_t n, size_t file,
                                 bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < n && !st; i++) {
        st = bmx_reserve(&c->loaded_from, &c->loaded_cap, c->loaded.n_inputs + 1,
                         sizeof *c->loaded_from, err);
        if (!st && !(st = bmx_words_add_input(&c->loaded, &input[i], err)))
            c->loaded_from[c->loaded.n_inputs - 1] = file;
    }
    return st;
}

static bpemix_status add_counted(worker *w, category *c, size_t part, bpemix_error *err)
{
    size_t n_inputs, file = w->block.part[part].file, to;
    const char *path = bmx_source_inputs(c->source, &n_inputs)[file].path;
    bmx_words *words = NULL;
    bpemix_status st = bmx_words_load(path, w->job->key, &words, err);

    for (size_t f = 0; !st && f < bmx_words_tallies(words); f++) {
        const bmx_words *from = &words[f];

        if ((st = fold_of(w->job, path, "words", from->n_folds, f, &to, err)))
            break;
        pthread_mutex_lock(&c->lock);
        if ((st = note_totals(c, from, &w->tallies[to].totals, err)))
            bmx_at(err, st, "%s", path);
        pthread_mutex_unlock(&c->lock);
        for (size_t i = 0; i < from->word.n && !st; i++)
            st = bmx_word_table_add(&w->tallies[to].tab, from->word.str[i], from->count[i], err);
    }
    pthread_mutex_lock(&c->lock);
    if (!st)
        st = note_inputs(c, words->input, words->n_inputs, file, err);
    if (!st)
        st = bmx_words_add_warnings(&c->loaded, &words->warning, err);
    pthread_mutex_unlock(&c->lock);
    bmx_words_free(words);
    return st;
}

/* ---- files of counted chunks in place of text ---- */

/* Find out, once for the job, whether chunks may stand for text, and prepare for them. */
static bpemix_status learn_fit(job *j, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    pthread_mutex_lock(&j->lock);
    if (!j->fit_known &&
        !(st = bmx_chunk_fit_of(&j->plan.rule, BMX_CHUNK_SPACE, &j->fit, &j->why, err)) &&
        !(st = bmx_chunk_fit_of(&j->plan.rule, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION,
                                &j->fit_marks, &j->why_marks, err)) &&
        !(st = bmx_unit_plan_inner(&j->plan, err)))
        j->fit_known = true;
    pthread_mutex_unlock(&j->lock);
    return st;
}

static bmx_chunk_fit fit_of(const job *j, const bmx_chunk_file *f, const char **why)
{
    bool marks = f->terms.cuts & BMX_CHUNK_PUNCTUATION;

    *why = marks ? j->why_marks : j->why;
    return marks ? j->fit_marks : j->fit;
}

/* May the chunks of this file be used?  A sample of chunks, which is not exact, need not be
 * cut exactly either. */
static bpemix_status check_fit(worker *w, const bmx_chunk_file *f, bpemix_error *err)
{
    job *j = w->job;
    bmx_chunk_fit fit;
    const char *why;
    bpemix_status st;

    if (j->cuts)
        return j->cuts == f->terms.cuts ? BPEMIX_OK
             : bmx_fail_hint(err, BPEMIX_E_MISMATCH, f->path, "cut all of the text in one way",
                             "chunks that were cut at other places");
    if ((st = learn_fit(j, err)))
        return st;
    fit = fit_of(j, f, &why);
    if (fit == BMX_CHUNK_NEVER || (fit == BMX_CHUNK_CLOSE && !f->terms.sampled))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, f->path, "pass the text itself",
                             "chunks cannot stand for text with this tokenizer: %s", why);
    return j->plan.inner_pretokenizer && !w->splitter.inner_scratch
               ? bmx_pretokenizer_scratch_new(j->plan.inner_pretokenizer,
                                              &w->splitter.inner_scratch, err)
               : BPEMIX_OK;
}

static bpemix_status no_such_category(const bmx_chunk_file *f, const char *name, bpemix_error *err)
{
    char list[200] = "it has ";
    size_t len = strlen(list);

    for (size_t i = 0; i < f->n; i++) {
        int n;

        if (i > 0 && !strcmp(f->section[i].name, f->section[i - 1].name))
            continue;
        n = bmx_snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "", f->section[i].name);
        if (n < 0 || (size_t)n >= sizeof list - len - 5) {
            bmx_snprintf(list + len, sizeof list - len, ", ...");
            break;
        }
        len += (size_t)n;
    }
    return bmx_fail_hint(err, BPEMIX_E_USAGE, f->path, list, "no chunks of a category '%s'", name);
}

static bpemix_status note_section(category *c, size_t file, const bmx_chunk_section *s, totals *to,
                                  bpemix_error *err)
{
    bpemix_status st;

    to->bytes += s->bytes;
    to->documents += s->documents;
    pthread_mutex_lock(&c->lock);
    st = bmx_words_add_pretokens(&c->loaded, s->mass, err); /* a word has a byte or more */
    if (!st)
        st = note_inputs(c, s->input, s->n_inputs, file, err);
    if (!st)
        st = bmx_words_add_text(&c->loaded, s->bytes, s->documents, 0, err);
    pthread_mutex_unlock(&c->lock);
    return st;
}

static bpemix_status add_section(worker *w, const bmx_chunk_file *f, size_t section,
                                 bmx_chunk_list *list, bpemix_error *err)
{
    const job *j = w->job;
    bmx_unit_splitter *s = &w->splitter;
    bool joins = j->fit_marks == BMX_CHUNK_EXACT;
    uint64_t chunks = 0, mass = 0;
    bpemix_status st = BPEMIX_OK;

    s->to = &w->to->tab;
    for (size_t k = 0; k < f->section[section].n_frames && !st; k++) {
        if ((st = bmx_check_cancel(err)) ||
            (st = bmx_chunk_file_read(f, section, k, list, err)))
            break;
        chunks += list->chunks;
        mass = list->mass > INT64_MAX - mass ? INT64_MAX : mass + list->mass;
        if (!j->cuts)
            st = bmx_chunk_words(s, list, joins, err);
        for (size_t i = 0; i < list->n && j->cuts && !st; i++)
            st = bmx_word_table_add(s->to, list->chunk[i], list->count[i], err);
    }
    w->to->totals.invalid_bytes += s->invalid_bytes;
    w->to->totals.left_out += s->left_out;
    s->invalid_bytes = s->left_out = 0;
    return st ? st : bmx_chunk_file_check(f, section, chunks, mass, err);
}

static bpemix_status add_chunks(worker *w, category *c, size_t part, bpemix_error *err)
{
    size_t n_inputs, number = w->block.part[part].file, first = 0, n = 0, fold = 0;
    const char *path = bmx_source_inputs(c->source, &n_inputs)[number].path;
    const char *name = w->job->cats[w->cat].name, *why;
    bmx_chunk_list list = { 0 };
    bmx_chunk_file f = { 0 };
    bpemix_status st = bmx_chunk_file_open(path, &f, err);

    if (!st)
        st = check_fit(w, &f, err);
    if (!st && !(n = bmx_chunk_file_find(&f, name, &first)))
        st = no_such_category(&f, name, err);
    for (size_t i = first; i < first + n && !st; i++) {
        if ((st = fold_of(w->job, path, "chunks", f.terms.n_folds, f.section[i].fold, &fold,
                          err)))
            break;
        w->to = &w->tallies[fold];
        if (!(st = note_section(c, number, &f.section[i], &w->to->totals, err)))
            st = add_section(w, &f, i, &list, err);
    }
    pthread_mutex_lock(&c->lock);
    c->sampled = c->sampled || (!st && f.terms.sampled);
    if (!st && !w->job->cuts && fit_of(w->job, &f, &why) == BMX_CHUNK_CLOSE)
        c->close = why;
    pthread_mutex_unlock(&c->lock);
    bmx_chunk_list_release(&list);
    bmx_chunk_file_release(&f);
    return st;
}

bpemix_status bmx_count_block(bmx_count_worker *w, bpemix_error *err)
{
    category *c = &w->job->category[w->cat];
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < w->block.n && !st; i++) {
        const bmx_part *part = &w->block.part[i];
        place p = { c->source, &w->block, i, 0 };

        if (w->block.kind == BMX_BLOCK_WORDS)
            st = add_counted(w, c, i, err);
        else if (w->block.kind == BMX_BLOCK_CHUNKS)
            st = add_chunks(w, c, i, err);
        else if (w->block.kind == BMX_BLOCK_RECORDS)
            st = split_records(w, c, i, err);
        else {
            choose_tally(w, number_of(w, c, part), part->len, part->offset == 0);
            st = split(w, bmx_slice_of(w->block.buf.ptr + part->at, part->len), BMX_BLOCK_ROOM,
                       part->offset == 0, &p, err);
        }
    }
    for (size_t f = 0; f < w->job->n_tallies && !st; f++)
        st = bmx_word_table_flush(&w->tallies[f].tab, err);
    return st;
}
