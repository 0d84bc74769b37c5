/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit.h - how much memory there is, and may be asked for. */
#ifndef BMX_BASE_LIMIT_H
#define BMX_BASE_LIMIT_H

#include "base/error.h"

/* Bytes of memory of this machine, or of the control group that the process is in when that
 * has less; 0: not known. */
uint64_t bmx_machine_memory(void);

/* From now on the process gets at most so many bytes of data; allocations beyond that fail. 
 * Reserved address space counts even if it is not used yet. */
bpemix_status bmx_limit_memory(uint64_t bytes, bpemix_error *err);

#endif
