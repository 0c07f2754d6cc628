/* `duet check`, `duet compile` and `duet dump` over files. */
#define _XOPEN_SOURCE 700 /* pseudo terminals */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "dsl/tables.h"
#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

#define MAPPING DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet"

static const char mapping[] = MAPPING;
static char folder[] = "/tmp/duet-test-check-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    unsetenv("NO_COLOR");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "broken.duet", "small.duet",   "fleet.duet", "two.duet",
                                         "out.tables",  "other.tables", "big.duet" };
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const char *write_file(const char *name, const char *text)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* A mapping between systems that aren't there. */
static const char *broken(void)
{
    return write_file(
        "broken.duet",
        "edition 2026;\n\nmapping m between nowhere.thing as a and elsewhere.thing as b {\n"
        "  link a.key <-> b.key;\n  first contact a;\n}\n");
}

static unsigned char *read_bytes(const char *path, size_t *size_out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    unsigned char *bytes = malloc(1 << 20);
    *size_out = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* --- check ------------------------------------------------------------------------------------------------ */

static void check_of_a_sound_mapping_says_so(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "check", "--no-proof", mapping, NULL);
    assert_string_equal(result.out, "1 file checked: no findings\n");
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

/* Both sides have three values and none; the base is none or one of the four pairs that agree. */
static const char *small(const char *triggers)
{
    char text[2048];
    snprintf(text, sizeof text,
             "edition 2026;\nsystem s { settings { u : url; }\n"
             "record r { key : text at k; modified : time at m; of : text at o;\n"
             "  v : enum (Open, Busy, Done) at v; closed when v == Done; }\n"
             "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
             "  write r PUT \"/{key}\" { body whole; } } }\n"
             "mapping m between s.r as a and s.r as b { link a.key <-> b.of; first contact a;\n"
             "field v a.v <-> b.v conflict a { Open <-> Open; Busy <-> Busy; Done <-> Done; }\n"
             "on a change send all;\n%s }\n",
             triggers);
    return write_file("small.duet", text);
}

static void check_says_what_was_proved(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "check", small("on b change send all;"), NULL);
    assert_string_equal(result.out,
                        "proof of m: 80 states, 80 run\n"
                        "  v                            80 states  legal, correct, no lost edit, "
                        "quiet, every edit moves, round trip, one outcome, form fits\n"
                        "1 file checked: no findings\n");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

static void check_tells_the_shortest_story_of_a_broken_law(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "check", small("on b close send all;"), NULL);
    assert_int_equal(result.status, 1);
    assert_int_equal(strncmp(result.out, "error[D305]: an edit of 'v' is never sent\n", 42), 0);
    assert_non_null(strstr(result.out, "\n  before:  both sides empty\n"));
    assert_non_null(strstr(result.out, "\n  edit:    b v = Open\n"));
    assert_non_null(strstr(result.out, "\n  outcome: v stays pending, whatever else is edited in "
                                       "b\n"));
    assert_non_null(strstr(result.out,
                           "80 states  legal, correct, no lost edit, quiet, round trip, "
                           "one outcome, form fits\n"));
    cli_result_finish(&result);
}

static void check_gives_programs_the_same_story(void **state)
{
    (void)state;
    struct cli_result result =
        run_cli(NULL, "check", "--format", "json", small("on b close send all;"), NULL);
    json_t *findings = json_loads(result.out, 0, NULL);
    json_t *expected = json_pack(
        "{s:{s:{}, s:{}}, s:{s:{}, s:{s:s}}, s:{s:{s:{s:n}, s:{s:n}}}, s:[]}", "before", "a", "b",
        "edit", "a", "b", "v", "Open", "agreed", "v", "a", "v", "b", "v", "new");
    assert_true(json_equal(json_object_get(json_array_get(findings, 0), "story"), expected));
    json_decref(expected);
    json_decref(findings);
    cli_result_finish(&result);
}

/* The story of the first finding with this code, new. */
static json_t *story_of(const char *path, const char *code)
{
    struct cli_result result = run_cli(NULL, "check", "--format", "json", path, NULL);
    json_t *findings = json_loads(result.out, 0, NULL);
    json_t *story = NULL;
    for (size_t i = 0; i < json_array_size(findings) && !story; i++) {
        const json_t *finding = json_array_get(findings, i);
        if (strcmp(json_string_value(json_object_get(finding, "code")), code) == 0)
            story = json_incref(json_object_get(finding, "story"));
    }
    if (!story)
        fail_msg("no story of %s in %s", code, result.out);
    json_decref(findings);
    cli_result_finish(&result);
    return story;
}

