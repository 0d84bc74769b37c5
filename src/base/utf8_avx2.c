#if defined(__x86_64__) || defined(__i386__)
#pragma GCC target("avx2")
#endif
#define BMX_CPU avx2
#include "base/utf8_body.h"
