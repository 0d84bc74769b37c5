#pragma GCC target("avx512f,avx512bw,bmi,bmi2")
#define BMX_CPU avx512
#include "text/classify_body.h"
