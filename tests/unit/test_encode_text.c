/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to ids: hand-made tokenizers, and texts with ids that the original
 * tokenizers gave. */
#include "tok.h"

#include "base/input.h"
#include "files.h"
#include "encode/text.h"
#include "tokenizer/tokenizer.h"

#define U "\xe2\x96\x81"

/* Ids as text: "3 5 ". */
static const char *encode(const bpemix_tokenizer *tok, const char *text)
{
    static char line[4][400];
    static int turn;
    char *out = line[turn = (turn + 1) % 4];
    bmx_text_encoder *enc = NULL;
    bmx_ids ids = { 0 };
    bpemix_error err = { 0 };
    size_t n = 0;

    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    CHECK_OK(bmx_encode_text(enc, bmx_slice_str(text), &ids, &err));
    out[0] = 0;
    for (size_t i = 0; i < ids.n && n < sizeof line[0] - 12; i++)
        n += (size_t)snprintf(out + n, 12, "%u ", ids.id[i]);
    bmx_ids_release(&ids);
    bmx_text_encoder_free(enc);
    return out;
}

static void ids_follow_normalizer_and_pretokenizer(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\":{\"type\":\"Digits\",\"individual_digits\":true},"
        "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"1\":2,\"ab\":3,\"11\":4,\"abab\":5},"
        "\"merges\":[\"a b\",\"1 1\",\"ab ab\"]}}");
    bmx_text_encoder *enc = NULL;
    bmx_ids ids = { 0 };
    bpemix_error err;
    const uint32_t want[] = { 5, 2, 2, 3, 0 };

    (void)state;
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    CHECK_OK(bmx_encode_text(enc, bmx_slice_str("aBAb11aba"), &ids, &err));
    assert_int_equal(ids.n, 5);
    assert_memory_equal(ids.id, want, sizeof want);
    CHECK_FAILS(bmx_encode_text(enc, bmx_slice_str("ab\xff"), &ids, &err), BPEMIX_E_FORMAT,
                "byte 2");
    assert_int_equal(ids.n, 5);
    bmx_ids_release(&ids);
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
}

#define MODEL "\"model\":{\"type\":\"BPE\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"a\":1,\"b\":2,\"ab\":3,"     \
              "\" \":4,\"" U "\":5,\"" U "a\":6,\".\":7},\"merges\":[\"a b\",\"" U " a\"]}"
#define ADDED(id, text, flags) "{\"id\":" #id ",\"content\":\"" text "\"" flags "}"

#define HOLES "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"c\":5,\"ab\":9},\"merges\":[\"a b\"]}"

