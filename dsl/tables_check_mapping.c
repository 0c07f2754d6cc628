/* The mapping: units, pairs and their maps, triggers, creation. */
#include "dsl/tables_check.h"

#include <string.h>

#define USES_OF_BOTH (duet_check_uses_of_side(DUET_LEFT) | duet_check_uses_of_side(DUET_RIGHT))

/* --- maps of enums ------------------------------------------------------------------------------------- */

/* Entries are values of the other side, and what is written agrees with what it was made from. */
static bool entries_agree(const struct duet_check *check, const struct duet_t_map *map,
                          enum duet_side from, uint32_t to_count, uint32_t right_count)
{
    uint32_t first = from == DUET_LEFT ? map->to_right : map->to_left;
    uint32_t count = from == DUET_LEFT ? map->to_right_count : map->to_left_count;
    bool sound = true;
    for (uint32_t i = 0; sound && i < count; i++) {
        uint32_t entry = duet_word_row(check->tables, first + i)->bits;
        uint32_t left = from == DUET_LEFT ? i : entry;
        uint32_t right = from == DUET_LEFT ? entry : i;
        sound = entry == DUET_NONE ||
                (entry < to_count &&
                 duet_matrix_bit(check->tables, map->agree, right_count, left, right));
    }
    return sound;
}

static bool check_arms(struct duet_check *check, const struct duet_t_map *map, uint32_t left,
                       uint32_t right)
{
    bool sound = duet_check_steps(check, map->arms_count, DUET_SECTION_ARM, map->arms);
    for (uint32_t i = 0; sound && i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(check->tables, map->arms + i);
        sound = duet_check_that(check, arm->left < left && arm->right < right, DUET_SECTION_ARM,
                                map->arms + i, "a value that the enum doesn't have");
    }
    return sound;
}

static bool check_map(struct duet_check *check, uint32_t row)
{
    const struct duet_t_map *map = duet_map_row(check->tables, row);
    uint32_t left = duet_enum_row(check->tables, map->left)->values_count;
    uint32_t right = duet_enum_row(check->tables, map->right)->values_count;
    return duet_check_that(check, map->to_right_count == left && map->to_left_count == right,
                           DUET_SECTION_MAP, row,
                           "'to_right' and 'to_left' have one entry a value") &&
           duet_check_that(check,
                           duet_check_matrix(check, map->agree, map->agree_count, left, right),
                           DUET_SECTION_MAP, row, "'agree' doesn't fit the values") &&
           duet_check_that(check,
                           entries_agree(check, map, DUET_LEFT, right, right) &&
                               entries_agree(check, map, DUET_RIGHT, left, right),
                           DUET_SECTION_MAP, row,
                           "an entry is no value, or one that doesn't agree") &&
           check_arms(check, map, left, right);
}

/* --- pairs --------------------------------------------------------------------------------------------- */

/* To a text, and from an integer to a number; never back. */
static bool converts(enum duet_type from, enum duet_type to)
{
    return from != to && from != DUET_TYPE_LIST &&
           (to == DUET_TYPE_TEXT || (from == DUET_TYPE_INTEGER && to == DUET_TYPE_NUMBER));
}

static bool relation_fits(const struct duet_check *check, const struct duet_t_pair *pair)
{
    enum duet_type left = duet_check_type(check, pair->left);
    enum duet_type right = duet_check_type(check, pair->right);
    const struct duet_t_map *map = duet_map_row(check->tables, pair->map);
    switch ((enum duet_relation)pair->relation) {
    case DUET_RELATION_ENUM:
        return map && map->left == duet_field_row(check->tables, pair->left)->values &&
               map->right == duet_field_row(check->tables, pair->right)->values;
    case DUET_RELATION_PERSON:
        return !map && left == DUET_TYPE_PERSON && right == DUET_TYPE_PERSON &&
               pair->table != DUET_NONE;
    case DUET_RELATION_SAME:
        return !map && left == right && left != DUET_TYPE_ENUM && left != DUET_TYPE_PERSON;
    case DUET_RELATION_CONVERT:
        return !map && pair->direction != DUET_BOTH_WAYS &&
               (pair->direction == DUET_TO_LEFT ? converts(right, left) : converts(left, right));
    case DUET_RELATIONS:
        break;
    }
    return false;
}

/* `number` is an enum value of the field, or nothing. */
static bool is_value_or_none(const struct duet_check *check, uint32_t field, uint32_t number)
{
    return number == DUET_NONE || number < duet_check_value_count(check, field);
}

static bool is_default(const struct duet_check *check, uint32_t field, uint32_t expr)
{
    const struct duet_t_expr *row = duet_expr_row(check->tables, expr);
    if (!row || row->op != DUET_EXPR_VALUE)
        return !row || duet_operation(row->op)->shape == DUET_SHAPE_CONSTANT;
    return row->number_hi == 0 && row->number_lo < duet_check_value_count(check, field);
}

