/* Every definition of a program, what lies in it below it. */
#include "dsl/index_inside.h"
#include "dsl/names.h"

/* --- systems --------------------------------------------------------------------------------------------- */

/* A value that stands in several rows is defined by the first. */
static void define_choices(struct duet_index *index, struct duet_symbol *field,
                           const struct duet_ast_choice_list *choices)
{
    for (const struct duet_ast_choice *choice = choices->first; choice; choice = choice->next) {
        const struct duet_symbol *first =
            duet_index_find(index, field, DUET_SYMBOL_CHOICE, choice->name.text);
        if (first)
            duet_index_use(index, first, choice->name.at, DUET_USE_REPEATS);
        else
            duet_index_define(index, field, DUET_SYMBOL_CHOICE, choice->name, choice->at)
                ->of.choice = choice;
    }
}

static void define_field(struct duet_index *index, struct duet_symbol *parent,
                         const struct duet_ast_field *field, bool in_form)
{
    struct duet_symbol *symbol =
        duet_index_define(index, parent, DUET_SYMBOL_FIELD, field->name, field->at);
    symbol->of.field = field;
    symbol->in_form = in_form;
    for (const struct duet_ast_field *inner = field->fields.first; inner; inner = inner->next)
        define_field(index, symbol, inner, false);
    if (!field->type)
        return;
    define_choices(index, symbol, &field->type->choices);
    for (const struct duet_ast_dependent_row *row = field->type->rows.first; row; row = row->next)
        define_choices(index, symbol, &row->choices);
    for (const struct duet_ast_person_key *key = field->type->persons.first; key; key = key->next)
        duet_index_define(index, symbol, DUET_SYMBOL_KEY, key->key, key->at)->of.key = key;
}

static void define_record(struct duet_index *index, struct duet_symbol *system,
                          const struct duet_ast_record *record)
{
    struct duet_symbol *symbol =
        duet_index_define(index, system, DUET_SYMBOL_RECORD, record->name, record->at);
    symbol->of.record = record;
    for (const struct duet_ast_field *field = record->fields.first; field; field = field->next)
        define_field(index, symbol, field, false);
    for (const struct duet_ast_form *form = record->forms.first; form; form = form->next) {
        for (const struct duet_ast_field *field = form->fields.first; field; field = field->next)
            define_field(index, symbol, field, true);
    }
    for (const struct duet_ast_predicate *predicate = record->predicates.first; predicate;
         predicate = predicate->next)
        duet_index_define(index, symbol, DUET_SYMBOL_PREDICATE, predicate->name, predicate->at)
            ->of.predicate = predicate;
}

static void define_lookups(struct duet_index *index, struct duet_symbol *system,
                           const struct duet_ast_http *http)
{
    for (const struct duet_ast_operation *operation = http->operations.first; operation;
         operation = operation->next) {
        for (const struct duet_ast_call *call = operation->calls.first; call; call = call->next) {
            if (call->lookup)
                duet_index_define(index, system, DUET_SYMBOL_LOOKUP, call->lookup->name,
                                  call->lookup->at)
                    ->of.lookup = call->lookup;
        }
    }
}

static void define_system(struct duet_index *index, const struct duet_ast_system *system)
{
    struct duet_symbol *symbol =
        duet_index_define(index, NULL, DUET_SYMBOL_SYSTEM, system->name, system->at);
    symbol->of.system = system;
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next)
        duet_index_define(index, symbol, DUET_SYMBOL_SETTING, setting->name, setting->at)
            ->of.setting = setting;
    for (const struct duet_ast_record *record = system->records.first; record;
         record = record->next)
        define_record(index, symbol, record);
    if (system->http)
        define_lookups(index, symbol, system->http);
}

/* --- mappings -------------------------------------------------------------------------------------------- */

static void define_side(struct duet_index *index, struct duet_symbol *mapping,
                        const struct duet_ast_side *side)
{
    if (side->name.text)
        duet_index_define(index, mapping, DUET_SYMBOL_SIDE, side->name, side->at)->of.side = side;
}

static void define_table(struct duet_index *index, struct duet_symbol *mapping,
                         const struct duet_ast_rule_attributes *attributes)
{
    const struct duet_ast_name via = attributes->via;
    const struct duet_symbol *first = duet_index_find(index, mapping, DUET_SYMBOL_TABLE, via.text);
    if (first)
        duet_index_use(index, first, via.at, DUET_USE_NAMES);
    else if (via.text)
        duet_index_define(index, mapping, DUET_SYMBOL_TABLE, via, via.at);
}

static void define_rule(struct duet_index *index, struct duet_symbol *mapping,
                        struct duet_symbol *parent, const struct duet_ast_rule *rule)
{
    duet_index_define(index, parent, DUET_SYMBOL_RULE, rule->name, rule->at)->of.rule = rule;
    define_table(index, mapping, &rule->attributes);
}

