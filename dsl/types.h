/* Questions about types: what a written type is in the tables, how it reads, what goes with what. */
#pragma once

#include "dsl/model.h"

/* False for what no field of a record can be: secret, duration, notes. */
bool duet_types_of_field(const struct duet_ast_type *type, enum duet_type *type_out);

/* "an enum", "a text": for messages. */
const char *duet_types_name(enum duet_type type);
const char *duet_types_field_name(const struct duet_m_field *field); /* says html and ordered too */

enum duet_types_fit {
    DUET_FITS,
    DUET_FITS_ONE_WAY, /* through text, from the first to the second only */
    DUET_FITS_NEVER,
};

/* How values of one field can be mapped to another's; relation_out is set unless they never fit. */
enum duet_types_fit duet_types_relation(const struct duet_m_field *from,
                                        const struct duet_m_field *to,
                                        enum duet_relation *relation_out);

/* A value that names an enum's value: the word, or the digits of a number; NULL for others. */
struct duet_arena;
const char *duet_types_value_word(struct duet_arena *arena, const struct duet_ast_value *value);
