/* What changed between two versions: each unit's meaning is summed up in one 64-bit number, made from names and texts and never
 * from row numbers, and the numbers are compared. Places in files are left out.
 *
 * A reference to a field sums up the field as a value (type, values, path), not the conditions about it: conditions read
 * fields again, and this is where the circle is cut. The conditions are the unit's own business, by its rules. */
#include "dsl/tables_text.h"

#include <string.h>

#define DIGEST_START UINT64_C(14695981039346656037)

static uint64_t with_bytes(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ at[i]) * UINT64_C(1099511628211);
    return sum;
}

static uint64_t with_number(uint64_t sum, uint64_t number)
{
    return with_bytes(sum, &number, sizeof number);
}

static uint64_t with_text(uint64_t sum, const char *text)
{
    return text ? with_bytes(sum, text, strlen(text) + 1) : with_number(sum, DUET_NONE);
}

static uint64_t with_row(const struct duet_tables *tables, uint64_t sum, enum duet_section section,
                         uint32_t row);

/* --- fields -------------------------------------------------------------------------------------------- */

static bool is_of_right(const struct duet_tables *tables, uint32_t field)
{
    const struct duet_t_side *right = duet_side_row(tables, DUET_RIGHT);
    return field >= right->fields && field - right->fields < right->fields_count;
}

static bool is_about_other_fields(const char *column)
{
    return strcmp(column, "required_when") == 0 || strcmp(column, "depends") == 0 ||
           strcmp(column, "legal") == 0;
}

static bool is_place(const char *column)
{
    return strcmp(column, "file") == 0 || strcmp(column, "line") == 0;
}

/* --- columns ----------------------------------------------------------------------------------------------- */

/* Sets of fields and units by their names, whatever their numbers. */
static uint64_t with_mask(const struct duet_tables *tables, uint64_t sum, enum duet_section section,
                          uint32_t row, uint64_t mask)
{
    if (section == DUET_SECTION_EXPR || section == DUET_SECTION_JSON)
        return with_number(sum, mask);
    const struct duet_t_side *right = duet_side_row(tables, DUET_RIGHT);
    uint32_t first = section == DUET_SECTION_OP ? right->ops : right->rules;
    uint32_t count = section == DUET_SECTION_OP ? right->ops_count : right->rules_count;
    bool is_right = row >= first && row - first < count;
    uint64_t names = 0;
    for (uint32_t i = 0; i < DUET_MAX_FIELDS; i++) {
        if ((mask & duet_bit(i)) == 0)
            continue;
        const char *name =
            section == DUET_SECTION_TRIGGER
                ? duet_str(tables, duet_unit_row(tables, i)->name)
                : duet_str(
                      tables,
                      duet_field_row(tables, duet_side_row(tables, is_right)->fields + i)->name);
        names += with_text(DIGEST_START, name); /* a sum: the order doesn't count */
    }
    return with_number(sum, names);
}

static uint64_t with_reference(const struct duet_tables *tables, uint64_t sum,
                               enum duet_section section, uint32_t row)
{
    if (row == DUET_NONE)
        return with_number(sum, DUET_NONE);
    if (section == DUET_SECTION_FIELD)
        sum = with_number(sum, is_of_right(tables, row));
    return with_row(tables, sum, section, row);
}

static uint64_t with_column(const struct duet_tables *tables, uint64_t sum,
                            enum duet_section section, uint32_t row,
                            const struct duet_column *column, const uint32_t *words)
{
    uint32_t value = words[column->word];
    switch (column->kind) {
    case DUET_COL_STR:
    case DUET_COL_OPT_STR:
        return with_text(sum, duet_opt_str(tables, value));
    case DUET_COL_REF:
    case DUET_COL_OPT:
        return with_reference(tables, sum, (enum duet_section)column->argument, value);
    case DUET_COL_RANGE:
        sum = with_number(sum, words[column->word + 1]);
        for (uint32_t i = 0; i < words[column->word + 1]; i++)
            sum = with_reference(tables, sum, (enum duet_section)column->argument, value + i);
        return sum;
    case DUET_COL_CODE:
    case DUET_COL_NUM:
        return with_number(sum, value);
    case DUET_COL_MASK:
        return with_mask(tables, sum, section, row, duet_mask(value, words[column->word + 1]));
    }
    return sum;
}

