/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the beginning of a document says that it is. */
#include "test.h"

#include "base/utf8.h"
#include "read/content.h"

static bmx_content_kind kind_of(const char *p, size_t n, bool whole)
{
    return bmx_content_of(bmx_slice_of(p, n), whole, "text").kind;
}

#define KIND(s) kind_of(s, sizeof(s) - 1, true)
#define OF(s) bmx_content_of(bmx_slice_of(s, sizeof(s) - 1), true, "text")

static void formats_that_are_not_text(void **state)
{
    static char program[200] = "MZ";

    (void)state;
    assert_int_equal(KIND("%PDF-1.7\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("PAR1\x15\x04"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\x7f" "ELF\x02\x01"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\x89PNG\r\n\x1a\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\xff\xd8\xff\xe0"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("RIFF\x10\0\0\0WEBPVP8 "), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\0\0\0\x18" "ftypmp42"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("SQLite format 3\0"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("version https://git-lfs.github.com/spec/v1\n"), BMX_CONTENT_BINARY);
    assert_string_equal(bmx_content_of(bmx_slice_str("PAR1"), true, "text").what, "a Parquet file");
    assert_non_null(strstr(bmx_content_of(bmx_slice_str("PAR1"), true, "text").hint,
                           "examples/parquet"));
    program[60] = 100;
    memcpy(program + 100, "PE\0\0", 4);
    assert_int_equal(kind_of(program, sizeof program, true), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("MZ is how it starts, but this is text, long enough to have a byte at "
                          "sixty\n"),
                     BMX_CONTENT_TEXT);
    assert_int_equal(KIND(""), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("PDF and PAR are words\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\xef\xbb\xbf\r\n %PDF-1.4\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("see %PDF-1.4\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\x50\1\0\0\0\0\0\0{\"w\": {}}"), BMX_CONTENT_BINARY); /* safetensors */
    assert_int_equal(KIND("\x80\x04\x95\x10\0\0\0"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\x80\x02]q\0X"), BMX_CONTENT_BINARY); /* of protocol 2, */
    assert_int_equal(KIND("]q\0(X"), BMX_CONTENT_BINARY);       /* 1 */
    assert_int_equal(KIND("(lp0\nVa text\n"), BMX_CONTENT_BINARY); /* and 0 */
    assert_int_equal(KIND("\xa7\r\r\n\0\0\0\0abcdefgh"), BMX_CONTENT_BINARY); /* of Python */
    assert_int_equal(KIND("\x1f\x9d\x90" "abcdefgh"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("WARC/1.1\r\nWARC-Type: conversion\r\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("\r\n\r\nWARC/1.0\r\nWARC-Type: conversion\r\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("070701000000010000A81A400000000000000000000000000000001000000000000052"
                          "0800000000000000000000000000000000000000060000"),
                     BMX_CONTENT_BINARY); /* of cpio */
    assert_int_equal(KIND("0707012345 is the number of somebody, and 070702 that of another one; "
                          "neither has more digits than a number of a telephone.\n"),
                     BMX_CONTENT_TEXT);
    assert_int_equal(KIND("%!PS-Adobe-3.0\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("LZIP\x01\x0c"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("]\0\0\x80\0\xff\xff"), BMX_CONTENT_BINARY); /* of lzma */
    assert_int_equal(KIND("]\0\0\0a\0\0\0 \0\0\0b\0\0\0 \0\0\0c\0\0\0 \0\0\0d\0\0\0"),
                     BMX_CONTENT_UTF16);
    assert_int_equal(KIND("\xff\xff\xff\xff\x10\1\0\0\x10\0\0\0"), BMX_CONTENT_BINARY); /* Arrow */
    assert_int_equal(KIND("version https://hawser.github.com/spec/v1\n"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("ORC\n\x03\0\0"), BMX_CONTENT_BINARY);
    assert_int_equal(KIND("ORCHIDS are flowers.\n"), BMX_CONTENT_TEXT); /* words, no signatures */
    assert_int_equal(KIND("I have a WEBP image.\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("the ftyp box comes first\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("GGUF is a format of models.\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("{\\rtf1\\ansi text}"), BMX_CONTENT_BINARY);
    assert_string_equal(bmx_content_of(bmx_slice_str("!<arch>\ndebian-binary   1"), true,
                                       "text").what,
                        "a Debian package");
}

static bmx_content_kind member(const char *name, const char *start)
{
    return bmx_content_of_member(name, bmx_slice_str(start)).kind;
}

/* Archives that are documents: their markup would be counted. */
static void documents_in_archives(void **state)
{
    (void)state;
    assert_int_equal(member("[Content_Types].xml", "<?xml"), BMX_CONTENT_BINARY);
    assert_int_equal(member("mimetype", "application/vnd.oasis.opendocument.text"),
                     BMX_CONTENT_BINARY);
    assert_string_equal(bmx_content_of_member("mimetype",
                                              bmx_slice_str("application/epub+zip\n")).what,
                        "an EPUB book");
    assert_int_equal(member("mimetype", "what a word"), BMX_CONTENT_TEXT);
    assert_int_equal(member("mimetype", ""), BMX_CONTENT_TEXT);
    assert_int_equal(member("a/mimetype", "application/epub+zip"), BMX_CONTENT_TEXT);
}

/* Text in four languages, in each encoding and with every length of it. */
static void encodings(void **state)
{
    enum { LANGS = 7 };
    static const uint32_t word[LANGS][6] = { { 'h', 'e', 'l', 'l', 'o', ' ' },
                                             { 0xe9, 't', 0xe9, 's', ',', ' ' },
                                             { 0x43c, 0x438, 0x440, ' ', '1', '\n' },
                                             { 0x4e2d, 0x6587, 0x5b57, 0x3002, 0x6587, '\n' },
                                             { 0x645, 0x631, 0x62d, 0x628, 0x627, ' ' },
                                             { 0xc548, 0xb155, 0xd558, 0xc138, 0xc694, ' ' },
                                             { 0x928, 0x92e, 0x938, 0x94d, 0x924, ' ' } };

    (void)state;
    for (int lang = 0; lang < LANGS; lang++)
        for (size_t n = 60; n < 4000; n += 61) {
            static char utf8[16000], wide[4][16000];
            size_t len = 0;

            for (size_t i = 0; i < n; i++) {
                uint32_t c = word[lang][i % 6];
                for (int k = 0; k < 2; k++) {
                    wide[0][2 * i + (size_t)k] = (char)(c >> 8 * k);       /* UTF-16LE */
                    wide[1][2 * i + (size_t)k] = (char)(c >> 8 * (1 - k)); /* UTF-16BE */
                }
                for (int k = 0; k < 4; k++) {
                    wide[2][4 * i + (size_t)k] = (char)(c >> 8 * k);
                    wide[3][4 * i + (size_t)k] = (char)(c >> 8 * (3 - k));
                }
                len += bmx_utf8_encode(c, utf8 + len);
            }
            for (size_t cut = 0; cut < 3; cut++) /* in the middle of a character, too */
                assert_int_equal(kind_of(utf8, len - cut, cut == 0), BMX_CONTENT_TEXT);
            for (int k = 0; k < 4; k++)
                if (kind_of(wide[k], n * (k < 2 ? 2 : 4), true) != BMX_CONTENT_UTF16)
                    fail_msg("language %d, encoding %d, %zu characters", lang, k, n);
            if (lang == 1) { /* ISO 8859-1 */
                static char one[4000];
                for (size_t i = 0; i < n; i++)
                    one[i] = (char)word[lang][i % 6];
                assert_int_equal(kind_of(one, n, true), BMX_CONTENT_MALFORMED);
            }
        }
    assert_int_equal(KIND("\xff\xfe" "a\0"), BMX_CONTENT_UTF16);
    assert_int_equal(KIND("\xfe\xff\0a"), BMX_CONTENT_UTF16);
    assert_int_equal(KIND("\xef\xbb\xbftext\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\x1b$B:#F|\x1b(B\n"), BMX_CONTENT_UTF16); /* ISO-2022-JP */
    assert_non_null(strstr(OF("\x1b$)C\x0e:#F|\x0f\n").hint, "ISO-2022-KR"));
    assert_non_null(strstr(OF("\x1b$)A\x0e:#F|\x0f\n").hint, "ISO-2022-CN"));
    assert_int_equal(KIND("\x1b[1mbold\x1b[0m costs $B\n"), BMX_CONTENT_TEXT);
    /* names of files, as find -print0 and xargs -0 have them */
    assert_int_equal(KIND("./a b\0./a/long name\0./a/c\0./a/d e f\0./b/h i\0./b/jk l\0./c\0./d\0"),
                     BMX_CONTENT_ZEROS);
    assert_int_equal(KIND("line\n\0another\n\0and one\n\0four\n\0five\n\0number "
                          "six\n\0seven\n\0eight\n\0"),
                     BMX_CONTENT_ZEROS);
}

/* Characters beyond ASCII as escapes of it, each kind again and again; and what looks like them. */
static void text_in_disguise(void **state)
{
    static const struct {
        const char *line, *what; /* NULL: text */
    } cases[] = {
        { "~{VPND~} and ~{NDWV~}\n", "HZ" },
        { "~{ a block ~}\n", NULL },
        { "l'+AOk-t+AOk- +AOA- la mer\n", "UTF-7" },
        { "+BB8EQAQ4BDIENQRC-, +BDwEOARA-\n", "UTF-7" },
        { "a+b+c, x+offset, 1+2-3 and C++Builder+More\n", NULL },
        { "l'=C3=A9t=C3=A9 =C3=A0 la mer\n", "quoted-printable" },
        { "a=b0; x=c1; if(y==d4) z=f8;\n", NULL },
        { "l'&#233;t&#xE9; &#224; la mer\n", "HTML" },
        { "&#10;&#x20;&#39;&amp;&#; a & b, &#233 &#xzz;\n", NULL },
        { "\\u043f\\u0440\\u0438 \\u043d\\u0435\n", "\\u" },
        { "case 'e': return \"\\u00e9\"; case 'a': return \"\\u00e0\";\n", NULL },
        { "%D0%BF%D1%80%D0%B8 %D0%BD\n", "URL" },
        { "movl %eax, %ebx; addl %ecx, %edx\n", NULL },
        { "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIDEzIGxhenkgZG9n\n", "base64" },
        { "ACGTTGCAACGTACGTTGCAACGTTGCAACGTACGTTGCAACGTTGCAACGTACG\n", NULL },
        { "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab\n", NULL },
        { "l'\xc3\x83\xc2\xa9t\xc3\x83\xc2\xa9 en mer\n", "again" },
        { "\xc3\x90\xc2\xb7\xc3\x91\xe2\x80\x9a\n", "again" }, /* by way of Windows-1252 */
        { "l'\xc3\xa9t\xc3\xa9\xc2\xa0! \xc3\xa0 No\xc3\xabl\n", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bmx_buf text = { 0 };
        bpemix_error err = { 0 };
        bmx_content c;

        for (int k = 0; k < 40; k++)
            CHECK_OK(bmx_buf_add(&text, cases[i].line, strlen(cases[i].line), &err));
        c = bmx_content_of(bmx_slice_of(text.ptr, text.len), true, "text");
        if (!cases[i].what != (c.kind == BMX_CONTENT_TEXT) ||
            (cases[i].what && (c.kind != BMX_CONTENT_ESCAPED || !strstr(c.what, cases[i].what))))
            fail_msg("%s: %s", cases[i].line, c.what ? c.what : "text");
        /* a few of them are no more than mentioned */
        assert_int_equal(kind_of(text.ptr, strlen(cases[i].line), true), BMX_CONTENT_TEXT);
        for (size_t cut = 1; cut < 12; cut++)
            assert_int_equal(kind_of(text.ptr, text.len - cut, false), c.kind);
        bmx_buf_release(&text);
    }
}

/* A few odd bytes occur in text from the web; many do not. */
static void odd_bytes(void **state)
{
    static char text[20000];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "some text "[i % 10];
    text[100] = '\0';
    text[700] = '\xe9';
    assert_int_equal(kind_of(text, sizeof text, true), BMX_CONTENT_TEXT);
    for (size_t i = 0; i < 40; i++)
        text[1000 + 40 * i] = '\xe9';
    assert_int_equal(kind_of(text, sizeof text, true), BMX_CONTENT_MALFORMED);
    for (size_t i = 0; i < 50; i++) /* outweighed by what is well-formed */
        memcpy(text + 5000 + 40 * i, "\xc3\xa9", 2);
    assert_int_equal(kind_of(text, sizeof text, true), BMX_CONTENT_TEXT);
    memset(text, 0, 2000);
    assert_int_equal(kind_of(text, sizeof text, true), BMX_CONTENT_ZEROS);
}

/* Ids of tokens, in 16 or 32 bits and both orders: the frequent ones are not the white space of
 * text.  11 and 13 are comma and full stop of GPT-2, 13 the line end of Llama. */
static void ids_of_tokens_are_no_text(void **state)
{
    static char file[4][40000];

    (void)state;
    for (size_t i = 0; i < 10000; i++) {
        uint32_t id = i % 23 == 0 ? 13 : i % 29 == 0 ? 11 : (uint32_t)(i * i * 2654435761u >> 17);

        id %= i % 3 ? 2000 : 50257;
        for (int k = 0; k < 2; k++) {
            file[0][2 * i + (size_t)k] = (char)(id >> 8 * k);
            file[1][2 * i + (size_t)k] = (char)(id >> 8 * (1 - k));
        }
        for (int k = 0; k < 4; k++) {
            file[2][4 * i + (size_t)k] = (char)(id >> 8 * k);
            file[3][4 * i + (size_t)k] = (char)(id >> 8 * (3 - k));
        }
    }
    for (int k = 0; k < 4; k++)
        assert_int_equal(kind_of(file[k], k < 2 ? 20000 : 40000, true), BMX_CONTENT_BINARY);
}

/* UTF-32 beyond the first plane, and short texts. */
static void wide_and_rare(void **state)
{
    (void)state;
    assert_non_null(strstr(OF("\x00\xf6\x01\0\x02\xf6\x01\0 \0\0\0\x02\xf6\x01\0").what,
                           "UTF-32"));
    assert_non_null(strstr(OF("\0\0\0h\0\0\0i\0\0\0 \0\0\0y\0\0\0u\0\0\0\n").what,
                           "UTF-32"));
    assert_non_null(strstr(OF("h\0i\0 \0y\0o\0u\0\n\0").what, "UTF-16"));
    assert_int_equal(KIND("\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0"), BMX_CONTENT_ZEROS);
}

/* Formats without zero bytes that nobody knows: text has next to no control characters. */
static void control_characters(void **state)
{
    static char text[4000], data[4000];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = "some text"[i % 9];
        data[i] = i % 40 ? "some text"[i % 9] : '\x1d';
    }
    assert_int_equal(kind_of(data, sizeof data, true), BMX_CONTENT_ZEROS);
    for (size_t i = 0; i < sizeof text; i += 8) /* overstriking, and colours of a terminal */
        text[i] = i % 16 ? '\b' : '\x1b';
    assert_int_equal(kind_of(text, sizeof text, true), BMX_CONTENT_TEXT);
    for (size_t i = 0; i < sizeof data; i += 20)
        data[i] = '\0';
    assert_int_equal(kind_of(data, sizeof data, true), BMX_CONTENT_ZEROS);
    for (size_t i = 1; i < sizeof data; i += 20)
        data[i] = '\x05';
    assert_int_equal(kind_of(data, sizeof data, true), BMX_CONTENT_BINARY);
}

static void lines_of_json(void **state)
{
    static const char two[] = "{\"text\": \"a\"}\n{\"text\": \"b\"}\n";
    static char longer[60000];
    size_t n = 0;

    (void)state;
    assert_int_equal(KIND(two), BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("\xef\xbb\xbf{\"text\": \"a\"}\r\n\r\n{\"text\": \"b\", \"n\": [1, {}]}"),
                     BMX_CONTENT_RECORDS);
    assert_int_equal(bmx_content_of(bmx_slice_str(two), true, "body").kind, BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("{\"body\": \"a\"}\n{\"body\": \"b\"}\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("\n \n{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n"), BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("\x1e{\"text\": \"a\"}\n\x1e{\"text\": \"b\"}\n"), BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("\x1e{\n\"text\": \"a\"}\n\x1e{\n\"text\": \"b\"}\n"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("{\"text\": \"a\"}\n"), BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("{\"body\": \"a\"}\n"), BMX_CONTENT_TEXT); /* any JSON may be one line */
    assert_int_equal(KIND("{\"text\": \"a\"}\nnot so\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("{\"body\": \"a\"}\nnot so\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("{\n  \"text\": \"a\"\n}\n"), BMX_CONTENT_VALUES);
    assert_int_equal(KIND("{\n  \"body\": \"a\"\n}\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("[{\"id\": {\"text\": 1}, \"text\": \"a\"}, {\"text\": \"b\"}]"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("[\n {\n  \"id\": [1, 2.5e3, null],\n  \"text\": \"a\"},"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("{ int text; }\n{ more }\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("[1] A. Author, \"A paper\"\n"), BMX_CONTENT_TEXT);
    /* bad records among good ones do not make them another format */
    assert_int_equal(KIND("{\"text\": null}\n{\"text\": \"a\"}\n{\"text\": \"b\"}\n"),
                     BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("{\"n\": NaN, \"text\": \"c\"}\n{\"text\": \"a\"}\n{\"text\": \"b\"}\n"),
                     BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("{\"text\": \"c\"}\n{\"text\": \"a\"}\n{\"text\n{\"text\": \"b\"}\n"),
                     BMX_CONTENT_RECORDS);
    assert_int_equal(KIND("[1, 2]\n[3, 4]\n"), BMX_CONTENT_TEXT);
    /* a record that is cut off by the end of what is looked at */
    assert_int_equal(kind_of(two, sizeof two - 8, false), BMX_CONTENT_RECORDS);
    assert_int_equal(kind_of(two, sizeof two - 8, true), BMX_CONTENT_OBJECTS);
    while (n + 200 < sizeof longer)
        n += (size_t)snprintf(longer + n, sizeof longer - n,
                              "{\"id\": %zu, \"text\": \"\\u00e9 and more\"}\n", n);
    assert_int_equal(kind_of(longer, n, true), BMX_CONTENT_RECORDS);
    memset(longer + BMX_LOOK_BYTES + 100, 'x', 1000); /* behind what is looked at */
    assert_int_equal(kind_of(longer, n, true), BMX_CONTENT_RECORDS);
    /* the first record is longer than that */
    memset(longer, 'x', sizeof longer);
    memcpy(longer, "{\"id\": 12, \"text\": \"", 21);
    assert_int_equal(kind_of(longer, sizeof longer, true), BMX_CONTENT_RECORDS);
    memcpy(longer, "{\"id\": 12, \"body\": \"", 21);
    assert_int_equal(kind_of(longer, sizeof longer, true), BMX_CONTENT_OBJECTS);
    memcpy(longer, "{\"id\": oh, \"text\": \"", 21);
    assert_int_equal(kind_of(longer, sizeof longer, true), BMX_CONTENT_TEXT);
}

/* Texts in strings of JSON that is no records; other JSON is a document. */
static void json_that_holds_texts(void **state)
{
    (void)state;
    assert_int_equal(KIND("[\"a text\", \"another\"]"), BMX_CONTENT_VALUES);
    assert_int_equal(KIND("[\n  \"a text\",\n  \"another \\\" one"), BMX_CONTENT_VALUES);
    assert_int_equal(KIND("[\"\\u4e2d\\u6587\", \"\xe4\xb8\xad\"]"), BMX_CONTENT_VALUES);
    assert_non_null(strstr(OF("[\"a text\"]").hint, "{text: .}"));
    assert_non_null(strstr(OF("[{\"text\": \"a\"}]").hint, "'.[]'"));
    assert_int_equal(KIND("[\"src\", \"lib\", \"build\"]"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("[{\"id\": 1, \"body\": \"a text that has some length, and more\"}]"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("{\"1\": \"a text that has some length\", \"2\": \"another one of "
                          "that length\"}"),
                     BMX_CONTENT_OBJECTS); /* on one line */
    assert_int_equal(KIND("{\"v\": 1, \"data\":\n [{\"body\": \"a text that has some "
                          "length, and then some more of it\"}]}"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("\"a text that has some length\"\n\"another one of that length\"\n"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("[1, \"a text that has some length\"]\n[2, \"another one of that "
                          "length\"]\n"),
                     BMX_CONTENT_VALUES);
    assert_int_equal(KIND("{\n\"name\": \"x\", \"files\": [\"a b\"], \"sha\": "
                          "\"0123456789abcdef0123456789abcdef\"}"),
                     BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\"A sentence that somebody said.\""), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\"A sentence that he said\", he said, \"and another one of it\"\n"),
                     BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\"\"\"What this module of Python does, and how.\"\"\"\n"),
                     BMX_CONTENT_TEXT);
}

/* Records without memory to read them must not be counted as text, braces and all. */
static bpemix_status is_records(const char *text, bool whole)
{
    bmx_content_kind kind = kind_of(text, strlen(text), whole);

    if (kind == BMX_CONTENT_NOMEM)
        return BPEMIX_E_NOMEM;
    return kind == BMX_CONTENT_RECORDS ? BPEMIX_OK : BPEMIX_E_BUG;
}

static void lack_of_memory_is_no_text(void **state)
{
    (void)state;
    SURVIVES(1, is_records("{\"text\": \"one\"}\n{\"id\": [[1]], \"text\": \"two\"}\n", true),
             (void)0);
    /* one line, longer than what is looked at */
    SURVIVES(0, is_records("{\"id\": {\"a\": [1]}, \"te\\u0078t\": \"a long", false), (void)0);
}

/* A header with the field's name is a table's; a sentence is none, nor is one column or line. */
static void headers_of_tables(void **state)
{
    (void)state;
    assert_int_equal(KIND("id,text\n1,\"a, b\"\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("\"text\",\"label\"\r\na,1\r\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("id\ttext\tlabel\n1\ta\t0\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("ID;Text\n1;a\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("id|text\n1|a\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND(",text\n0,a\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("text\n\"one, two\"\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(bmx_content_of(bmx_slice_str("n,body\n1,a\n"), true, "body").kind,
                     BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("n,body\n1,a\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("letters, text, words\none, two\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("text\n1,2\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("id,text"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("id,text\nno more columns\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("text,,\n1,2,3\n"), BMX_CONTENT_TEXT);
}

/* Without such a header, as many cells in every row. */
static void rows_of_tables(void **state)
{
    (void)state;
    assert_int_equal(KIND("1\ten\ta text\n2\ten\tmore\n3\tde\tText\n4\tfr\ttexte\n"),
                     BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("# sent_id = 1\n1\tThe\tDET\n2\tfox\tNOUN\n\n# next\n1\tA\tDET\n"
                          "2\tdog\tNOUN\n"),
                     BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("Id,Body\n1,\"a, b\nc \"\"d\"\"\"\n2,\"e, f, g\"\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("a,b\nc,d\ne,f\ng,h\ni,j\nk,l\n"), BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("a,b\nc,d\ne,f\ng,h\ni,j\n"), BMX_CONTENT_TEXT); /* too few */
    assert_int_equal(KIND("a, b\nc, d\ne, f\ng, h\ni, j\nk, l\n"), BMX_CONTENT_TEXT); /* prose */
    assert_int_equal(KIND("a,b\nc,d\ne,f\ng,h\ni\nk,l\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("ONE,\nTWO,\nTHREE,\nFOUR,\nFIVE,\nSIX,\n"), BMX_CONTENT_TEXT); /* code */
    assert_int_equal(KIND("a = 1;\nb = 2;\nc = 3;\nd = 4;\ne = 5;\nf = 6;\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("\tif (a)\n\t\tb();\n\telse\n\t\tc();\n"), BMX_CONTENT_TEXT);
}

static void text_with_something_around(void **state)
{
    (void)state;
    assert_int_equal(KIND("<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\">\n"),
                     BMX_CONTENT_OBJECTS);
    assert_int_equal(KIND("<mediawikis>\n"), BMX_CONTENT_TEXT);
    assert_non_null(strstr(OF("<?xml version=\"1.0\"?>\n<mediawiki xmlns=\"x\">").what,
                           "MediaWiki"));
    assert_non_null(strstr(OF("<?xml version=\"1.0\"?>\n<doc>").what, "XML"));
    assert_non_null(strstr(OF("\n <!DOCTYPE HTML>\n<p>").what, "HTML"));
    assert_non_null(strstr(OF("<TEI><p>one</p><p>two</p></TEI>").what, "markup"));
    assert_int_equal(KIND("<p><?php f() ?></p><p></p><p></p>\n"), BMX_CONTENT_TEXT);
    assert_int_equal(KIND("<one of us> said </a> and </b>\n"), BMX_CONTENT_TEXT);
    assert_non_null(strstr(OF("begin 644 a.txt\nM2&5L;&\\L('=O<FQD(2!4:&ES(&ES(&$@=&5S=\"!O9B!U=65N"
                              "8V]D:6YG+BXN\n").what,
                           "uuencode"));
    assert_int_equal(KIND("begin 644 times\nMore of it\n"), BMX_CONTENT_TEXT);
    assert_non_null(strstr(OF("IQ== 0\nIg== 1\nIw== 2\nJA== 3\nJQ== 4\nJg== 5\nJw== 6\nKA== 7\n").what,
                           "the ranks of a tokenizer"));
    assert_int_equal(KIND("with 0\nthat 1\nthis 2\n"), BMX_CONTENT_TEXT);
    assert_non_null(strstr(OF("#version: 0.2\na b\n").what, "the merges of a tokenizer"));
    assert_non_null(strstr(OF("{\"added_tokens\": [],\n \"normalizer\": null}").what,
                           "tokenizer.json"));
    assert_non_null(strstr(OF("{\n\"schema_version\": 2, \"tool\": {\"name\": \"bpemix\"").what,
                           "bpemix has written"));
    assert_non_null(strstr(OF("-- MySQL dump 10.13\n").what, "SQL"));
    assert_non_null(strstr(OF("From a@b Mon Jan 1\nFrom: a\nTo: b\nSubject: c\n d\n\nText.\n").what,
                           "mail"));
    assert_int_equal(KIND("From: a\nTo: b\nSubject: c\nand this is a line of text\n"),
                     BMX_CONTENT_TEXT);
    assert_int_equal(KIND("Title: A book\nAuthor: Somebody\nRelease Date: 1900\n\nText.\n"),
                     BMX_CONTENT_TEXT);
    assert_non_null(strstr(OF("WEBVTT\n\n00:00.000 --> 00:01.000\nText\n").what, "subtitles"));
    assert_non_null(strstr(OF("1\n00:00:01,000 --> 00:00:02,000\nText\n").what, "subtitles"));
    assert_int_equal(KIND("1\nThe first --> arrow in a text.\n"), BMX_CONTENT_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_that_are_not_text),
        cmocka_unit_test(headers_of_tables),
        cmocka_unit_test(rows_of_tables),
        cmocka_unit_test(text_with_something_around),
        cmocka_unit_test(json_that_holds_texts),
        cmocka_unit_test(ids_of_tokens_are_no_text),
        cmocka_unit_test(wide_and_rare),
        cmocka_unit_test(control_characters),
        cmocka_unit_test(documents_in_archives),
        cmocka_unit_test(encodings),
        cmocka_unit_test(text_in_disguise),
        cmocka_unit_test(odd_bytes),
        cmocka_unit_test(lines_of_json),
        cmocka_unit_test(lack_of_memory_is_no_text),
    };
    return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
