/* SPDX-License-Identifier: GPL-3.0-or-later */
/* corpus.c - read documents into sparse word counts.
 *
 * Categories are read in parallel, each with word numbers of its own.  Then the words of
 * all are sorted and the numbers replaced, so that nothing depends on the threads and
 * words that begin alike are close together in memory. */
#include "lab/corpus.h"
#include "base/cancel.h"
#include "base/format.h"
#include "base/rng.h"
#include "base/threads.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "split/cut.h"
#include "split/normalize.h"
#include "split/pretokenize.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const bmx_lab_read_opts *opts;
    bmx_lab_category *cat;
    bmx_normalizer *normalizer;
    bmx_pretokenizer *pretokenizer;
    bmx_pretokenizer_scratch *scratch;
    bool lines, strip_newline;
    bmx_intern word;      /* of this category */
    uint32_t *total;      /* total[word.n] */
    uint32_t *seen;       /* seen[word.n]: document + 1 that it was last met in */
    size_t *at;           /* at[word.n]: its entry there */
    size_t total_cap, seen_cap, at_cap;
    bmx_intern source;
    bool sample;          /* the half that is being read */
    bool open;            /* the last document continues */
    uint64_t cluster;
    uint64_t punctuation; /* punctuation that is frequent in program code */
    bmx_buf normal[2], record;
    size_t file, ordinal; /* of the part before */
} reader;

static void reader_release(reader *r)
{
    bmx_normalizer_free(r->normalizer);
    bmx_pretokenizer_scratch_free(r->scratch);
    bmx_pretokenizer_free(r->pretokenizer);
    bmx_intern_release(&r->word);
    bmx_intern_release(&r->source);
    bmx_free(r->total);
    bmx_free(r->seen);
    bmx_free(r->at);
    bmx_buf_release(&r->normal[0]);
    bmx_buf_release(&r->normal[1]);
    bmx_buf_release(&r->record);
}

/* ---- words of a document ---- */

static bpemix_status on_word(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    reader *r = ctx;
    bmx_lab_category *c = r->cat;
    uint32_t w = 0, doc = (uint32_t)c->n_docs; /* the open one is n_docs - 1 */
    bool is_new;
    bpemix_status st;

    if ((st = bmx_intern_add(&r->word, pretoken, &w, &is_new, err)) ||
        (st = bmx_reserve(&r->total, &r->total_cap, r->word.n, sizeof *r->total, err)) ||
        (st = bmx_reserve(&r->seen, &r->seen_cap, r->word.n, sizeof *r->seen, err)) ||
        (st = bmx_reserve(&r->at, &r->at_cap, r->word.n, sizeof *r->at, err)) ||
        (st = bmx_reserve(&c->entry, &c->entry_cap, c->n_entries + 1, sizeof *c->entry, err)))
        return st;
    if (is_new)
        r->total[w] = r->seen[w] = 0;
    if (r->seen[w] != doc) {
        r->seen[w] = doc;
        r->at[w] = c->n_entries;
        c->entry[c->n_entries++] = (bmx_lab_entry){ w, 0 };
    }
    c->entry[r->at[w]].count += c->entry[r->at[w]].count < UINT32_MAX;
    r->total[w] += r->total[w] < UINT32_MAX;
    return BPEMIX_OK;
}

static bpemix_status on_words(void *ctx, const char *start, const char *const *end, size_t n,
                              bpemix_error *err)
{
    bpemix_status st = bmx_check_cancel(err);

    for (size_t i = 0; i < n && !st; start = end[i++])
        st = on_word(ctx, bmx_slice_of(start, (size_t)(end[i] - start)), err);
    return st;
}

static bpemix_status split_unit(reader *r, bmx_slice text, bool lines, bpemix_error *err)
{
    bpemix_status st = bmx_normalizer_is_identity(r->normalizer)
                           ? BPEMIX_OK
                           : bmx_normalize(r->normalizer, text, r->normal, &text, err);

    return st ? st
              : bmx_pretokenize_bulk(r->pretokenizer, r->scratch, text, lines,
                                     &(bmx_pretoken_sink){ on_word, on_words, r }, err);
}

