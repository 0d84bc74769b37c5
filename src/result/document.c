/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/document.h"
#include "base/escape.h"
#include "base/version.h"
#include "result/codec.h"

static void put_libraries(bmx_json *libs)
{
    bmx_json_put_str(libs, "cjson", bmx_json_library_version());
    bmx_json_put_str(libs, "glpk", bmx_lp_library_version());
    bmx_json_put_str(libs, "libarchive", bmx_io_library_version());
    bmx_json_put_str(libs, "pcre2", bmx_regex_library_version());
    bmx_json_put_str(libs, "pcre2_unicode", bmx_regex_unicode_version());
    bmx_json_put_str(libs, "utf8proc", bmx_normalize_library_version());
    bmx_json_put_str(libs, "utf8proc_unicode", bmx_normalize_unicode_version());
    bmx_json_put_str(libs, "xxhash", bmx_hash_library_version());
    bmx_json_put_str(libs, "zlib", bmx_gunzip_library_version());
}

void bmx_document_head(bmx_json *doc, const char *version)
{
    bmx_json *tool;

    bmx_json_put_uint(doc, "schema_version", BMX_SCHEMA_VERSION);
    tool = bmx_json_put(doc, "tool", bmx_json_object());
    bmx_json_put_str(tool, "name", "bpemix");
    bmx_json_put_str(tool, "version", version ? version : BPEMIX_VERSION);
}

void bmx_document_begin(bmx_json *doc, const char *version, const bmx_values *libraries)
{
    bmx_document_head(doc, version);
    if (libraries && libraries->n)
        bmx_json_put(doc, "libraries", bmx_values_to_json(libraries));
    else
        put_libraries(bmx_json_put(doc, "libraries", bmx_json_object()));
}

bmx_json *bmx_inspect_to_json(const bmx_facts *facts)
{
    bmx_json *doc = bmx_json_object();

    bmx_document_begin(doc, NULL, NULL);
    bmx_json_put(doc, "tokenizer", bmx_facts_to_json(facts));
    return doc;
}

bmx_json *bmx_error_to_json(const bpemix_error *err)
{
    bmx_json *doc = bmx_json_object(), *e = bmx_json_put(doc, "error", bmx_json_object());

    bmx_json_put_str(e, "status", bmx_status_name(err->status));
    bmx_json_put_str(e, "where", err->where);
    bmx_json_put_str(e, "what", err->what);
    bmx_json_put_str(e, "hint", err->hint);
    if (err->param[0])
        bmx_json_put_str(e, "param", err->param);
    if (err->line > 0)
        bmx_json_put_int(e, "line", err->line);
    if (err->offset >= 0)
        bmx_json_put_int(e, "offset", err->offset);
    return doc;
}

bmx_json *bmx_encode_document(void)
{
    bmx_json *doc = bmx_json_object();

    bmx_document_begin(doc, NULL, NULL);
    bmx_json_put(doc, "documents", bmx_json_array());
    return doc;
}

void bmx_encode_document_add(bmx_json *doc, const uint32_t *id, const bmx_slice *token, size_t n)
{
    /* the document is ours to extend; bmx_json_get only lends children out as const */
    bmx_json *all = (bmx_json *)(uintptr_t)bmx_json_get(doc, "documents");
    bmx_json *o = bmx_json_push(all, bmx_json_object());
    bmx_json *ids = bmx_json_put(o, "ids", bmx_json_array());
    bmx_json *tokens = bmx_json_put(o, "tokens", bmx_json_array());

    for (size_t i = 0; i < n; i++) {
        bool known = token && token[i].ptr;
        char *text = known ? bmx_token_text(token[i]) : NULL;

        bmx_json_push(ids, id[i] == UINT32_MAX ? bmx_json_new_str(NULL) : bmx_json_new_uint(id[i]));
        bmx_json_push(tokens, known && !text ? NULL : bmx_json_new_str(text));
        bmx_free(text);
    }
}

bmx_json *bmx_train_to_json(const bmx_train_record *r)
{
    bmx_json *doc = bmx_json_object(), *arr;

    bmx_document_begin(doc, NULL, NULL);
    bmx_json_put_str(doc, "tokenizer", r->tokenizer);
    bmx_json_put_uint(doc, "merges", r->merges);
    arr = bmx_json_put(doc, "categories", bmx_json_array());
    for (size_t i = 0; i < r->n; i++) {
        bmx_json *o = bmx_json_push(arr, bmx_json_object());

        bmx_json_put_str(o, "name", r->name[i]);
        bmx_json_put_double(o, "share_bytes", r->share_bytes[i]);
        bmx_json_put_uint(o, "bytes", r->bytes[i]);
    }
    return doc;
}

bmx_json *bmx_panel_to_json(const char *path, const bpemix_chunk_terms *t,
                            const bpemix_chunk_category *category)
{
    bmx_json *doc = bmx_json_object(), *list;

    bmx_document_begin(doc, NULL, NULL);
    bmx_json_put_str(doc, "file", path);
    bmx_json_put_bool(doc, "sampled", t->sampled);
    bmx_json_put_uint(doc, "top", t->top);
    bmx_json_put_uint(doc, "tail", t->tail);
    bmx_json_put_uint(doc, "seed", t->seed);
    bmx_json_put_bool(doc, "punctuation", t->punctuation);
    bmx_json_put_bytes(doc, "note", bmx_slice_of(t->note.ptr, t->note.len));
    list = bmx_json_put(doc, "categories", bmx_json_array());
    for (size_t i = 0; i < t->n_categories; i++) {
        const bpemix_chunk_category *k = &category[i];
        bmx_json *o = bmx_json_push(list, bmx_json_object());

        bmx_json_put_str(o, "name", k->name);
        if (k->group)
            bmx_json_put_str(o, "group", k->group);
        bmx_json_put_uint(o, "sample_bytes", k->sample_bytes);
        bmx_json_put_uint(o, "sample_documents", k->sample_documents);
        bmx_json_put_uint(o, "distinct_chunks", k->distinct);
        bmx_json_put_uint(o, "chunks", k->chunks);
    }
    return doc;
}
