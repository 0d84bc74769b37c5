/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer_json.c - the tokenizer.json of Hugging Face tokenizers.
 *
 *   normalizer, pre_tokenizer   json_steps.c
 *   decoder                     only as evidence of a byte alphabet
 *   added_tokens                for encoding; added after training as a rule
 *   model.vocab, model.merges   tokens and merges */
#include "base/format.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/convert.h"
#include "tokenizer/json_fields.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/json_steps.h"
#include "tokenizer/merge_list.h"

#include <string.h>

/* ---- model ---- */

/* Texts as the file has them, with their ids. */
typedef struct text_ids {
    bmx_intern text;
    uint32_t *id; /* id[text.n] */
    size_t cap;
} text_ids;

static bpemix_status text_ids_add(text_ids *t, bmx_slice text, uint32_t vocab_id, bpemix_error *err)
{
    uint32_t k;
    bool is_new;
    bpemix_status st = bmx_reserve(&t->id, &t->cap, t->text.n + 1, sizeof *t->id, err);

    if (st || (st = bmx_intern_add(&t->text, text, &k, &is_new, err)))
        return st;
    t->id[k] = vocab_id;
    return BPEMIX_OK;
}

/* BMX_NONE: not there. */
static uint32_t text_ids_find(const text_ids *t, bmx_slice text)
{
    uint32_t k = bmx_intern_find(&t->text, text);

    return k == BMX_NONE ? BMX_NONE : t->id[k];
}

static void text_ids_release(text_ids *t)
{
    bmx_intern_release(&t->text);
    bmx_free(t->id);
}

/* Token text as the model compares it: raw bytes for a byte alphabet.  false:
 * not writable in the byte alphabet, so text can never become this token. */
static bpemix_status raw_text(const bpemix_tokenizer *tok, bmx_slice text, bmx_buf *buf,
                              bmx_slice *raw, bool *ok, bpemix_error *err)
{
    bpemix_status st;
    size_t n;

    *ok = true;
    *raw = text;
    if (tok->vocab.alphabet != BMX_ALPHABET_BYTE)
        return BPEMIX_OK;
    buf->len = 0;
    if ((st = bmx_buf_reserve(buf, text.len + 1, err)))
        return st;
    if ((*ok = bmx_bytelevel_decode(text, buf->ptr, &n)))
        *raw = bmx_slice_of(buf->ptr, n);
    return BPEMIX_OK;
}

/* Ids that several tokens have: the first of them, and how many there are. */
typedef struct shared_ids {
    bmx_map64 seen; /* id -> index in the object */
    uint32_t n, id;
    char names[160];
} shared_ids;

static bpemix_status note_id(shared_ids *s, const bmx_json *vocab, const bmx_json *v,
                             uint32_t index, uint32_t id, bpemix_error *err)
{
    uint32_t before = bmx_map64_get(&s->seen, id);
    const bmx_json *other = bmx_json_first(vocab);
    char q[2][70];

    if (before == BMX_NONE)
        return bmx_map64_put(&s->seen, id, index, err);
    if (s->n++)
        return BPEMIX_OK;
    for (uint32_t i = 0; i < before; i++)
        other = bmx_json_next(other);
    s->id = id;
    bmx_snprintf(s->names, sizeof s->names, "%s and %s",
                 bmx_quote(q[0], sizeof q[0], bmx_json_key(other), strlen(bmx_json_key(other))),
                 bmx_quote(q[1], sizeof q[1], bmx_json_key(v), strlen(bmx_json_key(v))));
    return BPEMIX_OK;
}

/* Does every id exceed the one before?  Then no two tokens share one. */
static bool ids_rise(const bmx_json *vocab)
{
    uint64_t last = 0, id;

    for (const bmx_json *v = bmx_json_first(vocab); v; v = bmx_json_next(v)) {
        if (!bmx_json_uint(v, BMX_NONE - 1, &id) || (id <= last && v != bmx_json_first(vocab)))
            return false;
        last = id;
    }
    return true;
}

