/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer against one that counts every pair again before every merge, for every rule
 * of ties and both alphabets; and against SentencePiece's way of counting, written out. */
#include "oracle/fixture.h"

#include "base/utf8.h"
#include "lab/trained.h"
#include "tokenizer/bytelevel.h"

enum { MAX_TOKENS = 256 + 64, MAX_WORDS = 30 };

typedef struct naive_list {
    naive_merge merge[64];
    size_t n;
} naive_list;

/* Is the pair (a, b) taken before (c, d), which is as frequent?  Written from the
 * descriptions in train.h. */
static bool first_of(const bmx_train_opts *o, const bmx_intern *token, naive_merge x, naive_merge y)
{
    bmx_slice a = token->str[x.left], b = token->str[x.right];
    bmx_slice c = token->str[y.left], d = token->str[y.right];
    char p[256], q[256];
    uint64_t key[2] = { (uint64_t)x.left << 32 | x.right, (uint64_t)y.left << 32 | y.right };
    bmx_slice u = bmx_slice_of(p, a.len + b.len), v = bmx_slice_of(q, c.len + d.len);

    memcpy(p, a.ptr, a.len);
    memcpy(p + a.len, b.ptr, b.len);
    memcpy(q, c.ptr, c.len);
    memcpy(q + c.len, d.ptr, d.len);
    switch (o->ties) {
    case BMX_TIE_SENTENCEPIECE: {
        size_t m = 0, n = 0;
        for (size_t i = 0; i < u.len; i++)
            m += (p[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < v.len; i++)
            n += (q[i] & 0xc0) != 0x80;
        if (m != n)
            return m < n;
        if (bmx_slice_cmp(u, v))
            return bmx_slice_cmp(u, v) < 0;
        break;
    }
    case BMX_TIE_LENGTH:
        if (u.len != v.len)
            return u.len < v.len;
        break;
    case BMX_TIE_RANDOM:
        return bmx_hash64(&key[0], 8, o->seed) < bmx_hash64(&key[1], 8, o->seed);
    default:
        break;
    }
    return key[0] < key[1];
}

static size_t length_of(bmx_slice s, bmx_alphabet alphabet)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += alphabet == BMX_ALPHABET_BYTE || ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

static uint32_t add_joined(bmx_intern *token, naive_merge m)
{
    char text[256];
    bmx_slice a = token->str[m.left], b = token->str[m.right];
    uint32_t id;

    memcpy(text, a.ptr, a.len);
    memcpy(text + a.len, b.ptr, b.len);
    assert_int_equal(bmx_intern_add(token, bmx_slice_of(text, a.len + b.len), &id, NULL, NULL),
                     BPEMIX_OK);
    return id;
}

/* The most frequent pair that may be taken, again and again. */
static naive_list naive_train(naive_word *word, size_t n_words, const bmx_train_opts *o,
                              size_t n_merges, bmx_intern *token)
{
    static uint64_t count[MAX_TOKENS][MAX_TOKENS];
    naive_list list = { .n = 0 };
    uint64_t least = o->min_frequency ? o->min_frequency : 1;

    while (list.n < n_merges && (!o->vocab_size || token->n < o->vocab_size)) {
        uint64_t best = 0;
        naive_merge m = { 0, 0, 0 };

        memset(count, 0, sizeof count);
        for (size_t w = 0; w < n_words; w++)
            for (size_t i = 0; i + 1 < word[w].n; i++)
                count[word[w].symbol[i]][word[w].symbol[i + 1]] += word[w].count[0];
        for (uint32_t left = 0; left < token->n; left++)
            for (uint32_t right = 0; right < token->n; right++) {
                naive_merge here = { left, right, 0 };
                uint64_t c = count[left][right];

                if (c < least || c < best || (c == best && !first_of(o, token, here, m)))
                    continue;
                if (o->max_token_length && length_of(token->str[left], o->alphabet) +
                                                   length_of(token->str[right], o->alphabet) >
                                               o->max_token_length)
                    continue;
                best = c;
                m = here;
            }
        if (!best)
            break;
        m.product = add_joined(token, m);
        for (size_t w = 0; w < n_words; w++)
            word[w].n = naive_apply(word[w].symbol, word[w].n, m);
        list.merge[list.n++] = m;
    }
    return list;
}

/* Ids as in a vocabulary sorted by the characters that stand for the bytes. */
static void alphabet(bmx_intern *token, uint32_t id[256])
{
    for (uint32_t cp = 0; cp < 0x400; cp++)
        for (int b = 0; b < 256; b++)
            if (bmx_bytelevel_char((unsigned char)b) == cp) {
                char c = (char)b;
                assert_int_equal(bmx_intern_add(token, bmx_slice_of(&c, 1), &id[b], NULL, NULL),
                                 BPEMIX_OK);
            }
    assert_int_equal(token->n, 256);
}

static const char *const letters_of[] = { "b", "\xc3\xa9", " ", "a", "\xe2\x82\xac" };

typedef struct problem {
    bmx_words words;
    naive_word word[MAX_WORDS];
    bmx_intern token;
    uint32_t byte_id[256];
} problem;

/* Words of few letters with small counts, so that ties and overlaps abound. */
static void make_problem(problem *p, uint64_t seed, bmx_alphabet kind)
{
    bmx_rng rng = { seed };
    unsigned letters = 1 + (unsigned)bmx_rng_below(&rng, 5);
    bool used[5] = { false };
    struct { size_t n; char text[160]; unsigned char letter[40]; size_t len; } draw[MAX_WORDS];

    *p = (problem){ .words = { .name = bmx_strdup("x") } };
    for (size_t w = 0; w < MAX_WORDS; w++) {
        draw[w].n = bmx_rng_below(&rng, seed % 40 + 1);
        draw[w].len = 0;
        p->word[w].count[0] = bmx_rng_below(&rng, 5);
        for (size_t i = 0; i < draw[w].n; i++) {
            unsigned k = (unsigned)bmx_rng_below(&rng, letters);
            size_t len = strlen(letters_of[k]);

            draw[w].letter[i] = (unsigned char)k;
            memcpy(draw[w].text + draw[w].len, letters_of[k], len);
            draw[w].len += len;
            /* words of one byte or of no count are passed over */
            used[k] = used[k] || p->word[w].count[0];
        }
        fixture_word(&p->words, draw[w].text, draw[w].len, p->word[w].count[0]);
    }
    if (kind == BMX_ALPHABET_BYTE)
        alphabet(&p->token, p->byte_id);
    else
        for (uint32_t cp = 0; cp < 0x3000; cp++)
            for (size_t k = 0; k < 5; k++) {
                uint32_t code = 0, id;

                assert_int_equal(bmx_utf8_decode(letters_of[k], strlen(letters_of[k]), &code),
                                 strlen(letters_of[k]));
                if (used[k] && code == cp)
                    assert_int_equal(bmx_intern_add(&p->token, bmx_slice_str(letters_of[k]), &id,
                                                    NULL, NULL), BPEMIX_OK);
            }
    for (size_t w = 0; w < MAX_WORDS; w++) {
        p->word[w].symbol = malloc(sizeof draw[w].text * sizeof(uint32_t));
        p->word[w].n = 0;
        for (size_t i = 0; i < draw[w].n; i++) {
            const char *letter = letters_of[draw[w].letter[i]];

            if (!p->word[w].count[0])
                continue;
            if (kind == BMX_ALPHABET_CHARACTER)
                p->word[w].symbol[p->word[w].n++] = bmx_intern_find(&p->token, bmx_slice_str(letter));
            else
                for (; *letter; letter++)
                    p->word[w].symbol[p->word[w].n++] = p->byte_id[(unsigned char)*letter];
        }
    }
}

static void release_problem(problem *p)
{
    bmx_intern_release(&p->token);
    fixture_words_release(&p->words);
    for (size_t w = 0; w < MAX_WORDS; w++)
        free(p->word[w].symbol);
}

static void check_list(const bmx_merge_list *got, size_t from, const naive_list *want,
                       const bmx_intern *token, uint64_t seed)
{
    assert_int_equal(got->n - from, want->n);
    assert_int_equal(got->token.n, token->n);
    for (size_t i = 0; i < token->n; i++)
        assert_true(bmx_slice_eq(got->token.str[i], token->str[i]));
    for (size_t t = 0; t < want->n; t++) {
        const bmx_merge *m = &got->merge[from + t];
        bool repeated = false;

        if (m->left != want->merge[t].left || m->right != want->merge[t].right ||
            m->product != want->merge[t].product)
            fail_msg("seed %llu merge %zu: (%u, %u), not (%u, %u)", (unsigned long long)seed, t,
                     m->left, m->right, want->merge[t].left, want->merge[t].right);
        for (size_t s = 0; s < from + t; s++)
            repeated = repeated || (got->merge[s].left == m->left && got->merge[s].right == m->right);
        assert_int_equal(m->flags, repeated ? BMX_MERGE_REPEATED : 0);
    }
}

static void learns_what_recounting_learns(void **state)
{
    size_t merges = 0, limited = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 800; seed++) {
        bmx_train_opts o = { .ties = (bmx_tie_order)(seed % 4), .seed = seed,
                             .alphabet = seed / 4 % 2 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE };
        bmx_merge_list got = { 0 };
        bmx_train_words words;
        naive_list want;
        bpemix_error err;
        bmx_rng rng = { ~seed };
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        o.n_merges = (uint32_t)bmx_rng_below(&rng, 60);
        if (seed % 3 == 0)
            o.min_frequency = bmx_rng_below(&rng, 20);
        if (seed % 5 == 0)
            o.max_token_length = 2 + (uint32_t)bmx_rng_below(&rng, 8);
        if (seed % 7 == 0)
            o.vocab_size = (uint32_t)p.token.n + (uint32_t)bmx_rng_below(&rng, 40);
        CHECK_OK(bmx_train(&words, &o, &got, &err));
        want = naive_train(p.word, MAX_WORDS, &o, o.n_merges, &p.token);
        check_list(&got, 0, &want, &p.token, seed);
        merges += want.n;
        limited += want.n < o.n_merges;
        bmx_merge_list_release(&got);
        release_problem(&p);
    }
    assert_true(merges > 10000 && limited > 100);
}

