#include "tests/mutants/survivors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"

#define SURVIVORS_MAX 4096

struct survivors survivors_read(const char *path, struct duet_arena *arena)
{
    struct survivors all = { .list =
                                 duet_arena_alloc_array(arena, SURVIVORS_MAX, sizeof *all.list) };
    FILE *file = fopen(path, "r");
    if (!file)
        return all;
    char *line = NULL;
    size_t size = 0, number = 0;
    const char *reason = "";
    while (getline(&line, &size, file) >= 0 && all.count < SURVIVORS_MAX) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        const char *text = line + strspn(line, " ");
        if (text[0] == '\0' || text[0] == '#')
            continue;
        const char *copy = duet_arena_copy_text(arena, text, strlen(text));
        if (text == line)
            reason = copy;
        else
            all.list[all.count++] =
                (struct survivor){ .name = copy, .reason = reason, .line = number };
    }
    free(line);
    fclose(file);
    return all;
}

struct survivor *survivors_find(const struct survivors *survivors, const char *name)
{
    for (size_t i = 0; i < survivors->count; i++) {
        if (strcmp(survivors->list[i].name, name) == 0)
            return &survivors->list[i];
    }
    return NULL;
}
