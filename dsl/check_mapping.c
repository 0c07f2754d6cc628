/* A mapping put together: its sides, link, creation, units, notes; the parts have files of their own. */
#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/types.h"

/* --- sides ------------------------------------------------------------------------------------ */

static struct duet_m_record *side_record(struct duet_checker *check,
                                         const struct duet_ast_side *side, enum duet_side number,
                                         struct duet_m_record *other, const char *other_name)
{
    const struct duet_ast_system *system = duet_names_system(check->program, side->system.text);
    const struct duet_ast_record *record =
        system ? duet_names_record(system, side->record.text) : NULL;
    return record ? duet_checker_record(check, system, record, number, other, other_name) : NULL;
}

static void need_record(struct duet_checker *check, const struct duet_ast_side *side)
{
    const struct duet_ast_system *system = duet_names_need_system(check, side->system);
    if (system)
        duet_names_need_record(check, system, side->record);
}

/* Each side once without the other, so that `like` finds what it takes from; then again with it. */
static void find_sides(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    const struct duet_ast_mapping *ast = mapping->ast;
    if (duet_names_same(ast->left.name.text, ast->right.name.text))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, ast->right.name.at,
                                           "both sides are called '%s'", ast->right.name.text),
                       "give each a name of its own, `%s.%s as NAME`", ast->right.system.text,
                       ast->right.record.text);
    need_record(check, &ast->left);
    need_record(check, &ast->right);

    struct duet_checker quiet = duet_checker_quietly(check);
    struct duet_m_record *right = side_record(&quiet, &ast->right, DUET_RIGHT, NULL, NULL);
    mapping->records[DUET_LEFT] =
        side_record(check, &ast->left, DUET_LEFT, right, ast->right.name.text);
    mapping->records[DUET_RIGHT] = side_record(check, &ast->right, DUET_RIGHT,
                                               mapping->records[DUET_LEFT], ast->left.name.text);
}

/* --- link, first contact, creation ------------------------------------------------------------ */

static void check_link_types(struct duet_checker *check, const struct duet_m_mapping *mapping)
{
    const struct duet_ast_link *link = mapping->ast->links.first;
    const struct duet_m_field *left = mapping->link[DUET_LEFT];
    const struct duet_m_field *right = mapping->link[DUET_RIGHT];
    bool left_key = left == mapping->records[DUET_LEFT]->key;
    bool right_key = right == mapping->records[DUET_RIGHT]->key;
    if (!left_key && !right_key) {
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_BAD_LINK, link->at,
                                                     "neither '%s' nor '%s' is a key",
                                                     link->left->text, link->right->text);
        duet_diag_help(diag, "one side of a link is the key of its record: `%s.key`",
                       mapping->side_names[DUET_LEFT]);
        return;
    }
    const struct duet_m_field *holder = left_key ? right : left;
    if (holder->type == DUET_TYPE_TEXT || holder->type == DUET_TYPE_INTEGER)
        return;
    duet_checker_report(check, DUET_DIAG_BAD_LINK, (left_key ? link->right : link->left)->at,
                        "'%s' is %s, which can't hold a key", holder->name,
                        duet_types_field_name(holder));
}

static void check_link(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    const struct duet_ast_link *link = mapping->ast->links.first;
    if (!link) {
        if (!duet_checker_mapping_lacks(check, mapping->ast, "link"))
            duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_LINK, mapping->ast->name.at,
                                               "mapping '%s' doesn't say which field holds the "
                                               "other side's key",
                                               mapping->ast->name.text),
                           "add `link %s.key <-> %s.FIELD;`", mapping->side_names[DUET_LEFT],
                           mapping->side_names[DUET_RIGHT]);
        return;
    }
    if (link->direction != DUET_AST_BOTH) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_BAD_LINK, link->arrow_at, "a link goes both ways");
        duet_diag_help(diag, "write `<->`: which side's records are created is said by `create`");
        duet_diag_fix(diag, DUET_FIX_SAFE, link->arrow_at, "<->");
    }
    if (link->next)
        duet_diag_note(duet_checker_report(check, DUET_DIAG_BAD_LINK, link->next->at,
                                           "a mapping has one link"),
                       link->at, "the first is here");
    mapping->link[DUET_LEFT] = duet_names_need_side_field(check, mapping, DUET_LEFT, link->left);
    mapping->link[DUET_RIGHT] = duet_names_need_side_field(check, mapping, DUET_RIGHT, link->right);
    if (mapping->link[DUET_LEFT] && mapping->link[DUET_RIGHT])
        check_link_types(check, mapping);
}

