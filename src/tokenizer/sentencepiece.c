/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sentencepiece.c - SentencePiece .model files, BPE type.
 *
 * ModelProto (proto2, read here without a schema compiler):
 *   1 piece { 1 text, 2 score (float), 3 type }   repeated, in the order of ids
 *   2 TrainerSpec     3 NormalizerSpec            other fields are skipped
 *
 * Ids are the order of learning among normal pieces; scores are what encoding
 * follows and can be edited after training. */
#include "tokenizer/sentencepiece.h"
#include "base/format.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "tokenizer/build.h"
#include "tokenizer/recover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- pieces -> tokenizer ---- */

/* Pieces that were given their score of 0 by hand.  The trainer gives 0 to the first piece it
 * learned, -1 to the second, which may have been taken out, and a few more; any other 0 was added
 * later. */
static bool is_manual(const bmx_piece *piece, size_t n, size_t i)
{
    if (piece[i].type != BMX_PIECE_NORMAL || piece[i].score != 0)
        return false;
    return !(i + 1 < n && piece[i + 1].type == BMX_PIECE_NORMAL && piece[i + 1].score < 0 &&
             piece[i + 1].score >= -16);
}

static bool any_negative(const bmx_piece *piece, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (piece[i].score < 0)
            return true;
    return false;
}

/* How many of score[n] are outside a longest falling subsequence: patience
 * sorting, where tail[k] is the highest last score of a run of k + 1. */
static bpemix_status count_disorder(const double *score, size_t n, size_t *out, bpemix_error *err)
{
    double *tail = bmx_malloc(n, sizeof *tail);
    size_t runs = 0;

    if (!tail)
        return bmx_nomem(err);
    for (size_t i = 0; i < n; i++) {
        size_t lo = 0, hi = runs;
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (tail[mid] > score[i])
                lo = mid + 1;
            else
                hi = mid;
        }
        tail[lo] = score[i];
        runs += lo == runs;
    }
    bmx_free(tail);
    *out = n - runs;
    return BPEMIX_OK;
}

typedef struct scored {
    double score;
    uint32_t token;
} scored;

static int by_score(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    return (x->score < y->score) - (x->score > y->score);
}

/* Encoding merges the pair whose text has the highest score; equal scores rank
 * the same. */
static bpemix_status rank_by_score(bpemix_tokenizer *tok, scored *s, size_t n, bpemix_error *err)
{
    uint32_t rank = 0;

    if (!(tok->encoded.rank = bmx_malloc(tok->vocab.tokens.n, sizeof *tok->encoded.rank)))
        return bmx_nomem(err);
    tok->encoded.n_ranks = tok->vocab.tokens.n;
    memset(tok->encoded.rank, 0xff, tok->vocab.tokens.n * sizeof *tok->encoded.rank);
    if (n)
        qsort(s, n, sizeof *s, by_score);
    for (size_t i = 0; i < n; i++) {
        rank += i && s[i].score < s[i - 1].score;
        tok->encoded.rank[s[i].token] = rank;
    }
    return BPEMIX_OK;
}

/* The trainer numbers its n pieces 0, -1, ..., -(n - 1).  How many numbers lie beyond that, as when
 * pieces were taken out?  Some models keep pieces that are never to be used, with scores far below
 * all others (Llama's is -1e9).  s[n] falls. */
static uint32_t count_missing(const scored *s, size_t n)
{
    const double far = -10 * (double)n;

    while (n && s[n - 1].score < far)
        n--;
    for (size_t i = 0; i < n; i++)
        if (s[i].score > 0 || s[i].score != floor(s[i].score) ||
            (i && s[i].score == s[i - 1].score))
            return 0;
    return n && -s[n - 1].score + 1 > (double)n ? (uint32_t)(-s[n - 1].score + 1 - (double)n) : 0;
}

/* ranked[n_ranked]: all pieces of text, best score first; score[n]: of those that were merged, in
 * the order of ids. */
