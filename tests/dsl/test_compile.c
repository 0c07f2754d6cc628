/* The compiler's front door: what it gives for sound and broken texts, overlays, fleets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"

/* Beside the cases, whose systems it imports. */
#define PLACE "tests/cases/check/compile.duet"
#define OFFICIAL "../shared/language/fleet.duet"

#define MAPPING                                                                                    \
    "edition 2026;\nimport \"desk.duet\";\nimport \"floor.duet\";\n"                               \
    "mapping both between desk.ticket as desk and floor.job as floor {\n"                          \
    "  link desk.key <-> floor.desk_id;\n  first contact desk;\n"                                  \
    "  field level desk.level <-> floor.level conflict highest {\n"                                \
    "    Low <-> Low; Medium <-> Medium; High <-> High; High <- Critical;\n  }\n"                  \
    "  field owner desk.owner <-> floor.owner via people conflict floor;\n"                        \
    "  on floor change send all;\n  on desk change send all;\n}\n"

#define HUB                                                                                        \
    "hub hall runs floor { address = \"https://f.example\"; user = \"u\"; secret_key = env K; }\n"

#define TENANT(name, overrides)                                                                    \
    "tenant " name " runs both {\n"                                                                \
    "  side desk { address = \"https://d.example\"; token = file \"secrets/" name "\"; }\n"        \
    "  side floor shared hall;\n  table people from \"../people.csv\";\n  every 30s;\n"            \
    "  " overrides "\n}\n"

static struct duet_compilation *compiled(const char *text)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_text(PLACE, text, strlen(text), &compilation), DUET_OK);
    return compilation;
}

static struct duet_compilation *sound(const char *text)
{
    struct duet_compilation *compilation = compiled(text);
    if (duet_diags_errors(duet_compilation_diags(compilation)) != 0)
        duet_diags_render_text(duet_compilation_diags(compilation),
                               duet_compilation_sources(compilation), DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(compilation)), 0);
    return compilation;
}

/* --- tables ----------------------------------------------------------------------------------- */

static void a_file_that_is_not_there_is_a_finding(void **state)
{
    (void)state;
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file("tests/cases/check/nowhere.duet", &compilation),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(compilation)), 1);
    assert_null(duet_compilation_program(compilation));
    assert_int_equal(duet_compilation_mappings(compilation), 0);
    duet_compilation_free(compilation);
}

static void the_same_text_gives_the_same_bytes(void **state)
{
    (void)state;
    struct duet_compilation *a = sound(MAPPING);
    struct duet_compilation *b = sound(MAPPING);
    size_t a_size = 0;
    size_t b_size = 0;
    const unsigned char *a_bytes = duet_compilation_bytes(a, 0, &a_size);
    const unsigned char *b_bytes = duet_compilation_bytes(b, 0, &b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a_bytes, b_bytes, a_size);
    assert_string_equal(duet_compilation_mapping_name(a, 0), "both");
    assert_true(duet_compilation_mapping_is_own(a, 0));
    duet_compilation_free(a);
    duet_compilation_free(b);
}

static void a_mapping_with_errors_has_no_tables(void **state)
{
    (void)state;
    struct duet_compilation *compilation = compiled(MAPPING "tenant x runs bth { }\n");
    assert_int_equal(duet_diags_errors(duet_compilation_diags(compilation)), 1);
    assert_non_null(duet_compilation_tables(compilation, 0));
    duet_compilation_free(compilation);

    compilation = compiled("edition 2026;\nimport \"desk.duet\";\nimport \"floor.duet\";\n"
                           "mapping m between desk.ticket as desk and floor.job as floor {\n"
                           "  link desk.key <-> floor.desk_id;\n}\n");
    assert_int_not_equal(duet_diags_errors(duet_compilation_diags(compilation)), 0);
    assert_null(duet_compilation_tables(compilation, 0));
    duet_compilation_free(compilation);
}

/* --- overlays, tenants ------------------------------------------------------------------------ */

