/* What tests, hubs and tenants name. */
#include "dsl/index_inside.h"
#include "dsl/names.h"

/* --- tests ----------------------------------------------------------------------------------------------- */

/* A test, and the mapping that it is of. */
struct tested {
    const struct duet_symbol *test;
    const struct duet_symbol *mapping;
};

static bool use_variable(struct duet_index *index, const struct tested *in,
                         const struct duet_ast_value *value)
{
    const struct duet_symbol *variable =
        value->kind == DUET_AST_VALUE_PATH
            ? duet_index_find(index, in->test, DUET_SYMBOL_VARIABLE, value->text)
            : NULL;
    duet_index_use(index, variable, value->at, DUET_USE_NAMES);
    return variable != NULL;
}

/* The test's own table comes first. */
static const struct duet_symbol *row_named(const struct duet_index *index, const struct tested *in,
                                           const char *name)
{
    const struct duet_symbol *row = duet_index_find(index, in->test, DUET_SYMBOL_ROW, name);
    for (const struct duet_symbol *table = index->root.children; table && !row;
         table = table->next) {
        if (table->kind == DUET_SYMBOL_TESTTABLE)
            row = duet_index_find(index, table, DUET_SYMBOL_ROW, name);
    }
    return row;
}

static void use_value(struct duet_index *index, const struct tested *in,
                      const struct duet_symbol *field, const struct duet_ast_value *value)
{
    if (use_variable(index, in, value) || !field || !field->of.field->type)
        return;
    if (field->of.field->type->kind != DUET_AST_TYPE_PERSON) {
        duet_index_use_choice(index, field, value);
        return;
    }
    const char *word = value->kind == DUET_AST_VALUE_PATH ? duet_ast_value_word(value) : NULL;
    duet_index_use(index, word ? row_named(index, in, word) : NULL, value->at, DUET_USE_NAMES);
}

static void use_assigns(struct duet_index *index, const struct tested *in,
                        const struct duet_ast_test_step *step)
{
    const struct duet_symbol *record =
        duet_index_record_of(index, duet_index_use_side(index, in->mapping, step->name));
    for (const struct duet_ast_assign *assign = step->assigns.first; assign;
         assign = assign->next) {
        const struct duet_symbol *field =
            duet_index_use_field(index, record, assign->path->steps.first, DUET_USE_NAMES);
        if (assign->value)
            use_value(index, in, field, assign->value);
    }
}

/* siem.id = "0001": a key of the persons that go via the table on that side. */
static void use_column(struct duet_index *index, const struct duet_symbol *mapping,
                       const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    const struct duet_symbol *record =
        duet_index_record_of(index, duet_index_use_side(index, mapping, first->name));
    for (const struct duet_symbol *field = record && first->next ? record->children : NULL; field;
         field = field->next) {
        const struct duet_symbol *key =
            field->kind == DUET_SYMBOL_FIELD
                ? duet_index_find(index, field, DUET_SYMBOL_KEY, first->next->name.text)
                : NULL;
        if (!key)
            continue;
        duet_index_use(index, key, first->next->name.at, DUET_USE_NAMES);
        return;
    }
}

static void use_table(struct duet_index *index, const struct duet_symbol *mapping,
                      struct duet_ast_name name)
{
    if (mapping)
        duet_index_use(index, duet_index_find(index, mapping, DUET_SYMBOL_TABLE, name.text),
                       name.at, DUET_USE_NAMES);
}

static void use_test_table(struct duet_index *index, const struct duet_symbol *mapping,
                           const struct duet_ast_test_table *table)
{
    use_table(index, mapping, table->name);
    for (const struct duet_ast_table_row *row = table->rows.first; mapping && row;
         row = row->next) {
        for (const struct duet_ast_assign *cell = row->cells.first; cell; cell = cell->next)
            use_column(index, mapping, cell->path);
    }
}

/* The values that a forall tries. */
static void use_range(struct duet_index *index, const struct tested *in,
                      const struct duet_symbol *field, const struct duet_ast_condition *condition)
{
    if (!condition)
        return;
    for (const struct duet_ast_condition *child = condition->children.first; child;
         child = child->next)
        use_range(index, in, field, child);
    const struct duet_ast_value *operands[] = { condition->left, condition->right };
    for (size_t i = 0; i < 2; i++) {
        if (operands[i] && !use_variable(index, in, operands[i]))
            duet_index_use_choice(index, field, operands[i]);
    }
}

static void use_step(struct duet_index *index, const struct tested *in,
                     const struct duet_ast_test_step *step)
{
    switch (step->kind) {
    case DUET_AST_STEP_GIVEN:
    case DUET_AST_STEP_WHEN:
    case DUET_AST_STEP_EXPECT:
        use_assigns(index, in, step);
        return;
    case DUET_AST_STEP_FORALL:
        use_range(index, in, duet_index_use_path(index, in->mapping, step->in), step->when);
        return;
    case DUET_AST_STEP_WHEN_SIGNAL: {
        const struct duet_symbol *side = duet_index_use_side(index, in->mapping, step->name);
        if (side)
            duet_index_use(index, duet_index_find(index, side, DUET_SYMBOL_SIGNAL, step->text.text),
                           step->text.at, DUET_USE_NAMES);
        return;
    }
    case DUET_AST_STEP_EXPECT_WRITES:
        (void)duet_index_use_side(index, in->mapping, step->name);
        return;
    case DUET_AST_STEP_EXPECT_PENDING:
    case DUET_AST_STEP_EXPECT_CONFLICT:
        for (const struct duet_ast_name_item *item = step->fields.first; item; item = item->next)
            duet_index_use_unit(index, in->mapping, item->name);
        return;
    case DUET_AST_STEP_GIVEN_TABLE:
        if (step->table)
            use_test_table(index, in->mapping, step->table);
        return;
    case DUET_AST_STEP_EXPECT_HOLD:
    case DUET_AST_STEP_EXPECT_NOTHING:
        return;
    }
}

