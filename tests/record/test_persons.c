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
    refuse("login\n", "expected SIDE.key");
    refuse(HEAD "1,\"a,x,\n", ":2: a quoted cell isn't closed");
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
    };
    return cmocka_run_group_tests(tests, start, stop);
}