static bpemix_status warn_of_scores(bpemix_tokenizer *tok, const scored *ranked, size_t n_ranked,
                                    bool any, const double *score, size_t n, bpemix_error *err)
{
    uint32_t missing = any ? count_missing(ranked, n_ranked) : 0, far = 0;
    size_t disorder = 0;
    bpemix_status st;

    if (!any)
        return n < 2 ? BPEMIX_OK
                     : bmx_tokenizer_warn(tok, err, "no score is below 0; the order of ids is "
                                                    "taken for the order of learning");
    if ((st = count_disorder(score, n, &disorder, err)))
        return st;
    if (disorder && (st = bmx_tokenizer_warn(tok, err, "scores that were edited after training: "
                                             "%zu; the order of ids is taken for the order of "
                                             "learning", disorder)))
        return st;
    while (far < n_ranked && ranked[n_ranked - 1 - far].score < -10 * (double)n_ranked)
        far++;
    if (missing > far)
        st = bmx_tokenizer_warn(tok, err, "pieces that the scores count, but the file does not "
                                "have: %u; they were taken out after training, or it is not whole",
                                missing - far);
    return st;
}

/* Add a SENTENCEPIECE step with these tokens as boundaries. */
static bpemix_status add_step(bpemix_tokenizer *tok, const uint32_t *boundary, size_t n,
                              bpemix_error *err)
{
    bmx_pretokenizer_step *x;
    bpemix_status st =
        bmx_pretokenizer_add(&tok->trained.pretokenizer, BMX_PRE_SENTENCEPIECE, &x, err);

    if (!st && n && !(x->sp.boundaries = bmx_calloc(n, sizeof *x->sp.boundaries)))
        st = bmx_nomem(err);
    for (size_t i = 0; i < n && !st; i++)
        if (!(st = bmx_slice_own(&x->sp.boundaries[i], tok->vocab.tokens.str[boundary[i]], err)))
            x->sp.n_boundaries++;
    if (!st)
        st = bmx_string_set(&tok->trained.pretokenizer.name, "SentencePiece", err);
    if (!st)
        tok->pretokenizer_known = true;
    return st;
}

static bpemix_status add_pieces(bpemix_tokenizer *tok, const bmx_piece *piece, size_t n,
                                const char *place, uint32_t *id, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    char q[80];

    for (size_t i = 0; i < n && !st; i++) {
        size_t before = tok->vocab.tokens.n;
        id[i] = BMX_NONE;
        if (!bmx_utf8_valid(piece[i].text))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "%s is not UTF-8",
                          bmx_quote(q, sizeof q, piece[i].text.ptr, piece[i].text.len));
        else if (!piece[i].text.len)
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "a piece without text");
        else if (!(st = bmx_token_add_vocab(tok, piece[i].text, (uint32_t)i, &id[i], err)) &&
                 tok->vocab.tokens.n == before)
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "piece %s is listed twice",
                          bmx_quote(q, sizeof q, piece[i].text.ptr, piece[i].text.len));
        if (st)
            bmx_at(err, st, "%s[%zu]", place, i);
    }
    return st;
}

void bmx_sentencepiece_find_bytes(bpemix_tokenizer *tok)
{
    for (unsigned b = 0; b < 256; b++) {
        char name[8];
        bmx_snprintf(name, sizeof name, "<0x%02X>", b);
        tok->vocab.byte_symbol[b] = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(name));
        tok->vocab.byte_fallback =
            tok->vocab.byte_fallback || tok->vocab.byte_symbol[b] != BMX_NONE;
    }
}