/* Half a list, then the rest from the tokenizer that the first half makes: the same as
 * the whole at once; and from a list learned on other words, what recounting learns. */
static void goes_on_from_another_list(void **state)
{
    size_t merges = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bmx_train_opts o = { .n_merges = 50, .ties = (bmx_tie_order)(seed % 3),
                             .alphabet = seed % 2 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE };
        static const bmx_rules none;
        bpemix_tokenizer *base = NULL;
        bmx_merge_list whole = { 0 }, half = { 0 }, rest = { 0 };
        bmx_train_words words;
        bpemix_error err;
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        CHECK_OK(bmx_train(&words, &o, &whole, &err));
        o.n_merges = (uint32_t)(seed % 20);
        CHECK_OK(bmx_train(&words, &o, &half, &err));
        CHECK_OK(bmx_train_tokenizer(&half, &none, &base, &err));
        o.base = base;
        o.n_merges = 50 - o.n_merges;
        CHECK_OK(bmx_train(&words, &o, &rest, &err));
        assert_int_equal(rest.n_inherited, base->trained.n_merges);
        assert_int_equal(rest.n, whole.n);
        for (uint32_t t = 0; t < whole.n; t++)
            assert_memory_equal(&rest.merge[t], &whole.merge[t], sizeof *rest.merge);
        merges += rest.n;
        bpemix_tokenizer_free(base);
        bmx_merge_list_release(&whole);
        bmx_merge_list_release(&rest);
        release_problem(&p);
    }
    assert_true(merges > 3000);
}

