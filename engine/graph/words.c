#include "engine/graph/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables_names.h"
#include "dsl/tables_text.h"
#include "engine/graph/text.h"

#define DOT " \xc2\xb7 "

const char *duet_graph_string(const struct duet_graph_words *words, uint32_t offset)
{
    return offset == DUET_NONE ? ""
                               : duet_graph_clean(words->arena, duet_str(words->tables, offset));
}

/* `a`, `between`, `b`; without `between` where one of them is empty. */
static const char *joined(const struct duet_graph_words *words, const char *a, const char *between,
                          const char *b)
{
    if (*a == '\0' || *b == '\0')
        return *a == '\0' ? b : a;
    return duet_arena_format(words->arena, "%s%s%s", a, between, b);
}

static const char *code_name(enum duet_section section, const char *column, uint32_t code)
{
    const char *name = duet_tables_code_name(section, column, code);
    return name ? name : "?";
}

/* --- sides and fields --------------------------------------------------------------------------------- */

const char *duet_graph_side(const struct duet_graph_words *words, enum duet_side side)
{
    return duet_graph_string(words, duet_side_row(words->tables, side)->name);
}

const char *duet_graph_field(const struct duet_graph_words *words, uint32_t field)
{
    return duet_arena_format(words->arena, "%s.%s",
                             duet_graph_side(words, duet_field_side(words->tables, field)),
                             duet_graph_string(words, duet_field_row(words->tables, field)->name));
}

const char *duet_graph_record(const struct duet_graph_words *words, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(words->tables, side);
    return duet_arena_format(words->arena, "%s.%s", duet_graph_string(words, row->system),
                             duet_graph_string(words, row->record));
}

const char *duet_graph_type(const struct duet_graph_words *words, uint32_t field)
{
    const struct duet_t_field *row = duet_field_row(words->tables, field);
    const struct duet_t_enum *values = duet_enum_row(words->tables, row->values);
    if (row->type == DUET_TYPE_LIST)
        return "list of text";
    if (row->type == DUET_TYPE_ENUM && row->depends != DUET_NONE)
        return joined(words, "enum by ", "",
                      duet_graph_string(words, duet_field_row(words->tables, row->depends)->name));
    if (row->type == DUET_TYPE_ENUM && values && values->ordered)
        return "ordered enum";
    return code_name(DUET_SECTION_FIELD, "type", row->type);
}

const char *duet_graph_type_in_full(const struct duet_graph_words *words, uint32_t field)
{
    const struct duet_t_field *row = duet_field_row(words->tables, field);
    const char *text = duet_graph_type(words, field);
    if (row->flags & DUET_FIELD_REQUIRED)
        text = joined(words, text, ", ", "required");
    else if (row->required_when != DUET_NONE)
        text = duet_arena_format(words->arena, "%s, required %s", text,
                                 duet_graph_condition(words, row->required_when));
    if (row->flags & DUET_FIELD_READ_ONLY)
        text = joined(words, text, ", ", "read only");
    if (row->max != 0 && row->max != DUET_NONE)
        text = duet_arena_format(words->arena, "%s, max %u", text, (unsigned)row->max);
    return text;
}

const char *duet_graph_part(const struct duet_graph_words *words, uint32_t field)
{
    const struct duet_t_side *side =
        duet_side_row(words->tables, duet_field_side(words->tables, field));
    return field == side->key        ? "key"
           : field == side->version  ? "version"
           : field == side->modified ? "modified"
           : field == side->claim    ? "claim"
                                     : "";
}

bool duet_graph_is_mapped(const struct duet_tables *tables, uint32_t field)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    bool is_part = field == mapping->link_left || field == mapping->link_right;
    for (uint32_t i = 0; i < mapping->pairs_count && !is_part; i++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, mapping->pairs + i);
        is_part = pair->left == field || pair->right == field;
    }
    return is_part;
}

/* --- conditions ----------------------------------------------------------------------------------------- */

/* An expression as it is written; "" for DUET_NONE. */
static const char *expression(const struct duet_graph_words *words, uint32_t expr)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = expr == DUET_NONE ? NULL : open_memstream(&text, &size);
    if (!stream)
        return "";
    duet_tables_write_condition(words->tables, expr, stream);
    const char *clean = "";
    if (fclose(stream) == 0) {
        bool is_joined =
            duet_operation(duet_expr_row(words->tables, expr)->op)->shape == DUET_SHAPE_JOIN;
        bool has_brackets = is_joined && size > 1 && text[0] == '(' && text[size - 1] == ')';
        text[has_brackets ? size - 1 : size] = '\0';
        clean = duet_graph_clean(words->arena, has_brackets ? text + 1 : text);
    }
    free(text);
    return clean;
}

const char *duet_graph_condition(const struct duet_graph_words *words, uint32_t expr)
{
    return expr == DUET_NONE ? "" : joined(words, "when", " ", expression(words, expr));
}

