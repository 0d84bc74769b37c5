/* SPDX-License-Identifier: GPL-3.0-or-later */
#define BMX_CPU avx512
#include "words/chunk_cut_body.h"
