/* The mapping's own rows: units, pairs and their maps, creation, triggers, notes. */
#include "dsl/lower_parts.h"

/* --- pairs ------------------------------------------------------------------------------------ */

static uint32_t enum_of(const struct duet_lower *lower, enum duet_side side,
                        const struct duet_m_field *field)
{
    const struct duet_t_field *row =
        duet_build_at(lower->builder, DUET_SECTION_FIELD, duet_lower_field(lower, side, field));
    return row->values;
}

static enum duet_direction arm_direction(enum duet_ast_direction direction)
{
    return direction == DUET_AST_BOTH    ? DUET_BOTH_WAYS
           : direction == DUET_AST_RIGHT ? DUET_TO_RIGHT
                                         : DUET_TO_LEFT;
}

static void add_arm(struct duet_lower *lower, const struct duet_m_pair *pair,
                    const struct duet_ast_arm *arm, uint32_t left, uint32_t right)
{
    struct duet_span at = arm ? arm->at : pair->ast->at;
    struct duet_t_arm row = {
        .left = left,
        .right = right,
        .direction = arm ? (uint32_t)arm_direction(arm->direction) : (uint32_t)DUET_BOTH_WAYS,
        .lossy = duet_lower_str(lower, arm ? arm->lossy.text : NULL),
        .file = duet_lower_file(lower, at),
        .line = duet_lower_line(lower, at),
    };
    duet_build_row(lower->builder, DUET_SECTION_ARM, &row);
}

/* Each arm once, where it is used first; equal names have one each. */
static struct duet_lower_range lower_arms(struct duet_lower *lower, const struct duet_m_pair *pair)
{
    const struct duet_m_map *map = pair->map;
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_ARM), 0 };
    uint32_t left_count = pair->fields[DUET_LEFT]->values.count;
    uint32_t right_count = pair->fields[DUET_RIGHT]->values.count;
    for (uint32_t a = 0; a < left_count; a++) {
        if (map->to_right[a] != DUET_NONE)
            add_arm(lower, pair, map->right_arm[a], a, map->to_right[a]);
    }
    for (uint32_t b = 0; b < right_count; b++) {
        uint32_t a = map->to_left[b];
        if (a != DUET_NONE && (map->to_right[a] != b || map->right_arm[a] != map->left_arm[b]))
            add_arm(lower, pair, map->left_arm[b], a, b);
    }
    range.count = duet_build_count(lower->builder, DUET_SECTION_ARM) - range.first;
    return range;
}

static uint32_t lower_map(struct duet_lower *lower, const struct duet_m_pair *pair)
{
    if (!pair->map)
        return DUET_NONE;
    uint32_t left = pair->fields[DUET_LEFT]->values.count;
    uint32_t right = pair->fields[DUET_RIGHT]->values.count;
    struct duet_lower_range to_right = duet_lower_words(lower, pair->map->to_right, left);
    struct duet_lower_range to_left = duet_lower_words(lower, pair->map->to_left, right);
    struct duet_lower_range agree =
        duet_lower_words(lower, pair->map->agree, left * duet_m_words(right));
    struct duet_lower_range arms = lower_arms(lower, pair);
    struct duet_t_map row = {
        .left = enum_of(lower, DUET_LEFT, pair->fields[DUET_LEFT]),
        .right = enum_of(lower, DUET_RIGHT, pair->fields[DUET_RIGHT]),
        .to_right = to_right.first,
        .to_right_count = to_right.count,
        .to_left = to_left.first,
        .to_left_count = to_left.count,
        .agree = agree.first,
        .agree_count = agree.count,
        .arms = arms.first,
        .arms_count = arms.count,
    };
    return duet_build_row(lower->builder, DUET_SECTION_MAP, &row);
}

static struct duet_lower_range lower_transforms(struct duet_lower *lower,
                                                const struct duet_m_pair *pair)
{
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_TRANSFORM),
                                      pair->transform_count };
    for (uint32_t i = 0; i < pair->transform_count; i++) {
        struct duet_t_transform row = { .kind = (uint32_t)pair->transforms[i].kind,
                                        .number = pair->transforms[i].number,
                                        .text = duet_lower_str(lower, pair->transforms[i].text) };
        duet_build_row(lower->builder, DUET_SECTION_TRANSFORM, &row);
    }
    return range;
}

static void lower_pair(struct duet_lower *lower, const struct duet_m_pair *pair)
{
    struct duet_lower_range transforms = lower_transforms(lower, pair);
    struct duet_t_pair row = {
        .name = duet_lower_str(lower, pair->ast->name.text),
        .left = duet_lower_field(lower, DUET_LEFT, pair->fields[DUET_LEFT]),
        .right = duet_lower_field(lower, DUET_RIGHT, pair->fields[DUET_RIGHT]),
        .direction = (uint32_t)pair->direction,
        .relation = (uint32_t)pair->relation,
        .map = lower_map(lower, pair),
        .table = duet_lower_str(lower, pair->table),
        .transforms = transforms.first,
        .transforms_count = transforms.count,
        .unknown = (uint32_t)pair->unknown,
        .unknown_left = pair->unknown_value[DUET_LEFT],
        .unknown_right = pair->unknown_value[DUET_RIGHT],
        .default_left = duet_lower_expr(lower, pair->defaults[DUET_LEFT]),
        .default_right = duet_lower_expr(lower, pair->defaults[DUET_RIGHT]),
        .lossy = duet_lower_str(lower, pair->ast->attributes.lossy.text),
        .file = duet_lower_file(lower, pair->ast->at),
        .line = duet_lower_line(lower, pair->ast->at),
    };
    duet_build_row(lower->builder, DUET_SECTION_PAIR, &row);
}