/* ---- SentencePiece ---- */

/* A pair as spm_train keeps it: its occurrences by word and place of the left symbol,
 * those that overlap the one before dropped when they are first counted. */
typedef struct spm_pair {
    uint32_t left, right; /* numbers of symbols */
    bool dead;
    struct { size_t word, left, right; } *at;
    size_t n, cap;
} spm_pair;

typedef struct spm {
    problem *p;
    char text[4096][200]; /* of symbols; two pairs never share one */
    size_t n_symbols;
    spm_pair pair[8192];
    size_t n_pairs;
    uint32_t cell[MAX_WORDS][160]; /* symbol at its first place, UINT32_MAX: taken up */
    size_t length[MAX_WORDS];
} spm;

static void spm_note(spm *s, size_t w, size_t left, size_t right)
{
    size_t k = 0;

    if (strchr(s->text[s->cell[w][left]], ' ') || strchr(s->text[s->cell[w][right]], ' '))
        return; /* a space is no part of a valid piece */
    for (; k < s->n_pairs; k++)
        if (s->pair[k].left == s->cell[w][left] && s->pair[k].right == s->cell[w][right])
            break;
    assert_true(k < 8192);
    if (k == s->n_pairs)
        s->pair[s->n_pairs++] = (spm_pair){ .left = s->cell[w][left], .right = s->cell[w][right] };
    if (s->pair[k].n == s->pair[k].cap)
        s->pair[k].at = realloc(s->pair[k].at,
                                (s->pair[k].cap = 2 * s->pair[k].cap + 4) * sizeof *s->pair[k].at);
    for (size_t i = s->pair[k].n++;; i--) { /* in order of words and places */
        if (i && (s->pair[k].at[i - 1].word > w ||
                  (s->pair[k].at[i - 1].word == w && s->pair[k].at[i - 1].left > left))) {
            s->pair[k].at[i] = s->pair[k].at[i - 1];
            continue;
        }
        s->pair[k].at[i].word = w;
        s->pair[k].at[i].left = left;
        s->pair[k].at[i].right = right;
        break;
    }
}

