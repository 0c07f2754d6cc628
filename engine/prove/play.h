/* Two records, the people who edit them, the two systems that keep them, and the engine's rounds until all is quiet: in memory, without
 * a clock, through the very planner and tables that a running engine uses.
 *
 * Everything lives in the play's arena. Nothing here judges; see judge.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/plan/plan.h"

#define DUET_PLAY_MAX_ROUNDS 4U /* two plans that write, then two that don't */

/* What a system does with the next write to it; afterwards it is ANSWERS again. */
enum duet_serving {
    DUET_SERVING_ANSWERS,       /* takes it and shows the record */
    DUET_SERVING_SAYS_YES,      /* takes it and shows nothing: a read must confirm it */
    DUET_SERVING_PRETENDS,      /* says yes, shows nothing and takes nothing */
    DUET_SERVING_TURNS_DOWN,    /* refuses it */
    DUET_SERVING_LOSES_REPLY,   /* takes it, the answer is lost */
    DUET_SERVING_LOSES_REQUEST, /* it never arrives, and nobody is told */
    DUET_SERVING_IS_DOWN        /* says: not now */
};

/* A note that a person wrote on `side`. */
struct duet_play_note {
    const char *text;
    enum duet_side side;
    bool old;       /* stood there before the link */
    bool stands[2]; /* where it is shown */
    struct duet_play_note *next;
};

/* Told of each plan and of what became of its writes, before the base moves; and of what a test then looks at, right or not. */
struct duet_play_watcher {
    void (*begun)(void *data); /* people are about to edit */
    void (*planned)(void *data, const struct duet_changeset *changes,
                    const struct duet_result results[2]);
    void (*created)(void *data, enum duet_side target, const struct duet_record *origin,
                    const struct duet_new_record *record);
    void (*noted)(void *data, enum duet_side from, uint32_t trigger);
    void (*judged_field)(void *data, enum duet_side side, uint32_t number);
    void (*judged_note)(void *data, enum duet_side side);
    void (*judged_conflict)(void *data, uint32_t unit);
    void *data;
};

struct duet_play {
    const struct duet_rules *rules;
    struct duet_arena *arena;
    struct duet_record record[2];
    bool exists[2];
    struct duet_state *state; /* NULL: the records aren't linked */
    enum duet_serving serving[2];
    bool keeps_omitted[2]; /* the system keeps what a write leaves out */
    uint64_t signals;      /* TRIGGER rows, by number, that wait */
    struct duet_play_note *notes;
    struct duet_play_watcher watcher; /* its functions may be NULL */
    int64_t now;                      /* ticks: one on with each edit, read and write */

    /* Since duet_play_begin(). */
    struct duet_changeset *last; /* the last plan; NULL: none was made */
    unsigned writes[2];          /* creations too */
    unsigned notes_added;
    uint64_t conflicts;      /* units of which some value lost */
    struct duet_move *moves; /* one a unit: the last that did something, else of the last plan */
    const char
        *refused; /* what a system said to a write that its own rules forbid; NULL: nothing */
    const char *creation_held; /* why a record can't be created; NULL: nothing is in the way */
};

void duet_play_init(struct duet_play *play, const struct duet_rules *rules,
                    struct duet_arena *arena);

/* A value of a record, by the field's number within the side; `modified` moves with it as a system would have it. */
void duet_play_edit(struct duet_play *play, enum duet_side side, uint32_t field,
                    const struct duet_value *value);
void duet_play_note(struct duet_play *play, enum duet_side side, const char *text, bool old);

/* Both records are there: linked, never looked at. */
void duet_play_link(struct duet_play *play);

/* A new count of writes and conflicts: people are about to edit. */
void duet_play_begin(struct duet_play *play);

/* One read of both sides, one plan, its writes, and what is remembered of them. The records must be linked. */
void duet_play_round(struct duet_play *play);

/* A round in which neither system takes a write, after something else was edited on `later`: a change that is made there from now on is
 * known to be later than those that stand. The records must be linked. */
void duet_play_look(struct duet_play *play, enum duet_side later);

/* Rounds, or a creation and rounds, until two plans in a row write nothing. False when that doesn't happen. */
bool duet_play_settle(struct duet_play *play);
