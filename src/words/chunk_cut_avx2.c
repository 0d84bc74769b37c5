/* SPDX-License-Identifier: GPL-3.0-or-later */
#define BMX_CPU avx2
#include "words/chunk_cut_body.h"
