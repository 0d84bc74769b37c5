/* describe.c - a tokenizer as the "tokenizer" object of inspect and results. */
#include "base/utf8.h"
#include "tokenizer/build.h"


static bmx_json *display(const bpemix_tokenizer *tok, uint32_t left, uint32_t right)
{
    bmx_buf b = { 0 };
    bpemix_error err;
    bmx_json *j = NULL;

    if (!bmx_symbol_display(tok, left, &b, &err) &&
        (right == BMX_NONE || (!bmx_buf_addc(&b, ' ', &err) &&
                               !bmx_symbol_display(tok, right, &b, &err))))
        j = bmx_json_new_bytes(bmx_slice_of(b.ptr, b.len));
    bmx_buf_release(&b);
    return j;
}

static void put_merges(const bpemix_tokenizer *tok, bmx_json *obj, const char *key, uint32_t from,
                       uint32_t to)
{
    bmx_json *list = bmx_json_put(obj, key, bmx_json_array());

    for (uint32_t t = from; t < to; t++)
        bmx_json_push(list, display(tok, tok->merge[t].left, tok->merge[t].right));
}

/* Up to `most` merges with that flag, as an array; returns how many there are. */
static uint32_t put_flagged(const bpemix_tokenizer *tok, bmx_json *obj, const char *key,
                            uint32_t flag, size_t most)
{
    bmx_json *list = bmx_json_put(obj, key, bmx_json_array());
    uint32_t n = 0;

    for (uint32_t t = 0; t < tok->n_merges; t++)
        if (tok->merge[t].flags & flag && n++ < most)
            bmx_json_push(list, display(tok, tok->merge[t].left, tok->merge[t].right));
    return n;
}

static void put_finding(const bpemix_tokenizer *tok, bmx_json *obj, const char *key, uint32_t flag,
                        size_t most)
{
    bmx_json *o = bmx_json_put(obj, key, bmx_json_object());
    bmx_json_put_uint(o, "count", put_flagged(tok, o, "examples", flag, most));
}

static uint64_t pair_of(bmx_merge m) { return (uint64_t)m.left << 32 | m.right; }

/* Up to `most` listed merges that the rebuilt list does without. */
static bpemix_status put_redundant(const bpemix_tokenizer *tok, bmx_json *obj, size_t most,
                                   bpemix_error *err)
{
    bmx_json *list = bmx_json_put(obj, "redundant_merges", bmx_json_array());
    bmx_map64 kept = { 0 };
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; tok->listed && t < tok->n_merges && !st; t++)
        st = bmx_map64_put(&kept, pair_of(tok->merge[t]), t, err);
    for (uint32_t t = 0; tok->listed && t < tok->n_listed && n < most && !st; t++)
        if (bmx_map64_get(&kept, pair_of(tok->listed[t])) == BMX_NONE) {
            bmx_json_push(list, display(tok, tok->listed[t].left, tok->listed[t].right));
            n++;
        }
    bmx_map64_release(&kept);
    return st;
}

static void put_pattern(bmx_json *o, const bmx_pattern *p)
{
    bmx_json_put_bytes(o, p->is_regex ? "regex" : "string", bmx_slice_of(p->text, p->len));
}

