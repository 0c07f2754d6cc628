/* What the parts of a domain share while it grows; nobody else includes it. */
#pragma once

#include "engine/prove/domain.h"

struct duet_growing {
    const struct duet_rules *rules;
    const struct duet_tables *tables;
    struct duet_arena *arena;
    struct duet_domains domains;
    uint64_t mapped[2]; /* fields that rules map; others are read by conditions alone */
};

/* By the field's number within the side; what is there already isn't added. */
void duet_growing_add(struct duet_growing *growing, enum duet_side side, uint32_t number,
                      const struct duet_value *value);
void duet_growing_add_by_type(struct duet_growing *growing, enum duet_side side, uint32_t number);

/* --- domain_named.c: what conditions and the sides' rules compare a field with --- */

void duet_growing_add_named(struct duet_growing *growing);