bpemix_status bmx_pieces_build(bpemix_tokenizer *tok, const bmx_piece *piece, size_t n,
                               const char *place, bpemix_error *err)
{
    bool scores = any_negative(piece, n);
    uint32_t *id = bmx_malloc(n, sizeof *id), *order = bmx_malloc(n, sizeof *order),
             *cut = bmx_malloc(n, sizeof *cut);
    double *score = bmx_malloc(n, sizeof *score);
    scored *ranked = bmx_malloc(n, sizeof *ranked);
    size_t n_order = 0, n_cut = 0, n_ranked = 0;
    bool bytes = false;
    bpemix_status st = BPEMIX_OK;
    char q[60];

    if (!id || !order || !cut || !score || !ranked)
        st = bmx_nomem(err);
    tok->vocab.alphabet = BMX_ALPHABET_CHARACTER;
    tok->vocab.size = (uint32_t)n;
    if (!st)
        st = add_pieces(tok, piece, n, place, id, err);
    for (size_t i = 0; i < n && !st; i++) {
        bool normal = piece[i].type != BMX_PIECE_UNKNOWN && piece[i].type != BMX_PIECE_CONTROL &&
                      piece[i].type != BMX_PIECE_USER && piece[i].type != BMX_PIECE_BYTE;
        bool manual = normal && scores && is_manual(piece, n, i);

        if (piece[i].type == BMX_PIECE_UNKNOWN)
            tok->encoding.unk_token = id[i];
        bytes = bytes || piece[i].type == BMX_PIECE_BYTE;
        if (normal)
            ranked[n_ranked++] = (scored){ piece[i].score, id[i] };
        if (!normal || manual)
            cut[n_cut++] = id[i];
        if (manual && bmx_utf8_length(piece[i].text) > 1) {
            tok->n_by_hand++;
            st = bmx_unmerged_add(tok, id[i], err);
        } else if (normal && !manual && bmx_utf8_length(piece[i].text) > 1) {
            score[n_order] = piece[i].score;
            order[n_order++] = id[i];
        }
    }
    if (st || (st = bmx_recover_merges(tok, order, n_order, err)) ||
        (st = rank_by_score(tok, ranked, n_ranked, err)) ||
        (st = add_step(tok, cut, n_cut, err)))
        goto done;
    for (size_t i = 0; i < n; i++)
        if (piece[i].type == BMX_PIECE_USER)
            tok->encoded.rank[id[i]] = BMX_RANK_USER;
    tok->encoding.fuse_unk = true;
    if (bytes)
        bmx_sentencepiece_find_bytes(tok);
    if (tok->n_by_hand &&
        (st = bmx_tokenizer_warn(tok, err, "pieces with score 0 that were added by hand: %u, the "
                                 "first of them %s; they carry no constraint", tok->n_by_hand,
                                 bmx_quote(q, sizeof q, tok->vocab.tokens.str[tok->unmerged[0]].ptr,
                                           tok->vocab.tokens.str[tok->unmerged[0]].len))))
        goto done;
    st = warn_of_scores(tok, ranked, n_ranked, scores, score, n_order, err);
done:
    bmx_free(id);
    bmx_free(order);
    bmx_free(cut);
    bmx_free(score);
    bmx_free(ranked);
    return st;
}

/* ---- rules that are not written down ---- */

/* Steps that split words otherwise give way: what converters write is either
 * without effect once spaces are U+2581, or only an approximation.  A Metaspace
 * step stood for the normalizer of the model.  Encoding keeps to what is written. */
bpemix_status bmx_sentencepiece_substitute(bpemix_tokenizer *tok, const uint32_t *boundary,
                                           size_t n, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < tok->trained.pretokenizer.n && !st; i++)
        if (tok->trained.pretokenizer.step[i].kind == BMX_PRE_METASPACE) {
            bmx_normalizer_step *x;
            st = bmx_normalizer_add(&tok->trained.normalizer, BMX_NORM_SENTENCEPIECE, &x, err);
            if (!st) {
                x->sp.add_dummy_prefix =
                    tok->trained.pretokenizer.step[i].prepend != BMX_PREPEND_NEVER;
                x->sp.escape_whitespaces = true;
                tok->n_substitutes++;
            }
        }
    if (st)
        return st;
    tok->encoded.pretokenizer = tok->trained.pretokenizer;
    tok->trained.pretokenizer = (bmx_pretokenizer_spec){ 0 };
    return add_step(tok, boundary, n, err);
}

bool bmx_has_metaspace(const bpemix_tokenizer *tok)
{
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_slice s = bmx_product_text(tok, t);
        for (size_t i = 0; i < s.len; i++)
            if (bmx_space_symbol_at(s, i))
                return true;
    }
    return false;
}

/* What a piece holds, as far as rules forbid it. */
typedef struct piece_look {
    bool digit, letter, sign;
    bool spaces; /* nothing but U+2581 */
    bool cross;  /* U+2581 between others */
} piece_look;

static piece_look look_at_piece(bmx_slice s)
{
    piece_look x = { .spaces = s.len > 0 };
    bool word = false, gap = false; /* seen: another symbol, and U+2581 behind one */

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (bmx_space_symbol_at(s, i)) {
            gap = word;
            i += 2;
            continue;
        }
        x.cross = x.cross || gap;
        word = true;
        x.spaces = false;
        if (c >= '0' && c <= '9')
            x.digit = true;
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            x.letter = true;
        else if (c > ' ' && c < 0x7f)
            x.sign = true;
    }
    return x;
}

/* Pieces that a rule forbids show that it was off, but for a few that users define: converted
 * models that are published have none but one of Gemma 3 ('>' U+2581 '</'), and of the first 200
 * pieces of text that was not split 1 in 100 and more. */
static bool shows(uint32_t n, uint32_t of)
{
    return n >= 3 && n >= of / 200;
}