static bpemix_status split(reader *r, bmx_slice text, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!r->lines || (bmx_normalizer_is_identity(r->normalizer) && !r->strip_newline))
        return text.len ? split_unit(r, text, r->lines, err) : BPEMIX_OK;
    while (text.len && !st) {
        const char *nl = memchr(text.ptr, '\n', text.len);
        size_t n = nl ? (size_t)(nl - text.ptr) + 1 : text.len;
        bmx_slice line = bmx_slice_of(text.ptr, nl && r->strip_newline ? n - 1 : n);

        if (line.len)
            st = split_unit(r, line, false, err);
        text = bmx_slice_of(text.ptr + n, text.len - n);
    }
    return st;
}

/* ---- documents ---- */

static bpemix_status source_of(reader *r, const char *path, const char *root, uint32_t *source,
                               bpemix_error *err)
{
    size_t n = strlen(root), len;
    const char *rest = !strncmp(path, root, n) ? path + n : path, *slash, *name;

    while (*rest == '/')
        rest++;
    slash = strchr(rest, '/');
    name = strrchr(rest, '/');
    name = name ? name + 1 : rest;
    len = slash ? (size_t)(slash - rest) : bmx_is_jsonl(name) ? strlen(rest) : strcspn(rest, "_");
    return bmx_intern_add(&r->source, bmx_slice_of(rest, len), source, NULL, err);
}

/* A document begins: a new one, or more of the cluster before. */
static bpemix_status begin(reader *r, uint32_t source, uint64_t head, bpemix_error *err)
{
    bmx_lab_category *c = r->cat;
    bmx_lab_document *last = c->n_docs ? &c->doc[c->n_docs - 1] : NULL;
    bpemix_status st;

    if (last && r->cluster && last->source == source && last->sample == r->sample &&
        last->bytes < r->cluster)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&c->doc, &c->doc_cap, c->n_docs + 2, sizeof *c->doc, err)))
        return st;
    c->doc[c->n_docs++] = (bmx_lab_document){
        .first = c->n_entries, .source = source,
        .sample = r->opts->sample_half ? r->sample : head >> 7 & 1
    };
    return BPEMIX_OK;
}

static bpemix_status take(reader *r, bmx_slice text, uint32_t source, bool begins,
                          bpemix_error *err)
{
    bpemix_status st;

    if (!bmx_utf8_valid(text)) {
        r->cat->skipped++;
        return r->opts->count->invalid == BPEMIX_INVALID_REFUSE
                   ? bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "convert it to UTF-8 (iconv)",
                                   "a document that is not UTF-8")
                   : BPEMIX_OK;
    }
    if ((begins || !r->cat->n_docs) && (st = begin(r, source, bmx_source_head(text), err)))
        return st;
    for (size_t i = 0; i < text.len; i += 7) /* a sample of the bytes is enough */
        r->punctuation += strchr("{}();=<>_", text.ptr[i] ? text.ptr[i] : 'x') != NULL;
    r->cat->doc[r->cat->n_docs - 1].bytes += text.len;
    r->cat->bytes += text.len;
    return split(r, text, err);
}

static bpemix_status take_block(reader *r, const bmx_source *s, const bmx_block *b,
                                const char *root, bpemix_error *err)
{
    size_t n_inputs;
    const bmx_input_record *input = bmx_source_inputs(s, &n_inputs);
    bpemix_status st = BPEMIX_OK;

    if (b->kind == BMX_BLOCK_WORDS)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "give the text itself",
                             "counted words hold no documents to draw");
    for (size_t p = 0; p < b->n && !st; p++) {
        const bmx_part *part = &b->part[p];
        bool begins = part->file != r->file || part->ordinal != r->ordinal;
        bmx_record_cursor at = { .block = b, .part = p };
        uint32_t source = 0;
        bool more = true;

        r->file = part->file;
        r->ordinal = part->ordinal;
        if ((st = source_of(r, part->file < n_inputs ? input[part->file].path : "", root, &source,
                            err)))
            break;
        if (b->kind == BMX_BLOCK_TEXT) {
            st = take(r, bmx_slice_of(b->buf.ptr + part->at, part->len), source, begins, err);
            if (st)
                bmx_at(err, st, "%s", part->file < n_inputs ? input[part->file].path : "");
            continue;
        }
        while (!st) {
            bmx_slice text;

            if ((st = bmx_source_record(s, &at, &r->record, &text, &more, err)) || !more)
                break;
            st = take(r, text, source, true, err);
        }
    }
    return st;
}

