/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial.c - see trial.h.
 *
 *   choose      categories, mixture, sources                    (choose.c)
 *   train       draws of every category -> words -> merge list  (learn)
 *   sample      draws of the candidates -> tallies of a trace   (sample)
 *   estimate    every number of merges by every method          (estimate.c) */
#include "lab/trial_work.h"
#include "lab/baseline.h"
#include "base/utf8.h"
#include "findings/findings.h"
#include "replay/replay.h"

#include <string.h>

typedef bmx_lab_member member;
typedef bmx_lab_trial_work trial;

static uint32_t tallies_of(const trial *t) { return t->plan->folds ? t->plan->folds : 1; }

static void trial_release(trial *t)
{
    for (size_t i = 0; t->member && i < t->n; i++) {
        bmx_free(t->member[i].train_weight);
        bmx_free(t->member[i].sample_weight);
        bmx_lab_population_release(&t->member[i].population);
    }
    for (size_t k = 0; t->same && k < t->n * tallies_of(t); k++)
        bmx_lab_draw_release(&t->same[k]);
    bmx_free(t->member);
    bmx_free(t->same);
    bmx_free(t->count);
    bmx_tokenizer_free(t->tok);
}

/* ---- train ---- */

/* With the setting `disjoint` sources are divided instead of halves. */
static int half_of(const trial *t, bool sample)
{
    return t->plan->setting == BMX_LAB_DISJOINT ? 2 : sample;
}

/* Documents for training, or for samples: all, or one fold of them.  `seed` orders documents. */
static bmx_lab_selection selection_of(const trial *t, const member *m, bool sample, uint64_t seed)
{
    return (bmx_lab_selection){ .weight = sample ? m->sample_weight : m->train_weight,
                                .half = half_of(t, sample), .seed = seed, .n_folds = 1 };
}

static bpemix_status draw(trial *t, member *m, double bytes, const bmx_lab_selection *which,
                          bmx_lab_draw *out, bpemix_error *err)
{
    if (t->plan->simulate)
        return bmx_lab_simulate(&m->population, bytes / which->n_folds, which->weight,
                                t->plan->noise, &t->rng, out, err);
    return bmx_lab_pick(&m->population, bytes, which, out, err);
}

/* The size of the training text: as asked for, or as much as the shares allow. */
static double total_bytes(const trial *t)
{
    double total = INFINITY;

    if (t->plan->train_bytes != BMX_LAB_ALL)
        return (double)t->plan->train_bytes;
    for (size_t i = 0; i < t->n; i++) {
        const member *m = &t->member[i];
        double have = (double)bmx_lab_available(&m->population, m->train_weight,
                                                t->plan->simulate ? 2 : half_of(t, false));

        if (m->share > 0 && have / m->share < total)
            total = have / m->share;
    }
    return total;
}

/* Training text of all categories into count[]; what they come to. */
static bpemix_status draw_training(trial *t, bpemix_error *err)
{
    double total = total_bytes(t);
    uint32_t parts = t->plan->setting == BMX_LAB_SAME ? tallies_of(t) : 1;
    bpemix_status st = BPEMIX_OK;

    memset(t->count, 0, t->corpus->n_words * sizeof *t->count);
    if (t->plan->setting == BMX_LAB_SAME && !t->same &&
        !(t->same = bmx_calloc(t->n * parts, sizeof *t->same)))
        return bmx_nomem(err);
    for (size_t i = 0; i < t->n; i++) {
        member *m = &t->member[i];
        bmx_lab_selection which = selection_of(t, m, false, m->pick_seed);

        which.n_folds = parts;
        m->train_bytes = 0;
        for (uint32_t f = 0; f < parts; f++) {
            bmx_lab_draw one = { 0 }, *d = t->same ? &t->same[i * parts + f] : &one;

            bmx_lab_draw_release(d);
            which.fold = f;
            if (m->share > 0)
                st = draw(t, m, m->share * total, &which, d, err);
            for (size_t k = 0; k < d->n && !st; k++)
                if (__builtin_add_overflow(t->count[d->word[k]], d->count[k],
                                           &t->count[d->word[k]]))
                    st = bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^64 words");
            m->train_bytes += (double)d->bytes;
            bmx_lab_draw_release(&one);
            if (st)
                return st;
        }
    }
    return BPEMIX_OK;
}

