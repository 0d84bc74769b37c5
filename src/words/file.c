/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.c - files of counted words.
 *
 *   8   magic "bpemix\0W"
 *   4   version: 2, or 3 with folds; 1 is read, too
 *   32  key: what turns text into words (split/rule.h)
 *   ..  name of the category, stamp
 *   ..  version 3: number of folds; others: totals
 *   ..  number of inputs; of each: path, bytes, documents, checksum
 *   ..  number of warnings on the text, and these (not in version 1)
 *   ..  words; version 3, of each fold: totals, words
 *   8   XXH3 of everything before
 *
 *   totals  bytes, documents, pre-tokens, malformed bytes
 *   words   how many; of each: bytes shared with the word before, other bytes, count
 *
 * Fixed fields are little-endian, all others are base-128 numbers, low digits
 * first, or strings with their length in front.
 *
 * F1  words (of a fold) are not empty and strictly rise in byte order; counts are
 *     not 0 and add up to `pretokens`.
 * F2  at most 255 bytes are shared, so that a small file cannot unpack into
 *     unbounded memory. */
#include "words/file.h"
#include "base/cancel.h"
#include "base/format.h"
#include "base/input.h"
#include "base/output.h"
#include "base/signature.h"
#include "base/threads.h"
#include "words/coding.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WITHOUT_WARNINGS = 1, WHOLE = 2, WITH_FOLDS = 3 }; /* versions */
#define HEADER_BYTES (BMX_WORDS_MAGIC_BYTES + 4 + 32)

/* ---- writing ---- */

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static bpemix_status put_totals(bmx_buf *b, const bmx_words *w, bpemix_error *err)
{
    bpemix_status st;

    if (!(st = bmx_put_varint(b, w->bytes, err)) && !(st = bmx_put_varint(b, w->documents, err)) &&
        !(st = bmx_put_varint(b, w->pretokens, err)))
        st = bmx_put_varint(b, w->invalid_bytes, err);
    return st;
}

/* All that stands before the words of w[0]; with folds without its totals. */
static bpemix_status put_header(bmx_buf *b, const bmx_words *w, bpemix_error *err)
{
    bpemix_status st = bmx_buf_add(b, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES, err);

    if (!st)
        st = bmx_put_le(b, w->n_folds ? WITH_FOLDS : WHOLE, 4, err);
    for (int i = 0; i < 32 && !st; i++)
        st = bmx_put_le(b, hex_digit(w->key[2 * i]) << 4 | hex_digit(w->key[2 * i + 1]), 1, err);
    if (!st)
        st = bmx_put_string(b, bmx_slice_str(w->name ? w->name : ""), err);
    if (!st)
        st = bmx_put_string(b, bmx_slice_str(w->stamp), err);
    if (!st)
        st = w->n_folds ? bmx_put_varint(b, w->n_folds, err) : put_totals(b, w, err);
    if (!st)
        st = bmx_put_varint(b, w->n_inputs, err);
    for (size_t i = 0; i < w->n_inputs && !st; i++) {
        const bmx_input_record *in = &w->input[i];
        if (!(st = bmx_put_string(b, bmx_slice_str(in->path), err)) &&
            !(st = bmx_put_varint(b, in->bytes, err)) &&
            !(st = bmx_put_varint(b, in->documents, err)))
            st = bmx_put_varint(b, in->checksum, err);
    }
    if (!st)
        st = bmx_put_varint(b, w->warning.n, err);
    for (size_t i = 0; i < w->warning.n && !st; i++)
        st = bmx_put_string(b, bmx_slice_str(w->warning.text[i]), err);
    return st;
}

typedef struct entry {
    bmx_slice word;
    uint64_t count;
} entry;

static int by_word(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return bmx_slice_cmp(x->word, y->word);
}

/* ---- to a file or to memory ---- */

typedef struct sink {
    bmx_output *file; /* or NULL: */
    bmx_buf *memory;
    bmx_checksum *sum; /* of all bytes so far */
} sink;

static bpemix_status put(sink *to, const void *p, size_t n, bpemix_error *err)
{
    bmx_checksum_add(to->sum, p, n);
    return to->file ? bmx_output_add(to->file, p, n, err) : bmx_buf_add(to->memory, p, n, err);
}

/* ---- words ---- */

#define SECTION_WORDS 32768 /* words that a thread encodes before they are put: half a megabyte or
                            so */

#define AHEAD 16 /* words from a prefetch to its use */

