/* Texts with {places}, JSON templates and conditions; declared in ast_value.h. */
#include <stdlib.h>
#include <string.h>

#include "dsl/ast_value.h"
#include "dsl/intern.h"
#include "dsl/parse_state.h"

/* --- texts with {places} --------------------------------------------------------------------------- */

/* Collects the parts of one text. */
struct text_reader {
    struct duet_parse_state *state;
    struct duet_ast_text *text;
    const char *at; /* what wasn't read yet */
    bool exact;     /* no escapes: a byte written is a byte in the source */
};

/* Where bytes of the text stand in the source: exact as long as no escape moved them. */
static struct duet_span place_in(const struct text_reader *reader, const char *start, size_t length)
{
    struct duet_span whole = reader->text->at;
    if (!reader->exact)
        return whole;
    uint32_t first = whole.start + 1 + (uint32_t)(start - reader->text->written);
    return (struct duet_span){ whole.file, first, first + (uint32_t)length };
}

static void add_part(struct text_reader *reader, const char *literal, struct duet_ast_path *path)
{
    struct duet_ast_part *part = duet_ast_alloc(reader->state, sizeof *part);
    part->literal = literal;
    part->path = path;
    reader->text->parts = duet_ast_part_list_append(reader->text->parts, part);
}

static bool is_doubled(const char *at)
{
    return (at[0] == '{' || at[0] == '}') && at[1] == at[0];
}

/* Up to the next place or the end; doubled braces become single ones. */
static void read_literal(struct text_reader *reader)
{
    const char *end = reader->at;
    while (*end != '\0' && (*end != '{' || is_doubled(end)))
        end += is_doubled(end) ? 2 : 1;

    char *literal = duet_ast_alloc(reader->state, (size_t)(end - reader->at) + 1);
    size_t length = 0;
    while (reader->at < end) {
        literal[length++] = *reader->at;
        reader->at += is_doubled(reader->at) ? 2 : 1;
    }
    add_part(reader, literal, NULL);
}

static void report_place(const struct text_reader *reader, size_t length)
{
    struct duet_diag *diag =
        duet_diag_add(reader->state->context->diags, DUET_DIAG_BAD_INTERPOLATION,
                      place_in(reader, reader->at, length),
                      "'%.*s' is not a place: expected a name or names joined by dots in braces",
                      (int)length, reader->at);
    duet_diag_help(diag, "write '{{' for a brace itself");
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (starts_word(text[length]) || (length > 0 && text[length] >= '0' && text[length] <= '9'))
        length++;
    return length;
}

/* At a '{': name, dot, name ... '}'. */
static void read_place(struct text_reader *reader)
{
    const char *at = reader->at + 1;
    struct duet_ast_path *path = NULL;

    for (;;) {
        size_t length = word_length(at);
        if (length == 0)
            break;
        struct duet_span span = place_in(reader, at, length);
        struct duet_ast_name name =
            duet_ast_word(span, duet_intern_text(reader->state->context->names, at, length));
        if (path == NULL)
            path = duet_ast_path_new(reader->state, name);
        else
            path = duet_ast_path_step(reader->state, path, duet_span_join(path->at, span), name);
        at += length;
        if (*at != '.')
            break;
        at++;
    }
    if (path != NULL && *at == '}' && at[-1] != '.') {
        add_part(reader, NULL, duet_ast_path_finish(reader->state, path));
        reader->at = at + 1;
        return;
    }
    const char *end = strchr(reader->at, '}');
    size_t length = end == NULL ? strlen(reader->at) : (size_t)(end - reader->at) + 1;
    report_place(reader, length > 60 ? 60 : length);
    reader->at += end == NULL ? strlen(reader->at) : (size_t)(end - reader->at) + 1;
}

struct duet_ast_text *duet_ast_text_new(struct duet_parse_state *state, struct duet_span at,
                                        const char *written)
{
    struct duet_ast_text *text = duet_ast_alloc(state, sizeof *text);
    text->at = at;
    text->written = written;

    bool exact = at.end - at.start == strlen(written) + 2;
    struct text_reader reader = { state, text, written, exact };
    while (*reader.at != '\0') {
        if (reader.at[0] == '{' && reader.at[1] != '{')
            read_place(&reader);
        else
            read_literal(&reader);
    }
    return text;
}

struct duet_ast_text *duet_ast_text_word(struct duet_parse_state *state, struct duet_ast_name name)
{
    struct duet_ast_text *text = duet_ast_alloc(state, sizeof *text);
    text->at = name.at;
    text->written = name.text;

    struct text_reader reader = { state, text, name.text, false };
    add_part(&reader, name.text, NULL);
    return text;
}

/* --- JSON templates ---------------------------------------------------------------------------------- */

static struct duet_ast_json *json_new(struct duet_parse_state *state, enum duet_ast_json_kind kind,
                                      struct duet_span at)
{
    struct duet_ast_json *json = duet_ast_alloc(state, sizeof *json);
    json->kind = kind;
    json->at = at;
    json->key = duet_ast_no_name();
    return json;
}

