#include "tests/support/graph_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/diag.h"

#define ODD "\"<b>&amp; \\\"x\\\" ]]>\""
#define WIDE "\"\xe5\xa4\x9a\xe8\xa8\x80\xe8\xaa\x9e\xe3\x81\xae\xe5\x80\xa4\""

static void write_system(FILE *out, const char *name, const char *title, unsigned values,
                         const char *more_values)
{
    fprintf(out, "system %s \"%s\" {\n  record thing {\n    key : text at id;\n", name, title);
    fputs("    other : text at other;\n    closed when state == V00;\n    state : enum (", out);
    for (unsigned i = 0; i < values; i++)
        fprintf(out, "%sV%02u", i ? ", " : "", i);
    fprintf(out, "%s) at state;\n", more_values);
    fputs("    a_field_with_a_name_that_no_box_can_hold_in_one_line : text at long;\n", out);
    for (unsigned i = 0; i < 37; i++)
        fprintf(out, "    f%02u : text at f%02u;\n", i, i);
    fputs("  }\n}\n", out);
}

/* V00 to V23 as they are; three to one, of which one loses; one to two; what is spelled oddly. */
static void write_state(FILE *out)
{
    fputs("  field state l.state <-> r.state conflict hold {\n", out);
    for (unsigned i = 0; i < 24; i++)
        fprintf(out, "    V%02u <-> V%02u;\n", i, i);
    fputs("    V24 -> V24 lossy \"never heard of <it>\";\n    V25 <-> V24;\n    V26 -> V24;\n"
          "    V27 <-> " ODD ";\n    V28 -> V03;\n    V29 -> V05;\n    V00 <- " WIDE ";\n  }\n",
          out);
}

char *graph_case_big(void)
{
    static const char *const arrows[] = { "<->", "->", "<-" };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fputs("edition 2026;\n", out);
    write_system(out, "a", "A <script>alert(1)</script> & \\\"quotes\\\"", 30, "");
    write_system(out, "b", "B", 25, ", " ODD ", " WIDE);
    fputs("mapping big between a.thing as l and b.thing as r {\n  link l.key <-> r.other;\n"
          "  first contact hold;\n  create r from l when l.state in (V00, V01, V02);\n",
          out);
    write_state(out);
    for (unsigned i = 0; i < 30; i++)
        fprintf(out, "  field f%02u l.f%02u %s r.f%02u%s;\n", i, i, arrows[i % 3], i,
                i % 3 == 0 ? " conflict l" : "");
    fputs("  group many conflict newest else r {\n", out);
    for (unsigned i = 30; i < 37; i++)
        fprintf(out, "    field x%02u l.f%02u <-> r.f%02u;\n", i, i, i);
    fputs("  }\n"
          "  field long l.a_field_with_a_name_that_no_box_can_hold_in_one_line\n"
          "    -> r.a_field_with_a_name_that_no_box_can_hold_in_one_line | truncate 80\n"
          "    lossy \"some <of> it\";\n"
          "  on l change send state, many, long when l.f01 contains \"<x>&\\\"\";\n"
          "  on l change send",
          out);
    for (unsigned i = 0; i < 30; i++)
        if (i % 3 < 2)
            fprintf(out, "%s f%02u", i ? "," : "", i);
    fputs(";\n  on r signal \"<&\\\">\" fetch all;\n  on r change send all;\n}\n", out);
    assert_int_equal(fclose(out), 0);
    return text;
}

struct duet_compilation *graph_case_compile(const char *text)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_text("big.duet", text, strlen(text), &compilation), DUET_OK);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    duet_diags_render_text(diags, duet_compilation_sources(compilation), DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_errors(diags), 0);
    return compilation;
}
