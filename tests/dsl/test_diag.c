/* dsl/diag: how findings are sorted, limited and shown; dsl/suggest and dsl/source, which they stand on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/suggest.h"

struct fixture {
    struct duet_arena *arena;
    struct duet_sources *sources;
    struct duet_diags *diags;
    uint32_t file;
};

static const char text[] = "system s {\n"
                           "\treason : enum (A, B);\n"
                           "  n\xc3\xa9 \x1b[31m red\n"
                           "}\n";

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture.arena = duet_arena_new();
    fixture.sources = duet_sources_new();
    fixture.diags = duet_diags_new(fixture.arena);
    duet_sources_add_text(fixture.sources, "a.duet", text, strlen(text), &fixture.file);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    duet_sources_free(fixture->sources);
    duet_arena_free(fixture->arena);
    return 0;
}

static struct duet_span place(const struct fixture *fixture, const char *word)
{
    uint32_t start = (uint32_t)(strstr(text, word) - text);
    return (struct duet_span){ fixture->file, start, start + (uint32_t)strlen(word) };
}

static char *shown(struct fixture *fixture, enum duet_diag_color color)
{
    char *out = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&out, &size);
    assert_non_null(memory);
    duet_diags_render_text(fixture->diags, fixture->sources, color, memory);
    fclose(memory);
    return out;
}

static void a_finding_is_shown_with_all_its_parts(void **state)
{
    struct fixture *fixture = *state;
    struct duet_diag *diag = duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED,
                                           place(fixture, "reason"), "%s refuses it", "the other");
    duet_diag_label(diag, "does not depend on x");
    duet_diag_note(diag, place(fixture, "system"), "begun here");
    duet_diag_fact(diag, "edit", "A");
    duet_diag_fact(diag, "outcome", "held");
    duet_diag_help(diag, "write B");
    duet_diag_context(diag, "in mapping m");
    char *out = shown(fixture, DUET_DIAG_PLAIN);
    assert_string_equal(out, "error[D001]: the other refuses it\n"
                             "  --> a.duet:2:2\n"
                             "    2 | \treason : enum (A, B);\n"
                             "      | \t^^^^^^ does not depend on x\n"
                             "  note: begun here\n"
                             "  --> a.duet:1:1\n"
                             "    1 | system s {\n"
                             "      | ^^^^^^\n"
                             "  edit:    A\n"
                             "  outcome: held\n"
                             "  help: write B\n"
                             "  in mapping m\n");
    free(out);
}

static void columns_count_characters_and_escapes_are_not_passed_on(void **state)
{
    struct fixture *fixture = *state;
    duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED, place(fixture, "red"), "x\x1b[2Jy");
    char *out = shown(fixture, DUET_DIAG_PLAIN);
    assert_string_equal(out, "error[D001]: x?[2Jy\n"
                             "  --> a.duet:3:12\n"
                             "    3 |   n\xc3\xa9 ?[31m red\n"
                             "      |            ^^^\n");
    free(out);
}

static void color_is_only_written_when_asked_for(void **state)
{
    struct fixture *fixture = *state;
    duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED, place(fixture, "system"), "x");
    char *colored = shown(fixture, DUET_DIAG_COLORED);
    char *plain = shown(fixture, DUET_DIAG_PLAIN);
    assert_non_null(strstr(colored, "\033[1;31merror[D001]\033[0m"));
    assert_null(strchr(plain, '\033'));
    free(colored);
    free(plain);
}

static void findings_are_sorted_and_said_once(void **state)
{
    struct fixture *fixture = *state;
    duet_diag_add(fixture->diags, DUET_DIAG_WRITTEN_TWICE, place(fixture, "reason"), "second");
    duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED, place(fixture, "system"), "first");
    duet_diag_add(fixture->diags, DUET_DIAG_WRITTEN_TWICE, place(fixture, "reason"), "second");
    assert_int_equal(duet_diags_count(fixture->diags), 2);
    assert_int_equal(duet_diags_errors(fixture->diags), 2);
    assert_string_equal(duet_diag_message(duet_diags_at(fixture->diags, 0)), "first");
    assert_string_equal(duet_diag_message(duet_diags_at(fixture->diags, 1)), "second");
}

static void findings_past_the_limit_are_counted_only(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned i = 0; i < DUET_DIAG_MAX + 5; i++) {
        struct duet_diag *diag = duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED,
                                               place(fixture, "system"), "number %u", i);
        duet_diag_help(diag, "help");
    }
    assert_int_equal(duet_diags_count(fixture->diags), DUET_DIAG_MAX);
    assert_int_equal(duet_diags_errors(fixture->diags), DUET_DIAG_MAX + 5);
    assert_true(duet_diags_full(fixture->diags));
    char *out = shown(fixture, DUET_DIAG_PLAIN);
    assert_non_null(strstr(out, "\ntoo many findings: only the first 100 are shown\n"));
    free(out);
}

static void fixes_have_titles(void **state)
{
    struct fixture *fixture = *state;
    struct duet_diag *diag =
        duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED, place(fixture, "reason"), "wrong");
    struct duet_span at = place(fixture, "reason");
    assert_null(duet_diag_fixes(diag));
    duet_diag_fix(diag, DUET_FIX_SAFE, at, "%s", "state");
    duet_diag_fix(diag, DUET_FIX_MAYBE, place(fixture, "{\n\treason"), "%s", "");
    at.end = at.start;
    duet_diag_fix(diag, DUET_FIX_MAYBE, at, ";");
    duet_diag_fix(diag, DUET_FIX_MAYBE, at,
                  "123456789 123456789 123456789 123456789\xc3\xa9 that is long");

    const struct duet_diag_fix *fix = duet_diag_fixes(diag);
    const char *const titles[] = { "write 'state' instead of 'reason'", "remove '{ reason'",
                                   "add ';'", "add '123456789 123456789 123456789 123456789...'" };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        assert_non_null(fix);
        assert_string_equal(duet_diag_fix_title(fixture->arena, fixture->sources, fix), titles[i]);
        fix = fix->next;
    }
    assert_null(fix);
}

static void json_has_fixes(void **state)
{
    struct fixture *fixture = *state;
    char *out = NULL;
    size_t size = 0;
    struct duet_diag *diag =
        duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED, place(fixture, "A"), "wrong");
    duet_diag_fix(diag, DUET_FIX_SAFE, place(fixture, "reason"), "state");
    FILE *memory = open_memstream(&out, &size);
    duet_diags_render_json(fixture->diags, fixture->sources, memory);
    fclose(memory);
    json_t *array = json_loads(out, 0, NULL);
    json_t *fixes = json_object_get(json_array_get(array, 0), "fixes");
    json_t *expected = json_loads(
        "[{\"title\": \"write 'state' instead of 'reason'\", \"safe\": true, \"file\": \"a.duet\","
        " \"line\": 2, \"column\": 2, \"end\": {\"line\": 2, \"column\": 8},"
        " \"start\": 12, \"length\": 6, \"text\": \"state\"}]",
        0, NULL);
    assert_true(json_equal(fixes, expected));
    json_decref(expected);
    json_decref(array);
    free(out);
}

static void json_has_place_code_and_notes(void **state)
{
    struct fixture *fixture = *state;
    char *out = NULL;
    size_t size = 0;
    struct duet_diag *diag = duet_diag_add(fixture->diags, DUET_DIAG_UNEXPECTED,
                                           place(fixture, "reason"), "bad \xff byte");
    duet_diag_note(diag, place(fixture, "system"), "here");
    FILE *memory = open_memstream(&out, &size);
    assert_non_null(memory);
    duet_diags_render_json(fixture->diags, fixture->sources, memory);
    fclose(memory);
    json_t *array = json_loads(out, 0, NULL);
    json_t *object = json_array_get(array, 0);
    assert_string_equal(json_string_value(json_object_get(object, "file")), "a.duet");
    assert_int_equal(json_integer_value(json_object_get(object, "line")), 2);
    assert_int_equal(json_integer_value(json_object_get(object, "column")), 2);
    json_t *end = json_object_get(object, "end");
    assert_int_equal(json_integer_value(json_object_get(end, "column")), 8);
    assert_string_equal(json_string_value(json_object_get(object, "code")), "D001");
    assert_string_equal(json_string_value(json_object_get(object, "severity")), "error");
    assert_string_equal(json_string_value(json_object_get(object, "message")), "bad ? byte");
    json_t *note = json_array_get(json_object_get(object, "notes"), 0);
    assert_string_equal(json_string_value(json_object_get(note, "message")), "here");
    assert_int_equal(json_integer_value(json_object_get(note, "line")), 1);
    json_decref(array);
    free(out);
}

static const char *near(const char *written, const char *candidate)
{
    return duet_suggest_among(written, &candidate, 1);
}

/* Up to five letters: one change. From six on a third of them. A swap of neighbours is one change, letter case half of one. */
static void how_far_is_still_near_depends_on_the_length(void **state)
{
    (void)state;
    assert_non_null(near("elvel", "level"));
    assert_null(near("elvle", "level"));
    assert_non_null(near("STate", "state"));
    assert_null(near("STAte", "state"));
    assert_non_null(near("severtiy", "severity"));
    assert_non_null(near("abcdefxyz", "abcdef123"));
    assert_null(near("abcdewxyz", "abcde1234"));
    assert_non_null(near("abcdef", "abcdefgh"));
    assert_null(near("abcdef", "abcdefghi"));
    assert_null(near("ab", "cd"));
    assert_null(near("", "a"));
    assert_null(near("a", ""));
}

