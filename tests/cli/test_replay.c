/* `duet replay`: folders of recorded records by two versions of a mapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include <jansson.h>

#include "tests/support/run_cli.h"

/* Two small systems; %s are the arms of the one field, and what else stands in the mapping. */
static const char MAPPING[] =
    "edition 2026;\n"
    "system box {\n"
    "  record item { key : text at id read only; level : enum (Low, High, Top) at level; }\n"
    "}\n"
    "system shelf {\n"
    "  record thing { key : text at id read only; box : text at box; level : enum (Low, High, Top) "
    "at level; }\n"
    "}\n"
    "mapping kept between box.item as a and shelf.thing as b {\n"
    "  link a.key <-> b.box;\n"
    "  first contact a;\n"
    "  create b from a;\n"
    "  field level a.level <-> b.level conflict a {\n"
    "%s"
    "  }\n"
    "%s"
    "}\n";
static const char SAME[] = "    Low <-> Low;\n    High <-> High;\n    Top <-> Top;\n";
static const char LOOSE[] =
    "    Low <-> Low;\n    High -> High;\n    Top <-> Top;\n    Low <- High;\n";
static const char TURNED[] = "    Low <-> Low;\n    High <-> Top;\n    Top <-> High;\n";
static const char SENDS[] = "  on a change send all;\n  on b change send all;\n";

/* A folder with what a test writes into it. */
struct bench {
    char folder[64];
    char old[128], new[128], records[128];
};

