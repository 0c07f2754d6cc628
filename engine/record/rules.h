/* What one tenant's records are judged by: the rule tables and its persons. Everything in engine/record and engine/plan takes it. */
#pragma once

#include "engine/record/persons.h"

/* Borrowed parts, shared by any number of tenants with the same mapping; immutable while used. `persons` may be NULL: then every
 * person is unknown. */
struct duet_rules {
    const struct duet_tables *tables;
    const struct duet_person_table {
        const char *name;
        const struct duet_persons *persons;
    } * person_tables;
    size_t person_table_count;
};

/* The table that a person field of a side goes through, by the pair that maps it; NULL: none given. */
const struct duet_persons *duet_rules_persons(const struct duet_rules *rules, uint32_t field);
