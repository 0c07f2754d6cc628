/* Rule tables of the shipped mapping: what the language says must stand in the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"

static int compile_shipped(void **state)
{
    struct duet_compilation *compilation = NULL;
    if (duet_compile_file("mappings/sentinel-smartsoar.duet", &compilation) != DUET_OK)
        return -1;
    *state = compilation;
    return 0;
}

static int free_compilation(void **state)
{
    duet_compilation_free(*state);
    return 0;
}

static const struct duet_tables *tables_of(void **state)
{
    const struct duet_compilation *compilation = *state;
    assert_int_equal(duet_compilation_mappings(compilation), 1);
    const struct duet_tables *tables = duet_compilation_tables(compilation, 0);
    assert_non_null(tables);
    return tables;
}

static const struct duet_t_unit *unit_named(const struct duet_tables *tables, const char *name,
                                            uint32_t *number_out)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        const struct duet_t_unit *unit = duet_unit_row(tables, mapping->units + i);
        if (strcmp(duet_str(tables, unit->name), name) == 0) {
            if (number_out)
                *number_out = i;
            return unit;
        }
    }
    fail_msg("no unit '%s'", name);
    return NULL;
}

static uint64_t unit_bit(const struct duet_tables *tables, const char *name)
{
    uint32_t number = 0;
    unit_named(tables, name, &number);
    return duet_bit(number);
}

static uint32_t field_named(const struct duet_tables *tables, enum duet_side side, const char *name)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (strcmp(duet_str(tables, duet_field_row(tables, row->fields + i)->name), name) == 0)
            return row->fields + i;
    }
    fail_msg("no field '%s'", name);
    return DUET_NONE;
}

static uint64_t field_bit(const struct duet_tables *tables, enum duet_side side, const char *name)
{
    return duet_bit(duet_field_number(tables, side, field_named(tables, side, name)));
}

static uint32_t value_of(const struct duet_tables *tables, uint32_t values, const char *name)
{
    const struct duet_t_enum *row = duet_enum_row(tables, values);
    for (uint32_t i = 0; i < row->values_count; i++) {
        if (strcmp(duet_str(tables, duet_value_row(tables, row->values + i)->name), name) == 0)
            return i;
    }
    fail_msg("no value '%s'", name);
    return DUET_NONE;
}

/* --- the sides -------------------------------------------------------------------------------- */

static void an_enum_that_follows_has_its_legal_pairs(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_field *reason =
        duet_field_row(tables, field_named(tables, DUET_LEFT, "reason"));
    const struct duet_t_field *parent = duet_field_row(tables, reason->depends);
    assert_string_equal(duet_str(tables, parent->name), "classification");
    static const char *const legal[][2] = {
        { "TruePositive", "SuspiciousActivity" },
        { "BenignPositive", "SuspiciousButExpected" },
        { "FalsePositive", "IncorrectAlertLogic" },
        { "FalsePositive", "InaccurateData" },
    };
    uint32_t columns = duet_enum_row(tables, reason->values)->values_count;
    uint32_t lines = duet_enum_row(tables, parent->values)->values_count;
    unsigned count = 0;
    for (uint32_t line = 0; line < lines; line++) {
        for (uint32_t column = 0; column < columns; column++)
            count += duet_matrix_bit(tables, reason->legal, columns, line, column);
    }
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(duet_matrix_bit(tables, reason->legal, columns,
                                    value_of(tables, parent->values, legal[i][0]),
                                    value_of(tables, reason->values, legal[i][1])));
}

static void required_when_closed_reads_status_and_parent(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_side *side = duet_side_row(tables, DUET_LEFT);
    uint32_t reason = field_named(tables, DUET_LEFT, "reason");
    unsigned found = 0;
    for (uint32_t i = 0; i < side->rules_count; i++) {
        const struct duet_t_rule *rule = duet_rule_row(tables, side->rules + i);
        if (rule->kind != DUET_RULE_REQUIRED || rule->field != reason)
            continue;
        found++;
        assert_int_equal(duet_expr_row(tables, rule->when)->op, DUET_EXPR_CLOSED);
        assert_int_equal(duet_mask(rule->reads_lo, rule->reads_hi),
                         field_bit(tables, DUET_LEFT, "status") |
                             field_bit(tables, DUET_LEFT, "classification") |
                             field_bit(tables, DUET_LEFT, "reason"));
    }
    assert_int_equal(found, 1);
}

