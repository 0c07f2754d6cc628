/* What could be written at a place: names that mean something there, and the grammar's keywords. */
#pragma once

#include "engine/lsp/context.h"
#include "engine/lsp/inside.h"

/* What is gathered for one answer. */
struct duet_proposals {
    const struct duet_context *context;
    struct duet_view *view; /* whose names are proposed */
    void (*add)(struct duet_proposals *proposals, const struct duet_symbol *symbol,
                const char *text);
    void (*add_word)(struct duet_proposals *proposals, const char *word, const char *help);
};

void duet_propose_names(struct duet_proposals *to);
/* Of what the grammar takes; where a name fits too, only those that mean something there. */
void duet_propose_keywords(struct duet_proposals *to, const struct duet_keywords *fitting);
