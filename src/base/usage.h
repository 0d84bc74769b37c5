/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage.h - what this process has used. */
#ifndef BMX_BASE_USAGE_H
#define BMX_BASE_USAGE_H

#include <stdint.h>

/* Largest resident memory so far, in bytes; 0: not known. */
uint64_t bmx_peak_memory(void);

#endif
