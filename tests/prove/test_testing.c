/* Tests in mapping files: each story here stands behind the same mapping of two small systems; what fails must say so, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/arena.h"
#include "engine/prove/testing.h"

#define PATH "tests/cases/check/story.duet" /* beside the two systems that it imports */

static const char mapping[] =
    "edition 2026;\n"
    "import \"desk.duet\";\n"
    "import \"floor.duet\";\n"
    "mapping both between desk.ticket as desk and floor.job as floor {\n"
    "  link desk.key <-> floor.desk_id;\n"
    "  first contact desk;\n"
    "  create floor from desk when desk.state != Closed and desk.level >= Medium;\n"
    "  field title desk.title -> floor.title | truncate 100;\n"
    "  field level desk.level <-> floor.level conflict highest {\n"
    "    Low <-> Low; Medium <-> Medium; High <-> High; High <- Critical;\n"
    "  }\n"
    "  field state desk.state <-> floor.state conflict newest else floor {\n"
    "    New <-> Open; Active <-> \"In Progress\"; Active <- \"On Hold\"; Closed <-> Done;\n"
    "  }\n"
    "  field owner desk.owner <-> floor.owner via people unknown keep conflict floor;\n"
    "  group verdict conflict floor {\n"
    "    field kind desk.kind <-> floor.form.kind;\n"
    "    field reason desk.reason <-> floor.form.reason;\n"
    "    field remark desk.remark <-> floor.form.remark;\n"
    "  }\n"
    "  notes desk.comments <-> floor.memos;\n"
    "  on floor close send state, verdict;\n"
    "  on floor reopen send state;\n"
    "  on floor reopen clear verdict;\n"
    "  on floor change send level, notes;\n"
    "  on floor change send owner when floor.state != Open;\n"
    "  on floor move send state;\n"
    "  on floor signal \"again\" fetch all;\n"
    "  on desk change send all;\n"
    "}\n"
    "test table people { ann { desk.id = \"d1\"; floor.login = \"ann\"; } }\n";

struct told {
    struct duet_compilation *compilation;
    struct duet_arena *arena;
    struct duet_testing *testing;
    char *text; /* all failures */
};

/* What tells the mapping of a test from the others': `from` (NULL: nothing) became `to`. */
struct variant {
    const char *from, *to;
};

static const char *mapping_as(struct variant variant, struct duet_arena *arena)
{
    if (!variant.from)
        return mapping;
    const char *at = strstr(mapping, variant.from);
    assert_non_null(at);
    return duet_arena_format(arena, "%.*s%s%s", (int)(at - mapping), mapping, variant.to,
                             at + strlen(variant.from));
}

static struct told tell_in(struct variant variant, const char *tests)
{
    struct told told = { .arena = duet_arena_new() };
    char *text = duet_arena_format(told.arena, "%s%s", mapping_as(variant, told.arena), tests);
    size_t length = 0;
    assert_int_equal(duet_compile_text(PATH, text, strlen(text), &told.compilation), DUET_OK);
    duet_diags_render_text(duet_compilation_diags(told.compilation),
                           duet_compilation_sources(told.compilation), DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(told.compilation)), 0);
    told.testing = duet_testing_run_all(told.compilation, NULL, told.arena);
    FILE *out = open_memstream(&told.text, &length);
    for (struct duet_testing_run *run = told.testing->runs; run; run = run->next)
        duet_diags_render_text(run->failures, duet_compilation_sources(told.compilation),
                               DUET_DIAG_PLAIN, out);
    fclose(out);
    return told;
}

static struct told tell(const char *tests)
{
    return tell_in((struct variant){ NULL, NULL }, tests);
}

static void forget(struct told *told)
{
    free(told->text);
    duet_compilation_free(told->compilation);
    duet_arena_free(told->arena);
}

/* The steps of one test: all of it is so. */
static void holds_in(struct variant variant, const char *steps)
{
    char text[4096];
    snprintf(text, sizeof text, "test \"t\" {%s}", steps);
    struct told told = tell_in(variant, text);
    assert_string_equal(told.text, "");
    assert_int_equal(told.testing->failed, 0);
    assert_true(told.testing->count > 0);
    forget(&told);
}

static void holds(const char *steps)
{
    holds_in((struct variant){ NULL, NULL }, steps);
}

