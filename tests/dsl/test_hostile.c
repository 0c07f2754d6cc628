/* Texts made to cost: each ends with a finding that names the limit, and what is looked up by name costs the same however much there is.
 * Without their limits these take minutes or all memory: the alarm is there for that, it measures nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"

/* A text that is written bit by bit. */
struct text {
    char *bytes;
    size_t length;
    FILE *out;
};

static FILE *out_of(struct text *text)
{
    text->out = open_memstream(&text->bytes, &text->length);
    assert_non_null(text->out);
    fputs("edition 2026;\n", text->out);
    return text->out;
}

/* The findings of the text, as people see them; for free(). */
static char *findings_of(struct text *text)
{
    struct duet_compilation *compilation = NULL;
    char *found = NULL;
    size_t length = 0;
    fclose(text->out);
    alarm(500);
    assert_int_equal(duet_compile_text("hostile.duet", text->bytes, text->length, &compilation),
                     DUET_OK);
    alarm(0);
    FILE *out = open_memstream(&found, &length);
    assert_non_null(out);
    duet_diags_render_text(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), DUET_DIAG_PLAIN, out);
    fclose(out);
    duet_compilation_free(compilation);
    free(text->bytes);
    return found;
}

static void expect(struct text *text, const char *finding)
{
    char *found = findings_of(text);
    if (!strstr(found, finding))
        fail_msg("'%s' isn't in:\n%s", finding, found);
    free(found);
}

static void a_hundred_thousand_systems_are_no_trouble(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    for (int i = 0; i < 100000; i++)
        fprintf(out, "system s%d { }\n", i);
    fputs("system s99999 { }\n", out);
    expect(&text, "error[D020]: 's99999' is defined twice");
}

static void a_hundred_thousand_tenants_are_no_trouble(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    for (int i = 0; i < 100000; i++)
        fprintf(out, "tenant t%d runs m { }\n", i);
    expect(&text, "error[D026]: there is no mapping 'm'");
}

static void mappings_hubs_settings_and_records_have_limits(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; } }\n", out);
    for (int i = 0; i < 257; i++)
        fprintf(out,
                "mapping m%d between s.r as a and s.r as b { link a.key <-> b.key; first contact "
                "a; }\n",
                i);
    expect(&text, "there are at most 256 mappings, 'm256' is one more");
    out = out_of(&text);
    fputs("system s { }\n", out);
    for (int i = 0; i < 100000; i++)
        fprintf(out, "hub h%d runs s { }\n", i);
    expect(&text, "there are at most 1024 hubs, 'h1024' is one more");
    out = out_of(&text);
    fputs("system s { settings {\n", out);
    for (int i = 0; i < 257; i++)
        fprintf(out, "s%d : text;\n", i);
    fputs("} }\n", out);
    expect(&text, "a system has at most 256 settings, 's256' is one more");
    out = out_of(&text);
    fputs("system s {\n", out);
    for (int i = 0; i < 257; i++)
        fprintf(out, "record r%d { key : text at k; }\n", i);
    fputs("}\n", out);
    expect(&text, "a system has at most 256 records, 'r256' is one more");
}

static void predicates_have_a_limit(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k;\n", out);
    for (int i = 0; i < 257; i++)
        fprintf(out, "p%d when key present;\n", i);
    fputs("} }\n", out);
    expect(&text, "a record has at most 256 predicates, 'p256' is one more");
}

/* Each names the one before twice: 2 to the 60 parts. */
static void predicates_that_double_are_refused_before_they_are_copied(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; p0 when key present;\n", out);
    for (int i = 1; i <= 60; i++)
        fprintf(out, "p%d when p%d and p%d;\n", i, i - 1, i - 1);
    fputs("} }\n", out);
    expect(&text, "with the predicates that it names, a condition has more than 16384 parts");
}

static void a_file_of_nul_bytes_is_no_text(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    for (int i = 0; i < 10000000; i++)
        fputc('\0', out);
    expect(&text, "the file isn't text: it has more than 16 NUL bytes");
}

static void findings_past_the_hundredth_are_counted_only(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    for (int i = 0; i < 500000; i++)
        fputs("feild x y;\n", out);
    char *found = findings_of(&text);
    size_t count = 0;
    for (const char *at = strstr(found, "error["); at; at = strstr(at + 1, "error["))
        count++;
    assert_int_equal(count, DUET_DIAG_MAX);
    free(found);
}

/* The 257th has no model: a tenant of it isn't looked at. */
static void a_tenant_of_one_mapping_too_many_is_left_out(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; } }\n", out);
    for (int i = 0; i < 257; i++)
        fprintf(out,
                "mapping m%d between s.r as a and s.r as b { link a.key <-> b.key; first contact "
                "a; }\n",
                i);
    fputs("tenant t runs m256 { side a { } side b { } }\n", out);
    expect(&text, "there are at most 256 mappings, 'm256' is one more");
}

