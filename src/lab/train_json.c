/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_json.c - a trained list as a tokenizer.json. */
#include "lab/trained.h"
#include "base/utf8.h"
#include "tokenizer/bytelevel.h"

#include <string.h>

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

static bpemix_status put_metaspace(bmx_json *o, const bmx_pretokenizer_step *s, bpemix_error *err)
{
    static const char *const schemes[] = { "always", "first", "never" };
    char text[5] = "";

    if (s->delimiter > 0x10ffff)
        return bmx_fail(err, BPEMIX_E_BUG, "", "a delimiter that is no character");
    text[bmx_utf8_encode(s->delimiter, text)] = '\0';
    bmx_json_put_str(o, "type", "Metaspace");
    bmx_json_put_str(o, "replacement", text);
    bmx_json_put_str(o, "prepend_scheme", schemes[s->prepend]);
    bmx_json_put_bool(o, "split", s->split);
    return BPEMIX_OK;
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
    case BMX_PRE_METASPACE:
        return put_metaspace(o, s, err);
    default:
        break;
    }
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "choose another, such as gpt2 or cl100k",
                         "the pre-tokenizer step %s cannot be written to a tokenizer.json",
                         bmx_pretokenizer_kind_name(s->kind));
}

static bpemix_status add_pretokenizer(const bmx_pretokenizer_spec *pre, bool byte_alphabet,
                                      bmx_buf *out, bpemix_error *err)
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
    if (!st && byte_alphabet && !bytes)
        put_byte_level(bmx_json_push(list, bmx_json_object()), false, false);
    if (!st && !sequence)
        st = bmx_nomem(err);
    if (!st) /* a step alone stands for itself */
        st = bmx_json_print_compact(bmx_json_count(list) == 1 ? bmx_json_first(list) : sequence,
                                    out, err);
    bmx_json_free(sequence);
    return st;
}

/* A token, of bytes in the printable alphabet, escaped for JSON. */
static bpemix_status add_token(const bmx_merge_list *m, bmx_buf *out, bmx_buf *text, uint32_t id,
                               bpemix_error *err)
{
    bmx_slice token = m->token.str[id];
    bpemix_status st;

    text->len = 0;
    st = m->alphabet == BMX_ALPHABET_BYTE ? bmx_bytelevel_encode(token, text, err)
                                          : bmx_buf_add(text, token.ptr, token.len, err);
    for (size_t i = 0; i < text->len && !st; i++) {
        unsigned char c = (unsigned char)text->ptr[i];

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

static bpemix_status add_model(const bmx_merge_list *m, bmx_buf *out, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < m->token.n && !st; i++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", i ? "," : "")) &&
            !(st = add_token(m, out, &text, (uint32_t)i, err)))
            st = bmx_buf_addf(out, err, "\": %zu", i);
    if (!st)
        st = bmx_buf_addf(out, err, "\n    },\n    \"merges\": [");
    for (uint32_t t = 0; t < m->n && !st; t++)
        if (!(st = bmx_buf_addf(out, err, "%s\n      \"", t ? "," : "")) &&
            !(st = add_token(m, out, &text, m->merge[t].left, err)) &&
            !(st = bmx_buf_addc(out, ' ', err)) &&
            !(st = add_token(m, out, &text, m->merge[t].right, err)))
            st = bmx_buf_addc(out, '"', err);
    bmx_buf_release(&text);
    return st ? st : bmx_buf_addf(out, err, "\n    ]\n  }\n}\n");
}

/* The normalizer and pre-tokenizer of the rule, word for word when its file has them. */
static bpemix_status add_steps(const bmx_train_rule *rule, const bmx_json *file,
                               bmx_buf *out, bpemix_error *err)
{
    const bmx_json *norm = bmx_json_get(file, "normalizer"),
                   *pre = bmx_json_get(file, "pre_tokenizer");
    bpemix_status st;

    if (!file && rule->normalizer.n)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, rule->path ? rule->path : "",
                             "take one from a tokenizer.json",
                             "this normalizer cannot be written to a tokenizer.json");
    if ((st = bmx_buf_addf(out, err, "  \"normalizer\": ")) ||
        (st = norm ? bmx_json_print_compact(norm, out, err) : bmx_buf_addf(out, err, "null")) ||
        (st = bmx_buf_addf(out, err, ",\n  \"pre_tokenizer\": ")))
        return st;
    return file ? (pre ? bmx_json_print_compact(pre, out, err) : bmx_buf_addf(out, err, "null"))
                : add_pretokenizer(&rule->pretokenizer,
                                   rule->alphabet == BMX_ALPHABET_BYTE, out, err);
}

bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bmx_train_rule *rule,
                                   const bmx_json *file, bmx_buf *out, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = bmx_buf_addf(&b, err,
                            "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n"
                            "  \"padding\": null,\n  \"added_tokens\": [],\n")) &&
        !(st = add_steps(rule, file, &b, err)) &&
        !(st = bmx_buf_addf(&b, err, ",\n  \"post_processor\": null,\n  \"decoder\": %s,\n",
                            m->alphabet == BMX_ALPHABET_BYTE
                                ? "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, "
                                  "\"trim_offsets\": true, \"use_regex\": true}"
                                : "null")) &&
        !(st = bmx_buf_addf(&b, err,
                            "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n"
                            "    \"unk_token\": null,\n    \"continuing_subword_prefix\": null,\n"
                            "    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
                            "    \"byte_fallback\": false,\n    \"vocab\": {")) &&
        !(st = add_model(m, &b, err)))
        st = bmx_buf_add(out, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}