/* It fails, and says these words. */
static void fails(const char *steps, const char *words)
{
    char text[4096];
    snprintf(text, sizeof text, "test \"t\" {%s}", steps);
    struct told told = tell(text);
    assert_int_equal(told.testing->failed, told.testing->count);
    if (!strstr(told.text, words))
        fail_msg("expected '%s' in:\n%s", words, told.text);
    forget(&told);
}

#define ACTIVE                                                                                     \
    "given desk { state = Active; level = High; title = \"t\"; }"                                  \
    "given floor { state = \"In Progress\"; }"

static void a_value_that_moved_is_expected(void **state)
{
    (void)state;
    holds(ACTIVE "when desk { level = Low; } expect floor { level = Low; } expect writes 1;"
                 "expect writes floor 1; expect writes desk 0;");
    fails(ACTIVE "when desk { level = Low; } expect floor { level = High; }",
          "floor.level is Low, not High");
    fails(ACTIVE "when desk { level = Low; } expect floor { level = High; }",
          "level went from desk to floor, by tests/cases/check/story.duet:9 and the trigger in "
          "line 29");
}

static void a_failure_points_to_its_line(void **state)
{
    (void)state;
    fails(ACTIVE "\nwhen desk { level = Low; }\n\nexpect floor { level = High; }",
          "--> tests/cases/check/story.duet:35:16");
}

static void what_one_side_is_not_given_it_takes_from_the_other(void **state)
{
    (void)state;
    holds(ACTIVE "expect floor { level = High; title = \"t\"; } expect nothing;");
    holds("given desk { state = Active; } given floor { state = \"On Hold\"; level = Critical; }"
          "expect floor { state = \"On Hold\"; } expect desk { level = High; } expect nothing;");
}

static void it_takes_only_what_then_agrees(void **state)
{
    (void)state;
    holds_in((struct variant){ "truncate 100", "truncate 100 | trim" },
             "given desk { level = Low; } given floor { title = \" t \"; }"
             "expect desk { title = none; } expect floor { level = Low; title = none; }");
}

static void times_are_written_as_iso_or_as_the_system_does(void **state)
{
    (void)state;
    holds(ACTIVE "when floor { modified = \"2026-01-02T03:04:05Z\"; }"
                 "expect floor { modified = \"2026-01-02 03:04:05\"; }");
    fails(ACTIVE "when floor { modified = \"yesterday\"; }", "'modified' can't hold this value");
}

static void disagreement_is_first_contact_and_must_be_looked_at(void **state)
{
    (void)state;
    holds("given desk { level = Low; } given floor { level = High; }"
          "expect floor { level = Low; } expect conflict level; expect writes floor 1;");
    fails("given desk { level = Low; } given floor { level = High; }"
          "when desk { level = Medium; } expect floor { level = Medium; }",
          "both sides aren't in agreement before this");
}

static void edits_joined_by_and_are_one_moment(void **state)
{
    (void)state;
    holds(ACTIVE "when desk { level = Medium; } and floor { level = Low; }"
                 "expect desk { level = Medium; } expect floor { level = Medium; }"
                 "expect conflict level; expect writes 1;");
    fails(ACTIVE "when desk { level = Medium; } expect conflict level;", "level was no conflict");
}

static void a_story_goes_on(void **state)
{
    (void)state;
    holds(ACTIVE "when floor { form.kind = Bad; form.reason = Malware; }"
                 "expect pending verdict; expect nothing;"
                 "when floor { state = Done; }"
                 "expect desk { state = Closed; kind = Bad; reason = Malware; } expect writes 1;"
                 "when floor { state = Open; }"
                 "expect desk { state = New; kind = none; } expect floor { form.kind = none; }"
                 "expect writes desk 1; expect writes floor 1;");
}

static void holds_are_seen_by_their_sentence(void **state)
{
    (void)state;
    holds(ACTIVE "when floor { state = Done; } expect hold; expect hold \"needs a kind\";"
                 "expect nothing;");
    fails(ACTIVE "when floor { state = Done; } expect hold \"needs a doctor\";",
          "another reason holds");
    fails(ACTIVE "when floor { level = Low; } expect hold;", "nothing is held");
    fails(ACTIVE "when floor { level = Low; } expect pending level;", "level isn't pending");
    fails(ACTIVE "when floor { level = Low; } expect nothing;", "something was written");
    fails(ACTIVE "when floor { level = Low; } expect writes 2;", "1 write, not 2");
    fails(ACTIVE "when floor { level = Low; } expect writes 0;", "1 write, not 0");
}