static uint64_t spm_count(spm *s, spm_pair *q)
{
    uint64_t sum = 0;
    size_t kept = 0, last_word = SIZE_MAX, last_right = 0;

    for (size_t i = 0; i < q->n; i++) {
        size_t w = q->at[i].word;

        if (s->cell[w][q->at[i].left] != q->left || s->cell[w][q->at[i].right] != q->right ||
            (w == last_word && q->at[i].left == last_right)) {
            last_word = SIZE_MAX;
            continue;
        }
        sum += s->p->word[w].count[0];
        last_word = w;
        last_right = q->at[i].right;
        q->at[kept++] = q->at[i];
    }
    q->n = kept;
    return sum;
}

static size_t spm_step(const spm *s, size_t w, size_t at, int by)
{
    for (;;) {
        if ((by < 0 && at == 0) || at + (size_t)by >= s->length[w])
            return SIZE_MAX;
        at += (size_t)by;
        if (s->cell[w][at] != UINT32_MAX)
            return at;
    }
}

static void spm_merge(spm *s, spm_pair *q, uint32_t product)
{
    for (size_t i = 0; i < q->n; i++) {
        size_t w = q->at[i].word, left = q->at[i].left, right = q->at[i].right, next, prev;

        if (s->cell[w][left] == UINT32_MAX)
            continue;
        next = spm_step(s, w, right, 1);
        prev = spm_step(s, w, left, -1);
        s->cell[w][left] = product;
        s->cell[w][right] = UINT32_MAX;
        if (prev != SIZE_MAX)
            spm_note(s, w, prev, left);
        if (next != SIZE_MAX)
            spm_note(s, w, left, next);
    }
}

static bool spm_first(const char *x, const char *y)
{
    size_t m = bmx_utf8_length(bmx_slice_str(x)), n = bmx_utf8_length(bmx_slice_str(y));
    return m != n ? m < n : strcmp(x, y) < 0;
}

/* The next piece, or false. */
static bool spm_next(spm *s, const bmx_rules *rules, char (*piece)[200], size_t n_pieces)
{
    for (;;) {
        spm_pair *best = NULL;
        uint64_t most = 0;
        char text[400] = "";
        bool known = false;

        for (size_t k = 0; k < s->n_pairs; k++) {
            spm_pair *q = &s->pair[k];
            char here[400];
            uint64_t c;

            snprintf(here, sizeof here, "%s%s", s->text[q->left], s->text[q->right]);
            if (q->dead || bmx_utf8_length(bmx_slice_str(here)) > rules->max_characters)
                continue;
            c = spm_count(s, q);
            if (c > most || (c && c == most && spm_first(here, text)) ||
                /* the same piece made in two ways: which one spm_train takes is chance */
                (c && c == most && !strcmp(here, text) &&
                 (q->left < best->left || (q->left == best->left && q->right < best->right)))) {
                most = c;
                best = q;
                strcpy(text, here);
            }
        }
        if (!best)
            return false;
        best->dead = true;
        for (size_t k = 0; k < n_pieces; k++)
            known = known || !strcmp(piece[k], text);
        if (known)
            continue;
        assert_true(s->n_symbols < 4096 && strlen(text) < 200);
        strcpy(s->text[s->n_symbols], text);
        strcpy(piece[n_pieces], text);
        spm_merge(s, best, (uint32_t)s->n_symbols++);
        return true;
    }
}