void bmx_sentencepiece_guess_rules(bpemix_tokenizer *tok)
{
    enum { DEFAULT_LENGTH = 16, ENOUGH = 1000 };
    uint32_t n_cross = 0, n_mixed = 0, n_merges = tok->trained.n_merges;
    size_t longest = DEFAULT_LENGTH;
    bool digits = false, digit_and_letter = false, runs = false;

    for (uint32_t t = 0; t < n_merges; t++) {
        bmx_slice s = bmx_product_text(tok, t);
        size_t n = bmx_utf8_length(s);
        piece_look x = look_at_piece(s);

        longest = n > longest ? n : longest;
        digits = digits || x.digit;
        digit_and_letter = digit_and_letter || (x.digit && x.letter);
        runs = runs || x.spaces;
        n_cross += x.cross;
        n_mixed += x.letter && x.sign;
    }
    tok->rules = (bmx_rules){
        .sentencepiece = true,
        .max_characters = (uint32_t)longest,
        .split_digits = !digits && n_merges >= ENOUGH,
        .split_by_script = !shows(n_mixed, n_merges),
        .split_by_number = !digit_and_letter,
        .allow_whitespace_only = runs,
        .drop_duplicate_products = true,
    };
    for (size_t i = 0; i < tok->trained.pretokenizer.n; i++) {
        bmx_pretokenizer_step *x = &tok->trained.pretokenizer.step[i];
        if (x->kind == BMX_PRE_SENTENCEPIECE) {
            x->sp.split_by_whitespace = !shows(n_cross, n_merges);
            x->sp.allow_whitespace_only_pieces = runs;
        }
    }
}

/* ---- wire format ---- */

typedef struct field {
    uint32_t number, wire;
    uint64_t value;  /* wire 0, 1 and 5 */
    bmx_slice bytes; /* wire 2 */
} field;

static bool get_varint(bmx_slice *in, uint64_t *out)
{
    size_t n = in->len ? bmx_load_varint(in->ptr, in->ptr + in->len, out) : 0;

    in->ptr += n;
    in->len -= n;
    return n > 0;
}

/* Next field of a message; false at its end and on damage (*ok = false). */
static bool next_field(bmx_slice *in, field *f, bool *ok)
{
    uint64_t tag, n;

    *f = (field){ 0 };
    if (!in->len)
        return false;
    *ok = false;
    if (!get_varint(in, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX)
        return false;
    f->number = (uint32_t)(tag >> 3);
    f->wire = tag & 7;
    if (f->wire == 0)
        return *ok = get_varint(in, &f->value);
    if (f->wire == 2) {
        if (!get_varint(in, &n) || n > in->len)
            return false;
        f->bytes = bmx_slice_of(in->ptr, (size_t)n);
    } else if (f->wire == 1 || f->wire == 5) {
        n = f->wire == 1 ? 8 : 4;
        if (n > in->len)
            return false;
        f->value = bmx_load_le(in->ptr, (unsigned)n);
    } else {
        return false;
    }
    in->ptr += n;
    in->len -= (size_t)n;
    return *ok = true;
}

static double float_of(const field *f)
{
    uint32_t bits = (uint32_t)f->value;
    float x;

    memcpy(&x, &bits, sizeof x);
    return x == x ? (double)x : 0; /* no NaN: it would not sort */
}

static bpemix_status damaged(const char *where, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "check that the file is whole",
                         "damaged protocol buffer");
}

/* ---- the model ---- */

static bpemix_status read_piece(bmx_slice in, size_t i, bmx_piece *p, bpemix_error *err)
{
    field f;
    bool ok = true;
    char where[40];

    *p = (bmx_piece){ .text = { "", 0 }, .type = BMX_PIECE_NORMAL };
    while (next_field(&in, &f, &ok)) {
        if (f.number == 1 && f.wire == 2)
            p->text = f.bytes;
        else if (f.number == 2 && f.wire == 5)
            p->score = float_of(&f);
        else if (f.number == 3 && f.wire == 0)
            p->type = f.value > UINT32_MAX ? UINT32_MAX : (uint32_t)f.value;
    }
    if (ok)
        return BPEMIX_OK;
    bmx_snprintf(where, sizeof where, "pieces[%zu]", i);
    return damaged(where, err);
}

typedef struct trainer {
    uint64_t model_type, max_length, max_sentence, by_script, by_space, by_number, suffix, digits,
        space_only;
} trainer;