static void put(const struct bench *bench, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_mapping(const struct bench *bench, const char *name, const char *arms,
                        const char *more)
{
    char text[4096];
    snprintf(text, sizeof text, MAPPING, arms, more);
    put(bench, name, text);
}

static void make_folder(const struct bench *bench, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    const char *base = getenv("TMPDIR");
    snprintf(bench->folder, sizeof bench->folder, "%s/replay-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->old, sizeof bench->old, "%s/old.duet", bench->folder);
    snprintf(bench->new, sizeof bench->new, "%s/new.duet", bench->folder);
    snprintf(bench->records, sizeof bench->records, "%s/records", bench->folder);
    put_mapping(bench, "old.duet", SAME, SENDS);
    put_mapping(bench, "new.duet", SAME, SENDS);
    make_folder(bench, "records");
    *state = bench;
    return 0;
}

enum { FOLDERS_DEEP = 3 }; /* the bench's, records, a tenant's */

/* A file, or a folder with all that is in it. */
static void remove_all(const char *path, int depth)
{
    assert_true(depth <= FOLDERS_DEEP);
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char inside[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int length = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        assert_true(length > 0 && (size_t)length < sizeof inside);
        remove_all(inside, depth + 1);
    }
    if (folder)
        closedir(folder);
    assert_int_equal(remove(path), 0);
}

static int stop(void **state)
{
    struct bench *bench = *state;
    remove_all(bench->folder, 0);
    free(bench);
    return 0;
}

/* Two tenants: one with a pair that agrees and one alone, one with a pair. */
static void put_records(const struct bench *bench)
{
    make_folder(bench, "records/acme");
    make_folder(bench, "records/beta");
    put(bench, "records/acme/a.jsonl",
        "{\"id\":\"1\",\"level\":\"High\"}\n{\"id\":\"2\",\"level\":\"High\"}\n");
    put(bench, "records/acme/b.jsonl", "{\"id\":\"x\",\"box\":\"1\",\"level\":\"High\"}\n");
    put(bench, "records/beta/a.jsonl", "{\"id\":\"1\",\"level\":\"Low\"}\n");
    put(bench, "records/beta/b.jsonl", "{\"id\":\"y\",\"box\":\"1\",\"level\":\"Low\"}\n");
}

static void expect(struct cli_result result, enum duet_exit status, const char *text)
{
    if (!strstr(result.out, text) && !strstr(result.err, text))
        fail_msg("'%s' isn't in:\n%s%s", text, result.out, result.err);
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

#define replay(bench, ...)                                                                         \
    run_cli(NULL, "replay", (bench)->new, "--records", (bench)->records, "--against",              \
            (bench)->old, __VA_ARGS__)

static void the_same_mapping_alters_nothing(void **state)
{
    struct bench *bench = *state;
    put_records(bench);
    cli_result_expect(replay(bench, NULL), DUET_EXIT_FINE,
                      "nothing altered: 3 records of 2 tenants\n", "");
}

static void a_moved_line_alters_nothing(void **state)
{
    struct bench *bench = *state;
    char moved[256];
    put_records(bench);
    snprintf(moved, sizeof moved, "    # a remark\n\n%s", SAME);
    put_mapping(bench, "new.duet", moved, SENDS);
    expect(replay(bench, NULL), DUET_EXIT_FINE, "nothing altered");
}

/* The pair disagrees from now on: the first contact's side wins, by the new arm instead of the old one. Low is touched by nothing. */
static void a_changed_arm_is_told_with_both_rules(void **state)
{
    struct bench *bench = *state;
    char expected[1024];
    put_records(bench);
    put_mapping(bench, "new.duet", TURNED, SENDS);
    snprintf(expected, sizeof expected,
             "1 field in 1 of 2 tenants, 2 of 3 records\n"
             "\n"
             "acme: 2 of 2 records\n"
             "  b.level, 1 record  (%s:14, before %s:14)\n"
             "    1 ~ x: is High; writes Top, before nothing\n"
             "  b.level, 1 record  (%s:14, before %s:14)\n"
             "    2: High becomes Top, before High\n",
             bench->new, bench->old, bench->new, bench->old);
    cli_result_expect(replay(bench, NULL), DUET_EXIT_FINDINGS, expected, "");
}

/* Low and High agreed by an arm that only reads; without it the left one wins, and the rule named is that arm. */
static void an_arm_that_is_gone_is_named(void **state)
{
    struct bench *bench = *state;
    char expected[1024];
    put(bench, "records/a.jsonl", "{\"id\":\"1\",\"level\":\"Low\"}\n");
    put(bench, "records/b.jsonl", "{\"id\":\"x\",\"box\":\"1\",\"level\":\"High\"}\n");
    put_mapping(bench, "old.duet", LOOSE, SENDS);
    snprintf(expected, sizeof expected, "(%s:13, before %s:16)\n    1 ~ x: is High; writes Low",
             bench->new, bench->old);
    expect(replay(bench, NULL), DUET_EXIT_FINDINGS, expected);
}

static void without_an_old_version_all_is_told(void **state)
{
    struct bench *bench = *state;
    put(bench, "records/a.json", "[{\"id\":\"1\",\"level\":\"Low\"}]");
    put(bench, "records/b.json", "[{\"id\":\"x\",\"box\":\"1\",\"level\":\"High\"}]");
    expect(run_cli(NULL, "replay", bench->new, "--records", bench->records, NULL),
           DUET_EXIT_FINDINGS, "    1 ~ x: is High; writes Low\n");
}

static void a_bad_record_is_told_and_the_others_go_on(void **state)
{
    struct bench *bench = *state;
    char expected[256];
    put_records(bench);
    put(bench, "records/beta/b.jsonl",
        "{\"id\":\"y\",\"box\":\"1\",\"level\":\"Low\"}\n\n{\"id\":\n[]\n");
    snprintf(expected, sizeof expected, "%s/beta/b.jsonl:3: ", bench->records);
    expect(replay(bench, NULL), DUET_EXIT_FINDINGS, expected);
    expect(replay(bench, NULL), DUET_EXIT_FINDINGS,
           "nothing altered: 3 records of 2 tenants; 2 can't be read\n");
}

static void examples_are_bounded(void **state)
{
    struct bench *bench = *state;
    char text[2048] = "";
    for (int i = 0; i < 20; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "{\"id\":\"%d\",\"level\":\"High\"}\n", i);
    put(bench, "records/a.jsonl", text);
    put_mapping(bench, "new.duet", TURNED, SENDS);
    expect(replay(bench, "--examples", "2", NULL), DUET_EXIT_FINDINGS,
           "    0: High becomes Top, before High\n"
           "    1: High becomes Top, before High\n"
           "    and 18 more\n");
    expect(replay(bench, "--examples", "0", NULL), DUET_EXIT_FINDINGS, "20 of 20 records\n");
}

static void a_record_that_stands_twice_counts_once(void **state)
{
    struct bench *bench = *state;
    put_records(bench);
    put(bench, "records/beta/a.jsonl",
        "{\"id\":\"1\",\"level\":\"High\"}\n{\"id\":\"1\",\"level\":\"Low\"}\n");
    expect(replay(bench, NULL), DUET_EXIT_FINE, "nothing altered: 3 records of 2 tenants\n");
    expect(replay(bench, NULL), DUET_EXIT_FINE,
           "1 record gave way to a later one with the same link");
}

static void json_says_the_same(void **state)
{
    struct bench *bench = *state;
    put_records(bench);
    put_mapping(bench, "new.duet", TURNED, SENDS);
    struct cli_result result = replay(bench, "--format", "json", NULL);
    json_t *json = json_loads(result.out, 0, NULL);
    assert_non_null(json);
    const json_t *acme = json_array_get(json_object_get(json, "by_tenant"), 0);
    const json_t *row = json_array_get(json_object_get(acme, "fields"), 0);
    assert_int_equal(json_integer_value(json_object_get(json, "altered")), 2);
    assert_string_equal(json_string_value(json_object_get(row, "field")), "b.level");
    assert_string_equal(json_string_value(json_object_get(row, "kind")), "write");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(row, "old"), "line")), 14);
    assert_true(
        json_is_null(json_object_get(json_array_get(json_object_get(row, "examples"), 0), "was")));
    json_decref(json);
    cli_result_finish(&result);
}