/* Shuffle merges within windows: the next merge is any of the window whose sides exist already. */
static bpemix_status shuffle(trial *t, bpemix_error *err)
{
    bpemix_tokenizer *tok = t->tok;
    uint32_t *made_at = bmx_malloc(tok->vocab.tokens.n, sizeof *made_at), window = t->plan->shuffle;

    if (!made_at)
        return bmx_nomem(err);
    for (size_t i = 0; i < tok->vocab.tokens.n; i++)
        made_at[i] = 0;
    for (uint32_t k = tok->trained.n_merges; k-- > 0;)
        made_at[tok->trained.merge[k].product] = BMX_NONE; /* not there yet */
    for (uint32_t from = 0; from < tok->trained.n_merges; from += window) {
        uint32_t end =
            tok->trained.n_merges - from < window ? tok->trained.n_merges : from + window;

        for (uint32_t at = from; at < end; at++) {
            uint32_t n = 0, pick, k = at;
            bmx_merge m;

            for (uint32_t q = at; q < end; q++)
                n += made_at[tok->trained.merge[q].left] != BMX_NONE &&
                     made_at[tok->trained.merge[q].right] != BMX_NONE;
            pick = n ? (uint32_t)bmx_rng_below(&t->rng, n) : 0;
            for (; n && k < end; k++)
                if (made_at[tok->trained.merge[k].left] != BMX_NONE &&
                    made_at[tok->trained.merge[k].right] != BMX_NONE && !pick--)
                    break;
            m = tok->trained.merge[k];
            memmove(tok->trained.merge + at + 1, tok->trained.merge + at, (k - at) * sizeof m);
            tok->trained.merge[at] = m;
            made_at[m.product] = at;
        }
    }
    bmx_free(made_at);
    return BPEMIX_OK;
}

static bpemix_status train(trial *t, uint32_t n, bpemix_error *err)
{
    const bmx_train_rule *rule = t->plan->rule;
    bmx_piece_rules pieces = bmx_piece_rules_of(&rule->trainer, &rule->pretokenizer);
    bmx_train_words words = { .word = t->corpus->word, .count = t->count,
                              .n = t->corpus->n_words };
    bmx_train_opts o = { .n_merges = n, .ties = t->plan->ties, .seed = t->plan->seed,
                         .alphabet = rule->alphabet, .base = t->tok };
    bmx_merge_list list = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_status st;

    if (rule->trainer.sentencepiece) {
        o.pieces = &pieces;
        o.ties = BMX_TIE_SENTENCEPIECE;
        o.coverage = BMX_TRAIN_SPM_COVERAGE;
    }
    if ((st = bmx_train(&words, &o, &list, err)))
        return st;
    if (!list.n) {
        bmx_merge_list_release(&list);
        return bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "raise the bytes of the training text",
                             "no merge could be learned");
    }
    if ((st = bmx_train_tokenizer(&list, &rule->trainer, &tok, err))) {
        bmx_merge_list_release(&list);
        return st;
    }
    bmx_tokenizer_free(t->tok);
    t->tok = tok;
    return BPEMIX_OK;
}

/* The training text's size, as it is and as the ties of the list tell it. */
static void note_size(trial *t)
{
    bmx_ties ties;
    double pairs = 0;

    for (size_t w = 0; w < t->corpus->n_words; w++)
        if (t->count[w]) {
            bmx_slice s = t->corpus->word[w];
            size_t n = t->tok->vocab.alphabet == BMX_ALPHABET_BYTE ? s.len : bmx_utf8_length(s);

            pairs += (double)t->count[w] * (double)(n ? n - 1 : 0);
        }
    bmx_ties_measure(t->tok, &ties);
    t->out->learned = t->tok->trained.n_merges;
    t->out->pairs = pairs;
    t->out->pairs_from_ties = ties.sample_pairs;
}