static void check_first_contact(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    const struct duet_ast_first_contact *first = mapping->ast->first_contact;
    mapping->first_contact = DUET_CHOOSE_NONE;
    if (!first) {
        if (!duet_checker_mapping_lacks(check, mapping->ast, "contact"))
            duet_diag_help(
                duet_checker_report(check, DUET_DIAG_FIRST_CONTACT_MISSING, mapping->ast->name.at,
                                    "nothing says which side wins when two records are linked "
                                    "that already differ"),
                "add `first contact %s;`, `first contact %s;` or `first contact hold;`",
                mapping->side_names[DUET_LEFT], mapping->side_names[DUET_RIGHT]);
        return;
    }
    if (first->hold)
        return;
    int side = duet_names_need_side(check, mapping->side_names, first->side.text, first->side.at);
    if (side >= 0)
        mapping->first_contact = (enum duet_choice)side;
}

static void check_creates(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    struct duet_scope scope = { .kind = DUET_SCOPE_MAPPING };
    for (int i = 0; i < 2; i++) {
        scope.records[i] = mapping->records[i];
        scope.side_names[i] = mapping->side_names[i];
    }
    mapping->creates = duet_arena_alloc_array(check->arena, mapping->ast->creates.count + 1,
                                              sizeof *mapping->creates);
    for (const struct duet_ast_create *ast = mapping->ast->creates.first; ast; ast = ast->next) {
        int target = duet_names_need_side(check, mapping->side_names, ast->side.text, ast->side.at);
        int from = duet_names_need_side(check, mapping->side_names, ast->from.text, ast->from.at);
        struct duet_m_expr *when = duet_checker_condition(check, &scope, ast->when);
        if (target >= 0 && target == from)
            duet_checker_report(check, DUET_DIAG_BAD_CREATE, ast->from.at,
                                "'%s' is created from the other side, not from itself",
                                ast->side.text);
        if (target < 0)
            continue;
        mapping->creates[mapping->create_count++] =
            (struct duet_m_create){ .ast = ast, .target = (enum duet_side)target, .when = when };
    }
}

/* --- units ------------------------------------------------------------------------------------ */

static void check_name_is_new(struct duet_checker *check, const struct duet_m_mapping *mapping,
                              struct duet_ast_name name)
{
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        const struct duet_m_unit *unit = &mapping->units[i];
        struct duet_span first = DUET_SPAN_NONE;
        if (duet_names_same(unit->name, name.text))
            first = unit->at;
        for (uint32_t p = 0; unit->group && p < unit->pair_count; p++) {
            if (duet_names_same(unit->pairs[p].ast->name.text, name.text))
                first = unit->pairs[p].ast->name.at;
        }
        if (first.file == DUET_SOURCE_NONE)
            continue;
        duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, name.at,
                                           "'%s' is the name of two fields or groups", name.text),
                       first, "first used here");
        return;
    }
}

static struct duet_m_unit *new_unit(struct duet_checker *check, struct duet_m_mapping *mapping,
                                    struct duet_ast_name name, size_t pairs)
{
    check_name_is_new(check, mapping, name);
    struct duet_m_unit *unit = &mapping->units[mapping->unit_count];
    *unit = (struct duet_m_unit){ .name = name.text, .at = name.at };
    unit->pairs = duet_arena_alloc_array(check->arena, pairs + 1, sizeof *unit->pairs);
    return unit;
}

static void take_pair(struct duet_checker *check, const struct duet_m_mapping *mapping,
                      struct duet_m_unit *unit, const struct duet_ast_rule *rule,
                      const struct duet_ast_rule_attributes *group)
{
    struct duet_m_pair *pair = &unit->pairs[unit->pair_count];
    pair->ast = rule;
    duet_checker_pair(check, mapping, pair, group);
    unit->one_way_meant = unit->one_way_meant || pair->one_way_meant;
    if (unit->pair_count++ == 0)
        unit->direction = pair->direction;
    else if (unit->direction != pair->direction)
        unit->direction = DUET_BOTH_WAYS;
}