static void a_person_at_its_own_path_is_scalar(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_field *left =
        duet_field_row(tables, field_named(tables, DUET_LEFT, "owner"));
    const struct duet_t_field *right =
        duet_field_row(tables, field_named(tables, DUET_RIGHT, "owner"));
    assert_int_equal(left->flags & DUET_FIELD_SCALAR, 0);
    assert_int_equal(left->keys_count, 4);
    assert_int_equal(right->flags & DUET_FIELD_SCALAR, DUET_FIELD_SCALAR);
    assert_int_equal(right->empty, DUET_EMPTY_TEXT);
    assert_string_equal(duet_str(tables, right->empty_text), "System");
}

static void each_element_of_a_list_is_a_step(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_field *labels =
        duet_field_row(tables, field_named(tables, DUET_LEFT, "labels"));
    const struct duet_t_path *path = duet_path_row(tables, labels->path);
    assert_int_equal(path->steps_count, 3);
    assert_int_equal(duet_step_row(tables, path->steps)->each, 0);
    assert_int_equal(duet_step_row(tables, path->steps + 1)->each, 1);
    assert_string_equal(duet_str(tables, duet_step_row(tables, path->steps + 1)->name), "labels");
    assert_int_equal(duet_step_row(tables, path->steps + 2)->each, 0);
}

/* --- requests --------------------------------------------------------------------------------- */

static const struct duet_t_op *nth_op(const struct duet_tables *tables, enum duet_side side,
                                      enum duet_op_kind kind, unsigned n)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    for (uint32_t i = 0; i < row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(tables, row->ops + i);
        if (op->kind == (uint32_t)kind && n-- == 0)
            return op;
    }
    return NULL;
}

static void an_ordered_write_keeps_order_and_carries_what_it_says(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_op *form = nth_op(tables, DUET_RIGHT, DUET_OP_WRITE, 0);
    const struct duet_t_op *close = nth_op(tables, DUET_RIGHT, DUET_OP_WRITE, 1);
    const struct duet_t_op *rest = nth_op(tables, DUET_RIGHT, DUET_OP_WRITE, 2);
    assert_null(nth_op(tables, DUET_RIGHT, DUET_OP_WRITE, 3));

    assert_string_equal(duet_str(tables, form->section), "Sentinel Sync");
    assert_int_equal(duet_mask(form->carries_lo, form->carries_hi),
                     field_bit(tables, DUET_RIGHT, "form.classification") |
                         field_bit(tables, DUET_RIGHT, "form.reason") |
                         field_bit(tables, DUET_RIGHT, "form.comment"));
    assert_int_equal(duet_mask(close->carries_lo, close->carries_hi),
                     field_bit(tables, DUET_RIGHT, "status"));
    const struct duet_t_expr *when = duet_expr_row(tables, close->carry_when);
    assert_int_equal(when->op, DUET_EXPR_CHANGED);
    assert_int_equal(duet_expr_row(tables, when->left)->op, DUET_EXPR_CLOSED);
    assert_int_equal(rest->carry_when, DUET_NONE);
    assert_true(duet_mask(rest->carries_lo, rest->carries_hi) &
                field_bit(tables, DUET_RIGHT, "status"));
    assert_false(duet_mask(rest->carries_lo, rest->carries_hi) &
                 field_bit(tables, DUET_RIGHT, "claim"));
}

static void a_whole_write_carries_all_that_is_not_read_only(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_op *put = nth_op(tables, DUET_LEFT, DUET_OP_WRITE, 0);
    static const char *const carried[] = { "title",          "status", "severity", "owner",
                                           "classification", "reason", "comment" };
    uint64_t expected = 0;
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++)
        expected |= field_bit(tables, DUET_LEFT, carried[i]);
    assert_int_equal(put->body_kind, DUET_BODY_WHOLE);
    assert_int_equal(put->whole_count, 2);
    assert_int_equal(duet_mask(put->carries_lo, put->carries_hi), expected);
}

static void creating_carries_the_fields_of_its_template(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_op *create = nth_op(tables, DUET_RIGHT, DUET_OP_CREATE, 0);
    assert_int_equal(duet_mask(create->carries_lo, create->carries_hi),
                     field_bit(tables, DUET_RIGHT, "title") |
                         field_bit(tables, DUET_RIGHT, "severity"));
}

static void a_counted_page_knows_its_parameters(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_page *page =
        duet_page_row(tables, nth_op(tables, DUET_RIGHT, DUET_OP_CHANGED, 0)->page);
    assert_int_equal(page->kind, DUET_PAGE_INDEX);
    assert_int_equal(page->where, DUET_PAGE_IN_BODY);
    assert_string_equal(duet_str(tables, page->name), "Page Index");
    assert_string_equal(duet_str(tables, page->size_name), "Page Size");
    assert_int_equal(page->size, 200);
}

/* --- the mapping ------------------------------------------------------------------------------ */