struct duet_ast_json *duet_ast_json_object(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_json_list members)
{
    struct duet_ast_json *json = json_new(state, DUET_AST_JSON_OBJECT, at);
    json->children = members;
    return json;
}

struct duet_ast_json *duet_ast_json_array(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_json_list elements)
{
    struct duet_ast_json *json = json_new(state, DUET_AST_JSON_ARRAY, at);
    json->children = elements;
    return json;
}

struct duet_ast_json *duet_ast_json_text(struct duet_parse_state *state, struct duet_span at,
                                         const char *written)
{
    struct duet_ast_json *json = json_new(state, DUET_AST_JSON_TEXT, at);
    json->text = duet_ast_text_new(state, at, written);
    return json;
}

struct duet_ast_json *duet_ast_json_integer(struct duet_parse_state *state, struct duet_span at,
                                            int64_t value)
{
    struct duet_ast_json *json = json_new(state, DUET_AST_JSON_INTEGER, at);
    json->integer = value;
    return json;
}

struct duet_ast_json *duet_ast_json_decimal(struct duet_parse_state *state, struct duet_span at,
                                            const char *text)
{
    struct duet_ast_json *json = json_new(state, DUET_AST_JSON_DECIMAL, at);
    json->decimal = strtod(text, NULL);
    return json;
}

struct duet_ast_json *duet_ast_json_reference(struct duet_parse_state *state,
                                              struct duet_ast_path *path)
{
    enum duet_ast_json_kind kind = DUET_AST_JSON_REFERENCE;
    if (strcmp(path->text, "true") == 0)
        kind = DUET_AST_JSON_TRUE;
    else if (strcmp(path->text, "false") == 0)
        kind = DUET_AST_JSON_FALSE;
    else if (strcmp(path->text, "null") == 0)
        kind = DUET_AST_JSON_NULL;

    struct duet_ast_json *json = json_new(state, kind, path->at);
    json->path = kind == DUET_AST_JSON_REFERENCE ? path : NULL;
    return json;
}

struct duet_ast_json *duet_ast_json_member(struct duet_ast_json *value, struct duet_ast_name key)
{
    value->key = key;
    return value;
}

/* --- conditions -------------------------------------------------------------------------------------- */

struct duet_ast_condition *duet_ast_condition_value(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    enum duet_ast_condition_kind kind,
                                                    struct duet_ast_value *left,
                                                    struct duet_ast_value *right)
{
    struct duet_ast_condition *condition = duet_ast_alloc(state, sizeof *condition);
    condition->at = at;
    condition->kind = kind;
    condition->left = left;
    condition->right = right;
    condition->depth = 1;
    return condition;
}

static struct duet_ast_condition *leaf_of(struct duet_ast_condition *condition)
{
    while (condition->children.first != NULL)
        condition = condition->children.first;
    condition->next = NULL;
    return condition;
}

/* A child that is too deep gives way to one of its leaves, so that the tree stays whole. */
static void take_in(struct duet_parse_state *state, struct duet_ast_condition *parent,
                    struct duet_ast_condition *child)
{
    if (child->depth + 1 > DUET_PARSE_NESTING_MAX) {
        duet_diag_add(state->context->diags, DUET_DIAG_NESTING, child->at,
                      "a condition is nested deeper than %d", DUET_PARSE_NESTING_MAX);
        child = leaf_of(child);
    }
    if (child->depth + 1 > parent->depth)
        parent->depth = child->depth + 1;
    parent->children = duet_ast_condition_list_append(parent->children, child);
}

struct duet_ast_condition *duet_ast_condition_not(struct duet_parse_state *state,
                                                  struct duet_span at,
                                                  struct duet_ast_condition *inner)
{
    struct duet_ast_condition *condition =
        duet_ast_condition_value(state, at, DUET_AST_CONDITION_NOT, NULL, NULL);
    take_in(state, condition, inner);
    return condition;
}

struct duet_ast_condition *duet_ast_condition_join(struct duet_parse_state *state,
                                                   struct duet_span at,
                                                   enum duet_ast_condition_kind kind,
                                                   struct duet_ast_condition *left,
                                                   struct duet_ast_condition *right)
{
    struct duet_ast_condition *condition = left;
    if (left->kind != kind) {
        condition = duet_ast_condition_value(state, at, kind, NULL, NULL);
        take_in(state, condition, left);
    }
    condition->at = at;
    take_in(state, condition, right);
    return condition;
}

struct duet_ast_condition *duet_ast_condition_among(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    enum duet_ast_condition_kind kind,
                                                    struct duet_ast_value *left,
                                                    struct duet_ast_value_list values)
{
    struct duet_span all = values.first->at;
    if (values.last != NULL)
        all = duet_span_join(all, values.last->at);
    return duet_ast_condition_value(state, at, kind, left,
                                    duet_ast_value_list_new(state, all, values));
}