static const struct duet_fleet_tenant *tenant_named(const struct duet_compilation *compilation,
                                                    const char *name)
{
    const struct duet_fleet_config *fleet = duet_compilation_fleet(compilation);
    assert_non_null(fleet);
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        if (strcmp(fleet->tenants[i].name, name) == 0)
            return &fleet->tenants[i];
    }
    fail_msg("no tenant '%s'", name);
    return NULL;
}

static void equal_overlays_share_their_tables(void **state)
{
    (void)state;
    struct duet_compilation *compilation =
        sound(MAPPING HUB TENANT("one", "override level conflict lowest;")
                  TENANT("two", "override   level\n conflict lowest;   # why\n")
                      TENANT("three", "override level conflict floor;") TENANT("four", ""));
    const struct duet_tables *one = tenant_named(compilation, "one")->tables;
    const struct duet_tables *three = tenant_named(compilation, "three")->tables;
    const struct duet_tables *four = tenant_named(compilation, "four")->tables;
    assert_non_null(one);
    assert_non_null(three);
    assert_ptr_equal(one, tenant_named(compilation, "two")->tables);
    assert_ptr_not_equal(one, three);
    assert_ptr_equal(four, duet_compilation_tables(compilation, 0));
    assert_int_equal(duet_unit_row(one, 0)->policy, DUET_POLICY_LOWEST);
    assert_int_equal(duet_unit_row(three, 0)->policy, DUET_POLICY_SIDE);
    assert_int_equal(duet_unit_row(four, 0)->policy, DUET_POLICY_HIGHEST);
    duet_compilation_free(compilation);
}

static void an_override_replaces_one_direction_of_one_arm(void **state)
{
    (void)state;
    struct duet_compilation *compilation =
        sound(MAPPING HUB TENANT("one", "override level { High -> Critical; }"));
    const struct duet_tables *tables = tenant_named(compilation, "one")->tables;
    const struct duet_t_map *map = duet_map_row(tables, duet_pair_row(tables, 0)->map);
    enum { LOW, MEDIUM, HIGH, CRITICAL };
    assert_int_equal(duet_word_row(tables, map->to_right + HIGH)->bits, CRITICAL);
    assert_int_equal(duet_word_row(tables, map->to_left + HIGH)->bits, HIGH);
    assert_int_equal(duet_word_row(tables, map->to_left + CRITICAL)->bits, HIGH);
    assert_int_equal(duet_word_row(tables, map->to_right + LOW)->bits, LOW);
    duet_compilation_free(compilation);
}

static void a_fleet_is_resolved(void **state)
{
    (void)state;
    struct duet_compilation *compilation =
        sound(MAPPING HUB TENANT("one", "") "fleet { store = \"duet.db\"; every 1min; }\n");
    const struct duet_fleet_config *fleet = duet_compilation_fleet(compilation);
    const struct duet_fleet_tenant *tenant = tenant_named(compilation, "one");
    assert_int_equal(fleet->hub_count, 1);
    assert_string_equal(fleet->hubs[0].system, "floor");
    assert_int_equal(duet_fleet_setting(&fleet->hubs[0].settings, "secret_key")->kind,
                     DUET_SETTING_IS_ENV);
    assert_int_equal(tenant->sides[DUET_LEFT].hub, DUET_NONE);
    assert_int_equal(tenant->sides[DUET_RIGHT].hub, 0);
    const struct duet_fleet_setting *token =
        duet_fleet_setting(&tenant->sides[DUET_LEFT].settings, "token");
    assert_int_equal(token->kind, DUET_SETTING_IS_FILE);
    assert_string_equal(token->text, "tests/cases/check/secrets/one");
    assert_int_equal(tenant->person_table_count, 1);
    assert_string_equal(tenant->person_tables[0].path, "tests/cases/people.csv");
    assert_int_equal(tenant->every_ms, 30000);
    assert_int_equal(fleet->every_ms, 60000);
    assert_string_equal(duet_fleet_setting(&fleet->settings, "store")->text, "duet.db");
    duet_compilation_free(compilation);
}

