/* What rule tables promise between their columns: every lie is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dsl/tables.h"
#include "dsl/tables_build.h"
#include "dsl/tables_check.h"
#include "tests/support/sample_tables.h"

/* Opens what the builder has by now, and frees it. */
static enum duet_status open_built(struct duet_tables_builder *builder, struct duet_error *error)
{
    size_t size = 0;
    unsigned char *bytes = duet_build_finish(builder, &size);
    struct duet_tables tables;
    enum duet_status status = duet_tables_open(bytes, size, &tables, error);
    free(bytes);
    duet_tables_builder_free(builder);
    return status;
}

static void assert_refused(struct duet_tables_builder *builder, const char *message)
{
    struct duet_error error = { "nothing" };
    enum duet_status status = open_built(builder, &error);
    assert_string_equal(error.text, message);
    assert_int_equal(status, DUET_INVALID);
}

static void assert_accepted(struct duet_tables_builder *builder)
{
    struct duet_error error = { "" };
    enum duet_status status = open_built(builder, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(status, DUET_OK);
}

/* One lie about one row: which column of which row, what it is set to, and what is said about it. */
struct lie {
    enum duet_section section;
    uint32_t row;
    const char *column;
    uint32_t value;
    const char *message;
};

static const struct lie lies[] = {
    { DUET_SECTION_FIELD, 7, "values", DUET_NONE,
      "field 7: an enum has 'values', nothing else does" },
    { DUET_SECTION_FIELD, 3, "values", 0, "field 3: an enum has 'values', nothing else does" },
    { DUET_SECTION_FIELD, 6, "keys_count", 0, "field 6: a person has 'keys', nothing else does" },
    { DUET_SECTION_FIELD, 8, "legal_count", 1, "field 8: 'legal' doesn't fit the values" },
    { DUET_SECTION_FIELD, 8, "legal_count", 3, "field 8: 'legal' doesn't fit the values" },
    { DUET_SECTION_FIELD, 8, "depends", 3, "field 8: an enum depends on an enum of its side" },
    { DUET_SECTION_FIELD, 17, "depends", 7, "field 17: an enum depends on an enum of its side" },
    { DUET_SECTION_FIELD, 8, "depends", 8, "field 8: 'depends' can't be 8" },
    { DUET_SECTION_FIELD, 13, "moves_count", 3, "field 13: 'moves' doesn't fit the values" },
    { DUET_SECTION_FIELD, 3, "flags", 32, "field 3: a flag that doesn't exist" },
    { DUET_SECTION_FIELD, 15, "empty_text", DUET_NONE, "field 15: 'empty_text' is missing" },
    { DUET_SECTION_FIELD, 11, "time_format", DUET_NONE, "field 11: 'time_format' is missing" },
    { DUET_SECTION_FIELD, 3, "type", DUET_TYPES, "field 3: 'type' can't be 8" },
    { DUET_SECTION_ENUM, 0, "values_count", 0, "enum 0: an enum has 1 to 4096 values" },
    { DUET_SECTION_VALUE, 0, "wire_number", 1, "value 0: 'wire' is no number" },
    { DUET_SECTION_WORD, 0, "bits", 9, "field 8: 'legal' doesn't fit the values" },
    { DUET_SECTION_WORD, 8, "bits", 4, "map 0: an entry is no value, or one that doesn't agree" },
    { DUET_SECTION_WORD, 8, "bits", 1, "map 0: an entry is no value, or one that doesn't agree" },
    { DUET_SECTION_RULE, 0, "field", 12, "rule 0: 'field' is of the other side" },
    { DUET_SECTION_RULE, 3, "field", 4, "rule 3: the field has nothing to judge by" },
    { DUET_SECTION_RULE, 0, "reads_hi", 1,
      "rule 0: 'reads' must have the field and may have no others than the side's" },
    { DUET_SECTION_RULE, 0, "reads", 1,
      "rule 0: 'reads' must have the field and may have no others than the side's" },
    { DUET_SECTION_RULE, 0, "when", 18, "rule 0: 'when' is no condition on this side" },
    { DUET_SECTION_EXPR, 3, "left", DUET_NONE, "expr 3: 'left' doesn't fit the operation" },
    { DUET_SECTION_EXPR, 3, "right", DUET_NONE, "expr 3: 'right' doesn't fit the operation" },
    { DUET_SECTION_EXPR, 39, "list_count", 0, "expr 39: 'list' doesn't fit the operation" },
    { DUET_SECTION_EXPR, 1, "number", 3, "expr 3: the operands don't fit the operation" },
    { DUET_SECTION_EXPR, 37, "number", 3, "expr 39: 'list' has an item that can't be compared" },
    { DUET_SECTION_EXPR, 2, "side", 1, "expr 2: the leaf lacks what it names" },
    { DUET_SECTION_EXPR, 2, "field", DUET_NONE, "expr 2: the leaf lacks what it names" },
    { DUET_SECTION_EXPR, 20, "path", DUET_NONE, "expr 20: the leaf lacks what it names" },
    { DUET_SECTION_EXPR, 8, "right", 7, "expr 8: the condition is too deep or shares its parts" },
    { DUET_SECTION_EXPR, 8, "right", 9, "expr 8: 'right' can't be 9" },
    { DUET_SECTION_SIDE, 0, "closed", 8, "side 0: 'closed' is no condition on its fields" },
    { DUET_SECTION_SIDE, 0, "closed", 18, "side 0: 'closed' is no condition on its fields" },
    { DUET_SECTION_SIDE, 0, "key", 10, "side 0: 'key' is no field of the side" },
    { DUET_SECTION_SIDE, 0, "modified", 3, "side 0: 'modified' is no time of the side" },
    { DUET_SECTION_SIDE, 1, "claim", 3, "side 1: 'claim' is no text of the side" },
    { DUET_SECTION_SIDE, 1, "fields", 9, "field 0: rows must belong to one side each" },
    { DUET_SECTION_SIDE, 0, "rules_count", 5, "rule 0: rows must belong to one side each" },
    { DUET_SECTION_SIDE, 1, "ops_count", 4, "op 0: rows must belong to one side each" },
    { DUET_SECTION_NOTES, 0, "max_length", 63, "notes 0: 'max_length' leaves no room for a mark" },
    { DUET_SECTION_NOTES, 0, "count", 3, "notes 0: 'count' is no whole number of this side" },
    { DUET_SECTION_JSON, 0, "key", DUET_NONE,
      "json 1: members of objects have keys, elements none" },
    { DUET_SECTION_JSON, 1, "key", 0, "json 1: a key where no object is" },
    { DUET_SECTION_JSON, 2, "pieces_count", 0, "json 2: a value has one piece" },
    { DUET_SECTION_JSON, 4, "kind", DUET_JSON_NULL,
      "json 4: only objects and arrays have children" },
    { DUET_SECTION_JSON, 2, "kind", DUET_JSON_NULL, "json 2: only texts and values have pieces" },
    { DUET_SECTION_JSON, 6, "children", 3, "json 6: the template is too deep or shares its parts" },
    { DUET_SECTION_PIECE, 0, "text", DUET_NONE, "piece 0: 'text' is missing" },
    { DUET_SECTION_PIECE, 5, "ref", DUET_REF_NOTE_TEXT,
      "piece 5: 'ref' means nothing in that place" },
    { DUET_SECTION_PIECE, 5, "ref", DUET_REF_FOUND, "piece 5: 'ref' means nothing in that place" },
    { DUET_SECTION_PIECE, 5, "ref", DUET_REF_SETTING,
      "piece 5: a setting that the side doesn't have" },
    { DUET_SECTION_PIECE, 26, "ref", DUET_REF_VERSION,
      "piece 26: 'ref' means nothing in that place" },
    { DUET_SECTION_PIECE, 31, "field", 3, "piece 31: 'field' is no field of the side" },
    { DUET_SECTION_PIECE, 31, "field", DUET_NONE, "piece 31: 'field' is no field of the side" },
    { DUET_SECTION_QUOTA, 0, "count", 0, "quota 0: 'count' and 'per_ms' are above 0" },
    { DUET_SECTION_QUOTA, 0, "per_ms", 0, "quota 0: 'count' and 'per_ms' are above 0" },
    { DUET_SECTION_CLASS, 0, "when", 3, "class 0: 'when' is no condition on an answer" },
    { DUET_SECTION_OP, 0, "kind", DUET_OP_ANY, "op 0: 'kind' is for quotas only" },
    { DUET_SECTION_OP, 1, "carries_hi", 1, "op 1: 'carries' has fields that don't exist" },
    { DUET_SECTION_OP, 2, "body", DUET_NONE, "op 2: 'body' doesn't fit its kind" },
    { DUET_SECTION_OP, 6, "batch", 0, "op 6: 'batch' and 'batch_item' don't fit" },
    { DUET_SECTION_OP, 6, "batch", 10001, "op 6: 'batch' and 'batch_item' don't fit" },
    { DUET_SECTION_OP, 6, "result", DUET_NONE, "op 6: 'result' is missing" },
    { DUET_SECTION_OP, 5, "lookup", 4, "op 5: 'lookup' is no lookup of this side" },
    { DUET_SECTION_OP, 5, "lookup", 2, "op 5: 'lookup' is no lookup of this side" },
    { DUET_SECTION_OP, 4, "items", DUET_NONE, "op 4: pages without 'items'" },
    { DUET_SECTION_PAGE, 1, "size", 0, "page 1: 'size' is no number of rows" },
    { DUET_SECTION_PAGE, 0, "at", DUET_NONE, "page 0: 'at' is missing" },
    { DUET_SECTION_RETURN, 0, "field", 0, "return 0: 'field' is of the other side" },
    { DUET_SECTION_MAPPING, 0, "link_left", 10,
      "mapping 0: the link's fields are of the wrong side" },
    { DUET_SECTION_MAPPING, 0, "pairs_count", 5, "mapping 0: a row belongs to no mapping" },
    { DUET_SECTION_UNIT, 2, "pairs", 2,
      "unit 2: 'pairs' doesn't follow the pairs of the unit before" },
    { DUET_SECTION_UNIT, 4, "pairs_count", 0,
      "unit 4: 'pairs' doesn't follow the pairs of the unit before" },
    { DUET_SECTION_UNIT, 1, "group", 0, "unit 1: only a group has several pairs" },
    { DUET_SECTION_UNIT, 0, "policy_side", DUET_CHOICES, "unit 0: 'policy_side' can't be 3" },
    { DUET_SECTION_UNIT, 1, "policy_side", DUET_CHOOSE_NONE,
      "unit 1: the policy doesn't fit the fields" },
    { DUET_SECTION_UNIT, 0, "policy", DUET_POLICY_HIGHEST,
      "unit 0: the policy doesn't fit the fields" },
    { DUET_SECTION_UNIT, 0, "policy", DUET_POLICY_NONE, "unit 0: two ways and no policy" },
    { DUET_SECTION_UNIT, 0, "component_left", 5,
      "unit 0: a component's number is below the number of units" },
    { DUET_SECTION_PAIR, 0, "left", 10, "pair 0: 'left' is no field of the left side" },
    { DUET_SECTION_PAIR, 0, "right", 4, "pair 0: 'right' is no field of the right side" },
    { DUET_SECTION_PAIR, 0, "map", 1, "pair 0: the relation doesn't fit the fields" },
    { DUET_SECTION_PAIR, 0, "map", DUET_NONE, "pair 0: the relation doesn't fit the fields" },
    { DUET_SECTION_PAIR, 5, "table", DUET_NONE, "pair 5: the relation doesn't fit the fields" },
    { DUET_SECTION_PAIR, 4, "relation", DUET_RELATION_CONVERT,
      "pair 4: the relation doesn't fit the fields" },
    { DUET_SECTION_PAIR, 1, "unknown_left", 2, "pair 1: 'unknown' is no value" },
    { DUET_SECTION_PAIR, 1, "default_left", 2, "pair 1: a default is no value of its field" },
    { DUET_SECTION_MAP, 0, "to_right_count", 2,
      "map 0: 'to_right' and 'to_left' have one entry a value" },
    { DUET_SECTION_MAP, 0, "agree_count", 2, "map 0: 'agree' doesn't fit the values" },
    { DUET_SECTION_ARM, 3, "left", 3, "arm 3: a value that the enum doesn't have" },
    { DUET_SECTION_TRANSFORM, 0, "number", 0, "transform 0: cut to 'number' 0" },
    { DUET_SECTION_TRANSFORM, 1, "text", DUET_NONE, "transform 1: a prefix without 'text'" },
    { DUET_SECTION_TRIGGER, 0, "units", 32, "trigger 0: 'units' has units that don't exist" },
    { DUET_SECTION_TRIGGER, 0, "event", DUET_EVENT_SIGNAL,
      "trigger 0: 'signal' doesn't fit the event" },
    { DUET_SECTION_TRIGGER, 0, "when", 15, "trigger 0: 'when' is no condition on the records" },
    { DUET_SECTION_CREATE, 0, "when", 0x7fffffff, "create 0: 'when' can't be 2147483647" },
    { DUET_SECTION_STEP, 0, "each", 2, "step 0: 'each' is 0 or 1" },
    { DUET_SECTION_STEP, 0, "name", 1, "step 0: 'name' can't be 1" },
    { DUET_SECTION_PATH, 0, "steps_count", 0xffffffffU, "path 0: 'steps' can't be 0" },
};

static void every_lie_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct duet_tables_builder *builder = sample_tables_builder();
        uint32_t *word =
            sample_tables_column(builder, lies[i].section, lies[i].row, lies[i].column);
        assert_non_null(word);
        assert_int_not_equal(*word, lies[i].value);
        *word = lies[i].value;
        char message[256];
        snprintf(message, sizeof message, "rule tables: %s", lies[i].message);
        assert_refused(builder, message);
    }
}

