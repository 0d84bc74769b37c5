/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/content.h"
#include "base/utf8.h"
#include "read/source.h"

#include <string.h>

/* ---- formats that are not text ---- */

#define TEXT_FIRST "extract its text first"

static const struct format {
    size_t at, len;
    const char *bytes, *what, *hint;
} formats[] = {
    { 0, 5, "%PDF-", "a PDF document", TEXT_FIRST " (pdftotext)" },
    { 0, 4, "PAR1", "a Parquet file", "write its text column as JSON Lines first (see examples/parquet)" },
    { 0, 6, "ARROW1", "an Arrow file", "write its text column as JSON Lines first" },
    { 0, 4, "FEA1", "a Feather file", "write its text column as JSON Lines first" },
    { 0, 3, "ORC", "an ORC file", "write its text column as JSON Lines first" },
    { 0, 4, "Obj\x01", "an Avro file", "write its text column as JSON Lines first" },
    { 0, 8, "\x89HDF\r\n\x1a\n", "an HDF5 file", "write its text as JSON Lines first" },
    { 0, 15, "SQLite format 3", "an SQLite database", "write its text as JSON Lines first" },
    { 0, 6, "\x93NUMPY", "a NumPy array", "give the text that it was made from" },
    { 0, 4, "GGUF", "a GGUF file", "give it as the tokenizer, if it is that" },
    { 0, 4, "\x7f" "ELF", "an ELF program or library", "leave it out" },
    { 0, 4, "\xca\xfe\xba\xbe", "a Java class or Mach-O file", "leave it out" },
    { 0, 4, "\xcf\xfa\xed\xfe", "a Mach-O file", "leave it out" },
    { 0, 4, "\xce\xfa\xed\xfe", "a Mach-O file", "leave it out" },
    { 0, 4, "\0asm", "a WebAssembly module", "leave it out" },
    { 0, 8, "\x89PNG\r\n\x1a\n", "a PNG image", "leave it out" },
    { 0, 3, "\xff\xd8\xff", "a JPEG image", "leave it out" },
    { 0, 6, "GIF87a", "a GIF image", "leave it out" },
    { 0, 6, "GIF89a", "a GIF image", "leave it out" },
    { 0, 4, "II*\0", "a TIFF image", "leave it out" },
    { 0, 4, "MM\0*", "a TIFF image", "leave it out" },
    { 0, 4, "\0\0\x01\0", "an icon", "leave it out" },
    { 8, 4, "WEBP", "a WebP image", "leave it out" },
    { 8, 8, "WAVEfmt ", "a sound file", "leave it out" },
    { 8, 4, "AVI ", "a video", "leave it out" },
    { 4, 4, "ftyp", "a video or sound file", "leave it out" },
    { 0, 4, "\x1a\x45\xdf\xa3", "a Matroska or WebM video", "leave it out" },
    { 0, 4, "OggS", "an Ogg sound file", "leave it out" },
    { 0, 4, "fLaC", "a FLAC sound file", "leave it out" },
    { 0, 3, "ID3", "an MP3 sound file", "leave it out" },
    { 0, 6, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first" },
    { 0, 6, "Rar!\x1a\x07", "a RAR archive", "unpack it first" },
    { 0, 8, "!<arch>\n", "an ar archive of object files", "leave it out" },
    { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", TEXT_FIRST },
    { 0, 4, "wOFF", "a font", "leave it out" },
    { 0, 4, "wOF2", "a font", "leave it out" },
    { 0, 5, "\0\x01\0\0\0", "a font", "leave it out" },
    { 0, 8, "AT&TFORM", "a DjVu document", TEXT_FIRST },
    { 0, 42, "version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS, not the file itself",
      "fetch the file with 'git lfs pull', or download it" },
};

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

static const struct format *find_format(bmx_slice s)
{
    static const struct format windows = { 0, 2, "MZ", "a Windows program", "leave it out" };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (s.len >= formats[i].at + formats[i].len &&
            !memcmp(s.ptr + formats[i].at, formats[i].bytes, formats[i].len))
            return &formats[i];
    return is_windows_program(s) ? &windows : NULL;
}

/* ---- encodings ---- */

/* With a mark, or Latin text in it: every second byte is zero, or three of four. */
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
    if (quarter < 4)
        return NULL;
    for (size_t i = 0; i < 4 * quarter; i++)
        zeros[i % 4] += !s.ptr[i];
    for (int high = 0; high < 2; high++) { /* little endian has the zeros behind */
        int k = high ? 0 : 1;
        size_t with = zeros[k] + zeros[k + 2], without = zeros[1 - k] + zeros[3 - k];
        if (with > quarter && without < with / 8) {
            *hint = high ? "convert it to UTF-8 (iconv -f UTF-16BE -t UTF-8)"
                         : "convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)";
            return "text in UTF-16 without a byte order mark";
        }
    }
    for (int high = 0; high < 2; high++) { /* the two high bytes are hardly ever anything else */
        size_t top = zeros[high ? 0 : 3], next = zeros[high ? 1 : 2], low = zeros[high ? 3 : 0];
        if (top > quarter - quarter / 8 && next > quarter - quarter / 8 && low < quarter / 8) {
            *hint = high ? "convert it to UTF-8 (iconv -f UTF-32BE -t UTF-8)"
                         : "convert it to UTF-8 (iconv -f UTF-32LE -t UTF-8)";
            return "text in UTF-32 without a byte order mark";
        }
    }
    return NULL;
}

/* A few zero bytes, and a few malformed ones, occur in text from the web. */
enum { ENOUGH = 8, ONE_IN = 200 };

static bool is_much(size_t n, size_t all) { return n >= ENOUGH || (n && n * ONE_IN >= all); }

static bool has_zeros(bmx_slice s)
{
    size_t n = 0;

    if (!s.len || !memchr(s.ptr, 0, s.len))
        return false;
    for (size_t i = 0; i < s.len; i++)
        n += !s.ptr[i];
    return is_much(n, s.len);
}

/* Text in an 8-bit encoding: what is not ASCII is hardly ever well-formed. */
static bool is_malformed(bmx_slice s)
{
    size_t good = 0, bad = 0;

    for (size_t i = bmx_utf8_valid_prefix(s); i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        bad += !n;
        good += n > 1;
        i += n ? n : 1;
    }
    if (!bad)
        return false;
    for (size_t i = 0; i < bmx_utf8_valid_prefix(s); i++)
        good += ((unsigned char)s.ptr[i] & 0xc0) == 0xc0;
    return bad > good && is_much(bad, s.len);
}

/* ---- lines of JSON ---- */

/* The first complete lines are JSON objects, and there are at least two, or the next one
 * starts like one.  *has_field: the first has its text there. */
static bool are_objects(bmx_slice s, bool whole, const char *field, bool *has_field)
{
    bmx_buf text = { 0 };
    size_t n = 0;
    bool all = true, nomem;

    *has_field = false;
    while (s.len && all) {
        const char *lf = memchr(s.ptr, '\n', s.len);
        bmx_slice line = bmx_slice_of(s.ptr, lf ? (size_t)(lf - s.ptr) : s.len);
        const char *wrong;

        if (!lf && !whole) {
            n += line.ptr[0] == '{';
            break;
        }
        s = bmx_slice_of(s.ptr + line.len + !!lf, s.len - line.len - !!lf);
        if (bmx_record_is_blank(line))
            continue;
        wrong = bmx_record_text(line, field, &text, &nomem);
        all = bmx_record_is_object(line, wrong) && !nomem;
        *has_field = *has_field || (!n && !wrong);
        n++;
    }
    bmx_buf_release(&text);
    return all && n >= 2;
}

bmx_content bmx_content_of(bmx_slice start, bool whole, const char *field)
{
    const struct format *f;
    const char *hint;
    bmx_content c = { BMX_CONTENT_TEXT, NULL, NULL };
    size_t i = 0;
    bool has_field;

    if (start.len > BMX_LOOK_BYTES) {
        start.len = BMX_LOOK_BYTES;
        whole = false;
    }
    if ((f = find_format(start)))
        return (bmx_content){ BMX_CONTENT_BINARY, f->what, f->hint };
    if ((c.what = find_wide(start, &hint)))
        return (bmx_content){ BMX_CONTENT_UTF16, c.what, hint };
    if (!whole)
        start.len = bmx_utf8_whole(start.ptr, start.len);
    if (has_zeros(start))
        return (bmx_content){ BMX_CONTENT_ZEROS, "zero bytes, which text does not have",
                              "check that this is text" };
    if (is_malformed(start))
        return (bmx_content){ BMX_CONTENT_MALFORMED,
                              "not UTF-8, but bytes of another encoding such as ISO 8859-1",
                              "convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)" };
    if (start.len >= 3 && !memcmp(start.ptr, "\xef\xbb\xbf", 3))
        i = 3;
    if (i < start.len && start.ptr[i] == '{' && are_objects(start, whole, field, &has_field))
        return has_field
                   ? (bmx_content){ BMX_CONTENT_RECORDS, NULL, NULL }
                   : (bmx_content){ BMX_CONTENT_OBJECTS, "every line is a JSON object, but without the text field",
                                    "name the field of its text" };
    return c;
}
