/* Interned names: each different text is kept once, so that equal names are equal pointers. */
#pragma once

#include <stddef.h>

struct duet_arena;
struct duet_intern;

/* Lives in the arena and is freed with it; so do the texts. */
struct duet_intern *duet_intern_new(struct duet_arena *arena);

/* The one copy of these length bytes (no NUL among them), NUL-terminated. Never NULL. */
const char *duet_intern_text(struct duet_intern *names, const char *text, size_t length);

/* The same for a NUL-terminated text. */
const char *duet_intern_name(struct duet_intern *names, const char *text);
