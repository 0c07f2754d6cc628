/* Fields first, so that every reference to one is known; then the sides, then the mapping. */
#include "dsl/lower.h"

#include "dsl/lower_parts.h"

unsigned char *duet_lower(const struct duet_checker *check, const struct duet_m_mapping *mapping,
                          size_t *size_out)
{
    struct duet_checker quiet = duet_checker_quietly(check);
    struct duet_lower lower = { .builder = duet_tables_builder_new(),
                                .check = &quiet,
                                .mapping = mapping,
                                .first_field = { 0, mapping->records[DUET_LEFT]->count } };
    struct duet_t_side sides[2] = { { 0 }, { 0 } };
    for (int side = 0; side < 2; side++)
        duet_lower_fields(&lower, (enum duet_side)side);
    for (int side = 0; side < 2; side++) {
        duet_lower_record(&lower, (enum duet_side)side, &sides[side]);
        duet_lower_http(&lower, (enum duet_side)side, &sides[side]);
    }
    for (int side = 0; side < 2; side++)
        duet_build_row(lower.builder, DUET_SECTION_SIDE, &sides[side]);
    duet_lower_mapping(&lower);

    unsigned char *bytes = duet_build_finish(lower.builder, size_out);
    duet_tables_builder_free(lower.builder);
    return bytes;
}
