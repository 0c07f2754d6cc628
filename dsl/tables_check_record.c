/* A side's record: fields, what they are made of, the rules about them, and its notes. */
#include "dsl/tables_check.h"

#include <ctype.h>
#include <string.h>

#define FIELD_FLAGS                                                                                \
    (DUET_FIELD_REQUIRED | DUET_FIELD_READ_ONLY | DUET_FIELD_AS_TEXT | DUET_FIELD_SCALAR |         \
     DUET_FIELD_WHOLE)
#define MOST_DIGITS 18U /* of a number on the wire: fits 64 bits */

/* --- rows that belong to no side -------------------------------------------------------------------- */

static bool is_whole_number(const char *text)
{
    size_t sign = text[0] == '-';
    size_t digits = 0;
    while (digits <= MOST_DIGITS && isdigit((unsigned char)text[sign + digits]))
        digits++;
    return digits > 0 && digits <= MOST_DIGITS && text[sign + digits] == '\0';
}

static bool check_enum(struct duet_check *check, uint32_t row)
{
    const struct duet_t_enum *values = duet_enum_row(check->tables, row);
    return duet_check_that(check,
                           values->values_count > 0 && values->values_count <= DUET_MAX_VALUES,
                           DUET_SECTION_ENUM, row, "an enum has 1 to 4096 values") &&
           duet_check_that(check, values->ordered <= 1, DUET_SECTION_ENUM, row,
                           "'ordered' is 0 or 1");
}

static bool check_value(struct duet_check *check, uint32_t row)
{
    const struct duet_t_value *value = duet_value_row(check->tables, row);
    const char *wire =
        duet_str(check->tables, value->wire == DUET_NONE ? value->name : value->wire);
    return duet_check_that(check, value->wire_number <= 1, DUET_SECTION_VALUE, row,
                           "'wire_number' is 0 or 1") &&
           duet_check_that(check, value->wire_number == 0 || is_whole_number(wire),
                           DUET_SECTION_VALUE, row, "'wire' is no number");
}

static bool check_transform(struct duet_check *check, uint32_t row)
{
    const struct duet_t_transform *transform = duet_transform_row(check->tables, row);
    return duet_check_that(check,
                           transform->kind != DUET_TRANSFORM_TRUNCATE || transform->number > 0,
                           DUET_SECTION_TRANSFORM, row, "cut to 'number' 0") &&
           duet_check_that(check,
                           transform->kind != DUET_TRANSFORM_PREFIX || transform->text != DUET_NONE,
                           DUET_SECTION_TRANSFORM, row, "a prefix without 'text'");
}

bool duet_check_plain_rows(struct duet_check *check)
{
    const struct duet_tables *tables = check->tables;
    bool sound = true;
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_ENUM].count; i++)
        sound = check_enum(check, i);
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_VALUE].count; i++)
        sound = check_value(check, i);
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_PATH].count; i++)
        sound = duet_check_that(check, duet_path_row(tables, i)->steps_count <= DUET_MAX_STEPS,
                                DUET_SECTION_PATH, i, "a path has 64 steps at most");
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_STEP].count; i++)
        sound = duet_check_that(check, duet_step_row(tables, i)->each <= 1, DUET_SECTION_STEP, i,
                                "'each' is 0 or 1");
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_TRANSFORM].count; i++)
        sound = check_transform(check, i);
    return sound;
}

/* --- fields ------------------------------------------------------------------------------------------- */

static bool check_dependence(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_field *field = duet_field_row(check->tables, row);
    uint32_t values = duet_check_value_count(check, row);
    if (!duet_check_that(check, field->moves_count == 0 || values > 0, DUET_SECTION_FIELD, row,
                         "only an enum has 'moves'") ||
        !duet_check_that(
            check,
            field->moves_count == 0 ||
                duet_check_matrix(check, field->moves, field->moves_count, values, values),
            DUET_SECTION_FIELD, row, "'moves' doesn't fit the values"))
        return false;
    if (field->depends == DUET_NONE)
        return duet_check_that(check, field->legal_count == 0, DUET_SECTION_FIELD, row,
                               "'legal' without 'depends'");
    return duet_check_that(check,
                           values > 0 && duet_check_is_own_field(check, side, field->depends) &&
                               duet_check_value_count(check, field->depends) > 0,
                           DUET_SECTION_FIELD, row, "an enum depends on an enum of its side") &&
           duet_check_that(check,
                           duet_check_matrix(check, field->legal, field->legal_count,
                                             duet_check_value_count(check, field->depends), values),
                           DUET_SECTION_FIELD, row, "'legal' doesn't fit the values");
}

