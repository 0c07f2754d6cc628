/* `duet replay` on the store of an engine that ran: what a changed rule, table of persons or trigger alters, and that nothing is touched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"
#include "tests/support/http_mapping.h"

/* What the fleet's mapping alters against the shipped one; to be freed. */
static char *replay(struct http_case *test, const char *format, int status)
{
    char *out = NULL;
    char *shipped = http_shipped_path();
    char *table = lab_format("analysts=%s/before.csv", test->lab.folder);
    lab_reset_all_counts(&test->lab);
    int found = lab_duet(&test->lab, &out,
                         LAB_WORDS("replay", test->lab.fleet, "--against", shipped, "--table",
                                   table, "--store", test->lab.store, "--format", format));
    if (found != status)
        fail_msg("status %d:\n%s\n%s", found, out, test->lab.said);
    assert_int_equal(lab_count(&test->lab.siem, "total") + lab_count(&test->lab.soar, "total"), 0);
    free(table);
    free(shipped);
    return out;
}

static void expect_replay(struct http_case *test, int status, const char *text)
{
    char *out = replay(test, "text", status);
    if (!strstr(out, text))
        fail_msg("'%s' isn't in:\n%s", text, out);
    free(out);
}

/* The table of persons as it is now is the old version's. */
static void keep_persons(struct http_case *test)
{
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    char *before = lab_format("%s/before.csv", test->lab.folder);
    char *text = lab_read_file(people);
    lab_write_file(before, text);
    free(text);
    free(before);
    free(people);
}

static void change_persons(struct http_case *test, const char *text)
{
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    lab_write_file(people, text);
    free(people);
}

/* An incident at rest with a verdict, Ann as its owner, and a note from each side. */
static void link_one(struct http_case *test)
{
    http_own_mapping(test);
    keep_persons(test);
    http_link_as(test, "Active", "TP.SA");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Ann Lee"));
    lab_note_siem(&test->lab, &test->incident, "word of one");
    lab_note_soar(&test->lab, &test->incident, "word of the other");
    http_settle(test);
}

static void the_same_rules_alter_nothing(void **data)
{
    struct http_case *test = *data;
    link_one(test);
    char *before = lab_read_file(test->lab.store);
    http_change_mapping(test, "edition 2026;", "edition 2026;\n# a remark\n");
    expect_replay(test, 0, "nothing altered: 1 record of 1 tenant\n");
    char *after = lab_read_file(test->lab.store);
    assert_string_equal(before, after);
    free(after);
    free(before);
    lab_quiet(&test->lab, 1);
}

/* The store remembers that both titles agreed; by the new rule they don't. */
static void a_changed_rule_is_told_with_what_would_be_written(void **data)
{
    struct http_case *test = *data;
    link_one(test);
    http_change_mapping(test, "truncate 100", "truncate 3");
    expect_replay(test, 1, "1 field in 1 of 1 tenant, 1 of 1 record\n");
    expect_replay(test, 1, "  soar.title, 1 record  (");
    expect_replay(test, 1, "own.duet:13, before ");
    expect_replay(test, 1, ", before nothing\n");
}

/* Bob is nobody's edit while the table doesn't know him. Once it does, both owners meet as at a first contact: told before, and done so. */
static void a_person_who_becomes_known_is_met_as_the_engine_meets_him(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    char *all = lab_read_file(people);
    change_persons(test, "siem.id,siem.login,soar.login,soar.name\n"
                         "aaaaaaaa-0000-4000-8000-00000000000a,ann@acme.example,ann,Ann Lee\n");
    link_one(test);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Bob Ray"));
    lab_rounds(&test->lab, 2);
    expect_replay(test, 0, "nothing altered");
    lab_write_file(people, all);
    expect_replay(test, 1, "  soar.owner, 1 record  (");
    expect_replay(test, 1, ": is Bob Ray; writes ann, before nothing\n");
    lab_rounds(&test->lab, 2);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "Ann Lee");
    http_expect_told(test, "conflicts", "lost: Bob Ray");
    free(all);
    free(people);
}

