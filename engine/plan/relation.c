#include "engine/plan/relation.h"

#include <string.h>

#include "engine/record/expr.h"
#include "engine/record/times.h"

/* --- transforms ----------------------------------------------------------------------------------- */

/* Bytes of the longest start of `text` with at most `units` UTF-16 units that halves no character. */
static size_t bytes_within(const char *text, uint32_t units)
{
    size_t at = 0;
    uint32_t used = 0;
    while (text[at]) {
        unsigned char lead = (unsigned char)text[at];
        size_t length = lead < 0x80U ? 1 : lead < 0xe0U ? 2 : lead < 0xf0U ? 3 : 4;
        uint32_t width = length == 4 ? 2 : 1;
        if (used + width > units)
            break;
        for (size_t i = 0; i < length && text[at]; i++)
            at++;
        used += width;
    }
    return at;
}

uint32_t duet_text_units(const char *text)
{
    uint32_t units = 0;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if ((byte & 0xc0U) != 0x80U)
            units += byte >= 0xf0U ? 2 : 1;
    }
    return units;
}

static const char *trimmed(const char *text, struct duet_arena *arena)
{
    while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r')
        text++;
    size_t length = strlen(text);
    while (length && strchr(" \t\n\r", text[length - 1]))
        length--;
    return duet_arena_copy_text(arena, text, length);
}

static const char *in_case(const char *text, char first, char last, int shift,
                           struct duet_arena *arena)
{
    char *copy = duet_arena_copy_text(arena, text, strlen(text));
    for (char *c = copy; *c; c++) {
        if (*c >= first && *c <= last)
            *c = (char)(*c + shift);
    }
    return copy;
}

static const char *transformed(const struct duet_tables *tables,
                               const struct duet_t_transform *transform, const char *text,
                               struct duet_arena *arena)
{
    switch ((enum duet_transform_kind)transform->kind) {
    case DUET_TRANSFORM_TRUNCATE:
        return duet_arena_copy_text(arena, text, bytes_within(text, transform->number));
    case DUET_TRANSFORM_TRIM:
        return trimmed(text, arena);
    case DUET_TRANSFORM_LOWER:
        return in_case(text, 'A', 'Z', 'a' - 'A', arena);
    case DUET_TRANSFORM_UPPER:
        return in_case(text, 'a', 'z', 'A' - 'a', arena);
    case DUET_TRANSFORM_PREFIX:
        return duet_arena_format(arena, "%s%s", duet_opt_str(tables, transform->text), text);
    case DUET_TRANSFORMS:
        break;
    }
    return text;
}

/* Towards the left, backwards: a prefix is taken off, what has no inverse is left as it is. */
static const char *untransformed(const struct duet_tables *tables,
                                 const struct duet_t_transform *transform, const char *text)
{
    if (transform->kind != DUET_TRANSFORM_PREFIX)
        return text;
    const char *prefix = duet_opt_str(tables, transform->text);
    return strncmp(text, prefix, strlen(prefix)) == 0 ? text + strlen(prefix) : text;
}

/* --- between types, through text -------------------------------------------------------------------- */

static const char *as_text(const struct duet_tables *tables, const struct duet_t_field *field,
                           const struct duet_value *value, struct duet_arena *arena)
{
    if (value->kind == DUET_VALUE_TIME) {
        char text[DUET_TIME_TEXT_MAX];
        bool printed = duet_time_print(DUET_TIME_RFC3339, NULL, value->number, text);
        return printed ? duet_arena_format(arena, "%s", text) : "";
    }
    return value->kind == DUET_VALUE_TEXT ? value->text
                                          : duet_value_show(tables, field, value, arena);
}

/* What is converted becomes a text, or an integer a number. */
static struct duet_value from_text(const struct duet_t_field *field, const char *text)
{
    return (struct duet_value){ .kind = field->type == DUET_TYPE_NUMBER ? DUET_VALUE_NUMBER
                                                                        : DUET_VALUE_TEXT,
                                .text = text };
}

