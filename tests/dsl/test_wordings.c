/* Every wording of a finding that dsl/ and engine/prove/ have stands in the expected output of a case in tests/cases/: what a
 * mapping's author can read was read by us. */
#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/text.h"

#define SPLIT "\n---\n"

/* Files whose texts are no findings, by how their names begin. */
static const char *const SILENT[] = {
    "arena", "tables", "layout", "diag", "index", "explain", "lower", "coverage",
};

/* Wordings without a case, each with its reason. */
static const struct {
    const char *begins;
    const char *why;
} WITHOUT_CASE[] = {
    { "'%s' has %zu values, at most", "4,097 values" },
    { "the path '%s' is too long", "longer than a system's longest path" },
    { "a mapping has at most %u fields", "65 fields" },
    { "a mapping has at most %u `on`", "65 triggers" },
    { "a record has at most %u fields", "65 fields" },
    { "a group has at most %u fields", "65 fields" },
    { "a tenant has at most %u overrides", "129 overrides" },
    { "there are at most %u different sets", "thousands of tenants" },
    { "tenants that override the same share", "thousands of tenants" },
    { "with '%s', mappings and overrides", "records and rules of many MiB" },
    { "with '%s', rows, moves and arms", "enums of thousands of values" },
    { "split the file", "limits of what multiplies: tests/hostile reaches them" },
    { "%s: not proved, the proofs of", "spaces of millions of states: tests/prove/test_proof.c" },
    { "' is written though both sides", "only a planner that errs" },
    { "no mapping asks for that: it is", "only a planner that errs" },
    { "a record has at most %u predicates", "257 predicates" },
    { "a system has at most", "257 settings" },
    { "with the predicates that it names", "16,385 parts of a condition" },
    { "mapping '%s' is beyond what rule", "a limit that no check knows of" },
    { "there are at most %u mappings", "257 mappings" },
    { "there are at most %u hubs", "1,025 hubs" },
    { "'%s' is too large, or too many", "16 MiB, or thousands of files" },
    { "files import each other deeper", "65 files" },
    { "the file has more than %u words", "2,000,001 words" },
    { "nested deeper than can be parsed", "other limits come before it" },
    { "duet: out of memory", "no finding" },
    { "a quoted text holds a NUL byte", "a case is a text" },
    { "a NUL byte can't stand here", "a case is a text" },
    { "NUL bytes can't stand here", "a case is a text" },
    { "the file isn't text: it has more", "a case is a text" },
    { "%s or %zu more", "a folder of six files" },
    { "who wins a conflict of '", "only a planner that errs" },
    { "' depends on more than its policy", "only a planner that errs" },
    { "let the policy name a side", "only a planner that errs" },
    { "it doesn't come to rest", "only a planner that errs, in a mapping that is proved" },
    { "the server says no", "no answer of a server is shown" },
    { "%s; and so on", "only a planner that errs, and goes on" },
    { "%s; %s is the later one", "only a planner that errs by dates" },
    { "never seen", "only a planner that errs at first contact" },
    { "both sides agree", "the plan after it has nothing to do" },
    { "out of memory", "no finding" },
    { "no row '%s' in table", "a person of another table: a record has one field of persons" },
    { "'%s' has no key that '%s' shows",
      "a person without any of a side's columns is refused before" },
    { "%s with the overrides of", "the heading of a proof" },
};

/* --- what cases say ------------------------------------------------------------------------------ */

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    size_t tail = strlen(end);
    return length > tail && strcmp(name + length - tail, end) == 0;
}

static char *appended(char *text, const char *more)
{
    char *longer = lab_format("%s%s", text ? text : "", more);
    free(text);
    return longer;
}

/* The expected output of each case of a folder, one behind the other. */
static char *said_in(const char *folder, char *said)
{
    DIR *listed = opendir(folder);
    assert_non_null(listed);
    for (const struct dirent *entry; (entry = readdir(listed));) {
        if (!ends_with(entry->d_name, ".case"))
            continue;
        char *path = lab_format("%s/%s", folder, entry->d_name);
        char *whole = lab_read_file(path);
        const char *split = strstr(whole, SPLIT);
        if (split)
            said = appended(said, split + strlen(SPLIT));
        free(whole);
        free(path);
    }
    closedir(listed);
    return said;
}

/* --- whether a wording was said ------------------------------------------------------------------- */

/* Behind a conversion such as %.*s, where `format` begins with '%'. */
static const char *behind_conversion(const char *format)
{
    format++;
    while (*format && strchr("-+ #0123456789.*lzjh", *format))
        format++;
    return *format ? format + 1 : format;
}

