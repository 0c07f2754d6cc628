/* `duet explain [CODE]`: the page of a finding, or the list of all. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dsl/explain.h"
#include "dsl/suggest.h"
#include "engine/cli/commands.h"

static const struct duet_option options[] = {
    { "format", 0, "text|json", "for people, or with whole examples as JSON" },
    { NULL, 0, NULL, NULL },
};

struct code_text {
    char text[16];
};

static struct code_text code_text(const struct duet_page *page)
{
    struct code_text code;
    snprintf(code.text, sizeof code.text, "D%03u", (unsigned)page->code);
    return code;
}

/* NULL after a message. "d24" is D024, too. */
static const struct duet_page *find(const struct duet_arguments *arguments, const char *written)
{
    struct duet_suggest suggest = duet_suggest_start(written);
    const struct duet_page *page = NULL;
    struct code_text codes[1000];
    char *end = NULL;
    bool is_short = (*written == 'D' || *written == 'd') && strspn(written + 1, "0123456789") > 0;
    unsigned long number = is_short ? strtoul(written + 1, &end, 10) : 0;
    for (size_t i = 0; (page = duet_page_at(i)) && i < sizeof codes / sizeof *codes; i++) {
        if (is_short && *end == '\0' && number == (unsigned long)page->code)
            return page;
        codes[i] = code_text(page);
        duet_suggest_offer(&suggest, codes[i].text);
    }
    const char *best = duet_suggest_best(&suggest);
    if (best)
        duet_complain(arguments, DUET_EXIT_USAGE,
                      "no finding has the code '%s'; did you mean '%s'?", written, best);
    else
        duet_complain(arguments, DUET_EXIT_USAGE,
                      "no finding has the code '%s'; 'duet explain' lists them", written);
    return NULL;
}

/* The lines `first` to `last` of a text, indented. */
static void write_lines(const char *text, size_t first, size_t last, FILE *out)
{
    for (size_t line = 1; *text && line <= last; line++) {
        size_t length = strcspn(text, "\n");
        if (line >= first)
            fprintf(out, "%s%.*s\n", length > 0 ? "    " : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* What differs, with a line around it. */
static void write_example(const struct duet_page *page, enum duet_example which, FILE *out)
{
    size_t line = 0;
    size_t lines = 0;
    char *text = duet_page_example(page, which, &line, &lines);
    if (!text)
        return;
    fprintf(out, "\n%s:\n\n", which == DUET_EXAMPLE_WRONG ? "wrong" : "right");
    write_lines(text, line > 1 ? line - 1 : 1, line + lines, out);
    free(text);
}

static void write_folded(const char *text, FILE *out)
{
    size_t column = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > 80) {
            fputc('\n', out);
            column = 0;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > 0 ? " " : "", (int)length, text);
        text += length + (text[length] == ' ');
    }
    fputc('\n', out);
}

static void write_page(const struct duet_page *page, FILE *out)
{
    fprintf(out, "D%03u: %s\n\n", (unsigned)page->code, duet_diag_code_meaning(page->code));
    write_folded(page->why, out);
    if (!page->at) {
        fputs("\nno example:\n\n", out);
        write_folded(page->wrong, out);
    }
    write_example(page, DUET_EXAMPLE_WRONG, out);
    write_example(page, DUET_EXAMPLE_RIGHT, out);
}

static void set_example(json_t *object, const char *key, const struct duet_page *page,
                        enum duet_example which)
{
    size_t line = 0;
    size_t lines = 0;
    char *text = duet_page_example(page, which, &line, &lines);
    if (text)
        json_object_set_new(object, key, json_string(text));
    free(text);
}

static json_t *page_json(const struct duet_page *page)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "code", code_text(page).text, "name",
                               duet_diag_code_name(page->code), "what",
                               duet_diag_code_meaning(page->code), "why", page->why);
    if (!page->at)
        json_object_set_new(object, "no_example", json_string(page->wrong));
    set_example(object, "wrong", page, DUET_EXAMPLE_WRONG);
    set_example(object, "right", page, DUET_EXAMPLE_RIGHT);
    return object;
}

static json_t *all_json(void)
{
    json_t *all = json_array();
    const struct duet_page *page = NULL;
    for (size_t i = 0; (page = duet_page_at(i)); i++)
        json_array_append_new(all, page_json(page));
    return all;
}

static void list(FILE *out)
{
    const struct duet_page *page = NULL;
    for (size_t i = 0; (page = duet_page_at(i)); i++)
        fprintf(out, "D%03u  %s\n", (unsigned)page->code, duet_diag_code_meaning(page->code));
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    FILE *out = duet_arguments_io(arguments)->out;
    const struct duet_page *page = NULL;
    if (duet_operand_count(arguments) > 0) {
        page = find(arguments, duet_operand(arguments, 0));
        if (!page)
            return DUET_EXIT_USAGE;
    }
    if (strcmp(duet_option_text(arguments, "format", "text"), "json") == 0) {
        json_t *value = page ? page_json(page) : all_json();
        json_dumpf(value, out, JSON_INDENT(2));
        fputc('\n', out);
        json_decref(value);
    } else if (page) {
        write_page(page, out);
    } else {
        list(out);
    }
    return DUET_EXIT_FINE;
}

const struct duet_command duet_cmd_explain = {
    .name = "explain",
    .usage = "[CODE]",
    .summary = "what a finding means, with examples",
    .help =
        "Says what the finding of a code such as D024 means and why it matters, and shows what is\n"
        "wrong and what is right. Without a code: lists all of them.",
    .options = options,
    .most = 1,
    .run = run,
};
