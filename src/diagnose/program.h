/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program.h - program code beside text of other kinds: its sources differ more than those of
 * languages do, which slack does not show where most of it is of languages. */
#ifndef BMX_DIAGNOSE_PROGRAM_H
#define BMX_DIAGNOSE_PROGRAM_H

#include "diagnose/delta.h"
#include "result/result.h"
#include "solve/constraint.h"

/* code[n_cats]: of the occurrences of the constrained merges in the sample of a category, the
 * fraction that is of tokens of program code and of white space alone; 0: there are none. */
void bmx_program_find(const bmx_constraints *c, double *code);

/* So much slack, in parts of what the ranges were found with, would give a category of this
 * fraction the range that it needs; 1 or more. */
double bmx_program_ratio(double code, double sample, double delta, bmx_delta_law which);

/* Widen outer ranges: of each category, and of all groups and sets, which are as the merges allow.
 * ratio[r->n_cats]. */
bpemix_status bmx_program_widen(const double *ratio, bpemix_result *r, bpemix_error *err);

#endif
