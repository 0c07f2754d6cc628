/* Tests in a file: sides, fields and values that exist, so that a misspelt one can't pass for a result. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

/* A test, with what its steps name. */
struct about {
    const struct duet_ast_test *ast;
    const struct duet_word_index *variables;   /* of its `forall`s */
    const struct duet_word_index *rows;        /* of its own tables; NULL: none */
    const struct duet_word_index *shared_rows; /* of the tables of all tests */
};

/* --- values ----------------------------------------------------------------------------------- */

static bool is_variable(const struct about *test, const struct duet_ast_value *value)
{
    return value->kind == DUET_AST_VALUE_PATH &&
           duet_word_index_find(test->variables, value->text) != DUET_NONE;
}

static bool is_scalar(const struct duet_ast_value *value)
{
    return value->kind != DUET_AST_VALUE_LIST && value->kind != DUET_AST_VALUE_ENV &&
           value->kind != DUET_AST_VALUE_FILE;
}

static void offer_rows(const struct duet_ast_test_table *table, struct duet_suggest *suggest)
{
    for (const struct duet_ast_table_row *row = table->rows.first; row; row = row->next)
        duet_suggest_offer(suggest, row->name.text);
}

static void offer_all_rows(const struct duet_checker *check, const struct duet_ast_test *test,
                           struct duet_suggest *suggest)
{
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (step->kind == DUET_AST_STEP_GIVEN_TABLE)
            offer_rows(step->table, suggest);
    }
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_TEST_TABLE)
                offer_rows(item->test_table, suggest);
        }
    }
}

/* A bare word is a row of a table; a quoted text is what the system shows, whoever that may be. */
static void check_person(struct duet_checker *check, const struct about *test,
                         const struct duet_ast_value *value)
{
    const char *word = value->kind == DUET_AST_VALUE_PATH ? duet_ast_value_word(value) : NULL;
    if (!word || duet_word_index_find(test->rows, word) != DUET_NONE ||
        duet_word_index_find(test->shared_rows, word) != DUET_NONE ||
        duet_checker_program_lacks(check, word))
        return;
    struct duet_suggest suggest = duet_checker_suggest(check, word);
    if (!duet_diags_full(check->diags))
        offer_all_rows(check, test->ast, &suggest);
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_BAD_TEST, value->at,
                                                 "no table of the tests has a row '%s'", word);
    duet_propose(check->arena, diag, value->at, &suggest);
}

static void check_value(struct duet_checker *check, const struct about *test,
                        const struct duet_m_field *field, const struct duet_ast_value *value)
{
    if (is_variable(test, value))
        return;
    bool plain = field->type == DUET_TYPE_PERSON || field->type == DUET_TYPE_TIME ||
                 field->type == DUET_TYPE_NUMBER;
    if (field->type == DUET_TYPE_LIST && value->kind == DUET_AST_VALUE_LIST) {
        for (const struct duet_ast_value *item = value->values.first; item; item = item->next)
            duet_checker_constant(check, field, item);
        return;
    }
    if (!plain)
        duet_checker_constant(check, field, value);
    else if (!is_scalar(value))
        duet_checker_report(check, DUET_DIAG_BAD_TEST, value->at, "'%s' is %s, not a list",
                            field->name, duet_types_field_name(field));
    else if (field->type == DUET_TYPE_PERSON)
        check_person(check, test, value);
}

static void check_assigns(struct duet_checker *check, const struct duet_m_mapping *mapping,
                          const struct about *test, const struct duet_ast_test_step *step)
{
    int side = duet_names_need_side(check, mapping->side_names, step->name.text, step->name.at);
    if (side < 0 || !mapping->records[side])
        return;
    if (step->kind != DUET_AST_STEP_WHEN) /* a person may edit a field twice */
        duet_checker_assigned_once(check, &step->assigns);
    for (const struct duet_ast_assign *assign = step->assigns.first; assign;
         assign = assign->next) {
        const struct duet_m_field *field =
            duet_names_need_field(check, mapping->records[side], assign->path->steps.first,
                                  assign->path->at, assign->path->text);
        if (field && assign->value)
            check_value(check, test, field, assign->value);
    }
    if (step->notes.first && !mapping->records[side]->notes)
        duet_checker_report(check, DUET_DIAG_BAD_TEST, step->notes.first->name.at,
                            "'%s' has no notes", step->name.text);
    if (step->keeps_omitted && step->kind != DUET_AST_STEP_GIVEN)
        duet_checker_report(check, DUET_DIAG_BAD_TEST, step->keeps_at,
                            "what a system keeps is said in `given`");
}