/* What b tells of its text reads otherwise in a, and only a signal lets it go over. */
static void a_story_names_the_signal_that_came(void **state)
{
    (void)state;
    const char *path = write_file(
        "signal.duet",
        "edition 2026;\nsystem s { settings { u : url; }\n"
        "record r { key : text at k; modified : time at m; of : text at o; x : text at x; }\n"
        "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
        "  write r PUT \"/{key}\" { body whole; } } }\n"
        "mapping m between s.r as a and s.r as b { link a.key <-> b.of; first contact a;\n"
        "field x a.x <-> b.x | prefix \"X-\" lossy \"marked\" conflict b;\n"
        "on a change send all;\non b signal \"push\" send x; }\n");
    json_t *story = story_of(path, "D302");
    json_t *expected = json_pack("{s:s, s:s}", "side", "b", "name", "push");
    assert_true(json_equal(json_object_get(story, "signal"), expected));
    json_decref(expected);
    json_decref(story);
}

/* Two rules with the same fields, one each way: they needn't have agreed on the same. */
static void a_story_names_what_each_rule_agreed_on(void **state)
{
    (void)state;
    const char *path = write_file(
        "twice.duet",
        "edition 2026;\nsystem s { settings { u : url; }\n"
        "record r { key : text at k; modified : time at m; of : text at o;\n"
        "  v : enum (Low, High) at v; }\n"
        "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
        "  write r PUT \"/{key}\" { body whole; } } }\n"
        "mapping m between s.r as a and s.r as b { link a.key <-> b.of; first contact a;\n"
        "field there a.v -> b.v { Low -> High; High -> Low; }\n"
        "field back a.v <- b.v { Low <- Low; High <- High; }\n"
        "on a change send there;\non b change send back; }\n");
    json_t *story = story_of(path, "D304");
    json_t *agreed = json_object_get(story, "agreed");
    assert_int_equal(json_object_size(agreed) + json_array_size(json_object_get(story, "new")), 2);
    const char *name = NULL;
    json_t *unit = NULL;
    json_object_foreach(agreed, name, unit)
    {
        const char *a = json_string_value(json_object_get(json_object_get(unit, "a"), "v"));
        const char *b = json_string_value(json_object_get(json_object_get(unit, "b"), "v"));
        if (a && b)
            assert_int_equal(strcmp(a, b) == 0, strcmp(name, "back") == 0);
        else
            assert_true(!a && !b);
    }
    json_decref(story);
}

/* Three tenants, two of them with the same override: the mapping and one overlay are proved. */
static void check_proves_each_overlay_once(void **state)
{
    (void)state;
    (void)small("on b change send all;");
    static const char sides[] =
        "side a { u = \"https://a.example\"; } side b { u = \"https://b.example\"; }";
    char text[2048];
    snprintf(text, sizeof text,
             "edition 2026;\nimport \"small.duet\";\n"
             "tenant one runs m { %s }\n"
             "tenant two runs m { %s override v conflict b; }\n"
             "tenant three runs m { %s override v conflict b; }\n",
             sides, sides, sides);
    struct cli_result result = run_cli(NULL, "check", write_file("fleet.duet", text), NULL);
    assert_string_equal(result.out,
                        "proof of m: 80 states, 80 run\n"
                        "  v                            80 states  legal, correct, no lost edit, "
                        "quiet, every edit moves, round trip, one outcome, form fits\n"
                        "proof of m with the overrides of two: 80 states, 80 run\n"
                        "  v                            80 states  legal, correct, no lost edit, "
                        "quiet, every edit moves, round trip, one outcome, form fits\n"
                        "1 file checked: no findings\n");
    cli_result_finish(&result);
}

static void check_shows_findings_and_counts_them(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "check", "--no-proof", broken(), mapping, NULL);
    assert_int_equal(result.status, 1);
    assert_int_equal(strncmp(result.out, "error[D021]: ", 13), 0);
    assert_non_null(strstr(result.out, "broken.duet:3:19\n"));
    assert_non_null(strstr(result.out, "'nowhere'"));
    assert_non_null(strstr(result.out, "'elsewhere'"));
    assert_non_null(strstr(result.out, "\n2 files checked: 2 errors, 0 warnings\n"));
    assert_null(strchr(result.out, 0x1b));
    cli_result_finish(&result);
}

/* D014: the file is a hole of one byte more than may be read. */
static void a_file_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    const char *importer = write_file("small.duet", "edition 2026;\nimport \"big.duet\";\n");
    const char *big = write_file("big.duet", "");
    char expected[1024];
    assert_int_equal(truncate(big, 16 * 1024 * 1024 + 1), 0);
    snprintf(expected, sizeof expected,
             "error[D014]: '%s' is too large, or too many files are read: expected at most "
             "16777216 bytes a file and 8192 files\n"
             "  --> %s:2:8\n"
             "    2 | import \"big.duet\";\n"
             "      |        ^^^^^^^^^^\n\n"
             "1 file checked: 1 error, 0 warnings\n",
             big, importer);
    cli_result_expect(run_cli(NULL, "check", importer, NULL), DUET_EXIT_FINDINGS, expected, "");
}

