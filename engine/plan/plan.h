/* The planner: two records as last read, the state of their link, and the signals told from outside -> a changeset. Pure: no clock,
 * no network, no disk; the same input gives the same changeset.
 *
 * The rules are those of the language's reference, section "Reconciling"; in short, for each unit (a field, or a whole group):
 *
 *     both agree            -> the base moves, nothing is written
 *     no base, or both moved with a base that no longer agrees -> first contact
 *     one side moved        -> it goes over when a trigger releases it, else it is pending
 *     both moved            -> the conflict policy says which goes over; the loser's value is kept
 *
 * then each target's own rules judge what would be written, component by component: refused -> held with a sentence. */
#pragma once

#include "engine/plan/relation.h"
#include "engine/plan/state.h"

enum duet_decision {
    DUET_NOTHING,
    DUET_ABSORBED, /* sides agree and the base moves, or a value outside the schema is kept as it is */
    DUET_MOVES,    /* `from`'s value goes to the other side */
    DUET_PENDING, /* changed, and no trigger releases it */
    DUET_HELD,    /* would be refused, or a person must decide */
    DUET_SHOWN,   /* changed on the side that a one-way field doesn't read */
    DUET_FROZEN,  /* a merged record freezes it */
    DUET_EMPTIED, /* by `clear` */
    DUET_DECISIONS
};

/* What was decided for one unit. Sentences are in the plan's arena. */
struct duet_move {
    uint32_t unit;
    enum duet_decision decision;
    enum duet_side from; /* MOVES, PENDING, SHOWN, HELD: the side whose value it is */
    bool conflict;       /* both had moved; the other side's value loses */
    bool by_policy; /* a conflict that its policy decided: not one of the two alone was released */
    bool first_contact;
    bool clear;           /* a `clear` takes part in it */
    uint32_t trigger;     /* TRIGGER row that released it, or DUET_NONE */
    const char *sentence; /* HELD: what is missing, for people; else NULL */
};

struct duet_changeset {
    const struct duet_state *before; /* borrowed */
    struct duet_pairs now;           /* as read */
    uint64_t known;                  /* units whose base is known after agreement was absorbed */
    struct duet_pairs base;          /* that base */
    struct duet_move *moves;         /* one a unit, in the units' order */
    uint64_t sent[2];                /* [target] units written there */
    uint64_t cleared;                /* units emptied by a `clear` that goes through */
    uint64_t clear_due;              /* units for which a `clear` holds, whatever became of it */
    uint64_t reopened;  /* units whose base must not move before the status' base does */
    uint64_t fields[2]; /* [target] fields written, by number within the side; 0: nothing */
    struct duet_value *after[2]; /* [target] all of the side's values with the writes on it */
    struct duet_pairs source;    /* the values as sent: what each write was made from */
    enum duet_side first; /* the target to write first; the other as duet_plan_goes_on() says */
    bool ordered;
    bool quarantined;     /* a value outside the schema and no rule for it: nothing is written */
    const char *sentence; /* why */
    struct duet_change_time *times[2]; /* [side][unit] when the values came to be */
    int64_t modified[2];
    uint64_t
        signals_done; /* TRIGGER rows (bits) whose signal was acted on once the writes are taken */
    uint32_t notes_by[2];   /* [origin] TRIGGER row that lets its new notes go over, or DUET_NONE */
    bool notes_released[2]; /* [origin] there is one */
};

struct duet_plan_input {
    const struct duet_rules *rules;
    const struct duet_record *record[2]; /* reads begun after our last write was answered */
    const struct duet_state *state;
    uint64_t signals;  /* TRIGGER rows, by number in MAPPING.triggers, whose signal is waiting */
    uint64_t withheld; /* units of which this plan writes nothing, whatever it decides of them */
    uint64_t
        still; /* units that agree and aren't looked at: who asks knows that they stand still */
};

/* Never fails. All of it in the arena. */
struct duet_changeset *duet_plan(const struct duet_plan_input *input, struct duet_arena *arena);

/* A mapped value outside the schema for which the mapping has no rule: nobody can plan with such a record. NULL: none. */
const char *duet_plan_stranger(const struct duet_rules *rules, enum duet_side side,
                               const struct duet_value *values, struct duet_arena *arena);

/* Of these units, the lowest and those that stand or fall with it on either side: what can be written by itself. 0 for none. */
uint64_t duet_plan_part(const struct duet_rules *rules, uint64_t units);

