/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c - what a document is, by its first bytes: a format that is not text (here), another
 * encoding (encoding.c), JSON (json_content.c), text with something around it (layout.c), text in
 * disguise (escaped.c), or text. */
#include "read/content.h"
#include "base/utf8.h"
#include "read/encoding.h"
#include "read/escaped.h"
#include "read/json_content.h"
#include "read/layout.h"
#include "read/record.h"

#include <string.h>

/* ---- formats that are not text ---- */

#define TEXT_FIRST "extract its text first"

struct format {
    size_t at, len;
    const char *bytes, *what, *hint;
};

/* Formats whose readers allow white space before the signature. */
static const struct format behind_space[] = {
    { 0, 5, "%PDF-", "a PDF document", TEXT_FIRST " (pdftotext)" },
    { 0, 7, "WARC/1.", "a WARC file", "write the text of its records as JSON Lines first" },
    { 0, 7, "WARC/0.", "a WARC file", "write the text of its records as JSON Lines first" },
};

static const struct format formats[] = {
    { 0, 4, "PAR1", "a Parquet file",
      "write its text column as JSON Lines first (see examples/parquet)" },
    { 0, 4, "PARE", "an encrypted Parquet file", "decrypt it, and write its text as JSON Lines" },
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
    { 1, 7, "\r\r\n\0\0\0\0", "a compiled Python program", "leave it out" },
    { 0, 4, "\x03\xf3\r\n", "a compiled Python program", "leave it out" },
    { 0, 2, "\x80\x02", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 2, "\x80\x03", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 2, "\x80\x04", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 2, "\x80\x05", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 3, "]q\0", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 3, "}q\0", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 5, "(lp0\n", "a Python pickle", "write its text as JSON Lines first" },
    { 0, 5, "(dp0\n", "a Python pickle", "write its text as JSON Lines first" },
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

/* An archive of cpio: a number that says how its headers are written, and digits. */
static bool is_cpio(bmx_slice s)
{
    size_t n = s.len > 6 && s.ptr[5] == '7' ? 76 : 110;

    if (s.len < n || memcmp(s.ptr, "07070", 5) || !memchr("127", s.ptr[5], 3))
        return false;
    for (size_t i = 6; i < n; i++)
        if (!memchr("0123456789abcdefABCDEF", s.ptr[i], 22))
            return false;
    return true;
}

/* Tensors behind a header: its length in eight bytes, then JSON. */
static bool is_safetensors(bmx_slice s)
{
    return s.len > 10 && !memcmp(s.ptr + 4, "\0\0\0\0{\"", 6) && (s.ptr[0] || s.ptr[1] || s.ptr[2]);
}

/* The letters of a signature may be the start of a word ("ORCHIDS") or stand in a sentence ("a
 * picture, WEBP").  If the rest reads as text, it is text. */
static bool is_a_word(const struct format *f, bmx_slice s)
{
    for (size_t i = 0; i < f->len; i++)
        if (f->len > 4 || f->bytes[i] < ' ')
            return false;
    return s.len > f->at + f->len && !bmx_count_controls(s) &&
           bmx_utf8_valid_prefix(s) + 3 >= s.len;
}

static const struct format *find_format(bmx_slice s)
{
    static const struct format windows = { 0, 2, "MZ", "a Windows program", "leave it out" },
                               tensors = { 0, 0, "", "a safetensors file", "leave it out" },
                               cpio = { 0, 0, "", "a cpio archive", "unpack it first (cpio -i)" },
                               arrow = { 0, 0, "", "an Arrow file",
                                         "write its text column as JSON Lines first" };
    bmx_slice text = bmx_skip_space(s);

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (s.len >= formats[i].at + formats[i].len &&
            !memcmp(s.ptr + formats[i].at, formats[i].bytes, formats[i].len) &&
            !is_a_word(&formats[i], s))
            return &formats[i];
    for (size_t i = 0; i < sizeof behind_space / sizeof *behind_space; i++)
        if (text.len >= behind_space[i].len &&
            !memcmp(text.ptr, behind_space[i].bytes, behind_space[i].len))
            return &behind_space[i];
    return is_windows_program(s) ? &windows
           : is_safetensors(s)   ? &tensors
           : is_cpio(s)          ? &cpio
           : is_arrow_stream(s)  ? &arrow
                                 : NULL;
}

/* ---- what is asked ---- */

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
    bmx_content c = { BMX_CONTENT_TEXT, NULL, NULL };
    bmx_slice text;

    if (start.len > BMX_LOOK_BYTES) {
        start.len = BMX_LOOK_BYTES;
        whole = false;
    }
    if ((f = find_format(start)))
        return (bmx_content){ BMX_CONTENT_BINARY, f->what, f->hint };
    c = bmx_encoding_of(start, whole);
    if (c.kind != BMX_CONTENT_TEXT)
        return c;
    if (!whole)
        start.len = bmx_utf8_whole(start.ptr, start.len);
    text = bmx_skip_space(start);
    c = bmx_json_content(text, whole, field);
    if (c.kind != BMX_CONTENT_TEXT || (text.len && (text.ptr[0] == '{' || text.ptr[0] == '[')))
        return c; /* escapes belong to JSON */
    c = bmx_layout_content(text);
    if (c.kind != BMX_CONTENT_TEXT)
        return c;
    if ((c.what = bmx_escaped_text(start, &c.hint)))
        return (bmx_content){ BMX_CONTENT_ESCAPED, c.what, c.hint };
    return bmx_table_content(text, whole, field);
}
