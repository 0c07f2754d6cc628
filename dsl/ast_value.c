/* Names, paths, values, texts with places; templates and conditions are in ast_template.c. */
#include "dsl/ast_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/parse_state.h"
#include "dsl/propose.h"

void *duet_ast_alloc(struct duet_parse_state *state, size_t size)
{
    return duet_arena_alloc(state->context->arena, size);
}

bool duet_ast_twice(struct duet_parse_state *state, bool already, struct duet_span first,
                    struct duet_span again, const char *what)
{
    if (!already)
        return false;
    struct duet_diag *diag = duet_diag_add(state->context->diags, DUET_DIAG_WRITTEN_TWICE, again,
                                           "'%s' is written twice", what);
    duet_diag_note(diag, first, "first written here");
    duet_propose_once(diag, state->context->sources, first, again, again);
    return true;
}

/* --- names and numbers --------------------------------------------------------------------------- */

struct duet_ast_name duet_ast_word(struct duet_span at, const char *text)
{
    return (struct duet_ast_name){ text, at, false };
}

struct duet_ast_name duet_ast_quoted(struct duet_span at, const char *text)
{
    return (struct duet_ast_name){ text, at, true };
}

struct duet_ast_name duet_ast_no_name(void)
{
    return (struct duet_ast_name){ NULL, DUET_SPAN_NONE, false };
}

bool duet_ast_name_is(struct duet_ast_name name, const char *word)
{
    return name.text != NULL && !name.quoted && strcmp(name.text, word) == 0;
}

struct duet_ast_name_item *duet_ast_name_item_new(struct duet_parse_state *state,
                                                  struct duet_ast_name name)
{
    struct duet_ast_name_item *item = duet_ast_alloc(state, sizeof *item);
    item->name = name;
    return item;
}

struct duet_ast_integer duet_ast_integer(struct duet_span at, int64_t value)
{
    return (struct duet_ast_integer){ value, at, true };
}

struct duet_ast_duration duet_ast_duration(struct duet_span at, int64_t milliseconds)
{
    return (struct duet_ast_duration){ milliseconds, at, true };
}

/* --- paths --------------------------------------------------------------------------------------- */

bool duet_ast_is_plain_word(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char digits[] = "0123456789";

    size_t first = strspn(text, letters);
    if (first == 0)
        return false;
    while (*text != '\0') {
        size_t run = strspn(text, letters);
        run += strspn(text + run, digits);
        if (run == 0)
            return false;
        text += run;
    }
    return true;
}

/* More steps than anybody writes: who walks a path may rely on it. */
#define PATH_STEPS_MAX 32u

static void add_step(struct duet_parse_state *state, struct duet_ast_path *path,
                     struct duet_ast_name name, bool each)
{
    if (path->steps.count > PATH_STEPS_MAX)
        return;
    if (path->steps.count == PATH_STEPS_MAX) {
        duet_diag_add(state->context->diags, DUET_DIAG_NESTING, path->at,
                      "a path has more than %u steps", PATH_STEPS_MAX);
        path->steps.count++;
        return;
    }
    struct duet_ast_step *step = duet_ast_alloc(state, sizeof *step);
    step->name = name;
    step->each = each;
    path->steps = duet_ast_step_list_append(path->steps, step);
}

struct duet_ast_path *duet_ast_path_new(struct duet_parse_state *state, struct duet_ast_name name)
{
    struct duet_ast_path *path = duet_ast_alloc(state, sizeof *path);
    path->at = name.at;
    add_step(state, path, name, false);
    return path;
}

struct duet_ast_path *duet_ast_path_all(struct duet_parse_state *state, struct duet_span at)
{
    struct duet_ast_path *path = duet_ast_alloc(state, sizeof *path);
    path->at = at;
    add_step(state, path, duet_ast_no_name(), true);
    return duet_ast_path_finish(state, path);
}

struct duet_ast_path *duet_ast_path_step(struct duet_parse_state *state, struct duet_ast_path *path,
                                         struct duet_span at, struct duet_ast_name name)
{
    path->at = at;
    add_step(state, path, name, false);
    return path;
}

struct duet_ast_path *duet_ast_path_each(struct duet_parse_state *state, struct duet_ast_path *path,
                                         struct duet_span at)
{
    path->at = at;
    add_step(state, path, duet_ast_no_name(), true);
    return path;
}