static void follows_sentencepiece(void **state)
{
    bmx_train_rule rule = { 0 };
    bmx_piece_rules pieces;
    size_t learned = 0;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train_rule_init(&rule, "sentencepiece", &err));
    assert_int_equal(rule.alphabet, BMX_ALPHABET_CHARACTER);
    for (uint64_t seed = 1; seed <= 300; seed++) {
        bmx_train_opts o = { .n_merges = 60, .ties = BMX_TIE_SENTENCEPIECE, .pieces = &pieces,
                             .alphabet = BMX_ALPHABET_CHARACTER };
        bmx_merge_list got = { 0 };
        bmx_train_words words;
        static char piece[64][200];
        spm *s = calloc(1, sizeof *s);
        problem p;

        make_problem(&p, seed, o.alphabet);
        words = bmx_train_words_of(&p.words);
        rule.trainer.max_characters = 3 + (uint32_t)(seed % 14);
        rule.trainer.split_by_script = false; /* the euro sign beside a letter */
        pieces = bmx_piece_rules_of(&rule.trainer, &rule.pretokenizer);
        CHECK_OK(bmx_train(&words, &o, &got, &err));
        s->p = &p;
        for (size_t i = 0; i < p.token.n; i++)
            snprintf(s->text[s->n_symbols++], sizeof *s->text, "%.*s", (int)p.token.str[i].len,
                     p.token.str[i].ptr);
        for (size_t w = 0; w < MAX_WORDS; w++) {
            s->length[w] = p.word[w].n;
            for (size_t i = 0; i < p.word[w].n; i++)
                s->cell[w][i] = p.word[w].symbol[i];
            for (size_t i = 0; i + 1 < p.word[w].n; i++)
                spm_note(s, w, i, i + 1);
        }
        for (size_t t = 0; t < got.n; t++) {
            bmx_slice text = got.token.str[got.merge[t].product];

            if (!spm_next(s, &rule.trainer, piece, t) || !bmx_slice_eq(bmx_slice_str(piece[t]), text))
                fail_msg("seed %llu piece %zu: '%.*s', not '%s'", (unsigned long long)seed, t,
                         (int)text.len, text.ptr, piece[t]);
        }
        if (got.n < 60)
            assert_false(spm_next(s, &rule.trainer, piece, got.n));
        learned += got.n;
        for (size_t k = 0; k < s->n_pairs; k++)
            free(s->pair[k].at);
        free(s);
        bmx_merge_list_release(&got);
        release_problem(&p);
    }
    assert_true(learned > 3000);
    bmx_train_rule_release(&rule);
}

/* The characters that cover a share of the text, most frequent first; others join nothing. */
static void leaves_rare_characters_out(void **state)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_train_opts o = { .n_merges = 9, .alphabet = BMX_ALPHABET_CHARACTER, .coverage = 0.9 };
    bmx_merge_list list = { 0 };
    bmx_train_words w;
    bpemix_error err;

    (void)state;
    fixture_word(&words, "bbbbba", 6, 9);
    fixture_word(&words, "b\xc3\xa9" "b", 4, 2); /* 1 in 30 characters */
    w = bmx_train_words_of(&words);
    CHECK_OK(bmx_train(&w, &o, &list, &err));
    assert_int_equal(list.n_alphabet, 2);
    assert_true(bmx_slice_eq(list.token.str[0], bmx_slice_str("b")));
    assert_true(bmx_slice_eq(list.token.str[1], bmx_slice_str("a")));
    assert_int_equal(list.n, 4); /* bb, ba, bbbb, bbbbba; nothing with the rare one */
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

