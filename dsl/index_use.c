/* What records and mappings name: fields, values, sides, units. */
#include "dsl/index_inside.h"
#include "dsl/names.h"
#include "dsl/types.h"

/* --- pieces ---------------------------------------------------------------------------------------------- */

const struct duet_symbol *duet_index_use_field(struct duet_index *index,
                                               const struct duet_symbol *record,
                                               const struct duet_ast_step *steps,
                                               enum duet_use_kind kind)
{
    const struct duet_ast_step *named = NULL;
    const struct duet_symbol *field = duet_index_field(record, steps, &named);
    if (field)
        duet_index_use(index, field, named->name.at, kind);
    return field;
}

const struct duet_symbol *duet_index_use_side(struct duet_index *index,
                                              const struct duet_symbol *mapping,
                                              struct duet_ast_name name)
{
    const struct duet_symbol *side =
        mapping ? duet_index_find(index, mapping, DUET_SYMBOL_SIDE, name.text) : NULL;
    duet_index_use(index, side, name.at, DUET_USE_NAMES);
    return side;
}

const struct duet_symbol *duet_index_use_path(struct duet_index *index,
                                              const struct duet_symbol *mapping,
                                              const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path ? path->steps.first : NULL;
    const struct duet_symbol *side =
        first ? duet_index_use_side(index, mapping, first->name) : NULL;
    return side ? duet_index_use_field(index, duet_index_record_of(index, side), first->next,
                                       DUET_USE_NAMES)
                : NULL;
}

void duet_index_use_unit(struct duet_index *index, const struct duet_symbol *mapping,
                         struct duet_ast_name name)
{
    for (const struct duet_symbol *unit = mapping ? mapping->children : NULL; unit;
         unit = unit->next) {
        const struct duet_symbol *found =
            unit->kind == DUET_SYMBOL_GROUP
                ? duet_index_find(index, unit, DUET_SYMBOL_RULE, name.text)
                : NULL;
        if ((unit->kind == DUET_SYMBOL_RULE || unit->kind == DUET_SYMBOL_GROUP) &&
            duet_names_same(unit->name, name.text))
            found = unit;
        if (found) {
            duet_index_use(index, found, name.at, DUET_USE_NAMES);
            return;
        }
    }
}

void duet_index_use_choice(struct duet_index *index, const struct duet_symbol *field,
                           const struct duet_ast_value *value)
{
    const struct duet_symbol *values = duet_index_enum_of(index, field);
    if (!values || !value)
        return;
    for (const struct duet_ast_value *item = value->values.first; item; item = item->next)
        duet_index_use_choice(index, field, item);
    if (value->kind == DUET_AST_VALUE_LIST)
        return;
    const char *word = duet_types_value_word(index->arena, value);
    duet_index_use(index, duet_index_find(index, values, DUET_SYMBOL_CHOICE, word), value->at,
                   DUET_USE_NAMES);
}

/* --- conditions ------------------------------------------------------------------------------------------ */

static const struct duet_symbol *use_bare(struct duet_index *index,
                                          const struct duet_symbol *record,
                                          const struct duet_ast_step *steps)
{
    const struct duet_symbol *predicate =
        record && steps && !steps->next
            ? duet_index_find(index, record, DUET_SYMBOL_PREDICATE, steps->name.text)
            : NULL;
    if (!predicate)
        return duet_index_use_field(index, record, steps, DUET_USE_NAMES);
    duet_index_use(index, predicate, steps->name.at, DUET_USE_NAMES);
    return NULL;
}

/* The field that a path of a condition names; NULL: a predicate, or nothing that is defined. */
static const struct duet_symbol *use_subject_path(struct duet_index *index,
                                                  const struct duet_index_scope *scope,
                                                  const struct duet_ast_step *first)
{
    if (scope->answer || !first)
        return NULL;
    if (scope->mapping) {
        const struct duet_symbol *side = duet_index_use_side(index, scope->mapping, first->name);
        return side ? use_bare(index, duet_index_record_of(index, side), first->next) : NULL;
    }
    if (!scope->noun)
        return use_bare(index, scope->record, first);
    if (!first->next || !duet_names_same(first->name.text, scope->noun))
        return NULL;
    duet_index_use(index, scope->record, first->name.at, DUET_USE_NAMES);
    return use_bare(index, scope->record, first->next);
}

static const struct duet_symbol *use_subject(struct duet_index *index,
                                             const struct duet_index_scope *scope,
                                             const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_PATH)
        return use_subject_path(index, scope, value->path->steps.first);
    if (value->kind != DUET_AST_VALUE_TEXT)
        return NULL;
    const struct duet_ast_step step = { .name = { .text = value->text, .at = value->at } };
    return use_subject_path(index, scope, &step);
}

