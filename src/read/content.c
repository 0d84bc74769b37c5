/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c - formats that are not text, encodings that are not UTF-8, and JSON and tables, each by
 * its first bytes. */
#include "read/content.h"
#include "base/utf8.h"
#include "read/escaped.h"
#include "read/record.h"

#include <string.h>

/* ---- formats that are not text ---- */

#define TEXT_FIRST "extract its text first"

struct format {
    size_t at, len;
    const char *bytes, *what, *hint;
};

static const struct format pdf = { 0, 5, "%PDF-", "a PDF document", TEXT_FIRST " (pdftotext)" };

static const struct format formats[] = {
    { 0, 4, "PAR1", "a Parquet file",
      "write its text column as JSON Lines first (see examples/parquet)" },
    { 0, 4, "PARE", "an encrypted Parquet file", "decrypt it, and write its text as JSON Lines" },
    { 0, 7, "WARC/1.", "a WARC file", "write the text of its records as JSON Lines first" },
    { 0, 7, "WARC/0.", "a WARC file", "write the text of its records as JSON Lines first" },
    { 0, 6, "ARROW1", "an Arrow file", "write its text column as JSON Lines first" },
    { 0, 4, "FEA1", "a Feather file", "write its text column as JSON Lines first" },
    { 0, 3, "ORC", "an ORC file", "write its text column as JSON Lines first" },
    { 0, 4, "Obj\x01", "an Avro file", "write its text column as JSON Lines first" },
    { 0, 8, "\x89HDF\r\n\x1a\n", "an HDF5 file", "write its text as JSON Lines first" },
    { 0, 15, "SQLite format 3", "an SQLite database", "write its text as JSON Lines first" },
    { 0, 6, "\x93NUMPY", "a NumPy array", "give the text that it was made from" },
    { 0, 5, "RDX2\n", "data of R", "write its text as JSON Lines first" },
    { 0, 5, "RDX3\n", "data of R", "write its text as JSON Lines first" },
    { 0, 5, "X\n\0\0\0", "data of R", "write its text as JSON Lines first" },
    { 0, 19, "MATLAB 5.0 MAT-file", "data of MATLAB", "write its text as JSON Lines first" },
    { 0, 4, "CDF\x01", "a NetCDF file", "leave it out" },
    { 0, 4, "CDF\x02", "a NetCDF file", "leave it out" },
    { 0, 4, "GGUF", "a GGUF file", "give it as the tokenizer, if it is that" },
    { 0, 4, "\x7f" "ELF", "an ELF program or library", "leave it out" },
    { 0, 4, "\xca\xfe\xba\xbe", "a Java class or Mach-O file", "leave it out" },
    { 0, 4, "\xcf\xfa\xed\xfe", "a Mach-O file", "leave it out" },
    { 0, 4, "\xce\xfa\xed\xfe", "a Mach-O file", "leave it out" },
    { 0, 4, "\xfe\xed\xfa\xcf", "a Mach-O file", "leave it out" },
    { 0, 4, "\xfe\xed\xfa\xce", "a Mach-O file", "leave it out" },
    { 0, 5, "dex\n0", "an Android program", "leave it out" },
    { 0, 4, "\x1bLua", "a Lua program", "leave it out" },
    { 0, 4, "BC\xc0\xde", "LLVM bitcode", "leave it out" },
    { 0, 7, "DIRC\0\0\0", "an index of git", "leave it out" },
    { 0, 7, "PACK\0\0\0", "a pack of git", "check its files out" },
    { 0, 4, "\0asm", "a WebAssembly module", "leave it out" },
    { 0, 8, "\x89PNG\r\n\x1a\n", "a PNG image", "leave it out" },
    { 0, 3, "\xff\xd8\xff", "a JPEG image", "leave it out" },
    { 0, 6, "GIF87a", "a GIF image", "leave it out" },
    { 0, 6, "GIF89a", "a GIF image", "leave it out" },
    { 0, 4, "II*\0", "a TIFF image", "leave it out" },
    { 0, 4, "MM\0*", "a TIFF image", "leave it out" },
    { 0, 4, "II+\0", "a TIFF image", "leave it out" },
    { 0, 4, "MM\0+", "a TIFF image", "leave it out" },
    { 0, 4, "\0\0\x01\0", "an icon", "leave it out" },
    { 8, 4, "WEBP", "a WebP image", "leave it out" },
    { 8, 8, "WAVEfmt ", "a sound file", "leave it out" },
    { 8, 4, "AVI ", "a video", "leave it out" },
    { 8, 4, "AIFF", "a sound file", "leave it out" },
    { 0, 8, "MThd\0\0\0\x06", "a MIDI file", "leave it out" },
    { 4, 4, "ftyp", "a video or sound file", "leave it out" },
    { 0, 4, "\x1a\x45\xdf\xa3", "a Matroska or WebM video", "leave it out" },
    { 0, 4, "OggS", "an Ogg sound file", "leave it out" },
    { 0, 4, "fLaC", "a FLAC sound file", "leave it out" },
    { 0, 3, "ID3", "an MP3 sound file", "leave it out" },
    { 0, 6, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first" },
    { 0, 6, "Rar!\x1a\x07", "a RAR archive", "unpack it first" },
    { 0, 8, "MSCF\0\0\0\0", "a cabinet archive", "unpack it first" },
    { 0, 3, "\x1f\x9d\x90", "a file packed by compress", "unpack it first (uncompress)" },
    { 0, 5, "LZIP\x01", "a file packed by lzip", "unpack it first (lzip -d)" },
    { 0, 9, "\x89LZO\0\r\n\x1a\n", "a file packed by lzop", "unpack it first (lzop -d)" },
    { 0, 5, "LRZI\0", "a file packed by lrzip", "unpack it first (lrzip -d)" },
    { 0, 5, "\x5d\0\0\x80\0", "a file packed by lzma", "unpack it first (unlzma)" },
    { 0, 10, "\xff\x06\0\0sNaPpY", "a file packed by snappy", "unpack it first" },
    { 0, 5, "xar!\0", "an xar archive", "unpack it first" },
    { 0, 4, "\xed\xab\xee\xdb", "an RPM package", "unpack it first" },
    { 0, 21, "!<arch>\ndebian-binary", "a Debian package", "unpack it first (dpkg-deb -x)" },
    { 0, 8, "!<arch>\n", "an ar archive of object files", "leave it out" },
    { 0, 6, "{\\rtf1", "an RTF document", TEXT_FIRST },
    { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", TEXT_FIRST },
    { 0, 10, "%!PS-Adobe", "a PostScript document", TEXT_FIRST " (ps2ascii)" },
    { 60, 8, "BOOKMOBI", "a Mobipocket book", TEXT_FIRST },
    { 0, 3, "\x80\x04\x95", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 3, "\x80\x05\x95", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 4, "wOFF", "a font", "leave it out" },
    { 0, 4, "wOF2", "a font", "leave it out" },
    { 0, 5, "\0\x01\0\0\0", "a font", "leave it out" },
    { 0, 5, "OTTO\0", "a font", "leave it out" },
    { 0, 4, "\xd4\xc3\xb2\xa1", "a capture of network packets", "leave it out" },
    { 0, 4, "\x0a\x0d\x0d\x0a", "a capture of network packets", "leave it out" },
    { 0, 8, "ElfFile\0", "an event log of Windows", "leave it out" },
    { 0, 22, "age-encryption.org/v1\n", "an encrypted file", "decrypt it first" },
    { 0, 8, "Salted__", "an encrypted file", "decrypt it first" },
    { 0, 8, "AT&TFORM", "a DjVu document", TEXT_FIRST },
    { 0, 42, "version https://git-lfs.github.com/spec/v1",
      "a pointer of Git LFS, not the file itself",
      "fetch the file with 'git lfs pull', or download it" },
    { 0, 39, "version https://hawser.github.com/spec/", "a pointer of Git LFS, not the file itself",
      "fetch the file with 'git lfs pull', or download it" },
};

/* Messages without the file's signatures, as the datasets library keeps them: a mark, the length
 * of the metadata of the first one, and in these the offset of the root table. */
static bool is_arrow_stream(bmx_slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t n, root;

    if (s.len < 12 || memcmp(p, "\xff\xff\xff\xff", 4) || p[7] || p[9] || p[10] || p[11])
        return false;
    n = p[4] | (size_t)p[5] << 8 | (size_t)p[6] << 16;
    root = p[8];
    return n % 8 == 0 && root % 4 == 0 && root >= 4 && root < n;
}

/* A Windows program: "MZ", and at the offset that stands at 60 the letters "PE". */
static bool is_windows_program(bmx_slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t at;

    if (s.len < 64 || p[0] != 'M' || p[1] != 'Z')
        return false;
    at = p[60] | (size_t)p[61] << 8 | (size_t)p[62] << 16 | (size_t)p[63] << 24;
    return at < s.len - 4 && !memcmp(s.ptr + at, "PE\0\0", 4);
}

/* Tensors behind a header: its length in eight bytes, then JSON. */
static bool is_safetensors(bmx_slice s)
{
    return s.len > 10 && !memcmp(s.ptr + 4, "\0\0\0\0{\"", 6) && (s.ptr[0] || s.ptr[1] || s.ptr[2]);
}

/* Text behind a byte order mark and white space, either of which may be missing.  JSON text
 * sequences (RFC 7464) have a separator before each record. */
static bmx_slice skip_space(bmx_slice s)
{
    size_t i = s.len >= 3 && !memcmp(s.ptr, "\xef\xbb\xbf", 3) ? 3 : 0;

    while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t' || s.ptr[i] == '\r' ||
                         s.ptr[i] == '\n' || s.ptr[i] == BMX_RECORD_SEPARATOR))
        i++;
    return bmx_slice_of(s.ptr + i, s.len - i);
}