/* --- tables ----------------------------------------------------------------------------------- */

static bool goes_via(const struct duet_m_pair *pair, const char *table)
{
    return pair->table && duet_names_same(pair->table, table);
}

/* The columns that a table may have, and the one that was written. */
struct columns {
    struct duet_suggest suggest;
    const char *written;
    const char *listed; /* `a.id`, `b.login` */
};

/* Offers the columns that a table has for a field of persons; whether one is the written one. */
static bool offers_column(struct duet_checker *check, const char *side,
                          const struct duet_m_field *field, struct columns *columns)
{
    if (!field)
        return false;
    for (const struct duet_ast_person_key *key = field->ast->type->persons.first; key;
         key = key->next) {
        const char *column = duet_arena_format(check->arena, "%s.%s", side, key->key.text);
        if (strcmp(column, columns->written) == 0)
            return true;
        duet_suggest_offer(&columns->suggest, column);
        columns->listed = duet_arena_format(check->arena, "%s%s`%s`", columns->listed,
                                            *columns->listed ? ", " : "", column);
    }
    return false;
}

static bool has_column(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       const char *table, struct columns *columns)
{
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        const struct duet_m_unit *unit = &mapping->units[i];
        for (uint32_t p = 0; p < unit->pair_count; p++) {
            for (int side = 0; side < 2 && goes_via(&unit->pairs[p], table); side++) {
                if (offers_column(check, mapping->side_names[side], unit->pairs[p].fields[side],
                                  columns))
                    return true;
            }
        }
    }
    return false;
}

static void check_cells(struct duet_checker *check, const struct duet_m_mapping *const *mappings,
                        size_t count, const struct duet_ast_test_table *table,
                        const struct duet_ast_table_row *row)
{
    for (const struct duet_ast_assign *cell = row->cells.first; cell; cell = cell->next) {
        const char *written = duet_names_plain(check->arena, cell->path->steps.first);
        struct columns columns = { duet_checker_suggest(check, written), written, "" };
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = has_column(check, mappings[i], table->name.text, &columns);
        if (found)
            continue;
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_BAD_TEST, cell->path->at,
                                "table '%s' has no column '%s'", table->name.text, written);
        if (!duet_propose_behind(check->arena, diag, duet_names_place(cell->path->steps.first), "",
                                 &columns.suggest) &&
            *columns.listed)
            duet_diag_help(diag, "its columns are %s", columns.listed);
    }
}

static bool is_used(const struct duet_m_mapping *mapping, const char *table,
                    struct duet_suggest *suggest)
{
    bool used = false;
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        for (uint32_t p = 0; p < mapping->units[i].pair_count; p++) {
            const struct duet_m_pair *pair = &mapping->units[i].pairs[p];
            used = used || goes_via(pair, table);
            if (pair->table)
                duet_suggest_offer(suggest, pair->table);
        }
    }
    return used;
}

void duet_checker_test_table(struct duet_checker *check,
                             const struct duet_m_mapping *const *mappings, size_t count,
                             const struct duet_ast_test_table *table)
{
    struct duet_suggest suggest = duet_checker_suggest(check, table->name.text);
    bool used = false;
    duet_checker_rows_once(check, &table->rows);
    for (size_t i = 0; i < count; i++) {
        used = is_used(mappings[i], table->name.text, &suggest) || used;
        if (duet_checker_damaged(check, mappings[i]->ast->at, "via"))
            return;
    }
    if (duet_checker_program_lacks(check, "mapping"))
        return;
    if (!used) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_UNKNOWN_TABLE, table->name.at,
                                "no mapping goes via a table '%s'", table->name.text);
        duet_propose(check->arena, diag, table->name.at, &suggest);
        return;
    }
    for (const struct duet_ast_table_row *row = table->rows.first; row; row = row->next)
        check_cells(check, mappings, count, table, row);
}

/* --- other steps ------------------------------------------------------------------------------ */