/* Neither words nor names that are longer than any that is written are compared at all. */
static void long_names_cost_nothing(void **state)
{
    (void)state;
    char written[10001];
    char candidate[10001];
    memset(written, 'a', 10000);
    memset(candidate, 'a', 10000);
    written[10000] = candidate[10000] = '\0';
    struct duet_suggest suggest = duet_suggest_start(written);
    for (size_t i = 0; i < 10000; i++)
        duet_suggest_offer(&suggest, candidate);
    assert_null(duet_suggest_best(&suggest));
    written[DUET_SUGGEST_LENGTH_MAX] = '\0';
    assert_null(near(written, candidate));
    candidate[DUET_SUGGEST_LENGTH_MAX - 1] = '\0';
    assert_non_null(near(written, candidate));
}

static void whether_another_is_near_is_told(void **state)
{
    (void)state;
    static const char *const words[] = { "title", "titles", "titles", "level", "tilt" };
    struct duet_suggest suggest = duet_suggest_all("titel", words, 5);
    assert_string_equal(duet_suggest_best(&suggest), "title");
    assert_true(suggest.is_only);
    suggest = duet_suggest_all("titlse", words, 5);
    assert_string_equal(duet_suggest_best(&suggest), "title");
    assert_false(suggest.is_only);
    suggest = duet_suggest_all("titlees", words + 1, 2);
    assert_string_equal(duet_suggest_best(&suggest), "titles");
    assert_true(suggest.is_only);
}