/* Control characters that are no white space. */
static size_t count_controls(bmx_slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t n = s.len, total = 0;

    for (; n >= 64; p += 64, n -= 64) { /* a fixed trip count: vectorised */
        unsigned char sum = 0;
        for (int i = 0; i < 64; i++)
            sum = (unsigned char)(sum + (p[i] < '\t') + ((unsigned char)(p[i] - 14) < 18));
        total += sum;
    }
    for (; n; p++, n--)
        total += *p < '\t' || (*p >= 14 && *p < 32);
    return total;
}

/* The letters of a signature may be the start of a word ("ORCHIDS") or stand in a sentence ("a
 * picture, WEBP").  If the rest reads as text, it is text. */
static bool is_a_word(const struct format *f, bmx_slice s)
{
    for (size_t i = 0; i < f->len; i++)
        if (f->len > 4 || f->bytes[i] < ' ')
            return false;
    return s.len > f->at + f->len && !count_controls(s) && bmx_utf8_valid_prefix(s) + 3 >= s.len;
}

static const struct format *find_format(bmx_slice s)
{
    static const struct format windows = { 0, 2, "MZ", "a Windows program", "leave it out" },
                               tensors = { 0, 0, "", "a safetensors file", "leave it out" },
                               arrow = { 0, 0, "", "an Arrow file",
                                         "write its text column as JSON Lines first" };
    bmx_slice text = skip_space(s);

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (s.len >= formats[i].at + formats[i].len &&
            !memcmp(s.ptr + formats[i].at, formats[i].bytes, formats[i].len) &&
            !is_a_word(&formats[i], s))
            return &formats[i];
    if (text.len >= pdf.len && !memcmp(text.ptr, pdf.bytes, pdf.len)) /* PDF readers allow white
                                                                         space before the
                                                                         signature */
        return &pdf;
    return is_windows_program(s) ? &windows
           : is_safetensors(s)   ? &tensors
           : is_arrow_stream(s)  ? &arrow
                                 : NULL;
}