static void check_units(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        const struct duet_ast_test_step *step)
{
    duet_checker_names_once(check, &step->fields);
    for (const struct duet_ast_name_item *item = step->fields.first; item; item = item->next) {
        const struct duet_m_unit *inside = NULL;
        if (duet_names_unit(mapping, item->name.text, &inside) || inside ||
            duet_names_same(item->name.text, "notes") ||
            duet_checker_mapping_lacks(check, mapping->ast, item->name.text))
            continue;
        struct duet_suggest suggest = duet_checker_suggest(check, item->name.text);
        for (uint32_t i = 0; i < mapping->unit_count; i++)
            duet_suggest_offer(&suggest, mapping->units[i].name);
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNKNOWN_UNIT, item->name.at,
                                                     "mapping '%s' has no field or group '%s'",
                                                     mapping->ast->name.text, item->name.text);
        duet_propose(check->arena, diag, item->name.at, &suggest);
    }
}

static void check_signal(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         const struct duet_ast_test_step *step)
{
    struct duet_suggest suggest = duet_checker_suggest(check, step->text.text);
    int side = duet_names_need_side(check, mapping->side_names, step->name.text, step->name.at);
    for (uint32_t i = 0; i < mapping->trigger_count; i++) {
        const struct duet_m_trigger *trigger = &mapping->triggers[i];
        if (trigger->event != DUET_EVENT_SIGNAL || (int)trigger->side != side)
            continue;
        if (duet_names_same(trigger->ast->signal.text, step->text.text))
            return;
        duet_suggest_offer(&suggest, trigger->ast->signal.text);
    }
    if (side < 0 || mapping->trigger_lost ||
        duet_checker_mapping_lacks(check, mapping->ast, step->text.text))
        return;
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_BAD_TEST, step->text.at,
                                                 "no trigger of '%s' waits for signal '%s'",
                                                 step->name.text, step->text.text);
    duet_propose_text(check->arena, diag, step->text.at, &suggest);
}

static void check_operand(struct duet_checker *check, const struct about *test,
                          const struct duet_m_field *field, const struct duet_ast_value *value)
{
    if (value && !is_variable(test, value))
        duet_checker_constant(check, field, value);
}

static void check_ordered(struct duet_checker *check, const struct duet_m_field *field,
                          struct duet_span at)
{
    if (!field->values.ordered)
        duet_checker_report(check, DUET_DIAG_NOT_ORDERED, at, "the values of '%s' have no order",
                            field->name);
}

/* Which values a `forall` tries; the parser bounds the depth. */
static void check_range(struct duet_checker *check, const struct about *test,
                        const struct duet_m_field *field,
                        const struct duet_ast_condition *condition)
{
    switch (condition->kind) {
    case DUET_AST_CONDITION_ALL:
    case DUET_AST_CONDITION_ANY:
    case DUET_AST_CONDITION_NOT:
        for (const struct duet_ast_condition *child = condition->children.first; child;
             child = child->next)
            check_range(check, test, field, child);
        return;
    case DUET_AST_CONDITION_LESS:
    case DUET_AST_CONDITION_AT_MOST:
    case DUET_AST_CONDITION_MORE:
    case DUET_AST_CONDITION_AT_LEAST:
        check_ordered(check, field, condition->at);
        check_operand(check, test, field, condition->left);
        check_operand(check, test, field, condition->right);
        return;
    case DUET_AST_CONDITION_EQUAL:
    case DUET_AST_CONDITION_UNEQUAL:
        check_operand(check, test, field, condition->left);
        check_operand(check, test, field, condition->right);
        return;
    case DUET_AST_CONDITION_IN:
    case DUET_AST_CONDITION_NOT_IN:
        check_operand(check, test, field, condition->left);
        for (const struct duet_ast_value *item = condition->right->values.first; item;
             item = item->next)
            check_operand(check, test, field, item);
        return;
    case DUET_AST_CONDITION_CONTAINS:
    case DUET_AST_CONDITION_STARTS_WITH:
    case DUET_AST_CONDITION_PRESENT:
    case DUET_AST_CONDITION_CHANGED:
    case DUET_AST_CONDITION_WAS:
    case DUET_AST_CONDITION_HOLDS:
        duet_checker_report(check, DUET_DIAG_BAD_TEST, condition->at,
                            "a `forall` picks values by comparing them, or by `in`");
        return;
    }
}

