/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_words.c - words from counted chunks.
 *
 * Chunks that are counted alike are put one behind the other into a run, which is split as
 * any text is, once, with words that count for more:
 *
 *   3  " cat"      \
 *   3  " dog,"      >  " cat dog, the"  -> words, each 3 times
 *   3  " the"      /
 *
 * for what is cut from a text at a place where the cut changes nothing may as well be put
 * behind any other text that ends there.  That is nearly as fast as text is, for a text in
 * which every chunk occurs once or a few times.
 *
 * R1  A chunk goes behind another only where a text may be cut (chunk.h): it starts with
 *     U+0020, and the other ends with something visible; or it starts with a mark, and the
 *     other ends with a letter.
 * R2  A chunk that begins a document begins a run.
 * R3  A chunk with U+2585 has a run of its own: SentencePiece leaves such lines out. */
#include "words/chunk_words.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <string.h>

#define RUN_BYTES ((size_t)1 << 18) /* most of one run of chunks; a judgement */
#define AHEAD 8   /* chunks from a prefetch to its use: those of one count are far apart */
#define ALIKE 256 /* counts below are looked for together; most chunks are rarer */

typedef struct run {
    bmx_unit_splitter *s;
    bmx_buf text;
    bool begins, visible, letter; /* starts a document; how it ends */
    bool joins_marks;
} run;

static bpemix_status flush(run *r, bpemix_error *err)
{
    bmx_slice text = bmx_slice_of(r->text.ptr, r->text.len);
    bpemix_status st;

    if (!text.len)
        return BPEMIX_OK;
    if (r->s->plan->rule.invalid == BPEMIX_INVALID_REFUSE && !bmx_utf8_valid(text))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                             "replace them, or cut clean text into chunks",
                             "chunks hold bytes that are not UTF-8");
    st = bmx_unit_split_chunks(r->s, text, r->begins, err);
    r->text.len = 0;
    r->begins = r->visible = r->letter = false;
    return st;
}

static bool has_reserved(bmx_slice chunk)
{
    return chunk.len > 3 && memmem(chunk.ptr, chunk.len, "\xe2\x96\x85", 3);
}

#ifdef BMX_CHECKED
/* R1 to R3, by the text of the run itself. */
static bool goes_behind(const run *r, bmx_slice chunk, bool begins, bool alone)
{
    bmx_slice text = bmx_slice_of(r->text.ptr, r->text.len);
    bool letter = false;

    return !text.len || !chunk.len ||
           (!begins && !alone && bmx_chunk_ends_visibly(text, &letter) &&
            (chunk.ptr[0] == ' ' || (letter && r->joins_marks)));
}
#endif

static bpemix_status add(run *r, bmx_slice chunk, bpemix_error *err)
{
    bool begins = chunk.ptr[0] == BMX_CHUNK_START, alone;
    bpemix_status st = BPEMIX_OK;

    if (begins)
        chunk = bmx_slice_of(chunk.ptr + 1, chunk.len - 1);
    alone = r->s->plan->rule.strip_newline && has_reserved(chunk);
    if (r->text.len && (begins || alone || !chunk.len || r->text.len + chunk.len > RUN_BYTES ||
                        !(chunk.ptr[0] == ' ' ? r->visible : r->letter && r->joins_marks)))
        st = flush(r, err);
    BMX_ASSERT(st || goes_behind(r, chunk, begins, alone));
    if (st || !chunk.len || (st = bmx_buf_add(&r->text, chunk.ptr, chunk.len, err)))
        return st;
    r->begins = r->begins || begins;
    r->visible = bmx_chunk_ends_visibly(chunk, &r->letter);
    return alone ? flush(r, err) : BPEMIX_OK;
}

/* Chunks chosen by their place in a list, all with this count. */
static bpemix_status count_alike(run *r, const bmx_chunk_list *l, const uint32_t *index, size_t n,
                                 uint64_t count, bpemix_error *err)
{
    bmx_unit_splitter *s = r->s;
    uint64_t invalid = s->invalid_bytes, left_out = s->left_out;
    bpemix_status st = BPEMIX_OK;

    s->to->extra = count - 1;
    s->invalid_bytes = s->left_out = 0;
    for (size_t i = 0; i < n && !st; i++) {
        if (i + 2 * AHEAD < n)
            __builtin_prefetch(&l->chunk[index[i + 2 * AHEAD]]);
        if (i + AHEAD < n)
            __builtin_prefetch(l->chunk[index[i + AHEAD]].ptr);
        st = add(r, l->chunk[index[i]], err);
    }
    if (!st)
        st = flush(r, err);
    if (!st)
        st = bmx_word_table_flush(s->to, err);
    s->to->extra = 0;
    s->invalid_bytes = invalid + count * s->invalid_bytes;
    s->left_out = left_out + count * s->left_out;
    return st;
}

bpemix_status bmx_chunk_words(bmx_unit_splitter *s, const bmx_chunk_list *l, bool joins_marks,
                              bpemix_error *err)
{
    size_t end[ALIKE + 1] = { 0 };
    uint32_t *index = bmx_malloc(l->n, sizeof *index);
    run r = { .s = s, .joins_marks = joins_marks };
    bpemix_status st = index ? BPEMIX_OK : bmx_nomem(err);

    /* counting sort: index[end[c - 1] .. end[c]) are counted c times, those behind more often */
    for (size_t i = 0; i < l->n; i++)
        end[l->count[i] < ALIKE ? l->count[i] : ALIKE]++;
    for (size_t c = 1; c <= ALIKE; c++)
        end[c] += end[c - 1];
    for (size_t i = l->n; i-- > 0 && !st;)
        index[--end[l->count[i] < ALIKE ? l->count[i] : ALIKE]] = (uint32_t)i;
    for (size_t c = 1; c < ALIKE && !st; c++) /* end[c] is where c begins by now */
        st = count_alike(&r, l, index + end[c], end[c + 1] - end[c], c, err);
    for (size_t i = end[ALIKE]; i < l->n && !st; i++)
        st = count_alike(&r, l, &index[i], 1, l->count[index[i]], err);
    bmx_buf_release(&r.text);
    bmx_free(index);
    return st;
}
