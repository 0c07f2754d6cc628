/* What happens in a simulated world, and when: people's deeds and faults, drawn from a seed. The same seed gives the same schedule, and
 * leaving out an event leaves the others as they are, so that a schedule that fails can be made short. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCHEDULE_MAX = 96, SCHEDULE_PAIRS = 4 };

#define SCHEDULE_STORM_MS INT64_C(240000) /* after it people rest and nothing fails any more */

/* The faults of the list, by their numbers there. */
#define SCHEDULE_FAULTS(X)                                                                         \
    X(CRASH, "F1", "the engine stops dead and starts again")                                       \
    X(REPLY, "F5", "a reply is lost, cut, or nonsense after the system acted")                     \
    X(REPEAT, "F6", "signals come twice or never")                                                 \
    X(PEOPLE, "F7", "people edit both sides while a round is under way")                           \
    X(SERVER, "F8", "429 and 5xx, Retry-After in all forms, a server that is down or hangs")       \
    X(CLOCK, "F9", "the engine's clock steps; times are coarse; incidents are listed late")        \
    X(PAGES, "F10", "pages are small and people edit while they are read; nextLink misleads")      \
    X(TOKEN, "F12", "401 in mid-page, logins that fail")                                           \
    X(LIFE, "F20", "records are deleted, merged, made; verdicts nobody can send")

enum schedule_fault {
#define SCHEDULE_ENUM(name, number, meaning) FAULT_##name,
    SCHEDULE_FAULTS(SCHEDULE_ENUM)
#undef SCHEDULE_ENUM
        SCHEDULE_FAULT_COUNT
};

const char *schedule_fault_number(enum schedule_fault fault);
const char *schedule_fault_meaning(enum schedule_fault fault);

enum event_kind {
    EVENT_EDIT,   /* `which`: a value of `unit`, on `side`, of `pair` */
    EVENT_NOTE,   /* on `side` of `pair` */
    EVENT_DELETE, /* the record on `side` */
    EVENT_MERGE,
    EVENT_SIGNAL, /* `which`: how often it comes, 0 to 2 */
    EVENT_CRASH,  /* `which`: ms until it starts again */
    EVENT_CRASH_AFTER, /* `which` more commits are made, then it stops; `side`: before or after the last */
    EVENT_REQUEST, /* to `side`: the next of kind `unit` but `pair` ends by deed `which` */
    EVENT_DOWN,    /* `side` is down for `which` ms */
    EVENT_SLOW,    /* all takes `which` ms longer, each way; 0 ends it */
    EVENT_STEP,    /* the engine's clock steps by `which` minutes less 24 hours */
    EVENT_SWITCH   /* `which`: a row of the switches that a system may be set to */
};

struct event {
    int64_t at_ms;
    enum event_kind kind;
    int side;
    unsigned pair, unit, which;
    enum schedule_fault fault; /* why it is there; FAULT_PEOPLE for deeds of people */
    bool is_left_out;
};

struct schedule {
    uint64_t seed;
    unsigned faults;                   /* those it has, as bits */
    struct event events[SCHEDULE_MAX]; /* by time */
    size_t count;
};

/* `only`: the faults that may be drawn, as bits; 0: all. */
void schedule_draw(struct schedule *schedule, uint64_t seed, unsigned only);
