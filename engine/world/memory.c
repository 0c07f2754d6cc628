#include "engine/world/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_WORLD_FAILED 3

static void *or_exit(void *memory)
{
    if (!memory) {
        fputs("duet: out of memory\n", stderr);
        exit(EXIT_WORLD_FAILED);
    }
    return memory;
}

void *duet_new(size_t size)
{
    return or_exit(calloc(1, size > 0 ? size : 1));
}

void *duet_new_array(size_t count, size_t size)
{
    return or_exit(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *duet_grow_array(void *memory, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return or_exit(NULL);
    return or_exit(realloc(memory, count > 0 && size > 0 ? count * size : 1));
}

char *duet_text_new_cut(const char *text, size_t length)
{
    char *copy = duet_new(length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *duet_text_new(const char *text)
{
    return text ? duet_text_new_cut(text, strlen(text)) : NULL;
}
