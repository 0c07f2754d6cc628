/* Rule tables as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/tables.h"
#include "dsl/tables_build.h"
#include "dsl/tables_text.h"
#include "tests/support/sample_tables.h"

static char *dump_of(const struct duet_tables *tables)
{
    FILE *out = tmpfile();
    assert_non_null(out);
    duet_tables_dump(tables, out);
    long length = ftell(out);
    assert_true(length >= 0);
    rewind(out);
    char *text = calloc((size_t)length + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, out), length);
    fclose(out);
    return text;
}

static void assert_has_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    if (!at || (at != text && at[-1] != '\n') || at[strlen(line)] != '\n')
        fail_msg("no line \"%s\"", line);
}

static void dump_resolves_references_to_names(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    struct duet_tables tables;
    assert_int_equal(duet_tables_open(bytes, size, &tables, NULL), DUET_OK);
    char *text = dump_of(&tables);
    assert_has_line(text, "unit: 5");
    assert_has_line(
        text, "  12 soar.title  type text  path Title  write_as TitleText  max 100  empty default  "
              "time_unit rfc3339  file sample.duet  line 1");
    assert_has_line(
        text,
        "  1  kind required  field siem.reason  when siem.closed  reads status verdict reason  "
        "file sample.duet  line 2");
    assert_has_line(
        text,
        "  2  side right  event move  verb send  units status  notes 1  when soar.status != Open  "
        "file sample.duet  line 20");
    assert_has_line(text, "  39  op in  left siem.severity  list (expr#36..37)");
    assert_has_line(text, "  5 siem.severity  type enum  values siem.severity  path "
                          "properties.severity  empty default  "
                          "time_unit rfc3339  file sample.duet  line 1");
    assert_non_null(
        strstr(text, "agree (New: Open; Active: \"In Progress\", \"On Hold\"; Closed: Closed)"));
    assert_non_null(strstr(text, "query {since: {since}, order: (asc)}"));
    free(text);
    free(bytes);
}

static void dump_shows_control_characters_as_codes(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    struct duet_t_mapping *mapping = duet_build_at(builder, DUET_SECTION_MAPPING, 0);
    mapping->name = duet_build_str(builder, "a\x1b[2Jb\"");
    size_t size = 0;
    unsigned char *bytes = duet_build_finish(builder, &size);
    struct duet_tables tables;
    assert_int_equal(duet_tables_open(bytes, size, &tables, NULL), DUET_OK);
    char *text = dump_of(&tables);
    assert_non_null(strstr(text, "  0 \"a\\u001b[2Jb\\\"\"  link_left"));
    assert_null(strchr(text, 0x1b));
    free(text);
    free(bytes);
    duet_tables_builder_free(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dump_resolves_references_to_names),
        cmocka_unit_test(dump_shows_control_characters_as_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
