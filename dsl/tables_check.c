#include "dsl/tables_check.h"

enum duet_status duet_tables_check(const struct duet_tables *tables, struct duet_error *error)
{
    if (tables->sections[DUET_SECTION_SIDE].count != 2)
        return duet_fail(error, DUET_INVALID, "rule tables: %u sides, expected 2",
                         (unsigned)tables->sections[DUET_SECTION_SIDE].count);
    if (tables->sections[DUET_SECTION_MAPPING].count != 1)
        return duet_fail(error, DUET_INVALID, "rule tables: %u mappings, expected 1",
                         (unsigned)tables->sections[DUET_SECTION_MAPPING].count);
    return DUET_OK;
}