typedef struct writing {
    sink *to;
    const bmx_words *w;
    const entry *sorted; /* sorted[w->word.n], NULL: they are in order as they stand */
    size_t n_sections;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    /* below: under lock */
    size_t begun, done; /* sections */
    bool failed;
} writing;

static inline entry entry_of(const writing *x, size_t i)
{
    return x->sorted ? x->sorted[i] : (entry){ x->w->word.str[i], x->w->count[i] };
}

static bpemix_status encode_section(const writing *x, size_t from, size_t to, bmx_buf *b,
                                 bpemix_error *err)
{
    bmx_slice before = from ? entry_of(x, from - 1).word : bmx_slice_of("", 0);

    b->len = 0;
    for (size_t i = from; i < to; i++) {
        entry e = entry_of(x, i);

        if (i + AHEAD < to) /* long words are anywhere in memory */
            __builtin_prefetch(entry_of(x, i + AHEAD).word.ptr);
        if (bmx_put_entry(b, before, e.word, e.count, err))
            return BPEMIX_E_NOMEM;
        before = e.word;
    }
    return BPEMIX_OK;
}

/* Parts are encoded by several threads and written in order: each waits for those before it, which
 * were begun earlier, so that there is no deadlock. */
static bpemix_status write_sections(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    writing *x = ctx;
    bmx_buf b = { 0 };
    bpemix_status st = BPEMIX_OK;

    (void)task, (void)worker;
    pthread_mutex_lock(&x->lock);
    while (x->begun < x->n_sections && !x->failed) {
        size_t k = x->begun++, from = k * SECTION_WORDS, n = x->w->word.n - from;

        pthread_mutex_unlock(&x->lock);
        if (!(st = bmx_check_cancel(err)))
            st = encode_section(x, from, from + (n < SECTION_WORDS ? n : SECTION_WORDS), &b, err);
        pthread_mutex_lock(&x->lock);
        while (x->done < k)
            pthread_cond_wait(&x->turn, &x->lock);
        if (!st && !x->failed) {
            pthread_mutex_unlock(&x->lock);
            st = put(x->to, b.ptr, b.len, err);
            pthread_mutex_lock(&x->lock);
        }
        x->done++;
        x->failed = x->failed || st;
        pthread_cond_broadcast(&x->turn);
    }
    pthread_mutex_unlock(&x->lock);
    bmx_buf_release(&b);
    return st;
}

static bpemix_status put_entries(sink *to, const bmx_words *w, const entry *sorted,
                                 unsigned n_threads, bpemix_error *err)
{
    writing x = { .to = to, .w = w, .sorted = sorted,
                  .n_sections = w->word.n / SECTION_WORDS + (w->word.n % SECTION_WORDS > 0) };
    bpemix_status st;

    if (n_threads > x.n_sections)
        n_threads = x.n_sections ? (unsigned)x.n_sections : 1;
    pthread_mutex_init(&x.lock, NULL);
    pthread_cond_init(&x.turn, NULL);
    st = bmx_parallel(n_threads, n_threads, write_sections, &x, err);
    pthread_cond_destroy(&x.turn);
    pthread_mutex_destroy(&x.lock);
    return st;
}

static bpemix_status put_words(sink *to, const bmx_words *w, unsigned n_threads, bpemix_error *err)
{
    size_t n = w->word.n;
    bpemix_status st;
    entry *e;

    if (w->in_order) /* as words that were just counted are */
        return put_entries(to, w, NULL, n_threads, err);
    if (!(e = bmx_malloc(n, sizeof *e)))
        return bmx_nomem(err);
    for (size_t i = 0; i < n; i++)
        e[i] = (entry){ w->word.str[i], w->count[i] };
    qsort(e, n, sizeof *e, by_word);
    st = put_entries(to, w, e, n_threads, err);
    bmx_free(e);
    return st;
}

/* w[folds, or 1] */
static bpemix_status write_words(const bmx_words *w, unsigned n_threads, sink *to,
                                 bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = strlen(w->key) == 64
                           ? put_header(&b, w, err)
                           : bmx_fail(err, BPEMIX_E_BUG, "", "words without a key");

    if (!st && !(to->sum = bmx_checksum_new()))
        st = bmx_nomem(err);
    for (size_t f = 0; f < bmx_words_tallies(w) && !st; f++) {
        if (w->n_folds)
            st = put_totals(&b, &w[f], err);
        if (!st && !(st = bmx_put_varint(&b, w[f].word.n, err)) &&
            !(st = put(to, b.ptr, b.len, err)))
            st = put_words(to, &w[f], bmx_thread_count(n_threads), err);
        b.len = 0;
    }
    if (!st && !(st = bmx_put_le(&b, bmx_checksum_value(to->sum), 8, err)))
        st = put(to, b.ptr, b.len, err);
    bmx_checksum_free(to->sum);
    bmx_buf_release(&b);
    return st;
}