static void a_setting_is_text_or_number_by_its_value(void **state)
{
    (void)state;
    struct duet_compilation *compilation = sound(MAPPING HUB TENANT(
        "one", "") "system many { settings { address : url; name : text; word : text; size : "
                   "integer; wait : duration;"
                   " share : number; loud : boolean; calm : boolean; }\n"
                   "  record r { key : text at k; modified : time at m; }\n"
                   "  http { base \"{address}\"; changed r GET \"/\" { items rows; } } }\n"
                   "hub h runs many { address = \"https://h.example\"; name = env NAME; word = "
                   "Plain; size = 3; wait = 2s;"
                   " share = 0.5; loud = true; calm = false; }\n");
    static const struct {
        const char *name, *text;
        enum duet_setting_kind kind;
    } expected[] = {
        { "address", "https://h.example", DUET_SETTING_IS_TEXT },
        { "name", "NAME", DUET_SETTING_IS_ENV },
        { "word", "Plain", DUET_SETTING_IS_TEXT },
        { "size", "3", DUET_SETTING_IS_NUMBER },
        { "wait", "2000", DUET_SETTING_IS_NUMBER },
        { "share", "0.5", DUET_SETTING_IS_TEXT },
        { "loud", "true", DUET_SETTING_IS_TEXT },
        { "calm", "false", DUET_SETTING_IS_TEXT },
    };
    const struct duet_fleet_config *fleet = duet_compilation_fleet(compilation);
    assert_non_null(fleet);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct duet_fleet_setting *setting =
            duet_fleet_setting(&fleet->hubs[1].settings, expected[i].name);
        assert_int_equal(setting->kind, expected[i].kind);
        assert_string_equal(setting->text, expected[i].text);
    }
    duet_compilation_free(compilation);
}

static void without_tenants_there_is_no_fleet(void **state)
{
    (void)state;
    struct duet_compilation *compilation = sound(MAPPING);
    assert_null(duet_compilation_fleet(compilation));
    duet_compilation_free(compilation);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* 65 fields: one more than the masks hold. */
static void too_many_fields_are_a_finding(void **state)
{
    (void)state;
    char text[16384];
    size_t at = (size_t)snprintf(text, sizeof text,
                                 "edition 2026;\nsystem s { record r { key : text at k;\n");
    for (int i = 0; i < 64; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "f%d : text at f%d;\n", i, i);
    snprintf(text + at, sizeof text - at, "} }\n");
    struct duet_compilation *compilation = compiled(text);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    assert_int_equal(duet_diags_count(diags), 1);
    assert_int_equal(duet_diag_code_of(duet_diags_at(diags, 0)), DUET_DIAG_TOO_MANY);
    duet_compilation_free(compilation);
}

/* What is said of a mapping whose 64 fields are followed by one more statement; "": that limit isn't named. */
static void expect_one_more(const char *statement, const char *expected)
{
    char text[16384];
    size_t at = (size_t)snprintf(text, sizeof text,
                                 "edition 2026;\nimport \"desk.duet\";\nimport \"floor.duet\";\n"
                                 "mapping m between desk.ticket as desk and floor.job as floor {\n"
                                 "link desk.key <-> floor.desk_id;\nfirst contact desk;\n");
    for (int i = 0; i < 64; i++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "field u%d desk.number -> floor.desk_number;\n", i);
    snprintf(text + at, sizeof text - at, "%s\non desk change send all;\n}\n", statement);
    struct duet_compilation *compilation = compiled(text);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    const char *message = "";
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        if (duet_diag_code_of(duet_diags_at(diags, i)) == DUET_DIAG_TOO_MANY)
            message = duet_diag_message(duet_diags_at(diags, i));
    }
    assert_string_equal(message, expected);
    duet_compilation_free(compilation);
}