/* --- units and pairs -------------------------------------------------------------------------------------- */

bool duet_graph_goes_to(uint32_t direction, enum duet_side target)
{
    return direction == DUET_BOTH_WAYS ||
           (direction == DUET_TO_RIGHT ? target == DUET_RIGHT : target == DUET_LEFT);
}

/* The side that is chosen; "none" is nobody's. */
static const char *choice(const struct duet_graph_words *words, uint32_t code)
{
    return code == DUET_CHOOSE_NONE ? "" : duet_graph_side(words, (enum duet_side)code);
}

const char *duet_graph_policy(const struct duet_graph_words *words, uint32_t unit)
{
    const struct duet_t_unit *row = duet_unit_row(words->tables, unit);
    const char *side = choice(words, row->policy_side);
    switch ((enum duet_policy)row->policy) {
    case DUET_POLICY_NONE:
    case DUET_POLICIES:
        return "";
    case DUET_POLICY_SIDE:
        return duet_arena_format(words->arena, "conflict: %s wins", side);
    case DUET_POLICY_HIGHEST:
        return "conflict: highest wins";
    case DUET_POLICY_LOWEST:
        return "conflict: lowest wins";
    case DUET_POLICY_HOLD:
        return "conflict: held for a person";
    case DUET_POLICY_NEWEST:
        return joined(words, "conflict: newest wins", ", else ", side);
    }
    return "";
}

static const char *transform(const struct duet_graph_words *words, uint32_t row)
{
    const struct duet_t_transform *step = duet_transform_row(words->tables, row);
    const char *name = code_name(DUET_SECTION_TRANSFORM, "kind", step->kind);
    if (step->kind == DUET_TRANSFORM_TRUNCATE)
        return duet_arena_format(words->arena, "%s %u", name, (unsigned)step->number);
    if (step->kind == DUET_TRANSFORM_PREFIX)
        return duet_arena_format(words->arena, "%s \"%s\"", name,
                                 duet_graph_string(words, step->text));
    return name;
}

static const char *value(const struct duet_graph_words *words, uint32_t values, uint32_t number)
{
    const struct duet_t_enum *row = duet_enum_row(words->tables, values);
    return duet_graph_string(words, duet_value_row(words->tables, row->values + number)->name);
}

/* The value that an unknown one counts as, on one side; "" where none is. */
static const char *counts_as(const struct duet_graph_words *words, uint32_t field, uint32_t number)
{
    const struct duet_t_enum *values =
        duet_enum_row(words->tables, duet_field_row(words->tables, field)->values);
    return values && number < values->values_count
               ? value(words, duet_field_row(words->tables, field)->values, number)
               : "";
}

/* "r default "SOC"": what a side gets for a value that is missing. */
static const char *defaults(const struct duet_graph_words *words, const struct duet_t_pair *pair)
{
    const char *text = "";
    for (int side = 0; side < 2; side++) {
        const char *value =
            expression(words, side == DUET_LEFT ? pair->default_left : pair->default_right);
        if (*value != '\0')
            text = joined(words, text, DOT,
                          duet_arena_format(words->arena, "%s default %s",
                                            duet_graph_side(words, (enum duet_side)side), value));
    }
    return text;
}

static const char *unknown(const struct duet_graph_words *words, const struct duet_t_pair *pair)
{
    switch ((enum duet_unknown)pair->unknown) {
    case DUET_UNKNOWN_KEEP:
        return "unknown: keep";
    case DUET_UNKNOWN_VALUE:
        return joined(words, "unknown: as ", "",
                      joined(words, counts_as(words, pair->left, pair->unknown_left), ", ",
                             counts_as(words, pair->right, pair->unknown_right)));
    case DUET_UNKNOWN_QUARANTINE:
    case DUET_UNKNOWNS:
        break;
    }
    return "";
}

const char *duet_graph_way(const struct duet_graph_words *words, uint32_t pair)
{
    const struct duet_t_pair *row = duet_pair_row(words->tables, pair);
    const char *text = "";
    if (row->table != DUET_NONE)
        text = joined(words, "via ", "", duet_graph_string(words, row->table));
    for (uint32_t i = 0; i < row->transforms_count; i++)
        text = joined(words, text, DOT, transform(words, row->transforms + i));
    text = joined(words, text, DOT, unknown(words, row));
    text = joined(words, text, DOT, defaults(words, row));
    if (row->lossy != DUET_NONE)
        text = joined(words, text, DOT,
                      joined(words, "lossy: ", "", duet_graph_string(words, row->lossy)));
    return text;
}

static const char *arrow(uint32_t direction)
{
    return code_name(DUET_SECTION_PAIR, "direction", direction);
}