/* --- units ------------------------------------------------------------------------------------ */

static void lower_unit(struct duet_lower *lower, const struct duet_m_unit *unit)
{
    struct duet_t_unit row = {
        .name = duet_lower_str(lower, unit->name),
        .group = unit->group != NULL,
        .pairs = duet_build_count(lower->builder, DUET_SECTION_PAIR),
        .pairs_count = unit->pair_count,
        .policy = (uint32_t)unit->policy,
        .policy_side = (uint32_t)unit->policy_side,
        .frozen_by_merge = unit->frozen,
        .component_left = unit->component[DUET_LEFT],
        .component_right = unit->component[DUET_RIGHT],
        .file = duet_lower_file(lower, unit->at),
        .line = duet_lower_line(lower, unit->at),
    };
    for (uint32_t i = 0; i < unit->pair_count; i++)
        lower_pair(lower, &unit->pairs[i]);
    duet_build_row(lower->builder, DUET_SECTION_UNIT, &row);
}

/* --- creation, triggers, notes ---------------------------------------------------------------- */

static void lower_create(struct duet_lower *lower, const struct duet_m_create *create)
{
    struct duet_t_create row = {
        .target = (uint32_t)create->target,
        .when = duet_lower_expr(lower, create->when),
        .file = duet_lower_file(lower, create->ast->at),
        .line = duet_lower_line(lower, create->ast->at),
    };
    duet_build_row(lower->builder, DUET_SECTION_CREATE, &row);
}

static void lower_trigger(struct duet_lower *lower, const struct duet_m_trigger *trigger)
{
    struct duet_t_trigger row = {
        .side = (uint32_t)trigger->side,
        .event = (uint32_t)trigger->event,
        .signal = duet_lower_str(lower, trigger->ast->signal.text),
        .verb = (uint32_t)trigger->verb,
        .units_lo = (uint32_t)(trigger->units & 0xffffffffU),
        .units_hi = (uint32_t)(trigger->units >> 32),
        .notes = trigger->notes,
        .when = duet_lower_expr(lower, trigger->when),
        .file = duet_lower_file(lower, trigger->ast->at),
        .line = duet_lower_line(lower, trigger->ast->at),
    };
    duet_build_row(lower->builder, DUET_SECTION_TRIGGER, &row);
}

static uint32_t lower_note_pair(struct duet_lower *lower, const struct duet_ast_notes *notes)
{
    if (!notes)
        return DUET_NONE;
    struct duet_t_note_pair row = {
        .direction = (uint32_t)arm_direction(notes->direction),
        .append_edits = notes->edits == DUET_AST_EDITS_APPEND,
        .from_all = notes->since == DUET_AST_SINCE_ALL,
        .file = duet_lower_file(lower, notes->at),
        .line = duet_lower_line(lower, notes->at),
    };
    return duet_build_row(lower->builder, DUET_SECTION_NOTE_PAIR, &row);
}

void duet_lower_mapping(struct duet_lower *lower)
{
    const struct duet_m_mapping *mapping = lower->mapping;
    for (uint32_t i = 0; i < mapping->create_count; i++)
        lower_create(lower, &mapping->creates[i]);
    for (uint32_t i = 0; i < mapping->unit_count; i++)
        lower_unit(lower, &mapping->units[i]);
    for (uint32_t i = 0; i < mapping->trigger_count; i++)
        lower_trigger(lower, &mapping->triggers[i]);
    const struct duet_ast_mapping *ast = mapping->ast;
    struct duet_t_mapping row = {
        .name = duet_lower_str(lower, ast->name.text),
        .link_left = duet_lower_field(lower, DUET_LEFT, mapping->link[DUET_LEFT]),
        .link_right = duet_lower_field(lower, DUET_RIGHT, mapping->link[DUET_RIGHT]),
        .first_contact = (uint32_t)mapping->first_contact,
        .creates_count = mapping->create_count,
        .units_count = mapping->unit_count,
        .pairs_count = duet_build_count(lower->builder, DUET_SECTION_PAIR),
        .triggers_count = mapping->trigger_count,
        .notes = lower_note_pair(lower, mapping->notes),
        .overlap_ms = ast->overlap.given ? (uint32_t)ast->overlap.milliseconds : 0,
        .skew_ms = ast->skew.given ? (uint32_t)ast->skew.milliseconds : 0,
        .file = duet_lower_file(lower, ast->at),
        .line = duet_lower_line(lower, ast->at),
    };
    duet_build_row(lower->builder, DUET_SECTION_MAPPING, &row);
}
