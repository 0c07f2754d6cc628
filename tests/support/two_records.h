/* Two records of the shipped mapping, people who edit them, two servers, and the planner until all is quiet. */
#pragma once

#include <stdbool.h>

#include "dsl/compile.h"
#include "engine/plan/plan.h"

enum { S = DUET_LEFT, O = DUET_RIGHT };

/* What a server does with the next write to it; afterwards it is ANSWERS again. */
enum serving {
    ANSWERS,      /* takes it and shows the record */
    SAYS_YES,     /* takes it and shows nothing: a read must confirm it */
    PRETENDS,     /* says yes, shows nothing and takes nothing */
    TURNS_DOWN,   /* refuses it */
    LOSES_REPLY,  /* takes it, the answer is lost */
    LOSES_REQUEST /* it never arrives, and nobody is told */
};

struct world {
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
    struct duet_record record[2];
    struct duet_state *state;
    struct duet_changeset *last; /* the last plan */
    unsigned writes[2];          /* since the last settle() began */
    bool conflict;               /* some value lost in one of its plans */
    enum serving serving[2];
    bool keeps_omitted; /* the left server keeps what a write leaves out */
    int64_t now;        /* ticks, one on with each read and write */
    uint64_t signals;
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

/* One round of it. */
void plan_once(struct world *world);

/* Reads, settles, plans, writes and records, until two plans write nothing. Fails when that doesn't happen. */
void settle(struct world *world);

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
        assert_int_equal((world)->writes[S], to_s);                                                \
        assert_int_equal((world)->writes[O], to_o);                                                \
    } while (0)