bpemix_status bmx_words_write(const bmx_words *w, unsigned n_threads, bmx_buf *out,
                              bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = write_words(w, n_threads, &(sink){ .memory = &b }, err);

    if (st)
        bmx_buf_release(&b);
    else
        *out = b;
    return st;
}

/* ---- reading ---- */

static bpemix_status damaged(const char *where, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "make it again from the text",
                         "damaged file of counted words");
}

static bpemix_status check_header(const char *where, bmx_slice data, const char *key, char hex[65],
                                  uint64_t *version, bpemix_error *err)
{
    if (data.len < BMX_WORDS_MAGIC_BYTES ||
        memcmp(data.ptr, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "pass a file that bpemix wrote",
                             "not a file of counted words");
    if (data.len < HEADER_BYTES + 8)
        return damaged(where, err);
    *version = bmx_load_le(data.ptr + BMX_WORDS_MAGIC_BYTES, 4);
    if (*version < WITHOUT_WARNINGS || *version > WITH_FOLDS)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, where, "use that version, or count again",
                             "counted words in the format of another version (%llu)",
                             (unsigned long long)*version);
    if (bmx_hash64(data.ptr, data.len - 8, 0) != bmx_load_le(data.ptr + data.len - 8, 8))
        return damaged(where, err);
    for (int i = 0; i < 32; i++)
        bmx_snprintf(hex + 2 * i, 3, "%02x",
                     (unsigned)(unsigned char)data.ptr[BMX_WORDS_MAGIC_BYTES + 4 + i]);
    if (key && strcmp(hex, key))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, where,
                             "count the text again for this tokenizer",
                             "words counted with another normalizer, pre-tokenizer, text unit "
                             "or treatment of malformed bytes");
    return BPEMIX_OK;
}

static bpemix_status get_inputs(bmx_decoder *r, bmx_words *w, bpemix_error *err)
{
    uint64_t n = bmx_get_number(r);
    uint64_t bytes = INT64_MAX, documents = INT64_MAX; /* left until their sum would overflow */

    for (uint64_t i = 0; i < n && !r->bad; i++) {
        bmx_slice path = bmx_get_string(r);
        bmx_input_record in = { .bytes = bmx_get_number(r) };
        bpemix_status st;

        in.documents = bmx_get_number(r);
        in.checksum = bmx_get_number(r);
        bytes -= r->bad || in.bytes > bytes ? bytes : in.bytes;
        documents -= r->bad || in.documents > documents ? documents : in.documents;
        if (r->bad || !bytes || !documents || memchr(path.ptr, 0, path.len)) {
            r->bad = true;
            break;
        }
        if (!(in.path = bmx_strndup(path.ptr, path.len)))
            return bmx_nomem(err);
        st = bmx_words_add_input(w, &in, err);
        bmx_free(in.path);
        if (st)
            return st;
    }
    return BPEMIX_OK;
}

static bpemix_status get_warnings(bmx_decoder *r, bmx_words *w, bpemix_error *err)
{
    uint64_t n = bmx_get_number(r);
    bpemix_status st = BPEMIX_OK;

    for (uint64_t i = 0; i < n && !r->bad && !st; i++) {
        bmx_slice text = bmx_get_string(r);

        if (!r->bad)
            st = bmx_texts_add(&w->warning, text, err);
    }
    return st;
}

/* Into *pretokens the sum of the counts to come. */
static void get_totals(bmx_decoder *r, bmx_words *w, uint64_t *pretokens)
{
    uint64_t bytes = bmx_get_number(r), documents = bmx_get_number(r), invalid;

    *pretokens = bmx_get_number(r);
    invalid = bmx_get_number(r);
    r->bad = r->bad || bmx_words_add_text(w, bytes, documents, invalid, NULL);
}