static const struct {
    const char *what, *json, *text, *ids;
} added[] = {
    { "leftmost, then longest", "{\"added_tokens\":[" ADDED(3, "ab", ",\"special\":true") ","
      ADDED(8, "ab.", ",\"special\":true") "," ADDED(9, "b.a.", "") "]," MODEL "}",
      "aab.a.bab", "1 8 1 7 2 3 " },
    { "the library numbers on, whatever the file says", "{\"added_tokens\":[" ADDED(30, "ab", "") ","
      ADDED(3, "x", "") "," ADDED(8, "y", ",\"special\":true") "," ADDED(40, "x", "") "," ADDED(50,
                                                                                                "z", "") "]," MODEL "}",
      "abxyz", "3 8 9 10 " },
    { "words", "{\"added_tokens\":[" ADDED(8, "aa", ",\"single_word\":true") "]," MODEL "}",
      "aa aaa aa.b aa_ \xc3\xa9" "aa aa\xe2\x80\x8d", "8 4 1 1 1 4 8 7 2 4 1 1 0 4 0 1 1 4 1 1 0 " },
    { "a word that is none hides what is in it", "{\"added_tokens\":["
      ADDED(8, "aaa", ",\"single_word\":true") "," ADDED(9, "aa", "") "]," MODEL "}",
      "aaab", "1 1 3 " },
    { "white space before", "{\"added_tokens\":[" ADDED(8, "bb", ",\"lstrip\":true") "]," MODEL "}",
      "a \n\xe3\x80\x80" "bb bbb a", "1 8 8 2 4 1 " },
    { "white space behind", "{\"added_tokens\":[" ADDED(8, "bb", ",\"rstrip\":true") ","
      ADDED(9, "..", ",\"lstrip\":true") "]," MODEL "}", "bb \t a bb  .. a", "8 1 4 8 9 4 1 " },
    { "taken white space is not taken again", "{\"added_tokens\":["
      ADDED(8, "bb", ",\"rstrip\":true") "," ADDED(9, "  ", ",\"lstrip\":true") "]," MODEL "}",
      "bb   a", "8 1 " },
    { "normalized ones in normalized text", "{\"normalizer\":{\"type\":\"Lowercase\"},\"added_tokens\":["
      ADDED(8, "BB", ",\"normalized\":true") "," ADDED(9, "Aa",
                                                       ",\"normalized\":false") "]," MODEL "}",
      "bBAaaaAB", "8 9 1 1 3 " },
    { "of those that normalize to the same the last", "{\"normalizer\":{\"type\":\"Lowercase\"},\"added_tokens\":["
      ADDED(8, "Bb", "") "," ADDED(9, "AA", ",\"normalized\":false") "," ADDED(10, "BB",
                                                                               "") "]," MODEL "}",
      "bbBbaaAA", "10 10 1 1 9 " },
    { "a control token that normalizes to the same comes before them", "{\"normalizer\":{\"type\":\"Lowercase\"},"
      "\"added_tokens\":[" ADDED(8, "Bb", "") "," ADDED(9, "BB", ",\"special\":true,\"normalized\":true")
      "]," MODEL "}", "bb", "8 " },
    { "of two with the same text the properties of the last", "{\"added_tokens\":["
      ADDED(8, "bb", ",\"single_word\":true") "," ADDED(8, "bb", "") "]," MODEL "}", "abba", "1 8 1 " },
    { "new ones are numbered from the size of the vocabulary on, holes or not", "{\"added_tokens\":["
      ADDED(10, "X", "") "," ADDED(11, "Y", "") "]," HOLES "}", "XYab", "4 5 9 " },
    { "one that is given the id of another added token gives way", "{\"added_tokens\":["
      ADDED(10, "X", "") "," ADDED(11, "Y", "") "," ADDED(5, "c", "") "]," HOLES "}", "XYc", "4 5 " },
    { "two with the same text that are normalized", "{\"normalizer\":{\"type\":\"Lowercase\"},\"added_tokens\":["
      ADDED(8, "BB", "") "," ADDED(9, "BB", "") "]," MODEL "}", "bb", "8 " },
    { "by default only those that are not special", "{\"normalizer\":{\"type\":\"Lowercase\"},"
      "\"added_tokens\":[" ADDED(8, "BB", "") "," ADDED(9, "AA", ",\"special\":true") "]," MODEL "}",
      "bbBBaaAA", "8 8 1 1 9 " },
    { "every stretch is normalized by itself", "{\"normalizer\":{\"type\":\"Prepend\",\"prepend\":\"" U "\"},"
      "\"added_tokens\":[" ADDED(8, ".", ",\"normalized\":false,\"special\":true") "]," MODEL "}",
      "ab.a", "5 3 7 6 " },
    { "only the first stretch is the start", "{\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"" U
      "\",\"prepend_scheme\":\"first\"},\"added_tokens\":[" ADDED(8, "bb", "") "]," MODEL "}",
      "a abba", "6 6 8 1 " },
    { "a start that is stripped is none", "{\"normalizer\":{\"type\":\"Strip\",\"strip_left\":true,"
      "\"strip_right\":false},\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"" U
      "\",\"prepend_scheme\":\"first\"}," MODEL "}", " a a", "1 6 " },
    { "a start that would be stripped at the end is one", "{\"normalizer\":{\"type\":\"Strip\","
      "\"strip_left\":false,\"strip_right\":true},\"pre_tokenizer\":{\"type\":\"Metaspace\","
      "\"replacement\":\"" U "\",\"prepend_scheme\":\"first\"}," MODEL "}", "\ta ", "5 0 1 " },
};

static void added_tokens_are_cut_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        bpemix_tokenizer *tok = parse_str(added[i].json);
        const char *got = encode(tok, added[i].text);

        if (strcmp(got, added[i].ids))
            fail_msg("%s: %s, not %s", added[i].what, got, added[i].ids);
        bpemix_tokenizer_free(tok);
    }
}

static void added_tokens_are_checked(void **state)
{
    bpemix_error err;

    (void)state;
    CHECK_FAILS(try_parse(bmx_slice_str("{\"added_tokens\":7," MODEL "}"), &err), BPEMIX_E_FORMAT,
                "added_tokens: a number where an array is expected");
    CHECK_FAILS(try_parse(bmx_slice_str("{\"added_tokens\":[{\"content\":\"x\",\"id\":1},{\"content\":\"x\"}],"
                                        MODEL "}"), &err),
                BPEMIX_E_FORMAT, "added_tokens[1].id: nothing where a token id is expected");
    CHECK_FAILS(try_parse(bmx_slice_str("{\"added_tokens\":[{\"content\":\"x\",\"id\":1,\"lstrip\":3}],"
                                        MODEL "}"), &err),
                BPEMIX_E_FORMAT, "added_tokens[0].lstrip");
}

