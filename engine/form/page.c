#include "engine/form/page.h"

#include <stdlib.h>

#include "engine/form/schema.h"
#include "engine/form/words.h"
#include "engine/graph/escape.h"
#include "engine/graph/text.h"

static const unsigned char style[] = {
#include "engine/form/page_css.inc"
};
static const unsigned char script[] = {
#include "engine/form/page_js.inc"
};

struct page {
    const struct duet_form *form;
    struct duet_arena *arena;
    FILE *out;
};

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value); /* fails only with NULL or without memory */
}

/* --- what the script reads ------------------------------------------------------------------------------------ */

static json_t *indexes(const struct duet_form_field *field, const bool *has)
{
    json_t *list = json_array();
    for (uint32_t c = 0; c < field->choice_count; c++) {
        if (has[c])
            (void)json_array_append_new(list, json_integer(c));
    }
    return list;
}

/* Depth: a rule's fields. */
static json_t *tree(const struct page *page, const struct duet_form_node *node)
{
    const struct duet_form_field *field = &page->form->fields[node->field];
    if (node->is_last)
        return json_pack("{si so}", "f", (int)node->field, "last",
                         indexes(field, node->cases[0].has));
    json_t *cases = json_array();
    for (uint32_t c = 0; c < node->case_count; c++) {
        if (node->cases[c].then)
            (void)json_array_append_new(cases, json_pack("{so so}", "has",
                                                         indexes(field, node->cases[c].has), "then",
                                                         tree(page, node->cases[c].then)));
    }
    return json_pack("{si so}", "f", (int)node->field, "cases", cases);
}

static json_t *choices(const struct page *page, const struct duet_form_field *field)
{
    bool is_boolean = duet_field_row(page->form->tables, field->field)->type == DUET_TYPE_BOOLEAN;
    json_t *list = json_array();
    for (uint32_t c = 1; c < field->choice_count; c++) {
        const char *name = duet_form_choice(page->form, field, c);
        (void)json_array_append_new(
            list,
            json_pack("{so so}", "text",
                      duet_form_string(duet_graph_clean(page->arena, name), page->arena), "value",
                      is_boolean ? json_boolean(c == 2) : duet_form_string(name, page->arena)));
    }
    return list;
}

/* "list": lines of a text; "number"; "text". */
static const char *kind_of(const struct page *page, const struct duet_form_field *field)
{
    switch ((enum duet_type)duet_field_row(page->form->tables, field->field)->type) {
    case DUET_TYPE_INTEGER:
    case DUET_TYPE_NUMBER:
        return "number";
    case DUET_TYPE_LIST:
        return "list";
    case DUET_TYPE_TEXT:
    case DUET_TYPE_ENUM:
    case DUET_TYPE_BOOLEAN:
    case DUET_TYPE_TIME:
    case DUET_TYPE_PERSON:
    case DUET_TYPES:
        break;
    }
    return "text";
}

static json_t *data_of(const struct page *page)
{
    json_t *fields = json_array();
    json_t *rules = json_array();
    for (uint32_t f = 0; f < page->form->field_count; f++) {
        const struct duet_form_field *field = &page->form->fields[f];
        json_t *row =
            json_pack("{so so ss so}", "name", duet_form_string(field->name, page->arena), "label",
                      duet_form_string(duet_form_label(field, page->arena), page->arena), "kind",
                      kind_of(page, field), "offered", indexes(field, field->offered));
        if (field->is_listed)
            set(row, "choices", choices(page, field));
        if (field->max != DUET_NONE)
            set(row, "max", json_integer(field->max));
        (void)json_array_append_new(fields, row);
    }
    for (uint32_t r = 0; r < page->form->rule_count; r++)
        (void)json_array_append_new(rules, tree(page, page->form->rules[r].tree));
    return json_pack("{so so}", "fields", fields, "rules", rules);
}

/* Nothing in it may end the element that it stands in. */
static void write_data(const struct page *page)
{
    json_t *data = data_of(page);
    char *text = json_dumps(data, JSON_COMPACT);
    for (const char *c = text; c && *c; c++) {
        if (*c == '<')
            fputs("\\u003c", page->out);
        else
            fputc(*c, page->out);
    }
    free(text);
    json_decref(data);
}

/* --- what people see ------------------------------------------------------------------------------------------- */

static void write_text(const struct page *page, const char *text)
{
    duet_graph_escape(text, page->out);
}

static void write_list(const struct page *page, const struct duet_form_field *field,
                       unsigned number)
{
    fprintf(
        page->out,
        "<select id=\"f%u\" aria-describedby=\"h%u\">\n<option value=\"0\">\xe2\x80\x94</option>\n",
        number, number);
    for (uint32_t c = 1; c < field->choice_count; c++) {
        if (!field->offered[c])
            continue;
        fprintf(page->out, "<option value=\"%u\">", (unsigned)c);
        write_text(page, duet_graph_clean(page->arena, duet_form_choice(page->form, field, c)));
        fputs("</option>\n", page->out);
    }
    fputs("</select>\n", page->out);
}

