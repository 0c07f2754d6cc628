/* Triggers: what each sends, fetches or clears, whether its event can ever be, and whether everything
 * that two sides share is sent by some trigger from either. */
#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"

#define LISTED_MAX 10u /* names in a help */

static enum duet_event event_of(enum duet_ast_event event)
{
    switch (event) {
    case DUET_AST_EVENT_CLOSE:
        return DUET_EVENT_CLOSE;
    case DUET_AST_EVENT_REOPEN:
        return DUET_EVENT_REOPEN;
    case DUET_AST_EVENT_MOVE:
        return DUET_EVENT_MOVE;
    case DUET_AST_EVENT_CHANGE:
        return DUET_EVENT_CHANGE;
    case DUET_AST_EVENT_SIGNAL:
        return DUET_EVENT_SIGNAL;
    }
    return DUET_EVENT_CHANGE;
}

static enum duet_verb verb_of(enum duet_ast_action action)
{
    switch (action) {
    case DUET_AST_ACTION_SEND:
        return DUET_SEND;
    case DUET_AST_ACTION_FETCH:
        return DUET_FETCH;
    case DUET_AST_ACTION_CLEAR:
        return DUET_CLEAR;
    }
    return DUET_SEND;
}

/* The side that a trigger's values come from. */
static enum duet_side source_of(const struct duet_m_trigger *trigger)
{
    return trigger->verb == DUET_FETCH ? duet_other(trigger->side) : trigger->side;
}

static enum duet_direction notes_direction(const struct duet_ast_notes *notes)
{
    return notes->direction == DUET_AST_BOTH    ? DUET_BOTH_WAYS
           : notes->direction == DUET_AST_RIGHT ? DUET_TO_RIGHT
                                                : DUET_TO_LEFT;
}

/* --- targets ---------------------------------------------------------------------------------- */

/* `write all, or one of ...`: what a trigger can name. */
static void list_units(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       const struct duet_m_trigger *trigger, struct duet_diag *diag)
{
    bool is_clear = trigger->verb == DUET_CLEAR;
    const char *names = "";
    for (uint32_t i = 0; i < mapping->unit_count && i < LISTED_MAX; i++)
        names = duet_arena_format(check->arena, "%s%s'%s'", names, i ? ", " : "",
                                  mapping->units[i].name);
    if (mapping->unit_count > LISTED_MAX)
        names = duet_arena_format(check->arena, "%s, ...", names);
    if (mapping->notes && !is_clear)
        names = duet_arena_format(check->arena, "%s%s'notes'", names, *names ? ", " : "");
    if (*names)
        duet_diag_help(diag, "write %sone of %s", is_clear ? "" : "`all`, or ", names);
}

static void unknown_unit(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         const struct duet_m_trigger *trigger, struct duet_ast_name name,
                         const struct duet_m_unit *inside)
{
    if (inside) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_BAD_TARGET, name.at,
                                "'%s' moves only with its group '%s'", name.text, inside->name);
        duet_diag_help(diag, "name the group: `%s`", inside->name);
        return;
    }
    if (duet_checker_mapping_lacks(check, mapping->ast, name.text))
        return;
    struct duet_suggest suggest = duet_checker_suggest(check, name.text);
    for (uint32_t i = 0; i < mapping->unit_count; i++)
        duet_suggest_offer(&suggest, mapping->units[i].name);
    duet_suggest_offer(&suggest, "notes");
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_UNIT, name.at,
                            "this mapping has no field or group '%s'", name.text);
    if (!duet_propose(check->arena, diag, name.at, &suggest))
        list_units(check, mapping, trigger, diag);
}

static void check_clear(struct duet_checker *check, const struct duet_m_unit *unit,
                        struct duet_ast_name name)
{
    for (uint32_t i = 0; i < unit->pair_count; i++) {
        for (int side = 0; side < 2; side++) {
            const struct duet_m_field *field = unit->pairs[i].fields[side];
            if (!field || !field->required)
                continue;
            struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_BAD_TARGET, name.at,
                                                         "'%s' can't be cleared: '%s' is required",
                                                         unit->name, field->name);
            duet_diag_note(diag, field->ast->required_at, "required here");
            return;
        }
    }
}

