#include "engine/plan/planning.h"
#include "engine/record/expr.h"

/* --- which fields a predicate reads ------------------------------------------------------------------ */

/* Rows refer to earlier rows only, so this ends; the loader bounds the depth. */
static uint64_t fields_read(const struct duet_tables *tables, enum duet_side side, uint32_t index)
{
    const struct duet_t_expr *expr = duet_expr_row(tables, index);
    if (!expr)
        return 0;
    uint64_t fields =
        fields_read(tables, side, expr->left) | fields_read(tables, side, expr->right);
    if (expr->op == DUET_EXPR_FIELD && expr->side == side)
        fields |= duet_bit(duet_field_number(tables, side, expr->field));
    return fields;
}

uint64_t duet_status_units(const struct duet_rules *rules, enum duet_side side)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t fields = fields_read(tables, side, duet_side_row(tables, side)->closed);
    uint64_t units = 0;
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (duet_unit_fields(tables, u, side) & fields)
            units |= duet_bit(u);
    }
    return units;
}

void duet_planning_fill_base(struct duet_planning *planning)
{
    const struct duet_tables *tables = planning->tables;
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        const struct duet_t_unit *unit = duet_planning_unit(tables, u);
        for (uint32_t p = unit->pairs;
             (planning->changes->known & duet_bit(u)) && p < unit->pairs + unit->pairs_count; p++) {
            const struct duet_t_pair *pair = duet_pair_row(tables, p);
            for (uint32_t side = 0; side < 2; side++) {
                uint32_t number = duet_field_number(tables, (enum duet_side)side,
                                                    duet_pair_field(pair, (enum duet_side)side));
                planning->base[side][number] =
                    planning->changes->base.side[side][p - planning->mapping->pairs];
            }
        }
    }
}

/* --- conditions --------------------------------------------------------------------------------------- */

struct view {
    const struct duet_planning *planning;
    const struct duet_value *values[2];
};

static struct duet_value read_field(void *data, const struct duet_t_expr *leaf)
{
    const struct view *view = data;
    if (leaf->op != DUET_EXPR_FIELD)
        return (struct duet_value){ 0 };
    return view->values[leaf->side][duet_field_number(view->planning->tables,
                                                      (enum duet_side)leaf->side, leaf->field)];
}

static bool changed(const struct view *view, const struct duet_t_expr *expr)
{
    const struct duet_planning *planning = view->planning;
    const struct duet_t_expr *what = duet_expr_row(planning->tables, expr->left);
    enum duet_side side = (enum duet_side)what->side;
    if (what->op == DUET_EXPR_CLOSED)
        return duet_record_closed(planning->rules, side, view->values[side]) &&
               !duet_record_closed(planning->rules, side, planning->base[side]);
    if (what->op == DUET_EXPR_MERGED)
        return duet_record_merged(planning->rules, side, view->values[side]) &&
               !duet_record_merged(planning->rules, side, planning->base[side]);
    if (what->op != DUET_EXPR_FIELD)
        return false;
    uint32_t number = duet_field_number(planning->tables, side, what->field);
    return !duet_value_equal(&view->values[side][number], &planning->base[side][number]);
}

static bool was(const struct view *view, const struct duet_t_expr *expr)
{
    const struct duet_planning *planning = view->planning;
    const struct duet_t_expr *what = duet_expr_row(planning->tables, expr->left);
    if (what->op != DUET_EXPR_FIELD)
        return false;
    enum duet_side side = (enum duet_side)what->side;
    struct duet_value value =
        duet_expr_constant(planning->tables, duet_expr_row(planning->tables, expr->right));
    const struct duet_value *before =
        &planning->base[side][duet_field_number(planning->tables, side, what->field)];
    return duet_value_equal(before, &value);
}

static bool test_view(void *data, const struct duet_t_expr *expr)
{
    const struct view *view = data;
    const struct duet_rules *rules = view->planning->rules;
    enum duet_side side = (enum duet_side)expr->side;
    if (expr->op == DUET_EXPR_CHANGED)
        return changed(view, expr);
    if (expr->op == DUET_EXPR_WAS)
        return was(view, expr);
    if (expr->op == DUET_EXPR_CLOSED)
        return duet_record_closed(rules, side, view->values[side]);
    return expr->op == DUET_EXPR_MERGED && duet_record_merged(rules, side, view->values[side]);
}

static bool condition_holds(struct view *view, uint32_t expr)
{
    struct duet_leaves leaves = { .read = read_field, .test = test_view, .data = view };
    return expr == DUET_NONE || duet_expr_holds(view->planning->tables, expr, &leaves);
}

/* --- events ---------------------------------------------------------------------------------------------- */

