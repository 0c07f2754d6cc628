#include "engine/prove/testing.h"

#include <string.h>

#include "engine/prove/story.h"

struct tests {
    const struct duet_compilation *compilation;
    const char *filter;
    struct duet_arena *arena;
    struct duet_testing *result;
};

static struct duet_testing_mapping *mapping_of(struct tests *tests, size_t index)
{
    const char *name = duet_compilation_mapping_name(tests->compilation, index);
    struct duet_testing_mapping **link = &tests->result->mappings;
    for (; *link; link = &(*link)->next) {
        if ((*link)->name == name)
            return *link;
    }
    struct duet_testing_mapping *mapping = duet_arena_alloc(tests->arena, sizeof *mapping);
    mapping->name = name;
    mapping->coverage =
        duet_coverage_new(duet_compilation_tables(tests->compilation, index), tests->arena);
    *link = mapping;
    return mapping;
}

/* --- one run --------------------------------------------------------------------------------------------- */

static const char *named(struct tests *tests, const struct duet_ast_test *test,
                         const struct duet_binding *bindings)
{
    const char *values = "";
    for (const struct duet_binding *binding = bindings; binding; binding = binding->next)
        values = duet_arena_format(tests->arena, "%s = %s%s%s", binding->name, binding->value,
                                   *values ? ", " : "", values);
    return *values ? duet_arena_format(tests->arena, "%s (%s)", test->name.text, values)
                   : test->name.text;
}

static void run_once(struct tests *tests, const struct duet_ast_test *test, size_t mapping,
                     const struct duet_binding *bindings)
{
    struct duet_testing_run *run = duet_arena_alloc(tests->arena, sizeof *run);
    struct duet_error error = { "" };
    struct duet_cast cast;
    run->name = named(tests, test, bindings);
    run->at = test->name.at;
    run->failures = duet_diags_new(tests->arena);
    if (duet_cast_init(&cast, duet_compilation_tables(tests->compilation, mapping),
                       duet_compilation_program(tests->compilation), test, tests->arena,
                       &error) == DUET_OK)
        duet_story_run(test, &cast, bindings,
                       duet_coverage_watcher(mapping_of(tests, mapping)->coverage), run->failures,
                       tests->arena);
    else
        duet_diag_add(run->failures, DUET_DIAG_TEST_FAILED, test->name.at, "%s", error.text);
    duet_cast_finish(&cast);
    if (tests->result->last)
        tests->result->last->next = run;
    else
        tests->result->runs = run;
    tests->result->last = run;
    tests->result->count++;
    tests->result->failed += duet_diags_errors(run->failures) > 0;
}

/* --- forall ---------------------------------------------------------------------------------------------- */

/* The enum that a `forall` goes through. */
static const struct duet_t_enum *values_of(const struct duet_tables *tables,
                                           const struct duet_ast_test_step *forall,
                                           struct duet_arena *arena)
{
    const struct duet_rules rules = { .tables = tables };
    const struct duet_written written = { .rules = &rules, .arena = arena };
    const struct duet_ast_step *first = forall->in->steps.first;
    struct duet_ast_path field = { .steps = { .first = first->next } };
    for (uint32_t side = 0; side < 2; side++) {
        const struct duet_t_side *row = duet_side_row(tables, side);
        if (!first->name.text || strcmp(duet_str(tables, row->name), first->name.text) != 0)
            continue;
        uint32_t number = duet_written_field(&written, (enum duet_side)side, &field);
        if (number != DUET_NONE)
            return duet_enum_row(tables, duet_field_row(tables, row->fields + number)->values);
    }
    return NULL;
}

/* A value that a `forall` tries, as its condition sees it. */
struct candidate {
    const struct duet_tables *tables;
    const struct duet_t_enum *values;
    const struct duet_binding *bindings; /* the variable itself first */
};

/* The rank of a word, or of what a variable stands for, among the values; -1: it is none of them. */
static int64_t rank_of(const struct candidate *candidate, const struct duet_ast_value *value)
{
    const char *word = value ? duet_ast_value_word(value) : NULL;
    const struct duet_binding *binding = candidate->bindings;
    while (binding && word &&
           (value->kind != DUET_AST_VALUE_PATH || strcmp(binding->name, word) != 0))
        binding = binding->next;
    if (binding && word)
        word = binding->value;
    for (uint32_t i = 0; word && i < candidate->values->values_count; i++) {
        const struct duet_t_value *row =
            duet_value_row(candidate->tables, candidate->values->values + i);
        if (strcmp(duet_str(candidate->tables, row->name), word) == 0)
            return i;
    }
    return -1;
}