static void use_test(struct duet_index *index, const struct duet_symbol *test)
{
    const struct tested in = { test, duet_index_mapping_of(index, test->of.test) };
    if (test->of.test->mapping.text)
        duet_index_use(index, in.mapping, test->of.test->mapping.at, DUET_USE_NAMES);
    for (const struct duet_ast_test_step *step = test->of.test->steps.first; step;
         step = step->next) {
        for (const struct duet_ast_test_step *part = step; part; part = part->with)
            use_step(index, &in, part);
    }
}

void duet_index_use_tests(struct duet_index *index)
{
    for (const struct duet_symbol *symbol = index->root.children; symbol; symbol = symbol->next) {
        if (symbol->kind == DUET_SYMBOL_TEST)
            use_test(index, symbol);
        if (symbol->kind != DUET_SYMBOL_TESTTABLE)
            continue;
        const struct duet_ast_test unsaid = { .at = symbol->all };
        use_test_table(index, duet_index_mapping_of(index, &unsaid), symbol->of.test_table);
    }
}

/* --- fleets ---------------------------------------------------------------------------------------------- */

static void use_settings(struct duet_index *index, const struct duet_symbol *system,
                         const struct duet_ast_assign_list *settings)
{
    for (const struct duet_ast_assign *assign = settings->first; system && assign;
         assign = assign->next) {
        if (!assign->path->steps.first->next)
            duet_index_use(index,
                           duet_index_find(index, system, DUET_SYMBOL_SETTING, assign->path->text),
                           assign->path->at, DUET_USE_NAMES);
    }
}

static void use_hub(struct duet_index *index, const struct duet_ast_hub *hub)
{
    const struct duet_symbol *system =
        duet_index_find(index, NULL, DUET_SYMBOL_SYSTEM, hub->system.text);
    duet_index_use(index, system, hub->system.at, DUET_USE_NAMES);
    use_settings(index, system, &hub->settings);
}

static void use_tenant_side(struct duet_index *index, const struct duet_symbol *mapping,
                            const struct duet_ast_tenant_side *ast)
{
    const struct duet_symbol *side = duet_index_use_side(index, mapping, ast->name);
    const struct duet_symbol *record = duet_index_record_of(index, side);
    use_settings(index, record ? record->parent : NULL, &ast->settings);
    duet_index_use(index, duet_index_find(index, NULL, DUET_SYMBOL_HUB, ast->shared.text),
                   ast->shared.at, DUET_USE_NAMES);
}

/* The rule of a mapping that an override is of; NULL: a group, or none. */
static const struct duet_symbol *overridden(const struct duet_index *index,
                                            const struct duet_symbol *mapping, const char *name)
{
    const struct duet_symbol *rule = duet_index_find(index, mapping, DUET_SYMBOL_RULE, name);
    for (const struct duet_symbol *group = mapping->children; group && !rule; group = group->next) {
        if (group->kind == DUET_SYMBOL_GROUP)
            rule = duet_index_find(index, group, DUET_SYMBOL_RULE, name);
    }
    return rule;
}

static void use_override(struct duet_index *index, const struct duet_symbol *mapping,
                         const struct duet_ast_override *override)
{
    switch (override->kind) {
    case DUET_AST_OVERRIDE_RULE: {
        const struct duet_symbol *rule = overridden(index, mapping, override->name.text);
        const struct duet_symbol *const fields[2] = {
            rule ? duet_index_mapped(index, rule, 0) : NULL,
            rule ? duet_index_mapped(index, rule, 1) : NULL,
        };
        duet_index_use_unit(index, mapping, override->name);
        duet_index_use_attributes(index, mapping, fields, &override->attributes);
        duet_index_use_arms(index, fields, &override->arms);
        use_table(index, mapping, override->attributes.via);
        return;
    }
    case DUET_AST_OVERRIDE_TRIGGER:
        if (override->trigger)
            duet_index_use_trigger(index, mapping, override->trigger);
        return;
    case DUET_AST_OVERRIDE_CREATE:
        if (override->create)
            duet_index_use_create(index, mapping, override->create);
        return;
    case DUET_AST_OVERRIDE_FIRST_CONTACT:
        if (override->first_contact && override->first_contact->side.text)
            (void)duet_index_use_side(index, mapping, override->first_contact->side);
        return;
    }
}

static void use_tenant(struct duet_index *index, const struct duet_ast_tenant *tenant)
{
    const struct duet_symbol *mapping =
        duet_index_find(index, NULL, DUET_SYMBOL_MAPPING, tenant->mapping.text);
    duet_index_use(index, mapping, tenant->mapping.at, DUET_USE_NAMES);
    if (!mapping)
        return;
    for (const struct duet_ast_tenant_side *side = tenant->sides.first; side; side = side->next)
        use_tenant_side(index, mapping, side);
    for (const struct duet_ast_tenant_table *table = tenant->tables.first; table;
         table = table->next)
        use_table(index, mapping, table->name);
    for (const struct duet_ast_override *override = tenant->overrides.first; override;
         override = override->next)
        use_override(index, mapping, override);
}

void duet_index_use_fleets(struct duet_index *index)
{
    for (const struct duet_symbol *symbol = index->root.children; symbol; symbol = symbol->next) {
        if (symbol->kind == DUET_SYMBOL_HUB)
            use_hub(index, symbol->of.hub);
        if (symbol->kind == DUET_SYMBOL_TENANT)
            use_tenant(index, symbol->of.tenant);
    }
}
