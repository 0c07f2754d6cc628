/* Two records of the shipped mapping, people who edit them, two servers, and the planner until all is quiet. */
#pragma once

#include <stdbool.h>

#include "dsl/compile.h"
#include "engine/prove/play.h"

enum { S = DUET_LEFT, O = DUET_RIGHT };

struct world {
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
    struct duet_play play;
};

/* For cmocka: a world in *data, and its end. */
int world_start(void **data);
int world_stop(void **data);

/* Edits of a person; text NULL empties the field. */
void set(struct world *world, int side, const char *field, const char *text);
void set_list(struct world *world, int side, const char *field, const char *const *items,
              uint32_t count);
/* A status and a verdict such as "TP.SA" or "-"; NULL leaves it. */
void edit(struct world *world, int side, const char *status, const char *verdict);

/* Rounds until two plans in a row write nothing. Fails when that doesn't happen. */
void settle(struct world *world);

/* Both records edited alike to a status of that name and this verdict, at rest without a write. */
void both_active(struct world *world, const char *verdict);
void both_closed(struct world *world, const char *verdict);

const struct duet_value *value_of(struct world *world, int side, const char *field);
const char *status_of(struct world *world, int side);
const char *verdict_of(struct world *world, int side);
const struct duet_move *move_of(struct world *world, const char *unit);

#define expect(world, s_status, s_verdict, o_status, o_verdict)                                    \
    do {                                                                                           \
        assert_string_equal(status_of(world, S), s_status);                                        \
        assert_string_equal(verdict_of(world, S), s_verdict);                                      \
        assert_string_equal(status_of(world, O), o_status);                                        \
        assert_string_equal(verdict_of(world, O), o_verdict);                                      \
    } while (0)

#define expect_writes(world, to_s, to_o)                                                           \
    do {                                                                                           \
        assert_int_equal((world)->play.writes[S], to_s);                                           \
        assert_int_equal((world)->play.writes[O], to_o);                                           \
    } while (0)
