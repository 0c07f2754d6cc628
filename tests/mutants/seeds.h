/* Mistakes that somebody could make in the shipped mapping, each with the law that it breaks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/mutants/edit.h"

/* What goes wrong when such a mapping is run all the same. */
enum seed_wrong {
    SEED_REFUSED,    /* nothing: the engine doesn't start with it */
    SEED_RUNS_ON,    /* writes answer each other: more than two rounds write */
    SEED_STAYS,      /* all is quiet, and what was edited isn't on the other side */
    SEED_HELD,       /* the same, and it is held for good: the other side can't take it */
    SEED_GONE,       /* what a person edited isn't there any more, and nobody else edited it */
    SEED_NEXT_GONE,  /* all is well; but of the next edit nothing is left */
    SEED_IN_VAIN,    /* what stood there already is written */
    SEED_OTHER_WINS, /* of two edits the one is kept that should have lost */
};

struct seed {
    const char *name;
    const char *law; /* as language.md calls it */
    const char *code;
    enum seed_wrong wrong;
    struct mutant_edit edits[4];
    bool
        is_of_its_form; /* only the form with the mistake offers what is chosen: what the shipped form has for that class is chosen there */
    struct mutant_edit control
        [4]; /* none: the same story must go well under the shipped mapping; else under it with these edits */
    const char *
        soar_switch; /* NULL, or the simulated SOAR's switch that makes it as strict as the mistake says */
    const char *
        patch; /* NULL, or the mistake is the engine's own, not the mapping's: patches/NAME.patch */
    const char *
        unit; /* NULL: the first finding with the code; else the first that is of this field or group */
    const char *status; /* SEED_NEXT_GONE: the next edit, in Sentinel */
    const char *winner; /* of two edits, a side; NULL: the later one */
    const char *mark;   /* NULL, or what the mistake puts in front of a comment in the SOAR */
};

extern const struct seed SEEDS[];
extern const size_t SEED_COUNT;
