#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "dsl/compile.h"
#include "engine/record/persons.h"

#define MAPPING DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet"
#define HEAD "siem.id,siem.login,soar.login,soar.name\n"

static struct duet_compilation *compilation;

static const struct duet_tables *tables(void)
{
    return duet_compilation_tables(compilation, 0);
}

static void refuse(const char *csv, const char *said)
{
    struct duet_persons *persons = NULL;
    struct duet_error error = { "" };
    assert_int_equal(duet_persons_parse(tables(), "t.csv", csv, strlen(csv), &persons, &error),
                     DUET_INVALID);
    assert_non_null(strstr(error.text, said));
}

static void a_person_is_found_by_any_key_whatever_the_case(void **data)
{
    (void)data;
    static const char csv[] = HEAD "1,Ann@x,ann,\"Lee, Ann\"\r\n2,bob@x,bob,\n";
    struct duet_persons *persons = NULL;
    struct duet_error error = { "" };
    assert_int_equal(duet_persons_parse(tables(), "t.csv", csv, strlen(csv), &persons, &error),
                     DUET_OK);
    assert_int_equal(duet_persons_rows(persons), 2);
    assert_int_equal(duet_persons_find(persons, DUET_LEFT, "ann@X"), 0);
    assert_int_equal(duet_persons_find(persons, DUET_RIGHT, "lee, ann"), 0);
    assert_int_equal(duet_persons_find(persons, DUET_RIGHT, "bob@x"),
                     DUET_NONE); /* the other side's key */
    assert_string_equal(duet_persons_cell(persons, 1, DUET_RIGHT, "login"), "bob");
    assert_null(duet_persons_cell(persons, 1, DUET_RIGHT, "name"));
    duet_persons_free(persons);
}

static void what_isn_t_injective_is_refused_with_its_lines(void **data)
{
    (void)data;
    refuse(HEAD "1,a,x,\n2,b,X,\n", "lines 2 and 3 both have");
    refuse(HEAD "1,a,x,\n2,b,y,x\n", "lines 2 and 3 both have");
    refuse(HEAD "1,a,x\n", ":2: 3 cells, expected 4");
    refuse("siem.id,siem.login\n1,a\n", "no column for soar");
    refuse("siem.id,saor.login\n1,a\n", "; found 'siem.id', 'saor.login'");
    refuse("login\n", "expected SIDE.key");
    refuse(HEAD "1,\"a,x,\n", ":2: a quoted cell isn't closed");
}

/* What the mapping can't do with the table; "": nothing. */
static const char *not_served(const char *csv, const char *table, enum duet_status expected)
{
    static struct duet_error error;
    struct duet_persons *persons = NULL;
    error.text[0] = '\0';
    assert_int_equal(duet_persons_parse(tables(), "t.csv", csv, strlen(csv), &persons, &error),
                     DUET_OK);
    enum duet_status status = duet_persons_serve(persons, tables(), table, "t.csv", &error);
    assert_int_equal(status, expected);
    duet_persons_free(persons);
    return error.text;
}

static void a_table_serves_when_each_written_side_has_a_key(void **data)
{
    (void)data;
    assert_string_equal(not_served(HEAD, "analysts", DUET_OK), "");
    assert_string_equal(not_served("SIEM.mail,smartsoar.login\n", "analysts", DUET_OK), "");
    assert_string_equal(not_served("siem.id,soar.logni,soar.name\n", "analysts", DUET_INVALID),
                        "t.csv:1: no column that soar.owner is written by: 'soar.login'; found "
                        "'siem.id', 'soar.logni', 'soar.name'; did you mean 'soar.login' for "
                        "'soar.logni'?");
    assert_string_equal(not_served("siem.phone,soar.login\n", "analysts", DUET_INVALID),
                        "t.csv:1: no column that siem.owner is written by: 'siem.id', "
                        "'siem.login', 'siem.mail' or 'siem.name'; found 'siem.phone', "
                        "'soar.login'");
}

static void a_table_that_no_field_goes_by_is_refused(void **data)
{
    (void)data;
    assert_string_equal(not_served(HEAD, "analyst", DUET_NOT_FOUND),
                        "mapping 'sentinel_smartsoar' uses no table "
                        "'analyst'; it uses 'analysts'; did you mean "
                        "'analysts'?");
    assert_string_equal(not_served(HEAD, "x", DUET_NOT_FOUND),
                        "mapping 'sentinel_smartsoar' uses no table 'x'; it uses 'analysts'");
}

static int start(void **data)
{
    (void)data;
    return duet_compile_file(MAPPING, &compilation) == DUET_OK && tables() ? 0 : -1;
}

static int stop(void **data)
{
    (void)data;
    duet_compilation_free(compilation);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_found_by_any_key_whatever_the_case),
        cmocka_unit_test(what_isn_t_injective_is_refused_with_its_lines),
        cmocka_unit_test(a_table_serves_when_each_written_side_has_a_key),
        cmocka_unit_test(a_table_that_no_field_goes_by_is_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
