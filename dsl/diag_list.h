/* What a finding is made of: shared by dsl/diag.c and the renderers, nobody else. */
#pragma once

#include "dsl/diag.h"

struct duet_diag {
    enum duet_diag_code code;
    struct duet_span at;
    const char *message;
    const char *label;
    const char *help;
    const char *context;
    const char *story;
    struct duet_diag_note *notes, *last_note;
    struct duet_diag_note *facts, *last_fact;
    struct duet_diag_fix *fixes, *last_fix;
    struct duet_arena *arena;
    size_t order; /* of adding: the last key when sorting */
};