static void sides_and_mappings_are_counted(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_side side = *(struct duet_t_side *)duet_build_at(builder, DUET_SECTION_SIDE, 0);
    duet_build_row(builder, DUET_SECTION_SIDE, &side);
    assert_refused(builder, "rule tables: section 'side' has 3 rows, expected 2 to 2");

    builder = sample_tables_builder();
    struct duet_t_mapping mapping =
        *(struct duet_t_mapping *)duet_build_at(builder, DUET_SECTION_MAPPING, 0);
    duet_build_row(builder, DUET_SECTION_MAPPING, &mapping);
    assert_refused(builder, "rule tables: section 'mapping' has 2 rows, expected 1 to 1");

    assert_refused(duet_tables_builder_new(),
                   "rule tables: section 'side' has 0 rows, expected 2 to 2");
}

/* `not not ... closed`, `depth` rows deep, as the condition of creation. */
static struct duet_tables_builder *nested_conditions(uint32_t depth)
{
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_expr row = { .op = DUET_EXPR_CLOSED,
                               .left = DUET_NONE,
                               .right = DUET_NONE,
                               .field = DUET_NONE,
                               .path = DUET_NONE,
                               .text = DUET_NONE };
    uint32_t last = duet_build_row(builder, DUET_SECTION_EXPR, &row);
    row.op = DUET_EXPR_NOT;
    for (uint32_t i = 1; i < depth; i++) {
        row.left = last;
        last = duet_build_row(builder, DUET_SECTION_EXPR, &row);
    }
    struct duet_t_create *create = duet_build_at(builder, DUET_SECTION_CREATE, 0);
    create->when = last;
    return builder;
}