static bool check_pair(struct duet_check *check, uint32_t row)
{
    const struct duet_t_pair *pair = duet_pair_row(check->tables, row);
    return duet_check_that(check, duet_check_is_own_field(check, DUET_LEFT, pair->left),
                           DUET_SECTION_PAIR, row, "'left' is no field of the left side") &&
           duet_check_that(check, duet_check_is_own_field(check, DUET_RIGHT, pair->right),
                           DUET_SECTION_PAIR, row, "'right' is no field of the right side") &&
           duet_check_that(check, relation_fits(check, pair), DUET_SECTION_PAIR, row,
                           "the relation doesn't fit the fields") &&
           duet_check_that(check,
                           pair->unknown != DUET_UNKNOWN_VALUE ||
                               (is_value_or_none(check, pair->left, pair->unknown_left) &&
                                is_value_or_none(check, pair->right, pair->unknown_right)),
                           DUET_SECTION_PAIR, row, "'unknown' is no value") &&
           duet_check_that(check,
                           is_default(check, pair->left, pair->default_left) &&
                               is_default(check, pair->right, pair->default_right),
                           DUET_SECTION_PAIR, row, "a default is no value of its field") &&
           duet_check_steps(check, pair->transforms_count, DUET_SECTION_TRANSFORM,
                            pair->transforms);
}

/* A field is written by one pair; one-way pairs write on one side only. */
static bool check_writers(struct duet_check *check)
{
    uint64_t written[2] = { 0, 0 };
    bool sound = true;
    for (uint32_t row = 0; sound && row < check->tables->sections[DUET_SECTION_PAIR].count; row++) {
        const struct duet_t_pair *pair = duet_pair_row(check->tables, row);
        for (int i = 0; i < 2; i++) {
            enum duet_side side = i == 0 ? DUET_LEFT : DUET_RIGHT;
            uint64_t bit =
                duet_bit(duet_field_number(check->tables, side, duet_pair_field(pair, side)));
            if (pair->direction == (side == DUET_LEFT ? DUET_TO_RIGHT : DUET_TO_LEFT))
                continue;
            sound = sound && (written[side] & bit) == 0;
            written[side] |= bit;
        }
        duet_check_that(check, sound, DUET_SECTION_PAIR, row,
                        "a field that another pair writes too");
    }
    return sound;
}

/* --- units --------------------------------------------------------------------------------------------- */

static bool policy_fits(const struct duet_check *check, const struct duet_t_unit *unit)
{
    const struct duet_t_pair *pair = duet_pair_row(check->tables, unit->pairs);
    const struct duet_t_map *map = duet_map_row(check->tables, pair->map);
    switch ((enum duet_policy)unit->policy) {
    case DUET_POLICY_SIDE:
        return unit->policy_side != DUET_CHOOSE_NONE;
    case DUET_POLICY_HIGHEST:
    case DUET_POLICY_LOWEST:
        return unit->pairs_count == 1 && map && duet_enum_row(check->tables, map->left)->ordered &&
               duet_enum_row(check->tables, map->right)->ordered;
    case DUET_POLICY_NONE:
    case DUET_POLICY_HOLD:
    case DUET_POLICY_NEWEST:
        return true;
    case DUET_POLICIES:
        break;
    }
    return false;
}

/* A policy is missing only where there is nothing to decide. */
static bool is_one_way(const struct duet_check *check, const struct duet_t_unit *unit)
{
    bool one_way = true;
    for (uint32_t i = 0; one_way && i < unit->pairs_count; i++)
        one_way = duet_pair_row(check->tables, unit->pairs + i)->direction != DUET_BOTH_WAYS;
    return one_way;
}

static bool check_unit(struct duet_check *check, uint32_t row, uint32_t first_pair)
{
    const struct duet_t_unit *unit = duet_unit_row(check->tables, row);
    uint32_t units = check->tables->sections[DUET_SECTION_UNIT].count;
    bool is_new = true;
    for (uint32_t i = 0; is_new && i < row; i++)
        is_new = strcmp(duet_str(check->tables, unit->name),
                        duet_str(check->tables, duet_unit_row(check->tables, i)->name)) != 0;
    return duet_check_that(check, is_new, DUET_SECTION_UNIT, row, "two units of one name") &&
           duet_check_that(check, unit->pairs == first_pair && unit->pairs_count > 0,
                           DUET_SECTION_UNIT, row,
                           "'pairs' doesn't follow the pairs of the unit before") &&
           duet_check_that(check, unit->group <= 1 && (unit->group == 1 || unit->pairs_count == 1),
                           DUET_SECTION_UNIT, row, "only a group has several pairs") &&
           duet_check_that(check, policy_fits(check, unit), DUET_SECTION_UNIT, row,
                           "the policy doesn't fit the fields") &&
           duet_check_that(check, unit->policy != DUET_POLICY_NONE || is_one_way(check, unit),
                           DUET_SECTION_UNIT, row, "two ways and no policy") &&
           duet_check_that(check, unit->frozen_by_merge <= 1, DUET_SECTION_UNIT, row,
                           "'frozen_by_merge' is 0 or 1") &&
           duet_check_that(check, unit->component_left < units && unit->component_right < units,
                           DUET_SECTION_UNIT, row,
                           "a component's number is below the number of units");
}

