/* The persons of a test: the rows that the file and the test give, as tables of a tenant. */
#pragma once

#include "engine/prove/written.h"

struct duet_cast {
    struct duet_cast_row *rows;
    struct duet_rules rules;       /* the mapping's tables with these persons */
    struct duet_persons **persons; /* the same, owned */
};

/* A row of the test comes before one of the file with the same name. The names live in the arena; free the tables with
 * duet_cast_finish(). DUET_INVALID with a reason when a table is refused. */
enum duet_status duet_cast_init(struct duet_cast *cast, const struct duet_tables *tables,
                                const struct duet_ast_program *program,
                                const struct duet_ast_test *test, struct duet_arena *arena,
                                struct duet_error *error);
void duet_cast_finish(struct duet_cast *cast);
