#if defined(__x86_64__) || defined(__i386__)
#pragma GCC target("avx512f,avx512bw,bmi,bmi2")
#endif
#define BMX_CPU avx512
#include "split/classify_body.h"