/* ---- encodings ---- */

/* UTF-16 or UTF-32 with a byte order mark, or with Latin text: every second byte is zero, or three
 * of four. */
static const char *find_wide(bmx_slice s, const char **hint)
{
    size_t zeros[4] = { 0 }, quarter = s.len / 4;

    *hint = "convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)";
    if (s.len >= 4 && (!memcmp(s.ptr, "\xff\xfe\0\0", 4) || !memcmp(s.ptr, "\0\0\xfe\xff", 4))) {
        *hint = "convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)";
        return "text in UTF-32";
    }
    if (s.len >= 2 && (!memcmp(s.ptr, "\xff\xfe", 2) || !memcmp(s.ptr, "\xfe\xff", 2)))
        return "text in UTF-16";
    if (quarter < 4 || !memchr(s.ptr, 0, s.len)) /* the usual case */
        return NULL;
    for (size_t i = 0; i < 4 * quarter; i++)
        zeros[i % 4] += !s.ptr[i];
    for (int high = 0; high < 2; high++) { /* in little endian order the zero bytes come second */
        int k = high ? 0 : 1;
        size_t with = zeros[k] + zeros[k + 2], without = zeros[1 - k] + zeros[3 - k];
        if (with > quarter && without < with / 8) {
            *hint = high ? "convert it to UTF-8 (iconv -f UTF-16BE -t UTF-8)"
                         : "convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)";
            return "text in UTF-16 without a byte order mark";
        }
    }
    for (int high = 0; high < 2; high++) { /* the two high bytes of UTF-32 are nearly always so */
        size_t top = zeros[high ? 0 : 3], next = zeros[high ? 1 : 2], low = zeros[high ? 3 : 0];
        if (top > quarter - quarter / 8 && next > quarter - quarter / 8 && low < quarter / 8) {
            *hint = high ? "convert it to UTF-8 (iconv -f UTF-32BE -t UTF-8)"
                         : "convert it to UTF-8 (iconv -f UTF-32LE -t UTF-8)";
            return "text in UTF-32 without a byte order mark";
        }
    }
    return NULL;
}

