#include "engine/world/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static void real_fill(struct duet_random *random, void *bytes, size_t size)
{
    (void)random;
    unsigned char *at = bytes;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        } else if (errno != EINTR) {
            perror("duet: the system gives no random numbers");
            exit(3);
        }
    }
}

struct duet_random *duet_random_real(void)
{
    static struct duet_random real = { .fill = real_fill };
    return &real;
}