static bpemix_status learn(trial *t, bpemix_error *err)
{
    const bmx_lab_plan *p = t->plan;
    bpemix_status st;

    if (!(t->count = bmx_malloc(t->corpus->n_words, sizeof *t->count)))
        return bmx_nomem(err);
    if (p->inherit) { /* from a mixture of its own, then the one to be found */
        double *share = bmx_malloc(t->n, sizeof *share);

        if (!share)
            return bmx_nomem(err);
        for (size_t i = 0; i < t->n; i++)
            share[i] = t->member[i].share;
        if (!(st = bmx_lab_choose_mixture(t, NULL, err)) && !(st = draw_training(t, err)))
            st = train(t, p->inherit, err);
        for (size_t i = 0; i < t->n; i++)
            t->member[i].share = share[i];
        bmx_free(share);
        if (st)
            return st;
    }
    if ((st = draw_training(t, err)) || (st = train(t, p->learn - p->inherit, err)))
        return st;
    note_size(t);
    return p->shuffle > 1 ? shuffle(t, err) : BPEMIX_OK;
}

/* ---- sample ---- */

/* Tallies of words as replay wants them: for each word that occurs, the tallies it is in. */
static bpemix_status join_tallies(const trial *t, const bmx_lab_draw *tally, size_t n_tallies,
                                  bmx_word_union *out, bpemix_error *err)
{
    size_t *at = bmx_calloc(t->corpus->n_words + 1, sizeof *at), n = 0, sum = 0;

    for (size_t c = 0; at && c < n_tallies; c++)
        for (size_t k = 0; k < tally[c].n; k++)
            at[tally[c].word[k]]++;
    for (size_t w = 0; at && w < t->corpus->n_words; w++) {
        n += at[w] > 0;
        sum += at[w];
    }
    out->text = bmx_malloc(n, sizeof *out->text);
    out->postings.first = bmx_malloc(n + 1, sizeof *out->postings.first);
    out->postings.cat = bmx_malloc(sum, sizeof *out->postings.cat);
    out->postings.count = bmx_malloc(sum, sizeof *out->postings.count);
    if (!at || !out->text || !out->postings.first || !out->postings.cat || !out->postings.count) {
        bmx_free(at);
        return bmx_nomem(err);
    }
    sum = 0;
    for (size_t w = 0; w < t->corpus->n_words; w++) {
        size_t many = at[w];

        at[w] = sum;
        if (!many)
            continue;
        out->text[out->n] = t->corpus->word[w];
        out->postings.first[out->n++] = sum;
        sum += many;
    }
    out->postings.first[out->n] = sum;
    for (size_t c = 0; c < n_tallies; c++)
        for (size_t k = 0; k < tally[c].n; k++) {
            size_t to = at[tally[c].word[k]]++;

            out->postings.cat[to] = (uint32_t)c;
            out->postings.count[to] = tally[c].count[k];
        }
    bmx_free(at);
    return BPEMIX_OK;
}

static bpemix_status replay(trial *t, const bmx_lab_draw *tally, size_t n_tallies,
                            bpemix_trace **trace, bpemix_error *err)
{
    bmx_words *about = bmx_calloc(n_tallies, sizeof *about);
    bmx_word_union all = { 0 };
    bpemix_status st = about ? join_tallies(t, tally, n_tallies, &all, err) : bmx_nomem(err);
    size_t c = 0;

    for (size_t i = 0; i < t->n && about; i++)
        for (uint32_t f = 0; f < tallies_of(t) && t->member[i].candidate; f++, c++)
            about[c] = (bmx_words){ .name = t->corpus->cat[t->member[i].cat].name,
                                    .n_folds = t->plan->folds,
                                    .bytes = tally[c].bytes,
                                    .documents = tally[c].documents,
                                    .pretokens = tally[c].pretokens };
    if (!st)
        st = bmx_replay_union(t->tok, about, n_tallies, &all, &(bmx_replay_opts){ .n_threads = 1 },
                              trace, err);
    if (!st && t->tok->vocab.alphabet == BMX_ALPHABET_CHARACTER &&
        !((*trace)->facts.alphabet = bmx_strdup("character")))
        st = bmx_nomem(err);
    bmx_word_union_release(&all);
    bmx_free(about);
    return st;
}

/* A simulated sample that came out without a document is drawn again, as nobody infers from none; a
 * fold may be without. */
static bpemix_status draw_sample(trial *t, member *m, double bytes, const bmx_lab_selection *which,
                                 bmx_lab_draw *out, bpemix_error *err)
{
    enum { TRIES = 10000 };
    bpemix_status st = BPEMIX_OK;

    for (int k = 0; k < TRIES && !st && !out->n; k++) {
        st = draw(t, m, bytes, which, out, err);
        if (!t->plan->simulate || which->n_folds > 1)
            break;
    }
    return st;
}

