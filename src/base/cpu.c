/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cpu.h"

#include <stdatomic.h>

static atomic_int limit = BMX_CPU_KINDS - 1;

static bmx_cpu detect(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2"))
        return BMX_CPU_PLAIN;
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")
               ? BMX_CPU_AVX512
               : BMX_CPU_AVX2;
#else
    return BMX_CPU_PLAIN;
#endif
}

bmx_cpu bmx_cpu_kind(void)
{
    bmx_cpu best = (bmx_cpu)atomic_load_explicit(&limit, memory_order_relaxed), here = detect();

    return here < best ? here : best;
}

void bmx_cpu_limit(bmx_cpu kind) { atomic_store(&limit, (int)kind); }