/* A field of TrainerSpec worth reporting. */
typedef struct known_field {
    uint32_t number;
    char kind; /* 'u' integer, 'b' bool, 'f' float, 's' string, 'l' list of strings */
    const char *name;
} known_field;

static const known_field trainer_fields[] = {
    { 1, 'l', "input" }, { 2, 's', "model_prefix" }, { 4, 'u', "vocab_size" },
    { 7, 's', "input_format" }, { 10, 'f', "character_coverage" },
    { 11, 'u', "input_sentence_size" }, { 16, 'u', "num_threads" },
    { 18, 'u', "max_sentence_length" }, { 19, 'b', "shuffle_input_sentence" },
    { 20, 'u', "max_sentencepiece_length" }, { 21, 'b', "split_by_unicode_script" },
    { 22, 'b', "split_by_whitespace" }, { 23, 'b', "split_by_number" },
    { 24, 'b', "treat_whitespace_as_suffix" }, { 25, 'b', "split_digits" },
    { 26, 'b', "allow_whitespace_only_pieces" }, { 30, 'l', "control_symbols" },
    { 31, 'l', "user_defined_symbols" }, { 35, 'b', "byte_fallback" },
    { 36, 's', "required_chars" }, { 49, 'b', "train_extremely_large_corpus" },
    { 50, 'b', "enable_differential_privacy" },
    { 51, 'f', "differential_privacy_noise_level" },
    { 52, 'u', "differential_privacy_clipping_threshold" },
    { 53, 's', "pretokenization_delimiter" },
};

/* Keep one field as evidence: the first of its kind, but for lists. */
static bpemix_status keep(bmx_values *v, const field *f, size_t *n_listed, bpemix_error *err)
{
    enum { MOST = 200 }; /* of one list */

    for (size_t i = 0; i < sizeof trainer_fields / sizeof *trainer_fields; i++) {
        const known_field *k = &trainer_fields[i];
        bool text = k->kind == 's' || k->kind == 'l', known = bmx_values_get(v, k->name);
        if (k->number != f->number || f->wire != (text ? 2u : k->kind == 'f' ? 5u : 0u))
            continue;
        if (k->kind == 'l') {
            bpemix_status st = known ? BPEMIX_OK : bmx_values_put_list(v, k->name, err);

            return st || n_listed[i]++ >= MOST ? st : bmx_values_push(v, k->name, f->bytes, err);
        }
        if (known)
            return BPEMIX_OK;
        switch (k->kind) {
        case 's': return bmx_values_put_bytes(v, k->name, f->bytes, err);
        case 'f': return bmx_values_put_real(v, k->name, float_of(f), err);
        case 'b': return bmx_values_put_bool(v, k->name, f->value != 0, err);
        default:  return bmx_values_put_int(v, k->name, (int64_t)f->value, err);
        }
    }
    return BPEMIX_OK;
}

static bpemix_status read_trainer(bmx_slice in, trainer *t, bmx_values *v, bpemix_error *err)
{
    size_t n_listed[sizeof trainer_fields / sizeof *trainer_fields] = { 0 };
    field f;
    bool ok = true;
    bpemix_status st = BPEMIX_OK;

    while (!st && next_field(&in, &f, &ok)) {
        st = keep(v, &f, n_listed, err);
        if (f.wire != 0)
            continue;
        switch (f.number) {
        case 3: t->model_type = f.value; break;
        case 18: t->max_sentence = f.value; break;
        case 20: t->max_length = f.value; break;
        case 21: t->by_script = f.value; break;
        case 22: t->by_space = f.value; break;
        case 23: t->by_number = f.value; break;
        case 24: t->suffix = f.value; break;
        case 25: t->digits = f.value; break;
        case 26: t->space_only = f.value; break;
        default: break;
        }
    }
    return st || ok ? st : damaged("trainer_spec", err);
}

