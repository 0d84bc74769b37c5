#include "bpemix.h"

#include <stdio.h>

int main(void)
{
    printf("bpemix %s\n", bpemix_version());
    return 0;
}
