/* SPDX-License-Identifier: GPL-3.0-or-later */
/* version.h - versions of the libraries we run on, each answered by the one
 * file that uses the library.  Static storage. */
#ifndef BMX_BASE_VERSION_H
#define BMX_BASE_VERSION_H

const char *bmx_json_library_version(void);      /* cJSON, json.c */
const char *bmx_io_library_version(void);        /* libarchive, archive.c */
const char *bmx_gunzip_library_version(void);    /* zlib, gunzip.c */
const char *bmx_hash_library_version(void);      /* xxHash, hash.c */
const char *bmx_normalize_library_version(void); /* utf8proc, split/form.c */
const char *bmx_normalize_unicode_version(void); /* Unicode tables of utf8proc */
const char *bmx_regex_library_version(void);     /* PCRE2, split/regex.c */
const char *bmx_regex_unicode_version(void);     /* Unicode tables of PCRE2 */
const char *bmx_lp_library_version(void);        /* GLPK, solve/lp_glpk.c */

#endif