static bpemix_status read_normalizer(bpemix_tokenizer *tok, bmx_slice in, bmx_values *v,
                                     bpemix_error *err)
{
    bmx_normalizer_step *x;
    bpemix_status st =
        bmx_normalizer_add(&tok->trained.normalizer, BMX_NORM_SENTENCEPIECE, &x, err);
    field f;
    bool ok = true;

    if (st)
        return st;
    x->sp.add_dummy_prefix = x->sp.remove_extra_whitespaces = x->sp.escape_whitespaces = true;
    while (!st && next_field(&in, &f, &ok)) {
        if (f.number == 1 && f.wire == 2 && !bmx_values_get(v, "normalizer_name"))
            st = bmx_values_put_bytes(v, "normalizer_name", f.bytes, err);
        else if (f.number == 2 && f.wire == 2)
            st = bmx_slice_own(&x->charsmap, f.bytes, err);
        else if (f.number == 3 && f.wire == 0)
            x->sp.add_dummy_prefix = f.value != 0;
        else if (f.number == 4 && f.wire == 0)
            x->sp.remove_extra_whitespaces = f.value != 0;
        else if (f.number == 5 && f.wire == 0)
            x->sp.escape_whitespaces = f.value != 0;
    }
    if (!st && !ok)
        st = damaged("normalizer_spec", err);
    return st;
}

static bpemix_status check_type(uint64_t type, bpemix_error *err)
{
    static const char *const names[] = { "unknown", "Unigram", "BPE", "word", "character" };

    if (type == 2)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "trainer_spec.model_type",
                         "only BPE tokenizers tell about their training data this way",
                         "a SentencePiece model of type %s has no merges",
                         names[type < sizeof names / sizeof *names ? type : 0]);
}

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    trainer t = { .model_type = 1, .max_length = 16, .max_sentence = 4192, .by_script = 1,
                  .by_space = 1, .by_number = 1 };
    bmx_slice in = data, trainer_bytes = { "", 0 }, normalizer_bytes = { "", 0 };
    bmx_piece *piece = NULL;
    size_t n = 0, cap = 0;
    bmx_pretokenizer_step *x;
    field f;
    bool ok = true;
    bpemix_status st = BPEMIX_OK;

    (void)opts;
    tok->format = BMX_FORMAT_SENTENCEPIECE;
    while (!st && next_field(&in, &f, &ok)) {
        if (f.number == 1 && f.wire == 2) {
            if (!(st = bmx_reserve(&piece, &cap, n + 1, sizeof *piece, err)))
                st = read_piece(f.bytes, n, &piece[n], err);
            n++;
        } else if (f.number == 2 && f.wire == 2) {
            trainer_bytes = f.bytes;
        } else if (f.number == 3 && f.wire == 2) {
            normalizer_bytes = f.bytes;
        }
    }
    if (!st && !ok) {
        st = damaged("", err);
        if (err)
            err->offset = (int64_t)(data.len - in.len);
    }
    if (st)
        goto done;
    if ((st = read_trainer(trainer_bytes, &t, &tok->trainer_spec, err)) ||
        (st = check_type(t.model_type, err)) ||
        (st = read_normalizer(tok, normalizer_bytes, &tok->trainer_spec, err)) ||
        (st = bmx_pieces_build(tok, piece, n, "pieces", err)) ||
        (!normalizer_bytes.len &&
         (st = bmx_tokenizer_warn(tok, err, "no normalizer_spec, which the trainer writes last; "
                                  "the file may not be whole"))))
        goto done;
    tok->trained.normalizer.step[0].sp.suffix = t.suffix != 0;
    x = &tok->trained.pretokenizer.step[0];
    x->sp.split_by_whitespace = t.by_space != 0;
    x->sp.allow_whitespace_only_pieces = t.space_only != 0;
    x->sp.treat_whitespace_as_suffix = t.suffix != 0;
    x->sp.max_sentence_length = t.max_sentence > UINT32_MAX ? 0 : (uint32_t)t.max_sentence;
    tok->rules = (bmx_rules){
        .sentencepiece = true,
        .max_characters = t.max_length > UINT32_MAX ? 0 : (uint32_t)t.max_length,
        .split_digits = t.digits != 0,
        .split_by_script = t.by_script != 0,
        .split_by_number = t.by_number != 0,
        .allow_whitespace_only = t.space_only != 0,
        .drop_duplicate_products = true,
    };
done:
    bmx_free(piece);
    return st;
}

/* A first field 1 that holds a message whose first field is 1, as ModelProto
 * is written.  Text that starts with a line feed does not go on like this. */
static bool probe(bmx_slice data)
{
    bmx_slice in = data;
    field f, inner;
    bool ok = true;

    return data.len >= 4 && data.ptr[0] == 0x0a && next_field(&in, &f, &ok) && f.bytes.len >= 2 &&
           f.bytes.ptr[0] == 0x0a && next_field(&f.bytes, &inner, &ok);
}

const bmx_reader bmx_reader_sentencepiece = { "SentencePiece", probe, read };
