#include "dsl/folder.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"

#define SUFFIX ".duet"
#define NAMES_MAX 1000u /* more aren't looked at */
#define LISTED_MAX 5u
#define LEVELS_MAX 8u     /* folders within folders that are walked */
#define FOLDERS_MAX 2000u /* folders that are walked */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_mapping_file(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > strlen(SUFFIX) &&
           strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

static bool is_shown(const char *name)
{
    return name[0] != '.';
}

/* The names that are wanted, sorted; how many there are. */
static size_t read_names(struct duet_arena *arena, const char *path, const char **names,
                         bool (*is_wanted)(const char *name))
{
    size_t count = 0;
    DIR *folder = opendir(path);
    if (!folder)
        return 0;
    for (const struct dirent *entry = readdir(folder); entry && count < NAMES_MAX;
         entry = readdir(folder)) {
        if (is_wanted(entry->d_name))
            names[count++] = duet_arena_copy_text(arena, entry->d_name, strlen(entry->d_name));
    }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    return count;
}

const char *duet_folder_listed(struct duet_arena *arena, const char *path, const char *written)
{
    const char **names = duet_arena_alloc_array(arena, NAMES_MAX, sizeof *names);
    size_t count = read_names(arena, path, names, is_mapping_file);
    size_t shown = count > LISTED_MAX ? LISTED_MAX : count;
    size_t length = strlen(written);
    const char *text = NULL;
    while (length > 0 && written[length - 1] == '/')
        length--;
    for (size_t i = 0; i < shown; i++) {
        const char *before = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        text = duet_arena_format(arena, "%s%s\"%.*s/%s\"", text ? text : "", before, (int)length,
                                 written, names[i]);
    }
    if (count > shown)
        text = duet_arena_format(arena, "%s or %zu more", text, count - shown);
    return text;
}

/* --- all below a folder ---------------------------------------------------------------------------------- */

struct walk {
    struct duet_arena *arena;
    const char **paths;
    size_t count, most;
    size_t folders; /* read so far: links may lead in a circle */
};

static void walk(struct walk *to, const char *path, unsigned level)
{
    if (to->folders++ >= FOLDERS_MAX)
        return;
    const char **names = duet_arena_alloc_array(to->arena, NAMES_MAX, sizeof *names);
    size_t all = read_names(to->arena, path, names, is_shown);
    for (size_t i = 0; i < all && to->count < to->most; i++) {
        const char *inner = duet_arena_format(to->arena, "%s/%s", path, names[i]);
        if (is_mapping_file(names[i]))
            to->paths[to->count++] = inner;
        else if (!strchr(names[i], '.') && level < LEVELS_MAX)
            walk(to, inner, level + 1);
    }
}

size_t duet_folder_walk(struct duet_arena *arena, const char *path, const char **paths, size_t most)
{
    struct walk to = { .arena = duet_arena_new(), .paths = paths, .most = most };
    walk(&to, path, 0);
    for (size_t i = 0; i < to.count; i++)
        paths[i] = duet_arena_copy_text(arena, paths[i], strlen(paths[i]));
    duet_arena_free(to.arena);
    return to.count;
}
