/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/usage.h"

#include <stdio.h>
#include <sys/resource.h>

uint64_t bmx_peak_memory(void)
{
    struct rusage ru;
    char line[128];
    unsigned long long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && !kb && fgets(line, sizeof line, f))
        (void)sscanf(line, "VmHWM: %llu kB", &kb);
    if (f)
        fclose(f);
    if (kb)
        return kb * 1024;
    /* Linux includes the memory of the process before exec(2), that is, of its parent */
    return getrusage(RUSAGE_SELF, &ru) ? 0 : (uint64_t)ru.ru_maxrss * 1024;
}