static void overrides_and_their_sets_have_limits(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; a : enum (A) at a; } }\n"
          "mapping m between s.r as l and s.r as r { link l.key <-> r.key; first contact l;\n"
          "field a l.a <-> r.a conflict l; on l change send a; on r change send a; }\n"
          "tenant most runs m { side l { } side r { }\n",
          out);
    for (int i = 0; i < 129; i++)
        fputs("override a conflict r;\n", out);
    fputs("}\n", out);
    for (int i = 1; i <= 4096; i++)
        fprintf(out, "tenant t%d runs m { side l { } side r { } override a lossy \"%d\"; }\n", i,
                i);
    char *found = findings_of(&text);
    assert_non_null(strstr(found, "a tenant has at most 128 overrides"));
    assert_non_null(strstr(found, "at most 4096 different sets of overrides, that of 't4096' is"));
    assert_null(strstr(found, "'t4095'"));
    free(found);
}

static void a_group_has_a_limit(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; a : text at a; } }\n"
          "mapping m between s.r as l and s.r as r { link l.key <-> r.key; group g conflict l {\n",
          out);
    for (int i = 0; i < 65; i++)
        fprintf(out, "field f%d l.a <-> r.a;\n", i);
    fputs("} }\n", out);
    expect(&text, "a group has at most 64 fields, 'f64' is one more");
}

static void foralls_of_a_test_have_a_limit(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; a : enum (A) at a; } }\n"
          "mapping m between s.r as l and s.r as r { link l.key <-> r.key; first contact l; }\n"
          "test \"t\" {\n",
          out);
    for (int i = 0; i < 17; i++)
        fprintf(out, "forall v%d in l.a;\n", i);
    fputs("given l { a = v0; } }\n", out);
    expect(&text, "a test has at most 16 foralls, 'v16' is one more");
}

static void what_mappings_check_together_has_a_limit(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s { record r { key : text at k; #", out);
    for (int i = 0; i < (1 << 20); i++)
        fputc('x', out);
    fputs("\n} }\n", out);
    for (int i = 0; i < 40; i++)
        fprintf(out, "mapping m%d between s.r as a and s.r as b { link a.key <-> b.key; }\n", i);
    /* Four times the record each, and a little: 32 times 4 MiB are one too many. */
    char *found = findings_of(&text);
    assert_non_null(strstr(found, "with 'm31', mappings and overrides have more than 128 MiB of"));
    assert_null(strstr(found, "with 'm30',"));
    free(found);
}

static void pairs_of_values_have_a_limit(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system s {\n", out);
    for (int i = 0; i < 65; i++) { /* 2 to the 24 pairs each */
        fprintf(out, "record r%d { key : text at k; a : enum (A", i);
        for (int v = 1; v < 4096; v++)
            fprintf(out, ", v%d", v);
        fputs(") at a; moves a { A -> v1; } }\n", out);
    }
    fputs("}\n", out);
    expect(&text, "with 'a', rows, moves and arms have more than 1073741824 pairs of values");
}

static void findings_quote_no_more_than_a_few_thousand_bytes(void **state)
{
    (void)state;
    struct text text = { NULL, 0, NULL };
    FILE *out = out_of(&text);
    fputs("system \"", out);
    for (int i = 0; i < 100000; i++)
        fputs("\xc3\xa9", out);
    fputs(
        "\" { record r { key : text at k; } }\nhub h runs x { }\nsystem s { record r { key : text "
        "at k; } }\nmapping m between \"",
        out);
    for (int i = 0; i < 100000; i++)
        fputs("\xc3\xa9", out);
    fputs("\".x as l and s.r as r { link l.key <-> r.key; }\n", out);
    char *found = findings_of(&text);
    assert_non_null(strstr(found, "\xc3\xa9..."));
    assert_true(strlen(found) < 24000);
    free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand_systems_are_no_trouble),
        cmocka_unit_test(a_hundred_thousand_tenants_are_no_trouble),
        cmocka_unit_test(mappings_hubs_settings_and_records_have_limits),
        cmocka_unit_test(predicates_have_a_limit),
        cmocka_unit_test(predicates_that_double_are_refused_before_they_are_copied),
        cmocka_unit_test(a_file_of_nul_bytes_is_no_text),
        cmocka_unit_test(findings_past_the_hundredth_are_counted_only),
        cmocka_unit_test(a_tenant_of_one_mapping_too_many_is_left_out),
        cmocka_unit_test(overrides_and_their_sets_have_limits),
        cmocka_unit_test(a_group_has_a_limit),
        cmocka_unit_test(foralls_of_a_test_have_a_limit),
        cmocka_unit_test(what_mappings_check_together_has_a_limit),
        cmocka_unit_test(pairs_of_values_have_a_limit),
        cmocka_unit_test(findings_quote_no_more_than_a_few_thousand_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