static void check_source(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         const struct duet_m_trigger *trigger, const struct duet_m_unit *unit,
                         struct duet_ast_name name)
{
    enum duet_side source = source_of(trigger);
    if (trigger->verb == DUET_CLEAR) {
        check_clear(check, unit, name);
        if (unit->direction != DUET_BOTH_WAYS)
            duet_checker_report(check, DUET_DIAG_BAD_TARGET, name.at,
                                "'%s' goes one way, so that it can't be cleared on both sides",
                                unit->name);
        return;
    }
    if (duet_m_goes_to(unit->direction, duet_other(source)))
        return;
    duet_diag_note(duet_checker_report(check, DUET_DIAG_BAD_TARGET, name.at,
                                       "'%s' never goes from '%s' to '%s'", unit->name,
                                       mapping->side_names[source],
                                       mapping->side_names[duet_other(source)]),
                   unit->at, "it goes the other way only");
}

static void take_target(struct duet_checker *check, struct duet_m_mapping *mapping,
                        struct duet_m_trigger *trigger, struct duet_ast_name name)
{
    if (duet_names_same(name.text, "notes") && !duet_names_unit(mapping, name.text, NULL)) {
        trigger->notes = true;
        if (trigger->verb == DUET_CLEAR)
            duet_checker_report(check, DUET_DIAG_BAD_TARGET, name.at, "notes can't be cleared");
        else if (!mapping->notes && !duet_checker_mapping_lacks(check, mapping->ast, "notes"))
            duet_checker_report(check, DUET_DIAG_UNKNOWN_UNIT, name.at,
                                "this mapping has no notes");
        return;
    }
    const struct duet_m_unit *inside = NULL;
    const struct duet_m_unit *unit = duet_names_unit(mapping, name.text, &inside);
    if (!unit) {
        mapping->trigger_lost = true;
        unknown_unit(check, mapping, trigger, name, inside);
        return;
    }
    trigger->units |= duet_bit(unit->number);
    check_source(check, mapping, trigger, unit, name);
}

static void take_all(struct duet_checker *check, const struct duet_m_mapping *mapping,
                     struct duet_m_trigger *trigger)
{
    enum duet_side target = duet_other(source_of(trigger));
    if (trigger->verb == DUET_CLEAR) {
        duet_checker_report(check, DUET_DIAG_BAD_TARGET, trigger->ast->at,
                            "name what is to be cleared: a field or group");
        return;
    }
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        if (duet_m_goes_to(mapping->units[i].direction, target))
            trigger->units |= duet_bit(i);
    }
    trigger->notes = mapping->notes && duet_m_goes_to(notes_direction(mapping->notes), target);
}

/* --- events ----------------------------------------------------------------------------------- */

/* Closing, reopening and moving are about a mapped status: the unit whose fields `closed` reads. */
static void check_event(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        const struct duet_m_trigger *trigger)
{
    const struct duet_m_record *record = mapping->records[trigger->side];
    bool about_status = trigger->event == DUET_EVENT_CLOSE || trigger->event == DUET_EVENT_REOPEN ||
                        trigger->event == DUET_EVENT_MOVE;
    if (!about_status || !record || duet_checker_record_lacks(check, record->ast, "closed"))
        return;
    if (!record->closed) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_EVENT_IMPOSSIBLE, trigger->ast->event_at,
                                "%s.%s doesn't say when it is closed, so that this never happens",
                                record->system->name.text, record->ast->name.text);
        duet_diag_note(diag, record->ast->name.at, "the record is defined here");
        duet_diag_help(diag, "add `closed when ...;` to the record");
        return;
    }
    uint64_t reads = duet_checker_reads(record, record->closed->when);
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        for (uint32_t p = 0; p < mapping->units[i].pair_count; p++) {
            const struct duet_m_field *field = mapping->units[i].pairs[p].fields[trigger->side];
            if (field && (reads & duet_bit(field->number)))
                return;
        }
    }
    if (record->closed->when && !duet_checker_mapping_lacks(check, mapping->ast, "field"))
        duet_diag_note(duet_checker_report(check, DUET_DIAG_EVENT_IMPOSSIBLE,
                                           trigger->ast->event_at,
                                           "no field that is mapped says whether '%s' is closed",
                                           mapping->side_names[trigger->side]),
                       record->closed->at, "closed is defined here");
}