static void write_control(const struct page *page, const struct duet_form_field *field,
                          unsigned number)
{
    enum duet_type type = (enum duet_type)duet_field_row(page->form->tables, field->field)->type;
    if (field->is_listed) {
        write_list(page, field, number);
    } else if (type == DUET_TYPE_TEXT || type == DUET_TYPE_LIST) {
        fprintf(page->out, "<textarea id=\"f%u\" aria-describedby=\"h%u\"", number, number);
        if (field->max != DUET_NONE)
            fprintf(page->out, " maxlength=\"%u\"", (unsigned)field->max);
        fprintf(page->out, "%s></textarea>\n",
                type == DUET_TYPE_LIST ? " placeholder=\"one a line\"" : "");
    } else {
        fprintf(page->out, "<input id=\"f%u\" aria-describedby=\"h%u\" %s>\n", number, number,
                type == DUET_TYPE_INTEGER  ? "type=\"number\" step=\"1\""
                : type == DUET_TYPE_NUMBER ? "type=\"number\" step=\"any\""
                : type == DUET_TYPE_TIME
                    ? "type=\"text\" placeholder=\"2026-01-31T12:00:00Z\" "
                      "pattern=\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\""
                    : "type=\"text\"");
    }
}

static void write_field(const struct page *page, unsigned number)
{
    const struct duet_form_field *field = &page->form->fields[number];
    fprintf(page->out, "<div class=\"field\">\n<label for=\"f%u\">", number);
    write_text(page, duet_form_label(field, page->arena));
    fprintf(page->out, "<span class=\"mark\" id=\"m%u\" hidden>required</span></label>\n", number);
    write_control(page, field, number);
    fprintf(page->out, "<p class=\"hint\" id=\"h%u\" aria-live=\"polite\"></p>\n</div>\n", number);
}

static void write_fields(const struct page *page, bool is_state, const char *legend)
{
    bool is_open = false;
    for (uint32_t f = 0; f < page->form->field_count; f++) {
        if (page->form->fields[f].is_state != is_state)
            continue;
        if (!is_open)
            fprintf(page->out, "<fieldset>\n<legend>%s</legend>\n", legend);
        is_open = true;
        write_field(page, (unsigned)f);
    }
    if (is_open)
        fputs("</fieldset>\n", page->out);
}

/* --- all legal choices, for those who build the form elsewhere ------------------------------------------------- */

static void write_way(void *data, const char *when, const struct duet_form_field *field,
                      const bool *has)
{
    const struct page *page = data;
    const char *list = duet_form_asks_only(field, has)
                           ? "a choice is required"
                           : duet_form_list(page->form, field, has, page->arena);
    fputs("<tr><td>", page->out);
    write_text(page, when);
    fputs("</td><td>", page->out);
    write_text(page, duet_form_label(field, page->arena));
    fputs("</td><td>", page->out);
    write_text(page, *list ? list : "nothing: this can't be");
    fputs("</td></tr>\n", page->out);
}

static void write_rules(struct page *page)
{
    fputs("<details>\n<summary>Which choices go together</summary>\n<table>\n"
          "<thead><tr><th scope=\"col\">With</th><th scope=\"col\">in</th>"
          "<th scope=\"col\">may stand</th></tr></thead>\n<tbody>\n",
          page->out);
    duet_form_ways(page->form, page->arena, write_way, page);
    fputs("</tbody>\n</table>\n", page->out);
    if (page->form->remark_count)
        fputs("<p>Not checked on this page:</p>\n<ul>\n", page->out);
    for (uint32_t r = 0; r < page->form->remark_count; r++) {
        fputs("<li>", page->out);
        write_text(page, page->form->remarks[r]);
        fputs("</li>\n", page->out);
    }
    fputs(page->form->remark_count ? "</ul>\n</details>\n" : "</details>\n", page->out);
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static void write_head(const struct page *page, const char *title)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'none'; "
          "base-uri 'none'\">\n<title>",
          page->out);
    write_text(page, title);
    fputs("</title>\n<style>\n", page->out);
    fwrite(style, 1, sizeof style, page->out);
    fputs("</style>\n</head>\n", page->out);
}

void duet_form_write_page(const struct duet_form *form, struct duet_arena *arena, FILE *out)
{
    struct page page = { form, arena, out };
    const char *title = duet_form_title(form, arena);
    write_head(&page, title);
    fputs("<body>\n<main>\n<h1>", out);
    write_text(&page, title);
    fputs("</h1>\n<p class=\"about\">", out);
    write_text(&page, duet_form_about(form, arena));
    fputs(".</p>\n<form id=\"form\" autocomplete=\"off\">\n", out);
    write_fields(&page, true, "State of the record");
    write_fields(&page, false, "Choices");
    fputs(
        "<button type=\"reset\">Start over</button>\n</form>\n"
        "<section aria-labelledby=\"r\">\n<h2 id=\"r\">Result</h2>\n"
        "<p id=\"status\" role=\"status\">This page needs JavaScript; the table below "
        "doesn't.</p>\n"
        "<pre id=\"result\" tabindex=\"0\" aria-label=\"The result as JSON\"></pre>\n</section>\n",
        out);
    write_rules(&page);
    fputs("</main>\n<script type=\"application/json\" id=\"rules\">", out);
    write_data(&page);
    fputs("</script>\n<script>\n", out);
    fwrite(script, 1, sizeof script, out);
    fputs("</script>\n</body>\n</html>\n", out);
}