static bool is_among(const struct candidate *candidate, const struct duet_ast_condition *condition)
{
    int64_t left = rank_of(candidate, condition->left);
    const struct duet_ast_value *item = condition->right->values.first;
    while (item && rank_of(candidate, item) != left)
        item = item->next;
    return item != NULL;
}

/* The parser bounds the depth. */
static bool fits(const struct candidate *candidate, const struct duet_ast_condition *condition)
{
    int64_t left = rank_of(candidate, condition->left);
    int64_t right = rank_of(candidate, condition->right);
    const struct duet_ast_condition *child = condition->children.first;
    switch (condition->kind) {
    case DUET_AST_CONDITION_ALL:
        while (child && fits(candidate, child))
            child = child->next;
        return child == NULL;
    case DUET_AST_CONDITION_ANY:
        while (child && !fits(candidate, child))
            child = child->next;
        return child != NULL;
    case DUET_AST_CONDITION_NOT:
        return !fits(candidate, child);
    case DUET_AST_CONDITION_EQUAL:
        return left == right;
    case DUET_AST_CONDITION_UNEQUAL:
        return left != right;
    case DUET_AST_CONDITION_LESS:
        return left < right;
    case DUET_AST_CONDITION_AT_MOST:
        return left <= right;
    case DUET_AST_CONDITION_MORE:
        return left > right;
    case DUET_AST_CONDITION_AT_LEAST:
        return left >= right;
    case DUET_AST_CONDITION_IN:
        return is_among(candidate, condition);
    case DUET_AST_CONDITION_NOT_IN:
        return !is_among(candidate, condition);
    case DUET_AST_CONDITION_CONTAINS:
    case DUET_AST_CONDITION_STARTS_WITH:
    case DUET_AST_CONDITION_PRESENT:
    case DUET_AST_CONDITION_CHANGED:
    case DUET_AST_CONDITION_WAS:
    case DUET_AST_CONDITION_HOLDS:
        break;
    }
    return true;
}

static const struct duet_ast_test_step *next_forall(const struct duet_ast_test_step *step)
{
    while (step && step->kind != DUET_AST_STEP_FORALL)
        step = step->next;
    return step;
}

/* Each value of this `forall`, with each of those behind it. As deep as a test has `forall`s; the runs are bounded. */
static void run_each(struct tests *tests, const struct duet_ast_test *test, size_t mapping,
                     const struct duet_ast_test_step *from, const struct duet_binding *bindings,
                     unsigned *runs)
{
    const struct duet_tables *tables = duet_compilation_tables(tests->compilation, mapping);
    const struct duet_ast_test_step *forall = next_forall(from);
    if (!forall) {
        if ((*runs)++ < DUET_TESTING_MAX_RUNS)
            run_once(tests, test, mapping, bindings);
        return;
    }
    const struct duet_t_enum *values = values_of(tables, forall, tests->arena);
    for (uint32_t i = 0; values && i < values->values_count && *runs < DUET_TESTING_MAX_RUNS; i++) {
        const struct duet_binding binding = {
            .name = forall->name.text,
            .value = duet_str(tables, duet_value_row(tables, values->values + i)->name),
            .next = bindings,
        };
        const struct candidate candidate = { tables, values, &binding };
        if (forall->when && !fits(&candidate, forall->when))
            continue;
        run_each(tests, test, mapping, forall->next, &binding, runs);
    }
}

/* --- all of them ----------------------------------------------------------------------------------------- */

static void run_test(struct tests *tests, const struct duet_ast_test *test)
{
    size_t mapping = 0;
    unsigned runs = 0;
    if ((tests->filter && !strstr(test->name.text, tests->filter)) ||
        !duet_compilation_tested(tests->compilation, test, &mapping) ||
        !duet_compilation_tables(tests->compilation, mapping))
        return;
    run_each(tests, test, mapping, test->steps.first, NULL, &runs);
}

struct duet_testing *duet_testing_run_all(const struct duet_compilation *compilation,
                                          const char *filter, struct duet_arena *arena)
{
    struct tests tests = { .compilation = compilation, .filter = filter, .arena = arena };
    tests.result = duet_arena_alloc(arena, sizeof *tests.result);
    for (size_t i = 0; i < duet_compilation_mappings(compilation); i++) {
        if (duet_compilation_mapping_is_own(compilation, i) &&
            duet_compilation_tables(compilation, i))
            (void)mapping_of(&tests, i);
    }
    const struct duet_ast_program *program = duet_compilation_program(compilation);
    for (const struct duet_ast_item *item = program->root->items.first; item; item = item->next) {
        if (item->kind == DUET_AST_ITEM_TEST)
            run_test(&tests, item->test);
    }
    return tests.result;
}