static bool is_enum(const struct duet_index *index, const struct duet_symbol *field)
{
    const struct duet_symbol *values = duet_index_enum_of(index, field);
    enum duet_ast_type_kind kind =
        values && values->of.field->type ? values->of.field->type->kind : DUET_AST_TYPE_TEXT;
    return kind == DUET_AST_TYPE_ENUM || kind == DUET_AST_TYPE_DEPENDENT;
}

static void use_operand(struct duet_index *index, const struct duet_index_scope *scope,
                        const struct duet_symbol *field, const struct duet_ast_value *value)
{
    if (field && is_enum(index, field))
        duet_index_use_choice(index, field, value);
    else if (value->kind == DUET_AST_VALUE_PATH)
        (void)use_subject_path(index, scope, value->path->steps.first);
}

/* The parser bounds the depth. */
void duet_index_use_condition(struct duet_index *index, const struct duet_index_scope *scope,
                              const struct duet_ast_condition *condition)
{
    if (!condition)
        return;
    for (const struct duet_ast_condition *child = condition->children.first; child;
         child = child->next)
        duet_index_use_condition(index, scope, child);
    const struct duet_symbol *field =
        condition->left ? use_subject(index, scope, condition->left) : NULL;
    if (condition->right)
        use_operand(index, scope, field, condition->right);
}

/* --- records --------------------------------------------------------------------------------------------- */

static const struct duet_symbol *use_parent(struct duet_index *index,
                                            const struct duet_symbol *field)
{
    const struct duet_symbol *parent = duet_index_parent_of(field);
    duet_index_use(index, parent, field->of.field->type->by->steps.last->name.at, DUET_USE_NAMES);
    return parent;
}

/* like reason, like siem.reason */
static void use_like(struct duet_index *index, const struct duet_symbol *field)
{
    const struct duet_ast_step *steps = field->of.field->type->like->steps.first;
    if (duet_index_use_field(index, field->parent, steps, DUET_USE_NAMES))
        return;
    for (const struct duet_symbol *mapping = duet_index_symbols(index); mapping;
         mapping = mapping->next) {
        if (mapping->kind == DUET_SYMBOL_MAPPING &&
            duet_index_use_path(index, mapping, field->of.field->type->like))
            return;
    }
}

static void use_in_type(struct duet_index *index, const struct duet_symbol *field)
{
    const struct duet_ast_type *type = field->of.field->type;
    if (!type || !type->by)
        return;
    const struct duet_symbol *values = duet_index_enum_of(index, use_parent(index, field));
    for (const struct duet_ast_dependent_row *row = type->rows.first; values && row;
         row = row->next)
        duet_index_use(index, duet_index_find(index, values, DUET_SYMBOL_CHOICE, row->value.text),
                       row->value.at, DUET_USE_NAMES);
    if (type->like)
        use_like(index, field);
}

static void use_record(struct duet_index *index, const struct duet_symbol *record)
{
    const struct duet_index_scope scope = { .record = record };
    const struct duet_ast_record *ast = record->of.record;
    for (const struct duet_symbol *symbol = record->children; symbol; symbol = symbol->next) {
        if (symbol->kind == DUET_SYMBOL_PREDICATE)
            duet_index_use_condition(index, &scope, symbol->of.predicate->condition);
        if (symbol->kind != DUET_SYMBOL_FIELD)
            continue;
        use_in_type(index, symbol);
        duet_index_use_condition(index, &scope, symbol->of.field->required_when);
        duet_index_use_choice(index, symbol, symbol->of.field->default_value);
    }
    for (const struct duet_ast_moves *moves = ast->moves.first; moves; moves = moves->next) {
        const struct duet_ast_step step = { .name = moves->field };
        const struct duet_symbol *values =
            duet_index_enum_of(index, duet_index_use_field(index, record, &step, DUET_USE_NAMES));
        for (const struct duet_ast_move *move = moves->moves.first; values && move;
             move = move->next) {
            duet_index_use(index,
                           duet_index_find(index, values, DUET_SYMBOL_CHOICE, move->from.text),
                           move->from.at, DUET_USE_NAMES);
            for (const struct duet_ast_name_item *to = move->to.first; to; to = to->next)
                duet_index_use(index,
                               duet_index_find(index, values, DUET_SYMBOL_CHOICE, to->name.text),
                               to->name.at, DUET_USE_NAMES);
        }
    }
}

void duet_index_use_systems(struct duet_index *index)
{
    for (const struct duet_symbol *system = index->root.children; system; system = system->next) {
        if (system->kind != DUET_SYMBOL_SYSTEM)
            continue;
        for (const struct duet_symbol *record = system->children; record; record = record->next) {
            if (record->kind == DUET_SYMBOL_RECORD)
                use_record(index, record);
        }
        if (system->of.system->http)
            duet_index_use_http(index, system);
    }
}

/* --- mappings -------------------------------------------------------------------------------------------- */

