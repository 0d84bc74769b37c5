/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/facts.h"

#include <math.h>
#include <string.h>

void bmx_facts_init(bmx_facts *f)
{
    *f = (bmx_facts){
        .ties = { .uninformative_from = BMX_FACTS_NONE, .last_count = NAN, .sample_pairs = NAN }
    };
    for (int k = 0; k < 8; k++)
        f->ties.ascending[k] = NAN;
}

void bmx_facts_release(bmx_facts *f)
{
    bmx_free(f->path);
    bmx_free(f->format);
    bmx_free(f->format_detail);
    bmx_free(f->alphabet);
    bmx_free(f->subword_prefix);
    bmx_free(f->word_suffix);
    for (size_t i = 0; i < f->n_normalizers; i++)
        bmx_values_release(&f->normalizer[i]);
    bmx_free(f->normalizer);
    bmx_free(f->pretokenizer);
    for (size_t i = 0; i < f->n_splits; i++)
        bmx_values_release(&f->split[i]);
    bmx_free(f->split);
    bmx_values_release(&f->rules);
    bmx_values_release(&f->trainer_spec);
    bmx_texts_release(&f->unreachable.example);
    bmx_texts_release(&f->unlearned.example);
    bmx_texts_release(&f->redundant.example);
    bmx_texts_release(&f->manual.example);
    bmx_texts_release(&f->too_long.example);
    bmx_texts_release(&f->repeated.example);
    bmx_texts_release(&f->first_merges);
    bmx_texts_release(&f->last_merges);
    bmx_texts_release(&f->warning);
    for (size_t i = 0; i < f->n_lineages; i++) {
        bmx_free(f->lineage[i].of);
        bmx_free(f->lineage[i].less);
    }
    bmx_free(f->lineage);
    for (size_t i = 0; i < f->n_cuts; i++) {
        bmx_free(f->cut[i].left);
        bmx_free(f->cut[i].right);
    }
    bmx_free(f->cut);
    bmx_free(f->ties.rule);
    bmx_free(f->ties.assumption);
    bmx_free(f->text_unit);
    for (size_t i = 0; i < f->n_scripts; i++)
        bmx_free(f->script[i].script);
    bmx_free(f->script);
    bmx_facts_init(f);
}

bool bmx_facts_characters(const bmx_facts *f)
{
    return f->alphabet && !strcmp(f->alphabet, "character");
}