static bool check_field(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_field *field = duet_field_row(check->tables, row);
    bool is_person = field->type == DUET_TYPE_PERSON;
    return duet_check_steps(check, (uint64_t)field->keys_count + field->empty_also_count,
                            DUET_SECTION_FIELD, row) &&
           duet_check_that(check, (field->type == DUET_TYPE_ENUM) == (field->values != DUET_NONE),
                           DUET_SECTION_FIELD, row, "an enum has 'values', nothing else does") &&
           duet_check_that(check, is_person == (field->keys_count != 0), DUET_SECTION_FIELD, row,
                           "a person has 'keys', nothing else does") &&
           duet_check_that(check, (field->flags & ~(uint32_t)FIELD_FLAGS) == 0, DUET_SECTION_FIELD,
                           row, "a flag that doesn't exist") &&
           duet_check_that(check, is_person || (field->flags & DUET_FIELD_SCALAR) == 0,
                           DUET_SECTION_FIELD, row, "only a person is scalar or not") &&
           duet_check_that(check, duet_path_row(check->tables, field->path)->steps_count > 0,
                           DUET_SECTION_FIELD, row, "'path' has no steps") &&
           duet_check_that(check, field->empty != DUET_EMPTY_TEXT || field->empty_text != DUET_NONE,
                           DUET_SECTION_FIELD, row, "'empty_text' is missing") &&
           duet_check_that(check,
                           field->time_unit != DUET_TIME_FORMAT || field->time_format != DUET_NONE,
                           DUET_SECTION_FIELD, row, "'time_format' is missing") &&
           duet_check_that(
               check,
               duet_check_condition(check, field->required_when, duet_check_uses_of_side(side)),
               DUET_SECTION_FIELD, row, "'required_when' is no condition on this side") &&
           check_dependence(check, side, row);
}

/* Names tell fields apart in stores, configurations and messages. */
static bool check_names(struct duet_check *check, const struct duet_t_side *side)
{
    for (uint32_t i = 0; i < side->fields_count; i++) {
        const char *name =
            duet_str(check->tables, duet_field_row(check->tables, side->fields + i)->name);
        for (uint32_t j = 0; j < i; j++) {
            const char *other =
                duet_str(check->tables, duet_field_row(check->tables, side->fields + j)->name);
            if (strcmp(name, other) == 0)
                return duet_check_that(check, false, DUET_SECTION_FIELD, side->fields + i,
                                       "two fields of one name");
        }
    }
    return true;
}

/* --- rules ---------------------------------------------------------------------------------------------- */

static bool rule_has_cause(const struct duet_t_rule *rule, const struct duet_t_field *field)
{
    switch ((enum duet_rule_kind)rule->kind) {
    case DUET_RULE_REQUIRED:
        return true;
    case DUET_RULE_DEPENDENT:
        return field->depends != DUET_NONE;
    case DUET_RULE_MAX:
        return field->max > 0;
    case DUET_RULE_MOVES:
        return field->moves_count > 0;
    case DUET_RULES:
        break;
    }
    return false;
}

static bool check_rule(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_rule *rule = duet_rule_row(check->tables, row);
    uint32_t fields = duet_side_row(check->tables, side)->fields_count;
    if (!duet_check_that(check, duet_check_is_own_field(check, side, rule->field),
                         DUET_SECTION_RULE, row, "'field' is of the other side"))
        return false;
    uint32_t number = duet_field_number(check->tables, side, rule->field);
    return duet_check_that(check, rule_has_cause(rule, duet_field_row(check->tables, rule->field)),
                           DUET_SECTION_RULE, row, "the field has nothing to judge by") &&
           duet_check_that(check,
                           duet_check_condition(check, rule->when, duet_check_uses_of_side(side)),
                           DUET_SECTION_RULE, row, "'when' is no condition on this side") &&
           duet_check_that(check,
                           duet_check_mask_within(rule->reads_lo, rule->reads_hi, fields) &&
                               (duet_mask(rule->reads_lo, rule->reads_hi) & duet_bit(number)) != 0,
                           DUET_SECTION_RULE, row,
                           "'reads' must have the field and may have no others than the side's");
}

