/* `merged` in what a mapping and its systems say: who gets a partner, and what a system asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/plan/plan.h"

#define SYSTEM(name)                                                                               \
    "system " name " { settings { u : url; }\n"                                                    \
    "  record r { key : text at k; ref : text at ref; into : text at into; why : text at why "     \
    "required when merged;\n"                                                                      \
    "    merged when into == \"another\"; }\n"                                                     \
    "  http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"                                 \
    "    create r POST \"/\" { body { ref: r.ref, why: r.why } }\n"                                \
    "    write r PUT \"/{key}\" { body changed; } } }\n"

#define MAPPING                                                                                    \
    "edition 2026;\n" SYSTEM("sa")                                                                 \
        SYSTEM("sb") "mapping m between sa.r as a and sb.r as b {\n"                               \
                     "  link a.key <-> b.ref; first contact a;\n"                                  \
                     "  create b from a when a.merged;\n"                                          \
                     "  field why a.why <-> b.why conflict a;\n"                                   \
                     "  on a change send all; on b change send all; }\n"

struct two {
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
};

static int begin(void **state)
{
    struct two *two = test_calloc(1, sizeof *two);
    assert_int_equal(duet_compile_text("merged.duet", MAPPING, strlen(MAPPING), &two->compilation),
                     DUET_OK);
    two->rules.tables = duet_compilation_tables(two->compilation, 0);
    two->arena = duet_arena_new();
    *state = two;
    assert_int_equal(duet_diags_errors(duet_compilation_diags(two->compilation)), 0);
    return 0;
}

static int end(void **state)
{
    struct two *two = *state;
    duet_compilation_free(two->compilation);
    duet_arena_free(two->arena);
    test_free(two);
    return 0;
}

static struct duet_record record_of(struct two *two, enum duet_side side, const char *text)
{
    struct duet_record record;
    struct duet_error error = { "" };
    assert_int_equal(
        duet_record_read(&two->rules, side, text, strlen(text), two->arena, &record, &error),
        DUET_OK);
    return record;
}

static bool is_made(struct two *two, const char *text)
{
    const struct duet_record origin = record_of(two, DUET_LEFT, text);
    struct duet_new_record made;
    return duet_plan_creation(&two->rules, DUET_RIGHT, &origin, two->arena, &made);
}

static void a_partner_may_be_made_for_merged_records_alone(void **state)
{
    assert_true(is_made(*state, "{\"k\":\"1\",\"into\":\"another\"}"));
    assert_false(is_made(*state, "{\"k\":\"1\",\"into\":\"none\"}"));
    assert_false(is_made(*state, "{\"k\":\"1\"}"));
}

static void a_system_may_ask_for_more_of_what_is_merged(void **state)
{
    struct two *two = *state;
    const struct duet_record merged =
        record_of(two, DUET_RIGHT, "{\"k\":\"1\",\"into\":\"another\"}");
    const struct duet_record plain = record_of(two, DUET_RIGHT, "{\"k\":\"1\",\"into\":\"none\"}");
    assert_string_equal(duet_side_refuses(&two->rules, DUET_RIGHT, merged.values, merged.values,
                                          UINT64_MAX, two->arena),
                        "b needs a why: what else stands there asks for it");
    assert_null(duet_side_refuses(&two->rules, DUET_RIGHT, plain.values, plain.values, UINT64_MAX,
                                  two->arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_partner_may_be_made_for_merged_records_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_system_may_ask_for_more_of_what_is_merged, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
