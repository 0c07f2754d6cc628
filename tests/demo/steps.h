/* The story of the demo: who edits what where, what must arrive on the other side, and at what price. */
#pragma once

#include "tests/lab/incident.h"

enum { DEMO_FIRST, DEMO_SECOND, DEMO_BETA, DEMO_INCIDENTS };

struct demo {
    struct lab lab;
    struct lab_incident incidents[DEMO_INCIDENTS]; /* two of acme, one of beta */
};

enum { DEMO_ANY_NUMBER = -1 };

struct demo_step {
    const char *edit;    /* what a person does, for people */
    const char *arrives; /* what comes of it */
    void (*act)(struct demo *demo);
    bool (*arrived)(struct demo *demo);
    int siem_writes; /* requests that write there, exactly */
    int soar_writes;
};

extern const struct demo_step DEMO_STEPS[];
extern const size_t DEMO_STEP_COUNT;