const char *duet_graph_pair(const struct duet_graph_words *words, uint32_t pair, uint32_t unit)
{
    const struct duet_t_pair *row = duet_pair_row(words->tables, pair);
    const char *text =
        duet_arena_format(words->arena, "%s: %s %s %s", duet_graph_string(words, row->name),
                          duet_graph_field(words, row->left), arrow(row->direction),
                          duet_graph_field(words, row->right));
    if (duet_unit_row(words->tables, unit)->group)
        text =
            duet_arena_format(words->arena, "%s, group %s", text,
                              duet_graph_string(words, duet_unit_row(words->tables, unit)->name));
    text = joined(words, text, ", ", duet_graph_policy(words, unit));
    return joined(words, text, ", ", duet_graph_way(words, pair));
}

const char *duet_graph_arm(const struct duet_graph_words *words, uint32_t arm,
                           const struct duet_t_map *map)
{
    const struct duet_t_arm *row = duet_arm_row(words->tables, arm);
    const char *text =
        duet_arena_format(words->arena, "%s %s %s", value(words, map->left, row->left),
                          arrow(row->direction), value(words, map->right, row->right));
    return row->lossy == DUET_NONE ? text
                                   : duet_arena_format(words->arena, "%s, lossy: %s", text,
                                                       duet_graph_string(words, row->lossy));
}

/* --- triggers -------------------------------------------------------------------------------------------- */

const char *duet_graph_event(const struct duet_graph_words *words, uint32_t trigger)
{
    const struct duet_t_trigger *row = duet_trigger_row(words->tables, trigger);
    const char *name = code_name(DUET_SECTION_TRIGGER, "event", row->event);
    if (row->signal == DUET_NONE)
        return name;
    return duet_arena_format(words->arena, "%s \"%s\"", name,
                             duet_graph_string(words, row->signal));
}

static bool unit_goes_to(const struct duet_tables *tables, const struct duet_t_unit *unit,
                         enum duet_side target)
{
    for (uint32_t i = 0; i < unit->pairs_count; i++) {
        if (duet_graph_goes_to(duet_pair_row(tables, unit->pairs + i)->direction, target))
            return true;
    }
    return false;
}

/* Whether the trigger names everything that goes its way. */
static bool is_all(const struct duet_tables *tables, const struct duet_t_trigger *trigger)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    const struct duet_t_note_pair *notes = duet_note_pair_row(tables, mapping->notes);
    enum duet_side side = (enum duet_side)trigger->side;
    enum duet_side target = trigger->verb == DUET_FETCH ? side : duet_other(side);
    uint64_t all = 0;
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        if (unit_goes_to(tables, duet_unit_row(tables, mapping->units + i), target))
            all |= duet_bit(i);
    }
    bool notes_go = notes && duet_graph_goes_to(notes->direction, target);
    uint64_t named = duet_mask(trigger->units_lo, trigger->units_hi);
    return trigger->verb != DUET_CLEAR && (all & ~named) == 0 && (!notes_go || trigger->notes);
}

const char *duet_graph_action(const struct duet_graph_words *words, uint32_t trigger)
{
    const struct duet_t_trigger *row = duet_trigger_row(words->tables, trigger);
    const struct duet_t_mapping *mapping = duet_mapping(words->tables);
    const char *verb = code_name(DUET_SECTION_TRIGGER, "verb", row->verb);
    if (is_all(words->tables, row))
        return joined(words, verb, " ", "all");
    const char *list = "";
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        if (!(duet_mask(row->units_lo, row->units_hi) & duet_bit(i)))
            continue;
        uint32_t name = duet_unit_row(words->tables, mapping->units + i)->name;
        list = joined(words, list, ", ", duet_graph_string(words, name));
    }
    return joined(words, verb, " ", joined(words, list, ", ", row->notes ? "notes" : ""));
}

/* --- the mapping ------------------------------------------------------------------------------------------- */

const char *duet_graph_first_contact(const struct duet_graph_words *words)
{
    const char *side = choice(words, duet_mapping(words->tables)->first_contact);
    return *side == '\0' ? "held for a person" : joined(words, side, " ", "wins");
}

const char *duet_graph_create(const struct duet_graph_words *words, uint32_t create)
{
    const struct duet_t_create *row = duet_create_row(words->tables, create);
    enum duet_side target = (enum duet_side)row->target;
    const char *text = duet_arena_format(words->arena, "%s from %s", duet_graph_side(words, target),
                                         duet_graph_side(words, duet_other(target)));
    return joined(words, text, " ", duet_graph_condition(words, row->when));
}

const char *duet_graph_notes(const struct duet_graph_words *words)
{
    const struct duet_t_note_pair *notes =
        duet_note_pair_row(words->tables, duet_mapping(words->tables)->notes);
    const char *edits = notes && notes->append_edits ? "edited notes go over again" : "";
    return joined(words, edits, DOT, notes && notes->from_all ? "also notes before the link" : "");
}