static void define_signals(struct duet_index *index, struct duet_symbol *mapping,
                           const struct duet_ast_mapping *ast)
{
    for (const struct duet_ast_trigger *trigger = ast->triggers.first; trigger;
         trigger = trigger->next) {
        struct duet_symbol *side = mapping->children;
        while (side &&
               (side->kind != DUET_SYMBOL_SIDE || !duet_names_same(side->name, trigger->side.text)))
            side = side->next;
        const struct duet_symbol *first =
            side ? duet_index_find(index, side, DUET_SYMBOL_SIGNAL, trigger->signal.text) : NULL;
        if (first)
            duet_index_use(index, first, trigger->signal.at, DUET_USE_NAMES);
        else if (side && trigger->signal.text)
            duet_index_define(index, side, DUET_SYMBOL_SIGNAL, trigger->signal, trigger->at);
    }
}

static void define_mapping(struct duet_index *index, const struct duet_ast_mapping *mapping)
{
    struct duet_symbol *symbol =
        duet_index_define(index, NULL, DUET_SYMBOL_MAPPING, mapping->name, mapping->at);
    symbol->of.mapping = mapping;
    define_side(index, symbol, &mapping->left);
    define_side(index, symbol, &mapping->right);
    for (const struct duet_ast_rule *rule = mapping->rules.first; rule; rule = rule->next)
        define_rule(index, symbol, symbol, rule);
    for (const struct duet_ast_group *group = mapping->groups.first; group; group = group->next) {
        struct duet_symbol *inner =
            duet_index_define(index, symbol, DUET_SYMBOL_GROUP, group->name, group->at);
        inner->of.group = group;
        define_table(index, symbol, &group->attributes);
        for (const struct duet_ast_rule *rule = group->rules.first; rule; rule = rule->next)
            define_rule(index, symbol, inner, rule);
    }
    define_signals(index, symbol, mapping);
}

/* --- tests, fleets, files -------------------------------------------------------------------------------- */

static void define_rows(struct duet_index *index, struct duet_symbol *parent,
                        const struct duet_ast_test_table *table)
{
    for (const struct duet_ast_table_row *row = table->rows.first; row; row = row->next)
        duet_index_define(index, parent, DUET_SYMBOL_ROW, row->name, row->at)->of.row = row;
}

static void define_test(struct duet_index *index, const struct duet_ast_test *test)
{
    struct duet_symbol *symbol =
        duet_index_define(index, NULL, DUET_SYMBOL_TEST, test->name, test->at);
    symbol->of.test = test;
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (step->kind == DUET_AST_STEP_FORALL)
            duet_index_define(index, symbol, DUET_SYMBOL_VARIABLE, step->name, step->at);
        if (step->kind == DUET_AST_STEP_GIVEN_TABLE && step->table)
            define_rows(index, symbol, step->table);
    }
}

/* The table's name is a use of the mapping's table: a symbol without a name of its own. */
static void define_test_table(struct duet_index *index, const struct duet_ast_test_table *table)
{
    const struct duet_ast_name name = { .text = table->name.text, .at = DUET_SPAN_NONE };
    struct duet_symbol *symbol =
        duet_index_define(index, NULL, DUET_SYMBOL_TESTTABLE, name, table->at);
    symbol->of.test_table = table;
    define_rows(index, symbol, table);
}

static void define_import(struct duet_index *index, const struct duet_ast_import *import)
{
    const struct duet_ast_name name = {
        .text = import->path.text, .at = { .file = import->file->file, .start = 0, .end = 0 }
    };
    struct duet_symbol *symbol = duet_index_define(index, NULL, DUET_SYMBOL_FILE, name, name.at);
    symbol->of.file = import->file;
    duet_index_use(index, symbol, import->path.at, DUET_USE_NAMES);
}

static void define_item(struct duet_index *index, const struct duet_ast_item *item)
{
    switch (item->kind) {
    case DUET_AST_ITEM_IMPORT:
        if (item->import.file)
            define_import(index, &item->import);
        return;
    case DUET_AST_ITEM_SYSTEM:
        define_system(index, item->system);
        return;
    case DUET_AST_ITEM_MAPPING:
        define_mapping(index, item->mapping);
        return;
    case DUET_AST_ITEM_TEST:
        define_test(index, item->test);
        return;
    case DUET_AST_ITEM_TEST_TABLE:
        define_test_table(index, item->test_table);
        return;
    case DUET_AST_ITEM_HUB:
        duet_index_define(index, NULL, DUET_SYMBOL_HUB, item->hub->name, item->hub->at)->of.hub =
            item->hub;
        return;
    case DUET_AST_ITEM_TENANT:
        duet_index_define(index, NULL, DUET_SYMBOL_TENANT, item->tenant->name, item->tenant->at)
            ->of.tenant = item->tenant;
        return;
    case DUET_AST_ITEM_EDITION:
    case DUET_AST_ITEM_FLEET:
        return;
    }
}

void duet_index_define_all(struct duet_index *index)
{
    for (const struct duet_ast_file *file = index->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next)
            define_item(index, item);
    }
}
