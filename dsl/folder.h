/* Which mapping files stand in a folder: for a finding about a folder where a file was wanted, and for all files of a workspace. */
#pragma once

#include <stddef.h>

struct duet_arena;

/* `"PATH/a.duet", "PATH/b.duet" or 3 more`, by name, each behind the path as it was written; NULL: none, or the folder at
 * `path` can't be read. Lives as long as the arena. */
const char *duet_folder_listed(struct duet_arena *arena, const char *path, const char *written);

/* The paths of the mapping files in a folder and those below it (a few levels; none that begin with a dot), at most `most` of them; how
 * many there are. In the arena. */
size_t duet_folder_walk(struct duet_arena *arena, const char *path, const char **paths,
                        size_t most);