static void check_rule(struct duet_checker *check, struct duet_m_mapping *mapping,
                       const struct duet_ast_rule *rule)
{
    struct duet_m_unit *unit = new_unit(check, mapping, rule->name, 1);
    take_pair(check, mapping, unit, rule, NULL);
    duet_checker_policy(check, mapping, unit, &rule->attributes);
    mapping->unit_count++;
}

/* A group is decided once, and goes over whole. */
static void check_direction(struct duet_checker *check, const struct duet_ast_rule *first,
                            const struct duet_ast_rule *rule)
{
    static const char *const arrows[] = {
        [DUET_AST_BOTH] = "<->", [DUET_AST_RIGHT] = "->", [DUET_AST_LEFT] = "<-"
    };
    if (rule->direction == first->direction)
        return;
    duet_diag_note(duet_checker_report(check, DUET_DIAG_GROUP_DIRECTION, rule->name.at,
                                       "'%s' goes `%s`, its group goes `%s`", rule->name.text,
                                       arrows[rule->direction], arrows[first->direction]),
                   first->name.at, "the group's first field");
}

static void check_group(struct duet_checker *check, struct duet_m_mapping *mapping,
                        const struct duet_ast_group *group)
{
    if (!group->rules.first) {
        if (!duet_checker_damaged(check, group->at, "field"))
            duet_checker_report(check, DUET_DIAG_BAD_TARGET, group->name.at,
                                "group '%s' has no fields", group->name.text);
        return;
    }
    struct duet_m_unit *unit = new_unit(check, mapping, group->name, DUET_MAX_FIELDS);
    unit->group = group;
    for (const struct duet_ast_rule *rule = group->rules.first; rule; rule = rule->next) {
        if (unit->pair_count == DUET_MAX_FIELDS) {
            duet_checker_report(check, DUET_DIAG_TOO_MANY, rule->name.at,
                                "a group has at most %u fields, '%s' is one more", DUET_MAX_FIELDS,
                                rule->name.text);
            break;
        }
        for (const struct duet_ast_rule *first = group->rules.first; first != rule;
             first = first->next) {
            if (duet_names_same(first->name.text, rule->name.text))
                duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, rule->name.at,
                                                   "'%s' is the name of two fields",
                                                   rule->name.text),
                               first->name.at, "first used here");
        }
        check_direction(check, group->rules.first, rule);
        take_pair(check, mapping, unit, rule, &group->attributes);
    }
    duet_checker_policy(check, mapping, unit, &group->attributes);
    mapping->unit_count++;
}

/* How far clocks may be apart counts only where dates do. */
static void check_skew(struct duet_checker *check, const struct duet_m_mapping *mapping)
{
    if (!mapping->ast->skew.given || duet_checker_damaged(check, mapping->ast->at, NULL))
        return;
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        if (mapping->units[i].policy == DUET_POLICY_NEWEST)
            return;
    }
    duet_diag_help(duet_checker_report(check, DUET_DIAG_UNUSED, mapping->ast->skew.at,
                                       "no conflict is decided by `newest`, so that `skew` means "
                                       "nothing"),
                   "leave it out, or write `conflict newest else %s`", mapping->side_names[1]);
}

/* Fields and groups in the order in which they were written. */
static void check_units(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    const struct duet_ast_rule *rule = mapping->ast->rules.first;
    const struct duet_ast_group *group = mapping->ast->groups.first;
    mapping->units =
        duet_arena_alloc_array(check->arena, DUET_MAX_FIELDS + 1, sizeof *mapping->units);
    while (rule || group) {
        bool is_rule = rule && (!group || rule->at.start < group->at.start);
        if (mapping->unit_count == DUET_MAX_FIELDS) {
            struct duet_ast_name name = is_rule ? rule->name : group->name;
            duet_checker_report(check, DUET_DIAG_TOO_MANY, name.at,
                                "a mapping has at most %u fields and groups, '%s' is one more",
                                DUET_MAX_FIELDS, name.text);
            break;
        }
        if (is_rule) {
            check_rule(check, mapping, rule);
            rule = rule->next;
        } else {
            check_group(check, mapping, group);
            group = group->next;
        }
    }
    check_skew(check, mapping);
    duet_checker_order_units(check, mapping);
}