static struct duet_value convert_through_text(const struct duet_rules *rules,
                                              const struct duet_t_pair *pair, enum duet_side from,
                                              const struct duet_value *value,
                                              struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *source = duet_field_row(tables, duet_pair_field(pair, from));
    const struct duet_t_field *target =
        duet_field_row(tables, duet_pair_field(pair, duet_other(from)));
    const char *text = as_text(tables, source, value, arena);
    for (uint32_t i = 0; i < pair->transforms_count; i++) {
        if (from == DUET_LEFT)
            text =
                transformed(tables, duet_transform_row(tables, pair->transforms + i), text, arena);
        else
            text = untransformed(
                tables,
                duet_transform_row(tables, pair->transforms + pair->transforms_count - 1 - i),
                text);
    }
    return from_text(target, text);
}

/* --- enums and persons ------------------------------------------------------------------------------- */

static enum duet_conversion convert_enum(const struct duet_rules *rules,
                                         const struct duet_t_pair *pair, enum duet_side from,
                                         const struct duet_value *value,
                                         struct duet_value *value_out)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_map *map = duet_map_row(tables, pair->map);
    uint32_t words = from == DUET_LEFT ? map->to_right : map->to_left;
    uint32_t count = from == DUET_LEFT ? map->to_right_count : map->to_left_count;
    if (value->number < 0 || value->number >= count)
        return DUET_CONVERSION_UNKNOWN;
    uint32_t index = duet_word_row(tables, words + (uint32_t)value->number)->bits;
    if (index == DUET_NONE)
        return DUET_CONVERSION_NONE;
    const struct duet_t_enum *values =
        duet_enum_row(tables, from == DUET_LEFT ? map->right : map->left);
    *value_out = (struct duet_value){
        .kind = DUET_VALUE_ENUM,
        .number = index,
        .text = duet_str(tables, duet_value_row(tables, values->values + index)->name)
    };
    return DUET_CONVERTED;
}

static enum duet_conversion convert_person(const struct duet_rules *rules,
                                           const struct duet_t_pair *pair, enum duet_side from,
                                           const struct duet_value *value,
                                           struct duet_value *value_out)
{
    uint32_t target = duet_pair_field(pair, duet_other(from));
    const struct duet_t_field *field = duet_field_row(rules->tables, target);
    const struct duet_persons *persons = duet_rules_persons(rules, target);
    for (uint32_t k = 0; persons && k < field->keys_count; k++) {
        const char *key =
            duet_str(rules->tables, duet_person_key_row(rules->tables, field->keys + k)->key);
        const char *cell =
            duet_persons_cell(persons, (uint32_t)value->number, duet_other(from), key);
        if (cell) {
            *value_out = (struct duet_value){ .kind = DUET_VALUE_PERSON,
                                              .number = value->number,
                                              .text = cell };
            return DUET_CONVERTED;
        }
    }
    return DUET_CONVERSION_NO_KEY;
}

/* --- times ---------------------------------------------------------------------------------------- */

/* What the side's field can show of the value: one system writes whole seconds, another fractions. */
static struct duet_value shown_there(const struct duet_tables *tables,
                                     const struct duet_t_pair *pair, enum duet_side side,
                                     const struct duet_value *value)
{
    return duet_value_shown(tables, duet_field_row(tables, duet_pair_field(pair, side)), value);
}

/* As far as both sides can show them. */
static bool times_agree(const struct duet_tables *tables, const struct duet_t_pair *pair,
                        const struct duet_value *left, const struct duet_value *right)
{
    const struct duet_value from_left = shown_there(tables, pair, DUET_RIGHT, left);
    const struct duet_value from_right = shown_there(tables, pair, DUET_LEFT, right);
    return duet_value_equal(&from_left, &from_right);
}

/* --- the pair ----------------------------------------------------------------------------------------- */

static bool default_of(const struct duet_rules *rules, const struct duet_t_pair *pair,
                       enum duet_side side, struct duet_value *value_out)
{
    uint32_t expr = side == DUET_LEFT ? pair->default_left : pair->default_right;
    if (expr == DUET_NONE)
        return false;
    *value_out = duet_expr_constant(rules->tables, duet_expr_row(rules->tables, expr));
    return true;
}

