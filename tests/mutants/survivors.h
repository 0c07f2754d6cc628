/* survivors.txt and survivors_code.txt: mistakes that nothing finds, each with the reason. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct duet_arena;

struct survivor {
    const char *name; /* as the mistake's */
    const char *reason;
    size_t line;
    bool is_used; /* for who reads the list: the mistake was there */
};

struct survivors {
    struct survivor *list;
    size_t count;
};

/* A line that begins with a blank is a mistake's name, `#` begins a comment, another line is the reason of the names below it. A file
 * that can't be read has no survivors. */
struct survivors survivors_read(const char *path, struct duet_arena *arena);
/* NULL: not explained. */
struct survivor *survivors_find(const struct survivors *survivors, const char *name);