void duet_index_use_attributes(struct duet_index *index, const struct duet_symbol *mapping,
                               const struct duet_symbol *const fields[2],
                               const struct duet_ast_rule_attributes *attributes)
{
    const struct duet_ast_value *values[] = { attributes->unknown_value,
                                              attributes->default_value };
    for (size_t i = 0; i < 2; i++) {
        /* A value that both sides have is the left one's here. */
        duet_index_use_choice(index, fields[0], values[i]);
        duet_index_use_choice(index, fields[1], values[i]);
    }
    if (attributes->conflict_side.text)
        (void)duet_index_use_side(index, mapping, attributes->conflict_side);
}

void duet_index_use_arms(struct duet_index *index, const struct duet_symbol *const fields[2],
                         const struct duet_ast_arm_list *arms)
{
    for (const struct duet_ast_arm *arm = arms->first; arm; arm = arm->next) {
        duet_index_use_choice(index, fields[0], arm->left);
        duet_index_use_choice(index, fields[1], arm->right);
    }
}

static void use_rule(struct duet_index *index, const struct duet_symbol *mapping,
                     const struct duet_ast_rule *rule)
{
    const struct duet_symbol *const fields[2] = {
        duet_index_use_path(index, mapping, rule->left),
        duet_index_use_path(index, mapping, rule->right),
    };
    duet_index_use_attributes(index, mapping, fields, &rule->attributes);
    duet_index_use_arms(index, fields, &rule->arms);
}

void duet_index_use_trigger(struct duet_index *index, const struct duet_symbol *mapping,
                            const struct duet_ast_trigger *trigger)
{
    const struct duet_index_scope scope = { .mapping = mapping };
    (void)duet_index_use_side(index, mapping, trigger->side);
    for (const struct duet_ast_name_item *target = trigger->targets.first; target;
         target = target->next)
        duet_index_use_unit(index, mapping, target->name);
    duet_index_use_condition(index, &scope, trigger->when);
}

void duet_index_use_create(struct duet_index *index, const struct duet_symbol *mapping,
                           const struct duet_ast_create *create)
{
    const struct duet_index_scope scope = { .mapping = mapping };
    (void)duet_index_use_side(index, mapping, create->side);
    (void)duet_index_use_side(index, mapping, create->from);
    duet_index_use_condition(index, &scope, create->when);
}

static void use_between(struct duet_index *index, const struct duet_ast_side *side)
{
    const struct duet_symbol *system =
        duet_index_find(index, NULL, DUET_SYMBOL_SYSTEM, side->system.text);
    duet_index_use(index, system, side->system.at, DUET_USE_NAMES);
    if (system)
        duet_index_use(index, duet_index_find(index, system, DUET_SYMBOL_RECORD, side->record.text),
                       side->record.at, DUET_USE_NAMES);
}

static void use_groups(struct duet_index *index, const struct duet_symbol *mapping,
                       const struct duet_ast_group *group)
{
    const struct duet_symbol *const none[2] = { NULL, NULL };
    for (; group; group = group->next) {
        duet_index_use_attributes(index, mapping, none, &group->attributes);
        for (const struct duet_ast_rule *rule = group->rules.first; rule; rule = rule->next)
            use_rule(index, mapping, rule);
    }
}

static void use_mapping(struct duet_index *index, const struct duet_symbol *mapping)
{
    const struct duet_ast_mapping *ast = mapping->of.mapping;
    use_between(index, &ast->left);
    use_between(index, &ast->right);
    for (const struct duet_ast_link *link = ast->links.first; link; link = link->next) {
        (void)duet_index_use_path(index, mapping, link->left);
        (void)duet_index_use_path(index, mapping, link->right);
    }
    if (ast->first_contact && ast->first_contact->side.text)
        (void)duet_index_use_side(index, mapping, ast->first_contact->side);
    for (const struct duet_ast_create *create = ast->creates.first; create; create = create->next)
        duet_index_use_create(index, mapping, create);
    for (const struct duet_ast_rule *rule = ast->rules.first; rule; rule = rule->next)
        use_rule(index, mapping, rule);
    use_groups(index, mapping, ast->groups.first);
    for (const struct duet_ast_notes *notes = ast->notes.first; notes; notes = notes->next) {
        (void)duet_index_use_path(index, mapping, notes->left);
        (void)duet_index_use_path(index, mapping, notes->right);
    }
    for (const struct duet_ast_trigger *trigger = ast->triggers.first; trigger;
         trigger = trigger->next)
        duet_index_use_trigger(index, mapping, trigger);
}

void duet_index_use_mappings(struct duet_index *index)
{
    for (const struct duet_symbol *symbol = index->root.children; symbol; symbol = symbol->next) {
        if (symbol->kind == DUET_SYMBOL_MAPPING)
            use_mapping(index, symbol);
    }
}
