/* What people do in a simulated world: which record, which value. */
#pragma once

#include "tests/torture/schedule.h"
#include "tests/torture/view.h"
#include "tests/torture/world.h"

struct pair {
    unsigned tenant;
    char name[48];   /* in the SIEM */
    char number[48]; /* in the SOAR; "" until it is there */
    unsigned notes;  /* written by people, on either side */
};

/* The incidents that are there before the engine first runs. */
void people_begin(struct world *world, struct pair pairs[SCHEDULE_PAIRS]);

/* The text of a pair's note, by its number. */
void people_note_text(const struct pair *pair, unsigned number, char *out, size_t size);

/* A deed of people (EVENT_EDIT to EVENT_MERGE). False: it couldn't be done, nothing was. */
bool people_do(struct world *world, struct pair pairs[SCHEDULE_PAIRS], const struct event *event);
