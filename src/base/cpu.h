/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpu.h - instructions of the processor beyond those that the program was compiled for.
 *
 * Code that tests many bytes at once is compiled once for each kind of processor: its body is a
 * header, which a file for each kind includes after setting BMX_CPU; the Makefile sets the
 * compiler's target by the name of the file.  All kinds give the same results. */
#ifndef BMX_BASE_CPU_H
#define BMX_BASE_CPU_H

typedef enum bmx_cpu {
    BMX_CPU_PLAIN,
    BMX_CPU_AVX2,
    BMX_CPU_AVX512, /* with VBMI: older ones slow down for it */
    BMX_CPU_KINDS
} bmx_cpu;

/* The best kind that the processor, and bmx_cpu_limit(), allow. */
bmx_cpu bmx_cpu_kind(void);

/* No better kind than this from now on: for tests. */
void bmx_cpu_limit(bmx_cpu kind);

#define BMX_CPU_PASTE_(name, cpu) name##_##cpu
#define BMX_CPU_PASTE(name, cpu) BMX_CPU_PASTE_(name, cpu)
#define BMX_FOR_CPU(name) BMX_CPU_PASTE(name, BMX_CPU)

#endif
