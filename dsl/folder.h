/* Which mapping files stand in a folder: for a finding about a folder where a file was wanted. */
#pragma once

struct duet_arena;

/* `"PATH/a.duet", "PATH/b.duet" or 3 more`, by name, each behind the path as it was written; NULL: none, or the folder at
 * `path` can't be read. Lives as long as the arena. */
const char *duet_folder_listed(struct duet_arena *arena, const char *path, const char *written);
