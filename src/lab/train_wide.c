/* SPDX-License-Identifier: GPL-3.0-or-later */
#define SYMBOL uint32_t
#define PASSES bmx_train_wide
#include "lab/train_body.h"
