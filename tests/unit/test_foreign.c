/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are no tokenizer, or one in unusual dress. */
#include "tok.h"

static void refused_bytes(const char *p, size_t n, const char *what)
{
    bpemix_error err = { 0 };
    char line[600];

    assert_int_equal(try_parse(bmx_slice_of(p, n), &err), BPEMIX_E_FORMAT);
    bpemix_error_text(&err, line, sizeof line);
    if (!strstr(line, what))
        fail_msg("'%s' and not '%s'", line, what);
}

static void refused(const char *text, const char *what)
{
    refused_bytes(text, strlen(text), what);
}

static void what_is_none_is_named(void **state)
{
    (void)state;
    refused("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 499723\n", "Git LFS");
    refused("version http://git-media.io/v/2\noid sha256:00\nsize 499723\n", "Git LFS");
    refused("\n<!DOCTYPE html>\n<html><body>Not Found</body></html>\n", "an HTML page");
    refused("\xef\xbb\xbf<HTML lang=en>\n", "an HTML page");
    refused("<?xml version=\"1.0\"?>\n<Error/>\n", "an XML document");
    refused("<!-- cached -->\n<html>\n", "an HTML page");
    refused("<center>503 Service Unavailable</center>\n", "an HTML page");
    refused("HTTP/1.1 404 Not Found\r\n\r\n", "what a server said");
    refused("\xff\xfe" "a ", "UTF-16");
    refused_bytes("{\0\"\0a\0", 6, "text in UTF-16");
    refused_bytes("\0#\0v\0e", 6, "text in UTF-16");
    refused_bytes("{\0\0\0\n\0\0\0", 8, "text in UTF-32");
    refused_bytes("\0\0\0{\0\0\0\n", 8, "text in UTF-32");
    refused("Not Found", "no list of merges: in 1 of 1 lines");
    refused("Hello world\nfoo bar\nlike this\n", "no list of merges: in 3 of 3 lines");
    refused("README with three words\n", "not a tokenizer in a format known here");
    refused("", "the file is empty");
    refused("a b\rab c\r", "lines that end in carriage returns alone");
    refused("#version: 0.2\ra b\rab c", "lines that end in carriage returns alone");
}

/* Tokenizers in forms of their own, and what is kept beside those that are read. */
static void other_forms_are_named(void **state)
{
    static const char ids[] = "merges as pairs of token ids";

    (void)state;
    refused("104 101\n256 108\n257 257\n", ids);
    refused("104 101 256\r\n256 108 257\r\n", ids);
    refused("[104][101] -> [256]\n[256][108] -> [257]\n", ids);
    refused("{\"104,101\": 256, \"256,108\": 257, \"257,108\": 258}", ids);
    refused("{\"(104, 101)\": 256, \"(256, 108)\": 257, \"(257, 108)\": 258}", ids);
    refused("2 1\n97 5\n9601 4\n4 5 6\n1 0 2 3\n", "a model of YouTokenToMe");
    refused("2 1\r\n97 5\r\n9601 4\r\n4 5 6\r\n1 -1 -1 3\r\n", "a model of YouTokenToMe");
    refused("(b' ', b't')\n(b'h', b'e')\n", "merges as tuples of Python's bytes");
    refused("[(b'\\xe2', b'\\x80'),\n", "merges as tuples of Python's bytes");
    refused("\"{\\\"class_name\\\": \\\"Tokenizer\\\", \\\"config\\\": {}}\"", "Keras");
    refused("[\\u0000] 0\n[\\u0001] 1\n", "the list that minbpe writes for reading");
    refused("{\"class_name\": \"Tokenizer\", \"config\": {\"num_words\": null}}", "Keras");
    refused("{\"config\": {}, \"_bpe_model\": \"{}\"}", "holds its model as a string");
    refused("{\"config\": {}, \"miditok_version\": \"3.0.1\"}", "without a BPE model");
    refused("{\"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"a\"]]}", "not in the form");
    refused("{\"config\": {}}", "this JSON has no model");
    refused("<unk>\t0\n<s>\t0\n</s>\t0\nab\t-0\n", "the vocabulary of a SentencePiece model");
    refused("[PAD]\n[UNK]\nthe\n", "the vocabulary of a WordPiece tokenizer");
    refused("\x80\x04\x95\x10", "a Python pickle");
}

