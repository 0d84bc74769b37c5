/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lineage.c - whose merges are these?
 *
 * Of each known list 32 bits of a running checksum over its merges are stored:
 * after 64, 128, 256, 512 merges, then every BMX_LINEAGE_INTERVAL, and
 * at the end.  A prefix of n merges equals a known one when the checksums
 * agree at every stored point up to n.  No text of a list is stored.
 *
 * gen/make_known_lists.c makes known_lists.inc from tokenizer files. */
#include "tokenizer/lineage.h"

#include "tokenizer/known_lists.inc"

const bmx_known_lists bmx_published_lists = {
    known_lists, sizeof known_lists / sizeof *known_lists
};

uint32_t bmx_lineage_point(uint32_t k, uint32_t n)
{
    uint32_t at = k < 4 ? 64u << k : (k - 3) * BMX_LINEAGE_INTERVAL;
    return at < n ? at : n;
}

uint64_t bmx_lineage_roll(uint64_t hash, bmx_slice left, bmx_slice right)
{
    return bmx_hash64(right.ptr, right.len, bmx_hash64(left.ptr, left.len, hash) + left.len);
}

/* Longest common prefix with one known list: hash[t] is the rolling hash of the
 * first t merges. */
static void compare(const bmx_known_list *known, const uint64_t *hash, uint32_t n,
                    bmx_lineage *out)
{
    uint32_t matched = 0;
    bool whole = false;

    for (uint32_t k = 0;; k++) {
        uint32_t at = bmx_lineage_point(k, known->n_merges);
        if (at > n || (uint32_t)hash[at] != known->points[k])
            break;
        matched = at;
        if (at == known->n_merges) {
            whole = true;
            break;
        }
    }
    *out = (bmx_lineage){ .of = known->name, .less = known->less, .to = matched, .whole = whole };
}

static bool longer(const bmx_lineage *a, const bmx_lineage *b)
{
    if (a->to != b->to)
        return a->to > b->to;
    return a->whole && !b->whole;
}

/* hash[t], t = 0 .. n: rolling hash of the first t merges; owned by caller. */
static uint64_t *hashes_of(const bpemix_tokenizer *tok)
{
    uint64_t *hash = bmx_malloc((size_t)tok->trained.n_merges + 1, sizeof *hash);

    if (!hash)
        return NULL;
    hash[0] = 0;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        hash[t + 1] =
            bmx_lineage_roll(hash[t], tok->vocab.tokens.str[tok->trained.merge[t].left],
                              tok->vocab.tokens.str[tok->trained.merge[t].right]);
    return hash;
}

/* Known lists share prefixes, too.  A common prefix is left out if a list that is contained as a
 * whole explains it just as well. */
static void drop_implied(bmx_lineages *l)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n; i++) {
        bool implied = false;
        for (size_t k = 0; k < l->n && !implied; k++)
            implied = !l->entry[i].whole && l->entry[k].whole &&
                      l->entry[k].to >= l->entry[i].to;
        if (!implied)
            l->entry[kept++] = l->entry[i];
    }
    l->n = kept;
}

bpemix_status bmx_lineage_find(const bpemix_tokenizer *tok, const bmx_known_lists *known,
                               bmx_lineages *out, bpemix_error *err)
{
    uint64_t *hash = hashes_of(tok);
    bmx_lineages l = { 0 };
    bpemix_status st = hash ? BPEMIX_OK : bmx_nomem(err);

    for (size_t k = 0; k < known->n && !st; k++) {
        bmx_lineage found;
        size_t at;
        compare(&known->list[k], hash, tok->trained.n_merges, &found);
        if (!found.to)
            continue;
        if ((st = bmx_reserve(&l.entry, &l.cap, l.n + 1, sizeof found, err)))
            break;
        for (at = l.n++; at > 0 && longer(&found, &l.entry[at - 1]); at--)
            l.entry[at] = l.entry[at - 1];
        l.entry[at] = found;
    }
    bmx_free(hash);
    if (st) {
        bmx_lineages_release(&l);
        return st;
    }
    drop_implied(&l);
    for (size_t i = 0; i < l.n; i++)
        if (l.entry[i].to < tok->trained.n_merges && l.entry[i].to > l.inherited)
            l.inherited = l.entry[i].to;
    *out = l;
    return BPEMIX_OK;
}

void bmx_lineages_release(bmx_lineages *l)
{
    bmx_free(l->entry);
    *l = (bmx_lineages){ 0 };
}

uint64_t bmx_lineage_tokens(const bpemix_tokenizer *tok, const uint32_t *order, size_t n)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < n; i++) {
        bmx_slice s = tok->vocab.tokens.str[order[i]];

        hash = bmx_hash64(s.ptr, s.len, hash) + s.len;
    }
    return hash ? hash : 1;
}

const bmx_known_list *bmx_lineage_of_tokens(const bpemix_tokenizer *tok, const uint32_t *order,
                                            size_t n, const bmx_known_lists *known)
{
    uint64_t tokens = bmx_lineage_tokens(tok, order, n);

    for (size_t k = 0; k < known->n; k++)
        if (known->list[k].tokens == tokens && known->list[k].preset)
            return &known->list[k];
    return NULL;
}

/* The known list that these merges are, all of them; NULL: none with a published
 * pre-tokenizer. */
static bpemix_status find_whole(const bpemix_tokenizer *tok, const bmx_known_lists *known,
                                const bmx_known_list **out, bpemix_error *err)
{
    uint64_t *hash;

    *out = tok->recognized;
    if (*out)
        return BPEMIX_OK;
    if (!(hash = hashes_of(tok)))
        return bmx_nomem(err);
    for (size_t k = 0; k < known->n && !*out; k++) {
        const bmx_known_list *list = &known->list[k];
        bmx_lineage found;
        compare(list, hash, tok->trained.n_merges, &found);
        if (found.whole && found.to == tok->trained.n_merges && list->preset)
            *out = list;
    }
    bmx_free(hash);
    return BPEMIX_OK;
}

bpemix_status bmx_lineage_identify(bpemix_tokenizer *tok, const bmx_known_lists *known,
                                   bpemix_error *err)
{
    static const char *const form[] = { "", "NFC", "NFKC" };
    const bmx_known_list *list;
    bmx_normalizer_step *step;
    bpemix_status st = find_whole(tok, known, &list, err);
    bool named = tok->pretokenizer_known, normal;

    if (st || !list)
        return st;
    normal = list->normal != BMX_KNOWN_PLAIN && !tok->trained.normalizer.n;
    if (!named)
        st = bmx_pretokenizer_preset(list->preset, &tok->trained.pretokenizer, err);
    if (!st && normal)
        st = bmx_normalizer_add(&tok->trained.normalizer,
                                list->normal == BMX_KNOWN_NFC ? BMX_NORM_NFC : BMX_NORM_NFKC,
                                &step, err);
    if (st)
        return st;
    tok->pretokenizer_known = true;
    if (!named)
        return bmx_tokenizer_warn(tok, err,
                                  "%s merges are those of %s, whose pre-tokenizer '%s'%s%s %s "
                                  "taken",
                                  tok->format == BMX_FORMAT_GGUF /* has said why there is none */
                                      ? "the"
                                      : "the file names no pre-tokenizer; its", list->name,
                                  list->preset, normal ? " and normalizer " : "",
                                  normal ? form[list->normal] : "", normal ? "are" : "is");
    if (normal)
        return bmx_tokenizer_warn(tok, err,
                                  "the file names no normalizer; its merges are those of %s, whose "
                                  "normalizer %s is taken", list->name, form[list->normal]);
    return BPEMIX_OK;
}