/* A path, or what the caller hands over. */
static bpemix_status read_path(reader *r, const bpemix_category *cat, const char *path,
                               bpemix_error *err)
{
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .jsonl = r->opts->count->jsonl,
                             .field = r->opts->count->field, .binary = r->opts->count->binary,
                             .skip_bad = r->opts->count->skip_bad_records,
                             .max_bytes = r->opts->count->max_bytes };
    bmx_source *s = NULL;
    bmx_block b = { 0 };
    bool more = true;
    bpemix_status st = path ? bmx_source_open(&path, 1, &opts, &s, err)
                            : bmx_source_open_callback(cat->read, cat->read_ctx, &opts, &s, err);

    r->file = r->ordinal = SIZE_MAX;
    while (!st && !(st = bmx_source_next(s, &b, &more, err)) && more)
        st = take_block(r, s, &b, path ? path : "", err);
    if (!st && !bmx_source_has_malformed(s)) /* of which it says that it is counted */
        st = bmx_source_warnings(s, &r->cat->warning, err);
    bmx_block_release(&b);
    bmx_source_close(s);
    return st;
}

/* Both halves where there are some, else all of it. */
static bpemix_status read_halves(reader *r, const bpemix_category *cat, bpemix_error *err)
{
    const bmx_lab_read_opts *o = r->opts;
    bpemix_status st = cat->read ? read_path(r, cat, NULL, err) : BPEMIX_OK;

    for (size_t i = 0; i < cat->n_paths && !cat->read && !st; i++)
        for (int half = 0; half < (o->sample_half ? 2 : 1) && !st; half++) {
            char *path = o->sample_half ? bmx_asprintf("%s/%s", cat->paths[i],
                                                       half ? o->sample_half : o->train_half)
                                        : bmx_strdup(cat->paths[i]);

            r->sample = half;
            st = path ? read_path(r, cat, path, err) : bmx_nomem(err);
            bmx_free(path);
        }
    return st;
}

/* ---- words made up ---- */