static bmx_words some_words(void)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_rng rng = { 5 };

    for (size_t w = 0; w < 300; w++) {
        char text[20];
        size_t n = 2 + bmx_rng_below(&rng, 18);
        for (size_t i = 0; i < n; i++) {
            static const unsigned char byte[] = { 'a', ' ', '"', '\\', 0, 0xff, '\n', 0xad, 'z' };
            text[i] = (char)byte[bmx_rng_below(&rng, sizeof byte) * bmx_rng_below(&rng, 2)];
        }
        fixture_word(&words, text, n, 1 + bmx_rng_below(&rng, 9));
    }
    return words;
}

static bmx_merge_list train(const bmx_words *words, uint32_t n)
{
    bmx_train_opts o = { .n_merges = n };
    bmx_train_words w = bmx_train_words_of(words);
    bmx_merge_list list = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_train(&w, &o, &list, &err));
    return list;
}

static void writes_what_can_be_read(void **state)
{
    static const char *const presets[] = { "gpt2", "cl100k", "o200k", "qwen", "starcoder",
                                           "deepseek-v3", "clip", "falcon", "kimi" };
    bmx_words words = some_words();
    bmx_merge_list list = { 0 };
    bpemix_error err;

    (void)state;
    list = train(&words, 200);
    assert_int_equal(list.n, 200);
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        bpemix_tokenizer *tok = NULL;
        bmx_train_rule rule = { 0 };
        const bmx_pretokenizer_spec *pre;
        bmx_buf json = { 0 };

        CHECK_OK(bmx_train_rule_init(&rule, presets[i], &err));
        pre = &rule.pretokenizer;
        CHECK_OK(bmx_train_write_json(&list, &rule, NULL, &json, &err));
        CHECK_OK(bmx_tokenizer_parse("trained.json", bmx_slice_of(json.ptr, json.len), NULL, &tok,
                                     &err));
        assert_int_equal(tok->format, BMX_FORMAT_TOKENIZER_JSON);
        assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
        assert_int_equal(tok->trained.n_merges, list.n);
        assert_int_equal(tok->n_warnings, 0);
        for (uint32_t t = 0; t < list.n; t++) {
            assert_true(bmx_slice_eq(tok->vocab.tokens.str[tok->trained.merge[t].left],
                                     list.token.str[list.merge[t].left]));
            assert_true(bmx_slice_eq(tok->vocab.tokens.str[tok->trained.merge[t].right],
                                     list.token.str[list.merge[t].right]));
        }
        assert_true(tok->trained.pretokenizer.n >= pre->n);
        for (size_t k = 0; k < pre->n; k++) {
            assert_int_equal(tok->trained.pretokenizer.step[k].kind, pre->step[k].kind);
            if (pre->step[k].kind == BMX_PRE_SPLIT || pre->step[k].kind == BMX_PRE_PUNCTUATION)
                assert_int_equal(tok->trained.pretokenizer.step[k].behavior, pre->step[k].behavior);
            assert_int_equal(tok->trained.pretokenizer.step[k].pattern.len,
                             pre->step[k].pattern.len);
        }
        bpemix_tokenizer_free(tok);
        bmx_train_rule_release(&rule);
        bmx_buf_release(&json);
    }
    {
        bmx_train_rule rule = { 0 };
        bmx_buf json = { 0 };

        CHECK_OK(bmx_train_rule_init(&rule, "sentencepiece", &err));
        CHECK_FAILS(bmx_train_write_json(&list, &rule, NULL, &json, &err), BPEMIX_E_UNSUPPORTED,
                    "cannot be written to a tokenizer.json");
        assert_int_equal(json.len, 0);
        bmx_train_rule_release(&rule);
    }
    for (int i = 0; i < 4; i++) {
        static const char *const patterns[] = { "\\p{L}+|\\x{41}+|a{2}", "a{2,3}+", "b{2}+", "a$" };
        bmx_train_rule rule = { .alphabet = BMX_ALPHABET_BYTE };
        bmx_pretokenizer_step *step;
        bmx_buf json = { 0 };

        CHECK_OK(bmx_pretokenizer_add(&rule.pretokenizer, BMX_PRE_SPLIT, &step, &err));
        CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(patterns[i]), true, BMX_REGEX_FANCY,
                                 &err));
        assert_int_equal(bmx_train_write_json(&list, &rule, NULL, &json, &err),
                         i ? BPEMIX_E_UNSUPPORTED : BPEMIX_OK);
        step->pattern.flavor = BMX_REGEX_ONIGURUMA;
        CHECK_OK(bmx_train_write_json(&list, &rule, NULL, &json, &err));
        bmx_pretokenizer_spec_release(&rule.pretokenizer);
        bmx_buf_release(&json);
    }
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