/* Lists whose characters are digits are no lists of ids: the first merge is of single ones. */
static void digits_are_text_too(void **state)
{
    bpemix_tokenizer *tok = parse_str("1 0\n10 10\n2 10\n");

    (void)state;
    CHECK_MERGES(tok, "1|0", "10|10", "2|10");
    bpemix_tokenizer_free(tok);
    tok = parse_str("1 0 12\n10 10 7\n");
    CHECK_MERGES(tok, "1|0", "10|10");
    bpemix_tokenizer_free(tok);
}

/* A tokenizer.bin of llama2.c with pieces of one letter, whole or not. */
static void llama2c_is_named(void **state)
{
    static const char what[] = "the tokenizer.bin of llama2.c";
    char data[4 + 8 * 9] = { 3 };
    bpemix_tokenizer *tok = NULL;
    bpemix_error err = { 0 };
    char line[600];

    (void)state;
    for (int i = 0; i < 8; i++) {
        data[4 + 9 * i + 4] = 1;
        data[4 + 9 * i + 8] = (char)('a' + i);
    }
    for (size_t cut = 0; cut < 2; cut++) {
        assert_int_equal(bmx_tokenizer_parse("", bmx_slice_of(data, sizeof data - cut), NULL, &tok,
                                             &err), BPEMIX_E_FORMAT);
        bpemix_error_text(&err, line, sizeof line);
        assert_int_equal(!strstr(line, what), cut);
    }
}

/* Ranks of one letter each and of "ab", written as `line` says. */
static void put_ranks(bmx_buf *b, const char *line)
{
    static const char *const base64[] = { "YQ==", "Yg==", "YWI=" };
    char text[100];

    for (unsigned i = 0; i < 3; i++) {
        snprintf(text, sizeof text, line, base64[i], i);
        put_str(b, text);
    }
}

static void ranks_in_any_dress(void **state)
{
    static const char *const lines[] = { "%s %u\n", "%s\t%u\n", "%s   %u \t\r\n",
                                         "%s \t %u\n   \n", "  \t%s %u\n" };
    char digest[65] = "";

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int mark = 0; mark < 2; mark++) {
            bmx_buf b = { 0 };
            bpemix_tokenizer *tok;

            if (mark)
                put_str(&b, "\xef\xbb\xbf");
            put_ranks(&b, lines[i]);
            tok = parse(slice_of(&b));
            assert_int_equal(tok->format, BMX_FORMAT_TIKTOKEN);
            CHECK_MERGES(tok, "a|b");
            if (!*digest)
                strcpy(digest, tok->digest);
            assert_string_equal(tok->digest, digest);
            bpemix_tokenizer_free(tok);
            bmx_buf_release(&b);
        }
}

static void ranks_that_are_too_large(void **state)
{
    (void)state;
    refused("YQ== 0\nYg== 1\nYWI= 4294967295\n", ":3: a rank above 4294967294");
    refused("YQ== 0\nYg== 1\nYWI= 18446744073709551615\n", ":3: a rank above 4294967294");
    refused("YQ== 18446744073709551616\nYg== 1\n", ":1: a rank above 4294967294");
    refused("YQ== 99999999999999999999999999999999\n", ":1: a rank above 4294967294");
}

static void marks_before_other_formats(void **state)
{
    bpemix_tokenizer *tok = parse_str("\xef\xbb\xbf" "a b\nab b\n");

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_MERGES_TXT);
    CHECK_MERGES(tok, "a|b", "ab|b");
    bpemix_tokenizer_free(tok);
    tok = parse_str("\xef\xbb\xbf{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"aa\": 1}, "
                    "\"merges\": [\"a a\"]}}");
    assert_int_equal(tok->format, BMX_FORMAT_TOKENIZER_JSON);
    bpemix_tokenizer_free(tok);
}

/* A list that lost a merge, or its beginning, is still one. */
static void most_of_a_list_is_enough(void **state)
{
    bpemix_tokenizer *tok = parse_str("h e\nr e\nthe y\no u\n");

    (void)state;
    assert_int_equal(tok->trained.n_merges, 4);
    assert_int_equal(tok->trained.merge[2].flags, BMX_MERGE_UNMADE);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_none_is_named),
        cmocka_unit_test(other_forms_are_named),
        cmocka_unit_test(digits_are_text_too),
        cmocka_unit_test(llama2c_is_named),
        cmocka_unit_test(ranks_in_any_dress),
        cmocka_unit_test(ranks_that_are_too_large),
        cmocka_unit_test(marks_before_other_formats),
        cmocka_unit_test(most_of_a_list_is_enough),
    };
    return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
