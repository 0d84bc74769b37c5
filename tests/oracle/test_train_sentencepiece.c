/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer against SentencePiece's way of counting, written out. */
#include "oracle/naive_train.h"

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

            if (!spm_next(s, &rule.trainer, piece, t) ||
                !bmx_slice_eq(bmx_slice_str(piece[t]), text))
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_sentencepiece),
    };
    return cmocka_run_group_tests_name("train sentencepiece", tests, NULL, NULL);
}