/* --- notes ------------------------------------------------------------------------------------ */

static void check_notes_side(struct duet_checker *check, const struct duet_m_mapping *mapping,
                             enum duet_side side, const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    int found = duet_names_need_side(check, mapping->side_names, first->name.text, first->name.at);
    const struct duet_m_record *record = mapping->records[side];
    if (found < 0 || !record)
        return;
    if (found != (int)side) {
        duet_checker_report(check, DUET_DIAG_UNKNOWN_SIDE, path->at,
                            "notes of '%s' stand here, where those of '%s' belong",
                            mapping->side_names[found], mapping->side_names[side]);
        return;
    }
    bool is_it = record->notes && first->next && !first->next->next &&
                 duet_names_same(record->notes->name.text, first->next->name.text);
    if (is_it ||
        duet_checker_record_lacks(check, record->ast,
                                  first->next ? duet_names_plain(check->arena, first->next) : NULL))
        return;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_FIELD, path->at, "%s.%s has no notes '%s'",
                            record->system->name.text, record->ast->name.text, path->text);
    if (record->notes)
        duet_diag_help(diag, "did you mean '%s.%s'?", mapping->side_names[side],
                       record->notes->name.text);
    if (record->notes && first->next)
        duet_diag_fix(diag, DUET_FIX_SAFE, duet_names_place(first->next), "%s",
                      record->notes->name.text);
}

/* A note that is sent has duet's mark in its text. */
static void check_notes_room(struct duet_checker *check, const struct duet_m_record *record)
{
    const struct duet_ast_field *field =
        record && record->notes ? record->notes->fields.first : NULL;
    for (; field; field = field->next) {
        if (!duet_names_same(field->name.text, "text") || !field->max.given ||
            field->max.value < 1 || field->max.value >= DUET_MIN_NOTE_LENGTH)
            continue;
        duet_diag_help(duet_checker_report(check, DUET_DIAG_TOO_MANY, field->max.at,
                                           "a note of %lld characters has no room for duet's mark",
                                           (long long)field->max.value),
                       "expected at least %u, or none of its notes are mapped",
                       DUET_MIN_NOTE_LENGTH);
    }
}

static void check_notes(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    mapping->notes = mapping->ast->notes.first;
    if (!mapping->notes)
        return;
    if (mapping->notes->next)
        duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, mapping->notes->next->at,
                                           "notes are mapped twice"),
                       mapping->notes->at, "first here");
    check_notes_side(check, mapping, DUET_LEFT, mapping->notes->left);
    check_notes_side(check, mapping, DUET_RIGHT, mapping->notes->right);
    check_notes_room(check, mapping->records[DUET_LEFT]);
    check_notes_room(check, mapping->records[DUET_RIGHT]);
}

static uint64_t length_of(struct duet_span at)
{
    return at.end - at.start;
}

/* Of its own text, and of both records, which are checked twice. */
static uint64_t checked_length(const struct duet_checker *check, const struct duet_ast_mapping *ast)
{
    const struct duet_ast_side *sides[2] = { &ast->left, &ast->right };
    uint64_t length = length_of(ast->at);
    for (int side = 0; side < 2; side++) {
        const struct duet_ast_system *system =
            duet_names_system(check->program, sides[side]->system.text);
        const struct duet_ast_record *record =
            system ? duet_names_record(system, sides[side]->record.text) : NULL;
        length += record ? 2 * length_of(record->at) : 0;
    }
    return length;
}

struct duet_m_mapping *duet_checker_mapping(struct duet_checker *check,
                                            const struct duet_ast_mapping *ast)
{
    struct duet_m_mapping *mapping = duet_arena_alloc(check->arena, sizeof *mapping);
    mapping->ast = ast;
    mapping->side_names[DUET_LEFT] = ast->left.name.text;
    mapping->side_names[DUET_RIGHT] = ast->right.name.text;
    if (!duet_checker_affords_text(check, checked_length(check, ast), ast->name))
        return mapping;
    find_sides(check, mapping);
    check_link(check, mapping);
    check_first_contact(check, mapping);
    check_creates(check, mapping);
    check_units(check, mapping);
    check_notes(check, mapping);
    duet_checker_triggers(check, mapping);
    duet_checker_targets(check, mapping);
    return mapping;
}