/* A predicate means its condition. They can't ask each other in circles: the loader saw to that. */
static uint64_t with_predicate(const struct duet_tables *tables, uint64_t sum,
                               const struct duet_t_expr *expr)
{
    const struct duet_t_side *side = duet_side_row(tables, expr->side);
    if (expr->op == DUET_EXPR_CLOSED)
        return with_reference(tables, sum, DUET_SECTION_EXPR, side->closed);
    if (expr->op == DUET_EXPR_MERGED)
        return with_reference(tables, sum, DUET_SECTION_EXPR, side->merged);
    return sum;
}

/* Ends: within a section references point to earlier rows, conditions and templates have a depth, and fields don't reach
 * conditions. */
static uint64_t with_row(const struct duet_tables *tables, uint64_t sum, enum duet_section section,
                         uint32_t row)
{
    const struct duet_section_format *format = duet_section_format(section);
    const uint32_t *words = tables->sections[section].rows + (size_t)row * format->words;
    for (size_t i = 0; i < format->column_count; i++) {
        const struct duet_column *column = &format->columns[i];
        bool is_left_out = is_place(column->name) ||
                           (section == DUET_SECTION_FIELD && is_about_other_fields(column->name));
        if (!is_left_out)
            sum = with_column(tables, sum, section, row, column, words);
    }
    return section == DUET_SECTION_EXPR ? with_predicate(tables, sum, duet_expr_row(tables, row))
                                        : sum;
}

/* --- units ------------------------------------------------------------------------------------------------- */

/* The fields of a unit on one side, by number within the side. */
static uint64_t fields_of_unit(const struct duet_tables *tables, const struct duet_t_unit *unit,
                               enum duet_side side)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < unit->pairs_count; i++)
        mask |= duet_bit(duet_field_number(
            tables, side, duet_pair_field(duet_pair_row(tables, unit->pairs + i), side)));
    return mask;
}

/* What a side refuses about the unit's fields: the rules that read them, and the fields' own dependences. */
static uint64_t with_rules(const struct duet_tables *tables, uint64_t sum,
                           const struct duet_t_unit *unit, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    uint64_t fields = fields_of_unit(tables, unit, side);
    for (uint32_t i = 0; i < row->rules_count; i++) {
        const struct duet_t_rule *rule = duet_rule_row(tables, row->rules + i);
        if ((duet_mask(rule->reads_lo, rule->reads_hi) & fields) != 0)
            sum = with_row(tables, sum, DUET_SECTION_RULE, row->rules + i);
    }
    for (uint32_t i = 0; i < row->fields_count; i++) {
        const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
        if ((fields & duet_bit(i)) == 0)
            continue;
        sum = with_reference(tables, sum, DUET_SECTION_EXPR, field->required_when);
        sum = with_reference(tables, sum, DUET_SECTION_FIELD, field->depends);
        for (uint32_t word = 0; word < field->legal_count; word++)
            sum = with_number(sum, duet_word_row(tables, field->legal + word)->bits);
    }
    return sum;
}

/* When it is released. Which other units the same statement sends doesn't matter to this one. */
static uint64_t with_trigger(const struct duet_tables *tables, uint64_t sum,
                             const struct duet_t_trigger *trigger)
{
    const struct duet_t_side *side = duet_side_row(tables, trigger->side);
    sum = with_number(sum, trigger->side);
    sum = with_number(sum, trigger->event);
    sum = with_text(sum, duet_opt_str(tables, trigger->signal));
    sum = with_number(sum, trigger->verb);
    sum = with_reference(tables, sum, DUET_SECTION_EXPR, trigger->when);
    bool asks_closed = trigger->event != DUET_EVENT_CHANGE && trigger->event != DUET_EVENT_SIGNAL;
    return asks_closed ? with_reference(tables, sum, DUET_SECTION_EXPR, side->closed) : sum;
}

static uint64_t with_component(const struct duet_tables *tables, uint64_t sum,
                               const struct duet_t_unit *unit)
{
    for (uint32_t i = 0; i < duet_mapping(tables)->units_count; i++) {
        const struct duet_t_unit *other = duet_unit_row(tables, i);
        if (other->component_left == unit->component_left ||
            other->component_right == unit->component_right) {
            sum = with_text(sum, duet_str(tables, other->name));
            sum = with_number(sum, other->component_left == unit->component_left);
            sum = with_number(sum, other->component_right == unit->component_right);
        }
    }
    return sum;
}

