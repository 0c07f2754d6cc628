/* Rule tables of small mappings as their dump shows them: tests/cases/rows/NAME.case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "dsl/tables_text.h"
#include "tests/lab/text.h"

#define CASES DUET_SOURCE_DIR "/tests/cases/rows/"
#define SPLIT "\n---\n"

static char *dump_of(const char *text, size_t length)
{
    struct duet_compilation *compilation = NULL;
    char *dump = NULL;
    size_t size = 0;
    assert_int_equal(duet_compile_text("case.duet", text, length, &compilation), DUET_OK);
    duet_diags_render_text(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(compilation)), 0);
    FILE *out = open_memstream(&dump, &size);
    assert_non_null(out);
    duet_tables_dump(duet_compilation_tables(compilation, 0), out);
    fclose(out);
    duet_compilation_free(compilation);
    return dump;
}

/* Where the text goes on behind the line; a line that doesn't stand in it fails. */
static const char *behind_line(const char *text, const char *line, size_t length)
{
    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        if (size == length && memcmp(at, line, length) == 0)
            return at + size;
        at += size + (at[size] == '\n');
    }
    fail_msg("no line \"%.*s\" there", (int)length, line);
    return text;
}

static void rows_are_as_the_case_has_them(const char *name)
{
    char *path = lab_format(CASES "%s", name);
    char *whole = lab_read_file(path);
    char *split = strstr(whole, SPLIT);
    assert_non_null(split);
    char *dump = dump_of(whole, (size_t)(split - whole) + 1);
    const char *rest = dump;
    for (const char *line = split + strlen(SPLIT); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 0)
            rest = behind_line(rest, line, length);
        line += length + (line[length] == '\n');
    }
    free(dump);
    free(whole);
    free(path);
}

static void every_column(void **state)
{
    (void)state;
    rows_are_as_the_case_has_them("every_column.case");
}

static void pages_in_body(void **state)
{
    (void)state;
    rows_are_as_the_case_has_them("pages_in_body.case");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column),
        cmocka_unit_test(pages_in_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