static bpemix_status get_words(bmx_decoder *r, bmx_words *w, uint64_t pretokens, bpemix_error *err)
{
    uint64_t n = bmx_get_number(r), left = pretokens;
    bmx_buf word = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (n > (uint64_t)(r->end - r->p) / 3) /* a word takes three bytes and more */
        r->bad = true;
    else
        st = bmx_words_reserve(w, (size_t)n, err);
    for (uint64_t i = 0; i < n && !r->bad && !st; i++) {
        uint64_t same = bmx_get_number(r), count;
        bmx_slice tail = bmx_get_string(r), before = { NULL, 0 };

        count = bmx_get_number(r);
        if (w->word.n)
            before = w->word.str[w->word.n - 1];
        if (r->bad || same > word.len || same > BMX_CODING_MAX_SHARED || same + tail.len == 0 ||
            !count || count > left) {
            r->bad = true;
            break;
        }
        word.len = (size_t)same;
        if ((st = bmx_buf_add(&word, tail.ptr, tail.len, err)))
            break;
        if (i && bmx_slice_cmp(before, bmx_slice_of(word.ptr, word.len)) >= 0)
            r->bad = true;
        else
            st = bmx_words_add(w, bmx_slice_of(word.ptr, word.len), count, err);
        left -= count;
    }
    bmx_buf_release(&word);
    w->in_order = true; /* F1 */
    r->bad = r->bad || left;
    return st;
}

/* The folds of one category, or all of it, behind its name and stamp. */
static bpemix_status get_tallies(bmx_decoder *r, uint64_t version, bmx_words *w, size_t n,
                                 bpemix_error *err)
{
    bool folds = version == WITH_FOLDS;
    uint64_t pretokens = 0, sum = 0;
    bpemix_status st;

    if (!folds)
        get_totals(r, w, &pretokens);
    if ((st = get_inputs(r, w, err)) ||
        (version != WITHOUT_WARNINGS && (st = get_warnings(r, w, err))))
        return st;
    for (size_t f = 0; f < n && !r->bad && !st; f++) {
        memcpy(w[f].key, w->key, sizeof w->key);
        w[f].n_folds = folds ? (uint32_t)n : 0;
        if (folds)
            get_totals(r, &w[f], &pretokens);
        r->bad = r->bad || __builtin_add_overflow(sum, pretokens, &sum) || sum > INT64_MAX;
        if (!r->bad)
            st = get_words(r, &w[f], pretokens, err);
    }
    r->bad = r->bad || r->p != r->end;
    return st;
}

bpemix_status bmx_words_read(const char *where, bmx_slice data, const char *key, bmx_words **out,
                             bpemix_error *err)
{
    uint64_t version = 0, n = 1;
    char hex[65];
    bpemix_status st = check_header(where, data, key, hex, &version, err);
    bmx_slice name, stamp;
    bmx_words *w;
    bmx_decoder r;

    if (st)
        return st;
    r = (bmx_decoder){ (const unsigned char *)data.ptr + HEADER_BYTES,
                  (const unsigned char *)data.ptr + data.len - 8, false };
    name = bmx_get_string(&r);
    stamp = bmx_get_string(&r);
    if (version == WITH_FOLDS)
        n = bmx_get_number(&r);
    if (r.bad || memchr(name.ptr, 0, name.len) || stamp.len >= sizeof w->stamp ||
        (version == WITH_FOLDS && (n < 2 || n > BMX_MAX_FOLDS)))
        return damaged(where, err);
    if (!(w = bmx_calloc((size_t)n, sizeof *w)))
        return bmx_nomem(err);
    memcpy(w->key, hex, sizeof hex);
    memcpy(w->stamp, stamp.ptr, stamp.len);
    w->n_folds = version == WITH_FOLDS ? (uint32_t)n : 0;
    if (!(w->name = bmx_strndup(name.ptr, name.len)))
        st = bmx_nomem(err);
    if (st || (st = get_tallies(&r, version, w, (size_t)n, err)) || r.bad) {
        bmx_words_free(w);
        return st ? st : damaged(where, err);
    }
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bmx_words_save(const bmx_words *w, const char *path, unsigned n_threads,
                             bpemix_error *err)
{
    sink to = { 0 };
    bpemix_status st = bmx_output_open(path, &to.file, err);

    return st ? st : bmx_output_close(to.file, write_words(w, n_threads, &to, err), err);
}

bpemix_status bmx_words_load(const char *path, const char *key, bmx_words **out,
                             bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = bmx_read_file_like(path,
                                          bmx_slice_of(BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES), &b,
                                          err);

    if (!st)
        st = bmx_words_read(path, bmx_slice_of(b.ptr, b.len), key, out, err);
    bmx_buf_release(&b);
    return st;
}