struct duet_value duet_pair_reading(const struct duet_t_pair *pair, enum duet_side side,
                                    const struct duet_value *value)
{
    if (duet_value_known(value) || pair->unknown != DUET_UNKNOWN_VALUE)
        return *value;
    uint32_t index = side == DUET_LEFT ? pair->unknown_left : pair->unknown_right;
    if (index == DUET_NONE)
        return *value;
    return (struct duet_value){ .kind = DUET_VALUE_ENUM, .number = index, .text = value->text };
}

enum duet_conversion duet_pair_convert(const struct duet_rules *rules,
                                       const struct duet_t_pair *pair, enum duet_side from,
                                       const struct duet_value *value, struct duet_arena *arena,
                                       struct duet_value *value_out)
{
    enum duet_conversion conversion = DUET_CONVERTED;
    if (!duet_value_known(value))
        return DUET_CONVERSION_UNKNOWN;
    if (duet_value_missing(value)) {
        if (!default_of(rules, pair, duet_other(from), value_out))
            *value_out = (struct duet_value){ 0 };
        return DUET_CONVERTED;
    }
    switch ((enum duet_relation)pair->relation) {
    case DUET_RELATION_ENUM:
        conversion = convert_enum(rules, pair, from, value, value_out);
        break;
    case DUET_RELATION_PERSON:
        conversion = convert_person(rules, pair, from, value, value_out);
        break;
    case DUET_RELATION_SAME:
        *value_out = shown_there(rules->tables, pair, duet_other(from), value);
        if (value->kind == DUET_VALUE_TEXT)
            *value_out = convert_through_text(rules, pair, from, value, arena);
        break;
    case DUET_RELATION_CONVERT:
        *value_out = convert_through_text(rules, pair, from, value, arena);
        break;
    case DUET_RELATIONS:
        break;
    }
    if (conversion == DUET_CONVERSION_NONE && default_of(rules, pair, duet_other(from), value_out))
        return DUET_CONVERTED;
    return conversion;
}

static bool enums_agree(const struct duet_rules *rules, const struct duet_t_pair *pair,
                        const struct duet_value *left, const struct duet_value *right)
{
    const struct duet_t_map *map = duet_map_row(rules->tables, pair->map);
    uint32_t columns = duet_enum_row(rules->tables, map->right)->values_count;
    if (left->number < 0 || left->number >= map->to_right_count || right->number < 0 ||
        right->number >= columns)
        return false;
    return duet_matrix_bit(rules->tables, map->agree, columns, (uint32_t)left->number,
                           (uint32_t)right->number);
}

/* Does what `from` shows become what the other side shows? */
static bool becomes(const struct duet_rules *rules, const struct duet_t_pair *pair,
                    enum duet_side from, const struct duet_value *value,
                    const struct duet_value *other, struct duet_arena *arena)
{
    struct duet_value made;
    return duet_pair_convert(rules, pair, from, value, arena, &made) == DUET_CONVERTED &&
           duet_value_equal(&made, other);
}

bool duet_pair_agree(const struct duet_rules *rules, const struct duet_t_pair *pair,
                     const struct duet_value *left, const struct duet_value *right,
                     struct duet_arena *arena)
{
    if (!duet_value_known(left) || !duet_value_known(right))
        return false;
    if (duet_value_missing(left) && duet_value_missing(right))
        return true;
    if (duet_value_missing(left) || duet_value_missing(right))
        return becomes(rules, pair, duet_value_missing(left) ? DUET_LEFT : DUET_RIGHT,
                       duet_value_missing(left) ? left : right,
                       duet_value_missing(left) ? right : left, arena);
    switch ((enum duet_relation)pair->relation) {
    case DUET_RELATION_ENUM:
        return enums_agree(rules, pair, left, right);
    case DUET_RELATION_PERSON:
        return left->number == right->number;
    case DUET_RELATION_SAME:
    case DUET_RELATION_CONVERT: {
        if (left->kind == DUET_VALUE_TIME && right->kind == DUET_VALUE_TIME)
            return times_agree(rules->tables, pair, left, right);
        enum duet_side from = pair->direction == DUET_TO_LEFT ? DUET_RIGHT : DUET_LEFT;
        return becomes(rules, pair, from, from == DUET_LEFT ? left : right,
                       from == DUET_LEFT ? right : left, arena);
    }
    case DUET_RELATIONS:
        break;
    }
    return false;
}
