#pragma GCC target("avx2")
#define BMX_CPU avx2
#include "base/utf8_blocks.h"
