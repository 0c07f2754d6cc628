/* The story that the demo tells and tests repeat: who edits what where, what must arrive on the other side, and at what price. */
#pragma once

#include "tests/lab/incident.h"

enum { STORY_FIRST, STORY_SECOND, STORY_BETA, STORY_INCIDENTS };

struct story {
    struct lab lab;
    struct lab_incident incidents[STORY_INCIDENTS]; /* two of acme, one of beta */
};

enum { STORY_ANY_NUMBER = -1 };

struct story_step {
    const char *edit;    /* what a person does, for people */
    const char *arrives; /* what comes of it */
    void (*act)(struct story *story);
    bool (*arrived)(struct story *story);
    bool by_hook;    /* what is done reaches the engine only through a webhook */
    int siem_writes; /* requests that write there, exactly */
    int soar_writes;
};

extern const struct story_step STORY_STEPS[];
extern const size_t STORY_STEP_COUNT;
