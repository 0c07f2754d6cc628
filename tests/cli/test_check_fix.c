/* `duet check --fix`: what is written, what isn't, and what is said. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

/* One misspelt name, which has one near it. */
#define SYSTEM(NAME, FIELD)                                                                        \
    "system " NAME " {\n"                                                                          \
    "  settings { address : url; }\n"                                                              \
    "  record r {\n"                                                                               \
    "    key : text at k;\n"                                                                       \
    "    modified : time at m;\n"                                                                  \
    "    state : enum (Open, Done) at s;\n"                                                        \
    "    closed when " FIELD " == Done;\n"                                                         \
    "  }\n"                                                                                        \
    "}\n"
/* Uses the system of the other file. */
#define USES                                                                                       \
    "mapping m between s.r as a and t.r as b {\n"                                                  \
    "  link a.key <-> b.key;\n"                                                                    \
    "  first contact a;\n"                                                                         \
    "  field state a.state -> b.state;\n"                                                          \
    "  on a change send state;\n"                                                                  \
    "}\n"
#define WRONG "edition 2026;\n" SYSTEM("s", "stat")
#define RIGHT "edition 2026;\n" SYSTEM("s", "state")

static char folder[] = "/tmp/duet-test-fix-XXXXXX";
static char before[4096];

static int set_up(void **state)
{
    (void)state;
    return getcwd(before, sizeof before) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "a.duet", "b.duet", "link.duet" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    return chdir(before) == 0 ? rmdir(folder) : -1;
}

static void what_is_certain_is_mended_and_named(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    cli_result_expect(run_cli(NULL, "check", "--fix", "a.duet", NULL), DUET_EXIT_FINE,
                      "fixed a.duet:8:17: write 'state' instead of 'stat' [D023]\n\n"
                      "1 file checked: no findings\n",
                      "");
    cli_expect_file("a.duet", RIGHT);
    cli_result_expect(run_cli(NULL, "check", "--fix", "a.duet", NULL), DUET_EXIT_FINE,
                      "1 file checked: no findings\n", "");
}

static void a_link_stays_one_and_permissions_stay(void **state)
{
    (void)state;
    struct stat found;
    cli_write_file("a.duet", WRONG);
    assert_int_equal(chmod("a.duet", 0640), 0);
    unlink("link.duet");
    assert_int_equal(symlink("a.duet", "link.duet"), 0);
    struct cli_result result = run_cli(NULL, "check", "--fix", "link.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    cli_result_finish(&result);
    assert_int_equal(lstat("link.duet", &found), 0);
    assert_true(S_ISLNK(found.st_mode));
    assert_int_equal(stat("a.duet", &found), 0);
    assert_int_equal(found.st_mode & 07777U, 0640);
    cli_expect_file("a.duet", RIGHT);
}

static void a_dry_run_shows_the_difference_and_changes_nothing(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    cli_result_expect(run_cli(NULL, "check", "--fix", "--dry-run", "a.duet", NULL), DUET_EXIT_FINE,
                      "--- a.duet\n+++ a.duet\n@@ -5,6 +5,6 @@\n"
                      "     key : text at k;\n     modified : time at m;\n"
                      "     state : enum (Open, Done) at s;\n"
                      "-    closed when stat == Done;\n+    closed when state == Done;\n"
                      "   }\n }\n",
                      "");
    cli_expect_file("a.duet", WRONG);
}

/* The address has no default to be found: one name is mended, the other finding stays. */
static void what_is_left_is_reported(void **state)
{
    (void)state;
    cli_write_file("a.duet",
                   WRONG "mapping m between s.r as a and nowhere.r as b { link a.key <-> b.x; "
                         "first contact a; }\n");
    struct cli_result result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.out, "fixed a.duet:8:17: "));
    assert_non_null(strstr(result.out, "there is no system 'nowhere'"));
    assert_non_null(strstr(result.out, "1 file checked: 1 error, 0 warnings\n"));
    cli_result_finish(&result);
    result = run_cli(NULL, "check", "--fix", "--dry-run", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    cli_result_finish(&result);
}

