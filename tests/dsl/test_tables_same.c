/* Two versions of rule tables: which units they treat differently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dsl/tables.h"
#include "dsl/tables_build.h"
#include "dsl/tables_text.h"
#include "tests/support/sample_tables.h"

struct change {
    const char *what;
    enum duet_section section;
    uint32_t row;
    const char *column;
    uint32_t value;
    uint64_t units;
    bool other;
};

#define STATUS (UINT64_C(1) << SAMPLE_UNIT_STATUS)
#define VERDICT (UINT64_C(1) << SAMPLE_UNIT_VERDICT)
#define SEVERITY (UINT64_C(1) << SAMPLE_UNIT_SEVERITY)
#define TITLE (UINT64_C(1) << SAMPLE_UNIT_TITLE)
#define OWNER (UINT64_C(1) << SAMPLE_UNIT_OWNER)
#define ALL (STATUS | VERDICT | SEVERITY | TITLE | OWNER)

static const struct change changes[] = {
    { "a place in a file", DUET_SECTION_PAIR, 0, "line", 99, 0, false },
    { "a place of a unit", DUET_SECTION_UNIT, 0, "line", 99, 0, false },
    { "an arm", DUET_SECTION_ARM, 1, "direction", DUET_TO_RIGHT, STATUS, false },
    { "a policy", DUET_SECTION_UNIT, 4, "policy", DUET_POLICY_NEWEST, OWNER, false },
    { "a transform", DUET_SECTION_TRANSFORM, 0, "number", 80, TITLE, false },
    { "an unknown", DUET_SECTION_PAIR, 5, "unknown", DUET_UNKNOWN_QUARANTINE, OWNER, false },
    { "a legal pair", DUET_SECTION_WORD, 1, "bits", 7, VERDICT, false },
    { "the condition of a trigger", DUET_SECTION_TRIGGER, 1, "when", DUET_NONE, VERDICT, false },
    { "a condition on severity", DUET_SECTION_EXPR, 37, "number", 2, ALL, true },
    { "when a side is closed", DUET_SECTION_EXPR, 16, "number", 2, STATUS | VERDICT, true },
    { "what creates", DUET_SECTION_EXPR, 46, "op", DUET_EXPR_GT, 0, true },
    { "first contact", DUET_SECTION_MAPPING, 0, "first_contact", DUET_CHOOSE_NONE, 0, true },
    { "a quota", DUET_SECTION_QUOTA, 0, "count", 76, 0, true },
    { "notes", DUET_SECTION_NOTE_PAIR, 0, "from_all", 1, 0, true },
};

static void changes_are_found_unit_by_unit(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    struct duet_tables before;
    assert_int_equal(duet_tables_open(bytes, size, &before, NULL), DUET_OK);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *change = &changes[i];
        struct duet_tables_builder *builder = sample_tables_builder();
        uint32_t *word =
            sample_tables_column(builder, change->section, change->row, change->column);
        assert_non_null(word);
        *word = change->value;
        size_t after_size = 0;
        unsigned char *after_bytes = duet_build_finish(builder, &after_size);
        struct duet_tables after;
        struct duet_error error = { "" };
        duet_tables_open(after_bytes, after_size, &after, &error);
        assert_string_equal(error.text, "");
        bool other = !change->other;
        uint64_t units = duet_tables_changed_units(&before, &after, &other);
        if (units != change->units || other != change->other)
            fail_msg("%s: units %llx, other %d", change->what, (unsigned long long)units, other);
        free(after_bytes);
        duet_tables_builder_free(builder);
    }
    free(bytes);
}

static void a_unit_of_another_name_is_new(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_unit *unit = duet_build_at(builder, DUET_SECTION_UNIT, SAMPLE_UNIT_OWNER);
    unit->name = duet_build_str(builder, "assignee");
    size_t after_size = 0;
    unsigned char *after_bytes = duet_build_finish(builder, &after_size);
    struct duet_tables before;
    struct duet_tables after;
    assert_int_equal(duet_tables_open(bytes, size, &before, NULL), DUET_OK);
    assert_int_equal(duet_tables_open(after_bytes, after_size, &after, NULL), DUET_OK);
    bool other = false;
    assert_int_equal(duet_tables_changed_units(&before, &after, &other), OWNER);
    assert_true(other);
    free(after_bytes);
    free(bytes);
    duet_tables_builder_free(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_found_unit_by_unit),
        cmocka_unit_test(a_unit_of_another_name_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