static void conditions_are_at_most_64_deep(void **state)
{
    (void)state;
    assert_accepted(nested_conditions(DUET_MAX_EXPR_DEPTH));
    assert_refused(nested_conditions(DUET_MAX_EXPR_DEPTH + 1),
                   "rule tables: expr 111: the condition is too deep or shares its parts");
}

static void templates_are_at_most_64_deep(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_json row = { .kind = DUET_JSON_NULL, .key = DUET_NONE };
    for (uint32_t i = 0; i <= DUET_MAX_EXPR_DEPTH; i++) {
        row.children = duet_build_row(builder, DUET_SECTION_JSON, &row);
        row.kind = DUET_JSON_ARRAY;
        row.children_count = 1;
    }
    assert_refused(builder, "rule tables: json 90: the template is too deep or shares its parts");
}

static void predicates_may_not_ask_each_other(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_expr merged = { .op = DUET_EXPR_MERGED,
                                  .left = DUET_NONE,
                                  .right = DUET_NONE,
                                  .field = DUET_NONE,
                                  .path = DUET_NONE,
                                  .text = DUET_NONE };
    struct duet_t_side *side = duet_build_at(builder, DUET_SECTION_SIDE, 0);
    side->closed = duet_build_row(builder, DUET_SECTION_EXPR, &merged);
    assert_refused(builder, "rule tables: side 0: 'closed' and 'merged' ask each other");
}