static void nothing_held_pending_or_in_conflict_can_be_expected(void **state)
{
    (void)state;
    holds(ACTIVE
          "when floor { level = Low; } expect no hold; expect no pending; expect no conflict;");
    fails(ACTIVE "when floor { state = Done; } expect no hold;", "it is: desk needs a kind");
    fails(ACTIVE "when floor { form.kind = Bad; } expect no pending;", "verdict is pending");
    fails(ACTIVE "when floor { level = Low; } and desk { level = Medium; } expect no conflict;",
          "level was a conflict");
}

/* Once, when it closes: what is written into a closed record is an edit as any other, and goes both ways. */
static void a_clear_when_it_closes(void **state)
{
    (void)state;
    const struct variant variant = { "floor reopen clear verdict;", "floor close clear owner;" };
    holds_in(variant, "given desk { state = Active; owner = ann; } "
                      "given floor { state = \"In Progress\"; owner = ann; } "
                      "when floor { state = Done; form.kind = Good; form.reason = Tested; } "
                      "expect floor { owner = none; } expect desk { state = Closed; owner = none; }"
                      "when desk { owner = ann; } expect floor { owner = ann; } "
                      "when floor { owner = none; } expect desk { owner = none; } "
                      "when floor { state = \"On Hold\"; owner = ann; } "
                      "expect desk { state = Active; owner = ann; }");
}

static void a_conflict_that_nobody_decides_is_one(void **state)
{
    (void)state;
    holds_in((struct variant){ "group verdict conflict floor", "group verdict conflict hold" },
             "given desk { state = Closed; kind = Unsure; } given floor { state = Done; }"
             "when desk { kind = Bad; reason = Malware; }"
             " and floor { form.kind = Good; form.reason = Tested; }"
             "expect conflict verdict; expect hold \"a person decides\"; expect nothing;");
}

static void a_quarantined_record_is_held(void **state)
{
    (void)state;
    holds_in((struct variant){ "unknown keep", "unknown quarantine" },
             ACTIVE "when floor { owner = \"a stranger\"; level = Low; }"
                    "expect hold \"a stranger\"; expect nothing;"
                    "when floor { owner = ann; } expect desk { owner = ann; level = Low; }");
}

static void a_record_given_alone_gets_its_partner(void **state)
{
    (void)state;
    holds("given desk { key = \"k\"; state = New; level = Medium; title = \"t\"; }"
          "expect floor { desk_id = \"k\"; state = Open; level = Medium; title = \"t\"; }"
          "expect writes floor 1; expect writes desk 0;"
          "when floor { level = High; } expect desk { level = High; }");
    holds("given desk { state = New; level = Low; title = \"t\"; } expect nothing;"
          "when desk { level = Medium; } expect floor { level = Medium; }");
    holds("given desk { level = High; } expect hold \"needs a state\"; expect nothing;"
          "when desk { state = New; } expect floor { state = Open; level = High; }");
    fails("given desk { state = New; level = Low; } expect floor { level = Low; }",
          "there is no record in floor");
    fails("given desk { level = High; } expect floor { level = High; }",
          "because: floor needs a state");
    fails("given desk { state = Closed; } when floor { level = Low; }",
          "there is no record to edit");
    fails("given desk { level = High; } when floor { level = Low; }",
          "because: floor needs a state");
    fails("given desk { level = High; } when desk { title = \"t\"; } and floor { level = Low; }",
          "because: floor needs a state");
    fails("expect nothing;", "no record is given");
}

static void signals_act_once(void **state)
{
    (void)state;
    holds(ACTIVE "when floor { form.kind = Bad; form.reason = Malware; } expect pending verdict;"
                 "when floor signal \"again\"; expect floor { form.kind = none; }"
                 "expect writes floor 1; expect conflict verdict;"
                 "when floor { form.kind = Good; form.reason = Tested; } expect pending verdict;");
}

static void a_signal_is_one_sides(void **state)
{
    (void)state;
    struct variant both = { "fetch all;", "fetch all; on desk signal \"again\" fetch verdict;" };
    holds_in(both, ACTIVE "when floor { form.kind = Bad; form.reason = Malware; }"
                          "when floor signal \"again\"; expect floor { form.kind = none; }");
    holds_in(both, ACTIVE "when floor { form.kind = Bad; form.reason = Malware; }"
                          "when desk signal \"again\"; expect desk { kind = Bad; }");
}

