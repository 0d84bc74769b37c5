#pragma GCC target("avx2,bmi,bmi2")
#define BMX_CPU avx2
#include "text/classify_body.h"
