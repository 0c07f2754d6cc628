/* file:///a%20b as a path, and back. */
#pragma once

struct duet_arena;

/* A plain path in the arena: absolute, without "." and "..". What is no file's URI (a buffer without a file, another scheme) stands for a
 * file of its own that no disk has. */
const char *duet_uri_path(struct duet_arena *arena, const char *uri);

/* The file URI of an absolute path; other paths come back as they are. */
const char *duet_uri_of(struct duet_arena *arena, const char *path);