static bool check_units(struct duet_check *check)
{
    uint32_t pairs = 0;
    bool sound = true;
    for (uint32_t row = 0; sound && row < check->tables->sections[DUET_SECTION_UNIT].count; row++) {
        sound = check_unit(check, row, pairs);
        pairs += sound ? duet_unit_row(check->tables, row)->pairs_count : 0;
    }
    return sound &&
           duet_check_that(check, pairs == check->tables->sections[DUET_SECTION_PAIR].count,
                           DUET_SECTION_MAPPING, 0, "a pair belongs to no unit");
}

/* --- triggers, creation -------------------------------------------------------------------------------- */

static bool check_trigger(struct duet_check *check, uint32_t row)
{
    const struct duet_t_trigger *trigger = duet_trigger_row(check->tables, row);
    const struct duet_t_side *side = duet_side_row(check->tables, trigger->side);
    uint32_t units = check->tables->sections[DUET_SECTION_UNIT].count;
    bool needs_closed = trigger->event == DUET_EVENT_CLOSE || trigger->event == DUET_EVENT_REOPEN ||
                        trigger->event == DUET_EVENT_MOVE;
    return duet_check_that(check,
                           (trigger->event == DUET_EVENT_SIGNAL) == (trigger->signal != DUET_NONE),
                           DUET_SECTION_TRIGGER, row, "'signal' doesn't fit the event") &&
           duet_check_that(check, !needs_closed || side->closed != DUET_NONE, DUET_SECTION_TRIGGER,
                           row, "the side doesn't say when it is closed") &&
           duet_check_that(check,
                           duet_check_mask_within(trigger->units_lo, trigger->units_hi, units),
                           DUET_SECTION_TRIGGER, row, "'units' has units that don't exist") &&
           duet_check_that(check,
                           trigger->notes <= 1 && (trigger->notes == 0 ||
                                                   duet_mapping(check->tables)->notes != DUET_NONE),
                           DUET_SECTION_TRIGGER, row, "notes that the mapping doesn't have") &&
           duet_check_that(check, duet_check_condition(check, trigger->when, USES_OF_BOTH),
                           DUET_SECTION_TRIGGER, row, "'when' is no condition on the records");
}

static bool check_note_pair(struct duet_check *check, uint32_t row)
{
    const struct duet_t_note_pair *notes = duet_note_pair_row(check->tables, row);
    if (!notes)
        return true;
    return duet_check_that(check,
                           duet_side_row(check->tables, DUET_LEFT)->notes != DUET_NONE &&
                               duet_side_row(check->tables, DUET_RIGHT)->notes != DUET_NONE,
                           DUET_SECTION_NOTE_PAIR, row, "a side has no notes") &&
           duet_check_that(check, notes->append_edits <= 1 && notes->from_all <= 1,
                           DUET_SECTION_NOTE_PAIR, row, "'append_edits' and 'from_all' are 0 or 1");
}

/* All rows of these sections are the one mapping's. */
static bool check_ranges(struct duet_check *check)
{
    const struct duet_t_mapping *mapping = duet_mapping(check->tables);
    bool whole = mapping->units_count == check->tables->sections[DUET_SECTION_UNIT].count &&
                 mapping->pairs_count == check->tables->sections[DUET_SECTION_PAIR].count &&
                 mapping->triggers_count == check->tables->sections[DUET_SECTION_TRIGGER].count &&
                 mapping->creates_count == check->tables->sections[DUET_SECTION_CREATE].count;
    return duet_check_that(check, whole, DUET_SECTION_MAPPING, 0, "a row belongs to no mapping");
}

bool duet_check_mapping(struct duet_check *check)
{
    const struct duet_tables *tables = check->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    bool sound =
        check_ranges(check) &&
        duet_check_that(check,
                        duet_check_is_own_field(check, DUET_LEFT, mapping->link_left) &&
                            duet_check_is_own_field(check, DUET_RIGHT, mapping->link_right),
                        DUET_SECTION_MAPPING, 0, "the link's fields are of the wrong side") &&
        check_note_pair(check, mapping->notes);
    for (uint32_t i = 0; sound && i < tables->sections[DUET_SECTION_MAP].count; i++)
        sound = check_map(check, i);
    for (uint32_t i = 0; sound && i < mapping->pairs_count; i++)
        sound = check_pair(check, i);
    sound = sound && check_writers(check) && check_units(check);
    for (uint32_t i = 0; sound && i < mapping->triggers_count; i++)
        sound = check_trigger(check, i);
    for (uint32_t i = 0; sound && i < mapping->creates_count; i++)
        sound = duet_check_that(
            check, duet_check_condition(check, duet_create_row(tables, i)->when, USES_OF_BOTH),
            DUET_SECTION_CREATE, i, "'when' is no condition on the records");
    return sound;
}