static void check_forall(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         const struct about *test, const struct duet_ast_test_step *step)
{
    const struct duet_ast_step *first = step->in->steps.first;
    int side = duet_names_need_side(check, mapping->side_names, first->name.text, first->name.at);
    if (side < 0 || !mapping->records[side])
        return;
    const struct duet_m_field *field = duet_names_need_field(
        check, mapping->records[side], first->next, step->in->at, step->in->text);
    if (field && field->type != DUET_TYPE_ENUM)
        duet_checker_report(check, DUET_DIAG_BAD_TEST, step->in->at,
                            "'%s' is %s: only an enum has all of its values", step->in->text,
                            duet_types_field_name(field));
    else if (field && field->usable && step->when)
        check_range(check, test, field, step->when);
}

static void check_step(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       const struct about *test, const struct duet_ast_test_step *step)
{
    switch (step->kind) {
    case DUET_AST_STEP_GIVEN:
    case DUET_AST_STEP_WHEN:
    case DUET_AST_STEP_EXPECT:
        check_assigns(check, mapping, test, step);
        return;
    case DUET_AST_STEP_FORALL:
        check_forall(check, mapping, test, step);
        return;
    case DUET_AST_STEP_WHEN_SIGNAL:
        check_signal(check, mapping, step);
        return;
    case DUET_AST_STEP_EXPECT_WRITES:
        duet_names_need_side(check, mapping->side_names, step->name.text, step->name.at);
        return;
    case DUET_AST_STEP_EXPECT_PENDING:
    case DUET_AST_STEP_EXPECT_CONFLICT:
        check_units(check, mapping, step);
        return;
    case DUET_AST_STEP_GIVEN_TABLE:
        duet_checker_test_table(check, &mapping, 1, step->table);
        return;
    case DUET_AST_STEP_EXPECT_HOLD:
    case DUET_AST_STEP_EXPECT_NOTHING:
        return;
    }
}

/* Before anything has happened: what is given, and for which values. */
static bool begins(const struct duet_ast_test_step *step)
{
    return step->kind == DUET_AST_STEP_GIVEN || step->kind == DUET_AST_STEP_GIVEN_TABLE ||
           step->kind == DUET_AST_STEP_FORALL;
}

static void check_foralls(struct duet_checker *check, const struct duet_ast_test *test)
{
    unsigned count = 0;
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (step->kind != DUET_AST_STEP_FORALL || count++ < DUET_MAX_FORALLS)
            continue;
        duet_checker_report(check, DUET_DIAG_TOO_MANY, step->name.at,
                            "a test has at most %u foralls, '%s' is one more", DUET_MAX_FORALLS,
                            step->name.text);
        return;
    }
}

static void check_order(struct duet_checker *check, const struct duet_ast_test *test)
{
    bool begun = false;
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (begun && begins(step))
            duet_checker_report(check, DUET_DIAG_BAD_TEST, step->at,
                                "this belongs before the first `when` and `expect`");
        begun = begun || !begins(step);
    }
}

/* --- what steps name -------------------------------------------------------------------------- */

static void add_rows(struct duet_word_index *rows, const struct duet_ast_test_table *table)
{
    for (const struct duet_ast_table_row *row = table->rows.first; row; row = row->next)
        (void)duet_word_index_add(rows, row->name.text, 0);
}

struct duet_word_index *duet_checker_test_rows(const struct duet_checker *check)
{
    struct duet_word_index *rows = duet_word_index_new(check->arena);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_TEST_TABLE)
                add_rows(rows, item->test_table);
        }
    }
    return rows;
}

static struct about about(const struct duet_checker *check, const struct duet_ast_test *test,
                          const struct duet_word_index *shared_rows)
{
    struct duet_word_index *variables = NULL;
    struct duet_word_index *rows = NULL;
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (step->kind == DUET_AST_STEP_FORALL) {
            variables = variables ? variables : duet_word_index_new(check->arena);
            (void)duet_word_index_add(variables, step->name.text, 0);
        }
        if (step->kind == DUET_AST_STEP_GIVEN_TABLE) {
            rows = rows ? rows : duet_word_index_new(check->arena);
            add_rows(rows, step->table);
        }
    }
    return (struct about){ test, variables, rows, shared_rows };
}

void duet_checker_test(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       const struct duet_ast_test *test, const struct duet_word_index *shared_rows)
{
    const struct about named = about(check, test, shared_rows);
    check_order(check, test);
    check_foralls(check, test);
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        for (const struct duet_ast_test_step *part = step; part; part = part->with)
            check_step(check, mapping, &named, part);
    }
}
