#if defined(__x86_64__) || defined(__i386__)
#pragma GCC target("avx512f,avx512bw")
#endif
#define BMX_CPU avx512
#include "base/utf8_body.h"