static void status_comes_first_then_what_is_tied_to_it(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    static const char *const order[] = {
        "status", "verdict", "number", "title", "severity", "owner"
    };
    assert_int_equal(mapping->units_count, 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_string_equal(duet_str(tables, duet_unit_row(tables, mapping->units + i)->name),
                            order[i]);
}

static void a_merge_freezes_status_and_verdict(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t i = 0; i < mapping->units_count; i++)
        assert_int_equal(duet_unit_row(tables, mapping->units + i)->frozen_by_merge, i < 2);
}

static void units_that_a_sides_rules_tie_share_a_component(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_unit *status = unit_named(tables, "status", NULL);
    const struct duet_t_unit *verdict = unit_named(tables, "verdict", NULL);
    const struct duet_t_unit *severity = unit_named(tables, "severity", NULL);
    assert_int_equal(status->component_left, verdict->component_left);
    assert_int_not_equal(status->component_right, verdict->component_right);
    assert_int_not_equal(status->component_left, severity->component_left);
}

static void arms_make_dense_maps_and_one_relation(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_pair *pair =
        duet_pair_row(tables, unit_named(tables, "status", NULL)->pairs);
    const struct duet_t_map *map = duet_map_row(tables, pair->map);
    uint32_t active = value_of(tables, map->left, "Active");
    uint32_t progress = value_of(tables, map->right, "In Progress");
    uint32_t hold = value_of(tables, map->right, "On Hold");
    assert_int_equal(duet_word_row(tables, map->to_right + active)->bits, progress);
    assert_int_equal(duet_word_row(tables, map->to_left + progress)->bits, active);
    assert_int_equal(duet_word_row(tables, map->to_left + hold)->bits, active);
    assert_true(duet_matrix_bit(tables, map->agree, 4, active, hold));
    assert_true(duet_matrix_bit(tables, map->agree, 4, active, progress));
    assert_false(duet_matrix_bit(tables, map->agree, 4, value_of(tables, map->left, "New"), hold));
    assert_int_equal(map->arms_count, 4);
}

static void all_is_what_comes_from_that_side(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t all = duet_bit(mapping->units_count) - 1;
    unsigned found = 0;
    for (uint32_t i = 0; i < mapping->triggers_count; i++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(tables, mapping->triggers + i);
        uint64_t units = duet_mask(trigger->units_lo, trigger->units_hi);
        if (trigger->verb == DUET_CLEAR)
            assert_int_equal(units, unit_bit(tables, "verdict"));
        if (trigger->verb != DUET_FETCH && trigger->side == DUET_RIGHT)
            assert_false(units & unit_bit(tables, "title"));
        if (trigger->verb == DUET_FETCH || trigger->side == DUET_LEFT) {
            assert_int_equal(units, all);
            assert_int_equal(trigger->notes, 1);
            found++;
        }
    }
    assert_int_equal(mapping->triggers_count, 8);
    assert_int_equal(found, 2);
}

static void policies_are_those_of_the_mapping(void **state)
{
    const struct duet_tables *tables = tables_of(state);
    const struct duet_t_unit *status = unit_named(tables, "status", NULL);
    assert_int_equal(status->policy, DUET_POLICY_NEWEST);
    assert_int_equal(status->policy_side, DUET_CHOOSE_RIGHT);
    assert_int_equal(unit_named(tables, "severity", NULL)->policy, DUET_POLICY_HIGHEST);
    assert_int_equal(unit_named(tables, "title", NULL)->policy, DUET_POLICY_NONE);
    assert_int_equal(unit_named(tables, "verdict", NULL)->group, 1);
    assert_int_equal(duet_mapping(tables)->first_contact, DUET_CHOOSE_LEFT);
}

int main(void)
{
#define LOWERS(test) cmocka_unit_test_setup_teardown(test, compile_shipped, free_compilation)
    const struct CMUnitTest tests[] = {
        LOWERS(an_enum_that_follows_has_its_legal_pairs),
        LOWERS(required_when_closed_reads_status_and_parent),
        LOWERS(a_person_at_its_own_path_is_scalar),
        LOWERS(each_element_of_a_list_is_a_step),
        LOWERS(an_ordered_write_keeps_order_and_carries_what_it_says),
        LOWERS(a_whole_write_carries_all_that_is_not_read_only),
        LOWERS(creating_carries_the_fields_of_its_template),
        LOWERS(a_counted_page_knows_its_parameters),
        LOWERS(status_comes_first_then_what_is_tied_to_it),
        LOWERS(a_merge_freezes_status_and_verdict),
        LOWERS(units_that_a_sides_rules_tie_share_a_component),
        LOWERS(arms_make_dense_maps_and_one_relation),
        LOWERS(all_is_what_comes_from_that_side),
        LOWERS(policies_are_those_of_the_mapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