static void the_field_or_group_that_is_too_many_is_named(void **state)
{
    (void)state;
    expect_one_more("", "");
    expect_one_more("field last desk.title -> floor.title;",
                    "a mapping has at most 64 fields and groups, 'last' is one more");
    expect_one_more("group words { field last desk.title -> floor.title; }",
                    "a mapping has at most 64 fields and groups, 'words' is one more");
}

/* Many `and` in a row are no nesting: the tables' trees are balanced. */
static void a_long_condition_is_not_deep(void **state)
{
    (void)state;
    char text[16384];
    snprintf(text, sizeof text, "%s", MAPPING);
    char *when = strstr(text, "on floor change send all;");
    assert_non_null(when);
    size_t at = (size_t)(when - text);
    at += (size_t)snprintf(text + at, sizeof text - at,
                           "on floor change send all when floor.title present");
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " and floor.title != \"t%d\"", i);
    snprintf(text + at, sizeof text - at, ";\n on desk change send all;\n}\n");
    struct duet_compilation *compilation = sound(text);
    assert_non_null(duet_compilation_tables(compilation, 0));
    duet_compilation_free(compilation);
}

/* --- the language's own examples -------------------------------------------------------------- */

/* Each predicate is the contrary of the one before; the last one's condition is as deep as there are predicates. */
static size_t errors_of_a_chain(unsigned links)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fputs("edition 2026;\nsystem s { record r { key : text at k; modified : time at m;\n", out);
    fputs("  p0 when key present and not (key == \"x\");\n", out);
    for (unsigned i = 1; i <= links; i++)
        fprintf(out, "  p%u when not p%u;\n", i, i - 1);
    fputs("} }\n", out);
    fclose(out);
    struct duet_compilation *compilation = compiled(text);
    size_t errors = duet_diags_errors(duet_compilation_diags(compilation));
    for (size_t i = 0; i < errors; i++)
        assert_int_equal(duet_diag_code_of(duet_diags_at(duet_compilation_diags(compilation), i)),
                         DUET_DIAG_NESTING);
    duet_compilation_free(compilation);
    free(text);
    return errors;
}

/* `and`, `not`, `==` and its two sides are four deep. */
static void predicates_within_predicates_are_as_deep_as_conditions(void **state)
{
    (void)state;
    assert_int_equal(errors_of_a_chain(DUET_MAX_EXPR_DEPTH - 4), 0);
    assert_int_equal(errors_of_a_chain(DUET_MAX_EXPR_DEPTH - 3), 1);
}

static void the_official_examples_compile(void **state)
{
    (void)state;
    if (access(OFFICIAL, R_OK) != 0) {
        print_message("%s isn't here: skipped\n", OFFICIAL);
        skip();
    }
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file(OFFICIAL, &compilation), DUET_OK);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(compilation)), 0);
    assert_non_null(duet_compilation_tables(compilation, 0));
    assert_non_null(tenant_named(compilation, "acme")->tables);
    assert_ptr_not_equal(tenant_named(compilation, "acme")->tables,
                         duet_compilation_tables(compilation, 0));
    duet_compilation_free(compilation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_not_there_is_a_finding),
        cmocka_unit_test(the_same_text_gives_the_same_bytes),
        cmocka_unit_test(a_mapping_with_errors_has_no_tables),
        cmocka_unit_test(equal_overlays_share_their_tables),
        cmocka_unit_test(an_override_replaces_one_direction_of_one_arm),
        cmocka_unit_test(a_fleet_is_resolved),
        cmocka_unit_test(a_setting_is_text_or_number_by_its_value),
        cmocka_unit_test(without_tenants_there_is_no_fleet),
        cmocka_unit_test(too_many_fields_are_a_finding),
        cmocka_unit_test(the_field_or_group_that_is_too_many_is_named),
        cmocka_unit_test(a_long_condition_is_not_deep),
        cmocka_unit_test(predicates_within_predicates_are_as_deep_as_conditions),
        cmocka_unit_test(the_official_examples_compile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