static void check_trigger(struct duet_checker *check, struct duet_m_mapping *mapping,
                          const struct duet_ast_trigger *ast)
{
    int side = duet_names_need_side(check, mapping->side_names, ast->side.text, ast->side.at);
    struct duet_scope scope = { .kind = DUET_SCOPE_MAPPING };
    for (int i = 0; i < 2; i++) {
        scope.records[i] = mapping->records[i];
        scope.side_names[i] = mapping->side_names[i];
    }
    struct duet_m_trigger trigger = { .ast = ast,
                                      .event = event_of(ast->event),
                                      .verb = verb_of(ast->action) };
    trigger.when = duet_checker_condition(check, &scope, ast->when);
    if (side < 0) {
        mapping->trigger_lost = true;
        return;
    }
    trigger.side = (enum duet_side)side;
    if (ast->all)
        take_all(check, mapping, &trigger);
    duet_checker_names_once(check, &ast->targets);
    for (const struct duet_ast_name_item *item = ast->targets.first; item; item = item->next)
        take_target(check, mapping, &trigger, item->name);
    check_event(check, mapping, &trigger);
    if (mapping->trigger_count == DUET_MAX_FIELDS) {
        duet_checker_report(check, DUET_DIAG_TOO_MANY, ast->at,
                            "a mapping has at most %u `on` statements, this is one more",
                            DUET_MAX_FIELDS);
        mapping->trigger_lost = true;
        return;
    }
    mapping->triggers[mapping->trigger_count++] = trigger;
}

/* --- does each release something? --------------------------------------------------------------- */

/* Whether a trigger without a condition does all that another does, at the same event. */
static bool does_all_of(const struct duet_m_trigger *one, const struct duet_m_trigger *other)
{
    return !one->ast->when && one->side == other->side && one->event == other->event &&
           one->verb == other->verb && (one->units & other->units) == other->units &&
           (one->notes || !other->notes) &&
           (one->event != DUET_EVENT_SIGNAL ||
            duet_names_same(one->ast->signal.text, other->ast->signal.text));
}

static void check_needed(struct duet_checker *check, const struct duet_m_mapping *mapping)
{
    for (uint32_t i = 0; i < mapping->trigger_count; i++) {
        const struct duet_m_trigger *trigger = &mapping->triggers[i];
        bool names_something = trigger->units != 0 || trigger->notes;
        for (uint32_t j = 0; names_something && j < mapping->trigger_count; j++) {
            const struct duet_m_trigger *other = &mapping->triggers[j];
            /* Of two that do the same, the second one is too many. */
            if (i == j || !does_all_of(other, trigger) || (i < j && does_all_of(trigger, other)))
                continue;
            struct duet_diag *diag =
                duet_checker_report(check, DUET_DIAG_UNUSED, trigger->ast->at,
                                    "this does nothing that another trigger doesn't do");
            duet_diag_note(diag, other->ast->at, "this one does it always");
            duet_propose_removal(diag, trigger->ast->when ? DUET_FIX_MAYBE : DUET_FIX_SAFE,
                                 check->sources, trigger->ast->at);
            break;
        }
    }
}

/* --- is everything sent? ---------------------------------------------------------------------- */

static bool is_released(const struct duet_m_mapping *mapping, enum duet_side source, uint64_t unit,
                        bool notes)
{
    for (uint32_t i = 0; i < mapping->trigger_count; i++) {
        const struct duet_m_trigger *trigger = &mapping->triggers[i];
        if (trigger->verb != DUET_CLEAR && source_of(trigger) == source &&
            (notes ? trigger->notes : (trigger->units & unit) != 0))
            return true;
    }
    return false;
}

static void not_released(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         enum duet_side source, struct duet_span at, const char *name)
{
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_NOT_RELEASED, at,
                                                 "no trigger ever sends '%s' from '%s'", name,
                                                 mapping->side_names[source]);
    duet_diag_help(diag, "add `on %s change send %s;`, or let it go the other way only",
                   mapping->side_names[source], name);
}

static void check_released(struct duet_checker *check, const struct duet_m_mapping *mapping,
                           enum duet_side source)
{
    enum duet_side target = duet_other(source);
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        const struct duet_m_unit *unit = &mapping->units[i];
        if (duet_m_goes_to(unit->direction, target) && !unit->one_way_meant &&
            !is_released(mapping, source, duet_bit(i), false))
            not_released(check, mapping, source, unit->at, unit->name);
    }
    if (mapping->notes && duet_m_goes_to(notes_direction(mapping->notes), target) &&
        !is_released(mapping, source, 0, true))
        not_released(check, mapping, source, mapping->notes->at, "notes");
}

void duet_checker_triggers(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    mapping->triggers = duet_arena_alloc_array(check->arena, mapping->ast->triggers.count + 1,
                                               sizeof *mapping->triggers);
    for (const struct duet_ast_trigger *ast = mapping->ast->triggers.first; ast; ast = ast->next)
        check_trigger(check, mapping, ast);
    /* A trigger that couldn't be understood may have been the one that sends it. */
    if (mapping->trigger_lost || duet_checker_mapping_lacks(check, mapping->ast, "on"))
        return;
    check_needed(check, mapping);
    check_released(check, mapping, DUET_LEFT);
    check_released(check, mapping, DUET_RIGHT);
}