/* Its own text, replayed: at every step the merge taken is the largest count. */
static void replay_confirms_the_choice(void **state)
{
    bmx_words words = some_words();
    bmx_merge_list list = train(&words, 150);
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *tr = NULL;
    bpemix_error err;
    int64_t last = INT64_MAX;

    (void)state;
    CHECK_OK(bmx_train_tokenizer(&list, &(bmx_rules){ 0 }, &tok, &err));
    CHECK_OK(bmx_replay(tok, &words, 1, 0, 1, NULL, &tr, &err));
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        int64_t b = fixture_count(tr, tr->merge[t].left, tr->merge[t].right, 0, t);

        assert_true(b > 0 && b <= last);
        if (t % 10 == 0)
            for (size_t p = 0; p < tr->n_pairs; p++)
                assert_true(fixture_count(tr, tr->pair[p].left, tr->pair[p].right, 0, t) <= b);
        last = b;
    }
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
    fixture_words_release(&words);
}

static void survives_lack_of_memory(void **state)
{
    bmx_words words = some_words();
    bmx_train_words w = bmx_train_words_of(&words);
    bmx_merge_list list = { 0 }, first = train(&words, 20);
    bpemix_tokenizer *base = NULL;
    bmx_train_rule bytes = { 0 }, sp = { 0 };
    bmx_piece_rules pieces;
    bmx_buf file = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train_rule_init(&bytes, "gpt2", &err));
    CHECK_OK(bmx_train_rule_init(&sp, "sentencepiece", &err));
    /* a list of steps is made that one step alone does not need */
    SURVIVES_SOME(5, bmx_train_write_json(&first, &bytes, NULL, &file, NULL), {
        assert_int_equal(file.len > 0, !status);
        bmx_buf_release(&file);
    });
    CHECK_OK(bmx_train_tokenizer(&first, &bytes.trainer, &base, &err));
    pieces = bmx_piece_rules_of(&sp.trainer, &sp.pretokenizer);
    for (int kind = 0; kind < 4; kind++) { /* bytes, going on, characters, SentencePiece */
        bmx_train_opts o = { .n_merges = 40, .base = kind == 1 ? base : NULL,
                             .alphabet = kind > 1 ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE,
                             .coverage = kind == 3 ? 0.99 : 0,
                             .pieces = kind == 3 ? &pieces : NULL };

        bmx_merge_list_release(&list);
        SURVIVES(20, bmx_train(&w, &o, &list, NULL), assert_int_equal(list.n > 0, last));
    }
    SURVIVES(5, bmx_train_write_model(&list, &sp, &file, NULL), {
        assert_int_equal(file.len > 0, last);
    });
    bpemix_tokenizer_free(base);
    bmx_train_rule_release(&bytes);
    bmx_train_rule_release(&sp);
    bmx_buf_release(&file);
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

static void refuses_impossible_counts(void **state)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_train_opts o = { .n_merges = 5 };
    bmx_merge_list list = { 0 };
    bmx_train_words w = bmx_train_words_of(&words);
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train(&w, &o, &list, &err)); /* no words, no merges */
    assert_int_equal(list.n, 0);
    bmx_merge_list_release(&list);
    fixture_word(&words, "abc", 3, UINT64_MAX / 4);
    w = bmx_train_words_of(&words);
    CHECK_FAILS(bmx_train(&w, &o, &list, &err), BPEMIX_E_UNSUPPORTED, "2^63");
    fixture_words_release(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_recounting_learns),
        cmocka_unit_test(goes_on_from_another_list),
        cmocka_unit_test(follows_sentencepiece),
        cmocka_unit_test(leaves_rare_characters_out),
        cmocka_unit_test(writes_what_can_be_read),
        cmocka_unit_test(replay_confirms_the_choice),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(refuses_impossible_counts),
    };
    return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}
