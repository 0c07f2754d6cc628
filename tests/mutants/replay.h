/* A story that the prover tells (`story` in `duet check --format json`), played by two simulated systems and `duet run`. Judged by what
 * stands there and what was requested; nothing here knows the prover or the planner. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

struct replay {
    bool started;    /* the engine ran at all; else nothing below is known */
    bool prepared;   /* both sides came to rest as the story has it before the edits */
    unsigned rounds; /* of those after the edits, how many wrote something */
    bool at_rest;    /* the last two wrote nothing */
    bool agrees;     /* what was edited says the same on both sides, as a person reads it */
    bool is_held;    /* `duet held` tells people of something that is missing or was refused */
    bool is_edited;  /* each edited value stands where it was edited */
    char both[512];  /* what both sides say, for a message */
};

/* After the edits each round begins with an edit of what no rule maps, so that both records are read again.
 *
 * `mapping`: the file to run. The records are made, linked and brought to `before` under the shipped mapping.
 * `mark`: what a comment in the SOAR begins with when it says the same as one in Sentinel; may be NULL.
 * `soar_switch`: a switch of the simulated SOAR that is turned on; may be NULL. */
struct replay replay_story(const char *mapping, const json_t *story, const char *mark,
                           const char *soar_switch);

/* Whether `before` says the same on both sides as a person reads it: else the shipped mapping can't be asked the same. */
bool replay_is_fair(const json_t *story);
