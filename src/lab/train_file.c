/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_file.c - a trained list as a tokenizer: in memory, as tokenizer.json, as a
 * SentencePiece model. */
#include "lab/trained.h"
#include "base/io.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"

#include <string.h>

/* ---- tokenizer.json ---- */

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
    const bmx_json *norm = bmx_json_get(file, "normalizer"), *pre = bmx_json_get(file, "pre_tokenizer");
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

/* ---- SentencePiece model ----
 *
 * Fields of the messages by number, as in sentencepiece_model.proto. */

static bpemix_status put_varint(bmx_buf *b, uint64_t v, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (; v >= 0x80 && !st; v >>= 7)
        st = bmx_buf_addc(b, (char)(v | 0x80), err);
    return st ? st : bmx_buf_addc(b, (char)v, err);
}

static bpemix_status put_number(bmx_buf *b, unsigned field, uint64_t v, bpemix_error *err)
{
    bpemix_status st = put_varint(b, field << 3, err);
    return st ? st : put_varint(b, v, err);
}

static bpemix_status put_float(bmx_buf *b, unsigned field, float v, bpemix_error *err)
{
    bpemix_status st = put_varint(b, field << 3 | 5, err);
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    for (int k = 0; k < 4 && !st; k++)
        st = bmx_buf_addc(b, (char)(bits >> 8 * k), err);
    return st;
}

static bpemix_status put_string(bmx_buf *b, unsigned field, const void *p, size_t n, bpemix_error *err)
{
    bpemix_status st;

    if ((st = put_varint(b, field << 3 | 2, err)) || (st = put_varint(b, n, err)))
        return st;
    return bmx_buf_add(b, p, n, err);
}

enum { PIECE_NORMAL = 1, PIECE_UNKNOWN = 2, PIECE_CONTROL = 3 };

static bpemix_status put_piece(bmx_buf *out, bmx_slice text, float score, unsigned kind,
                               bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = put_string(&b, 1, text.ptr, text.len, err)) && !(st = put_float(&b, 2, score, err)) &&
        !(st = kind == PIECE_NORMAL ? BPEMIX_OK : put_number(&b, 3, kind, err)))
        st = put_string(out, 1, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}

/* <unk>, <s>, </s>, then the products and behind them the characters, each a step less
 * likely than the one before. */
static bpemix_status put_pieces(const bmx_merge_list *m, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;
    uint32_t rank = 0;

    if ((st = put_piece(out, bmx_slice_str("<unk>"), 0, PIECE_UNKNOWN, err)) ||
        (st = put_piece(out, bmx_slice_str("<s>"), 0, PIECE_CONTROL, err)) ||
        (st = put_piece(out, bmx_slice_str("</s>"), 0, PIECE_CONTROL, err)))
        return st;
    for (size_t i = m->n_alphabet; i < m->token.n && !st; i++)
        st = put_piece(out, m->token.str[i], -(float)rank++, PIECE_NORMAL, err);
    for (size_t i = 0; i < m->n_alphabet && !st; i++)
        st = put_piece(out, m->token.str[i], -(float)rank++, PIECE_NORMAL, err);
    return st;
}

static bpemix_status put_specs(const bmx_train_rule *rule, size_t vocab_size, bmx_buf *out,
                               bpemix_error *err)
{
    const bmx_rules *r = &rule->trainer;
    bmx_buf trainer = { 0 }, norm = { 0 };
    bool by_space = true, suffix = false, prefix = true, extra = true;
    bpemix_status st;

    for (size_t i = 0; i < rule->pretokenizer.n; i++) {
        const bmx_pretokenizer_step *s = &rule->pretokenizer.step[i];

        if (s->kind == BMX_PRE_SENTENCEPIECE) {
            by_space = s->sp.split_by_whitespace;
            suffix = s->sp.treat_whitespace_as_suffix;
        } else if (s->kind == BMX_PRE_METASPACE) {
            prefix = s->prepend != BMX_PREPEND_NEVER;
            extra = false; /* text is taken as it is */
        }
    }
    for (size_t i = 0; i < rule->normalizer.n; i++)
        if (rule->normalizer.step[i].kind == BMX_NORM_SENTENCEPIECE) {
            prefix = rule->normalizer.step[i].sp.add_dummy_prefix;
            extra = rule->normalizer.step[i].sp.remove_extra_whitespaces;
        }
    if (!(st = put_number(&trainer, 3, 2, err)) && !(st = put_number(&trainer, 4, vocab_size, err)) &&
        !(st = put_number(&trainer, 20, r->max_characters, err)) &&
        !(st = put_number(&trainer, 21, r->split_by_script, err)) &&
        !(st = put_number(&trainer, 22, by_space, err)) &&
        !(st = put_number(&trainer, 23, r->split_by_number, err)) &&
        !(st = put_number(&trainer, 24, suffix, err)) &&
        !(st = put_number(&trainer, 25, r->split_digits, err)) &&
        !(st = put_number(&trainer, 26, r->allow_whitespace_only, err)) &&
        !(st = put_string(out, 2, trainer.ptr, trainer.len, err)) &&
        !(st = put_string(&norm, 1, "identity", 8, err)) && !(st = put_number(&norm, 3, prefix, err)) &&
        !(st = put_number(&norm, 4, extra, err)) && !(st = put_number(&norm, 5, true, err)))
        st = put_string(out, 3, norm.ptr, norm.len, err);
    bmx_buf_release(&trainer);
    bmx_buf_release(&norm);
    return st;
}