/* Counts of what the text would be if read as 16-bit units in one byte order. */
typedef struct units {
    size_t n, bad, spaces; /* units; those that are no text; white space and CJK punctuation */
    size_t below_2000;     /* of alphabets: the high byte is not a printable character */
} units;

static units look_at_units(bmx_slice s, bool big_endian)
{
    units u = { .n = s.len / 2 };
    bool high = false;

    for (size_t i = 0; i < u.n; i++) {
        const unsigned char *p = (const unsigned char *)s.ptr + 2 * i;
        unsigned c = big_endian ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
        bool low = c >= 0xdc00 && c <= 0xdfff;

        u.bad += low != high; /* half a surrogate pair */
        high = c >= 0xd800 && c <= 0xdbff;
        u.bad += (c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r') ||
                 (c >= 0x7f && c < 0xa0) ||
                 (c >= 0xe000 && c < 0xf900) || (c >= 0xfdd0 && c < 0xfdf0) || c >= 0xfffe;
        u.below_2000 += c < 0x2000;
        u.spaces += c == ' ' || c == '\n' || c == '\r' || (c >= 0x3000 && c < 0x3003) ||
                    c == 0xff0c;
    }
    return u;
}

/* UTF-16 of any script, recognized by three signs together: control characters that 8-bit text
 * does not have; bytes that are not UTF-8 (or every second byte below 32, as in Cyrillic); and
 * 16-bit units that are well-formed and as often white space as in text. */
static const char *find_utf16(bmx_slice s, const char **hint)
{
    units little, big, u;

    if (s.len < 8 || count_controls(s) * 200 < s.len)
        return NULL;
    little = look_at_units(s, false);
    big = look_at_units(s, true);
    u = little.spaces >= big.spaces ? little : big;
    if (u.bad * 50 > u.n || u.spaces * 100 < u.n ||
        (u.below_2000 * 2 < u.n && bmx_utf8_valid_prefix(s) + 3 >= s.len))
        return NULL;
    *hint = little.spaces >= big.spaces ? "convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)"
                                        : "convert it to UTF-8 (iconv -f UTF-16BE -t UTF-8)";
    return "text in UTF-16 without a byte order mark";
}

/* ISO 2022: Japanese, Chinese or Korean as ASCII bytes between escape sequences. */
static bool is_iso2022(bmx_slice s)
{
    const char *p = s.ptr, *end = p + s.len;

    while (p && p < end && (p = memchr(p, 0x1b, (size_t)(end - p)))) {
        if (end - p > 2 && p[1] == '$' && (p[2] == 'B' || p[2] == '@' || p[2] == ')'))
            return true;
        p++;
    }
    return false;
}

/* Text from the web has a few zero bytes and malformed ones; more than these are reported. */
enum { ENOUGH = 8, ONE_IN = 200 };

static bool is_much(size_t n, size_t all) { return n >= ENOUGH || (n && n * ONE_IN >= all); }

static size_t count_zeros(bmx_slice s)
{
    size_t n = 0;

    if (!s.len || !memchr(s.ptr, 0, s.len))
        return 0;
    for (size_t i = 0; i < s.len; i++)
        n += !s.ptr[i];
    return n;
}

bool bmx_content_is_full_of_zeros(bmx_slice text)
{
    size_t n = count_zeros(text);

    return n && n * ONE_IN >= text.len;
}

bmx_content bmx_content_of_zeros(void)
{
    return (bmx_content){ BMX_CONTENT_ZEROS, "zero bytes, which text does not have",
                          "check that this is text" };
}

/* Bytes that are not UTF-8, and characters above 127. */
static size_t count_malformed(bmx_slice s, size_t *above)
{
    size_t good = 0, bad = 0;

    for (size_t i = bmx_utf8_valid_prefix(s); i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        bad += !n;
        good += n > 1;
        i += n ? n : 1;
    }
    for (size_t i = 0, n = bad ? bmx_utf8_valid_prefix(s) : 0; i < n; i++)
        good += ((unsigned char)s.ptr[i] & 0xc0) == 0xc0;
    *above = good;
    return bad;
}

/* Text in an 8-bit encoding: its bytes above 127 hardly ever form UTF-8. */
static bool is_malformed(bmx_slice s)
{
    size_t good, bad = count_malformed(s, &good);

    return bad > good && is_much(bad, s.len);
}

/* Packed or numeric data, which no list of formats is long enough for: text has either none of the
 * bytes that this has many of, zero bytes, or an encoding. */
static bmx_content content_of_zeros(bmx_slice s)
{
    enum { DATA_ONE_IN = 20 };
    size_t good, bad = count_malformed(s, &good);

    if (bad > good && bad * DATA_ONE_IN >= s.len)
        return (bmx_content){ BMX_CONTENT_BINARY, "zero bytes and many that are not UTF-8",
                              "check that it is whole and what it is" };
    return bmx_content_of_zeros();
}

/* Do most bytes above 127 stand alone between letters of ASCII, as accented letters of Western
 * Europe do? */
static bool is_western(bmx_slice s)
{
    size_t n = 0, alone = 0;

    for (size_t i = 0; i < s.len; i++) {
        bool high = (unsigned char)s.ptr[i] >= 0x80;
        n += high;
        alone += high && (!i || !((unsigned char)s.ptr[i - 1] & 0x80)) &&
                 (i + 1 == s.len || !((unsigned char)s.ptr[i + 1] & 0x80));
    }
    return 2 * alone > n;
}

static bmx_content content_of_other(bmx_slice s)
{
    return is_western(s) ? (bmx_content){ BMX_CONTENT_MALFORMED,
                                          "not UTF-8, but bytes of another encoding such as ISO "
                                          "8859-1",
                                          "convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)" }
                         : (bmx_content){ BMX_CONTENT_MALFORMED,
                                          "not UTF-8, but bytes of another encoding, or no text",
                                          "convert it from its encoding to UTF-8 (iconv)" };
}

/* ---- JSON ---- */

/* Counts over the complete lines of the beginning. */
typedef struct json_lines {
    size_t n, objects, with_text; /* lines that are not blank */
    bool nomem;
} json_lines;

static json_lines look_at_lines(bmx_slice s, bool whole, const char *field)
{
    json_lines l = { 0 };
    bmx_buf text = { 0 };

    while (s.len && !l.nomem) {
        const char *lf = memchr(s.ptr, '\n', s.len), *wrong;
        bmx_slice line = bmx_slice_of(s.ptr, lf ? (size_t)(lf - s.ptr) : s.len);

        if (!lf && !whole) { /* an incomplete line */
            if (l.n && line.ptr[0] == '{') {
                l.n++;
                l.objects++;
            }
            break;
        }
        s = bmx_slice_of(s.ptr + line.len + !!lf, s.len - line.len - !!lf);
        if (bmx_record_is_blank(line))
            continue;
        wrong = bmx_record_text(line, field, &text, &l.nomem);
        l.n++;
        l.objects += bmx_record_is_object(line, wrong);
        l.with_text += !wrong;
    }
    bmx_buf_release(&text);
    return l;
}

/* The majority of the lines decides: a few that are no JSON are bad records, not another format.
 * s: text that starts with a brace or a bracket. */
static bmx_content content_of_json(bmx_slice s, bool whole, const char *field)
{
    const bmx_content records = { BMX_CONTENT_RECORDS, NULL, NULL },
                      text = { BMX_CONTENT_TEXT, NULL, NULL },
                      no_memory = { BMX_CONTENT_NOMEM, NULL, NULL };
    json_lines l = s.ptr[0] == '{' ? look_at_lines(s, whole, field) : (json_lines){ 0 };
    bool has_text = false, nomem = l.nomem, list = s.ptr[0] == '[', begins;

    if (nomem)
        return no_memory;
    if (l.n && 4 * l.objects >= 3 * l.n) {
        if (l.with_text && (2 * l.with_text >= l.objects || l.n < 3))
            return records;
        if (l.objects < 2)
            return text; /* one line of JSON may be any document */
        return (bmx_content){ BMX_CONTENT_OBJECTS,
                              l.objects == l.n
                                  ? "every line is a JSON object, but without the text field"
                                  : "most lines are JSON objects, but without the text field",
                              "name the field of its text" };
    }
    if (list)
        s = skip_space(bmx_slice_of(s.ptr + 1, s.len - 1));
    begins = bmx_record_begins(s, field, &has_text, &nomem);
    if (nomem)
        return no_memory;
    if (!begins)
        return text;
    /* a line longer than what is looked at */
    if (!l.n && !whole && !list && !memchr(s.ptr, '\n', s.len))
        return has_text ? records
                        : (bmx_content){ BMX_CONTENT_OBJECTS,
                                         "a long JSON object, with no text field near its start",
                                         "tell if each line is a record, and the field "
                                         "of its text" };
    if (!has_text)
        return text;
    return (bmx_content){ BMX_CONTENT_OBJECTS, "JSON with a text field, but not one record a line",
                          "write each record on a line of its own (jq -c)" };
}

/* ---- tables and dumps ---- */

/* A cell of a header line, without the quotes around it. */
static bool is_cell(bmx_slice cell, const char *name)
{
    if (cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
        cell = bmx_slice_of(cell.ptr + 1, cell.len - 2);
    return cell.len == strlen(name) && !memcmp(cell.ptr, name, cell.len);
}

/* Is the first line the header of a table, with a column of the field's name? */
static bool is_table(bmx_slice s, char separator, const char *field)
{
    const char *lf = memchr(s.ptr, '\n', s.len), *end = lf;
    size_t cells = 0;
    bool found = false;

    if (!lf)
        return false;
    if (end > s.ptr && end[-1] == '\r')
        end--;
    for (const char *p = s.ptr; p <= end; cells++) {
        const char *next = memchr(p, separator, (size_t)(end - p));
        bmx_slice cell = bmx_slice_of(p, (size_t)((next ? next : end) - p));

        if (!cell.len || memchr(cell.ptr, ' ', cell.len)) /* a sentence, not names of columns */
            return false;
        found = found || is_cell(cell, field);
        p += cell.len + 1;
    }
    return found && cells > 1 && memchr(lf, separator, s.len - (size_t)(lf - s.ptr));
}

/* Text with columns or elements around it, which would be counted with it. */
static bmx_content content_of_table(bmx_slice s, const char *field)
{
    static const char dump[] = "<mediawiki ";

    if (is_table(s, ',', field))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "a table (CSV) with a column of text",
                              "write that column as JSON Lines first" };
    if (is_table(s, '\t', field))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "a table (TSV) with a column of text",
                              "write that column as JSON Lines first" };
    if (s.len >= sizeof dump && !memcmp(s.ptr, dump, sizeof dump - 1))
        return (bmx_content){ BMX_CONTENT_OBJECTS, "a dump of MediaWiki, with its markup",
                              "extract the text of its pages first" };
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

bmx_content bmx_content_of_member(const char *name, bmx_slice start)
{
    bmx_content office = { BMX_CONTENT_BINARY, "a document of an office program", TEXT_FIRST };

    if (!strcmp(name, "[Content_Types].xml"))
        return office;
    if (!strcmp(name, "mimetype") && start.len > 12 && !memcmp(start.ptr, "application/", 12)) {
        if (start.len >= 20 && !memcmp(start.ptr + 12, "epub+zip", 8))
            office.what = "an EPUB book";
        return office;
    }
    return (bmx_content){ BMX_CONTENT_TEXT, NULL, NULL };
}

bmx_content bmx_content_of(bmx_slice start, bool whole, const char *field)
{
    const struct format *f;
    const char *hint;
    bmx_content c = { BMX_CONTENT_TEXT, NULL, NULL };
    bmx_slice text;

    if (start.len > BMX_LOOK_BYTES) {
        start.len = BMX_LOOK_BYTES;
        whole = false;
    }
    if ((f = find_format(start)))
        return (bmx_content){ BMX_CONTENT_BINARY, f->what, f->hint };
    if ((c.what = find_wide(start, &hint)) || (c.what = find_utf16(start, &hint)))
        return (bmx_content){ BMX_CONTENT_UTF16, c.what, hint };
    if (!whole)
        start.len = bmx_utf8_whole(start.ptr, start.len);
    if (is_much(count_zeros(start), start.len))
        return content_of_zeros(start);
    if (is_malformed(start))
        return content_of_other(start);
    if (is_iso2022(start))
        return (bmx_content){ BMX_CONTENT_UTF16, "text in ISO 2022 (with escape sequences)",
                              "convert it to UTF-8 (iconv -f ISO-2022-JP -t UTF-8)" };
    text = skip_space(start);
    if (text.len && (text.ptr[0] == '{' || text.ptr[0] == '['))
        return content_of_json(text, whole, field);
    c = content_of_table(text, field);
    if (c.kind != BMX_CONTENT_TEXT)
        return c;
    if ((c.what = bmx_escaped_text(start, &c.hint)))
        c.kind = BMX_CONTENT_ESCAPED;
    else
        c.hint = NULL;
    return c;
}
