/* SPDX-License-Identifier: GPL-3.0-or-later */
/* driver.c - run one fuzz target over the files given as arguments, without a
 * fuzzer: replays seeds and past crashes with any compiler. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t n = 0, cap = 0, got = 1;

    if (!f) {
        perror(path);
        return 1;
    }
    while (got) {
        if (n == cap) {
            uint8_t *more = realloc(data, cap = cap ? 2 * cap : 4096);
            if (!more) {
                fprintf(stderr, "%s: out of memory\n", path);
                free(data);
                fclose(f);
                return 1;
            }
            data = more;
        }
        n += got = fread(data + n, 1, cap - n, f);
    }
    fclose(f);
    /* exactly n bytes, so that a memory checker sees any read behind them */
    if (n) {
        uint8_t *exact = realloc(data, n);
        data = exact ? exact : data;
    }
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int bad = 0;

    for (int i = 1; i < argc; i++)
        bad |= run(argv[i]);
    return bad;
}
