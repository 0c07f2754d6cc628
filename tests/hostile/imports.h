/* Files that import one another, as many as cost most. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct hostile_imports {
    const char *name;
    unsigned files; /* 0.duet is the first */
    unsigned
        each; /* how many of the next ones a file imports, from the first on when there are no more */
    bool again; /* 0.duet imports them over and over, until it is large */
    const char *finding;
};

size_t hostile_imports_count(void);
const struct hostile_imports *hostile_imports_at(size_t index);

/* Into the working directory, and out of it. */
void hostile_imports_write(const struct hostile_imports *kind, size_t size);
void hostile_imports_remove(const struct hostile_imports *kind);
