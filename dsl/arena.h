/* Bump allocator: everything allocated from one arena is freed with it. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct duet_arena; /* opaque: fields live in arena.c */

/* The caller owns the arena; duet_arena_free() accepts NULL. */
struct duet_arena *duet_arena_new(void);
void duet_arena_free(struct duet_arena *arena);

/* All that was allocated is void; the memory is kept for what comes. */
void duet_arena_clear(struct duet_arena *arena);

/* Zeroed memory, aligned for any type, valid until duet_arena_free(). Never NULL: when memory runs
 * out the process ends, exit 3. A size of 0 gives a unique pointer. */
void *duet_arena_alloc(struct duet_arena *arena, size_t size);

/* The same for an array; count * size may not overflow, else the process ends as above. */
void *duet_arena_alloc_array(struct duet_arena *arena, size_t count, size_t size);

/* A copy of the first length bytes of text, with a NUL behind it. */
char *duet_arena_copy_text(struct duet_arena *arena, const char *text, size_t length);

/* printf into the arena. */
char *duet_arena_format(struct duet_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *duet_arena_format_list(struct duet_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out so far. */
size_t duet_arena_used(const struct duet_arena *arena);
