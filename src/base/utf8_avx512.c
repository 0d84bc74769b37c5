#pragma GCC target("avx512f,avx512bw")
#define BMX_CPU avx512
#include "base/utf8_blocks.h"