/* Each tenant's own overrides: only acme's are changed. */
static void a_fleet_has_its_overrides(void **state)
{
    struct bench *bench = *state;
    static const char fleet[] = "edition 2026;\nimport \"mapping.duet\";\n"
                                "tenant acme runs kept { side a { } side b { } %s }\n"
                                "tenant beta runs kept { side a { } side b { } }\n";
    char text[1024];
    put_records(bench);
    put_mapping(bench, "mapping.duet", SAME, SENDS);
    snprintf(text, sizeof text, fleet, "");
    put(bench, "old.duet", text);
    snprintf(text, sizeof text, fleet, "override level { High -> Top; }");
    put(bench, "new.duet", text);
    expect(replay(bench, NULL), DUET_EXIT_FINDINGS, "\nacme: 1 of 2 records\n");
    make_folder(bench, "records/gamma");
    expect(replay(bench, NULL), DUET_EXIT_FINDINGS, "has no tenant 'gamma', which is left out");
}

static void wrong_usage_is_told(void **state)
{
    struct bench *bench = *state;
    expect(replay(bench, NULL), DUET_EXIT_USAGE, "no records in");
    expect(run_cli(NULL, "replay", bench->new, "--records", "/no/such", NULL), DUET_EXIT_WORLD,
           "can't read '/no/such'");
    expect(replay(bench, "--store", "x.db", NULL), DUET_EXIT_USAGE, "give --records or --store");
    put_mapping(bench, "new.duet", "    Low <-> High;\n", SENDS);
    put_records(bench);
    expect(replay(bench, NULL), DUET_EXIT_USAGE, "error[");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_mapping_alters_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_moved_line_alters_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_changed_arm_is_told_with_both_rules, start, stop),
        cmocka_unit_test_setup_teardown(an_arm_that_is_gone_is_named, start, stop),
        cmocka_unit_test_setup_teardown(without_an_old_version_all_is_told, start, stop),
        cmocka_unit_test_setup_teardown(a_bad_record_is_told_and_the_others_go_on, start, stop),
        cmocka_unit_test_setup_teardown(examples_are_bounded, start, stop),
        cmocka_unit_test_setup_teardown(a_record_that_stands_twice_counts_once, start, stop),
        cmocka_unit_test_setup_teardown(json_says_the_same, start, stop),
        cmocka_unit_test_setup_teardown(a_fleet_has_its_overrides, start, stop),
        cmocka_unit_test_setup_teardown(wrong_usage_is_told, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
