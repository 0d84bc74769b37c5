/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assert.h - checks of documented invariants, in sanitizer and debug builds (CFLAGS with
 * -DBMX_DEBUG): a false one ends the program at once. */
#ifndef BMX_BASE_ASSERT_H
#define BMX_BASE_ASSERT_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BMX_CHECKED 1
#endif
#endif
#if defined(BMX_DEBUG) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BMX_CHECKED 1
#endif

#ifdef BMX_CHECKED
#define BMX_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#else
#define BMX_ASSERT(condition) ((void)0)
#endif

#endif