/* What the file says holds when its list is rebuilt and its word rules replaced:
 * only listed pairs merge, in listed order, and nothing splits the text. */
static void a_converted_file_is_followed_to_the_letter(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"normalizer\":{\"type\":\"Prepend\",\"prepend\":\"" U "\"},\"model\":{\"type\":\"BPE\","
        "\"vocab\":{\"" U "\":0,\"a\":1,\"b\":2,\"c\":3,\"ab\":4,\"bc\":5,\"abc\":6,\"" U "a\":7,\"" U "ab\":8},"
        "\"merges\":[\"a b\",\"b c\",\"ab c\",\"" U " a\",\"" U "a b\",\"" U " ab\"]}}");

    (void)state;
    assert_int_equal(tok->n_listed, 6);
    assert_int_equal(tok->trained.n_merges, 5);
    assert_true(bmx_merges_rebuilt(tok));
    assert_string_equal(encode(tok, "abcbca" U "ab"), "0 6 5 1 8 ");
    bpemix_tokenizer_free(tok);
}

static void put_model(bmx_buf *b, const char *const *user, bool trim, bool bytes)
{
    bmx_buf t = { 0 }, n = { 0 };
    static const char *const pieces[] = { U, "a", "b", U "a", "ab", "\n", NULL };

    put_piece(b, "<unk>", 0, 2);
    for (; user && *user; user++)
        put_piece(b, *user, 0, 4);
    for (int k = 0; bytes && k < 256; k++) {
        char name[8];
        snprintf(name, sizeof name, "<0x%02X>", k);
        put_piece(b, name, 0, 6);
    }
    for (size_t i = 0; pieces[i]; i++)
        put_piece(b, pieces[i], -(double)(i + 1), 1);
    put_uint_field(&t, 3, 2);
    put_field(b, 2, slice_of(&t));
    put_uint_field(&n, 4, trim);
    put_field(b, 3, slice_of(&n));
    bmx_buf_release(&t);
    bmx_buf_release(&n);
}