/* outside: keys that text never becomes, with their ids; added tokens may be among them. */
static bpemix_status read_vocab(bpemix_tokenizer *tok, const bmx_json *vocab, text_ids *outside,
                                bpemix_error *err)
{
    bmx_buf buf = { 0 }, key = { 0 };
    shared_ids shared = { 0 };
    bool rising = ids_rise(vocab);
    bpemix_status st = bmx_intern_reserve(&tok->vocab.tokens, bmx_json_count(vocab), err);

    for (const bmx_json *v = bmx_json_first(vocab); v && !st; v = bmx_json_next(v)) {
        bmx_slice text, raw;
        uint64_t vocab_id;
        uint32_t id;
        char q[100];
        bool ok;

        if ((st = bmx_json_key_text(v, &key, &text, err)))
            break;
        if (!bmx_json_uint(v, BMX_NONE - 1, &vocab_id))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "model.vocab", "token %s has no id, but %s",
                          bmx_quote(q, sizeof q, text.ptr, text.len),
                          bmx_json_kind_name(bmx_json_kind_of(v)));
        else if (!(st = raw_text(tok, text, &buf, &raw, &ok, err)) &&
                 (rising || !(st = note_id(&shared, vocab, v, tok->vocab.size, (uint32_t)vocab_id,
                                           err))))
            st = ok ? bmx_token_add_vocab(tok, raw, (uint32_t)vocab_id, &id, err)
                    : text_ids_add(outside, text, (uint32_t)vocab_id, err);
        tok->vocab.size++;
    }
    if (!st && shared.n)
        st = bmx_tokenizer_warn(tok, err,
                                "ids that more than one token of the vocabulary has: %u, the "
                                "first of them %u: %s", shared.n, shared.id, shared.names);
    bmx_map64_release(&shared.seen);
    bmx_buf_release(&buf);
    bmx_buf_release(&key);
    return st;
}

/* One side of a merge.  Text outside the byte alphabet stays as it is. */
static bpemix_status add_side(bpemix_tokenizer *tok, bmx_slice text, bmx_buf *buf, uint32_t *id,
                              uint32_t *flags, bpemix_error *err)
{
    bmx_slice raw;
    bool ok;
    bpemix_status st = raw_text(tok, text, buf, &raw, &ok, err);

    if (st)
        return st;
    if (!ok)
        *flags |= BMX_MERGE_UNKNOWN;
    return bmx_token_add(tok, raw, id, err);
}

/* The two sides of a merge; *none: a line that is none. */
static bpemix_status sides_of(const bmx_json *m, bmx_slice *l, bmx_slice *r, bool *none,
                              bpemix_error *err)
{
    const char *s = bmx_json_string(m), *space, *second;
    char q[100];

    *none = s && !strncmp(s, "#version", 8);
    if (*none)
        return BPEMIX_OK;
    if (s) {
        size_t n = strlen(s);
        if (!(space = memchr(s, ' ', n)) || memchr(space + 1, ' ', n - (size_t)(space + 1 - s)) ||
            space == s || !space[1])
            return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "write \"left right\"",
                                 "%s is not two symbols with a space between them",
                                 bmx_quote(q, sizeof q, s, n));
        *l = bmx_slice_of(s, (size_t)(space - s));
        *r = bmx_slice_of(space + 1, n - l->len - 1);
    } else {
        const bmx_json *a = bmx_json_kind_of(m) == BMX_JSON_ARRAY ? bmx_json_first(m) : NULL;
        const bmx_json *b = a ? bmx_json_next(a) : NULL;
        s = bmx_json_string(a);
        second = bmx_json_string(b);
        if (!s || !second || bmx_json_next(b) || !*s || !*second)
            return bmx_fail(err, BPEMIX_E_FORMAT, "",
                            "%s that is neither \"left right\" nor [\"left\", \"right\"]",
                            bmx_json_kind_name(bmx_json_kind_of(m)));
        *l = bmx_slice_str(s);
        *r = bmx_slice_str(second);
    }
    return BPEMIX_OK;
}

static bpemix_status read_merge(bpemix_tokenizer *tok, const bmx_json *m, bmx_buf *buf,
                                bpemix_error *err)
{
    uint32_t left, right, flags = 0;
    bmx_slice l, r;
    bool none;
    bpemix_status st = sides_of(m, &l, &r, &none, err);

    if (st || none || (st = add_side(tok, l, buf, &left, &flags, err)) ||
        (st = add_side(tok, r, buf, &right, &flags, err)))
        return st;
    return bmx_merge_add(tok, left, right, flags, err);
}

/* Do the merges show the byte alphabet?  Without a trainer's initial alphabet the vocabulary
 * lacks the bytes that the training text had none of. */
static bpemix_status merges_show_bytes(const bmx_json *merges, bool *out, bpemix_error *err)
{
    bmx_byte_signs signs = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (const bmx_json *m = bmx_json_first(merges); m && !st && !signs.other;
         m = bmx_json_next(m)) {
        bmx_slice l, r;
        bool none;
        if (!sides_of(m, &l, &r, &none, NULL) && !none) /* read_merge tells of the others */
            st = bmx_byte_signs_add(&signs, l, r, err);
    }
    bmx_buf_release(&signs.raw);
    *out = bmx_byte_signs_tell(&signs);
    return st;
}

