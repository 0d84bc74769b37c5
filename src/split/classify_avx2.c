#if defined(__x86_64__) || defined(__i386__)
#pragma GCC target("avx2,bmi,bmi2")
#endif
#define BMX_CPU avx2
#include "split/classify_body.h"