/* Whether the line holds the pieces of the format, one behind the other. */
static bool fits(const char *line, const char *end, const char *format)
{
    while (*format) {
        size_t length = strcspn(format, "%");
        if (length > 0) {
            while (line + length <= end && memcmp(line, format, length) != 0)
                line++;
            if (line + length > end)
                return false;
            line += length;
        }
        format += length;
        if (*format)
            format = behind_conversion(format);
    }
    return true;
}

static bool was_said(const char *said, const char *format)
{
    for (const char *line = said; *line;) {
        const char *end = line + strcspn(line, "\n");
        if (fits(line, end, format))
            return true;
        line = *end ? end + 1 : end;
    }
    return false;
}

static const char *why_without(const char *format)
{
    for (size_t i = 0; i < sizeof WITHOUT_CASE / sizeof *WITHOUT_CASE; i++) {
        if (strncmp(format, WITHOUT_CASE[i].begins, strlen(WITHOUT_CASE[i].begins)) == 0)
            return WITHOUT_CASE[i].why;
    }
    return NULL;
}

/* --- wordings in a source -------------------------------------------------------------------------- */

static void trim_end(char *format)
{
    size_t length = strlen(format);
    while (length > 0 && format[length - 1] == ' ')
        format[--length] = '\0';
}

/* A wording has words: a blank, and three letters that are no part of a conversion. */
static bool has_words(const char *format)
{
    if (!strchr(format, ' '))
        return false;
    while (*format) {
        if (*format == '%')
            format = behind_conversion(format);
        else if (islower((unsigned char)format[0]) && islower((unsigned char)format[1]) &&
                 islower((unsigned char)format[2]))
            return true;
        else
            format++;
    }
    return false;
}

static const char *skip_comment(const char *c)
{
    const char *end = strstr(c, "*/");
    return end ? end + 2 : c + strlen(c);
}

/* One literal, c behind its quote, added to out; behind the other quote. */
static const char *read_literal(const char *c, char *out)
{
    size_t length = strlen(out);
    for (; *c && *c != '"'; c++) {
        if (*c == '\\' && c[1])
            out[length++] = strchr("ntr", *++c) ? ' ' : *c;
        else
            out[length++] = *c;
    }
    out[length] = '\0';
    return *c ? c + 1 : c;
}

/* The next text of literals one behind the other; false: there is none. */
static bool next_wording(const char **at, char *out)
{
    const char *c = *at;
    bool in_it = false;
    out[0] = '\0';
    while (*c) {
        if (c[0] == '/' && c[1] == '*') {
            c = skip_comment(c);
        } else if (c[0] == '\'' && c[1]) {
            if (in_it)
                break;
            c += c[1] == '\\' ? 4 : 3;
        } else if (*c == '"') {
            in_it = true;
            c = read_literal(c + 1, out);
        } else if (in_it && !isspace((unsigned char)*c)) {
            break;
        } else {
            c++;
        }
    }
    *at = c;
    return in_it;
}

static size_t unsaid_in(const char *path, const char *said)
{
    char *source = lab_read_file(path);
    char *wording = malloc(strlen(source) + 1);
    size_t unsaid = 0;
    for (const char *at = source; next_wording(&at, wording);) {
        trim_end(wording);
        if (!has_words(wording))
            continue;
        bool there = was_said(said, wording);
        const char *why = why_without(wording);
        if (there == !why)
            continue;
        print_error("%s: '%s' %s\n", path, wording,
                    why ? "has a case and a reason to have none" : "stands in no case");
        unsaid++;
    }
    free(wording);
    free(source);
    return unsaid;
}

static bool is_silent(const char *name)
{
    for (size_t i = 0; i < sizeof SILENT / sizeof *SILENT; i++) {
        if (strncmp(name, SILENT[i], strlen(SILENT[i])) == 0)
            return true;
    }
    return false;
}

static size_t unsaid_of(const char *folder, const char *said)
{
    size_t unsaid = 0;
    DIR *listed = opendir(folder);
    assert_non_null(listed);
    for (const struct dirent *entry; (entry = readdir(listed));) {
        if (!ends_with(entry->d_name, ".c") || is_silent(entry->d_name))
            continue;
        char *path = lab_format("%s/%s", folder, entry->d_name);
        unsaid += unsaid_in(path, said);
        free(path);
    }
    closedir(listed);
    return unsaid;
}

static void every_wording_has_a_case(void **state)
{
    (void)state;
    char *said = said_in("tests/cases/check", NULL);
    said = said_in("tests/cases/syntax", said);
    said = said_in("tests/cases/proof", said);
    size_t unsaid = unsaid_of("dsl", said);
    unsaid += unsaid_of("engine/prove", said);
    assert_int_equal(unsaid, 0);
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wording_has_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
