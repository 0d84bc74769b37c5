#include "cli/option.h"

#include <stdio.h>

const command commands[] = { { 0 } };

int main(void)
{
    printf("bpemix %s\n", bpemix_version());
    return 0;
}