static bpemix_status sample(trial *t, uint64_t bytes, bpemix_trace **trace, bpemix_error *err)
{
    uint32_t folds = tallies_of(t);
    size_t n_tallies = t->out->n * folds, c = 0;
    bmx_lab_draw *tally = bmx_calloc(n_tallies, sizeof *tally);
    bpemix_status st = tally ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < t->n && !st; i++) {
        member *m = &t->member[i];
        const bmx_lab_category *cat = &t->corpus->cat[m->cat];
        bmx_lab_selection which = selection_of(t, m, true, bmx_rng_next(&t->rng));
        double want = bytes != BMX_LAB_ALL ? (double)bytes
                      : t->plan->simulate ? (double)cat->bytes : INFINITY;

        which.n_folds = folds;
        for (which.fold = 0; which.fold < folds && m->candidate && !st; which.fold++, c++)
            if (t->same)
                tally[c] = t->same[i * folds + which.fold]; /* borrowed */
            else
                st = draw_sample(t, m, want, &which, &tally[c], err);
    }
    if (!st)
        st = replay(t, tally, n_tallies, trace, err);
    for (size_t k = 0; tally && k < n_tallies && !t->same; k++)
        bmx_lab_draw_release(&tally[k]);
    bmx_free(tally);
    return st;
}

/* Bytes a token of every candidate, beside those of a tokenizer of its own. */
static bpemix_status efficiency(const trial *t, const bpemix_trace *trace, const double *own,
                                double *out, bpemix_error *err)
{
    size_t i = 0;
    double *bytes = bmx_calloc(t->out->n, sizeof *bytes);
    bpemix_status st = bytes ? bmx_token_counts(trace, out, err) : bmx_nomem(err);

    for (size_t c = 0; c < trace->n_cats && !st; c++)
        bytes[c / tallies_of(t)] += (double)trace->cat[c].bytes;
    for (size_t k = 0; k < t->n && !st; k++)
        if (t->member[k].candidate) {
            out[i] = bytes[i] / out[i] / own[t->member[k].cat];
            i++;
        }
    bmx_free(bytes);
    return st;
}

/* ---- a trial ---- */

static bpemix_status outcome_init(trial *t, bpemix_error *err)
{
    bmx_lab_outcome *o = t->out;

    o->n = t->n - t->plan->omit;
    o->cat = bmx_malloc(o->n, sizeof *o->cat);
    o->truth = bmx_calloc(o->n, sizeof *o->truth);
    return o->cat && o->truth ? BPEMIX_OK : bmx_nomem(err);
}

static bpemix_status note_truth(trial *t, bpemix_error *err)
{
    bmx_lab_outcome *o = t->out;
    double all = 0, known = 0;
    size_t i = 0;

    for (size_t k = 0; k < t->n; k++) {
        all += t->member[k].train_bytes;
        known += t->member[k].candidate ? t->member[k].train_bytes : 0;
    }
    if (!(known > 0))
        return bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "raise the bytes of the training text",
                             "no candidate has any training text");
    for (size_t k = 0; k < t->n; k++)
        if (t->member[k].candidate) {
            o->cat[i] = t->member[k].cat;
            o->truth[i++] = t->member[k].train_bytes / known;
        }
    o->omitted = 1 - known / all;
    o->train_bytes = (uint64_t)all;
    return bmx_lab_outcome_group(t->plan->group, t->plan->n_groups, o, err);
}

bool bmx_lab_needs_text(const bmx_lab_plan *p)
{
    for (size_t m = 0; m < p->n_methods; m++)
        if (p->method[m].kind != BMX_LAB_UNIFORM && p->method[m].kind != BMX_LAB_RANDOM)
            return true;
    return false;
}

/* Guesses need no text: they are only compared with the mixtures. */
static bpemix_status guess_only(trial *t, bpemix_error *err)
{
    for (size_t k = 0; k < t->n; k++)
        t->member[k].train_bytes = t->member[k].share;
    return note_truth(t, err);
}

