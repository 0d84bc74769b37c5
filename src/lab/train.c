/* train.c - byte-pair encoding with an index of words and a heap of pairs.
 *
 *   word[w]    symbols and count; symbols shrink as merges are applied
 *   pair[p]    count, and the words it has been in since its last merge
 *   heap       (count, left, right); an entry whose count is out of date is
 *              put right when it comes to the top
 *
 * T1  pair[p].count is the exact number of adjacent occurrences, overlapping
 *     ones included, times word counts.
 * T2  every word that contains the pair is in its list, perhaps twice.
 * T3  a pair with count > 0 has a heap entry with a count >= its own. */
#include "lab/train.h"
#include "base/cancel.h"
#include "tokenizer/bytelevel.h"

#include <stdlib.h>
#include <string.h>

typedef struct word {
    uint32_t *symbol;
    uint32_t n;
    int64_t count;
} word;

typedef struct pair {
    uint32_t left, right;
    int64_t count;
    uint32_t *word; /* word[n] */
    size_t n, cap;
    bool merged, raised;
} pair;

typedef struct entry {
    int64_t count;
    uint32_t left, right;
    uint32_t pair;
} entry;

typedef struct trainer {
    uint32_t *symbols;
    word *word;
    size_t n_words;
    pair *pair;
    size_t n_pairs, pairs_cap;
    bmx_map64 index; /* left << 32 | right -> pair */
    entry *heap;
    size_t n_heap, heap_cap;
    uint32_t *raised; /* pairs whose count rose in this merge */
    size_t n_raised, raised_cap;
    bmx_merge_list list;
} trainer;

/* ---- heap: largest count, then smallest ids, at the top ---- */

static bool before(const entry *a, const entry *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    return a->left != b->left ? a->left < b->left : a->right < b->right;
}

static bpemix_status heap_push(trainer *t, uint32_t p, bpemix_error *err)
{
    entry e = { t->pair[p].count, t->pair[p].left, t->pair[p].right, p };
    bpemix_status st;
    size_t i;

    if ((st = bmx_reserve(&t->heap, &t->heap_cap, t->n_heap + 1, sizeof *t->heap, err)))
        return st;
    for (i = t->n_heap++; i && before(&e, &t->heap[(i - 1) / 2]); i = (i - 1) / 2)
        t->heap[i] = t->heap[(i - 1) / 2];
    t->heap[i] = e;
    return BPEMIX_OK;
}

static entry heap_pop(trainer *t)
{
    entry top = t->heap[0], last = t->heap[--t->n_heap];
    size_t i = 0, c;

    while ((c = 2 * i + 1) < t->n_heap) {
        c += c + 1 < t->n_heap && before(&t->heap[c + 1], &t->heap[c]);
        if (!before(&t->heap[c], &last))
            break;
        t->heap[i] = t->heap[c];
        i = c;
    }
    t->heap[i] = last;
    return top;
}

/* ---- counts ---- */

/* Number of a pair, listed when new. */
static bpemix_status find_pair(trainer *t, uint32_t left, uint32_t right, uint32_t *out,
                               bpemix_error *err)
{
    uint64_t key = (uint64_t)left << 32 | right;
    uint32_t p = bmx_map64_get(&t->index, key);
    bpemix_status st;

    if (p == BMX_NONE) {
        if (t->n_pairs >= BMX_NONE - 1)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 pairs");
        if ((st = bmx_reserve(&t->pair, &t->pairs_cap, t->n_pairs + 1, sizeof *t->pair, err)))
            return st;
        p = (uint32_t)t->n_pairs;
        if ((st = bmx_map64_put(&t->index, key, p, err)))
            return st;
        t->pair[t->n_pairs++] = (pair){ .left = left, .right = right };
    }
    *out = p;
    return BPEMIX_OK;
}

static bpemix_status raise_count(trainer *t, uint32_t left, uint32_t right, uint32_t w,
                                 bpemix_error *err)
{
    bpemix_status st;
    uint32_t p = 0;
    pair *q;

    if ((st = find_pair(t, left, right, &p, err)))
        return st;
    q = &t->pair[p];
    if (!q->raised) {
        if ((st = bmx_reserve(&t->raised, &t->raised_cap, t->n_raised + 1, sizeof *t->raised, err)))
            return st;
        t->raised[t->n_raised++] = p;
        q->raised = true;
    }
    if (!q->n || q->word[q->n - 1] != w) {
        if ((st = bmx_reserve(&q->word, &q->cap, q->n + 1, sizeof *q->word, err)))
            return st;
        q->word[q->n++] = w;
    }
    q->count += t->word[w].count;
    return BPEMIX_OK;
}

