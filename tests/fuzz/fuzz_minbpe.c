/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .model of minbpe */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_reader(data, size); }
