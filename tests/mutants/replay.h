/* A story that the prover tells (`story` in `duet check --format json`), played by two simulated systems and `duet run`. Judged by what
 * stands there and what was requested; nothing here knows the prover or the planner. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

struct replay {
    bool started;    /* the engine ran at all; else nothing below but `said` is known */
    bool prepared;   /* both sides came to rest as the story has it before the edits */
    unsigned rounds; /* of those after the edits, how many wrote something */
    bool at_rest;    /* the last two wrote nothing */
    bool agrees; /* all that the story tells of says the same on both sides, as a person reads it */
    bool is_held;      /* `duet held` tells people of something that is missing or was refused */
    bool is_edited[2]; /* each value edited in the SOAR, or in Sentinel, stands there */
    unsigned in_vain;  /* values written that stood there already: in_vain.h */
    bool keeps_status; /* the status that Sentinel was given at the end stands on both sides */
    char both[512];    /* what both sides say, for a message */
    char said[4096];   /* by the engine when it didn't start */
};

struct replay_order {
    const char *
        mapping; /* the file to run. Records are made, linked and brought to `before` under the shipped mapping */
    const json_t *story;
    const char *
        mark; /* what a comment in the SOAR begins with when it says the same as one in Sentinel; may be NULL */
    const char *soar_switch; /* a switch of the simulated SOAR that is turned on; may be NULL */
    const char *status;      /* given to Sentinel when all is over; may be NULL */
};

/* After the edits each round begins with an edit of what no rule maps, so that both records are read again. A signal comes behind the
 * edits, while the engine listens. Where the story says whose edit is the later one, the other one is read first, while no write gets through. */
struct replay replay_story(const struct replay_order *order);

/* Whether `before` says the same on both sides as a person reads it: else the shipped mapping can't be asked the same. */
bool replay_is_fair(const json_t *story);
