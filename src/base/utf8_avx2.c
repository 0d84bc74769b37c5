#define BMX_CPU avx2
#include "base/utf8_body.h"