/* What one step adds to the path's text. */
static size_t put_step(const struct duet_ast_step *step, bool first, char *out, size_t size)
{
    if (step->each)
        return (size_t)snprintf(out, size, "[]");
    const char *quote = step->name.quoted && !duet_ast_is_plain_word(step->name.text) ? "\"" : "";
    return (size_t)snprintf(out, size, "%s%s%s%s", first ? "" : ".", quote, step->name.text, quote);
}

struct duet_ast_path *duet_ast_path_finish(struct duet_parse_state *state,
                                           struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    if (first == path->steps.last && !first->each && !first->name.quoted) {
        path->text = first->name.text;
        return path;
    }
    size_t length = 0;
    for (const struct duet_ast_step *step = first; step != NULL; step = step->next)
        length += put_step(step, step == first, NULL, 0);
    char *text = duet_ast_alloc(state, length + 1);
    size_t used = 0;
    for (const struct duet_ast_step *step = first; step != NULL; step = step->next)
        used += put_step(step, step == first, text + used, length + 1 - used);
    path->text = text;
    return path;
}

/* --- values -------------------------------------------------------------------------------------- */

static struct duet_ast_value *value_new(struct duet_parse_state *state,
                                        enum duet_ast_value_kind kind, struct duet_span at)
{
    struct duet_ast_value *value = duet_ast_alloc(state, sizeof *value);
    value->kind = kind;
    value->at = at;
    return value;
}

static const struct {
    const char *word;
    enum duet_ast_value_kind kind;
} value_words[] = {
    { "true", DUET_AST_VALUE_TRUE },     { "false", DUET_AST_VALUE_FALSE },
    { "null", DUET_AST_VALUE_NULL },     { "none", DUET_AST_VALUE_NONE },
    { "absent", DUET_AST_VALUE_ABSENT },
};

struct duet_ast_value *duet_ast_value_path(struct duet_parse_state *state,
                                           struct duet_ast_path *path)
{
    const struct duet_ast_step *only = path->steps.count == 1 ? path->steps.first : NULL;
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_PATH, path->at);

    value->path = path;
    if (only == NULL || only->each)
        return value;
    value->text = only->name.text;
    if (only->name.quoted) {
        value->kind = DUET_AST_VALUE_TEXT;
        return value;
    }
    for (size_t i = 0; i < sizeof value_words / sizeof value_words[0]; i++) {
        if (strcmp(only->name.text, value_words[i].word) == 0)
            value->kind = value_words[i].kind;
    }
    return value;
}

struct duet_ast_value *duet_ast_value_text(struct duet_parse_state *state, struct duet_span at,
                                           const char *text)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_TEXT, at);
    value->text = text;
    return value;
}

struct duet_ast_value *duet_ast_value_integer(struct duet_parse_state *state, struct duet_span at,
                                              int64_t value)
{
    struct duet_ast_value *node = value_new(state, DUET_AST_VALUE_INTEGER, at);
    node->integer = value;
    return node;
}

struct duet_ast_value *duet_ast_value_decimal(struct duet_parse_state *state, struct duet_span at,
                                              const char *text)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_DECIMAL, at);
    value->text = text;
    value->decimal = strtod(text, NULL);
    return value;
}

struct duet_ast_value *duet_ast_value_duration(struct duet_parse_state *state, struct duet_span at,
                                               int64_t milliseconds)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_DURATION, at);
    value->integer = milliseconds;
    return value;
}

struct duet_ast_value *duet_ast_value_list_new(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_value_list values)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_LIST, at);
    value->values = values;
    return value;
}

struct duet_ast_value *duet_ast_value_env(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_name name)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_ENV, at);
    value->text = name.text;
    return value;
}

struct duet_ast_value *duet_ast_value_file(struct duet_parse_state *state, struct duet_span at,
                                           const char *path)
{
    struct duet_ast_value *value = value_new(state, DUET_AST_VALUE_FILE, at);
    value->text = path;
    return value;
}

const char *duet_ast_value_word(const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_TEXT || value->kind == DUET_AST_VALUE_PATH)
        return value->text;
    return NULL;
}

struct duet_ast_assign *duet_ast_assign_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_path *path,
                                            struct duet_ast_value *value)
{
    struct duet_ast_assign *assign = duet_ast_alloc(state, sizeof *assign);
    assign->at = at;
    assign->path = path;
    assign->value = value;
    return assign;
}