static void an_imported_file_is_written_only_when_named(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    cli_write_file("b.duet", "import \"a.duet\";\n" USES SYSTEM("t", "stat"));
    struct cli_result result = run_cli(NULL, "check", "--fix", "b.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    cli_result_finish(&result);
    cli_expect_file("a.duet", WRONG);
    cli_expect_file("b.duet", "import \"a.duet\";\n" USES SYSTEM("t", "state"));

    cli_write_file("b.duet", "import \"a.duet\";\n" USES SYSTEM("t", "stat"));
    cli_result_expect(run_cli(NULL, "check", "--fix", "b.duet", "./a.duet", NULL), DUET_EXIT_FINE,
                      "fixed b.duet:14:17: write 'state' instead of 'stat' [D023]\n"
                      "fixed a.duet:8:17: write 'state' instead of 'stat' [D023]\n\n"
                      "proof of m: 36 states, 36 run\n"
                      "  state                        36 states  legal, correct, no lost edit, "
                      "quiet, every edit moves, round trip, one outcome, form fits\n"
                      "2 files checked: no findings\n",
                      "");
    cli_expect_file("a.duet", RIGHT);
}

/* Written right, the block would have three findings instead of one. */
static void a_fix_that_shows_more_than_it_mends_is_left(void **state)
{
    (void)state;
    static const char text[] = "edition 2026;\nsystem s {\n  recrod r {\n    key : text at k;\n"
                               "    closed when abc == 1;\n    merged when xyz == 2;\n  }\n}\n";
    cli_write_file("a.duet", text);
    struct cli_result result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.out, "did you mean 'record'?"));
    assert_null(strstr(result.out, "fixed"));
    cli_result_finish(&result);
    cli_expect_file("a.duet", text);
}

/* Both take the blank between them with them. */
static void fixes_that_touch_are_made_one_after_the_other(void **state)
{
    (void)state;
    cli_write_file(
        "a.duet",
        "edition 2026;\nsystem s {\n  settings { address : url; key : secret; }\n"
        "  record r { key : text at k; }\n  http {\n    changed r GET \"/\" { items rows; "
        "}\n    base \"{address}\";\n"
        "    auth bearer { token = \"{key}\"; token = \"{key}\"; token = \"{key}\"; }\n"
        "  }\n}\n");
    struct cli_result result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    cli_result_finish(&result);
    cli_expect_file("a.duet",
                    "edition 2026;\nsystem s {\n  settings { address : url; key : secret; }\n"
                    "  record r { key : text at k; }\n  http {\n    changed r GET \"/\" { "
                    "items rows; }\n    base \"{address}\";\n"
                    "    auth bearer { token = \"{key}\"; }\n  }\n}\n");
}

/* --- each fix ---------------------------------------------------------------------------------- */

/* Without a finding. */
static const char sound[] =
    "edition 2026;\n"
    "system s {\n"
    "  settings { address : url; token : secret; }\n"
    "  record r {\n"
    "    key : text at k;\n"
    "    modified : time at m;\n"
    "    state : enum (Open, Done) at s required;\n"
    "    owner : person (login name) at o;\n"
    "    kind : enum (Good, Bad) at c;\n"
    "    why : enum by kind at w {\n"
    "      Good : none;\n"
    "      Bad : Solved;\n"
    "    }\n"
    "    moves state { Open -> Done; }\n"
    "    closed when state in (Done);\n"
    "  }\n"
    "  http {\n"
    "    base \"{address}\";\n"
    "    header Accept = \"text/json\";\n"
    "    failed text from error;\n"
    "    overlap 2min;   # late\n"
    "    auth bearer { token = \"{token}\"; }\n"
    "    changed r GET \"/\" { query { since: since } items rows; }\n"
    "    write r PUT \"/{key}\" carries state { body whole (s); returns key k; }\n"
    "  }\n"
    "}\n"
    "mapping m between s.r as a and s.r as b {\n"
    "  link a.key <-> b.key;\n"
    "  first contact a;\n"
    "  field state a.state -> b.state;\n"
    "  on a change send state;\n"
    "}\n"
    "test \"t\" {\n"
    "  given a { state = Open; }\n"
    "  expect nothing;\n"
    "}\n";

/* The wrong text becomes the sound one, and stays it; a dry run shows it and changes nothing. */
static void mends(const char *piece, const char *wrong)
{
    char text[2 * sizeof sound];
    const char *at = strstr(sound, piece);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound), sound, wrong, at + strlen(piece));
    cli_write_file("a.duet", text);
    struct cli_result result = run_cli(NULL, "check", "--fix", "--dry-run", "a.duet", NULL);
    bool shown = strstr(result.out, "--- a.duet\n+++ a.duet\n@@ ") != NULL;
    if (!shown)
        fail_msg("of '%s' a dry run shows: %s", wrong, result.out);
    cli_result_finish(&result);
    cli_expect_file("a.duet", text);
    for (int times = 0; times < 2; times++) {
        result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
        assert_int_equal(result.status, DUET_EXIT_FINE);
        cli_result_finish(&result);
        cli_expect_file("a.duet", sound);
    }
}