static void check_in_json_is_one_array(void **state)
{
    (void)state;
    const char *path = broken();
    struct cli_result result =
        run_cli(NULL, "check", "--no-proof", "--format", "json", path, path, mapping, NULL);
    assert_int_equal(result.status, 1);
    json_t *findings = json_loads(result.out, 0, NULL);
    assert_true(json_is_array(findings));
    assert_int_equal(json_array_size(findings), 2); /* once, though the file was named twice */
    json_t *first = json_array_get(findings, 0);
    assert_string_equal(json_string_value(json_object_get(first, "file")), path);
    assert_int_equal(json_integer_value(json_object_get(first, "line")), 3);
    assert_string_equal(json_string_value(json_object_get(first, "severity")), "error");
    json_decref(findings);
    cli_result_finish(&result);

    result = run_cli(NULL, "check", "--no-proof", "--format=json", mapping, NULL);
    assert_string_equal(result.out, "[]\n");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

static void warnings_count_only_when_strict(void **state)
{
    (void)state;
    char text[512];
    snprintf(text, sizeof text,
             "edition 2026;\nimport \"%s\";\nhub lonely runs sentinel {\n  directory = \"a\"; "
             "client_id = \"b\"; "
             "client_secret = env X; subscription = \"c\";\n  resource_group = \"d\"; workspace = "
             "\"e\";\n}\n",
             DUET_SOURCE_DIR "/mappings/systems/sentinel.duet");
    const char *path = write_file("two.duet", text);
    struct cli_result result = run_cli(NULL, "check", path, NULL);
    assert_non_null(strstr(result.out, "\n1 file checked: 0 errors, 1 warning\n"));
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
    result = run_cli(NULL, "check", "--strict", path, NULL);
    assert_int_equal(result.status, 1);
    cli_result_finish(&result);
}

static void check_of_no_file_is_a_failure_of_the_world(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "check", path_of("nowhere.duet"), NULL);
    assert_int_equal(result.status, 3);
    assert_non_null(strstr(result.out, "nowhere.duet"));
    cli_result_finish(&result);
}

/* What `check` writes to a terminal. */
static char *on_terminal(const char *color)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    FILE *terminal = fopen(ptsname(master), "r+");
    assert_non_null(terminal);
    const struct duet_io io = { stdin, terminal, terminal };
    char duet[] = "duet";
    char check[] = "check";
    char option[32];
    char file[256];
    snprintf(option, sizeof option, "--color=%s", color);
    snprintf(file, sizeof file, "%s", broken());
    char *argv[] = { duet, check, option, file, NULL };
    duet_main(4, argv, &io);
    fflush(terminal);
    char *text = calloc(1, 1 << 14);
    size_t length = 0;
    while (length < (1 << 14) - 1 && !strstr(text, "checked:")) {
        ssize_t part = read(master, text + length, (1 << 14) - 1 - length);
        if (part <= 0)
            break;
        length += (size_t)part;
    }
    fclose(terminal);
    close(master);
    return text;
}

static void color_is_for_terminals_without_no_color(void **state)
{
    (void)state;
    char *text = on_terminal("auto");
    assert_non_null(strchr(text, 0x1b));
    free(text);
    text = on_terminal("never");
    assert_null(strchr(text, 0x1b));
    free(text);
    setenv("NO_COLOR", "1", 1);
    text = on_terminal("auto");
    assert_null(strchr(text, 0x1b));
    free(text);
    text = on_terminal("always");
    assert_non_null(strchr(text, 0x1b));
    free(text);
    setenv("NO_COLOR", "", 1); /* empty counts as unset */
    text = on_terminal("auto");
    assert_non_null(strchr(text, 0x1b));
    free(text);
    unsetenv("NO_COLOR");
}

/* --- compile, dump ----------------------------------------------------------------------------------------- */

static void compile_writes_tables_that_open(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "compile", mapping, "-o", path_of("out.tables"), NULL);
    assert_string_equal(result.err, "");
    assert_string_equal(result.out, "");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);

    size_t size = 0;
    unsigned char *bytes = read_bytes(path_of("out.tables"), &size);
    struct duet_tables tables;
    struct duet_error error = { "" };
    duet_tables_open(bytes, size, &tables, &error);
    assert_string_equal(error.text, "");
    assert_string_equal(duet_str(&tables, duet_mapping(&tables)->name), "sentinel_smartsoar");

    /* The same mapping, the same bytes. */
    result = run_cli(NULL, "compile", mapping, "--mapping=sentinel_smartsoar", "--output",
                     path_of("other.tables"), NULL);
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
    size_t other_size = 0;
    unsigned char *other = read_bytes(path_of("other.tables"), &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(bytes, other, size);
    free(other);
    free(bytes);
}