static bmx_json *normalizer_json(const bmx_normalizer_spec *s)
{
    bmx_json *list = bmx_json_array();

    for (size_t i = 0; i < s->n; i++) {
        const bmx_normalizer_step *x = &s->step[i];
        bmx_json *o = bmx_json_push(list, bmx_json_object());

        bmx_json_put_str(o, "type", bmx_normalizer_kind_name(x->kind));
        switch (x->kind) {
        case BMX_NORM_STRIP:
            bmx_json_put_bool(o, "strip_left", x->strip_left);
            bmx_json_put_bool(o, "strip_right", x->strip_right);
            break;
        case BMX_NORM_REPLACE:
            put_pattern(o, &x->pattern);
            /* fallthrough */
        case BMX_NORM_PREPEND:
            bmx_json_put_bytes(o, "content", x->content);
            break;
        case BMX_NORM_PRECOMPILED:
            bmx_json_put_uint(o, "charsmap_bytes", x->charsmap.len);
            break;
        case BMX_NORM_BERT:
            bmx_json_put_bool(o, "clean_text", x->bert.clean_text);
            bmx_json_put_bool(o, "handle_chinese_chars", x->bert.handle_chinese_chars);
            bmx_json_put_bool(o, "strip_accents", x->bert.strip_accents);
            bmx_json_put_bool(o, "lowercase", x->bert.lowercase);
            break;
        case BMX_NORM_SENTENCEPIECE:
            bmx_json_put_uint(o, "charsmap_bytes", x->charsmap.len);
            bmx_json_put_bool(o, "add_dummy_prefix", x->sp.add_dummy_prefix);
            bmx_json_put_bool(o, "remove_extra_whitespaces", x->sp.remove_extra_whitespaces);
            bmx_json_put_bool(o, "escape_whitespaces", x->sp.escape_whitespaces);
            bmx_json_put_bool(o, "treat_whitespace_as_suffix", x->sp.suffix);
            break;
        default:
            break;
        }
    }
    return list;
}

static const char *behavior_name(bmx_split_behavior b)
{
    static const char *const names[] = {
        [BMX_SPLIT_REMOVED] = "Removed", [BMX_SPLIT_ISOLATED] = "Isolated",
        [BMX_SPLIT_MERGED_WITH_PREVIOUS] = "MergedWithPrevious",
        [BMX_SPLIT_MERGED_WITH_NEXT] = "MergedWithNext", [BMX_SPLIT_CONTIGUOUS] = "Contiguous",
    };
    return names[b];
}

static void put_char(bmx_json *o, const char *key, uint32_t cp)
{
    char c[4];
    bmx_json_put_bytes(o, key, bmx_slice_of(c, bmx_utf8_encode(cp, c)));
}

static void put_step(bmx_json *list, const bmx_pretokenizer_step *x)
{
    static const char *const schemes[] = { [BMX_PREPEND_ALWAYS] = "always",
                                           [BMX_PREPEND_FIRST] = "first",
                                           [BMX_PREPEND_NEVER] = "never" };
    bmx_json *o = bmx_json_push(list, bmx_json_object());

    bmx_json_put_str(o, "type", bmx_pretokenizer_kind_name(x->kind));
    switch (x->kind) {
    case BMX_PRE_BYTE_LEVEL:
        bmx_json_put_bool(o, "add_prefix_space", x->add_prefix_space);
        bmx_json_put_bool(o, "use_regex", x->use_regex);
        break;
    case BMX_PRE_SPLIT:
        put_pattern(o, &x->pattern);
        bmx_json_put_str(o, "behavior", behavior_name(x->behavior));
        bmx_json_put_bool(o, "invert", x->invert);
        break;
    case BMX_PRE_DIGITS:
        bmx_json_put_bool(o, "individual_digits", x->individual_digits);
        break;
    case BMX_PRE_PUNCTUATION:
        bmx_json_put_str(o, "behavior", behavior_name(x->behavior));
        break;
    case BMX_PRE_METASPACE:
        put_char(o, "replacement", x->delimiter);
        bmx_json_put_str(o, "prepend_scheme", schemes[x->prepend]);
        bmx_json_put_bool(o, "split", x->split);
        break;
    case BMX_PRE_CHAR_DELIMITER:
        put_char(o, "delimiter", x->delimiter);
        break;
    case BMX_PRE_FIXED_LENGTH:
        bmx_json_put_uint(o, "length", x->length);
        break;
    case BMX_PRE_SENTENCEPIECE:
        bmx_json_put_bool(o, "split_by_whitespace", x->sp.split_by_whitespace);
        bmx_json_put_bool(o, "allow_whitespace_only_pieces", x->sp.allow_whitespace_only_pieces);
        bmx_json_put_bool(o, "treat_whitespace_as_suffix", x->sp.treat_whitespace_as_suffix);
        bmx_json_put_uint(o, "max_sentence_length", x->sp.max_sentence_length);
        bmx_json_put_uint(o, "boundaries", x->sp.n_boundaries);
        break;
    default:
        break;
    }
}