static void header_lines_have_no_line_ends(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_header *header = duet_build_at(builder, DUET_SECTION_HEADER, 0);
    header->name = duet_build_str(builder, "If-Match: x\r\nHost");
    assert_refused(builder, "rule tables: header 0: 'name' is no header's name");

    builder = sample_tables_builder();
    struct duet_t_piece *piece = duet_build_at(builder, DUET_SECTION_PIECE, 10);
    *piece = (struct duet_t_piece){ .ref = DUET_REF_LITERAL,
                                    .text = duet_build_str(builder, "a\nb"),
                                    .field = DUET_NONE };
    assert_refused(builder, "rule tables: header 0: 'value' has control characters");
}

static void names_are_given_once(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_field *field = duet_build_at(builder, DUET_SECTION_FIELD, SAMPLE_LEFT_OWNER);
    field->name = duet_build_str(builder, "title");
    assert_refused(builder, "rule tables: field 6: two fields of one name");

    builder = sample_tables_builder();
    struct duet_t_unit *unit = duet_build_at(builder, DUET_SECTION_UNIT, SAMPLE_UNIT_OWNER);
    unit->name = duet_build_str(builder, "status");
    assert_refused(builder, "rule tables: unit 4: two units of one name");

    builder = sample_tables_builder();
    struct duet_t_pair *pair = duet_build_at(builder, DUET_SECTION_PAIR, 4);
    pair->right = SAMPLE_RIGHT_CLAIM;
    struct duet_t_pair *other = duet_build_at(builder, DUET_SECTION_PAIR, 5);
    *other = *pair;
    struct duet_t_unit *owner = duet_build_at(builder, DUET_SECTION_UNIT, SAMPLE_UNIT_OWNER);
    owner->policy = DUET_POLICY_NONE;
    assert_refused(builder, "rule tables: pair 5: a field that another pair writes too");
}

static void texts_are_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = { "\x80",         "\xc0\xaf",         "\xe0\x80\xaf",
                                       "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8",
                                       "ab\xe2\x82" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct duet_tables_builder *builder = sample_tables_builder();
        duet_build_str(builder, bad[i]);
        struct duet_error error = { "" };
        assert_int_equal(open_built(builder, &error), DUET_INVALID);
        assert_string_not_equal(error.text, "");
    }
    struct duet_tables_builder *builder = sample_tables_builder();
    duet_build_str(builder, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x99\x82 \xf4\x8f\xbf\xbf \xed\x9f\xbf");
    assert_accepted(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_is_named),
        cmocka_unit_test(sides_and_mappings_are_counted),
        cmocka_unit_test(conditions_are_at_most_64_deep),
        cmocka_unit_test(templates_are_at_most_64_deep),
        cmocka_unit_test(predicates_may_not_ask_each_other),
        cmocka_unit_test(header_lines_have_no_line_ends),
        cmocka_unit_test(names_are_given_once),
        cmocka_unit_test(texts_are_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