/* Nothing to write, to either side? */
static inline bool duet_changeset_quiet(const struct duet_changeset *changes)
{
    return !changes->fields[DUET_LEFT] && !changes->fields[DUET_RIGHT];
}

/* What became of the write to one side. */
enum duet_taken {
    DUET_NOT_WRITTEN, /* nothing was to be written, or it wasn't tried */
    DUET_TAKEN,       /* answered with success */
    DUET_REFUSED,     /* answered: never with these values; `sentence` says why */
    DUET_LOST,        /* no answer: it may have been applied */
    DUET_FAILED_TO    /* answered: not now (throttled, stale, down); nothing was applied */
};

struct duet_result {
    enum duet_taken taken;
    const struct duet_record *shows; /* what the target showed in its answer; NULL: it didn't */
    const char *sentence;
    int64_t sent_at;
};

/* Was it said yes to, though the answer shows another value? Then the next plan says what is held. */
bool duet_plan_shows_another(const struct duet_rules *rules, const struct duet_changeset *changes,
                             enum duet_side target, const struct duet_result *result,
                             struct duet_arena *arena);

/* May the other side be written, after `first` ended so? Always, unless a `clear` must be taken there before it empties its own side:
 * said yes to, and not shown to be kept all the same. */
bool duet_plan_goes_on(const struct duet_rules *rules, const struct duet_changeset *changes,
                       const struct duet_result *first, struct duet_arena *arena);

/* The link's state after the writes (results by target side); also for a changeset without writes. In the arena. */
struct duet_state *duet_plan_record(const struct duet_rules *rules,
                                    const struct duet_changeset *changes,
                                    const struct duet_result results[2], struct duet_arena *arena);

/* Before planning: settles what was sent and not yet seen, from reads that began at `read_at[side]`. False when a read is still too old
 * to plan on: wait for the next. `state` is changed in place. */
bool duet_state_settle(const struct duet_rules *rules, struct duet_state *state,
                       const struct duet_record *const record[2], const int64_t read_at[2],
                       struct duet_arena *arena);

/* A record made by duet from its origin: the values to create with, the fields that are known (by number within the target side), and
 * the state of the new link when all of them were taken. False when the mapping doesn't create `target` from this record. */
struct duet_new_record {
    uint64_t fields;
    struct duet_value *values;
    const char *held; /* not NULL: can't be created now; says why */
};
bool duet_plan_creation(const struct duet_rules *rules, enum duet_side target,
                        const struct duet_record *origin, struct duet_arena *arena,
                        struct duet_new_record *record_out);

/* The state of a link whose target record was just created with these fields from `origin`: they are to be confirmed by a read. */
struct duet_state *duet_state_created(const struct duet_rules *rules, enum duet_side target,
                                      const struct duet_record *origin,
                                      const struct duet_new_record *record, int64_t sent_at,
                                      struct duet_arena *arena);

/* NULL when the side takes the values; else what it lacks. `changed`: fields that are written; only rules that read one are judged. */
const char *duet_side_refuses(const struct duet_rules *rules, enum duet_side side,
                              const struct duet_value *before, const struct duet_value *after,
                              uint64_t changed, struct duet_arena *arena);

/* The same for one rule of the side; what it doesn't read may be anything. */
const char *duet_rule_refuses(const struct duet_rules *rules, enum duet_side side,
                              const struct duet_t_rule *rule, const struct duet_value *before,
                              const struct duet_value *after, struct duet_arena *arena);

/* The same, and the rule that says so; NULL for both when the values are taken. */
const struct duet_t_rule *duet_side_refusing(const struct duet_rules *rules, enum duet_side side,
                                             const struct duet_value *before,
                                             const struct duet_value *after, uint64_t changed,
                                             struct duet_arena *arena, const char **sentence_out);

/* The other side's values for a record, as if it were created now, link included: `duet map`. `mask_out`: fields that have one.
 * `problem` (may be NULL) is told each value that has no counterpart. */
typedef void (*duet_map_problem)(void *data, const struct duet_t_pair *pair,
                                 enum duet_conversion problem, const struct duet_value *value);
struct duet_value *duet_map_values(const struct duet_rules *rules, enum duet_side target,
                                   const struct duet_record *origin, struct duet_arena *arena,
                                   uint64_t *mask_out, duet_map_problem problem, void *data);