static bmx_json *pretokenizer_json(const bpemix_tokenizer *tok)
{
    bmx_json *o, *list;

    if (!tok->pretokenizer_known)
        return bmx_json_new_str(NULL);
    o = bmx_json_object();
    bmx_json_put_str(o, "name", tok->pretokenizer.name);
    list = bmx_json_put(o, "steps", bmx_json_array());
    for (size_t i = 0; i < tok->pretokenizer.n; i++)
        put_step(list, &tok->pretokenizer.step[i]);
    return o;
}

static bmx_json *rules_json(const bmx_rules *r)
{
    bmx_json *o;

    if (!r->sentencepiece)
        return bmx_json_new_str(NULL);
    o = bmx_json_object();
    bmx_json_put_uint(o, "max_characters", r->max_characters);
    bmx_json_put_bool(o, "split_digits", r->split_digits);
    bmx_json_put_bool(o, "split_by_script", r->split_by_script);
    bmx_json_put_bool(o, "split_by_number", r->split_by_number);
    bmx_json_put_bool(o, "allow_whitespace_only", r->allow_whitespace_only);
    return o;
}

bpemix_status bmx_tokenizer_json(const bpemix_tokenizer *tok, size_t most, bmx_json **out,
                                 bpemix_error *err)
{
    uint32_t n = tok->n_merges, shown = n < BMX_EXAMPLES ? n : BMX_EXAMPLES;
    bmx_json *o = bmx_json_object(), *list;
    bpemix_status st;

    if (most < BMX_EXAMPLES)
        most = BMX_EXAMPLES;
    bmx_json_put_bytes(o, "path", bmx_slice_str(tok->path));
    bmx_json_put_str(o, "format", bmx_format_name(tok->format));
    bmx_json_put_str(o, "format_detail", tok->format_detail);
    bmx_json_put_str(o, "alphabet", tok->alphabet == BMX_ALPHABET_BYTE ? "byte" : "character");
    bmx_json_put_bool(o, "open_alphabet", tok->open_alphabet);
    bmx_json_put_bool(o, "byte_fallback", tok->byte_fallback);
    bmx_json_put_uint(o, "vocab_size", tok->vocab_size);
    bmx_json_put_uint(o, "merges", n);
    bmx_json_put_uint(o, "merges_listed", tok->n_listed);
    bmx_json_put_str(o, "digest", tok->digest);
    bmx_json_put_bytes(o, "continuing_subword_prefix", tok->subword_prefix);
    bmx_json_put_bytes(o, "end_of_word_suffix", tok->word_suffix);
    bmx_json_put(o, "normalizer", normalizer_json(&tok->normalizer));
    bmx_json_put(o, "pretokenizer", pretokenizer_json(tok));
    bmx_json_put(o, "rules", rules_json(&tok->rules));
    bmx_json_put_uint(o, "redundant", tok->format != BMX_FORMAT_CLIP && tok->n_listed > n
                                          ? tok->n_listed - n : 0);
    if ((st = put_redundant(tok, o, most, err))) {
        bmx_json_free(o);
        return st;
    }
    put_finding(tok, o, "manual", BMX_MERGE_MANUAL, most);
    put_finding(tok, o, "too_long", BMX_MERGE_TOO_LONG, most);
    bmx_json_put_uint(o, "repeated", put_flagged(tok, o, "repeated_merges", BMX_MERGE_REPEATED, most));
    bmx_json_put_copy(o, "trainer_spec", tok->trainer_spec);
    put_merges(tok, o, "first_merges", 0, shown);
    put_merges(tok, o, "last_merges", n - shown, n);
    list = bmx_json_put(o, "warnings", bmx_json_array());
    for (size_t i = 0; i < tok->n_warnings; i++)
        bmx_json_push(list, bmx_json_new_str(tok->warning[i]));
    if (!o)
        return bmx_nomem(err);
    *out = o;
    return BPEMIX_OK;
}