static void lower_count(trainer *t, uint32_t left, uint32_t right, uint32_t w)
{
    t->pair[bmx_map64_get(&t->index, (uint64_t)left << 32 | right)].count -= t->word[w].count;
}

/* T3 for the pairs whose count rose. */
static bpemix_status push_raised(trainer *t, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < t->n_raised && !st; k++) {
        t->pair[t->raised[k]].raised = false;
        if (t->pair[t->raised[k]].count > 0)
            st = heap_push(t, t->raised[k], err);
    }
    t->n_raised = 0;
    return st;
}

/* ---- training ---- */

/* The 256 bytes as tokens, in the order of the printable alphabet. */
static bpemix_status add_alphabet(bmx_merge_list *m, uint32_t byte_id[256], bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t cp = 0; cp < 0x200 && !st; cp++) {
        int byte = bmx_bytelevel_byte(cp);
        char c = (char)byte;

        if (byte >= 0)
            st = bmx_intern_add(&m->token, bmx_slice_of(&c, 1), &byte_id[byte], NULL, err);
    }
    return st;
}

static bpemix_status read_words(trainer *t, const bmx_words *words, bpemix_error *err)
{
    uint32_t byte_id[256];
    size_t total = 0, at = 0;
    int64_t n_pairs = 0;
    bpemix_status st;

    if ((st = add_alphabet(&t->list, byte_id, err)))
        return st;
    for (size_t i = 0; i < words->word.n; i++) {
        size_t n = words->word.str[i].len;
        int64_t pairs;

        if (n >= UINT32_MAX)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "a word of %zu bytes", n);
        if (n < 2 || !words->count[i])
            continue;
        if (words->count[i] > INT64_MAX ||
            __builtin_mul_overflow((int64_t)words->count[i], (int64_t)n, &pairs) ||
            __builtin_add_overflow(n_pairs, pairs, &n_pairs))
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^63 pairs of symbols");
        total += n;
        t->n_words++;
    }
    t->word = bmx_malloc(t->n_words, sizeof *t->word);
    t->symbols = bmx_malloc(total, sizeof *t->symbols);
    if (!t->word || !t->symbols)
        return bmx_nomem(err);
    t->n_words = 0;
    for (size_t i = 0; i < words->word.n; i++) {
        bmx_slice s = words->word.str[i];
        word *w = &t->word[t->n_words];

        if (s.len < 2 || !words->count[i])
            continue;
        *w = (word){ t->symbols + at, (uint32_t)s.len, (int64_t)words->count[i] };
        at += s.len;
        for (size_t k = 0; k < s.len; k++)
            w->symbol[k] = byte_id[(unsigned char)s.ptr[k]];
        for (size_t k = 0; k + 1 < s.len; k++)
            if ((st = raise_count(t, w->symbol[k], w->symbol[k + 1], (uint32_t)t->n_words, err)))
                return st;
        t->n_words++;
    }
    return push_raised(t, err);
}

/* Apply (left, right) -> product to one word, left to right; the neighbour in
 * front is the one already written. */
static bpemix_status merge_word(trainer *t, uint32_t w, uint32_t left, uint32_t right,
                                uint32_t product, bpemix_error *err)
{
    uint32_t *s = t->word[w].symbol, n = t->word[w].n, to = 0;
    bpemix_status st = BPEMIX_OK;

    for (uint32_t i = 0; i < n;) {
        if (i + 1 == n || s[i] != left || s[i + 1] != right) {
            s[to++] = s[i++];
            continue;
        }
        lower_count(t, left, right, w);
        if (to) {
            lower_count(t, s[to - 1], left, w);
            if ((st = raise_count(t, s[to - 1], product, w, err)))
                break;
        }
        if (i + 2 < n) {
            lower_count(t, right, s[i + 2], w);
            if ((st = raise_count(t, product, s[i + 2], w, err)))
                break;
        }
        s[to++] = product;
        i += 2;
    }
    t->word[w].n = to;
    return st;
}

static bpemix_status add_product(trainer *t, const pair *p, uint32_t *product, bpemix_error *err)
{
    bmx_slice left = t->list.token.str[p->left], right = t->list.token.str[p->right];
    bmx_buf text = { 0 };
    bpemix_status st;

    if (!(st = bmx_buf_add(&text, left.ptr, left.len, err)) &&
        !(st = bmx_buf_add(&text, right.ptr, right.len, err)))
        st = bmx_intern_add(&t->list.token, bmx_slice_of(text.ptr, text.len), product, NULL, err);
    bmx_buf_release(&text);
    return st;
}

