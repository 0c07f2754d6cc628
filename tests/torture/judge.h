/* Judges what an engine did in a simulated world by the statements of which the engine promises that they always hold. It looks at the
 * two systems, at what goes over the wire, and at what the store shows to people; it knows nothing of how the engine works, and its own
 * small table says which values agree.
 *
 *  1  every edit that a read has seen ends on both sides, or in a recorded conflict that keeps it, or visibly waiting
 *  2  a note stands once on each side, or is shown as uncertain
 *  3  what the engine wrote causes no write back
 *  4  after the last edit both sides agree within a few polls, and then nothing is written
 *  5  what was listed is in the inbox
 *  7  a write is intended in the store before it is sent
 *  9  nothing crosses tenants
 * 10  nothing is sent to an address that isn't configured
 * 11  no secret stands in the log or the store
 * 12  the work is bounded
 * 14  what is wrong with one record or tenant holds up no other */
#pragma once

#include "tests/torture/people.h"

enum { JUDGE_STATEMENTS = 14, JUDGE_EDITS_MAX = 512, JUDGE_TEXT = 400, JUDGE_READS = 64 };

/* What a person set. */
struct edit {
    unsigned pair;
    int side;
    enum unit unit;
    char value[VIEW_SIZE];
    uint64_t number; /* in the order of all edits */
    int64_t at_ms;
    bool is_seen;     /* an answer that was read showed it */
    bool is_arrived;  /* both sides agreed with it at some time, really or as they were last read */
    bool is_replaced; /* by a person on the same side, or it was no news to a read */
    bool is_written_over; /* by the engine, before it arrived */
};

/* What a system had when it answered a request, and how many edits there had been. */
struct judge_read {
    size_t edits;
    struct view views[SCHEDULE_PAIRS];
};

struct judge {
    struct world *world;
    struct pair pairs[SCHEDULE_PAIRS];
    struct view seen[SCHEDULE_PAIRS][WIRE_SYSTEMS]; /* as last looked at */
    struct view read[SCHEDULE_PAIRS][WIRE_SYSTEMS]; /* as the engine last read it */
    /* Unit by unit, what both sides agreed on as far as the engine knew: [0] now, [1] before. */
    struct view agreed[2][SCHEDULE_PAIRS][WIRE_SYSTEMS];
    struct judge_read reads[JUDGE_READS]; /* by number, the latest */
    uint64_t read_count;
    struct edit edits[JUDGE_EDITS_MAX];
    size_t edit_count;
    uint64_t writes; /* of the engine, that changed something */
    uint64_t requests;
    bool is_gone[SCHEDULE_PAIRS];      /* deleted or merged by a person */
    bool is_signalled[SCHEDULE_PAIRS]; /* "resync": the SOAR's values may go */
    bool is_reopened[SCHEDULE_PAIRS];  /* in the SOAR: the verdict may go */
    int64_t linked_ms[SCHEDULE_PAIRS]; /* when the SOAR's incident was there; 0: isn't */
    unsigned violated;                 /* statements, as bits by number */
    char text[JUDGE_TEXT];             /* of the first violation */
};

void judge_open(struct judge *judge, struct world *world);

/* A person did this, or tried to. */
void judge_deed(struct judge *judge, const struct event *event);

/* After the storm and some polls of rest: agreement, notes, secrets. */
void judge_rest(struct judge *judge);

/* What the store's ledger says of each pair, oldest first. */
void judge_tell_ledger(const struct judge *judge, FILE *out);

/* A statement is violated; the first text is kept. */
void judge_says(struct judge *judge, unsigned statement, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
