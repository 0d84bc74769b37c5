/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer_file.c - the text of a tokenizer.json.
 *
 * Vocabulary and merges, which are most of it, are written one entry a line straight into the
 * buffer; a tree of them would take many times their room. */
#include "result/tokenizer_file.h"

static void put_byte_level(bmx_json *o, const bmx_file_step *s)
{
    bmx_json_put_bool(o, "add_prefix_space", s->add_prefix_space);
    bmx_json_put_bool(o, "trim_offsets", true);
    bmx_json_put_bool(o, "use_regex", s->use_regex);
}

static void put_split(bmx_json *o, const bmx_file_step *s)
{
    bmx_json *pattern = bmx_json_put(o, "pattern", bmx_json_object());

    bmx_json_put_bytes(pattern, s->is_regex ? "Regex" : "String", s->pattern);
    bmx_json_put_str(o, "behavior", s->behavior);
    bmx_json_put_bool(o, "invert", s->invert);
}

static void put_metaspace(bmx_json *o, const bmx_file_step *s)
{
    bmx_json_put_str(o, "replacement", s->replacement);
    bmx_json_put_str(o, "prepend_scheme", s->prepend_scheme);
    bmx_json_put_bool(o, "split", s->split);
}

static void put_step(bmx_json *list, const bmx_file_step *s)
{
    bmx_json *o = bmx_json_push(list, bmx_json_object());

    bmx_json_put_str(o, "type", s->type);
    switch (s->kind) {
    case BMX_FILE_STEP_PLAIN:
        break;
    case BMX_FILE_STEP_BYTE_LEVEL:
        put_byte_level(o, s);
        break;
    case BMX_FILE_STEP_SPLIT:
        put_split(o, s);
        break;
    case BMX_FILE_STEP_DIGITS:
        bmx_json_put_bool(o, "individual_digits", s->individual_digits);
        break;
    case BMX_FILE_STEP_PUNCTUATION:
        bmx_json_put_str(o, "behavior", s->behavior);
        break;
    case BMX_FILE_STEP_METASPACE:
        put_metaspace(o, s);
        break;
    }
}

static bpemix_status add_steps(const bmx_tokenizer_file *f, bmx_buf *out, bpemix_error *err)
{
    bmx_json *sequence = bmx_json_object(), *list;
    bpemix_status st;

    bmx_json_put_str(sequence, "type", "Sequence");
    list = bmx_json_put(sequence, "pretokenizers", bmx_json_array());
    for (size_t i = 0; i < f->n_steps; i++)
        put_step(list, &f->step[i]);
    st = sequence ? BPEMIX_OK : bmx_nomem(err);
    if (!st) /* a step alone stands for itself */
        st = bmx_json_print_compact(f->n_steps == 1 ? bmx_json_first(list) : sequence, out, err);
    bmx_json_free(sequence);
    return st;
}

static bpemix_status add_copied(const bmx_json *j, bmx_buf *out, bpemix_error *err)
{
    return j ? bmx_json_print_compact(j, out, err) : bmx_buf_addf(out, err, "null");
}

static bpemix_status add_text_rules(const bmx_tokenizer_file *f, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;

    if ((st = bmx_buf_addf(out, err, "  \"normalizer\": ")) ||
        (st = add_copied(f->normalizer, out, err)) ||
        (st = bmx_buf_addf(out, err, ",\n  \"pre_tokenizer\": ")))
        return st;
    return f->copied ? add_copied(f->pretokenizer, out, err) : add_steps(f, out, err);
}

/* A token, escaped for JSON. */
static bpemix_status add_token(const bmx_tokenizer_file *f, bmx_buf *out, size_t id,
                               bpemix_error *err)
{
    bmx_slice token = f->token[id];
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < token.len && !st; i++) {
        unsigned char c = (unsigned char)token.ptr[i];

        if (c < 0x20) {
            st = bmx_buf_addf(out, err, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            st = bmx_buf_addc(out, '\\', err);
        if (!st)
            st = bmx_buf_addc(out, (char)c, err);
    }
    return st;
}

static bpemix_status add_model(const bmx_tokenizer_file *f, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < f->n_tokens && !st; i++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", i ? "," : "")) &&
            !(st = add_token(f, out, i, err)))
            st = bmx_buf_addf(out, err, "\": %zu", i);
    if (!st)
        st = bmx_buf_addf(out, err, "\n    },\n    \"merges\": [");
    for (uint32_t t = 0; t < f->n_merges && !st; t++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", t ? "," : "")) &&
            !(st = add_token(f, out, f->left[t], err)) &&
            !(st = bmx_buf_addc(out, ' ', err)) &&
            !(st = add_token(f, out, f->right[t], err)))
            st = bmx_buf_addc(out, '"', err);
    return st ? st : bmx_buf_addf(out, err, "\n    ]\n  }\n}\n");
}

bpemix_status bmx_tokenizer_file_write(const bmx_tokenizer_file *file, bmx_buf *out,
                                       bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = bmx_buf_addf(&b, err,
                            "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n"
                            "  \"padding\": null,\n  \"added_tokens\": [],\n")) &&
        !(st = add_text_rules(file, &b, err)) &&
        !(st = bmx_buf_addf(&b, err, ",\n  \"post_processor\": null,\n  \"decoder\": %s,\n",
                            file->byte_level
                                ? "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, "
                                  "\"trim_offsets\": true, \"use_regex\": true}"
                                : "null")) &&
        !(st = bmx_buf_addf(&b, err,
                            "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
                            "    \"unk_token\": null,\n    \"continuing_subword_prefix\": null,\n"
                            "    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
                            "    \"byte_fallback\": false,\n    \"vocab\": {")) &&
        !(st = add_model(file, &b, err)))
        st = bmx_buf_add(out, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}