static void dump_is_the_same_from_text_and_from_tables(void **state)
{
    (void)state;
    struct cli_result compiled =
        run_cli(NULL, "compile", mapping, "-o", path_of("out.tables"), NULL);
    assert_int_equal(compiled.status, 0);
    cli_result_finish(&compiled);
    struct cli_result from_text = run_cli(NULL, "dump", mapping, NULL);
    struct cli_result from_tables = run_cli(NULL, "dump", path_of("out.tables"), NULL);
    assert_int_equal(from_text.status, 0);
    assert_int_equal(from_tables.status, 0);
    assert_int_equal(strncmp(from_text.out, "rule tables 1, ", 15), 0);
    assert_non_null(strstr(from_text.out, "\nunit: "));
    assert_string_equal(from_text.out, from_tables.out);
    cli_result_finish(&from_text);
    cli_result_finish(&from_tables);
}

static void dump_refuses_damaged_tables_with_a_reason(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "compile", mapping, "-o", path_of("out.tables"), NULL);
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
    FILE *file = fopen(path_of("out.tables"), "r+b");
    fseek(file, 1000, SEEK_SET);
    fputs("damage", file);
    fclose(file);
    result = run_cli(NULL, "dump", path_of("out.tables"), NULL);
    assert_int_equal(result.status, 3);
    assert_string_equal(result.out, "");
    assert_non_null(strstr(
        result.err, "out.tables': the rule tables' checksum is wrong: the file is damaged\n"));
    cli_result_finish(&result);
}

static void errors_write_nothing(void **state)
{
    (void)state;
    unlink(path_of("out.tables"));
    struct cli_result result =
        run_cli(NULL, "compile", broken(), "-o", path_of("out.tables"), NULL);
    assert_int_equal(result.status, 1);
    assert_non_null(strstr(result.err, "error[D"));
    assert_int_equal(access(path_of("out.tables"), F_OK), -1);
    cli_result_finish(&result);
    result = run_cli(NULL, "dump", broken(), NULL);
    assert_int_equal(result.status, 1);
    assert_string_equal(result.out, "");
    cli_result_finish(&result);
}

static void assert_complaint(struct cli_result result, enum duet_exit status, const char *err)
{
    assert_string_equal(result.err, err);
    assert_string_equal(result.out, "");
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

static void wrong_use_says_what_was_expected(void **state)
{
    (void)state;
    assert_complaint(run_cli(NULL, "compile", mapping, NULL), 2, "duet compile: expected -o OUT\n");
    assert_complaint(run_cli(NULL, "dump", "--mapping", "sentinel_smartsaor", mapping, NULL), 2,
                     "duet dump: '" MAPPING
                     "' has no mapping 'sentinel_smartsaor'; did you mean 'sentinel_smartsoar'?\n");
    char text[512];
    snprintf(text, sizeof text, "edition 2026;\nimport \"%s\";\n", MAPPING);
    const char *path = write_file("two.duet", text);
    char message[512];
    snprintf(message, sizeof message,
             "duet dump: '%s' has no mapping of its own: say which with --mapping NAME\n", path);
    assert_complaint(run_cli(NULL, "dump", path, NULL), 2, message);
}

static void files_that_fail_are_named(void **state)
{
    (void)state;
    assert_complaint(run_cli(NULL, "compile", mapping, "-o", "/nonexistent/out", NULL), 3,
                     "duet compile: can't write '/nonexistent/out': No such file or directory\n");
    assert_complaint(run_cli(NULL, "dump", "/nonexistent/in", NULL), 3,
                     "duet dump: can't read '/nonexistent/in': No such file or directory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_of_a_sound_mapping_says_so),
        cmocka_unit_test(check_says_what_was_proved),
        cmocka_unit_test(check_tells_the_shortest_story_of_a_broken_law),
        cmocka_unit_test(check_gives_programs_the_same_story),
        cmocka_unit_test(a_story_names_the_signal_that_came),
        cmocka_unit_test(a_story_names_what_each_rule_agreed_on),
        cmocka_unit_test(check_proves_each_overlay_once),
        cmocka_unit_test(check_shows_findings_and_counts_them),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
        cmocka_unit_test(check_in_json_is_one_array),
        cmocka_unit_test(warnings_count_only_when_strict),
        cmocka_unit_test(check_of_no_file_is_a_failure_of_the_world),
        cmocka_unit_test(color_is_for_terminals_without_no_color),
        cmocka_unit_test(compile_writes_tables_that_open),
        cmocka_unit_test(dump_is_the_same_from_text_and_from_tables),
        cmocka_unit_test(dump_refuses_damaged_tables_with_a_reason),
        cmocka_unit_test(errors_write_nothing),
        cmocka_unit_test(wrong_use_says_what_was_expected),
        cmocka_unit_test(files_that_fail_are_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