/* Samples of all sizes, and what is estimated from them, with the folds of t->plan. */
static bpemix_status estimate(trial *t, const double *own, bpemix_error *err)
{
    const bmx_lab_plan *p = t->plan;
    bmx_lab_outcome *o = t->out;
    bool text = bmx_lab_needs_text(p);
    bpemix_status st = BPEMIX_OK;

    for (size_t s = 0; s < (t->same ? 1 : p->n_sizes) && !st; s++) {
        bpemix_trace *trace = NULL;

        if (text && (st = sample(t, p->sample_bytes[s], &trace, err)))
            break;
        if (own && !o->efficiency) {
            if (!(o->efficiency = bmx_malloc(o->n, sizeof *o->efficiency)))
                st = bmx_nomem(err);
            else
                st = efficiency(t, trace, own, o->efficiency, err);
        }
        if (!st)
            st = bmx_lab_estimate(p, trace, p->sample_bytes[s], &t->rng, o, err);
        bmx_trace_free(trace);
    }
    return st;
}

/* Which categories of the panel that stand out are among those that are no candidates. */
static void judge_named(const trial *t)
{
    for (size_t r = 0; r < t->out->n_rows; r++) {
        bmx_lab_row *row = &t->out->row[r];

        for (size_t i = 0; i < t->n && row->named; i++)
            if (!t->member[i].candidate &&
                !strcmp(row->named, t->corpus->cat[t->member[i].cat].name))
                row->named_omitted = true;
    }
}

bpemix_status bmx_lab_trial(const bmx_lab_plan *whole, const bmx_lab_corpus *corpus,
                            const double *own, uint64_t number, size_t point,
                            bmx_lab_outcome *out, bpemix_error *err)
{
    bmx_lab_plan plan = bmx_lab_plan_at(whole, point);
    const bmx_lab_axes *axes = &plan.axes;
    uint64_t seed[2] = { plan.seed, number };
    bmx_lab_outcome o = { .trial = number, .point = point, .pairs = NAN, .pairs_from_ties = NAN };
    trial t = {
        .plan = &plan, .corpus = corpus, .rng = { bmx_hash64(seed, sizeof seed, 0) }, .out = &o
    };
    bool text = bmx_lab_needs_text(&plan);
    bpemix_status st = text ? bmx_lab_choose(&t, err) : bmx_lab_choose_members(&t, err);
    bmx_rng learned;

    if (!st && !text)
        st = bmx_lab_choose_mixture(&t, plan.mixture, err);
    if (!st && !(st = outcome_init(&t, err)))
        st = text ? learn(&t, err) : guess_only(&t, err);
    if (!st && text)
        st = note_truth(&t, err);
    learned = t.rng; /* each number of folds goes on from here, as if it were the only one */
    for (size_t f = 0; f < (axes->n_folds ? axes->n_folds : 1) && !st; f++) {
        plan.folds = axes->n_folds ? axes->folds[f] : plan.folds;
        t.rng = learned;
        st = estimate(&t, own, err);
    }
    if (!st)
        judge_named(&t);
    trial_release(&t);
    if (st)
        bmx_lab_outcome_release(&o);
    else
        *out = o;
    return st ? bmx_at(err, st, "trial %llu", (unsigned long long)number) : st;
}

bpemix_status bmx_lab_own_efficiency(const bmx_lab_plan *plan, const bmx_lab_corpus *corpus,
                                     size_t cat, double *bytes_per_token, bpemix_error *err)
{
    bmx_lab_plan p = *plan;
    bmx_lab_corpus one = *corpus;
    uint64_t seed[2] = { plan->seed, ~(uint64_t)cat };
    bmx_lab_outcome o = { 0 };
    trial t = {
        .plan = &p, .corpus = &one, .rng = { bmx_hash64(seed, sizeof seed, 0) }, .out = &o
    };
    bpemix_trace *trace = NULL;
    bpemix_status st;

    one.cat += cat;
    one.n_cats = 1;
    p.categories = p.omit = p.extra = 0;
    p.inherit = p.shuffle = 0;
    p.mixture = NULL;
    if (!(st = bmx_lab_choose(&t, err)) && !(st = outcome_init(&t, err)) &&
        !(st = learn(&t, err)) &&
        !(st = sample(&t, p.sample_bytes[0], &trace, err)) &&
        !(st = bmx_token_counts(trace, bytes_per_token, err))) {
        double bytes = 0;

        for (size_t c = 0; c < trace->n_cats; c++)
            bytes += (double)trace->cat[c].bytes;
        *bytes_per_token = bytes / *bytes_per_token;
    }
    bmx_trace_free(trace);
    trial_release(&t);
    bmx_lab_outcome_release(&o);
    return st;
}