static void what_stands_twice_is_taken_out(void **state)
{
    (void)state;
    cli_write_file("b.duet", "system t {\n}\n");
    mends("send state;", "send state, state;");
    mends("(Done)", "(Done, Done)");
    mends("Open -> Done;", "Open -> Done, Done;");
    mends("(login name)", "(login name, login name)");
    mends("Bad : Solved;", "Bad : Solved, Solved;");
    mends("from error;", "from error, error;");
    mends("{ since: since }", "{ since: since, since: since }");
    mends("    header Accept = \"text/json\";\n",
          "    header Accept = \"text/json\";\n    header Accept = \"text/json\";\n");
    mends("carries state {", "carries state, state {");
    mends("(s)", "(s, s)");
    mends(" returns key k;", " returns key k; returns key k;");
}

static void what_does_nothing_is_taken_out(void **state)
{
    (void)state;
    cli_write_file("b.duet", "system t {\n}\n");
    mends("system s {", "import \"b.duet\";\nsystem s {");
    mends("  on a change send state;\n", "  on a change send state;\n  on a change send state;\n");
    mends("  given a {", "  forall x in a.state;\n  given a {");
    mends("    moves state", "    form \"F\" { }\n    moves state");
}

static void an_arrow_without_a_meaning_becomes_the_one_that_has_one(void **state)
{
    (void)state;
    mends("a.key <-> b.key", "a.key -> b.key");
    mends("a.key <-> b.key", "a.key <- b.key");
}

static void habits_of_other_languages_are_mended(void **state)
{
    (void)state;
    mends("a.state -> b.state", "a.state => b.state");
    mends("Open -> Done;", "Open --> Done;");
    mends("\"text/json\"", "'text/json'");
    mends("\"text/json\"", "\xe2\x80\x9ctext/json\xe2\x80\x9d");
    mends("# late", "// late");
    mends("# late", "-- late");
    mends("  first contact a;", "\xc2\xa0 first contact a;");
    mends("first contact a;", "first_contact a;");
    mends("first contact a;\n", "first contact a,\n");
    mends("given a { state =", "given a { state :");
    mends("key : text", "key = text");
    mends("overlap 2min;", "overlap 2 min;");
    mends("key : text", "key : string");
    mends("on a change", "on a update");
    mends("changed r GET", "changed r get");
}

static void a_field_gets_its_side(void **state)
{
    (void)state;
    mends("a.state -> b.state", "state -> b.state");
    mends("a.state -> b.state", "s.state -> b.state");
    mends("a.state -> b.state", "a.state -> r.state");
}

/* Other values behind the same name: which one was meant? */
static void what_stands_twice_and_differs_is_for_a_person(void **state)
{
    (void)state;
    static const char text[] =
        "edition 2026;\nsystem s {\n  record r { key : text at k; }\n  http {\n    base \"/\";\n"
        "    header A = \"1\";\n    header a = \"2\";\n    changed r GET \"/\";\n  }\n}\n";
    cli_write_file("a.duet", text);
    struct cli_result result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.out, "[D011]: 'a' is written twice"));
    cli_result_finish(&result);
    cli_expect_file("a.duet", text);
}

/* Two values of one name are probably the same: an editor offers the arm, on a line of its own. */
static void an_arm_between_one_name_is_offered(void **state)
{
    (void)state;
    cli_write_file("a.duet", "edition 2026;\n" SYSTEM("s", "state")
                                 SYSTEM("t", "state") "mapping m between s.r as a and t.r as b {\n"
                                                      "  link a.key <-> b.key;\n"
                                                      "  first contact a;\n"
                                                      "  field state a.state -> b.state {\n"
                                                      "    Open -> Open;\n"
                                                      "  }\n"
                                                      "  on a change send state;\n"
                                                      "}\n");
    struct cli_result result = run_cli(NULL, "check", "--format=json", "a.duet", NULL);
    json_t *findings = json_loads(result.out, 0, NULL);
    const json_t *finding = json_array_get(findings, 0);
    const json_t *fix = json_array_get(json_object_get(finding, "fixes"), 0);
    assert_string_equal(json_string_value(json_object_get(finding, "code")), "D079");
    assert_string_equal(json_string_value(json_object_get(fix, "text")), "\n    Done -> Done;");
    assert_int_equal(json_integer_value(json_object_get(fix, "line")), 24);
    assert_int_equal(json_integer_value(json_object_get(fix, "column")), 18);
    assert_true(json_is_false(json_object_get(fix, "safe")));
    json_decref(findings);
    cli_result_finish(&result);
}

