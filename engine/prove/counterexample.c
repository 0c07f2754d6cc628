#include "engine/prove/counterexample.h"

#include "engine/plan/unit.h"
#include "engine/prove/retelling.h"
#include "engine/prove/step.h"

#define MOST_PLANS 4U

struct telling {
    const struct duet_space *space;
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
};

static const char *side_name(const struct telling *telling, enum duet_side side)
{
    return duet_str(telling->tables, duet_side_row(telling->tables, side)->name);
}

static bool is_told(enum duet_side side, uint32_t at, const struct duet_pairs *values,
                    const struct duet_pairs *against)
{
    const struct duet_value *value = &values->side[side][at];
    return against ? !duet_value_equal(value, &against->side[side][at])
                   : !duet_value_missing(value);
}

/* Of the pairs of the component: `side field = value, ...`; with `against`, only those that differ from it, and those in `written`. */
static const char *tell_side(const struct telling *telling, enum duet_side side,
                             const struct duet_pairs *values, const struct duet_pairs *against,
                             uint64_t written)
{
    const char *text = "";
    uint64_t told = 0;
    uint64_t units = telling->space->component.core | telling->space->component.beside;
    for (uint32_t u = 0; u < telling->mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_unit_row(telling->tables, telling->mapping->units + u);
        for (uint32_t p = row->pairs; (units & duet_bit(u)) && p < row->pairs + row->pairs_count;
             p++) {
            uint32_t at = p - telling->mapping->pairs;
            uint32_t index = duet_pair_field(duet_pair_row(telling->tables, p), side);
            const struct duet_t_field *field = duet_field_row(telling->tables, index);
            uint64_t own = duet_bit(duet_field_number(telling->tables, side, index));
            if ((told & own) || (!is_told(side, at, values, against) && !(written & own)))
                continue;
            told |= own;
            text = duet_arena_format(
                telling->arena, "%s%s%s = %s", text, *text ? ", " : "",
                duet_str(telling->tables, field->name),
                duet_value_show(telling->tables, field, &values->side[side][at], telling->arena));
        }
    }
    return *text ? duet_arena_format(telling->arena, "%s %s", side_name(telling, side), text) : "";
}

static const char *tell_both(const struct telling *telling, const struct duet_pairs *values,
                             const struct duet_pairs *against)
{
    const char *left = tell_side(telling, DUET_LEFT, values, against, 0);
    const char *right = tell_side(telling, DUET_RIGHT, values, against, 0);
    return duet_arena_format(telling->arena, "%s%s%s", left, *left && *right ? "; " : "", right);
}

/* --- what duet does --------------------------------------------------------------------------------------------- */

static const char *tell_unwritten(const struct telling *telling,
                                  const struct duet_changeset *changes, uint32_t unit)
{
    const struct duet_move *move = &changes->moves[unit];
    const char *name = duet_str(
        telling->tables, duet_unit_row(telling->tables, telling->mapping->units + unit)->name);
    if (move->decision == DUET_PENDING)
        return duet_arena_format(telling->arena, "%s stays pending, whatever else is edited in %s",
                                 name, side_name(telling, move->from));
    if (move->decision == DUET_HELD)
        return duet_arena_format(telling->arena, "%s is held: %s", name, move->sentence);
    return duet_arena_format(telling->arena, "nothing is written");
}

/* What stands there while the plans are told one after the other. */
struct standing {
    struct duet_record records[2];
    const struct duet_state *state;
};

static const char *refusal_of(const struct telling *telling, const struct standing *standing,
                              const struct duet_changeset *changes, enum duet_side side)
{
    return duet_step_refusal(telling->space->rules, changes, side, standing->records[side].values,
                             telling->arena);
}

/* Added to `text`; `*refused_out`: the target turns it down, and the story ends. */
static const char *tell_write(const struct telling *telling, const struct standing *standing,
                              const struct duet_changeset *changes, enum duet_side side,
                              const char *text, bool *refused_out)
{
    const struct duet_value *values[2] = { standing->records[DUET_LEFT].values,
                                           standing->records[DUET_RIGHT].values };
    const char *refusal = refusal_of(telling, standing, changes, side);
    values[side] = changes->after[side];
    struct duet_pairs after =
        duet_pairs_of(telling->space->rules, values[DUET_LEFT], values[DUET_RIGHT], telling->arena);
    *refused_out = refusal != NULL;
    return duet_arena_format(telling->arena, "%s%swrites %s%s%s", text, *text ? "; then " : "",
                             tell_side(telling, side, &after, &changes->now, changes->fields[side]),
                             refusal ? ", refused: " : "", refusal ? refusal : "");
}

static void take_writes(const struct telling *telling, struct standing *standing,
                        const struct duet_changeset *changes)
{
    struct duet_result results[2] = { { .sent_at = 1 }, { .sent_at = 1 } };
    for (uint32_t side = 0; side < 2; side++) {
        if (!changes->fields[side])
            continue;
        standing->records[side].values = changes->after[side];
        results[side].taken = DUET_TAKEN;
        results[side].shows = &standing->records[side];
    }
    standing->state = duet_plan_record(telling->space->rules, changes, results, telling->arena);
}

