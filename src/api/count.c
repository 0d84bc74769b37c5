/* count.c - the public side of counting and of traces. */
#include "replay/replay.h"

bpemix_status bpemix_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                           const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err)
{
    return bmx_count(tok, cats, n, opts, out, err);
}

void bpemix_trace_free(bpemix_trace *trace) { bmx_trace_free(trace); }

bpemix_status bpemix_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err)
{
    return bmx_trace_save(trace, path, err);
}

bpemix_status bpemix_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                                bpemix_error *err)
{
    return bmx_trace_load(paths, n, out, err);
}