static void two_near_names_are_for_a_person_to_choose(void **state)
{
    (void)state;
    static const char text[] =
        "edition 2026;\nsystem s {\n  record r {\n    key : text at k;\n"
        "    title : text at a;\n    titles : text at b;\n    closed when titlse == x;\n  }\n}\n";
    cli_write_file("a.duet", text);
    struct cli_result result = run_cli(NULL, "check", "--fix", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    cli_result_finish(&result);
    cli_expect_file("a.duet", text);
}

static void what_cannot_go_together_is_said(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    cli_result_expect(run_cli(NULL, "check", "--dry-run", "a.duet", NULL), DUET_EXIT_USAGE, "",
                      "duet check: --dry-run goes with --fix\n");
    cli_result_expect(run_cli(NULL, "check", "--fix", "--dry-run", "--format=json", "a.duet", NULL),
                      DUET_EXIT_USAGE, "",
                      "duet check: --dry-run shows a difference: it has no --format\n");
    struct cli_result result = run_cli(NULL, "check", "--fix", "none.duet", "a.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_WORLD);
    cli_result_finish(&result);
    cli_expect_file("a.duet", RIGHT);
}

/* What was mended goes where it isn't taken for JSON. */
static void json_is_all_that_stands_on_the_output(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    cli_result_expect(run_cli(NULL, "check", "--fix", "--format=json", "a.duet", NULL),
                      DUET_EXIT_FINE, "[]\n",
                      "fixed a.duet:8:17: write 'state' instead of 'stat' [D023]\n\n");
}

static void sarif_has_the_fix_as_a_replacement(void **state)
{
    (void)state;
    cli_write_file("a.duet", WRONG);
    struct cli_result result = run_cli(NULL, "check", "--format=sarif", "a.duet", NULL);
    json_t *log = json_loads(result.out, 0, NULL);
    json_t *expected = json_loads(
        "[{\"description\": {\"text\": \"write 'state' instead of 'stat'\"}, \"artifactChanges\":"
        " [{\"artifactLocation\": {\"uri\": \"a.duet\"}, \"replacements\": [{\"deletedRegion\":"
        " {\"startLine\": 8, \"startColumn\": 17, \"endLine\": 8, \"endColumn\": 21},"
        " \"insertedContent\": {\"text\": \"state\"}}]}]}]",
        0, NULL);
    json_t *run = json_array_get(json_object_get(log, "runs"), 0);
    json_t *finding = json_array_get(json_object_get(run, "results"), 0);
    assert_non_null(expected);
    assert_true(json_equal(json_object_get(finding, "fixes"), expected));
    json_decref(expected);
    json_decref(log);
    cli_result_finish(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_certain_is_mended_and_named),
        cmocka_unit_test(a_link_stays_one_and_permissions_stay),
        cmocka_unit_test(a_dry_run_shows_the_difference_and_changes_nothing),
        cmocka_unit_test(what_is_left_is_reported),
        cmocka_unit_test(an_imported_file_is_written_only_when_named),
        cmocka_unit_test(a_fix_that_shows_more_than_it_mends_is_left),
        cmocka_unit_test(fixes_that_touch_are_made_one_after_the_other),
        cmocka_unit_test(what_stands_twice_is_taken_out),
        cmocka_unit_test(what_does_nothing_is_taken_out),
        cmocka_unit_test(an_arrow_without_a_meaning_becomes_the_one_that_has_one),
        cmocka_unit_test(habits_of_other_languages_are_mended),
        cmocka_unit_test(a_field_gets_its_side),
        cmocka_unit_test(what_stands_twice_and_differs_is_for_a_person),
        cmocka_unit_test(an_arm_between_one_name_is_offered),
        cmocka_unit_test(two_near_names_are_for_a_person_to_choose),
        cmocka_unit_test(what_cannot_go_together_is_said),
        cmocka_unit_test(json_is_all_that_stands_on_the_output),
        cmocka_unit_test(sarif_has_the_fix_as_a_replacement),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
