/* spin - a fixed amount of work without memory, divided among threads.
 *
 *   spin THREADS
 *
 * What two threads gain here is all that two threads can gain on the machine
 * at the moment: a control for the runs beside it. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#define WORK 400000000u
#define MAX_THREADS 64

static void *run(void *ctx)
{
    uint64_t x = 1;

    for (uint32_t i = *(const uint32_t *)ctx; i > 0; i--) {
        x = x * 0x9e3779b97f4a7c15u + 1;
        __asm__ volatile("" : "+r"(x));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t thread[MAX_THREADS];
    uint32_t share;

    if (n < 1 || n > MAX_THREADS)
        return 2;
    share = WORK / (uint32_t)n;
    for (int i = 0; i < n; i++)
        if (pthread_create(&thread[i], NULL, run, &share))
            return 1;
    for (int i = 0; i < n; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
