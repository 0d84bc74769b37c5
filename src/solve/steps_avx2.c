/* SPDX-License-Identifier: GPL-3.0-or-later */
#define BMX_CPU avx2
#include "solve/steps_body.h"
