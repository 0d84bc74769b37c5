/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.h - groups of categories: code, English and so on, as papers quote them. */
#ifndef BMX_DIAGNOSE_GROUPS_H
#define BMX_DIAGNOSE_GROUPS_H

#include "result/result.h"

/* The groups of r from lines "category TAB group", with anything behind a second tab;
 * lines that are empty or start with '#', and categories that r does not have, are passed
 * over.  Groups come in the order of first appearance, with names and members alone.
 * name: the text's file, for messages; may be NULL.
 * E_FORMAT: a line without a group, or a category in two groups. */
bpemix_status bmx_groups_read(const char *text, const char *name, bpemix_result *r,
                              bpemix_error *err);

/* Share and sample of a group from its members. */
void bmx_group_sum(const bpemix_result *r, bmx_group *g);

#endif