static bpemix_status check_model_type(const bmx_json *model, bpemix_error *err)
{
    const char *type = bmx_json_string(bmx_json_get(model, "type"));
    char q[80];

    if (!type && !bmx_json_get(model, "merges")) /* old files have no type */
        type = bmx_json_get(model, "unk_id")                     ? "Unigram"
               : bmx_json_get(model, "max_input_chars_per_word") ? "WordPiece"
                                                                  : "WordLevel";
    if (!type || !strcmp(type, "BPE"))
        return BPEMIX_OK;
    if (!strcmp(type, "WordPiece") || !strcmp(type, "Unigram") || !strcmp(type, "WordLevel"))
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "model.type",
                             "only BPE tokenizers tell about their training data this way",
                             "a %s model has no merges", type);
    return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "model.type", "unknown model %s",
                    bmx_quote(q, sizeof q, type, strlen(type)));
}

/* An optional string field; null counts as empty. */
static bpemix_status own_string(const bmx_json *model, const char *key, bmx_slice *out,
                                bpemix_error *err)
{
    static const bmx_json_place model_place = { .text = "model" };
    const bmx_json *v = bmx_json_get(model, key);
    const char *s = bmx_json_string(v);

    if (bmx_json_is_null(v) || (s && !*s))
        return BPEMIX_OK;
    return s ? bmx_slice_own(out, bmx_slice_str(s), err)
             : bmx_field_wrong(&model_place, key, "a string or null", v, err);
}

/* What the tokenizer's own library does otherwise with a text. */
static bpemix_status warn_of_encoding(bpemix_tokenizer *tok, const bmx_json *model,
                                      bpemix_error *err)
{
    const char *unk = bmx_json_string(bmx_json_get(model, "unk_token"));
    double dropout = 0;
    char q[80];
    bpemix_status st = BPEMIX_OK;

    if (unk && *unk && tok->encoding.unk_token == BMX_NONE &&
        tok->vocab.alphabet == BMX_ALPHABET_CHARACTER)
        st = bmx_tokenizer_warn(tok, err,
                                "the unknown token %s is not in the vocabulary: the tokenizer's "
                                "library fails at characters that are no symbols; they are left "
                                "out when text is encoded here",
                                bmx_quote(q, sizeof q, unk, strlen(unk)));
    if (!st && bmx_json_double(bmx_json_get(model, "dropout"), &dropout) && dropout > 0)
        st = bmx_tokenizer_warn(tok, err,
                                "the tokenizer's library leaves merges out by chance (dropout "
                                "%.3g), which changes from call to call; text is encoded here with "
                                "all of them", dropout);
    return st;
}

static bpemix_status read_model(bpemix_tokenizer *tok, const bmx_json *model, text_ids *outside,
                                bpemix_error *err)
{
    static const bmx_json_place p = { .text = "model" };
    const bmx_json *vocab = bmx_json_get(model, "vocab"), *merges = bmx_json_get(model, "merges");
    const char *unk = bmx_json_string(bmx_json_get(model, "unk_token"));
    bmx_buf buf = { 0 };
    size_t i = 0;
    bpemix_status st;

    if (!vocab || bmx_json_kind_of(vocab) != BMX_JSON_OBJECT)
        return bmx_field_wrong(&p, "vocab", "an object", vocab, err);
    if (!merges || bmx_json_kind_of(merges) != BMX_JSON_ARRAY)
        return bmx_field_wrong(&p, "merges", "an array", merges, err);
    if ((st = own_string(model, "continuing_subword_prefix", &tok->vocab.subword_prefix, err)) ||
        (st = own_string(model, "end_of_word_suffix", &tok->vocab.word_suffix, err)) ||
        (st = bmx_field_bool(&p, model, "byte_fallback", false, &tok->vocab.byte_fallback, err)) ||
        (st = bmx_field_bool(&p, model, "fuse_unk", false, &tok->encoding.fuse_unk, err)) ||
        (st = bmx_field_bool(&p, model, "ignore_merges", false, &tok->encoding.ignore_merges,
                             err)) ||
        (st = read_vocab(tok, vocab, outside, err)))
        return st;
    if (!tok->vocab.size && bmx_json_count(merges))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "model.vocab", "check that the file is whole",
                             "no tokens");
    for (const bmx_json *m = bmx_json_first(merges); m && !st; m = bmx_json_next(m), i++)
        if ((st = read_merge(tok, m, &buf, err)))
            bmx_at(err, st, "model.merges[%zu]", i);
    bmx_buf_release(&buf);
    if (st)
        return st;
    if (unk && *unk)
        tok->encoding.unk_token = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(unk));
    if (tok->vocab.byte_fallback)
        for (unsigned b = 0; b < 256; b++) {
            char name[8];
            bmx_snprintf(name, sizeof name, "<0x%02X>", b);
            tok->vocab.byte_symbol[b] = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(name));
        }
    if ((st = warn_of_encoding(tok, model, err)))
        return st;
    return bmx_warn_unknown_merges(tok, "model.merges", err);
}