/* Whose edit it is that waits is known from the store alone: the records only say that they differ. */
static void an_edit_that_waits_is_released_by_the_new_rule(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    keep_persons(test);
    http_link(test);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Bob Ray"));
    lab_rounds(&test->lab, 2);
    expect_replay(test, 0, "nothing altered");
    http_change_mapping(test, "send owner when soar.status != Open;", "send owner;");
    expect_replay(test, 1, "  siem.owner, 1 record  (");
    expect_replay(test, 1, "writes bbbbbbbb-0000-4000-8000-00000000000b, before nothing\n");
    expect_replay(test, 1, ": nothing, before pending: no trigger releases it\n");
}

static void a_person_who_is_lost_puts_the_record_in_quarantine(void **data)
{
    struct http_case *test = *data;
    link_one(test);
    http_change_mapping(test, "unknown keep", "unknown quarantine");
    expect_replay(test, 0, "nothing altered");
    change_persons(test, "siem.id,siem.login,soar.login,soar.name\n");
    expect_replay(test, 1, "  the whole record, 1 record\n");
    expect_replay(test, 1, ": in quarantine: ");
    /* It is named, and nothing is said of what isn't done because of it. */
    expect_replay(test, 1, test->incident.number);
    expect_replay(test, 1, "1 field in 1 of 1 tenant");
}

static void notes_that_no_longer_go_over_are_told(void **data)
{
    struct http_case *test = *data;
    link_one(test);
    http_change_mapping(test, "notes siem.comments <-> soar.notes",
                        "notes siem.comments -> soar.notes");
    http_change_mapping(test, "send severity, notes;", "send severity;");
    expect_replay(test, 1, "  notes from soar, 1 record  (no rule any more, before ");
    expect_replay(test, 1, ": nothing, before new notes go over\n");
}

/* The created record was never listed: of this link nothing is known, and that is said. */
static void what_was_never_read_is_counted(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    keep_persons(test);
    (void)lab_new_incident(&test->lab, 0, NULL);
    lab_rounds(&test->lab, 1);
    expect_replay(test, 0,
                  "nothing altered: 0 records of 1 tenant; 1 not yet read on both sides\n");
}

/* --- JSON ------------------------------------------------------------------------------------------------ */

/* All that the README of engine/replay names, and no more. */
static void expect_members(const json_t *object, const char *const *names)
{
    size_t count = 0;
    for (; names[count]; count++) {
        if (!json_object_get(object, names[count]))
            fail_msg("there is no '%s'", names[count]);
    }
    assert_int_equal(json_object_size(object), count);
}

#define MEMBERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void json_has_the_counts_of_each_tenant_field_and_rule(void **data)
{
    struct http_case *test = *data;
    link_one(test);
    http_change_mapping(test, "truncate 100", "truncate 3");
    char *out = replay(test, "json", 1);
    json_t *all = json_loads(out, 0, NULL);
    free(out);
    expect_members(all, MEMBERS("fields", "tenants", "tenants_altered", "records", "altered",
                                "unreadable", "unread", "under_way", "by_tenant"));
    const json_t *tenant = lab_at(all, "by_tenant.0");
    expect_members(tenant, MEMBERS("tenant", "records", "altered", "unreadable", "unread",
                                   "under_way", "fields"));
    assert_string_equal(lab_text_at(tenant, "tenant"), "acme");
    const json_t *row = lab_at(tenant, "fields.0");
    expect_members(row, MEMBERS("field", "kind", "records", "old", "new", "examples"));
    assert_string_equal(lab_text_at(row, "field"), "soar.title");
    assert_string_equal(lab_text_at(row, "kind"), "write");
    assert_int_equal(json_integer_value(lab_at(row, "records")), 1);
    assert_int_equal(json_integer_value(lab_at(row, "old.line")), 13);
    assert_int_equal(json_integer_value(lab_at(row, "new.line")), 13);
    expect_members(lab_at(row, "examples.0"), MEMBERS("left", "right", "stands", "was", "becomes"));
    assert_string_equal(lab_text_at(row, "examples.0.left"), test->incident.name);
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(the_same_rules_alter_nothing),
        CASE(a_changed_rule_is_told_with_what_would_be_written),
        CASE(a_person_who_becomes_known_is_met_as_the_engine_meets_him),
        CASE(an_edit_that_waits_is_released_by_the_new_rule),
        CASE(a_person_who_is_lost_puts_the_record_in_quarantine),
        CASE(notes_that_no_longer_go_over_are_told),
        CASE(what_was_never_read_is_counted),
        CASE(json_has_the_counts_of_each_tenant_field_and_rule),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
