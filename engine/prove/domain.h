/* The values that stand for all that a field can hold in a proof.
 *
 * Enums and booleans are enumerated. Of texts, numbers, times and lists the rules see only whether two are the same, whether one is
 * missing, too long or what a condition names; so a few stand for all. Persons: two rows of the table, and one whom it doesn't know.
 * What a value becomes on the other side stands there too. Pure; all of it in the arena. */
#pragma once

#include "engine/plan/plan.h"

#define DUET_DOMAIN_MAX 64U /* values of one field; an enum with more can't be proved */

struct duet_domain {
    const struct duet_value *values; /* MISSING first */
    uint32_t count;
};

/* Where `value` stands in the domain; DUET_NONE when it isn't there. */
uint32_t duet_domain_find(const struct duet_domain *domain, const struct duet_value *value);

struct duet_domains {
    struct duet_domain *side[2]; /* by field number; count 0: a field that no rule reads */
    const char *too_many;        /* NULL, or the field that has more than DUET_DOMAIN_MAX */
};

/* Of the fields in `fields[side]` and of those that they are mapped to. */
struct duet_domains duet_domains_of(const struct duet_rules *rules, const uint64_t fields[2],
                                    struct duet_arena *arena);

/* Two persons who stand for all of any table; the caller frees them. The rules with them in the place of every table that the mapping
 * names, in the arena. */
struct duet_persons *duet_domain_persons(const struct duet_tables *tables);
struct duet_rules duet_domain_rules(const struct duet_tables *tables,
                                    const struct duet_persons *persons, struct duet_arena *arena);
