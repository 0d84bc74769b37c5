#define BMX_CPU avx512
#include "base/utf8_body.h"
