#define BMX_CPU avx2
#include "split/classify_body.h"