static void what_is_certain_stays(void **state)
{
    (void)state;
    struct duet_suggest suggest = duet_suggest_start("titel");
    duet_suggest_offer(&suggest, "title");
    duet_suggest_certain(&suggest, "form.heading");
    duet_suggest_offer(&suggest, "titel");
    assert_string_equal(duet_suggest_best(&suggest), "form.heading");
    assert_true(suggest.is_only);
}

static void near_words_are_suggested_and_far_ones_not(void **state)
{
    (void)state;
    static const char *const words[] = { "field", "form", "create", "Closed" };
    assert_string_equal(duet_suggest_among("feild", words, 4), "field");
    assert_string_equal(duet_suggest_among("craete", words, 4), "create");
    assert_string_equal(duet_suggest_among("closed", words, 4), "Closed");
    assert_null(duet_suggest_among("banana", words, 4));
    assert_null(duet_suggest_among("x", words, 4));
}

static void paths_are_joined_and_made_plain(void **state)
{
    (void)state;
    static const struct {
        const char *from, *relative, *expected;
    } rows[] = {
        { "main.duet", "b.duet", "b.duet" },
        { "a/main.duet", "b.duet", "a/b.duet" },
        { "a/c/main.duet", "../b.duet", "a/b.duet" },
        { "a/main.duet", "../../b.duet", "../b.duet" },
        { "/x/main.duet", "../../b.duet", "/b.duet" },
        { "/x/main.duet", "./y//b.duet", "/x/y/b.duet" },
        { "a/main.duet", "/abs/b.duet", "/abs/b.duet" },
        { "../main.duet", "../b.duet", "../../b.duet" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[64];
        assert_true(duet_source_resolve(rows[i].from, rows[i].relative, buffer, sizeof buffer));
        assert_string_equal(buffer, rows[i].expected);
    }
    char small[4];
    assert_false(duet_source_resolve("main.duet", "long.duet", small, sizeof small));
}

static void equal_names_are_one(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intern *names = duet_intern_new(fixture->arena);
    const char *first = duet_intern_name(names, "name-0");
    for (unsigned i = 0; i < 5000; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "name-%u", i);
        assert_string_equal(duet_intern_text(names, name, (size_t)length), name);
    }
    assert_ptr_equal(duet_intern_name(names, "name-0"), first);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_finding_is_shown_with_all_its_parts),
        TEST(columns_count_characters_and_escapes_are_not_passed_on),
        TEST(color_is_only_written_when_asked_for),
        TEST(findings_are_sorted_and_said_once),
        TEST(findings_past_the_limit_are_counted_only),
        TEST(fixes_have_titles),
        TEST(json_has_fixes),
        TEST(json_has_place_code_and_notes),
        TEST(near_words_are_suggested_and_far_ones_not),
        TEST(how_far_is_still_near_depends_on_the_length),
        TEST(long_names_cost_nothing),
        TEST(whether_another_is_near_is_told),
        TEST(what_is_certain_stays),
        TEST(paths_are_joined_and_made_plain),
        TEST(equal_names_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