/* Merge the pair everywhere and list it. */
static bpemix_status merge_pair(trainer *t, uint32_t p, bpemix_error *err)
{
    uint32_t left = t->pair[p].left, right = t->pair[p].right, product, *list = t->pair[p].word;
    size_t n = t->pair[p].n;
    bmx_merge_list *m = &t->list;
    bpemix_status st;

    if ((st = bmx_reserve(&m->merge, &m->cap, (size_t)m->n + 1, sizeof *m->merge, err)) ||
        (st = add_product(t, &t->pair[p], &product, err)))
        return st;
    m->merge[m->n++] = (bmx_merge){ left, right, product,
                                    t->pair[p].merged ? BMX_MERGE_REPEATED : 0 };
    t->pair[p].merged = true;
    t->pair[p].word = NULL; /* no word contains it afterwards */
    t->pair[p].n = t->pair[p].cap = 0;
    for (size_t k = 0; k < n && !st; k++)
        st = merge_word(t, list[k], left, right, product, err);
    bmx_free(list);
    return st ? st : push_raised(t, err);
}

static void trainer_release(trainer *t)
{
    for (size_t p = 0; p < t->n_pairs; p++)
        bmx_free(t->pair[p].word);
    bmx_free(t->pair);
    bmx_free(t->word);
    bmx_free(t->symbols);
    bmx_free(t->heap);
    bmx_free(t->raised);
    bmx_map64_release(&t->index);
    bmx_merge_list_release(&t->list);
}

bpemix_status bmx_train(const bmx_words *words, uint32_t n_merges, bmx_merge_list *out,
                        bpemix_error *err)
{
    trainer t = { 0 };
    bpemix_status st = read_words(&t, words, err);

    while (!st && t.list.n < n_merges && t.n_heap) {
        entry e = heap_pop(&t);

        if (e.count == t.pair[e.pair].count) {
            if (!(st = bmx_check_cancel(err)))
                st = merge_pair(&t, e.pair, err);
        } else if (t.pair[e.pair].count > 0 && e.count > t.pair[e.pair].count) {
            st = heap_push(&t, e.pair, err); /* has fallen since; risen ones were pushed then */
        }
    }
    if (!st) {
        *out = t.list;
        t.list = (bmx_merge_list){ 0 };
    }
    trainer_release(&t);
    return st;
}

void bmx_merge_list_release(bmx_merge_list *m)
{
    bmx_intern_release(&m->token);
    bmx_free(m->merge);
    *m = (bmx_merge_list){ 0 };
}

/* ---- tokenizer.json ---- */

static const char *behavior_name(bmx_split_behavior b)
{
    switch (b) {
    case BMX_SPLIT_REMOVED:
        return "Removed";
    case BMX_SPLIT_ISOLATED:
        return "Isolated";
    case BMX_SPLIT_MERGED_WITH_PREVIOUS:
        return "MergedWithPrevious";
    case BMX_SPLIT_MERGED_WITH_NEXT:
        return "MergedWithNext";
    default:
        return "Contiguous";
    }
}

static void put_byte_level(bmx_json *o, bool prefix_space, bool use_regex)
{
    bmx_json_put_str(o, "type", "ByteLevel");
    bmx_json_put_bool(o, "add_prefix_space", prefix_space);
    bmx_json_put_bool(o, "trim_offsets", true);
    bmx_json_put_bool(o, "use_regex", use_regex);
}

/* A possessive {n,m}+ and the meaning of $ depend on the engine, so a pattern
 * written for another than tokenizer.json's is taken only without them. */
static bool same_in_both(const bmx_pattern *p)
{
    if (!p->is_regex || p->flavor == BMX_REGEX_ONIGURUMA)
        return true;
    for (size_t i = 0; i < p->len; i++) {
        size_t k = i;

        if (p->text[i] == '$')
            return false;
        if (p->text[i] != '}' || i + 1 == p->len || p->text[i + 1] != '+')
            continue;
        while (k && (p->text[k - 1] == ',' || (p->text[k - 1] >= '0' && p->text[k - 1] <= '9')))
            k--;
        if (k < i && k && p->text[k - 1] == '{' && !(k > 2 && !memcmp(p->text + k - 3, "\\x", 2)))
            return false;
    }
    return true;
}