static void persons_are_rows_of_tables(void **state)
{
    (void)state;
    holds(ACTIVE "when desk { owner = ann; } expect floor { owner = ann; }"
                 "when floor { owner = none; } expect desk { owner = none; }");
    holds(
        "given table people { bob { desk.id = \"d2\"; floor.login = \"bob, \\\"b\\\"\"; } }" ACTIVE
        "when floor { owner = bob; } expect desk { owner = bob; }"
        "when desk { owner = \"a stranger\"; } expect floor { owner = bob; } expect nothing;");
    holds("given table people { ann { desk.id = \"d9\"; floor.login = \"annie\"; } }" ACTIVE
          "when floor { owner = \"annie\"; } expect desk { owner = ann; } expect desk { owner = "
          "\"d9\"; }");
    fails(ACTIVE "when desk { owner = ann; } expect desk { owner = none; }",
          "desk.owner is ann, not none");
    fails("given table people { bob { desk.id = \"d1\"; } }" ACTIVE "expect nothing;", "d1");
}

static void a_note_stands_on_the_other_side_once(void **state)
{
    (void)state;
    holds("given desk { state = Active; note \"before\"; } given floor { }"
          "when floor { note \"hello\"; } expect desk { note \"before\"; note \"hello\"; }"
          "expect writes 0;"
          "when desk { note \"hello\"; } expect floor { note \"hello\"; note \"hello\"; }");
    holds(ACTIVE "when floor { note \"hello\"; } expect desk { note \"hello\"; }"
                 "when floor { form.kind = Bad; } expect nothing;");
    holds_in((struct variant){ "send level, notes;", "send level; on floor close send notes;" },
             ACTIVE "when floor { note \"hello\"; } expect nothing;"
                    "when floor { level = Low; } expect writes 1;"
                    "when desk { note \"you\"; } expect floor { note \"hello\"; note \"you\"; }"
                    "when floor { state = Done; form.kind = Unsure; }"
                    "expect desk { state = Closed; note \"hello\"; note \"you\"; }");
    fails("given desk { state = Active; note \"before\"; } given floor { }"
          "expect floor { note \"before\"; }",
          "this note doesn't stand in floor");
    fails(ACTIVE "when floor { note \"x\"; } expect nothing;", "something was written");
    fails(ACTIVE "when floor { note \"x\"; } and desk { note \"x\"; } expect desk { note \"x\"; }",
          "this note stands in desk 2 times");
}

static void what_a_system_keeps_is_kept(void **state)
{
    (void)state;
    holds("given desk { state = Closed; kind = Bad; reason = Malware; keeps omitted; }"
          "given floor { state = Done; }"
          "when floor { state = Open; }"
          "expect desk { state = New; kind = Bad; } expect floor { form.kind = Bad; }");
}

static void forall_goes_through_the_values(void **state)
{
    (void)state;
    struct told told =
        tell("test \"t\" { forall a in desk.level when a != High; forall b in floor.level;"
             "  given desk { level = a; } given floor { }"
             "  when desk { level = a; } expect floor { level = a; } expect nothing; }"
             "test \"v\" { forall a in desk.level;"
             "  forall b in floor.level when b >= a and b != a and not b == Critical;"
             "  given desk { level = a; } given floor { } when desk { level = b; }"
             "  expect floor { level = b; } expect writes 1; }"
             "test \"w\" { forall a in desk.level when a >= Medium and a <= Medium;"
             "  given desk { level = a; } given floor { } expect floor { level = Medium; } }"
             "test \"u\" { forall b in floor.level when b > Medium or b in (Low);"
             "  given desk { } given floor { level = b; } expect desk { level = Low; } }");
    assert_int_equal(told.testing->count, 2 * 4 + 3 + 1 + 3);
    assert_int_equal(told.testing->failed, 2); /* u, for High and Critical */
    assert_string_equal(told.testing->runs->name, "t (a = Low, b = Low)");
    assert_string_equal(told.testing->last->name, "u (b = Critical)");
    forget(&told);
}

static bool exercised(const struct told *told, const char *what)
{
    size_t count = 0;
    const struct duet_coverage_point *point =
        duet_coverage_points(told->testing->mappings->coverage, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(point[i].what, what) == 0)
            return point[i].exercised;
    }
    fail_msg("no point '%s'", what);
    return false;
}

