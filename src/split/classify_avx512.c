#define BMX_CPU avx512
#include "split/classify_body.h"