static bpemix_status put_step(bmx_json *list, const bmx_pretokenizer_step *s, bpemix_error *err)
{
    bmx_json *o = bmx_json_push(list, bmx_json_object()), *pattern;

    switch (s->kind) {
    case BMX_PRE_BYTE_LEVEL:
        put_byte_level(o, s->add_prefix_space, s->use_regex);
        return BPEMIX_OK;
    case BMX_PRE_SPLIT:
        if (!same_in_both(&s->pattern))
            break;
        bmx_json_put_str(o, "type", "Split");
        pattern = bmx_json_put(o, "pattern", bmx_json_object());
        bmx_json_put_bytes(pattern, s->pattern.is_regex ? "Regex" : "String",
                           bmx_slice_of(s->pattern.text, s->pattern.len));
        bmx_json_put_str(o, "behavior", behavior_name(s->behavior));
        bmx_json_put_bool(o, "invert", s->invert);
        return BPEMIX_OK;
    case BMX_PRE_DIGITS:
        bmx_json_put_str(o, "type", "Digits");
        bmx_json_put_bool(o, "individual_digits", s->individual_digits);
        return BPEMIX_OK;
    case BMX_PRE_PUNCTUATION:
        bmx_json_put_str(o, "type", "Punctuation");
        bmx_json_put_str(o, "behavior", behavior_name(s->behavior));
        return BPEMIX_OK;
    case BMX_PRE_WHITESPACE:
    case BMX_PRE_WHITESPACE_SPLIT:
    case BMX_PRE_BERT:
    case BMX_PRE_UNICODE_SCRIPTS:
        bmx_json_put_str(o, "type", bmx_pretokenizer_kind_name(s->kind));
        return BPEMIX_OK;
    default:
        break;
    }
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "choose another, such as gpt2 or cl100k",
                         "the pre-tokenizer step %s cannot be written for a byte alphabet",
                         bmx_pretokenizer_kind_name(s->kind));
}

static bpemix_status add_pretokenizer(const bmx_pretokenizer_spec *pre, bmx_buf *out,
                                      bpemix_error *err)
{
    bmx_json *sequence = bmx_json_object(), *list;
    bool bytes = false;
    bpemix_status st = BPEMIX_OK;

    bmx_json_put_str(sequence, "type", "Sequence");
    list = bmx_json_put(sequence, "pretokenizers", bmx_json_array());
    for (size_t i = 0; i < pre->n && !st; i++) {
        st = put_step(list, &pre->step[i], err);
        bytes = bytes || pre->step[i].kind == BMX_PRE_BYTE_LEVEL;
    }
    if (!st && !bytes)
        put_byte_level(bmx_json_push(list, bmx_json_object()), false, false);
    if (!st && !sequence)
        st = bmx_nomem(err);
    if (!st) /* a step alone stands for itself */
        st = bmx_json_print_compact(bmx_json_count(list) == 1 ? bmx_json_first(list) : sequence,
                                    out, err);
    bmx_json_free(sequence);
    return st;
}

/* A token in the printable alphabet, escaped for JSON. */
static bpemix_status add_token(bmx_buf *out, bmx_buf *text, bmx_slice token, bpemix_error *err)
{
    bpemix_status st;

    text->len = 0;
    if ((st = bmx_bytelevel_encode(token, text, err)))
        return st;
    for (size_t i = 0; i < text->len && !st; i++) {
        if (text->ptr[i] == '"' || text->ptr[i] == '\\')
            st = bmx_buf_addc(out, '\\', err);
        if (!st)
            st = bmx_buf_addc(out, text->ptr[i], err);
    }
    return st;
}

static bpemix_status add_model(const bmx_merge_list *m, bmx_buf *out, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < m->token.n && !st; i++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", i ? "," : "")) &&
            !(st = add_token(out, &text, m->token.str[i], err)))
            st = bmx_buf_addf(out, err, "\": %zu", i);
    if (!st)
        st = bmx_buf_addf(out, err, "\n    },\n    \"merges\": [");
    for (uint32_t t = 0; t < m->n && !st; t++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", t ? "," : "")) &&
            !(st = add_token(out, &text, m->token.str[m->merge[t].left], err)) &&
            !(st = bmx_buf_addc(out, ' ', err)) &&
            !(st = add_token(out, &text, m->token.str[m->merge[t].right], err)))
            st = bmx_buf_addc(out, '"', err);
    bmx_buf_release(&text);
    return st ? st : bmx_buf_addf(out, err, "\n    ]\n  }\n}\n");
}

bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bmx_pretokenizer_spec *pre,
                                   bmx_buf *out, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if ((st = bmx_buf_addf(&b, err,
                           "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n"
                           "  \"padding\": null,\n  \"added_tokens\": [],\n"
                           "  \"normalizer\": null,\n  \"pre_tokenizer\": ")) ||
        (st = add_pretokenizer(pre, &b, err)) ||
        (st = bmx_buf_addf(&b, err,
                           ",\n  \"post_processor\": null,\n  \"decoder\": {\"type\": \"ByteLevel\", "
                           "\"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\": true},\n"
                           "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
                           "    \"unk_token\": null,\n    \"continuing_subword_prefix\": null,\n"
                           "    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
                           "    \"byte_fallback\": false,\n    \"vocab\": {")) ||
        (st = add_model(m, &b, err)))
        goto done;
    st = bmx_buf_add(out, b.ptr, b.len, err);
done:
    bmx_buf_release(&b);
    return st;
}