bpemix_status bmx_train_write_model(const bmx_merge_list *m, const bmx_train_rule *rule,
                                    bmx_buf *out, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = put_pieces(m, &b, err)) && !(st = put_specs(rule, m->token.n + 3, &b, err)))
        st = bmx_buf_add(out, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}

/* ---- in memory ---- */

bpemix_status bmx_train_tokenizer(bmx_merge_list *m, const bmx_rules *trainer,
                                  bpemix_tokenizer **out, bpemix_error *err)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);

    if (!tok || !(tok->path = bmx_strdup("trained"))) {
        bmx_free(tok);
        return bmx_nomem(err);
    }
    tok->format = trainer->sentencepiece ? BMX_FORMAT_SENTENCEPIECE : BMX_FORMAT_TOKENIZER_JSON;
    tok->vocab.alphabet = m->alphabet;
    tok->rules = *trainer;
    tok->encoding.unk_token = BMX_NONE;
    for (unsigned b = 0; b < 256; b++) {
        char c = (char)b;

        tok->vocab.byte_symbol[b] = m->alphabet == BMX_ALPHABET_BYTE
                                  ? bmx_intern_find(&m->token, bmx_slice_of(&c, 1)) : BMX_NONE;
    }
    tok->vocab.tokens = m->token;
    tok->trained.merge = m->merge;
    tok->trained.n_merges = tok->n_listed = m->n;
    m->token = (bmx_intern){ 0 };
    m->merge = NULL;
    bmx_merge_list_release(m);
    *out = tok;
    return BPEMIX_OK;
}

/* ---- rules by name ---- */

/* What spm_train does unless told otherwise, or as the preset's models were made. */
static bmx_rules rules_of_preset(const bmx_pretokenizer_spec *pre)
{
    bmx_rules r = { 0 };

    for (size_t i = 0; i < pre->n; i++)
        if (pre->step[i].kind == BMX_PRE_SENTENCEPIECE) {
            bool runs = pre->step[i].sp.allow_whitespace_only_pieces;

            r = (bmx_rules){ .sentencepiece = true, .max_characters = 16, .split_digits = runs,
                             .split_by_script = true, .split_by_number = true,
                             .allow_whitespace_only = runs, .drop_duplicate_products = true };
        }
    return r;
}

/* spm_train collapses white space and puts one in front, unless it keeps runs. */
static bpemix_status add_spaces_rule(bmx_train_rule *rule, bpemix_error *err)
{
    bmx_normalizer_step *step;
    bpemix_status st;

    if (!rule->trainer.sentencepiece || rule->trainer.allow_whitespace_only)
        return BPEMIX_OK;
    if ((st = bmx_normalizer_add(&rule->normalizer, BMX_NORM_SENTENCEPIECE, &step, err)))
        return st;
    step->sp.add_dummy_prefix = step->sp.remove_extra_whitespaces = true;
    step->sp.escape_whitespaces = true;
    return BPEMIX_OK;
}

static bpemix_status rule_of_file(bmx_train_rule *rule, const char *path, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_status st;

    if ((st = bmx_tokenizer_load(path, NULL, &tok, err)))
        return st;
    if (!(rule->path = bmx_strdup(path)))
        st = bmx_nomem(err);
    if (!st && !(st = bmx_tokenizer_need_pretokenizer(tok, err))) {
        rule->alphabet = tok->vocab.alphabet;
        rule->trainer = tok->rules;
        rule->unit = bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_AUTO);
        rule->format = tok->format;
        bmx_tokenizer_take_specs(tok, &rule->normalizer, &rule->pretokenizer);
    }
    bmx_tokenizer_free(tok);
    return st;
}

bpemix_status bmx_train_rule_init(bmx_train_rule *rule, const char *name, bpemix_error *err)
{
    bpemix_status st;

    if (bmx_path_kind_of(name) == BMX_PATH_FILE)
        return rule_of_file(rule, name, err);
    if ((st = bmx_pretokenizer_preset(name, &rule->pretokenizer, err)))
        return st;
    rule->trainer = rules_of_preset(&rule->pretokenizer);
    rule->alphabet = rule->trainer.sentencepiece ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE;
    rule->unit = BPEMIX_TEXT_UNIT_LINE;
    return add_spaces_rule(rule, err);
}

void bmx_train_rule_release(bmx_train_rule *rule)
{
    bmx_normalizer_spec_release(&rule->normalizer);
    bmx_pretokenizer_spec_release(&rule->pretokenizer);
    bmx_free(rule->path);
    *rule = (bmx_train_rule){ 0 };
}

bpemix_status bmx_train_rule_text(const bmx_train_rule *rule, bpemix_text_unit unit,
                                  bpemix_invalid invalid, bmx_text_rule *out, bpemix_error *err)
{
    bool sp = rule->trainer.sentencepiece;

    *out = (bmx_text_rule){
        .normalizer = &rule->normalizer,
        .pretokenizer = &rule->pretokenizer,
        .bytes = rule->alphabet == BMX_ALPHABET_BYTE,
        .lines = sp || (unit ? unit : rule->unit) == BPEMIX_TEXT_UNIT_LINE,
        .strip_newline = sp,
        .invalid = invalid,
    };
    return bmx_text_rule_seal(out, err);
}
