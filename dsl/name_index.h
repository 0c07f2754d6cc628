/* What a program's files define, found by kind and name: the first of each, however many there are. */
#pragma once

#include "dsl/arena.h"
#include "dsl/ast.h"

struct duet_name_index;

/* The name that an item defines; NULL text for items that define none. */
struct duet_ast_name duet_name_index_name(const struct duet_ast_item *item);

/* Of all items of the program, in their order. In the arena; the program is borrowed and must not change. */
struct duet_name_index *duet_name_index_new(const struct duet_ast_program *program,
                                            struct duet_arena *arena);

/* NULL: none. `name` may be NULL. */
const struct duet_ast_item *duet_name_index_find(const struct duet_name_index *index,
                                                 enum duet_ast_item_kind kind, const char *name);