/* --- the side --------------------------------------------------------------------------------------------- */

/* A predicate may use the other one, but not both each other: judging them ends. */
static bool check_predicates(struct duet_check *check, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    bool left = side == DUET_LEFT;
    unsigned fields = left ? DUET_USES_LEFT_FIELD : DUET_USES_RIGHT_FIELD;
    unsigned closed = left ? DUET_USES_LEFT_CLOSED : DUET_USES_RIGHT_CLOSED;
    unsigned merged = left ? DUET_USES_LEFT_MERGED : DUET_USES_RIGHT_MERGED;
    bool both = row->closed != DUET_NONE && row->merged != DUET_NONE &&
                (check->exprs[row->closed].uses & merged) != 0 &&
                (check->exprs[row->merged].uses & closed) != 0;
    return duet_check_that(check, duet_check_condition(check, row->closed, fields | merged),
                           DUET_SECTION_SIDE, side, "'closed' is no condition on its fields") &&
           duet_check_that(check, duet_check_condition(check, row->merged, fields | closed),
                           DUET_SECTION_SIDE, side, "'merged' is no condition on its fields") &&
           duet_check_that(check, !both, DUET_SECTION_SIDE, side,
                           "'closed' and 'merged' ask each other");
}

static bool check_notes(struct duet_check *check, enum duet_side side)
{
    uint32_t index = duet_side_row(check->tables, side)->notes;
    const struct duet_t_notes *notes = duet_notes_row(check->tables, index);
    if (!notes)
        return true;
    return duet_check_that(check, notes->html <= 1, DUET_SECTION_NOTES, index,
                           "'html' is 0 or 1") &&
           duet_check_that(check,
                           notes->time_unit != DUET_TIME_FORMAT || notes->time_format != DUET_NONE,
                           DUET_SECTION_NOTES, index, "'time_format' is missing") &&
           duet_check_that(check,
                           notes->max_length == 0 || notes->max_length >= DUET_MIN_NOTE_LENGTH,
                           DUET_SECTION_NOTES, index, "'max_length' leaves no room for a mark") &&
           duet_check_that(check,
                           duet_check_may_be_own_field(check, side, notes->count) &&
                               (notes->count == DUET_NONE ||
                                duet_check_type(check, notes->count) == DUET_TYPE_INTEGER),
                           DUET_SECTION_NOTES, index, "'count' is no whole number of this side");
}

static bool check_named_fields(struct duet_check *check, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    return duet_check_that(check, duet_check_is_own_field(check, side, row->key), DUET_SECTION_SIDE,
                           side, "'key' is no field of the side") &&
           duet_check_that(check,
                           duet_check_type(check, row->key) == DUET_TYPE_TEXT ||
                               duet_check_type(check, row->key) == DUET_TYPE_INTEGER,
                           DUET_SECTION_SIDE, side, "'key' is neither a text nor a whole number") &&
           duet_check_that(check, duet_check_may_be_own_field(check, side, row->version),
                           DUET_SECTION_SIDE, side, "'version' is no field of the side") &&
           duet_check_that(check,
                           duet_check_may_be_own_field(check, side, row->modified) &&
                               (row->modified == DUET_NONE ||
                                duet_check_type(check, row->modified) == DUET_TYPE_TIME),
                           DUET_SECTION_SIDE, side, "'modified' is no time of the side") &&
           duet_check_that(check,
                           duet_check_may_be_own_field(check, side, row->claim) &&
                               (row->claim == DUET_NONE ||
                                duet_check_type(check, row->claim) == DUET_TYPE_TEXT),
                           DUET_SECTION_SIDE, side, "'claim' is no text of the side");
}

bool duet_check_record(struct duet_check *check, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    bool sound =
        duet_check_that(check, row->fields_count > 0 && row->fields_count <= DUET_MAX_FIELDS,
                        DUET_SECTION_SIDE, side, "a side has 1 to 64 fields") &&
        check_names(check, row) && check_named_fields(check, side) &&
        check_predicates(check, side) && check_notes(check, side);
    for (uint32_t i = 0; sound && i < row->fields_count; i++)
        sound = check_field(check, side, row->fields + i);
    for (uint32_t i = 0; sound && i < row->rules_count; i++)
        sound = check_rule(check, side, row->rules + i);
    return sound;
}
