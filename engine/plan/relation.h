/* One field of the mapping: when two values agree, and what one becomes on the other side. */
#pragma once

#include "engine/record/rules.h"
#include "engine/record/value.h"

enum duet_conversion {
    DUET_CONVERTED,
    DUET_CONVERSION_NONE,    /* no arm leads there */
    DUET_CONVERSION_UNKNOWN, /* the value is outside the schema or the table */
    DUET_CONVERSION_NO_KEY   /* the person has no key that the other system knows */
};

/* The arms' relation on known values; times as far as both sides can show them; missing equals only missing, or the pair's `default`. Unknown values agree with nothing. */
bool duet_pair_agree(const struct duet_rules *rules, const struct duet_t_pair *pair,
                     const struct duet_value *left, const struct duet_value *right,
                     struct duet_arena *arena);

/* The value of side `from`, as the other side writes it. Into the arena. */
enum duet_conversion duet_pair_convert(const struct duet_rules *rules,
                                       const struct duet_t_pair *pair, enum duet_side from,
                                       const struct duet_value *value, struct duet_arena *arena,
                                       struct duet_value *value_out);

/* What `unknown VALUE` makes of a value; other values stay as they are. */
struct duet_value duet_pair_reading(const struct duet_t_pair *pair, enum duet_side side,
                                    const struct duet_value *value);

/* Length in UTF-16 units, as `max` counts. */
uint32_t duet_text_units(const char *text);
