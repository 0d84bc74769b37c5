/* SPDX-License-Identifier: GPL-3.0-or-later */
#define SYMBOL uint16_t
#define PASSES bmx_train_narrow
#include "lab/train_body.h"