static size_t middle_of(bmx_slice s)
{
    size_t at = s.len / 2;

    while (at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* Make up twice as many words as there are words that occur once, each from the front of one of
 * these and the back of another: new to the category, but of the same kind. */
static bpemix_status make_up(reader *r, bmx_buf *text, size_t *n_made, bpemix_error *err)
{
    bmx_rng rng = { r->opts->seed ^ bmx_hash64(r->cat->name, strlen(r->cat->name), 0) };
    size_t known = r->word.n, n_rare = 0;
    uint32_t *rare = bmx_malloc(known, sizeof *rare);
    bpemix_status st = rare ? BPEMIX_OK : bmx_nomem(err);

    for (size_t w = 0; w < known && !st; w++)
        if (r->total[w] == 1)
            rare[n_rare++] = (uint32_t)w;
    for (size_t k = 0; k < 2 * n_rare && !st; k++) {
        bmx_slice a = r->word.str[rare[bmx_rng_below(&rng, n_rare)]];
        bmx_slice b = r->word.str[rare[bmx_rng_below(&rng, n_rare)]];
        size_t front = middle_of(a), back = middle_of(b);
        uint32_t id;

        text->len = 0;
        if (!(st = bmx_buf_add(text, a.ptr, front, err)) &&
            !(st = bmx_buf_add(text, b.ptr + back, b.len - back, err)) && text->len)
            st = bmx_intern_add(&r->word, bmx_slice_of(text->ptr, text->len), &id, NULL, err);
    }
    *n_made = r->word.n - known;
    bmx_free(rare);
    return st;
}

/* ---- one category ---- */

typedef struct job {
    const bpemix_category *cats;
    const bmx_lab_read_opts *opts;
    bmx_lab_corpus *corpus;
    bmx_intern *word; /* word[n_cats]: by the category's own numbers */
    uint32_t **total;
    size_t *n_made;
    uint32_t **local; /* local[n_cats][known words]: their place in the vocabulary */
} job;

static void merge_clusters(bmx_lab_category *c, uint64_t cluster);

static bpemix_status read_category(void *ctx, size_t i, unsigned worker, bpemix_error *err)
{
    job *j = ctx;
    const bmx_text_rule *rule = j->opts->rule;
    bmx_lab_category *c = &j->corpus->cat[i];
    reader r = { .opts = j->opts, .cat = c };
    bmx_buf text = { 0 };
    bpemix_status st;

    (void)worker;
    r.lines = rule->lines;
    r.strip_newline = rule->strip_newline;
    if (!(c->name = bmx_strdup(j->cats[i].name)))
        return bmx_nomem(err);
    r.cluster = j->opts->cluster == BMX_LAB_CLUSTER_AUTO ? 0 : j->opts->cluster;
    if (!(st = bmx_normalizer_new(rule->normalizer, &r.normalizer, err)) &&
        !(st = bmx_pretokenizer_new(rule->pretokenizer, rule->bytes, BMX_ENGINE_AUTO,
                                    &r.pretokenizer, err)) &&
        !(st = bmx_pretokenizer_scratch_new(r.pretokenizer, &r.scratch, err)) &&
        !(st = read_halves(&r, &j->cats[i], err)) && j->opts->make_up)
        st = make_up(&r, &text, &j->n_made[i], err);
    if (!st && !c->n_docs)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "give it text, or leave it out",
                           "no documents of UTF-8 text");
    if (!st) {
        c->doc[c->n_docs] = (bmx_lab_document){ .first = c->n_entries };
        c->n_sources = (uint32_t)r.source.n;
        c->clustered = j->opts->cluster == BMX_LAB_CLUSTER_AUTO
                           ? r.punctuation * 7 * 25 > c->bytes /* 4 of 100 */
                           : j->opts->cluster > 0;
        if (c->clustered && j->opts->cluster == BMX_LAB_CLUSTER_AUTO)
            merge_clusters(c, BMX_LAB_CLUSTER_CODE);
        j->word[i] = r.word;
        j->total[i] = r.total;
        r.word = (bmx_intern){ 0 };
        r.total = NULL;
    }
    reader_release(&r);
    bmx_buf_release(&text);
    return st ? bmx_at(err, st, "%s", j->cats[i].name) : st;
}

/* Put neighbouring documents of one source together.  A word in several of them has several
 * entries, which does not matter as they are only added up. */
static void merge_clusters(bmx_lab_category *c, uint64_t cluster)
{
    size_t n = 0;

    for (size_t d = 0; d < c->n_docs; d++) {
        bmx_lab_document *last = n ? &c->doc[n - 1] : NULL;

        if (last && last->source == c->doc[d].source && last->sample == c->doc[d].sample &&
            last->bytes < cluster)
            last->bytes += c->doc[d].bytes;
        else
            c->doc[n++] = c->doc[d];
    }
    c->doc[n] = c->doc[c->n_docs];
    c->n_docs = n;
}

/* ---- numbers that all categories share ---- */

/* A word of a category.  Most comparisons are decided by the first eight bytes. */
typedef struct spot {
    uint64_t head; /* these, the first one highest, zeros behind the end */
    const bmx_slice *text;
    uint32_t cat, word; /* the category's own number */
} spot;

static int by_text(const void *a, const void *b)
{
    const spot *x = a, *y = b;

    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    return bmx_slice_cmp(*x->text, *y->text);
}

static bpemix_status list_spots(const job *j, spot **out, size_t *n, bpemix_error *err)
{
    size_t total = 0, at = 0;
    spot *list;

    for (size_t i = 0; i < j->corpus->n_cats; i++)
        total += j->word[i].n;
    if (total >= BMX_NONE)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "read less of each category",
                             "%zu distinct words are too many", total);
    if (!(list = bmx_malloc(total, sizeof *list)))
        return bmx_nomem(err);
    for (size_t i = 0; i < j->corpus->n_cats; i++)
        for (size_t w = 0; w < j->word[i].n; w++) {
            const bmx_slice *s = &j->word[i].str[w];
            uint64_t head = 0;

            for (size_t k = 0; k < 8; k++)
                head = head << 8 | (k < s->len ? (unsigned char)s->ptr[k] : 0);
            list[at++] = (spot){ head, s, (uint32_t)i, (uint32_t)w };
        }
    if (total)
        qsort(list, total, sizeof *list, by_text);
    *out = list;
    *n = total;
    return BPEMIX_OK;
}

