/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limit.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* A number in a file of its own; UINT64_MAX: none, or "max". */
static uint64_t number_in(const char *path)
{
    FILE *f = fopen(path, "r");
    unsigned long long n;
    bool found = f && fscanf(f, "%llu", &n) == 1;

    if (f)
        fclose(f);
    return found ? n : UINT64_MAX;
}

uint64_t bmx_machine_memory(void)
{
    /* version 2 and 1; in a container its own group is at the top */
    static const char *const group[] = { "/sys/fs/cgroup/memory.max",
                                         "/sys/fs/cgroup/memory/memory.limit_in_bytes" };
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t least = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;

    for (size_t i = 0; i < sizeof group / sizeof *group; i++) {
        uint64_t n = number_in(group[i]);
        least = n < least ? n : least;
    }
    return least == UINT64_MAX ? 0 : least;
}

bpemix_status bmx_limit_memory(uint64_t bytes, bpemix_error *err)
{
/* sanitizers reserve many times the memory of a machine as address space */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    struct rlimit r;

    if (getrlimit(RLIMIT_DATA, &r))
        return bmx_fail_errno(err, NULL, "cannot find out how much memory may be used");
    if (r.rlim_cur > bytes) { /* never more than whoever started us allows */
        r.rlim_cur = bytes;
        if (setrlimit(RLIMIT_DATA, &r))
            return bmx_fail_errno(err, NULL, "cannot limit memory");
    }
#else
    (void)bytes, (void)err;
#endif
    return BPEMIX_OK;
}