static bool unit_differs(const struct view *view, enum duet_side side, uint32_t unit)
{
    const struct duet_planning *planning = view->planning;
    if (!(planning->changes->known & duet_bit(unit)))
        return false;
    const struct duet_t_unit *row = duet_planning_unit(planning->tables, unit);
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(planning->tables, p);
        uint32_t number = duet_field_number(planning->tables, side, duet_pair_field(pair, side));
        struct duet_value value = duet_pair_reading(pair, side, &view->values[side][number]);
        if (!duet_value_equal(&value,
                              &planning->changes->base.side[side][p - planning->mapping->pairs]))
            return true;
    }
    return false;
}

static bool any_unit_differs(const struct view *view, enum duet_side side, uint64_t units)
{
    for (uint32_t u = 0; u < view->planning->mapping->units_count; u++) {
        if ((units & duet_bit(u)) && unit_differs(view, side, u))
            return true;
    }
    return false;
}

static bool is_closed(const struct view *view, enum duet_side side)
{
    return duet_record_closed(view->planning->rules, side, view->values[side]);
}

/* Is it the other way round in what was agreed on? */
static bool is_turned(const struct view *view, enum duet_side side)
{
    const struct duet_planning *planning = view->planning;
    uint64_t status = duet_status_units(planning->rules, side);
    return is_closed(view, side) !=
               duet_record_closed(planning->rules, side, planning->base[side]) &&
           (planning->changes->known & status) == status;
}

static bool reopened(const struct view *view, enum duet_side side)
{
    return !is_closed(view, side) && is_turned(view, side);
}

static bool event_holds(const struct view *view, const struct duet_t_trigger *trigger,
                        uint32_t number)
{
    const struct duet_planning *planning = view->planning;
    enum duet_side side = (enum duet_side)trigger->side;
    switch ((enum duet_event)trigger->event) {
    case DUET_EVENT_CLOSE:
        return is_closed(view, side) && (trigger->verb != DUET_CLEAR || is_turned(view, side));
    case DUET_EVENT_REOPEN:
        return reopened(view, side);
    case DUET_EVENT_MOVE:
        return !is_closed(view, side) && !reopened(view, side) &&
               any_unit_differs(view, side, duet_status_units(planning->rules, side));
    case DUET_EVENT_CHANGE:
        return any_unit_differs(view, side, duet_mask(trigger->units_lo, trigger->units_hi));
    case DUET_EVENT_SIGNAL:
        return number < 64 && (planning->signals & duet_bit(number)) != 0;
    case DUET_EVENTS:
        break;
    }
    return false;
}

/* The side as read, and with this plan's writes on it. */
static void view_both(const struct duet_planning *planning, uint32_t side, struct view *as_read,
                      struct view *written)
{
    *as_read =
        (struct view){ .planning = planning, .values = { planning->read[0], planning->read[1] } };
    *written = *as_read;
    written->values[side] = planning->changes->after[side];
}

bool duet_trigger_holds(const struct duet_planning *planning, const struct duet_t_trigger *trigger,
                        uint32_t number)
{
    struct view as_read, written;
    view_both(planning, trigger->side, &as_read, &written);
    if (!event_holds(&as_read, trigger, number) || !condition_holds(&as_read, trigger->when))
        return false;
    return !planning->changes->fields[trigger->side] ||
           (event_holds(&written, trigger, number) && condition_holds(&written, trigger->when));
}

uint32_t duet_trigger_for(const struct duet_planning *planning, enum duet_side side,
                          enum duet_verb verb, uint32_t unit)
{
    for (uint32_t i = 0; i < planning->mapping->triggers_count; i++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(planning->tables, planning->mapping->triggers + i);
        if (trigger->side == side && trigger->verb == verb &&
            (duet_mask(trigger->units_lo, trigger->units_hi) & duet_bit(unit)) &&
            duet_trigger_holds(planning, trigger, i))
            return planning->mapping->triggers + i;
    }
    return DUET_NONE;
}

/* Does the trigger let new notes of `origin` go over? For `change` a new note is the change itself: only the condition is asked. */
static bool releases_notes(const struct duet_planning *planning,
                           const struct duet_t_trigger *trigger, enum duet_side origin,
                           uint32_t number)
{
    bool by_origin = trigger->side == origin && trigger->verb == DUET_SEND;
    bool by_other = trigger->side != origin && trigger->verb == DUET_FETCH;
    if (!trigger->notes || (!by_origin && !by_other))
        return false;
    if (!by_origin || trigger->event != DUET_EVENT_CHANGE)
        return duet_trigger_holds(planning, trigger, number);
    struct view as_read, written;
    view_both(planning, trigger->side, &as_read, &written);
    return condition_holds(&as_read, trigger->when) && condition_holds(&written, trigger->when);
}

uint32_t duet_trigger_for_notes(const struct duet_planning *planning, enum duet_side origin)
{
    for (uint32_t i = 0; i < planning->mapping->triggers_count; i++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(planning->tables, planning->mapping->triggers + i);
        if (releases_notes(planning, trigger, origin, i))
            return planning->mapping->triggers + i;
    }
    return DUET_NONE;
}