/* Room for what number_words() fills in. */
static bpemix_status reserve_numbers(job *j, size_t words, size_t bytes, bpemix_error *err)
{
    bmx_lab_corpus *c = j->corpus;

    c->word = bmx_malloc(words, sizeof *c->word);
    c->text = bmx_malloc(bytes, 1);
    if (!c->word || !c->text)
        return bmx_nomem(err);
    for (size_t i = 0; i < c->n_cats; i++) {
        size_t n = j->word[i].n, known = n - j->n_made[i];

        j->local[i] = bmx_malloc(known, sizeof *j->local[i]);
        c->cat[i].vocabulary = bmx_malloc(known, sizeof *c->cat[i].vocabulary);
        c->cat[i].total = bmx_malloc(known, sizeof *c->cat[i].total);
        c->cat[i].made = bmx_malloc(n - known, sizeof *c->cat[i].made);
        if (!j->local[i] || !c->cat[i].vocabulary || !c->cat[i].total || !c->cat[i].made)
            return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

/* Words of all categories, sorted, each once, with their bytes in one block; for each
 * category those that it has. */
static bpemix_status number_words(job *j, bpemix_error *err)
{
    bmx_lab_corpus *c = j->corpus;
    spot *list = NULL;
    size_t n = 0, words = 0, bytes = 0;
    bpemix_status st = list_spots(j, &list, &n, err);

    for (size_t k = 0; k < n; k++)
        if (!k || !bmx_slice_eq(*list[k].text, *list[k - 1].text)) {
            words++;
            bytes += list[k].text->len;
        }
    if (!st)
        st = reserve_numbers(j, words, bytes, err);
    bytes = 0;
    for (size_t k = 0; k < n && !st; k++) {
        bmx_lab_category *cat = &c->cat[list[k].cat];
        uint32_t w = list[k].word;

        if (!k || !bmx_slice_eq(*list[k].text, c->word[c->n_words - 1])) {
            memcpy(c->text + bytes, list[k].text->ptr, list[k].text->len);
            c->word[c->n_words++] = bmx_slice_of(c->text + bytes, list[k].text->len);
            bytes += list[k].text->len;
        }
        if (w >= j->word[list[k].cat].n - j->n_made[list[k].cat]) {
            cat->made[cat->n_made++] = (uint32_t)(c->n_words - 1);
            continue;
        }
        j->local[list[k].cat][w] = (uint32_t)cat->n_vocabulary;
        cat->total[cat->n_vocabulary] = j->total[list[k].cat][w];
        cat->vocabulary[cat->n_vocabulary++] = (uint32_t)(c->n_words - 1);
    }
    bmx_free(list);
    return st;
}

static void renumber_entries(const job *j)
{
    for (size_t i = 0; i < j->corpus->n_cats; i++) {
        bmx_lab_category *c = &j->corpus->cat[i];

        for (size_t e = 0; e < c->n_entries; e++)
            c->entry[e].word = j->local[i][c->entry[e].word];
    }
}

/* What was noted of the text, category by category. */
static void warn_of_text(const bmx_lab_corpus *c, const bpemix_count_opts *count)
{
    char text[400];

    for (size_t i = 0; i < c->n_cats && count->warn; i++) {
        const bmx_lab_category *k = &c->cat[i];

        for (size_t w = 0; w < k->warning.n; w++)
            count->warn(count->warn_ctx, k->warning.text[w]);
        if (!k->skipped)
            continue;
        bmx_snprintf(text, sizeof text,
                     "category '%s': %" PRIu64 " of its documents %s not UTF-8 and left out; "
                     "convert what is text to UTF-8 (iconv)",
                     k->name, k->skipped, k->skipped == 1 ? "is" : "are");
        count->warn(count->warn_ctx, text);
    }
}

/* Words are drawn, and made up, from text alone. */
static bpemix_status check_invalid(const bpemix_count_opts *count, bpemix_error *err)
{
    if (count->invalid != BPEMIX_INVALID_KEEP && count->invalid != BPEMIX_INVALID_REPLACE)
        return BPEMIX_OK;
    bmx_fail_hint(err, BPEMIX_E_USAGE, "", "take 'auto', which leaves them out, or 'refuse'",
                  "documents that are not UTF-8 cannot be drawn");
    return bmx_with_param(err, BPEMIX_E_USAGE, "invalid");
}

bpemix_status bmx_lab_corpus_read(const bpemix_category *cats, size_t n,
                                  const bmx_lab_read_opts *opts, bmx_lab_corpus *out,
                                  bpemix_error *err)
{
    job j = { .cats = cats, .opts = opts, .corpus = out };
    bpemix_status st = check_invalid(opts->count, err);

    *out = (bmx_lab_corpus){ 0 };
    if (st)
        return st;
    out->n_cats = n;
    out->cat = bmx_calloc(n, sizeof *out->cat);
    j.word = bmx_calloc(n, sizeof *j.word);
    j.total = bmx_calloc(n, sizeof *j.total);
    j.n_made = bmx_calloc(n, sizeof *j.n_made);
    j.local = bmx_calloc(n, sizeof *j.local);
    if (!out->cat || !j.word || !j.total || !j.n_made || !j.local)
        st = bmx_nomem(err);
    if (!st && !(st = bmx_parallel(opts->n_threads, n, read_category, &j, err)) &&
        !(st = number_words(&j, err)))
        renumber_entries(&j);
    if (!st)
        warn_of_text(out, opts->count);
    for (size_t i = 0; i < n; i++) {
        if (j.word)
            bmx_intern_release(&j.word[i]);
        if (j.total)
            bmx_free(j.total[i]);
        if (j.local)
            bmx_free(j.local[i]);
    }
    bmx_free(j.word);
    bmx_free(j.total);
    bmx_free(j.n_made);
    bmx_free(j.local);
    if (st)
        bmx_lab_corpus_release(out);
    return st;
}

/* ---- which text it was ---- */

/* Numbers on their way into a digest, which takes short inputs slowly. */
typedef struct digester {
    bmx_sha256 *sha;
    unsigned char bytes[4096];
    size_t n;
} digester;

static void digest_flush(digester *d)
{
    bmx_sha256_add(d->sha, d->bytes, d->n);
    d->n = 0;
}

static void digest_number(digester *d, uint64_t v)
{
    if (d->n + 8 > sizeof d->bytes)
        digest_flush(d);
    bmx_store_le(d->bytes + d->n, v, 8);
    d->n += 8;
}

static void digest_category(digester *d, const bmx_lab_category *c)
{
    digest_number(d, c->n_docs);
    for (size_t k = 0; k < c->n_docs; k++) {
        const bmx_lab_document *doc = &c->doc[k];

        digest_number(d, doc->first);
        digest_number(d, doc->bytes);
        digest_number(d, (uint64_t)doc->source << 1 | doc->sample);
    }
    digest_number(d, c->n_entries);
    for (size_t e = 0; e < c->n_entries; e++)
        digest_number(d, (uint64_t)c->entry[e].word << 32 | c->entry[e].count);
    digest_number(d, c->n_vocabulary);
    for (size_t k = 0; k < c->n_vocabulary; k++)
        digest_number(d, c->vocabulary[k]);
    digest_number(d, c->n_made);
    for (size_t k = 0; k < c->n_made; k++)
        digest_number(d, c->made[k]);
    digest_number(d, c->clustered);
}

bpemix_status bmx_lab_corpus_digest(const bmx_lab_corpus *c, char out[65], bpemix_error *err)
{
    digester d = { .sha = bmx_sha256_new() };
    size_t bytes = 0;

    if (!d.sha)
        return bmx_nomem(err);
    digest_number(&d, c->n_words);
    for (size_t w = 0; w < c->n_words; w++) {
        digest_number(&d, c->word[w].len);
        bytes += c->word[w].len;
    }
    digest_flush(&d);
    bmx_sha256_add(d.sha, c->text, bytes);
    for (size_t i = 0; i < c->n_cats; i++)
        digest_category(&d, &c->cat[i]);
    digest_flush(&d);
    bmx_sha256_hex(d.sha, out);
    return BPEMIX_OK;
}

void bmx_lab_corpus_release(bmx_lab_corpus *c)
{
    for (size_t i = 0; c->cat && i < c->n_cats; i++) {
        bmx_free(c->cat[i].name);
        bmx_free(c->cat[i].doc);
        bmx_free(c->cat[i].entry);
        bmx_free(c->cat[i].vocabulary);
        bmx_free(c->cat[i].total);
        bmx_free(c->cat[i].made);
        bmx_texts_release(&c->cat[i].warning);
    }
    bmx_free(c->cat);
    bmx_free(c->word);
    bmx_free(c->text);
    *c = (bmx_lab_corpus){ 0 };
}