static void coverage_counts_what_was_written_and_why(void **state)
{
    (void)state;
    struct told told = tell("test \"t\" {" ACTIVE "when floor { level = Critical; } expect nothing;"
                            "when floor { state = Open; level = Low; }"
                            "expect desk { state = New; level = Low; }"
                            "when floor { level = Critical; } expect desk { level = High; }"
                            "when desk { level = Low; } expect floor { level = Low; } }");
    assert_string_equal(told.text, "");
    assert_true(exercised(&told, "field level, to desk"));
    assert_true(exercised(&told, "field level, to floor"));
    assert_true(exercised(&told, "level: High <- Critical"));
    assert_true(exercised(&told, "level: Low <- Low"));
    assert_true(exercised(&told, "level: Low -> Low"));
    assert_false(exercised(&told, "level: High <- High"));
    assert_false(exercised(&told, "level: High -> High"));
    assert_true(exercised(&told, "state: New <- Open"));
    assert_true(exercised(&told, "on floor change send level, notes"));
    assert_true(exercised(&told, "on floor move send state"));
    assert_false(exercised(&told, "on floor close send state, verdict"));
    assert_false(exercised(&told, "on floor change send owner"));
    assert_false(exercised(&told, "create floor"));
    assert_false(exercised(&told, "conflict of level"));
    assert_false(exercised(&told, "notes, to desk"));
    forget(&told);
}

static void a_note_exercises_its_trigger_and_no_field(void **state)
{
    (void)state;
    struct told told =
        tell("test \"t\" {" ACTIVE "when floor { note \"x\"; } expect desk { note \"x\"; } }");
    assert_true(exercised(&told, "on floor change send level, notes"));
    assert_true(exercised(&told, "notes, to desk"));
    assert_false(exercised(&told, "notes, to floor"));
    assert_false(exercised(&told, "field level, to desk"));
    forget(&told);
}

static void what_is_emptied_on_both_sides_went_nowhere(void **state)
{
    (void)state;
    struct told told = tell(
        "test \"t\" { given desk { state = Closed; kind = Unsure; } given floor { state = Done; }"
        "when floor { state = Open; } expect desk { state = New; kind = none; } }");
    assert_string_equal(told.text, "");
    assert_true(exercised(&told, "on floor reopen clear verdict"));
    assert_true(exercised(&told, "on floor reopen send state"));
    assert_true(exercised(&told, "field state, to desk"));
    assert_false(exercised(&told, "field kind, to desk"));
    assert_false(exercised(&told, "field kind, to floor"));
    forget(&told);
}

static void the_filter_picks_by_name(void **state)
{
    (void)state;
    struct told told = tell("test \"one\" { given desk { } expect nothing; }"
                            "test \"two\" { given desk { } expect nothing; }");
    struct duet_testing *picked = duet_testing_run_all(told.compilation, "wo", told.arena);
    assert_int_equal(told.testing->count, 2);
    assert_int_equal(picked->count, 1);
    assert_string_equal(picked->runs->name, "two");
    forget(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clear_when_it_closes),
        cmocka_unit_test(a_value_that_moved_is_expected),
        cmocka_unit_test(a_failure_points_to_its_line),
        cmocka_unit_test(what_one_side_is_not_given_it_takes_from_the_other),
        cmocka_unit_test(it_takes_only_what_then_agrees),
        cmocka_unit_test(times_are_written_as_iso_or_as_the_system_does),
        cmocka_unit_test(disagreement_is_first_contact_and_must_be_looked_at),
        cmocka_unit_test(edits_joined_by_and_are_one_moment),
        cmocka_unit_test(a_story_goes_on),
        cmocka_unit_test(holds_are_seen_by_their_sentence),
        cmocka_unit_test(nothing_held_pending_or_in_conflict_can_be_expected),
        cmocka_unit_test(a_conflict_that_nobody_decides_is_one),
        cmocka_unit_test(a_quarantined_record_is_held),
        cmocka_unit_test(a_record_given_alone_gets_its_partner),
        cmocka_unit_test(signals_act_once),
        cmocka_unit_test(a_signal_is_one_sides),
        cmocka_unit_test(persons_are_rows_of_tables),
        cmocka_unit_test(a_note_stands_on_the_other_side_once),
        cmocka_unit_test(what_a_system_keeps_is_kept),
        cmocka_unit_test(forall_goes_through_the_values),
        cmocka_unit_test(coverage_counts_what_was_written_and_why),
        cmocka_unit_test(a_note_exercises_its_trigger_and_no_field),
        cmocka_unit_test(what_is_emptied_on_both_sides_went_nowhere),
        cmocka_unit_test(the_filter_picks_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
