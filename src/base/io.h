/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io.h - files: all of input.h, folder.h and output.h. */
#ifndef BMX_BASE_IO_H
#define BMX_BASE_IO_H

#include "base/folder.h"
#include "base/input.h"
#include "base/output.h"

#endif
