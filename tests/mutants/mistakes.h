/* Mistakes that are made one at a time, and what finds each. */
#pragma once

#include <stddef.h>

#define TRIAL_NAME 128

enum trial_outcome {
    TRIAL_NO_ANSWER,   /* the trial crashed or took too long */
    TRIAL_NO_LANGUAGE, /* it doesn't parse: nobody could make this mistake and go on */
    TRIAL_BY_CHECK,
    TRIAL_BY_PROOF,
    TRIAL_BY_TEST, /* one that stands in a mapping file */
    TRIAL_BY_CASE, /* a text of tests/cases/ and what must be said of it */
    TRIAL_BY_UNIT,
    TRIAL_UNREACHED, /* nothing that could find it comes by */
    TRIAL_SURVIVES
};

struct trial {
    enum trial_outcome outcome;
    char name[TRIAL_NAME]; /* the finding's code, or the first test that fails */
};

struct mistake {
    const char *file;
    unsigned line;
    const char *kind;
    const char *name; /* of no two the same */
};

/* `of` is whatever the functions know more. */
struct mistakes {
    struct mistake *list;
    size_t count;
    void *of;
    /* Before the first trial. Ends the program when something is found where there is no mistake. */
    void (*prepare)(void *of);
    /* Each is called in a process of its own. */
    struct trial (*try_one)(const void *of, size_t index);
};
