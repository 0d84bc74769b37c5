/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count.c - the public side of counting and of traces. */
#include "api/api.h"
#include "replay/replay.h"
#include "words/count.h"

bpemix_status bpemix_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err)
{
    return bmx_categories_check(cats, n, err);
}

bpemix_status bpemix_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                           const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err)
{
    bpemix_count_opts o;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (st)
        return st;
    o.n_other = o.other ? o.n_other : 0;
    return bmx_count(tok, cats, n, &o, out, err);
}

void bpemix_trace_free(bpemix_trace *trace) { bmx_trace_free(trace); }

const char *bpemix_trace_tokenizer(const bpemix_trace *trace)
{
    return trace->facts.path;
}

const char *bpemix_trace_warning(const bpemix_trace *trace, size_t i)
{
    return i < trace->facts.warning.n ? trace->facts.warning.text[i] : NULL;
}

bpemix_status bpemix_trace_set_panel(bpemix_trace *trace, const char *groups, bool named,
                                     bpemix_error *err)
{
    return bmx_trace_set_panel(trace, groups ? groups : "", named, err);
}

const char *bpemix_trace_panel(const bpemix_trace *trace, bool *named)
{
    if (named)
        *named = trace->named_panel;
    return trace->panel;
}

bpemix_status bpemix_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err)
{
    return bmx_trace_save(trace, path, err);
}

bpemix_status bpemix_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                                bpemix_error *err)
{
    return bmx_trace_load(paths, n, out, err);
}