uint64_t duet_tables_unit_sum(const struct duet_tables *tables, uint32_t unit)
{
    const struct duet_t_unit *row = duet_unit_row(tables, unit);
    uint64_t sum = with_number(DIGEST_START, row->group);
    sum = with_number(sum, row->policy);
    sum = with_number(sum, row->policy_side);
    for (uint32_t i = 0; i < row->pairs_count; i++)
        sum = with_row(tables, sum, DUET_SECTION_PAIR, row->pairs + i);
    sum = with_rules(tables, sum, row, DUET_LEFT);
    sum = with_rules(tables, sum, row, DUET_RIGHT);
    sum = with_component(tables, sum, row);
    sum = with_number(sum, row->frozen_by_merge);
    for (uint32_t i = 0; row->frozen_by_merge && i < 2; i++)
        sum = with_reference(tables, sum, DUET_SECTION_EXPR, duet_side_row(tables, i)->merged);
    for (uint32_t i = 0; i < duet_mapping(tables)->triggers_count; i++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(tables, i);
        if ((duet_mask(trigger->units_lo, trigger->units_hi) & duet_bit(unit)) != 0)
            sum = with_trigger(tables, sum, trigger);
    }
    return sum;
}

/* The unit of that name, DUET_NONE for none. */
static uint32_t find_unit(const struct duet_tables *tables, const char *name)
{
    for (uint32_t i = 0; i < duet_mapping(tables)->units_count; i++) {
        if (strcmp(duet_str(tables, duet_unit_row(tables, i)->name), name) == 0)
            return i;
    }
    return DUET_NONE;
}

/* --- everything else ------------------------------------------------------------------------------------- */

/* Fields, rules and predicates belong to the units that use them; titles are for people. */
static bool is_of_units(const char *column)
{
    static const char *const columns[] = { "title", "fields", "rules", "closed", "merged" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (strcmp(columns[i], column) == 0)
            return true;
    }
    return false;
}

static uint64_t with_side(const struct duet_tables *tables, uint64_t sum, enum duet_side side)
{
    const struct duet_section_format *format = duet_section_format(DUET_SECTION_SIDE);
    const uint32_t *words = tables->sections[DUET_SECTION_SIDE].rows + (size_t)side * format->words;
    for (size_t i = 0; i < format->column_count; i++) {
        if (!is_of_units(format->columns[i].name))
            sum = with_column(tables, sum, DUET_SECTION_SIDE, side, &format->columns[i], words);
    }
    return sum;
}

uint64_t duet_tables_frame_sum(const struct duet_tables *tables)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t sum = with_side(tables, with_side(tables, DIGEST_START, DUET_LEFT), DUET_RIGHT);
    sum = with_reference(tables, sum, DUET_SECTION_FIELD, mapping->link_left);
    sum = with_reference(tables, sum, DUET_SECTION_FIELD, mapping->link_right);
    sum = with_number(sum, mapping->first_contact);
    sum = with_number(sum, mapping->overlap_ms);
    sum = with_number(sum, mapping->skew_ms);
    return with_reference(tables, sum, DUET_SECTION_NOTE_PAIR, mapping->notes);
}

uint64_t duet_tables_other_sum(const struct duet_tables *tables)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t sum = duet_tables_frame_sum(tables);
    for (uint32_t i = 0; i < mapping->creates_count; i++)
        sum = with_row(tables, sum, DUET_SECTION_CREATE, i);
    for (uint32_t i = 0; i < mapping->triggers_count; i++) {
        if (duet_trigger_row(tables, i)->notes)
            sum = with_trigger(tables, sum, duet_trigger_row(tables, i));
    }
    return sum;
}

uint64_t duet_tables_changed_units(const struct duet_tables *a, const struct duet_tables *b,
                                   bool *other_out)
{
    uint64_t changed = 0;
    *other_out = duet_tables_other_sum(a) != duet_tables_other_sum(b);
    for (uint32_t i = 0; i < duet_mapping(b)->units_count; i++) {
        uint32_t before = find_unit(a, duet_str(b, duet_unit_row(b, i)->name));
        if (before == DUET_NONE || duet_tables_unit_sum(a, before) != duet_tables_unit_sum(b, i))
            changed |= duet_bit(i);
    }
    for (uint32_t i = 0; i < duet_mapping(a)->units_count; i++) {
        if (find_unit(b, duet_str(a, duet_unit_row(a, i)->name)) == DUET_NONE)
            *other_out = true;
    }
    return changed;
}
