/* Constructors of the smallest nodes: names, paths, values, texts with places, templates, conditions.
 *
 * Called by the grammar's actions. All take the parse's state, allocate from its arena and report what
 * is wrong by itself (a bad {place}, too deep) to its findings; none returns NULL. */
#pragma once

#include "dsl/ast.h"

struct duet_parse_state;

/* duet_ast_NODE_list_append(list, node): the list with the node at its end; NULL changes nothing. */
#define DUET_AST_APPEND(node)                                                                      \
    static inline struct duet_ast_##node##_list duet_ast_##node##_list_append(                     \
        struct duet_ast_##node##_list list, struct duet_ast_##node *item)                          \
    {                                                                                              \
        if (item == NULL)                                                                          \
            return list;                                                                           \
        if (list.last == NULL)                                                                     \
            list.first = item;                                                                     \
        else                                                                                       \
            list.last->next = item;                                                                \
        list.last = item;                                                                          \
        list.count++;                                                                              \
        return list;                                                                               \
    }

DUET_AST_APPEND(name_item)
DUET_AST_APPEND(step)
DUET_AST_APPEND(path)
DUET_AST_APPEND(part)
DUET_AST_APPEND(value)
DUET_AST_APPEND(assign)
DUET_AST_APPEND(json)
DUET_AST_APPEND(condition)

/* Zeroed memory of the parse's arena. */
void *duet_ast_alloc(struct duet_parse_state *state, size_t size);

/* Reports that `what`, which may stand once, stands again; true when it stood already. */
bool duet_ast_twice(struct duet_parse_state *state, bool already, struct duet_span first,
                    struct duet_span again, const char *what);

struct duet_ast_name duet_ast_word(struct duet_span at, const char *text);
struct duet_ast_name duet_ast_quoted(struct duet_span at, const char *text);
struct duet_ast_name duet_ast_no_name(void);
/* Whether it can be written without quotes, as far as its letters go. */
bool duet_ast_is_plain_word(const char *text);
/* Whether it is this word, unquoted. */
bool duet_ast_name_is(struct duet_ast_name name, const char *word);
struct duet_ast_name_item *duet_ast_name_item_new(struct duet_parse_state *state,
                                                  struct duet_ast_name name);
struct duet_ast_integer duet_ast_integer(struct duet_span at, int64_t value);
struct duet_ast_duration duet_ast_duration(struct duet_span at, int64_t milliseconds);

struct duet_ast_path *duet_ast_path_new(struct duet_parse_state *state, struct duet_ast_name name);
struct duet_ast_path *duet_ast_path_all(struct duet_parse_state *state, struct duet_span at);
struct duet_ast_path *duet_ast_path_step(struct duet_parse_state *state, struct duet_ast_path *path,
                                         struct duet_span at, struct duet_ast_name name);
struct duet_ast_path *duet_ast_path_each(struct duet_parse_state *state, struct duet_ast_path *path,
                                         struct duet_span at);
/* All its steps are there: gives it its text. */
struct duet_ast_path *duet_ast_path_finish(struct duet_parse_state *state,
                                           struct duet_ast_path *path);

/* Finds the {places} of a quoted text. */
struct duet_ast_text *duet_ast_text_new(struct duet_parse_state *state, struct duet_span at,
                                        const char *written);
/* A bare word as a text without places. */
struct duet_ast_text *duet_ast_text_word(struct duet_parse_state *state, struct duet_ast_name name);

/* A path of one quoted word is a TEXT; true, false, null, none, absent are themselves. */
struct duet_ast_value *duet_ast_value_path(struct duet_parse_state *state,
                                           struct duet_ast_path *path);
struct duet_ast_value *duet_ast_value_text(struct duet_parse_state *state, struct duet_span at,
                                           const char *text);
struct duet_ast_value *duet_ast_value_integer(struct duet_parse_state *state, struct duet_span at,
                                              int64_t value);
struct duet_ast_value *duet_ast_value_decimal(struct duet_parse_state *state, struct duet_span at,
                                              const char *text);
struct duet_ast_value *duet_ast_value_duration(struct duet_parse_state *state, struct duet_span at,
                                               int64_t milliseconds);
struct duet_ast_value *duet_ast_value_list_new(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_value_list values);
struct duet_ast_value *duet_ast_value_env(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_name name);
struct duet_ast_value *duet_ast_value_file(struct duet_parse_state *state, struct duet_span at,
                                           const char *path);
struct duet_ast_assign *duet_ast_assign_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_path *path,
                                            struct duet_ast_value *value);

struct duet_ast_json *duet_ast_json_object(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_json_list members);
struct duet_ast_json *duet_ast_json_array(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_json_list elements);
struct duet_ast_json *duet_ast_json_text(struct duet_parse_state *state, struct duet_span at,
                                         const char *written);
struct duet_ast_json *duet_ast_json_integer(struct duet_parse_state *state, struct duet_span at,
                                            int64_t value);
struct duet_ast_json *duet_ast_json_decimal(struct duet_parse_state *state, struct duet_span at,
                                            const char *text);
/* true, false and null are themselves. */
struct duet_ast_json *duet_ast_json_reference(struct duet_parse_state *state,
                                              struct duet_ast_path *path);
struct duet_ast_json *duet_ast_json_member(struct duet_ast_json *value, struct duet_ast_name key);

struct duet_ast_condition *duet_ast_condition_value(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    enum duet_ast_condition_kind kind,
                                                    struct duet_ast_value *left,
                                                    struct duet_ast_value *right);
struct duet_ast_condition *duet_ast_condition_not(struct duet_parse_state *state,
                                                  struct duet_span at,
                                                  struct duet_ast_condition *inner);
/* kind is ALL or ANY; a left side of the same kind takes the right one in. */
struct duet_ast_condition *duet_ast_condition_join(struct duet_parse_state *state,
                                                   struct duet_span at,
                                                   enum duet_ast_condition_kind kind,
                                                   struct duet_ast_condition *left,
                                                   struct duet_ast_condition *right);
/* value in (values), value not in (values) */
struct duet_ast_condition *duet_ast_condition_among(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    enum duet_ast_condition_kind kind,
                                                    struct duet_ast_value *left,
                                                    struct duet_ast_value_list values);