/* ---- added tokens ---- */

/* What added tokens get their ids from. */
typedef struct added_ids {
    const text_ids *outside;
    text_ids added;   /* those so far */
    uint32_t n_new;   /* those of them that the vocabulary lacks */
    uint32_t n_other; /* tokens that the file gives another id */
    char first[160];  /* the first of these */
} added_ids;

/* The library gives the id of the vocabulary to a token that is in it, and to others the ids from
 * the size of the vocabulary on, whatever the file says and whether they are taken or not. */
static bpemix_status id_of_added(const bpemix_tokenizer *tok, added_ids *ids, bmx_slice text,
                                 bmx_buf *buf, uint32_t *out, bpemix_error *err)
{
    uint32_t token, id = BMX_NONE;
    bmx_slice raw;
    bool ok;
    bpemix_status st = raw_text(tok, text, buf, &raw, &ok, err);

    if (st)
        return st;
    if (!ok)
        id = text_ids_find(ids->outside, text);
    else if ((token = bmx_intern_find(&tok->vocab.tokens, raw)) != BMX_NONE)
        id = tok->vocab.id[token];
    if (id == BMX_NONE)
        id = text_ids_find(&ids->added, text);
    if (id == BMX_NONE)
        id = tok->vocab.size + ids->n_new++;
    *out = id;
    return BPEMIX_OK;
}

static bpemix_status read_added_token(bpemix_tokenizer *tok, const bmx_json *a, added_ids *ids,
                                      const bmx_json_place *p, bmx_buf *buf, bpemix_error *err)
{
    bmx_added_token t = { 0 };
    const bmx_json *id = bmx_json_get(a, "id");
    const char *content;
    uint64_t listed;
    char q[80];
    bpemix_status st;

    if ((st = bmx_field_string(p, a, "content", &content, err)) ||
        (st = bmx_field_bool(p, a, "special", false, &t.special, err)) ||
        (st = bmx_field_bool(p, a, "single_word", false, &t.single_word, err)) ||
        (st = bmx_field_bool(p, a, "lstrip", false, &t.lstrip, err)) ||
        (st = bmx_field_bool(p, a, "rstrip", false, &t.rstrip, err)) ||
        (st = bmx_field_bool(p, a, "normalized", !t.special, &t.normalized, err)))
        return st;
    if (!bmx_json_uint(id, BMX_NONE - 1, &listed))
        return bmx_field_wrong(p, "id", "a token id", id, err);
    t.text = bmx_slice_str(content);
    if (!t.text.len)
        return BPEMIX_OK;
    if ((st = id_of_added(tok, ids, t.text, buf, &t.vocab_id, err)) ||
        (st = text_ids_add(&ids->added, t.text, t.vocab_id, err)))
        return st;
    if (listed != t.vocab_id && !ids->n_other++)
        bmx_snprintf(ids->first, sizeof ids->first, "%s: %u, not %llu",
                     bmx_quote(q, sizeof q, content, t.text.len), t.vocab_id,
                     (unsigned long long)listed);
    return bmx_added_token_add(tok, &t, err);
}

static bpemix_status read_added(bpemix_tokenizer *tok, const bmx_json *added,
                                const text_ids *outside, bpemix_error *err)
{
    static const bmx_json_place root = { .text = "" };
    added_ids ids = { .outside = outside };
    bmx_buf buf = { 0 };
    size_t i = 0;
    bpemix_status st = BPEMIX_OK;

    if (bmx_json_is_null(added))
        return BPEMIX_OK;
    if (bmx_json_kind_of(added) != BMX_JSON_ARRAY)
        return bmx_field_wrong(&root, "added_tokens", "an array", added, err);
    for (const bmx_json *a = bmx_json_first(added); a && !st; a = bmx_json_next(a)) {
        bmx_json_place p = bmx_json_place_item(&root, "added_tokens", i++);
        st = read_added_token(tok, a, &ids, &p, &buf, err);
    }
    bmx_buf_release(&buf);
    text_ids_release(&ids.added);
    if (st || !ids.n_other)
        return st;
    return bmx_tokenizer_warn(tok, err,
                              "added tokens to which the tokenizer's library gives another id "
                              "than the file says: %u, the first of them %s", ids.n_other,
                              ids.first);
}