/* Its trainer sees lines, its encoder the whole text. */
static void sentencepiece_takes_the_whole_text(void **state)
{
    static const char *const user[] = { "b" U "a", "x  y", "\xef\xbc\xa1", NULL };
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    put_model(&b, NULL, false, false);
    tok = parse(slice_of(&b));
    assert_string_equal(encode(tok, "\n"), "1 6 ");
    assert_string_equal(encode(tok, "a\na b"), "4 6 2 1 3 "); /* one dummy prefix */
    assert_string_equal(encode(tok, " a  ab "), "1 4 1 4 3 1 ");
    assert_string_equal(encode(tok, "azzb\xe4\xb8\xad"), "4 0 3 0 ");
    assert_string_equal(encode(tok, ""), "");
    bpemix_tokenizer_free(tok);
    b.len = 0;
    put_model(&b, NULL, true, true);
    tok = parse(slice_of(&b));
    assert_string_equal(encode(tok, "  a \n  a  "), "260 257 262 260 ");
    assert_string_equal(encode(tok, "   "), "");
    assert_string_equal(encode(tok, "\xc3\xa9" "a"), "257 196 170 258 ");
    bpemix_tokenizer_free(tok);
    b.len = 0;
    put_model(&b, user, true, false); /* these stay as they are, spaces and all */
    tok = parse(slice_of(&b));
    assert_string_equal(encode(tok, "ab a"), "7 1 ");
    assert_string_equal(encode(tok, "b b" U "a"), "4 6 4 1 ");
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* Cutting at spaces and the cache must not show: the same ids one word at a
 * time, in any order and as a whole. */
static void repeated_pieces_give_the_same(void **state)
{
    bmx_buf b = { 0 }, text = { 0 };
    bmx_text_encoder *enc = NULL, *fresh = NULL;
    bmx_ids all = { 0 }, one = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err = { 0 };
    bmx_rng rng = { 7 };

    (void)state;
    put_model(&b, NULL, false, false);
    tok = parse(slice_of(&b));
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    for (int k = 0; k < 300; k++) {
        static const char letter[] = "aab \nz";
        text.len = all.n = one.n = 0;
        for (uint64_t n = bmx_rng_below(&rng, k == 299 ? 4000 : 120); n > 0; n--)
            CHECK_OK(bmx_buf_addc(&text, letter[bmx_rng_below(&rng, 6)], &err));
        CHECK_OK(bmx_encode_text(enc, slice_of(&text), &all, &err));
        CHECK_OK(bmx_text_encoder_new(tok, &fresh, &err));
        CHECK_OK(bmx_encode_text(fresh, slice_of(&text), &one, &err));
        bmx_text_encoder_free(fresh);
        assert_int_equal(all.n, one.n);
        if (all.n)
            assert_memory_equal(all.id, one.id, all.n * sizeof *all.id);
    }
    bmx_ids_release(&all);
    bmx_ids_release(&one);
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
    bmx_buf_release(&text);
}

typedef struct seen {
    size_t documents, ids;
} seen;

static bpemix_status count_ids(void *ctx, const bmx_ids *ids, bpemix_error *err)
{
    seen *s = ctx;
    s->documents++;
    s->ids += ids->n;
    return s->documents == 3 ? bmx_fail(err, BPEMIX_E_IO, "", "enough") : BPEMIX_OK;
}

static void files_and_records(void **state)
{
    bpemix_tokenizer *tok = parse_str("{" MODEL "}");
    bmx_text_encoder *enc = NULL;
    bpemix_error err = { 0 };
    const char *path;
    seen s = { 0 };

    (void)state;
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    path = put_text("a.txt", "{\"text\": \"ab\"}\n");
    CHECK_OK(bmx_encode_file(enc, path, false, "text", count_ids, &s, &err));
    assert_int_equal(s.documents, 1);
    CHECK_OK(bmx_encode_file(enc, path, true, "text", count_ids, &s, &err));
    assert_int_equal(s.documents, 2);
    CHECK_FAILS(bmx_encode_file(enc, path, true, "text", count_ids, &s, &err), BPEMIX_E_IO,
                "enough");
    s = (seen){ 0 };
    path = put_text("a.jsonl", "{\"text\": \"ab\"}\n\n{\"text\": 3}\n");
    CHECK_FAILS(bmx_encode_file(enc, path, false, "text", count_ids, &s, &err), BPEMIX_E_FORMAT,
                "a.jsonl:3");
    assert_int_equal(err.line, 3);
    assert_int_equal(s.documents, 1);
    assert_int_equal(s.ids, 1);
    path = put_text("b.jsonl", "{\"text\": \n");
    CHECK_FAILS(bmx_encode_file(enc, path, false, "text", count_ids, &s, &err), BPEMIX_E_FORMAT,
                "b.jsonl:1: not valid JSON");
    path = put_text("c.txt", "ab\xff");
    CHECK_FAILS(bmx_encode_file(enc, path, false, "text", count_ids, &s, &err), BPEMIX_E_FORMAT,
                "c.txt: byte 2 is not UTF-8");
    CHECK_FAILS(bmx_encode_file(enc, in_scratch("none"), false, "text", count_ids, &s, &err),
                BPEMIX_E_IO, "none");
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
}

typedef struct encoding {
    bpemix_tokenizer *tok;
    bmx_text_encoder *enc;
    bmx_ids ids;
    bmx_slice *text; /* text[n] */
    size_t n;
} encoding;

static bpemix_status encode_once(const char *json, encoding *e)
{
    bpemix_status st;

    if ((st = bmx_tokenizer_parse("memory", bmx_slice_str(json), NULL, &e->tok, NULL)) ||
        (st = bmx_text_encoder_new(e->tok, &e->enc, NULL)) ||
        (st = bmx_encode_text(e->enc, bmx_slice_str("ab BBaAA Ab"), &e->ids, NULL)))
        return st;
    return bmx_id_texts(e->tok, &e->text, &e->n, NULL);
}

static void survives_lack_of_memory(void **state)
{
    static const char json[] =
        "{\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"" U
        "\",\"prepend_scheme\":\"first\"},\"added_tokens\":[" ADDED(8, "BB", "") ","
        ADDED(9, "AA", ",\"special\":true") "]," MODEL "}";
    encoding e = { 0 };

    (void)state;
    /* PCRE2 can do without some of its memory */
    SURVIVES_SOME(40, encode_once(json, &e), {
        if (!status) {
            assert_int_equal(e.ids.n, 8);
            assert_int_equal(e.n, 10);
            assert_true(bmx_slice_eq(e.text[9], bmx_slice_str("AA")));
            assert_true(bmx_slice_eq(e.text[6], bmx_slice_str(U "a")));
            assert_true(bmx_slice_eq(e.text[8], bmx_slice_str("BB")));
        }
        bmx_free(e.text);
        bmx_ids_release(&e.ids);
        bmx_text_encoder_free(e.enc);
        bpemix_tokenizer_free(e.tok);
        e = (encoding){ 0 };
    });
}

static const struct {
    const char *vector, *file;
} vectors[] = {
    { "gpt-2", "gpt-2/tokenizer.json.gz" },
    { "gpt-2", "gpt-2/merges.txt.gz" },
    { "gpt-2", "gpt-2/ggml-vocab-gpt-2.gguf.gz" },
    { "starcoder", "starcoder/ggml-vocab-starcoder.gguf.gz" },
    { "falcon", "falcon/tokenizer.json.gz" },
    { "deepseek-llm", "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz" },
    { "deepseek-coder", "deepseek-coder/ggml-vocab-deepseek-coder.gguf.gz" },
    { "llama-bpe", "llama-3/tokenizer.model.gz" },
    { "qwen2", "qwen/qwen.tiktoken.gz" },
    { "qwen2", "qwen2/merges.txt.gz" },
    { "llama-spm", "llama/tokenizer.model.gz" },
    { "llama-spm", "llama/tokenizer.json.gz" },
    { "llama-spm", "llama/ggml-vocab-llama-spm.gguf.gz" },
    { "phi-3", "phi-3-mini/tokenizer.json.gz" },
    { "mpt", "gpt-neox/tokenizer.json.gz" },
    { "gpt-2", "gpt-2/vocab.json.gz" },
    { "llama-bpe", "llama-3/vocab.json.gz" },
    { "llama-bpe", "llama-3/merges.txt.gz" },
    { "gpt-2", "gpt-2/r50k_base.tiktoken.gz" },
};

static void check_vector(const char *folder, const char *vector, const char *file)
{
    static const char mark[] = "\n__ggml_vocab_test__\n";
    char path[1000];
    bpemix_tokenizer *tok = NULL;
    bmx_text_encoder *enc = NULL;
    bmx_buf cases = { 0 }, out = { 0 };
    bpemix_error err;
    char *text, *end, *line;
    int n = 0;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    snprintf(path, sizeof path, "%s/encode_vectors/cases.inp", folder);
    CHECK_OK(bmx_read_file(path, 0, &cases, &err));
    snprintf(path, sizeof path, "%s/encode_vectors/%s.out", folder, vector);
    CHECK_OK(bmx_read_file(path, 0, &out, &err));
    CHECK_OK(bmx_buf_addc(&cases, 0, &err));
    CHECK_OK(bmx_buf_addc(&out, 0, &err));
    line = out.ptr;
    for (text = cases.ptr; text; text = end ? end + sizeof mark - 1 : NULL, n++) {
        bmx_ids ids = { 0 };
        char *p = line, *next;
        end = strstr(text, mark);
        CHECK_OK(bmx_encode_text(enc, bmx_slice_of(text, end ? (size_t)(end - text) : strlen(text)),
                                 &ids, &err));
        for (size_t i = 0;; i++) {
            unsigned long want;
            while (*p == ' ')
                p++;
            if (*p == '\n' || !*p) {
                if (i != ids.n)
                    fail_msg("%s, text %d: %zu ids, not %zu", file, n, ids.n, i);
                break;
            }
            want = strtoul(p, &next, 10);
            if (i >= ids.n || ids.id[i] != want)
                fail_msg("%s, text %d, id %zu: %ld, not %lu", file, n, i,
                         i < ids.n ? (long)ids.id[i] : -1L, want);
            p = next;
        }
        line = *p ? p + 1 : p;
        bmx_ids_release(&ids);
    }
    if (n < 40)
        fail_msg("%s: only %d texts", file, n);
    bmx_buf_release(&cases);
    bmx_buf_release(&out);
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
}

static void published_tokenizers_give_the_original_ids(void **state)
{
    const char *folder = getenv("BPEMIX_TOKENIZERS");

    (void)state;
    if (!folder) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published tokenizers skipped\n",
                      sizeof vectors / sizeof *vectors);
        skip();
    }
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        check_vector(folder, vectors[i].vector, vectors[i].file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_follow_normalizer_and_pretokenizer),
        cmocka_unit_test(added_tokens_are_cut_out),
        cmocka_unit_test(added_tokens_are_checked),
        cmocka_unit_test(a_converted_file_is_followed_to_the_letter),
        cmocka_unit_test(sentencepiece_takes_the_whole_text),
        cmocka_unit_test(repeated_pieces_give_the_same),
        cmocka_unit_test(files_and_records),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(published_tokenizers_give_the_original_ids),
    };
    return cmocka_run_group_tests_name("encode_text", tests, NULL, remove_scratch);
}