/* `*is_in_vain_out`: a write of the unit changes what said the same on both sides. */
static const char *tell_plans(const struct telling *telling, struct duet_triple triple,
                              uint32_t variant, uint32_t unit, bool *is_in_vain_out)
{
    const char *text = "";
    struct standing standing = { .state = duet_space_state(telling->space, triple.base, variant,
                                                           telling->arena) };
    uint64_t signals = telling->space->variants[variant].signals;
    for (uint32_t side = 0; side < 2; side++)
        standing.records[side] = telling->space->side[side].records[triple.record[side]];
    for (uint32_t plan = 0; plan < MOST_PLANS; plan++) {
        const struct duet_plan_input input = { .rules = telling->space->rules,
                                               .record = { &standing.records[DUET_LEFT],
                                                           &standing.records[DUET_RIGHT] },
                                               .state = standing.state,
                                               .signals = plan ? 0 : signals,
                                               .still = duet_space_still(telling->space) };
        const struct duet_changeset *changes = duet_plan(&input, telling->arena);
        if (plan == 0)
            *is_in_vain_out =
                duet_step_in_vain(telling->space->rules, changes, unit, telling->arena);
        if (duet_changeset_quiet(changes))
            return plan ? text : tell_unwritten(telling, changes, unit);
        bool is_refused = false;
        for (uint32_t side = 0; side < 2 && !is_refused; side++) {
            if (changes->fields[side])
                text = tell_write(telling, &standing, changes, (enum duet_side)side, text,
                                  &is_refused);
        }
        if (is_refused)
            return text;
        take_writes(telling, &standing, changes);
    }
    return duet_arena_format(telling->arena, "%s; and so on", text);
}

/* Added to what is written: the values that return as others from where they went, by the rule that sent them. */
static const char *tell_return(const struct telling *telling, const struct duet_t_unit *row,
                               const struct duet_pairs *now, const struct duet_pairs *base,
                               const char *text)
{
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(telling->tables, p);
        uint32_t at = p - telling->mapping->pairs;
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            const struct duet_value *value = &now->side[side][at];
            const struct duet_t_field *field =
                duet_field_row(telling->tables, duet_pair_field(pair, side));
            struct duet_value there;
            struct duet_value back;
            if (pair->direction != DUET_BOTH_WAYS ||
                duet_value_equal(value, &base->side[side][at]) ||
                duet_pair_convert(telling->space->rules, pair, side, value, telling->arena,
                                  &there) != DUET_CONVERTED ||
                duet_pair_convert(telling->space->rules, pair, duet_other(side), &there,
                                  telling->arena, &back) != DUET_CONVERTED ||
                duet_value_equal(&back, value))
                continue;
            text =
                duet_arena_format(telling->arena, "%s; it comes back as %s %s = %s", text,
                                  side_name(telling, side), duet_str(telling->tables, field->name),
                                  duet_value_show(telling->tables, field, &back, telling->arena));
        }
    }
    return text;
}

/* With the signal that is told, or whose change is the later one. */
static const char *tell_variant(const struct telling *telling, uint32_t variant, const char *edit)
{
    const struct duet_variant *asked = &telling->space->variants[variant];
    uint32_t number = 0;
    if (asked->dated != DUET_UNDATED)
        return duet_arena_format(
            telling->arena, "%s; %s is the later one", edit,
            side_name(telling, asked->dated == DUET_LEFT_LATER ? DUET_LEFT : DUET_RIGHT));
    if (!asked->signals)
        return edit;
    while (!(asked->signals & duet_bit(number)))
        number++;
    const struct duet_t_trigger *trigger =
        duet_trigger_row(telling->tables, telling->mapping->triggers + number);
    const char *name = duet_opt_str(telling->tables, trigger->signal);
    return duet_arena_format(telling->arena, "%s%s%s signal \"%s\"", edit, *edit ? "; " : "",
                             side_name(telling, (enum duet_side)trigger->side),
                             name ? name : "any");
}

const struct duet_counterexample *duet_counterexample_tell(const struct duet_space *space,
                                                           struct duet_triple triple,
                                                           uint32_t variant, uint32_t unit,
                                                           enum duet_law law,
                                                           struct duet_arena *arena)
{
    struct telling telling = { .space = space,
                               .tables = space->rules->tables,
                               .mapping = duet_mapping(space->rules->tables),
                               .arena = arena };
    const struct duet_state *state = space->states[triple.base];
    struct duet_pairs now =
        duet_pairs_of(space->rules, space->side[DUET_LEFT].records[triple.record[DUET_LEFT]].values,
                      space->side[DUET_RIGHT].records[triple.record[DUET_RIGHT]].values, arena);
    const struct duet_t_unit *row = duet_unit_row(telling.tables, telling.mapping->units + unit);
    struct duet_counterexample *told = duet_arena_alloc(arena, sizeof *told);
    told->unit = duet_str(telling.tables, row->name);
    told->file = duet_str(telling.tables, row->file);
    told->line = row->line;
    told->before = tell_both(&telling, &state->base, NULL);
    if (!*told->before)
        told->before = duet_arena_format(arena, "%s",
                                         (state->known & space->component.core) ? "both sides empty"
                                                                                : "never seen");
    told->edit = tell_variant(&telling, variant, tell_both(&telling, &now, &state->base));
    told->story = duet_retell(space, triple, variant, arena);
    told->outcome = tell_plans(&telling, triple, variant, unit, &told->is_in_vain);
    told->is_forgotten = !told->is_in_vain && duet_unit_agrees(space->rules, unit, &now, arena);
    if (law == DUET_LAW_ROUND_TRIP)
        told->outcome = tell_return(&telling, row, &now, &state->base, told->outcome);
    return told;
}