/* ---- files converted from something else ---- */

/* Tokens of model.vocab that are listed as added: out[n].  Their text is that
 * of the vocabulary's key. */
static bpemix_status find_added(const bpemix_tokenizer *tok, const bmx_json *added, uint32_t **out,
                                size_t *n, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = BPEMIX_OK;

    *n = 0;
    if (!(*out = bmx_malloc(bmx_json_count(added), sizeof **out)))
        return bmx_nomem(err);
    for (const bmx_json *a = bmx_json_first(added); a && !st; a = bmx_json_next(a)) {
        const char *s = bmx_json_string(bmx_json_get(a, "content"));
        bmx_slice raw;
        uint32_t id;
        bool ok;
        if (!s || (st = raw_text(tok, bmx_slice_str(s), &buf, &raw, &ok, err)) || !ok)
            continue;
        id = bmx_intern_find(&tok->vocab.tokens, raw);
        if (id != BMX_NONE)
            (*out)[(*n)++] = id;
    }
    bmx_buf_release(&buf);
    return st;
}

static bpemix_status undo_conversion(bpemix_tokenizer *tok, const bmx_json *added,
                                     bpemix_error *err)
{
    uint32_t *id;
    size_t n;
    bpemix_status st = find_added(tok, added, &id, &n, err);

    if (!st)
        st = bmx_undo_conversion(tok, id, n, err);
    bmx_free(id);
    return st;
}

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    const bmx_json *model, *norm, *pre;
    text_ids outside = { 0 };
    bmx_json *root;
    bool bytes;
    bpemix_status st = bmx_tokenizer_read_json(tok, "", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_TOKENIZER_JSON;
    model = bmx_json_get(root, "model");
    norm = bmx_json_get(root, "normalizer");
    pre = bmx_json_get(root, "pre_tokenizer");
    if (!model || bmx_json_kind_of(model) != BMX_JSON_OBJECT) {
        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "model",
                           "give the tokenizer.json of Hugging Face's library, or merges.txt with "
                           "its vocab.json beside it",
                           model ? "%s where an object is expected" : "this JSON has no model",
                           model ? bmx_json_kind_name(bmx_json_kind_of(model)) : "");
        goto done;
    }
    if ((st = check_model_type(model, err)) ||
        (st = bmx_read_normalizer(&tok->trained.normalizer, norm, err)))
        goto done;
    if (!opts || !opts->pretokenizer) { /* a named one replaces the file's, whatever that is */
        if ((st = bmx_read_pretokenizer(&tok->trained.pretokenizer, pre, err)))
            goto done;
        tok->pretokenizer_known = true;
    }
    bytes = bmx_component_holds(pre, "ByteLevel") || bmx_component_holds(norm, "ByteLevel") ||
            bmx_component_holds(bmx_json_get(root, "decoder"), "ByteLevel");
    if (!bytes && !bmx_json_bool(bmx_json_get(model, "byte_fallback"), false) &&
        !(bytes = bmx_vocab_has_bytes(bmx_json_get(model, "vocab"))) &&
        (st = merges_show_bytes(bmx_json_get(model, "merges"), &bytes, err)))
        goto done;
    tok->vocab.alphabet = bytes ? BMX_ALPHABET_BYTE : BMX_ALPHABET_CHARACTER;
    if (tok->vocab.alphabet == BMX_ALPHABET_BYTE && tok->pretokenizer_known &&
        !bmx_component_holds(pre, "ByteLevel") && !bmx_component_holds(norm, "ByteLevel") &&
        (st = bmx_tokenizer_warn(
                                 tok, err,
                                 "the vocabulary is written in the byte alphabet, but the file "
             "has no step that maps text to it: its own library would drop spaces "
                                 "and other characters; here they are mapped all the same")))
        goto done;
    if (!(st = read_model(tok, model, &outside, err)) &&
        !(st = read_added(tok, bmx_json_get(root, "added_tokens"), &outside, err)))
        st = undo_conversion(tok, bmx_json_get(root, "added_tokens"), err);
done:
    text_ids_release(&outside);
    bmx_json_free(root);
    return st;
}

static bool probe(bmx_slice data)
{
    return bmx_json_looks_like_object(data); /* the other two JSON formats are tried before */
}

const bmx_reader bmx_reader_tokenizer_json = { "tokenizer.json", probe, read };
